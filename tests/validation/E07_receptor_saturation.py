"""E7, Sonmez 2020: Jurkat cells in gradients of CXCL12. Chemotaxis becomes random at a high mean CXCL12, and falls
with the fibronectin on the surface.

The model: one gradient at a rising mean concentration; the chemotactic index is the mean cosine between the
displacement in six hours and the gradient. The cells are those of the device, not Jurkat cells, of which no numbers
were read: only the two statements are looked at. Fibronectin is a field that has the same value everywhere, and each
cell has the haptotaxis of params/niche/agents.prm.
"""
import numpy as np
from experiment import (AFFINITY, ALONE, BAND, DIAMETER, MEASURED, MODEL, OUTSIDE, WITHIN, Experiment, concentration,
                        cosines, ends, in_slab, label_ticks, lasting, mean, plt, straight_line, tracks)

CHANGE = 45.0  # nM between the ends: 50 nM/mm
MEANS = (22.5, 40.0, 60.0, 80.0, 120.0, 250.0, 500.0)  # nM
FIBRONECTIN = (0.0, 0.25, 0.5, 0.75, 1.0)              # fractions of saturation


def index(experiment, average, fibronectin, n_cells, seed):
    """Chemotactic index from 1 to 7 h, with its standard error."""
    name = f"C{average:g}_F{fibronectin:g}"
    folder = experiment.run(name, [
        *ALONE, *ends(average - CHANGE / 2, average + CHANGE / 2), f"Run/Random seed={seed}", *lasting(420, 60),
        *experiment.positions_file(name, in_slab(n_cells, 450.0, 20.0)),
        f"Fields/fibronectin/Initial value={fibronectin}"], more="fibronectin_coat.prm")
    places, _ = tracks(folder)
    return mean(cosines(places[-1] - places[1]))


def main():
    experiment = Experiment("E7", "receptor saturation and fibronectin, Sonmez 2020", "V43")
    n_cells = 1000 if experiment.quick else 8000
    averages = np.array(MEANS[::3] if experiment.quick else MEANS)
    coats = np.array(FIBRONECTIN[::2] if experiment.quick else FIBRONECTIN)
    found, error = np.array([index(experiment, c, 0.0, n_cells, 1 + k) for k, c in enumerate(averages)]).T
    on_coats, coat_error = np.array([index(experiment, 40.0, f, n_cells, 101 + k) for k, f in enumerate(coats)]).T

    level, slope = concentration(averages - CHANGE / 2, averages + CHANGE / 2, 450.0)
    difference = DIAMETER * slope * AFFINITY / (level + AFFINITY) ** 2
    experiment.must(found[0] > 10 * error[0], f"chemotactic index {found[0]:.3f} at the lowest mean concentration")
    chance = 3 * np.hypot(error[1:], error[:-1])
    experiment.must(np.all(np.diff(found) < chance), "the index rises with the concentration")
    experiment.compare(f"index at {averages[-1]:g} nM, {found[0]:.3f} at {averages[0]:g} nM, 50 nM/mm", found[-1],
                       error[-1], "random", "qualitative", "1",
                       abs(found[-1]) < 3 * error[-1], WITHIN,
                       f"difference of occupancy {difference[-1]:.1e}, below the threshold of 0.002")
    steepness, steepness_error = straight_line(coats, on_coats, coat_error)
    experiment.compare("change of the index from no to full fibronectin, 40 nM, 50 nM/mm", steepness,
                       steepness_error, "falls", "qualitative", "1",
                       steepness < -3 * steepness_error, OUTSIDE,
                       "no rule in the model: cells feel differences of fibronectin, not its level")

    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4), sharey=True)
    left.errorbar(averages, found, 2 * error, fmt="o-", ms=4, lw=1, color=MODEL, capsize=2, label="model ± 2 SE")
    left.axhline(0, color=MEASURED, ls="--", label="measured at high CXCL12: random")
    left.set(xscale="log", xlabel="mean CXCL12, nM", ylabel="chemotactic index at 50 nM/mm")
    label_ticks(left, (20, 50, 100, 200, 500))
    right.errorbar(coats, on_coats, 2 * coat_error, fmt="o", ms=4, color=MODEL, capsize=2, label="model ± 2 SE")
    edges = [on_coats.mean() + (coats - coats.mean()) * (steepness + k * steepness_error) for k in (-2, 2)]
    right.fill_between(coats, *edges, color=BAND, lw=0, label="slope of the model ± 2 SE")
    right.annotate("measured: falls (no numbers read)", (0.95, 0.2 * found[0]), (0.05, 0.45 * found[0]), color=MEASURED,
                   fontsize=8, arrowprops={"arrowstyle": "->", "color": MEASURED})
    right.set(xlabel="fibronectin, fraction of saturation", ylim=(min(-0.1, 1.2 * found.min()), None))
    for axes in (left, right):
        axes.legend(fontsize=8, loc="upper right")
    experiment.save(figure)
    experiment.finish()


main()
