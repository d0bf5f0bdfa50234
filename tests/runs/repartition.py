"""A run whose mesh is shared out anew tells the story of one in which it never is: the same events, fields to 1e-9."""
import pathlib
import tempfile

from checkpoint_file import fields
from nidus_run import SHORT, SOURCE, must, must_end, nidus, settings
from same_on_any_ranks import largest_difference

FILE = str(SOURCE / "params/quickstart.prm")


def run(folder, ranks, extra, *options):
    must_end(nidus(["run", FILE, "--output", str(folder), *options, *settings([*SHORT, *extra])], ranks), 0)
    return folder


def decisions(folder):
    return [line for line in (folder / "run.log").read_text().splitlines() if line.startswith("balance: ")]


def compare(one, other):
    must((one / "events.csv").read_text() == (other / "events.csv").read_text(), f"the events of {other} differ")
    expected, found = fields(one), fields(other)
    must(expected.keys() == found.keys(), f"other nodes in {other}")
    difference = largest_difference(expected, found)
    must(difference < 1e-9, f"fields of {other} differ by {difference:.2e}")
    return difference


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        still = run(scratch / "never", 3, [])
        must(not decisions(still), "a run that never looks has looked")
        for ranks in (1, 2, 3):
            moved = run(scratch / str(ranks), ranks, ["Balance/Mode=always", "Balance/Check interval=120"])
            lines = decisions(moved)
            must(len(lines) == 5 and all(line.endswith(": done") for line in lines), "\n".join(lines))
            print(f"{ranks} ranks, {len(lines)} repartitions: fields within {compare(still, moved):.1e}")

        # A repartition that has to save all of the time is never done.
        strict = run(scratch / "strict", 2, ["Balance/Mode=measured", "Balance/Check interval=240",
                                             "Balance/Smallest gain=1"])
        must([line.endswith(": not done") for line in decisions(strict)] == [True, True], str(decisions(strict)))
        compare(still, strict)

        # In the same step as a change of the mesh.
        changing = ["Adaptivity/Interval=120", "Adaptivity/Fields=sdf1, fibronectin", "Adaptivity/Error=0.02"]
        alone = run(scratch / "changing", 2, changing)
        both = run(scratch / "both", 2, [*changing, "Balance/Mode=always", "Balance/Check interval=120"])
        must(len(decisions(both)) == 5 and "\nmesh: " in (both / "run.log").read_text(), "no change in the same step")
        print(f"with a mesh that changes: fields within {compare(alone, both):.1e}")

        # Stopped after repartitions, a run goes on from the partition of the start.
        parts = run(scratch / "parts", 3, ["Balance/Mode=always", "Balance/Check interval=120", "Run/End time=360",
                                           "Output/Checkpoint interval=360"])
        run(parts, 3, ["Balance/Mode=always", "Balance/Check interval=120"], "--resume")
        difference = compare(still, parts)
        print(f"stopped after repartitions and resumed: fields within {difference:.1e}")


main()
