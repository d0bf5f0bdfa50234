"""E11, Varennes 2019: breast cancer cells in three dimensions. In steeper gradients they are more accurate, but
neither faster nor more persistent.

Accuracy is the chemotactic index, the mean cosine between displacement and gradient over six hours; speed the length
of the path through pictures every 15 min over the time; persistence the decay time of the velocity, from the
correlation of successive steps; straightness the displacement over the path (some papers call that persistence). The
experiment's numbers were not read. "Unchanged" means here: by less than twice the standard error of a mean over 30
cells [A], so that an experiment of that size would not see it.
"""
import numpy as np
from experiment import (AFFINITY, ALONE, BAND, DIAMETER, MEASURED, MODEL, OUTSIDE, SENSITIVITY, WITHIN, Experiment,
                        cosines, ends, in_slab, lasting, mean, plt, straight_line, tracks)

AVERAGE, GRADIENTS = 50.0, (0.0, 25.0, 50.0, 75.0, 100.0)  # nM, nM/mm
N_MEASURED, PICTURES = 30, 15.0                            # cells, min


def walk(experiment, gradient, n_cells, seed):
    """(outputs, cells, 3) places from 1 to 7 h, um."""
    name = f"G{gradient:g}"
    change = 0.9 * gradient
    folder = experiment.run(name, [
        *ALONE, *ends(AVERAGE - change / 2, AVERAGE + change / 2), f"Run/Random seed={seed}", *lasting(420, PICTURES),
        *experiment.positions_file(name, in_slab(n_cells, 450.0, 20.0))])
    return tracks(folder, 4)[0]


def step_correlation(persistence):
    """Correlation of successive displacements of an Ornstein-Uhlenbeck walk."""
    h = PICTURES / persistence
    return (1 - np.exp(-h)) ** 2 / (2 * (h - 1 + np.exp(-h)))


def persistence(steps):
    """Persistence time [min], and its standard error by 200 bootstraps over cells, of STEPS (times, cells, 3)."""
    steps = steps - steps.mean((0, 1))
    square = (steps**2).sum((0, 2)) / len(steps)
    product = (steps[1:] * steps[:-1]).sum((0, 2)) / (len(steps) - 1)
    trial = np.linspace(2, 60, 2000)

    def found(cells):
        return np.interp(product[cells].sum() / square[cells].sum(), step_correlation(trial), trial)

    draw, n = np.random.default_rng(1), len(square)
    return found(slice(None)), np.std([found(draw.integers(n, size=n)) for _ in range(200)], ddof=1)


def main():
    experiment = Experiment("E11", "accuracy, speed and persistence against the gradient, Varennes 2019", "V21")
    gradients = np.array(GRADIENTS[::2] if experiment.quick else GRADIENTS)
    measures = {"chemotactic index": [], "speed": [], "persistence time": [], "straightness": []}
    spread = {}
    for k, gradient in enumerate(gradients):
        places = walk(experiment, gradient, 800 if experiment.quick else 5000, 1 + k)
        steps, whole = np.diff(places, axis=0), places[-1] - places[0]
        path = np.linalg.norm(steps, axis=2).sum(0)
        straight, speed = np.linalg.norm(whole, axis=1) / path, 60 * path / (PICTURES * len(steps))
        measures["chemotactic index"].append(mean(cosines(whole)))
        measures["speed"].append(mean(speed))
        measures["persistence time"].append(persistence(steps))
        measures["straightness"].append(mean(straight))
        if k == 0:
            one_cell = measures["persistence time"][0][1] * np.sqrt(len(speed))
            spread = {"speed": speed.std(ddof=1), "persistence time": one_cell, "straightness": straight.std(ddof=1)}

    index, error = np.array(measures["chemotactic index"]).T
    chance = 3 * np.hypot(error[1:], error[:-1])
    experiment.must(np.all(np.diff(index) > chance), "the index does not rise at each step")
    drift = SENSITIVITY * DIAMETER * 1e-3 * gradients * AFFINITY / (AFFINITY + AVERAGE) ** 2
    figure, all_axes = plt.subplots(2, 2, figsize=(9, 6.3))
    units = {"chemotactic index": "1", "speed": "um/h", "persistence time": "min", "straightness": "1"}
    expected = {"speed": WITHIN, "persistence time": WITHIN, "straightness": OUTSIDE}
    for axes, (name, values) in zip(all_axes.flat, measures.items()):
        value, error = np.array(values).T
        slope, slope_error = (100 * number for number in straight_line(gradients, value, error))
        if name in expected:
            limit = 2 * spread[name] / np.sqrt(N_MEASURED)
            experiment.compare(f"{name}, change per 100 nM/mm, {value[0]:.3g} at none", slope, slope_error,
                               "unchanged", f"{limit:.2g} (2 SE of {N_MEASURED} cells [A])", units[name],
                               abs(slope) < limit, expected[name])
            axes.axhspan(value[0] - limit, value[0] + limit, color="#efd5dd", lw=0,
                         label="measured: unchanged (band: 2 SE of 30 cells)")
        else:
            experiment.compare(f"{name}, change per 100 nM/mm", slope, slope_error, "rises", "qualitative", units[name],
                               slope > 3 * slope_error, WITHIN, f"drift up to {drift[-1] / 0.2:.2f} of the speed; the "
                               "threshold of 0.002 bends the rise: it lies at 30 nM/mm")
            axes.annotate("measured: rises", (70, 0.45 * value[-1]), color=MEASURED, fontsize=9)
        middle, height = (np.average(numbers, weights=error**-2) for numbers in (gradients, value))
        line = height + slope / 100 * (gradients - middle)
        axes.plot(gradients, line, color=BAND)
        axes.errorbar(gradients, value, 2 * error, fmt="o", ms=4, color=MODEL, capsize=2, label="model ± 2 SE")
        unit = {"um/h": ", µm/h", "min": ", min"}.get(units[name], "")
        axes.set(xlabel=f"gradient of SDF-1 at {AVERAGE:g} nM, nM/mm", ylabel=name + unit)
        if name in expected:
            axes.set_ylim(0, 1.45 * max(value.max(), value[0] + limit))
        axes.legend(fontsize=8, loc="upper left")
    experiment.save(figure)
    experiment.finish()


main()
