"""`nidus mesh` writes the same mesh on 1 and 2 ranks: its regions, levels and boundaries, with the volumes it prints."""
import json
import math
import pathlib
import tempfile

import vtk_file
from nidus_run import SOURCE, must, must_end, nidus, settings

AIRWAY = "subsection Organ\n subsection Regions\n  subsection airway\n   set Tissue = false\n  end\n end\nend\n"
VALUES = ["Organ/Label image/File=%s" % (SOURCE / "meshes/organ_labels.nii.gz"),
          "Organ/Label image/Regions=parenchyma: 1, airway: 2"]
# Voxels of (0.04 mm)^3: tissue, airway.
VOLUMES = {"parenchyma": "0.6422", "airway": "0.04851"}


def totals(folder, ranks):
    """Numbers of cells by region and level, and areas of the faces by boundary (um^2), over all pieces."""
    cells, areas = {}, {}
    for rank in range(ranks):
        mesh = vtk_file.arrays(folder / f"mesh.{rank}.vtu")
        must(set(mesh["rank"]) == {rank}, f"rank {rank} has written cells of {set(mesh['rank'])}")
        for pair in zip(mesh["region"], mesh["level"], mesh["tissue"]):
            cells[pair] = cells.get(pair, 0) + 1
        surface = vtk_file.arrays(folder / f"boundaries.{rank}.vtp")
        points = [surface["Points"][i:i + 3] for i in range(0, len(surface["Points"]), 3)]
        for face, number in enumerate(surface["boundary"]):
            # Rectangles, around which their points go.
            a, b, c = (points[p] for p in surface["connectivity"][4 * face:4 * face + 3])
            areas[number] = areas.get(number, 0.0) + math.dist(a, b) * math.dist(b, c)
    return cells, areas


def main():
    found, reports = [], []
    for ranks in (1, 2):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch) / "mesh"
            file = pathlib.Path(scratch) / "file.prm"
            file.write_text((SOURCE / "params/organ_image.prm").read_text() + AIRWAY)
            process = nidus(["mesh", str(file), "--output", str(folder), *settings(VALUES)], ranks)
            must_end(process, 0)
            for name, volume in VOLUMES.items():
                must(f"region {name}: {volume} mm^3" in process.stdout, process.stdout)
            reports.append([line for line in process.stdout.splitlines() if line.split()[0] in ("cells:", "level", "region",
                                                                                              "boundary", "quality:")])
            found.append(totals(folder, ranks))
            must(len(list(folder.glob("*.vtu"))) == ranks, "a piece for each rank")
            legend = json.loads((folder / "legend.json").read_text())
            must([region["name"] for region in legend["regions"]] == ["outside", "parenchyma", "airway"], str(legend))
            for boundary in legend["boundaries"]:
                area = found[-1][1][boundary["id"]]
                must(abs(boundary["area"] - area) < 1e-9 * area, f"the faces have {area}, {boundary}")
    must(found[0][0] == found[1][0], f"1 and 2 ranks differ: {found}")
    must(reports[0] == reports[1], f"reports on 1 and 2 ranks differ: {reports}")
    print("\n".join(reports[0]))


main()
