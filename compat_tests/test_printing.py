"""The text of tensors against torch's, over generated arrays, print options and metadata."""

import math

import ml_dtypes
import numpy as np
import pytest
import torch
from torch._tensor_str import get_printoptions as torch_get_printoptions
from torch._tensor_str import printoptions as torch_printoptions

from jtorch import _printing
from jtorch._printing import format_tensor, parameter_text, tensor_text

FLOATS = (
    "float32", "float64", "float16", "bfloat16", "float8_e4m3fn", "float8_e4m3fnuz",
    "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu",
)  # fmt: skip
COMPLEX = ("complex64", "complex128")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
DTYPES = (*FLOATS, *COMPLEX, *INTEGERS, "bool")

DEFAULTS = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None}


@pytest.fixture(autouse=True)
def _restored_options():
    torch.set_num_threads(1)
    yield
    torch.set_printoptions(profile="default")
    _printing.set_printoptions(profile="default")
    torch.set_default_dtype(torch.float32)


# Generated values


def log_uniform(rng, n, low, high):
    return 10.0 ** rng.uniform(low, high, n) * rng.choice([-1, 1], n)


def near(rng, n, centre):
    """Values within a few float64 and float32 steps of `centre`, or exactly it."""
    step = rng.choice([0.0, 2.0**-52, 2.0**-23, 2.0**-10], n) * rng.integers(-3, 4, n)
    return centre * (1 + step)


REGIMES = {
    "whole": lambda rng, n: rng.integers(-9, 10, n).astype(float),
    "wide whole": lambda rng, n: np.round(log_uniform(rng, n, 0, rng.uniform(1, 12))),
    "normal": lambda rng, n: rng.standard_normal(n),
    "positive": lambda rng, n: rng.uniform(0, 10.0 ** rng.integers(-3, 4), n),
    "one scale": lambda rng, n: log_uniform(rng, n, *(rng.integers(-8, 10) + np.array([0, 1]))),
    "mixed": lambda rng, n: log_uniform(rng, n, -rng.uniform(0, 7), rng.uniform(0, 10)),
    "extreme": lambda rng, n: log_uniform(rng, n, -320, 308),
    "tiny": lambda rng, n: log_uniform(rng, n, -46, -5),
    "sparse": lambda rng, n: rng.standard_normal(n) * (rng.random(n) < 0.2),
    "zeros": lambda rng, n: np.where(rng.random(n) < 0.5, 0.0, -0.0),
    "ratio": lambda rng, n: np.where(
        rng.random(n) < 0.5, base := rng.uniform(0.5, 5), near(rng, n, 1000 * base)
    ),
    "exact ratio": lambda rng, n: np.where(rng.random(n) < 0.5, 0.75, near(rng, n, 750.0)),
    "1e-4": lambda rng, n: near(rng, n, 1e-4),
    "1e8": lambda rng, n: near(rng, n, 1e8),
    "rounding": lambda rng, n: rng.choice([9.99995, 99.99995, 0.99999, 0.00005, 9.5, 1.5], n),
    "halves": lambda rng, n: rng.integers(-40, 40, n) / 2,
}


def random_values(rng, dtype_name, shape):
    """Return (torch tensor, numpy array) holding the same values."""
    n = math.prod(shape)
    if dtype_name == "bool":
        theirs = torch.from_numpy(rng.random(n) < rng.choice([0.0, 0.5, 1.0]))
    elif dtype_name in INTEGERS:
        ours = random_integers(rng, np.dtype(dtype_name), n)
        return torch.from_numpy(ours.reshape(shape)), ours.reshape(shape)
    elif dtype_name in COMPLEX:
        parts = [torch.from_numpy(random_floats(rng, n)) for _ in range(2)]
        theirs = torch.complex(*parts).to(getattr(torch, dtype_name))
    else:
        theirs = torch.from_numpy(random_floats(rng, n)).to(getattr(torch, dtype_name))
    theirs = theirs.reshape(shape)
    return theirs, to_numpy(theirs)


def random_floats(rng, n):
    values = REGIMES[rng.choice(list(REGIMES))](rng, n)
    if rng.random() < 0.3:
        special = rng.choice([np.nan, np.inf, -np.inf, 0.0, -0.0], n)
        values = np.where(rng.random(n) < rng.choice([0.1, 0.5, 1.0]), special, values)
    return values


def random_integers(rng, numpy_type, n):
    limits = np.iinfo(numpy_type)
    kind = rng.choice(["small", "full", "limits"])
    if kind == "small":
        return rng.integers(0 if limits.min == 0 else -12, 13, n).astype(numpy_type)
    if kind == "full":
        return rng.integers(limits.min, limits.max, n, dtype=numpy_type, endpoint=True)
    return rng.choice(np.array([limits.min, 0, 1, limits.max], dtype=numpy_type), n)


def to_numpy(tensor):
    name = str(tensor.dtype).removeprefix("torch.")
    if name == "bfloat16" or name.startswith("float8"):
        bits = tensor.view({1: torch.uint8, 2: torch.uint16}[tensor.itemsize])
        return bits.numpy().view(getattr(ml_dtypes, name))
    return tensor.numpy()


def random_shape(rng):
    kind = rng.choice(["0-d", "1-d", "row", "2-d", "3-d", "5-d", "empty", "long", "high"])
    if kind == "row":
        return (int(rng.integers(10, 70)),)
    if kind == "empty":
        shape = [int(size) for size in rng.integers(0, 4, rng.integers(1, 4))]
        shape[rng.integers(len(shape))] = 0
        return tuple(shape)
    if kind == "long":
        return [(1001,), (1200,), (2, 501), (7, 200), (200, 7), (11, 10, 10)][rng.integers(6)]
    if kind == "high":
        return tuple(int(size) for size in rng.integers(1, 9, 4))
    ndim = {"0-d": 0, "1-d": 1, "2-d": 2, "3-d": 3, "5-d": 5}[kind]
    return tuple(int(size) for size in rng.integers(1, 9 if ndim < 3 else 4, ndim))


def random_options(rng):
    """Some print options; most often none."""
    if rng.random() < 0.5:
        return {}
    choices = {
        "precision": lambda: int(rng.choice([0, 1, 2, 3, 6, 8, 17])),
        "threshold": lambda: int(rng.choice([-1, 0, 1, 5, 20, 100])),
        "edgeitems": lambda: int(rng.integers(0, 5)),
        "linewidth": lambda: int(rng.choice([0, 7, 12, 20, 30, 47, 79, 81, 120, 1000])),
        "sci_mode": lambda: bool(rng.random() < 0.5),
        "profile": lambda: str(rng.choice(["default", "short", "full"])),
    }
    return {name: choose() for name, choose in choices.items() if rng.random() < 0.35}


def assert_same_text(ours, theirs, context):
    assert ours == theirs, f"{context}\nours:\n{ours}\ntorch:\n{theirs}"


@pytest.mark.parametrize("dtype_name", DTYPES)
def test_generated(dtype_name):
    rng = np.random.default_rng(DTYPES.index(dtype_name))
    many = dtype_name in FLOATS or dtype_name in COMPLEX
    for case in range(300 if many else 120):
        shape, options = random_shape(rng), random_options(rng)
        default = str(rng.choice(["float32", "float64", "float16", "bfloat16"]))
        torch.set_default_dtype(getattr(torch, default))
        theirs, ours = random_values(rng, dtype_name, shape)
        with torch_printoptions(**options), _printing.printoptions(**options):
            text = tensor_text(ours, dtype_name=dtype_name, default_dtype_name=default)
            assert_same_text(text, repr(theirs), (case, shape, options, default))


@pytest.mark.parametrize("regime", REGIMES)
def test_each_regime_at_full_width(regime):
    rng = np.random.default_rng(list(REGIMES).index(regime))
    for case in range(60):
        values = REGIMES[regime](rng, int(rng.integers(1, 12)))
        for dtype_name in ("float32", "float64"):
            theirs = torch.from_numpy(values).to(getattr(torch, dtype_name))
            for sci_mode in (None, True, False):
                torch.set_printoptions(sci_mode=sci_mode)
                _printing.set_printoptions(sci_mode=sci_mode)
                text = tensor_text(theirs.numpy(), dtype_name=dtype_name)
                assert_same_text(text, repr(theirs), (case, sci_mode))


@pytest.mark.parametrize("dtype_name", [n for n in FLOATS if n not in ("float32", "float64")])
def test_every_pattern_of_narrow_floats(dtype_name):
    """Each value alone, so that each decides its own notation."""
    dtype = getattr(torch, dtype_name)
    if dtype.itemsize == 1:
        theirs = torch.arange(256, dtype=torch.uint8).view(dtype)
    else:
        theirs = torch.arange(0, 65536, 61, dtype=torch.int32).to(torch.uint16).view(dtype)
    ours = to_numpy(theirs)
    for index in range(theirs.numel()):
        text = tensor_text(ours[index : index + 1], dtype_name=dtype_name)
        assert_same_text(text, repr(theirs[index : index + 1]), index)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (2, 0, 3), (0, 0), ()])
@pytest.mark.parametrize("dtype_name", DTYPES)
def test_empty_and_meta(shape, dtype_name):
    dtype = getattr(torch, dtype_name)
    for default in ("float32", "float64"):
        torch.set_default_dtype(getattr(torch, default))
        names = {"dtype_name": dtype_name, "default_dtype_name": default}
        if 0 in shape:
            theirs = torch.empty(shape, dtype=dtype)
            assert_same_text(tensor_text(to_numpy(theirs), **names), repr(theirs), shape)
        theirs = torch.empty(shape, dtype=dtype, device="meta")
        text = tensor_text(ShapeOnly(shape), **names, is_meta=True, device_suffix="meta")
        assert_same_text(text, repr(theirs), shape)


class ShapeOnly:
    """An array whose values must not be asked for."""

    def __init__(self, shape):
        self.shape = shape


# Suffixes


class Odd(torch.Tensor):
    pass


class OddParameter(torch.nn.Parameter):
    pass


def text_of(tensor, array):
    """Our text of a torch tensor, as jtorch's `__repr__` methods put it together."""
    dtype_name = str(tensor.dtype).removeprefix("torch.")
    device_suffix = "meta" if tensor.is_meta else None
    text = tensor_text(
        array, dtype_name=dtype_name, is_meta=tensor.is_meta, device_suffix=device_suffix,
        **metadata(tensor),
    )  # fmt: skip
    has_own_repr = torch.nn.Parameter in type(tensor).__mro__
    return parameter_text(text) if has_own_repr else text


def metadata(tensor):
    """What the caller says of a tensor beside its values and dtype."""
    kind = type(tensor)
    return {
        "requires_grad": tensor.requires_grad,
        "grad_fn_name": type(tensor.grad_fn).__name__ if tensor.grad_fn is not None else None,
        "is_parameter": isinstance(tensor, torch.nn.Parameter),
        "class_name": "tensor" if kind in (torch.Tensor, torch.nn.Parameter) else kind.__name__,
    }


def test_autograd_suffixes_and_wrapping():
    rng = np.random.default_rng(5)
    makers = (
        lambda x: x.requires_grad_(),
        lambda x: x.requires_grad_() * 2,
        lambda x: x.requires_grad_().view(x.shape),
        lambda x: torch.nn.Parameter(x),
        lambda x: torch.nn.Parameter(x, requires_grad=False),
        lambda x: x.as_subclass(Odd),
        lambda x: x.as_subclass(Odd).requires_grad_(),
        lambda x: OddParameter(x),
        lambda x: torch.nn.Parameter(x.as_subclass(Odd)),  # an Odd that says it is a Parameter
    )
    for case in range(700):
        theirs, _ = random_values(rng, str(rng.choice(FLOATS[:4] + COMPLEX)), random_shape(rng))
        theirs = makers[case % len(makers)](theirs)
        ours = to_numpy(theirs.detach().as_subclass(torch.Tensor))
        linewidth = int(rng.integers(1, 120))
        with torch_printoptions(linewidth=linewidth), _printing.printoptions(linewidth=linewidth):
            text = text_of(theirs, ours)
            assert_same_text(text, repr(theirs), (case, tuple(theirs.shape), linewidth))
            assert_same_text(text, str(theirs), case)


def test_meta_autograd_suffixes():
    theirs = torch.ones(2, 3, dtype=torch.float64, device="meta", requires_grad=True)
    for tensor in (theirs, theirs * 2, torch.nn.Parameter(theirs)):
        assert_same_text(text_of(tensor, ShapeOnly((2, 3))), repr(tensor), "meta")


def test_device_suffix_comes_first():
    values = np.ones(4)
    text = tensor_text(values, dtype_name="float64", device_suffix="cuda:0", requires_grad=True)
    assert text == (
        "tensor([1., 1., 1., 1.], device='cuda:0', dtype=torch.float64,\n       requires_grad=True)"
    )
    text = tensor_text(np.ones((0, 2), np.int32), dtype_name="int32", device_suffix="cuda:1")
    assert text == "tensor([], device='cuda:1', size=(0, 2), dtype=torch.int32)"


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
def test_tangent():
    with torch.autograd.forward_ad.dual_level():
        for shape in ((), (2,), (2, 10), (0,), (9, 9)):
            values = torch.rand(shape, generator=torch.Generator().manual_seed(1))
            theirs = torch.autograd.forward_ad.make_dual(values, values * 3)
            if shape:
                tangent = tensor_text((values * 3).numpy(), dtype_name="float32")
            else:
                tangent = format((values * 3).item())
            text = tensor_text(values.numpy(), dtype_name="float32", tangent_text=tangent)
            assert_same_text(text, repr(theirs), shape)


def test_contents_replace_the_values():
    for shape in ((2,), (0,), (0, 3), ()):
        for dtype in (torch.float32, torch.int64, torch.float64):
            theirs = torch.ones(shape, dtype=dtype)
            dtype_name = str(dtype).removeprefix("torch.")
            for edgeitems in (0, 3):
                torch.set_printoptions(edgeitems=edgeitems)
                _printing.set_printoptions(edgeitems=edgeitems)
                text = tensor_text(ShapeOnly(shape), dtype_name=dtype_name, contents="[abc]")
                assert_same_text(text, theirs.__repr__(tensor_contents="[abc]"), shape)


# Fetching only what is seen


class Lazy:
    """An array that counts what is asked of it, and gives it when converted."""

    def __init__(self, array):
        self.array, self.shape = array, array.shape
        self.requests, self.fetched = [], 0

    def __getitem__(self, index):
        assert isinstance(index, tuple) and len(index) == len(self.shape)
        assert all(
            0 <= span.start <= span.stop <= n for span, n in zip(index, self.shape, strict=True)
        )
        assert self.fetched == 0, "a piece was converted before all were asked for"
        self.requests.append(index)
        return Piece(self, self.array[index])


class Piece:
    def __init__(self, owner, array):
        self.owner, self.array = owner, array

    def __array__(self, dtype=None, copy=None):
        self.owner.fetched += self.array.size
        return np.array(self.array, dtype=dtype)


@pytest.mark.parametrize(
    ("shape", "requests", "fetched"),
    [
        ((), 1, 1),
        ((5,), 1, 5),
        ((10, 100), 1, 1000),
        ((2000,), 2, 6),
        ((2, 2000), 2, 12),
        ((300, 2, 300), 4, 72),
        ((20, 20, 20), 8, 216),
        ((0, 5), 0, 0),
    ],
)
def test_lazy_arrays_are_asked_for_the_corners_only(shape, requests, fetched):
    array = np.arange(math.prod(shape), dtype=np.float32).reshape(shape)
    lazy = Lazy(array)
    assert_same_text(tensor_text(lazy, dtype_name="float32"), repr(torch.from_numpy(array)), shape)
    assert (len(lazy.requests), lazy.fetched) == (requests, fetched)


def test_large_arrays_are_sliced_before_anything_else():
    large = np.broadcast_to(np.float32(1.5), (10_000, 10_000))
    text = tensor_text(large, dtype_name="float32")
    assert_same_text(text, repr(torch.tensor(1.5).expand(10_000, 10_000)), "expanded")
    # 10 ** 18 items: any step that touched them all could not end.
    text = tensor_text(np.broadcast_to(np.int64(7), (10**6, 10**6, 10**6)), dtype_name="int64")
    assert text.count("7") == 6**3


# Print options


def both_set(**options):
    torch.set_printoptions(**options)
    _printing.set_printoptions(**options)


def test_set_printoptions_as_torch():
    assert _printing.get_printoptions() == torch_get_printoptions() == DEFAULTS
    rng = np.random.default_rng(11)
    for _ in range(300):
        options = random_options(rng)
        if rng.random() < 0.1:
            options["profile"] = str(rng.choice(["bogus", "Default", ""]))
        both_set(**options)
        assert _printing.get_printoptions() == torch_get_printoptions(), options
    assert _printing.get_printoptions() != DEFAULTS


def test_printoptions_restores():
    both_set(sci_mode=True, precision=7)
    before = _printing.get_printoptions()
    with _printing.printoptions(precision=1) as nothing:
        assert nothing is None
        assert _printing.get_printoptions() == {**DEFAULTS, "precision": 1}
    assert _printing.get_printoptions() == before
    with pytest.raises(ZeroDivisionError), _printing.printoptions(linewidth=9):
        raise ZeroDivisionError
    assert _printing.get_printoptions() == before
    with pytest.raises(TypeError, match="unexpected keyword argument 'bogus'"):
        _printing.set_printoptions(bogus=1)


BAD_OPTIONS = [
    {"precision": "a"}, {"precision": -1}, {"precision": 2.5}, {"precision": True},
    {"threshold": "x"}, {"threshold": -1}, {"linewidth": math.inf}, {"linewidth": "w"},
    {"linewidth": -5}, {"linewidth": 33.5}, {"edgeitems": 2.5, "threshold": 3},
    {"edgeitems": -1, "threshold": 3}, {"sci_mode": 0}, {"sci_mode": 3},
]  # fmt: skip


def outcome(call):
    try:
        return call()
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("options", BAD_OPTIONS, ids=str)
def test_odd_options_fail_when_printing(options):
    both_set(**options)
    for values in (np.arange(12.0) / 7, np.arange(12.0).reshape(2, 6), np.array(1.5), np.zeros(3)):
        if options.get("edgeitems") == -1 and values.ndim == 1:
            continue  # torch prints overlapping ends here, and jtorch raises
        ours = outcome(lambda values=values: tensor_text(values, dtype_name="float64"))
        theirs = outcome(lambda values=values: repr(torch.from_numpy(values)))
        assert ours == theirs


# format()


def like(tensor):
    """A stand-in for jtorch's tensor with the type's name and the item of `tensor`."""

    class Stand:
        is_meta = tensor.is_meta

        def dim(self):
            return tensor.dim()

        def item(self):
            return tensor.item()

        def __repr__(self):
            return repr(tensor)

        def __format__(self, spec):
            return format_tensor(self, spec, is_plain=type(tensor) is torch.Tensor)

    Stand.__name__ = type(tensor).__name__
    return Stand()


@pytest.mark.parametrize("spec", ["", ".2f", "d", "05d", ">8", "zz", "s", "e", "x"])
def test_format(spec):
    scalars = [1.5, 3, True, 1 + 2j, math.nan]
    tensors = [torch.tensor(value) for value in scalars]
    tensors += [
        torch.tensor(0.1, dtype=torch.bfloat16), torch.tensor(2.0, requires_grad=True),
        torch.ones(1), torch.ones(0), torch.nn.Parameter(torch.tensor(1.0)),
        torch.tensor(1.0).as_subclass(Odd), torch.ones((), device="meta"),
    ]  # fmt: skip
    for tensor in tensors:
        stand = like(tensor)
        ours = outcome(lambda stand=stand: format(stand, spec))
        theirs = outcome(lambda tensor=tensor: format(tensor, spec))
        assert ours == theirs
