"""Observables are the same on 1, 2 and 3 ranks and after a restart, and cost nothing in files when they are off."""
import csv
import math
import pathlib
import tempfile

from nidus_run import SOURCE, must, must_end, nidus, settings
from same_on_any_ranks import LIVELY
from vtk_file import arrays

QUICK = SOURCE / "params/quickstart.prm"

OBSERVABLES = """
subsection Observables
  subsection Niche index
    set Weights = fibronectin: 1, progenitors: 1, cxcr4: 1, systemic_drive: -0.5
    set Of = csc
  end
  subsection Colonies
    set Types = csc, tum
    set States = csc.migrating, csc.engaged, csc.dormant, csc.proliferating
    set Distance = 40
    set Micro from = 4
    set Macro diameter = 60
  end
  subsection Sections
    set Number = 10
    set Of = hpc, tum
    set Cluster size = 2
    set Cluster distance = 60
  end
  subsection Positive fractions
    subsection fibronectin
      set Field = fibronectin
      set Above = 0.01
    end
  end
  subsection Pair correlations
    subsection hpc_tumour
      set From = csc, tum
      set To = hpc
    end
    subsection tumour
      set From = tum
      set To = tum
      set Radius = 100
      set Bins = 5
    end
  end
  subsection Tumour cells
    set Types = csc, tum
    set Receptor = cxcr4
    set Field = sdf1
  end
  subsection Fates
    set Types = csc, tum
    set Dormant = csc.dormant
    set Engaged = csc.engaged, tum.proliferating
  end
  subsection Blood gradients
    subsection sdf1
      set Field = sdf1
      set Factor = sdf1
    end
  end
end
"""
TABLES = ("colonies.csv", "sections.csv", "pair_correlations.csv")
# Enough tumour cells for colonies of all classes, which move, merge and fall apart.
CROWDED = [*LIVELY, "Agents/tum/Initial density=parenchyma: 6e-6", "Agents/csc/Initial density=parenchyma: 1e-6",
           "Agents/csc/Initial state=migrating", "Output/Interval=240"]


def rows(file):
    with open(file) as stream:
        return list(csv.DictReader(stream))


def close(one, other, tolerance):
    """Numbers that are equal within a tolerance, or equal words."""
    try:
        a, b = float(one), float(other)
    except ValueError:
        return one == other
    return abs(a - b) <= tolerance or (math.isnan(a) and math.isnan(b))


def size_of(table, column):
    numbers = [abs(float(row[column])) for row in table if row[column].replace("nan", "").strip(".-e0123456789") == ""
               and row[column] != "nan"]
    return max(numbers, default=0.0)


def equal_tables(one, other, name):
    a, b = rows(one / name), rows(other / name)
    must(len(a) == len(b), f"{name}: {len(a)} and {len(b)} rows")
    must(len(a) > 2, f"{name} is empty")
    # How often the solver iterates is no result.
    # The statistics hold fields, which are solved to a tolerance; tables come from agents, whose places are equal.
    relative = 1e-9 if name == "statistics.csv" else 1e-12
    columns = [c for c in a[0] if "iterations" not in c and "ledger residual" not in c]
    for column in columns:
        tolerance = relative * size_of(a, column)
        for x, y in zip(a, b):
            must(close(x[column], y[column], tolerance), f"{name}: {column} is {x[column]} and {y[column]}")
            if column in ("colony [id]", "class [name]", "cells [1]", "pairs [1]", "count [1]", "split from [id]",
                          "founders [1]", "colonies micro [1]"):
                must(x[column] == y[column], f"{name}: {column} is {x[column]} and {y[column]}")


def run(prm, output, values, ranks, *more):
    return nidus(["run", str(prm), "--output", str(output), *more, *settings(values)], ranks)


def same_on_ranks(scratch, prm):
    values = ["Run/End time=720", *CROWDED]
    for ranks in (1, 2, 3):
        must_end(run(prm, scratch / str(ranks), values, ranks), 0)
    for ranks in (2, 3):
        for name in ("statistics.csv", *TABLES):
            equal_tables(scratch / "1", scratch / str(ranks), name)
    table = rows(scratch / "1/colonies.csv")
    kinds = {row["class [name]"] for row in table}
    must(kinds == {"solitary", "cluster", "micro", "macro"}, f"only colonies that are {kinds}")
    must(any(float(row["age [min]"]) > 0 for row in table), "no colony is followed in time")
    must(any(int(row["former colonies [1]"]) > 1 for row in table), "no colonies have merged")
    must(any(row["split from [id]"] != "0" for row in table), "no colony has fallen apart")
    for time in {row["time [min]"] for row in table}:
        ids = [row["colony [id]"] for row in table if row["time [min]"] == time]
        must(len(set(ids)) == len(ids), "two colonies share an id")
    return values


def arrays_of(scratch):
    """The point arrays agree with the tables."""
    folder = scratch / "1"
    data = arrays(sorted((folder / "agents").glob("*.vtp"))[-1])
    last = rows(folder / "statistics.csv")[-1]
    table = [row for row in rows(folder / "colonies.csv") if row["time [min]"] == last["time [min]"]]
    must({int(row["colony [id]"]): int(row["agents [1]"]) for row in table} ==
         {c: data["colony"].count(c) for c in set(data["colony"]) if c != 0}, "agents have other colonies")
    for i, index in enumerate(data["niche_index"]):
        signals = [data[f"signal_{name}"][i] for name in ("fibronectin", "progenitors", "cxcr4")]
        must(abs(index - (1 - math.exp(-sum(signals)))) < 1e-12, "the niche index is not that of its signals")
    nodes = arrays(sorted((folder / "fields").glob("fields_*.vtu"))[-1])
    greatest = max(nodes["niche_index"])
    must(0 < greatest <= 1, f"the niche index is {greatest}")
    for i, index in enumerate(nodes["niche_index"]):
        if index > 0:
            must(abs(nodes["signal_fibronectin"][i] - min(nodes["fibronectin"][i], 1)) < 1e-12,
                 "the signal of fibronectin is not that of the nodal value")


def restarted(scratch, prm, values):
    parts = scratch / "parts"
    must_end(run(prm, parts, [*values, "Run/End time=480", "Output/Checkpoint interval=480"], 2), 0)
    must_end(run(prm, parts, values, 2, "--resume"), 0)
    for name in TABLES:
        must((parts / name).read_text() == (scratch / "2" / name).read_text(), f"{name} differs after a restart")
    last = [(folder / "statistics.csv").read_text().splitlines()[-1] for folder in (parts, scratch / "2")]
    must(last[0] == last[1], "the statistics differ after a restart")
    process = run(QUICK, parts, [*values, "Run/End time=960"], 1, "--resume")
    must_end(process, 2)
    must("Observables" in process.stderr or "columns" in process.stderr, process.stderr)


def off(scratch):
    prm = scratch / "off.prm"
    prm.write_text(QUICK.read_text().replace("include niche/observables.prm\n", ""))
    must_end(run(prm, scratch / "off", ["Run/End time=60", "Output/Interval=60"], 1), 0)
    must(not any((scratch / "off" / name).exists() for name in TABLES), "tables of observables that are off")


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        prm = scratch / "observables.prm"
        prm.write_text(QUICK.read_text() + OBSERVABLES)
        values = same_on_ranks(scratch, prm)
        arrays_of(scratch)
        restarted(scratch, prm, values)
        off(scratch)
    print("tables equal on 1, 2 and 3 ranks and after a restart; arrays agree with them")


main()
