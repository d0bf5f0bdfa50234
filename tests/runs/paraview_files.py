"""What a run writes for ParaView, read with VTK's own readers: the same on 1, 2 and 3 ranks, and after a resume.

One collection with named parts; times, units and names; fields as in the checkpoint; agents as in the statistics; the
occupancy of receptors as that of the fields at the agents.
"""
import csv
import json
import math
import pathlib
import tempfile
from xml.etree import ElementTree

from checkpoint_file import fields as checkpoint_fields
from everything_resumed import VESSELS
from nidus_run import SOURCE, must, must_end, nidus, settings
from same_on_any_ranks import LIVELY
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkFiltersCore import vtkProbeFilter
from vtkmodules.vtkIOXML import (vtkXMLPolyDataReader, vtkXMLPPolyDataReader, vtkXMLPUnstructuredGridReader,
                                 vtkXMLUnstructuredGridReader)

READERS = {".vtu": vtkXMLUnstructuredGridReader, ".pvtu": vtkXMLPUnstructuredGridReader,
           ".vtp": vtkXMLPolyDataReader, ".pvtp": vtkXMLPPolyDataReader}
# A piece for each rank, so that there is something to put together.
VALUES = [*LIVELY, "Run/End time=360", "Output/Interval=120", "Output/Checkpoint interval=120", "Output/Piece files=100"]
AGENT_UNITS = {"radius": "um", "age": "min", "velocity": "um/min", "occupancy": "1", "niche_index": "1"}
AGENT_KINDS = {"key": "unsigned", "mother": "unsigned", "colony": "long", "type": "int", "state": "int",
               "generation": "int"}
VESSEL_UNITS = {"pressure": "Pa", "radius": "um", "flow": "um^3/min", "velocity": "um/min", "wall_shear": "Pa"}


def opened(path):
    """A file, read by VTK."""
    must(path.is_file(), f"{path} is missing")
    reader = READERS[path.suffix]()
    reader.SetFileName(str(path))
    reader.Update()
    must(reader.GetErrorCode() == 0, f"VTK cannot read {path}")
    return reader.GetOutput()


def unit(array):
    return array.GetInformation().Get(vtkDataArray.UNITS_LABEL())


def names(data, title):
    """Names in the field data."""
    array = data.GetFieldData().GetAbstractArray(title)
    must(array is not None, f"no field data '{title}'")
    return [array.GetValue(i) for i in range(array.GetNumberOfValues())]


def collection(folder):
    """{time: {name of a part: data}} of nidus.pvd, whose times are those of the statistics."""
    parts = {}
    for entry in ElementTree.parse(folder / "nidus.pvd").iter("DataSet"):
        parts.setdefault(float(entry.get("timestep")), {})[entry.get("name")] = opened(folder / entry.get("file"))
    rows = list(csv.reader((folder / "statistics.csv").open()))
    must(list(parts) == [float(row[0]) for row in rows[1:]], f"the collection has the times {list(parts)}")
    for time, data in parts.items():
        must(set(data) == {"fields", "agents", "vessels"}, f"the parts are {set(data)}")
        for name in ("fields", "agents"):
            value = data[name].GetFieldData().GetArray("TimeValue")
            must(value is not None and value.GetTuple1(0) == time and unit(value) == "min", f"{name}: the time is wrong")
    return parts


def check_fields(folder, grid, ranks):
    """Units and names of the last fields, and their values as the checkpoint has them."""
    legend = json.loads((folder / "legend.json").read_text())
    must(names(grid, "region_names") == [region["name"] for region in legend["regions"]], "names of regions")
    for field in legend["fields"]:
        array = grid.GetPointData().GetArray(field["name"])
        must(array is not None and unit(array) == field["unit"], f"the field {field['name']} or its unit")
    must(unit(grid.GetPointData().GetArray("niche_index")) == "1", "the niche index")
    cells = {name: vtk_to_numpy(grid.GetCellData().GetArray(name)) for name in ("region", "rank", "level")}
    must(set(cells["region"]) == {0, 1} and set(cells["rank"]) == set(range(ranks)), "regions or ranks of cells")
    saved = checkpoint_fields(folder)
    values = [vtk_to_numpy(grid.GetPointData().GetArray(field["name"])) for field in legend["fields"]]
    found = {tuple(grid.GetPoint(p)): tuple(float(v[p]) for v in values) for p in range(grid.GetNumberOfPoints())}
    must(all(found[place] == value for place, value in saved.items()), "fields are not those of the checkpoint")
    return found


def check_agents(folder, data, grid):
    """Kinds, units and names; numbers by state as in the statistics; occupancy from the fields. {key: all arrays}."""
    arrays = data.GetPointData()
    for name, expected in AGENT_UNITS.items():
        must(arrays.GetArray(name) is not None and unit(arrays.GetArray(name)) == expected, f"unit of {name}")
    for name, kind in AGENT_KINDS.items():
        must(arrays.GetArray(name).GetDataTypeAsString().startswith(kind), f"kind of {name}")
    must(all(arrays.GetArray(name).GetDataTypeSize() == 8 for name in ("key", "mother", "colony")), "64-bit integers")
    legend = json.loads((folder / "legend.json").read_text())
    types = legend["agent_types"]
    must(names(data, "type_names") == [kind["name"] for kind in types], "names of types")
    must(names(data, "state_names") == [f"{kind['name']}: {state['name']}" for kind in types for state in kind["states"]],
         "names of states")
    type_of, state_of = (list(vtk_to_numpy(arrays.GetArray(name))) for name in ("type", "state"))
    rows = list(csv.reader((folder / "statistics.csv").open()))
    last = dict(zip(rows[0], rows[-1]))
    for kind in types:
        for state in kind["states"]:
            count = sum((t, s) == (kind["id"], state["id"]) for t, s in zip(type_of, state_of))
            must(float(last[f"agents {kind['name']} {state['name']} [1]"]) == count, f"{kind['name']} {state['name']}")
    check_occupancy(arrays.GetArray("occupancy"), data, grid, types, type_of)
    columns = [vtk_to_numpy(arrays.GetArray(a)) for a in range(arrays.GetNumberOfArrays())]
    return {int(key): tuple(column[i].tolist() for column in columns)
            for i, key in enumerate(vtk_to_numpy(arrays.GetArray("key")))}


def check_occupancy(occupancy, data, grid, types, type_of):
    """s / (K + s) of what the fields are at the agents, for the type whose receptors are all alike; none for fibroblasts."""
    must(occupancy.GetComponentName(0) == "cxcr4", "the component has no name")
    probe = vtkProbeFilter()
    probe.SetInputData(data)
    probe.SetSourceData(grid)
    probe.Update()
    fields = probe.GetOutput().GetPointData()
    sensed = vtk_to_numpy(fields.GetArray("sdf1")) + vtk_to_numpy(fields.GetArray("sdf1_bound"))
    numbers = {kind["name"]: kind["id"] for kind in types}
    seen = 0
    for i, kind in enumerate(type_of):
        value = occupancy.GetComponent(i, 0)
        if kind == numbers["fib"]:
            must(math.isnan(value), "a fibroblast has no such receptor")
        if kind == numbers["hpc"]:
            expected = sensed[i] / (25.0 + sensed[i])
            must(abs(value - expected) < 1e-6 * max(expected, 1e-6), f"occupancy {value} instead of {expected}")
            seen += 1
    must(seen > 10, f"only {seen} agents have the receptor")


def check_vessels(data):
    for name, expected in VESSEL_UNITS.items():
        array = data.GetPointData().GetArray(name) or data.GetCellData().GetArray(name)
        must(array is not None and unit(array) == expected, f"the unit of {name} of vessels")
    must(names(data, "kind_names")[2] == "capillary", "names of kinds of vessels")
    must(data.GetNumberOfCells() > 10, "there are no vessels")


def close(one, other):
    return one == other or (one != one and other != other) or abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1e-3)


def flat(row):
    return [number for entry in row for number in (entry if isinstance(entry, list) else [entry])]


def compare(one, other, what):
    must(one.keys() == other.keys(), f"{what}: other places or keys")
    for key, row in one.items():
        must(all(map(close, flat(row), flat(other[key]))), f"{what}: {row} and {other[key]}")


def checked(folder, ranks):
    """Fields and agents of the last output; all outputs have been opened."""
    last = list(collection(folder).values())[-1]
    check_vessels(last["vessels"])
    return check_fields(folder, last["fields"], ranks), check_agents(folder, last["agents"], last["fields"])


def run(file, folder, ranks, more=(), values=()):
    must_end(nidus(["run", str(file), "--output", str(folder), *settings([*VALUES, *values]), *more], ranks), 0)


def check_mesh(file, folder, ranks):
    must_end(nidus(["mesh", str(file), "--output", str(folder)], ranks), 0)
    grid, surface = opened(folder / "mesh.pvtu"), opened(folder / "boundaries.pvtp")
    must(names(grid, "region_names") == ["parenchyma", "airway"], "names of regions of the mesh")
    must("airway" in names(surface, "boundary_names"), "names of boundaries")
    region = vtk_to_numpy(grid.GetCellData().GetArray("region"))
    return sorted(region.tolist()), surface.GetNumberOfCells()


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        file = scratch / "vessels.prm"
        file.write_text((SOURCE / "params/quickstart.prm").read_text() + VESSELS)
        results, meshes = {}, {}
        for ranks in (1, 2, 3):
            run(file, scratch / str(ranks), ranks)
            results[ranks] = checked(scratch / str(ranks), ranks)
            meshes[ranks] = check_mesh(file, scratch / f"mesh{ranks}", ranks)
        parts = scratch / "parts"
        run(file, parts, 2, values=["Run/End time=240"])
        run(file, parts, 3, ["--resume"])
        results["resumed"] = checked(parts, 3)
        for ranks in (2, 3, "resumed"):
            for what, one, other in zip(("fields", "agents"), results[1], results[ranks]):
                compare(one, other, f"{what}, 1 and {ranks}")
        must(meshes[1] == meshes[2] == meshes[3], "meshes differ between ranks")
        print(f"{len(results[1][0])} nodes and {len(results[1][1])} agents are the same on 1, 2, 3 ranks and resumed")


main()
