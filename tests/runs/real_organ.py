"""The jobs of organ_mesh.prm and organ_image.prm on a mouse's organs, where NIDUS_DATA holds them: the same on 1 and 2
ranks, with the volumes of the image."""
import os
import pathlib
import sys
import tempfile

from nidus_run import SOURCE, must, must_end, nidus, settings

SKIPPED = 77
ORGANS = "mouse_ct280_organs"
SHORT = ["Run/End time=240", "Output/Interval=120", "Output/Checkpoint interval=0"]


def mesh_of(data):
    return ("organ_mesh.prm", ["Organ/Mesh file/File=%s" % (data / "lung_hex_0.56mm.msh"), "Organ/Mesh file/Length unit=mm",
                               "Organ/Mesh file/Regions=parenchyma: 4"])


def image_of(data, name, label, cell_size):
    return ("organ_image.prm", [f"Organ/Label image/File={data / name}", "Organ/Label image/Length unit=mm",
                                f"Organ/Label image/Regions=parenchyma: {label}", f"Organ/Cell size={cell_size}",
                                "Organ/Wall refinements=0"])


def surface_of(data):
    return ("organ_mesh.prm", ["Organ/Shape=surface", "Organ/Surface/Length unit=mm", "Organ/Surface/Accept crossings=true",
                               "Organ/Surface/Surfaces=parenchyma: %s" % (data / "lung_surface_smoothed.stl"),
                               "Organ/Cell size=400", "Organ/Refinements=1"])


def run_on_ranks(name, values, volume):
    """Runs a job on 1 and 2 ranks; the volume of the tissue must be VOLUME, as it is printed."""
    with tempfile.TemporaryDirectory() as scratch:
        events = []
        for ranks in (1, 2):
            folder = pathlib.Path(scratch) / str(ranks)
            process = nidus(["run", str(SOURCE / "params" / name), "--output", str(folder), *settings(values + SHORT)], ranks)
            must_end(process, 0)
            must(f"region parenchyma: {volume} mm^3" in process.stdout, process.stdout[:2000])
            events.append((folder / "events.csv").read_text())
        must(events[0] == events[1], f"the event logs of {name} on 1 and 2 ranks differ")
        must(",arrived," in events[0], "no cell arrived")
        print(f"{name}: {len(events[0].splitlines()) - 1} equal events in {volume} mm^3")


def check_mesh_command(data):
    """Volumes that `nidus mesh` prints: cells of the size of voxels are the image, larger ones come near to it."""
    for (name, values), parts in (
            (image_of(data, "CT280_organs.vti", 11, 280), ["the source has 1882 mm^3, difference +0.00 %"]),
            (image_of(data, "CT280_organs.mha", 4, 420), ["the source has 469.6 mm^3"]),
            (surface_of(data), ["the source has 4", "crossing edges"])):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch) / "mesh"
            process = nidus(["mesh", str(SOURCE / "params" / name), "--output", str(folder), *settings(values)], 2)
            must_end(process, 0)
            for part in parts:
                must(part in process.stdout, f"'{part}' is not in\n{process.stdout}")
            difference = float(process.stdout.split("difference ")[1].split(" %")[0])
            must(abs(difference) < 2.0, process.stdout)
            for file in ("mesh.pvtu", "mesh.1.vtu", "boundaries.pvtp", "boundaries.0.vtp", "legend.json"):
                must((folder / file).stat().st_size > 0, f"{file} is empty")


def main():
    data = pathlib.Path(os.environ.get("NIDUS_DATA", "")) / ORGANS
    if not os.environ.get("NIDUS_DATA") or not (data / "CT280_organs.mha").is_file():
        print(f"SKIPPED: set NIDUS_DATA to the folder that holds {ORGANS}")
        sys.exit(SKIPPED)
    # 2823 voxels of (0.56 mm)^3; 21394 of (0.28 mm)^3.
    run_on_ranks(*mesh_of(data), "495.8")
    run_on_ranks(*image_of(data, "CT280_organs.mha", 4, 280), "469.6")
    check_mesh_command(data)


main()
