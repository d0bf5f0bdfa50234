"""The quickstart runs to its end, its outputs can be read, its ledger closes, and its pictures and a film can be made."""
import csv
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

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


def inked(picture):
    """Part of the pixels of an RGB(A) PNG that are not of the colour of its first one."""
    data, position, packed = picture.read_bytes(), 8, b""
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    must(depth == 8 and kind in (2, 6) and not interlaced, f"{picture}: another kind of PNG")
    while position < len(data):
        length, name = struct.unpack(">I4s", data[position:position + 8])
        packed += data[position + 8:position + 8 + length] if name == b"IDAT" else b""
        position += 12 + length
    size = 3 if kind == 2 else 4
    raw, line, before = zlib.decompress(packed), 1 + size * width, bytes(size * width)
    first, other = None, 0
    for row in range(height):
        filtered, current = raw[row * line], bytearray(raw[row * line + 1:(row + 1) * line])
        for i, value in enumerate(current):
            left, above = current[i - size] if i >= size else 0, before[i]
            corner = before[i - size] if i >= size else 0
            if filtered == 1:
                value += left
            elif filtered == 2:
                value += above
            elif filtered == 3:
                value += (left + above) // 2
            elif filtered == 4:
                guess = left + above - corner
                value += min((abs(guess - left), 0, left), (abs(guess - above), 1, above), (abs(guess - corner), 2, corner))[2]
            current[i] = value & 255
        first = first or bytes(current[:size])
        other += sum(current[i:i + size] != first for i in range(0, size * width, size))
        before = current
    return other / (width * height)


def render(folder, *more, **environment):
    return subprocess.run([str(SOURCE / "scripts/render"), str(folder), "--size", "640x360", *more], capture_output=True,
                          text=True, env={**os.environ, **environment})


def without_encoder(scratch):
    """A PATH on which everything is but ffmpeg."""
    links = scratch / "programs"
    links.mkdir()
    for folder in map(pathlib.Path, os.environ["PATH"].split(":")):
        for program in folder.iterdir() if folder.is_dir() else ():
            if program.name != "ffmpeg" and not (links / program.name).exists():
                (links / program.name).symlink_to(program)
    return str(links)


def check_film(folder, scratch):
    """A frame for each output, also without ffmpeg, and each of them shows something else."""
    short = scratch / "short"
    shutil.copytree(folder, short, ignore=shutil.ignore_patterns("checkpoint", "pictures"))
    for name in ("fields", "agents"):
        lines = (short / f"{name}.pvd").read_text().splitlines(keepends=True)
        sets = [line for line in lines if "<DataSet" in line]
        (short / f"{name}.pvd").write_text("".join(line for line in lines if line not in sets[1:-2]))
    process = render(short, "--film", "cut", PATH=without_encoder(scratch))
    must(process.returncode == 0 and "ffmpeg is not installed" in process.stderr, process.stderr)
    frames = sorted((short / "pictures/cut_frames").iterdir())
    must([frame.name for frame in frames] == [f"frame_{number:05d}.png" for number in range(3)], f"{frames}")
    must(all(size_of(frame) == (640, 360) and inked(frame) > 0.2 for frame in frames), "an empty frame")
    must(len({frame.read_bytes() for frame in frames}) == 3, "two frames are the same")
    must("\r" not in process.stderr, "progress in a pipe")
    if shutil.which("ffmpeg") is None:
        print("film skipped: ffmpeg is not installed")
        return
    process = render(short, "--film", "cut")
    must(process.returncode == 0, process.stderr)
    must(process.stdout.split() == [str(short / "pictures/cut.mp4")], process.stdout)
    must([path.name for path in (short / "pictures").iterdir()] == ["cut.mp4"], "the frames are still there")
    told = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries",
                           "stream=nb_read_frames,width,height", "-of", "csv=p=0", str(short / "pictures/cut.mp4")],
                          capture_output=True, text=True, check=True).stdout
    must(told.strip() == "640,360,3", f"the film has {told}")


def check_camera(folder):
    """Another camera gives another picture of the organ, and the cut stays."""
    pictures = [folder / f"pictures/{name}.png" for name in ("cut", "organ")]
    cut, organ = (picture.read_bytes() for picture in pictures)
    process = render(folder, "--camera", "10,80", "--zoom", "2")
    must(process.returncode == 0, process.stderr)
    must(pictures[0].read_bytes() == cut, "the camera turns the cut")
    must(pictures[1].read_bytes() != organ and inked(pictures[1]) > 0.1, "the camera has no effect")


def check_refusals(folder):
    for more, word in ((("--view", "inside"), "choose from"), (("--camera", "10,100"), "elevation"), (("--zoom", "0"), "0.1"),
                       (("--film", "populations"), "choose from"), (("--film", "--time", "3"), "one of the two"),
                       (("--view", "top", "--camera", "1,2"), "not allowed"), (("--fields", "iron"), "no field 'iron'")):
        process = render(folder, *more)
        must(process.returncode == 2 and word in process.stderr, f"{more}: {process.returncode} {process.stderr}")


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
        process = render(folder)
        must(process.returncode == 0 and "\r" not in process.stderr, process.stderr)
        for name in ("cut", "organ", "populations"):
            width, height = size_of(folder / "pictures" / f"{name}.png")
            must((width, height) == (640, 360), f"{name}.png is {width} x {height}")
            must(inked(folder / "pictures" / f"{name}.png") > 0.05, f"{name}.png is empty")
        check_camera(folder)
        check_film(folder, pathlib.Path(scratch))
        check_refusals(folder)


main()
