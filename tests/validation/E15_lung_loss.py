"""E15, Fidler 1970 [V34]: of B16 cells injected into a vein 1 % were alive in the lung after a day, 0.4 % after two weeks
(some 400 cells), and 78 metastases grew. This contradicts E12 and E13, where 80 % survive the vessels.

No single rate can give both. The alternative is one entry: the rate of death in the vessel at the end of its range, 50
times the rate of extravasation instead of a quarter of it. The number injected, 1e5, is remembered [M].
"""
import numpy as np
from cascade import DAY, Cascade, share
from experiment import MEASURED, MODEL, OUTSIDE, WITHIN, Experiment, plt

DEATH = 50 * 7e-4  # 1/min
experiment = Experiment("E15", "loss in lung vessels, Fidler 1970", "V34")
N_RUNS = 2 if experiment.quick else 4
INJECTED = 20000
values = [f"Agents/{kind}/Transitions/die_in_vessel/Base rate={DEATH}" for kind in ("csc", "tum")] + [
    f"Interventions/injection/Doses=0: {INJECTED}", "Run/End time=20160"]
cascades = [Cascade(experiment.run(f"replicate_{seed}", [*values, f"Run/Random seed={seed}"], file="injected_block.prm"))
            for seed in range(1, N_RUNS + 1)]
injected = INJECTED * N_RUNS


def total(function):
    return int(sum(function(one) for one in cascades))


first_day = total(lambda one: one.alive(DAY))
# Radioactivity stays with the first cells: their descendants are not counted.
last_day = total(lambda one: one.alive(14 * DAY))
colonies = total(lambda one: np.sum(one.sizes(14 * DAY) >= 4))
RESULTS = (("alive after 24 h", first_day, 0.01, 2.0, WITHIN, "the end of the range of the death rate gives 2 %"),
           ("first cells alive on day 14", last_day, 0.004, 2.0, WITHIN, "400 of 1e5 [M]"),
           ("colonies of 4 cells or more on day 14", colonies, 7.8e-4, 3.0, OUTSIDE,
            "78 of 1e5 [M]: progeny of all but one cell in a hundred is spent by then"))
found = []
for quantity, count, measured, tolerance, expected, note in RESULTS:
    value, interval = share(count, injected)
    found.append((quantity, value, interval, measured))
    experiment.compare(quantity, value, interval, measured, f"factor {tolerance:g} [A]", "1",
                       interval[0] <= measured * tolerance and interval[1] >= measured / tolerance, expected, note)

figure, axes = plt.subplots(figsize=(8, 3.4))
for place, (quantity, value, interval, measured) in enumerate(reversed(found)):
    axes.errorbar(max(value, 1e-6), place, xerr=[[max(value - interval[0], 0)], [interval[1] - value]], fmt="o",
                  color=MODEL, capsize=4, label="model, 2 SE" if place == 0 else None)
    axes.plot(measured, place + 0.15, "D", color=MEASURED, label="measured" if place == 0 else None)
axes.set_yticks(range(len(found)), [one[0] for one in reversed(found)])
axes.set_xscale("log")
axes.set_xlim(1e-5, 0.1)
axes.set_ylim(-0.5, len(found) - 0.4)
axes.set_xlabel(f"share of the {injected} cells injected")
axes.legend()
experiment.save(figure)
experiment.finish()
