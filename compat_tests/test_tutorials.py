"""Each tutorial prints the same text under jtorch as under real PyTorch, to the character."""

import pathlib

import pytest

import cifar_files
from processes import ROOT, jtorch, python

FOLDER = pathlib.Path(__file__).parent / "tutorials"
TUTORIALS = sorted(FOLDER.glob("*.py"))


REAL_TORCHVISION = pathlib.Path(__file__).with_name("real_torchvision.py")


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_tutorial(path, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # many processes on few cores
    pictures = "cifar" in path.stem
    if pictures:
        cifar_files.write(tmp_path / "data")
    theirs = python(*([REAL_TORCHVISION] if pictures else []), path, folder=tmp_path)
    ours = jtorch(path, folder=tmp_path)

    assert theirs.returncode == 0, theirs.stderr
    assert ours.returncode == 0, ours.stderr
    assert ours.stdout.splitlines() == theirs.stdout.splitlines()
    assert ours.stdout == theirs.stdout
    assert theirs.stdout


TRAINING = """
import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(1)
network = nn.Sequential(
    nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2, 2), nn.Conv2d(6, 16, 5), nn.ReLU(),
    nn.MaxPool2d(2, 2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
    nn.Linear(84, 10),
)
optimizer = torch.optim.SGD(network.parameters(), lr=0.005, momentum=0.9)
patterns = torch.randn(10, 3, 4, 4).repeat_interleave(8, 2).repeat_interleave(8, 3)
for step in range(200):
    labels = torch.randint(0, 10, (4,))
    pictures = 0.7 * patterns[labels] + torch.randn(4, 3, 32, 32)
    optimizer.zero_grad()
    loss = F.cross_entropy(network(pictures), labels)
    loss.backward()
    optimizer.step()
    print(repr(loss.item()))
"""


def test_losses_of_two_hundred_steps_are_the_same_to_four_digits(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    theirs, ours = python("-c", TRAINING, folder=tmp_path), jtorch("-c", TRAINING, folder=tmp_path)

    assert theirs.returncode == ours.returncode == 0, theirs.stderr + ours.stderr
    wanted, got = ([float(each) for each in done.stdout.split()] for done in (theirs, ours))
    assert len(wanted) == 200
    assert wanted[-1] < 0.5 * wanted[0]
    assert got == pytest.approx(wanted, rel=5e-4)


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
