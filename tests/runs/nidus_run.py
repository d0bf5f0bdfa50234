"""Starts the program as a user would, for tests of whole runs."""
import os
import pathlib
import subprocess
import sys

PROGRAM = os.environ["NIDUS"]
SOURCE = pathlib.Path(os.environ["NIDUS_SOURCE"])
MPIEXEC = os.environ["NIDUS_MPIEXEC"]

# A few hours of the quickstart: every kind of part, in seconds.
SHORT = ["Run/End time=720", "Output/Interval=240", "Output/Checkpoint interval=720"]


def nidus(arguments, ranks=1, folder=None, timeout=300):
    """Runs `nidus ARGUMENTS` on RANKS ranks; returns the finished process with its texts."""
    return finished([MPIEXEC, "--quiet", "-n", str(ranks), PROGRAM, *arguments], folder, timeout)


def nidus_alone(arguments, folder=None, timeout=300):
    """The same on one rank, without mpirun."""
    return finished([PROGRAM, *arguments], folder, timeout)


def finished(command, folder, timeout):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)


def settings(values):
    return [part for value in values for part in ("--set", value)]


def must(condition, text):
    """Ends the test with TEXT unless CONDITION holds."""
    if not condition:
        print("FAILED: " + text)
        sys.exit(1)


def must_end(process, code):
    must(process.returncode == code,
         f"exit code {process.returncode} instead of {code} from {' '.join(process.args)}\n"
         f"{process.stdout[-2000:]}\n{process.stderr[-2000:]}")
