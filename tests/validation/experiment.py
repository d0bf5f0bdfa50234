"""An experiment done again with the program: runs it, reads tracks of cells, compares with a number, draws.

A script of this folder makes one Experiment and adds to it
  * runs: `experiment.run(name, settings)` gives the folder of a finished run of params/chemotaxis_device.prm, or of
    another FILE;
  * results: `experiment.compare(...)`, one line of JSON each, for the table of README.md;
  * a figure: `experiment.save(figure)`;
and ends with `experiment.finish()`. Each result has a verdict, "within" or "outside (documented)", that the script
expects from earlier: if the model changes over to the other, in either direction, the script fails, so that what is
documented stays true.
"""
import argparse
import csv
import json
import math
import pathlib
import shutil
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "runs"))

import matplotlib  # noqa: E402

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402,F401  (for the scripts)
import numpy as np  # noqa: E402
from nidus_run import SOURCE, must_end, nidus_alone, settings  # noqa: E402
from vtk_file import arrays  # noqa: E402

DEVICE = SOURCE / "params/chemotaxis_device.prm"
LENGTH, WIDTH, HEIGHT = 900.0, 200.0, 200.0   # um, of its channel
SCREENING = math.sqrt(7800.0 / 0.001)         # um, of its SDF-1
DIAMETER, SENSITIVITY, AFFINITY = 15.0, 6.0, 25.0  # um, um/min, nM, of its cells
MEASURED, MODEL, BAND = "#b03060", "#1f5f99", "#9bbbd8"  # colours of figures: experiment, model, interval of the model
WITHIN, OUTSIDE = "within", "outside (documented)"

# Cells that neither feel each other nor change the field: standard errors are those of independent tracks.
ALONE = ["Agents/csc/Repulsion=0", "Agents/csc/Receptors/cxcr4/Internalisation rate=0"]


class Experiment:
    """NAME as in the list of experiments, SOURCE_TAG as in params/README.md."""

    def __init__(self, name, title, source):
        parser = argparse.ArgumentParser(description=title)
        parser.add_argument("--quick", action="store_true", help="fewer cells, in seconds")
        parser.add_argument("--output", type=pathlib.Path, default=SOURCE / "build/validation",
                            help="folder of results")
        options = parser.parse_args()
        self.name, self.title, self.source, self.quick = name, title, source, options.quick
        self.folder = options.output.resolve()
        self.runs = self.folder / "runs" / name
        shutil.rmtree(self.runs, ignore_errors=True)
        self.runs.mkdir(parents=True)
        self.began, self.lines, self.failures = time.monotonic(), [], []

    def run(self, name, values, file=DEVICE, more=None, options=()):
        """The output folder of the run of FILE with VALUES ("Section/Entry=value") over its own; a name is in this folder.

        OPTIONS: of the command line. MORE: a file of this folder whose entries come after those of FILE, which includes none itself.
        """
        folder = self.runs / name
        file = pathlib.Path(__file__).parent / file
        if more:
            # Files include what is beside them.
            shutil.copy(file, self.runs)
            both = f"include {file.name}\n" + (pathlib.Path(__file__).parent / more).read_text()
            file = self.runs / f"{name}.prm"
            file.write_text(both)
        # However busy the machine is; an hour is a run that hangs.
        process = nidus_alone(["run", str(file), "--output", str(folder), *settings(values), *options], timeout=3600)
        must_end(process, 0)
        return folder

    def positions_file(self, name, points, kind="csc"):
        """The settings that put cells of a KIND at POINTS (n, 3) [um] and nowhere else."""
        file = self.runs / f"{name}.csv"
        np.savetxt(file, points, fmt="%.6f", delimiter=",", header="x,y,z", comments="")
        return [f"Agents/{kind}/Initial density=", f"Agents/{kind}/Initial positions file={file}"]

    def compare(self, quantity, model, error, measured, uncertainty, unit, verdict, expected, note=""):
        """One result: MODEL with its standard ERROR, and what was MEASURED with its UNCERTAINTY, texts or numbers.

        Instead of a standard error an interval (low, high) of two of them may be given, where it is not symmetric.

        VERDICT: whether the model is within, as found; EXPECTED: WITHIN or OUTSIDE, as documented.
        """
        interval = error if isinstance(error, tuple) else (model - 2 * error, model + 2 * error)
        found = WITHIN if verdict else OUTSIDE
        self.lines.append({"experiment": self.name, "quantity": quantity, "model": rounded(model),
                           "interval": [rounded(value) for value in interval], "measured": rounded(measured),
                           "uncertainty": rounded(uncertainty), "unit": unit, "source": self.source, "verdict": found,
                           "note": note})
        print("validation | " + json.dumps(self.lines[-1]), flush=True)
        self.must(found == expected, f"{quantity}: {found}, but it is documented as {expected}")

    def must(self, condition, text):
        """Notes a failure; the script goes on, so that all results and the figure can be looked at."""
        if not condition:
            self.failures.append(text)

    def save(self, figure):
        figure.suptitle(f"{self.name}: {self.title}", fontsize=11)
        figure.tight_layout()
        figure.savefig(self.folder / f"{self.name}.png", dpi=130)

    def finish(self):
        """Writes the results and ends the script: 0, or 1 if any was not as expected. Keeps the runs of a failure."""
        text = "".join(json.dumps(line) + "\n" for line in self.lines)
        (self.folder / f"{self.name}.json").write_text(text)
        seconds = time.monotonic() - self.began
        print(f"{self.name}: {len(self.lines)} results in {seconds:.0f} s, {self.folder}/{self.name}.png")
        for failure in self.failures:
            print("FAILED: " + failure)
        if not self.failures:
            shutil.rmtree(self.runs)
        sys.exit(1 if self.failures else 0)


def rounded(value):
    return float(f"{value:.4g}") if isinstance(value, (float, np.floating)) else value


def tracks(folder, first=0, kind="csc"):
    """(outputs, cells, 3) positions [um] and times [min] of a KIND from output FIRST on; without births and deaths."""
    files = sorted((folder / "agents").glob("agents_*.vtp"))[first:]
    data = [arrays(file) for file in files]
    keys = data[0]["key"]
    if any(one["key"] != keys for one in data):
        raise ValueError(f"{folder}: cells were born or have died")
    here = np.array(data[0]["type"]) == type_number(folder, kind)
    places = np.array([np.reshape(one["Points"], (-1, 3))[here] for one in data])
    return places, np.array([one["TimeValue"][0] for one in data])


def last_row(folder):
    """{column: number} of the last row of statistics.csv."""
    with (folder / "statistics.csv").open() as file:
        rows = list(csv.reader(file))
    return dict(zip(rows[0], map(float, rows[-1])))


def type_number(folder, kind, state=None):
    """The number by which outputs name a KIND of agent, or a STATE of it."""
    types = json.loads((folder / "legend.json").read_text())["agent_types"]
    found = next(one for one in types if one["name"] == kind)
    if state is None:
        return found["id"]
    return next(one["id"] for one in found["states"] if one["name"] == state)


def in_slab(n, centre, width, across=60.0, seed=1):
    """(n, 3) points, evenly over WIDTH um of the channel's length about CENTRE, and over ACROSS um about its axis.

    A wall turns a cell back the way it came: cells spread over the whole section drift 2.5 +- 0.5 % slower in 7 h.
    """
    spread = np.random.default_rng(seed).random((n, 3)) - 0.5
    return np.array([centre, WIDTH / 2, HEIGHT / 2]) + spread * [width, across, across]


def ends(low, high):
    """The settings that keep LOW and HIGH nM at the ends and start from the steady profile between them."""
    down, up, whole = (f"sinh(({way}) / {SCREENING})" for way in (f"{LENGTH} - x", "x", LENGTH))
    return [f"Boundaries/buffer/Value={low}", f"Boundaries/chemokine/Value={high}",
            f"Fields/sdf1/Initial value=({low} * {down} + {high} * {up}) / {whole}"]


def lasting(minutes, interval):
    """The settings of a run of so many MINUTES with outputs at this INTERVAL."""
    return [f"Run/End time={minutes}", f"Output/Interval={interval}", f"Output/Checkpoint interval={minutes}"]


def concentration(low, high, x):
    """Steady SDF-1 [nM] and its slope [nM/um] at X between such ends."""
    down, up, whole = (LENGTH - x) / SCREENING, x / SCREENING, math.sinh(LENGTH / SCREENING)
    value = (low * np.sinh(down) + high * np.sinh(up)) / whole
    return value, (high * np.cosh(up) - low * np.cosh(down)) / (SCREENING * whole)


def mean(sample, axis=0):
    """Mean and standard error."""
    sample = np.asarray(sample)
    return sample.mean(axis), sample.std(axis, ddof=1) / math.sqrt(sample.shape[axis])


def cosines(displacements):
    """Cosine between each of DISPLACEMENTS (n, 3) and the gradient, the x axis: its mean is the chemotactic index."""
    return displacements[:, 0] / np.linalg.norm(displacements, axis=1)


def straight_line(x, y, error):
    """Slope of the weighted straight line through Y with standard ERROR, and its standard error."""
    x, y, weight = np.asarray(x, float), np.asarray(y), 1.0 / np.asarray(error) ** 2
    centred = x - np.average(x, weights=weight)
    square = np.sum(weight * centred**2)
    return np.sum(weight * centred * y) / square, 1.0 / math.sqrt(square)


def label_ticks(axes, numbers):
    """Ticks of a logarithmic x axis at NUMBERS, written as such."""
    axes.set_xticks(numbers, [f"{number:g}" for number in numbers])
    axes.xaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
