"""Transformations by lines of text: saved tensors, functional, forward mode, torch.func, vmap."""

import pytest

from autograd_programs import compare_line, lines
from compare import ours


@lines("autograd_saved")
def test_saved(line):
    compare_line(line)


@lines("autograd_functional")
def test_functional(line):
    compare_line(line)


@lines("autograd_func")
def test_func(line):
    compare_line(line)


@lines("autograd_vmap")
def test_vmap(line):
    compare_line(line)


@pytest.mark.skipif(not hasattr(ours, "nn"), reason="waits for torch.nn")
@lines("autograd_modules")
def test_modules(line):
    compare_line(line)
