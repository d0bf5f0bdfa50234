"""The parts of the page of a folder of replicates."""

from rendering import dataset

from . import page, sections
from .page import Cell
from .records import MINUTES_PER_DAY, read_rows


def read_summary(folder, name, record):
    """A table such as statistics_mean.csv; None where it cannot be read."""
    rows = read_rows(folder / name)
    if rows is None or not rows.cells:
        record.missing.append(f"{name} is not there: it is written when a replicate is done")
        return None
    units = record.legend.units_per_day if record.legend else MINUTES_PER_DAY
    try:
        return dataset.table_of(rows.names, rows.cells, units)
    except ValueError as error:
        record.missing.append(f"{name} is damaged: {error}")
    return None


def overview(folder, records):
    """How each of them ended."""
    rows = []
    for record in records:
        words, kind = sections.end_of(record.provenance)
        day = f"{record.table.day[-1]:.4g}" if record.table is not None else "?"
        wall = record.timing.get("wall_time", {}).get("maximum")
        rows.append((record.folder.name, Cell(record.provenance.get("seed", "?"), number=True),
                     Cell(words, mark={"failed": "bad", "stopped": "mark"}.get(kind)), Cell(day, number=True),
                     Cell(record.provenance.get("ranks", "?"), number=True),
                     Cell(f"{wall:.1f}" if wall is not None else "?", number=True), Cell(len(record.warnings), number=True)))
    head = ["replicate", Cell("seed", number=True), "ended", Cell("day", number=True), Cell("ranks", number=True),
            Cell("wall time [s]", number=True), Cell("warnings", number=True)]
    listed = read_rows(folder / "replicates.csv")
    note = "" if listed else page.paragraph("There is no replicates.csv yet: the replicates have not all come to an end.",
                                            "notice")
    return page.section("replicates", "Replicates", note, page.table(f"{len(records)} replicates", head, rows), page.paragraph(
        f"Curves are means over those that are done. Parameters, pictures, ledger and timing are those of {rows[0][0]}."))


def last_numbers(mean, lower, upper):
    """Means of the last output with their quantiles."""
    rows = []
    for name, (unit, values) in mean.columns.items():
        cells = [Cell(f"{one.columns[name][1][-1]:.6g}", number=True, column=f"{name} [{unit}]" if one is mean else None)
                 for one in (mean, lower, upper) if one is not None]
        rows.append((name, *cells, unit))
    head = ["quantity", Cell("mean", number=True)]
    head += [Cell(text, number=True) for text, one in (("5 %", lower), ("95 %", upper)) if one is not None] + ["unit"]
    return page.section("numbers", "Numbers at the end", page.folded(f"{len(rows)} numbers", page.table(
        "Last row of the summaries over replicates, six digits", head, rows)))


def of_replicates(folder, records, drawn):
    """All sections; what all replicates have in common is taken from the first record."""
    first = records[0]
    mean, lower, upper = (read_summary(folder, f"statistics_{name}.csv", first) for name in ("mean", "q05", "q95"))
    parts = [overview(folder, records), sections.overview(first), sections.all_parameters(first),
             sections.interventions(first), sections.warned(first), sections.pictures(first, drawn)]
    if mean is not None and first.legend is not None:
        bands = (lower, upper) if lower is not None and upper is not None else None
        parts += sections.charts_over_time(first.legend, mean, bands)
        parts.append(last_numbers(mean, lower, upper))
    if first.table is not None:
        parts.append(sections.ledger(first))
    return parts + [sections.timing(first)]
