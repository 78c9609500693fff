"""Pointwise operations where XLA, or a short cut of ours, is known to go another way than torch."""

import operator

import numpy as np
import pytest

from compare import both, make, ours, theirs

SIZE = 5000  # beyond 4096 elements XLA's CPU code for maxima is another one

FLOATS = np.random.default_rng(0).uniform(-6, 6, SIZE)
FLOATS[::97] = np.nan
FLOATS[::89] = np.inf
FLOATS[::83] = -0.0
OTHERS = FLOATS[::-1].copy()


@pytest.mark.parametrize("name", ["maximum", "minimum", "fmax", "fmin", "clamp_min", "clamp_max"])
def test_nan_beyond_4096_elements(name):
    def call(module):
        pair = make(module, FLOATS, "float32"), make(module, OTHERS, "float32")
        return getattr(module, name)(*pair)

    both(call)


@pytest.mark.parametrize("dtype", ["float32", "float16", "float64", "complex64"])
def test_a_mask_does_not_hide_nan(dtype):
    """0 * NaN is NaN, also where the 0 was a False; XLA makes a choice of such a product."""

    def call(module):
        mask = make(module, FLOATS > 0)
        values = make(module, FLOATS, dtype)
        return [mask * values, mask.to(values.dtype) * values, mask / values, mask * float("nan")]

    both(call)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32"])
@pytest.mark.parametrize("name", ["and_", "or_", "xor"])
def test_bits_of_converted_integers(name, dtype):
    """jaxlib 0.10 crashes where it fuses "and" or "or" with two conversions of signed integers."""

    def call(module):
        first = make(module, np.arange(-20, 20)).to(getattr(module, dtype))
        second = make(module, np.arange(40)).to(getattr(module, dtype))
        return getattr(operator, name)(first, second)

    both(call)


NUMBER = 0.7  # not a number of either 16-bit dtype
WITH_NUMBERS = {
    "add": lambda module, x: x + NUMBER,
    "radd": lambda module, x: NUMBER + x,
    "sub": lambda module, x: x - NUMBER,
    "rsub": lambda module, x: NUMBER - x,
    "mul": lambda module, x: x * NUMBER,
    "rmul": lambda module, x: NUMBER * x,
    "div": lambda module, x: x / NUMBER,
    "rdiv": lambda module, x: NUMBER / x,
    "alpha": lambda module, x: module.add(x, x.flip(0), alpha=NUMBER),
    "fmod": lambda module, x: module.fmod(x, NUMBER),
    "remainder": lambda module, x: x % NUMBER,
    "floor_divide": lambda module, x: x // NUMBER,
    "pow": lambda module, x: x.abs() ** NUMBER,
    "compare": lambda module, x: x < NUMBER,
    "lerp": lambda module, x: module.lerp(x, x.flip(0), NUMBER),
    "addcmul": lambda module, x: module.addcmul(x, x, x.flip(0), value=NUMBER),
    "0-dim": lambda module, x: x + module.tensor(NUMBER),
    "0-dim mul": lambda module, x: x * module.tensor(NUMBER),
    "mul 0-dim": lambda module, x: module.tensor(NUMBER) * x,
}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_numbers_in_half_precision(name, dtype):
    """torch first rounds a number to half precision, but for some operations."""
    # of a size that torch's vectors divide: in the last elements of others it rounds more often
    values = np.random.default_rng(1).uniform(-4, 4, 384)

    def call(module):
        return WITH_NUMBERS[name](module, make(module, values, dtype))

    exact = (0.0, 1e-6) if name not in ("pow", "rdiv") else None
    both(call, tolerance=exact)


UNARY = {
    "exp2": np.linspace(-120, 120, 241),
    "sinh": np.linspace(-88, 88, 353),
    "cosh": np.linspace(-88, 88, 353),
    "erfinv": 1 - 10.0 ** np.linspace(-7, -1, 200),
    "log2": 2.0 ** np.arange(-60, 60),
    "special.erfcx": np.linspace(-5, 40, 300),
    "digamma": np.array([0.0, -0.0, -1.0, -2.5, np.inf, -np.inf, np.nan, 1e-6]),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", UNARY)
def test_far_ranges(name, dtype):
    def call(module):
        function = operator.attrgetter(name)(module)
        return function(make(module, UNARY[name], dtype))

    both(call)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_polygamma_below_zero(n):
    values = np.random.default_rng(2).uniform(-10, 10, 300)
    both(lambda module: module.polygamma(n, make(module, values, "float64")))


CUTS = [complex(a, b) for a in (-2.5, -0.0, 0.0, 0.5, 3.0) for b in (-0.0, 0.0, -4.0, 4.0)]


@pytest.mark.parametrize("name", ["sqrt", "rsqrt", "asin", "acos", "asinh", "acosh", "log", "abs"])
def test_sides_of_branch_cuts(name):
    """The sign of a zero says on which side of a cut a complex number lies."""
    finite = [each for each in CUTS if each != 0 or name != "rsqrt"]
    both(lambda module: getattr(module, name)(make(module, np.array(finite), "complex128")))


IN_PLACE = {
    "add_": lambda x, y: x.add_(y),
    "add_ number": lambda x, y: x.add_(2.5),
    "add_ alpha": lambda x, y: x.add_(y, alpha=0.25),
    "add_ itself": lambda x, y: x.add_(x),
    "mul_": lambda x, y: x.mul_(y),
    "+=": lambda x, y: operator.iadd(x, y),
    "relu_": lambda x, y: x.relu_(),
    "lerp_": lambda x, y: x.lerp_(y, 0.25),
    "addcmul_": lambda x, y: x.addcmul_(y, y, value=0.5),
    "addcdiv_": lambda x, y: x.addcdiv_(y, y + 10, value=0.5),
    "clamp_": lambda x, y: x.clamp_(-1, 1),
    "masked_fill_": lambda x, y: x.masked_fill_(y > 0, 7),
    "div_ floor": lambda x, y: x.div_(y, rounding_mode="floor"),
    "pow_": lambda x, y: x.pow_(2),
    "with its own view": lambda x, y: x.add_(x[:1]),
    "with a transposed self": lambda x, y: x.add_(x.t()),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_short_paths_in_place(name):
    """The second time takes the short path: views see it, versions count, overlap is refused."""

    def call(module):
        target = make(module, np.arange(9.0).reshape(3, 3) - 4, "float32")
        other = make(module, np.arange(9.0).reshape(3, 3)[::-1] / 3 - 1, "float32")
        view, row = target.t(), target[1]
        results = []
        for _ in range(3):
            result = IN_PLACE[name](target, other)
            results.append([result is target, target._version, view.clone(), row.clone()])
        row.zero_()
        IN_PLACE[name](target, other)
        return [results, target]

    both(call)


def test_short_paths_tell_numbers_apart():
    """Values of numbers, their classes and their keywords; each in turn, and again."""

    def call(module):
        x = make(module, np.array([1.0, -2.0, 3.0]), "float32")
        results = []
        for number in (2.0, 3, -1, 0.5, 2, 1e10, float("nan")):
            results += [x + number, number - x, x * number, x > number, x == number]
            results += [module.where(x > 0, x, number), x.clamp(min=number), x.clamp(max=number)]
            results += [module.add(x, x, alpha=number), module.lerp(x, x + 1, number), x**number]
        return results * 2

    both(call)


def test_numbers_make_no_programs():
    x = make(ours, np.array([1.0, 2.0, 3.0]), "float32")

    def step(number):
        y = x * number + 1
        y.add_(x, alpha=number).lerp_(x, number).addcmul_(x, x, value=number)
        return y.clamp(-number, number).masked_fill(x > 2, number).tolist()

    step(0.5)  # which may run what an earlier test has left
    step(0.75)
    before = len(ours.compilations())
    for number in (0.25, 0.125, 3.0, 70.0):
        step(number)
    assert len(ours.compilations()) == before


def test_nothing_of_torch_is_missing():
    """Each in-place function that torch has beside the method of the same name."""
    names = [name for name in dir(theirs) if name.endswith("_") and not name.startswith("_")]
    pointwise = [name for name in names if hasattr(getattr(ours, name[:-1], None), "row")]
    assert len(pointwise) > 40
    assert [name for name in pointwise if not hasattr(ours, name)] == []


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("divisor", [7, 3.0, 0.1, -49.0])
def test_division_by_one_number_is_rounded_once(dtype, divisor):
    """XLA would multiply by the reciprocal, and half of the quotients would be off by one place."""

    def divide(m):
        x = m.arange(1, 5001, dtype=getattr(m, dtype)) * 1.37
        return (x / divisor).tolist(), (x / m.tensor(divisor)).tolist()

    assert divide(ours) == divide(theirs)
