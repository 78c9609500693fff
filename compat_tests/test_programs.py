"""Programs as users write them: they print what they print under PyTorch, and leave the same tensors.

Each has shown a mistake of ours once, or goes through much that other tests see one by one.
"""

import json
import pathlib

import pytest

from jtorch._compare import command

PROGRAMS = sorted((pathlib.Path(__file__).parent / "programs").glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # many processes on few cores
    monkeypatch.setenv("JTORCH_EXECUTOR", "")

    status = command.main(["--json", "found.json", str(path)])

    (found,) = json.loads((tmp_path / "found.json").read_text())["programs"]
    assert status == 0, capsys.readouterr().out
    assert found["output"] == "same text"
    assert not found["different"]
    assert found["jtorch"]["status"] == found["torch"]["status"] == 0
    assert found["cells"][0]["same"] > 10
    assert len(found["tensors"]) > 5
