"""Samples of Python's operators on tensors, both orders and augmented assignment."""

from samples.spec import S, T, row

PAIRS = [
    S(T(2, 3), T(3)),
    S(T(2, 3), 2),
    S(T(2, 3), 0.5),
    S(T(2, 3, dtype="int64", low=1, high=9), 2),
    S(T(2, 3, dtype="int64", low=1, high=9), T(3, low=1)),
    S(2, T(2, 3, low=0.5)),
    S(1.5, T(2, 3, dtype="int64", low=1, high=9)),
]
UNFIT = [S(T(2, 3), T(4)), S(T(2, 3), "text"), S(T(2, 3), None), S("text", T(2, 3))]
WHOLE = [
    S(T(2, 3, dtype="int64"), T(3, dtype="int64", low=0, high=5)),
    S(T(2, 3, dtype="int64"), 3),
    S(6, T(2, 3, dtype="int64", low=0, high=5)),
]
BOOL = [S(T(2, 3, dtype="bool"), T(3, dtype="bool")), S(T(2, 3, dtype="bool"), True)]
AUGMENTED = [sample for sample in PAIRS if sample.has_tensor_first]

ARITHMETIC = [
    row(f"operator.{name}", PAIRS, forms="f", errors=UNFIT[:3])
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
]
ASSIGNED = [
    row(f"operator.{name}", AUGMENTED[:4], forms="f", errors=[UNFIT[0], AUGMENTED[4]])
    for name in ("iadd", "isub", "imul", "ifloordiv", "imod")
] + [
    row("operator.itruediv", AUGMENTED[:3], forms="f", errors=[UNFIT[0], *AUGMENTED[3:]]),
]
COMPARED = [
    row(f"operator.{name}", PAIRS, forms="f", errors=UNFIT[:1])
    for name in ("eq", "ne", "lt", "le", "gt", "ge")
]
BITS = [
    row(f"operator.{name}", WHOLE, forms="f", errors=[S(T(2, 3), T(2, 3))])
    for name in ("lshift", "rshift")
] + [
    row(f"operator.{name}", WHOLE, BOOL, forms="f", errors=[S(T(2, 3), T(2, 3))])
    for name in ("and_", "or_", "xor", "iand", "ior", "ixor")
]
MATMUL = [
    row(
        "operator.matmul",
        S(T(2, 3), T(3, 4)),
        S(T(3), T(3)),
        forms="f",
        errors=[S(T(2, 3), T(2, 3)), S(T(2, 3), 2)],
    ),
]
UNARY = [
    row(
        "operator.neg",
        S(T(2, 3)),
        S(T(3, dtype="int64")),
        forms="f",
        errors=[S(T(3, dtype="bool"))],
    ),
    row("operator.pos", S(T(2, 3)), S(T(3, dtype="int64")), forms="f"),
    row("operator.abs", S(T(2, 3)), S(T(3, dtype="int64")), forms="f"),
    row(
        "operator.invert",
        S(T(2, 3, dtype="bool")),
        S(T(3, dtype="int64")),
        forms="f",
        errors=[S(T(2, 3))],
    ),
    row(
        "operator.index",
        S(T(dtype="int64")),
        S(T(1, dtype="int64")),
        forms="f",
        errors=[S(T()), S(T(2, dtype="int64"))],
    ),
    row(
        "operator.truth",
        S(T()),
        S(T(1, 1)),
        S(T(dtype="bool")),
        forms="f",
        errors=[S(T(2, 3)), S(T(0))],
    ),
    row(
        "operator.contains",
        S(T(2, 3, dtype="int64"), 2),
        S(T(2, 3), T()),
        forms="f",
        errors=[S(T(2, 3), "text"), S(T(2, 3), [1.0])],
    ),
]

ROWS = [*ARITHMETIC, *ASSIGNED, *COMPARED, *BITS, *MATMUL, *UNARY]
