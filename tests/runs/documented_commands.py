"""Commands in the documents work: cheap ones are run, shortened; of dear ones file, options and names are checked.

A fenced block is commands, a parameter file or a drawing; a command that this test does not know how to check fails it.
With --thorough the dear runs are done as well, for a few steps.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from nidus_run import PROGRAM, SOURCE, must, must_end, nidus, nidus_alone, settings

DOCUMENTS = ["README.md", "params/README.md", "solver/README.md", "meshes/README.md"]
BUILD = pathlib.Path(PROGRAM).parent
# What stands for the reader's own files, and for what is in them.
STAND_INS = {"FILE.prm": "params/quickstart.prm", "$PWD/labels.nii.gz": str(SOURCE / "meshes/organ_labels.nii.gz"),
             "$PWD/lung.msh": str(SOURCE / "meshes/ball.msh"), "parenchyma: 4": "parenchyma: 1"}
# Files that are run; the others take long.
CHEAP = {"quickstart.prm", "vessel_block.prm", "chemotaxis_device.prm"}
SHORT = settings(["Run/End time=240", "Output/Interval=240", "Output/Checkpoint interval=0"])
COMMAND = re.compile(r"(?:[A-Z_]+=\S+ )*(?:\./)?(scripts/\w+|(?:build/release/)?nidus|mpirun|ctest|cmake|touch|pvpython|cp|sbatch|docker|"
                     r"apptainer|spack|git|sudo|apt|cd|source|export)\b(?= |$)")


def blocks_and_spans(text):
    """Texts of fenced blocks and of inline code."""
    # Blocks of Python are executed by the tests of what they show.
    fenced = [block for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.S | re.M) if language != "python"]
    rest = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.S | re.M)
    return fenced, [span.replace("\n", " ") for span in re.findall(r"`([^`]+)`", rest)]


def is_drawing(block):
    return re.search(r"[|`]- ", block) is not None


def is_parameters(block):
    return re.match(r"\s*(?:#.*\s+)*(include|subsection|set) ", block) is not None


def commands_of(block, place):
    for line in re.sub(r"\\\n\s*", "", block).splitlines():
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        if line:
            must(COMMAND.match(line), f"{place}: '{line}' is no command that this test knows")
            yield line


def documented():
    """(document, command) for each command, and (document, text) for each piece of a parameter file."""
    commands, parameters = [], []
    for name in DOCUMENTS:
        fenced, spans = blocks_and_spans((SOURCE / name).read_text())
        for block in fenced:
            if is_parameters(block):
                parameters.append((name, block))
            elif not is_drawing(block):
                commands += [(name, line) for line in commands_of(block, name)]
        # A word alone is a name, not a command.
        commands += [(name, span) for span in spans if COMMAND.match(span) and " " in span]
        for option in (span for span in spans if span.startswith("--set ") or span.startswith("--sweep ")):
            commands.append((name, "nidus check params/lung_block.prm " + option if option.startswith("--set ")
                             else "nidus run params/lung_block.prm " + option))
    return commands, parameters


def first_of_sweeps(words):
    """The options with the first value of each sweep."""
    result = []
    for option, value in zip(["", *words], words):
        if option == "--sweep":
            value = re.split(";" if ";" in value else ",", value)[0]
        result.append("--set" if value == "--sweep" else value)
    return result


class Checker:
    def __init__(self, thorough):
        self.thorough = thorough
        self.helps = {}
        self.done = set()

    def help_of(self, command):
        if command not in self.helps:
            process = subprocess.run([*command, "--help"], cwd=SOURCE, capture_output=True, text=True, timeout=60,
                                     stdin=subprocess.DEVNULL)
            must(process.returncode == 0, f"{' '.join(command)} --help ends with {process.returncode}: {process.stderr}")
            self.helps[command] = process.stdout
        return self.helps[command]

    def options_exist(self, command, words, place):
        for option in (word for word in words if word.startswith("--") and word != "--"):
            must(option in self.help_of(command), f"{place}: {' '.join(command)} has no option {option}")

    def check(self, place, text):
        """Checks one command; TEXT may hold '[optional parts]', of which the options are looked up."""
        optional = " ".join(re.findall(r"\[([^\]]*)\]", text))
        words = shlex.split(re.sub(r"\[[^\]]*\]| > \S+$", "", text))
        while re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)
        if words[0] == "mpirun":
            words = words[3:]
        tool = re.sub(r"^(\./|build/release/)", "", words[0])
        if tool == "nidus":
            self.check_nidus(place, words[1:], shlex.split(optional))
        elif tool == "ctest":
            self.check_ctest(place, words)
        elif tool == "cmake":
            self.check_cmake(place, words)
        elif tool == "touch":
            must(words[1].endswith("/stop"), f"{place}: {text}")
        elif tool == "sbatch":
            self.check_files(place, [word for word in words[1:] if not word.startswith("-")])
        elif tool == "pvpython":
            # ParaView is seldom where VTK is: its options are looked up in the script.
            script = next(number for number, word in enumerate(words) if word.startswith("scripts/"))
            self.check_files(place, [words[script]])
            source = (SOURCE / words[script]).read_text()
            for option in (word for word in words[script:] if word.startswith("--")):
                must(f'"{option}"' in source, f"{place}: {words[script]} has no option {option}")
        elif tool.startswith("scripts/"):
            self.check_script(place, tool, words[1:])
        else:
            must(False, f"{place}: '{text}' is no command that this test knows")

    def check_nidus(self, place, words, optional=()):
        own = words[:words.index("--")] if "--" in words else words
        if len(own) == 1 and own[0] in ("check", "run", "mesh", "parameters"):
            return
        self.options_exist((PROGRAM, own[0]) if not own[0].startswith("--") else (PROGRAM,), [*own, *optional], place)
        if own[0] in ("calibrate", "evaluate"):
            file = own[1].replace("FILE.prm", "params/calibrate_device.prm")
            must_end(nidus_alone(["check", str(SOURCE / file)]), 0)
        elif own[0] in ("run", "check", "mesh"):
            self.start(place, [self.stand_in(word) for word in own])
        elif not own[0].startswith("--"):
            must_end(nidus_alone([*own]), 0)

    def stand_in(self, word):
        for name, stand_in in STAND_INS.items():
            word = word.replace(name, stand_in)
        return word

    def start(self, place, words):
        file = SOURCE / words[1]
        must(file.is_file(), f"{place}: {words[1]} is not there")
        dear = file.name not in CHEAP
        if tuple(words) in self.done or "--resume" in words:
            return
        self.done.add(tuple(words))
        # Every file that is shipped is checked by another test.
        if dear and not self.thorough and "--set" not in words and "--sweep" not in words:
            return
        with tempfile.TemporaryDirectory() as folder:
            arguments = [words[0], str(file), *words[2:]]
            if words[0] == "run" and dear and not self.thorough:
                arguments = ["check", str(file), *first_of_sweeps(words[2:])]
            elif words[0] == "run":
                arguments += SHORT
                if "--replicates" in arguments:
                    arguments[arguments.index("--replicates") + 1] = "2"
            if arguments[0] != "check" and "--output" not in arguments:
                arguments += ["--output", "out"]
            print(f"{place}: nidus {' '.join(arguments)}", flush=True)
            must_end(nidus(arguments, 2 if "--replicates" in arguments else 1, folder), 0)

    def check_files(self, place, words):
        """A job for a queue, which is not here: the script and what it is given must be there."""
        must(words, f"{place}: a job without a script")
        for word in words:
            must((SOURCE / word).is_file(), f"{place}: {word} is not there")

    def check_ctest(self, place, words):
        if "-R" not in words or words[words.index("-R") + 1] == "NAME":
            return
        process = subprocess.run(["ctest", "--test-dir", str(BUILD), "-N", *words[words.index("-R"):]], capture_output=True,
                                 text=True, timeout=60, check=False)
        found = re.search(r"Total Tests: (\d+)", process.stdout)
        must(found and int(found.group(1)) > 0, f"{place}: {' '.join(words)} finds no test")

    def check_cmake(self, place, words):
        if "--target" in words:
            target = words[words.index("--target") + 1]
            process = subprocess.run(["cmake", "--build", str(BUILD), "--target", "help"], capture_output=True, text=True,
                                     timeout=60, check=False)
            must(re.search(rf"\b{target}\b", process.stdout), f"{place}: there is no target {target}")
        elif "--preset" in words:
            must(f'"{words[words.index("--preset") + 1]}"' in (SOURCE / "CMakePresets.json").read_text(), f"{place}: {words}")

    def check_script(self, place, tool, words):
        script = SOURCE / tool
        must(script.is_file(), f"{place}: {tool} is not there")
        if tool == "scripts/run" and words:
            verb = "calibrate" if pathlib.Path(words[0]).name.startswith("calibrate") else "run"
            self.check_nidus(place, [verb, *words])
        elif tool == "scripts/benchmark" and words:
            source = SOURCE / f"tests/benchmarks/{words[0]}.cc"
            must(source.is_file(), f"{place}: there is no benchmark {words[0]}")
            for option in words[1:]:
                must(f'"{option}"' in source.read_text(), f"{place}: benchmark {words[0]} has no option {option}")
        else:
            self.options_exist((str(script),), words, place)


def check_parameters(place, text):
    """A piece of a parameter file, put beside the files that it includes."""
    with tempfile.TemporaryDirectory() as folder:
        own = text if "include" in text else "include quickstart.prm\n" + text
        (pathlib.Path(folder) / "piece.prm").write_text(own)
        process = nidus_alone(["check", "piece.prm"], folder)
        must(process.returncode == 0, f"{place}: {process.stderr}\n{text}")


def main():
    checker = Checker("--thorough" in sys.argv)
    commands, parameters = documented()
    must(len(commands) > 15 and parameters, f"only {len(commands)} commands were found")
    for place, command in commands:
        checker.check(place, command)
    for place, text in parameters:
        check_parameters(place, text)
    print(f"{len(commands)} commands and {len(parameters)} pieces of parameter files are as the documents say")


main()
