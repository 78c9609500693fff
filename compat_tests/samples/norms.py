"""Samples of norms and of tables that rows are looked up in."""

from samples.spec import S, T, V, row

_WEIGHTS = (T(4), T(4))
_KEPT = (T(4), T(4, low=0.5))
_INDEX = V([[0, 2, 2], [3, 0, 1]], dtype="int64")
_LIST = V([0, 2, 2, 3, 0, 1], dtype="int64")
_STARTS = V([0, 2, 2, 5], dtype="int64")

ROWS = [
    row(
        "layer_norm",
        [
            S(T(3, 4), (4,), *_WEIGHTS),
            S(T(2, 3, 4), (3, 4)),
            S(T(3, 4, dtype="float64"), (4,), eps=0.5),
            S(T(3, 4), (4,), None, T(4)),
            S(T(4, 3).t(), [4]),
            S(T(2, 0, 4), (4,)),
        ],
        forms="f",
        errors=[
            S(T(3, 4), (3,)),
            S(T(3, 4), ()),
            S(T(3, 4), 4),
            S(T(3, 4), (4,), T(3)),
            S(T(3, 4)),
        ],
    ),
    row(
        "native_layer_norm",
        [S(T(3, 4), (4,), *_WEIGHTS, 1e-5), S(T(2, 3, 4), (3, 4), None, None, 0.5)],
        forms="f",
        errors=[S(T(3, 4), (3,), None, None, 1e-5), S(T(3, 4), (4,))],
    ),
    row(
        "rms_norm",
        [S(T(3, 4), (4,), T(4)), S(T(2, 3, 4), (3, 4), eps=0.5), S(T(4, 3).t(), (4,))],
        forms="f",
        errors=[S(T(3, 4), (3,)), S(T(3, 4, dtype="int64"), (4,)), S(T(3, 4), (4,), T(3))],
    ),
    row(
        "group_norm",
        [
            S(T(2, 4, 3), 2, *_WEIGHTS),
            S(T(2, 4), 1),
            S(T(2, 4, 3, 2, dtype="float64"), 4, T(4, dtype="float64"), eps=0.5),
        ],
        forms="f",
        errors=[S(T(2, 4, 3), 3), S(T(2, 4, 3), 0), S(T(2, 4, 3), 2, T(3)), S(T(2, 4, 3))],
    ),
    row(
        "batch_norm",
        [
            S(T(3, 4, 2), *_WEIGHTS, *_KEPT, False, 0.1, 1e-5, True),
            S(T(3, 4), *_WEIGHTS, None, None, True, 0.1, 1e-5, True),
            S(T(3, 4, 2, 2), None, T(4), *_KEPT, True, 0.3, 0.5, True),
            S(T(0, 4), *_WEIGHTS, *_KEPT, True, 0.1, 1e-5, True),
        ],
        forms="f",
        errors=[
            S(T(3, 4), None, None, None, None, False, 0.1, 1e-5, True),
            S(T(3, 4), T(3), None, None, None, True, 0.1, 1e-5, True),
            S(T(3, 4), None, None, None, None, True, 0.1),
        ],
    ),
    row(
        "instance_norm",
        [
            S(T(2, 4, 3), *_WEIGHTS, None, None, True, 0.1, 1e-5, True),
            S(T(2, 4, 3), None, None, *_KEPT, False, 0.1, 1e-5, True),
        ],
        forms="f",
        errors=[S(T(2, 4, 3), None, None, None, None, False, 0.1, 1e-5, True)],
    ),
    row(
        "embedding",
        [
            S(T(4, 3), _INDEX),
            S(T(4, 3, dtype="float64"), _INDEX, 2, True),
            S(T(3, 4).t(), V(1, dtype="int32"), -1),
            S(T(4, 3, dtype="int64"), _INDEX),
        ],
        forms="f",
        errors=[
            S(T(4, 3), T(2)),
            S(T(4), _INDEX),
            S(T(3, 3), _INDEX),
            S(T(4, 3), V([-1], dtype="int64")),
            S(T(4, 3)),
        ],
    ),
    row(
        "embedding_bag",
        [
            S(T(4, 3), _LIST, _STARTS),
            S(T(4, 3), _LIST, _STARTS, False, 1),
            S(T(4, 3, dtype="float64"), _LIST, _STARTS, False, 2),
            S(T(4, 3), _LIST, _STARTS, False, 0, False, T(6)),
            S(T(4, 3), _LIST, V([0, 2, 6], dtype="int64"), False, 1, False, None, True, 2),
        ],
        forms="f",
        errors=[
            S(T(4, 3), _LIST),
            S(T(4, 3), _LIST, V([1, 2], dtype="int64")),
            S(T(4, 3), _LIST, _STARTS, False, 3),
            S(T(4, 3, dtype="int64"), _LIST, _STARTS),
        ],
    ),
]
