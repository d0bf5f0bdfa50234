"""E20, Price 2016 [V8], qualitative: breast cancer cells sleep in the SDF-1-rich zones around sinusoids of marrow, E-selectin
lets them in, and inhibition of CXCR4 mobilises those that are in.

Three arms of the same injection: untreated, plerixafor from day 6 on, and E-selectin blocked during the injection.
"""
import csv
import math

import numpy as np
from experiment import MODEL, WITHIN, Experiment, plt

DAY = 1440.0
ARMS = {"untreated": (0.0, 0.0), "plerixafor from day 6": (500.0, 0.0), "E-selectin blocked": (0.0, 1.0)}

experiment = Experiment("E20", "dormancy in marrow, Price 2016", "V8")
N_RUNS = 2 if experiment.quick else 6


def sleepers(folder):
    """Times [d] and numbers of dormant stem cells; number that has arrested; number that has left with the blood."""
    with (folder / "statistics.csv").open() as file:
        rows = list(csv.reader(file))
    column = {name.split(" [")[0]: np.array([float(row[i]) for row in rows[1:]]) for i, name in enumerate(rows[0])}
    return (column["time"] / DAY, column["agents csc dormant"], column["agents arrived since start"][-1],
            column["agents departed since start"][-1])


series = {}
for arm, (plerixafor, antagonist) in ARMS.items():
    series[arm] = [sleepers(experiment.run(f"{arm.split()[0]}_{seed}", [
        f"Run/Random seed={seed}", f"Interventions/plerixafor/Level={plerixafor}",
        f"Interventions/e_selectin_antagonist/Level={antagonist}"], file="dormancy_block.prm"))
        for seed in range(1, N_RUNS + 1)]


def log_ratio(treated, untreated):
    """Mean and standard error of the logarithm of a ratio of counts over pairs of runs, as a ratio with 2 SE."""
    logs = np.log(np.array(treated, float) / np.array(untreated, float))
    middle, error = logs.mean(), logs.std(ddof=1) / math.sqrt(len(logs))
    return math.exp(middle), (math.exp(middle - 2 * error), math.exp(middle + 2 * error))


last = {arm: [run[1][-1] for run in runs] for arm, runs in series.items()}
arrived = {arm: [run[2] for run in runs] for arm, runs in series.items()}
left = {arm: [run[3] for run in runs] for arm, runs in series.items()}
ratio, interval = log_ratio(last["plerixafor from day 6"], last["untreated"])
experiment.compare("dormant cells on day 10, plerixafor over untreated", ratio, interval, "below 1", "qualitative", "1",
                   interval[1] < 1.0, WITHIN, "sleepers are mobilised")
ratio, interval = log_ratio(np.array(left["plerixafor from day 6"]) + 1, np.array(left["untreated"]) + 1)
experiment.compare("cells that went back to the blood, plerixafor over untreated", ratio, interval, "above 1", "qualitative",
                   "1", interval[0] > 1.0, WITHIN)
ratio, interval = log_ratio(arrived["E-selectin blocked"], arrived["untreated"])
experiment.compare("cells that arrest, E-selectin blocked over untreated", ratio, interval, "below 1", "qualitative", "1",
                   interval[1] < 1.0, WITHIN, "by the strength of the intervention [A]")

figure, axes = plt.subplots(figsize=(7, 4.2))
for (arm, runs), colour in zip(series.items(), (MODEL, "#b06a1f", "#5a8f3c")):
    counts = np.array([run[1] for run in runs])
    middle, error = counts.mean(0), counts.std(0, ddof=1) / math.sqrt(len(runs))
    axes.plot(runs[0][0], middle, color=colour, label=arm)
    axes.fill_between(runs[0][0], middle - 2 * error, middle + 2 * error, color=colour, alpha=0.25, lw=0)
axes.axvline(6, color="grey", lw=0.8, ls=":")
axes.set_xlabel("time [d]")
axes.set_ylabel(f"dormant stem cells in 0.016 mm$^3$ of marrow\n(mean of {N_RUNS} runs, 2 SE)")
axes.legend()
experiment.save(figure)
experiment.finish()
