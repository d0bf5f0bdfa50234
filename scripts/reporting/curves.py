"""Curves of a report over time, as SVG: populations, fields, blood, ledger; with bands where there are replicates."""

import io
import re
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from rendering import panels
from rendering.dataset import Agents, with_unit

COLOURS = panels.HOST_COLOURS + panels.TUMOUR_COLOURS
SIZE = (6.2, 3.8)  # inches without the key: large letters also on a phone
KEY_ROW = 0.23  # height of a row of the key, inches
MOST_CURVES = 12


@dataclass
class Curve:
    """Values over the days of a chart; `band`: (lower, upper) values; `style`: one of `panels`."""

    label: str
    values: np.ndarray
    band: tuple = None
    style: panels.Style = None


@dataclass
class Chart:
    """One figure; `counts`: its values are numbers of things."""

    title: str
    axis: str
    curves: list
    note: str = ""
    counts: bool = False

    @property
    def alt(self):
        """What the figure shows, in words."""
        ends = [f"{curve.label} {curve.values[-1]:.3g}" for curve in self.curves if np.isfinite(curve.values[-1])]
        return f"{self.title} over time, {self.axis}. At the end: {'; '.join(ends) or 'no number'}."


def columns_of(table, bands):
    """{column: Curve}; `bands`: (table of lower, table of upper values), or None."""
    found = {}
    for name, (_, values) in table.columns.items():
        band = None
        if bands and all(name in one.columns for one in bands):
            band = tuple(one.columns[name][1][:len(values)] for one in bands)
        found[name] = Curve(name, values, band)
    return found


def populations(legend, curves):
    """Charts of tumour and host cells by state, coloured as in the pictures; states that are always empty are left out."""
    look = panels.styles(legend.kinds, Agents(np.zeros((0, 3)), *3 * (np.zeros(0),)))
    for group, title in (("tumour", "Tumour cells"), ("host", "Host cells")):
        chosen = []
        for kind in legend.kinds:
            curve = curves.get(kind.column)
            if (kind.group == "tumour") == (group == "tumour") and curve is not None and curve.values.any():
                chosen.append(Curve(kind.label, curve.values, curve.band, look[kind]))
        if chosen:
            yield Chart(title, "number of cells", chosen[:MOST_CURVES], left_out(chosen), True)


def left_out(chosen):
    """A note where a chart has too many curves."""
    return f"{len(chosen) - MOST_CURVES} more states are in statistics.csv." if len(chosen) > MOST_CURVES else ""


def fields(legend, table, curves):
    """One chart for each field: mean in the tissue, and the range over it unless there is a band of replicates."""
    for field in legend.fields:
        names = {re.sub(r"[^A-Za-z0-9_<>()]", "_", name.removesuffix(" mean")): name
                 for name in table.columns if name.endswith(" mean")}
        name = names.get(field.name)
        if name is None:
            continue
        bare = name.removesuffix(" mean")
        mean = curves[name]
        parts = [curves[f"{bare} {part}"].values for part in ("minimum", "maximum") if f"{bare} {part}" in curves]
        over_tissue = mean.band is None and len(parts) == 2
        band = tuple(parts) if over_tissue else mean.band
        yield Chart(field.label, with_unit("value", field.unit), [Curve("mean over the tissue", mean.values, band)],
                    "Shaded: least to greatest value in the tissue." if over_tissue else "")


def blood(table, curves):
    """Levels of factors and of circulating cells, by unit."""
    by_unit = {}
    for name, (unit, values) in table.columns.items():
        if name.endswith((" taken by the organ", " arrested")) or not values.any():
            continue
        if name.startswith(("blood ", "circulating ", "primary tumour")):
            label = name.removeprefix("blood ").removeprefix("circulating ")
            by_unit.setdefault(unit, []).append(Curve(label, curves[name].values, curves[name].band))
    for unit, chosen in by_unit.items():
        title = {"nM": "Factors in the blood", "cells": "Primary tumour"}.get(unit, "Circulating cells")
        yield Chart(title, with_unit("value", unit), chosen[:MOST_CURVES])


def ledger(curves):
    """The relative residual of each field's account."""
    chosen = [Curve(name.removesuffix(" ledger residual"), curve.values) for name, curve in curves.items()
              if name.endswith(" ledger residual") and curve.values.any()]
    if chosen:
        yield Chart("Residual of the ledger", "residual / amount moved", chosen[:MOST_CURVES])


def draw(chart, days):
    """The chart as SVG text; `days`: times of its values."""
    scale, unit = (24.0, "h") if 0 < days.max() < 2 else (1.0, "days")
    wide = max(len(curve.label) for curve in chart.curves) > 28
    rows = len(chart.curves) if wide else -(-len(chart.curves) // 2)
    rows = rows if len(chart.curves) > 1 else 0
    height = SIZE[1] + KEY_ROW * rows
    figure = Figure(figsize=(SIZE[0], height))
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.15, right=0.97, top=1 - 0.25 / height, bottom=(0.65 + KEY_ROW * rows) / height)
    marker = "o" if len(days) <= 15 else None
    logarithmic = choose_scale(axes, chart)
    for number, curve in enumerate(chart.curves):
        colour = curve.style.colour if curve.style else COLOURS[number % len(COLOURS)]
        dash = curve.style.dash if curve.style else panels.DASHES[number // 8 % len(panels.DASHES)]
        values = np.where(curve.values > 0, curve.values, np.nan) if logarithmic else curve.values
        axes.plot(days * scale, values, color=colour, linestyle=dash, marker=marker, markersize=3.5, linewidth=2,
                  label=curve.label)
        if curve.band is not None:
            axes.fill_between(days * scale, *curve.band, color=colour, alpha=0.18, linewidth=0)
    if chart.counts:
        axes.set_ylim(bottom=0 if axes.get_yscale() == "linear" else -0.15)
    axes.set_xlabel(f"time [{unit}]")
    axes.set_ylabel(chart.axis)
    axes.grid(color="#DDDDDD", linewidth=0.7)
    if rows:
        figure.legend(loc="lower center", ncols=1 if wide else 2, frameon=False, fontsize=11, labelspacing=0.3,
                      borderaxespad=0.1)
    text = io.StringIO()
    with panels.matplotlib.rc_context({"svg.hashsalt": "nidus"}):
        figure.savefig(text, format="svg", metadata={"Date": None, "Title": chart.title})
    return text.getvalue()


def choose_scale(axes, chart):
    """Scale of the vertical axis; returns whether it is logarithmic, because the values span decades."""
    values = np.concatenate([curve.values for curve in chart.curves])
    values = values[np.isfinite(values)]
    positive = values[values > 0]
    wide = positive.size and positive.max() > 50 * positive.min()
    if chart.counts:
        if wide:
            axes.set_yscale("symlog", linthresh=1, linscale=0.4)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    elif wide and (values >= 0).all():
        axes.set_yscale("log")
        return True
    return False
