"""Replicates: each is the run of its seed, on any number of ranks; what is written beside them sums them up."""
import csv
import math
import pathlib
import shutil
import statistics
import tempfile

from nidus_run import SOURCE, must, must_end, nidus, settings

FILE = str(SOURCE / "params/quickstart.prm")
VALUES = settings(["Run/End time=1440", "Output/Interval=720", "Output/Checkpoint interval=720"])


def run(folder, *options, ranks=1):
    process = nidus(["run", FILE, "--output", str(folder), *VALUES, *options], ranks)
    must_end(process, 0)
    return process.stdout


def table(path):
    with open(path) as file:
        return [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]


def check_summaries(folder, number):
    singles = [table(folder / f"replicate_{r:03}" / "statistics.csv") for r in range(1, number + 1)]
    mean, deviation, median = (table(folder / f"statistics_{name}.csv") for name in ("mean", "sd", "q50"))
    varied = 0
    for r, row in enumerate(mean):
        for c, value in enumerate(row):
            # A number that some replicates do not have (NaN) is that of the others.
            values = [single[r][c] for single in singles if not math.isnan(single[r][c])]
            if not values:
                must(math.isnan(value), f"a mean of nothing in row {r}, column {c}")
                continue
            scale = max(map(abs, values)) or 1.0
            must(abs(value - statistics.mean(values)) < 1e-12 * scale, f"mean in row {r}, column {c}")
            must(abs(median[r][c] - statistics.median(values)) < 1e-12 * scale, f"median in row {r}, column {c}")
            if c > 0 and len(values) > 1:
                must(abs(deviation[r][c] - statistics.stdev(values)) < 1e-9 * scale, f"deviation, row {r}, column {c}")
                varied += deviation[r][c] > 0
    must(varied > 10, "replicates do not differ")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        run(scratch / "single", "--set", "Run/Random seed=3")
        run(scratch / "one", "--replicates", "3")
        run(scratch / "three", "--replicates", "3", ranks=3)
        run(scratch / "pair", "--replicates", "3", "--ranks-each", "2", ranks=3)
        check_summaries(scratch / "one", 3)
        events = (scratch / "single/events.csv").read_text()
        for name in ("one", "three", "pair"):
            must((scratch / name / "replicate_003/events.csv").read_text() == events, f"{name}: not the run of its seed")
        must((scratch / "one/statistics_mean.csv").read_text() == (scratch / "three/statistics_mean.csv").read_text(),
             "groups of one rank give another mean than one rank")

        # One that is missing and one that has not ended are made up for, the third is kept.
        shutil.rmtree(scratch / "one/replicate_002")
        provenance = scratch / "one/replicate_003/provenance.json"
        provenance.write_text(provenance.read_text().replace('"end_state": "done"', '"end_state": "running"'))
        kept = (scratch / "one/replicate_001/run.log").stat().st_mtime_ns
        text = run(scratch / "one", "--replicates", "3", "--resume", ranks=2)
        must("replicate 1" not in text and "replicate 2" in text and "replicate 3" in text, text)
        must((scratch / "one/replicate_001/run.log").stat().st_mtime_ns == kept, "what was done was touched")
        check_summaries(scratch / "one", 3)

        for options, parts in ((["--replicates", "2", "--ranks-each", "4"], ["--ranks-each", "4"]),
                               (["--replicates", "2", "--set", "Run/Random seed=-1"], ["Run/Random seed"]),
                               (["--replicates", "0"], ["--replicates"]), (["--ranks-each", "2"], ["--replicates"])):
            process = nidus(["run", FILE, "--output", str(scratch / "refused"), *options], 2)
            must_end(process, 2)
            message = process.stdout + process.stderr
            must(all(part in message for part in parts), message)
            must(not (scratch / "refused").exists(), "something was written")


main()
