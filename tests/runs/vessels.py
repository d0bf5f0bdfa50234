"""Runs with resolved vessels: the same on 1 and 2 ranks; trees; resumed; real capillaries where NIDUS_DATA holds them."""
import csv
import os
import pathlib
import tempfile

from nidus_run import SOURCE, must, must_end, nidus, settings
from vtk_file import arrays

BLOCK = str(SOURCE / "params/vessel_block.prm")
NETWORK = "rat_cortex_capillary_network/ratbrain_um_largest_component.vtp"
TREE = ["Vessels/Source=tree", "Vessels/Inlets=0, 200, 120, 4000", "Vessels/Outlets=400, 200, 120, 1000",
        "Vessels/Tree/Inlet radius=16", "Vessels/Tree/Terminal radius=4", "Vessels/Tree/Link length=30"]
SHORT = ["Run/End time=720", "Output/Interval=360", "Output/Checkpoint interval=720"]


def run(folder, values, ranks=1):
    must_end(nidus(["run", BLOCK, "--output", str(folder), *settings(values)], ranks), 0)
    return folder


def last_row(folder):
    rows = list(csv.reader((folder / "statistics.csv").open()))
    return dict(zip(rows[0], map(float, rows[-1])))


def check_vessels(folder, sections):
    """The file of vessels has all that is promised, and what SECTIONS says of its radii."""
    found = arrays(folder / "vessels.vtp")
    for name in ("pressure", "component", "radius", "flow", "velocity", "wall_shear", "kind"):
        must(name in found, f"vessels.vtp has no array {name}")
    text = (folder / "vessels.vtp").read_bytes()
    for unit in (b"um^3/min", b"Pa", b"um/min"):
        must(unit in text, f"vessels.vtp does not name the unit {unit}")
    must(sections(found["radius"]), "radii")
    area = 3.141592653589793
    for flow, velocity, radius in zip(found["flow"], found["velocity"], found["radius"]):
        must(abs(flow - velocity * area * radius**2) <= 1e-9 * abs(flow), "velocity is not flow over section")


def check_same_on_ranks(scratch, name, values, sections):
    one, two = (run(scratch / f"{name}{ranks}", SHORT + values, ranks) for ranks in (1, 2))
    must((one / "vessels.vtp").read_bytes() == (two / "vessels.vtp").read_bytes(), "vessels differ between ranks")
    must((one / "events.csv").read_bytes() == (two / "events.csv").read_bytes(), "events differ between ranks")
    first, second = last_row(one), last_row(two)
    must(first["agents arrived since start [1]"] > 3, f"only {first['agents arrived since start [1]']} arrivals")
    for key in ("sdf1 mean [nM]", "sdf1 exchanged [molecules]"):
        must(abs(first[key] - second[key]) <= 1e-9 * abs(first[key]), f"{key}: {first[key]} and {second[key]}")
    must(first["sdf1 ledger residual [1]"] < 1e-6, "the ledger does not close")
    check_vessels(one, sections)


def check_resume(scratch):
    whole = run(scratch / "whole", SHORT)
    part = run(scratch / "part", ["Run/End time=360", *SHORT[1:2], "Output/Checkpoint interval=360"])
    must_end(nidus(["run", BLOCK, "--output", str(part), "--resume", *settings(SHORT)], 1), 0)
    must((whole / "events.csv").read_bytes() == (part / "events.csv").read_bytes(), "events differ after a resume")


def check_real_network(scratch):
    data = os.environ.get("NIDUS_DATA", "")
    network = pathlib.Path(data) / NETWORK
    if not data or not network.is_file():
        print(f"SKIPPED in part: set NIDUS_DATA to the folder that holds {NETWORK}")
        return
    folder = run(scratch / "real", SHORT + [
        "Vessels/Source=file", f"Vessels/File/File={network}", "Vessels/File/Radius array=radius_um",
        "Vessels/File/Pressure array=boundary_pressure_Pa", "Organ/Block/Size=1140, 1140, 2170", "Organ/Cell size=60",
        "Organ/Refinements=1", "Fields/sdf1/Vascular exchange rate=0", "Blood/Circulating/hpc/Baseline=2000",
        "Blood/Circulating/hpc/Arrest probability=1e-3", "Blood/Circulating/hpc/Arrest weights=adhesion: 1e-3"], 2)
    log = (folder / "run.log").read_text()
    must("14511 segments, 1 connected part(s)" in log, log[:2000])
    print("\n".join(line for line in log.splitlines() if "vessels:" in line))
    must(last_row(folder)["sdf1 exchanged [molecules]"] > 0, "nothing was exchanged")


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        check_same_on_ranks(scratch, "mesh", [], lambda radii: 2.0 < sum(radii) / len(radii) < 4.0)
        check_same_on_ranks(scratch, "tree", TREE, lambda radii: min(radii) == 4.0 and abs(max(radii) - 16.0) < 0.2)
        check_resume(scratch)
        check_real_network(scratch)


main()
