"""The planar cut through the organ, and the organ of a two-dimensional run.

Lengths are in the run's length unit, times in days.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.ticker import MaxNLocator

from . import panels
from .dataset import NO_CELL, nice_number, sample

EDGE = 0.25  # part of the mesh's faces that only the surroundings can fill


@dataclass
class Geometry:
    """What the mesh is made of.

    `bounds`: 3 x 2, box of tissue and cavities; `axes`: (normal, across, up),
    the normal along the shortest extent; `tissue`: region ids; `cavities`:
    regions without tissue inside the organ; `rim`: n x 3, places between which tissue and cavities lie.
    """

    bounds: np.ndarray
    axes: tuple
    tissue: list
    cavities: list
    rim: np.ndarray


def geometry_of(samples, legend):
    """Geometry from the samples of the whole mesh."""
    known = {region.id: region for region in legend.regions}
    present = [known[i] for i in np.unique(samples.region) if i in known]
    tissue = [region.id for region in present if region.tissue]
    hollow = [region for region in present if not region.tissue]
    around = surroundings(samples.region, hollow)
    cavities = [region for region in hollow if region.id != around]
    body = np.isin(samples.region, tissue)
    if not body.any():
        body = samples.region != NO_CELL
    bounds = np.zeros((3, 2))
    for axis in range(3):
        hit = np.flatnonzero(body.any(axis=tuple(2 - a for a in range(3) if a != axis)))
        ends = samples.origin[axis] + hit[[0, -1]] * samples.spacing[axis]
        half = 0.5 * samples.spacing[axis] * (samples.region.shape[2 - axis] > 1)
        bounds[axis] = ends + np.array([-half, half])
    normal = 2 if legend.dimension == 2 else int((bounds[:, 1] - bounds[:, 0]).argmin())
    across, up = [axis for axis in range(3) if axis != normal]
    whole = body | np.isin(samples.region, [cavity.id for cavity in cavities])
    return Geometry(bounds, (normal, across, up), tissue, cavities, rim_of(samples, whole))


def rim_of(samples, body):
    """Both ends of each line of samples along x in the body (indexed [z, y, x]), with the corners of their voxels."""
    line = np.argwhere(body.any(axis=2))
    first, last = body.argmax(axis=2), body.shape[2] - 1 - body[:, :, ::-1].argmax(axis=2)
    ends = np.concatenate([np.column_stack([end[tuple(line.T)], line[:, 1], line[:, 0]]) for end in (first, last)])
    half = 0.5 * (np.array(body.shape[::-1]) > 1)
    corners = half * np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    return samples.origin + (ends[:, None, :] + corners).reshape(-1, 3) * samples.spacing


def surroundings(region, hollow):
    """Id of the region without tissue which encloses the organ, None without one.

    The solver calls it "outside"; meshes of others may have another name for it, so the one counts which fills a
    large part of the faces of the mesh's box.
    """
    named = [part.id for part in hollow if part.name == "outside"]
    if named:
        return named[0]
    faces = []
    for axis in range(3):
        if region.shape[axis] > 1:
            faces += [np.take(region, index, axis=axis).ravel() for index in (0, -1)]
    faces = np.concatenate(faces)
    shares = {part.id: (faces == part.id).mean() for part in hollow}
    largest = max(shares, key=shares.get, default=None)
    return largest if shares and shares[largest] > EDGE else None


@dataclass
class Plane:
    """Axis-parallel cut: axes 0..2, `offset` along the normal and `half` thickness."""

    normal: int
    across: int
    up: int
    offset: float
    half: float

    def text(self, unit):
        """Equation of the plane, e.g. 'y = 380 µm'."""
        digits = max(0, 1 - int(np.floor(np.log10(self.half))))
        offset = round(self.offset, digits) + 0.0
        return f"{'xyz'[self.normal]} = {panels.length_text(offset, unit)}"


def choose_plane(geometry, agents, look, dimension):
    """Plane normal to the organ's shortest axis through most tumour agents.

    Without tumour agents the activated host ones count, without any of them
    the middle is taken. Planes near the ends of the organ would show little of it.
    """
    normal, across, up = geometry.axes
    if dimension == 2:
        return Plane(normal, across, up, 0.0, np.inf)
    low, high = geometry.bounds[normal]
    half = nice_number(0.03 * (geometry.bounds[:, 1] - geometry.bounds[:, 0]).max())
    centre = 0.5 * (low + high)
    for wanted in (lambda s: s.tumour, lambda s: not s.crowd):
        chosen = np.zeros(len(agents.type), dtype=bool)
        for kind in (k for k, s in look.items() if wanted(s)):
            chosen |= agents.of_kind(kind)
        if chosen.any():
            depth = agents.position[chosen, normal]
            reach = 0.2 * (high - low)
            trial = np.linspace(centre - reach, centre + reach, 201)
            hits = (abs(depth[None, :] - trial[:, None]) <= half).sum(axis=1)
            best = trial[hits == hits.max()]
            return Plane(normal, across, up, best[abs(best - centre).argmin()], half)
    return Plane(normal, across, up, centre, half)


def sample_plane(grid, plane, geometry, fields, longest=1000):
    """(Samples, region image, extent) in the plane around the organ."""
    axes = (plane.across, plane.up)
    size = np.array([np.ptp(geometry.bounds[a]) for a in axes])
    margin = 0.03 * size.max()
    low = np.array([geometry.bounds[a][0] for a in axes]) - margin
    step = (size + 2 * margin).max() / longest
    count = np.ceil((size + 2 * margin) / step).astype(int)
    origin, spacing, shape = np.zeros(3), np.ones(3), np.ones(3, dtype=int)
    # A tiny shift keeps the plane off the faces between cells.
    origin[plane.normal] = plane.offset + 1e-5 * step * np.isfinite(plane.half)
    for axis, first, number in zip(axes, low, count):
        origin[axis], spacing[axis], shape[axis] = first + 0.5 * step, step, number
    samples = sample(grid, origin, spacing, shape, fields)

    def picture(array):
        """Two-dimensional array, indexed [up, across]."""
        flat = np.squeeze(array, axis=2 - plane.normal)
        return flat if plane.up > plane.across else flat.T

    extent = (low[0], low[0] + count[0] * step, low[1], low[1] + count[1] * step)
    values = {name: picture(array) for name, array in samples.values.items()}
    return picture(samples.region), values, extent


def field_range(values):
    """(lowest, highest, extend) of the colours; a few extreme values are cut off."""
    if not values.size:
        return 0.0, 1.0, "neither"
    low, high, most = values.min(), values.max(), np.percentile(values, 99.9)
    if 0 <= low < 0.3 * high:
        low = 0.0
    extend = "max" if high > 2 * most > 0 else "neither"
    high = most if extend == "max" else high
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        low, high = (0.0, 2.0 * high) if high > 0 else (low, low + 1.0)
    return low, high, extend


def draw_cut(size, run):
    """Figure of the cut with one panel per field."""
    figure = panels.new_figure(size)
    plane = run.scale.plane or choose_plane(run.geometry, run.agents, run.look, run.legend.dimension)
    region, values, extent = sample_plane(run.grid, plane, run.geometry, run.fields)
    visible = abs(run.agents.position[:, plane.normal] - plane.offset) <= plane.half
    unit, flat = run.legend.length_unit, run.legend.dimension == 2
    place = "Plane view" if flat else f"Cut at {plane.text(unit)}"
    panels.draw_title(figure, run.legend.title, f"{place}, {panels.time_text(run.day)}")
    names = run.fields or [None]
    wide = stacked(figure, extent, len(names))
    for number, field in enumerate(names):
        axes = cut_axes(figure, number, len(names), wide)
        panels.draw_regions(axes, region, extent, run.geometry)
        frame_map(axes, extent, plane, unit)
        if field is not None:
            tissue = np.isin(region, run.geometry.tissue)
            colours = run.scale.ranges.get(field.name) or field_range(values[field.name][tissue])
            draw_field(figure, axes, field, values[field.name], extent, wide, tissue, colours,
                       panels.FIELD_MAPS[number % 2])
        factors = panels.draw_agents(axes, figure, run.agents, visible, plane, run.look)
    counts = {k: int((visible & run.agents.of_kind(k)).sum()) for k in run.look}
    rows = panels.agent_rows(run.legend.kinds, run.look, counts, factors, "discs", "grey dots")
    rows += region_rows(run, panels.CAVITY_COLOURS, np.unique(region))
    if not flat:
        rows.append(("note", "Counts and discs: cells whose centre lies within "
                     f"{panels.length_text(plane.half, unit)} of the plane.", None))
    panels.draw_key(figure, rows)
    return figure


def stacked(figure, extent, count):
    """Whether `count` maps are larger above each other than side by side."""
    width, height = figure.get_size_inches() * (0.7, 0.84)
    across, up = extent[1] - extent[0], extent[3] - extent[2]
    beside = min(width / count / across, (height - 1.2) / up)
    above = min((width - 1.6) / across, (height / count - 0.6) / up)
    return count > 1 and above > 1.05 * beside


def cut_axes(figure, number, count, wide):
    """Axes of one panel, stacked if `wide`, else side by side."""
    left, bottom, width, height = 0.02, 0.05, 0.715, 0.84
    if wide:
        height /= count
        bottom += (count - 1 - number) * height
        return figure.add_axes([left, bottom + 0.02, width - 0.1, height - 0.06])
    width /= count
    left += number * width
    return figure.add_axes([left, bottom + 0.09, width - 0.015, height - 0.13])


def frame_map(axes, extent, plane, unit):
    """Limits, scale bar and directions of a map."""
    width, height = extent[1] - extent[0], extent[3] - extent[2]
    foot = 0.1 * max(width, height)
    axes.set_xlim(extent[0], extent[1])
    axes.set_ylim(extent[2] - foot, extent[3])
    panels.draw_scale_bar(axes, extent[0] + 0.04 * width, extent[2] - 0.2 * foot, width, unit)
    arm = 0.55 * foot
    panels.draw_directions(axes, (extent[1] - 2.0 * arm, extent[2] - 0.9 * foot),
                           {"xyz"[plane.across]: (arm, 0), "xyz"[plane.up]: (0, arm)})


def draw_field(figure, axes, field, values, extent, wide, tissue, colours, colour_map):
    """Field in the tissue with its colour bar; `colours`: as of field_range()."""
    low, high, extend = colours
    image = axes.imshow(np.ma.masked_where(~tissue, values), extent=extent, origin="lower",
                        cmap=colour_map, vmin=low, vmax=high, interpolation="nearest", zorder=2)
    axes.set_title(field.label, weight="bold")
    axes.apply_aspect()
    box = axes.get_position()
    if wide:
        place = [box.x1 + 0.012, box.y0 + 0.1 * box.height, 0.012, 0.8 * box.height]
    else:
        place = [box.x0 + 0.1 * box.width, box.y0 - 0.035, 0.8 * box.width, 0.02]
    bar = figure.colorbar(image, cax=figure.add_axes(place), extend=extend,
                          orientation="vertical" if wide else "horizontal")
    bar.locator = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10])
    bar.update_ticks()
    bar.set_label(field.title, labelpad=7 if wide else 4)
    bar.outline.set_linewidth(0.6)


def region_rows(run, colours, shown=None):
    """Key rows of the organ's parts.

    `shown`: region ids of a map; None where the parts are drawn as surfaces.
    """
    rows = [("head", "Organ", None)]
    names = [r.name for r in run.legend.regions if r.id in run.geometry.tissue]
    tissue = f"{', '.join(names)} (tissue)"
    if shown is None:
        rows.append(("patch", tissue, "#D5DCE4"))
    else:
        rows.append(("line", f"outline of {tissue}", "#222222"))
    return rows + [("patch", cavity.name, colours[number % len(colours)])
                   for number, cavity in enumerate(run.geometry.cavities)
                   if shown is None or cavity.id in shown]


def niche_level(values):
    """Value half-way between minimum and maximum, None for a uniform field."""
    low, high = (values.min(), values.max()) if values.size else (0.0, 0.0)
    return 0.5 * (low + high) if high - low > 1e-6 * max(abs(low), abs(high)) else None


def niche_rows(field, level, colour):
    """Key rows of the highlighted niche."""
    if level is None:
        return []
    unit = "" if field.unit in ("", "1") else f" {field.unit}"
    return [("patch", f"{field.label} above {level:.3g}{unit}", to_rgba(colour, 0.6)),
            ("note", "(half-way between its extremes)", None)]


def draw_flat_organ(size, run, colour):
    """Figure of a two-dimensional organ with all agents; `colour` of the niche."""
    figure = panels.new_figure(size)
    geometry, unit = run.geometry, run.legend.length_unit
    plane = run.scale.plane or choose_plane(geometry, run.agents, run.look, 2)
    region, values, extent = sample_plane(run.grid, plane, geometry, run.fields)
    panels.draw_title(figure, run.legend.title, f"The organ, {panels.time_text(run.day)}")
    axes = figure.add_axes([0.02, 0.04, 0.715, 0.85])
    panels.draw_regions(axes, region, extent, geometry)
    frame_map(axes, extent, plane, unit)
    tissue, rows = np.isin(region, geometry.tissue), []
    if run.fields:
        field = run.fields[-1]
        level = niche_level(values[field.name][tissue]) if run.scale.level is None else run.scale.level
        rows = niche_rows(field, level, colour)
        if level is not None:
            inside = np.where(tissue, values[field.name], values[field.name][tissue].min())
            axes.contourf(inside, [level, np.inf], extent=extent, origin="lower",
                          colors=[colour], alpha=0.55)
    visible = np.ones(len(run.agents.type), dtype=bool)
    factors = panels.draw_agents(axes, figure, run.agents, visible, plane, run.look)
    counts = {kind: int(run.agents.of_kind(kind).sum()) for kind in run.look}
    agents = panels.agent_rows(run.legend.kinds, run.look, counts, factors, "discs", "grey dots")
    parts = region_rows(run, panels.CAVITY_COLOURS, np.unique(region))
    panels.draw_key(figure, agents + parts + rows)
    return figure
