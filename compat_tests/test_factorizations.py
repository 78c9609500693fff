"""LDL, low-rank and iterative factorizations, and slopes of samples, compared with torch."""

import pytest

from expressions import lines_of
from operation_lines import compare_line, compare_together

MATRICES = (
    "A = torch.tensor([[4., 1, .5], [1, 3, -1], [.5, -1, 5]]) ;; "
    "B = torch.tensor([[0., 1, 2], [1, 0, 3], [2, 3, 0]]) ;; Z = torch.zeros(2, 2) ;; "
    "H = torch.tensor([[1 + 0j, 2 + 1j], [2 - 1j, -3]]) ;; "
)


@pytest.mark.parametrize("line", lines_of("ldl"))
def test_ldl(line):
    compare_line(MATRICES + line)


def test_ldl_compiled():
    chosen = [each.values[0] for each in lines_of("ldl") if "(8, 8" in each.values[0]]
    compare_together(["M=R(2,3,4,4,dtype='float64') ;; M=M+M.mT ;; f=torch.linalg.ldl_factor(M) ;; "
                      "[*f, torch.linalg.ldl_solve(*f,R(3,4,2,dtype='float64'))]", *chosen[:2]])  # fmt: skip


def test_ldl_of_a_larger_matrix():
    """LAPACK goes on by blocks of columns there."""
    compare_line(
        "M = R(90, 90, dtype='float64') ;; M = M + M.mT ;; f = torch.linalg.ldl_factor(M) ;; "
        "[f.pivots, torch.linalg.ldl_solve(*f, R(90, 2, dtype='float64'))]",
        tolerance=(1e-7, 1e-7),
    )


@pytest.mark.parametrize("line", lines_of("gradient"))
def test_gradient(line):
    compare_line(line)


def test_gradient_compiled():
    chosen = [each.values[0] for each in lines_of("gradient") if "edge_order=2)" in each.values[0]]
    compare_together([line for line in chosen if "half" not in line and "names" not in line])


@pytest.mark.parametrize("line", lines_of("low_rank"))
def test_low_rank(line):
    compare_line(line)
