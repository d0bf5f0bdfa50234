"""A sweep: each run is that of its values, on any number of ranks; --resume makes up for what is missing."""
import csv
import pathlib
import shutil
import tempfile

from nidus_run import SOURCE, must, must_end, nidus, settings

FILE = str(SOURCE / "params/quickstart.prm")
VALUES = settings(["Run/End time=240", "Output/Interval=120", "Output/Checkpoint interval=120"])
# Values with units, and values that hold commas themselves.
SWEEP = ["--sweep", "Fields/sdf1/Diffusivity=60 um^2/s, 1800",
         "--sweep", "Organ/Block/Size=450, 450, 300; 300 um, 300 um, 300 um"]
COMBINED = [("60 um^2/s", "450, 450, 300"), ("60 um^2/s", "300 um, 300 um, 300 um"), ("1800", "450, 450, 300"),
            ("1800", "300 um, 300 um, 300 um")]
REFUSED = [(["--sweep", "Fields/sdf1/Diffusivity=1800,60 um/s"], ["Fields/sdf1/Diffusivity", "60 um/s", "um^2/min"]),
           (["--sweep", "Fields/sdf1/Difusivity=1,2"], ["Difusivity", "'Diffusivity'"]),
           (["--sweep", "Run/Macro step=30,31"], ["Run/End time", "multiple"]),
           (["--sweep", "Run/Macro step=30,30"], ["--sweep", "differ"]), (["--sweep", "Run/Macro step"], ["--sweep"]),
           (["--sweep", "Run/Macro step=30,15", "--sweep", "Run/Macro step=10"], ["each entry once"]),
           (["--sweep", "Run/Macro step=30,15", "--replicates", "2"], ["--sweep", "--replicates"])]


def run(folder, *options, ranks=1):
    process = nidus(["run", FILE, "--output", str(folder), *VALUES, *options], ranks)
    must_end(process, 0)
    return process.stdout


def table(folder):
    with open(folder / "sweep.csv") as file:
        return list(csv.DictReader(file))


def check_runs(folder, scratch):
    rows = table(folder)
    must([(row["Fields/sdf1/Diffusivity"], row["Organ/Block/Size"]) for row in rows] == COMBINED, f"{rows}")
    must([(row["run"], row["end"], row["folder"]) for row in rows] ==
         [(str(n), "done", f"sweep_00{n}") for n in range(1, 5)], f"{rows}")
    single = scratch / "single"
    if not single.exists():
        run(single, *settings(["Fields/sdf1/Diffusivity=1800", "Organ/Block/Size=300, 300, 300"]))
    for name in ("events.csv", "statistics.csv"):
        must((folder / "sweep_004" / name).read_text() == (single / name).read_text(), f"{name} is not that of its values")
    others = {(folder / f"sweep_00{n}/statistics.csv").read_text() for n in range(1, 5)}
    must(len(others) == 4, "runs of different values are the same")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        run(scratch / "one", *SWEEP)
        check_runs(scratch / "one", scratch)
        run(scratch / "two", *SWEEP, ranks=2)
        check_runs(scratch / "two", scratch)

        shutil.rmtree(scratch / "one/sweep_002")
        kept = (scratch / "one/sweep_001/run.log").stat().st_mtime_ns
        text = run(scratch / "one", *SWEEP, "--resume")
        must("sweep 2" in text and "sweep 1" not in text, text)
        must((scratch / "one/sweep_001/run.log").stat().st_mtime_ns == kept, "what was done was touched")
        check_runs(scratch / "one", scratch)
        process = nidus(["run", FILE, "--output", str(scratch / "one"), *VALUES, "--resume", "--sweep",
                         "Fields/sdf1/Diffusivity=900,1800"], 2)
        must_end(process, 2)
        must("sweep.csv" in process.stderr, process.stderr)

        for number, (options, parts) in enumerate(REFUSED):
            process = nidus(["run", FILE, "--output", str(scratch / "refused"), *VALUES, *options], 1 + number % 2)
            must_end(process, 2)
            message = process.stdout + process.stderr
            must(all(part in message for part in parts), message)
            must(not (scratch / "refused").exists(), "something was written")


main()
