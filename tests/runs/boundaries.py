"""Conditions at boundaries, periodic sides, a refined ball and a watched bound in a run with agents: the same events and
the same warnings on 1 and 3 ranks, and what `check` says of them."""
import pathlib
import tempfile

from nidus_run import SHORT, SOURCE, must, must_end, nidus, settings, timed_conditions

CONDITIONS = timed_conditions(100, "0.001")
PLACE = ["Organ/Block/Periodic axes=x, y", "Organ/Refined balls=100, 100, 100, 30, 1", "Fields/sdf1/Upper bound=0.21"]


def warnings(text):
    return [line for line in text.splitlines() if line.startswith("warning: ")]


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        prm = scratch / "conditions.prm"
        prm.write_text((SOURCE / "params/quickstart.prm").read_text() + CONDITIONS)
        check = nidus(["check", str(prm), *settings(PLACE)])
        must_end(check, 0)
        for part in ("boundary airway:", "sdf1: Robin", "boundary z min:", "vegf: value", "agents that move are reflected"):
            must(part in check.stdout, f"'{part}' is not told\n{check.stdout}")
        must("x min" not in check.stdout, "a periodic side is told as a boundary")
        logs = {}
        for ranks in (1, 3):
            must_end(nidus(["run", str(prm), "--output", f"{scratch}/{ranks}", *settings(SHORT + PLACE)], ranks), 0)
            logs[ranks] = warnings((scratch / str(ranks) / "run.log").read_text())
        above = [line for line in logs[1] if "field sdf1" in line and "above its upper bound 0.21" in line]
        must(1 <= len(above) <= 3, f"one warning for each output interval was expected, not {logs[1]}")
        must(logs[3] == logs[1], f"other warnings on 3 ranks: {logs[3]} instead of {logs[1]}")
        events = [(scratch / str(ranks) / "events.csv").read_text() for ranks in (1, 3)]
        must(events[0] == events[1], "the event log on 3 ranks differs from the one on 1 rank")
        print("\n".join(above))


main()
