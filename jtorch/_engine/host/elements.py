"""Primitives of elements: arithmetic, comparisons, bits, conversions, with XLA's corners."""

import jax
import numpy as np

from jtorch._engine.host.rules import by_functions, rule

by_functions({
    "abs": np.abs, "add": np.add, "add_any": np.add, "and": np.bitwise_and, "atan2": np.arctan2,
    "cbrt": np.cbrt, "ceil": np.ceil, "conj": np.conjugate, "copy": np.array, "copy_p": np.array,
    "eq": np.equal, "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1, "floor": np.floor,
    "ge": np.greater_equal, "gt": np.greater, "imag": np.imag, "is_finite": np.isfinite,
    "le": np.less_equal, "log": np.log, "log1p": np.log1p, "lt": np.less, "max": np.maximum,
    "min": np.minimum, "mul": np.multiply, "ne": np.not_equal, "neg": np.negative,
    "nextafter": np.nextafter, "not": np.invert, "or": np.bitwise_or, "real": np.real,
    "sqrt": np.sqrt, "square": np.square, "stop_gradient": np.asarray, "sub": np.subtract,
    "xor": np.bitwise_xor,
    "acos": np.arccos, "acosh": np.arccosh, "asin": np.arcsin, "asinh": np.arcsinh,
    "atan": np.arctan, "atanh": np.arctanh, "cos": np.cos, "cosh": np.cosh, "sin": np.sin,
    "sinh": np.sinh, "tan": np.tan, "tanh": np.tanh,
})  # fmt: skip


@rule("optimization_barrier")
def _optimization_barrier(equation):
    return lambda *arrays: arrays


def _kind(equation):
    return equation.invars[0].aval.dtype.kind


@rule("sign")
def _sign(equation):
    if _kind(equation) == "c":
        return lambda x: np.where(x == 0, x, x / np.abs(x))
    return np.sign


@rule("rsqrt")
def _rsqrt(equation):
    return lambda x: (1 / np.sqrt(x)).astype(x.dtype)


@rule("logistic")
def _logistic(equation):
    def evaluate(x):
        if x.dtype.kind == "c":
            return 1 / (1 + np.exp(-x))
        small = np.exp(-np.abs(x))
        return np.where(x < 0, small, np.ones((), x.dtype)) / (1 + small)

    return evaluate


@rule("integer_pow")
def _integer_pow(equation):
    exponent = equation.params["y"]
    if exponent >= 0:
        return lambda x: x**exponent
    return lambda x: np.ones((), x.dtype) / x**-exponent


@rule("pow")
def _pow(equation):
    return np.power


@rule("div")
def _div(equation):
    if _kind(equation) not in "iu":
        return np.divide
    return lambda a, b: _quotient(a, b)[0]


@rule("rem")
def _rem(equation):
    if _kind(equation) not in "iu":
        return np.fmod
    return lambda a, b: _quotient(a, b)[1]


def _quotient(a, b):
    """(quotient, remainder) of integers, towards zero; by 0 they are all ones, and the dividend."""
    safe = np.where(b == 0, 1, b).astype(b.dtype)
    remainder = np.fmod(a, safe)
    quotient = np.floor_divide(a - remainder, safe)
    return np.where(b == 0, np.invert(np.zeros((), a.dtype)), quotient), np.where(
        b == 0, a, remainder
    )


@rule("round")
def _round(equation):
    if equation.params["rounding_method"] == jax.lax.RoundingMethod.TO_NEAREST_EVEN:
        return np.rint

    def away_from_zero(x):
        down = np.trunc(x)
        return np.where(np.abs(x - down) >= 0.5, down + np.copysign(1, x).astype(x.dtype), down)

    return away_from_zero


@rule("clamp")
def _clamp(equation):
    return lambda low, x, high: np.minimum(np.maximum(x, low), high)


@rule("select_n")
def _select_n(equation):
    if equation.invars[0].aval.dtype.kind == "b" and len(equation.invars) == 3:
        return lambda which, first, second: np.where(which, second, first)
    return lambda which, *cases: np.select([which == i for i in range(len(cases))], cases)


def _bits(array):
    return array.dtype.itemsize * 8


@rule("shift_left")
def _shift_left(equation):
    def evaluate(x, by):
        inside = by.astype(np.uint64) < _bits(x)
        return np.where(inside, np.left_shift(x, np.where(inside, by, 0)), 0)

    return evaluate


@rule("shift_right_arithmetic")
def _shift_right_arithmetic(equation):
    def evaluate(x, by):
        inside = by.astype(np.uint64) < _bits(x)
        return np.right_shift(x, np.where(inside, by, _bits(x) - 1).astype(by.dtype))

    return evaluate


@rule("shift_right_logical")
def _shift_right_logical(equation):
    def evaluate(x, by):
        plain = x.view(f"u{x.itemsize}")
        inside = by.astype(np.uint64) < _bits(x)
        shifted = np.right_shift(plain, np.where(inside, by, 0).astype(plain.dtype))
        return np.where(inside, shifted, 0).astype(plain.dtype).view(x.dtype)

    return evaluate


@rule("population_count")
def _population_count(equation):
    return lambda x: np.bitwise_count(x.view(f"u{x.itemsize}")).astype(x.dtype)


@rule("clz")
def _clz(equation):
    def evaluate(x):
        rest, found = x.view(f"u{x.itemsize}"), np.full(x.shape, _bits(x))
        while rest.any():
            found = found - (rest != 0)
            rest = rest >> rest.dtype.type(1)
        return found.astype(x.dtype)

    return evaluate


@rule("complex")
def _complex(equation):
    def evaluate(real, imaginary):
        made = np.empty(
            np.broadcast_shapes(real.shape, imaginary.shape), equation.outvars[0].aval.dtype
        )
        made.real, made.imag = real, imaginary
        return made

    return evaluate


@rule("convert_element_type")
def _convert_element_type(equation):
    dtype = equation.outvars[0].aval.dtype
    before = equation.invars[0].aval.dtype
    if before.kind == "c" and dtype.kind not in "cb":
        return lambda x: _converted(np.array(x.real, order="C"), dtype)
    return lambda x: _converted(x, dtype)


def _converted(x, dtype):
    if dtype.kind == "b":
        return x != 0
    if dtype.kind in "iu" and x.dtype.kind not in "iub":
        return _saturated(x, dtype)
    return x.astype(dtype)


def _saturated(x, dtype):
    """Floating-point numbers as integers: what is beyond them is the last one, NaN is 0."""
    wide = x.astype(np.float64)
    limits = np.iinfo(dtype)
    inside = (wide >= limits.min) & (wide < float(limits.max))
    found = np.where(inside, wide, 0).astype(dtype)
    found = np.where(wide >= float(limits.max), limits.max, found)
    return np.where(wide < limits.min, limits.min, found).astype(dtype)


@rule("bitcast_convert_type")
def _bitcast_convert_type(equation):
    dtype = equation.outvars[0].aval.dtype
    shape = equation.outvars[0].aval.shape
    return lambda x: np.ascontiguousarray(x).reshape(-1).view(dtype).reshape(shape)


@rule("reduce_precision")
def _reduce_precision(equation):
    wanted = equation.params["exponent_bits"], equation.params["mantissa_bits"]
    known = {(8, 23): np.float32, (5, 10): np.float16, (8, 7): jax.numpy.bfloat16, (11, 52): None}
    if wanted not in known:
        raise NotImplementedError(f"jtorch cannot round to {wanted} bits without XLA")
    through = known[wanted]
    return (lambda x: x) if through is None else lambda x: x.astype(through).astype(x.dtype)
