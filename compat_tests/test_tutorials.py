"""Each tutorial prints the same text under jtorch as under real PyTorch, to the character."""

import pathlib

import pytest
from processes import jtorch, python

FOLDER = pathlib.Path(__file__).parent / "tutorials"
TUTORIALS = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_tutorial(path, tmp_path):
    theirs = python(path, folder=tmp_path)
    ours = jtorch(path, folder=tmp_path)

    assert theirs.returncode == 0, theirs.stderr
    assert ours.returncode == 0, ours.stderr
    assert ours.stdout.splitlines() == theirs.stdout.splitlines()
    assert ours.stdout == theirs.stdout
    assert theirs.stdout


def test_there_are_tutorials():
    assert TUTORIALS
