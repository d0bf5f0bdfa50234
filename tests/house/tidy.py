"""Whether clang-tidy finds something in the solver: tidy.py BUILD, a folder with compile_commands.json.

What it looks for is in .clang-tidy. Each file is read without its precompiled header, which is of another compiler, and
in which clang-tidy would look at all of deal.II and VTK for each file.
"""
import concurrent.futures
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def options(command):
    """Those of a compile command that tell what the source means."""
    words = iter(shlex.split(command))
    kept = []
    for word in words:
        if word in ("-I", "-isystem"):
            kept += [word, next(words)]
        elif word.startswith(("-I", "-D", "-std=")):
            kept.append(word)
    return kept


def finding(entry):
    """What clang-tidy says of one file; empty: nothing."""
    process = subprocess.run(["clang-tidy", "--quiet", entry["file"], "--", *options(entry["command"])],
                             cwd=SOURCE, capture_output=True, text=True)
    return process.stdout + process.stderr if process.returncode != 0 else process.stdout


def main(build):
    if shutil.which("clang-tidy") is None:
        print("skipped: there is no clang-tidy")
        sys.exit(77)
    entries = [entry for entry in json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
               if pathlib.Path(entry["file"]).is_relative_to(SOURCE / "solver")]
    if not entries:
        sys.exit(f"no file of the solver is in {build}/compile_commands.json")
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        findings = [text for text in pool.map(finding, entries) if text]
    print("\n".join(findings))
    print(f"clang-tidy has read {len(entries)} files and found something in {len(findings)}")
    sys.exit(1 if findings else 0)


main(sys.argv[1])
