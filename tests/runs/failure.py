"""Fields that cannot be advanced end the run with exit code 1, after a checkpoint of the last good state."""
import pathlib
import tempfile

from checkpoint_file import newest
from nidus_run import SOURCE, must, must_end, nidus, settings

FILE = str(SOURCE / "params/quickstart.prm")
VALUES = ["Run/End time=180", "Output/Interval=120", "Output/Checkpoint interval=90"]

# One Newton iteration is not enough for the binding, and a step as long as the macro step may not be cut.
HOPELESS = settings(["Field solver/Newton iterations=1", "Field solver/Smallest step=30"])


def must_fail(arguments, ranks, time):
    process = nidus(arguments, ranks)
    must_end(process, 1)
    lines = [line for line in process.stderr.splitlines() if line.startswith("nidus:")]
    must(len(lines) == 1, f"not one message:\n{process.stderr}")
    for part in (f"from {time} min", "field 'sdf1'", "region 'parenchyma'", "um", "DIVERGED_MAX_IT", "Cure:"):
        must(part in lines[0], f"'{part}' is not in: {lines[0]}")
    print(lines[0])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        whole, parts = pathlib.Path(scratch) / "whole", pathlib.Path(scratch) / "parts"
        must_end(nidus(["run", FILE, "--output", str(whole), *settings(VALUES)], 2), 0)

        # From the start, and again after an hour and a half: between two outputs.
        run = ["run", FILE, "--output", str(parts), *settings(VALUES)]
        must_fail([*run, *HOPELESS], 1, 0)
        must(newest(parts).name.endswith("0"), f"the last good state is not the first: {newest(parts)}")
        must_end(nidus([*run, "--resume", "--set", "Run/End time=90"], 2), 0)
        must_fail([*run, "--resume", *HOPELESS], 2, 90)
        last = (parts / "statistics.csv").read_text().splitlines()[-1]
        must(float(last.split(",")[0]) == 90, f"the last good state is not in the statistics: {last}")

        # What was saved is sound: the run goes on from it as if nothing had happened.
        must_end(nidus([*run, "--resume"], 2), 0)
        for name in ("fields.bin", "agents.bin"):
            must((newest(whole) / name).read_bytes() == (newest(parts) / name).read_bytes(), f"{name} differs")
        print("failed at once and later, with a checkpoint, and went on from it")


main()
