"""Faults, tried on a run from outside: killed ranks, a full disk, a folder that is gone, a rank out of memory, NaN.

NIDUS_FAULT_KILLS is the number of kills, 5 without it; NIDUS_FAULT_SEED is the seed of their moments. Everything waits for
states of the run, never for a time, so that it holds on a busy machine; after PATIENCE a run counts as hanging.
"""
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from checkpoint_file import same_end
from nidus_run import MPIEXEC, PROGRAM, SOURCE, element, finished, must, must_end, nidus, ranks_of, settings

FILE = SOURCE / "params/quickstart.prm"
INTERVAL = 2  # macro steps between checkpoints
VALUES = ["Run/End time=1440", "Output/Interval=120", f"Output/Checkpoint interval={30 * INTERVAL}"]
ENDLESS = ["Run/End time=864000", "Output/Checkpoint interval=30", "Output/Interval=864000"]
PATIENCE = 600.0  # s


class Run:
    """A run on two ranks that is going on."""

    def __init__(self, folder, values, *more, file=FILE):
        self.folder = folder
        self.text = tempfile.TemporaryFile("w+")
        self.mpirun = subprocess.Popen(
            [MPIEXEC, "-n", "2", PROGRAM, "run", str(file), "--output", str(folder), *settings(values), *more],
            stdin=subprocess.DEVNULL, stdout=self.text, stderr=subprocess.STDOUT)

    def ended(self):
        return self.mpirun.poll() is not None

    def ranks(self):
        return ranks_of(self.mpirun)

    def until(self, condition):
        """Whether CONDITION came true before the run ended."""
        end = time.monotonic() + PATIENCE
        while not self.ended():
            if condition():
                return True
            must(time.monotonic() < end, f"nothing has happened in {PATIENCE} s:\n{self.output()}")
            time.sleep(0.001)
        return False

    def code(self, patience=PATIENCE):
        """The exit code, which must come within PATIENCE s."""
        try:
            return self.mpirun.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill(everything=True)
            must(False, f"the run does not end:\n{self.output()}")

    def kill(self, everything):
        ranks = self.ranks()
        for pid in ([self.mpirun.pid] if everything else []) + (ranks if everything else ranks[-1:]):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it has just ended by itself

    def ask_to_stop(self):
        """As a batch system does, but mpirun would end its ranks a second later."""
        for pid in self.ranks():
            os.kill(pid, signal.SIGTERM)

    def output(self):
        self.text.seek(0)
        return self.text.read()

    def one_message(self, *parts):
        lines = [line for line in self.output().splitlines() if line.startswith("nidus:")]
        must(len(lines) == 1 and all(part in lines[0] for part in parts), f"{parts} in one line of:\n{self.output()}")
        return lines[0]


def steps(folder):
    return sorted(int(path.name[5:13]) for path in (folder / "checkpoint").glob("step_*"))


def last_output(folder):
    """The step of the last row of the statistics."""
    table = folder / "statistics.csv"
    rows = table.read_text().splitlines() if table.exists() else []
    return round(float(rows[-1].split(",")[0]) / 30) if len(rows) > 1 else 0


def gone_on_from(text):
    return [int(line.rsplit("_", 1)[1]) for line in text.splitlines() if line.startswith("going on from checkpoint")]


def kill_at_random(draw, run):
    """False if the run ended before."""
    first = steps(run.folder)
    if draw.random() < 0.5:  # while a checkpoint is written
        aside = run.folder / "checkpoint/aside"
        for _ in range(draw.randrange(1, 4)):
            if not run.until(aside.exists) or not run.until(lambda: not aside.exists()):
                return False
        if not run.until(aside.exists):
            return False
        inside, wait = True, draw.uniform(0.0, 0.01)
    else:
        if not run.until(lambda: steps(run.folder) != first):
            return False
        inside, wait = False, draw.uniform(0.0, 1.5)
    time.sleep(wait)
    if run.ended():
        return False
    run.kill(everything=draw.random() < 0.5)
    if run.code() == 0:
        return False  # it had done its work: what it left is compared
    run.inside = inside and aside.exists()
    return True


def check_kills(scratch, number):
    whole = scratch / "whole"
    must_end(nidus(["run", str(FILE), "--output", str(whole), *settings(VALUES)], 2), 0)
    draw = random.Random(int(os.environ.get("NIDUS_FAULT_SEED", "1")))
    killed = inside = runs = lost = 0
    folder = scratch / "killed"
    more = []
    while killed < number or more:
        run = Run(folder, VALUES, *more)
        before = (last_output(folder), steps(folder)) if more else (0, [])
        if killed < number and kill_at_random(draw, run):
            killed += 1
            inside += run.inside
        else:
            must(run.code() == 0, run.output())
            same_end(whole, folder)
            runs += 1
        for step in gone_on_from(run.output()):
            must(step >= before[0] - INTERVAL, f"an output at step {before[0]} was reached, but it went on from {step}")
            lost = max(lost, before[0] - step)
            must(before[1][-1] - step <= INTERVAL, f"{before[1]} were there, but it went on from {step}")
        if run.mpirun.returncode == 0:
            shutil.rmtree(folder)
            more = []
        else:
            must(steps(folder), "killed after a checkpoint, but there is none")
            more = ["--resume"]
    print(f"measured | kill -9 | {killed} tried, {inside} of them inside a checkpoint, {killed} survived; {runs} runs ended "
          f"bit for bit as the one that was left alone; at most {lost} steps beyond a checkpoint were done again")


def goes_on(folder, values):
    """What a fault has left of an endless run can be resumed, here for two steps."""
    end = f"Run/End time={30 * (steps(folder)[-1] + 2)}"
    process = nidus(["run", str(FILE), "--output", str(folder), "--resume", *settings([*values, end])], 2, timeout=PATIENCE)
    must_end(process, 0)
    must(len(gone_on_from(process.stdout)) == 1 and "cannot be used" not in process.stdout, process.stdout)


def mounted(*arguments):
    return subprocess.run(["mount", *map(str, arguments)], capture_output=True).returncode == 0


def small_disk(scratch, name):
    disk = scratch / name
    disk.mkdir()
    return disk if mounted("-t", "tmpfs", "-o", "size=8m", "none", disk) else None


def fill(disk):
    with open(disk / "ballast", "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def check_full_disk(scratch):
    disk = small_disk(scratch, "disk")
    if disk is None:
        print("SKIPPED: no tmpfs can be mounted here, so no disk is full")
        return
    run = Run(disk / "run", [*ENDLESS, "Output/Checkpoints kept=1"])
    run.until(lambda: steps(disk / "run"))
    fill(disk)
    run.until(lambda: "no checkpoint can be written" in run.output())
    must(steps(disk / "run"), "a full disk has cost the last checkpoint")
    stuck = steps(disk / "run")[-1]
    (disk / "ballast").unlink()
    must(run.until(lambda: steps(disk / "run")[-1:] > [stuck]), f"it has not gone on:\n{run.output()}")
    must("No space left on device" in run.output(), run.output())
    run.ask_to_stop()
    must(run.code() == 3, run.output())
    goes_on(disk / "run", ENDLESS)
    print("full disk at a checkpoint: a warning, and checkpoints again when there is room")

    run = Run(disk / "outputs", [*ENDLESS, "Output/Interval=30"])
    run.until(lambda: len(steps(disk / "outputs")) > 1)
    fill(disk)
    must(run.code() == 1, run.output())
    print(run.one_message("No space left on device"))
    (disk / "ballast").unlink()
    goes_on(disk / "outputs", ENDLESS)


def check_lost_folder(scratch):
    folder, away = scratch / "lost", scratch / "away"
    for output in ("30", "864000"):
        run = Run(folder, [*ENDLESS, f"Output/Interval={output}"])
        run.until(lambda: steps(folder))
        folder.rename(away)
        if output == "864000":
            run.until(lambda: "no checkpoint can be written" in run.output())
            run.ask_to_stop()
        must(run.code() == 1, run.output())
        print(run.one_message("No such file" if output == "30" else "last checkpoint"))
        must(not folder.exists(), "the folder was made again")
        goes_on(away, ENDLESS)
        shutil.rmtree(away)

    folder = scratch / "read_only"
    run = Run(folder, [*ENDLESS, "Output/Interval=30"])
    run.until(lambda: steps(folder))
    if not mounted("--bind", folder, folder) or not mounted("-o", "remount,ro,bind", folder):
        run.kill(everything=True)
        print("SKIPPED: nothing can be mounted here, so no folder becomes read-only")
        return
    must(run.code() == 1, run.output())
    print(run.one_message("Read-only file system"))
    subprocess.run(["umount", str(folder)], check=True)
    goes_on(folder, ENDLESS)


def check_throwing_rank(scratch):
    """One rank cannot get any more memory, which it needs at each output of so many cells."""
    folder, values = scratch / "thrown", [*ENDLESS, "Organ/Cell size=12.5", "Output/Interval=30"]
    run = Run(folder, values)
    run.until(lambda: steps(folder))
    resource.prlimit(run.ranks()[1], resource.RLIMIT_AS, (1 << 20, 1 << 20))
    # It may do with what it has for some outputs.
    run.until(lambda: "nidus:" in run.output())
    start = time.monotonic()
    code = run.code()
    must(code == 1, f"exit code {code}:\n{run.output()}")
    print(run.one_message("rank 1") + f" (all ended {time.monotonic() - start:.1f} s later)")
    goes_on(folder, values)


def check_nan(scratch):
    prm = scratch / "nan.prm"
    prm.write_text(FILE.read_text() + element("Boundaries", "floor", {"Field": "vegf", "Boundary": "z min", "Kind": "value",
                                                                      "Value": "0.001 * sqrt(100 - t)"}))
    run = Run(scratch / "nan", ["Run/End time=480", "Output/Interval=480"], file=prm)
    must(run.code() == 1, run.output())
    print(run.one_message("Boundaries/floor/Value", "nan"))
    must(steps(scratch / "nan") == [3], f"the last good state is that of step 3, not {steps(scratch / 'nan')}")


def check_memory_limit(scratch):
    """More than the program itself takes, less than the run."""
    start = time.monotonic()
    process = finished(["bash", "-c", 'ulimit -v 900000 && exec "$@"', "bash", PROGRAM, "run", str(FILE), "--output",
                        str(scratch / "big"), "--set", "Organ/Cell size=5"], None, PATIENCE)
    must_end(process, 2)
    must("memory" in process.stderr and not (scratch / "big").exists(), process.stderr)
    print(f"refused after {time.monotonic() - start:.1f} s: {process.stderr.strip()[:150]}...")


def in_own_mounts():
    """What is mounted here is seen by nobody else and gone at the end, where that is allowed."""
    if "NIDUS_FAULT_MOUNTS" in os.environ or os.geteuid() != 0:
        return
    os.environ["NIDUS_FAULT_MOUNTS"] = "own"
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0:
        os.execvp("unshare", ["unshare", "-m", sys.executable, *sys.argv])


def main():
    in_own_mounts()
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        try:
            check_memory_limit(scratch)
            check_nan(scratch)
            check_throwing_rank(scratch)
            check_lost_folder(scratch)
            check_full_disk(scratch)
            check_kills(scratch, int(os.environ.get("NIDUS_FAULT_KILLS", "5")))
        finally:
            for folder in ("read_only", "disk"):
                subprocess.run(["umount", "-q", str(scratch / folder)], capture_output=True)


main()
