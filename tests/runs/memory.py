"""The memory of a run is predicted from its mesh, and a run that cannot fit is refused before it is made."""
import pathlib
import re
import resource
import subprocess
import tempfile

from nidus_run import PROGRAM, SOURCE, must, must_end, nidus, settings

QUICK = SOURCE / "params/quickstart.prm"
WITHIN = 0.25

# Edge of the block in cells of 10 um, mobile fields, immobile fields, cells cut by a wall refined, density of agents
# (1/um^3), ranks. 2.2e5 to 1e6 cells.
CHECKED = [(60, 1, 0, False, 0, 1), (60, 4, 0, False, 1e-4, 2), (60, 1, 0, True, 0, 2), (60, 4, 0, True, 0, 1),
           (100, 2, 2, False, 0, 1)]
RUN = (60, 2, 2, False, 1e-4, 2)
# A reaction between mobile fields asks for Krylov vectors.
COUPLED = "subsection Reactions\n subsection decay\n set Kind = conversion\n set Substrate = c0\n set Product = c1\n" \
          " set Rate = 0.02\n end\nend\n"


def block(edge, mobile, immobile, walls, density, more=""):
    fields = "".join(f" subsection c{i}\n set Diffusivity = {3600 if i < mobile else 0}\n set Decay rate = 0.01\n"
                     " set Initial value = 0.2\n end\n" for i in range(mobile + immobile))
    # The wall of a lumen of 3/8 of the edge.
    lumen = f" set Lumen radius = {10 * edge * 3 // 8}\n" if walls else ""
    airway = " subsection airway\n set Tissue = false\n end\n" if walls else ""
    cells = "" if not density else f"""subsection Agents
 subsection cell
  set Radius = 5
  set Initial density = parenchyma: {density}
  set Initial state = on
  set Speed = 1
  subsection States
   subsection on
    set Secretion = c0: 12
   end
  end
 end
end
"""
    return f"""subsection Run
 set End time = 60
end
subsection Output
 set Interval = 30
end
subsection Organ
 set Shape = block
 set Cell size = 10
 set Refinements = 2
 set Wall refinements = {int(walls)}
 subsection Block
  set Size = {10 * edge}, {10 * edge}, {10 * edge}
{lumen} end
 subsection Regions
  subsection parenchyma
  end
{airway} end
end
subsection Fields
{fields}end
{cells}{more}"""


def number(pattern, text):
    found = re.search(pattern, text)
    must(found, f"'{pattern}' is not in\n{text}")
    return float(found.group(1))


def compare(name, predicted, measured):
    print(f"measured | memory, {name} | predicted {predicted:.0f} MB | {measured:.0f} MB")
    must(abs(predicted / measured - 1) < WITHIN, f"{name}: predicted {predicted} MB, measured {measured} MB")


def peak_of_steps(text):
    """The prediction for `nidus check`, which writes no output."""
    return max(number(r"predicted: (\d+) MB in steps", text), number(r"(\d+) MB while levels are made", text))


def predictions(folder):
    cases = [(case[:5], "", case[5]) for case in CHECKED] + [((60, 4, 0, False, 0), COUPLED, 1)]
    for case, more, ranks in cases:
        (folder / "block.prm").write_text(block(*case, more))
        process = nidus(["check", "block.prm"], ranks, folder)
        must_end(process, 0)
        compare(f"{case}{' coupled' if more else ''} on {ranks} rank(s)", peak_of_steps(process.stdout),
                number(r"memory of all ranks so far: ([\d.]+) MB", process.stdout))


def prediction_with_output(folder):
    (folder / "block.prm").write_text(block(*RUN[:5]))
    must_end(nidus(["run", "block.prm", "--output", "out"], RUN[5], folder), 0)
    log = (folder / "out/run.log").read_text()
    compare(f"run {RUN}", number(r"(\d+) MB while output is written", log),
            number(r"peak memory of all ranks (\d+) MB", log))
    for phase in ("mesh", "vessels", "locator", "fields", "multigrid levels", "field solver", "coupling", "agents",
                  "first output", "first step"):
        number(rf"set-up {phase}: ([\d.]+) s, ", log)


def check_with(folder, values, limit=None):
    """`nidus check` of the quickstart with LIMIT bytes of address space."""
    def bound():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return subprocess.run([PROGRAM, "check", str(QUICK), *settings(values)], cwd=folder, capture_output=True, text=True,
                          timeout=100, stdin=subprocess.DEVNULL, preexec_fn=bound)


def must_refuse(process, parts):
    must_end(process, 2)
    for part in ("Run/Memory check", "are available", *parts):
        must(part in process.stderr, f"'{part}' is not named in\n{process.stderr}")


def refusals(folder):
    # 1e9 cells, from coarse ones that fit and from coarse ones that do not: 5e11 bytes.
    for refinements in (5, 0):
        must_refuse(check_with(folder, ["Organ/Cell size=0.4", f"Organ/Refinements={refinements}"]), ["the mesh alone"])
    # 4.9e5 cells: their mesh fits into the address space that is left, fields and output just do not.
    small, roomy = ["Organ/Cell size=5"], int(3e9)
    fits = check_with(folder, small, roomy)
    must_end(fits, 0)
    left, needed = number(r"available (\d+) MB", fits.stdout), number(r"(\d+) MB while output is written", fits.stdout)
    limit = roomy - int((left - 0.97 * needed) * 2**20)
    must_refuse(check_with(folder, small, limit), ["the run"])
    warned = check_with(folder, [*small, "Run/Memory check=warn"], limit)
    must(warned.returncode in (0, 1), f"not tried: exit code {warned.returncode}\n{warned.stderr}")
    # With much less, HYPRE, p4est or deal.II finds no memory on the way: one message too.
    for less in (120, 200, 250, 300):
        out = check_with(folder, [*small, "Run/Memory check=warn"], limit - less * 2**20)
        must_end(out, 1)
        must(re.fullmatch(r"nidus: the run failed on rank 0: out of memory.*\n", out.stderr), out.stderr)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        predictions(folder)
        prediction_with_output(folder)
        refusals(folder)


main()
