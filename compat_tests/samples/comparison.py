"""Samples of comparisons: elementwise relations, closeness, membership, equality of tensors."""

from samples.spec import S, T, V, row

NAN = float("nan")
INF = float("inf")
PAIRS = [
    S(T(2, 3), T(2, 3)),
    S(T(2, 3), T(3)),
    S(T(3, 2).t(), T(2, 3)),
    S(T(2, 3), 0.5),
    S(T(2, 3, dtype="int64"), 1),
    S(T(2, 3, dtype="int64"), 1.5),
    S(T(2, 3, dtype="int64"), T(3, dtype="int64")),
    S(T(2, 3, dtype="int64"), T(3)),
    S(T(2, 3, dtype="bool"), T(3, dtype="bool")),
    S(T(2, 3, dtype="uint8"), T(3, dtype="int8")),
    S(T(2, 3, dtype="bfloat16"), T(3)),
    S(T(), T()),
    S(T(0, 3), T(3)),
    S(V([1.0, NAN, INF, -0.0]), V([1.0, NAN, INF, 0.0])),
    S(T(3, 4, special=True), T(3, 4, special=True)),
]
COMPLEX = [
    S(T(2, 3, dtype="complex64"), T(3, dtype="complex64")),
    S(V([1 + 0j, 2j], "complex64"), V([1.0, 2.0])),
]
UNFIT = S(T(2, 3), T(4))

ELEMENTWISE = [
    row("eq", PAIRS, COMPLEX, forms="fmio", errors=[UNFIT]),
    row("ne", PAIRS, COMPLEX, forms="fmio", aliases=("not_equal",), errors=[UNFIT]),
    row("lt", PAIRS, forms="fmio", aliases=("less",), errors=[UNFIT, COMPLEX[0]]),
    row("le", PAIRS, forms="fmio", aliases=("less_equal",), errors=[UNFIT, COMPLEX[0]]),
    row("gt", PAIRS, forms="fmio", aliases=("greater",), errors=[UNFIT, COMPLEX[0]]),
    row("ge", PAIRS, forms="fmio", aliases=("greater_equal",), errors=[UNFIT, COMPLEX[0]]),
]

CLOSENESS = [
    row(
        "isclose",
        S(T(2, 3), T(2, 3)),
        S(V([1.0, 2.0]), V([1.0 + 1e-7, 2.1])),
        S(V([1.0, NAN, INF]), V([1.0, NAN, INF])),
        S(V([1.0, NAN]), V([1.0, NAN]), equal_nan=True),
        S(V([1.0, 2.0]), V([1.05, 2.5]), 0.1, 0.01),
        S(T(3, dtype="int64"), T(3, dtype="int64")),
        S(T(2, 3), T(3), atol=1.0),
        S(V([1 + 1j], "complex64"), V([1 + 1j], "complex64")),
        errors=[S(T(3), T(3, dtype="float64")), S(T(3), T(3), rtol=-1.0)],
    ),
    row(
        "allclose",
        S(T(2, 3), T(2, 3)),
        S(V([1.0, 2.0]), V([1.0 + 1e-7, 2.0])),
        S(V([NAN]), V([NAN])),
        S(V([NAN]), V([NAN]), equal_nan=True),
        S(V([1.0]), V([1.05]), rtol=0.1),
        S(T(0), T(0)),
        errors=[S(T(3), T(3, dtype="int64"))],
    ),
    row(
        "equal",
        S(T(2, 3), T(2, 3)),
        S(V([1.0, 2.0]), V([1.0, 2.0])),
        S(V([NAN]), V([NAN])),
        S(T(2, 3), T(3)),
        S(T(0), T(0)),
        S(V([1, 2], "int64"), V([1, 2], "int64")),
        S(V([1, 2], "int64"), V([1.0, 2.0])),
    ),
    row(
        "isin",
        S(T(2, 3, dtype="int64"), T(3, dtype="int64")),
        S(T(2, 3, dtype="int64"), 2),
        S(2, T(3, dtype="int64")),
        S(T(2, 3, dtype="int64"), T(2, 2, dtype="int64"), invert=True),
        S(T(2, 3, dtype="int64"), T(3, dtype="int64"), assume_unique=False),
        S(T(0), T(3)),
        S(T(3), T(0)),
        S(V([1.0, 2.5]), V([2.5, 7.0])),
        forms="fo",
        errors=[
            S(T(3, dtype="complex64"), T(3, dtype="complex64")),
            S(T(3, dtype="bool"), T(3, dtype="bool")),
        ],
    ),
]

SHAPES = [
    row("is_same_size", S(T(2, 3), T(2, 3)), S(T(2, 3), T(3)), forms="m"),
    row("is_floating_point", S(T(2)), S(T(2, dtype="int64")), S(T(2, dtype="complex64"))),
    row("is_complex", S(T(2)), S(T(2, dtype="complex64"))),
    row("is_signed", S(T(2)), S(T(2, dtype="uint8")), S(T(2, dtype="bool"))),
    row("is_nonzero", S(T(dtype="int64")), S(T(1)), errors=[S(T(2)), S(T(0))]),
    row("is_tensor", S(T(2)), S(2.0), S([1]), forms="f"),
    row("numel", S(T(2, 3)), S(T()), S(T(0, 3))),
    row("is_contiguous", S(T(2, 3)), S(T(2, 3).t()), S(T(1, 3).t()), S(T(0, 3).t()), forms="m"),
]

ROWS = [*ELEMENTWISE, *CLOSENESS, *SHAPES]
