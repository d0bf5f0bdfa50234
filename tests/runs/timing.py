"""The table of timing: phases add up to the wall time, on any ranks, in the log, on standard output and as JSON."""
import json
import math
import pathlib
import tempfile

from nidus_run import SHORT, SOURCE, must, must_end, nidus, settings


def check(folder, output, ranks):
    timing = json.loads((folder / "timing.json").read_text())
    phases = timing["phases"]
    names = [f"{phase['group']}: {phase['name']}".removeprefix(": ") for phase in phases]
    must(timing["ranks"] == ranks and len(set(names)) == len(names), f"{names}")
    for name in ("set-up: mesh", "fields", "agents: decisions", "agents: motion", "agents: deposition", "agents: arrivals",
                 "output: files", "checkpoints", "other"):
        must(name in names, f"no phase '{name}' among {names}")
    for phase in (*phases, timing["wall_time"], *timing["load"]):
        must(phase["minimum"] <= phase["mean"] * (1 + 1e-9) and phase["mean"] <= phase["maximum"] * (1 + 1e-9), f"{phase}")
    must(all(phase["minimum"] >= 0.0 for phase in phases), f"a phase of less than no time: {phases}")
    whole = timing["wall_time"]["mean"]
    total = math.fsum(phase["mean"] for phase in phases)
    must(abs(total - whole) < 1e-9 * whole, f"{total} s in phases of {whole} s")
    must(abs(math.fsum(phase["share"] for phase in phases) - 1.0) < 1e-9, "shares")
    loads = {load["name"]: load for load in timing["load"]}
    last = (folder / "statistics.csv").read_text().splitlines()
    counts = dict(zip(last[0].split(","), map(float, last[-1].split(","))))
    alive = sum(value for name, value in counts.items() if name.startswith("agents ") and "since start" not in name)
    must(abs(loads["agents"]["mean"] * ranks - alive) < 1e-6 * alive, f"{loads['agents']} of {alive} agents")
    for text in (output, (folder / "run.log").read_text()):
        lines = text.splitlines()
        must(sum(line.startswith("timing over") for line in lines) == 1, "not one table")
        must(all(any(line.strip().startswith(name + " ") for line in lines) for name in (*names, "wall time")), text)


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        for ranks in (1, 2):
            folder = scratch / str(ranks)
            process = nidus(["run", str(SOURCE / "params/quickstart.prm"), "--output", str(folder), *settings(SHORT)], ranks)
            must_end(process, 0)
            check(folder, process.stdout, ranks)


main()
