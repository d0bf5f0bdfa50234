"""Flat pictures (cut, population curves) and what all pictures share.

Shared: colours and shapes of the agents, the key beside a picture, the scale
bar. Lengths are in the run's length unit, times in days.
"""

import re
import textwrap
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from .dataset import nice_number, with_unit

matplotlib.use("Agg")
matplotlib.rcParams.update({
    "font.size": 12, "axes.titlesize": 14, "figure.facecolor": "white",
    "axes.spines.top": False, "axes.spines.right": False, "mathtext.default": "regular",
})

# Okabe and Ito's colours, distinguishable with every common colour blindness,
# completed by muted ones of Paul Tol for runs with many states.
TUMOUR_COLOURS = ("#E69F00", "#F0E442", "#CC79A7", "#000000", "#D55E00",
                  "#882255", "#FFAABB", "#AA4499")
HOST_COLOURS = ("#0072B2", "#56B4E9", "#009E73", "#332288", "#44AA99", "#117733",
                "#88CCEE", "#6699CC")
CROWD_COLOURS = ("#8C8C8C", "#A8957F", "#8496AC")
MARKERS = ("o", "D", "s", "^")  # organ.py has a body for each
DASHES = ("-", (0, (5, 2)), (0, (1, 1.3)), "-.")
TISSUE_COLOUR = "#EFEFEF"
CAVITY_COLOURS = ("#B9BDC4", "#D2C9BD", "#9FA8A3")
FIELD_MAPS = ("viridis", "magma")
CROWD_STATES = ("resting", "quiescent")
CROWD_COUNT = 3000  # a more numerous host kind would hide everything else
KEY_LEFT, KEY_WIDTH = 0.755, 0.235  # of the figure's width
GREY = "#555555"


@dataclass(frozen=True)
class Style:
    """How one kind of agents is drawn; `shape` is an index of MARKERS."""

    colour: str
    shape: int
    tumour: bool
    crowd: bool

    @property
    def marker(self):
        """Matplotlib's marker of the shape."""
        return MARKERS[self.shape % len(MARKERS)]

    @property
    def dash(self):
        """Line style of the shape."""
        return DASHES[self.shape % len(DASHES)]


def styles(kinds, agents):
    """{kind: Style}. Tumour: colour by state, shape by type; host: colour by kind."""
    found, colours, shapes = {}, {}, {}
    for kind in kinds:
        tumour = kind.group == "tumour"
        crowd = not tumour and (
            kind.state in CROWD_STATES or agents.of_kind(kind).sum() > CROWD_COUNT
        )
        family = TUMOUR_COLOURS if tumour else CROWD_COLOURS if crowd else HOST_COLOURS
        members = colours.setdefault(family, [])
        identity = kind.state if tumour else kind
        if identity not in members:
            members.append(identity)
        types = shapes.setdefault(tumour, [])
        if kind.type_id not in types:
            types.append(kind.type_id)
        found[kind] = Style(
            colour=family[members.index(identity) % len(family)],
            shape=types.index(kind.type_id) if tumour else 0,
            tumour=tumour,
            crowd=crowd,
        )
    return found


def new_figure(size):
    """Figure of `size` pixels, at least 16 x 9 inches for the same layout."""
    dpi = min(size[0] / 16.0, size[1] / 9.0)
    return Figure(figsize=(size[0] / dpi, size[1] / dpi), dpi=dpi)


def time_text(day):
    """'day 14.0', or hours before the end of the first day."""
    return f"{day * 24:.1f} h" if 0 < day < 1 else f"day {day:.1f}"


def length_text(length, unit):
    """Length with its unit; micrometres become millimetres from 1000 on."""
    if unit == "um" and length >= 1000:
        return f"{length / 1000:g} mm"
    return f"{length:g} {'µm' if unit == 'um' else unit}"


def factor_text(factor):
    """'×12', or 'to scale' for an enlargement of one."""
    return f"enlarged ×{factor:.2g}" if factor > 1.05 else "to scale"


def draw_title(figure, title, subtitle):
    """Title of a picture with a smaller second line."""
    size = min(18, 18 * 90 / max(len(title), 1))
    figure.text(0.02, 0.975, title, fontsize=size, weight="bold", va="top")
    figure.text(0.02, 0.93, subtitle, fontsize=13, va="top", color=GREY)


def agent_rows(kinds, look, counts, factors, bodies, crowd_note):
    """Key rows of the agents with counts, one block for tumour and one for host.

    `factors` = {tumour: enlargement} of the drawn `bodies` ("discs", "spheres").
    """
    rows = []
    for tumour, heading in ((True, "Tumour cells"), (False, "Host cells")):
        present = [k for k in kinds if look[k].tumour == tumour and counts[k]]
        rows.append(("head", heading, None))
        if not present:
            rows.append(("note", "none", None))
            continue
        notes = [crowd_note] if any(look[kind].crowd for kind in present) else []
        if not all(look[kind].crowd for kind in present):
            notes.insert(0, f"{bodies} {factor_text(factors[tumour])}")
        rows.append(("note", "; ".join(notes), None))
        for type_id in dict.fromkeys(kind.type_id for kind in present):
            members = [kind for kind in present if kind.type_id == type_id]
            rows.append(("type", members[0].type_label, None))
            rows += [("agent", f"{k.state or 'all'}  ({counts[k]:,})", look[k])
                     for k in members]
    return rows


def draw_key(figure, rows, bottom=0.03, top=0.88):
    """Key at the right; rows are (head|type|agent|patch|line|note, text, style).

    The rows shrink together when there are too many of them for the height.
    """
    axes = figure.add_axes([KEY_LEFT, bottom, KEY_WIDTH, top - bottom])
    axes.axis("off")
    axes.set_xlim(0, 1)
    wrapped = [(kind, textwrap.wrap(text, 44 if kind == "note" else 38), style)
               for kind, text, style in rows]
    extra = {"head": 0.75, "type": 0.25}
    heights = [len(text) * (0.85 if kind == "note" else 1.0) + extra.get(kind, 0.05)
               for kind, text, _ in wrapped]
    points = figure.get_figheight() * 72 * (top - bottom)
    line = min(18.5, points / (sum(heights) + 0.5))
    axes.set_ylim(points / line, 0)
    y = -extra["head"]
    for (kind, text, style), height in zip(wrapped, heights):
        y += extra.get(kind, 0.05)
        draw_key_row(axes, y, kind, "\n".join(text), style, line / 18.5)
        y += height - extra.get(kind, 0.05)


def draw_key_row(axes, y, kind, text, style, scale):
    """One row of the key whose first line is centred half a line below `y`."""
    indent = {"head": 0.0, "type": 0.0, "note": 0.0}.get(kind, 0.105)
    size = {"head": 13.5, "note": 10.5}.get(kind, 12) * scale
    axes.text(
        indent, y + 0.02, text, fontsize=size, va="top", linespacing=1.2,
        weight="bold" if kind == "head" else "normal",
        style="italic" if kind == "type" else "normal",
        color=GREY if kind == "note" else "black",
    )
    middle = y + 0.36
    if kind == "agent":
        width = (4 if style.crowd else 9) * scale
        axes.plot([0.05], [middle], style.marker, color=style.colour, markersize=width,
                  markeredgecolor="none" if style.crowd else "#333333", markeredgewidth=0.6)
    elif kind == "patch":
        axes.add_patch(matplotlib.patches.Rectangle(
            (0.015, middle - 0.3), 0.07, 0.6, facecolor=style, edgecolor=GREY, linewidth=0.8))
    elif kind == "line":
        axes.plot([0.015, 0.085], [middle, middle], color=style, linewidth=1.8)


def draw_scale_bar(axes, left, bottom, width, unit, per_unit=1.0):
    """Bar of a round length at most a quarter of `width`, all in data units.

    `per_unit`: data units of the axes per length unit of the run.
    """
    length = nice_number(0.25 * width / per_unit)
    axes.plot([left, left + length * per_unit], [bottom, bottom], color="black",
              linewidth=4, solid_capstyle="butt", clip_on=False)
    axes.annotate(length_text(length, unit), (left + 0.5 * length * per_unit, bottom),
                  (0, -6), textcoords="offset points", ha="center", va="top", fontsize=12,
                  annotation_clip=False)


def draw_directions(axes, origin, arrows):
    """Named direction arrows; `arrows` = {name: (dx, dy)}, all in data units."""
    for name, (dx, dy) in arrows.items():
        axes.annotate("", (origin[0] + dx, origin[1] + dy), origin, annotation_clip=False,
                      arrowprops={"arrowstyle": "-|>", "color": GREY, "shrinkA": 0,
                                  "shrinkB": 0, "linewidth": 1.4})
        axes.text(origin[0] + 1.28 * dx, origin[1] + 1.28 * dy, name, color=GREY,
                  ha="center", va="center", fontsize=12)


def draw_regions(axes, region, extent, geometry):
    """Tissue, cavities in greys and the outline of the tissue."""
    image = np.ones(region.shape + (3,))
    image[np.isin(region, geometry.tissue)] = matplotlib.colors.to_rgb(TISSUE_COLOUR)
    for number, cavity in enumerate(geometry.cavities):
        colour = CAVITY_COLOURS[number % len(CAVITY_COLOURS)]
        image[region == cavity.id] = matplotlib.colors.to_rgb(colour)
    axes.imshow(image, extent=extent, origin="lower", interpolation="nearest")
    draw_outline(axes, region, extent, geometry)
    axes.set_aspect("equal")
    axes.axis("off")


def draw_outline(axes, region, extent, geometry):
    """Line between tissue and everything else."""
    tissue = np.isin(region, geometry.tissue).astype(float)
    if 0 < tissue.mean() < 1:
        axes.contour(tissue, [0.5], extent=extent, origin="lower", colors="#222222",
                     linewidths=1.1, zorder=3)


def draw_agents(axes, figure, agents, visible, plane, look):
    """Discs of the visible agents; returns {tumour: enlargement factor}.

    Discs are enlarged by one factor per group so that they can be seen.
    """
    low, high = axes.transData.transform([(0, 0), (1, 0)])[:, 0]
    points_per_length = (high - low) * 72 / figure.dpi
    smallest = {True: 6.8, False: 4.2}
    factors = {}
    for tumour in (False, True):
        radii = [agents.radius[visible & agents.of_kind(k)] for k, s in look.items()
                 if s.tumour == tumour and not s.crowd]
        radii = np.concatenate(radii + [np.zeros(0)])
        true = 2 * np.median(radii) * points_per_length if len(radii) else 0
        factors[tumour] = max(1.0, smallest[tumour] / true) if true > 0 else 1.0
    for order, (kind, style) in enumerate(
            sorted(look.items(), key=lambda item: (item[1].tumour, not item[1].crowd))):
        mask = visible & agents.of_kind(kind)
        diameter = 2 * agents.radius[mask] * points_per_length * factors[style.tumour]
        if style.crowd:
            # Dots, however large the cells are: they must not hide the field.
            diameter = np.clip(2 * agents.radius[mask] * points_per_length, 1.8, 2.6)
        axes.scatter(
            agents.position[mask, plane.across], agents.position[mask, plane.up],
            s=diameter ** 2, marker=style.marker, c=style.colour, zorder=4 + order,
            edgecolors="none" if style.crowd else "white",
            linewidths=0.0 if style.crowd else 0.6, alpha=0.6 if style.crowd else 1.0)
    return factors


def draw_populations(size, legend, table, look, drawn_day):
    """Figure of the population curves and of the mean fields, over time.

    `drawn_day`: time of the other pictures, marked unless it is the last one.
    """
    panels = [("number of cells", *cell_curves(legend, table, look, tumour))
              for tumour in (False, True)]
    panels += field_curves(legend, table)
    last = table.day.max()
    scale, unit = (24.0, "h") if 0 < last < 2 else (1.0, "days")
    figure = new_figure(size)
    marked = drawn_day < last - 1e-6
    draw_title(figure, legend.title, "Cell numbers and mean values over time" + (
        f" (dotted: {time_text(drawn_day)}, shown in the other pictures)" if marked else ""))
    weights = [max(4.5, 2.2 + title.count("\n") + sum(1 + c[0].count("\n") for c in curves))
               for _, title, curves in panels]
    grid = figure.add_gridspec(len(panels), 1, height_ratios=weights, hspace=0.16,
                               left=0.085, right=0.715, top=0.885, bottom=0.075)
    first = None
    for number, (label, title, curves) in enumerate(panels):
        first = axes = figure.add_subplot(grid[number], sharex=first)
        axes.tick_params(labelbottom=number == len(panels) - 1)
        draw_curves(axes, table.day * scale, label, title, curves)
        if marked:
            axes.axvline(drawn_day * scale, color=GREY, linewidth=1, linestyle=":")
    axes.set_xlabel(f"time [{unit}]")
    figure.align_ylabels()
    return figure


def wrapped(label):
    """Label in lines which fit beside the curves."""
    return "\n".join(textwrap.wrap(label, 38))


def cell_curves(legend, table, look, tumour):
    """(heading, [(label, values, colour, dash)]) of the kinds which ever exist."""
    curves, absent = [], []
    for kind in (k for k in legend.kinds if look[k].tumour == tumour):
        values = table.columns.get(kind.column, ("1", np.zeros(1)))[1]
        if values.any():
            curves.append((wrapped(kind.label), values, look[kind].colour, look[kind].dash))
        else:
            absent.append(kind.label)
    heading = "Tumour cells" if tumour else "Host cells"
    if not curves:
        heading += ": none at any time"
    elif absent:
        heading += f"\n({len(absent)} states always empty)"
    return heading, curves


def field_curves(legend, table):
    """Panels of the mean fields (solid) and the blood's content (dashed), by unit.

    At most the two units with the most curves get a panel.
    """
    by_unit, order = {}, [field.name for field in legend.fields]
    label = {field.name: field.label for field in legend.fields}
    for name, (unit, values) in table.columns.items():
        bare = name.removeprefix("blood ").removesuffix(" mean")
        entry = re.sub(r"[^A-Za-z0-9_<>()]", "_", bare)  # as the fields' arrays are named
        if name.startswith("blood ") and not name.endswith(" taken by the organ"):
            dash, text = DASHES[1], f"{label.get(entry, bare)}, blood"
        elif name.endswith(" mean") and entry in label:
            dash, text = "-", f"{label[entry]}, tissue mean"
        else:
            continue
        if entry not in order:
            order.append(entry)
        colour = (HOST_COLOURS + TUMOUR_COLOURS)[order.index(entry) % 16]
        by_unit.setdefault(unit, []).append((wrapped(text), values, colour, dash))
    largest = sorted(by_unit.items(), key=lambda item: -len(item[1]))[:2]
    return [("value" if unit in ("", "1") else f"value [{unit}]",
             with_unit("Fields", unit), curves) for unit, curves in largest]


def draw_curves(axes, time, label, title, curves):
    """One panel; the vertical axis is logarithmic where the values span decades."""
    marker = "o" if len(time) <= 12 else None
    handles = []
    for text, values, colour, dash in curves:
        handles += axes.plot(time, values, color=colour, linestyle=dash, marker=marker,
                             markersize=3.5, linewidth=2, label=text)
    positive = np.concatenate([v[v > 0] for _, v, _, _ in curves] + [np.zeros(0)])
    wide = positive.size and positive.max() > 50 * positive.min()
    if label == "number of cells":
        if wide:
            axes.set_yscale("symlog", linthresh=1, linscale=0.4)
        axes.set_ylim(bottom=-0.15 if wide else 0)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    elif wide:
        axes.set_yscale("log")
    if not curves:
        axes.set_yticks([0])
    if len(time) == 1:
        axes.set_xlim(time[0] - 0.5, time[0] + 0.5)
        axes.set_xticks(time)
    axes.set_ylabel(label)
    axes.grid(color="#DDDDDD", linewidth=0.7)
    box = axes.legend(handles=handles, title=title or None, loc="upper left",
                      bbox_to_anchor=(1.01, 1.06), frameon=False, fontsize=11,
                      title_fontsize=12, alignment="left", labelspacing=0.3,
                      handlelength=2.4)
    box.get_title().set_weight("bold")
