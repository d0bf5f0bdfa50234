"""Reads the arrays of VTK XML files as the program writes them: in their places, base64, compressed with zlib in blocks."""
import base64
import re
import struct
import zlib

KINDS = {"Float64": "d", "Int64": "q", "UInt64": "Q", "Int32": "i", "UInt8": "B"}


def array(text, kind):
    """An array of numbers: number and sizes of blocks, then, encoded apart from them, the blocks."""
    n_blocks = struct.unpack("<I", base64.b64decode(text[:8])[:4])[0]
    n_head = 4 * -(-(12 + 4 * n_blocks) // 3)
    sizes = struct.unpack_from(f"<{n_blocks}I", base64.b64decode(text[:n_head]), 12)
    blocks, start, values = base64.b64decode(text[n_head:]), 0, b""
    for size in sizes:
        values += zlib.decompress(blocks[start:start + size])
        start += size
    return struct.unpack(f"<{len(values) // struct.calcsize(kind)}{kind}", values)


def arrays(file):
    """{name: tuple of numbers} of all arrays of a file with one piece."""
    [result] = pieces(file)
    return result


def pieces(file):
    """The same for each piece; what comes before them belongs to the first."""
    return [arrays_of(text) for text in file.read_text().split("</Piece>")[:-1]]


def arrays_of(text):
    result = {}
    for tag, content in re.findall(r"<DataArray([^>]*[^/])>(.*?)</DataArray>", text, re.DOTALL):
        entry = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if entry["type"] in KINDS:  # texts are left out
            # The numbers come before the information keys.
            result[entry["Name"]] = array(content.split("<")[0].strip(), KINDS[entry["type"]])
    return result
