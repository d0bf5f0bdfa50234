"""The parameters of a run: which differ from the defaults of the program, and what they rest on."""

import re
from dataclasses import dataclass
from pathlib import Path

DISPUTED = re.compile(r"contested|retract|disput", re.IGNORECASE)
SHIPPED = Path(__file__).resolve().parents[2] / "params"


@dataclass(frozen=True)
class Entry:
    """One entry of parameters.json; `source` and `confidence` are those of the default."""

    path: tuple
    value: str
    default: str
    text: str
    unit: str
    source: str
    confidence: str

    @property
    def differs(self):
        """Whether the value is not the default: '1e3' is '1000'."""
        if self.value == self.default:
            return False
        try:
            return float(self.value) != float(self.default)
        except ValueError:
            return True

    @property
    def tags(self):
        """Tags of sources, such as 'V5'."""
        return set(re.findall(r"\b[VC]\d+\b", " ".join(expanded(self.source))))


def expanded(source):
    """'[V5-V7]' as all its tags."""
    for first, last in re.findall(r"V(\d+)-V?(\d+)", source):
        yield " ".join(f"V{number}" for number in range(int(first), int(last) + 1))
    yield source


def parted(documentation):
    """(text, unit, source, confidence) of what the program says of an entry."""
    found = re.fullmatch(r"(.*?) ?Unit: (.*?)\.(?: Source: (.*?)\.)?(?: Confidence: (\w+)\.)?", documentation, re.DOTALL)
    if not found:
        return documentation, "", "", ""
    return tuple(part or "" for part in found.groups())


def entries(node, path=()):
    """All entries below `node` of parameters.json, in its order."""
    if isinstance(node.get("value"), str):
        yield Entry(path, node["value"], node.get("default_value", ""), *parted(node.get("documentation", "")))
        return
    for name, below in node.items():
        if isinstance(below, dict):
            yield from entries(below, (*path, name))


def disputed_sources():
    """{tag: what it is} of the sources that params/README.md marks as contested or retracted."""
    found = {}
    try:
        lines = (SHIPPED / "README.md").read_text(encoding="utf-8").splitlines()
    except OSError:
        return found
    for line in lines:
        row = re.fullmatch(r"\| (V\d+) \| (.*\*\*.*) \|", line)
        if row and any(DISPUTED.search(bold) for bold in re.findall(r"\*\*(.*?)\*\*", row[2])):
            found[row[1]] = row[2].replace("**", "")
    return found


def sentences_in_dispute(text):
    """Sentences of the comments of a parameter file that say that evidence is contested or retracted."""
    blocks, block = [], []
    for line in text.splitlines():
        comment = line.strip()
        if comment.startswith("#"):
            block.append(comment.lstrip("# "))
            continue
        blocks.append(" ".join(block))
        block = []
    blocks.append(" ".join(block))
    for block in blocks:
        for sentence in re.split(r"(?<=\.) (?=[A-Z])", block):
            if DISPUTED.search(sentence):
                yield sentence.strip()


def included_files(text, folder, missing):
    """[(name, text)] of the files that a parameter file includes, and that these include.

    Looked for in `folder`, beside the file, and among those that come with the program; a name that is found in
    neither goes to `missing`.
    """
    files = []
    for name in re.findall(r"^\s*include\s+(\S+)", text, re.MULTILINE):
        places = [place / name for place in (folder, SHIPPED) if (place / name).is_file()]
        if not places:
            missing.append(f"the included file {name} is not found, so what it says of its evidence is not shown")
            continue
        content = places[0].read_text(encoding="utf-8", errors="replace")
        files.append((name, content))
        files += included_files(content, places[0].parent, missing)
    return files


def disputes(record, all_entries):
    """[(where, what)]: contested or retracted evidence on which the run may rest."""
    found = []
    try:
        text = (record.folder / "input.prm").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
        record.missing.append("input.prm is not there, so what it says of its evidence is not shown")
    name = record.provenance.get("parameter_file", "input.prm")
    for file, content in [(Path(name).name, text), *included_files(text, Path(name).parent, record.missing)]:
        found += [(file, sentence) for sentence in sentences_in_dispute(content)]
    sources = disputed_sources()
    for entry in all_entries:
        if not entry.differs:
            continue
        where = "/".join(entry.path)
        if DISPUTED.search(entry.source):
            found.append((where, f"= {entry.value}; source: {entry.source}"))
        found += [(where, f"= {entry.value}; {tag}: {sources[tag]}") for tag in sorted(entry.tags & set(sources))]
    return list(dict.fromkeys(found))
