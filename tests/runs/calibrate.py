"""Calibration with the real program: a kill and --resume repeat no run, answers do not depend on the groups, what cannot
be used is refused, and evaluate answers a program of ten lines."""
import csv
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from nidus_run import MPIEXEC, PROGRAM, SOURCE, must, must_end, nidus

BASE = """include chemotaxis_device.prm
subsection Observables
  subsection Tumour cells
    set Types = csc
    set Receptor = cxcr4
  end
end
subsection Run
  set End time = 120
end
subsection Organ
  set Cell size = 50
end
"""

FILE = """subsection Calibration
  set Base = base.prm
  set Data = data.csv
  set Random seed = 3
  set Replicates = 2
end
subsection Parameters
  subsection sensitivity
    set Path = Agents/csc/Receptors/cxcr4/Sensitivity
    set Prior = log-uniform(0.5, 30)
  end
  subsection internalisation
    set Path = Agents/csc/Receptors/cxcr4/Internalisation rate
    set Prior = log-uniform(0.05, 0.8)
    set Null = 0.2
  end
end
subsection Observables
  subsection occupancy
    set Column = tumour cells cxcr4 occupancy
    set Transform = logit
  end
  subsection uptake
    set Column = sdf1 taken up
    set Transform = log
  end
end
subsection Methods
  set Run = design, kalman, emulator, profile
  set Design members = 6
  set Kalman members = 6
  set Kalman iterations = 2
  set Emulator members = 4
  set Chain steps = 1000
  set Profile points = 5
end
"""

DATA = """# twin
observable,time,value,uncertainty,n,held_out
occupancy,60,0.65,0.02,1,0
uptake,60,6.5e7,4e6,1,0
occupancy,120,0.66,0.02,1,1
"""


def put(folder, file=FILE, data=DATA, base=BASE):
    folder.mkdir(exist_ok=True)
    for name, text in (("file.prm", file), ("data.csv", data), ("base.prm", base)):
        (folder / name).write_text(text)
    return folder / "file.prm"


def journal(folder):
    """Keys of all whole lines."""
    keys = []
    for path in (folder / "journal").glob("*.jsonl"):
        for line in path.read_text().splitlines():
            try:
                keys.append(json.loads(line)["key"])
            except ValueError:
                pass
    return keys


def killed(file, output, after):
    """Starts a calibration on two ranks and kills all of it when AFTER runs have ended."""
    process = subprocess.Popen([MPIEXEC, "-n", "2", PROGRAM, "calibrate", str(file), "--output", str(output)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while not (output / "journal").exists() or len(journal(output)) < after:
        must(process.poll() is None, "it ended before it was killed")
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.5)


def members(folder):
    with open(folder / "members.csv") as file:
        return list(csv.DictReader(file))


def check_results(folder):
    rows = members(folder)
    must({row["stage"].split(" ")[0] for row in rows} >= {"design", "emulator", "prediction"}, "stages are missing")
    must(all(row["end"] == "done" for row in rows), "members failed")
    summary = json.loads((folder / "summary.json").read_text())
    must([p["name"] for p in summary["parameters"]] == ["sensitivity", "internalisation"], "parameters of the summary")
    for parameter in summary["parameters"]:
        must(parameter["q05"] <= parameter["median"] <= parameter["q95"], f"quantiles of {parameter['name']}")
    emulator = summary["emulator"]
    must(emulator["runs"] >= 18 and len(emulator["left out one"]) == 2 and len(emulator["chains"]) == 2, f"{emulator}")
    must(summary["null hypothesis"]["verdict"] in ("no effect", "undecided", "effect"), f"{summary['null hypothesis']}")
    must([p["coordinate"] for p in summary["profile of the emulator"]] == ["sensitivity", "internalisation"], "profiles")
    checks = summary["posterior predictive check"]
    must(checks[0]["held out"] and all(0 < check["p value"] <= 1 for check in checks), f"{checks}")
    must(all(0 <= check["coverage of 90 % intervals"] <= 1 for check in emulator["left out one"]), f"{emulator}")
    must(sum(m["held out"] for m in summary["measurements"]) == 1, "what is held out")
    with open(folder / "posterior.csv") as file:
        must(abs(sum(float(row["weight"]) for row in csv.DictReader(file)) - 1) < 1e-9, "weights of the posterior")
    page = (folder / "report.html").read_text()
    must(page.count("<svg") >= 5 and page.count("<svg") == page.count("</svg>"), "pictures of the report")
    must("http" not in page.replace("http://www.w3.org/2000/svg", ""), "the report needs something from elsewhere")


def check_kill_and_resume(scratch):
    file = put(scratch / "kill")
    must_end(nidus(["calibrate", str(file), "--output", str(scratch / "whole")], 1), 0)
    check_results(scratch / "whole")
    killed(file, scratch / "cut", 5)
    before = journal(scratch / "cut")
    must(len(before) < len(journal(scratch / "whole")), "killed too late")
    # A line that was being written.
    with open(scratch / "cut/journal/group_000.jsonl", "a") as torn:
        torn.write('{"key":"0123')
    process = nidus(["calibrate", str(file), "--output", str(scratch / "cut"), "--resume"], 2)
    must_end(process, 0)
    keys = journal(scratch / "cut")
    must(len(keys) == len(set(keys)), "a run was repeated")
    must(set(keys) == set(journal(scratch / "whole")), "other runs than on one rank without a kill")
    must(set(before) <= set(keys), "runs were lost")
    for name in ("members.csv", "posterior.csv"):
        must((scratch / "cut" / name).read_text() == (scratch / "whole" / name).read_text(),
             f"{name} differs from that of one rank without a kill")
    # What was found is a file that runs.
    must_end(nidus(["check", str(scratch / "cut/calibrated.prm")], 1), 0)


def check_same_as_run(scratch):
    """A member is the run of its seed and its parameters, to the last digit."""
    # Not the first, so that its mesh is that of a run before it.
    line = json.loads((scratch / "whole/journal/group_000.jsonl").read_text().splitlines()[3])
    values = [f"Agents/csc/Receptors/cxcr4/Sensitivity={line['parameters'][0]!r}",
              f"Agents/csc/Receptors/cxcr4/Internalisation rate={line['parameters'][1]!r}",
              f"Run/Random seed={line['seed']}"]
    must_end(nidus(["run", str(scratch / "kill/base.prm"), "--output", str(scratch / "single"),
                    *[part for value in values for part in ("--set", value)]], 1), 0)
    with open(scratch / "single/statistics.csv") as file:
        rows = list(csv.DictReader(file))
    column = {name.split(" [")[0]: name for name in rows[0]}
    expected = [rows[1][column["tumour cells cxcr4 occupancy"]], rows[1][column["sdf1 taken up"]],
                rows[2][column["tumour cells cxcr4 occupancy"]]]
    must(line["values"] == [float(text) for text in expected], f"{line['values']} instead of {expected}")


def check_stop(scratch):
    output = scratch / "stopped"
    file = put(scratch / "stop")
    process = subprocess.Popen([PROGRAM, "calibrate", str(file), "--output", str(output)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    while not (output / "journal").exists() or len(journal(output)) < 2:
        must(process.poll() is None, "it ended before it was stopped")
        time.sleep(0.05)
    process.send_signal(signal.SIGALRM)
    text = process.communicate()
    must(process.returncode == 3, f"exit code {process.returncode} instead of 3: {text}")
    (output / "stop").touch()
    process = nidus(["calibrate", str(file), "--output", str(output), "--resume"], 2)
    must_end(process, 3)
    must(f"remove the file {output}/stop" in process.stdout, process.stdout)


def check_refusals(scratch):
    # (what is replaced in the file or the data, what the message must say, ranks)
    cases = [
        (("Path = Agents/csc/Receptors/cxcr4/Sensitivity", "Path = Agents/csc/Receptors/cxcr4/Sensitivty"),
         ["Parameters/sensitivity", "Sensitivty", "Sensitivity"]),
        (("log-uniform(0.05, 0.8)", "uniform(-1, 1)"), ["Parameters/internalisation", "Internalisation rate"]),
        (("set Prior = log-uniform(0.5, 30)", "set Prior = log-uniform(0.5, 30)\n    set Lower bound = 40"),
         ["Parameters/sensitivity"]),
        (("Column = sdf1 taken up", "Column = sdf1 takenup"), ["Observables/uptake/Column", "sdf1 taken up"]),
        (("occupancy,120", "occupancy,180"), ["data.csv, line 5", "180", "120"]),
        (("occupancy,120", "occupancy,90"), ["data.csv, line 5", "90", "60"]),
        (("0.65,0.02", "0.65,0"), ["data.csv, line 3", "uncertainty"]),
        (("0.65,0.02", "1.65,0.02"), ["data.csv, line 3", "between 0 and 1"]),
        (("Kalman members = 6", "Kalman members = 3"), ["Methods/Kalman members", "at least 4"]),
        (("set Replicates = 2", "set Replicates = 2\n  set Ranks each = 4"), ["Calibration/Ranks each", "mpirun"]),
        (("set Run = design, kalman, emulator, profile", "set Run = guess"), ["Methods/Run", "kalman"]),
        (("set Run = design, kalman, emulator, profile", "set Run = emulator"), ["Methods/Run", "before it"]),
        (("set Run = design, kalman, emulator, profile", "set Run = kalman, profile"), ["Methods/Run", "emulator"]),
        (("set Prior = log-uniform(0.5, 30)", "set Prior = log-uniform(0.5, 30)\n    set Null = 0"),
         ["Parameters/sensitivity/Null", "0.5"]),
        (("Base = base.prm", "Base = missing.prm"), ["missing.prm"]),
        (("set Transform = log\n", "set Transform = ln\n"), ["Observables/uptake/Transform", "log1p"]),
    ]
    for (old, new), parts in cases:
        must((old in FILE) != (old in DATA), f"'{old}' is not in one of file and data")
        file = put(scratch / "refused", FILE.replace(old, new), DATA.replace(old, new))
        process = nidus(["calibrate", str(file), "--output", str(scratch / "none")], 2)
        must_end(process, 2)
        text = process.stdout + process.stderr
        must(all(part in text for part in parts), f"{new}: {text}")
        must(text.count("nidus:") == 1, f"{new}: more than one message: {text}")
        must(not (scratch / "none/members.csv").exists(), f"{new}: something was written")
    for command in ("run", "mesh"):
        process = nidus([command, str(put(scratch / "refused")), "--output", str(scratch / "none")], 1)
        must_end(process, 2)
        must("nidus calibrate" in process.stderr and process.stderr.count("nidus:") == 1, process.stderr)


def check_evaluate(scratch):
    """The example of the README, with the file of this test."""
    example = re.search(r"```python\n(import json, subprocess.*?)```", (SOURCE / "README.md").read_text(), re.S).group(1)
    must(len(example.strip().splitlines()) <= 10, "the example has more than ten lines")
    file = put(scratch / "evaluated")
    for old, new in (("build/release/nidus", PROGRAM), ("params/calibrate_device.prm", str(file)),
                     ("sensitivity=6, dissociation=25, internalisation=0.198, speed=0.2",
                      "sensitivity=6, internalisation=0.198")):
        must(old in example, f"'{old}' is not in the example")
        example = example.replace(old, new)
    process = subprocess.run([sys.executable, "-c", example], cwd=scratch, capture_output=True, text=True, timeout=300)
    must(process.returncode == 0, process.stderr)
    must("occupancy at 60 min" in process.stdout, process.stdout)

    lines = [{"parameters": {"sensitivity": 6, "internalisation": 0.2}, "stream": 5},
             [{"parameters": {"sensitivity": s, "internalisation": 0.2}} for s in (1, 20)],
             {"parameters": {"sensitivity": 6}}, {"parameters": {"sensitivity": 6, "internalisation": -1}}, "no object"]
    text = "".join(json.dumps(line) + "\n" for line in lines) + "{\n"
    process = subprocess.run([MPIEXEC, "-n", "2", PROGRAM, "evaluate", str(file), "--output",
                              str(scratch / "answers")], input=text, capture_output=True, text=True, timeout=300)
    must(process.returncode == 0, process.stderr)
    answers = [json.loads(line) for line in process.stdout.splitlines()]
    must([next(iter(answer)) for answer in answers] ==
         ["observables", "observables", "observables", "error", "failed", "error", "error"], process.stdout)
    must(all(len(values) == 2 for values in answers[0]["observables"].values()), "two replicates")
    rise = [answer["observables"]["occupancy at 120 min"][0] for answer in answers[1:3]]
    must(rise[1] > rise[0], f"more sensitive cells must climb further: {rise}")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        check_kill_and_resume(scratch)
        check_same_as_run(scratch)
        check_stop(scratch)
        check_refusals(scratch)
        check_evaluate(scratch)


main()
