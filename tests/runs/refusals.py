"""Wrong input ends with exit code 2 and one message that names the fault, and leaves nothing behind."""
import pathlib
import tempfile

from nidus_run import SOURCE, must, nidus, settings

QUICK = SOURCE / "params/quickstart.prm"

# What is wrong -> (settings, what the message must contain)
CASES = {
    "unknown entry": (["Run/End tyme=3"], ["Run/End tyme", "End time"]),
    "unknown subsection": (["Ron/End time=3"], ["Ron", "Run"]),
    "not a number": (["Run/End time=soon"], ["End time", "soon"]),
    "negative diffusivity": (["Fields/sdf1/Diffusivity=-5"], ["Fields/sdf1/Diffusivity", "-5"]),
    "negative decay": (["Fields/vegf/Decay rate=-1"], ["Fields/vegf/Decay rate", "-1"]),
    "unknown field in a signal": (["Signals/fibronectin/Of=laminin"], ["laminin", "fibronectin"]),
    "unknown signal in a transition": (["Agents/csc/Transitions/engage/Weights=luck: 1"],
                                       ["Agents/csc/Transitions/engage/Weights", "luck"]),
    "unknown field in a receptor": (["Agents/csc/Receptors/cxcr4/Ligands=sdf2: 1"], ["sdf2", "sdf1"]),
    "unknown state": (["Agents/csc/Transitions/engage/To=married"], ["married", "engaged"]),
    "impossible probability": (["Agents/csc/Transitions/divide/Daughters=csc.proliferating + tum.proliferating: 1.3"],
                               ["Agents/csc/Transitions/divide/Daughters", "1.3"]),
    "arrest probability above one": (["Blood/Circulating/hpc/Arrest probability=1.5"], ["Arrest probability", "1.5"]),
    "fractions that do not sum to one": (["Blood/Circulating/tumour_cells/Arrives as=csc.arrested: 0.5"],
                                         ["Arrives as", "0.5"]),
    "unknown region": (["Fields/sdf1/Diffusivity=bone: 5"], ["bone", "parenchyma"]),
    "region not described": (["Organ/Shape=lung lobe", "Organ/Regions/airway/Tissue=true",
                              "Fields/sdf1/Blood factor=nothing"], ["nothing"]),
    "missing mesh file": (["Organ/Shape=mesh file", "Organ/Mesh file/File=no_such.msh",
                           "Organ/Mesh file/Regions=parenchyma: 1"], ["no_such.msh"]),
    "empty organ": (["Organ/Block/Lumen radius=5000"], ["empty"]),
    "end time not a multiple": (["Run/End time=100"], ["Run/End time", "multiple"]),
}


def refuse(name, arguments, parts, folder, ranks=1):
    before = sorted(folder.rglob("*"))
    process = nidus(arguments, ranks, folder)
    text = process.stderr.strip()
    where = f"{name}: exit code {process.returncode}, message:\n{text}\n{process.stdout[-500:]}"
    must(process.returncode == 2, where)
    must(len(text.splitlines()) == 1 and "Cure:" in text, f"not one message with a cure\n{where}")
    for part in parts:
        must(part in text, f"'{part}' is not named\n{where}")
    must(sorted(folder.rglob("*")) == before, f"something was written\n{where}")
    print(f"{name}: {text}")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name, (values, parts) in CASES.items():
            refuse(name, ["run", str(QUICK), "--output", "out", *settings(values)], parts, folder)
        refuse("missing file", ["run", "no_such.prm"], ["no_such.prm"], folder)
        refuse("missing file, checked on two ranks", ["check", "no_such.prm"], ["no_such.prm"], folder, 2)
        refuse("resume without a run", ["run", str(QUICK), "--output", "out", "--resume"], ["out"], folder)
        (folder / "in_the_way").write_text("a file")
        refuse("output folder below a file", ["run", str(QUICK), "--output", "in_the_way/out"], ["in_the_way"], folder)
        refuse("output folder is a file", ["run", str(QUICK), "--output", "in_the_way"], ["in_the_way"], folder, 2)
        refuse("more ranks than cells", ["run", str(QUICK), "--output", "out",
                                         *settings(["Organ/Block/Size=100, 50, 50", "Organ/Cell size=50",
                                                    "Organ/Refinements=0", "Organ/Block/Lumen radius=1"])],
               ["ranks", "cells"], folder, 3)
        (folder / "broken.prm").write_text("subsection Run\n  set End time = 3\n")
        refuse("subsection not closed", ["check", "broken.prm"], ["Run", "end"], folder)


main()
