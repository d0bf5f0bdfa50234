"""Which part of each folder's lines was executed, coverage.py BUILD: of the solver, by what ran in BUILD (preset sanitize)."""
import collections
import json
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def main(build):
    if shutil.which("gcovr") is None:
        print("lines executed are not counted: there is no gcovr")
        return
    summary = subprocess.run(["gcovr", "--gcov-executable", "llvm-cov gcov", "--root", str(SOURCE), "--filter",
                              str(SOURCE / "solver"), "--json-summary", "--gcov-ignore-parse-errors", build],
                             capture_output=True, text=True, check=True, cwd=SOURCE)
    folders = collections.defaultdict(lambda: [0, 0])
    files = json.loads(summary.stdout)["files"]
    for file in files:
        for name in (str(pathlib.Path(file["filename"]).parent), "all"):
            folders[name][0] += file["line_covered"]
            folders[name][1] += file["line_total"]
    print("lines executed, of those that a compiler made code of:")
    for name, (covered, total) in sorted(folders.items(), key=lambda item: (item[0] == "all", item[0])):
        print(f"  {name:24} {100 * covered / total:5.1f} %  of {total}")
    print("least of files of 20 lines and more:")
    files = [file for file in files if file["line_total"] >= 20]
    for file in sorted(files, key=lambda file: file["line_percent"])[:15]:
        print(f"  {file['filename']:48} {file['line_percent']:5.1f} %  of {file['line_total']}")


main(sys.argv[1])
