"""A run with every kind of part tells the same story on 1, 2, 3 and 4 ranks: the same events, fields to 1e-9 relative."""
import collections
import math
import pathlib
import tempfile

from checkpoint_file import fields
from nidus_run import SHORT, SOURCE, must, must_end, nidus, settings
from vtk_file import arrays, pieces

RANKS = (1, 2, 3, 4)
CELL = 25.0  # um, the edge of all mesh cells of the quickstart

# Tumour and progenitor cells from the start, which divide, die and crawl enough to be seen in a few hours.
LIVELY = ["Agents/tum/Initial density=parenchyma: 2e-6", "Agents/tum/Initial state=proliferating",
          "Agents/tum/Transitions/divide/Base rate=1e-3", "Agents/tum/Transitions/die_growing/Base rate=5e-4",
          "Agents/hpc/Initial density=parenchyma: 2e-6", "Agents/hpc/Initial state=homing",
          "Blood/Circulating/hpc/Arrest probability=1e-3"]

# The rules that quickstart.prm does not use: runs and turns, chemokinesis, stages, full receptors, agents at given places.
MORE_RULES = [f"Agents/{kind}/Receptors/cxcr4/{entry}" for kind in ("hpc", "csc", "tum")
              for entry in ("Kinetics=full", "Ligands=sdf1: 1")]
MORE_RULES += ["Agents/hpc/Walk=biased direction", "Agents/hpc/Direction bias=0.3", "Agents/hpc/Chemokinesis=cxcr4: 2",
               "Agents/hpc/Persistence spread=0.3", "Agents/hpc/Transitions/multiply/Stages=4",
               "Agents/hpc/States/resident/Adhesion factor=3", "Agents/hpc/Initial state=homing",
               "Agents/hpc/Initial density=parenchyma: 2e-6",
               "Agents/hpc/Initial positions=100 50 50; 50 225 150; 400 400 275"]


def largest_difference(one, other):
    """Per field: the largest difference of a node relative to the field's greatest value."""
    n = len(next(iter(one.values())))
    greatest = [max(abs(values[s]) for values in one.values()) for s in range(n)]
    return max(abs(a[s] - other[place][s]) / max(greatest[s], 1e-300) for place, a in one.items() for s in range(n))


def place_in_mesh(point):
    return tuple(math.floor(x / CELL) for x in point)


def points(values):
    return [values[i:i + 3] for i in range(0, len(values), 3)]


def owners_of_cells(folder, ranks):
    """{place of a mesh cell: its rank}."""
    owner = {}
    for data in pieces(folder / "fields/fields_000000.0.vtu"):
        place = points(data["Points"])
        for number, rank in enumerate(data["rank"]):
            corners = [place[node] for node in data["connectivity"][8 * number:8 * number + 8]]
            owner[place_in_mesh([sum(x) / 8 for x in zip(*corners)])] = rank
    must(set(owner.values()) == set(range(ranks)), f"not all of {ranks} ranks have cells: {sorted(set(owner.values()))}")
    return owner


def handed_over(folder, ranks):
    """How many times an agent was in cells of another rank than at the output before."""
    owner = owners_of_cells(folder, ranks)
    before, count = {}, 0
    for file in sorted((folder / "agents").glob("agents_*.vtp")):
        data = arrays(file)
        now = {key: owner[place_in_mesh(place)] for key, place in zip(data["key"], points(data["Points"]))}
        count += sum(before.get(key, rank) != rank for key, rank in now.items())
        before = now
    return count


def compare(scratch, extra, kinds_wanted, ranks_compared):
    for ranks in ranks_compared:
        must_end(nidus(["run", str(SOURCE / "params/quickstart.prm"), "--output", f"{scratch}/{ranks}",
                        *settings(SHORT + extra + ["Output/Piece files=1"])], ranks), 0)
    events = {ranks: (scratch / str(ranks) / "events.csv").read_text() for ranks in ranks_compared}
    kinds = collections.Counter(line.split(",")[3] for line in events[1].splitlines()[1:])
    for kind in kinds_wanted:
        must(kinds[kind] >= 10, f"the run shows too little: {dict(kinds)}")
    alone = fields(scratch / "1")
    for ranks in ranks_compared[1:]:
        must(events[ranks] == events[1], f"the event log on {ranks} ranks differs from the one on 1 rank")
        together = fields(scratch / str(ranks))
        must(together.keys() == alone.keys(), f"other nodes on {ranks} ranks")
        difference = largest_difference(alone, together)
        must(difference < 1e-9, f"fields on {ranks} ranks differ by {difference:.2e}")
        moved = handed_over(scratch / str(ranks), ranks)
        must(moved >= 10, f"only {moved} agents went to another of {ranks} ranks")
        print(f"{ranks} ranks: {sum(kinds.values())} equal events, {moved} agents seen on another rank than before, "
              f"fields within {difference:.1e}")
    print(dict(kinds))


def main():
    for extra, kinds_wanted, ranks in ((LIVELY, ("seeded", "arrived", "changed", "departed", "died", "divided"), RANKS),
                                       (MORE_RULES, ("seeded", "changed"), RANKS[:3])):
        with tempfile.TemporaryDirectory() as scratch:
            compare(pathlib.Path(scratch), extra, kinds_wanted, ranks)


if __name__ == "__main__":
    main()
