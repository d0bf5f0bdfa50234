"""E16, Tsai 2011 [V38]: 35 days after a subcutaneous LLC tumour mice had 6.33 lung nodules on average, from 0 to 20, and 2.22
liver nodules, from 0 to 11.

A nodule is a colony of more than 32 cells: more than a cell that is no stem cell makes in five divisions. Shedding times
arrest times founding is one product of unknown factors: it is fitted to each mean [D]. What is tested is the spread. Without
differences between animals counts are Poisson numbers, and 0 and 20 among a dozen mice are next to impossible. 'Spread
between animals' of the shedding, a log-normal factor, is chosen for the lung [A]; that it does for the liver is a test of it.
Chances of ranges are those of Poisson numbers with this factor; variance over mean tells whether the runs are like that.
The number of mice is assumed to be 12 [A]. 27 mm^3 of tissue stand for a whole organ by the shedding.
"""
import csv
import math

import numpy as np
from experiment import MEASURED, MODEL, OUTSIDE, WITHIN, Experiment, plt

MICE = 12
LUNG, LIVER = (6.33, 20), (2.22, 11)  # mean; greatest number, the smallest being 0
SPREAD = 0.8
SHEDDING = 2.25e-11  # 1/min, mean, for the lung: stem cells that will grow, shed by each cell of the tumour
experiment = Experiment("E16", "nodules of 35 days, Tsai 2011", "V38")


def nodules(name, mean, spread, n_runs):
    """Nodules of each animal: colonies of more than 32 cells on day 35."""
    median = SHEDDING * mean / LUNG[0] * math.exp(-(spread**2) / 2)  # the factor is log-normal about 1: its mean is above
    folder = experiment.run(name, [f"Blood/Circulating/tumour_cells/Shedding={median}",
                                   f"Blood/Circulating/tumour_cells/Spread between animals={spread}"],
                            file="spontaneous_block.prm", options=["--replicates", str(n_runs)])
    counts = []
    for run in sorted(folder.glob("replicate_*")):
        with (run / "colonies.csv").open() as file:
            rows = [row for row in csv.DictReader(file) if float(row["time [min]"]) == 50400]
        counts.append(sum(int(row["cells [1]"]) > 32 for row in rows))
    return np.array(counts)


def chance_of_range(mean, spread, most):
    """Chance that a dozen animals range over MOST or more: Poisson numbers about MEAN times the factor of each animal."""
    random = np.random.default_rng(7)
    factors = np.exp(spread * random.normal(size=(20000, MICE)) - spread**2 / 2)
    counts = random.poisson(mean * factors)
    return float(np.mean(counts.max(1) - counts.min(1) >= most))


ARMS = (  # name, mean and greatest number, spread, runs if quick and else, colour, verdict on the range
    ("lung, animals alike", LUNG, 0.0, (6, 40), "#9bbbd8", OUTSIDE),
    ("lung, animals different", LUNG, SPREAD, (14, 40), MODEL, WITHIN),
    ("liver, animals different", LIVER, SPREAD, (14, 40), "#5a8f3c", WITHIN),
)
figure, all_axes = plt.subplots(1, 2, figsize=(9, 4.2))
for name, (mean, most), spread, n_runs, colour, expected in ARMS:
    counts = nodules(name.replace(", ", "_").replace(" ", "_"), mean, spread, n_runs[0 if experiment.quick else 1])
    error = counts.std(ddof=1) / math.sqrt(len(counts))
    experiment.compare(f"{name}: mean number of nodules", counts.mean(), error, mean, f"range 0 to {most}", "1",
                       abs(counts.mean() - mean) < 2 * error + 0.25 * mean, WITHIN, "fitted by the shedding")
    chance = chance_of_range(counts.mean(), spread, most)
    interval = tuple(chance_of_range(max(counts.mean() + sign * error, 0.0), spread, most) for sign in (-2, 2))
    experiment.compare(f"{name}: chance of a range of {most} among {MICE}", chance, interval, "seen once", "above 0.05 [A]", "1",
                       interval[1] > 0.05, expected, f"variance over mean {counts.var(ddof=1) / counts.mean():.2g}, "
                       f"of such numbers {1 + counts.mean() * (math.exp(spread**2) - 1):.2g}")
    axes = all_axes[int(name.startswith("liver"))]
    axes.hist(counts, bins=np.arange(-0.5, max(counts.max(), most) + 2), density=True, alpha=0.6, color=colour,
              label=f"model, {name}")
    if spread > 0:
        axes.axvspan(0, most, color=MEASURED, alpha=0.08)
        axes.axvline(mean, color=MEASURED, label="measured: mean, range")
    axes.set_xlabel("nodules on day 35")
    axes.set_ylabel("share of animals")
    axes.legend(fontsize=8)
experiment.save(figure)
experiment.finish()
