"""torch.testing: what is close, what is said of what is not, and tensors that are made for tests."""

import collections
import itertools
import warnings

import numpy as np
import pytest

from compare import ALL_TYPES, both, neutral, ours, sampled, theirs, words
from operation_lines import on_host

NAN, INF = float("nan"), float("inf")
FLOAT8 = words("float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz")
DTYPES = (*ALL_TYPES, *FLOAT8[:2])
TOLERANCES = (
    {}, {"rtol": 0, "atol": 0}, {"rtol": 0.1, "atol": 0.1}, {"rtol": 1e-3}, {"atol": 1},
    {"rtol": -1, "atol": 0},
)  # fmt: skip
NUMBERS = [[0, 1, 2, 3, 0, 1], [0, 1, 3, 3, 1, 1]]
SHAPES = ((6,), (2, 3), (3, 1, 2))

VALUES = (
    None, True, False, np.bool_(True), 1, 0, 2.0, 1.0, 1 + 2j, NAN, INF, -INF, 3.0000001, 10**400,
    "a", "b", b"ab", np.float32(1.1), np.int8(3), object,
    [1, 2], (1, 2.5), [], [[1, [2, 3]]], [[1, [2, 4]]], range(3), [0, 1, 2],
    {}, {"a": 1}, {"a": 2, "b": [1, NAN]}, {"b": [1, 2], "a": 2}, {1: 2, "a": 3}, {2: 0, 1: 2},
    {2: 1, 1: 2}, collections.OrderedDict(a=1), collections.UserDict(a=2), {(1, "x"): None},
    {(1, "x"): 0}, np.array([1.0, 2.0]), np.array([1.0, 2.5]), np.array(["x"]), np.ones((0,)),
)  # fmt: skip
OPTIONS = (
    {}, {"equal_nan": True}, {"check_dtype": False}, {"rtol": 1e-3, "atol": 1e-3},
    {"rtol": 0, "atol": 0, "check_dtype": False}, {"allow_subclasses": False}, {"msg": "words"},
    {"msg": "before\n{}\nafter".format}, {"rtol": 0.1},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _host():
    """What is tested is made of operations that have tests of their own."""
    with on_host():
        yield


def close(module, actual, expected, **options):
    return module.testing.assert_close(actual, expected, **options)


# Tensors


@pytest.mark.parametrize("dtype", DTYPES)
def test_tensors(dtype):
    """Texts, for every dtype and each kind of tolerances; equal, different, and of no dim."""

    def made(module, numbers, shape):
        return module.tensor(numbers).reshape(shape).to(getattr(module, dtype))

    for tolerances, shape in sampled(itertools.product(TOLERANCES, SHAPES), 8, salt=dtype):
        both(lambda m: close(m, *(made(m, each, shape) for each in NUMBERS), **tolerances))
        both(lambda m: close(m, *[made(m, NUMBERS[0], shape)] * 2, **tolerances))
    for pair in itertools.product((0, 1), repeat=2):
        both(lambda m: close(m, *(made(m, each, ()) for each in pair)))


PAIRS = list(itertools.product(DTYPES, repeat=2))


@pytest.mark.parametrize("part", range(6))
def test_tensors_of_two_dtypes(part):
    for first, second in sampled(PAIRS[part::6], 14):
        for options in ({}, {"check_dtype": False}):
            both(
                lambda m: close(
                    m,
                    m.tensor(NUMBERS[0]).to(getattr(m, first)),
                    m.tensor(NUMBERS[1]).to(getattr(m, second)),
                    **options,
                )
            )


SPECIAL = [
    [1.0, NAN, INF, -INF, 0.0], [1.0, NAN, INF, INF, -0.0], [1.0, NAN, 3.0, -INF, 1e-7],
    [NAN, NAN, NAN, NAN, NAN], [1.000001, 2.0, INF, -INF, 1e-38],
]  # fmt: skip


@pytest.mark.parametrize("dtype", words("float32 float64 bfloat16 complex64"))
def test_special_values(dtype):
    for first, second in itertools.product(SPECIAL, repeat=2):
        for equal_nan in (False, True):
            both(
                lambda m: close(
                    m,
                    m.tensor(first, dtype=getattr(m, dtype)),
                    m.tensor(second, dtype=getattr(m, dtype)),
                    equal_nan=equal_nan,
                )
            )


def sparse(module, numbers, **options):
    return module.tensor(numbers, **options).to_sparse()


TENSORS = (
    lambda m: m.ones(2, 3),
    lambda m: m.ones(3, 2).T,
    lambda m: m.ones(3, 2),
    lambda m: m.ones(2, 3, dtype=m.float64),
    lambda m: m.ones(2, 3, device="meta"),
    lambda m: m.ones(1, 3).expand(2, 3),
    lambda m: m.zeros(0, 3),
    lambda m: m.ones(2, 3, requires_grad=True),
    lambda m: m.nn.Parameter(m.ones(2, 3)),
    lambda m: sparse(m, [[1.0, 1, 1], [1, 1, 1]]),
    lambda m: sparse(m, [[1.0, 0, 1], [0, 1, 2]]),
    lambda m: sparse(m, [[1.0, 0, 1], [0, 1, 1]]),
    lambda m: sparse(m, [[1.0, 0, 1], [1, 0, 1]]),
    lambda m: sparse(m, [[1.0, 0, 1], [0, 1, 2]]).double(),
    lambda m: m.ones(2, 3).to_sparse(1),
    lambda m: {"weight": m.ones(2, 3), "bias": [m.ones(2), 1]},
    lambda m: {"weight": m.ones(2, 3), "bias": [m.zeros(2), 1]},
    lambda m: (m.ones(2, 3), m.ones(2, 3).numpy()),
    lambda m: m.ones(2, 3).numpy(),
)
CHECKS = (
    {}, {"check_stride": True}, {"check_layout": False}, {"check_dtype": False},
    {"check_device": False}, {"allow_subclasses": False},
    {"check_layout": False, "check_dtype": False, "check_device": False, "check_stride": True},
)  # fmt: skip


@pytest.mark.parametrize("options", CHECKS, ids=lambda each: " ".join(each))
def test_attributes(options):
    for first, second in itertools.product(TENSORS, repeat=2):
        both(lambda m: close(m, first(m), second(m), **options))


# Numbers, containers, and what is neither


@pytest.mark.parametrize("options", range(len(OPTIONS)))
def test_values(options):
    for first, second in itertools.product(VALUES, repeat=2):
        both(lambda m: close(m, first, second, **OPTIONS[options]))


def test_the_error_is_the_first_of_many():
    both(lambda m: close(m, [1, [2.0, {"a": 3, "b": m.ones(2)}]], [1, [2.0, {"a": 4, "b": 1}]]))
    both(lambda m: close(m, [1, 2, m.ones(3)], [2, 3, m.zeros(3)]))
    both(lambda m: close(m, {"b": 1, "a": m.ones(2)}, {"a": m.zeros(2), "b": 2}))


def test_default_tolerances():
    for dtype in DTYPES:
        wanted = theirs.testing._comparison.default_tolerances(getattr(theirs, dtype))
        assert ours.testing._tolerances.default_tolerances(getattr(ours, dtype)) == wanted


def test_an_error_can_be_seen():
    wanted = both(lambda m: close(m, m.ones(3), m.tensor([1.0, 2.0, 5.0])))

    assert wanted.name == "AssertionError"
    assert wanted.text == (
        "Tensor-likes are not close!\n\nMismatched elements: 2 / 3 (66.7%)\n"
        "Greatest absolute difference: 4.0 at index (2,) (up to 1e-05 allowed)\n"
        "Greatest relative difference: 0.800000011920929 at index (2,) (up to 1.3e-06 allowed)"
    )
    close(ours, ours.ones(3), ours.ones(3))


def heard(module, call):
    """What a call gives, or raises, and the warnings with the file they name."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            given = call(module)
        except Exception as error:
            given = type(error), neutral(str(error))
    texts = [(each.category, neutral(str(each.message)), each.filename) for each in caught]
    return given, texts


def assert_heard(call):
    wanted = heard(theirs, call)

    assert heard(ours, call) == wanted
    return wanted


def test_the_old_function():
    for arguments in (
        ([1.0, 2.0], [1.0, 2.00001]), ([1.0, NAN], [1.0, NAN]), ([1.0, 2.0], [1, 3]),
        (1, 1.5), ([1.0], [1.0], 1e-3), ([1.0], [1.1], 0.2, 0),
    ):  # fmt: skip
        assert_heard(lambda m: m.testing.assert_allclose(*arguments))
    _, caught = assert_heard(
        lambda m: m.testing.assert_allclose(m.ones(2), m.ones(2).double(), msg="words")
    )

    assert caught[0][0] is FutureWarning
    assert caught[0][2] == __file__


# Tensors that are made


LIMITS = (
    {}, {"low": -1, "high": 1}, {"low": 0, "high": 3}, {"low": 0.5}, {"high": -20}, {"low": NAN},
    {"high": NAN}, {"low": 2, "high": 2}, {"low": -INF, "high": INF}, {"low": 1e40, "high": 1e50},
    {"low": -300.5, "high": 300.7}, {"low": -1e308, "high": 1e308},
)  # fmt: skip
FORMS = (
    {}, {"noncontiguous": True}, {"exclude_zero": True}, {"requires_grad": True},
    {"memory_format": "channels_last"}, {"memory_format": "contiguous_format"},
    {"noncontiguous": True, "memory_format": "channels_last"},
    {"noncontiguous": True, "exclude_zero": True, "low": 0, "high": 2},
)  # fmt: skip
MADE_SHAPES = ((3, 4), ((20,),), ((2, 3, 4, 5),), ([2, 2],), (0,), (1,))


def made(module, shape, dtype, options):
    """A made tensor, and what is drawn next."""
    options = {
        name: getattr(module, value) if isinstance(value, str) else value
        for name, value in options.items()
    }
    module.manual_seed(3)
    tensor = module.testing.make_tensor(
        *shape, dtype=getattr(module, dtype), device="cpu", **options
    )
    shown = tensor.detach()
    shown = (shown.float() if dtype in FLOAT8 else shown).tolist()
    facts = (tensor.shape, tensor.stride(), tensor.storage_offset(), tensor.requires_grad)
    return shown, facts, neutral(str(tensor.dtype)), module.rand(2).tolist()


@pytest.mark.parametrize("dtype", [*ALL_TYPES, *FLOAT8, "float8_e8m0fnu"])
def test_make_tensor(dtype):
    for shape in ((3, 4), ((20,),)):
        for limits in LIMITS:
            assert_heard(lambda m: made(m, shape, dtype, limits))
    for shape, form in itertools.product(MADE_SHAPES, FORMS):
        assert_heard(lambda m: made(m, shape, dtype, form))


def test_make_tensor_of_no_dim():
    for dtype in ("bool", "int64", "float32", "complex64"):
        for form in FORMS[:4]:
            assert_heard(lambda m: made(m, (), dtype, form))


def test_make_tensor_of_no_dtype():
    both(lambda m: m.testing.make_tensor(3, dtype=3, device="cpu"))
    both(lambda m: m.testing.make_tensor(3, dtype="float32", device="cpu"))
    both(lambda m: m.testing.make_tensor(-1, dtype=m.float32, device="cpu"))
    both(lambda m: m.testing.make_tensor(3, dtype=m.float32))
