"""Samples of ops that sort, rank, search and count.

Only a stable sort says which of two equal elements comes first, so other samples have no ties.
"""

from samples.spec import S, T, V, row

NAN = float("nan")
DISTINCT = T(2, 6, distinct=True)
TIES = V([[2, 1, 2, 1, 0, 2]], "int64")
EDGES = V([1.0, 3.0, 5.0, 7.0])
KEYS = [
    S(DISTINCT),
    S(DISTINCT, 0),
    S(DISTINCT, dim=-1, descending=True),
    S(T(6, 2, distinct=True).t(), 1),
    S(T(2, 6, distinct=True, dtype="int64"), 1),
    S(T(2, 6, distinct=True, dtype="bfloat16"), 1),
    S(T()),
    S(T(0, 3), 1),
    S(V([3.0, NAN, 1.0, float("inf"), float("-inf")])),
    S(V([3.0, NAN, 1.0]), descending=True),
]

ORDERED = [
    row(
        "sort",
        KEYS,
        S(TIES, dim=1, stable=True),
        S(TIES, stable=True, dim=1, descending=True),
        S(T(4, dtype="bool"), stable=True),
        errors=[S(T(2, 3), 2)],
    ),
    row("argsort", KEYS, S(TIES, dim=1, stable=True), errors=[S(T(2, 3), 2)]),
    row("msort", S(DISTINCT), S(T(6, 2, distinct=True).t()), S(T()), forms="fm"),
    row(
        "topk",
        S(DISTINCT, 2),
        S(DISTINCT, 1, 0),
        S(DISTINCT, 3, largest=False),
        S(DISTINCT, 6),
        S(DISTINCT, 0),
        S(T(), 1),
        S(T(6, 2, distinct=True).t(), 2),
        S(V([3.0, NAN, 1.0]), 2),
        S(T(2, 6, distinct=True, dtype="int64"), 2),
        errors=[S(DISTINCT, 7), S(DISTINCT, 2, 2), S(DISTINCT, -1)],
    ),
    row(
        "kthvalue",
        S(DISTINCT, 2),
        S(DISTINCT, 1, 0),
        S(DISTINCT, 6, keepdim=True),
        S(T(), 1),
        S(V([3.0, NAN, 1.0]), 3),
        errors=[S(DISTINCT, 0), S(DISTINCT, 7)],
    ),
]

DIFFERENT = [
    row(
        "unique",
        S(TIES),
        S(TIES, return_inverse=True),
        S(TIES, return_counts=True),
        S(TIES, True, True, True),
        S(V([[1, 2], [1, 2], [0, 3]], "int64"), dim=0),
        S(V([[1, 1], [2, 2]], "int64"), dim=1, return_inverse=True),
        S(T(0)),
        S(V([1.0, NAN, NAN, 1.0])),
        S(T(6, dtype="bool")),
    ),
    row(
        "unique_consecutive",
        S(V([1, 1, 2, 2, 1], "int64")),
        S(V([1, 1, 2, 2, 1], "int64"), return_inverse=True, return_counts=True),
        S(V([[1, 2], [1, 2], [0, 3]], "int64"), dim=0),
        S(T(0)),
    ),
]

SEARCHED = [
    row(
        "searchsorted",
        S(EDGES, V([3.0, 6.0, 0.0, 9.0])),
        S(EDGES, V([3.0, 6.0]), right=True),
        S(EDGES, 3.0),
        S(EDGES, 5),
        S(V([[1.0, 3.0], [2.0, 4.0]]), V([[2.0], [4.0]])),
        S(EDGES, V([3.0]), out_int32=True),
        S(EDGES, V([3], "int64")),
        S(EDGES, V([3.0, 6.0]), side="right"),
        S(EDGES, V([3.0, NAN])),
        S(V([7.0, 1.0, 5.0, 3.0]), V([4.0]), sorter=V([1, 3, 2, 0], "int64")),
        forms="f",
        errors=[S(V([[1.0, 3.0]]), V([[2.0], [4.0]])), S(EDGES, 3.0, right=True, side="left")],
    ),
    row(
        "bucketize",
        S(V([3.0, 6.0, 0.0, 9.0]), EDGES),
        S(V([[3.0, 6.0]]), EDGES, right=True),
        S(3.0, EDGES),
        S(V([3.0]), EDGES, out_int32=True),
        S(T(0), EDGES),
        forms="f",
        errors=[S(V([3.0]), T(2, 3))],
    ),
]

COUNTED = [
    row(
        "bincount",
        S(V([0, 2, 2, 5], "int64")),
        S(V([0, 2, 2], "int64"), T(3)),
        S(V([0, 2], "int64"), minlength=6),
        S(T(0, dtype="int64")),
        S(V([1, 1], "uint8")),
        errors=[
            S(V([-1, 2], "int64")),
            S(T(3)),
            S(V([[1]], "int64")),
            S(V([1], "int64"), minlength=-1),
        ],
    ),
    row(
        "histc",
        S(T(2, 6)),
        S(T(2, 6), 5),
        S(T(2, 6), bins=4, min=-1, max=1),
        S(T(0), 3),
        S(V([1.0, 1.0])),
        errors=[S(T(3), 0), S(T(3), 4, 2, 1), S(V([NAN, 1.0]), 3)],
    ),
    row(
        "histogram",
        S(T(6), 3),
        S(T(6), EDGES),
        S(T(6), 4, range=(-1.0, 1.0)),
        S(T(6), 3, weight=T(6), density=True),
        forms="f",
    ),
]

ROWS = [*ORDERED, *DIFFERENT, *SEARCHED, *COUNTED]
