"""E21, Bondareva 2009 [V4]: BAPN from a day before the intracardiac injection of MDA-MB-231 cells lowers metastases by 44 %,
from the day of the injection by 27 %, from day 7 not at all.

WARNING: two other papers on lysyl oxidase and metastasis are retracted [V2, V3]; this one is independent of them.

BAPN stops new crosslinks and removes none, so what it does is done by their turnover until cells decide. One number, the
weight of crosslinks in the decision to grow, is taken from day -1 [D]; the order, day 0 and day 7 are what the model says.
Metastases are cells that began to grow within four days of the injection; by day 3 all but one in fifty have decided. In the
place of day 7 BAPN is given from day 3 on, which can only do more.
"""
import csv
import math

import numpy as np
from experiment import MEASURED, MODEL, WITHIN, Experiment, plt

INJECTION, DAY = 2880.0, 1440.0
ARMS = {"none": None, "day -1": -1, "day 0": 0, "day 7": 3}  # days after the injection
MEASURED_FALL = {"day -1": 0.44, "day 0": 0.27, "day 7": 0.0}
experiment = Experiment("E21", "BAPN by its first day, Bondareva 2009", "V4")
N_RUNS = 1 if experiment.quick else 2


def metastases(folder):
    """Number of cells that began to grow within 4 days."""
    with (folder / "events.csv").open() as file:
        return sum(row["from"] == "engaged" and row["to"] == "proliferating" for row in csv.DictReader(file))


counts = {}
for arm, day in ARMS.items():
    schedule = [] if day is None else [f"Interventions/bapn/Schedule={INJECTION + day * DAY:g}"]
    counts[arm] = np.array([metastases(experiment.run(f"{arm.replace(' ', '_')}_{seed}", [
        f"Run/Random seed={seed}", *schedule, *(["Interventions/bapn/Level=0"] if day is None else [])],
        file="crosslinked_block.prm")) for seed in range(1, N_RUNS + 1)])

found = {}
for arm, measured in MEASURED_FALL.items():
    ratio = counts[arm].sum() / counts["none"].sum()
    error = ratio * math.sqrt(1 / counts[arm].sum() + 1 / counts["none"].sum())
    found[arm] = (1 - ratio, 2 * error)
    experiment.compare(f"fewer metastases, BAPN from {arm}", 1 - ratio, (1 - ratio - 2 * error, 1 - ratio + 2 * error),
                       measured, "0.1 [A]; no error was read", "1", abs(1 - ratio - measured) < 0.1 + 2 * error, WITHIN,
                       {"day -1": "fitted by the weight of crosslinks", "day 7": "run from day 3 on"}.get(arm, ""))
experiment.must(found["day -1"][0] > found["day 0"][0] > found["day 7"][0], "the order of the three days")

figure, axes = plt.subplots(figsize=(6.5, 4))
places = np.arange(len(found))
axes.bar(places - 0.2, [100 * value for value, _ in found.values()], 0.38, color=MODEL,
         yerr=[100 * error for _, error in found.values()], capsize=5, label="model, 2 SE")
axes.bar(places + 0.2, [100 * value for value in MEASURED_FALL.values()], 0.38, color=MEASURED, label="measured [V4]")
axes.set_xticks(places, [f"from {arm}" for arm in found])
axes.set_ylabel("fewer metastases than without BAPN [%]")
axes.legend()
experiment.save(figure)
experiment.finish()
