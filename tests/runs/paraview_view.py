"""ParaView opens the collection of a run, and scripts/paraview_niche.py makes a picture; skipped where there is no ParaView."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

from everything_resumed import VESSELS
from nidus_run import SOURCE, must, must_end, nidus, settings

LOOK = """
import sys
from paraview import servermanager, simple
reader = simple.PVDReader(FileName=sys.argv[1])
reader.UpdatePipeline(240.0)
data = reader.GetClientSideObject().GetOutputDataObject(0)
print("times", list(reader.TimestepValues))
for b in range(data.GetNumberOfBlocks()):
    print("block", data.GetMetaData(b).Get(data.NAME()), data.GetBlock(b).GetNumberOfPoints() > 0)
"""


def paraview(arguments, code=0):
    """pvpython with ARGUMENTS, on a screen in memory."""
    # ParaView looks for the screen more than once: a server that starts anew in between does not answer.
    command = ["xvfb-run", "-a", "-s", "-noreset -screen 0 1600x1200x24", "pvpython", "--force-offscreen-rendering", *map(str, arguments)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    must(process.returncode == code, f"pvpython ended with {process.returncode}: {process.stdout}\n{process.stderr}")
    return process


def main():
    if shutil.which("pvpython") is None or shutil.which("xvfb-run") is None:
        print("SKIPPED: pvpython and xvfb-run are not both installed (Debian: python3-paraview, which excludes python3-vtk9)")
        sys.exit(77)
    script = SOURCE / "scripts/paraview_niche.py"
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        folder, file = scratch / "run", scratch / "vessels.prm"
        file.write_text((SOURCE / "params/quickstart.prm").read_text() + VESSELS)
        values = ["Run/End time=480", "Output/Interval=240"]
        must_end(nidus(["run", str(file), "--output", str(folder), *settings(values)], 2), 0)
        look = scratch / "look.py"
        look.write_text(LOOK)
        found = paraview([look, folder / "nidus.pvd"]).stdout
        for line in ("times [0.0, 240.0, 480.0]", "block fields True", "block agents True", "block vessels True"):
            must(line in found, f"ParaView does not find '{line}': {found}")
        picture = scratch / "view.png"
        paraview([script, folder, "--time", "0.2", "--field", "fibronectin", "--screenshot", picture])
        must(picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" and picture.stat().st_size > 20000, "the picture")
        must("its fields are" in paraview([script, folder, "--field", "nothing"], 2).stderr, "a field that is not there")
        must("no output folder" in paraview([script, scratch], 2).stderr, "a folder that is no output folder")
        print("the collection has named parts and times, and the view has been drawn")


main()
