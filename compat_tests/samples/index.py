"""Samples of ops that pick or place elements by index or mask, of triangles, diagonals, flips."""

from samples.spec import A, S, T, V, row

ROWS_OF = T(4, 3)
INDEX = V([2, 0, 3], "int64")
TWICE = V([1, 1, 0], "int64")
PLACES = V([[0, 1, 2], [2, 0, 0]], "int64")
MASK = T(2, 3, dtype="bool")
FLAT = V([5, 0, 2], "int64")
OUTSIDE = V([0, 9], "int64")

GATHERED = [
    row(
        "gather",
        S(T(3, 3), 0, PLACES),
        S(T(2, 3), 1, PLACES),
        S(T(3, 2).t(), 1, PLACES),
        S(T(), 0, V(0, "int64")),
        S(T(2, 3, dtype="int64"), 1, V([[0], [2]], "int64")),
        S(T(2, 3), 1, T(2, 0, dtype="int64")),
        forms="fmo",
        errors=[
            S(T(2, 3), 0, PLACES),
            S(T(2, 3), 1, T(2, 3)),
            S(T(2, 3), 2, PLACES),
            S(T(2, 3), 1, INDEX),
            S(T(1, 3), 1, PLACES),
        ],
    ),
    row(
        "index_select",
        S(ROWS_OF, 0, INDEX),
        S(T(2, 4), 1, INDEX),
        S(T(4, 3).t(), 1, INDEX),
        S(T(4), 0, V(2, "int64")),
        S(ROWS_OF, 0, V([1], "int32")),
        S(ROWS_OF, 0, T(0, dtype="int64")),
        S(T(4, 3, dtype="bool"), 0, TWICE),
        forms="fmo",
        errors=[
            S(ROWS_OF, 0, OUTSIDE),
            S(ROWS_OF, 2, INDEX),
            S(ROWS_OF, 0, PLACES),
            S(ROWS_OF, 0, T(3)),
        ],
    ),
    row(
        "take",
        S(T(2, 3), FLAT),
        S(T(3, 2).t(), FLAT),
        S(T(2, 3), V([[-1, 0]], "int64")),
        forms="fmo",
        errors=[S(T(2, 3), OUTSIDE), S(T(2, 3), T(3))],
    ),
    row(
        "take_along_dim",
        S(T(2, 3), PLACES, 1),
        S(T(2, 3), FLAT),
        S(T(2, 3), V([[0], [2]], "int64"), dim=1),
        S(T(2, 3), V([[-1], [-3]], "int64"), dim=1),
        forms="fmo",
        errors=[S(T(2, 3), T(2, 3), 1)],
    ),
    row(
        "masked_select",
        S(T(2, 3), MASK),
        S(T(2, 3), T(3, dtype="bool")),
        S(T(3, 2).t(), MASK),
        S(T(), T(dtype="bool")),
        S(T(3), T(2, 1, dtype="bool")),
        S(T(0, 3), T(3, dtype="bool")),
        forms="fm",
        errors=[S(T(2, 3), T(2, 3)), S(T(2, 3), T(4, dtype="bool"))],
    ),
    row(
        "nonzero",
        S(T(2, 3, dtype="bool")),
        S(T(2, 3, dtype="int64", low=0, high=2)),
        S(T(2, 3, dtype="bool"), as_tuple=True),
        S(T()),
        S(T(0, 3)),
        S(V([0.0, float("nan"), -0.0, 2.0])),
    ),
    row("argwhere", S(T(2, 3, dtype="bool")), S(T()), S(T(2, 3))),
]
GATHERED.append(
    row("Tensor.nonzero_static", S(T(2, 3, dtype="bool"), size=4), S(V([1, 0, 1], "int64"), size=1))
)

SCATTERED = [
    row(
        "scatter",
        S(T(3, 3), 0, PLACES, T(2, 3)),
        S(T(2, 3), 1, V([[0, 2], [1, 0]], "int64"), 7.0),
        S(T(3, 3), 0, V([[0, 1, 2]], "int64"), T(2, 3), reduce="add"),
        S(T(3, 3), 0, PLACES, 2.0, reduce="multiply"),
        S(T(2, 3, dtype="int64"), 1, V([[0], [1]], "int64"), T(2, 1, dtype="int64")),
        S(T(), 0, V(0, "int64"), T()),
        forms="fmi",
        errors=[
            S(T(3, 3), 0, PLACES, T(1, 3)),
            S(T(3, 3), 0, T(2, 3), T(2, 3)),
            S(T(3, 3), 0, PLACES, T(2, 3, dtype="float64")),
            S(T(2, 3), 0, PLACES, T(2, 3)),
        ],
    ),
    row(
        "scatter_add",
        S(T(3, 3), 0, PLACES, T(2, 3)),
        S(T(2, 3), 1, V([[0, 0, 0], [1, 1, 2]], "int64"), T(2, 3)),
        S(T(3, 3, dtype="int64"), 0, PLACES, T(2, 3, dtype="int64")),
        S(T(3, 3).t(), 0, PLACES, T(2, 3)),
        forms="fmi",
        errors=[S(T(2, 3), 0, PLACES, T(2, 3)), S(T(3, 3), 0, PLACES, T(2, 3, dtype="float64"))],
    ),
    row(
        "scatter_reduce",
        [
            S(T(3, 3), 0, PLACES, T(2, 3), reduce=how, include_self=kept)
            for how in ("sum", "prod", "mean", "amax", "amin")
            for kept in (True, False)
        ],
        S(T(3, 3, dtype="int64"), 0, PLACES, T(2, 3, dtype="int64"), reduce="mean"),
        forms="fmi",
        errors=[S(T(3, 3), 0, PLACES, T(2, 3), reduce="none")],
    ),
    row(
        "index_add",
        S(ROWS_OF, 0, INDEX, T(3, 3)),
        S(ROWS_OF, 0, TWICE, T(3, 3), alpha=2),
        S(T(2, 4), 1, INDEX, T(2, 3)),
        S(T(4, dtype="int64"), 0, TWICE, T(3, dtype="int64")),
        S(T(3, 4).t(), 0, INDEX, T(3, 3)),
        forms="fmio",
        errors=[
            S(ROWS_OF, 0, OUTSIDE, T(2, 3)),
            S(ROWS_OF, 0, INDEX, T(2, 3)),
            S(ROWS_OF, 0, INDEX, T(3, 3, dtype="float64")),
        ],
    ),
    row(
        "index_copy",
        S(ROWS_OF, 0, INDEX, T(3, 3)),
        S(T(2, 4), 1, INDEX, T(2, 3)),
        S(T(4), 0, V(1, "int64"), T()),
        forms="fmio",
        errors=[S(ROWS_OF, 0, OUTSIDE, T(2, 3)), S(ROWS_OF, 0, INDEX, T(2, 3))],
    ),
    row(
        "index_fill",
        S(ROWS_OF, 0, INDEX, 7.0),
        S(T(2, 4), 1, TWICE, -1),
        S(ROWS_OF, 0, INDEX, T()),
        S(T(4, dtype="int64"), 0, INDEX, 3),
        forms="fmi",
        errors=[S(ROWS_OF, 0, OUTSIDE, 1.0), S(ROWS_OF, 0, T(3), 1.0)],
    ),
    row(
        "index_reduce",
        S(ROWS_OF, 0, TWICE, T(3, 3), "prod"),
        S(ROWS_OF, 0, TWICE, T(3, 3), "amax", include_self=False),
        S(ROWS_OF, 0, TWICE, T(3, 3), "mean"),
        forms="fmio",
    ),
    row(
        "index_put",
        S(ROWS_OF, (INDEX,), T(3, 3)),
        S(ROWS_OF, (INDEX, V([0, 1, 2], "int64")), T(3)),
        S(ROWS_OF, (TWICE,), T(3, 3), accumulate=True),
        S(ROWS_OF, (INDEX,), T()),
        S(T(2, 3), (MASK,), T()),
        forms="fmi",
        errors=[
            S(ROWS_OF, (INDEX,), T(2, 3)),
            S(ROWS_OF, (INDEX,), T(3, 3, dtype="float64")),
            S(ROWS_OF, (OUTSIDE,), T()),
            S(T(4), (INDEX, INDEX), T()),
        ],
    ),
    row(
        "masked_scatter",
        S(T(2, 3), MASK, T(6)),
        S(T(2, 3), T(3, dtype="bool"), T(2, 3)),
        S(T(3, 2).t(), MASK, T(7)),
        forms="fmi",
        errors=[S(T(2, 3), MASK, T(1)), S(T(2, 3), MASK, T(6, dtype="float64"))],
    ),
    row(
        "Tensor.put_",
        S(T(2, 3), FLAT, T(3)),
        S(T(3, 2).t(), FLAT, T(3)),
        S(T(2, 3), TWICE, T(3), accumulate=True),
        S(T(2, 3), V([-1], "int64"), T(1)),
        errors=[S(T(2, 3), OUTSIDE, T(2)), S(T(2, 3), FLAT, T(2))],
    ),
    row(
        "diagonal_scatter",
        S(T(3, 4), T(3)),
        S(T(3, 4), T(3), 1),
        S(T(2, 3, 4), T(2, 3), 0, 1, 2),
        errors=[S(T(3, 4), T(2))],
    ),
    row(
        "select_scatter",
        S(T(2, 3), T(3), 0, 1),
        S(T(2, 3), T(2), 1, -1),
        errors=[S(T(2, 3), T(2), 0, 0)],
    ),
    row(
        "slice_scatter",
        S(T(4, 3), T(2, 3), 0, 1, 3),
        S(T(4, 3), T(2, 3), end=4, step=2),
        S(T(2, 4), T(2, 2), 1, 0, None, 2),
        errors=[S(T(4, 3), T(3, 3), 0, 1, 3)],
    ),
    row(
        "Tensor.fill_diagonal_",
        S(T(3, 3), 7.0),
        S(T(4, 3), 1.0),
        S(T(7, 3), 2.0, wrap=True),
        S(T(2, 2, 2), 5.0),
        S(T(3, 3, dtype="int64"), 4),
        errors=[S(T(3), 1.0), S(T(2, 3, 4), 1.0)],
    ),
]

TRIANGLES = [
    row(
        name,
        S(T(3, 4)),
        S(T(3, 4), 1),
        S(T(3, 4), -1),
        S(T(3, 4), diagonal=2),
        S(T(2, 3, 4)),
        S(T(4, 3).t()),
        S(T(3, 4, dtype="int64")),
        S(T(3, 4, dtype="bool")),
        S(T(0, 3)),
        S(V([[1.0, float("inf")], [float("nan"), 2.0]])),
        forms="fmio",
        errors=[S(T(3))],
    )
    for name in ("tril", "triu")
] + [
    row(
        "tril_indices",
        S(3, 4),
        S(3, 4, 1),
        S(4, 3, offset=-1),
        S(0, 3),
        S(2, 2, dtype=A("int32")),
        forms="f",
        errors=[S(-1, 3)],
    ),
    row(
        "triu_indices",
        S(3, 4),
        S(3, 4, 1),
        S(4, 3, offset=-1),
        S(0, 3),
        S(2, 2, dtype=A("int32")),
        forms="f",
    ),
    row(
        "diag",
        S(T(3)),
        S(T(3), 1),
        S(T(3, 4)),
        S(T(3, 4), -1),
        S(T(4, 3).t(), 1),
        S(T(0)),
        forms="fmo",
        errors=[S(T()), S(T(2, 3, 4))],
    ),
    row(
        "diag_embed",
        S(T(2, 3)),
        S(T(2, 3), 1),
        S(T(3), -1),
        S(T(2, 3), 0, 0, 1),
        S(T(3, 2).t()),
        errors=[S(T(2, 3), 0, 1, 1)],
    ),
    row("diagflat", S(T(3)), S(T(2, 2)), S(T(3), 1)),
    row("vander", S(T(3)), S(T(3), 2), S(T(3), N=4, increasing=True), forms="f"),
]

MOVED = [
    row(
        "flip",
        S(T(2, 3), (0,)),
        S(T(2, 3), (0, 1)),
        S(T(3, 2).t(), (-1,)),
        S(T(), ()),
        S(T(0, 3), (0,)),
        S(T(2, 3, dtype="bool"), (1,)),
        errors=[S(T(2, 3), (2,)), S(T(2, 3), (0, 0))],
    ),
    row("fliplr", S(T(2, 3)), S(T(3, 2).t()), errors=[S(T(3))]),
    row("flipud", S(T(2, 3)), S(T(3)), errors=[S(T())]),
    row(
        "roll",
        S(T(2, 3), 1),
        S(T(2, 3), 1, 1),
        S(T(2, 3), (1, -2), (0, 1)),
        S(T(3, 2).t(), 2, 0),
        S(T(), 1),
        S(T(0, 3), 1, 0),
        errors=[S(T(2, 3), (1, 2), 0), S(T(2, 3), 1, 2)],
    ),
    row(
        "rot90",
        S(T(2, 3)),
        S(T(2, 3), 2),
        S(T(2, 3), -1),
        S(T(2, 3, 4), 1, (1, 2)),
        errors=[S(T(2, 3), 1, (0, 0)), S(T(3))],
    ),
    row(
        "repeat",
        S(T(2, 3), 2, 1),
        S(T(3), 2, 2),
        S(T(2, 3), (1, 2, 1)),
        S(T(3, 2).t(), 2, 2),
        S(T(), 3),
        S(T(2, 3), 0, 1),
        forms="m",
        errors=[S(T(2, 3), 2), S(T(2, 3), -1, 1)],
    ),
    row("tile", S(T(2, 3), (2,)), S(T(3), (2, 2)), S(T(2, 3, 4), (2, 1)), S(T(), (3,))),
    row(
        "repeat_interleave",
        S(T(2, 3), 2),
        S(T(2, 3), 2, 1),
        S(T(3), V([1, 0, 2], "int64")),
        S(T(2, 3), V([2, 1], "int64"), dim=0),
        S(T(3, 2).t(), 2, dim=0),
        S(T(), 3),
        errors=[S(T(2, 3), -1), S(T(2, 3), V([1, 2, 3], "int64"), dim=0), S(T(2, 3), T(2), dim=0)],
    ),
]

MORE = [
    row(
        "put",
        S(T(2, 3), FLAT, T(3)),
        S(T(3, 2).t(), FLAT, T(3)),
        S(T(2, 3), TWICE, T(3), True),
        S(T(2, 3, dtype="int64"), FLAT, T(3, dtype="int64"), accumulate=True),
        forms="fmi",
        errors=[
            S(T(2, 3), OUTSIDE, T(2)),
            S(T(2, 3), FLAT, T(2)),
            S(T(2, 3), FLAT, T(3, dtype="float64")),
        ],
    ),
    row(
        "as_strided_scatter",
        S(T(4, 3), T(2, 2), (2, 2), (1, 2)),
        S(T(4, 3), T(2, 2), (2, 2), (1, 2), 1),
        S(T(4, 3).t(), T(2, 2), (2, 2), (1, 2)),
        S(T(4, 6)[:, ::2], T(2, 2), (2, 2), (1, 2)),
        errors=[S(T(4, 3), T(2, 3), (2, 2), (1, 2), 1)],
    ),
]

SAYS = V([True, False, True], "bool")
SOME = V([0, 9, 2], "int64")
MASKED = [
    row(
        "_unsafe_masked_index",
        S(T(4, 3), SAYS, [SOME, V([0, 1, -1], "int64")], 7),
        S(T(4, 3), SAYS, [SOME], 0.5),
        S(T(4, 3, dtype="int64"), SAYS, [SOME], 2),
        S(T(4), V([[True], [False]], "bool"), [SOME], 1),
        forms="f",
        errors=[S(T(4), SAYS, [T(3)], 7), S(T(4), SAYS, [SOME, SOME], 7)],
    ),
    row(
        "_unsafe_masked_index_put_accumulate",
        S(T(4, 3), SAYS, [SOME, V([0, 1, -1], "int64")], T(3)),
        S(T(4, 3), SAYS, [V([0, 9, 0], "int64")], T(3, 3)),
        S(T(4, dtype="bfloat16"), SAYS, [SOME], T(3, dtype="bfloat16")),
        forms="f",
        errors=[S(T(4), SAYS, [SOME], T(3, dtype="float64")), S(T(4), SAYS, [T(3)], T(3))],
    ),
]

ROWS = [*MASKED, *GATHERED, *SCATTERED, *TRIANGLES, *MOVED, *MORE]
