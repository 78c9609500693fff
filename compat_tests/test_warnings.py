"""Warnings: the category, the text, how often, and the line that they name, as torch's.

Where torch names a line of its own, we name one of ours; only what is heard once may name the user's.
"""

import json
import pathlib

import pytest

from compare import ours, theirs
from expressions import FOLDER, lines_of
from heard_warnings import heard
from processes import python

PROGRAM = pathlib.Path(__file__).parent / "heard_warnings.py"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What each line is warned of, under torch and under jtorch."""
    answers, folder = {}, tmp_path_factory.mktemp("warnings")
    for name in (theirs.__name__, ours.__name__):
        done = python(PROGRAM, name, FOLDER / "warnings.txt", folder=folder)
        assert done.returncode == 0, done.stderr
        answers[name] = json.loads(done.stdout)
    return answers[theirs.__name__], answers[ours.__name__]


@pytest.mark.parametrize("line", lines_of("warnings"))
def test_warnings(found, line):
    (wanted, their_error, again), (got, error, our_again) = (each[line] for each in found)

    assert error == their_error
    assert [each[:2] for each in got] == [each[:2] for each in wanted]
    assert our_again == again
    for mine, their in zip(got, wanted, strict=True):
        assert mine[2] == their[2] or (their[2] is None and not again), (mine, their)


def test_most_lines_are_warned_about(found):
    silent = [line for line, (wanted, _, _) in found[0].items() if not wanted]

    assert len(found[0]) - len(silent) > 140
    assert len(silent) < 10


def test_a_module_of_the_user_is_named():
    """What a module of ours calls names that module; what a user's calls, the user's line."""
    program = (
        "class Loss(torch.nn.Module):\n"
        "    def forward(self, a, b):\n"
        "        return torch.nn.functional.mse_loss(a, b)\n"
        "Loss()(torch.ones(2, 1), torch.ones(2))\n"
        "torch.nn.MSELoss()(torch.ones(2, 1), torch.ones(2))\n"
    )
    warned, _ = heard(ours, program)

    assert warned == heard(theirs, program)[0]
    assert [each[2] for each in warned] == [3, None]


def test_a_place_can_be_missed(monkeypatch):
    line = "torch.ones(1).std()"
    assert heard(ours, line)[0][0][2] == 1
    monkeypatch.setattr("jtorch._messages._is_inner", lambda frame: False)
    assert heard(ours, line)[0][0][2] is None
