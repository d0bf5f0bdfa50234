"""A run that goes on with other parameters: what is accepted, what only when asked for, what is refused; all is listed."""
import json
import pathlib
import shutil
import tempfile

from nidus_run import SOURCE, must, must_end, nidus_alone, settings

QUICK = (SOURCE / "params/quickstart.prm").read_text()
VALUES = ["Run/End time=120", "Output/Interval=60", "Output/Checkpoint interval=60"]

HARMLESS = ["Run/End time=180", "Output/Interval=90", "Output/Checkpoints kept=5", "Field solver/Newton tolerance=1e-7",
            "Run/Title=other"]
DRUG = """
subsection Interventions
  subsection plerixafor
    set Doses = 150: 2000
    set Half-life = 60
    set Half effect level = 25
    subsection Effects
      subsection affinity
        set On = receptor affinity
        set Targets = csc.cxcr4
      end
    end
  end
end
"""
FORWARD = ["Agents/csc/Speed=0.3", "Fields/vegf/Decay rate=0.02", "Blood/Tumour/Initial cells=1e8", "Adaptivity/Interval=60",
           "Adaptivity/Fields=sdf1"]
# (text that is added to the file, settings, what is named)
IMPOSSIBLE = [("", ["Organ/Cell size=30"], "Organ/Cell size"),
              ("", ["Run/Random seed=7"], "Run/Random seed"),
              ("", ["Run/Dimension=2"], None),
              ("", ["Run/Macro step=15"], "Run/Macro step"),
              ("", ["Agents/csc/Receptors/cxcr4/Kinetics=full", "Agents/csc/Receptors/cxcr4/Ligands=sdf1: 1"],
               "Agents/csc/Receptors/cxcr4/Kinetics"),
              ("", ["Agents/hpc/Transitions/multiply/Stages=4"], "Agents/hpc/Transitions/multiply/Stages"),
              ("subsection Fields\n subsection oxygen\n  set Decay rate = 1\n end\nend\n", [], "Fields/oxygen"),
              ("subsection Agents\n subsection csc\n  subsection States\n   subsection asleep\n   end\n  end\n end\nend\n", [],
               "Agents/csc/States/asleep"),
              ("subsection Observables\n subsection Sections\n  set Number = 4\n  set Of = tum\n end\nend\n", [],
               "Observables/Sections/Number")]


class Resumed:
    """Copies of one stopped run that go on with something else."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.prm = scratch / "run.prm"
        self.prm.write_text(QUICK)
        self.first = scratch / "first"
        must_end(nidus_alone(["run", str(self.prm), "--output", str(self.first), *settings(VALUES)]), 0)

    def go_on(self, values, code, text="", more=()):
        folder = self.scratch / "next"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.first, folder)
        self.prm.write_text(QUICK + text)
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        process = nidus_alone(["run", str(self.prm), "--output", str(folder), "--resume", *settings([*VALUES, *values]), *more])
        must_end(process, code)
        if code == 2:
            must(files == {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()},
                 f"what is refused has written: {values} {text}")
        return process, folder


def entry(value):
    return value.split("=")[0]


def check_accepted(resumed):
    process, folder = resumed.go_on(HARMLESS, 0)
    record = json.loads((folder / "provenance.json").read_text())["changed_parameters"]
    for value in HARMLESS:
        for text in (process.stdout, (folder / "run.log").read_text(), str(record)):
            must(entry(value) in text, f"{entry(value)} is not listed in {text}")
    must(len(record) == len(HARMLESS), f"{record}")
    process, folder = resumed.go_on([], 0)
    must("changed_parameters" not in json.loads((folder / "provenance.json").read_text()), "nothing has changed")


def check_forward(resumed):
    values = [*FORWARD, "Run/End time=240"]
    process, _ = resumed.go_on(values, 2, DRUG)
    for name in (*map(entry, FORWARD), "Interventions/plerixafor", "--allow-changes"):
        must(name in process.stderr, f"{name} is not in: {process.stderr}")
    must("End time" not in process.stderr, process.stderr)
    process, folder = resumed.go_on(values, 0, DRUG, ["--allow-changes"])
    for name in (*map(entry, values), "Interventions/plerixafor"):
        must("changed: " + name in (folder / "run.log").read_text(), f"{name} is not in the log")


def check_impossible(resumed):
    for text, values, name in IMPOSSIBLE:
        process, _ = resumed.go_on(values, 2, text, ["--allow-changes"])
        if name is not None:
            must(name in process.stderr and "does not fit" in process.stderr, f"{name}: {process.stderr}")


def main():
    with tempfile.TemporaryDirectory() as name:
        resumed = Resumed(pathlib.Path(name))
        check_accepted(resumed)
        check_forward(resumed)
        check_impossible(resumed)
    print(f"{len(HARMLESS)} harmless changes accepted, {len(FORWARD) + 1} that act forward accepted when asked for, "
          f"{len(IMPOSSIBLE)} refused")


main()
