"""Runs under treatment: the same on any ranks, bit for bit after a stop, in provenance; every shipped intervention acts."""
import csv
import json
import pathlib
import tempfile

from checkpoint_file import fields, newest
from nidus_run import SHORT, SOURCE, must, must_end, nidus, nidus_alone, settings
from same_on_any_ranks import largest_difference

PARAMS = SOURCE / "params"
ONE_STEP = ["Run/End time=30", "Output/Interval=30", "Output/Checkpoint interval=0"]

# A drug in the blood at the time of the stop, a bolus of clusters, and an organ that the blood feels in every way.
TREATED = """include quickstart.prm

subsection Interventions
  subsection plerixafor
    set Doses = 120: 2000, 300: 500
    set Half-life = 60
    set Absorption half-life = 10
    set Half effect level = 25
    subsection Effects
      subsection affinity
        set On = receptor affinity
        set Targets = csc.cxcr4, tum.cxcr4, hpc.cxcr4
      end
      subsection mobilisation
        set On = circulating release
        set Targets = hpc
        set Strength = 14
      end
      subsection binding
        set On = reaction
        set Targets = hspg_binding
        set Strength = -0.5
      end
    end
  end
  subsection injection
    set Kind = bolus
    set Doses = 180: 500, 420: 500
    set Population = tumour_cells
    set First pass fraction = 0.5
  end
end

subsection Blood
  set Scale of the organ = 1000
  subsection Factors
    subsection sdf1
      set Exchange with the organ = taken into account
    end
    subsection vegf
      set Secretion of metastases = on
    end
  end
  subsection Circulating
    subsection tumour_cells
      set Arrest probability = 0.3
      set Cells per cluster = 4
      set Arrests = taken into account
      set Shedding of metastases = on
    end
  end
end
"""

# Shipped interventions and the modules that they need.
MODULES = {"cxcr7_antagonist": ["cxcr7"], "bapn": ["lox"], "anti_s100a8a9": ["s100a8a9"], "mmp_inhibitor": ["mmp9"],
           "tgfb_inhibitor": ["tgfb"], "anti_rankl": ["tgfb", "bone_cycle"]}


# What each of them acts on (model, interventions): kinds of effects with targets; kinds that are no drugs. Priming prescribes
# levels of the blood and is no intervention.
ACTS_ON = {
    "anti_cxcr4": ["receptor number: csc.cxcr4, tum.cxcr4, hpc.cxcr4", "hazard: csc.disengage", "circulating release: hpc"],
    "anti_rankl": ["reaction: osteoclast_activation"],
    "anti_s100a8a9": ["blood factor: s100a8a9", "field loss: s100a8a9"],
    "anti_vegf": ["blood factor: vegf", "field loss: vegf"],
    "anti_vegfr1": ["mobilisation: hpc", "arrest weight: hpc.fibronectin"],
    "bapn": ["reaction: crosslinking"],
    "beta2_agonist": ["circulating release: hpc"],
    "bolus": ["bolus of tumour_cells"],
    "cxcr4_knockdown": ["receptor number: csc.cxcr4, tum.cxcr4"],
    "cxcr7_antagonist": ["reaction: cxcr7_scavenging"],
    "cytotoxic": ["hazard: csc.die_growing, tum.die_growing"],
    "e_selectin_antagonist": ["arrest: tumour_cells"],
    "mmp_inhibitor": ["reaction: release_by_mmp, fibronectin_by_mmp"],
    "plerixafor": ["receptor affinity: csc.cxcr4, tum.cxcr4, hpc.cxcr4", "hazard: csc.disengage", "circulating release: hpc"],
    "priming": [],
    "resection": ["resection"],
    "tgfb_inhibitor": ["secretion: fib/tgfb, hpc/tgfb, csc/tgfb, tum/tgfb", "blood factor: tgfb"],
    "vla4_blockade": ["arrest weight: hpc.fibronectin", "hazard: hpc.settle", "haptotaxis: hpc, csc"],
}


def rows(folder):
    return list(csv.DictReader((folder / "statistics.csv").open()))


def run(file, folder, values, ranks, code=0, more=()):
    must_end(nidus(["run", str(file), "--output", str(folder), *settings([*SHORT, *values]), *more], ranks), code)
    return folder


def check_ranks(scratch, file):
    alone, *others = (run(file, scratch / str(ranks), [], ranks) for ranks in (1, 2, 3))
    events = (alone / "events.csv").read_text()
    must(events.count(",arrived,") > 200, "too little arrives")
    for other in others:
        must((other / "events.csv").read_text() == events, f"other events in {other.name}")
        difference = largest_difference(fields(alone), fields(other))
        must(difference < 1e-9, f"fields on {other.name} ranks differ by {difference:.1e}")
        for one, two in zip(rows(alone)[-1].items(), rows(other)[-1].items()):
            if one[0].startswith(("blood", "circulating")):
                must(abs(float(one[1]) - float(two[1])) <= 1e-8 * abs(float(one[1])), f"{one} and {two}")
        print(f"{other.name} ranks: the same {events.count(chr(10))} events, fields within {difference:.1e}")
    return alone


def check_story(whole):
    """What the run on one rank says of the blood."""
    last = rows(whole)
    arrested = sum(float(row["circulating tumour_cells arrested [cells]"]) for row in last)
    must(arrested > 400 and arrested % 4 == 0, f"{arrested} tumour cells are not whole clusters")
    taken = [float(row["blood sdf1 taken by the organ [molecules]"]) for row in last]
    exchanged = [float(row["sdf1 exchanged [molecules]"]) for row in last]
    must(taken == exchanged and any(taken), f"{taken} and {exchanged}")
    must(abs(float(last[-1]["blood sdf1 [nM]"]) - 0.2) > 1e-6, "the organ has not touched the blood")
    record = {entry["name"]: entry for entry in json.loads((whole / "provenance.json").read_text())["interventions"]}
    must(record["plerixafor"]["doses"][1] == {"time [min]": 300, "amount": 500}, str(record))
    must([e["on"] for e in record["plerixafor"]["effects"]] == ["receptor affinity", "circulating release", "reaction"],
         str(record))
    must(record["injection"]["population"] == "tumour_cells", str(record))


def check_restart(scratch, file, whole):
    parts = scratch / "parts"
    run(file, parts, ["Run/End time=360", "Output/Checkpoint interval=360"], 1)
    run(file, parts, [], 1, more=["--resume"])
    for name in ("fields.bin", "agents.bin"):
        must((newest(whole) / name).read_bytes() == (newest(parts) / name).read_bytes(), f"{name} differs")
    must((whole / "events.csv").read_text() == (parts / "events.csv").read_text(), "the event logs differ")
    must(rows(whole)[-1] == rows(parts)[-1], "the last rows differ")


def acts_on(record):
    """What an entry of the provenance acts on, as in ACTS_ON."""
    if record["kind"] != "drug":
        return ["bolus of " + record["population"] if record["kind"] == "bolus" else record["kind"]]
    return [f"{effect['on']}: {', '.join(effect['targets'])}" for effect in record["effects"]]


def check_shipped(scratch):
    files = sorted((PARAMS / "interventions").glob("*.prm"))
    must([file.stem for file in files] == sorted(ACTS_ON), f"shipped are {[file.stem for file in files]}")
    for file in files:
        comment = [line for line in file.read_text().splitlines() if line.startswith("#")]
        must(3 <= len(comment) <= 8, f"{file.name} is explained in {len(comment)} lines")
        text = "include quickstart.prm\n" + "".join(
            f"include modules/{module}.prm\n" for module in MODULES.get(file.stem, []))
        treated = scratch / f"{file.stem}.prm"
        treated.write_text(text + f"include interventions/{file.name}\n")
        folder = scratch / file.stem
        must_end(nidus_alone(["run", str(treated), "--output", str(folder), *settings(ONE_STEP)]), 0)
        entries = json.loads((folder / "provenance.json").read_text())["interventions"]
        found = [line for entry in entries for line in acts_on(entry)]
        must(found == ACTS_ON[file.stem], f"{file.name} acts on {found}")
        print(f"interventions/{file.name} acts on {found}")


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        file = scratch / "treated.prm"
        file.write_text(TREATED)
        whole = check_ranks(scratch, file)
        check_story(whole)
        check_restart(scratch, file, whole)
        check_shipped(scratch)


if __name__ == "__main__":
    main()
