"""Checkpoints: what asks for one, how many are kept, and which one a run goes on from when some are damaged."""
import json
import pathlib
import shutil
import signal
import struct
import subprocess
import tempfile
import time

from checkpoint_file import newest, same_end
from nidus_run import MPIEXEC, PROGRAM, SOURCE, must, must_end, nidus, nidus_alone, settings

FILE = str(SOURCE / "params/quickstart.prm")
VALUES = ["Run/End time=480", "Output/Interval=120", "Output/Checkpoint interval=120"]
PATIENCE = 300  # s, after which a run counts as hanging
LONG = ["Run/End time=864000", "Output/Interval=8640", "Output/Checkpoint interval=0"]


def steps(folder):
    return sorted(int(path.name[5:]) for path in (folder / "checkpoint").glob("step_*"))


def run(folder, values, *more):
    return nidus(["run", FILE, "--output", str(folder), *settings(values), *more])


def content_hash(data):
    """The checksum of manifests, FNV-1a of 64 bits."""
    value = 0xcbf29ce484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001b3 % 2**64
    return f"{value:016x}"


def seal(checkpoint, files):
    """Puts FILES {name: bytes} into CHECKPOINT with right checksums, as somebody would who means harm."""
    manifest = json.loads((checkpoint / "manifest.json").read_text())
    del manifest["checksum"]
    for name, data in files.items():
        (checkpoint / name).write_bytes(data)
        manifest["files"][name] = {"bytes": len(data), "checksum": content_hash(data)}
    manifest["checksum"] = content_hash(json.dumps(manifest, separators=(",", ":")).encode())
    (checkpoint / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def damages(folder, other):
    """(what is done to the newest checkpoint of FOLDER, which file is named) for each kind of damage."""
    last, before = (folder / "checkpoint" / name for name in ("step_00000016", "step_00000012"))

    def flip(name):
        data = bytearray((last / name).read_bytes())
        data[len(data) // 2] ^= 1
        (last / name).write_bytes(data)

    def cut(name):
        data = (last / name).read_bytes()
        (last / name).write_bytes(data[:-8])

    def of_another_run():
        shutil.rmtree(last)
        shutil.copytree(newest(other), last)

    for name in ("fields.bin", "agents.bin", "state.json", "parameters.json", "manifest.json"):
        yield lambda name=name: flip(name), name
    for name in ("fields.bin", "manifest.json"):
        yield lambda name=name: cut(name), name
        yield lambda name=name: (last / name).unlink(), name
        yield lambda name=name: shutil.copy(before / name, last / name), name
    yield lambda: shutil.copy(newest(other) / "agents.bin", last / "agents.bin"), "agents.bin"
    yield of_another_run, "another run"
    yield lambda: seal(last, {"../x": b"x"}), "names a file elsewhere, '../x'"


def check_damage(scratch):
    whole, other = scratch / "whole", scratch / "other"
    must_end(run(whole, VALUES), 0)
    must(steps(whole) == [12, 16], f"checkpoints of steps {steps(whole)} are kept")
    must_end(run(other, [*VALUES, "Run/Random seed=2"]), 0)
    for number, (damage, named) in enumerate(damages(scratch / "try", other)):
        folder = scratch / "try"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        damage()
        process = run(folder, VALUES, "--resume")
        must_end(process, 0)
        text = process.stdout
        must("checkpoint step_00000016 cannot be used" in text and named in text, f"{number} {named}: {text}")
        must("going on from checkpoint step_00000012" in text, f"{number}: {text}")
        must("cannot be used" in (folder / "run.log").read_text(), "the log says nothing")
        same_end(whole, folder)
    for name in ("step_00000016", "step_00000012"):
        (folder / "checkpoint" / name / "agents.bin").write_bytes(b"")
    before = (folder / "run.log").read_text(), (folder / "provenance.json").read_text()
    process = run(folder, VALUES, "--resume")
    must_end(process, 2)
    must(all(name in process.stderr for name in ("no whole checkpoint", "step_00000016", "step_00000012")), process.stderr)
    must(before == ((folder / "run.log").read_text(), (folder / "provenance.json").read_text()), "a refusal has written")
    print(f"{number + 1} damaged checkpoints named, the one before taken; none whole is refused")


def check_sealed(scratch):
    """Checksums that were put right again do not bring in what this run cannot hold."""
    whole, folder = scratch / "whole", scratch / "sealed"
    shutil.copytree(whole, folder)
    agents, state = ((newest(whole) / name).read_bytes() for name in ("agents.bin", "state.json"))

    def with_first(place, kind, value):
        """AGENTS with another number in the first: its type is at byte 48, its state at 52, its place at 72."""
        data = bytearray(agents)
        struct.pack_into(kind, data, place, value)
        return bytes(data)

    of_one = json.loads(state)
    of_one = of_one["bytes per agent"] + 8 * of_one["receptor numbers per agent"]

    def with_accounts(name, numbers):
        contents = json.loads(state)
        contents["state"]["interval"][name] = numbers
        return json.dumps(contents, indent=1).encode()

    for name, data, said in (("agents.bin", with_first(48, "<i", 99), "agent 0 has type 99"),
                             ("agents.bin", with_first(48, "<i", -1), "agent 0 has type -1"),
                             ("agents.bin", with_first(52, "<i", 2**31 - 1), "agent 0 has state 2147483647"),
                             ("agents.bin", with_first(72, "<d", float("nan")), "not finite"),
                             ("agents.bin", with_first(72, "<d", 1e9), "outside of the tissue"),
                             ("agents.bin", agents[:-8], "no multiple"),
                             ("agents.bin", agents[:-of_one], "the account of agents does not close"),
                             ("state.json", with_accounts("budget", [[0.0] * 8]), "the accounts in the checkpoint"),
                             ("state.json", with_accounts("arrested", [0.0] * 99), "the accounts in the checkpoint")):
        seal(newest(folder), {"agents.bin": agents, "state.json": state, name: data})
        for ranks in (1, 2):
            process = nidus(["run", FILE, "--output", str(folder), *settings(VALUES), "--resume"], ranks)
            must_end(process, 2)
            must(said in process.stderr, f"{said}: {process.stderr}")
    seal(newest(folder), {"agents.bin": agents, "state.json": state})
    must_end(run(folder, VALUES, "--resume"), 0)
    print("checkpoints with right checksums and wrong contents are refused")


def check_kept(scratch):
    must_end(run(scratch / "one", [*VALUES, "Output/Checkpoints kept=1"]), 0)
    must(steps(scratch / "one") == [16], f"{steps(scratch / 'one')}")
    must_end(run(scratch / "four", [*VALUES, "Output/Checkpoints kept=4"]), 0)
    must(steps(scratch / "four") == [4, 8, 12, 16], f"{steps(scratch / 'four')}")


def until(condition, process, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        must(process.poll() is None, f"the run ended before {what}: {process.poll()}")
        must(time.monotonic() < end, f"no {what} in {PATIENCE} s")
        time.sleep(0.05)


def started(command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def check_signals(scratch):
    for signal_to_stop, launcher in ((signal.SIGTERM, []), (signal.SIGINT, []), (signal.SIGALRM, []),
                                     (signal.SIGALRM, [MPIEXEC, "-n", "2"])):
        folder = scratch / f"signal{signal_to_stop}{len(launcher)}"
        process = started([*launcher, PROGRAM, "run", FILE, "--output", str(folder), *settings(LONG)])
        until(lambda: (folder / "statistics.csv").exists(), process, "start")
        time.sleep(0.5)
        process.send_signal(signal.SIGUSR1)
        until(lambda: steps(folder), process, "checkpoint by SIGUSR1")
        first = steps(folder)[-1]
        time.sleep(0.5)
        must(process.poll() is None, "SIGUSR1 has ended the run")
        process.send_signal(signal.SIGUSR2)
        until((folder / "timing.json").exists, process, "timing by SIGUSR2")
        time.sleep(0.5)
        must(process.poll() is None, "SIGUSR2 has ended the run")
        process.send_signal(signal_to_stop)
        must(process.wait(PATIENCE) == 3, f"exit code {process.returncode} after {signal_to_stop!r}")
        must(steps(folder)[-1] > first, f"no new checkpoint after {signal_to_stop!r}")
    print("SIGUSR1 writes a checkpoint, SIGUSR2 the timing, and the run goes on; SIGTERM, SIGINT and SIGALRM stop it")


def check_wall(scratch):
    """How early is early enough is tried on a clock of its own (unit/test_wall_plan); here no time is measured."""
    folder = scratch / "limit"
    process = nidus_alone(["run", FILE, "--output", str(folder), *settings(LONG), "--wall-time-limit", "00:00:05"])
    must_end(process, 3)
    must("stopping before the wall-time limit of 5 s" in process.stdout, process.stdout)
    last = steps(folder)[-1]
    must(steps(folder) == sorted({1, last}), f"the first step and the last: {steps(folder)}")
    process = run(folder, [f"Run/End time={30 * (last + 1)}", *LONG[1:]], "--resume")
    must_end(process, 0)
    must(f"going on from checkpoint step_{last:08d}" in process.stdout, process.stdout)
    for wrong in ("1:2", "00:61:00", "-5", "0", "x"):
        process = nidus_alone(["run", FILE, "--output", str(folder), "--wall-time-limit=" + wrong])
        must_end(process, 2)
        must("--wall-time-limit" in process.stderr, process.stderr)
    print(f"stopped by the limit after {last} steps, and went on from there")


def check_clock(scratch):
    folder, began = scratch / "clocked", time.monotonic()
    process = started([MPIEXEC, "-n", "2", PROGRAM, "run", FILE, "--output", str(folder), *settings(
        [*LONG, "Output/Checkpoints kept=1000", "Output/Checkpoint wall interval=1"])])
    until(lambda: len(steps(folder)) >= 3, process, "third checkpoint")
    (folder / "stop").touch()
    must(process.wait(PATIENCE) == 3, f"exit code {process.returncode}")
    # The one by 'stop' is one more. However slow the machine is, no more seconds have passed in the run.
    most = time.monotonic() - began + 1
    must(len(steps(folder)) <= most, f"{len(steps(folder))} checkpoints in {most - 1:.1f} s, one by the clock each second")
    print(f"{len(steps(folder))} checkpoints by the clock")


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        check_wall(scratch)
        check_clock(scratch)
        check_signals(scratch)
        check_kept(scratch)
        check_damage(scratch)
        check_sealed(scratch)


main()
