"""What the pictures show: one output of a run, and what all outputs of a film have in common.

Lengths are in the run's length unit, times in days.
"""

import sys
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from . import dataset, panels, section, vessels

SCALE_OUTPUTS = 6  # whose colours a film's scale is made of


@dataclass
class Camera:
    """Degrees around the organ's upright axis from its front, and above its middle; magnification."""

    azimuth: float
    elevation: float
    zoom: float


@dataclass
class Scale:
    """What frames of a film share: `ranges` {field name: (low, high, extend)} of the colours, `level` of the niche,
    the `plane` of the cut. Whatever is missing, a picture takes from its own output."""

    ranges: dict = field(default_factory=dict)
    level: float = None
    plane: section.Plane = None


@dataclass
class Frame:
    """One output with all that is needed to draw it; see the classes of `dataset` and `section`."""

    legend: dataset.Legend
    fields: list
    table: dataset.Table
    day: float
    grid: object
    agents: dataset.Agents
    vessels: vessels.Vessels
    look: dict
    camera: Camera
    scale: Scale
    geometry: section.Geometry = None

    @cached_property
    def samples(self):
        """The mesh and the last field, which is the only one shown in three dimensions; of use to that view only."""
        return dataset.sample_volume(self.grid, self.fields[-1:])


def note(text):
    """Tell something which does not prevent the pictures."""
    print(f"render: note: {text}", file=sys.stderr)


class Run:
    """An output folder."""

    def __init__(self, folder, field_names, camera):
        self.legend = dataset.read_legend(folder)
        self.fields = self.legend.select_fields(field_names)
        self.table = dataset.read_statistics(folder, self.legend.units_per_day)
        self.outputs = dataset.read_series(folder / "fields.pvd", self.legend.units_per_day)
        self.populations = dataset.read_series(folder / "agents.pvd", self.legend.units_per_day)
        self.vessels = vessels.read_vessels(folder / "vessels.vtp")
        self.camera = camera

    def days(self):
        """Times of the outputs, ascending."""
        return [day for day, _ in self.outputs]

    def frame(self, day=None, like=None):
        """The output nearest to `day`, or the last one; `like`: a frame whose geometry, styles and scale it has."""
        drawn, file = dataset.nearest(self.outputs, day)
        if day is not None and abs(drawn - day) > 0.01:
            note(f"no output at day {day:g}; the nearest one, day {drawn:g}, is drawn")
        agents_day, agents_file = dataset.nearest(self.populations, drawn)
        if abs(agents_day - drawn) > 0.01:
            note(f"no agents at day {drawn:g}; those of day {agents_day:g} are drawn")
        grid = dataset.read_fields(file, self.fields)
        agents = dataset.read_agents(agents_file)
        known = sum(int(agents.of_kind(kind).sum()) for kind in self.legend.kinds)
        if known < len(agents.type):
            note(f"{len(agents.type) - known} agents of '{agents_file}' have a type or state "
                 "which legend.json does not name; they are not drawn")
        frame = Frame(self.legend, self.fields, self.table, drawn, grid, agents, self.vessels,
                      like.look if like else panels.styles(self.legend.kinds, agents), self.camera,
                      like.scale if like else Scale())
        frame.geometry = like.geometry if like else section.geometry_of(frame.samples, self.legend)
        return frame

    def set_scale(self, last):
        """Let the frames of a film that are like its `last` one have one scale of colours, one level, one plane."""
        plane = section.choose_plane(last.geometry, last.agents, last.look, self.legend.dimension)
        pooled = {}
        for index in np.unique(np.linspace(0, len(self.outputs) - 1, SCALE_OUTPUTS).round().astype(int)):
            grid = dataset.read_fields(self.outputs[index][1], self.fields)
            region, values, _ = section.sample_plane(grid, plane, last.geometry, self.fields, longest=250)
            for name, value in values.items():
                pooled.setdefault(name, []).append(value[np.isin(region, last.geometry.tissue)])
        ranges = {name: section.field_range(np.concatenate(values)) for name, values in pooled.items()}
        last.scale.plane, last.scale.ranges = plane, ranges
        if self.fields:
            low, high, _ = ranges[self.fields[-1].name]
            last.scale.level = 0.5 * (low + high)
