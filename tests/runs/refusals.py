"""Wrong input ends with exit code 2 and one message that names the fault, and leaves nothing behind."""
import concurrent.futures
import dataclasses
import pathlib
import tempfile

from bad_organs import bad_organs, image, meta_image
from nidus_run import SOURCE, element, must, nidus, nidus_alone, settings, told

QUICK = SOURCE / "params/quickstart.prm"

# What is wrong -> (settings, what the message must contain)
CASES = {
    "unknown entry": (["Run/End tyme=3"], ["Run/End tyme", "End time"]),
    "unknown subsection": (["Ron/End time=3"], ["Ron", "Run"]),
    "misspelt subsection of a list": (["Fields/sfd1/Decay rate=1"], ["Fields/sfd1", "'sdf1'"]),
    "misspelt field": (["Signals/fibronectin/Of=fibronectine"], ["did you mean 'fibronectin'?"]),
    "misspelt signal": (["Agents/csc/Transitions/engage/Factors=progenitor"], ["did you mean 'progenitors'?"]),
    "misspelt state": (["Agents/csc/Transitions/engage/To=enganged"], ["did you mean 'engaged'?"]),
    "misspelt type": (["Agents/csc/Transitions/engage/To=tumm.dormant"], ["did you mean 'tum"]),
    "misspelt blood factor": (["Fields/vegf/Blood factor=vgef"], ["did you mean 'vegf'?"]),
    "misspelt factor of a mobilisation": (["Blood/Circulating/hpc/Mobilised by=vgef"], ["did you mean 'vegf'?"]),
    "wrong dimension": (["Fields/sdf1/Diffusivity=60 um/s"],
                        ["Fields/sdf1/Diffusivity", "60 um/s", "um^2/min", "dimension"]),
    "time for a rate": (["Fields/sdf1/Decay rate=10 min"], ["Fields/sdf1/Decay rate", "1/min", "dimension"]),
    "unknown unit": (["Run/End time=7 dyas"], ["Run/End time", "7 dyas", "no known unit"]),
    "unit of an entry without one": (["Run/Random seed=7 d"], ["Run/Random seed", "bare numbers"]),
    "unit of one number of two": (["Organ/Block/Size=1 mm, 450, 450"], ["Organ/Block/Size", "all have a unit"]),
    "mass without a molar mass": (["Fields/sdf1_bound/Initial value=1 ng/mL"],
                                  ["Fields/sdf1_bound/Initial value", "'Fields/sdf1_bound/Molar mass'"]),
    "concentration for a fraction": (["Fields/fibronectin/Initial value=1 nM"],
                                     ["Fields/fibronectin/Initial value", "dimension"]),
    "molecules of a fraction": (["Agents/fib/States/activated/Secretion=fibronectin: 3 molecules/min"],
                                ["Secretion", "um^3/min"]),
    "negative value with a unit": (["Fields/sdf1/Decay rate=-1 1/h"], ["Fields/sdf1/Decay rate", "-1 1/h"]),
    "unknown memory check": (["Run/Memory check=perhaps"], ["Run/Memory check", "perhaps", "refuse"]),
    "not a number": (["Run/End time=soon"], ["End time", "soon"]),
    "negative diffusivity": (["Fields/sdf1/Diffusivity=-5"], ["Fields/sdf1/Diffusivity", "-5"]),
    "negative decay": (["Fields/vegf/Decay rate=-1"], ["Fields/vegf/Decay rate", "-1"]),
    "unknown field in a signal": (["Signals/fibronectin/Of=laminin"], ["laminin", "fibronectin"]),
    "unknown signal in a transition": (["Agents/csc/Transitions/engage/Weights=luck: 1"],
                                       ["Agents/csc/Transitions/engage/Weights", "luck"]),
    "secretion of what is no field": (["Agents/csc/States/proliferating/Secretion=gold: 5"],
                                      ["Agents/csc/States/proliferating/Secretion", "gold", "vegf"]),
    "arrest weight on an unknown signal": (["Blood/Circulating/hpc/Arrest weights=s100a8a9: 1e-2"],
                                           ["Blood/Circulating/hpc/Arrest weights", "s100a8a9", "Signals"]),
    "unknown field in a receptor": (["Agents/csc/Receptors/cxcr4/Ligands=sdf2: 1"], ["sdf2", "sdf1"]),
    "unknown state": (["Agents/csc/Transitions/engage/To=married"], ["married", "engaged"]),
    "impossible probability": (["Agents/csc/Transitions/divide/Daughters=csc.proliferating + tum.proliferating: 1.3"],
                               ["Agents/csc/Transitions/divide/Daughters", "1.3"]),
    "arrest probability above one": (["Blood/Circulating/hpc/Arrest probability=1.5"], ["Arrest probability", "1.5"]),
    "fractions that do not sum to one": (["Blood/Circulating/tumour_cells/Arrives as=csc.arrested: 0.5"],
                                         ["Arrives as", "0.5"]),
    "checks of the balance between steps": (["Balance/Mode=measured", "Balance/Check interval=45"],
                                            ["Balance/Check interval", "45", "Run/Macro step"]),
    "unknown field of the adaptivity": (["Adaptivity/Interval=60", "Adaptivity/Fields=sdf2"],
                                        ["Adaptivity/Fields", "sdf2", "sdf1"]),
    "unknown agents of the adaptivity": (["Adaptivity/Agents=dog"], ["Adaptivity/Agents", "dog", "csc"]),
    "adaptivity without a reason": (["Adaptivity/Interval=60"], ["Adaptivity/Fields", "Most agents in a cell"]),
    "adaptivity between steps": (["Adaptivity/Interval=45", "Adaptivity/Fields=sdf1"],
                                 ["Adaptivity/Interval", "45", "Run/Macro step"]),
    "unknown region": (["Fields/sdf1/Diffusivity=bone: 5"], ["bone", "parenchyma"]),
    "region not described": (["Organ/Shape=lung lobe", "Organ/Regions/airway/Tissue=true",
                              "Fields/sdf1/Blood factor=nothing"], ["nothing"]),
    "missing mesh file": (["Organ/Shape=mesh file", "Organ/Mesh file/File=no_such.msh",
                           "Organ/Mesh file/Regions=parenchyma: 1"], ["no_such.msh"]),
    "empty organ": (["Organ/Block/Lumen radius=5000"], ["empty"]),
    "initial value that is negative somewhere": (["Fields/sdf1/Initial value=x - 10"],
                                                 ["Fields/sdf1/Initial value", "x - 10", "(0, 0, 0) um"]),
    "initial value that is no number somewhere": (["Fields/sdf1/Initial value=1/x"],
                                                  ["Fields/sdf1/Initial value", "1/x", "(0, 0, 0) um"]),
    "initial value above the sites": (["Fields/sdf1_bound/Initial value=4*x"],
                                      ["Fields/sdf1_bound/Initial value", "4*x", "<= 750"]),
    "initial value that depends on time": (["Fields/sdf1/Initial value=t"], ["Fields/sdf1/Initial value", "time zero"]),
    "initial value with an unknown name": (["Fields/sdf1/Initial value=radius"], ["'radius' is unknown"]),
    "initial value that is no formula": (["Fields/sdf1/Initial value=2 +"], ["Fields/sdf1/Initial value", "2 +"]),
    "bound that is no number": (["Fields/sdf1/Upper bound=high"], ["Fields/sdf1/Upper bound", "high"]),
    "bounds in the wrong order": (["Fields/sdf1/Upper bound=1", "Fields/sdf1/Lower bound=2"],
                                  ["Fields/sdf1/Lower bound", "2"]),
    "periodic axis twice": (["Organ/Block/Periodic axes=x, x"], ["Organ/Block/Periodic axes", "each once"]),
    "unknown axis": (["Organ/Block/Periodic axes=r"], ["Organ/Block/Periodic axes", "r"]),
    "ball with a number missing": (["Organ/Refined balls=10, 10, 10, 50"], ["Organ/Refined balls", "levels"]),
    "ball outside of the mesh": (["Organ/Refined balls=10, 10, -900, 50, 1"], ["Organ/Refined balls", "-900"]),
    "tensor that is not positive definite": (["Organ/Regions/parenchyma/Diffusion tensor=1, 1, 1, 2, 0, 0"],
                                             ["Organ/Regions/parenchyma/Diffusion tensor", "eigenvalues 3, 1, -1"]),
    "tensor of another dimension": (["Organ/Regions/parenchyma/Diffusion tensor=1, 1, 0"], ["6 numbers"]),
    "quasi-steady field without loss": (["Fields/vegf/Quasi-steady=true", "Fields/vegf/Decay rate=0",
                                         "Fields/vegf/Vascular exchange rate=0"],
                                        ["Fields/vegf/Quasi-steady", "steady state"]),
    "smallest step above the largest": (["Field solver/Smallest step=5", "Field solver/Largest step=2"],
                                        ["Field solver/Smallest step", "Largest step"]),
    "agent outside of the tissue": (["Agents/csc/Initial state=migrating",
                                     "Agents/csc/Initial positions=20 20 20; 225 225 150"],
                                    ["Agents/csc/Initial positions", "225 225 150", "csc"]),
    "agent at no place": (["Agents/csc/Initial state=migrating", "Agents/csc/Initial positions=20 20"],
                          ["Agents/csc/Initial positions", "20 20", "3 numbers"]),
    "missing file of positions": (["Agents/csc/Initial positions file=no_such.csv"], ["Agents/csc", "no_such.csv"]),
    "neighbours within no distance": (["Signals/progenitors/Radius=0"], ["Signals/progenitors/Radius", "0"]),
    "negative hazard": (["Agents/csc/Transitions/wake/Base rate=-1e-6"], ["Agents/csc/Transitions/wake/Base rate"]),
    "fates that do not sum to one": (["Agents/tum/Transitions/divide/Daughters=tum.proliferating + tum.proliferating: 0.7"],
                                     ["Agents/tum/Transitions/divide/Daughters", "0.7", "sum to 1"]),
    "chemokinesis by neighbours": (["Agents/csc/Chemokinesis=crowding: 1"], ["Agents/csc/Chemokinesis", "crowding"]),
    "end time not a multiple": (["Run/End time=100"], ["Run/End time", "multiple"]),
}


# A reaction: what is wrong -> (entries, what the message must contain)
GOOD_REACTION = {"Kind": "Hill activation", "Partner": "vegf", "Product": "sdf1", "Rate": "0.1", "Half saturation": "0.01",
                 "Hill exponent": "2"}
REACTIONS = {
    "unknown law": ({"Kind": "magic"}, ["Reactions/extra/Kind", "magic", "logistic growth"]),
    "unknown field in a reaction": ({"Product": "sdf2"}, ["Reactions/extra/Product", "sdf2", "sdf1"]),
    "field missing in a reaction": ({"Product": ""}, ["Reactions/extra/Product", "sdf1"]),
    "field that the law has not": ({"Substrate": "sdf1"}, ["Reactions/extra/Substrate", "Hill activation"]),
    "number that the law does not read": ({"Sites": "3"}, ["Reactions/extra/Sites", "Hill activation"]),
    "number that the law needs": ({"Half saturation": ""}, ["Reactions/extra/Half saturation", "Hill activation"]),
    "half saturation of zero": ({"Half saturation": "0"}, ["Reactions/extra/Half saturation", "above 0"]),
    "Hill exponent below one": ({"Hill exponent": "0.5"}, ["Reactions/extra/Hill exponent", "at least 1"]),
    "negative rate": ({"Rate": "-1"}, ["Reactions/extra/Rate", "-1", "at least 0"]),
    "a field that regulates itself": ({"Partner": "sdf1"}, ["Reactions/extra/Product", "another field"]),
    "amounts between units": ({"Kind": "conversion", "Substrate": "vegf", "Partner": "", "Product": "fibronectin",
                               "Half saturation": "", "Hill exponent": ""}, ["fibronectin", "Unit", "nM"]),
}


# None of what the quickstart observes.
NOTHING_OBSERVED = ["Niche index/Weights=", "Niche index/Of=", "Colonies/Types=", "Colonies/States=", "Sections/Number=0",
                    "Sections/Of=", "Tumour cells/Types=", "Fates/Types=", "Fates/Dormant=", "Fates/Engaged="]
# Observables: what is wrong -> (settings, what the message must contain)
OBSERVABLES = {
    "weight on an unknown signal": (["Niche index/Weights=luck: 1"],
                                    ["Observables/Niche index/Weights", "luck", "fibronectin", "cxcr4"]),
    "weight on a signal without a place": (["Niche index/Weights=crowding: 1"],
                                           ["Observables/Niche index/Weights", "crowding", "pressure",
                                            "Signals/crowding/Kind"]),
    "occupancy through nobody's receptor": (["Niche index/Weights=cxcr4: 1", "Niche index/Of="],
                                            ["Observables/Niche index/Of", "Signals/cxcr4", "receptor 'cxcr4'"]),
    "occupancy through a type without the receptor": (["Niche index/Weights=cxcr4: 1", "Niche index/Of=fib"],
                                                      ["Observables/Niche index/Of", "fib", "receptor 'cxcr4'"]),
    "occupancy through an unknown type": (["Niche index/Weights=fibronectin: 1", "Niche index/Of=dog"],
                                          ["Observables/Niche index/Of", "dog", "csc"]),
    "colonies of an unknown type": (["Colonies/Types=dog"], ["Observables/Colonies/Types", "dog", "csc"]),
    "colonies of states": (["Colonies/Types=csc.dormant"], ["Observables/Colonies/Types", "csc.dormant", "csc"]),
    "states of no member": (["Colonies/Types=csc", "Colonies/States=hpc.resident"],
                            ["Observables/Colonies/States", "hpc.resident", "csc"]),
    "no distance": (["Colonies/Types=csc", "Colonies/Distance=0"], ["Distance", "0", "above 0"]),
    "micro colonies of one cell": (["Colonies/Types=csc", "Colonies/Micro from=1"], ["Micro from", "1"]),
    "macro colonies below micro ones": (["Colonies/Types=csc", "Colonies/Micro from=100", "Colonies/Macro diameter=50"],
                                        ["Observables/Colonies/Macro diameter", "50", "Micro from"]),
    "sections of nobody": (["Sections/Number=3"], ["Observables/Sections/Of", "hpc"]),
    "sections of no thickness": (["Sections/Number=3", "Sections/Of=hpc", "Sections/Thickness=0"],
                                 ["Thickness", "0", "above 0"]),
    "unknown receptor of tumour cells": (["Tumour cells/Types=csc", "Tumour cells/Receptor=egfr"],
                                         ["Observables/Tumour cells/Receptor", "egfr", "cxcr4", "Agents/csc"]),
    "unknown field of tumour cells": (["Tumour cells/Types=csc", "Tumour cells/Field=sdf2"],
                                      ["Observables/Tumour cells/Field", "sdf2", "sdf1"]),
    "distance to an unknown surface": (["Tumour cells/Types=csc", "Tumour cells/Distance to=airway, sinusoid"],
                                       ["Observables/Tumour cells/Distance to", "sinusoid", "airway", "x min"]),
    "unknown state in fates": (["Fates/Types=csc", "Fates/Dormant=csc.asleep"],
                               ["Observables/Fates/Dormant", "asleep", "dormant"]),
}
OBSERVED_LISTS = {
    "positive fraction of an unknown field": ("Positive fractions", {"Field": "sdf2"},
                                              ["Observables/Positive fractions/extra/Field", "sdf2", "sdf1"]),
    "pairs of nobody": ("Pair correlations", {"From": "csc"}, ["Observables/Pair correlations/extra/To", "hpc"]),
    "pairs within no radius": ("Pair correlations", {"From": "csc", "To": "hpc", "Radius": "0"}, ["Radius", "above 0"]),
    "blood gradient of an unknown factor": ("Blood gradients", {"Field": "sdf1", "Factor": "sdf2"},
                                            ["Observables/Blood gradients/extra/Factor", "sdf2", "vegf"]),
    "blood gradient of a fraction": ("Blood gradients", {"Field": "fibronectin", "Factor": "sdf1"},
                                     ["Observables/Blood gradients/extra/Field", "fibronectin", "nM"]),
}


# A condition at a boundary: what is wrong -> (entries, what the message must contain)
GOOD_CONDITION = {"Field": "sdf1", "Boundary": "airway", "Kind": "Robin", "Value": "0.1", "Permeability": "0.02"}
CONDITIONS = {
    "unknown boundary": ({"Boundary": "pleura"}, ["Boundaries/wall/Boundary", "pleura", "airway", "x min"]),
    "boundary of tissue": ({"Boundary": "parenchyma"}, ["Boundaries/wall/Boundary", "parenchyma", "airway"]),
    "unknown field at a boundary": ({"Field": "sdf2"}, ["Boundaries/wall/Field", "sdf2", "sdf1"]),
    "field that does not diffuse": ({"Field": "fibronectin"}, ["does not diffuse"]),
    "unknown kind": ({"Kind": "Neumann"}, ["Boundaries/wall/Kind", "Neumann", "Robin"]),
    "entry that the kind does not read": ({"Flux": "1"}, ["Boundaries/wall/Flux", "Robin"]),
    "entry that the kind needs": ({"Permeability": ""}, ["Boundaries/wall/Permeability"]),
    "negative permeability": ({"Permeability": "-1"}, ["Boundaries/wall/Permeability", "-1", ">= 0"]),
    "negative outside": ({"Value": "-0.5"}, ["Boundaries/wall/Value", "-0.5", ">= 0"]),
    "outside that is negative somewhere": ({"Value": "z - 20"}, ["Boundaries/wall/Value", "z - 20", "0) um"]),
    "permeability that is infinite somewhere": ({"Permeability": "1/z"}, ["Boundaries/wall/Permeability", "1/z", "inf"]),
    "formula with an unknown name": ({"Value": "dose"}, ["Boundaries/wall/Value", "'dose' is unknown"]),
    "formula with an open bracket": ({"Value": "exp(-t"}, ["Boundaries/wall/Value", "exp(-t"]),
}


# Vessels in an SWC file: what is wrong -> (lines "id type x y z radius parent", settings, what the message must contain)
ENDS = ["Vessels/Inlets=20, 20, 20, 3000", "Vessels/Outlets=100, 20, 20, 2000"]
LINE = "1 2 20 20 20 4 -1\n2 2 60 20 20 4 1\n3 2 100 20 20 4 2\n"
VESSELS = {
    "vessel outside of the block": (LINE + "4 2 100 20 -80 4 3\n", ENDS, ["1 of 3 segments leave it", "(100, 20, -"]),
    "vessel through the airway": (LINE.replace("3 2 100", "3 2 425"),
                                  ["Vessels/Inlets=20, 225, 20, 3000", "Vessels/Outlets=425, 225, 20, 2000",
                                   "Vessels/File/Shift=0, 205, 0"], ["1 of 2 segments leave it", "225, 20) um"]),
    "vessel without pressures": (LINE, [], ["part 1 of 1", "(20, 20, 20) um", "no point"]),
    "vessel with one pressure": (LINE, ENDS[:1], ["part 1 of 1", "one point only"]),
    "second vessel without pressures": (LINE + "4 2 20 90 20 4 -1\n5 2 60 90 20 4 4\n", ENDS,
                                        ["part 2 of 2", "(20, 90, 20) um"]),
    "radius of zero": (LINE.replace("60 20 20 4", "60 20 20 0"), ENDS,
                       ["2 of 2 segments", "(20, 20, 20) um and (60, 20, 20) um"]),
    "negative radius": (LINE.replace("100 20 20 4", "100 20 20 -1"), ENDS, ["1 of 2 segments", "(100, 20, 20) um"]),
    "file that ends too early": (LINE[:-9], ENDS, ["line 3"]),
    "unknown parent": (LINE.replace("4 2\n", "4 9\n"), ENDS, ["line 3", "9"]),
    "no segment": ("1 2 20 20 20 4 -1\n", ENDS, ["no line"]),
    "inlet at no vessel": (LINE, ["Vessels/Inlets=20, 300, 20, 3000", ENDS[1]], ["Vessels/Inlets", "20, 300, 20, 3000"]),
    "inlet of three numbers": (LINE, ["Vessels/Inlets=20, 20, 3000", ENDS[1]], ["Vessels/Inlets", "x, y, z, pressure"]),
}

BRANCHING = ["Vessels/Source=tree", "Vessels/Inlets=0, 40, 40, 3000", "Vessels/Outlets=0, 400, 40, 2000"]
CAPILLARIES = ["Vessels/Source=capillary mesh", "Fields/sdf1/Vessel permeability=0.01"]


def condition(name, entries):
    return element("Boundaries", name, entries)


@dataclasses.dataclass
class Case:
    """Arguments of the program, and what its message must contain; FILES (name -> text or bytes) are in its folder beforehand."""
    name: str
    arguments: list
    parts: list
    ranks: int = 1
    files: dict = dataclasses.field(default_factory=dict)


def with_text(name, command, text, parts, values=(), ranks=1):
    """The quickstart with TEXT at its end."""
    output = ["--output", "out"] if command == "run" else []
    return Case(name, [command, "file.prm", *output, *settings(values)], parts, ranks,
                {"file.prm": QUICK.read_text() + text})


def cases_of_settings():
    for name, (values, parts) in CASES.items():
        yield Case(name, ["run", str(QUICK), "--output", "out", *settings(values)], parts)


def cases_of_observables():
    for name, (values, parts) in OBSERVABLES.items():
        yield Case(name, ["check", str(QUICK), *settings(["Observables/" + value for value in NOTHING_OBSERVED + values])], parts)
    for name, (kind, entries, parts) in OBSERVED_LISTS.items():
        text = "subsection Observables\n" + element(kind, "extra", entries) + "end\n"
        yield with_text(name, "check", text, parts)


def cases_of_conditions():
    for number, (name, (entries, parts)) in enumerate(CONDITIONS.items()):
        yield with_text(name, "run", condition("wall", {**GOOD_CONDITION, **entries}), parts, ranks=1 + number % 2)
    yield with_text("same boundary twice", "run",
                    condition("wall", GOOD_CONDITION) + condition("again", GOOD_CONDITION),
                    ["Boundaries/again", "Boundaries/wall"])
    yield with_text("condition on a periodic side", "run", condition("side", {**GOOD_CONDITION, "Boundary": "x min"}),
                    ["Boundaries/side/Boundary", "periodic", "y min"], ["Organ/Block/Periodic axes=x"])
    yield with_text("quasi-steady field with a flux only", "check",
                    condition("side", {"Field": "vegf", "Boundary": "x min", "Kind": "flux", "Flux": "1e-4"}),
                    ["Fields/vegf/Quasi-steady"],
                    ["Fields/vegf/Quasi-steady=true", "Fields/vegf/Decay rate=0",
                     "Fields/vegf/Vascular exchange rate=0"])


def cases_of_reactions():
    for name, (entries, parts) in REACTIONS.items():
        yield with_text(name, "check", element("Reactions", "extra", {**GOOD_REACTION, **entries}), parts)
    yield with_text("knock-down of receptors that are not made", "check",
                    "subsection Interventions\n subsection rnai\n set Schedule = 0\n" + element(
                        "Effects", "silence", {"On": "receptor number", "Targets": "csc.cxcr4", "Strength": "-0.9"}) +
                    " end\nend\n",
                    ["Interventions/rnai/Effects/silence/Targets", "csc.cxcr4", "Synthesis rate"],
                    ["Agents/csc/Receptors/cxcr4/Kinetics=full", "Agents/csc/Receptors/cxcr4/Ligands=sdf1: 1"])


# Rules of refinement: name -> (entries, what the message must contain)
RULES = {
    "refinement without a size": ({"Where": "surface"}, ["Organ/Refinement/extra/Cell size"]),
    "refinement at an unknown surface": ({"Names": "aorta", "Cell size": "20"},
                                         ["Organ/Refinement/extra/Names", "aorta", "airway"]),
    "refinement in an unknown region": ({"Where": "region", "Names": "bone", "Cell size": "20"},
                                        ["Organ/Refinement/extra/Names", "bone", "parenchyma"]),
    "refined box the wrong way round": ({"Where": "box", "Box": "9, 0, 0, 5, 9, 9", "Cell size": "20"},
                                        ["Organ/Refinement/extra/Box", "9, 0"]),
    "refinement at vessels that are not resolved": ({"Where": "vessels", "Cell size": "20"},
                                                    ["Organ/Refinement/extra/Where", "Vessels/Source"]),
    "refined box outside of the mesh": ({"Where": "box", "Box": "-90, -90, -90, -50, -50, -50", "Cell size": "20"},
                                        ["Organ/Refinement/extra/Where", "no cell"]),
}


def cases_of_rules():
    for name, (entries, parts) in RULES.items():
        rule = "subsection Organ\n" + element("Refinement", "extra", entries) + "end\n"
        yield with_text(name, "check", rule, parts)


def cases_of_file_names():
    """What a parameter file names stays in its folder; only the command line may name other files."""
    for name, text, entry in (
            ("image elsewhere", "subsection Organ\n subsection Label image\n  set File = /etc/labels.nii\n end\nend\n",
             "Organ/Label image/File"),
            ("mesh above", "subsection Organ\n subsection Mesh file\n  set File = meshes/../../ball.msh\n end\nend\n",
             "Organ/Mesh file/File"),
            ("surface elsewhere", "subsection Organ\n subsection Surface\n  set Surfaces = a: b.stl, c: /c.stl\n end\nend\n",
             "Organ/Surface/Surfaces"),
            ("vessels above", "subsection Vessels\n subsection File\n  set File = ../net.swc\n end\nend\n", "Vessels/File/File"),
            ("table elsewhere", "subsection Blood\n subsection Tumour\n  set Table = /proc/self/environ\n end\nend\n",
             "Blood/Tumour/Table"),
            ("positions above", "subsection Agents\n subsection csc\n  set Initial positions file = ../places.csv\n end\nend\n",
             "Agents/csc/Initial positions file")):
        yield with_text(name, "check", text, [entry, "'..'", "--set"])
    values, _, files = image("labels.mhd", meta_image(b"").replace(b"LOCAL", b"/etc/passwd"), [])
    yield Case("image with its data elsewhere", ["check", "file.prm", *settings(values)], ["line 9", "/etc/passwd", "own folder"],
               1, {"file.prm": QUICK.read_text(), **files})


def cases_of_organs():
    for number, (name, (values, parts, files)) in enumerate(bad_organs()):
        files = {"file.prm": QUICK.read_text(), **files}
        yield Case(name, ["check", "file.prm", *settings(values)], parts, 1 + (number % 8 == 0), files)


def cases_of_vessels():
    quick = str(QUICK)
    for number, (name, (lines, values, parts)) in enumerate(VESSELS.items()):
        yield Case(name, ["run", "file.prm", "--output", "out",
                          *settings(["Vessels/Source=file", "Vessels/File/File=net.swc", *values])],
                   parts, 1 + number % 2, {"file.prm": QUICK.read_text(), "net.swc": lines})
    for name, values, parts in (
            ("vessel file that is missing", ["Vessels/Source=file", "Vessels/File/File=no_such.vtp"], ["no_such.vtp"]),
            ("vessel file that is not named", ["Vessels/Source=file"], ["Vessels/File/File"]),
            ("vessel file of unknown kind", ["Vessels/Source=file", "Vessels/File/File=net.stl"], [".swc"]),
            ("tree without outlets", BRANCHING[:2], ["Vessels/Outlets"]),
            ("tree from the airway", [*BRANCHING, "Vessels/Inlets=225, 225, 10, 3000"], ["225, 225, 10, 3000"]),
            ("tree with too many ends", [*BRANCHING, "Vessels/Tree/Terminal radius=0.5"], ["Terminal radius", "125000"]),
            ("tree that grows thicker", [*BRANCHING, "Vessels/Tree/Terminal radius=50"], ["Terminal radius", "50"]),
            ("capillary mesh in a lobe", [*CAPILLARIES, "Organ/Shape=lung lobe"], ["Vessels/Source", "lung lobe"]),
            ("blood that runs uphill", [*CAPILLARIES, "Vessels/Capillary mesh/Inlet pressure=100"], ["Inlet pressure"]),
            ("resolved vessels that exchange more than all", [*CAPILLARIES, "Fields/sdf1/Vessel permeability=5"],
             ["Fields/sdf1/Vascular exchange rate", "parenchyma"]),
            ("exchange of an unknown region", ["Fields/sdf1/Vascular exchange rate=bone: 1"], ["bone", "parenchyma"]),
            ("permeability without blood", ["Fields/fibronectin/Vessel permeability=1"], ["Blood factor"]),
            ("arrest in vessels that are not there", ["Blood/Circulating/hpc/Place=vessels"],
             ["Blood/Circulating/hpc/Place", "Vessels/Source"]),
            ("more arrests than passages", [*CAPILLARIES, "Blood/Circulating/hpc/Place=vessels",
                                            "Blood/Circulating/hpc/Arrest length=1"], ["Arrest length"])):
        yield Case(name, ["run", quick, "--output", "out", *settings(values)], parts)
    yield Case("VTK file that ends too early", ["run", "file.prm", "--output", "out", *settings(
        ["Vessels/Source=file", "Vessels/File/File=net.vtk", *ENDS])], ["net.vtk"], 2,
        {"file.prm": QUICK.read_text(), "net.vtk": "# vtk DataFile Version 3.0\nnet\nASCII\nDATASET POLYDATA\nPOINTS 3 double\n20 20 20 60 20"})


def cases_of_files():
    quick, in_the_way = str(QUICK), {"in_the_way": "a file"}
    yield Case("missing file", ["run", "no_such.prm"], ["no_such.prm"])
    yield Case("missing file, checked on two ranks", ["check", "no_such.prm"], ["no_such.prm"], 2)
    yield Case("resume without a run", ["run", quick, "--output", "out", "--resume"], ["out"])
    yield Case("output folder below a file", ["run", quick, "--output", "in_the_way/out"], ["in_the_way"], 1, in_the_way)
    yield Case("output folder is a file", ["run", quick, "--output", "in_the_way"], ["in_the_way"], 2, in_the_way)
    yield Case("more ranks than cells",
               ["run", quick, "--output", "out",
                *settings(["Organ/Block/Size=100, 50, 50", "Organ/Cell size=50", "Organ/Refinements=0",
                           "Organ/Block/Lumen radius=1"])], ["ranks", "cells"], 3)
    yield Case("subsection not closed", ["check", "broken.prm"], ["Run", "end"], 1,
               {"broken.prm": "subsection Run\n  set End time = 3\n"})
    yield Case("byte that is no text", ["check", "bytes.prm"], ["line 2", "0x00"], 1,
               {"bytes.prm": b"subsection Run\n  set End\0 time = 3\nend\n"})


def as_bytes(content):
    return content if isinstance(content, bytes) else content.encode()


def refuse(case):
    """Returns the message with which the program refuses."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name, text in case.files.items():
            (folder / name).write_bytes(as_bytes(text))
        before = sorted(folder.rglob("*"))
        # After a program that fails, mpirun waits for two seconds.
        process = nidus(case.arguments, case.ranks, folder) if case.ranks > 1 else nidus_alone(case.arguments, folder)
        text = told(process)
        where = f"{case.name}: exit code {process.returncode}, message:\n{text}\n{process.stdout[-500:]}"
        must(process.returncode == 2, where)
        must(len(text.splitlines()) == 1 and "Cure:" in text, f"not one message with a cure\n{where}")
        for part in case.parts:
            must(part in text, f"'{part}' is not named\n{where}")
        must(sorted(folder.rglob("*")) == before, f"something was written\n{where}")
        for name, content in case.files.items():
            must((folder / name).read_bytes() == as_bytes(content), f"{name} was changed\n{where}")
        return f"{case.name}: {text}"


def main():
    cases = [*cases_of_settings(), *cases_of_observables(), *cases_of_conditions(), *cases_of_reactions(),
             *cases_of_rules(), *cases_of_file_names(), *cases_of_organs(), *cases_of_vessels(), *cases_of_files()]
    # More than there are cores: half of the time of a start is spent waiting.
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for message in pool.map(refuse, cases):
            print(message)
    print(f"{len(cases)} cases were refused")


main()
