"""torch.utils.tensorboard: the events are those that torch writes; without the package, its error."""

import importlib.util
import pathlib

import pytest

from processes import jtorch, python

EVENTS = pathlib.Path(__file__).parent / "boards" / "events.py"
IS_INSTALLED = importlib.util.find_spec("tensorboard") is not None


def both(*arguments, folder):
    return python(*arguments, folder=folder), jtorch(*arguments, folder=folder)


@pytest.mark.skipif(not IS_INSTALLED, reason="tensorboard is not installed")
def test_events(tmp_path):
    theirs, ours = both(EVENTS, folder=tmp_path)

    assert theirs.returncode == 0, theirs.stderr
    assert ours.returncode == 0, ours.stderr
    assert ours.stdout.splitlines() == theirs.stdout.splitlines()


def test_without_the_package(tmp_path):
    code = "import sys; sys.modules['tensorboard'] = None\nimport torch.utils.tensorboard"
    theirs, ours = both("-c", code, folder=tmp_path)

    assert "tensorboard" in theirs.stderr.splitlines()[-1]
    assert (
        ours.stderr.splitlines()[-1].split(";")[0] == theirs.stderr.splitlines()[-1].split(";")[0]
    )
    assert ours.returncode == theirs.returncode == 1
