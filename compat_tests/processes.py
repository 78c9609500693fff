"""Programs started by tests, in processes of their own, under plain Python or under jtorch."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parent.parent
SECONDS = 300


def python(*arguments, folder, text=""):
    """Run `python ARGUMENTS` in `folder` with `text` on standard input."""
    environment = {
        **os.environ,
        "JTORCH_EXECUTOR": "",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env=environment,
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
    )


def jtorch(*arguments, folder, text=""):
    """Run `python -m jtorch ARGUMENTS` in `folder` with `text` on standard input."""
    return python("-m", "jtorch", *arguments, folder=folder, text=text)
