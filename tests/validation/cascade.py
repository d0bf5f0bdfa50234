"""What becomes of injected cells, from the events and colonies of a run: shares of the cells that have arrested."""
import csv
import math

import numpy as np

DAY = 1440.0  # min
TUMOUR = ("csc", "tum")


def rows(path):
    with path.open() as file:
        lines = csv.reader(file)
        header = [name.split(" [")[0] for name in next(lines)]
        return [dict(zip(header, line)) for line in lines]


class Cascade:
    """The run in FOLDER."""

    def __init__(self, folder):
        self.events = [row for row in rows(folder / "events.csv") if row["type"] in TUMOUR]
        self.colonies = [row for row in rows(folder / "colonies.csv")]
        self.arrived = {row["key"] for row in self.events if row["event"] == "arrived"}

    def extravasated(self, time):
        """Number of arrested cells that have left the vessel by TIME, whatever became of them."""
        return len({row["key"] for row in self.events
                    if row["from"] == "arrested" and row["to"] == "migrating" and float(row["time"]) <= time})

    def alive(self, time):
        """Number of arrested cells that are alive at TIME."""
        return len(self.arrived - {row["key"] for row in self.events
                                   if row["event"] in ("died", "departed") and float(row["time"]) <= time})

    def sizes(self, time):
        """Cells of each colony at TIME, solitary cells included."""
        return np.array([int(row["cells"]) for row in self.colonies if float(row["time"]) == time])

    def solitary(self, time):
        """Number of cells that are alone at TIME."""
        return int(np.sum(self.sizes(time) == 1))


def share(count, number, z=2.0):
    """COUNT of NUMBER as a share, with Wilson's interval of Z standard errors: right for small counts too."""
    p = count / number
    middle = (p + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * math.sqrt(p * (1 - p) / number + z * z / (4 * number**2))
    return p, (max(middle - half, 0.0), middle + half)
