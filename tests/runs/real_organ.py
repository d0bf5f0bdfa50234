"""The job of organ_mesh.prm on a mouse lung from micro-CT, where NIDUS_DATA holds it: the same on 1 and 2 ranks."""
import os
import pathlib
import sys
import tempfile

from nidus_run import SOURCE, must, must_end, nidus, settings

SKIPPED = 77
MESH = "mouse_ct280_organs/lung_hex_0.56mm.msh"


def main():
    data = os.environ.get("NIDUS_DATA", "")
    mesh = pathlib.Path(data) / MESH
    if not data or not mesh.is_file():
        print(f"SKIPPED: set NIDUS_DATA to the folder that holds {MESH}")
        sys.exit(SKIPPED)
    values = [f"Organ/Mesh file/File={mesh}", "Organ/Mesh file/Length unit=mm", "Organ/Mesh file/Regions=parenchyma: 4",
              "Run/End time=240", "Output/Interval=120", "Output/Checkpoint interval=0"]
    with tempfile.TemporaryDirectory() as scratch:
        events = []
        for ranks in (1, 2):
            folder = pathlib.Path(scratch) / str(ranks)
            process = nidus(["run", str(SOURCE / "params/organ_mesh.prm"), "--output", str(folder), *settings(values)],
                            ranks)
            must_end(process, 0)
            # 2823 voxels of (0.56 mm)^3.
            must("region parenchyma: 495.8 mm^3" in process.stdout, process.stdout[:2000])
            events.append((folder / "events.csv").read_text())
        must(events[0] == events[1], "the event logs on 1 and 2 ranks differ")
        must(",arrived," in events[0], "no cell arrived")
        print(f"{len(events[0].splitlines()) - 1} equal events in 495.8 mm^3 of lung")


main()
