"""Samples of reductions: sums, variances, extremes, logic."""

from samples.spec import A, S, T, V, row

NAN = float("nan")


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
WRONG_TYPES = [
    S(T(2, 3), True),
    S(T(2, 3), 1.0),
    S(T(2, 3), 0, 1),
    S(T(2, 3), 0, False, 1),
    S(T(2, 3), dim=0, keep=True),
    S(3),
]
COMPLEX = [S(T(2, 3, dtype="complex64"), 1), S(T(2, 3, dtype="complex64"))]
# XLA's CPU kernels for more than 4096 elements have rules of their own for NaN.
LARGE = [
    S(T(5000, special=True)),
    S(T(5000, special=True), 0),
    S(T(3, 5000, special=True), 1),
    S(T(5000, 3, special=True), 0, keepdim=True),
    S(T(5000, special=True, dtype="float64"), 0),
    S(T(5000, special=True, dtype="bfloat16"), 0),
    S(T(90, 70)),
]

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
        LARGE,
        S(T(1_000_000)),
        S(T(2, 3, dtype="float16"), 1, dtype=A("float32")),
        S(T(2, 3), 0, dtype=A("int64")),
        S(T(2, 3), 0, dtype=A("bool")),
        S(T(2, 3), axis=0, keepdims=True),
        forms="fmo",
        errors=[*BAD_DIM, TWICE, *WRONG_TYPES, S(T(2, 3), (0, 1.5)), S(T(2, 3), 0, dtype=5)],
    ),
    row("nansum", along(), LARGE, S(T(2, 3, dtype="bool"), 1), forms="fmo"),
    row(
        "mean",
        along(integers=False),
        COMPLEX,
        S(T(2, 3, dtype="int64"), 1, dtype=A("float32")),
        LARGE,
        S(T(1_000_000)),
        forms="fmo",
        errors=[
            *BAD_DIM,
            *WRONG_TYPES,
            S(T(3, dtype="int64")),
            S(T(3, dtype="bool"), 0),
            S(T(3), dtype=A("int64")),
        ],
    ),
    row("nanmean", along(integers=False), forms="fmo", errors=[S(T(3, dtype="int64"))]),
    row(
        "prod",
        along(dims=False),
        COMPLEX,
        S(T(2, 3, dtype="bool")),
        S(T(2, 3), 1, dtype=A("float64")),
        forms="fm",
        errors=[*BAD_DIM, S(T(2, 3), (0, 1)), S(T(2, 3), dim=None), S(T(2, 3), 0, 1)],
    ),
    row(
        "count_nonzero",
        S(T(2, 3, dtype="int64")),
        S(T(2, 3, dtype="int64"), 1),
        S(T(2, 3, 4, dtype="bool"), (0, 2)),
        S(T()),
        S(T(0, 3), 0),
        S(T(2, 3, dtype="complex64")),
        LARGE[:2],
        errors=[S(T(2, 3), 5), S(T(2, 3), "text"), S(T(2, 3), dim="text"), TWICE],
    ),
    row(
        "trapezoid",
        S(T(2, 3)),
        S(T(2, 3), dx=0.5),
        S(T(2, 3), T(3)),
        S(T(2, 3), dim=0),
        S(T(2, 3, dtype="int64")),
        S(T(2, 3), T(3, dtype="int64")),
        S(T(2, 3, 4), T(3), dim=1),
        S(T(3, 0)),
        S(T(3, 1)),
        S(T(2, 3, dtype="complex64"), dx=2),
        forms="f",
        aliases=("trapz",),
        errors=[
            S(T(2, 3), T(2)),
            S(T(2, 3, 4), T(2, 3), dim=1),
            S(T(2, 3, dtype="bool")),
            S(T(2, 3), 1),
            S(T(2, 3), T(3), dx=1),
            S(T(2, 3), dx=True),
            S(T()),
        ],
    ),
    row(
        "cumulative_trapezoid",
        S(T(2, 3)),
        S(T(2, 3), T(3)),
        S(T(2, 3), dx=2.0, dim=0),
        S(T(2, 3, dtype="int64")),
        S(T(5000)),
        forms="f",
        errors=[S(T(2, 3), T(2)), S(T()), S(T(2, 3, dtype="bool"))],
    ),
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
        S(T(100_000, low=1000.0, high=1001.0)),
        S(T(5000, special=True), 0),
        S(T(2, 3), correction=0.5),
        S(T(2, 3), 1, True, True),
        S(T(2, 3), 1, correction=None),
        S(T(2, 0), 1),
        forms="fmo",
        errors=[
            S(T(3, dtype="int64")),
            S(T(2, 3), 2),
            S(T(2, 3), "text"),
            S(T(2, 3), 0, 1),
            S(T(2, 3), True, True),
            S(T(2, 3), 0, correction=1, unbiased=True),
            TWICE,
        ],
    ),
    row(
        "var",
        VARIANCE,
        S(T()),
        S(T(2, 3, dtype="complex64"), 1),
        S(T(100_000, low=1000.0, high=1001.0)),
        S(T(5000, special=True), 0),
        S(T(2, 3), correction=0.5),
        S(T(2, 3), 1, True, True),
        S(T(2, 3), 1, correction=None),
        S(T(2, 0), 1),
        forms="fmo",
        errors=[
            S(T(3, dtype="int64")),
            S(T(2, 3), 2),
            S(T(2, 3), "text"),
            S(T(2, 3), 0, 1),
            S(T(2, 3), True, True),
            S(T(2, 3), 0, correction=1, unbiased=True),
            TWICE,
        ],
    ),
    row(
        "std_mean",
        S(T(2, 3)),
        S(T(2, 3), 1),
        S(T(2, 3), 1, keepdim=True),
        S(T(2, 3), correction=0),
        S(T(3, 2).t(), 0),
        S(T(2, 3, dtype="complex64"), 1),
        S(T(2, 3, dtype="float16"), 1),
        S(T(2, 3), False),
        forms="f",
        errors=[S(T(3, dtype="int64")), S(T(2, 3), "text")],
    ),
    row(
        "var_mean",
        S(T(2, 3)),
        S(T(2, 3), 1),
        S(T(2, 3), 1, keepdim=True),
        S(T(2, 3), correction=0),
        S(T(3, 2).t(), 0),
        S(T(2, 3, dtype="complex64"), 1),
        S(T(2, 3, dtype="float16"), 1),
        S(T(2, 3), False),
        forms="f",
        errors=[S(T(3, dtype="int64")), S(T(2, 3), "text")],
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
        S(T(2, 3), other=T(3, dtype="int64")),
        S(T(2, 3, dtype="bool")),
        S(T(2, 3, dtype="bool"), 1),
        S(T(0, 3), 1),
        LARGE,
        forms="fmo",
        errors=[
            *EMPTY,
            *BAD_DIM,
            S(T(3, dtype="complex64")),
            S(T(3, dtype="complex64"), 0),
            S(T(2, 3), (0, 1)),
            S(T(2, 3), None),
            S(T(2, 3), 0, 1),
            S(T(2, 3), keepdim=True),
            S(3),
            S(T(2, 3), T(2)),
        ],
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
        S(T(2, 3), ()),
        LARGE,
        forms="fmo",
        errors=[
            *EMPTY,
            *BAD_DIM,
            TWICE,
            S(T(3, 0), -1),
            S(T(3, 0), (0, 1)),
            S(T(3, dtype="complex64")),
            S(T(2, 3), 0, 1),
        ],
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
        S(T(5000, special=True)),
        S(T(5000, special=True), dim=0),
        S(T(2, 3), keepdim=True),
        forms="fmo",
        errors=[
            *EMPTY[:1],
            S(T(3, 0), dim=1),
            S(T(2, 3), dim=2),
            S(T(2, 3), 1),
            S(T(2, 3), dim=(0, 1)),
        ],
    ),
    row(
        "argmax",
        EXTREME,
        TIES,
        LARGE,
        S(T(2, 3, dtype="int64")),
        S(T(2, 3), None, True),
        forms="fmo",
        errors=[
            *EMPTY,
            *BAD_DIM,
            S(T(2, 3), (0, 1)),
            S(T(3, dtype="bool")),
            S(T(3, dtype="complex64")),
        ],
    ),
    row(
        "argmin",
        EXTREME,
        TIES,
        LARGE,
        S(T(2, 3, dtype="int64")),
        S(T(2, 3), None, True),
        forms="fmo",
        errors=[
            *EMPTY,
            *BAD_DIM,
            S(T(2, 3), (0, 1)),
            S(T(3, dtype="bool")),
            S(T(3, dtype="complex64")),
        ],
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
        S(T(2, 3, 4), (0, 2)),
        S(T(2, 3), ()),
        S(T(2, 3), None, True),
        S(T(5000, dtype="bool")),
        forms="fmo",
        errors=[*BAD_DIM, TWICE, S(T(2, 3), 1.0), S(T(2, 3), 0, 1)],
    )
    for name in ("all", "any")
]

LENGTHS = V([2, 0, 3], "int64")
SEGMENTS = [
    row(
        "hash_tensor",
        S(T(2, 3), 1),
        S(T(2, 3)),
        S(T(2, 3, 4), (0, 2), keepdim=True),
        S(T()),
        S(T(2, 3, dtype="bfloat16"), 0),
        S(T(2, 3, dtype="int32"), 0),
        S(T(4, dtype="bool")),
        S(T(5000, special=True)),
        forms="fmo",
        errors=[*BAD_DIM, TWICE, S(T(2), mode=1), S(T(0)), S(T(2, dtype="complex64"))],
    ),
    row(
        "segment_reduce",
        S(T(5, 2), "sum", lengths=LENGTHS),
        S(T(5, 2), "mean", lengths=LENGTHS, initial=2),
        S(T(5, 2), "max", lengths=LENGTHS),
        S(T(5, 2), "min", lengths=LENGTHS, initial=0.5),
        S(T(5, dtype="float64"), "prod", lengths=LENGTHS),
        S(T(2, 5, 3), "max", offsets=V([[0, 2, 5], [1, 1, 4]], "int64"), axis=1),
        S(T(5, dtype="bfloat16"), "mean", lengths=V([3, 2], "int32")),
        S(T(5, special=True), "max", lengths=V([5], "int64")),
        forms="f",
        errors=[
            S(T(5), "sum", lengths=V([2, 2], "int64")),
            S(T(5), "sum", lengths=V([-1, 6], "int64")),
            S(T(5, dtype="int64"), "sum", lengths=V([5], "int64")),
            S(T(5), "sum"),
        ],
    ),
]

ROWS = [*SUMS, *SPREAD, *EXTREMES, *LOGIC, *SEGMENTS]
