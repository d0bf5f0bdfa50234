"""The page that scripts/report makes: complete and self-contained, for runs that ended, stopped, failed, and replicates."""
import json
import pathlib
import shutil
import tempfile

from nidus_run import SOURCE, must, must_end, nidus, settings
from report_page import VALUES, Page, check, last_row, report, run_with_page


def page_of(folder, *more):
    must_end(report(folder, *more), 0)
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def check_parameters(folder, page):
    """Every entry that was set is there, each with its default; what is contested is told."""
    must("Run/End time" in page.text and "4320" in page.text, "the end time is missing")
    entry = json.loads((folder / "parameters.json").read_text())["Organ"]["Cell size"]
    must(entry["value"] == "50" and f" 50 {entry['default_value']} um " in " ".join(page.text.split()),
         "the cell size is not beside its default")
    must("contested" in page.text and "VEGFR1+ progenitors" in page.text, "contested evidence is not told")


def check_timing(folder, page):
    timing = json.loads((folder / "timing.json").read_text())
    text = " ".join(page.text.split())
    for phase in timing["phases"]:
        row = f"{phase['name']} {phase['minimum']:.2f} {phase['mean']:.2f} {phase['maximum']:.2f} {100 * phase['share']:.1f} %"
        must(row in text, f"no row '{row}'")


def check_what_is_left(folder, scratch):
    """A run of which little is left still has a page, which says what is missing."""
    for name, state, badge in (("killed", "running", "ended without a word"), ("failed", "failed", "failed"),
                               ("stopped", "stopped early", "with a checkpoint")):
        rest = scratch / name
        shutil.copytree(folder, rest, ignore=shutil.ignore_patterns("checkpoint", "report.html"))
        provenance = json.loads((rest / "provenance.json").read_text())
        (rest / "provenance.json").write_text(json.dumps({**provenance, "end_state": state}))
        missing = {"killed": ("timing.json", "colonies.csv", "input.prm"), "failed": ("statistics.csv", "legend.json"),
                   "stopped": ()}[name]
        for file in missing:
            (rest / file).unlink()
        for picture in (rest / "pictures").iterdir() if name == "failed" else ():
            picture.unlink()
        page = page_of(rest)
        must(badge in page.text, f"{name}: how it ended is not told")
        must(all(file in page.text for file in missing), f"{name}: what is missing is not told")
    must("No pictures" in Page((scratch / "failed/report.html").read_text()).text, "pictures are not missed")
    nothing = scratch / "nothing"
    nothing.mkdir()
    for wrong, word in ((nothing, "not the output folder"), (scratch / "nowhere", "no folder")):
        process = report(wrong)
        must(process.returncode == 2 and word in process.stderr, f"{process.returncode}: {process.stderr}")
    must(not any(nothing.iterdir()), "a refusal has written")


def check_replicates(scratch):
    folder = scratch / "replicates"
    values = [*VALUES[:1], "Output/Interval=2160", *VALUES[2:]]
    must_end(nidus(["run", str(SOURCE / "params/quickstart.prm"), "--output", str(folder), "--replicates", "2",
                    "--ranks-each", "1", *settings(values)], 2), 0)
    # The pictures are those of any small run: here only what is made of the tables is looked at.
    shutil.copytree(scratch / "small/pictures", folder / "replicate_001/pictures")
    page = page_of(folder)
    check(page, "Quickstart: every part in a small block",
          {name: text for name, text in last_row(folder / "statistics_mean.csv").items() if name != "time [min]"})
    must("replicate_001" in page.text and "replicate_002" in page.text, "the replicates are not listed")
    must("95 %" in page.text, "no quantiles")


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        folder, page = run_with_page(scratch)
        check(page, "Quickstart: every part in a small block", last_row(folder / "statistics.csv"))
        check_parameters(folder, page)
        check_timing(folder, page)
        check_what_is_left(folder, scratch)
        check_replicates(scratch)
        other = scratch / "elsewhere.html"
        must_end(report(folder, "--output", str(other)), 0)
        must(other.read_bytes() == (folder / "report.html").read_bytes(), "the same run has another page")


main()
