"""E16, Tsai 2011 [V38]: 35 days after a subcutaneous LLC tumour mice had 6.33 lung nodules on average, from 0 to 20.

Shedding times arrest times founding is one product of unknown factors: it is fitted to the mean [D]. What is tested is the
spread. Without differences between animals counts are Poisson numbers, and 0 and 20 among a dozen mice are next to
impossible; 'Spread between animals' of the shedding, a log-normal factor, makes both likely. The number of mice is assumed
to be 12 [A]. A lung is 27 mm^3 here, which stands for all of it by the shedding.
"""
import csv
import math

import numpy as np
from experiment import MEASURED, MODEL, OUTSIDE, WITHIN, Experiment, plt

MEAN, LEAST, MOST, MICE = 6.33, 0, 20, 12
SPREAD = 0.8
SHEDDING = 7.7e-10  # 1/min, mean
experiment = Experiment("E16", "lung nodules of 35 days, Tsai 2011", "V38")
N_RUNS = 12 if experiment.quick else 60


def nodules(name, spread):
    """Nodules of each animal: colonies of at least 4 cells on day 35."""
    median = SHEDDING * math.exp(-(spread**2) / 2)  # the mean of the log-normal factor is kept
    folder = experiment.run(name, [f"Blood/Circulating/tumour_cells/Shedding={median}",
                                   f"Blood/Circulating/tumour_cells/Spread between animals={spread}"],
                            file="spontaneous_block.prm", options=["--replicates", str(N_RUNS)])
    counts = []
    for run in sorted(folder.glob("replicate_*")):
        with (run / "colonies.csv").open() as file:
            rows = [row for row in csv.DictReader(file) if float(row["time [min]"]) == 50400]
        counts.append(sum(int(row["cells [1]"]) >= 4 for row in rows))
    return np.array(counts)


figure, axes = plt.subplots(figsize=(7, 4.2))
for name, spread, colour in (("alike", 0.0, "#9bbbd8"), ("different", SPREAD, MODEL)):
    counts = nodules(name, spread)
    error = counts.std(ddof=1) / math.sqrt(N_RUNS)
    experiment.compare(f"animals {name}: mean number of nodules", counts.mean(), (counts.mean() - 2 * error, counts.mean() + 2 * error),
                       MEAN, "range 0 to 20", "1", abs(counts.mean() - MEAN) < 2 * error + 0.25 * MEAN, WITHIN, "fitted by the shedding")
    dispersion = counts.var(ddof=1) / counts.mean()
    # A dozen animals of this population, drawn from those that were run.
    chosen = np.random.default_rng(7).choice(counts, (20000, MICE))
    wide = float(np.mean(chosen.max(1) - chosen.min(1) >= MOST - LEAST))
    experiment.compare(f"animals {name}: chance of a range of 20 among {MICE}", wide, (wide, wide), "seen once", "", "1",
                       wide > 0.05, OUTSIDE if spread == 0 else WITHIN, f"variance over mean {dispersion:.2g}")
    axes.hist(counts, bins=np.arange(-0.5, max(counts.max(), 25) + 1), density=True, alpha=0.6, color=colour,
              label=f"model, animals {name}")
axes.axvspan(LEAST, MOST, color=MEASURED, alpha=0.08)
axes.axvline(MEAN, color=MEASURED, label="measured: mean, range")
axes.set_xlabel("nodules on day 35")
axes.set_ylabel("share of animals")
axes.legend()
experiment.save(figure)
experiment.finish()
