"""Samples of ops that make tensors: from data, ranges, fills, and like another tensor."""

import numpy as np

from samples.spec import A, S, T, V, row

NAN = float("nan")
DATA = [
    S([1, 2, 3]),
    S([1.0, 2, 3]),
    S([[1, 2], [3, 4]]),
    S([True, False]),
    S([1, True]),
    S([1.5, True]),
    S([1 + 2j, 1.0]),
    S(3),
    S(2.5),
    S(True),
    S(1j),
    S([]),
    S([[], []]),
    S(()),
    S(((1, 2), (3, 4))),
    S([1, 2], dtype=A("float64")),
    S([1.9, -1.9], dtype=A("int64")),
    S([0, 2], dtype=A("bool")),
    S([1.5], dtype=A("bfloat16")),
    S([-1], dtype=A("uint8")),
    S([1e300], dtype=A("float32")),
    S(2**40),
    S([2**62, -(2**62)]),
    S([NAN, float("inf")]),
    S(range(4)),
    S([np.float32(1.5), 2]),
    S(np.float64(2.5)),
    S(np.int32(7)),
    S([np.int64(1), np.int64(2)]),
    S(np.arange(6).reshape(2, 3)),
    S(np.arange(3, dtype=np.float32)),
    S(np.arange(6.0).reshape(2, 3).T),
    S(np.array([True, False])),
    S(np.arange(3, dtype=np.uint16)),
    S(np.array(5)),
    S([[T(), T()], [T(), T()]]),
    S([T(1), 2.0]),
    S([np.arange(2), np.arange(2)]),
]
BAD_DATA = [
    S([1, [2]]),
    S([[1, 2], [3]]),
    S("text"),
    S(["a"]),
    S(None),
    S([None]),
    S([1, "a"]),
    S(2**64),
    S([1, 2], dtype=3),
    S({"a": 1}),
    S(object),
    S(np.array(["a"])),
    S([[1], 2]),
    S([1, 2**70]),
    S([300], dtype=A("uint8")),
    S([2**31], dtype=A("int32")),
    S([1j], dtype=A("float32")),
]

FROM_DATA = [
    row(
        "tensor",
        DATA,
        S(T(2, 3)),
        S([1.0], requires_grad=True),
        forms="f",
        errors=[*BAD_DATA, S([1], requires_grad=True)],
    ),
    row(
        "as_tensor",
        DATA[:14],
        S(T(2, 3)),
        S(T(2, 3), dtype=A("float64")),
        DATA[29:33],
        forms="f",
        errors=BAD_DATA[:4],
    ),
    row(
        "asarray",
        DATA[:14],
        S(T(2, 3)),
        S(T(2, 3), dtype=A("int64")),
        DATA[29:33],
        S(T(2, 3), copy=True),
        forms="f",
        errors=BAD_DATA[:3],
    ),
    row(
        "scalar_tensor",
        S(3),
        S(2.5),
        S(True),
        S(3, dtype=A("float64")),
        S(1j, dtype=A("complex64")),
        forms="f",
    ),
    row(
        "from_numpy",
        S(np.arange(6).reshape(2, 3)),
        S(np.arange(3, dtype=np.float32)),
        S(np.arange(6.0).reshape(2, 3).T),
        S(np.arange(6.0)[1::2]),
        S(np.zeros((0, 3))),
        S(np.array(1.5)),
        S(np.array([1j])),
        S(np.arange(3, dtype=np.uint32)),
        forms="f",
        errors=[S([1, 2]), S(np.array(["a"])), S(np.arange(4.0)[::-1]), S(np.array([object()]))],
    ),
    row(
        "Tensor.new_tensor",
        S(T(2), [1, 2]),
        S(T(2), [1.5]),
        S(T(2, dtype="int64"), [1.7, 2]),
        S(T(2), [1], dtype=A("int64")),
        S(T(2, dtype="bool"), [0, 3]),
    ),
]

RANGES = [
    row(
        "arange",
        S(5),
        S(2, 5),
        S(1, 10, 3),
        S(5.0),
        S(0, 1, 0.25),
        S(5, 0, -2),
        S(0, 1, 0.3),
        S(0),
        S(3, dtype=A("float32")),
        S(1.5, 4),
        S(0, 5, dtype=A("int32")),
        S(0.5, 3.2, 0.4, dtype=A("float64")),
        S(5, dtype=A("bfloat16")),
        S(2, 2),
        S(0, 2, 0.1),
        forms="f",
        errors=[S(0, 5, 0), S(0, 5, -1), S(5, 0), S(0, NAN), S(0, float("inf")), S("a"), S()],
    ),
    row("range", S(0, 4), S(1, 2, 0.5), forms="f"),
    row(
        "linspace",
        S(0, 1, 5),
        S(0, 10, 3),
        S(1, 1, 4),
        S(5, 0, 6),
        S(0, 1, 1),
        S(0, 1, 0),
        S(0, 10, 5, dtype=A("int64")),
        S(-1, 1, 7, dtype=A("float64")),
        S(0, 9, 7),
        S(T(), T(), 4),
        S(0, 1, steps=11),
        forms="f",
        errors=[S(0, 1, -1), S(0, 1), S(0, 1, 2.5)],
    ),
    row(
        "logspace",
        S(0, 2, 3),
        S(-1, 1, 5),
        S(0, 3, 4, 2.0),
        S(0, 1, 1),
        S(0, 2, 3, dtype=A("float64")),
        S(0, 2, 0),
        forms="f",
        errors=[S(0, 1, -1)],
    ),
    row(
        "eye",
        S(3),
        S(2, 3),
        S(3, 2, dtype=A("int64")),
        S(0),
        S(2, dtype=A("bool")),
        forms="f",
        errors=[S(-1), S(2, -1), S(2.5)],
    ),
]

FILLED = [
    row(
        name,
        S(2, 3),
        S((2, 3)),
        S(()),
        S(0, 3),
        S([2]),
        S(2, 3, dtype=A("int64")),
        S(2, dtype=A("bool")),
        S(2, dtype=A("complex64")),
        S(2, requires_grad=True),
        S(2, dtype=A("bfloat16")),
        S(size=(2, 3)),
        forms="f",
        errors=[
            S(-1),
            S(2.5),
            S("a"),
            S((2, 2.5)),
            S(2, dtype=A("int64"), requires_grad=True),
            S(2, dtype="float32"),
            S(None),
        ],
    )
    for name in ("zeros", "ones")
] + [
    row(
        "full",
        S((2, 3), 7.0),
        S((2, 3), 7),
        S((2,), True),
        S((), 1.5),
        S((2,), 1j),
        S((2, 3), 7, dtype=A("float64")),
        S((0, 3), 1),
        S((2,), NAN),
        S((2,), 1.9, dtype=A("int64")),
        forms="f",
        errors=[S((2,), "a"), S((-1,), 1), S(2, 1)],
    ),
]


def like(*extra):
    """A tensor to be like, of each kind, dense, permuted, strided and expanded."""
    return [
        S(T(2, 3), *extra),
        S(T(3, 2).t(), *extra),
        S(T(2, 3, dtype="int64"), *extra),
        S(T(), *extra),
        S(T(0, 3), *extra),
        S(T(2, 3, 4).permute(2, 0, 1), *extra),
        S(T(4, 3)[::2], *extra),
        S(T(3, 1).expand(3, 4), *extra),
        S(T(2, 3), *extra, dtype=A("float64")),
        S(T(3, 2).t(), *extra, memory_format=A("contiguous_format")),
        S(T(2, 3), *extra, requires_grad=True),
    ]


LIKE = [
    row(f"{name}_like", like(), forms="f", errors=[S([1, 2])]) for name in ("zeros", "ones")
] + [
    row("full_like", like(2), S(T(2, dtype="bool"), 1), forms="f"),
    row(
        "Tensor.new_zeros",
        S(T(2), (2, 3)),
        S(T(2, dtype="int64"), 2, 3),
        S(T(2), (2,), dtype=A("int32")),
        S(T(2), ()),
    ),
    row(
        "Tensor.new_ones",
        S(T(2), (2, 3)),
        S(T(2, dtype="int64"), 2, 3),
        S(T(2), (2,), dtype=A("int32")),
    ),
    row(
        "Tensor.new_full",
        S(T(2), (2, 3), 7),
        S(T(2, dtype="int64"), (2,), 7),
        S(T(2), (2,), 1.5, dtype=A("float64")),
    ),
]

# What fills in place says so in its own name.
FILLS = [
    row(
        "Tensor.fill_",
        S(T(2, 3), 2),
        S(T(3, 2).t(), 1.5),
        S(T(2, dtype="int64"), 3.7),
        S(T(2, 3), T()),
        S(T(2, dtype="bool"), 5),
        S(T(), 1),
        errors=[S(T(2, 3), T(3)), S(T(2), 1j), S(T(2), "a")],
    ),
    row("Tensor.zero_", S(T(2, 3)), S(T(3, 2).t()), S(T(2, dtype="bool")), S(T(0, 3))),
    row(
        "Tensor.copy_",
        S(T(2, 3), T(2, 3)),
        S(T(2, 3), T(3)),
        S(T(3, 2).t(), T(2, 3)),
        S(T(2, dtype="int64"), T(2)),
        S(T(2, dtype="bool"), T(2)),
        S(T(2), T(2, dtype="complex64")),
        S(T(2, 3), T()),
        S(T(2), 1.0),
        errors=[S(T(3), T(2, 3)), S(T(2, 3), T(4))],
    ),
]

CASTS = [
    row(
        "Tensor.to",
        S(T(2, 3), A("float64")),
        S(T(2, 3), A("float32")),
        S(T(2, 3), dtype=A("int64")),
        S(T(3, 2).t(), A("bfloat16")),
        S(T(2, 3), "cpu"),
        S(T(2, 3), T(2, dtype="int64")),
        S(T(2, 3), A("float32"), copy=True),
        S(T(2, 3), "cpu", A("float16")),
        errors=[S(T(2), "nowhere"), S(T(2), "cpu", "text")],
    ),
    row("Tensor.type_as", S(T(2), T(2, dtype="int64")), S(T(2), T(3))),
    row(
        "Tensor.type",
        S(T(2)),
        S(T(2, dtype="int64")),
        S(T(2), A("float64")),
        S(T(2), "torch.LongTensor"),
        S(T(2), "torch.FloatTensor"),
    ),
    *[
        row(f"Tensor.{name}", S(T(2, 3)), S(T(3, 2, dtype="int64").t()), S(T(2, dtype="bool")))
        for name in (
            "float",
            "double",
            "half",
            "bfloat16",
            "int",
            "long",
            "short",
            "char",
            "byte",
            "bool",
        )
    ],
    row("Tensor.cfloat", S(T(2)), S(T(2, dtype="complex64"))),
    row("Tensor.cdouble", S(T(2)), S(T(2, dtype="complex64"))),
]

MORE = [
    row(
        "nn.functional.one_hot",
        S(V([0, 2, 1], "int64")),
        S(V([0, 2], "int64"), 4),
        S(V([[0], [1]], "int64"), num_classes=3),
        forms="f",
        errors=[S(V([0, 5], "int64"), 3), S(V([-1], "int64")), S(T(3))],
    ),
]

ROWS = [*FROM_DATA, *RANGES, *FILLED, *LIKE, *FILLS, *CASTS, *MORE]
