"""Samples of the activations that are functions of the package, too, and of `bilinear`."""

from samples.spec import S, T, row

_PLAIN = (T(2, 3), T(3, 2).t(), T(), T(0, 3), T(2, 3, dtype="float64"), T(3, 4, special=True))
_HALF = (T(2, 3, dtype="bfloat16"), T(2, 3, dtype="float16"))


def _of_floats(*arguments, **options):
    return [S(each, *arguments, **options) for each in (*_PLAIN, *_HALF)]


_NO_FLOATS = [S(T(2, 3, dtype=dtype)) for dtype in ("bool", "int64", "complex64")]

ROWS = [
    row(
        "threshold",
        [*_of_floats(0.5, -2.0), S(T(2, 3, dtype="int64"), 1, 7), S(T(2, 3), value=3, threshold=1)],
        forms="fo",
        errors=[
            S(T(2, 3, dtype="bool"), 1, 2),
            S(T(2, 3, dtype="complex64"), 1, 2),
            S(T(2, 3), 1),
            S(T(2, 3), "a", 2),
            S(3, 1, 2),
        ],
    ),
    row("selu", _of_floats(), forms="f", errors=[*_NO_FLOATS, S(3)]),
    row(
        "celu",
        [*_of_floats(), *_of_floats(0.3), S(T(2, 3), alpha=-2.0)],
        forms="f",
        errors=[*_NO_FLOATS, S(T(2, 3), 0.0), S(T(2, 3), "a"), S(T(2, 3), 1, 2)],
    ),
    row(
        "hardshrink",
        [*_of_floats(), *_of_floats(1.25), S(T(2, 3), lambd=0)],
        forms="fmo",
        errors=[*_NO_FLOATS, S(T(2, 3), "a")],
    ),
    row(
        "prelu",
        [
            S(T(2, 3), T(3)),
            S(T(2, 3, 4), T(3)),
            S(T(2, 3), T(1)),
            S(T(2, 3), T()),
            S(T(4), T(1)),
            S(T(), T(1)),
            S(T(3, 2).t(), T(3)),
            S(T(2, 3, dtype="bfloat16"), T(3, dtype="bfloat16")),
        ],
        forms="fm",
        errors=[
            S(T(2, 3), T(2)),
            S(T(2, 3), T(1, 3)),
            S(T(), T(2)),
            S(T(2, 3), T(3, dtype="float64")),
            S(T(2, 3, dtype="int64"), T(3, dtype="int64")),
            S(T(2, 3)),
            S(T(2, 3), 0.25),
        ],
    ),
    row(
        "rrelu",
        [*_of_floats(), *_of_floats(0.1, 0.9), S(T(2, 3), lower=0.2, upper=0.2, training=False)],
        forms="f",
        errors=[*_NO_FLOATS, S(T(2, 3), 0.5, 0.1), S(T(2, 3), 0.1, float("inf")), S(3)],
    ),
    row(
        "bilinear",
        [
            S(T(5, 2), T(5, 3), T(4, 2, 3)),
            S(T(5, 2), T(5, 3), T(4, 2, 3), T(4)),
            S(T(2), T(3), T(4, 2, 3), T(4)),
            S(T(2, 5, 2), T(2, 5, 3), T(4, 2, 3), bias=T(4)),
            S(T(0, 2), T(0, 3), T(4, 2, 3)),
            S(T(5, 2, dtype="int64"), T(5, 3, dtype="int64"), T(4, 2, 3, dtype="int64")),
        ],
        forms="f",
        errors=[
            S(T(5, 2), T(6, 3), T(4, 2, 3)),
            S(T(5, 3), T(5, 3), T(4, 2, 3)),
            S(T(5, 2), T(5, 2), T(4, 2, 3)),
            S(T(5, 2), T(1, 5, 3), T(4, 2, 3)),
            S(T(5, 2), T(5, 3), T(4, 2, 3), T(5)),
            S(T(5, 2), T(5, 3), T(4, 2, 3, dtype="float64")),
            S(T(5, 2), T(5, 3)),
        ],
    ),
]
