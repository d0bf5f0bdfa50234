"""E1 and E2: are VEGFR1+ progenitors needed? Kaplan 2005 [V5]: blocking VEGFR1 abolishes clusters and metastasis. Dawson 2009
[V6, V7]: it changes neither the infiltration of the lung nor metastasis.

One line moves the model from one outcome to the other: include niche/kaplan.prm, or niche/dawson.prm. Both arms of both
sides are run; what is compared is the number of resident progenitors and of stem cells that have a niche (engaged, dormant
or proliferating), treated over untreated. Each outcome is what its file assumes, so this shows that the model can stand on
either side, not which is right. What no file assumes is how many tumour cells are then found beside progenitors.
"""
import math

import numpy as np
from experiment import MODEL, OUTSIDE, WITHIN, Experiment, last_row, plt, type_number
from vtk_file import arrays

SIDES = {"Kaplan": "V5", "Dawson": "V6, V7"}
STATES = ("engaged", "dormant", "proliferating")
experiment = Experiment("E1", "VEGFR1 blocked, on both sides of the dispute", "V5 against V6, V7")
N_RUNS = 2 if experiment.quick else 6


def counts(folder):
    """Resident progenitors, and stem cells with a niche, at the end."""
    row = last_row(folder)
    return row["agents hpc resident [1]"], sum(row[f"agents csc {state} [1]"] for state in STATES)


def beside_progenitors(folder):
    """Number of stem cells outside the vessels at the end, and of those that have a progenitor within 30 um."""
    agents = arrays(sorted((folder / "agents").glob("agents_*.vtp"))[-1])
    outside = np.array(agents["type"]) == type_number(folder, "csc")
    outside &= np.array(agents["state"]) != type_number(folder, "csc", "arrested")
    return outside.sum(), (outside & (np.array(agents["signal_progenitors"]) > 0)).sum()


def run(side, level, seed):
    return experiment.run(f"{side}_{level}_{seed}", [f"Run/Random seed={seed}", f"Interventions/anti_vegfr1/Level={level}"],
                          file="contested_block.prm", more=f"side_{side.lower()}.prm")


folders = {(side, level): [run(side, level, seed) for seed in range(1, N_RUNS + 1)] for side in SIDES for level in (0, 1)}
found = {arm: np.array([counts(folder) for folder in runs]) for arm, runs in folders.items()}


def ratio(on, off):
    """Sum over runs, one over the other, with 2 SE by the bootstrap over runs (the same seeds in both)."""
    chosen = np.random.default_rng(1).integers(0, N_RUNS, (4000, N_RUNS))
    samples = (on[chosen].sum(1) + 0.5) / (off[chosen].sum(1) + 0.5)
    return on.sum() / off.sum(), (float(np.quantile(samples, 0.025)), float(np.quantile(samples, 0.975)))


for side, tag in SIDES.items():
    for column, what in enumerate(("resident progenitors", "stem cells with a niche")):
        value, interval = ratio(found[side, 1][:, column], found[side, 0][:, column])
        falls = side == "Kaplan"
        experiment.compare(f"{side}: {what}, VEGFR1 blocked over not", value, interval, "near 0" if falls else "1",
                           "abolished" if falls else "no change", "1",
                           interval[1] < 0.2 if falls else interval[0] <= 1.0 <= interval[1],
                           # So few stem cells find a niche in these runs that the interval of their ratio is wide.
                           OUTSIDE if falls and column == 1 else WITHIN,
                           f"as niche/{side.lower()}.prm assumes [{tag}]")
number, near = np.array([beside_progenitors(folder) for folder in folders["Kaplan", 0]]).T
share, interval = ratio(near, number)
experiment.compare("Kaplan: stem cells outside vessels with a progenitor within 30 um", share, interval, 0.95,
                   "more than; day 23, remembered [M: Kaplan 2005]", "1", interval[1] >= 0.95, OUTSIDE,
                   "cells arrest everywhere, clusters are few")

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.2))
for axes, column, what in ((left, 0, "resident progenitors"), (right, 1, "stem cells with a niche")):
    places = (0, 1, 2.6, 3.6)
    for place, arm in zip(places, found):
        numbers = found[arm][:, column]
        axes.bar(place, numbers.mean(), 0.8, color=MODEL if arm[1] == 0 else "#9bbbd8",
                 yerr=2 * numbers.std(ddof=1) / math.sqrt(N_RUNS), capsize=5)
    axes.set_xticks(places, ["Kaplan", "VEGFR1\nblocked", "Dawson", "VEGFR1\nblocked"])
    axes.set_ylabel(f"{what} on day 10\n(mean of {N_RUNS} runs, 2 SE)")
experiment.save(figure)
experiment.finish()
