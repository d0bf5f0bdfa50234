"""E12 and E13: survival and extravasation (Koop 1995), and the cascade of metastasis in liver (Luzzi 1998, remembered [M]).

Of injected B16F1 cells 80 % were outside the vessels on day 3; one in 40 of these had made a colony of 4 to 16 cells; one
in 100 of these was macroscopic on day 13, when 36 % of all cells were still there, alone. The intervals of the model are
those of replicates. Rates of loss and the odds of growing are derived from these very numbers [D] (modules/
injected_cells.prm), so this shows that the rules reproduce the cascade, not that they predict it.
"Macroscopic" is more than 100 cells here: a colony of half a millimetre would not fit between the others of its size.
"""
import numpy as np
from cascade import DAY, Cascade, share
from experiment import MEASURED, MODEL, OUTSIDE, WITHIN, Experiment, plt

experiment = Experiment("E13", "cascade in liver, Luzzi 1998", "M: Luzzi 1998; E12: V33")
N_RUNS = 1 if experiment.quick else 4
cascades = [Cascade(experiment.run(f"replicate_{seed}", [f"Run/Random seed={seed}"], file="injected_block.prm"))
            for seed in range(1, N_RUNS + 1)]
arrived = sum(len(one.arrived) for one in cascades)


def total(function):
    return sum(function(one) for one in cascades)


outside_24h = total(lambda one: one.extravasated(DAY))
outside = total(lambda one: one.extravasated(3 * DAY))
small = total(lambda one: np.sum((one.sizes(3 * DAY) >= 4) & (one.sizes(3 * DAY) <= 16)))
alone = total(lambda one: one.solitary(13 * DAY))
large = total(lambda one: np.sum(one.sizes(13 * DAY) > 100))
alive_24h = total(lambda one: one.alive(DAY))

RESULTS = (  # quantity, count, measured, allowed factor either way, expected verdict, note
    ("E12: alive after 24 h", alive_24h, 0.80, "at least", WITHIN, "Koop: more than 80 % survive and extravasate"),
    ("E12: outside after 24 h", outside_24h, 0.80, "at least", OUTSIDE,
     "a mean time of 24 h leaves half outside by then: E12 (chick embryo) and E13 (80 % on day 3) need different rates"),
    ("outside on day 3", outside, 0.80, 1.1, WITHIN, ""),
    ("colonies of 4 to 16 cells on day 3", small, 0.02, 1.5, WITHIN, "1 in 40 of those outside"),
    ("alone on day 13", alone, 0.36, 1.2, WITHIN, ""),
    ("more than 100 cells on day 13", large, 0.0002, 5.0, WITHIN, "1 in 100 of the small colonies"),
)
found = []
for quantity, count, measured, tolerance, expected, note in RESULTS:
    value, interval = share(count, arrived)
    if tolerance == "at least":
        verdict, uncertainty = interval[1] >= measured, "lower bound"
    else:
        verdict = interval[0] <= measured * tolerance and interval[1] >= measured / tolerance
        uncertainty = f"factor {tolerance} [A]"
    found.append((quantity, value, interval, measured))
    experiment.compare(quantity, value, interval, measured, uncertainty, "1", verdict, expected, note)

figure, axes = plt.subplots(figsize=(8, 4.2))
for place, (quantity, value, interval, measured) in enumerate(reversed(found)):
    axes.errorbar(max(value, 1e-5), place, xerr=[[max(value - interval[0], 0)], [interval[1] - value]], fmt="o", color=MODEL,
                  capsize=4, label="model, 2 SE" if place == 0 else None)
    axes.plot(measured, place + 0.2, "D", color=MEASURED, label="measured" if place == 0 else None)
axes.set_yticks(range(len(found)), [one[0] for one in reversed(found)])
axes.set_xscale("log")
axes.set_xlim(3e-5, 1.5)
axes.set_xlabel(f"share of the {arrived} cells that have arrested")
axes.legend(loc="lower right")
experiment.save(figure)
experiment.finish()
