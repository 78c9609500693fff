"""What it means for jtorch and torch to agree; every comparison of the suite goes through here.

A call is made on both modules with inputs built from the same numbers.  What it gives is *frozen*
into plain records (a tensor becomes its type, shape, strides, offset, dtype, flags and values), so
that a lazy result is computed, and its error raised, inside the attempt it belongs to.  Records are
then compared part by part.  Values are read with `tolist`, which exports no memory: reading a
tensor for a comparison must not change how its storage lives afterwards.

With `JTORCH_TEST_SELF=1` torch stands for both sides: the suite then tests itself.
"""

import dataclasses
import os
import warnings

import numpy as np
import torch as theirs

from jtorch._compare.tolerances import TOLERANCES, close

SELF = os.environ.get("JTORCH_TEST_SELF") == "1"
EXHAUSTIVE = os.environ.get("JTORCH_TEST_EXHAUSTIVE") == "1"

if SELF:
    ours = theirs
else:
    import jtorch as ours

FLOAT_TYPES = ("float16", "bfloat16", "float32", "float64")
COMPLEX_TYPES = ("complex64", "complex128")
SIGNED_TYPES = ("int8", "int16", "int32", "int64")
UNSIGNED_TYPES = ("uint8", "uint16", "uint32", "uint64")
ALL_TYPES = ("bool", *UNSIGNED_TYPES, *SIGNED_TYPES, *FLOAT_TYPES, *COMPLEX_TYPES)


@dataclasses.dataclass(frozen=True)
class TensorRecord:
    """All a user can see of a tensor."""

    type: str
    shape: tuple
    stride: tuple
    offset: int
    dtype: str
    device: str
    requires_grad: bool
    values: np.ndarray


@dataclasses.dataclass(frozen=True)
class ArrayRecord:
    """All a user can see of a numpy array that came out of a call."""

    shape: tuple
    strides: tuple
    dtype: str
    writeable: bool
    values: np.ndarray


@dataclasses.dataclass(frozen=True)
class Named:
    """A value of another kind, with the name of its kind: containers, dtypes, sizes, numbers."""

    kind: str
    content: object


@dataclasses.dataclass(frozen=True)
class Raised:
    """An exception: the built-in classes it descends from, its own class name, its text."""

    builtin: str
    name: str
    text: str


def neutral(text):
    """`text` with our package's name replaced by torch's."""
    return text.replace("jtorch", "torch")


def is_tensor(value):
    return isinstance(value, (ours.Tensor, theirs.Tensor))


def tensor_values(tensor):
    """The elements as a numpy array of float64, complex128, int64, uint64 or bool."""
    name = neutral(str(tensor.dtype)).removeprefix("torch.")
    if name.startswith("complex"):
        wide = np.complex128
    elif name.startswith(("float", "bfloat")):
        wide = np.float64
    elif name == "uint64":
        wide = np.uint64
    else:
        wide = np.bool_ if name == "bool" else np.int64
    return np.array(tensor.detach().tolist(), dtype=wide).reshape(tuple(tensor.shape))


def describe(tensor, values=True):
    """The record of `tensor`; without `values` nothing is computed."""
    return TensorRecord(
        type=type(tensor).__name__,
        shape=tuple(tensor.shape),
        stride=tuple(tensor.stride()),
        offset=tensor.storage_offset(),
        dtype=neutral(str(tensor.dtype)),
        device=str(tensor.device),
        requires_grad=tensor.requires_grad,
        values=tensor_values(tensor) if values else None,
    )


def freeze(value):
    """`value` as records that hold nothing of either module."""
    if is_tensor(value):
        return describe(value)
    if isinstance(value, (TensorRecord, ArrayRecord, Named, Raised)):
        return value
    if isinstance(value, np.ndarray):
        return ArrayRecord(
            value.shape,
            value.strides,
            f"numpy.{value.dtype}",
            bool(value.flags.writeable),
            value.copy(),
        )
    if isinstance(value, np.generic):
        return Named(f"numpy.{value.dtype}", value.item())
    kind = type(value).__name__
    if isinstance(value, dict):
        return Named(kind, {key: freeze(item) for key, item in value.items()})
    if isinstance(value, (tuple, list)):
        return Named(f"{kind}{field_names(value)}", [freeze(item) for item in value])
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        return Named(kind, value)
    return Named(neutral(kind), neutral(str(value)))


def field_names(value):
    """The named fields of a result such as `torch.max(x, 0)`, as text; else an empty text."""
    base = list if isinstance(value, list) else tuple
    names = (name for name in dir(type(value)) if name[0] != "_" and not name.startswith("n_"))
    return " ".join(["", *sorted(set(names) - set(dir(base)))])


def raised(error):
    """The record of an exception."""
    builtin = next(base for base in type(error).__mro__ if base.__module__ == "builtins")
    return Raised(builtin.__name__, type(error).__name__.lstrip("_"), neutral(str(error)))


def attempt(call, *arguments):
    """What `call` gives, frozen, or the record of what it raises.

    Warnings are not compared and do not reach pytest, which would turn them into errors.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return freeze(call(*arguments))
        except Exception as error:
            return raised(error)


def both(call, **options):
    """Assert that `call(jtorch)` and `call(torch)` give the same or raise the same."""
    wanted = attempt(call, theirs)
    assert_same(attempt(call, ours), wanted, **options)
    return wanted


def assert_same(ours_value, theirs_value, **options):
    """Fail with every difference between two values (options as for `differences`)."""
    found = differences(freeze(ours_value), freeze(theirs_value), **options)
    assert not found, "\n".join(["ours differs from torch:", *found])


def differences(got, want, *, tolerance=None, signed_zero=False, strides=True, path="result"):
    """Each difference between two frozen values, in words; an empty list when there is none.

    `tolerance` is a (relative, absolute) pair that replaces the table's for inexact types.
    """
    options = {"tolerance": tolerance, "signed_zero": signed_zero, "strides": strides}
    if type(got) is not type(want):
        return [f"{path}: got {short(got)}, torch gives {short(want)}"]
    if isinstance(want, Raised):
        return [] if got == want else [f"{path}: got {short(got)}\n  torch {short(want)}"]
    if isinstance(want, (TensorRecord, ArrayRecord)):
        return array_differences(got, want, path, **options)
    if got.kind != want.kind:
        return [f"{path}: got a {got.kind}, torch gives a {want.kind}"]
    if isinstance(want.content, dict):
        pairs = pairs_of_dict(got.content, want.content)
    elif isinstance(want.content, list):
        pairs = pairs_of_list(got.content, want.content)
    else:
        return scalar_differences(got, want, path, **options)
    if pairs is None:
        return [f"{path}: got {short(got)}, torch gives {short(want)}"]
    return [
        line
        for key, left, right in pairs
        for line in differences(left, right, path=f"{path}[{key}]", **options)
    ]


def pairs_of_dict(got, want):
    if list(got) != list(want):
        return None
    return [(key, got[key], want[key]) for key in want]


def pairs_of_list(got, want):
    if len(got) != len(want):
        return None
    return [(key, left, right) for key, (left, right) in enumerate(zip(got, want, strict=True))]


def array_differences(got, want, path, *, tolerance, signed_zero, strides):
    """Differences between two tensor records or two array records."""
    lines = []
    for field in dataclasses.fields(want):
        if field.name == "values" or (
            not strides and field.name in ("stride", "strides", "offset")
        ):
            continue
        left, right = getattr(got, field.name), getattr(want, field.name)
        if left != right:
            lines.append(f"{path}.{field.name}: got {left}, torch gives {right}")
    if want.values is None or got.shape != want.shape:
        return lines
    limits = TOLERANCES.get(want.dtype)
    if limits is not None and tolerance is not None:
        limits = tolerance
    return lines + value_differences(got.values, want.values, path, limits, signed_zero)


def scalar_differences(got, want, path, *, tolerance, signed_zero, strides):
    """Differences between two numbers, texts or other plain contents of equal kind."""
    limits = TOLERANCES.get(want.kind)
    if limits is None:
        if got.content == want.content:
            return []
        return [f"{path}: got {got.content!r}, torch gives {want.content!r}"]
    left, right = np.asarray(got.content), np.asarray(want.content)
    return value_differences(left, right, path, tolerance or limits, signed_zero)


def value_differences(got, want, path, limits, signed_zero):
    """At most three lines on where two arrays of one shape differ."""
    wrong = ~close(got, want, limits)
    if signed_zero and want.dtype.kind in "fc":
        wrong |= negative_zero(got) != negative_zero(want)
    places = np.argwhere(wrong)
    first = [tuple(map(int, place)) for place in places[:3]]
    lines = [
        f"{path}{list(place)}: got {got[place]!r}, torch gives {want[place]!r}" for place in first
    ]
    if len(places) > 3:
        lines.append(f"{path}: {len(places)} of {want.size} values differ")
    return lines


def negative_zero(values):
    if values.dtype.kind == "c":
        return negative_zero(values.real) | (negative_zero(values.imag) << 1)
    return ((values == 0) & np.signbit(values)).astype(np.int8)


def short(value):
    text = repr(value)
    return text if len(text) < 300 else text[:300] + "..."


def words(text):
    """The words of a text, as a tuple: how a long list of names is written here."""
    return tuple(text.split())


def make(module, array, dtype=None):
    """A tensor of `module` that holds a copy of a numpy array, of the dtype named `dtype`."""
    kind = {} if dtype is None else {"dtype": getattr(module, dtype)}
    # The strides of an empty array are numpy's whim, and torch takes them over.
    if array.size == 0 and kind:
        return module.zeros(array.shape, **kind)
    return module.tensor(array, **kind)


def sampled(cases, count, salt=""):
    """All `cases` when the run is exhaustive, else `count` of them: the same ones each time.

    The chosen ones are spread evenly, starting at a place that `salt` decides.
    """
    cases = list(cases)
    if EXHAUSTIVE or len(cases) <= count:
        return cases
    start = sum(map(ord, salt)) % len(cases)
    chosen = sorted({(start + index * len(cases) // count) % len(cases) for index in range(count)})
    return [cases[index] for index in chosen]
