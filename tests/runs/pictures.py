"""The quickstart runs to its end, its outputs can be read, its ledger closes, and its pictures can be made."""
import csv
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

from nidus_run import SOURCE, must, must_end, nidus


def check_statistics(folder):
    rows = list(csv.reader((folder / "statistics.csv").open()))
    header, last = rows[0], rows[-1]
    must(all(name.endswith("]") and " [" in name for name in header), "a column without a unit")
    value = dict(zip(header, map(float, last)))
    must(value["time [min]"] == 8640.0, "the last row is not the end")
    for name, number in value.items():
        if "ledger residual" in name:
            worst = max(float(row[header.index(name)]) for row in rows[1:])
            must(worst < 1e-6, f"{name} reaches {worst}")
        if name.endswith("minimum [nM]") or name.endswith("minimum [1]"):
            must(number >= 0.0, f"{name} is {number}")
    must(value["agents hpc resident [1]"] > 0, "no resident progenitor")
    must(value["fibronectin maximum [1]"] > 0.1, "no fibronectin")
    must(value["agents died since start [1]"] > 0 and value["agents arrived since start [1]"] > 0, "nobody came or died")


def size_of(picture):
    data = picture.read_bytes()
    must(data[:8] == b"\x89PNG\r\n\x1a\n", f"{picture} is no PNG")
    return struct.unpack(">II", data[16:24])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "quickstart"
        must_end(nidus(["run", str(SOURCE / "params/quickstart.prm"), "--output", str(folder)], 1), 0)
        check_statistics(folder)
        must((folder / "input.prm").read_bytes() == (SOURCE / "params/quickstart.prm").read_bytes(), "input.prm differs")
        for name in ("parameters.prm", "parameters.json", "provenance.json", "run.log", "fields.pvd", "agents.pvd"):
            must((folder / name).stat().st_size > 0, f"{name} is empty")
        if shutil.which("xvfb-run") is None:
            print("pictures skipped: xvfb-run is not installed")
            sys.exit(0)
        subprocess.run([str(SOURCE / "scripts/render"), str(folder)], check=True)
        for name in ("cut", "organ", "populations"):
            width, height = size_of(folder / "pictures" / f"{name}.png")
            must(width >= 640 and height >= 360, f"{name}.png is {width} x {height}")


main()
