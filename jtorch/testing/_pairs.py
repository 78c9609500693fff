"""Pairs of values that are compared: of None, of bools, of numbers, and of what is like a tensor.

The classes have the names that torch's have, which its errors show.
"""

import cmath
import dataclasses

import numpy as np

from jtorch import _dtypes
from jtorch._layout import LAYOUTS
from jtorch._ops.comparison import isclose
from jtorch._ops.from_data import as_tensor
from jtorch._sparse.tensor import SparseTensor
from jtorch._tensor import Tensor
from jtorch.testing._mismatches import Mismatch, Tolerances, number_text, tensor_text
from jtorch.testing._tolerances import chosen_tolerances

__all__ = ["PAIRS", "Options"]

_EXACT = Tolerances(0, 0)
# No dtype that is wide enough for them and for signed integers; torch takes int64 to compare them.
_WIDE_UNSIGNED = (_dtypes.uint16, _dtypes.uint32, _dtypes.uint64)


@dataclasses.dataclass(frozen=True)
class Options:
    """What `assert_close` is told of how to compare."""

    allow_subclasses: bool
    rtol: float | None
    atol: float | None
    equal_nan: bool
    check_device: bool
    check_dtype: bool
    check_layout: bool
    check_stride: bool


class Pair:
    """Two values that a class knows how to compare."""

    shown = ()  # further attributes that the text of a pair has

    def __init__(self, actual, expected, place, options):
        self.actual = actual
        self.expected = expected
        self.id = place
        self.equal_nan = options.equal_nan
        self.check_device = options.check_device
        self.check_dtype = options.check_dtype
        self.check_layout = options.check_layout
        self.check_stride = options.check_stride

    @classmethod
    def of(cls, actual, expected, place, options):
        """The pair of two values; None if they are none for this class."""
        raise NotImplementedError

    def compare(self):
        """Raise a Mismatch unless the values are close."""
        raise NotImplementedError

    def fail(self, text):
        raise Mismatch(AssertionError, text, self.id)

    def take_tolerances(self, options, *dtypes):
        self.tolerances = chosen_tolerances(options, self.id, *dtypes)
        self.rtol, self.atol = self.tolerances

    def __repr__(self):
        names = ("id", "actual", "expected", *self.shown)
        lines = [f"    {name}={getattr(self, name)!s}," for name in names]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])


class NonePair(Pair):
    """None, and what should be None."""

    @classmethod
    def of(cls, actual, expected, place, options):
        if actual is None or expected is None:
            return cls(actual, expected, place, options)
        return None

    def compare(self):
        if self.actual is not self.expected:
            self.fail(f"None mismatch: {self.actual} is not {self.expected}")


class BooleanPair(Pair):
    """Two bools, numpy's among them."""

    @classmethod
    def of(cls, actual, expected, place, options):
        if isinstance(actual, (bool, np.bool_)) and isinstance(expected, (bool, np.bool_)):
            return cls(bool(actual), bool(expected), place, options)
        return None

    def compare(self):
        if self.actual is not self.expected:
            self.fail(f"Booleans mismatch: {self.actual} is not {self.expected}")


class NumberPair(Pair):
    """Two numbers, numpy's among them."""

    shown = ("rtol", "atol", "equal_nan", "check_dtype")
    dtypes = {int: _dtypes.int64, float: _dtypes.float64, complex: _dtypes.complex128}

    @classmethod
    def of(cls, actual, expected, place, options):
        values = (actual, expected)
        if not all(isinstance(each, (*cls.dtypes, np.number)) for each in values):
            return None
        values = [each.item() if isinstance(each, np.number) else each for each in values]
        pair = cls(*values, place, options)
        # A bool beside a number finds no dtype here, which is torch's error as well.
        pair.take_tolerances(options, *(cls.dtypes[type(each)] for each in values))
        return pair

    def compare(self):
        actual, expected = self.actual, self.expected
        if self.check_dtype and type(actual) is not type(expected):
            self.fail(f"The (d)types do not match: {type(actual)} != {type(expected)}.")
        if actual == expected:
            return
        if self.equal_nan and cmath.isnan(actual) and cmath.isnan(expected):
            return
        difference = abs(actual - expected)
        allowed = self.atol + self.rtol * abs(expected)
        if not (cmath.isfinite(difference) and difference <= allowed):
            self.fail(number_text(actual, expected, self.tolerances))


def _class_of(value):
    return Tensor if type(value) is SparseTensor else type(value)  # one class in torch


class TensorLikePair(Pair):
    """Two tensors, or two of what tensors are made of."""

    shown = (
        "rtol", "atol", "equal_nan", "check_device", "check_dtype", "check_layout", "check_stride",
    )  # fmt: skip

    @classmethod
    def of(cls, actual, expected, place, options):
        of_actual, of_expected = (_class_of(each) for each in (actual, expected))
        related = isinstance(actual, of_expected) or isinstance(expected, of_actual)
        if not related or not (options.allow_subclasses or of_actual is of_expected):
            return None
        try:
            actual, expected = (
                each if isinstance(each, Tensor) else as_tensor(each) for each in (actual, expected)
            )
        except Exception:  # whatever they are, no tensor can be made of them
            return None
        pair = cls(actual, expected, place, options)
        pair.take_tolerances(options, actual.dtype, expected.dtype)
        return pair

    def compare(self):
        self._compare_attributes()
        if "meta" in (self.actual.device.type, self.expected.device.type):
            return
        actual, expected = self._alike()
        if actual.is_sparse:
            self._compare_sparse(actual, expected)
            return
        is_float8 = actual.dtype.is_floating_point and actual.dtype.itemsize == 1
        if is_float8 and not self.tolerances.are_zero:
            raise Mismatch(
                AssertionError,
                f"Rtol={self.rtol} and atol={self.atol} are not supported for bitwise comparison "
                "of low dimensional floats. Please use rtol=0.0 and atol=0.0.",
            )
        self._compare_values(actual, expected, self.tolerances, self.equal_nan)

    def _compare_attributes(self):
        actual, expected = self.actual, self.expected
        self._same("shape", actual.shape, expected.shape)
        if self.check_layout:
            self._same("layout", actual.layout, expected.layout)
        if self.check_stride and actual.layout == expected.layout == LAYOUTS["strided"]:
            self._same("stride()", actual.stride(), expected.stride())
        if self.check_device:
            self._same("device", actual.device, expected.device)
        if self.check_dtype:
            self._same("dtype", actual.dtype, expected.dtype)

    def _same(self, name, actual, expected):
        if actual != expected:
            self.fail(f"The values for attribute '{name}' do not match: {actual} != {expected}.")

    def _alike(self):
        """The two on one device, of one dtype, in one layout."""
        actual, expected = self.actual, self.expected
        if actual.device != expected.device:
            actual, expected = actual.cpu(), expected.cpu()
        if actual.dtype != expected.dtype:
            dtype = _dtypes.promote_types(*(
                _dtypes.int64 if each.dtype in _WIDE_UNSIGNED else each.dtype
                for each in (actual, expected)
            ))  # fmt: skip
            actual, expected = actual.to(dtype), expected.to(dtype)
        if actual.layout != expected.layout:
            actual, expected = actual.to_dense(), expected.to_dense()
        return actual, expected

    def _compare_sparse(self, actual, expected):
        """Places are equal, and values close: what is coalesced differently is not the same."""
        for name, counts in (
            ("sparse dimensions", (actual.sparse_dim(), expected.sparse_dim())),
            ("specified values", (actual._nnz(), expected._nnz())),
        ):
            if counts[0] != counts[1]:
                self.fail(
                    f"The number of {name} in sparse COO tensors does not match: "
                    f"{counts[0]} != {counts[1]}"
                )
        self._compare_values(
            actual._indices(), expected._indices(), _EXACT, False, "Sparse COO indices"
        )
        self._compare_values(
            actual._values(), expected._values(), self.tolerances, self.equal_nan,
            "Sparse COO values",
        )  # fmt: skip

    def _compare_values(self, actual, expected, tolerances, equal_nan, name=None):
        matches = isclose(actual, expected, *tolerances, equal_nan)
        if matches.all():
            return
        named = {} if name is None else {"name": name}
        if actual.dim():
            self.fail(tensor_text(actual, expected, matches, tolerances, **named))
        self.fail(number_text(actual.item(), expected.item(), tolerances, **named))


PAIRS = (NonePair, BooleanPair, NumberPair, TensorLikePair)  # in the order in which they are tried
