"""Three-dimensional view of the organ, its niche and its agents.

Lengths are in the run's length unit, times in days.
"""

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 (provides the renderer)
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData
from vtkmodules.vtkFiltersCore import (
    vtkFlyingEdges3D,
    vtkGlyph3D,
    vtkPolyDataNormals,
    vtkWindowedSincPolyDataFilter,
)
from vtkmodules.vtkFiltersSources import vtkConeSource, vtkCubeSource, vtkSphereSource
from vtkmodules.vtkImagingGeneral import vtkImageGaussianSmooth
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkLightKit,
    vtkPolyDataMapper,
    vtkRenderer,
    vtkRenderWindow,
    vtkWindowToImageFilter,
)

from . import panels
from .section import draw_flat_organ, niche_level, niche_rows, region_rows
from .vessels import vessel_actor, vessel_rows

OVERSAMPLING = 2  # rendered pixels per final pixel, along each direction
SURFACE_COLOUR = "#7A8FA6"
CAVITY_COLOURS = ("#C9B79C", "#A9B8A0", "#B7A6B8")
NICHE_COLOUR = "#7B4FB0"
CROWD_SHOWN = 6000  # dots of resting cells at most


def cell_size(run):
    """Typical size of a cell of the mesh, in samples of the lattice."""
    cells = vtk_to_numpy(run.grid.GetCellData().GetArray("region"))
    count = np.isin(np.rint(cells), run.geometry.tissue).sum()
    return (np.isin(run.samples.region, run.geometry.tissue).sum() / max(count, 1)) ** (1 / 3)


def lattice_surface(samples, values, blur_width, level=0.5, outside=0.0):
    """Smooth closed surface of a lattice function (indexed [z, y, x]).

    `blur_width`: standard deviation in samples, which removes the cells' steps;
    `outside`: value beyond the lattice.
    """
    blur_width = float(np.clip(blur_width, 0.8, 5.0))
    border = int(np.ceil(3 * blur_width)) + 1  # closes the surface
    values = np.pad(values.astype(np.float32), border, constant_values=outside)
    image = vtkImageData()
    image.SetOrigin(*(samples.origin - border * samples.spacing))
    image.SetSpacing(*samples.spacing)
    image.SetDimensions(*values.shape[::-1])
    image.GetPointData().SetScalars(numpy_to_vtk(values.ravel(), deep=1))
    blur = vtkImageGaussianSmooth()
    blur.SetInputData(image)
    blur.SetStandardDeviation(blur_width)
    blur.SetRadiusFactor(3.0)
    contour = vtkFlyingEdges3D()
    contour.SetInputConnection(blur.GetOutputPort())
    contour.SetValue(0, level)
    contour.Update()
    if not contour.GetOutput().GetNumberOfPoints():
        return contour.GetOutput()
    # In contrast to more blur, this filter does not remove thin tubes.
    smooth = vtkWindowedSincPolyDataFilter()
    smooth.SetInputConnection(contour.GetOutputPort())
    smooth.SetNumberOfIterations(30)
    smooth.SetPassBand(0.02)
    smooth.NonManifoldSmoothingOn()
    smooth.NormalizeCoordinatesOn()
    normals = vtkPolyDataNormals()
    normals.SetInputConnection(smooth.GetOutputPort())
    normals.SplittingOff()
    normals.Update()
    return normals.GetOutput()


def rgb(colour):
    """Red, green, blue in 0..1 of a matplotlib colour."""
    return panels.matplotlib.colors.to_rgb(colour)


def actor_of(data, colour):
    """Matt actor of a surface or of points."""
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.ScalarVisibilityOff()
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().SetColor(*rgb(colour))
    actor.GetProperty().SetAmbient(0.4)
    actor.GetProperty().SetDiffuse(0.7)
    return actor


def glass_actor(data, colour, facing, grazing, towards):
    """Translucent surface, more opaque where it is seen at a grazing angle.

    `facing`, `grazing`: opacities in 0..1; `towards`: direction to the viewer.
    """
    actor = actor_of(data, colour)
    if not data.GetNumberOfPoints():
        return actor
    normals = vtk_to_numpy(data.GetPointData().GetNormals())
    edge = (1.0 - abs(normals @ towards)) ** 3
    rgba = np.empty((len(edge), 4), dtype=np.uint8)
    rgba[:, :3] = np.round(255 * np.array(rgb(colour)))
    rgba[:, 3] = np.round(255 * (facing + (grazing - facing) * edge))
    data.GetPointData().SetScalars(numpy_to_vtk(rgba, deep=1))
    actor.GetMapper().ScalarVisibilityOn()
    actor.GetMapper().SetColorModeToDirectScalars()
    actor.ForceTranslucentOn()
    return actor


def points_data(position, vertices=False):
    """Points as poly data, with a vertex each if asked for."""
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(position), deep=1))
    data = vtkPolyData()
    data.SetPoints(points)
    if vertices:
        count = len(position)
        cells = vtkCellArray()
        cells.SetData(numpy_to_vtk(np.arange(count + 1, dtype=np.int64), deep=1),
                      numpy_to_vtk(np.arange(count, dtype=np.int64), deep=1))
        data.SetVerts(cells)
    return data


def body_source(marker, up):
    """Source of a body of about unit radius which looks like a marker."""
    if marker == "s":
        source = vtkCubeSource()
        source.SetXLength(1.6)
        source.SetYLength(1.6)
        source.SetZLength(1.6)
    elif marker == "^":
        source = vtkConeSource()
        source.SetRadius(1.1)
        source.SetHeight(2.0)
        source.SetResolution(16)
        source.SetDirection(*up)
    else:
        round_body = marker == "o"
        source = vtkSphereSource()
        source.SetRadius(1.0 if round_body else 1.3)
        # Four by three points make an octahedron.
        source.SetThetaResolution(16 if round_body else 4)
        source.SetPhiResolution(12 if round_body else 3)
    return source


def agents_actor(position, radius, style, up):
    """Solid bodies of the given radii; the shape tells the type."""
    data = points_data(position)
    data.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(radius), deep=1))
    source = body_source(style.marker, up)
    glyph = vtkGlyph3D()
    glyph.SetInputData(data)
    glyph.SetSourceConnection(source.GetOutputPort())
    glyph.SetScaleModeToScaleByScalar()
    glyph.Update()
    actor = actor_of(glyph.GetOutput(), style.colour)
    if style.marker in "Ds":
        actor.GetProperty().SetInterpolationToFlat()
    return actor


class View:
    """Parallel projection of the organ onto `pixels` (width, height), as the `camera` sees it.

    The front is where the organ's longest sides lie across and upright.
    """

    def __init__(self, geometry, pixels, camera):
        _, across, up = geometry.axes
        unit = np.eye(3)
        azimuth, elevation = np.radians(camera.azimuth), np.radians(camera.elevation)
        level = np.cos(azimuth) * np.cross(unit[across], unit[up]) + np.sin(azimuth) * unit[across]
        self.towards = np.cos(elevation) * level + np.sin(elevation) * unit[up]
        self.right = np.cross(unit[up], level)
        self.up = np.cross(self.towards, self.right)
        self.pixels = pixels
        seen = geometry.rim @ np.column_stack([self.right, self.up])
        self.width, self.height = 1.05 * np.ptp(seen, axis=0)
        middle = 0.5 * (seen.min(axis=0) + seen.max(axis=0))
        depth = geometry.bounds.mean(axis=1) @ self.towards
        self.centre = middle[0] * self.right + middle[1] * self.up + depth * self.towards
        self.per_pixel = max(self.width / pixels[0], 1.14 * self.height / pixels[1]) / camera.zoom

    def aim(self, renderer):
        """Set the renderer's camera to this view."""
        reach = 4.0 * max(self.width, self.height)
        # The organ sits above the middle: the foot is for the scale bar.
        focus = self.centre - 0.06 * self.pixels[1] * self.per_pixel * self.up
        camera = renderer.GetActiveCamera()
        camera.ParallelProjectionOn()
        camera.SetFocalPoint(*focus)
        camera.SetPosition(*(focus + reach * self.towards))
        camera.SetViewUp(*self.up)
        camera.SetParallelScale(0.5 * self.pixels[1] * self.per_pixel)
        renderer.ResetCameraClippingRange()


def organ_actors(run, view):
    """(actors of organ, cavities and niche; key rows of the niche)."""
    samples, geometry = run.samples, run.geometry
    tissue = np.isin(samples.region, geometry.tissue)
    hollow = [samples.region == cavity.id for cavity in geometry.cavities]
    body = tissue | np.any(hollow, axis=0) if hollow else tissue
    step = cell_size(run)
    actors = [glass_actor(lattice_surface(samples, body, 0.9 * step), SURFACE_COLOUR,
                          0.07, 0.75, view.towards)]
    for number, mask in enumerate(hollow):
        colour = CAVITY_COLOURS[number % len(CAVITY_COLOURS)]
        actors.append(actor_of(lattice_surface(samples, mask, 0.4 * step), colour))
    if not run.fields:
        return actors, []
    field = run.fields[-1]
    values = samples.values[field.name]
    level = niche_level(values[tissue]) if run.scale.level is None else run.scale.level
    if level is not None:
        lowest = values[tissue].min()
        surface = lattice_surface(samples, np.where(tissue, values, lowest), 0.8, level, lowest)
        actors.append(glass_actor(surface, NICHE_COLOUR, 0.28, 0.75, view.towards))
        if not surface.GetNumberOfPoints():
            level = None  # spots finer than the samples: nothing is shown, so nothing is in the key
    return actors, niche_rows(field, level, NICHE_COLOUR)


def agent_actors(run, view):
    """(actors of the agents; {tumour: enlargement}; note on the crowd's dots).

    Bodies are enlarged by one factor per group so that they can be seen.
    """
    actors, factors = [], {}
    crowd = [run.agents.of_kind(kind) for kind, style in run.look.items() if style.crowd]
    total = int(np.any(crowd, axis=0).sum()) if crowd else 0
    stride = -(-total // CROWD_SHOWN) if total else 1
    for tumour, pixels in ((True, 7.0), (False, 3.2)):
        radii = [run.agents.radius[run.agents.of_kind(kind)]
                 for kind, style in run.look.items()
                 if style.tumour == tumour and not style.crowd]
        radii = np.concatenate(radii + [np.zeros(0)])
        smallest = pixels * view.per_pixel * view.pixels[1] / 820
        typical = np.median(radii) if radii.size else 0.0
        factors[tumour] = max(1.0, smallest / typical) if typical > 0 else 1.0
    for kind, style in run.look.items():
        mask = run.agents.of_kind(kind)
        if not mask.any():
            continue
        if style.crowd:
            actor = actor_of(points_data(run.agents.position[mask][::stride], True), "#6F6F6F")
            actor.GetProperty().SetOpacity(0.4)
            actor.GetProperty().SetPointSize(1.3 * OVERSAMPLING * view.pixels[1] / 820)
            actor.GetProperty().LightingOff()
        else:
            radius = run.agents.radius[mask] * factors[style.tumour]
            actor = agents_actor(run.agents.position[mask], radius, style, view.up)
        actors.append(actor)
    note = "grey: faint dots" + (f", 1 of {stride} drawn" if stride > 1 else "")
    return actors, factors, note


def render(actors, view):
    """Picture (rows from the top, RGB in 0..1) of the actors."""
    renderer = vtkRenderer()
    renderer.SetBackground(1, 1, 1)
    renderer.SetUseDepthPeeling(True)
    renderer.SetMaximumNumberOfPeels(12)
    renderer.SetOcclusionRatio(0.0)
    for actor in actors:
        renderer.AddActor(actor)
    vtkLightKit().AddLightsToRenderer(renderer)
    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(0)
    window.SetAlphaBitPlanes(1)
    window.SetSize(*(OVERSAMPLING * n for n in view.pixels))
    window.AddRenderer(renderer)
    view.aim(renderer)
    window.Render()
    capture = vtkWindowToImageFilter()
    capture.SetInput(window)
    capture.ReadFrontBufferOff()
    capture.Update()
    image = capture.GetOutput()
    width, height, _ = image.GetDimensions()
    array = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, 3)
    blocks = array[::-1].reshape(height // OVERSAMPLING, OVERSAMPLING,
                                 width // OVERSAMPLING, OVERSAMPLING, 3)
    return blocks.mean(axis=(1, 3)) / 255.0


def draw_organ(size, run):
    """Figure of the organ; a map if the run is two-dimensional."""
    if run.legend.dimension == 2:
        return draw_flat_organ(size, run, NICHE_COLOUR)
    figure = panels.new_figure(size)
    pixels = (int(0.735 * size[0]), int(0.9 * size[1]))
    view = View(run.geometry, pixels, run.camera)
    actors, niche = organ_actors(run, view)
    bodies, factors, note = agent_actors(run, view)
    tubes = [vessel_actor(run.vessels)] if run.vessels else []
    axes = figure.add_axes([0, 0, pixels[0] / size[0], pixels[1] / size[1]])
    axes.imshow(render(actors + tubes + bodies, view), extent=(0, pixels[0], 0, pixels[1]),
                interpolation="nearest")
    axes.axis("off")
    panels.draw_title(figure, run.legend.title, f"The organ, {panels.time_text(run.day)}")
    panels.draw_scale_bar(axes, 0.04 * pixels[0], 0.075 * pixels[1], pixels[0],
                          run.legend.length_unit, 1.0 / view.per_pixel)
    arm = 0.07 * pixels[1]
    arrows = {"xyz"[axis]: (arm * view.right[axis], arm * view.up[axis]) for axis in range(3)}
    panels.draw_directions(axes, (pixels[0] - 2.2 * arm, 0.7 * arm), arrows)
    counts = {kind: int(run.agents.of_kind(kind).sum()) for kind in run.look}
    agents = panels.agent_rows(run.legend.kinds, run.look, counts, factors, "spheres", note)
    vessels = vessel_rows(run.vessels) if run.vessels else []
    panels.draw_key(figure, agents + region_rows(run, CAVITY_COLOURS) + niche + vessels)
    return figure
