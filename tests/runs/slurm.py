"""The SLURM job, with stand-ins for srun, squeue and scontrol: stops before the time is over, is requeued, goes on, and
ends as the uninterrupted run, bit for bit."""
import os
import pathlib
import subprocess
import tempfile

from checkpoint_file import same_end
from nidus_run import MPIEXEC, PROGRAM, SOURCE, must, must_end, nidus, settings

JOB = SOURCE / "scripts/slurm/job"
FILE = str(SOURCE / "params/quickstart.prm")
VALUES = settings(["Run/End time=360", "Output/Interval=120", "Output/Checkpoint interval=360"])

STAND_INS = {
    "srun": f'exec "{MPIEXEC}" -n "$SLURM_NTASKS" "$@"',
    # The time left is in a file; what is asked for must be this job.
    "squeue": '[[ "$*" == "--noheader --jobs=4711 --format=%L" ]] && cat "$STATE/time_left"',
    # A launcher whose run stops before it has made a step.
    "stuck": "exit 3",
    "scontrol": '[[ "$*" == "requeue 4711" ]] && touch "$STATE/requeued"',
}


class Cluster:
    """A queue of one job; `scratch` holds the stand-ins and what they know."""

    def __init__(self, scratch):
        self.scratch = scratch
        programs = scratch / "bin"
        programs.mkdir()
        for name, line in STAND_INS.items():
            (programs / name).write_text("#!/usr/bin/env bash\n" + line + "\n")
            (programs / name).chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "STATE": str(scratch),
                            "NIDUS": PROGRAM, "SLURM_JOB_ID": "4711", "SLURM_NTASKS": "2", "NIDUS_SPARE_SECONDS": "0"}

    def start(self, arguments, time_left, restarts=0, **environment):
        """One start of the job; returns the process and whether the job was put into the queue again."""
        (self.scratch / "requeued").unlink(missing_ok=True)
        (self.scratch / "time_left").write_text(time_left + "\n")
        # SLURM starts a copy in a folder of its own.
        copy = self.scratch / "slurm_script"
        copy.write_bytes(JOB.read_bytes())
        process = subprocess.run(["bash", str(copy), *arguments], cwd=self.scratch, capture_output=True, text=True,
                                 timeout=300, stdin=subprocess.DEVNULL,
                                 env={**self.environment, "SLURM_RESTART_COUNT": str(restarts), **environment})
        return process, (self.scratch / "requeued").exists()


def check_requeue(scratch):
    whole, parts = scratch / "whole", scratch / "parts"
    must_end(nidus(["run", FILE, "--output", str(whole), *VALUES], 2), 0)
    cluster = Cluster(scratch)
    arguments = [FILE, "--output", str(parts), *VALUES]
    # A second is less than a step and the rest may take, so each of these parts is one step and a checkpoint.
    for restarts in (0, 1):
        process, requeued = cluster.start(arguments, "0:01", restarts)
        must_end(process, 3)
        must(requeued, "the job was not put into the queue again")
        must(("--resume" in process.stdout) == (restarts > 0), process.stdout)
    process, requeued = cluster.start(arguments, "1-02:00:05", 2)
    must_end(process, 0)
    must(not requeued and "--wall-time-limit 93605" in process.stdout, process.stdout)
    same_end(whole, parts)


def check_list(scratch):
    runs = scratch / "runs"
    runs.write_text(f'{FILE} --output first\n{FILE} --set "Run/End time=30" --set "Output/Interval=30" '
                    '--set "Output/Checkpoint interval=30" --output "second one"\n')
    cluster = Cluster(scratch)
    process, requeued = cluster.start([str(runs)], "UNLIMITED", SLURM_ARRAY_TASK_ID="2")
    must_end(process, 0)
    must(not requeued and "--wall-time-limit" not in process.stdout, process.stdout)
    must((scratch / "second one/statistics.csv").exists() and not (scratch / "first").exists(), "the wrong line was run")
    process, _ = cluster.start([str(runs)], "UNLIMITED", SLURM_ARRAY_TASK_ID="3")
    must_end(process, 2)
    must("no line 3" in process.stderr, process.stderr)


def check_no_loop(scratch):
    """What has no end by itself does not come again: a run that was stopped by its user, one that makes no step, one that
    fails."""
    cluster = Cluster(scratch)
    arguments = [FILE, "--output", str(scratch / "out"), *VALUES]
    process, requeued = cluster.start(arguments, "0:01")
    must_end(process, 3)
    (scratch / "out/stop").touch()
    process, requeued = cluster.start(arguments, "1:00:00", 1)
    must_end(process, 3)
    must(not requeued and "stopped by" in process.stdout, process.stdout)
    (scratch / "out/stop").unlink()
    process, requeued = cluster.start(arguments, "1:00:00", 1, NIDUS_LAUNCHER="stuck")
    must_end(process, 1)
    must(not requeued and "not enough for a single step" in process.stderr, process.stderr)
    process, requeued = cluster.start([FILE, "--set", "Run/End time=-1"], "1:00:00")
    must_end(process, 2)
    must(not requeued, "a wrong input was put into the queue again")


def main():
    for check in (check_requeue, check_list, check_no_loop):
        with tempfile.TemporaryDirectory() as scratch:
            check(pathlib.Path(scratch))
    print("the job stops in time, comes again, goes on, and ends as the uninterrupted run")


main()
