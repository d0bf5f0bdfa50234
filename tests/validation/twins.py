"""Twin experiments: data are made by the model itself, with values that are drawn from the prior, other random numbers and noise of
measurement; then `nidus calibrate` is asked for the values. Of its 90 % intervals 90 % should hold the true one.

What is judged: for each case the number of intervals that hold it, over all parameters and twins, must not be fewer than chance
allows (once in a thousand, if each held it with 90 %). The interval of a rate is Wilson's, of two standard errors; it takes
parameters of one twin for independent.

A pair that only counts as a product must be reported as not told apart. A twin without an effect of the niche must not find one.
"""
import argparse
import json
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "runs"))

from nidus_run import SOURCE  # noqa: E402

PROGRAM = os.environ["NIDUS"]
INVERSE = {"none": lambda x: x, "log": math.exp, "log1p": math.expm1, "logit": lambda x: 1 / (1 + math.exp(-x))}
TRANSFORM = {"none": lambda x: x, "log": math.log, "log1p": math.log1p, "logit": lambda x: math.log(x / (1 - x))}
# Error of a value whose transformed one has an error of 1.
SLOPE = {"none": lambda x: 1.0, "log": lambda x: x, "log1p": lambda x: 1 + x, "logit": lambda x: x * (1 - x)}
DRAW = {"uniform": lambda r, a, b: r.uniform(a, b), "log-uniform": lambda r, a, b: math.exp(r.uniform(math.log(a), math.log(b))),
        "normal": lambda r, a, b: r.gauss(a, b), "log-normal": lambda r, a, b: a * math.exp(r.gauss(0, math.log(b)))}

WALK = "sub:persistent walk|{}|speed: speed, speed spread: spread, persistence time: persistence"
CHAIN = ("sub:survival chain|{}|extravasation: extravasation, death in vessel: death, decision: 3.07e-3, growing share: growing, "
         "death alone: alone, cycle time: 960, lasting share: 0.01")
RECEPTOR = "Agents/csc/Receptors/cxcr4/"
CASES = {
    # parameters: path of the base file or "", text, prior; observables: where from, transform, error of a transformed value, times
    "walk": {
        "base": None, "twins": (8, 40), "methods": {"kalman": 60, "abc": 60},
        "parameters": {"speed": ("", "%", "log-normal", 0.2, 1.8), "spread": ("", "%", "uniform", 0.1, 1.0),
                       "persistence": ("", "%", "log-normal", 15, 2)},
        "observables": {"way": (WALK.format("mean square displacement"), "log", 0.1, (5, 30, 120, 480)),
                        "speed_seen": (WALK.format("mean speed seen from above"), "log", 0.05, (15,)),
                        "spread_seen": (WALK.format("deviation of speeds seen from above"), "log", 0.1, (15,))}},
    "cascade": {
        "base": None, "twins": (0, 40), "methods": {"kalman": 60, "kalman, emulator": 60},
        "parameters": {"extravasation": ("", "%", "log-uniform", 2e-4, 2e-3), "death": ("", "%", "log-uniform", 5e-5, 1e-3),
                       "growing": ("", "%", "log-uniform", 0.01, 0.3), "alone": ("", "%", "log-uniform", 1e-5, 2e-4)},
        "observables": {"extravasated": (CHAIN.format("extravasated"), "logit", 0.1, (720, 1440, 4320)),
                        "alive": (CHAIN.format("alive"), "logit", 0.1, (1440, 4320)),
                        "colonies": (CHAIN.format("colonies of four"), "log", 0.2, (4320, 10080)),
                        "alone": (CHAIN.format("alone"), "logit", 0.1, (4320, 18720))}},
    "device": {
        "base": (HERE / "twin_device.prm").read_text(), "twins": (0, 20), "methods": {"kalman": 20, "kalman, emulator": 20},
        "parameters": {"sensitivity": (RECEPTOR + "Sensitivity", "%", "log-uniform", 0.5, 30),
                       "dissociation": (RECEPTOR + "Dissociation constant", "%", "log-normal", 25, 1.5),
                       "internalisation": (RECEPTOR + "Internalisation rate", "%", "log-uniform", 0.05, 0.8)},
        "observables": {"occupancy": ("tumour cells cxcr4 occupancy", "logit", 0.05, (60, 360, 720)),
                        "uptake": ("sdf1 taken up", "log", 0.05, (60, 720))}},
    "lung": {
        "base": (HERE / "twin_lung.prm").read_text(), "twins": (0, 20), "methods": {"kalman": 20, "kalman, emulator": 20},
        "parameters": {"activation": ("Agents/fib/Transitions/activate/Base rate", "%", "log-uniform", 1e-4, 3e-3),
                       "effect": ("Agents/csc/Transitions/engage/Weights", "fibronectin: %", "normal", 0, 2),
                       "shedding": ("Blood/Circulating/tumour_cells/Shedding", "%", "log-uniform", 1e-6, 1e-5)},
        "observables": {"activated": ("agents fib activated", "log1p", 0.05, (1440, 4320)),
                        "engaged": ("agents csc engaged", "log1p", 0.05, (2880, 4320)),
                        "dormant": ("agents csc dormant", "log1p", 0.05, (2880, 4320)),
                        "migrating": ("agents csc migrating", "log1p", 0.05, (2880, 4320))}},
}
PAIR = """subsection Calibration
  set Data = data.csv
  set Replicates = 1
end
subsection Parameters
  subsection shedding
    set Prior = log-uniform(1e-9, 1e-6)
  end
  subsection founding
    set Prior = log-uniform(1e-6, 1e-3)
  end
end
subsection Observables
  subsection nodules
    set Sub-model = nodule counts
    set Output = mean
    set Arguments = shedding: shedding, founding share: founding, initial cells: 2e6, doubling time: 1440, \\
                    carrying capacity: 5e9, time of count: 50400, growth time: 7200, spread: 0.8
    set Transform = log
  end
end
subsection Methods
  set Run = kalman
  set Kalman members = 40
end
"""


def section(name, entries, inside=""):
    return f"subsection {name}\n" + "".join(f"  set {key} = {value}\n" for key, value in entries.items()) + inside + "end\n"


def calibration_file(case, seed, method, members):
    """Text of the calibration of a CASE; H0 is that an 'effect' is zero."""
    whole = case["base"] is None
    head = {"Data": "data.csv", "Random seed": seed, "Replicates": 1 if whole else 2}
    if not whole:
        head.update({"Base": "base.prm", "One realisation": "true"})
    parameters, observables = "", ""
    for name, (path, text, prior, first, second) in case["parameters"].items():
        entries = {"Prior": f"{prior}({first}, {second})"} | ({"Path": path, "Text": text} if path else {})
        entries |= {"Null": 0} if name == "effect" else {}
        parameters += section(name, entries)
    for name, (source, transform, _, _) in case["observables"].items():
        entries = {"Column": source}
        if source.startswith("sub:"):
            entries = dict(zip(("Sub-model", "Output", "Arguments"), source[4:].split("|")))
        observables += section(name, entries | {"Transform": transform})
    methods = {"Run": method, "Kalman members": members, "Kalman iterations": 20, "ABC particles": members,
               "ABC generations": 6, "ABC members": 1500, "Emulator members": 10, "Emulator runs": 150, "Chain steps": 2000}
    return (section("Calibration", head) + section("Parameters", {}, parameters) + section("Observables", {}, observables)
            + section("Methods", methods))


def places(case):
    """(name, time, transform, error) of each measurement."""
    return [(name, time, transform, error) for name, (_, transform, error, times) in case["observables"].items()
            for time in times]


def table(case, values):
    rows = ["observable,time,value,uncertainty"]
    for (name, time, transform, error), value in zip(places(case), values):
        rows.append(f"{name},{time},{value!r},{error * SLOPE[transform](value)!r}")
    return "\n".join(rows) + "\n"


def nidus(arguments, text=None):
    # However busy the machine is; an hour is a run that hangs.
    process = subprocess.run([PROGRAM, *map(str, arguments)], input=text, capture_output=True, text=True, timeout=3600)
    if process.returncode != 0:
        sys.exit(f"nidus {arguments[0]}: exit code {process.returncode}\n{process.stdout}{process.stderr}")
    return process.stdout


def write(folder, case, seed, method, members, values):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "file.prm").write_text(calibration_file(case, seed, method, members))
    (folder / "data.csv").write_text(table(case, values))
    if case["base"] is not None:
        (folder / "base.prm").write_text(case["base"])
    return folder / "file.prm"


def truths(folder, case, n_twins, fixed):
    """True values of each twin, and its data: the model with other random numbers, and noise. FIXED: values that all have."""
    generator = random.Random(20071)
    true = [{name: fixed.get(name, DRAW[prior](generator, first, second))
             for name, (_, _, prior, first, second) in case["parameters"].items()} for _ in range(n_twins)]
    middle = [INVERSE[transform](0.0) + (transform == "log1p") for _, _, transform, _ in places(case)]
    file = write(folder / "truths", case, 987654, "kalman", 16, middle)
    lines = [json.dumps({"parameters": values, "stream": twin}) for twin, values in enumerate(true)]
    answers = nidus(["evaluate", file, "--output", folder / "truths/out"], "\n".join(lines) + "\n").splitlines()
    data = []
    for answer in map(json.loads, answers):
        told = [replicates[0] for replicates in answer["observables"].values()]
        data.append([INVERSE[transform](TRANSFORM[transform](value) + error * generator.gauss(0, 1))
                     for (_, _, transform, error), value in zip(places(case), told)])
    return true, data


def share(count, number, z=2.0):
    """Wilson's interval of Z standard errors."""
    p = count / number
    middle = (p + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * math.sqrt(p * (1 - p) / number + z * z / (4 * number**2))
    return middle - half, middle + half


def least_count(number, rate=0.9, chance=1e-3):
    """The greatest count that fewer than CHANCE of binomial numbers are below."""
    total = 0.0
    for count in range(number + 1):
        total += math.comb(number, count) * rate**count * (1 - rate) ** (number - count)
        if total > chance:
            return count
    return number


class Twins:
    def __init__(self, folder):
        self.folder, self.failures, self.lines = folder, [], []

    def tell(self, case, quantity, count, number, good):
        low, high = share(count, number)
        self.lines.append({"case": case, "quantity": quantity, "count": count, "of": number,
                           "interval": [round(low, 3), round(high, 3)]})
        print("twins | " + json.dumps(self.lines[-1]), flush=True)
        if not good:
            self.failures.append(f"{case}: {quantity}: {count} of {number}")

    def calibrated(self, folder, case, method, members, twin, values):
        """A method that begins as another one did takes its runs over."""
        file = write(folder / str(twin), case, 100 + twin, method, members, values)
        known = (file.parent / "out").exists()
        nidus(["calibrate", file, "--output", file.parent / "out", *(["--resume"] if known else [])])
        return json.loads((file.parent / "out/summary.json").read_text())

    def coverage(self, name, n_twins, methods):
        """How often 90 % intervals hold the true value."""
        case, folder = CASES[name], self.folder / name
        true, data = truths(folder, case, n_twins, {})
        for method in methods:
            inside = {}
            for twin in range(n_twins if method == "kalman" else min(n_twins, 20)):
                summary = self.calibrated(folder, case, method, case["methods"][method], twin, data[twin])
                for parameter in summary["parameters"]:
                    hit = parameter["q05"] <= true[twin][parameter["name"]] <= parameter["q95"]
                    inside.setdefault(parameter["name"], []).append(hit)
            for parameter, hits in inside.items():
                self.tell(name, f"{method}: {parameter} inside its 90 % interval", sum(hits), len(hits),
                          sum(hits) >= least_count(len(hits), chance=1e-4))
            hits = sum(inside.values(), [])
            self.tell(name, f"{method}: all", sum(hits), len(hits), sum(hits) >= least_count(len(hits)))
        shutil.rmtree(folder)

    def pair(self):
        """Two parameters of which only the product counts."""
        folder = self.folder / "pair"
        folder.mkdir(parents=True)
        (folder / "file.prm").write_text(PAIR)
        (folder / "data.csv").write_text("observable,time,value,uncertainty\nnodules,0,6,1\n")
        nidus(["calibrate", folder / "file.prm", "--output", folder / "out"])
        said = json.loads((folder / "out/summary.json").read_text())["not identified"]
        told = any("shedding" in sentence and "founding" in sentence for sentence in said)
        self.tell("pair", "shedding and founding are reported as not told apart", int(told), 1, told)

    def null(self, n_twins):
        """The lung block without an effect of fibronectin: none may be found, and mostly it is said that there is none."""
        case, folder = CASES["lung"], self.folder / "null"
        _, data = truths(folder, case, n_twins, {"effect": 0.0})
        for method, members in case["methods"].items():
            verdicts = [self.calibrated(folder, case, method, members, twin, data[twin])["null hypothesis"]["verdict"]
                        for twin in range(n_twins)]
            self.tell("null", f"{method}: verdict 'effect' though there is none", verdicts.count("effect"), n_twins,
                      verdicts.count("effect") <= 1)
            self.tell("null", f"{method}: verdict 'no effect'", verdicts.count("no effect"), n_twins,
                      2 * verdicts.count("no effect") > n_twins)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the walk with few twins, and the pair: seconds")
    parser.add_argument("--only", help="cases with commas between them, of " + ", ".join([*CASES, "pair", "null"]))
    parser.add_argument("--output", type=pathlib.Path, default=SOURCE / "build/validation", help="folder of twins.json")
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else [*CASES, "pair", "null"]
    with tempfile.TemporaryDirectory() as scratch:
        twins = Twins(pathlib.Path(scratch))
        for name, case in CASES.items():
            n_twins = case["twins"][0 if options.quick else 1]
            if name in chosen and n_twins > 0:
                twins.coverage(name, n_twins, list(case["methods"])[:1 if options.quick else None])
        if "pair" in chosen:
            twins.pair()
        if "null" in chosen and not options.quick:
            twins.null(10)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "twins.json").write_text("".join(json.dumps(line) + "\n" for line in twins.lines))
    for failure in twins.failures:
        print("FAILED: " + failure)
    sys.exit(1 if twins.failures else 0)


main()
