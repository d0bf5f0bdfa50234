"""Does experiments again with the program, one after the other, and collects results and figures.

The scripts E*.py of this folder are the experiments; experiment.py says how they judge. The environment says where
the program is, as for tests/runs: NIDUS, NIDUS_SOURCE, NIDUS_MPIEXEC. Exit code 1 if a result is not as documented.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"  # that of Debian, which has numpy and matplotlib; scripts/render asks for it too


def experiments():
    """{name: script}, E4 before E10."""
    scripts = {f"E{int(re.match(r'E([0-9]+)_', file.name)[1])}": file for file in HERE.glob("E[0-9]*_*.py")}
    return dict(sorted(scripts.items(), key=lambda item: int(item[0][1:])))


def arguments(known):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help=f"names with commas between them, of {', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="fewer cells: all in a minute")
    parser.add_argument("--output", type=pathlib.Path, default=HERE.parents[1] / "build/validation",
                        help="folder of the results: NAME.json, NAME.png, table.md")
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else list(known)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        parser.error(f"no such experiment: {', '.join(unknown)}; there are {', '.join(known)}")
    return chosen, options


def text(value, unit):
    return f"{value} {unit}" if isinstance(value, (int, float)) and unit != "1" else str(value)


def table(lines):
    """The results as a table for README.md."""
    rows = ["| | quantity | model (interval of 2 SE) | measured | verdict |", "|---|---|---|---|---|"]
    for line in lines:
        low, high = line["interval"]
        measured = text(line["measured"], line["unit"]) + f" ({line['uncertainty']}) [{line['source']}]"
        model = text(line["model"], line["unit"]) + f" ({low} to {high})"
        rows.append(f"| {line['experiment']} | {line['quantity']} | {model} | {measured} | {line['verdict']} |")
    return "\n".join(rows) + "\n"


def main():
    known = experiments()
    chosen, options = arguments(known)
    options.output.mkdir(parents=True, exist_ok=True)
    failed, lines = [], []
    for name in chosen:
        command = [PYTHON, str(known[name]), "--output", str(options.output)] + ["--quick"] * options.quick
        result = options.output / f"{name}.json"
        result.unlink(missing_ok=True)
        if subprocess.run(command).returncode != 0:
            failed.append(name)
        if result.exists():
            lines += map(json.loads, result.read_text().splitlines())
    if lines:
        (options.output / "table.md").write_text(table(lines))
    print(f"{len(chosen)} experiments, {len(lines)} results in {options.output}")
    if failed:
        print("FAILED: not as documented, or not run: " + ", ".join(failed))
    sys.exit(1 if failed else 0)


main()
