"""The standard view of a run in ParaView: organ, vessels, a field as slice and iso-surface, agents by state.

    pvpython scripts/paraview_niche.py OUTPUT_DIR                       # opens a window
    pvpython --force-offscreen-rendering scripts/paraview_niche.py OUTPUT_DIR --screenshot view.png
    pvbatch scripts/paraview_niche.py OUTPUT_DIR --time 14 --field sdf1 --screenshot view.png

Needs ParaView 5.11 or later with Python (Debian: python3-paraview, which cannot be installed beside python3-vtk9) and,
on a machine without a display, `xvfb-run -a -s "-noreset -screen 0 1600x1200x24"` before the command.
"""
import argparse
import colorsys
import json
import os
import sys
from pathlib import Path
from xml.etree import ElementTree

FAILURE = 2
MINUTES_PER_DAY = 1440.0
STATES_AT_MOST = 64  # of one type, in the number that stands for type and state


def fail(text):
    """Leave with a message."""
    print(f"paraview_niche: {text}", file=sys.stderr)
    sys.exit(FAILURE)


def pixels(text):
    """Width and height in pixels."""
    width, _, height = text.partition("x")
    return [int(width), int(height)]


def arguments():
    """Parsed command line."""
    parser = argparse.ArgumentParser(description="Build the standard view of a run in ParaView.")
    parser.add_argument("folder", metavar="OUTPUT_DIR", type=Path, help="folder written by the solver")
    parser.add_argument("--time", metavar="DAY", type=float, help="show the output nearest to this day (default: the last)")
    parser.add_argument("--field", metavar="NAME", help="field of slice and iso-surface (default: the first)")
    parser.add_argument("--iso", metavar="VALUE", type=float,
                        help="value of the iso-surface, in the unit of the field (default: half of the greatest)")
    parser.add_argument("--magnify", metavar="FACTOR", type=float, default=1.0,
                        help="radius of the spheres over that of the agents (default: 1)")
    parser.add_argument("--screenshot", metavar="FILE.png", type=Path, help="write a picture instead of opening a window")
    parser.add_argument("--size", metavar="WxH", type=pixels, default=[1600, 900], help="of the view (default: 1600x900)")
    return parser.parse_args()


try:
    from paraview import servermanager, simple
except ImportError as error:
    fail(f"Python lacks ParaView ({error}); start this script with pvpython or pvbatch")


class Run:
    """What an output folder holds at one time, as sources of ParaView."""

    def __init__(self, folder, day):
        try:
            self.legend = json.loads((folder / "legend.json").read_text(encoding="utf-8"))
            entries = list(ElementTree.parse(folder / "nidus.pvd").iter("DataSet"))
        except OSError as error:
            fail(f"'{folder}' is no output folder of a run ({error.strerror}: '{error.filename}')")
        except (ElementTree.ParseError, json.JSONDecodeError) as error:
            fail(f"legend.json or nidus.pvd in '{folder}' is damaged ({error})")
        if not entries:
            fail(f"'{folder}' holds no output yet")
        times = sorted({float(entry.get("timestep")) for entry in entries})
        self.time = times[-1] if day is None else min(times, key=lambda t: abs(t - day * MINUTES_PER_DAY))
        self.names = {entry.get("name") for entry in entries if float(entry.get("timestep")) == self.time}
        self.reader = self.at_time(simple.PVDReader(registrationName="run", FileName=str(folder / "nidus.pvd")))
        if "fields" in self.names:
            self.fields = self.block("fields")
        elif (folder / "fields.xdmf").is_file():
            # Fields that were written as XDMF stand beside the collection.
            self.fields = self.at_time(simple.Xdmf3ReaderS(registrationName="fields", FileName=[str(folder / "fields.xdmf")]))
        else:
            fail(f"'{folder}' holds no fields at day {self.time / MINUTES_PER_DAY:g}")

    def at_time(self, source):
        """The source, brought to the time that is shown."""
        source.UpdatePipeline(self.time)
        return source

    def block(self, name):
        """One part of the collection; None if the run has none."""
        if name not in self.names:
            return None
        return self.at_time(simple.ExtractBlock(registrationName=name, Input=self.reader, Selectors=[f"/Root/{name}"]))

    def field(self, name):
        """Entry of the legend of the field to show."""
        fields = self.legend["fields"]
        if not fields:
            fail("the run has no field")
        for field in fields:
            if name in (None, field["name"]):
                return field
        return fail(f"the run has no field '{name}'; its fields are {', '.join(field['name'] for field in fields)}")

    def tissue(self):
        """The mesh cells of regions with tissue."""
        parts = []
        for region in self.legend["regions"]:
            if region["tissue"]:
                parts.append(simple.Threshold(registrationName=region["name"], Input=self.fields,
                                              Scalars=["CELLS", "region"], LowerThreshold=region["id"],
                                              UpperThreshold=region["id"]))
        whole = parts[0] if len(parts) == 1 else simple.GroupDatasets(registrationName="tissue", Input=parts)
        return self.at_time(whole)


def paint(shown, colour):
    """One colour, not that of an array."""
    shown.ColorArrayName = ["POINTS", ""]
    shown.DiffuseColor = shown.AmbientColor = colour


def show_organ(run, tissue, view):
    """The surface of the tissue, as a veil."""
    surface = run.at_time(simple.ExtractSurface(registrationName="organ", Input=tissue))
    shown = simple.Show(surface, view)
    paint(shown, [0.55, 0.6, 0.65])
    shown.Opacity = 0.12 if run.legend["dimension"] == 3 else 0.3
    return surface


def show_field(run, tissue, field, iso, view):
    """A slice and an iso-surface, with the scale of colours."""
    name = field["name"]
    information = tissue.PointData[name]
    if information is None:
        fail(f"the output holds no array '{name}'")
    least, greatest = information.GetRange(0)
    bounds = tissue.GetDataInformation().GetBounds()
    lengths = [bounds[2 * axis + 1] - bounds[2 * axis] for axis in range(3)]
    cut = tissue
    if run.legend["dimension"] == 3:
        # Across the shortest side, so that the slice is the largest one.
        normal = [1.0 if axis == lengths.index(min(lengths)) else 0.0 for axis in range(3)]
        cut = simple.Slice(registrationName=f"slice of {name}", Input=tissue)
        cut.SliceType = "Plane"
        cut.SliceType.Origin = [(bounds[2 * axis] + bounds[2 * axis + 1]) / 2 for axis in range(3)]
        cut.SliceType.Normal = normal
        run.at_time(cut)
    shown = simple.Show(cut, view)
    simple.ColorBy(shown, ("POINTS", name))
    value = 0.5 * (least + greatest) if iso is None else iso
    if least < value < greatest:
        surface = simple.Contour(registrationName=f"{name} = {value:.3g} {field['unit']}", Input=tissue,
                                 ContourBy=["POINTS", name], Isosurfaces=[value])
        veil = simple.Show(run.at_time(surface), view)
        simple.ColorBy(veil, ("POINTS", name))
        veil.Opacity = 0.35
    # After both, as each thing that is coloured stretches the scale to itself.
    colours = simple.GetColorTransferFunction(name)
    colours.AutomaticRescaleRangeMode = "Never"
    colours.ApplyPreset("Viridis (matplotlib)", True)
    colours.RescaleTransferFunction(least, greatest if greatest > least else least + 1.0)
    scale = simple.GetScalarBar(colours, view)
    scale.Title, scale.ComponentTitle = f"{field['label']} [{field['unit']}]", ""
    scale.WindowLocation = "Lower Right Corner"
    dress(scale)
    shown.SetScalarBarVisibility(view, True)
    unit = "" if field["unit"] == "1" else " " + field["unit"]
    return f"{'iso-surface' if least < value < greatest else 'no iso-surface'} at {value:.3g}{unit}"


def show_vessels(run, view):
    """Tubes as wide as the vessels."""
    vessels = run.block("vessels")
    if vessels is None:
        return
    at_points = simple.CellDatatoPointData(registrationName="radius at points", Input=vessels)
    tubes = run.at_time(simple.Tube(registrationName="tubes", Input=at_points, Scalars=["POINTS", "radius"],
                                    VaryRadius="By Absolute Scalar"))
    shown = simple.Show(tubes, view)
    paint(shown, [0.75, 0.15, 0.15])


def present_kinds(agents):
    """Numbers of type and state that occur among the agents."""
    data = servermanager.Fetch(agents)
    blocks = [data]
    if data.IsA("vtkCompositeDataSet"):
        walk = data.NewIterator()
        blocks = []
        while not walk.IsDoneWithTraversal():
            blocks.append(walk.GetCurrentDataObject())
            walk.GoToNextItem()
    kinds = set()
    for block in blocks:
        kind = block.GetPointData().GetArray("kind")
        kinds.update(int(kind.GetValue(i)) for i in range(block.GetNumberOfPoints()))
    return kinds


def show_agents(run, magnify, view):
    """Spheres of the size of the agents, in a colour for each type and state, with a legend."""
    agents = run.block("agents")
    if agents is None or agents.GetDataInformation().GetNumberOfPoints() == 0:
        return
    kinds = run.at_time(simple.Calculator(registrationName="kinds", Input=agents, ResultArrayName="kind",
                                          Function=f"type * {STATES_AT_MOST} + state"))
    spheres = simple.Glyph(registrationName="agents by state", Input=kinds, GlyphType="Sphere",
                           ScaleArray=["POINTS", "radius"], ScaleFactor=2.0 * magnify, GlyphMode="All Points",
                           OrientationArray=["POINTS", "No orientation array"])
    spheres.GlyphType.ThetaResolution = spheres.GlyphType.PhiResolution = 10
    run.at_time(spheres)
    shown = simple.Show(spheres, view)
    simple.ColorBy(shown, ("POINTS", "kind"))
    present = present_kinds(kinds)
    annotations, colours = [], []
    for place, kind in enumerate(run.legend["agent_types"]):
        for number, state in enumerate(kind["states"]):
            if kind["id"] * STATES_AT_MOST + state["id"] in present:
                annotations += [str(kind["id"] * STATES_AT_MOST + state["id"]), f"{kind['label']}: {state['name']}"]
                # A hue for each type, from dark to light over its states.
                hue = place / len(run.legend["agent_types"])
                light = 0.3 + 0.45 * (number + 0.5) / len(kind["states"])
                colours += colorsys.hls_to_rgb(hue, light, 0.8)
    table = simple.GetColorTransferFunction("kind")
    table.InterpretValuesAsCategories = 1
    table.Annotations, table.IndexedColors = annotations, colours
    legend = simple.GetScalarBar(table, view)
    legend.Title, legend.ComponentTitle = "agents", ""
    legend.WindowLocation = "Upper Right Corner"
    dress(legend)
    shown.SetScalarBarVisibility(view, True)


def dress(scale):
    """Letters of a scale or legend that can be read on the light ground."""
    scale.TitleColor = scale.LabelColor = [0.1, 0.1, 0.1]
    scale.TitleFontSize = scale.LabelFontSize = 14


def show_title(text, view):
    """What is shown and when."""
    shown = simple.Show(simple.Text(registrationName="title", Text=text), view)
    shown.Color, shown.FontSize = [0.1, 0.1, 0.1], 16
    shown.WindowLocation = "Upper Left Corner"


def look(run, view):
    """The whole organ from above at a slant; flat ones from above."""
    view.CameraViewUp = [0.0, 0.0, 1.0] if run.legend["dimension"] == 3 else [0.0, 1.0, 0.0]
    view.CameraFocalPoint = [0.0, 0.0, 0.0]
    view.CameraPosition = [-1.0, -1.6, 1.1] if run.legend["dimension"] == 3 else [0.0, 0.0, 1.0]
    simple.ResetCamera(view)


def main():
    """Build the view; write it or open it."""
    options = arguments()
    run = Run(options.folder, options.time)
    field = run.field(options.field)
    view = simple.CreateRenderView(ViewSize=options.size)
    view.UseColorPaletteForBackground = 0
    view.Background = [0.97, 0.97, 0.97]
    view.ViewTime = run.time
    tissue = run.tissue()
    show_organ(run, tissue, view)
    note = show_field(run, tissue, field, options.iso, view)
    show_vessels(run, view)
    show_agents(run, options.magnify, view)
    show_title(f"{run.legend['title']}\nday {run.time / MINUTES_PER_DAY:g}; {field['label']}, {note}", view)
    look(run, view)
    if options.screenshot is None:
        simple.Render(view)
        simple.Interact(view)
        return
    # Whoever waits for the picture sees all of it.
    aside = options.screenshot.with_name(f".{options.screenshot.name}.aside.png")
    simple.SaveScreenshot(str(aside), view, ImageResolution=options.size)
    os.replace(aside, options.screenshot)
    print(options.screenshot)


main()
