"""Tubes of the resolved vessels, by radius, coloured by the pressure of the blood.

Lengths are in the run's length unit, pressures in Pa.
"""

from dataclasses import dataclass

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkTubeFilter
from vtkmodules.vtkIOXML import vtkXMLPolyDataReader
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from . import panels
from .dataset import damaged, read_vtk

COLOURS = "coolwarm"  # veins blue, arteries red
SIDES = 10


@dataclass
class Vessels:
    """`ends`: n x 2 x 3 places of the segments, `radius`: n, `pressure`: n x 2."""

    ends: np.ndarray
    radius: np.ndarray
    pressure: np.ndarray


def read_vessels(path):
    """Vessels of one .vtp file; None where the run has none."""
    if not path.is_file():
        return None
    data = read_vtk(path, vtkXMLPolyDataReader())
    radius, pressure = data.GetCellData().GetArray("radius"), data.GetPointData().GetArray("pressure")
    if radius is None or pressure is None or not data.GetNumberOfCells():
        raise damaged(path, "the arrays 'radius' and 'pressure', or the lines, are missing")
    lines = vtk_to_numpy(data.GetLines().GetConnectivityArray()).reshape(-1, 2)
    places = vtk_to_numpy(data.GetPoints().GetData()).astype(float)
    return Vessels(places[lines], vtk_to_numpy(radius), vtk_to_numpy(pressure)[lines])


def colour_of(vessels, pressure):
    """RGBA in 0..1 of pressures on the scale of all vessels."""
    low, high = vessels.pressure.min(), vessels.pressure.max()
    return panels.matplotlib.colormaps[COLOURS]((pressure - low) / max(high - low, 1e-300))


def vessel_actor(vessels):
    """Tubes with the vessels' own radii."""
    count = len(vessels.radius)
    points = vtkPoints()
    points.SetData(numpy_to_vtk(vessels.ends.reshape(-1, 3), deep=1))
    cells = vtkCellArray()
    cells.SetData(numpy_to_vtk(np.arange(0, 2 * count + 1, 2, dtype=np.int64), deep=1),
                  numpy_to_vtk(np.arange(2 * count, dtype=np.int64), deep=1))
    radius = numpy_to_vtk(np.repeat(vessels.radius, 2), deep=1)
    radius.SetName("radius")
    colour = numpy_to_vtk(
        np.round(255 * colour_of(vessels, vessels.pressure.ravel())).astype(np.uint8), deep=1)
    colour.SetName("colour")
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetLines(cells)
    data.GetPointData().SetScalars(radius)
    data.GetPointData().AddArray(colour)
    tubes = vtkTubeFilter()
    tubes.SetInputData(data)
    tubes.SetVaryRadiusToVaryRadiusByAbsoluteScalar()
    tubes.SetNumberOfSides(SIDES)
    tubes.CappingOn()
    mapper = vtkPolyDataMapper()
    mapper.SetInputConnection(tubes.GetOutputPort())
    mapper.SetScalarModeToUsePointFieldData()
    mapper.SelectColorArray("colour")
    mapper.SetColorModeToDirectScalars()
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().SetAmbient(0.35)
    actor.GetProperty().SetDiffuse(0.7)
    return actor


def vessel_rows(vessels):
    """Key rows of the colours."""
    levels = np.linspace(vessels.pressure.max(), vessels.pressure.min(), 3)
    return [("head", "Vessels", None), ("note", "tubes of their own radius; pressure of the blood", None)] + \
        [("patch", f"{level:,.0f} Pa", tuple(colour_of(vessels, level))) for level in levels]
