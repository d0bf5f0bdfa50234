"""Checks that no room of the solver includes a room that comes later in the order of the house."""
import pathlib
import re
import sys

# Rooms of one level do not include each other.
LEVELS = [["control"], ["organ"], ["fields", "agents", "systemic"], ["coupling", "sub_models"], ["observables"], ["io"], ["calibration"],
          ["."]]
LEVEL_OF = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}


def room_of(path, solver):
    relative = path.relative_to(solver)
    return relative.parts[0] if len(relative.parts) > 1 else "."


def faults(solver):
    found = []
    files = sorted(p for p in solver.rglob("*") if p.suffix in (".h", ".cc"))
    for path in files:
        room = room_of(path, solver)
        if room not in LEVEL_OF:
            found.append(f"{path}: room '{room}' is not in the order of the house")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'\s*#include "([^"]+)"', line)
            if not match:
                continue
            target = match.group(1).split("/")[0] if "/" in match.group(1) else "."
            if target != room and LEVEL_OF.get(target, 99) >= LEVEL_OF[room]:
                found.append(f"{path}:{number}: '{room}' must not include '{match.group(1)}'")
    return found, len(files)


def main():
    found, n_files = faults(pathlib.Path(sys.argv[1]))
    if n_files < 20:
        found.append(f"only {n_files} files seen: the check looks in the wrong place")
    print("\n".join(found) or f"{n_files} files keep the order of the house")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
