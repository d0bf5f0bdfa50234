"""How far a long drawing is: one line on a terminal that renews itself, nothing anywhere else."""

import shutil
import sys
import time


def duration_text(seconds):
    """'41s', '3m12s', '2h05m'."""
    seconds = int(round(seconds))
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m{seconds % 60:02d}s"
    return f"{seconds // 3600}h{seconds % 3600 // 60:02d}m"


class Progress:
    """Counts `total` pieces of work; `what` says what one is."""

    def __init__(self, program, what, total):
        self.head, self.total, self.done = f"{program}: {what}", total, 0
        self.start = time.monotonic()
        self.shown = sys.stderr.isatty()
        self.tell()

    def tell(self):
        """Show the present state."""
        if not self.shown:
            return
        text = f"{self.head} {min(self.done + 1, self.total)}/{self.total}"
        if 0 < self.done < self.total:
            each = (time.monotonic() - self.start) / self.done
            text += f", left {duration_text(each * (self.total - self.done))}"
        columns = shutil.get_terminal_size().columns
        print("\r" + text[:max(columns - 1, 1)] + "\x1b[K", end="", file=sys.stderr, flush=True)

    def step(self):
        """One piece is done."""
        self.done += 1
        self.tell()

    def finish(self):
        """Wipe the line."""
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
