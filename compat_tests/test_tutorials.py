"""Each tutorial prints the same text under jtorch as under real PyTorch, to the character."""

import pathlib

import pytest

from processes import ROOT, jtorch, python

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


def test_the_comparison_shows_the_lines_that_differ(tmp_path):
    (tmp_path / "same.py").write_text("import sys; print('one'); print(sys.argv[1:])")
    (tmp_path / "other.py").write_text(
        "import sys\nprint('one')\nprint('alias' if 'jtorch' in sys.modules else 'real')\n"
        "if 'jtorch' in sys.modules:\n    sys.exit(3)\nprint('three')"
    )
    compare = ROOT / "scripts" / "compare"

    same = python(compare, "--show", "same.py", "-x", folder=tmp_path)
    other = python(compare, "other.py", folder=tmp_path)

    assert same.returncode == 0
    assert same.stdout.startswith("one\n['-x']\n== jtorch:  2 lines, exit status 0, ")
    assert same.stdout.endswith("== the same, to the character\n")
    assert other.returncode == 1
    rows = [line.split() for line in other.stdout.splitlines()]
    assert rows[1:3] == [["2", "alias", "|", "real"], ["3", ">", "three"]]
    assert "jtorch:  2 lines, exit status 3" in other.stdout
    assert other.stdout.endswith("== NOT the same: 2 lines differ\n")
