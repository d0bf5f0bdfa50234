"""Starts the program as a user would, for tests of whole runs."""
import os
import pathlib
import re
import subprocess
import sys

PROGRAM = os.environ["NIDUS"]
SOURCE = pathlib.Path(os.environ["NIDUS_SOURCE"])
MPIEXEC = os.environ["NIDUS_MPIEXEC"]
# How many times as long a run may take: sanitizers need it.
PATIENCE = float(os.environ.get("NIDUS_PATIENCE", "1"))

# A few hours of the quickstart: every kind of part, in seconds.
SHORT = ["Run/End time=720", "Output/Interval=240", "Output/Checkpoint interval=720"]


def nidus(arguments, ranks=1, folder=None, timeout=300):
    """Runs `nidus ARGUMENTS` on RANKS ranks; returns the finished process with its texts."""
    return finished([MPIEXEC, "-n", str(ranks), PROGRAM, *arguments], folder, timeout)


def nidus_alone(arguments, folder=None, timeout=300):
    """The same on one rank, without mpirun."""
    return finished([PROGRAM, *arguments], folder, timeout)


def finished(command, folder, timeout):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE * timeout,
                          stdin=subprocess.DEVNULL)


def told(process):
    """What a finished PROCESS has to say on standard error, without what mpirun of Open MPI 5 adds to a program that fails:
    there is no option that keeps it quiet."""
    text = re.sub(r"-{20,}\nprterun .*?\n-{20,}\n?", "", process.stderr, flags=re.DOTALL)
    return re.sub(r"\[\S+\] PMIX ERROR: .*\n?", "", text).strip()


def ranks_of(mpirun):
    """Numbers of the processes that MPIRUN, a process, has started on this machine."""
    children = pathlib.Path(f"/proc/{mpirun.pid}/task/{mpirun.pid}/children")
    return [int(pid) for pid in children.read_text().split()] if children.exists() else []


def settings(values):
    return [part for value in values for part in ("--set", value)]


def element(section, name, entries):
    """Text of a parameter file: one element of a named list; entries without a value are left out."""
    lines = [f"  set {entry} = {value}" for entry, value in entries.items() if value]
    return "\n".join([f"subsection {section}\n subsection {name}", *lines, " end\nend\n"])


def timed_conditions(rise, floor):
    """Text of conditions at boundaries of the quickstart: SDF-1 in the airway rises in RISE min, VEGF is FLOOR below."""
    return element("Boundaries", "wall", {"Field": "sdf1", "Boundary": "airway", "Kind": "Robin",
                                          "Value": f"0.5 * (1 - exp(-t/{rise}))", "Permeability": "0.02"}) + \
        element("Boundaries", "floor", {"Field": "vegf", "Boundary": "z min", "Kind": "value", "Value": floor})


def must(condition, text):
    """Ends the test with TEXT unless CONDITION holds."""
    if not condition:
        print("FAILED: " + text)
        sys.exit(1)


def must_end(process, code):
    must(process.returncode == code,
         f"exit code {process.returncode} instead of {code} from {' '.join(process.args)}\n"
         f"{process.stdout[-2000:]}\n{process.stderr[-2000:]}")
