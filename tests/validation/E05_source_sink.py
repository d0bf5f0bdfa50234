"""E5, Torisawa 2010: cells with CXCR4 migrate towards a source of CXCL12 only if cells with CXCR7, that take it up,
stand on the other side of them; not without these, not with these on the source's side, and not with CXCR4 or
CXCR7 blocked.

The model: a closed channel with stripes of 1200 source cells, 40 cells with CXCR4 and 1200 cells with CXCR7,
distances [A]; all other numbers are inside of their ranges (source_sink.prm says where). Blocked CXCR4 is an affinity
lost ten thousand times, as by AMD3100; blocked CXCR7 are cells without the receptor. The way of the cells in a day
towards the source. The last arrangement has the secretion of stromal cells. "Does not migrate" means here: less than
a quarter of the way with the sink opposite [A].
"""
import numpy as np
from experiment import (BAND, MEASURED, MODEL, OUTSIDE, WITHIN, Experiment, in_slab, last_row, lasting, mean, plt,
                        tracks)

SOURCE_AT, CELLS_AT, OPPOSITE, BESIDE = 225.0, 450.0, 675.0, 75.0  # um, middles of stripes
STRIPE, N_HOST = 150.0, 1200                                       # um; cells in a stripe of the source or the sink
NO_CXCR4 = "Agents/csc/Receptors/cxcr4/Dissociation constant=2.5e5"
NO_CXCR7 = "Agents/sink/Receptors/cxcr7/Number=0"
WEAK = "Agents/source/States/secreting/Secretion=sdf1: 120"  # 2 molecules/s, of stromal cells
# Name, middle of the sink (None: no sink), further settings, whether the cells of the experiment migrate, and what the
# model's do against that.
ARRANGEMENTS = (("sink opposite", OPPOSITE, [], True, WITHIN), ("no sink", None, [], False, WITHIN),
                ("sink beside source", BESIDE, [], False, WITHIN),
                ("CXCR4 blocked", OPPOSITE, [NO_CXCR4], False, WITHIN),
                ("CXCR7 blocked", OPPOSITE, [NO_CXCR7], False, WITHIN),
                ("sink opposite, 2 molecules/s", OPPOSITE, [WEAK], True, OUTSIDE))


def way(experiment, sink, values, n_cells, seed):
    """Mean way of cells with CXCR4 towards the source in a day [um], its standard error, mean SDF-1 afterwards [nM]."""
    stripe = experiment.positions_file
    places = stripe("csc", in_slab(n_cells, CELLS_AT, 100.0, 200.0)) + \
        stripe("source", in_slab(N_HOST, SOURCE_AT, STRIPE, 200.0, 2), "source") + \
        (stripe("sink", in_slab(N_HOST, sink, STRIPE, 200.0, 3), "sink") if sink else [])
    folder = experiment.run(f"arrangement{seed}", [
        "Agents/csc/Repulsion=0", *places, *values, f"Run/Random seed={seed}", *lasting(1440, 1440)],
        more="source_sink.prm")
    moved, _ = tracks(folder, kind="csc")
    return *mean(moved[0, :, 0] - moved[-1, :, 0]), last_row(folder)["sdf1 mean [nM]"]


def main():
    experiment = Experiment("E5", "source and sink of CXCL12, Torisawa 2010", "V15")
    n_cells = 500 if experiment.quick else 4000
    found = [way(experiment, sink, values, n_cells, 1 + k) for k, (_, sink, values, *_) in enumerate(ARRANGEMENTS)]
    limit = found[0][0] / 4
    experiment.must(found[0][0] > 10 * found[0][1], "with the sink opposite the cells hardly migrate")
    for (name, _, _, migrates, expected), (moved, error, level) in zip(ARRANGEMENTS, found):
        low, high = moved - 2 * error, moved + 2 * error
        experiment.compare(f"way towards the source in a day, {name}", moved, error,
                           "migrates" if migrates else "does not migrate", "qualitative", "um",
                           low > limit if migrates else high < limit, expected,
                           f"mean SDF-1 {level:.2g} nM after the day")

    figure, axes = plt.subplots(figsize=(8, 4.2))
    at = np.arange(len(found))
    axes.bar(at, [row[0] for row in found], 0.6, yerr=[2 * row[1] for row in found], color=BAND, ecolor=MODEL,
             capsize=4, label="model ± 2 SE")
    axes.axhline(limit, color=MEASURED, ls=":", label="counts as no migration below this, a quarter of the first [A]")
    axes.axhline(0, color="black", lw=0.8)
    top = 1.5 * found[0][0]
    for place, (_, _, _, migrates, _) in zip(at, ARRANGEMENTS):
        axes.text(place, 0.8 * top, "measured:\n" + ("migrates" if migrates else "does not"), ha="center",
                  color=MEASURED, fontsize=9)
    axes.set(xticks=at, ylim=(None, 1.25 * top), ylabel="mean way towards the source in 24 h, µm")
    axes.set_xticklabels([row[0].replace(", ", ",\n").replace(" source", "\nsource") for row in ARRANGEMENTS])
    axes.legend(fontsize=8, loc="upper right")
    experiment.save(figure)
    experiment.finish()


main()
