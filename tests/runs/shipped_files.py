"""Every parameter file that is shipped can be run, and the program's own reference can be printed in each format."""
import json
import pathlib
import tempfile

from nidus_run import SOURCE, must, must_end, nidus


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        files = sorted((SOURCE / "params").glob("*.prm"))
        must(len(files) >= 3, "no shipped files found")
        for file in files:
            process = nidus(["check", str(file)], 2, folder, timeout=600)
            must_end(process, 0)
            must("can be run" in process.stdout, process.stdout)
            print(f"{file.name}\n{process.stdout}")
        for form in ("prm", "json", "markdown"):
            process = nidus(["parameters", "--format", form], 1, folder)
            must_end(process, 0)
            text = process.stdout if form != "json" else str(json.loads(process.stdout))
            must("Diffusivity" in text and "um^2/min" in text, f"the reference as {form}")
        must(not list(folder.iterdir()), "check and parameters must not write anything")


main()
