"""A chapter as a process of its own, in a folder and with an environment that it can work in."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import cifar_files
from benchmarks import machine
from reporting.states import DIFFERS, NOT_RUN, SAME

TESTS = machine.ROOT / "compat_tests"
# Both sides import torchvision, whatever PyTorch it was compiled for: see real_torchvision.py.
SITE = f"""
import sys
sys.path.append({str(TESTS)!r})
import real_torchvision
real_torchvision.mend()
sys.path.pop()
"""


def run_program(path, where=None):
    """What `jtorch compare` finds of one program, with its outputs, as plain data.

    It runs in the folder `where`, or in an empty one that has the pictures it may ask for.
    """
    with tempfile.TemporaryDirectory(prefix="jtorch-report-") as name:
        folder = pathlib.Path(name)
        written = folder / "found.json"
        environment = prepared(path, folder)
        command = [sys.executable, "-m", "reporting.chapter", path.resolve(), written]
        done = subprocess.run(command, cwd=where or folder / "run", env=environment)
        if not written.exists():
            return {
                "program": path.name, "title": "", "verdict": "could not run",
                "problem": f"the comparison itself ended with exit status {done.returncode}",
                "threads": environment["OMP_NUM_THREADS"],
            }  # fmt: skip
        found = json.loads(written.read_text(encoding="utf-8"))
        return {**found, "threads": environment["OMP_NUM_THREADS"]}


def prepared(path, folder):
    """Makes a folder to run in, with the pictures that a program asks for; its environment."""
    (folder / "run").mkdir()
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    if "cifar" in path.stem:
        cifar_files.write(folder / "run" / "data")
    paths = [folder / "site", machine.ROOT, machine.ROOT / "scripts", os.environ.get("PYTHONPATH")]
    return {
        "OMP_NUM_THREADS": "1",  # else torch's last digits depend on the machine
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(each) for each in paths if each),
    }


def state_of(found):
    """The state of a chapter. Where both sides fail alike, nothing was shown to be the same."""
    if found.get("problem") or both_failed(found):
        return NOT_RUN
    return DIFFERS if found["verdict"] == "different" else SAME


def both_failed(found):
    return bool(found["jtorch"]["status"] and found["torch"]["status"])


def in_words(found):
    """What became of a chapter, in a few words."""
    if found.get("problem"):
        return f"could not run: {found['problem']}"
    if both_failed(found):
        error = found["torch"]["exception"] or {"class": "an error", "text": ""}
        return f"both sides end with {error['class'].removeprefix('builtins.')}: {error['text']}"
    if found["verdict"] == "same within tolerance" and found["output"] == "same text":
        return "same text, tensors within tolerance"
    return {"same": "the same"}.get(found["verdict"], found["verdict"])
