"""Samples of reductions and running reductions: sums, extremes, statistics, logic, quantiles."""

from samples.spec import A, S, T, V, row

NAN = float("nan")
INF = float("inf")
INEXACT = "the order of a long float sum is not torch's"


def along(*, integers=True, half=True, dims=True, empty=True, special=True, distinct=False):
    """The usual inputs of a reduction: all of it, one dim, several, kept dims, 0-d, empty."""
    how = {"distinct": distinct}
    samples = [
        S(T(2, 3, **how), 1),
        S(T(2, 3, **how)),
        S(T(2, 3, 4, **how), dim=-2),
        S(T(2, 3, 4, **how), dim=0, keepdim=True),
        S(T(3, 2, **how).t(), 0),
        S(T()),
        S(T(), 0),
        S(T(2, 3, dtype="float64", **how), 1),
    ]
    if dims:
        samples += [S(T(2, 3, 4), (0, 2)), S(T(2, 3, 4), dim=(-1, 1), keepdim=True)]
    if integers:
        samples += [S(T(2, 3, dtype="int64", **how), 1), S(T(2, 3, dtype="int32", **how), 0)]
        samples += [S(T(2, 3, dtype="uint8", **how), 1)]
    if half:
        samples += [S(T(2, 3, dtype="bfloat16", **how), 1), S(T(2, 3, dtype="float16", **how), 0)]
    if empty:
        samples += [S(T(3, 0), 1), S(T(0, 3), 1)]
    if special:
        samples += [S(T(3, 4, special=True), 1), S(V([[NAN, 1.0], [2.0, NAN]]), 0)]
    return samples


BAD_DIM = [S(T(2, 3), 2), S(T(2, 3), -3), S(T(2, 3), "text")]
TWICE = S(T(2, 3), (0, 0))
COMPLEX = [S(T(2, 3, dtype="complex64"), 1), S(T(2, 3, dtype="complex64"))]

SUMS = [
    row(
        "sum",
        along(),
        COMPLEX,
        S(T(2, 3, dtype="bool"), 1),
        S(T(2, 3), dtype=A("float64")),
        S(T(2, 3, dtype="int64"), 1, dtype=A("float32")),
        S(T(2, 3), dim=None),
        S(T(2, 3), ()),
        forms="fmo",
        errors=[*BAD_DIM, TWICE],
    ),
    row("nansum", along(), S(T(2, 3, dtype="bool"), 1), forms="fmo"),
    row(
        "mean",
        along(integers=False),
        COMPLEX,
        S(T(2, 3, dtype="int64"), 1, dtype=A("float32")),
        forms="fmo",
        errors=[*BAD_DIM, S(T(3, dtype="int64")), S(T(3, dtype="bool"), 0)],
    ),
    row("nanmean", along(integers=False), forms="fmo", errors=[S(T(3, dtype="int64"))]),
    row(
        "prod",
        along(dims=False),
        COMPLEX,
        S(T(2, 3, dtype="bool")),
        S(T(2, 3), 1, dtype=A("float64")),
        forms="fm",
        errors=BAD_DIM[:2],
    ),
    row(
        "count_nonzero",
        S(T(2, 3, dtype="int64")),
        S(T(2, 3, dtype="int64"), 1),
        S(T(2, 3, 4, dtype="bool"), (0, 2)),
        S(T()),
        S(T(0, 3), 0),
        S(T(2, 3, dtype="complex64")),
        errors=[S(T(2, 3), 5)],
    ),
    row(
        "trapezoid",
        S(T(2, 3)),
        S(T(2, 3), dx=0.5),
        S(T(2, 3), T(3)),
        S(T(2, 3), dim=0),
        forms="f",
        aliases=("trapz",),
    ),
    row("cumulative_trapezoid", S(T(2, 3)), S(T(2, 3), T(3)), S(T(2, 3), dx=2.0, dim=0), forms="f"),
]

VARIANCE = [sample for sample in along(integers=False) if sample.args[0].shape] + [
    S(T(2, 3), correction=0),
    S(T(2, 3), 1, correction=2),
    S(T(2, 3), 0, unbiased=False),
    S(T(2, 3), False),
    S(T(3, 1), 1),
]
SPREAD = [
    row(
        "std",
        VARIANCE,
        S(T()),
        S(T(2, 3, dtype="complex64"), 1),
        forms="fmo",
        errors=[S(T(3, dtype="int64")), S(T(2, 3), 2)],
    ),
    row(
        "var",
        VARIANCE,
        S(T()),
        S(T(2, 3, dtype="complex64"), 1),
        forms="fmo",
        errors=[S(T(3, dtype="int64")), S(T(2, 3), 2)],
    ),
    row(
        "std_mean",
        S(T(2, 3)),
        S(T(2, 3), 1),
        S(T(2, 3), 1, keepdim=True),
        S(T(2, 3), correction=0),
        S(T(3, 2).t(), 0),
        forms="f",
    ),
    row(
        "var_mean",
        S(T(2, 3)),
        S(T(2, 3), 1),
        S(T(2, 3), 1, keepdim=True),
        S(T(2, 3), correction=0),
        S(T(3, 2).t(), 0),
        forms="f",
    ),
]

EXTREME = [sample for sample in along(dims=False, empty=False, distinct=True)]
TIES = [S(V([[2.0, 1.0, 2.0], [3.0, 3.0, 3.0]]), 1), S(V([[1, 1], [0, 2]], "int64"), 0)]
EMPTY = [S(T(0)), S(T(3, 0), 1)]
EXTREMES = [
    row(
        name,
        EXTREME,
        TIES,
        S(T(2, 3), T(3)),
        S(T(2, 3, dtype="bool")),
        S(T(0, 3), 1),
        forms="fm",
        errors=[*EMPTY, *BAD_DIM[:2], S(T(3, dtype="complex64"))],
    )
    for name in ("max", "min")
]
EXTREMES += [
    row(
        name,
        EXTREME,
        S(T(2, 3, 4), (0, 2)),
        S(T(2, 3, dtype="bool"), 1),
        S(T(0, 3), 1),
        forms="fmo",
        errors=[*EMPTY, TWICE, S(T(3, dtype="complex64"))],
    )
    for name in ("amax", "amin")
]
EXTREMES += [
    row(
        "aminmax",
        S(T(2, 3)),
        S(T(2, 3), dim=1),
        S(T(2, 3), dim=0, keepdim=True),
        S(T(3, 2).t(), dim=1),
        S(T()),
        S(V([1.0, NAN])),
        S(T(2, 3, dtype="int64"), dim=1),
        errors=EMPTY[:1],
    ),
    row(
        "argmax",
        EXTREME,
        TIES,
        S(T(2, 3, dtype="int64")),
        forms="fmo",
        errors=[*EMPTY, *BAD_DIM[:2]],
    ),
    row(
        "argmin",
        EXTREME,
        TIES,
        S(T(2, 3, dtype="int64")),
        forms="fmo",
        errors=[*EMPTY, *BAD_DIM[:2]],
    ),
]

LOGIC = [
    row(
        name,
        along(special=False),
        S(T(2, 3, dtype="bool")),
        S(T(2, 3, dtype="bool"), 0),
        S(V([0.0, NAN])),
        S(T(3, dtype="complex64")),
        forms="fmo",
        errors=BAD_DIM[:2],
    )
    for name in ("all", "any")
]

NORMS = [
    row(
        "norm",
        S(T(2, 3)),
        S(T(2, 3), 2),
        S(T(2, 3), 1, 1),
        S(T(2, 3), INF, 0),
        S(T(2, 3), 0, 1),
        S(T(2, 3), p=3.0, dim=1, keepdim=True),
        S(T(2, 3), "fro"),
        S(T(2, 3), "fro", dim=(0, 1)),
        S(T(3, 2).t(), 2, 0),
        S(T(), 2),
        S(T(2, 3, dtype="float64"), 2),
        S(T(3, dtype="complex64")),
        errors=[S(T(2, 3), 2, 2), S(T(3, dtype="int64"))],
    ),
    row(
        "dist",
        S(T(2, 3), T(2, 3)),
        S(T(2, 3), T(3), 1),
        S(T(2, 3), T(2, 3), p=INF),
        S(T(3), T(3), 0),
    ),
    row(
        "logsumexp",
        S(T(2, 3), 1),
        S(T(2, 3), 0, keepdim=True),
        S(T(2, 3, 4), (0, 2)),
        S(T(), 0),
        S(V([[INF, 1.0], [-INF, -INF]]), 1),
        S(V([1000.0, 1000.0]), 0),
        S(T(3, 2).t(), 1),
        S(T(2, 3, dtype="int64"), 1),
        S(T(2, 3, dtype="bfloat16"), 1),
        forms="fmo",
        aliases=("special.logsumexp",),
        errors=[S(T(2, 3), 2)],
    ),
    row("renorm", S(T(2, 3), 2, 0, 1.0), S(T(2, 3, 4), 1, 1, 2.0), forms="fmio"),
]

MIDDLE = [
    row(
        name,
        S(T(2, 3, distinct=True)),
        S(T(2, 4, distinct=True)),
        S(T(2, 3, distinct=True), 1),
        S(T(2, 3, distinct=True), 0, keepdim=True),
        S(T(3, 2, distinct=True).t(), 1),
        S(T()),
        S(T(2, 3, dtype="int64", distinct=True), 1),
        S(V([[1.0, NAN, 0.0], [3.0, 1.0, 2.0]]), 1),
        S(T(2, 3, dtype="bfloat16", distinct=True), 1),
        S(T(0)),
        errors=[S(T(3, 0), 1), S(T(2, 3), 2)],
    )
    for name in ("median", "nanmedian")
]
MIDDLE += [
    row(
        "mode",
        S(V([[1, 2, 2], [3, 3, 1]], "int64")),
        S(V([[1, 2, 2], [3, 3, 1]], "int64"), 0),
        S(V([[1.0, 2.0, 2.0], [3.0, 3.0, 1.0]]), 1, keepdim=True),
        errors=[S(T(2, 3), 2)],
    ),
    row(
        "quantile",
        S(T(2, 3), 0.5),
        S(T(2, 3), 0.3, 1),
        S(T(2, 3), V([0.1, 0.9]), dim=1),
        S(T(2, 3), 0.6, dim=0, keepdim=True),
        S(T(2, 3), 0.4, dim=1, interpolation="lower"),
        S(T(2, 3), 0.4, dim=1, interpolation="higher"),
        S(T(2, 3), 0.4, dim=1, interpolation="nearest"),
        S(T(2, 3), 0.4, dim=1, interpolation="midpoint"),
        S(V([1.0, NAN, 2.0]), 0.5),
        S(T(2, 3, dtype="float64"), 0.25),
        forms="fmo",
        errors=[
            S(T(2, 3), 1.5),
            S(T(3, dtype="int64"), 0.5),
            S(T(2, 3), 0.5, interpolation="none"),
        ],
    ),
    row(
        "nanquantile",
        S(T(2, 3), 0.5),
        S(V([[1.0, NAN, 2.0], [NAN, NAN, NAN]]), 0.5, 1),
        S(V([1.0, NAN, 2.0]), V([0.0, 1.0])),
        forms="fmo",
    ),
]


def running(*, special=True):
    """The usual inputs of a running reduction."""
    samples = [
        S(T(2, 3), 1),
        S(T(2, 3), 0),
        S(T(2, 3, 4), dim=-2),
        S(T(3, 2).t(), 1),
        S(T(), 0),
        S(T(0, 3), 0),
        S(T(2, 3, dtype="float64"), 1),
        S(T(2, 3, dtype="bfloat16"), 1),
    ]
    return samples + ([S(V([[1.0, NAN, 2.0], [INF, -INF, 0.0]]), 1)] if special else [])


RUNNING_INTEGERS = [
    S(T(2, 3, dtype="int64"), 1),
    S(T(2, 3, dtype="bool"), 0),
    S(T(2, 3, dtype="uint8"), 1),
]
RUNNING = [
    row(
        "cumsum",
        running(),
        RUNNING_INTEGERS,
        S(T(2, 3, dtype="complex64"), 1),
        S(T(2, 3), 1, dtype=A("float64")),
        S(T(2, 3, dtype="int32"), 1, dtype=A("float32")),
        forms="fmio",
        errors=BAD_DIM[:2],
    ),
    row(
        "cumprod",
        running(),
        RUNNING_INTEGERS,
        S(T(2, 3), 1, dtype=A("float64")),
        forms="fmio",
        errors=BAD_DIM[:2],
    ),
    row("cummax", running(), RUNNING_INTEGERS, TIES, forms="fm", errors=BAD_DIM[:2]),
    row("cummin", running(), RUNNING_INTEGERS, TIES, forms="fm", errors=BAD_DIM[:2]),
    row("logcumsumexp", running(), forms="fmo", errors=BAD_DIM[:2]),
    row(
        "diff",
        S(T(2, 3)),
        S(T(2, 3), 2),
        S(T(2, 3), dim=0),
        S(T(2, 3), prepend=T(2, 1)),
        S(T(2, 3), 1, 1, T(2, 1), T(2, 2)),
        S(T(3, dtype="bool")),
        S(T(3, dtype="int64")),
        S(T(2, 1)),
        S(T(0, 3)),
        forms="fmo",
        errors=[S(T(2, 3), 1, 2), S(T()), S(T(2, 3), -1), S(T(2, 3), prepend=T(3))],
    ),
    row("cov", S(T(3, 4)), S(T(4)), S(T(3, 4), correction=0)),
    row("corrcoef", S(T(3, 4)), S(T(4))),
]

ROWS = [*SUMS, *SPREAD, *EXTREMES, *LOGIC, *NORMS, *MIDDLE, *RUNNING]
