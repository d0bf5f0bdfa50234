"""Whether clang-tidy finds something in the solver: tidy.py BUILD, a folder with compile_commands.json.

What it looks for is in .clang-tidy. Each file is read without its precompiled header, which is of another compiler, and
in which clang-tidy would look at all of deal.II and VTK for each file. All files take half an hour of two cores, so
BUILD/tidy remembers which were read without a finding: only those that have changed, or all if a header has, are read
again.
"""
import concurrent.futures
import hashlib
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


def what_all_read():
    """The headers of the solver and what clang-tidy looks for."""
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    headers = sorted((SOURCE / "solver").rglob("*.h"))
    return version + b"".join(path.read_bytes() for path in [SOURCE / ".clang-tidy", *headers])


def finding(entry, read_before, all_read):
    """What clang-tidy says of one file; empty: nothing, which the folder READ_BEFORE remembers."""
    text = pathlib.Path(entry["file"]).read_bytes()
    own = hashlib.sha256(all_read + text + " ".join(options(entry["command"])).encode()).hexdigest()
    if (read_before / own).exists():
        return ""
    process = subprocess.run(["clang-tidy", "--quiet", entry["file"], "--", *options(entry["command"])],
                             cwd=SOURCE, capture_output=True, text=True)
    told = process.stdout + process.stderr if process.returncode != 0 else process.stdout
    if not told:
        (read_before / own).touch()
    print(told, end="", flush=True)
    return told


def main(build):
    if shutil.which("clang-tidy") is None:
        print("skipped: there is no clang-tidy")
        sys.exit(77)
    entries = [entry for entry in json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
               if pathlib.Path(entry["file"]).is_relative_to(SOURCE / "solver")]
    if not entries:
        sys.exit(f"no file of the solver is in {build}/compile_commands.json")
    read_before, all_read = pathlib.Path(build) / "tidy", what_all_read()
    read_before.mkdir(exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        findings = [text for text in pool.map(lambda entry: finding(entry, read_before, all_read), entries) if text]
    print(f"of {len(entries)} files clang-tidy has found something in {len(findings)}")
    sys.exit(1 if findings else 0)


main(sys.argv[1])
