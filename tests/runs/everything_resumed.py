"""A run with everything switched on, stopped and resumed: bit for bit on as many ranks, the same events on others."""
import pathlib
import shutil
import tempfile

from checkpoint_file import fields, newest, same_end
from nidus_run import SOURCE, element, must, must_end, nidus, settings, timed_conditions
from same_on_any_ranks import LIVELY, MORE_RULES, largest_difference
from treatments import TREATED

VESSELS = """
subsection Vessels
  set Source = capillary mesh
  subsection Capillary mesh
    set Spacing = 100
    set Jitter = 0.3
    set Radius = 3
    set Radius spread = 0.2
    set Inlet pressure = 3000
    set Outlet pressure = 2600
  end
end
"""
# Drugs, a bolus of clusters and a blood that feels the organ; conditions that change with time; vessels.
TEXT = TREATED + timed_conditions(300, "0.001 * (1 + sin(t/100))") + VESSELS + \
    element("Fields", "sdf1", {"Vessel permeability": "0.5"})
# Full receptors, stages, both walks, observables (those of the quickstart), error control, a mesh that changes.
VALUES = [*LIVELY, *[rule for rule in MORE_RULES if rule.split("=")[0] not in {value.split("=")[0] for value in LIVELY}],
          "Field solver/Time scheme=SDIRK2", "Field solver/Step control=error", "Field solver/Step tolerance=1e-2",
          "Adaptivity/Interval=60", "Adaptivity/Fields=sdf1, fibronectin", "Adaptivity/Error=0.02",
          "Adaptivity/Agents=fib", "Adaptivity/Most agents in a cell=2",
          "Run/End time=360", "Output/Interval=120", "Output/Checkpoint interval=120"]


def run(file, folder, ranks, code, more=(), values=()):
    must_end(nidus(["run", str(file), "--output", str(folder), *settings([*VALUES, *values]), *more], ranks), code)
    return folder


def stopped(file, folder, ranks):
    """A run that has ended at 240 min, gone on, and been stopped at 270 min, between two outputs, with a dose to come."""
    run(file, folder, ranks, 0, values=["Run/End time=240"])
    (folder / "stop").touch()
    run(file, folder, ranks, 3, ["--resume"])
    (folder / "stop").unlink()
    return folder


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        file = scratch / "everything.prm"
        file.write_text(TEXT)
        whole = run(file, scratch / "whole", 2, 0)
        events = (whole / "events.csv").read_text()
        must((newest(whole) / "mesh.txt").exists(), "the mesh has not changed")
        must((whole / "vessels.vtp").exists() and (whole / "colonies.csv").exists(), "not everything is switched on")
        kinds = {line.split(",")[3] for line in events.splitlines()[1:]}
        must(len(kinds) >= 4, f"only {kinds} have happened")

        parts = stopped(file, scratch / "parts", 2)
        for ranks in (1, 3):
            shutil.copytree(parts, scratch / f"on_{ranks}")
        run(file, parts, 2, 0, ["--resume"])
        same_end(whole, parts)
        print(f"bit for bit on 2 ranks: {len(events.splitlines()) - 1} events of {len(kinds)} kinds")
        for ranks in (1, 3):
            other = run(file, scratch / f"on_{ranks}", ranks, 0, ["--resume"])
            must((other / "events.csv").read_text() == events, f"other events on {ranks} ranks")
            difference = largest_difference(fields(whole), fields(other))
            must(difference < 1e-9, f"fields on {ranks} ranks differ by {difference:.1e}")
            print(f"begun on 2 ranks, ended on {ranks}: the same events, fields within {difference:.1e}")


if __name__ == "__main__":
    main()
