"""Samples of pointwise ops with one tensor: powers, trigonometry, rounding, classes of values."""

from samples.spec import A, S, T, V, row

RANGES = "log lgamma and others are sampled away from their poles, where float32 loses every digit"


def unary(low=None, high=None, *, integers=True, half=True, special=True, complex_too=True):
    """The usual inputs of a unary op, its values drawn between `low` and `high`."""
    limits = {"low": low, "high": high}
    samples = [
        S(T(2, 3, **limits)),
        S(T(3, 2, **limits).t()),
        S(T(**limits)),
        S(T(0, 3, **limits)),
        S(T(2, 3, dtype="float64", **limits)),
    ]
    if integers:
        samples += [S(T(2, 3, dtype="int64", low=1, high=9)), S(T(2, 3, dtype="bool"))]
        samples += [S(T(2, 3, dtype="uint8", low=1, high=9))]
    if half:
        samples += [S(T(2, 3, dtype="bfloat16", **limits)), S(T(2, 3, dtype="float16", **limits))]
    if special:
        samples += [S(T(3, 4, special=True, **limits))]
    if complex_too:
        samples += [S(T(2, 3, dtype="complex64", **limits)), S(T(3, dtype="complex128", **limits))]
    return samples


def real_unary(low=None, high=None, **options):
    return unary(low, high, complex_too=False, **options)


POWERS = [
    row(
        "abs",
        [s for s in unary() if s.args[0].dtype != "bool"],
        forms="fmio",
        aliases=("absolute",),
        errors=[S(T(2, 3, dtype="bool"))],
    ),
    row(
        "neg",
        [s for s in unary() if s.args[0].dtype != "bool"],
        forms="fmio",
        aliases=("negative",),
        errors=[S(T(2, 3, dtype="bool"))],
    ),
    row(
        "positive",
        [s for s in unary() if s.args[0].dtype != "bool"],
        forms="fm",
        errors=[S(T(2, 3, dtype="bool"))],
    ),
    row("exp", unary(), forms="fmio"),
    row("exp2", unary(), forms="fmio", aliases=("special.exp2",)),
    row("expm1", unary(), forms="fmio", aliases=("special.expm1",)),
    row("log", unary(0.1, 5), forms="fmio"),
    row("log2", unary(0.1, 5), forms="fmio"),
    row("log10", unary(0.1, 5), forms="fmio"),
    row("log1p", unary(-0.5, 5), forms="fmio", aliases=("special.log1p",)),
    row("sqrt", unary(0, 5), forms="fmio"),
    row("rsqrt", unary(0.1, 5), forms="fmio"),
    row("square", unary(), forms="fmio"),
    row("reciprocal", unary(0.1, 5), forms="fmio"),
]

TRIGONOMETRY = [
    row("sin", unary(), forms="fmio"),
    row("cos", unary(), forms="fmio"),
    row("tan", unary(-1, 1), forms="fmio"),
    row("asin", unary(-1, 1), forms="fmio", aliases=("arcsin",)),
    row("acos", unary(-1, 1), forms="fmio", aliases=("arccos",)),
    row("atan", unary(), forms="fmio", aliases=("arctan",)),
    row("sinh", unary(), forms="fmio"),
    row("cosh", unary(), forms="fmio"),
    row("tanh", unary(), forms="fmio"),
    row("asinh", unary(), forms="fmio", aliases=("arcsinh",)),
    row("acosh", unary(1.1, 5), forms="fmio", aliases=("arccosh",)),
    row("atanh", unary(-0.9, 0.9), forms="fmio", aliases=("arctanh",)),
    row("deg2rad", real_unary(-180, 180), forms="fmio"),
    row("rad2deg", real_unary(), forms="fmio"),
    row("sinc", unary(), forms="fmio", aliases=("special.sinc",)),
]

SPECIAL = [
    row("sigmoid", unary(), forms="fmio", aliases=("special.expit",)),
    row(
        "logit",
        real_unary(0.05, 0.95),
        S(T(2, 3, low=-0.5, high=1.5), eps=0.1),
        S(T(2, 3, low=-0.5, high=1.5), 1e-3),
        forms="fmio",
        aliases=("special.logit",),
    ),
    row(
        "relu",
        [s for s in real_unary() if s.args[0].dtype != "bool"],
        forms="fmi",
        errors=[S(T(2, 3, dtype="bool"))],
    ),
    row("erf", real_unary(), forms="fmio", aliases=("special.erf",)),
    row("erfc", real_unary(), forms="fmio", aliases=("special.erfc",)),
    row("erfinv", real_unary(-0.95, 0.95), forms="fmio", aliases=("special.erfinv",)),
    row("lgamma", real_unary(0.2, 6), forms="fmio", aliases=("special.gammaln",)),
    row("digamma", real_unary(0.2, 6), forms="fmio", aliases=("special.digamma", "special.psi")),
    row("i0", real_unary(), forms="fmio", aliases=("special.i0",)),
    row(
        "softmax",
        S(T(2, 3), 1),
        S(T(2, 3), dim=0),
        S(T(3, 2).t(), -1),
        S(T(), 0),
        S(T(0, 3), 1),
        S(T(2, 3), 1, dtype=A("float64")),
        S(T(2, 3, dtype="int64"), 1, dtype=A("float32")),
        S(T(2, 3, dtype="bfloat16"), 1),
        S(V([[0.0, 1000.0], [-1e30, 1e30]]), 1),
        S(T(3, 4, special=True), 1),
        S(V([[float("-inf"), 0.0], [float("-inf")] * 2]), 1),
        forms="fm",
        aliases=("special.softmax", "nn.functional.softmax"),
        errors=[S(T(2, 3), 2), S(T(2, 3, dtype="int64"), 1)],
    ),
    row(
        "log_softmax",
        S(T(2, 3), 1),
        S(T(2, 3), dim=0),
        S(T(3, 2).t(), -1),
        S(T(), 0),
        S(T(0, 3), 1),
        S(T(2, 3), 1, dtype=A("float64")),
        S(T(2, 3, dtype="bfloat16"), 1),
        S(V([[0.0, 1000.0], [-1e30, 1e30]]), 1),
        forms="fm",
        aliases=("special.log_softmax",),
        errors=[S(T(2, 3), -3)],
    ),
]

ROUNDING_INPUTS = [
    S(V([[-2.5, -1.5, -0.5], [0.5, 1.5, 2.5]])),
    S(T(3, 2).t()),
    S(T()),
    S(T(0, 3)),
    S(T(2, 3, dtype="float64")),
    S(T(2, 3, dtype="bfloat16")),
    S(T(2, 3, dtype="int64")),
    S(T(3, 4, special=True)),
]

ROUNDING = [
    row("ceil", ROUNDING_INPUTS, forms="fmio"),
    row("floor", ROUNDING_INPUTS, forms="fmio"),
    row(
        "round",
        ROUNDING_INPUTS,
        S(T(2, 3, low=-99, high=99), decimals=1),
        S(T(2, 3, low=-999, high=999), decimals=-2),
        S(T(2, 3, dtype="float64"), decimals=3),
        forms="fmio",
        aliases=("special.round",),
    ),
    row("trunc", ROUNDING_INPUTS, forms="fmio", aliases=("fix",)),
    row("frac", [s for s in ROUNDING_INPUTS if s.args[0].dtype != "int64"], forms="fmio"),
]

SIGNS = [
    row("sign", real_unary(), forms="fmio"),
    row("signbit", real_unary(), forms="fmo"),
    row("sgn", unary(), forms="fmio"),
    row(
        "nan_to_num",
        real_unary(),
        S(T(3, 4, special=True), 7.0),
        S(T(3, 4, special=True), nan=1.0, posinf=2.0, neginf=3.0),
        S(T(3, 4, special=True, dtype="float16")),
        forms="fmio",
    ),
]

CLAMPS = [
    row(
        "clamp",
        S(T(2, 3), -1, 1),
        S(T(2, 3), min=0),
        S(T(2, 3), max=0.5),
        S(T(3, 2).t(), -1.0, 1.0),
        S(T(2, 3, dtype="int64"), -2, 2),
        S(T(2, 3, dtype="int64"), -1.5, 2),
        S(T(2, 3), 1, -1),
        S(T(3, 4, special=True), -1, 1),
        S(T(2, 3), T(3, low=-1, high=0), T(3, low=0, high=1)),
        S(T(2, 3), min=T(2, 1)),
        S(T(2, 3), max=T(dtype="float64")),
        S(T(2, 3), -1.0, float("nan")),
        S(T(), 0, 1),
        S(T(0, 3), 0, 1),
        S(T(2, 3, dtype="bfloat16"), -1, 1),
        S(T(2, 3, dtype="uint8"), 2, 5),
        forms="fmio",
        aliases=("clip",),
        errors=[S(T(2, 3)), S(T(2, 3, dtype="complex64"), 0, 1), S(T(2, 3), T(4), T(4))],
    ),
    row(
        "clamp_min",
        S(T(2, 3), 0),
        S(T(2, 3), T(3)),
        S(T(2, 3, dtype="int64"), 1),
        S(T(3, 4, special=True), 0.5),
        forms="fmio",
    ),
    row(
        "clamp_max",
        S(T(2, 3), 0),
        S(T(2, 3), T(3)),
        S(T(2, 3, dtype="int64"), 1),
        S(T(3, 4, special=True), 0.5),
        forms="fmio",
    ),
]

CLASSES = [
    row("isnan", unary(), forms="fm"),
    row("isinf", unary(), forms="fm"),
    row("isfinite", unary(), forms="fm"),
    row("isposinf", real_unary(), forms="fmo"),
    row("isneginf", real_unary(), forms="fmo"),
    row("isreal", unary(), forms="fm"),
]

COMPLEX = [
    row(
        "real",
        S(T(2, 3, dtype="complex64")),
        S(T(2, 3)),
        S(T(3, 2, dtype="complex64").t()),
        S(T(dtype="complex128")),
        S(T(3, dtype="int64")),
        forms="f",
    ),
    row(
        "imag",
        S(T(2, 3, dtype="complex64")),
        S(T(3, 2, dtype="complex64").t()),
        S(T(dtype="complex128")),
        forms="f",
        errors=[S(T(2, 3)), S(T(3, dtype="int64"))],
    ),
    row("conj", S(T(2, 3, dtype="complex64")), S(T(2, 3)), S(T(dtype="complex128"))),
    row(
        "conj_physical",
        S(T(2, 3, dtype="complex64")),
        S(T(2, 3)),
        S(T(3, dtype="int64")),
        forms="fmio",
    ),
    row("resolve_conj", S(T(2, 3, dtype="complex64").conj()), S(T(2, 3))),
    row("angle", unary(), forms="fmo"),
    row(
        "complex",
        S(T(2, 3), T(2, 3)),
        S(T(3, dtype="float64"), T(2, 3, dtype="float64")),
        S(T(), T()),
        S(T(0, 3), T(0, 3)),
        forms="fo",
        errors=[S(T(2, 3), T(2, 3, dtype="float64")), S(T(3, dtype="int64"), T(3, dtype="int64"))],
    ),
    row(
        "polar",
        S(T(2, 3, low=0), T(2, 3)),
        S(T(3, dtype="float64"), T(2, 3, dtype="float64")),
        S(T(), T()),
        forms="fo",
        errors=[S(T(3, dtype="int64"), T(3, dtype="int64"))],
    ),
]

BITS = [
    row(
        "bitwise_not",
        S(T(2, 3, dtype="int64")),
        S(T(2, 3, dtype="bool")),
        S(T(3, dtype="uint8")),
        S(T(3, 2, dtype="int32").t()),
        S(T(dtype="int8")),
        S(T(0, 3, dtype="int64")),
        forms="fmio",
        errors=[S(T(2, 3))],
    ),
    row("logical_not", real_unary(), S(V([0.0, -0.0, float("nan"), 2.0])), forms="fmio"),
]

OTHER = [
    row(
        "frexp",
        S(T(2, 3)),
        S(T(2, 3, dtype="float64")),
        S(T()),
        S(T(0, 3)),
        S(T(2, 3, dtype="bfloat16")),
        S(V([0.0, 1.0, -8.0, 0.3])),
        forms="fm",
        errors=[S(T(2, 3, dtype="int64"))],
    ),
    row("special.ndtr", real_unary(), forms="f"),
    row("special.entr", real_unary(), forms="f"),
    row("special.erfcx", real_unary(integers=False, half=False, special=False), forms="f"),
    row("special.log_ndtr", real_unary(integers=False, half=False), forms="f"),
    row("special.ndtri", real_unary(0.05, 0.95, integers=False, half=False), forms="f"),
    row("special.i0e", real_unary(), forms="f"),
    row("special.i1", real_unary(half=False), forms="f"),
    row("special.i1e", real_unary(half=False), forms="f"),
    row(
        "polygamma",
        S(1, T(2, 3, low=0.5, high=5)),
        S(2, T(2, 3, low=0.5, high=5)),
        S(0, T(3, low=0.5, high=5)),
        S(1, T(3, dtype="float64", low=0.5, high=5)),
        forms="f",
    ),
    row(
        "mvlgamma",
        S(T(2, 3, low=2, high=6), 2),
        S(T(3, dtype="float64", low=2, high=6), p=3),
        forms="fmi",
        aliases=("special.multigammaln",),
        errors=[S(T(3, low=2, high=6), 0), S(T(3, dtype="complex64"), 1)],
    ),
]

ROWS = [
    *POWERS,
    *TRIGONOMETRY,
    *SPECIAL,
    *ROUNDING,
    *SIGNS,
    *CLAMPS,
    *CLASSES,
    *COMPLEX,
    *BITS,
    *OTHER,
]
