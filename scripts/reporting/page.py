"""The HTML of a report: one file that needs nothing else, readable on a phone and on paper."""

import base64
from html import escape
from pathlib import Path

STYLE = Path(__file__).with_name("page.css")


def text(value):
    """A value as text of a page."""
    return escape(str(value))


def paragraph(content, kind=None):
    """A paragraph; `kind`: class of the style sheet."""
    return f"<p{attribute('class', kind)}>{text(content)}</p>"


def attribute(name, value):
    """' name="value"', or nothing."""
    return f' {name}="{escape(str(value), quote=True)}"' if value else ""


def items(contents, kind=None):
    """A list of texts."""
    return f"<ul{attribute('class', kind)}>" + "".join(f"<li>{text(content)}</li>" for content in contents) + "</ul>"


def number_text(value):
    """Six digits of a number; other texts as they are."""
    try:
        return f"{float(value):.6g}"
    except ValueError:
        return value


class Cell:
    """A cell of a table. `number`: set right; `mark`: class of its style; `column`: what it is, for programs;
    `share`: length of a bar in it, 0 to 1."""

    def __init__(self, content, number=False, mark=None, column=None, share=None):
        self.content, self.number, self.mark, self.column, self.share = content, number, mark, column, share

    def html(self, tag, scope=None):
        """The cell as <td> or <th>."""
        kinds = " ".join(kind for kind in ("number" if self.number else "", self.mark or "") if kind)
        bar = "" if self.share is None else (
            f'<span class="bar" style="width:{max(0.0, min(1.0, self.share)) * 100:.1f}%" aria-hidden="true"></span>')
        return (f"<{tag}{attribute('class', kinds)}{attribute('scope', scope)}{attribute('data-column', self.column)}>"
                f"{bar}{text(self.content)}</{tag}>")


def cells_of(row):
    """Cells of a row of texts and cells."""
    return [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]


def table(caption, head, rows, foot=None):
    """A table; the first cell of each row is its head. It scrolls by itself where it is too wide."""
    def line(row):
        first, *others = cells_of(row)
        return "<tr>" + first.html("th", "row") + "".join(cell.html("td") for cell in others) + "</tr>"

    heads = "".join(cell.html("th", "col") for cell in cells_of(head))
    body = "".join(line(row) for row in rows)
    end = f"<tfoot>{line(foot)}</tfoot>" if foot else ""
    return (f'<div class="wide" tabindex="0" role="region"{attribute("aria-label", caption)}><table>'
            f"<caption>{text(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>{end}</table></div>")


def folded(summary, content):
    """What a reader opens when it is wanted."""
    return f"<details><summary>{text(summary)}</summary>{content}</details>"


def figure(data, kind, alt, caption, note=""):
    """A picture (bytes or text of the MIME type `kind`) inside of the page."""
    raw = data.encode() if isinstance(data, str) else data
    source = f"data:{kind};base64,{base64.b64encode(raw).decode()}"
    tail = f" <small>{text(note)}</small>" if note else ""
    return (f'<figure><img src="{source}"{attribute("alt", alt)} decoding="sync">'
            f"<figcaption>{text(caption)}{tail}</figcaption></figure>")


def section(name, heading, *contents):
    """A part of the page with a heading that the list of contents leads to."""
    inside = "".join(content for content in contents if content)
    return name, heading, f'<section id="{name}"><h2>{text(heading)}</h2>{inside}</section>'


def page(title, subtitle, sections):
    """The whole page."""
    links = "".join(f'<li><a href="#{name}">{text(heading)}</a></li>' for name, heading, _ in sections)
    body = "".join(content for _, _, content in sections)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # Without an icon a browser would ask for one.
        f'<title>{text(title)}</title><link rel="icon" href="data:,"><style>{STYLE.read_text(encoding="utf-8")}</style>'
        f"</head>\n<body><header><h1>{text(title)}</h1>{subtitle}</header>"
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n<main>{body}</main></body></html>\n')
