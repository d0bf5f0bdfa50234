"""E4, Kim 2013: velocity of MDA-MB-231 along a gradient of SDF-1 in collagen, against the steepness of the gradient.

The experiment: V_x goes with gradient / (C_avg + K)^2, and is greatest at 111 nM/mm. With no SDF-1 at one end and
C_max at the other, C_avg = C_max / 2 and the gradient is C_max / L: the greatest V_x is where C_avg = K, at a
gradient of 2 K / L. The model has that law for each cell. Cells are put into the middle of the channel, where they
see C_avg: over the whole channel the mean of the law is C_max / (L (C_max + K)) / K, which has no peak.
"""
import numpy as np
from experiment import (ALONE, BAND, DIAMETER, LENGTH, MEASURED, MODEL, OUTSIDE, SENSITIVITY, WITHIN, Experiment,
                        concentration, ends, in_slab, label_ticks, lasting, mean, plt, tracks)

PEAK = 111.0                    # nM/mm [V20]; its error was not read
AFFINITIES = {25.0: OUTSIDE, 50.0: WITHIN}  # nM: the value of the device [V28] and the end of its range, 3 to 50
LEVELS = np.array([0.2, 0.4, 0.7, 1.0, 1.5, 2.0, 3.0, 6.0])  # C_avg over K
MIDDLE, SPREAD = LENGTH / 2, 0.3            # um; spread of receptor numbers of the device


def velocity(experiment, affinity, level, n_cells):
    """Mean velocity along the gradient [um/min], its standard error, and the mean place [um], 1 to 7 h."""
    c_max = 2 * affinity * level
    name = f"K{affinity:g}_C{c_max:g}"
    folder = experiment.run(name, [
        *ALONE, *ends(0.0, c_max), *experiment.positions_file(name, in_slab(n_cells, MIDDLE, 20)),
        f"Agents/csc/Receptors/cxcr4/Dissociation constant={affinity}", *lasting(420, 60),
        f"Run/Random seed={round(c_max)}"])  # or all doses share their noise
    places, times = tracks(folder)
    return *mean((places[-1, :, 0] - places[1, :, 0]) / (times[-1] - times[1])), places[1:, :, 0].mean()


def law(affinity, c_max, place=MIDDLE):
    """gradient / (C + K)^2 at a place along the channel."""
    level, slope = concentration(0.0, c_max, place)
    return slope / (level + affinity) ** 2


def best_fit(c_max, places, speeds, errors):
    """K and factor of the law by weighted least squares, chi-squared, and the standard error of K."""
    trial = np.geomspace(5.0, 200.0, 4001)
    shapes = np.array([law(k, c_max, places) for k in trial])
    weight = 1 / errors**2
    factors = (shapes * speeds * weight).sum(1) / (shapes**2 * weight).sum(1)
    square = (((factors[:, None] * shapes - speeds) / errors) ** 2).sum(1)
    best = square.argmin()
    inside = trial[square < square[best] + 1]
    return trial[best], factors[best], square[best], (inside[-1] - inside[0]) / 2


def examine(experiment, axes, affinity, n_cells):
    """Doses with one K: fit and peak, compared."""
    levels = LEVELS[::2] if experiment.quick else LEVELS
    c_max = 2 * affinity * levels
    speeds, errors, places = np.array([velocity(experiment, affinity, level, n_cells) for level in levels]).T
    fitted, factor, square, error = best_fit(c_max, places, speeds, errors)
    gradient = 1e3 * c_max / LENGTH
    greatest = factor * law(fitted, 2 * fitted)
    peak, peak_error = 2e3 * fitted / LENGTH, 2e3 * error / LENGTH
    exact = SENSITIVITY * DIAMETER * affinity * np.exp(SPREAD**2 / 2) * law(affinity, c_max, places)
    experiment.must(abs(fitted - affinity) < 3 * error, f"K = {affinity} is found as {fitted:.3g} +- {error:.2g} nM")
    freedom = len(levels) - 2
    limit = freedom * (1 - 2 / (9 * freedom) + 2.8 * np.sqrt(2 / (9 * freedom))) ** 3  # Wilson-Hilferty, p = 0.0026
    experiment.must(square < limit, f"K = {affinity}: chi-squared {square:.3g} with {freedom} degrees of freedom")
    experiment.must(np.all(abs(speeds - exact) < 4 * errors), f"K = {affinity}: velocities are not those of the law")
    experiment.compare(f"gradient of fastest drift, K = {affinity:g} nM", peak, peak_error, PEAK, "not read",
                       "nM/mm", abs(peak - PEAK) < 2 * peak_error, AFFINITIES[affinity],
                       f"K from the shape: {fitted:.1f} +- {error:.1f} nM; {greatest:.3f} um/min there")
    fine = np.geomspace(c_max[0] / 1.5, 1.5 * c_max[-1], 200)
    colour = MODEL if affinity == 25.0 else "#5b8c3a"
    axes.plot(1e3 * fine / LENGTH, factor * law(fitted, fine, np.interp(fine, c_max, places)), color=colour, lw=1)
    axes.errorbar(gradient, speeds, 2 * errors, fmt="o", ms=4, color=colour, capsize=2,
                  label=f"model, K = {affinity:g} nM: fit {fitted:.1f} ± {error:.1f} nM")
    axes.axvspan(peak - 2 * peak_error, peak + 2 * peak_error, color=BAND if affinity == 25.0 else "#c9dcb8", lw=0)


def main():
    experiment = Experiment("E4", "velocity along the gradient of SDF-1, Kim 2013", "V19, V20")
    figure, axes = plt.subplots(figsize=(7, 4.3))
    for affinity in AFFINITIES:
        examine(experiment, axes, affinity, 1500 if experiment.quick else 12000)
    axes.axvline(PEAK, color=MEASURED, ls="--", label="greatest velocity as measured, 111 nM/mm (error not read)")
    axes.set(xscale="log", xlabel="gradient, nM/mm", ylabel="mean velocity along it, µm/min", ylim=(0, None))
    label_ticks(axes, (10, 20, 50, 100, 200, 500))
    axes.legend(fontsize=8, loc="lower center", title_fontsize=8,
                title="points ± 2 SE; bands: peak of the fit ± 2 SE")
    experiment.save(figure)
    experiment.finish()


main()
