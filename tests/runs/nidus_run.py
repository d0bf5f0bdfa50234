"""Starts the program under mpirun as a user would, for tests of whole runs."""
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
    command = [MPIEXEC, "--quiet", "-n", str(ranks), PROGRAM, *arguments]
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
