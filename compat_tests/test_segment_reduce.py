"""torch.segment_reduce against torch, and its gradients."""

import itertools

import pytest

from expressions import lines_of
from operation_lines import compare_line, compare_together

# Ties, zeros and NaN, in segments of each kind.
DATA = "torch.tensor([3., 3, 1, 0, 2, float('nan'), 5, 0, 0, 1, 4], requires_grad=True)"
LENGTHS = "torch.tensor([3, 2, 2, 0, 3, 1])"
KINDS = ("sum", "mean", "max", "min", "prod")


@pytest.mark.parametrize("line", lines_of("segment_reduce"))
def test_line(line):
    compare_line(line)


@pytest.mark.parametrize(("kind", "initial"), list(itertools.product(KINDS, ("None", "3", "0."))))
def test_gradient(kind, initial):
    compare_line(
        f"x = {DATA} ;; r = torch.segment_reduce(x, '{kind}', lengths={LENGTHS}, "
        f"initial={initial}) ;; [r, names(r), *torch.autograd.grad(r, x, torch.arange(1., 7))]"
    )


def test_compiled():
    lines = [
        f"x = R(2, 5, 3, dtype='float64', grad=True) ;; r = torch.segment_reduce(x, '{kind}', "
        "offsets=torch.tensor([[0, 2, 5], [1, 1, 4]]), axis=1) ;; "
        "[r, *torch.autograd.grad(r, x, R(2, 2, 3, dtype='float64'))]"
        for kind in KINDS
    ]
    compare_together(lines)
    compare_together([f"torch.segment_reduce(R(6), '{kind}', lengths=torch.tensor([2, 3]))"
                      for kind in KINDS[:1]])  # fmt: skip
