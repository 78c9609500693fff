"""Corner values per family: NaN, infinities, empty, 0-dim, bool; beyond 4,096 elements too.

Compilers lose NaN in long maxima and have sorting orders of their own; that is looked at here at
the sizes where it happens.  Whole numbers have a file of their own.
"""

import numpy as np
import pytest

from compare import both, make, sampled, words

NAN, INF = float("nan"), float("inf")
SIZES = (7, 5000)


def long_values(size, place, seed=3, dtype=np.float32):
    """Distinct numbers with one NaN at a relative place, or none where `place` is None."""
    values = (np.random.default_rng(seed).permutation(size) - size // 2).astype(dtype)
    if place is not None:
        values[int(place * (size - 1))] = NAN
    return values


EXTREMES = {
    "max": lambda m, x: x.max(),
    "min": lambda m, x: x.min(),
    "amax": lambda m, x: x.amax(),
    "amin": lambda m, x: x.amin(0),
    "max dim": lambda m, x: x.max(0),
    "min dim": lambda m, x: x.min(0),
    "argmax": lambda m, x: x.argmax(),
    "argmin": lambda m, x: x.argmin(0),
    "sort": lambda m, x: x.sort(),
    "sort down": lambda m, x: x.sort(descending=True),
    "argsort": lambda m, x: x.argsort(),
    "topk": lambda m, x: x.topk(3),
    "kthvalue": lambda m, x: x.kthvalue(2),
    "median": lambda m, x: x.median(),
    "median dim": lambda m, x: x.median(0),
    "nanmedian": lambda m, x: x.nanmedian(),
    "cummax": lambda m, x: x.cummax(0),
    "cummin": lambda m, x: x.cummin(0),
    "aminmax": lambda m, x: x.aminmax(),
    "maximum": lambda m, x: m.maximum(x, x.flip(0)),
    "fmax": lambda m, x: m.fmax(x, x.flip(0)),
    "clamp": lambda m, x: x.clamp(-2, 2),
    "relu": lambda m, x: x.relu(),
    "logsumexp": lambda m, x: x.logsumexp(0),
    "softmax": lambda m, x: x.softmax(0),
    "sum": lambda m, x: x.sum(),
    "nansum": lambda m, x: x.nansum(),
    "norm": lambda m, x: x.norm(INF),
    "any": lambda m, x: x.any(),
    "quantile": lambda m, x: x.quantile(0.5),
    "unique": lambda m, x: x.unique(),
    "histc": lambda m, x: x.nan_to_num(0.0).histc(4, -3, 3),
    "searchsorted": lambda m, x: m.searchsorted(x.nan_to_num(0.0).sort()[0], x),
    "nonzero": lambda m, x: x.nonzero(),
    "cumsum": lambda m, x: x.cumsum(0),
    "cumprod": lambda m, x: (x.sign() * 1.0).cumprod(0),
}


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [None, 0.0, 0.5, 1.0])
def test_order_with_nan(name, size, place):
    values = long_values(size, place)
    both(
        lambda m: EXTREMES[name](m, m.tensor(values)),
        tolerance=(2e-5, 1e-5) if "sum" in name else None,
    )


ALONG_ROWS = ["max dim", "min dim", "sort", "median dim", "cummax", "amin", "argmin", "topk"]


@pytest.mark.parametrize("name", ALONG_ROWS)
def test_order_with_nan_in_rows(name):
    """A matrix with a NaN in some columns only, 5,000 rows, through strides."""
    # No two columns have a number in common, so no order is open in either direction.
    columns = [
        long_values(5000, place, seed) + 0.25 * seed for seed, place in enumerate((None, 0.3, 1.0))
    ]
    values = np.stack(columns, 1)
    both(lambda m: EXTREMES[name](m, m.tensor(values)))
    both(lambda m: EXTREMES[name](m, m.tensor(values).t()[:, ::2]))


@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16", "int64", "uint8", "bool"])
@pytest.mark.parametrize("name", ["max", "argmin", "sort", "median", "cummax", "max dim"])
def test_order_of_other_dtypes(name, dtype):
    """Ties are many in narrow dtypes, so only what a tie does not change is asked for."""
    values = long_values(5000, 0.5 if dtype.startswith(("float", "bfloat")) else None)
    unique = dtype in ("float64", "int64")

    def call(module):
        result = EXTREMES[name](module, make(module, values if unique else values % 50, dtype))
        return result if unique or not isinstance(result, tuple) else result[0]

    both(call)


@pytest.mark.parametrize("size", [5, 5000])
def test_ties_take_torch_places(size):
    values = np.zeros(size, dtype=np.float32)
    values[size // 2 :] = 1
    both(lambda m: [m.tensor(values).argmax(), m.tensor(values).argmin(), m.tensor(values).max(0)])
    both(lambda m: [m.tensor(values).cummax(0), m.tensor(values).sort(stable=True)])


SPECIAL = [NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0e38, -3.0e38, 1e-30]
UNARY = words(
    """
    abs neg exp exp2 expm1 log log2 log10 log1p sqrt rsqrt square reciprocal sin cos tan asin acos
    atan sinh cosh tanh asinh acosh atanh sigmoid erf erfc erfinv lgamma digamma ceil floor round
    trunc frac sign signbit isnan isinf isfinite isposinf isneginf nan_to_num relu logit i0 sinc
    deg2rad logical_not
    """
)


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_special_values(name, dtype):
    both(lambda m: getattr(m, name)(m.tensor(SPECIAL, dtype=getattr(m, dtype))))


@pytest.mark.parametrize(
    "name",
    [
        "abs",
        "neg",
        "ceil",
        "floor",
        "round",
        "trunc",
        "sign",
        "sqrt",
        "sin",
        "relu",
        "square",
        "reciprocal",
    ],
)
def test_sign_of_zero(name):
    both(lambda m: getattr(m, name)(m.tensor([0.0, -0.0, 0.3, -0.3])), signed_zero=True)


BINARY = words(
    """
    add sub mul div pow atan2 fmod remainder maximum minimum fmax fmin copysign hypot logaddexp
    xlogy floor_divide heaviside nextafter eq lt ge logical_and logical_xor isclose
    """
)


@pytest.mark.parametrize("name", BINARY)
def test_every_pair_of_special_values(name):
    """All 144 pairs at once."""
    left = np.repeat(np.array(SPECIAL, dtype=np.float32), len(SPECIAL))
    right = np.tile(np.array(SPECIAL, dtype=np.float32), len(SPECIAL))
    if name in ("fmod", "remainder"):
        # Where the quotient is past the range, torch's vector code and C's fmod differ.
        with np.errstate(all="ignore"):
            kept = ~(np.isfinite(left) & np.isfinite(right) & (abs(left / right) > 1e30))
        left, right = left[kept | (right == 0)], right[kept | (right == 0)]
    both(lambda m: getattr(m, name)(m.tensor(left), m.tensor(right)))


@pytest.mark.parametrize("mode", ["floor", "trunc"])
def test_rounded_division_of_special_values(mode):
    left = np.repeat(np.array(SPECIAL, dtype=np.float32), len(SPECIAL))
    right = np.tile(np.array(SPECIAL, dtype=np.float32), len(SPECIAL))
    both(lambda m: m.div(m.tensor(left), m.tensor(right), rounding_mode=mode))


BOOLS = words(
    """
    sum prod any all max min argmax cumsum cumprod sort unique logical_not bitwise_not mean mode
    median nonzero count_nonzero
    """
)


@pytest.mark.parametrize("name", BOOLS)
@pytest.mark.parametrize("size", SIZES)
def test_bools(name, size):
    values = np.arange(size) % 3 == 0

    def call(module):
        result = getattr(module, name)(
            module.tensor(values), *((0,) if name.startswith("cum") else ())
        )
        # Which of two equal elements comes first is not defined for these.
        return (
            result[0]
            if name in ("sort", "median", "mode") and isinstance(result, tuple)
            else result
        )

    both(call)


EMPTY = {
    "sum": lambda m, x: [x.sum(), x.sum(0), x.sum(-1)],
    "prod": lambda m, x: [x.prod(), x.prod(0)],
    "mean": lambda m, x: [x.mean(), x.mean(0)],
    "var": lambda m, x: [x.var(), x.std(0)],
    "max": lambda m, x: x.max(),
    "max dim": lambda m, x: x.max(0),
    "max other dim": lambda m, x: x.max(-1),
    "argmax": lambda m, x: x.argmax(),
    "amax": lambda m, x: x.amax(0),
    "median": lambda m, x: x.median(),
    "all": lambda m, x: [x.all(), x.any(), x.all(0)],
    "norm": lambda m, x: [x.norm(), x.norm(0)],
    "norm inf": lambda m, x: x.norm(INF),
    "logsumexp": lambda m, x: x.logsumexp(0),
    "cumsum": lambda m, x: [x.cumsum(0), x.cumprod(-1)],
    "cummax": lambda m, x: x.cummax(0),
    "softmax": lambda m, x: [x.softmax(0), x.log_softmax(-1)],
    "sort": lambda m, x: [x.sort(0), x.argsort()],
    "topk": lambda m, x: x.topk(0),
    "unique": lambda m, x: x.unique(),
    "nonzero": lambda m, x: x.nonzero(),
    "matmul": lambda m, x: x @ m.zeros(x.shape[-1], 3),
    "matmul other": lambda m, x: x.mT @ x,
    "cat": lambda m, x: m.cat([x, x]),
    "stack": lambda m, x: m.stack([x, x], 1),
    "pointwise": lambda m, x: [x + 1, x.exp(), x > 0],
    "flip": lambda m, x: [x.flip(0), x.roll(1), x.tile((2, 1))],
    "index": lambda m, x: [x[:, :1], x[m.zeros(0, dtype=m.int64)], x[x > 0]],
    "reshape": lambda m, x: [x.reshape(-1), x.flatten(), x.t()],
    "chunk": lambda m, x: [x.chunk(2), x.split(2)],
    "tolist": lambda m, x: [x.tolist(), x.numpy(), str(x)],
    "tril": lambda m, x: [x.tril(), x.diagonal()],
    "scatter": lambda m, x: x.scatter_add(0, m.zeros(0, 3, dtype=m.int64), m.zeros(0, 3)),
    "where": lambda m, x: m.where(x > 0, x, 1.0),
    "einsum": lambda m, x: m.einsum("ij,ij->i", x, x),
    "trace": lambda m, x: x.trace(),
    "histc": lambda m, x: x.histc(3),
    "bincount": lambda m, x: x.flatten().long().bincount(),
    "in place": lambda m, x: x.add_(1).zero_().fill_(3),
    "item": lambda m, x: x.item(),
}


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("shape", [(0, 3), (2, 0)])
def test_empty(name, shape):
    both(lambda m: EMPTY[name](m, m.zeros(shape)))


def test_zero_dim_results_and_operands():
    calls = [
        name
        for name in EMPTY
        if name not in ("tril", "index", "reshape", "matmul other", "trace", "matmul", "histc")
    ]
    for name in sampled(calls, 12, salt="0-d"):
        both(lambda m, name=name: EMPTY[name](m, m.tensor(2.5)))
    both(lambda m: [m.tensor(2.0) + m.tensor(3), m.tensor(2) * 1.5, m.tensor(True) + 1])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_overflow_and_rounding(dtype):
    values = [65504.0, 60000.0, 1e-7, 1.0009765625, -65504.0, 0.1]
    for name in (
        "exp",
        "square",
        "sqrt",
        "sigmoid",
        "tanh",
        "sum",
        "mean",
        "cumsum",
        "softmax",
        "log_softmax",
        "norm",
    ):
        arguments = (0,) if name in ("cumsum", "softmax", "log_softmax") else ()
        both(
            lambda m, name=name, a=arguments: getattr(m, name)(
                m.tensor(values, dtype=getattr(m, dtype)), *a
            )
        )
    both(lambda m: m.tensor(values, dtype=getattr(m, dtype)) * 2 + 1)


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_complex_corners(dtype):
    values = [
        0j,
        1 + 0j,
        -1 + 0j,
        1j,
        -1j,
        complex(3, -4),
        complex(INF, 0),
        complex(0, INF),
        complex(NAN, 0),
    ]
    for name in (
        "abs",
        "angle",
        "sgn",
        "conj",
        "real",
        "imag",
        "isnan",
        "isinf",
        "isfinite",
        "neg",
        "square",
    ):
        both(lambda m, name=name: getattr(m, name)(m.tensor(values, dtype=getattr(m, dtype))))
    finite = [complex(3, -4), complex(-0.5, 0.25), 1j, complex(2, 0)]
    for name in ("exp", "log", "sqrt", "sin", "tanh", "reciprocal", "sum", "prod", "mean"):
        both(lambda m, name=name: getattr(m, name)(m.tensor(finite, dtype=getattr(m, dtype))))


def test_long_sums_and_counts():
    """Past 2**24 a float32 counter stops; torch's sum goes in halves and does not."""
    ones = np.ones(20_000, dtype=np.float32)
    both(lambda m: [m.tensor(ones).sum(), m.tensor(ones).mean(), m.tensor(ones).cumsum(0)[-1]])
    both(lambda m: [m.tensor(ones > 0).sum(), m.tensor(ones).bool().sum(dtype=m.int32)])
    both(lambda m: m.full((5000,), 200, dtype=m.uint8).sum())
    both(lambda m: m.full((5000,), 100, dtype=m.int8).cumsum(0)[-1])
