"""Sequences of several lengths: padded to one tensor, or packed time by time."""

import typing
from collections.abc import Iterable

from jtorch import _dtypes
from jtorch._alias import missing_attribute
from jtorch._device import device
from jtorch._ops import packing
from jtorch._ops.creation import empty_like
from jtorch._ops.from_data import as_tensor
from jtorch._ops.ranges import arange
from jtorch._ops.sorting import sort
from jtorch._tensor import Tensor

__all__ = [
    "PackedSequence", "invert_permutation", "pack_padded_sequence", "pack_sequence",
    "pad_packed_sequence", "pad_sequence", "unpack_sequence", "unpad_sequence",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


class PackedSequence_(typing.NamedTuple):
    """The fields of `PackedSequence`."""

    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None


# the class that bears the name is the one below
PackedSequence_.__name__ = PackedSequence_.__qualname__ = "PackedSequence_"


class PackedSequence(PackedSequence_):
    """Sequences of several lengths, their elements time by time.

    Attributes: data (elements, ...), batch_sizes (times): how many sequences there are at each time;
             sorted_indices and unsorted_indices: how the sequences were sorted, if they were.
    Errors:  ValueError for batch sizes that are not on the CPU.
    Source:  torch.nn.utils.rnn.PackedSequence.
    """

    def __new__(cls, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None):
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        if batch_sizes is None:
            if not (isinstance(data, (list, tuple)) and len(data) == 2):
                raise AssertionError("Expected data to be a list or tuple of length 2")
            data, batch_sizes = data
        elif batch_sizes.device.type != "cpu":
            raise ValueError(
                "batch_sizes should always be on CPU. Instances of PackedSequence should never be "
                "created manually. They should be instantiated by functions like pack_sequence and "
                "pack_padded_sequences in nn.utils.rnn. "
                "https://pytorch.org/docs/stable/nn.html#torch.nn.utils.rnn.pack_sequence"
            )
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def pin_memory(self):
        """Source: torch.nn.utils.rnn.PackedSequence.pin_memory."""
        return self._with(self.data.pin_memory(), lambda each: each.pin_memory())

    def _with(self, data, convert):
        """The same sequences with other data, and indices converted as it was."""
        indices = [
            None if each is None else convert(each)
            for each in (self.sorted_indices, self.unsorted_indices)
        ]
        return type(self)(data, self.batch_sizes, *indices)

    def to(self, *args, **kwargs):
        """The sequences in another dtype or on another device, as Tensor.to.

        Source:  torch.nn.utils.rnn.PackedSequence.to.
        """
        data = self.data.to(*args, **kwargs)
        if data is self.data:
            return self
        return self._with(data, lambda each: each.to(data.device))

    def cuda(self, *args, **kwargs):
        """Source: torch.nn.utils.rnn.PackedSequence.cuda."""
        return self.to(*args, **{"device": "cuda", **kwargs} if not args else kwargs)

    def cpu(self, *args, **kwargs):
        """Source: torch.nn.utils.rnn.PackedSequence.cpu."""
        return self.to(*args, **{"device": "cpu", **kwargs} if not args else kwargs)

    def double(self):
        """Source: torch.nn.utils.rnn.PackedSequence.double."""
        return self.to(dtype=_dtypes.float64)

    def float(self):
        """Source: torch.nn.utils.rnn.PackedSequence.float."""
        return self.to(dtype=_dtypes.float32)

    def half(self):
        """Source: torch.nn.utils.rnn.PackedSequence.half."""
        return self.to(dtype=_dtypes.float16)

    def long(self):
        """Source: torch.nn.utils.rnn.PackedSequence.long."""
        return self.to(dtype=_dtypes.int64)

    def int(self):
        """Source: torch.nn.utils.rnn.PackedSequence.int."""
        return self.to(dtype=_dtypes.int32)

    def short(self):
        """Source: torch.nn.utils.rnn.PackedSequence.short."""
        return self.to(dtype=_dtypes.int16)

    def char(self):
        """Source: torch.nn.utils.rnn.PackedSequence.char."""
        return self.to(dtype=_dtypes.int8)

    def byte(self):
        """Source: torch.nn.utils.rnn.PackedSequence.byte."""
        return self.to(dtype=_dtypes.uint8)

    @property
    def is_cuda(self):
        """Source: torch.nn.utils.rnn.PackedSequence.is_cuda."""
        return self.data.is_cuda

    def is_pinned(self):
        """Source: torch.nn.utils.rnn.PackedSequence.is_pinned."""
        return self.data.is_pinned()


def invert_permutation(permutation):
    """The permutation that takes another one back; None of None.

    Source:  torch.nn.utils.rnn.invert_permutation.
    """
    if permutation is None:
        return None
    places = arange(permutation.numel(), device=permutation.device)
    return empty_like(permutation).scatter_(0, permutation, places)


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    """Padded sequences as a `PackedSequence`.

    Shape:   (L, N, ...), or (N, L, ...) with `batch_first`; a length for each of N.
    Errors:  RuntimeError for lengths that do not fall, unless `enforce_sorted` is off, and for 0.
    Source:  torch.nn.utils.rnn.pack_padded_sequence.
    """
    if isinstance(lengths, Tensor):
        lengths = lengths.to(dtype=_dtypes.int64)
    else:
        lengths = as_tensor(lengths, dtype=_dtypes.int64, device=device("cpu"))
    sorted_indices = None
    if not enforce_sorted:
        lengths, sorted_indices = sort(lengths, descending=True)
        sorted_indices = sorted_indices.to(input.device)
        input = input.index_select(0 if batch_first else 1, sorted_indices)
    data, batch_sizes = packing._pack_padded_sequence(input, lengths, batch_first)
    return PackedSequence(data, batch_sizes, sorted_indices, None)


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    """(the sequences padded to the longest or to `total_length`, their lengths).

    Errors:  ValueError if `total_length` is less than the longest.
    Source:  torch.nn.utils.rnn.pad_packed_sequence.
    """
    length = sequence.batch_sizes.size(0)
    if total_length is not None:
        if total_length < length:
            raise ValueError(
                "Expected total_length to be at least the length of the longest sequence in input, "
                f"but got total_length={total_length} and max sequence length being {length}"
            )
        length = total_length
    padded, lengths = packing._pad_packed_sequence(
        sequence.data, sequence.batch_sizes, batch_first, padding_value, length
    )
    indices = sequence.unsorted_indices
    if indices is not None:
        return padded.index_select(0 if batch_first else 1, indices), lengths[indices.cpu()]
    return padded, lengths


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    """Sequences side by side, the shorter ones with `padding_value` behind or before.

    Shape:   (L_i, ...) -> (max L_i, N, ...), or (N, max L_i, ...) with `batch_first`.
    Source:  torch.nn.utils.rnn.pad_sequence.
    """
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            "pad_sequence: Expected iterable for input sequences, but got arg of type: "
            f"{type(sequences)}"
        )
    return packing.pad_sequence(tuple(sequences), batch_first, padding_value, padding_side)


def unpad_sequence(padded_sequences, lengths, batch_first=False):
    """The sequences that were padded, as a list. Source: torch.nn.utils.rnn.unpad_sequence."""
    if not batch_first:
        padded_sequences.transpose_(0, 1)
    places = arange(padded_sequences.shape[1], device=lengths.device)
    return [
        sequence[places < length]
        for sequence, length in zip(padded_sequences, lengths, strict=True)
    ]


def pack_sequence(sequences, enforce_sorted=True):
    """A list of sequences as a `PackedSequence`. Source: torch.nn.utils.rnn.pack_sequence."""
    lengths = as_tensor([each.size(0) for each in sequences])
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences):
    """The sequences of a `PackedSequence`, as a list. Source: torch.nn.utils.rnn.unpack_sequence."""
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)
