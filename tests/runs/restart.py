"""A run that is stopped and resumed is the uninterrupted one, bit for bit on the same number of ranks."""
import pathlib
import tempfile

from checkpoint_file import newest
from nidus_run import SHORT, SOURCE, must, must_end, nidus, settings, timed_conditions

FILE = str(SOURCE / "params/quickstart.prm")


# Fields whose step follows their error carry it over.
CONTROLLED = ["Field solver/Time scheme=SDIRK2", "Field solver/Step control=error", "Field solver/Step tolerance=1e-3"]


# Agents that remember their receptors and the stages of their cycle.
REMEMBERING = [f"Agents/{kind}/Receptors/cxcr4/{entry}" for kind in ("hpc", "csc", "tum")
               for entry in ("Kinetics=full", "Ligands=sdf1: 1")] + ["Agents/hpc/Transitions/multiply/Stages=4",
                                                                     "Agents/csc/Walk=biased direction"]


# A mesh that has changed before the checkpoint and changes after it.
ADAPTIVE = ["Adaptivity/Interval=60", "Adaptivity/Fields=sdf1, fibronectin", "Adaptivity/Error=0.02",
            "Adaptivity/Agents=fib", "Adaptivity/Most agents in a cell=2"]


# Conditions that change with time: a resumed run must go on at the time at which the other was stopped.
CONDITIONS = timed_conditions(300, "0.001 * (1 + sin(t/100))")


def run_in_parts(scratch, extra, file=FILE):
    """Runs at once and in parts; returns the folder of the parts and how to go on in it."""
    whole, parts = scratch / "whole", scratch / "parts"
    values = [*SHORT, *extra]
    must_end(nidus(["run", file, "--output", str(whole), *settings(values)], 2), 0)

    # The second run ends early with a checkpoint, is then stopped by a file in its folder, and goes on to the end.
    must_end(nidus(["run", file, "--output", str(parts), *settings(values), "--set", "Run/End time=360",
                    "--set", "Output/Checkpoint interval=300", "--set", "Output/Interval=120"], 2), 0)
    (parts / "stop").touch()
    options = ["run", file, "--output", str(parts), "--resume", *settings(values)]
    stopped = nidus(options, 2)
    must_end(stopped, 3)
    must(f"because of the file {parts}/stop" in stopped.stdout, stopped.stdout)
    (parts / "stop").unlink()
    must_end(nidus(options, 2), 0)

    for name in ("fields.bin", "agents.bin"):
        must((newest(whole) / name).read_bytes() == (newest(parts) / name).read_bytes(), f"{name} differs: {extra}")
    must((whole / "events.csv").read_text() == (parts / "events.csv").read_text(), f"the event logs differ: {extra}")
    last = [(folder / "statistics.csv").read_text().splitlines()[-1] for folder in (whole, parts)]
    must(last[0] == last[1], f"the last rows of the statistics differ: {extra}")
    return parts, options


def main():
    with tempfile.TemporaryDirectory() as scratch:
        run_in_parts(pathlib.Path(scratch), CONTROLLED)
    with tempfile.TemporaryDirectory() as scratch:
        parts, options = run_in_parts(pathlib.Path(scratch), ADAPTIVE)
        must((newest(parts) / "mesh.txt").exists(), "the mesh has not changed")
        process = nidus([*options, "--set", "Run/End time=960", "--set", "Organ/Refinements=0"], 1)
        must_end(process, 2)
        must("Organ/Refinements" in process.stderr, process.stderr)
    with tempfile.TemporaryDirectory() as scratch:
        _, options = run_in_parts(pathlib.Path(scratch), REMEMBERING)
        process = nidus([*options, "--set", "Run/End time=960", "--set", "Agents/csc/Receptors/cxcr4/Kinetics=quasi-steady",
                         "--set", "Agents/hpc/Receptors/cxcr4/Kinetics=quasi-steady",
                         "--set", "Agents/tum/Receptors/cxcr4/Kinetics=quasi-steady"], 1)
        must_end(process, 2)
        must("Receptors/cxcr4/Kinetics" in process.stderr, process.stderr)
    with tempfile.TemporaryDirectory() as scratch:
        prm = pathlib.Path(scratch) / "conditions.prm"
        prm.write_text(pathlib.Path(FILE).read_text() + CONDITIONS)
        run_in_parts(pathlib.Path(scratch), [], str(prm))
    with tempfile.TemporaryDirectory() as scratch:
        parts, options = run_in_parts(pathlib.Path(scratch), [])

        # Another number of ranks continues as well.
        must_end(nidus([*options, "--set", "Run/End time=960"], 1), 0)
        print("stopped, and resumed on the same and on another number of ranks")


main()
