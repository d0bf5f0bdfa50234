"""Reads the arrays of VTK XML files as the program writes them: appended, raw, compressed with zlib in blocks."""
import re
import struct
import zlib

KINDS = {"Float64": "d", "Int64": "q", "UInt64": "Q", "Int32": "i", "UInt8": "B"}


def array(data, start, kind):
    """The array at START of the appended data: number and sizes of blocks, then the blocks."""
    n_blocks = struct.unpack_from("<I", data, start)[0]
    sizes = struct.unpack_from(f"<{n_blocks}I", data, start + 12)
    start += 12 + 4 * n_blocks
    values = b""
    for size in sizes:
        values += zlib.decompress(data[start:start + size])
        start += size
    return struct.unpack(f"<{len(values) // struct.calcsize(kind)}{kind}", values)


def arrays(file):
    """{name: tuple of numbers} of all arrays; of a name that occurs twice, the last."""
    data = file.read_bytes()
    appended = re.search(rb'<AppendedData encoding="raw">\s*_', data)
    head = data[:appended.start()].decode()
    result = {}
    for tag in re.findall(r"<DataArray([^>]*)>", head):
        entry = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if entry["type"] in KINDS:  # texts are left out
            result[entry["Name"]] = array(data, appended.end() + int(entry["offset"]), KINDS[entry["type"]])
    return result
