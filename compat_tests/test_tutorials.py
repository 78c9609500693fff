"""Each tutorial prints the same text under jtorch as under real PyTorch, to the character.

`jtorch compare` runs them, and says that the tensors they leave are the same, too.
"""

import json
import os
import pathlib

import pytest

import cifar_files
from jtorch._compare import command
from processes import jtorch, python

FOLDER = pathlib.Path(__file__).parent / "tutorials"
TUTORIALS = sorted(FOLDER.glob("*.py"))

# For processes of both sides, before they run anything: see real_torchvision.py.
SITE = f"""
import sys
sys.path.append({str(FOLDER.parent)!r})
import real_torchvision
real_torchvision.mend()
sys.path.pop()
"""


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_tutorial(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # many processes on few cores
    monkeypatch.setenv("JTORCH_EXECUTOR", "")
    if "cifar" in path.stem:
        cifar_files.write(tmp_path / "data")
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "sitecustomize.py").write_text(SITE)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"), prepend=os.pathsep)

    status = command.main(["--json", "found.json", str(path)])

    (found,) = json.loads((tmp_path / "found.json").read_text())["programs"]
    assert status == 0, capsys.readouterr().out
    assert found["output"] == "same text"
    assert found["cells"][0]["same"] > 10 and not found["different"]
    assert found["jtorch"]["status"] == found["torch"]["status"] == 0
    assert found["jtorch"]["exception"] is None
    assert len(found["tensors"]) > 5


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
