"""Reads the binary files of a checkpoint."""
import json
import struct

from nidus_run import must


def newest(folder):
    return sorted((folder / "checkpoint").glob("step_*"))[-1]


def same_end(one, other):
    """Two runs have ended with the same bits: fields, agents, events, tables, and the whole statistics."""
    last = [newest(folder) for folder in (one, other)]
    must(last[0].name == last[1].name, f"the checkpoints are {last[0]} and {last[1]}")
    for name in ("fields.bin", "agents.bin", "mesh.txt", "state.json"):
        must(content(last[0] / name) == content(last[1] / name), f"{name} differs")
    tables = {path.name for folder in (one, other) for path in folder.glob("*.csv")}
    for name in {"events.csv", "statistics.csv", "agents.pvd", "fields.pvd", *tables}:
        must(content(one / name) == content(other / name), f"{name} differs in {one} and {other}")


def content(path):
    return path.read_bytes() if path.exists() else None


def fields(folder, dimension=3):
    """{place of a node: tuple of field values} of the newest checkpoint."""
    where = newest(folder)
    n_fields = len(json.loads((where / "state.json").read_text())["fields"])
    width = dimension + n_fields
    data = (where / "fields.bin").read_bytes()
    values = struct.unpack(f"<{len(data) // 8}d", data)
    return {values[i:i + dimension]: values[i + dimension:i + width] for i in range(0, len(values), width)}
