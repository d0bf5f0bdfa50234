"""E1 and E2: are VEGFR1+ progenitors needed? Kaplan 2005 [V5]: blocking VEGFR1 abolishes clusters and metastasis. Dawson 2009
[V6, V7]: it changes neither the infiltration of the lung nor metastasis.

One line moves the model from one outcome to the other: include niche/kaplan.prm, or niche/dawson.prm. Both arms of both
sides are run; what is compared is the number of stem cells that have a niche (engaged, dormant or proliferating), and of
their progeny that proliferates, treated over untreated.
"""
import math

import numpy as np
from experiment import MODEL, OUTSIDE, WITHIN, Experiment, last_row, plt

SIDES = {"Kaplan": "V5", "Dawson": "V6, V7"}
experiment = Experiment("E1", "VEGFR1 blocked, on both sides of the dispute", "V5 against V6, V7")
N_RUNS = 3 if experiment.quick else 12


def nested(row):
    return sum(row[f"agents csc {state} [1]"] for state in ("engaged", "dormant", "proliferating")) + \
        row["agents tum proliferating [1]"]


found = {}
for side in SIDES:
    for level in (0, 1):
        rows = [last_row(experiment.run(f"{side}_{level}_{seed}", [f"Run/Random seed={seed}",
                                                                  f"Interventions/anti_vegfr1/Level={level}"],
                                        file="contested_block.prm", more=f"side_{side.lower()}.prm"))
                for seed in range(1, N_RUNS + 1)]
        found[side, level] = np.array([(nested(row), row["agents hpc resident [1]"]) for row in rows])


def ratio(side, column):
    """Sum over runs, treated over untreated, with 2 SE by the bootstrap over runs (the same seeds in both)."""
    off, on = found[side, 0][:, column], found[side, 1][:, column]
    chosen = np.random.default_rng(1).integers(0, N_RUNS, (4000, N_RUNS))
    samples = (on[chosen].sum(1) + 0.5) / (off[chosen].sum(1) + 0.5)
    return on.sum() / off.sum(), (float(np.quantile(samples, 0.025)), float(np.quantile(samples, 0.975)))


for side, tag in SIDES.items():
    value, interval = ratio(side, 1)
    experiment.compare(f"{side}: resident progenitors, VEGFR1 blocked over not", value, interval,
                       "near 0" if side == "Kaplan" else "1", "n.s." if side == "Dawson" else "abolished", "1",
                       interval[1] < 0.5 if side == "Kaplan" else interval[0] < 1.0 < interval[1],
                       WITHIN if side == "Kaplan" else OUTSIDE,
                       "the drug's strength is a choice" if side == "Kaplan" else
                       "the intervention acts on progenitors on both sides; Dawson finds that it does not (set its strength to 0)")
    value, interval = ratio(side, 0)
    experiment.compare(f"{side}: tumour cells with a niche, VEGFR1 blocked over not", value, interval,
                       "near 0" if side == "Kaplan" else "1", "abolished" if side == "Kaplan" else "no change", "1",
                       interval[1] < 0.5 if side == "Kaplan" else interval[0] < 1.0 < interval[1], WITHIN)

figure, axes = plt.subplots(figsize=(7, 4.2))
place = 0
for side in SIDES:
    for level in (0, 1):
        counts = found[side, level][:, 0]
        axes.bar(place, counts.mean(), 0.8, color=MODEL if level == 0 else "#9bbbd8",
                 yerr=2 * counts.std(ddof=1) / math.sqrt(N_RUNS), capsize=5)
        place += 1
    place += 0.6
axes.set_xticks([0, 1, 2.6, 3.6], ["Kaplan", "Kaplan,\nVEGFR1 blocked", "Dawson", "Dawson,\nVEGFR1 blocked"])
axes.set_ylabel(f"tumour cells with a niche on day 10\n(mean of {N_RUNS} runs, 2 SE)")
experiment.save(figure)
experiment.finish()
