"""`nidus check` tells of the quickstart what follows from its numbers, in aligned tables, and writes nothing."""
import math
import pathlib
import re
import tempfile

from nidus_run import SOURCE, must, must_end, nidus_alone, settings

DIFFUSIVITY, DECAY, EXCHANGE, FRACTION, STEP, EDGE = 3600, 0.01, 7e-3, 0.25, 30, 25
TREATED = """include quickstart.prm
subsection Interventions
 subsection pulse
  set Schedule = 1 d to 2 d, 4 d
  subsection Effects
   subsection less
    set On = hazard
    set Targets = csc.engage
    set Strength = -0.5
   end
  end
 end
 subsection cut
  set Kind = resection
  set Schedule = 3 d
 end
end
"""


def rows(text, first):
    """The cells of the table whose header begins with FIRST, by their names; columns are where the header has them."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if re.match(first, line.strip()))
    columns = [0] + [match.start() for match in re.finditer(r"(?<=  )\S", lines[start])][1:]
    names = re.split(r"  +", lines[start].strip())
    found = []
    for line in lines[start + 1:]:
        # Another table, or another chapter, does not begin its columns at the same places.
        if not line.startswith("  ") or line[columns[1] - 2:columns[1]].strip() or re.match(r"\w+ +(law|group|transition)\b",
                                                                                           line.strip()):
            break
        found.append(dict(zip(names, (line[a:b].strip() for a, b in zip(columns, [*columns[1:], None])))))
    return found


def near(text, expected):
    return abs(float(text.split()[0]) / expected - 1) < 6e-3  # three digits


def check_fields(text):
    fields = {row["field"]: row for row in rows(text, "field ")}
    loss = DECAY + EXCHANGE / FRACTION
    length = math.sqrt(DIFFUSIVITY / loss)
    sdf1 = fields["sdf1"]
    must(near(sdf1["screening length"], length) and near(sdf1["over cell"], length / EDGE), f"{sdf1}")
    must(near(sdf1["time of loss"], 1 / loss) and near(sdf1["over step"], 1 / loss / STEP), f"{sdf1}")
    must(fields["fibronectin"]["D [um^2/min]"] == "immobile", f"{fields['fibronectin']}")


def check_agents(text):
    must({row["type"] for row in rows(text, r"type +group")} >= {"fib", "hpc", "csc"}, text)
    transitions = {(row["type"], row["transition"]): row for row in rows(text, r"type +transition")}
    engage = transitions["csc", "engage"]
    # 1e-3/min in niche contact only, three weights of 1 at full signals.
    must(engage["mean wait, no signal"] == "never", f"{engage}")
    must(near(engage["all signals full"], 1e3 / math.exp(3)), f"{engage}")
    calm_down = transitions["fib", "calm_down"]
    must(calm_down["mean wait, no signal"] == calm_down["all signals full"], f"{calm_down}")
    must(near(calm_down["mean wait, no signal"], 1 / 7e-5 / 1440) and calm_down["mean wait, no signal"].endswith(" d"),
         f"{calm_down}")


def check_time_lines(folder):
    (folder / "treated.prm").write_text(TREATED)
    process = nidus_alone(["check", "treated.prm"], folder)
    must_end(process, 0)
    lines = {row["intervention"]: row for row in rows(process.stdout, "intervention ")}
    line = next(value for key, value in lines["pulse"].items() if key.startswith("0-"))
    # Six days: off, on for a day, off for two, on to the end.
    part = len(line) / 6
    must(re.fullmatch(r"\.+#+\.+#+", line), line)
    for day, mark in ((0.5, "."), (1.5, "#"), (3, "."), (5, "#")):
        must(line[int(day * part)] == mark, f"{line} on day {day}")
    must("1 d" in lines["pulse"]["when"] or "24 h" in lines["pulse"]["when"], f"{lines['pulse']}")
    must("csc.engage" in lines["pulse"]["acts on (change at full effect)"], f"{lines['pulse']}")
    must("cut" in lines, "the resection is missing")


def check_warnings(folder):
    process = nidus_alone(["check", str(SOURCE / "params/quickstart.prm"), *settings(["Organ/Cell size=100"])], folder)
    must_end(process, 0)
    must(re.search(r"warning: cells of [\d.]+ um do not resolve sdf1 in parenchyma", process.stdout), process.stdout[-2000:])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        process = nidus_alone(["check", str(SOURCE / "params/quickstart.prm")], folder)
        must_end(process, 0)
        text = process.stdout
        for heading in ("Organ", "Vessels", "Fields", "Agents", "Blood", "Interventions", "Cost"):
            must(re.search(rf"^{heading}", text, re.M), f"no chapter {heading}\n{text}")
        check_fields(text)
        check_agents(text)
        must("disk: about" in text, "no size of the output")
        check_time_lines(folder)
        check_warnings(folder)
        must([file.name for file in folder.iterdir()] == ["treated.prm"], "check has written")


main()
