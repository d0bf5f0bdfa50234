"""Values with units give the run of the plain numbers; the output holds both, as typed and as used."""
import json
import pathlib
import re
import tempfile

from nidus_run import must, must_end, nidus

TYPED = """include quickstart.prm
subsection Run
  set End time = 4 h
  set Macro step = 1800 s
end
subsection Output
  set Interval = 120
  set Checkpoint interval = 4 h
end
subsection Fields
  subsection sdf1
    set Molar mass = 8 kDa
    set Diffusivity = parenchyma: 60 um^2/s
    set Decay rate = 0.6 1/h
    set Initial value = 1 ng/mL
  end
end
"""
PLAIN = """include quickstart.prm
subsection Run
  set End time = 240
  set Macro step = 30
end
subsection Output
  set Interval = 120
  set Checkpoint interval = 240
end
subsection Fields
  subsection sdf1
    set Diffusivity = parenchyma: 3600
    set Decay rate = 0.01
    set Initial value = 0.125
  end
end
"""


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name, text in (("typed", TYPED), ("plain", PLAIN)):
            (folder / f"{name}.prm").write_text(text)
            must_end(nidus(["run", f"{name}.prm", "--output", name], 1, folder), 0)
        must_end(nidus(["run", "plain.prm", "--output", "set", "--set", "Fields/sdf1/Diffusivity=parenchyma: 36e-6 cm^2/min",
                        "--set", "Output/Interval=2 h"], 2, folder), 0)
        for file in ("statistics.csv", "events.csv"):
            must((folder / "typed" / file).read_text() == (folder / "plain" / file).read_text(), f"{file} differs")
        must((folder / "typed/input.prm").read_text() == TYPED, "input.prm is not what was typed")
        for name in ("typed", "set"):
            values = json.loads((folder / name / "parameters.json").read_text())
            must(values["Run"]["End time"]["value"] == "240", f"{values['Run']['End time']}")
            must(values["Fields"]["sdf1"]["Diffusivity"]["value"] == "parenchyma: 3600", f"{values['Fields']['sdf1']}")
            must(re.search(r"set End time += 240\b", (folder / name / "parameters.prm").read_text()), "parameters.prm")


main()
