"""Sequences of several lengths as one tensor: padded to the longest, or packed time by time.

How sequences lie is read from their lengths at once, on the host: it decides on shapes.
"""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._engine.symbolic import current_level
from jtorch._meta import Meta
from jtorch._ops.detailed import checked, detailed
from jtorch._ops.edges import tracked
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Index, Number, Tensors
from jtorch._ops.random import host_tensor
from jtorch._tensor import Tensor


def places_of(batch_sizes):
    """(places, packed) of packed sequences: where each time of each sequence stands among the
    elements, or -1; and where each element stands among all times of all sequences.
    """
    times, batch = len(batch_sizes), int(batch_sizes[0])
    before = np.cumsum(batch_sizes) - batch_sizes
    sequence = np.arange(batch)
    places = np.where(sequence < batch_sizes[:, None], before[:, None] + sequence, -1)
    packed = np.flatnonzero(places.reshape(times * batch) >= 0)
    return places, packed


def indices_of(array, device):
    """A numpy array of integers as a tensor of int64."""
    return host_tensor(array.astype(np.int64), Meta(array.shape, _dtypes.int64, device))


# Packing


@detailed(
    name="pack_padded_sequence.rows",
    variants="",
    gradient="PackPaddedSequenceBackward0",
    shape=lambda input, packed: (packed.shape[0], *input.shape[2:]),
    dtype=lambda input: input.dtype,
)
def _packed_rows(input: Tensor, packed: Index):
    return input.reshape(-1, *input.shape[2:])[packed]


def _check_lengths(input, lengths, host, batch_first):
    if not input.numel():
        raise RuntimeError("Cannot pack empty tensors.")
    if lengths.ndim != 1 or lengths.dtype is not _dtypes.int64 or lengths.device is not CPU:
        raise RuntimeError(
            f"'lengths' argument should be a 1D CPU int64 tensor, but got {lengths.ndim}D "
            f"{lengths.device.type} {lengths.dtype.scalar_name} tensor"
        )
    batch = input.size(0 if batch_first else 1)
    if len(host) != batch:
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(host)} "
            f"(batch_size={batch})"
        )
    if (host[1:] > host[:-1]).any():
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You "
            "can pass `enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to "
            "sidestep this requirement if you do not need ONNX exportability."
        )
    if (host <= 0).any():
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' "
            "that is <= 0"
        )


@offered("(Tensor input, Tensor lengths, bool batch_first)", variants="f")
def _pack_padded_sequence(input, lengths, batch_first):
    """(elements time by time, how many sequences there are at each time).

    Errors:  RuntimeError for lengths that are not one for each sequence, falling, and positive.
    Source:  torch._pack_padded_sequence.
    """
    require_tensors(input, lengths)
    host = lengths._host()
    _check_lengths(input, lengths, host, batch_first)
    if batch_first:
        input = input.transpose(0, 1)
    times = np.arange(int(host[0]))
    sizes = (host > times[:, None]).sum(1)
    _, packed = places_of(sizes[: input.shape[0]])
    return _packed_rows(input, indices_of(packed, input.device)), indices_of(sizes, CPU)


@detailed(
    name="pad_packed_sequence.rows",
    variants="",
    gradient="CopySlices",
    shape=lambda data, places: (*places.shape, *data.shape[1:]),
    dtype=lambda data: data.dtype,
)
def _padded_rows(data: Tensor, places: Index, value: Number):
    rows = data[jnp.maximum(places, 0)]
    here = (places >= 0).reshape(*places.shape, *[1] * (data.ndim - 1))
    return jnp.where(here, rows, jnp.asarray(value).astype(data.dtype))


@offered(
    "(Tensor data, Tensor batch_sizes, bool batch_first, Number padding_value, int total_length)",
    variants="f",
)
def _pad_packed_sequence(data, batch_sizes, batch_first, padding_value, total_length):
    """(the sequences side by side, their lengths): what `_pack_padded_sequence` was made of.

    Source:  torch._pad_packed_sequence.
    """
    require_tensors(data, batch_sizes)
    sizes = batch_sizes._host()
    places, _ = places_of(sizes)
    lengths = (places >= 0).sum(0)
    missing = total_length - len(sizes)
    if missing > 0:
        places = np.concatenate([places, np.full((missing, places.shape[1]), -1)])
    padded = _padded_rows(data, indices_of(places, data.device), padding_value)
    return padded.transpose(0, 1) if batch_first else padded, indices_of(lengths, CPU)


# Padding


def _pad_shape(sequences, batch_first):
    length = max(each.shape[0] for each in sequences)
    first = (len(sequences), length) if batch_first else (length, len(sequences))
    return (*first, *sequences[0].shape[1:])


def _borders(each, length, side):
    missing = length - each.shape[0]
    border = (0, missing) if side == "right" else (missing, 0)
    return (border, *[(0, 0)] * (each.ndim - 1))


@detailed(
    name="pad_sequence.stacked",
    variants="",
    gradient="CopySlices",
    shape=_pad_shape,
    dtype=lambda sequences: sequences[0].dtype,
)
def _stacked(sequences: Tensors, value: Number, *, batch_first: bool, side: str):
    length, dtype = max(each.shape[0] for each in sequences), sequences[0].dtype
    value = jnp.asarray(value).astype(dtype)
    padded = [
        jnp.pad(each.astype(dtype), _borders(each, length, side), constant_values=value)
        for each in sequences
    ]
    return jnp.stack(padded, 0 if batch_first else 1)


def _stacked_on_host(sequences, batch_first, value, side):
    """The same without a program for each set of lengths."""
    shape, dtype = _pad_shape(sequences, batch_first), sequences[0].dtype
    result = np.empty(shape, dtype.numpy)
    result[...] = np.asarray(value).astype(dtype.numpy)
    length = shape[1 if batch_first else 0]
    for place, each in enumerate(sequences):
        before = 0 if side == "right" else length - each.shape[0]
        target = result[place] if batch_first else result[:, place]
        target[before : before + each.shape[0]] = each._host()
    return host_tensor(result, Meta(shape, dtype, CPU))


def _check_sequences(sequences, side):
    if not sequences:
        raise RuntimeError("received an empty list of sequences")
    if side not in ("left", "right"):
        raise RuntimeError(f"Expected padding_side to be one of left or right, but got {side}.")
    first = sequences[0].shape
    if not first:
        raise RuntimeError("ArrayRef: invalid slice, N = 1; size = 0")
    for each in sequences:
        for axis in range(1, max(len(first), each.ndim)):
            pair = [shape[axis] if axis < len(shape) else 1 for shape in (first, each.shape)]
            if pair[0] != pair[1]:
                raise RuntimeError(
                    f"The size of tensor a ({pair[0]}) must match the size of tensor b "
                    f"({pair[1]}) at non-singleton dimension {axis}"
                )


@checked(
    "(tuple of Tensors sequences, bool batch_first = False, float padding_value = 0.0, "
    "str padding_side = 'right')",
    variants="",
)
def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    """Sequences side by side, the shorter ones with `padding_value` behind or before.

    Shape:   (L_i, ...) -> (max L_i, N, ...), or (N, max L_i, ...) with `batch_first`.
    Source:  torch.nn.utils.rnn.pad_sequence.
    """
    for place, each in enumerate(sequences):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"expected Tensor as element {place} in argument 0, but got {type(each).__name__}"
            )
    _check_sequences(sequences, padding_side)
    on_host = all(each.device is CPU for each in sequences) and current_level() is None
    if on_host and not tracked(sequences):
        return _stacked_on_host(sequences, batch_first, padding_value, padding_side)
    return _stacked(sequences, padding_value, batch_first=batch_first, side=padding_side)
