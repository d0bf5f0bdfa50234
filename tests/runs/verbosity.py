"""What the program tells: in a pipe, quiet, verbose; the results are the same."""
import os
import pathlib
import re
import tempfile

from checkpoint_file import same_end
from nidus_run import SOURCE, must, must_end, nidus, settings

FILE = str(SOURCE / "params/quickstart.prm")
STEPS = 12
VALUES = settings([f"Run/End time={30 * STEPS}", "Output/Interval=120", f"Output/Checkpoint interval={30 * STEPS}"])


def run(scratch, name, *options):
    process = nidus(["run", FILE, "--output", str(scratch / name), *VALUES, *options], 2)
    must_end(process, 0)
    return process


def steps_in(text):
    return len(re.findall(r"^day .* \| step \d+/", text, re.MULTILINE))


def check_runs(scratch):
    # mpirun gives the program a terminal of its own, also where it writes into a pipe.
    os.environ.pop("NIDUS_TERMINAL", None)
    plain = run(scratch, "plain")
    must(steps_in(plain.stdout) == 4 and not plain.stderr, f"a pipe: {plain.stdout} {plain.stderr}")
    must(re.search(r"step 12/12 .* \| left 0s", plain.stdout), f"no rate and time left: {plain.stdout}")
    must("\x1b" not in plain.stdout, "a line for terminals in a pipe")
    # The table of the timing at the end, which is indented, names them as well.
    must(not re.search(r"^set-up", plain.stdout, re.MULTILINE), "phases of the set-up in a pipe")
    quiet = run(scratch, "quiet", "--quiet")
    must(quiet.stdout == "", f"quiet, but: {quiet.stdout}")
    # The file has macro steps that are long for some of its hazards, so there is something to warn of.
    told = [line for line in (scratch / "quiet/run.log").read_text().splitlines() if line.startswith("warning: ")]
    must(told and quiet.stderr == "".join(f"nidus: {line}\n" for line in told), f"{told}\n{quiet.stderr}")
    verbose = run(scratch, "verbose", "--verbose")
    must(steps_in(verbose.stdout) == STEPS and "newton iterations" in verbose.stdout, f"steps: {verbose.stdout}")
    for phase in ("mesh", "multigrid levels", "field solver", "agents", "first output"):
        must(f"set-up {phase}: " in verbose.stdout, f"no phase {phase}: {verbose.stdout}")
    os.environ["NIDUS_TERMINAL"] = "1"
    terminal = run(scratch, "terminal")
    os.environ["NIDUS_TERMINAL"] = "0"
    for text in ("set-up: mesh of at least", "set-up: multigrid levels\x1b", "day 0.25/0.25 | step 12/12"):
        must(text in terminal.stdout, f"not on the terminal: {text}: {terminal.stdout!r}")
    for name in ("quiet", "verbose", "terminal"):
        same_end(scratch / "plain", scratch / name)
    must((scratch / "quiet/run.log").read_text().count("\n") == (scratch / "plain/run.log").read_text().count("\n"),
         "the log of a quiet run is another one")


def check_other_commands(scratch):
    for arguments in (["check", FILE], ["mesh", FILE, "--output", str(scratch / "mesh")],
                      ["run", FILE, "--output", str(scratch / "many"), *VALUES, "--replicates", "2"]):
        process = nidus([*arguments, "--quiet"], 1)
        must_end(process, 0)
        must(process.stdout == "", f"{arguments[0]} is not quiet: {process.stdout}")
    process = nidus(["run", FILE, "--quiet", "--verbose"], 1)
    must_end(process, 2)
    many = nidus(["run", FILE, "--output", str(scratch / "many"), *VALUES, "--replicates", "3", "--verbose"], 1)
    must_end(many, 0)
    must(re.search(r"replicate 2 of 3: done after .* s, left \d+s", many.stdout) and "begins on 1 rank" in many.stdout,
         many.stdout)


def main():
    for check in (check_runs, check_other_commands):
        with tempfile.TemporaryDirectory() as scratch:
            check(pathlib.Path(scratch))
    print("plain in a pipe, quiet, verbose, on a terminal")


main()
