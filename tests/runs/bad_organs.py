"""Files of organs that cannot be used: name -> (settings, what the message must contain, {file name: bytes})."""
import gzip
import struct
import zlib

SIZE = (4, 3, 2)
VOXELS = bytes([1, 1, 2, 2] * 6)
CUBE = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]


def nifti(voxels=VOXELS, size=SIZE, spacing=(0.1, 0.1, 0.1)):
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *size, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 2, 8)
    struct.pack_into("<8f", header, 76, 1.0, *spacing, 0.0, 0.0, 0.0, 0.0)
    struct.pack_into("<3f", header, 108, 352.0, 1.0, 0.0)
    struct.pack_into("<2h", header, 252, 0, 1)
    for row in range(3):
        struct.pack_into("<4f", header, 280 + 16 * row, *[0.1 if row == d else 0.0 for d in range(3)], 0.0)
    header[344:348] = b"n+1\0"
    return bytes(header) + voxels


def meta_image(voxels=VOXELS, size=SIZE, spacing=(0.1, 0.1, 0.1), kind="MET_UCHAR", matrix="1 0 0 0 1 0 0 0 1"):
    lines = ["ObjectType = Image", "NDims = 3", "BinaryData = True", f"TransformMatrix = {matrix}", "Offset = 0 0 0",
             "ElementSpacing = %s %s %s" % spacing, "DimSize = %d %d %d" % size, f"ElementType = {kind}",
             "ElementDataFile = LOCAL\n"]
    return "\n".join(lines).encode() + voxels


def nrrd(voxels=VOXELS, sizes="4 3 2", directions="(0.1,0,0) (0,0.1,0) (0,0,0.1)", kind="uint8", encoding="raw"):
    return (f"NRRD0004\ntype: {kind}\ndimension: 3\nsizes: {sizes}\nspace directions: {directions}\n"
            f"endian: little\nencoding: {encoding}\nspace origin: (0,0,0)\n\n").encode() + voxels


def vti(voxels=VOXELS, extent="0 3 0 2 0 1"):
    packed = zlib.compress(voxels)
    data = struct.pack("<4I", 1, len(voxels), 0, len(packed)) + packed
    return (f'<VTKFile type="ImageData" version="0.1" byte_order="LittleEndian" header_type="UInt32" '
            f'compressor="vtkZLibDataCompressor"><ImageData WholeExtent="{extent}" Origin="0 0 0" Spacing="1 1 1">'
            f'<Piece Extent="{extent}"><PointData Scalars="l"><DataArray type="UInt8" Name="l" format="appended" offset="0"/>'
            '</PointData></Piece></ImageData><AppendedData encoding="raw">_').encode() + data + b"</AppendedData></VTKFile>"


def faces_of_cube(corners):
    """Two triangles for each side of a cube."""
    for a, b, c, d in ((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)):
        yield [corners[a], corners[b], corners[c]]
        yield [corners[a], corners[c], corners[d]]


def stl(triangles):
    text = "solid cube\n"
    for triangle in triangles:
        text += "facet normal 0 0 0\nouter loop\n" + "".join("vertex %g %g %g\n" % p for p in triangle) + "endloop\nendfacet\n"
    return (text + "endsolid cube\n").encode()


def binary_stl(triangles, claimed):
    data = bytes(80) + struct.pack("<I", claimed)
    for triangle in triangles:
        data += struct.pack("<12fH", 0, 0, 0, *[x for p in triangle for x in p], 0)
    return data


def ply(triangles, binary=False):
    """Each triangle with its own three points."""
    head = (f"ply\nformat {'binary_little_endian' if binary else 'ascii'} 1.0\nelement vertex {3 * len(triangles)}\n"
            "property float x\nproperty float y\nproperty float z\n"
            f"element face {len(triangles)}\nproperty list uchar int vertex_indices\nend_header\n").encode()
    points = [p for triangle in triangles for p in triangle]
    if binary:
        return head + b"".join(struct.pack("<3f", *p) for p in points) + \
            b"".join(struct.pack("<B3i", 3, 3 * i, 3 * i + 1, 3 * i + 2) for i in range(len(triangles)))
    return head + "".join("%g %g %g\n" % p for p in points).encode() + \
        "".join("3 %d %d %d\n" % (3 * i, 3 * i + 1, 3 * i + 2) for i in range(len(triangles))).encode()


def shifted(corners, x, y, z):
    return [(a + x, b + y, c + z) for a, b, c in corners]


def msh(points=tuple(CUBE), elements=("1 5 2 1 1 1 2 3 4 5 6 7 8",), claimed=None, end="$EndElements\n"):
    nodes = "\n".join("%d %g %g %g" % (i + 1, *p) for i, p in enumerate(points))
    return (f"$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n{claimed or len(points)}\n{nodes}\n$EndNodes\n$Elements\n"
            f"{len(elements)}\n" + "\n".join(elements) + "\n" + end).encode()


def moved(corner, place):
    return tuple(place if i == corner else p for i, p in enumerate(CUBE))


def image(name, content, parts, labels="parenchyma: 1, airway: 2", more=()):
    return (["Organ/Shape=label image", f"Organ/Label image/File={name}", f"Organ/Label image/Regions={labels}",
             "Organ/Label image/Length unit=mm", *more], ["Organ/Label image", *parts], {name: content} if content else {})


def surface(name, content, parts):
    return (["Organ/Shape=surface", f"Organ/Surface/Surfaces=airway: {name}", "Organ/Surface/Length unit=mm"],
            ["Organ/Surface/Surfaces", *parts], {name: content} if content else {})


def mesh(name, content, parts, more=()):
    return (["Organ/Shape=mesh file", f"Organ/Mesh file/File={name}", "Organ/Mesh file/Regions=parenchyma: 1",
             "Organ/Wall refinements=0", *more], ["Organ/Mesh file", *parts], {name: content} if content else {})


def images():
    yield "missing image", image("no_such.nii", None, ["no_such.nii"])
    yield "image of an unknown format", image("labels.tif", VOXELS, ["labels.tif", ".nrrd"])
    yield "text instead of a NIfTI image", image("labels.nii", b"no image at all " * 40, ["labels.nii"])
    yield "text instead of a MetaImage", image("labels.mha", b"no image at all\n", ["labels.mha", "ElementDataFile"])
    yield "text instead of a VTK image", image("labels.vti", b"no image at all\n", ["labels.vti"])
    yield "truncated NIfTI image", image("labels.nii", nifti()[:-5], ["labels.nii", "too early"])
    yield "truncated packed NIfTI image", image("labels.nii.gz", gzip.compress(nifti())[:-30], ["labels.nii.gz"])
    yield "truncated MetaImage", image("labels.mha", meta_image()[:-5], ["24 bytes", "19 can be read"])
    yield "truncated NRRD image", image("labels.nrrd", nrrd()[:-5], ["24 bytes", "19 can be read"])
    yield "truncated packed NRRD image", image("labels.nrrd", nrrd(gzip.compress(VOXELS)[:14], encoding="gzip"),
                                               ["labels.nrrd", "24 bytes"])
    yield "truncated VTK image", image("labels.vti", vti()[:-45], ["labels.vti"])
    yield "label that is not there", image("labels.mha", meta_image(), ["airway: 7", "1 2"], "parenchyma: 1, airway: 7")
    yield "label twice", image("labels.mha", meta_image(), ["airway: 1", "each label once"], "parenchyma: 1, airway: 1")
    yield "label that is no number", image("labels.mha", meta_image(), ["parenchyma: lung"], "parenchyma: lung, airway: 2")
    yield "zero spacing of a MetaImage", image("labels.mha", meta_image(spacing=(0.1, 0, 0.1)), ["spacing", "0.1 x 0 x 0.1"])
    yield "zero spacing of a NIfTI image", image("labels.nii", nifti(spacing=(0.1, 0.0, 0.1)), ["spacing"])
    yield "zero spacing of a NRRD image", image("labels.nrrd", nrrd(directions="(0,0,0) (0,1,0) (0,0,1)"), ["spacing"])
    yield "absurd spacing", image("labels.mha", meta_image(spacing=(0.1, 1e7, 0.1)), ["spacing", "1e+07"])
    yield "spacing that is no number", image("labels.mha", meta_image(spacing=("a", "b", "c")),
                                             ["line 6", "ElementSpacing", "a b c"])
    yield "axes in one plane", image("labels.mha", meta_image(matrix="1 0 0 1 0 0 0 0 1"), ["plane"])
    yield "MetaImage that claims too much", image("labels.mha", meta_image(size=(200000, 300000, 40000)), ["claims", "200000"])
    yield "NIfTI image that claims too much", image("labels.nii", nifti(size=(32000, 32000, 32000)), ["claims", "32000"])
    yield "NRRD image that claims too much", image("labels.nrrd", nrrd(sizes="200000 300000 40000"), ["claims", "200000"])
    yield "VTK image that claims too much", image("labels.vti", vti(extent="0 99999 0 99999 0 99999"), ["claims", "100000"])
    yield "grey values", image("labels.nrrd", nrrd(struct.pack("<24f", *[0.3] * 24), kind="float"), ["whole numbers", "0.3"])
    yield "colours", image("labels.mha", meta_image(kind="MET_UCHAR_ARRAY"), ["line 8", "MET_UCHAR_ARRAY"])
    yield "image in space for a run in the plane", image(
        "labels.mha", meta_image(), ["one slice", "2 slices"],
        more=("Run/Dimension=2", "Observables/Sections/Number=0", "Organ/Block/Size=100, 100"))
    values, _, files = image("labels.mha", meta_image(), [], more=("Organ/Label image/Scale=1e6",))
    yield "image a million times too large", (values, ["Organ/Cell size", "400 m", "unit of length"], files)


def surfaces():
    cube = list(faces_of_cube(CUBE))
    yield "missing surface", surface("no_such.stl", None, ["no_such.stl"])
    yield "surface without a name", (["Organ/Shape=surface", "Organ/Surface/Surfaces=lung.stl"],
                                     ["Organ/Surface/Surfaces", "lung.stl"], {})
    yield "open surface", surface("cube.stl", stl(cube[:-1]), ["3 open edges", "(0 1 0)-(0 0 1)"])
    yield "surface with a face twice", surface("cube.stl", stl(cube + cube[:1]), ["3 branched edges"])
    yield "surface that crosses itself", surface(
        "cubes.stl", stl(cube + list(faces_of_cube(shifted(CUBE, 0.5, 0.4, 0.3)))), ["crossing edges", "Accept crossings"])
    yield "truncated surface", surface("cube.stl", stl(cube)[:-100], ["cube.stl", "endsolid"])
    yield "truncated binary surface", surface("cube.stl", binary_stl(cube, 12)[:-60], ["12 triangles", "room for 10"])
    yield "surface that claims too much", surface("cube.stl", binary_stl(cube, 4000000000), ["4000000000"])
    yield "another surface that claims too much", surface(
        "cube.ply", b"ply\nformat ascii 1.0\nelement vertex 4000000000\nproperty float x\nend_header\n1 2 3\n",
        ["line 3", "4000000000"])
    yield "truncated text of a surface", surface("cube.ply", ply(cube)[:-20], ["face 10 of 12"])
    yield "truncated packed surface", surface("cube.ply", ply(cube, binary=True)[:-60], ["face 7 of 12"])
    yield "truncated VTK surface", surface("cube.vtp", b'<?xml version="1.0"?><VTKFile type="PolyData">', ["</VTKFile>"])
    yield "text instead of a surface", surface("cube.vtp", b"nothing", ["cube.vtp"])


def meshes():
    yield "mesh of an unknown format", mesh("cube.txt", b"nothing", ["cube.txt"])
    yield "cell that is turned inside out", mesh("cube.msh", msh(moved(6, (-0.5, -0.5, -0.5))), ["1 of 1 are inverted"])
    yield "degenerate cell", mesh("cube.msh", msh(moved(6, (0.5, 1, 0.5))), ["degenerate", "flat"])
    yield "mesh that ends too early", mesh("cube.msh", msh(end=""), ["$EndElements"])
    yield "mesh that claims too much", mesh("cube.msh", msh(claimed=4000000000), ["line 5", "4000000000"])
    yield "mixed cells", mesh("cube.msh", msh(elements=("1 5 2 1 1 1 2 3 4 5 6 7 8", "2 4 2 1 1 1 2 3 5")), ["cube.msh"])
    yield "unnamed physical volume", mesh("cube.msh", msh(elements=("1 5 2 9 9 1 2 3 4 5 6 7 8",)), ["physical volume 9"])
    yield "text instead of a VTK mesh", mesh("cube.vtu", b"nothing", ["cube.vtu"])


def shapes():
    for name, values, parts in (
            ("shape that does not exist", ["Organ/Shape=sphere"], ["Organ/Shape", "sphere", "ball"]),
            ("portal vessels that touch", ["Organ/Shape=liver lobule", "Organ/Liver lobule/Portal radius=130"],
             ["Organ/Liver lobule/Portal radius", "130"]),
            ("niche thicker than the gap", ["Organ/Shape=marrow block", "Organ/Marrow block/Niche thickness=40"],
             ["Organ/Marrow block/Niche thickness", "40"]),
            ("reservoirs without a gel", ["Organ/Shape=device channel", "Organ/Device channel/Reservoir length=450"],
             ["Organ/Device channel/Reservoir length", "450"]),
            ("ellipsoid of another dimension", ["Organ/Shape=ellipsoid", "Organ/Ellipsoid/Semi-axes=100, 100"], ["3 numbers"]),
            ("lumen as wide as the cylinder", ["Organ/Shape=cylinder", "Organ/Cylinder/Lumen radius=300"], ["Lumen radius"])):
        yield name, (values, parts, {})


def bad_organs():
    for group in (images, surfaces, meshes, shapes):
        yield from group()
