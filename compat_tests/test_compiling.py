"""torch.compile and torch.jit: what they are given runs, and files of scripts are refused clearly."""

import pytest

from compare import SELF, ours
from nn_sessions import compare_part, sessions


@sessions("compiling")
def test_session(part):
    assert compare_part(part)


@pytest.mark.skipif(SELF, reason="torch writes scripts")
def test_files_of_scripts_are_refused(tmp_path):
    with pytest.raises(NotImplementedError, match=r"cannot write files of torch\.jit"):
        ours.jit.save(ours.nn.Linear(2, 3), tmp_path / "script.pt")
    with pytest.raises(NotImplementedError, match=r"cannot read files of torch\.jit"):
        ours.jit.load(tmp_path / "script.pt")
