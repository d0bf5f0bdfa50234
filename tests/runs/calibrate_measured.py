"""Calibrations from what was measured, by sub-models without a run: all that are shipped can be used, two are done. And observables
from rows of a run's tables are what the tables of that run say."""
import csv
import json
import pathlib
import re
import tempfile

from nidus_run import SOURCE, must, must_end, nidus, nidus_alone, settings

SHIPPED = {"calibrate_chemotaxis.prm", "calibrate_speeds.prm", "calibrate_cascade.prm", "calibrate_nodules.prm",
           "calibrate_mobilisation.prm", "calibrate_timing.prm"}

BASE = """include quickstart.prm
subsection Run
  set End time = 2880
  set Macro step = 120
  set Motion steps per macro step = 1
end
subsection Output
  set Interval = 1440
end
subsection Organ
  set Cell size = 75
  set Refinements = 0
end
"""
FILE = """subsection Calibration
  set Base = base.prm
  set Data = data.csv
  set Replicates = 1
  set Ranks each = 2
end
subsection Parameters
  subsection shedding
    set Path = Blood/Circulating/tumour_cells/Shedding
    set Prior = log-uniform(2e-6, 4e-6)
  end
end
subsection Observables
  subsection colonies
    set Table = colonies
    set Statistic = count
    set Where = cells: 1 to 3, class: solitary
    set Transform = log1p
  end
  subsection cells
    set Table = colonies
    set Column = cells
    set Statistic = sum
    set Transform = log1p
  end
  subsection pairs
    set Table = pair_correlations
    set Column = pairs
    set Statistic = greatest
    set Where = distance: 0 to 100
    set Transform = log1p
  end
end
subsection Methods
  set Run = design
  set Design members = 2
end
"""
DATA = "observable,time,value,uncertainty\ncolonies,2880,9,3\ncells,1440,9,3\npairs,2880,9,3\n"


def summary_of(name, scratch):
    process = nidus(["calibrate", str(SOURCE / "params" / name), "--output", str(scratch / name)], 2, timeout=900)
    must_end(process, 0)
    return json.loads((scratch / name / "summary.json").read_text()), process.stdout


def check_shipped(scratch):
    files = {file.name for file in (SOURCE / "params").glob("calibrate_*.prm")} - {"calibrate_device.prm"}
    must(files == SHIPPED, f"this test knows other files than are shipped: {sorted(files ^ SHIPPED)}")
    for name in sorted(files):
        process = nidus_alone(["check", str(SOURCE / "params" / name)])
        must_end(process, 0)
        must("sub-models tell everything" in process.stdout, process.stdout)
    process = nidus_alone(["check", str(SOURCE / "params/calibrate_timing.prm")])
    must("2 of 2 numbers: unverified" in process.stdout, process.stdout)
    for table in sorted((SOURCE / "params/measured").glob("*.csv")):
        with table.open() as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        must(all(row["source"] and row["tag"] and row["status"] for row in rows), f"{table.name}: where is a number from?")
        # What is remembered is not verified.
        must(all(row["status"] != "verified" for row in rows if "[M]" in row["tag"]), f"{table.name}: [M] is not verified")


def check_speeds(scratch):
    summary, _ = summary_of("calibrate_speeds.prm", scratch)
    found = {parameter["name"]: parameter for parameter in summary["parameters"]}
    # sqrt(log(1 + (SD / mean)^2)), whatever the time between pictures and the persistence.
    for name, spread in (("spread_random", 0.66), ("spread_aligned", 0.42)):
        must(found[name]["q05"] < spread < found[name]["q95"], f"{name}: {found[name]}")
    must(found["persistence"]["width over prior"] > 0.7, f"no datum tells of persistence: {found['persistence']}")
    must(found["speed_random"]["width over prior"] < 0.5, f"{found['speed_random']}")
    held_out = [one["standardised residual"] for one in summary["measurements"] if one["held out"]]
    must(len(held_out) == 4 and all(abs(residual) < 3 for residual in held_out), f"held out: {held_out}")
    calibrated = scratch / "calibrate_speeds.prm/calibrated.prm"
    must("Persistence time" in calibrated.read_text(), "a parameter with a path is not in calibrated.prm")
    must_end(nidus_alone(["check", str(calibrated)]), 0)


def check_timing(scratch):
    summary, said = summary_of("calibrate_timing.prm", scratch)
    must("unverified" in said and all(one["status"] == "unverified" for one in summary["measurements"]), said)
    for one in summary["measurements"]:
        must(one["predicted q05"] < one["value"] < one["predicted q95"], f"{one}")
    must(not (scratch / "calibrate_timing.prm/calibrated.prm").exists(), "there is no model that could be written")


def rows_of(path, time):
    with path.open() as file:
        rows = [{re.sub(r" \[.*", "", name): value for name, value in row.items()} for row in csv.DictReader(file)]
    return [row for row in rows if float(row["time"]) == time]


def check_tables(scratch):
    folder = scratch / "tables"
    folder.mkdir()
    for name, text in (("file.prm", FILE), ("data.csv", DATA), ("base.prm", BASE)):
        (folder / name).write_text(text)
    must_end(nidus(["calibrate", str(folder / "file.prm"), "--output", str(folder / "out")], 2, timeout=900), 0)
    line = json.loads((folder / "out/journal/group_000.jsonl").read_text().splitlines()[-1])
    must_end(nidus(["run", str(folder / "base.prm"), "--output", str(folder / "run"), *settings([
        f"Blood/Circulating/tumour_cells/Shedding={line['parameters'][0]!r}", f"Run/Random seed={line['seed']}"])], 1), 0)
    colonies = rows_of(folder / "run/colonies.csv", 2880)
    expected = [sum(row["class"] == "solitary" and int(row["cells"]) <= 3 for row in colonies),
                sum(int(row["cells"]) for row in rows_of(folder / "run/colonies.csv", 1440)),
                max(int(row["pairs"]) for row in rows_of(folder / "run/pair_correlations.csv", 2880)
                    if float(row["distance"]) <= 100)]
    must(line["values"] == expected, f"{line['values']} instead of {expected}")
    must(expected[0] > 0 and len(colonies) > 0, f"nothing was counted: {expected}")
    for old, new, part in (("Table = pair_correlations", "Table = pair_correlation", "Observables/pairs/Table"),
                           ("Column = cells", "Column = cell", "Observables/cells/Column"),
                           ("cells: 1 to 3", "cells: few", "Observables/colonies/Where"),
                           ("Statistic = sum", "Statistic = total", "Observables/cells/Statistic")):
        (folder / "file.prm").write_text(FILE.replace(old, new))
        process = nidus(["calibrate", str(folder / "file.prm"), "--output", str(folder / "none")], 2)
        must_end(process, 2)
        must(part in process.stderr and process.stderr.count("nidus:") == 1, process.stderr)
    must(not (folder / "none").exists(), "what is refused writes nothing")


def check_refusals(scratch):
    """Of a sub-model with the real program."""
    folder = scratch / "refused"
    folder.mkdir()
    text = (SOURCE / "params/calibrate_chemotaxis.prm").read_text()
    for old, new, part in (("Sub-model = chemotaxis", "Sub-model = chemotaxi", "Observables/fastest_drift/Sub-model"),
                           ("cell diameter: 15, ", "", "cell diameter"),
                           ("Replicates = 1", "Replicates = 2", "Calibration/Replicates"),
                           ("Output = gradient of fastest drift", "Output = velocity", "column unit")):
        must(old in text, old)
        (folder / "file.prm").write_text(text.replace(old, new))
        process = nidus(["calibrate", str(folder / "file.prm"), "--output", str(folder / "none")], 2)
        must_end(process, 2)
        must(part in process.stderr and process.stderr.count("nidus:") == 1, process.stderr)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        check_shipped(scratch)
        check_speeds(scratch)
        check_timing(scratch)
        check_tables(scratch)
        check_refusals(scratch)


main()
