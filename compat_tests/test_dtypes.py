"""Dtypes: promotion of every ordered pair in every category, dtype facts, casts with their corners.

Promotion reads only the dtype of a result, never its values: a lazy engine compiles nothing.
"""

import functools
import itertools
import operator

import numpy as np
import pytest

from compare import (
    ALL_TYPES,
    COMPLEX_TYPES,
    assert_same,
    attempt,
    both,
    make,
    neutral,
    ours,
    sampled,
    theirs,
    words,
)

FLOAT8_TYPES = (
    "float8_e4m3fn",
    "float8_e5m2",
    "float8_e4m3fnuz",
    "float8_e5m2fnuz",
    "float8_e8m0fnu",
)
NUMBERS = {"bool": True, "int": 3, "float": 1.5, "complex": 1 + 2j}
DEFAULTS = ("float32", "float64")
# These promote by the same rule but for what each refuses.  The first run on every pair always, the
# others on some pairs, or on every pair when the run is exhaustive.
OPERATIONS = {
    "add": operator.add,
    "mul": operator.mul,
    "div": operator.truediv,
    "lt": operator.lt,
}
MORE_OPERATIONS = {
    "sub": operator.sub,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "eq": operator.eq,
    "and": operator.and_,
    "lshift": operator.lshift,
}
ALIASES = words("float double half int long short cfloat cdouble uint8 int8 bool bfloat16")
FACTS = ("is_floating_point", "is_complex", "is_signed", "itemsize")


@pytest.fixture(params=DEFAULTS)
def default_dtype(request):
    """Each default dtype in turn, on both modules."""
    for module in (ours, theirs):
        module.set_default_dtype(getattr(module, request.param))
    yield request.param
    for module in (ours, theirs):
        module.set_default_dtype(module.float32)


def operand(module, kind, dtype):
    """A tensor of two elements, a 0-dim tensor, or a Python number."""
    if kind == "number":
        return NUMBERS[dtype]
    ones = np.ones((2,) if kind == "tensor" else ())
    return make(module, ones, dtype)


def operands():
    """(kind, dtype) of each thing that can stand in an operation."""
    tensors = [("tensor", name) for name in ALL_TYPES] + [("0-dim", name) for name in ALL_TYPES]
    return tensors + [("number", name) for name in NUMBERS]


def promoted(module, call):
    """The dtype name of what `call` gives, or its error."""

    def name():
        result = call()
        return str(result.dtype if hasattr(result, "dtype") else result)

    return attempt(name)


def mismatches(left, pairs, calls):
    """Every (operation, right) whose result dtype or error is not torch's, for one left operand.

    Two lists: those where torch gives complex32, a dtype that XLA does not have, and the others.
    """
    cache = {}
    for module in (ours, theirs):
        for kind, dtype in [left, *pairs]:
            cache[module is ours, kind, dtype] = operand(module, kind, dtype)
    found = [], []
    for right in pairs:
        if left[0] == right[0] == "number":
            continue
        for name, call in calls.items():
            results = []
            for module in (ours, theirs):
                a, b = (cache[module is ours, *side] for side in (left, right))
                results.append(
                    promoted(module, lambda call=call, a=a, b=b, m=module: call(m, a, b))
                )
            got, want = results
            if got != want:
                line = f"{name} {left} {right}: got {got}, torch gives {want}"
                found["complex32" in str(want) or "ComplexHalf" in str(want)].append(line)
    return found


def check(found):
    assert not found, "\n".join([f"{len(found)} differ", *found[:20]])


def on_operands(calls):
    """Calls of two operands as calls of a module and two operands."""
    return {name: lambda m, a, b, call=call: call(a, b) for name, call in calls.items()}


@pytest.mark.parametrize("left", operands(), ids=" ".join)
def test_operations_promote(left, default_dtype):
    check(mismatches(left, operands(), on_operands(OPERATIONS))[0])


@pytest.mark.parametrize("left", operands(), ids=" ".join)
def test_more_operations_promote(left):
    pairs = sampled(operands(), 9, salt=" ".join(left))
    check(mismatches(left, pairs, on_operands(MORE_OPERATIONS))[0])


# The operands that torch makes complex32 of, with others.
HALF = [("tensor", "float16"), ("0-dim", "float16"), ("number", "complex")]
HALF += [("0-dim", name) for name in COMPLEX_TYPES]


@pytest.mark.parametrize("left", HALF, ids=" ".join)
def test_operations_promote_to_complex32(left):
    check(mismatches(left, operands(), on_operands(OPERATIONS))[1])


RESULT_TYPE = {"result_type": lambda module, a, b: module.result_type(a, b)}


@pytest.mark.parametrize("left", operands(), ids=" ".join)
def test_result_type(left, default_dtype):
    check(mismatches(left, operands(), RESULT_TYPE)[0])


@pytest.mark.parametrize("left", HALF, ids=" ".join)
def test_result_type_complex32(left):
    check(mismatches(left, operands(), RESULT_TYPE)[1])


@pytest.mark.parametrize("left", ALL_TYPES)
def test_augmented_assignment_keeps_or_refuses(left):
    """`a += b` keeps the dtype of `a` or raises torch's error; operands are made anew each time."""
    found = []
    for right, symbol in itertools.product(
        operands(), (operator.iadd, operator.imul, operator.itruediv)
    ):
        results = []
        for module in (ours, theirs):
            sides = operand(module, "tensor", left), operand(module, *right)
            results.append(promoted(module, functools.partial(symbol, *sides)))
        if results[0] != results[1]:
            found.append(f"{symbol.__name__} {left} {right}: got {results[0]}, torch {results[1]}")
    check(found)


ALL_NAMES = (*ALL_TYPES, *FLOAT8_TYPES)


@pytest.mark.parametrize("left", ALL_NAMES)
def test_promote_types_and_can_cast(left):
    found = []
    for right, name in itertools.product(ALL_NAMES, ("promote_types", "can_cast")):
        got, want = (attempt(of_two_dtypes, module, name, left, right) for module in (ours, theirs))
        if got != want:
            found.append(f"{name}({left}, {right}): got {got}, torch gives {want}")
    check(found)


def of_two_dtypes(module, name, *dtypes):
    return str(getattr(module, name)(*(getattr(module, dtype) for dtype in dtypes)))


def three_way(module, *dtypes):
    """A sum of a tensor, a 0-dim tensor and a number: promotion goes by category."""
    return operand(module, "tensor", dtypes[0]) + operand(module, "0-dim", dtypes[1]) + 1.5


@pytest.mark.parametrize("first", ALL_TYPES)
def test_three_operands(first):
    found = []
    for second, call in itertools.product(ALL_TYPES, (three_way, concatenated, selected)):
        got, want = (
            promoted(module, functools.partial(call, module, first, second))
            for module in (ours, theirs)
        )
        if got != want:
            found.append(f"{call.__name__} {first} {second}: got {got}, torch gives {want}")
    check(found)


def concatenated(module, *dtypes):
    return module.cat([operand(module, "tensor", dtype) for dtype in dtypes])


def selected(module, *dtypes):
    condition = operand(module, "tensor", "bool")
    return module.where(condition, *(operand(module, "tensor", dtype) for dtype in dtypes))


UNARY_RULES = words(
    """
    abs neg exp sqrt sin floor round sign isnan logical_not bitwise_not sum prod mean cumsum max
    argmax any var norm median sort square reciprocal rsqrt sigmoid relu angle nansum std all
    cumprod amax softmax
    """
)


@pytest.mark.parametrize("name", UNARY_RULES)
def test_result_dtype_of_one_operand(name, default_dtype):
    """The dtype each op gives for each input dtype; a result of several tensors gives several."""

    def types(module, dtype):
        arguments = (0,) if name in ("cumsum", "cumprod", "softmax") else ()
        result = getattr(module, name)(operand(module, "tensor", dtype), *arguments)
        return [str(part.dtype) for part in (result if isinstance(result, tuple) else (result,))]

    found = []
    for dtype in ALL_TYPES:
        got, want = (attempt(types, module, dtype) for module in (ours, theirs))
        if got != want:
            found.append(f"{name}({dtype}): got {got}, torch gives {want}")
    check(found)


@pytest.mark.parametrize("name", [*ALL_NAMES, "complex32"])
def test_facts_of_a_dtype(name):
    def both_halves(module):
        dtype = getattr(module, name)
        return [attempt(lambda: str(dtype.to_complex())), attempt(lambda: str(dtype.to_real()))]

    both(lambda m: [getattr(getattr(m, name), fact) for fact in FACTS])
    both(lambda m: [str(getattr(m, name)), repr(getattr(m, name))])
    both(both_halves)


def test_aliases_are_the_same_object():
    for name in (*ALIASES, *ALL_NAMES):
        wanted = str(getattr(theirs, name))
        full = wanted.removeprefix("torch.")
        assert neutral(str(getattr(ours, name))) == wanted
        assert getattr(ours, name) is getattr(ours, full)


def test_a_dtype_is_a_value():
    both(lambda m: [m.float32 == m.float, m.float32 != m.float64, m.float32 == "float32"])
    both(lambda m: [isinstance(m.float32, m.dtype), len({m.float32, m.float, m.int64})])
    both(lambda m: m.dtype())


@pytest.mark.parametrize(
    "name", ["float16", "bfloat16", "float32", "float64", *FLOAT8_TYPES, "complex64", "complex128"]
)
def test_finfo(name):
    fields = ("bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution", "dtype")
    for field in fields:
        both(lambda m, field=field: getattr(m.finfo(getattr(m, name)), field), tolerance=(0.0, 0.0))
    both(lambda m: [str(m.finfo(getattr(m, name))), repr(m.finfo(getattr(m, name)))])


@pytest.mark.parametrize("name", [name for name in ALL_TYPES if "int" in name])
def test_iinfo(name):
    for field in ("bits", "max", "min", "dtype"):
        both(lambda m, field=field: getattr(m.iinfo(getattr(m, name)), field))
    both(lambda m: [str(m.iinfo(getattr(m, name))), repr(m.iinfo(getattr(m, name)))])


@pytest.mark.parametrize("name", ["float32", "int64", "bool", "complex64"])
def test_info_of_the_wrong_kind(name):
    both(lambda m: str(m.finfo(getattr(m, name))))
    both(lambda m: str(m.iinfo(getattr(m, name))))
    both(lambda m: str(m.iinfo()))
    both(lambda m: str(m.finfo("float32")))


def test_finfo_without_a_dtype_follows_the_default(default_dtype):
    both(lambda m: str(m.finfo()))
    both(lambda m: m.get_default_dtype())


@pytest.mark.parametrize("name", ALL_NAMES)
def test_set_default_dtype(name):
    def call(module):
        try:
            module.set_default_dtype(getattr(module, name))
            made = [module.tensor([1.5]).dtype, module.zeros(2).dtype, module.tensor([1j]).dtype]
            made += [(module.tensor([1]) / 2).dtype, module.arange(0, 1, 0.5).dtype]
            return [str(dtype) for dtype in made]
        finally:
            module.set_default_dtype(module.float32)

    both(call)


PLAIN = [0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, 100.7, -100.7]


@pytest.mark.parametrize("source", ALL_TYPES)
def test_casts_of_plain_values(source):
    """Every dtype to every other, values that both can hold apart from fractions."""
    values = (
        np.array(PLAIN) if source.startswith(("float", "bfloat", "complex")) else np.arange(9) % 5
    )
    names = (*ALL_TYPES, *FLOAT8_TYPES[:2])

    def cast(module):
        tensor = make(module, values, source)
        safe = [name for name in names if source[0] != "u" or name != "bool"]
        return [tensor.to(getattr(module, name)) for name in safe if not wraps(source, name)]

    both(cast)


def wraps(source, target):
    """A negative fraction cast to unsigned is undefined in C, and torch does what C does."""
    return target.startswith("uint") and source.startswith(("float", "bfloat", "complex"))


INTEGER_EDGES = [
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    -128,
    -129,
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**53 + 1,
    2**63 - 1,
    -(2**63),
]


@pytest.mark.parametrize("target", ALL_TYPES)
def test_integer_casts_wrap(target):
    both(lambda m: m.tensor(INTEGER_EDGES, dtype=m.int64).to(getattr(m, target)))
    both(lambda m: m.tensor([2**63, 2**64 - 1, 5], dtype=m.uint64).to(getattr(m, target)))


FLOAT_EDGES = [
    float("nan"),
    float("inf"),
    float("-inf"),
    3e9,
    -3e9,
    1e20,
    -1e20,
    300.0,
    -300.0,
    70000.0,
]


@pytest.mark.parametrize("source", ["float32", "float64", "float16", "bfloat16"])
@pytest.mark.parametrize("target", ["int8", "int16", "int32", "int64", "uint8", "bool"])
@pytest.mark.parametrize("size", [1, 10, 5000])
def test_float_to_integer_out_of_range(source, target, size):
    """C leaves these open; what this torch build does on this kind of machine is what users see."""
    values = np.resize(np.array(FLOAT_EDGES), size) if size > 1 else np.array(FLOAT_EDGES)

    def cast(module):
        tensor = make(module, values, source).to(getattr(module, target))
        return tensor if size > 1 else [item for item in tensor]

    both(cast)


@pytest.mark.parametrize("target", ["float16", "bfloat16", "float32", *FLOAT8_TYPES[:2]])
def test_float_casts_round_to_nearest_even(target):
    edges = [
        65504.0,
        65520.0,
        70000.0,
        1.0 + 2**-11,
        1.0 + 3 * 2**-11,
        1.00390625,
        1.01171875,
        448.0,
        464.0,
        500.0,
        1e-8,
        3.4e38,
    ]

    def cast(module):
        return module.tensor(edges, dtype=module.float64).to(getattr(module, target))

    both(cast, tolerance=(0.0, 0.0))


METHODS = words("float double half bfloat16 int long short char byte bool cfloat cdouble")


@pytest.mark.parametrize("method", METHODS)
def test_cast_methods(method):
    both(lambda m: getattr(m.tensor([0.0, 1.5, -2.5]), method)())
    both(lambda m: getattr(m.tensor([0, 1, 2]), method)())
    both(lambda m: getattr(m.tensor([True, False]), method)())
    # A cast to the dtype a tensor already has gives the tensor itself.
    for dtype in ALL_TYPES:
        both(lambda m, dtype=dtype: is_itself(m, dtype, method))


def is_itself(module, dtype, method):
    tensor = module.zeros(2, dtype=getattr(module, dtype))
    return getattr(tensor, method)() is tensor


def test_to_forms():
    both(lambda m: [(x := m.zeros(2)).to(m.float32) is x, x.to(x) is x, x.to("cpu") is x])
    both(lambda m: [(x := m.zeros(2)).to(m.float32, copy=True) is x, x.to(m.device("cpu")) is x])
    both(lambda m: m.zeros(2).to(m.int64, non_blocking=True))
    both(lambda m: m.zeros(2).to(other=m.zeros(1, dtype=m.int32)))
    both(lambda m: m.zeros(2).to(device="cpu", dtype=m.float16))
    both(lambda m: m.ones(2, 3).t().to(m.float64).stride())


@pytest.mark.parametrize("name", ALL_TYPES)
def test_numpy_dtypes_both_ways(name):
    both(lambda m: str(m.zeros(2, dtype=getattr(m, name)).numpy().dtype))

    def back(module):
        array = module.ones(2, dtype=getattr(module, name)).numpy()
        return module.from_numpy(array)

    both(back)


def test_numpy_types_in_operations():
    both(lambda m: m.ones(2) * np.float64(2.5))
    both(lambda m: m.ones(2, dtype=m.int64) * np.float32(2.5))
    both(lambda m: m.ones(2, dtype=m.int64) + np.int8(3))
    both(lambda m: m.ones(2) + np.bool_(True))


def test_the_count_is_complete():
    """Every ordered pair of dtypes in every pair of categories is an operand pair above."""
    assert len(operands()) == 2 * len(ALL_TYPES) + len(NUMBERS)
    assert len(ALL_TYPES) == 15
    assert_same(len(set(operands())), len(operands()))
