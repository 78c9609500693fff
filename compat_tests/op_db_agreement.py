"""When a record of jtorch agrees with one of torch: the same but for rounding."""

import dataclasses

import numpy as np

from compare import TOLERANCES, Named, TensorRecord, differences
from gradients import comparable

# How much further from the true result than torch's own a result may be.
TIMES_TORCH_S_ERROR = 4
HALF = ("torch.float16", "torch.bfloat16")


def has_items(record):
    return isinstance(record, Named) and isinstance(record.content, list)


class Judge:
    """Compares two records; `wide()` gives torch's in double precision, where it can be had.

    Numbers may differ by rounding: element by element as the table of tolerances says, or, each
    tensor as a whole, by no more than a few times torch's own distance from the result in double
    precision, or than the table's tolerance of the largest number, times `roundings`.
    """

    def __init__(self, wide, roundings=1, is_random=False, strides=True):
        self.wide, self.roundings = wide, roundings
        self.is_random, self.strides = is_random, strides

    def lines(self, got, want):
        """Each difference in words; none where the records agree."""
        return self._lines(got, want, self.wide, "result")

    def _lines(self, got, want, wide, path):
        if isinstance(want, TensorRecord) and isinstance(got, TensorRecord):
            return self._of_tensors(got, want, wide, path)
        if has_items(got) and has_items(want) and got.kind == want.kind:
            return self._of_items(got.content, want.content, wide, path)
        return differences(got, want, path=path)

    def _of_items(self, got, want, wide, path):
        if len(got) != len(want):
            return [f"{path}: got {len(got)} items, torch gives {len(want)}"]
        return [
            line
            for index, (left, right) in enumerate(zip(got, want, strict=True))
            for line in self._lines(left, right, item(wide, index), f"{path}[{index}]")
        ]

    def _of_tensors(self, got, want, wide, path):
        left, right = comparable(got), comparable(want)
        if self.is_random:
            left, right = (dataclasses.replace(each, values=None) for each in (left, right))
        lines = differences(left, right, path=path, strides=self.strides)
        if not lines or want.dtype not in TOLERANCES or want.values is None:
            return lines
        bare = [dataclasses.replace(each, values=None) for each in (left, right)]
        if differences(*bare, strides=self.strides):
            return lines
        true = wide()
        known = isinstance(true, TensorRecord) and true.shape == want.shape
        exact = true.values if known else want.values
        limits = [self.roundings * limit for limit in TOLERANCES[want.dtype]]
        is_half = want.dtype in HALF
        return [] if as_right(got.values, want.values, exact, limits, is_half) else lines


def item(wide, index):
    """The part of a record in double precision, made only where it is asked for."""

    def part():
        whole = wide()
        return whole.content[index] if has_items(whole) and index < len(whole.content) else None

    return part


def as_right(got, want, exact, limits, is_half):
    """Whether `got` is not much further from `exact` than `want` is, tensor by tensor."""
    finite, known = np.isfinite(got) & np.isfinite(want), np.isfinite(exact)
    # where torch overflows in half precision, the true number is right, too
    better = known & np.isfinite(got) & ~np.isfinite(want) & is_half
    same = finite | better
    if not np.array_equal(got[~same], want[~same], equal_nan=True):
        return False
    if not (same & known).any():
        return True
    relative, absolute = limits
    allowed = absolute + relative * float(abs(exact)[same & known].max())
    if (finite & known).any():
        errors = abs(want - exact)[finite & known]
        allowed = max(allowed, TIMES_TORCH_S_ERROR * float(errors.max()))
    return float(abs(got - exact)[same & known].max()) <= allowed
