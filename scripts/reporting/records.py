"""Reading of what a run tells of itself: JSON, tables and the log of one output folder.

Whatever is missing or damaged becomes a line of `missing`; the rest is read all the same. Times are in days.
"""

import csv
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from rendering import dataset

MINUTES_PER_DAY = 1440.0


@dataclass
class Rows:
    """A table with text cells; `names` as in the header, units included."""

    names: list
    cells: list

    def column(self, name):
        """Cells of the column whose header begins with `name` before its unit."""
        index = [n.rpartition(" [")[0] for n in self.names].index(name)
        return [row[index] for row in self.cells]


@dataclass
class Record:
    """One run. None, or empty, is what could not be read."""

    folder: Path
    provenance: dict = field(default_factory=dict)
    parameters: dict = field(default_factory=dict)
    legend: dataset.Legend = None
    table: dataset.Table = None
    last_row: dict = field(default_factory=dict)  # {column of statistics.csv: text}
    colonies: Rows = None
    timing: dict = field(default_factory=dict)
    warnings: list = field(default_factory=list)  # (text, how often)
    log: list = field(default_factory=list)
    missing: list = field(default_factory=list)


def read_json(path, missing):
    """Content of a JSON file; {} and a line of `missing` where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        missing.append(f"{path.name} is not there")
    except (OSError, ValueError) as error:
        missing.append(f"{path.name} cannot be read: {error}")
    return {}


def read_rows(path):
    """Rows of a CSV file with a header, without an unfinished last one; None where there is no such file."""
    if not path.is_file():
        return None
    rows = [row for row in csv.reader(path.read_text(encoding="utf-8", errors="replace").splitlines()) if row]
    return Rows(rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]) if rows else None


def read_log(folder, missing):
    """(lines, [(warning, number of times)]) of run.log."""
    try:
        lines = (folder / "run.log").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        missing.append("run.log is not there")
        return [], []
    times = {}
    for line in lines:
        if line.startswith("warning: "):
            times.setdefault(line.removeprefix("warning: "), 1)
    for line in lines:
        counted = re.fullmatch(r"  (.*) \((\d+) times\)", line)
        if counted and counted[1] in times:
            times[counted[1]] = int(counted[2])
    return lines, list(times.items())


def read_statistics(record):
    """Fills the table and the last row of `record`."""
    try:
        record.table = dataset.read_statistics(record.folder, record.legend.units_per_day if record.legend else
                                               MINUTES_PER_DAY)
    except dataset.DatasetError as error:
        record.missing.append(str(error).split(";", maxsplit=1)[0])
        return
    rows = read_rows(record.folder / "statistics.csv")
    record.last_row = dict(zip(rows.names, rows.cells[-1]))


def read_record(folder):
    """The record of the run in `folder`, which exists."""
    record = Record(folder)
    record.provenance = read_json(folder / "provenance.json", record.missing)
    record.parameters = read_json(folder / "parameters.json", record.missing)
    record.timing = read_json(folder / "timing.json", record.missing)
    try:
        record.legend = dataset.read_legend(folder)
    except dataset.DatasetError as error:
        record.missing.append(str(error).split(";", maxsplit=1)[0])
    read_statistics(record)
    record.colonies = read_rows(folder / "colonies.csv")
    record.log, record.warnings = read_log(folder, record.missing)
    return record


def replicate_folders(folder):
    """Folders of the replicates in `folder`, in their order; empty: it is the folder of one run."""
    return sorted(path for path in folder.glob("replicate_[0-9]*") if path.is_dir())
