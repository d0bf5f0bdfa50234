"""E10, BMC Cancer 2014, 14:825, table 2: speeds of MDA-MB-231 cells on random and on aligned fibres, without CXCL12
and with it, as mean and SD between cells, from 1 to 8 h, and from 16 to 24 h.

How speeds were taken was not read. Assumed [A]: a picture every 15 min, a cell's speed is the length of its path
through the pictures over the time, seen from above (two of three dimensions); 30 cells in each condition. 'Speed' and
'Speed spread' of the model follow from mean and SD in the first hours without CXCL12 [D]; the conditions with it, and
the later hours, are predictions. What the device has by default is shown beside them. Of aligned fibres the model
knows the speed alone: cells are not guided along them.
"""
import math

import numpy as np
from experiment import (ALONE, MEASURED, MODEL, OUTSIDE, WITHIN, Experiment, ends, in_slab, lasting, mean, plt, tracks)

PICTURES, PERSISTENCE, N_MEASURED = 15.0, 15.0, 30  # min, min, cells
WITHOUT = {"random": (10.85, 8.0), "aligned": (31.6, 14.0)}  # um/h, mean and SD [V30]
WITH = {"random": (11.2, 6.1), "aligned": (32.3, 13.0)}
# From 16 to 24 h: with CXCL12 on aligned fibres cells are slower then, p = 1e-5, "likely" since the gradient fades.
LATE = {"aligned fibres": ((29.8, 7.0), WITHIN), "aligned fibres, CXCL12": ((19.3, 9.0), OUTSIDE)}
EARLY_HOURS, LATE_HOURS = (1, 8), (16, 24)
RANGE = (0.05, 0.9)  # um/min, of 'Speed'
DEVICE_SPEED = (0.2, 0.4)


def seen(interval):
    """Mean speed as seen from above in pictures so far apart [min], over the root mean square of the velocity."""
    h = interval / PERSISTENCE
    return math.sqrt(math.pi / 6) * math.sqrt(2 * (h - 1 + math.exp(-h))) / h


def derived(average, deviation, interval=PICTURES):
    """'Speed' [um/min] and 'Speed spread' of cells that are seen with these speeds [um/h], if they are lognormal."""
    spread = math.sqrt(math.log(1 + (deviation / average) ** 2))
    return average / 60 / seen(interval) / math.exp(spread**2 / 2), spread


def speeds(experiment, name, walk, c_max, n_cells, seed):
    """Speed of each cell, um/h, as measured, early and late."""
    folder = experiment.run(name, [
        *ALONE, *ends(0.0, c_max), *experiment.positions_file(name, in_slab(n_cells, 450.0, 200.0)),
        f"Agents/csc/Speed={walk[0]}", f"Agents/csc/Speed spread={walk[1]}", f"Run/Random seed={seed}",
        *lasting(1440, PICTURES)])
    places, times = tracks(folder)
    steps = np.linalg.norm(np.diff(places[:, :, :2], axis=0), axis=2)
    return [60 * steps[(times[1:] > 60 * first) & (times[1:] <= 60 * last)].sum(0) / (60 * (last - first))
            for first, last in (EARLY_HOURS, LATE_HOURS)]


def compare(experiment, name, sample, measured, expected, note):
    """The mean against the SD between cells, the one uncertainty that is stated; the SD against that of N_MEASURED."""
    average, error = mean(sample)
    deviation = sample.std(ddof=1)
    # The SD of a heavy-tailed sample: its error from that of the squares about the mean.
    deviation_error = mean((sample - average) ** 2)[1] / (2 * deviation)
    factor = math.exp(2 * math.sqrt(2 / (2 * (N_MEASURED - 1))))
    experiment.compare(f"{name}: mean speed", average, error, measured[0], f"SD {measured[1]:g}", "um/h",
                       abs(average - measured[0]) < measured[1], expected[0], note)
    experiment.compare(f"{name}: SD between cells", deviation, deviation_error, measured[1],
                       f"factor {factor:.2f} (two SDs of {N_MEASURED} cells [A])", "um/h",
                       1 / factor < deviation / measured[1] < factor, expected[1], note)
    return average, deviation


def compare_late(experiment, axes, name, sample, row):
    """The mean of the later hours, and its place in the figure."""
    measured, expected = LATE[name]
    average, error = mean(sample)
    experiment.compare(f"{name}, 16 to 24 h: mean speed", average, error, measured[0], f"SD {measured[1]:g}", "um/h",
                       abs(average - measured[0]) < measured[1], expected, "no rule in the model slows cells with time")
    for value, spread, place, marker, colour in ((*measured, row + 0.26, "s", MEASURED),
                                                 (average, sample.std(ddof=1), row + 0.4, "o", MODEL)):
        axes.errorbar(value, place, xerr=spread, fmt=marker, mfc="white", ms=5, lw=1, color=colour, capsize=3)


def draw_needed_speeds(axes):
    """What 'Speed' would have to be if pictures were taken more or less often."""
    intervals = np.linspace(1, 60, 60)
    for fibres, colour in (("random", MODEL), ("aligned", "#5b8c3a")):
        needed = [derived(*WITHOUT[fibres], interval)[0] for interval in intervals]
        axes.plot(intervals, needed, color=colour, label=f"{fibres} fibres")
    axes.axhspan(*RANGE, color="0.9", label="range of 'Speed', 0.05 to 0.9")
    axes.axvline(PICTURES, color="0.5", ls=":", label="assumed, 15 min")
    axes.set(xlabel="time between pictures, min", ylabel="'Speed' that is needed, µm/min", ylim=(0, 1.4))
    axes.legend(fontsize=8)


def main():
    experiment = Experiment("E10", "speeds on fibres, BMC Cancer 2014", "V30")
    n_cells = 300 if experiment.quick else 2500
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.3), gridspec_kw={"width_ratios": [3, 2]})
    rows = [("device as shipped, random", DEVICE_SPEED, 0.0, WITHOUT["random"], (WITHIN, OUTSIDE), "not fitted")]
    for fibres, measured in WITHOUT.items():
        walk = derived(*measured)
        experiment.must(RANGE[0] <= walk[0] <= RANGE[1], f"Speed {walk[0]:.3g} um/min is outside of its range")
        numbers = f"Speed {walk[0]:.3f} um/min, spread {walk[1]:.2f}"
        both = (WITHIN, WITHIN)
        rows.append((f"{fibres} fibres", walk, 0.0, measured, both, f"{numbers}: from these two numbers [D]"))
        rows.append((f"{fibres} fibres, CXCL12", walk, 100.0, WITH[fibres], both, "predicted, 0 to 100 nM [A]"))
    for k, (name, walk, c_max, measured, expected, note) in enumerate(rows):
        early, late = speeds(experiment, f"row{k}", walk, c_max, n_cells, 1 + k)
        average, deviation = compare(experiment, name, early, measured, expected, note)
        left.errorbar(*measured[:1], k - 0.16, xerr=measured[1], fmt="s", color=MEASURED, capsize=3,
                      label="measured, mean and SD between cells (open: 16 to 24 h)" if k == 0 else None)
        left.errorbar(average, k, xerr=deviation, fmt="o", color=MODEL, capsize=3,
                      label="model, mean and SD between cells (open: 16 to 24 h)" if k == 0 else None)
        if name in LATE:
            compare_late(experiment, left, name, late, k)
    left.set(yticks=range(len(rows)), xlabel="speed of cells, µm/h", xlim=(0, None))
    left.set_yticklabels([row[0] for row in rows])
    left.set_ylim(len(rows) - 0.4, -1.3)
    left.legend(fontsize=8, loc="upper right")
    draw_needed_speeds(right)
    experiment.save(figure)
    experiment.finish()


main()
