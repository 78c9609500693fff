"""Padding: borders of a constant, or of what the tensor itself has near by.

Pads are counted from the last dim: (before, after, before the one to the left, ...). A negative one
cuts off.
"""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops.detailed import detailed
from jtorch._ops.formats import kept_format
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Ints, Number, type_name
from jtorch._ops.product import in_dtype
from jtorch._ops.refusals import BAREBONES, BOOL_TYPES, FLOAT8_TYPES, check_fits, refuses
from jtorch._ops.signatures import is_integer
from jtorch._shapes import like_strides
from jtorch._tensor import Tensor


def _pairs(pad):
    """The pads as (before, after), from the last dim to the left."""
    return list(zip(pad[::2], pad[1::2], strict=True))


def padded_shape(shape, pad):
    """The shape with these pads."""
    sizes = list(shape)
    for place, pair in enumerate(_pairs(pad), 1):
        sizes[-place] += sum(pair)
    return tuple(sizes)


# With a constant


def _check_constant(input, pad):
    if len(pad) % 2:
        raise RuntimeError(f"Length of pad must be even but instead it equals {len(pad)}")
    if len(pad) > 2 * input.ndim:
        raise RuntimeError(
            "Length of pad should be no more than twice the number of dimensions of the input. Pad "
            f"length is {len(pad)}while the input has {input.ndim}dimensions."
        )
    for size, pair in zip(reversed(input.shape), _pairs(pad), strict=False):
        if size + sum(min(each, 0) for each in pair) < 0:
            raise RuntimeError("narrow(): length must be non-negative.")


def _layout_of_constant(input, pad, result):
    if any(each > 0 for each in pad):
        return kept_format(input, result)
    return like_strides(result, input.stride())  # a copy of a window, as torch has it


def _value_fits(input, pad, value):
    if any(each > 0 for each in pad):
        check_fits(value, input.dtype)


@detailed(
    name="constant_pad_nd",
    variants="",
    check=_check_constant,
    numbers=_value_fits,
    shape=lambda input, pad: padded_shape(input.shape, pad),
    dtype=lambda input: input.dtype,
    layout=_layout_of_constant,
    literals={"value": (0,)},
)
def _constant(input: Tensor, pad: Ints, value: Number = 0):
    pairs = _pairs(pad) + [(0, 0)] * (input.ndim - len(pad) // 2)
    if input.dtype == np.bool_:
        value = jnp.asarray(value) != 0
    config = [(*pair, 0) for pair in reversed(pairs)]
    return lax.pad(input, in_dtype(value, input.dtype), config)


@offered("(Tensor input, tuple of ints pad, Number value = 0)", variants="f")
def constant_pad_nd(input, pad, value=0):
    """`input` with borders of a value.

    Errors:  RuntimeError if the pads are too many, or cut off more than there is, or the value does
             not fit the dtype.
    Source:  torch.constant_pad_nd; lax.pad.
    """
    _require_several("constant_pad_nd", pad)
    if isinstance(value, complex) and not value.imag:
        value = value.real
    return _constant(input, pad, value)


def _require_several(name, pad):
    """torch's refusal of one integer where it takes as many as there are."""
    if not isinstance(pad, (tuple, list)):
        raise TypeError(
            f"{name}(): argument 'pad' (position 2) must be tuple of ints, not {type_name(pad)}"
        )
    if not all(map(is_integer, pad)):
        raise TypeError("torch has words for this")


# With what the tensor has


def at_known_places(array, places, dim):
    """The elements at `places` along a dim: known integers, copied in runs, as slices are fast."""
    parts = []
    for start, step, count in _runs([int(each) for each in places]):
        stop = start + step * (count - 1)
        part = lax.slice_in_dim(array, min(start, stop), max(start, stop) + 1, axis=dim)
        if step < 0:
            part = lax.rev(part, (dim,))
        elif not step and count > 1:
            shape = list(part.shape)
            shape[dim] = count
            part = jnp.broadcast_to(part, shape)
        parts.append(part)
    if not parts:
        return lax.slice_in_dim(array, 0, 0, axis=dim)
    return parts[0] if len(parts) == 1 else lax.concatenate(parts, dim)


def _runs(places):
    """(first, step -1, 0 or 1, count) of each run of integers."""
    runs = []
    for place in places:
        if runs:
            start, step, count = runs[-1]
            apart = place - start - step * (count - 1)
            if (count == 1 and abs(apart) <= 1) or (count > 1 and apart == step):
                runs[-1] = (start, apart, count + 1)
                continue
        runs.append((place, 1, 1))
    return runs


def _reflected(size, before, after):
    """Where the elements come from: the ends are mirrors, and stand once."""
    places = np.abs(np.arange(-before, size + after))
    return np.where(places >= size, 2 * (size - 1) - places, places)


def _replicated(size, before, after):
    return np.clip(np.arange(-before, size + after), 0, size - 1)


def _circular(size, before, after):
    places = np.zeros(size + before + after, int)
    own = np.arange(max(-before, 0), size - max(-after, 0))
    start = max(before, 0)
    places[start : start + len(own)] = own
    if before > 0:
        stop = len(places) - max(after, 0)
        places[:before] = places[stop - before : stop]
    if after > 0:
        places[len(places) - after :] = places[start : start + after]
    return places


def _padded_by(rule):
    def body(input: Tensor, padding: Ints):
        for place, (before, after) in enumerate(_pairs(padding), 1):
            dim = input.ndim - place
            if before or after:
                input = at_known_places(input, rule(input.shape[dim], before, after), dim)
        return input

    return body


def _check_sizes(input, count):
    """torch's check of what may be empty: the batch alone."""
    batched = input.ndim == count + 2
    if not (batched or input.ndim == count + 1) or 0 in input.shape[batched:]:
        raise RuntimeError(
            f"Expected {count + 1}D or {count + 2}D (batch mode) tensor with possibly 0 batch size "
            f"and other non-zero dimensions for input, but got: {list(input.shape)}"
        )


def _check_mirror(input, padding):
    for place, pair in enumerate(_pairs(padding)):
        dim = input.ndim - 1 - place
        if max(pair) >= input.shape[dim]:
            raise RuntimeError(
                f"Argument #{4 + 2 * place}: Padding size should be less than the corresponding "
                f"input dimension, but got: padding ({pair[0]}, {pair[1]}) at dimension {dim} of "
                f"input {list(input.shape)}"
            )


_TOO_SMALL = {
    1: "input (W: {}) is too small. Calculated output W: {}",
    2: "input (H: {}, W: {}) is too small. Calculated output H: {} W: {}",
    3: "input (D: {} H: {}, W: {}) is too small. Calculated output D: {} H: {} W: {}",
}


def _check_result(input, padding, count, blank=""):
    """torch's refusal where no dim of the result has a size."""
    sizes = padded_shape(input.shape, padding)[-count:]
    if all(each < 1 for each in sizes):
        text = _TOO_SMALL[count]
        raise RuntimeError(text.replace(")", blank + ")").format(*input.shape[-count:], *sizes))


def _check(name, count):
    refuse = refuses(f"{name}_pad{count}d", BOOL_TYPES, BAREBONES, FLOAT8_TYPES)
    mirrors = name == "reflection"

    def check(input, padding):
        if len(padding) != 2 * count:
            came = f", but got: {len(padding)}" if mirrors else ""
            raise RuntimeError(f"padding size is expected to be {2 * count}{came}")
        _check_sizes(input, count)
        if mirrors:
            _check_mirror(input, padding)
        _check_result(input, padding, count, " " * (count == 2 and not mirrors))
        refuse(input)

    return check


def _shape(input, padding):
    return tuple(max(each, 0) for each in padded_shape(input.shape, padding))


def _row(name, count, rule):
    return detailed(
        name=f"{name}_pad{count}d",
        variants="",
        check=_check(name, count),
        shape=_shape,
        dtype=lambda input: input.dtype,
        layout=kept_format,
        gradient=f"{name.capitalize()}Pad{count}DBackward0",
        cast_out=False,
    )(_padded_by(rule))


reflection_pad = {count: _row("reflection", count, _reflected) for count in (1, 2, 3)}
replication_pad = {count: _row("replication", count, _replicated) for count in (1, 2, 3)}


def _check_circular(input, padding):
    for size, pair in zip(reversed(input.shape), _pairs(padding), strict=False):
        if max(pair) > size:
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if size + sum(pair) < 0:
            raise RuntimeError("Negative padding value is resulting in an empty dimension")


circular_pad = detailed(
    name="_pad_circular",
    variants="",
    check=_check_circular,
    shape=lambda input, padding: padded_shape(input.shape, padding),
    dtype=lambda input: input.dtype,
    gradient="CopySlices",  # torch fills an empty tensor slice by slice
)(_padded_by(_circular))

_BY_MODE = {
    "reflect": reflection_pad,
    "replicate": replication_pad,
    "circular": dict.fromkeys((1, 2, 3), circular_pad),
}


@offered("(Tensor input, tuple of ints pad, str mode = constant, float? value = None)")
def pad(input, pad, mode="constant", value=None):
    """`input` with borders: of a value, reflected, replicated or circular.

    Errors:  RuntimeError if the pads do not suit the shape; NotImplementedError for other modes.
    Source:  torch.nn.functional.pad.
    """
    require_tensors(input)
    _require_several("pad", pad)
    if not isinstance(mode, str):
        raise TypeError("torch has words for this")
    if value is not None:
        value = _float(value)
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(pad) > 2 * input.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got "
            f"padding length {len(pad)} and input of dimension {input.ndim}"
        )
    if mode == "constant":
        return _constant(input, pad, 0 if value is None else value)
    if value:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    count = len(pad) // 2
    if mode not in _BY_MODE:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if not 1 <= count <= 3 or input.ndim not in (count + 1, count + 2):
        raise NotImplementedError(
            f"Padding size {len(pad)} is not supported for {input.ndim}D input tensor.\n"
            "Supported combinations for non-constant padding:\n"
            "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
            "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
            "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"
        )
    return _BY_MODE[mode][count](input, pad)


def _float(value):
    if isinstance(value, complex) or (isinstance(value, Tensor) and value.ndim):
        raise TypeError("torch has words for this")
    if isinstance(value, Tensor) and value.dtype.category == _dtypes.COMPLEX:
        raise TypeError("torch has words for this")
    if isinstance(value, (bytes, str)):
        raise TypeError("torch has words for this")
    return float(value)
