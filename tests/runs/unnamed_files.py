"""Option files of PETSc that lie in the working folder but were not named do not reach a run."""
import pathlib
import tempfile

from nidus_run import SOURCE, must, must_end, nidus_alone


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name in (".petscrc", "petscrc"):
            (folder / name).write_text(f"-log_view :written_by_{name}\n")
        check = ["check", str(SOURCE / "params/quickstart.prm")]
        must_end(nidus_alone(check, folder), 0)
        must(sorted(path.name for path in folder.iterdir()) == [".petscrc", "petscrc"], f"written: {list(folder.iterdir())}")
        # What is on the command line does: the files above would have been heard.
        must_end(nidus_alone([*check, "--", "-options_file", "petscrc"], folder), 0)
        must((folder / "written_by_petscrc").exists(), f"not written: {list(folder.iterdir())}")
        print("unnamed option files are not read, named ones are")


main()
