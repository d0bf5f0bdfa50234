"""Reading of one output folder of the solver.

Every length stays in the folder's length unit (micrometres unless the legend
says otherwise); every time is converted to days.
"""

import csv
import json
import math
import xml.etree.ElementTree as ElementTree
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkLogger, vtkOutputWindow, vtkStringOutputWindow
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkFiltersCore import vtkProbeFilter
from vtkmodules.vtkIOXML import (
    vtkXMLPolyDataReader,
    vtkXMLPPolyDataReader,
    vtkXMLPUnstructuredGridReader,
    vtkXMLUnstructuredGridReader,
)

UNITS_PER_DAY = {"s": 86400.0, "min": 1440.0, "h": 24.0, "d": 1.0, "day": 1.0}
NO_CELL = -1  # region of a sample which lies in no cell


class DatasetError(Exception):
    """The folder cannot be drawn; the text says what, where and the cure."""


@dataclass(frozen=True)
class Region:
    """A part of the mesh, either tissue or not."""

    id: int
    name: str
    tissue: bool


@dataclass(frozen=True)
class Field:
    """A concentration-like quantity on the mesh, in `unit`."""

    name: str
    label: str
    unit: str

    @property
    def title(self):
        """Label with unit, for an axis or a colour bar."""
        return with_unit(self.label, self.unit)


@dataclass(frozen=True)
class Kind:
    """One state of one agent type; `radius` in the length unit."""

    type_id: int
    state_id: int
    type_name: str
    type_label: str
    state: str
    group: str
    radius: float

    @property
    def label(self):
        """Long name of type and state."""
        return f"{self.type_label}, {self.state}" if self.state else self.type_label

    @property
    def column(self):
        """Name of the kind's column of statistics.csv, without the unit."""
        return f"agents {self.type_name} {self.state}".rstrip()


@dataclass(frozen=True)
class Legend:
    """Content of legend.json."""

    title: str
    dimension: int
    length_unit: str
    units_per_day: float
    regions: list
    fields: list
    kinds: list

    def select_fields(self, names):
        """Fields called `names`, or the default ones if `names` is None."""
        known = {field.name: field for field in self.fields}
        if names is None:
            usual = [name for name in ("sdf1", "fibronectin") if name in known]
            names = usual if len(usual) == 2 else list(known)[:2]
        for name in names:
            if name not in known:
                raise DatasetError(
                    f"--fields: no field '{name}' in this run; choose from: "
                    f"{', '.join(known) or '(the run has no field)'}"
                )
        return [known[name] for name in names]


@dataclass
class Agents:
    """Positions (N x 3, length unit), type and state ids, radii (length unit)."""

    position: np.ndarray
    type: np.ndarray
    state: np.ndarray
    radius: np.ndarray

    def of_kind(self, kind):
        """Mask of the agents of one kind."""
        return (self.type == kind.type_id) & (self.state == kind.state_id)


@dataclass
class Samples:
    """Values on a regular lattice; arrays are indexed [z, y, x].

    `origin` and `spacing` in the length unit; `region` holds region ids.
    """

    origin: np.ndarray
    spacing: np.ndarray
    region: np.ndarray
    values: dict


@dataclass
class Table:
    """statistics.csv: `day` (days) and columns {name: (unit, values)}."""

    day: np.ndarray
    columns: dict


def with_unit(label, unit):
    """'label [unit]', without brackets for a dimensionless quantity."""
    return f"{label} (dimensionless)" if unit in ("", "1") else f"{label} [{unit}]"


def damaged(path, reason):
    """Error for a file which exists but cannot be used."""
    return DatasetError(
        f"'{path}' is damaged: {reason}; "
        "run the solver again, or restore the file from a copy"
    )


def open_text(path):
    """Text of a file of the folder."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DatasetError(
            f"'{path}' is missing; give the output folder of a run of the solver "
            "which has written at least one output"
        ) from None
    except UnicodeDecodeError:
        raise damaged(path, "it is not text") from None
    except OSError as error:
        raise DatasetError(
            f"'{path}' cannot be read ({error.strerror}); check its permissions"
        ) from None


def read_legend(folder):
    """Legend of the run."""
    path = folder / "legend.json"
    try:
        data = json.loads(open_text(path))
        dimension = int(data["dimension"])
        time_unit = data.get("time_unit", "min")
        if dimension not in (2, 3) or time_unit not in UNITS_PER_DAY:
            raise ValueError(f"dimension {dimension} or time unit '{time_unit}'")
        return Legend(
            title=data.get("title") or folder.resolve().name,
            dimension=dimension,
            length_unit=data.get("length_unit", "um"),
            units_per_day=UNITS_PER_DAY[time_unit],
            regions=[
                Region(int(r["id"]), r["name"], bool(r["tissue"]))
                for r in data["regions"]
            ],
            fields=[
                Field(f["name"], f.get("label") or f["name"], f.get("unit", "1"))
                for f in data["fields"]
            ],
            kinds=[kind for t in data["agent_types"] for kind in kinds_of(t)],
        )
    except json.JSONDecodeError as error:
        raise damaged(path, f"no valid JSON (line {error.lineno})") from None
    except KeyError as error:
        raise damaged(path, f"the entry {error} is missing") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise damaged(path, f"an entry cannot be understood ({error})") from None


def kinds_of(data):
    """Kinds of one entry of `agent_types`."""
    states = data.get("states") or [{"id": 0, "name": ""}]
    return [
        Kind(
            type_id=int(data["id"]),
            state_id=int(state["id"]),
            type_name=data["name"],
            type_label=data.get("label") or data["name"],
            state=state["name"],
            group=data.get("group", "host"),
            radius=float(data.get("radius", 0.0)),
        )
        for state in states
    ]


def read_series(path, units_per_day):
    """Sorted list of (day, file) of a .pvd collection."""
    try:
        root = ElementTree.fromstring(open_text(path))
        series = [
            (float(entry.attrib["timestep"]) / units_per_day,
             path.parent / entry.attrib["file"])
            for entry in root.iter("DataSet")
        ]
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise damaged(path, f"no valid collection ({error})") from None
    if not series:
        raise DatasetError(
            f"'{path}' lists no output; wait until the solver has written one"
        )
    return sorted(series, key=lambda item: item[0])


def nearest(series, day):
    """Entry of a series nearest to `day`; the last one if `day` is None."""
    if day is None:
        return series[-1]
    return min(series, key=lambda item: abs(item[0] - day))


@contextmanager
def collected_vtk_messages():
    """Keep VTK's messages off the terminal; yields the collecting window."""
    previous, window = vtkOutputWindow.GetInstance(), vtkStringOutputWindow()
    vtkOutputWindow.SetInstance(window)
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)
    try:
        yield window
    finally:
        vtkOutputWindow.SetInstance(previous)
        vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_WARNING)


def first_error(text):
    """The part of VTK's first error message which means something to a reader."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("ERROR: In", "Warning:"))]
    return (told or lines or ["no content"])[0].split("): ", 1)[-1].rstrip(".")


def read_vtk(path, reader, select=None):
    """Output of an XML reader; `select` limits the point arrays read."""
    if not path.is_file():
        raise DatasetError(
            f"'{path}' is missing although the .pvd file lists it; "
            "copy the output folder completely, or run the solver again"
        )
    reader.SetFileName(str(path))
    with collected_vtk_messages() as messages:
        reader.UpdateInformation()
        if select is not None and not messages.GetOutput():
            reader.GetPointDataArraySelection().DisableAllArrays()
            for name in select:
                reader.GetPointDataArraySelection().EnableArray(name)
        if not messages.GetOutput():
            reader.Update()
    if "ERROR" in messages.GetOutput() or reader.GetErrorCode():
        pieces = "it or one of its pieces: " if path.suffix in (".pvtu", ".pvtp") else ""
        raise damaged(path, f"{pieces}VTK says '{first_error(messages.GetOutput())}'")
    return reader.GetOutput()


def read_fields(path, fields):
    """Mesh with the point arrays of `fields` and the cell array `region`."""
    parallel = path.suffix == ".pvtu"
    reader = vtkXMLPUnstructuredGridReader() if parallel else vtkXMLUnstructuredGridReader()
    names = [field.name for field in fields]
    grid = read_vtk(path, reader, names)
    if not grid.GetNumberOfCells():
        raise damaged(path, "it has no cell")
    if not grid.GetCellData().HasArray("region"):
        raise damaged(path, "the cell array 'region' is missing")
    for name in names:
        array = grid.GetPointData().GetArray(name)
        if array is None:
            raise damaged(path, f"the field '{name}' is missing")
        if not np.isfinite(vtk_to_numpy(array)).all():
            raise damaged(path, f"the field '{name}' has values which are not finite")
    return grid


def read_agents(path):
    """Agents of one .vtp or .pvtp file, which may be empty."""
    data = read_vtk(path, vtkXMLPPolyDataReader() if path.suffix == ".pvtp" else vtkXMLPolyDataReader())
    count = data.GetNumberOfPoints()
    if not count:
        none = np.zeros(0, dtype=int)
        return Agents(np.zeros((0, 3)), none, none, np.zeros(0))
    arrays = {}
    for name in ("type", "state", "radius"):
        array = data.GetPointData().GetArray(name)
        if array is None or array.GetNumberOfTuples() != count:
            raise damaged(path, f"the array '{name}' is missing or incomplete")
        arrays[name] = vtk_to_numpy(array)
    position = vtk_to_numpy(data.GetPoints().GetData()).astype(float)
    if not (np.isfinite(position).all() and np.isfinite(arrays["radius"]).all()):
        raise damaged(path, "a position or radius is not finite")
    return Agents(position, arrays["type"], arrays["state"], arrays["radius"])


def read_statistics(folder, units_per_day):
    """Table of statistics.csv; an unfinished last line is left out."""
    path = folder / "statistics.csv"
    rows = [row for row in csv.reader(open_text(path).splitlines()) if row]
    if len(rows) < 2 or not rows[0][0].startswith("time"):
        raise damaged(path, "it has no header which begins with 'time', or no line")
    header, lines = rows[0], rows[1:]
    if len(lines) > 1 and len(lines[-1]) < len(header):
        lines = lines[:-1]  # a run in progress may be writing this line
    values = np.empty((len(lines), len(header)))
    for number, line in enumerate(lines):
        try:
            values[number] = [float(cell) for cell in line]
        except ValueError as error:
            raise damaged(path, f"line {number + 2}: {error}") from None
    columns = {}
    for index, title in enumerate(header[1:], start=1):
        name, _, unit = title.strip().rpartition(" [")
        columns[name] = (unit.rstrip("]"), values[:, index])
    return Table(values[:, 0] / units_per_day, columns)


def sample(grid, origin, spacing, shape, fields):
    """Samples of a mesh on the lattice of `shape` (nx, ny, nz) points."""
    image = vtkImageData()
    image.SetOrigin(*origin)
    image.SetSpacing(*spacing)
    image.SetDimensions(*(int(n) for n in shape))
    probe = vtkProbeFilter()
    probe.SetInputData(image)
    probe.SetSourceData(grid)
    probe.Update()
    data = probe.GetOutput().GetPointData()

    def lattice(name):
        """One array, indexed [z, y, x]."""
        return vtk_to_numpy(data.GetArray(name)).reshape(shape[2], shape[1], shape[0])

    region = np.rint(lattice("region")).astype(int)
    region[lattice("vtkValidPointMask") == 0] = NO_CELL
    values = {field.name: lattice(field.name).astype(float) for field in fields}
    return Samples(np.array(origin), np.array(spacing), region, values)


def sample_volume(grid, fields, longest=190):
    """Samples of the whole mesh, about `longest` along its longest side.

    The samples lie at the centres of equal voxels which fill the bounding box
    of the mesh.
    """
    bounds = np.array(grid.GetBounds()).reshape(3, 2)
    extent = bounds[:, 1] - bounds[:, 0]
    step = extent.max() / longest
    flat = extent < 1e-9 * extent.max()
    voxels = np.where(flat, 1, np.maximum(np.ceil(extent / step - 1e-9), 1)).astype(int)
    spacing = np.where(flat, 1.0, extent / voxels)
    origin = bounds[:, 0] + np.where(flat, 0.0, 0.5 * spacing)
    return sample(grid, origin, spacing, voxels, fields)


def nice_number(value):
    """Largest of 1, 2, 5, 10, 20, ... which is not above `value`."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(factor for factor in (1, 2, 5) if factor * power <= value * 1.0001) * power
