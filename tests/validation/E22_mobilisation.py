"""E22, Liles 2003 [V9]: AMD3100 (plerixafor) raises CD34+ cells in the blood of healthy people from 3.8 +- 0.5 to 20.7 +- 3.5
per uL in 6 h at 80 ug/kg, and from 2.6 +- 0.3 to 40.4 +- 3.4 in 9 h at 240 ug/kg.

The release is multiplied by 1 + strength x A/(A + K_i), A being the level of one compartment: 0.3 L/kg [M], half-life 4 h.
For each K_i of its range (13 to 50 nM by function, 650 nM in a binding assay [M: Fricker 2006]) the strength is fitted to
the greater dose; the smaller dose is then predicted.
"""
import csv

import numpy as np
from experiment import MEASURED, MODEL, OUTSIDE, WITHIN, Experiment, plt

MOLAR_MASS, VOLUME = 502.8, 0.3  # g/mol, L/kg
DOSES = {80: (3.8, 0.5, 20.7, 3.5, 6.0), 240: (2.6, 0.3, 40.4, 3.4, 9.0)}  # ug/kg: before, after, at h
experiment = Experiment("E22", "mobilisation of CD34+ cells, Liles 2003", "V9")


def course(dose, affinity, strength):
    """Hours and CD34+ cells per uL."""
    before = DOSES[dose][0]
    folder = experiment.run(f"{dose}_{affinity:g}_{strength:.4g}", [
        f"Interventions/plerixafor/Doses=0: {1000 * dose / VOLUME / MOLAR_MASS}",
        f"Interventions/plerixafor/Half effect level={affinity}",
        f"Interventions/plerixafor/Effects/mobilisation/Strength={strength}",
        f"Blood/Circulating/hpc/Baseline={1000 * before}"], file="mobilised_blood.prm")
    with (folder / "statistics.csv").open() as file:
        rows = list(csv.reader(file))
    place = next(i for i, name in enumerate(rows[0]) if name.startswith("circulating hpc ["))
    return np.array([[float(row[0]) / 60, float(row[place]) / 1000] for row in rows[1:]]).T


figure, axes = plt.subplots(figsize=(7, 4.2))
for affinity, style in ((13.0, "-"), (50.0, "--"), (650.0, ":")):
    before, _, after, _, hour = DOSES[240]
    # The level in blood is linear in the strength: one run says how strong it must be.
    hours, cells = course(240, affinity, 10.0)
    strength = 10.0 * (after / before - 1.0) / (np.interp(hour, hours, cells) / before - 1.0)
    for dose, colour in ((240, "#b06a1f"), (80, MODEL)):
        before, before_error, measured, error, hour = DOSES[dose]
        hours, cells = course(dose, affinity, strength)
        value = float(np.interp(hour, hours, cells))
        spread = value * before_error / before
        axes.plot(hours, cells, style, color=colour, label=f"{dose} ug/kg, K$_i$ {affinity:g} nM")
        experiment.compare(f"{dose} ug/kg after {hour:g} h, K_i {affinity:g} nM", value, (value - 2 * spread, value + 2 * spread),
                           measured, error, "1/uL", abs(value - measured) < 2 * np.hypot(error, spread),
                           WITHIN if dose == 240 else OUTSIDE,
                           f"strength {strength:.3g}, fitted" if dose == 240 else
                           "effects of doses saturate in the model; three times the dose raised cells three times as much")
for dose, (before, _, after, error, hour) in DOSES.items():
    axes.errorbar(hour, after, 2 * error, fmt="D", color=MEASURED, capsize=4, label=f"measured, {dose} ug/kg, 2 SE")
axes.set_xlabel("time after the dose [h]")
axes.set_ylabel("CD34+ cells in blood [1/uL]")
axes.legend(fontsize=7)
experiment.save(figure)
experiment.finish()
