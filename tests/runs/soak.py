"""2000 steps with everything that comes and goes, on two ranks: no agent is lost, ledgers close, memory grows with the state.

NIDUS_SOAK_STEPS is another number of steps, for a look at the test itself.
"""
import collections
import json
import os
import pathlib
import re
import statistics
import struct
import subprocess
import tempfile
import time

from checkpoint_file import newest
from nidus_run import MPIEXEC, PROGRAM, SOURCE, must, ranks_of, settings

STEPS = int(os.environ.get("NIDUS_SOAK_STEPS", "2000"))
# Progenitors arrive and leave, tumour cells divide and die at like rates, the mesh follows fields and agents.
VALUES = [f"Run/End time={30 * STEPS}", "Output/Interval=1200", "Output/Checkpoint interval=600",
          "Agents/tum/Initial density=parenchyma: 2e-6", "Agents/tum/Initial state=proliferating",
          "Agents/tum/Transitions/divide/Base rate=5e-4", "Agents/tum/Transitions/die_growing/Base rate=5e-4",
          "Blood/Circulating/hpc/Arrest probability=1e-3",
          "Agents/hpc/Transitions/leave/Base rate=4e-4", "Agents/hpc/Transitions/leave/Weights=fibronectin: 0",
          "Adaptivity/Interval=300", "Adaptivity/Fields=sdf1, fibronectin", "Adaptivity/Error=0.02",
          "Adaptivity/Agents=fib, hpc", "Adaptivity/Most agents in a cell=3", "Organ/Cell size=50",
          "Adaptivity/Smallest cell size=24", "Adaptivity/Largest cell size=110", "Balance/Mode=always", "Balance/Check interval=600"]
# Twice what the README says of mesh cells, agents with their output, and room for what the allocator keeps.
BYTES_PER_CELL, BYTES_PER_AGENT, ROOM = 2 * 1500, 2 * 1000, 24e6


def memory_of(process):
    """{rank's process: bytes that are its own}."""
    found = {}
    for rank in ranks_of(process):
        status = pathlib.Path(f"/proc/{rank}/status")
        kilobytes = re.search(r"RssAnon:\s*(\d+)", status.read_text()) if status.exists() else None
        if kilobytes:
            found[rank] = 1024 * int(kilobytes.group(1))
    return found


def table(folder):
    lines = (folder / "statistics.csv").read_text().splitlines()
    names = lines[0].split(",")
    return [dict(zip(names, map(float, line.split(",")))) for line in lines[1:]]


def run(folder):
    """Runs it; returns [(steps done at the last output, bytes of all ranks)], looked at every half second."""
    samples = []
    with tempfile.TemporaryFile("w+") as text:
        process = subprocess.Popen([MPIEXEC, "-n", "2", PROGRAM, "run", str(SOURCE / "params/quickstart.prm"), "--output",
                                    str(folder), *settings(VALUES)], stdin=subprocess.DEVNULL, stdout=text,
                                   stderr=subprocess.STDOUT)
        while process.poll() is None:
            memory = memory_of(process)
            if len(memory) == 2 and (folder / "statistics.csv").exists():
                rows = (folder / "statistics.csv").read_text().count("\n") - 1
                samples.append((40 * max(0, rows - 1), sum(memory.values())))
            time.sleep(0.5)
        text.seek(0)
        must(process.returncode == 0, f"exit code {process.returncode}:\n{text.read()[-3000:]}")
    return samples


def present(rows):
    return [sum(value for name, value in row.items() if re.match(r"agents \S+ \S+ \[1\]", name)) for row in rows]


def check_agents(folder, rows):
    """The history of all agents against those that the last checkpoint holds, and against the account of each row."""
    alive, kinds = set(), collections.Counter()
    for line in (folder / "events.csv").read_text().splitlines()[1:]:
        _, _, key, event, _, _, _, daughter = line.split(",")
        kinds[event] += 1
        if event in ("seeded", "arrived"):
            alive.add(key)
        elif event in ("died", "departed"):
            alive.remove(key)
        elif event == "divided":
            alive.add(daughter)
    state = json.loads((newest(folder) / "state.json").read_text())
    data = (newest(folder) / "agents.bin").read_bytes()
    width = state["bytes per agent"] + 8 * state["receptor numbers per agent"]
    held = {f"{struct.unpack_from('<Q', data, at)[0]:016x}" for at in range(0, len(data), width)}
    must(held == alive, f"{len(held - alive)} agents without a history, {len(alive - held)} lost; events {kinds}")
    for row, n in zip(rows, present(rows)):
        seeded, arrived, born, died, departed = (row[f"agents {what} since start [1]"] for what in
                                                 ("seeded", "arrived", "born", "died", "departed"))
        must(seeded + arrived + born - died - departed == n, f"the account does not close: {row}")
    return kinds, len(held)


def median_between(samples, begin, end):
    chosen = [memory for step, memory in samples if begin * STEPS <= step <= end * STEPS]
    must(len(chosen) >= 3, f"memory was looked at {len(chosen)} times from {begin} to {end} of the run")
    return statistics.median(chosen)


def check_memory(folder, samples, rows):
    """From a third of the run to its end."""
    cells = [int(re.findall(r"\d+", line)[1]) for line in (folder / "run.log").read_text().splitlines()
             if line.startswith("mesh: ")]
    agents = present(rows)
    before, after = median_between(samples, 0.3, 0.4), median_between(samples, 0.9, 1.0)
    grown = [max(0, max(counts[-len(counts) // 10:]) - min(counts[3 * len(counts) // 10:4 * len(counts) // 10]))
             for counts in (cells, agents)]
    allowed = grown[0] * BYTES_PER_CELL + grown[1] * BYTES_PER_AGENT + ROOM
    text = f"memory of both ranks {before / 1e6:.1f} MB at a third, {after / 1e6:.1f} MB at the end, for {grown[0]:.0f} cells " \
           f"and {grown[1]:.0f} agents more"
    must(after - before <= allowed, f"{text}: {allowed / 1e6:.1f} MB more would be the state's")
    return text, cells, agents


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "soak"
        began = time.monotonic()
        samples = run(folder)
        seconds = time.monotonic() - began
        rows = table(folder)
        kinds, n = check_agents(folder, rows)
        residual = max(abs(value) for row in rows for name, value in row.items() if "residual" in name)
        must(residual < 1e-9, f"a ledger is wrong by {residual:.1e}")
        text, cells, agents = check_memory(folder, samples, rows)
        log = (folder / "run.log").read_text().splitlines()
        shared_out = sum(line.startswith("balance: ") and line.endswith(": done") for line in log)
        must(min(kinds[kind] for kind in ("arrived", "divided", "died")) > 0, f"events {kinds}")
        must(len(set(cells)) > 1 and shared_out > 0, f"meshes of {set(cells)} cells, {shared_out} repartitions")
        print(f"{STEPS} steps in {seconds:.0f} s; {dict(kinds)}; {n} agents at the end, each with its history; "
              f"{min(cells)} to {max(cells)} cells, {shared_out} repartitions; residual {residual:.1e}\n{text}")


main()
