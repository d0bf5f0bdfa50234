"""The mesh follows fields and agents: the same cells and events on any number of ranks, and nothing is lost."""
import pathlib
import re
import tempfile

from checkpoint_file import fields
from nidus_run import SHORT, SOURCE, must, must_end, nidus, settings
from same_on_any_ranks import largest_difference

FILE = str(SOURCE / "params/quickstart.prm")
ADAPTIVE = ["Adaptivity/Interval=60", "Adaptivity/Fields=sdf1, vegf, fibronectin", "Adaptivity/Error=0.02",
            "Adaptivity/Agents=fib", "Adaptivity/Most agents in a cell=2", "Adaptivity/Smallest cell size=12",
            "Adaptivity/Largest cell size=60"]


def run(folder, ranks, extra):
    must_end(nidus(["run", FILE, "--output", str(folder), *settings([*SHORT, *ADAPTIVE, *extra])], ranks), 0)
    return folder


def changes(folder):
    return [line for line in (folder / "run.log").read_text().splitlines() if line.startswith("mesh: ")]


def largest_residual(folder):
    lines = (folder / "statistics.csv").read_text().splitlines()
    columns = [c for c, name in enumerate(lines[0].split(",")) if "residual" in name]
    must(columns, "no residual in the statistics")
    return max(abs(float(line.split(",")[c])) for line in lines[1:] for c in columns)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        runs = [run(scratch / str(ranks), ranks, []) for ranks in (1, 2, 3)]
        lines = changes(runs[0])
        counts = [[int(number) for number in re.findall(r"\d+", line)] for line in lines]
        must(any(refined > 0 for _, _, refined, _ in counts), f"nothing was refined: {lines}")
        must(any(coarsened > 0 for _, _, _, coarsened in counts), f"nothing was coarsened: {lines}")
        for other in runs[1:]:
            must(changes(other) == lines, f"other meshes: {changes(other)} against {lines}")
            must((other / "events.csv").read_text() == (runs[0] / "events.csv").read_text(), "the events differ")
            difference = largest_difference(fields(runs[0]), fields(other))
            must(difference < 1e-9, f"fields differ by {difference:.1e}")
        for folder in runs:
            residual = largest_residual(folder)
            must(residual < 1e-9, f"the ledger is wrong by {residual:.1e}")
        print(f"{len(lines)} changes of the mesh, {counts[0][0]} to {counts[-1][1]} cells: fields within "
              f"{difference:.1e}, residual of the ledger {residual:.1e}")

        # Where the mesh may not grow it stays, and a warning says so.
        full = run(scratch / "full", 2, ["Adaptivity/Most cells=1000"])
        must("Adaptivity/Most cells" in (full / "run.log").read_text(), "no warning")


main()
