"""Bessel and Airy functions and orthogonal polynomials of torch.special, compared with torch."""

import pytest

from compare import assert_same, ours
from jtorch._config import settings
from operation_lines import compare_line, compare_together

BESSEL = (
    "airy_ai", "bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1", "modified_bessel_i0",
    "modified_bessel_i1", "modified_bessel_k0", "modified_bessel_k1", "scaled_modified_bessel_k0",
    "scaled_modified_bessel_k1", "spherical_bessel_j0",
)  # fmt: skip
POLYNOMIALS = (
    "chebyshev_polynomial_t", "chebyshev_polynomial_u", "chebyshev_polynomial_v",
    "chebyshev_polynomial_w", "hermite_polynomial_h", "hermite_polynomial_he",
    "laguerre_polynomial_l", "legendre_polynomial_p", "shifted_chebyshev_polynomial_t",
    "shifted_chebyshev_polynomial_u", "shifted_chebyshev_polynomial_v",
    "shifted_chebyshev_polynomial_w",
)  # fmt: skip
VALUES = (
    "(torch.linspace(-13, 13, 300, dtype=torch.float64))",
    "(torch.linspace(-13, 13, 300))",
    "(torch.logspace(-12, 2.5, 60, dtype=torch.float64))",
)
CALLS = (
    "(torch.tensor([np.nan, np.inf, -np.inf, 0., -0., -1., 1., 1e-30, 700.]))",
    "(torch.tensor(2))",
    "(torch.tensor(True))",
    "(torch.arange(5, dtype=torch.int8))",
    "(torch.zeros(0, 3))",
    "(R(3, 4).t())",
    "(R(2, dtype='float16'))",
    "(R(2, dtype='bfloat16'))",
    "(R(2, dtype='complex64'))",
    "(R(1, grad=True)).requires_grad",
    "(R(2, dtype='float64'), out=torch.zeros(2))",
    "(R(2), out=torch.zeros(2, dtype=torch.int64))",
    "(x=R(2))",
    "(input=R(2))",
    "(1.)",
    "()",
    "(R(2), R(2))",
    ".__name__",
)
DEGREES = ("-1", "0", "1", "2", "5", "7", "9", "12", "2.9", "-0.5", "np.nan", "np.inf", "-np.inf")
# where single precision is enough: torch's formulas lose digits in higher degrees
GRID = "(torch.linspace(-1.3, 1.3, 24, dtype=torch.{}).unsqueeze(1), torch.arange(-1, {}))"
DEGREE_CALLS = (
    "(torch.tensor([2]), torch.tensor([3]))",
    "(2., torch.tensor([3]))",
    "(2, torch.tensor([3.], dtype=torch.float64))",
    "(torch.tensor([2.]), 3)",
    "(torch.tensor([True]), 2)",
    "(R(2), True)",
    "(x=R(2), n=2)",
    "(torch.zeros(0, 3), 2)",
    "(R(2, grad=True), 3).requires_grad",
    "(R(2, dtype='float64'), 2, out=torch.zeros(2))",
    "(R(2), 2, out=torch.zeros(2, dtype=torch.int64))",
    "(R(2), 2, out=torch.zeros(3))",
    "(R(2), torch.ones(3))",
    "(R(2, dtype='float16'), 2)",
    "(R(2, dtype='complex64'), 2)",
    "(R(2), 2j)",
    "(2., 3)",
    "(R(2))",
    "(input=R(2), n=2)",
    ".__name__",
)


@pytest.mark.parametrize("name", BESSEL)
def test_bessel(name):
    for arguments in (*VALUES, *CALLS):
        compare_line(f"torch.special.{name}{arguments}")


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_polynomials(name):
    corners = "torch.tensor([np.inf, -np.inf, 0., -0., -1., 1., 0.3, -0.7, 1.5])"
    for arguments in (
        GRID.format("float64", 30),
        GRID.format("float32", 7),
        f"({corners}.double(), 600)",
        *(f"({corners}, {degree})" for degree in DEGREES),
        *DEGREE_CALLS,
    ):
        compare_line(f"torch.special.{name}{arguments}")


def test_nan_stays_nan():
    """Where torch returns what it has never written."""
    for name in POLYNOMIALS:
        line = f"torch.special.{name}(torch.tensor([np.nan]), torch.tensor([1.]))"
        compare_line(line)


def test_compiled():
    compare_together(
        [f"torch.special.{name}{VALUES[place % 3]}" for place, name in enumerate(BESSEL)]
        + [f"torch.special.{name}{GRID.format('float64', 12)}" for name in POLYNOMIALS]
    )


def test_under_transforms():
    """Results without gradients; loops that end at different times; warnings of torch's own."""
    for line in (
        "x = R(3, grad=True) ;; (x * torch.special.legendre_polynomial_p(x, 4)).sum().backward() ;; x.grad",
        "torch.special.laguerre_polynomial_l(R(3), 2).detach().requires_grad_().grad_fn",
        "torch.func.vmap(torch.special.bessel_j1)(R(3, 2))",
    ):
        compare_line(line)


@pytest.mark.parametrize("executor", ["host", "xla"])
def test_batches_of_loops(executor):
    """Under vmap the loops of a batch end at different times."""
    before, settings.executor = settings.executor, executor
    try:
        batched = ours.func.vmap(ours.special.laguerre_polynomial_l)
        x, degrees = ours.tensor([0.3, -1.0, 2.0]), ours.tensor([1.0, 4.0, 6.0])
        assert_same(batched(x, degrees), ours.special.laguerre_polynomial_l(x, degrees))
    finally:
        settings.executor = before
