"""params/reference.md is what the program says of its entries."""
import difflib

from nidus_run import SOURCE, must, must_end, nidus_alone

RENEW = "build/release/nidus parameters --format markdown > params/reference.md"


def main():
    process = nidus_alone(["parameters", "--format", "markdown"])
    must_end(process, 0)
    kept = (SOURCE / "params/reference.md").read_text()
    difference = list(difflib.unified_diff(kept.splitlines(), process.stdout.splitlines(), "params/reference.md",
                                           "nidus parameters", lineterm="", n=0))
    must(not difference, "params/reference.md is not what the program says. Renew it: " + RENEW + "\n" +
         "\n".join(difference[:20]))
    must(RENEW in kept, "the reference does not say how to renew it")
    must(len([line for line in kept.splitlines() if line.startswith("| ")]) > 200, "entries are missing")


main()
