"""Interventions and blood that cannot be end with exit code 2 and one message that names both ends."""
import concurrent.futures
import pathlib
import tempfile

from nidus_run import SOURCE, element, must, nidus, nidus_alone, told

QUICK = (SOURCE / "params/quickstart.prm").read_text()
DOSES = {"Doses": "60: 2000", "Half-life": "60", "Half effect level": "25"}
ON = {"Schedule": "0"}


def treatment(entries, *effects):
    """Text of one intervention 'drug' with EFFECTS."""
    lines = [f"set {entry} = {value}" for entry, value in entries.items()]
    inner = "".join(element("Effects", f"e{number}", effect) for number, effect in enumerate(effects))
    return "subsection Interventions\nsubsection drug\n" + "\n".join(lines) + "\n" + inner + "end\nend\n"


def effect(on, target, strength="-1"):
    return {"On": on, "Targets": target, "Strength": strength}


# What is wrong -> (entries, effects, what the message must contain)
DRUGS = {
    "windows that overlap": ({"Schedule": "0 to 100, 50 to 200"}, [], ["drug/Schedule", "50 to 200", "0 to 100"]),
    "window that ends before it begins": ({"Schedule": "100 to 50"}, [], ["drug/Schedule", "100 to 50"]),
    "window before time zero": ({"Schedule": "-10 to 50"}, [], ["drug/Schedule", "-10 to 50"]),
    "schedule in words": ({"Schedule": "tomorrow"}, [], ["drug/Schedule", "tomorrow"]),
    "doses and a schedule": ({**DOSES, "Schedule": "0"}, [], ["drug/Doses", "Schedule"]),
    "neither doses nor a schedule": ({"Level": "2"}, [], ["drug/Schedule", "Doses"]),
    "doses and a level": ({**DOSES, "Level": "2"}, [], ["drug/Level", "Doses"]),
    "doses that stay for ever": ({"Doses": "60: 2000"}, [], ["drug/Half-life", "0"]),
    "dose before time zero": ({**DOSES, "Doses": "-60: 2000"}, [], ["drug/Doses", "-60: 2000"]),
    "dose without an amount": ({**DOSES, "Doses": "60"}, [], ["drug/Doses", "60"]),
    "absorption of a schedule": ({**ON, "Absorption half-life": "5"}, [], ["drug/Absorption half-life", "Schedule"]),
    "unknown kind of effect": (ON, [effect("luck", "csc.wake")], ["drug/Effects/e0/On", "luck", "hazard"]),
    "effect without a target": (ON, [effect("hazard", "")], ["drug/Effects/e0/Targets", "type.transition"]),
    "unknown transition": (ON, [effect("hazard", "csc.fly")], ["e0/Targets", "csc.fly", "csc.wake"]),
    "unknown receptor": (ON, [effect("receptor number", "fib.cxcr4")], ["e0/Targets", "fib.cxcr4", "csc.cxcr4"]),
    "secretion that is none": (ON, [effect("secretion", "csc/sdf1")], ["e0/Targets", "csc/sdf1", "fib/sdf1"]),
    "haptotaxis of what does not follow": (ON, [effect("haptotaxis", "fib")], ["e0/Targets", "fib", "hpc"]),
    "unknown population": (ON, [effect("arrest", "dog")], ["e0/Targets", "dog", "tumour_cells"]),
    "weight that is not there": (ON, [effect("arrest weight", "hpc.luck")], ["e0/Targets", "hpc.luck", "hpc.fibronectin"]),
    "mobilisation of what is not mobilised": (ON, [effect("mobilisation", "tumour_cells")],
                                              ["e0/Targets", "tumour_cells", "hpc"]),
    "unknown blood factor": (ON, [effect("blood factor", "gold")], ["e0/Targets", "gold", "vegf"]),
    "reaction of a module that is not there": (ON, [effect("reaction", "crosslinking")],
                                               ["e0/Targets", "crosslinking", "hspg_binding"]),
    "field of a module that is not there": (ON, [effect("field loss", "mmp9", "1")], ["e0/Targets", "mmp9", "sdf1"]),
    "loss below zero": (ON, [effect("field loss", "sdf1", "-0.5")], ["e0/Strength", "-0.5"]),
    "more than abolished": (ON, [effect("hazard", "csc.wake", "-1.5")], ["e0/Strength", "-1.5"]),
    "strength that is not given": (ON, [effect("hazard", "csc.wake", "")], ["e0/Strength"]),
    "strength of an antagonist": (DOSES, [effect("receptor affinity", "csc.cxcr4")], ["e0/Strength", "affinity"]),
    "antagonist without a constant": (ON, [effect("receptor affinity", "csc.cxcr4", "")],
                                      ["drug/Half effect level", "affinity"]),
    "arrest above one": (ON, [effect("arrest", "hpc", "200")], ["Circulating/hpc/Arrest probability", "Interventions"]),
    "resection with an effect": ({"Kind": "resection", "Schedule": "60"}, [effect("hazard", "csc.wake")],
                                 ["drug/Effects/e0/On", "resection"]),
    "resection that is undone": ({"Kind": "resection", "Schedule": "60 to 90"}, [], ["drug/Schedule", "60 to 90"]),
    "resection without a time": ({"Kind": "resection"}, [], ["drug/Schedule"]),
    "resection before time zero": ({"Kind": "resection", "Schedule": "-60"}, [], ["drug/Schedule", "-60", "below zero"]),
    "resection with a half-life": ({"Kind": "resection", "Schedule": "60", "Half-life": "5"}, [], ["drug/Half-life"]),
    "bolus of nobody": ({"Kind": "bolus", "Doses": "60: 100"}, [], ["drug/Population", "tumour_cells"]),
    "bolus of half a cell": ({"Kind": "bolus", "Doses": "60: 0.5", "Population": "hpc"}, [], ["drug/Doses", "0.5"]),
    "bolus without a time": ({"Kind": "bolus", "Population": "hpc"}, [], ["drug/Doses"]),
    "bolus with a schedule": ({"Kind": "bolus", "Schedule": "0", "Doses": "60: 1", "Population": "hpc"}, [],
                              ["drug/Schedule", "bolus"]),
    "first pass of a drug": ({**ON, "First pass fraction": "0.5"}, [], ["drug/First pass fraction", "drug"]),
}

FACTOR = "subsection Blood\nsubsection Factors\nsubsection extra\n{}\nend\nend\nend\n"
CELLS = "subsection Blood\nsubsection Circulating\nsubsection extra\nset Arrives as = hpc.arrested: 1\n{}\nend\nend\nend\n"
GOOD_TABLE = "time [min],level\n0,1\n100000,2\n"

# What is wrong -> (text at the end of the file, the table, what the message must contain)
TABLES = {
    "table that is missing": (FACTOR.format("set Table = no_such.csv"), "", ["no_such.csv"]),
    "table that ends before the run": (FACTOR.format("set Table = table.csv"), "time,level\n0,1\n60,2\n",
                                       ["Factors/extra/Table", "table.csv", "60"]),
    "table that goes back": (FACTOR.format("set Table = table.csv"), "time,level\n0,1\n60,2\n60,3\n", ["line 4"]),
    "table without a header": (FACTOR.format("set Table = table.csv"), "0,1\n100000,2\n", ["table.csv", "header"]),
    "table below zero": (FACTOR.format("set Table = table.csv"), "time,level\n0,1\n100000,-2\n", ["line 3", "-2"]),
    "table and clearance": (FACTOR.format("set Table = table.csv\nset Clearance = 0.5"), GOOD_TABLE,
                            ["Factors/extra/Clearance", "0.5", "Table"]),
    "table and exchange": (FACTOR.format("set Table = table.csv\nset Exchange with the organ = taken into account"),
                           GOOD_TABLE, ["Factors/extra/Exchange with the organ", "Table"]),
    "table and shedding": (CELLS.format("set Table = table.csv\nset Shedding = 1"), GOOD_TABLE,
                           ["Circulating/extra/Shedding", "Table"]),
    "table and arrests": (CELLS.format("set Table = table.csv\nset Arrests = taken into account"), GOOD_TABLE,
                          ["Circulating/extra/Arrests", "Table"]),
    "bolus into a table": (CELLS.format("set Table = table.csv") + treatment(
        {"Kind": "bolus", "Doses": "60: 100", "Population": "extra"}), GOOD_TABLE, ["drug/Population", "extra"]),
    "release of a table": (CELLS.format("set Table = table.csv") + treatment(
        ON, effect("circulating release", "extra")), GOOD_TABLE, ["e0/Targets", "extra", "hpc"]),
    "signal of a bolus, which is no drug": (treatment({"Kind": "bolus", "Doses": "60: 100", "Population": "hpc"}) + element(
        "Signals", "extra", {"Kind": "drug", "Of": "drug"}), "", ["Signals/extra/Of", "drug"]),
    "module without the field that it needs": ("include modules/bone_cycle.prm\n", "",
                                               ["Reactions/release_from_bone/Product", "tgfb", "Fields"]),
    "tumour of a table without a table": ("subsection Blood\nsubsection Tumour\nset Growth = table\nend\nend\n", "",
                                          ["Blood/Tumour/Table", "Growth"]),
}


def refuse(name, text, table, parts, ranks):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        # A section that says 'set' twice would be refused for that: the file's own growth goes.
        quick = "\n".join(line for line in QUICK.splitlines() if "set Growth" not in line or "set Growth" not in text)
        (folder / "file.prm").write_text(quick + "\n" + text)
        if table:
            (folder / "table.csv").write_text(table)
        arguments = ["run", "file.prm", "--output", "out"]
        process = nidus(arguments, ranks, folder) if ranks > 1 else nidus_alone(arguments, folder)
        message = told(process)
        where = f"{name}: exit code {process.returncode}, message:\n{message}\n{process.stdout[-300:]}"
        must(process.returncode == 2, where)
        must(len(message.splitlines()) == 1 and "Cure:" in message, f"not one message with a cure\n{where}")
        for part in parts:
            must(part in message, f"'{part}' is not named\n{where}")
        must(not (folder / "out").exists(), f"something was written\n{where}")
        return f"{name}: {message}"


def main():
    cases = [(name, treatment(entries, *effects), "", parts) for name, (entries, effects, parts) in DRUGS.items()]
    cases += [(name, text, table, parts) for name, (text, table, parts) in TABLES.items()]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        # A few of them on two ranks: all ranks must refuse alike.
        for message in pool.map(lambda case: refuse(*case[1], 1 + (case[0] % 16 == 0)), enumerate(cases)):
            print(message)
    print(f"{len(cases)} cases were refused")


main()
