"""Writes the seeds of the fuzz targets: `make_corpus.py FOLDER` makes FOLDER/TARGET/NAME."""
import gzip
import json
import pathlib
import sys

import vtk

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "runs"))
import bad_organs as organs  # noqa: E402

SOURCE = pathlib.Path(__file__).parents[2]
CORNERS = [(0, 0, 0), (100, 0, 0), (100, 100, 0), (0, 100, 0), (0, 0, 100), (100, 0, 100), (100, 100, 100), (0, 100, 100)]


def written(writer_class, data, binary=False):
    """Bytes that a writer of VTK makes of DATA."""
    writer = writer_class()
    writer.SetInputData(data)
    writer.WriteToOutputStringOn()
    if isinstance(writer, vtk.vtkXMLWriter):
        writer.SetDataModeToAppended() if binary else writer.SetDataModeToAscii()
        writer.Write()
        return writer.GetOutputString().encode("latin-1")
    writer.SetFileTypeToBinary() if binary else writer.SetFileTypeToASCII()
    writer.Write()
    text = writer.GetOutputStdString()
    return text if isinstance(text, bytes) else text.encode("latin-1")


def points_of(corners):
    points = vtk.vtkPoints()
    for corner in corners:
        points.InsertNextPoint(corner)
    return points


def named_array(kind, name, values):
    array = kind()
    array.SetName(name)
    for value in values:
        array.InsertNextValue(value)
    return array


def cell_array(cells):
    array = vtk.vtkCellArray()
    for cell in cells:
        array.InsertNextCell(len(cell))
        for corner in cell:
            array.InsertCellPoint(corner)
    return array


def vessels():
    data = vtk.vtkPolyData()
    data.SetPoints(points_of([(0, 0, 0), (50, 0, 0), (90, 30, 0), (90, -30, 0)]))
    data.SetLines(cell_array([(0, 1), (1, 2), (1, 3)]))
    data.GetCellData().AddArray(named_array(vtk.vtkDoubleArray, "radius", [5.0, 4.0, 4.0]))
    data.GetPointData().AddArray(named_array(vtk.vtkDoubleArray, "pressure", [100.0, 0.0, 50.0, 50.0]))
    return data


def cube():
    data = vtk.vtkPolyData()
    data.SetPoints(points_of(CORNERS))
    data.SetPolys(cell_array(organs.faces_of_cube(range(8))))
    return data


def grid(kind, cells, dimension=3):
    data = vtk.vtkUnstructuredGrid()
    data.SetPoints(points_of(CORNERS if dimension == 3 else CORNERS[:4]))
    data.SetCells(kind, cell_array(cells))
    data.GetCellData().AddArray(named_array(vtk.vtkIntArray, "region", [1] * len(cells)))
    return data


def with_ending(ending, content):
    return ending.encode() + b"\n" + content


def bad_files(section, endings):
    """What the test of refusals tries, as seeds."""
    for name, (values, _, files) in organs.bad_organs():
        for file, content in files.items():
            ending = file.split(".", 1)[1]
            if any(value.startswith(f"Organ/{section}/") for value in values) and ending in endings:
                yield name, with_ending(ending, content)


def images():
    yield "nifti", with_ending("nii", organs.nifti())
    yield "compressed", with_ending("nii.gz", gzip.compress(organs.nifti(), mtime=0))
    yield "nrrd", with_ending("nrrd", organs.nrrd())
    yield "nrrd_text", with_ending("nrrd", organs.nrrd(b"1 1 2 2 " * 6, encoding="ascii"))
    yield "nrrd_detached", with_ending("nhdr", organs.nrrd(b"").replace(b"encoding", b"data file: labels.raw\nencoding"))
    yield "meta", with_ending("mha", organs.meta_image())
    yield "meta_detached", with_ending("mhd", organs.meta_image(b"").replace(b"LOCAL", b"labels.raw"))
    yield "vti", with_ending("vti", organs.vti())
    yield from bad_files("Label image", ("nii", "nii.gz", "nrrd", "nhdr", "mha", "mhd", "vti"))


def surfaces():
    triangles = list(organs.faces_of_cube(CORNERS))
    yield "stl", with_ending("stl", organs.stl(triangles))
    yield "stl_binary", with_ending("stl", organs.binary_stl(triangles, len(triangles)))
    yield "ply", with_ending("ply", organs.ply(triangles))
    yield "ply_binary", with_ending("ply", organs.ply(triangles, binary=True))
    yield "obj", with_ending("obj", "".join("v %g %g %g\n" % p for p in CORNERS).encode() +
                             "".join("f %d %d %d\n" % tuple(i + 1 for i in f)
                                     for f in organs.faces_of_cube(range(8))).encode())
    for binary in (False, True):
        yield f"vtp_{binary}", with_ending("vtp", written(vtk.vtkXMLPolyDataWriter, cube(), binary))
    yield from bad_files("Surface", ("stl", "ply", "obj", "vtp"))


def meshes():
    tetrahedra = [(0, 1, 2, 6), (0, 2, 3, 6), (0, 3, 7, 6), (0, 7, 4, 6), (0, 4, 5, 6), (0, 5, 1, 6)]
    hexahedron = "1 5 2 1 1 1 2 3 4 5 6 7 8"
    yield "msh", with_ending("msh 3", organs.msh(tuple(CORNERS), (hexahedron, "2 3 2 3 3 1 2 3 4")))
    yield "msh_tetrahedra", with_ending("msh 3", organs.msh(tuple(CORNERS), tuple(
        "%d 4 2 1 1 %d %d %d %d" % (i + 1, *[c + 1 for c in cell]) for i, cell in enumerate(tetrahedra))))
    yield "msh_2d", with_ending("msh 2", organs.msh(tuple(CORNERS[:4]), ("1 3 2 1 1 1 2 3 4", "2 1 2 3 3 1 2")))
    yield "msh_4", with_ending("msh 2", b"$MeshFormat\n4.1 0 8\n$EndMeshFormat\n$PhysicalNames\n1\n2 1 \"parenchyma\"\n"
                               b"$EndPhysicalNames\n$Entities\n0 0 1 0\n1 0 0 0 100 100 0 1 1 0\n$EndEntities\n$Nodes\n"
                               b"1 4 1 4\n2 1 0 4\n1\n2\n3\n4\n0 0 0\n100 0 0\n100 100 0\n0 100 0\n$EndNodes\n$Elements\n"
                               b"1 1 1 1\n2 1 3 1\n1 1 2 3 4\n$EndElements\n")
    points = "".join("%d, %g, %g, %g\n" % (i + 1, *p) for i, p in enumerate(CORNERS))
    yield "abaqus", with_ending("inp 3", f"*HEADING\n*NODE\n{points}*ELEMENT, TYPE=C3D8R, ELSET=EB1\n1, 1, 2, 3, 4, 5, 6, 7, 8\n"
                                "*ELSET, ELSET=S1\n1\n*SURFACE, NAME=SS1, TYPE=ELEMENT\n1, S3\n".encode())
    yield "ucd", with_ending("inp 3", ("8 1 0 0 0\n" + points.replace(",", " ") + "1 1 hex 1 2 3 4 5 6 7 8\n").encode())
    for binary in (False, True):
        yield f"vtu_{binary}", with_ending("vtu 3", written(
            vtk.vtkXMLUnstructuredGridWriter, grid(vtk.VTK_HEXAHEDRON, [range(8)]), binary))
    yield "vtu_tetrahedra", with_ending("vtu 3", written(vtk.vtkXMLUnstructuredGridWriter, grid(vtk.VTK_TETRA, tetrahedra)))
    yield "vtu_2d", with_ending("vtu 2", written(vtk.vtkXMLUnstructuredGridWriter, grid(vtk.VTK_QUAD, [range(4)], 2)))
    for name, content in bad_files("Mesh file", ("msh", "vtu", "inp")):
        ending, rest = content.split(b"\n", 1)
        yield name, ending + b" 3\n" + rest


def network_files():
    for binary in (False, True):
        yield f"vtp_{binary}", with_ending("vtp", written(vtk.vtkXMLPolyDataWriter, vessels(), binary))
        yield f"vtk_{binary}", with_ending("vtk", written(vtk.vtkPolyDataWriter, vessels(), binary))
    lines = vtk.vtkUnstructuredGrid()
    lines.SetPoints(vessels().GetPoints())
    lines.SetCells(vtk.VTK_LINE, vessels().GetLines())
    lines.GetCellData().AddArray(vessels().GetCellData().GetArray(0))
    lines.GetPointData().AddArray(vessels().GetPointData().GetArray(0))
    yield "grid", with_ending("vtk", written(vtk.vtkUnstructuredGridWriter, lines))
    yield "swc", with_ending("swc", b"# vessels\n1 2 0 0 0 5 -1\n2 2 50 0 0 5 1\n3 2 90 30 0 4 2\n4 2 90 -30 0 4 2\n")


def tables():
    yield "times", b"times\ntime [min], cells\n0, 1e6\n50, 2e6\n100, 4e6\n"
    yield "positions", b"positions 3\nx,y,z,state\n# two agents\n1,2,3,dormant\n4,5,6\n"
    yield "positions_2d", b"positions 2\n1,2\r\n3,4,migrating\r\n"
    yield "list", b"list\n1 2 3; 4 5 6"


def expressions():
    for i, text in enumerate(("0.2", "0.2 * exp(-x/50)", "x > 3 ? 1 : sin(2*pi*t/1440)", "min(x, y, z) ^ 2 - -1",
                              "sqrt(x*x + y*y) && t <= 7 || !(z)", "1e-3 * (1 - exp(-t/60))", "x = 3", "log10(2) + rint(1.5)")):
        yield str(i), text.encode()


def parameter_files():
    yield "whole", (b"# comment\nsubsection Run\n  set End time = 10 # min\n  set Steps = 2\n  set Law = b\n"
                    b"  set Text = a long \\\n    line\n  set Size = 1, 2, 3\n  set Flag = true\nend\n")
    yield "include", b"include a.prm\nsubsection Run\nset Steps = 3\nend\n\n----\nsubsection Run\nset Steps = 2\nsubsection a\nend\nend\n"
    yield "wrong", b"subsection Run\nset End tme = 10\nset Law = c\nset Size = 1,2,3,4\nset Flag = maybe\nend\n"


def lists():
    yield "every_list", (pathlib.Path(__file__).parent / "every_list.prm").read_bytes()
    # Alone they lack what they refer to.
    for file in sorted((SOURCE / "params").glob("*/*.prm")):
        if file.stat().st_size < 600 and b"include" not in file.read_bytes():
            yield file.name, file.read_bytes()


def checkpoints():
    files = {name: {"bytes": 0, "checksum": "cbf29ce484222325"} for name in ("agents.bin", "fields.bin", "parameters.json")}
    manifest = json.dumps({"step": 3, "run": "", "files": files}).encode()
    state = json.dumps({"fields": ["sdf1"], "receptor numbers per agent": 0, "bytes per agent": 8, "state": {"step": 3}}).encode()
    for kind in (b"sealed", b"as it is"):
        yield kind.decode().replace(" ", "_"), kind + b"\n" + manifest + b"\n----\n" + state


CORPORA = {"images": images, "surfaces": surfaces, "meshes": meshes, "vessels": network_files, "tables": tables,
           "expression": expressions, "parameter_file": parameter_files, "lists": lists, "checkpoint": checkpoints}


def main():
    for target, seeds in CORPORA.items():
        folder = pathlib.Path(sys.argv[1]) / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds():
            (folder / name.replace(" ", "_").replace("/", "_")).write_bytes(content)


main()
