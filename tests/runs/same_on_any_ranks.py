"""A run with every kind of part tells the same story on 1, 2 and 3 ranks: the same events, fields to 1e-9 relative."""
import pathlib
import tempfile

from checkpoint_file import fields
from nidus_run import SHORT, SOURCE, must, must_end, nidus, settings


def largest_difference(one, other):
    """Per field: the largest difference of a node relative to the field's greatest value."""
    n = len(next(iter(one.values())))
    greatest = [max(abs(values[s]) for values in one.values()) for s in range(n)]
    return max(abs(a[s] - other[place][s]) / max(greatest[s], 1e-300) for place, a in one.items() for s in range(n))


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for ranks in (1, 2, 3):
            must_end(nidus(["run", str(SOURCE / "params/quickstart.prm"), "--output", f"{scratch}/{ranks}",
                            *settings(SHORT)], ranks), 0)
        events = {ranks: (scratch / str(ranks) / "events.csv").read_text() for ranks in (1, 2, 3)}
        kinds = {line.split(",")[3] for line in events[1].splitlines()[1:]}
        must({"seeded", "arrived", "changed", "departed"} <= kinds, f"the run shows too little: {sorted(kinds)}")
        alone = fields(scratch / "1")
        for ranks in (2, 3):
            must(events[ranks] == events[1], f"the event log on {ranks} ranks differs from the one on 1 rank")
            together = fields(scratch / str(ranks))
            must(together.keys() == alone.keys(), f"other nodes on {ranks} ranks")
            difference = largest_difference(alone, together)
            must(difference < 1e-9, f"fields on {ranks} ranks differ by {difference:.2e}")
            print(f"{ranks} ranks: {len(events[1].splitlines()) - 1} equal events, fields within {difference:.1e}")


if __name__ == "__main__":
    main()
