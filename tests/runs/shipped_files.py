"""Every parameter file that is shipped can be run, and the program's own reference can be printed in each format."""
import json
import pathlib
import re
import tempfile

from nidus_run import SOURCE, must, must_end, nidus


# Parts that need others before them.
NEEDS = {"modules/bone_cycle.prm": ["modules/tgfb.prm"]}


def check(file, folder):
    process = nidus(["check", str(file)], 2, folder, timeout=600)
    must_end(process, 0)
    must("can be run" in process.stdout, process.stdout)
    return process.stdout


def check_parts(folder):
    """Modules and variants of the niche, each on top of the quickstart."""
    parts = sorted(f"{part.parent.name}/{part.name}" for where in ("modules", "niche")
                   for part in (SOURCE / "params" / where).glob("*.prm"))
    must(len(parts) >= 12, "parts of parameter files are missing")
    for part in parts:
        file = folder / "with_part.prm"
        file.write_text("".join(f"include {name}\n" for name in ["quickstart.prm", *NEEDS.get(part, []), part]))
        check(file, folder)
        file.unlink()


# What a file that speaks of contested or retracted evidence must say of it.
WARNINGS = {r"\bVEGFR1\b": r"(?i)contested|dispute", r"\blox\b|bapn|BAPN|[Ll]ysyl": "RETRACTED"}


def check_warnings():
    for file in sorted((SOURCE / "params").rglob("*.prm")):
        text = file.read_text()
        for subject, warning in WARNINGS.items():
            must(not re.search(subject, text) or re.search(warning, text), f"{file} lacks the warning '{warning}'")


def main():
    check_warnings()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        files = sorted((SOURCE / "params").glob("*.prm")) + sorted((SOURCE / "params/treated").glob("*.prm"))
        must(len(files) >= 3, "no shipped files found")
        for file in files:
            print(f"{file.name}\n{check(file, folder)}")
        check_parts(folder)
        for form in ("prm", "json", "markdown"):
            process = nidus(["parameters", "--format", form], 1, folder)
            must_end(process, 0)
            text = process.stdout if form != "json" else str(json.loads(process.stdout))
            must("Diffusivity" in text and "um^2/min" in text, f"the reference as {form}")
        must(not list(folder.iterdir()), "check and parameters must not write anything")


main()
