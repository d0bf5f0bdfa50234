"""A small run with its page, and what can be read from it, for the tests of scripts/report."""
import csv
import html.parser
import re
import shutil
import subprocess
import sys

from nidus_run import SOURCE, must, must_end, nidus, settings

# Three days of the quickstart, in which first colonies are seen.
VALUES = ["Run/End time=4320", "Output/Interval=1440", "Output/Checkpoint interval=4320", "Organ/Cell size=50"]


class Page(html.parser.HTMLParser):
    """Title, pictures, numbers with the columns they are of, headings of tables, and whatever leads out of the page."""

    def __init__(self, text):
        super().__init__()
        self.title, self.images, self.numbers, self.outside, self.tables, self.text = "", [], {}, [], [], ""
        self.open, self.column = [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.open.append(tag)
        self.column = attrs.get("data-column")
        if tag == "img":
            self.images.append(attrs)
        if tag == "table":
            self.tables.append({"caption": 0, "col": 0, "row": 0})
        if tag == "caption":
            self.tables[-1]["caption"] += 1
        if tag == "th":
            self.tables[-1][attrs["scope"]] += 1
        if tag in ("script", "iframe", "object", "embed"):
            self.outside.append(tag)
        self.outside += [value for name, value in attrs.items()
                         if name in ("src", "href", "srcset", "data") and not value.startswith(("data:", "#"))]

    def handle_endtag(self, tag):
        self.column = None

    def handle_data(self, data):
        self.text += data + " "
        if self.open and self.open[-1] == "title" and not self.title:
            self.title = data
        if self.column:
            self.numbers[self.column] = data


def report(folder, *more):
    """Runs scripts/report; the finished process."""
    return subprocess.run([str(SOURCE / "scripts/report"), str(folder), *more], capture_output=True, text=True)


def run_with_page(scratch):
    """(folder, page) of a small run."""
    if shutil.which("xvfb-run") is None:
        print("SKIPPED: xvfb-run is not installed, so no pictures can be drawn")
        sys.exit(77)
    folder = scratch / "small"
    must_end(nidus(["run", str(SOURCE / "params/quickstart.prm"), "--output", str(folder), *settings(VALUES)], 2), 0)
    subprocess.run([str(SOURCE / "scripts/render"), str(folder), "--size", "640x360"], check=True)
    must_end(report(folder), 0)
    return folder, Page((folder / "report.html").read_text(encoding="utf-8"))


def last_row(path):
    rows = list(csv.reader(path.open()))
    return dict(zip(rows[0], rows[-1]))


def check(page, title, row):
    """The page has its title and figures, needs nothing else, and its numbers are those of ROW."""
    must(page.title == title, f"title '{page.title}'")
    must(not page.outside, f"the page leads outside: {page.outside}")
    must(len(page.images) >= 3 and all(image["src"].startswith("data:image/") for image in page.images), "figures")
    must(all(len(image.get("alt", "")) > 20 for image in page.images), "a figure without words")
    must(all(table["caption"] == 1 and table["col"] > 1 and table["row"] > 0 for table in page.tables), "table headers")
    must(set(page.numbers) == set(row), f"other columns: {set(page.numbers) ^ set(row)}")
    for name, text in row.items():
        must(page.numbers[name] == f"{float(text):.6g}", f"{name}: {page.numbers[name]} instead of {text}")
    must(not re.search(r"url\(|@import|http-equiv", page.text), "the style asks for more")
