"""The parts of the page of one run, each from its record."""

import re

import numpy as np

from rendering.progress import duration_text

from . import curves, page, parameters
from .page import Cell

WORST_RESIDUAL = 1e-6  # of a ledger, relative: more is worth a mark
MOST_COLONIES = 40
ENDS = {"done": ("done", "done"), "stopped early": ("stopped early, with a checkpoint", "stopped"),
        "failed": ("failed", "failed")}
RUNNING = ("still running, or ended without a word (killed, or the machine went down)", "failed")


def end_of(provenance):
    """(how the run ended, class of its badge)."""
    if not provenance:
        return "unknown, as there is no provenance.json", "failed"
    return ENDS.get(provenance.get("end_state"), RUNNING)


def day_text(record):
    """'day 6 of 6', as far as that is known."""
    reached = f"{record.table.day[-1]:.4g}" if record.table is not None else "?"
    end = {entry.path: entry.value for entry in parameters.entries(record.parameters)}.get(("Run", "End time"))
    return f"day {reached} of {float(end) / 1440.0:.4g}" if end else f"day {reached}"


def subtitle(record):
    """What stands below the title."""
    words, kind = end_of(record.provenance)
    return (f'<p><span class="badge {kind}">{page.text(words)}</span> '
            f'<span class="soft">{page.text(day_text(record))}, {page.text(record.folder.resolve().name)}</span></p>')


def overview(record):
    """What was run: program, seed, times, command."""
    p = record.provenance
    program = p.get("program", {})
    rows = [("Title", p.get("title")), ("Ended", end_of(p)[0]), ("Reached", day_text(record)),
            ("Started", p.get("start_time")), ("Ended at", p.get("end_time")),
            ("Program", f"{program.get('name', 'nidus')} {program.get('version', '')}, revision "
                        f"{program.get('revision', 'unknown')} ({program.get('build_type', '')})"),
            ("Libraries", ", ".join(f"{name} {version}" for name, version in p.get("libraries", {}).items())),
            ("Ranks", p.get("ranks")), ("Dimension", p.get("dimension")), ("Random seed", p.get("seed")),
            ("Parameter file", p.get("parameter_file")), ("Command", " ".join(p.get("command_line", [])))]
    parts = p.get("earlier_parts", [])
    if parts:
        rows.append(("Earlier parts", f"{len(parts)}; this run was resumed: " + "; ".join(
            f"{part.get('start_time')} on {part.get('ranks')} rank(s), {part.get('end_state')}" for part in parts)))
    changed = p.get("changed_parameters", [])
    return page.section("run", "What was run", page.table(
        "The run", ["", "value"], [(name, Cell(value, mark="value")) for name, value in rows if value not in (None, "")]),
        page.items(f"changed when it was resumed: {change}" for change in changed) if changed else "")


def warned(record):
    """What the run warned of, what is in dispute, and what the page lacks."""
    contents = []
    known = list(parameters.entries(record.parameters))
    disputes = parameters.disputes(record, known)
    if disputes:
        contents.append("<h3>Evidence that is contested or retracted</h3>" + page.items(
            (f"{where}: {what}" for where, what in disputes), "notice"))
    else:
        contents.append(page.paragraph("No file or entry of this run is marked as resting on contested evidence."))
    if record.warnings:
        contents.append("<h3>Warnings of the run</h3>" + page.items(
            (text + (f" ({times} times)" if times > 1 else "") for text, times in record.warnings), "notice"))
    else:
        contents.append(page.paragraph("The run has no warning in its log."))
    if record.missing:
        contents.append("<h3>What this page lacks</h3>" + page.items(record.missing, "notice"))
    return page.section("warnings", "Warnings", *contents)


def parameter_table(caption, chosen, disputed):
    """Entries with their defaults."""
    head = ["entry", "value", "default", "unit", "source of the default", "confidence"]
    return page.table(caption, head, [
        (Cell("/".join(entry.path), mark="mark" if entry.tags & disputed else None), Cell(entry.value, mark="value"),
         Cell(entry.default or "(none)", mark="value"), entry.unit, entry.source, entry.confidence) for entry in chosen])


def all_parameters(record):
    """Those that differ from the defaults first, by section; then all."""
    known = list(parameters.entries(record.parameters))
    if not known:
        return page.section("parameters", "Parameters", page.paragraph("There is no parameters.json.", "notice"))
    differ = [entry for entry in known if entry.differs]
    disputed = set(parameters.disputed_sources())
    contents = [page.paragraph(f"{len(differ)} of {len(known)} entries differ from the defaults of the program. Elements of "
                               "named lists (fields, agents, ...) differ by being there. Confidence H, M, L: high, medium, "
                               "low; marked: a source is contested or retracted.")]
    for head in dict.fromkeys(entry.path[0] for entry in differ):
        chosen = [entry for entry in differ if entry.path[0] == head]
        table = parameter_table(f"{head}: other than the default", chosen, disputed)
        contents.append(table if len(chosen) <= 8 else page.folded(f"{head}: {len(chosen)} other than the default", table))
    contents.append(page.folded(f"All {len(known)} entries", parameter_table("All entries", known, disputed)))
    return page.section("parameters", "Parameters", *contents)


def interventions(record):
    """Treatments as the run has recorded them."""
    listed = record.provenance.get("interventions", [])
    if not listed:
        return page.section("interventions", "Interventions", page.paragraph("None."))
    rows = []
    for one in listed:
        when = "; ".join(f"{w['start']:g} to {w['end'] if isinstance(w['end'], str) else format(w['end'], 'g')} min"
                         for w in one.get("schedule [min]", []))
        doses = "; ".join(f"{dose['amount']:g} at {dose['time [min]']:g} min" for dose in one.get("doses", []))
        effects = "; ".join(f"{effect['on']} of {', '.join(map(str, effect['targets'])) or 'all'}"
                            + (f", strength {effect['strength']}" if effect["strength"] is not None else "")
                            for effect in one.get("effects", []))
        rows.append((one["name"], one["kind"], when or doses or "always", effects or one.get("population", "")))
    return page.section("interventions", "Interventions",
                        page.table("Interventions", ["name", "kind", "when", "what it acts on"], rows))


def pictures(record, drawn):
    """The pictures of scripts/render: [(title, alt, PNG bytes)], or a text that says why there is none."""
    if isinstance(drawn, str):
        return page.section("pictures", "Pictures", page.paragraph(drawn, "notice"))
    name = record.provenance.get("title") or record.folder.name
    return page.section("pictures", "Pictures", *(
        page.figure(data, "image/png", f"{alt} of the run '{name}'", title) for title, alt, data in drawn))


def chart_figures(charts, days):
    """Charts side by side where there is room."""
    drawn = [page.figure(curves.draw(chart, days), "image/svg+xml", chart.alt, chart.title, chart.note) for chart in charts]
    return '<div class="charts">' + "".join(drawn) + "</div>" if drawn else ""


def charts_over_time(legend, table, bands=None):
    """Sections of populations, fields and blood."""
    found = curves.columns_of(table, bands)
    parts = [("populations", "Populations", curves.populations(legend, found)),
             ("fields", "Fields", curves.fields(legend, table, found)),
             ("blood", "Blood", curves.blood(table, found))]
    for name, heading, charts in parts:
        charts = list(charts)
        for chart in charts if bands else ():
            chart.note = " ".join(["Shaded: 5 to 95 % of the replicates.", chart.note]).strip()
        content = chart_figures(charts, table.day)
        yield page.section(name, heading, content or page.paragraph("Nothing of this in the run."))


def last_state(record):
    """All numbers of the last row of the statistics."""
    rows = []
    for column, value in record.last_row.items():
        name, _, unit = column.rpartition(" [")
        rows.append((name, Cell(page.number_text(value), number=True, column=column), unit.rstrip("]")))
    table = page.table("Last row of statistics.csv, six digits", ["quantity", Cell("value", number=True), "unit"], rows)
    return page.section("numbers", "Numbers at the end", page.folded(f"{len(rows)} numbers", table))


def colonies(record):
    """The colonies of the last output."""
    rows = record.colonies
    if rows is None:
        return page.section("colonies", "Colonies", page.paragraph(
            "There is no colonies.csv: the run did not look for colonies (section Observables)."))
    if not rows.cells:
        return page.section("colonies", "Colonies", page.paragraph("No colony at any output."))
    times = rows.column("time")
    last = [row for row, time in zip(rows.cells, times) if time == times[-1]]
    cells = [name.rpartition(" [")[0] for name in rows.names].index("cells")
    last.sort(key=lambda row: -float(row[cells]))
    classes = [row[[name.rpartition(" [")[0] for name in rows.names].index("class")] for row in last]
    shown = [index for index, name in enumerate(rows.names) if not name.startswith("time")]
    body = [[Cell(row[i] if rows.names[i].endswith("[id]") else page.number_text(row[i]),
                  number=not rows.names[i].endswith(("[id]", "[name]"))) for i in shown] for row in last[:MOST_COLONIES]]
    counted = ", ".join(f"{classes.count(kind)} {kind}" for kind in dict.fromkeys(classes))
    more = f" The largest {MOST_COLONIES} are shown." if len(last) > MOST_COLONIES else ""
    head = [Cell(rows.names[i], number=not rows.names[i].endswith(("[id]", "[name]"))) for i in shown]
    return page.section("colonies", "Colonies", page.paragraph(
        f"{len(last)} colonies at {float(times[-1]) / 1440:.4g} days: {counted}.{more}"),
        page.table("Colonies at the last output that has any, by size", head, body))


def ledger(record):
    """Whether every molecule and every agent is accounted for."""
    columns = record.table.columns
    rows = []
    for name, (_, values) in columns.items():
        if name.endswith(" ledger residual"):
            worst = int(np.nanargmax(values)) if np.isfinite(values).any() else 0
            mark = "bad" if not values[worst] <= WORST_RESIDUAL else "good"
            rows.append((name.removesuffix(" ledger residual"), Cell(f"{values[worst]:.2e}", number=True, mark=mark),
                         Cell(f"{record.table.day[worst]:.4g}", number=True), Cell(f"{values[-1]:.2e}", number=True)))
    contents = [page.paragraph("Residual of each field's account (secreted, taken up, decayed, exchanged, crossed, reacted, "
                               f"change) over the amount that was moved, between outputs; above {WORST_RESIDUAL:g} it is "
                               "marked.")]
    if rows:
        contents.append(page.table("Ledger of the fields", [
            "field", Cell("greatest residual [1]", number=True), Cell("at day", number=True),
            Cell("at the last output [1]", number=True)], rows))
    account = {name: columns[f"agents {name} since start"][1][-1] for name in ("seeded", "arrived", "born", "died", "departed")
               if f"agents {name} since start" in columns}
    if len(account) == 5:
        alive = sum(values[-1] for name, (_, values) in columns.items()
                    if name.startswith("agents ") and not name.endswith(" since start")
                    and record.legend and name in {kind.column for kind in record.legend.kinds})
        left = account["seeded"] + account["arrived"] + account["born"] - account["died"] - account["departed"] - alive
        contents.append(page.table("Ledger of the agents", [Cell(name, number=True) for name in (
            "seeded", "arrived", "born", "died", "departed", "alive", "residual")], [[
                Cell(f"{value:,.0f}", number=True) for value in account.values()] + [
                    Cell(f"{alive:,.0f}", number=True),
                    Cell(f"{left:,.0f}", number=True, mark="bad" if left else "good")]]))
    charts = chart_figures(curves.ledger(curves.columns_of(record.table, None)), record.table.day)
    return page.section("ledger", "Ledger", *contents, charts)


def over_ranks(values, form):
    """Cells of the least, mean and greatest value."""
    return [Cell(form(values[name]), number=True) for name in ("minimum", "mean", "maximum")]


def timing(record):
    """Where the wall time went, and how the load was shared out."""
    known = record.timing
    if not known:
        return page.section("timing", "Timing and load balance", page.paragraph(
            "There is no timing.json, which a run writes at its end, or when it is sent SIGUSR2.", "notice"))
    whole = known["wall_time"]
    rows = []
    for phase in known["phases"]:
        name = f"{phase['group']}: {phase['name']}" if phase["group"] else phase["name"]
        rows.append([name, *over_ranks(phase, "{:.2f}".format),
                     Cell(f"{100 * phase['share']:.1f} %", number=True, share=phase["share"])])
    head = ["phase"] + [Cell(name, number=True) for name in ("least [s]", "mean [s]", "greatest [s]", "share")]
    foot = ["wall time", *over_ranks(whole, "{:.2f}".format), Cell("100 %", number=True)]
    loads = [[load["name"], *over_ranks(load, "{:,.0f}".format),
              Cell(f"{load['maximum'] / load['mean']:.2f}" if load["mean"] else "-", number=True)] for load in known["load"]]
    checks = [line for line in record.log if re.match(r"balance|repartition", line)]
    parts = " It is that of the last part of a run that was resumed." if record.provenance.get("earlier_parts") else ""
    return page.section(
        "timing", "Timing and load balance",
        page.paragraph(f"{duration_text(whole['maximum'])} on {known['ranks']} rank(s), from the set-up on.{parts} Waiting for "
                       "other ranks counts for the phase in which a rank waits."),
        page.table("Wall time by phase, over the ranks", head, rows, foot),
        page.table("Load of a rank at the end", ["load"] + [Cell(name, number=True) for name in (
            "least", "mean", "greatest", "greatest / mean")], loads),
        page.folded(f"{len(checks)} checks of the balance", page.items(checks)) if checks else "")


def end(record):
    """How the run ended: the last lines of its log."""
    words, _ = end_of(record.provenance)
    tail = "\n".join(record.log[-25:])
    return page.section("end", "How it ended", page.paragraph(f"The run is {words}."),
                        page.folded("Last lines of run.log", f"<pre>{page.text(tail)}</pre>") if tail else "")


def of_run(record, drawn):
    """All sections of a run."""
    parts = [overview(record), all_parameters(record), interventions(record), warned(record), pictures(record, drawn)]
    if record.table is not None and record.legend is not None:
        parts += charts_over_time(record.legend, record.table)
    parts.append(colonies(record))
    if record.table is not None:
        parts += [ledger(record), last_state(record)]
    return parts + [timing(record), end(record)]
