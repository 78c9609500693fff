"""The forms that operations have on TPUs alone give what numpy gives; here they run on the CPU."""

import functools

import jax
import numpy as np
import pytest

from compare import ours
from jtorch._ops import bits, convolution_bodies, convolution_parts
from jtorch._ops.convolution_geometry import Geometry, output_sizes
from jtorch._ops.convolution_roles import correlate
from jtorch._ops.division import quotient_in_parts
from jtorch._ops.product import _product_of_integers
from jtorch._ops.rotations import singular_by_rotations

assert jax.config.jax_enable_x64, ours  # importing jtorch turns it on

LEAST, MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
EDGES = [
    0, 1, 2, 3, 7, 1 << 24, (1 << 24) + 1, (1 << 31) - 1, 1 << 32, (1 << 53) + 1, 1 << 62, MOST,
    -1, -2, -7, -(1 << 31), -(1 << 53) - 1, -MOST, LEAST,
]  # fmt: skip


def _of_all_lengths(draw, count):
    """Integers with as many leading zeros as you like."""
    return draw.integers(LEAST, MOST, count) >> draw.integers(0, 63, count)


def test_quotients_of_integers():
    draw = np.random.default_rng(0)
    left = np.concatenate([np.repeat(EDGES, len(EDGES)), _of_all_lengths(draw, 50_000)])
    right = np.concatenate([np.tile(EDGES, len(EDGES)), _of_all_lengths(draw, 50_000)])
    left, right = left[right != 0], right[right != 0]

    got = np.asarray(jax.jit(quotient_in_parts)(left, right))

    # as Python has it, towards zero; the one quotient that does not fit comes round
    wanted = [abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1) for a, b in _pairs(left, right)]
    wanted = [each - (1 << 64) if each > MOST else each for each in wanted]
    assert got.tolist() == wanted


def _pairs(left, right):
    return zip(left.tolist(), right.tolist(), strict=True)


@pytest.mark.parametrize(
    "shapes", [((3,), (3,)), ((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)),
               ((5, 1, 2, 3), (4, 3, 2)), ((2, 0), (0, 3))]
)  # fmt: skip
def test_products_of_integers(shapes):
    draw = np.random.default_rng(1)
    left, right = (draw.integers(LEAST, MOST, shape) for shape in shapes)

    got = np.asarray(_product_of_integers(left, right))

    with np.errstate(over="ignore"):
        wanted = np.matmul(left, right)
    assert (got.shape, got.dtype) == (wanted.shape, wanted.dtype)
    assert (got == wanted).all()


KINDS = ("random", "of rank 1", "zero", "graded", "identity", "with twins")


def _matrix(kind, shape, dtype):
    draw = np.random.default_rng(2)
    A = draw.normal(size=shape) + (1j * draw.normal(size=shape) if dtype == "complex64" else 0)
    if kind == "of rank 1":
        A = A[..., :1] * A[..., :1, :]
    if kind == "zero":
        A = A * 0
    if kind == "graded":
        A = A * 10.0 ** np.linspace(-10 if dtype == "float64" else -4, 3, shape[-1])
    if kind == "identity":
        A = np.broadcast_to(np.eye(*shape[-2:]), shape)
    if kind == "with twins":
        A = np.concatenate([A[..., :1], A[..., :-1]], -1)
    return A.astype(dtype)


@functools.cache
def _compiled(full):
    return jax.jit(functools.partial(singular_by_rotations, full=full))


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((1, 1), "float32"), ((2, 5, 5), "float32"), ((3, 7), "complex64"), ((20, 6), "float64"),
    ],
)  # fmt: skip
def test_singular_values(shape, dtype, full):
    for kind in KINDS:
        A = _matrix(kind, shape, dtype)
        U, S, Vh = map(np.asarray, _compiled(full)(A))
        wide = A.astype(np.complex128)
        wanted = np.linalg.svd(wide, full_matrices=full)
        count = S.shape[-1]
        errors = {
            "values": np.abs(S - wanted[1]).max() / max(wanted[1].max(), 1),
            "left": np.abs(_adjoint(U) @ U - np.eye(U.shape[-1])).max(),
            "right": np.abs(Vh @ _adjoint(Vh) - np.eye(Vh.shape[-2])).max(),
            "product": np.abs(U[..., :count] * S[..., None, :] @ Vh[..., :count, :] - A).max()
            / max(wanted[1].max(), 1),
        }
        assert (U.shape, S.shape, Vh.shape) == tuple(each.shape for each in wanted)
        assert max(errors.values()) < 60 * np.finfo(dtype).eps, (kind, errors)


def _adjoint(array):
    return np.conj(np.swapaxes(array, -1, -2))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_bits(dtype):
    draw = np.random.default_rng(3)
    sizes = 10.0 ** draw.integers(-300 if dtype == "float64" else -37, 30, 1000)
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, -np.nan, 1.0, -0.5, 2.0]
    x = np.concatenate([draw.normal(size=1000) * sizes, special]).astype(dtype)

    mantissa, exponent = map(np.asarray, bits.mantissa_and_exponent(x))
    finite = np.isfinite(x)
    wanted = np.frexp(x)
    assert np.array_equal(mantissa, wanted[0], equal_nan=True)
    assert np.array_equal(exponent[finite], wanted[1][finite])
    assert not exponent[~finite].any()
    assert np.array_equal(bits.is_negative(x), np.signbit(x))
    copied = np.asarray(bits.with_sign_of(x, x[::-1]))
    assert np.array_equal(copied, np.copysign(x, x[::-1]), equal_nan=True)
    assert np.array_equal(np.signbit(copied), np.signbit(x[::-1]))


# The weight's gradient of a convolution

SMALL = ((11, 9), (3, 2), (2, 1), (1, 0), (1, 2))  # size, kernel, stride, padding, dilation


def _geometry(size, kernel, stride, padding, dilation):
    outputs = output_sizes(size, kernel, stride, padding, dilation)
    return Geometry(size, kernel, outputs, stride, padding, dilation, 1)


def _correlated(precision, input, gradient, geometry):
    with jax.default_matmul_precision(precision):
        assert convolution_parts.suits(input, gradient, geometry)
        body = functools.partial(convolution_parts.weight_parts, geometry=geometry)
        return np.asarray(jax.jit(body)(input, gradient))


@pytest.mark.parametrize(("precision", "error"), [("highest", 2.0**-21), ("high", 2.0**-15)])
@pytest.mark.parametrize("sizes", [SMALL, ((12, 12), (5, 5), (1, 1), (0, 0), (1, 1))])
def test_gradient_of_a_weight_in_parts(precision, error, sizes):
    geometry = _geometry(*sizes)
    draw = np.random.default_rng(4).normal
    input = (draw(size=(2, 3, *geometry.input)) * np.exp(3 * draw())).astype(np.float32)
    gradient = draw(size=(2, 4, *geometry.output)).astype(np.float32)

    got = _correlated(precision, input, gradient, geometry)

    wide = [each.astype(np.float64) for each in (input, gradient)]
    wanted = convolution_bodies.weight_library(*wide, geometry)
    sums = convolution_bodies.weight_library(*map(np.abs, wide), geometry)
    assert (got.shape, got.dtype) == (wanted.shape, np.float32)
    assert np.max(np.abs(got - wanted) / sums) < error


def test_what_is_not_finite_stays_so_in_parts():
    geometry = _geometry(*SMALL)
    input = np.ones((1, 2, *geometry.input), np.float32)
    gradient = np.ones((1, 2, *geometry.output), np.float32)
    input[0, 0, 4, 4], input[0, 1, 4, 4] = np.inf, np.finfo(np.float32).max
    gradient[0, 1, 0, 0] = np.array(0x7F800001, np.uint32).view(np.float32)  # a NaN of few bits

    got = _correlated("highest", input, gradient, geometry)

    wanted = np.asarray(convolution_bodies.weight_library(input, gradient, geometry))
    assert np.isinf(wanted).any()
    assert np.isnan(wanted[1]).all()
    assert np.allclose(got, wanted, rtol=1e-6, atol=0, equal_nan=True)


def test_who_computes_the_gradient_of_a_weight_in_parts():
    """A TPU for float32 that is to be exact, while it is small; no other platform."""

    def parts(platform, precision="highest", dtype="float32", count=2, channels=3, narrow=False):
        geometry = _geometry((12, 12), (5, 5), (1, 1), (0, 0), (1, 1))._replace(narrow=narrow)
        shapes = (count, channels, *geometry.input), (count, 4, *geometry.output)
        given = [jax.ShapeDtypeStruct(shape, dtype) for shape in shapes]
        with jax.default_matmul_precision(precision):
            traced = jax.jit(functools.partial(correlate, geometry=geometry)).trace(*given)
            return "bf16" in traced.lower(lowering_platforms=(platform,)).as_text()

    assert parts("tpu")
    assert parts("tpu", "high")
    assert not parts("tpu", "default")
    assert not parts("tpu", dtype="float64")
    assert not parts("tpu", narrow=True)
    assert not parts("tpu", count=1000)
    assert not parts("tpu", channels=16)
    assert not parts("cpu")
    assert not parts("cuda")
