"""How `linear_cross_entropy` saves memory."""

import dataclasses

from jtorch import _dtypes
from jtorch._alias import missing_attribute

__all__ = ["LinearCrossEntropyOptions"]

_FLOATS = (_dtypes.float16, _dtypes.bfloat16, _dtypes.float32, _dtypes.float64)
_HALVES = (_dtypes.float16, _dtypes.bfloat16)


@dataclasses.dataclass(slots=True, frozen=True)
class LinearCrossEntropyOptions:
    """How many rows `linear_cross_entropy` computes at a time: so many, or by a rule.

    The rule "aspect_ratio" makes the logits about as big as the input is, "aspect_ratio:n" an nth of
    that. The other options say how torch accumulates; sums of half precision are float32 here.

    Errors:  ValueError for values that are none.
    Source:  torch.nn.LinearCrossEntropyOptions.
    """

    allow_retain_graph: bool = False
    batch_chunk_size: int | None = None
    chunking_method: str | None = "auto"
    acc_policy: str = "auto"
    acc_dtype: _dtypes.dtype | None = None

    def __post_init__(self):
        if self.acc_policy not in ("auto", "accurate", "balanced", "compact"):
            raise ValueError(f"invalid acc_policy: {self.acc_policy!r}")
        if self.chunking_method not in (None, "auto") and not _divisor(self.chunking_method):
            raise ValueError(f"invalid chunking_method: {self.chunking_method!r}")
        size = self.batch_chunk_size
        if size is not None and not (isinstance(size, int) and size > 0):
            raise ValueError(f"batch_chunk_size must be positive int or None, got {size!r}")
        if self.acc_dtype is not None and self.acc_dtype not in _FLOATS:
            raise ValueError(
                "acc_dtype must be one of {None, torch.float16, torch.bfloat16, torch.float32, "
                f"torch.float64}}, got {self.acc_dtype!r}. Pass acc_dtype=None to let the op pick "
                "automatically."
            )

    def _rows_at_once(self, rows, features, classes, dtype, device):
        """How many of so many rows are computed at a time."""
        size, method = self.batch_chunk_size, self.chunking_method
        if method == "auto":
            plain = device.type == "cpu" and dtype in _HALVES
            method = None if size is not None else "aspect_ratio" if plain else "aspect_ratio:2"
        found = rows if size is None else min(size, rows)
        if method is not None:
            found = min(_by_aspect(rows, features, classes) // _divisor(method), rows)
            if size is not None and size != found:
                raise ValueError(
                    f"batch_chunk_size (={size}) and chunking_method ('{method}') give different "
                    f"chunk sizes ({size} vs {found}); pass only one."
                )
        return max(1, found)


def _divisor(method):
    """The number that a rule's text ends in, 1 without one; 0 if it is no rule."""
    name, colon, number = method.partition(":")
    if name != "aspect_ratio" or (colon and not number.isdigit()):
        return 0
    return int(number) if colon else 1


def _by_aspect(rows, features, classes):
    """The power of 2 of rows whose logits are about as many as all features."""
    wanted = -(-rows // -(-classes // features))
    return 1 << (wanted - 1).bit_length()


def __getattr__(name):
    raise missing_attribute(__name__, name)
