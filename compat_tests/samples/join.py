"""Samples of ops that put tensors together or spread them over a grid."""

from samples.spec import S, T, row

PAIR = (T(2, 3), T(2, 3))
MIXED = [
    S([T(2, 3), T(2, 3, dtype="int64")]),
    S([T(2, 3, dtype="bool"), T(2, 3, dtype="uint8")]),
    S([T(2, 3), T(2, 3, dtype="complex64")]),
    S([T(2, 3, dtype="float16"), T(2, 3, dtype="bfloat16")]),
]

JOINED = [
    row(
        "cat",
        S(PAIR),
        S([T(2, 3), T(1, 3)], 0),
        S([T(2, 3), T(2, 1)], dim=-1),
        S([T(3, 2).t(), T(2, 3)], 1),
        MIXED,
        S([T(2, 3)]),
        S([T(0), T(2, 3)]),
        S([T(0, 3), T(0, 3)]),
        S([T(3, dtype="int64"), T(3)]),
        forms="fo",
        aliases=("concat", "concatenate"),
        errors=[
            S([]),
            S([T(2, 3), T(2, 4)]),
            S([T(2, 3), T(3)]),
            S([T(), T()]),
            S(PAIR, 2),
            S(T(2, 3)),
            S([T(2), 1.0]),
        ],
    ),
    row(
        "stack",
        S(PAIR),
        S(PAIR, 1),
        S(PAIR, dim=-1),
        S([T(), T()]),
        S([T(3, 2).t(), T(2, 3)]),
        MIXED,
        S([T(0, 3), T(0, 3)], 1),
        forms="fo",
        errors=[S([]), S([T(2, 3), T(2, 4)]), S(PAIR, 3)],
    ),
    row(
        "hstack",
        S(PAIR),
        S([T(3), T(2)]),
        S([T(), T()]),
        MIXED[0],
        forms="fo",
        errors=[S([T(2, 3), T(3, 3)])],
    ),
    row(
        "vstack",
        S(PAIR),
        S([T(3), T(3)]),
        S([T(), T()]),
        S([T(3), T(2, 3)]),
        forms="fo",
        aliases=("row_stack",),
        errors=[S([T(2, 3), T(2, 4)])],
    ),
    row("dstack", S(PAIR), S([T(3), T(3)]), S([T(2, 3, 1), T(2, 3)]), forms="fo"),
    row(
        "column_stack",
        S([T(3), T(3)]),
        S([T(3), T(3, 2)]),
        S([T(), T()]),
        forms="fo",
        errors=[S([T(3), T(2)])],
    ),
    row(
        "block_diag",
        S(T(2, 3), T(1, 2)),
        S(T(3), T()),
        S(T(2, 2, dtype="int64"), T(1, 1)),
        forms="f",
        errors=[S(T(2, 3, 4))],
    ),
]

GRIDS = [
    row(
        "meshgrid",
        S(T(2), T(3), indexing="ij"),
        S(T(2), T(3), indexing="xy"),
        S(T(), T(3), indexing="ij"),
        S([T(2), T(3), T(4)], indexing="ij"),
        forms="f",
        errors=[
            # what torch says of a matrix quotes it as C++ prints tensors
            S(indexing="ij"),
            S(T(2), T(3), indexing="no"),
            S(T(2), T(3, dtype="int64"), indexing="ij"),
        ],
    ),
    row("cartesian_prod", S(T(2), T(3)), S(T(3)), S(T(2), T(2), T(3)), forms="f"),
    row(
        "combinations",
        S(T(3)),
        S(T(4), 3),
        S(T(3), r=2, with_replacement=True),
        S(T(3), 0),
        forms="f",
        errors=[S(T(2, 3))],
    ),
    row("broadcast_tensors", S(T(2, 1), T(3)), S(T(), T(2, 3)), forms="f", errors=[S(T(2), T(3))]),
    row(
        "broadcast_shapes",
        S((2, 1), (3,)),
        S((), (2, 3)),
        S((1, 0), (3, 1)),
        forms="f",
        errors=[S((2,), (3,)), S((-1,), (2,))],
    ),
]

CHUNKED = [
    row(
        "_chunk_cat",
        S([T(3, 2), T(4, 1), T(5)], 0, 2),
        S([T(3, 2), T(3, 2)], 1, 2),
        S([T(2, 3, 2, dtype="int64"), T(2, 2, dtype="int64")], 1, 3),
        S([T(3, 2).t()], -1, 2),
        forms="f",
        errors=[S([T(2, 3), T(3, 3)], 1, 2), S([], 0, 1), S([T(3), T(5)], 0, 0)],
    ),
]

AT_LEAST = [
    row(f"atleast_{n}d", S(T()), S(T(3)), S(T(2, 3)), S(T(2, 3, 4)), S([T(), T(3)]), forms="f")
    for n in (1, 2, 3)
]

ROWS = [*JOINED, *GRIDS, *CHUNKED, *AT_LEAST]
