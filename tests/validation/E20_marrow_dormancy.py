"""E20, Price 2016 [V8], qualitative: breast cancer cells sleep in the SDF-1-rich zones around sinusoids of marrow, E-selectin
lets them in, and inhibition of CXCR4 mobilises those that are in.

Three arms of the same injection: untreated, plerixafor from day 6 on, and E-selectin blocked during the injection, which is
followed for two days. That cells arrest at sinusoids, and how much the drugs do to entry and hold, are assumptions of
organs/marrow.prm and of the interventions; what is tested is what they lead to.
"""
import csv
import math

import numpy as np
from experiment import MODEL, WITHIN, Experiment, plt, type_number
from vtk_file import arrays

DAY = 1440.0
ARMS = {"untreated": (0.0, 0.0, 10), "plerixafor from day 6": (500.0, 0.0, 10), "E-selectin blocked": (0.0, 1.0, 2)}
SINUSOIDS = 165.0 + 85.0 * (np.arange(4) - 1.5)  # um: their axes in x and in y
RADIUS, ZONE, SIZE = 12.5, 15.0, 330.0

experiment = Experiment("E20", "dormancy in marrow, Price 2016", "V8")
N_RUNS = 2 if experiment.quick else 3


def numbers(folder):
    """Times [d] and numbers of dormant stem cells; those that have arrested, and those that left with the blood, by then."""
    with (folder / "statistics.csv").open() as file:
        rows = list(csv.reader(file))
    column = {name.split(" [")[0]: np.array([float(row[i]) for row in rows[1:]]) for i, name in enumerate(rows[0])}
    return (column["time"] / DAY, column["agents csc dormant"], column["agents arrived since start"],
            column["agents departed since start"])


def from_sinusoids(places):
    """Distance of each of PLACES (n, 2) from the nearest wall, um."""
    axes = np.array([(x, y) for x in SINUSOIDS for y in SINUSOIDS])
    return np.linalg.norm(places[:, None, :] - axes, axis=2).min(1) - RADIUS


def of_sleepers(folder):
    """Distances of the dormant stem cells at the end."""
    agents = arrays(sorted((folder / "agents").glob("agents_*.vtp"))[-1])
    here = np.array(agents["type"]) == type_number(folder, "csc")
    here &= np.array(agents["state"]) == type_number(folder, "csc", "dormant")
    return from_sinusoids(np.reshape(agents["Points"], (-1, 3))[here, :2])


def bound_sdf1(folder):
    """Mean bound SDF-1 in the tissue within 15 um of a sinusoid over that farther away, at the end."""
    fields = arrays(sorted((folder / "fields").glob("fields_*.vtu"))[-1])
    distance, bound = from_sinusoids(np.reshape(fields["Points"], (-1, 3))[:, :2]), np.array(fields["sdf1_bound"])
    tissue = distance > 0
    return bound[tissue & (distance < ZONE)].mean() / bound[tissue & (distance >= ZONE)].mean()


def run(arm, seed):
    plerixafor, antagonist, days = ARMS[arm]
    return experiment.run(f"{arm.split()[0]}_{seed}", [
        f"Run/Random seed={seed}", f"Run/End time={days * DAY:g}", f"Interventions/plerixafor/Level={plerixafor}",
        f"Interventions/e_selectin_antagonist/Level={antagonist}"], file="dormancy_block.prm")


def log_ratio(treated, untreated):
    """Mean and standard error of the logarithm of a ratio of counts over pairs of runs, as a ratio with 2 SE."""
    logs = np.log((np.array(treated, float) + 1) / (np.array(untreated, float) + 1))
    middle, error = logs.mean(), logs.std(ddof=1) / math.sqrt(len(logs))
    return math.exp(middle), (math.exp(middle - 2 * error), math.exp(middle + 2 * error))


folders = {arm: [run(arm, seed) for seed in range(1, N_RUNS + 1)] for arm in ARMS}
series = {arm: [numbers(folder) for folder in runs] for arm, runs in folders.items()}
untreated, treated, blocked = (series[arm] for arm in ARMS)

grid = np.stack(np.meshgrid(np.arange(0.5, SIZE), np.arange(0.5, SIZE)), -1).reshape(-1, 2)
everywhere = from_sinusoids(grid)
everywhere = everywhere[everywhere > 0]
richness = [bound_sdf1(folder) for folder in folders["untreated"]]
experiment.compare("bound SDF-1 within 15 um of a sinusoid over that farther away", np.mean(richness),
                   np.std(richness, ddof=1) / math.sqrt(N_RUNS), "above 1", "qualitative", "1", min(richness) > 1.0, WITHIN,
                   "the cells that make it and its matrix are put there [A]")
near = [np.mean(of_sleepers(folder) < ZONE) / np.mean(everywhere < ZONE) for folder in folders["untreated"]]
middle, error = np.mean(near), np.std(near, ddof=1) / math.sqrt(N_RUNS)
experiment.compare("sleepers within 15 um of a sinusoid, share over that of tissue", middle, error, "above 1", "qualitative",
                   "1", middle - 2 * error > 1.0, WITHIN, "four fifths of the blood that brings them flows there [A]")
ratio, interval = log_ratio([run[1][-1] for run in treated], [run[1][-1] for run in untreated])
experiment.compare("dormant cells on day 10, plerixafor over untreated", ratio, interval, "below 1", "qualitative", "1",
                   interval[1] < 1.0, WITHIN, "sleepers are mobilised")
ratio, interval = log_ratio(*([run[3][-1] - run[3][6] for run in runs] for runs in (treated, untreated)))
experiment.compare("cells that left with the blood after day 6, plerixafor over untreated", ratio, interval, "above 1",
                   "qualitative", "1", interval[0] > 1.0, WITHIN)
ratio, interval = log_ratio([run[2][-1] for run in blocked], [run[2][2] for run in untreated])
experiment.compare("cells that arrest in two days, E-selectin blocked over untreated", ratio, interval, "below 1",
                   "qualitative", "1", interval[1] < 1.0, WITHIN, "by the strength of the intervention [A]")

figure, axes = plt.subplots(figsize=(7, 4.2))
for (arm, runs), colour in zip(series.items(), (MODEL, "#b06a1f", "#5a8f3c")):
    counts = np.array([run[1] for run in runs])
    middle, error = counts.mean(0), counts.std(0, ddof=1) / math.sqrt(len(runs))
    axes.plot(runs[0][0], middle, color=colour, label=arm)
    axes.fill_between(runs[0][0], middle - 2 * error, middle + 2 * error, color=colour, alpha=0.25, lw=0)
axes.axvline(6, color="grey", lw=0.8, ls=":")
axes.set_xlabel("time [d]")
axes.set_ylabel(f"dormant stem cells in 0.008 mm$^3$ of marrow\n(mean of {N_RUNS} runs, 2 SE)")
axes.legend()
experiment.save(figure)
experiment.finish()
