"""An installed Nidus works from anywhere: after its folder was moved, and from another one than it was started in."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from nidus_run import SHORT, finished, must, must_end, settings

BUILD = sys.argv[1]


def must_run_alone(prefix, scratch):
    """A file of one's own that includes shipped parts, with the program alone."""
    program = str(prefix / "bin/nidus")
    mine = scratch / "mine.prm"
    mine.write_text("include quickstart.prm\ninclude interventions/plerixafor.prm\ninclude only_there.prm\n")
    # The source tree, which is still where the program was built, has no such file.
    there = prefix / "share/nidus/params/only_there.prm"
    there.write_text("subsection Run\n set End time = 720\nend\n")
    process = finished([program, "check", str(mine)], scratch, 300)
    there.unlink()
    must_end(process, 0)
    versions = finished([program, "--version"], scratch, 60)
    must_end(versions, 0)
    lines = dict(line.split(" ", 1) for line in versions.stdout.splitlines())
    for name in ("nidus", "build", "compiler", "instruction", "deal.II", "PETSc", "p4est", "VTK", "MPI", "Random123",
                 "muparser", "nlohmann-json", "CLI11"):
        must(lines.get(name, "").strip(), f"no version of {name}:\n{versions.stdout}")


def must_make_pictures(prefix, scratch):
    """The script that runs and draws, through its link in bin; nothing may be built or left behind in the installation."""
    before = sorted(prefix.rglob("*"))
    environment = {**os.environ, "NIDUS_RANKS": "1", "PATH": f"{prefix}/bin:{os.environ['PATH']}"}
    process = subprocess.run(["nidus-run", str(prefix / "share/nidus/params/quickstart.prm"), *settings(SHORT)],
                             cwd=scratch, env=environment, capture_output=True, text=True, timeout=300,
                             stdin=subprocess.DEVNULL)
    must_end(process, 0)
    must(not any(line.startswith(("build:", "set-up:")) for line in process.stdout.splitlines()), process.stdout)
    for name in ("statistics.csv", "pictures/cut.png", "pictures/organ.png", "pictures/populations.png"):
        must((scratch / "output/quickstart" / name).stat().st_size > 0, f"{name} is empty")
    must(sorted(prefix.rglob("*")) == before, "the installation has changed")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        subprocess.run(["cmake", "--install", BUILD, "--prefix", str(scratch / "first place")], check=True,
                       stdout=subprocess.DEVNULL)
        prefix = scratch / "second place"
        (scratch / "first place").rename(prefix)
        elsewhere = scratch / "elsewhere"
        elsewhere.mkdir()
        must_run_alone(prefix, elsewhere)
        if shutil.which("xvfb-run") is None:
            print("pictures skipped: xvfb-run is not installed")
            return
        must_make_pictures(prefix, elsewhere)
        print("installed, moved, run from another folder")


main()
