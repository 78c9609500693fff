"""Samples of pointwise ops with two or three operands: arithmetic, extremes, bits, blends."""

from samples.spec import A, S, T, V, row

NAN = float("nan")
INF = float("inf")


def binary(low=None, high=None, *, complex_too=True, integers=True, half=True, special=True):
    """The usual pairs of operands: equal shapes, broadcast, 0-d, numbers, empty, mixed dtypes."""
    limits = {"low": low, "high": high}
    samples = [
        S(T(2, 3, **limits), T(2, 3, **limits)),
        S(T(2, 3, **limits), T(3, **limits)),
        S(T(2, 1, **limits), T(3, **limits)),
        S(T(3, 2, **limits).t(), T(2, 3, **limits)),
        S(T(2, 3, **limits), T(**limits)),
        S(T(**limits), T(**limits)),
        S(T(0, 3, **limits), T(3, **limits)),
        S(T(2, 3, dtype="float64", **limits), T(2, 3, **limits)),
        S(T(2, 3, **limits), T(dtype="float64", **limits)),
    ]
    if integers:
        samples += [
            S(T(2, 3, dtype="int64", low=1, high=9), T(3, dtype="int64", low=1, high=9)),
            S(T(2, 3, dtype="int32", low=1, high=9), T(2, 3, dtype="uint8", low=1, high=9)),
        ]
        samples += [S(T(2, 3, **limits), T(3, dtype="int64", low=1, high=9))]
    if half:
        samples += [S(T(2, 3, dtype="bfloat16", **limits), T(3, dtype="bfloat16", **limits))]
        samples += [S(T(2, 3, dtype="float16", **limits), T(3, **limits))]
    if special:
        samples += [S(T(3, 4, special=True, **limits), T(3, 4, **limits).flip(0))]
        samples += [S(T(3, 4, **limits), T(4, special=True, **limits))]
    if complex_too:
        samples += [
            S(T(2, 3, dtype="complex64", **limits), T(3, **limits)),
            S(T(3, dtype="complex128", **limits), T(3, dtype="complex64", **limits)),
        ]
    return samples


def with_numbers(*numbers):
    """The same tensors with Python numbers as the second operand."""
    return [
        sample
        for number in numbers
        for sample in (S(T(2, 3), number), S(T(2, 3, dtype="int64", low=1, high=9), number))
    ]


UNFIT = [S(T(2, 3), T(4)), S(T(2, 3), "text"), S(T(2, 3), None)]
BOOLS = [S(T(2, 3, dtype="bool"), T(3, dtype="bool")), S(T(2, 3, dtype="bool"), T(3))]
DIVISORS = [
    S(V([7, -7, 7, -7], "int64"), V([2, 2, -2, -2], "int64")),
    S(V([7.5, -7.5, 7.5, -7.5, 0.0]), V([2.0, 2.0, -2.0, -2.0, 0.0])),
    S(V([7, 3, 250], "uint8"), 4),
]

ARITHMETIC = [
    row(
        "add",
        binary(),
        with_numbers(2, 0.5),
        BOOLS,
        S(T(2, 3), T(3), alpha=2),
        S(T(2, 3), 3, alpha=0.5),
        S(T(2, 3, dtype="bool"), True),
        S(T(2, 3), 1 + 2j),
        forms="fmio",
        errors=[
            *UNFIT,
            S(T(3, dtype="int64"), T(3, dtype="int64"), alpha=0.5),
            S(T(3, dtype="bool"), T(3, dtype="bool"), alpha=0.5),
        ],
    ),
    row(
        "sub",
        binary(),
        with_numbers(2, 0.5),
        S(T(2, 3), T(3), alpha=2),
        forms="fmio",
        aliases=("subtract",),
        errors=[
            *UNFIT,
            *BOOLS[:1],
            S(T(3, dtype="bool"), 1),
            S(T(3), True),
            S(T(3), T(3, dtype="bool")),
        ],
    ),
    row("rsub", S(T(2, 3), T(3)), S(T(2, 3), 1), S(T(2, 3), T(3), alpha=2), forms="f"),
    row(
        "mul",
        binary(),
        with_numbers(2, 0.5),
        BOOLS,
        S(T(2, 3, dtype="bool"), 2),
        S(T(2, 3), 2j),
        forms="fmio",
        aliases=("multiply",),
        errors=UNFIT,
    ),
    row(
        "div",
        binary(),
        with_numbers(2, 0.5),
        BOOLS[:1],
        DIVISORS,
        [S(*sample.args, rounding_mode=mode) for mode in ("floor", "trunc") for sample in DIVISORS],
        S(T(2, 3), T(3), rounding_mode="floor"),
        S(T(2, 3), 0.7, rounding_mode="trunc"),
        S(T(2, 3), T(3), rounding_mode=None),
        forms="fmio",
        aliases=("divide",),
        errors=[
            S(T(2, 3), T(3), rounding_mode="round"),
            S(T(2, 3), T(4)),
            S(T(3, dtype="complex64"), T(3), rounding_mode="floor"),
            S(V([1, 2], "int64"), V([1, 0], "int64"), rounding_mode="floor"),
        ],
    ),
    row("true_divide", binary(), with_numbers(2), forms="fmio"),
    row(
        "floor_divide",
        binary(complex_too=False),
        DIVISORS,
        with_numbers(2, 0.75),
        forms="fmio",
        errors=[S(V([1, 2], "int64"), V([1, 0], "int64")), S(T(3, dtype="complex64"), T(3))],
    ),
    row(
        "remainder",
        binary(complex_too=False),
        DIVISORS,
        with_numbers(3, 0.75, -2),
        S(7, T(3, dtype="int64", low=1, high=5)),
        forms="fmio",
        errors=[S(V([1, 2], "int64"), V([1, 0], "int64"))],
    ),
    row(
        "fmod",
        binary(complex_too=False),
        DIVISORS,
        with_numbers(3, 0.75, -2),
        forms="fmio",
        errors=[S(V([1, 2], "int64"), V([1, 0], "int64"))],
    ),
    row(
        "pow",
        binary(0.2, 3),
        with_numbers(2, 3, 0.5),
        S(T(2, 3), 2),
        S(T(2, 3), -1),
        S(T(2, 3), 0),
        S(2, T(2, 3)),
        S(2, T(3, dtype="int64", low=0, high=9)),
        S(2.5, T(3, dtype="int64")),
        S(V([-2.0, -1.0, 0.0]), V([2.0, 0.5, 0.0])),
        S(V([2, -3, 1, 0], "int64"), V([3, 3, 5, 0], "int64")),
        forms="fmio",
        errors=[S(T(3, dtype="int64"), -1), S(T(2, 3), T(4))],
    ),
    row("float_power", binary(0.2, 3), with_numbers(2, 0.5), S(2, T(3)), forms="fmo"),
]

EXTREMES = [
    row(
        "maximum",
        binary(complex_too=False),
        S(T(2, 3, dtype="bool"), T(3, dtype="bool")),
        forms="fmo",
        errors=[S(T(3, dtype="complex64"), T(3, dtype="complex64"))],
    ),
    row(
        "minimum",
        binary(complex_too=False),
        S(T(2, 3, dtype="bool"), T(3, dtype="bool")),
        forms="fmo",
    ),
    row("fmax", binary(complex_too=False), forms="fmo"),
    row("fmin", binary(complex_too=False), forms="fmo"),
    row(
        "copysign",
        binary(complex_too=False),
        with_numbers(-1, 0.5),
        S(V([1.0, -2.0]), V([-0.0, 0.0])),
        forms="fmio",
    ),
    row(
        "nextafter",
        binary(complex_too=False, integers=False, half=False),
        forms="fmio",
        errors=[S(T(3, dtype="int64"), T(3, dtype="int64"))],
    ),
    row(
        "heaviside",
        S(V([-1.0, 0.0, 2.0]), V([0.5])),
        S(T(2, 3), T(3)),
        S(V([0, 1], "int64"), V([3], "int64")),
        S(V([NAN, 0.0]), T()),
        forms="fmio",
        errors=[S(T(3), T(3, dtype="int64"))],
    ),
]

# Few: XLA takes seconds to compile one of these.
INCOMPLETE_GAMMA = [
    S(T(2, 3, low=0.5, high=5), T(3, low=0.5, high=5)),
    S(T(3, dtype="float64", low=0.5, high=5), T(3, dtype="float64", low=0.5, high=5)),
    S(
        V([0.0, 0.0, 2.0, INF, 2.0, INF, -1.0, NAN, 1.0]),
        V([0.0, 1.0, 0.0, 2.0, INF, INF, 1.0, 1.0, -1.0]),
    ),
]

TRANSCENDENTAL = [
    row(
        "atan2",
        binary(complex_too=False),
        S(V([0.0, -0.0, 0.0, -0.0]), V([1.0, 1.0, -1.0, -1.0])),
        forms="fmio",
        aliases=("arctan2",),
    ),
    row("hypot", binary(complex_too=False, integers=False), forms="fmio"),
    row(
        "logaddexp",
        binary(complex_too=False, integers=False),
        S(V([INF, -INF]), V([INF, -INF])),
        forms="fmo",
    ),
    row("logaddexp2", binary(complex_too=False, integers=False), forms="fmo"),
    row(
        "xlogy",
        binary(0.1, 4, complex_too=False),
        S(V([0.0, 0.0, 2.0]), V([0.0, NAN, 0.0])),
        S(2, T(3, low=0.1)),
        S(T(3), 2.0),
        forms="fmio",
        aliases=("special.xlogy",),
    ),
    row("special.xlog1py", binary(0.1, 4, complex_too=False), S(0, T(3, low=0.1)), forms="f"),
    row(
        "special.zeta",
        S(T(3, low=2, high=4), T(3, low=1, high=4)),
        S(2, T(3, low=1, high=4)),
        S(T(3, dtype="float64", low=2, high=4), 1.5),
        forms="f",
    ),
    row(
        "igamma",
        INCOMPLETE_GAMMA,
        forms="fmio",
        aliases=("special.gammainc",),
        errors=[S(T(3, dtype="int64"), T(3, dtype="int64"))],
    ),
    row(
        "igammac",
        INCOMPLETE_GAMMA,
        forms="fmio",
        aliases=("special.gammaincc",),
    ),
    row(
        "ldexp",
        S(T(2, 3), T(3, dtype="int64")),
        S(T(2, 3), T(3, dtype="int32")),
        S(T(), T()),
        S(T(2, 3, dtype="float64"), T(3, dtype="int64")),
        forms="fmio",
    ),
]


def whole(*extra):
    """Pairs of whole-number operands, not negative where the second shifts."""
    return [
        S(T(2, 3, dtype="int64"), T(3, dtype="int64", low=0, high=7)),
        S(T(2, 3, dtype="int32"), T(2, 3, dtype="int32", low=0, high=7)),
        S(T(3, 2, dtype="int64").t(), T(dtype="int64", low=0, high=7)),
        S(T(2, 3, dtype="uint8"), T(3, dtype="int16", low=0, high=7)),
        S(T(0, 3, dtype="int64"), T(3, dtype="int64", low=0, high=7)),
        S(T(dtype="int64"), T(dtype="int64", low=0, high=7)),
        *extra,
    ]


BOOL_PAIR = S(T(2, 3, dtype="bool"), T(3, dtype="bool"))
FLOAT_PAIR = S(T(2, 3), T(2, 3))

BITS = [
    row(
        "bitwise_and",
        whole(BOOL_PAIR, S(T(3, dtype="int64"), 6)),
        S(5, T(3, dtype="int64")),
        forms="fmio",
        errors=[FLOAT_PAIR],
    ),
    row(
        "bitwise_or", whole(BOOL_PAIR, S(T(3, dtype="int64"), 6)), forms="fmio", errors=[FLOAT_PAIR]
    ),
    row(
        "bitwise_xor",
        whole(BOOL_PAIR, S(T(3, dtype="int64"), 6)),
        forms="fmio",
        errors=[FLOAT_PAIR],
    ),
    row(
        "bitwise_left_shift",
        whole(S(T(3, dtype="int64"), 2)),
        forms="fmio",
        errors=[S(T(3, dtype="complex64"), T(3, dtype="complex64"))],
    ),
    row("bitwise_right_shift", whole(S(T(3, dtype="int64"), 2)), forms="fmio"),
    row(
        "gcd",
        whole(),
        S(V([12, -18, 0], "int64"), V([8, 12, 5], "int64")),
        forms="fmio",
        errors=[FLOAT_PAIR],
    ),
    row("lcm", whole(), S(V([12, -18, 0], "int64"), V([8, 12, 5], "int64")), forms="fmio"),
]

LOGIC = [
    row(
        name,
        S(T(2, 3, dtype="bool"), T(3, dtype="bool")),
        S(T(2, 3), T(3)),
        S(V([0.0, NAN]), V([1.0, 1.0])),
        S(T(2, 3, dtype="int64"), T(3)),
        S(T(3, 2, dtype="bool").t(), T(2, 3, dtype="bool")),
        S(T(dtype="bool"), T(dtype="bool")),
        S(T(0, 3, dtype="bool"), T(3, dtype="bool")),
        S(T(3, dtype="complex64"), T(3)),
        forms="fmio",
        errors=[S(T(2, 3), T(4))],
    )
    for name in ("logical_and", "logical_or", "logical_xor")
]

BLENDS = [
    row(
        "lerp",
        S(T(2, 3), T(2, 3), 0.3),
        S(T(2, 3), T(3), T(3)),
        S(T(2, 3), T(2, 1), T()),
        S(T(3, 2).t(), T(2, 3), 0.8),
        S(T(3, dtype="float64"), T(3, dtype="float64"), 0.5),
        S(T(3, dtype="complex64"), T(3, dtype="complex64"), 0.5),
        S(T(0, 3), T(0, 3), 0.5),
        S(T(2, 3, dtype="bfloat16"), T(3, dtype="bfloat16"), 0.25),
        forms="fmio",
        errors=[S(T(3), T(3, dtype="float64"), 0.5), S(T(2, 3), T(4), 0.5)],
    ),
    row(
        "addcmul",
        S(T(2, 3), T(2, 3), T(2, 3)),
        S(T(2, 3), T(3), T(2, 1), value=0.5),
        S(T(2, 3, dtype="int64"), T(3, dtype="int64"), T(3, dtype="int64"), value=2),
        S(T(3, 2).t(), T(2, 3), T(3)),
        S(T(), T(), T()),
        S(T(2, 3, dtype="bfloat16"), T(3, dtype="bfloat16"), T(3, dtype="bfloat16")),
        S(T(2, 3), T(3, dtype="int64"), T(3)),
        forms="fmio",
    ),
    row(
        "addcdiv",
        S(T(2, 3), T(2, 3), T(2, 3, low=1)),
        S(T(2, 3), T(3), T(2, 1, low=1), value=0.5),
        S(T(3, 2).t(), T(2, 3), T(3, low=1)),
        S(T(), T(), T(low=1)),
        S(T(3, dtype="float64"), T(3, dtype="float64"), T(3, dtype="float64", low=1)),
        forms="fmio",
        errors=[S(T(3, dtype="int64"), T(3, dtype="int64"), T(3, dtype="int64", low=1))],
    ),
    row(
        "where",
        S(T(2, 3, dtype="bool"), T(2, 3), T(2, 3)),
        S(T(2, 3, dtype="bool"), T(3), T(2, 1)),
        S(T(2, 3, dtype="bool"), T(2, 3), 0.0),
        S(T(2, 3, dtype="bool"), 1, T(2, 3, dtype="int64")),
        S(T(2, 3, dtype="bool"), 1, 0.5),
        S(T(3, dtype="bool"), T(3, dtype="int64"), T(3)),
        S(T(dtype="bool"), T(), T()),
        S(T(3, 2, dtype="bool").t(), T(2, 3), T(3, dtype="float64")),
        S(T(0, 3, dtype="bool"), T(3), T(3)),
        S(T(3, dtype="bool"), T(3, dtype="complex64"), T(3)),
        S(T(3, dtype="uint8", low=0, high=2), T(3), T(3)),
        forms="fo",
        errors=[S(T(3), T(3), T(3)), S(T(2, 3, dtype="bool"), T(4), T(3))],
    ),
    row(
        "masked_fill",
        S(T(2, 3), T(2, 3, dtype="bool"), 7.0),
        S(T(2, 3), T(3, dtype="bool"), -1),
        S(T(2, 3, dtype="int64"), T(2, 1, dtype="bool"), 4),
        S(T(2, 3), T(dtype="bool"), T()),
        S(T(3, 2).t(), T(2, 3, dtype="bool"), INF),
        S(T(3), T(2, 3, dtype="bool"), 0),
        S(T(3, dtype="int64"), T(3, dtype="bool"), 0.5),
        S(T(0, 3), T(3, dtype="bool"), 1),
        S(T(2, 3, dtype="bfloat16"), T(3, dtype="bool"), -INF),
        forms="fmi",
        errors=[
            S(T(2, 3), T(3, dtype="int64"), 1),
            S(T(2, 3), T(4, dtype="bool"), 1),
            S(T(3), T(3, dtype="bool"), T(2)),
        ],
    ),
]

TYPES = [
    row(
        "result_type",
        S(T(2, 3), T(3, dtype="int64")),
        S(T(3, dtype="int64"), 1.5),
        S(1, 2.0),
        S(T(dtype="float64"), T(3)),
        forms="f",
    ),
    row("can_cast", S(A("float32"), A("int64")), S(A("int32"), A("float16")), forms="f"),
    row("promote_types", S(A("float16"), A("bfloat16")), S(A("uint8"), A("int8")), forms="f"),
]

ROWS = [*ARITHMETIC, *EXTREMES, *TRANSCENDENTAL, *BITS, *LOGIC, *BLENDS, *TYPES]
