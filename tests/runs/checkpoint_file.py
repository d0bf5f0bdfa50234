"""Reads the binary files of a checkpoint."""
import json
import struct


def newest(folder):
    return sorted((folder / "checkpoint").glob("step_*"))[-1]


def fields(folder, dimension=3):
    """{place of a node: tuple of field values} of the newest checkpoint."""
    where = newest(folder)
    n_fields = len(json.loads((where / "manifest.json").read_text())["fields"])
    width = dimension + n_fields
    data = (where / "fields.bin").read_bytes()
    values = struct.unpack(f"<{len(data) // 8}d", data)
    return {values[i:i + dimension]: values[i + dimension:i + width] for i in range(0, len(values), width)}
