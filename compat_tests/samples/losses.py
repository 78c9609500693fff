"""Samples of losses and distances that are functions of the package, too."""

from samples.spec import S, T, V, row

_PAIR = (T(4, 3), T(4, 3))
_HALVES = (T(4, 3, dtype="bfloat16"), T(4, 3, dtype="bfloat16"))
_SHARES = (T(4, 3), T(4, 3, low=0.0, high=1.0))
_SIGNS = V([1, -1, 1, -1], dtype="int64")

ROWS = [
    row(
        "kl_div",
        [
            S(*_SHARES),
            S(*_SHARES, 1),
            S(*_SHARES, 2, log_target=True),
            S(T(4, 3), T(3, low=0.0, high=1.0), reduction=2),
            S(T(), T(low=0.0), 2),
        ],
        forms="f",
        errors=[
            S(T(3), T(3, dtype="int64")),
            S(T(3, dtype="complex64"), T(3)),
            S(T(3), T(2)),
            S(T(3), T(3), "mean"),
            S(T(3)),
        ],
    ),
    row(
        "hinge_embedding_loss",
        [S(T(4), _SIGNS), S(T(4), _SIGNS, 0.5, 1), S(T(2, 4), _SIGNS, reduction=2)],
        forms="f",
        errors=[S(T(4), _SIGNS, "a"), S(T(4)), S(T(4), T(3))],
    ),
    row(
        "margin_ranking_loss",
        [S(T(4), T(4), _SIGNS), S(T(4), T(4), _SIGNS, 0.5, 1), S(T(2, 4), T(4), _SIGNS)],
        forms="f",
        errors=[S(T(4), T(4)), S(T(4), T(3), _SIGNS), S(T(4), T(4), _SIGNS, reduction="a")],
    ),
    row(
        "cosine_embedding_loss",
        [
            S(*_PAIR, _SIGNS),
            S(*_PAIR, _SIGNS, 0.25, 1),
            S(T(3), T(3), V(1, dtype="int64"), reduction=2),
        ],
        forms="f",
        errors=[S(T(4), T(4), _SIGNS), S(*_PAIR, T(4, 1)), S(T(4, 3), T(4, 2), _SIGNS)],
    ),
    row(
        "triplet_margin_loss",
        [S(*_PAIR, T(4, 3)), S(*_PAIR, T(4, 3), 2.0, 1.0, 0.1, True, 1), S(T(3), T(3), T(3))],
        forms="f",
        errors=[S(*_PAIR, T(3)), S(*_PAIR), S(*_PAIR, T(4, 2))],
    ),
    row(
        "poisson_nll_loss",
        [S(*_SHARES, True, False, 1e-8, 0), S(*_SHARES, True, True, 1e-8, 2)],
        forms="f",
        errors=[S(*_SHARES, True, True, 0.1), S(*_SHARES, True, True, "a", 0)],
    ),
    row(
        "binary_cross_entropy_with_logits",
        [
            S(*_SHARES),
            S(*_SHARES, T(3), T(3), 1),
            S(*_SHARES, pos_weight=T(3), reduction=2),
            S(T(4, 3, special=True), T(4, 3, low=0.0, high=1.0)),
            S(*_HALVES),
        ],
        forms="f",
        errors=[
            S(T(4, 3), T(3)),
            S(T(4, 3), 1),
            S(T(4, 3), T(4, 3, dtype="int64")),
            S(*_SHARES, reduction="a"),
        ],
    ),
    row(
        "ctc_loss",
        [
            S(T(5, 2, 4), V([[1, 2], [3, 3]], dtype="int64"), (5, 4), (2, 2)),
            S(
                T(5, 2, 4),
                V([1, 2, 3], dtype="int64"),
                V([5, 4], dtype="int64"),
                V([2, 1], dtype="int64"),
                0,
                1,
            ),
        ],
        forms="f",
        errors=[
            S(T(5, 2, 4), V([[1, 2], [3, 3]], dtype="int64"), (6, 4), (2, 2)),
            S(T(5, 2, 4), V([[1, 2], [3, 3]], dtype="int64"), (5, 4)),
            S(T(5, 2, 4), V([1, 2, 3], dtype="int64"), (5, 4), (2, 2)),
        ],
    ),
    row(
        "cosine_similarity",
        [
            S(*_PAIR),
            S(T(4, 3), T(3), -1),
            S(T(2, 1, 3), T(4, 3), dim=2, eps=0.5),
            S(T(3, 4).t(), T(4, 3)),
            S(T(), T(), 0),
            S(T(4, 3, dtype="int64"), T(4, 3)),
            S(*_HALVES),
        ],
        forms="f",
        errors=[
            S(T(3), T(3)),
            S(T(4, 3), T(4, 2)),
            S(T(4, 3, dtype="int64"), T(4, 3, dtype="int64")),
            S(*_PAIR, 1, -1.0),
            S(*_PAIR, dim="a"),
        ],
    ),
    row(
        "pairwise_distance",
        [
            S(*_PAIR),
            S(T(4, 3), T(3), 1.0, 0.1, True),
            S(T(2, 4, 3), T(4, 3), p=float("inf")),
            S(*_PAIR, 0),
            S(*_PAIR, 2.5, keepdim=True),
            S(T(4, 3, dtype="complex64"), T(4, 3)),
        ],
        forms="f",
        errors=[S(T(4, 3), T(4, 2)), S(*_PAIR, "a"), S(T(4, 3))],
    ),
    row(
        "pdist",
        [
            S(T(5, 3)),
            S(T(5, 3), 1),
            S(T(5, 3), p=0.5),
            S(T(5, 3, dtype="float64"), float("inf")),
            S(T(1, 3)),
            S(T(4, 0)),
            S(T(3, 5).t(), 3.0),
        ],
        forms="f",
        errors=[S(T(5)), S(T(5, 3), -1), S(T(5, 3, dtype="int64")), S(T(5, 3), "a")],
    ),
]
