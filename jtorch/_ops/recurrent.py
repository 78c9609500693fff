"""Recurrent layers: `lstm`, `gru`, `rnn_tanh`, `rnn_relu`, of padded and of packed sequences.

A layer in one direction is one operation with a loop over time. Packed sequences are laid out by
time inside of it; where a sequence is over, its state is kept. Sequences of another length are
another program: to share one, lay them out in more times than they have, as `places` says.
"""

import functools

from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._ops import recurrences
from jtorch._ops.detailed import detailed
from jtorch._ops.dropout import dropout as drop
from jtorch._ops.edges import tracked
from jtorch._ops.join import cat, stack
from jtorch._ops.packing import indices_of, places_of
from jtorch._ops.parameters import Index
from jtorch._ops.product import wide_product
from jtorch._ops.signatures import overloads
from jtorch._tensor import Tensor

# One layer in one direction


def _check_layer(input, hx, w_ih, w_hh):
    for each, weight in ((input, w_ih), (hx, w_hh)):
        if each.dtype is not weight.dtype:
            raise RuntimeError(
                "mat1 and mat2 must have the same dtype, but got "
                f"{each.dtype.scalar_name} and {weight.dtype.scalar_name}"
            )
        if each.shape[-1] != weight.shape[1]:
            rows = each.numel() // each.shape[-1] if each.shape[-1] else 0
            raise RuntimeError(
                f"mat1 and mat2 shapes cannot be multiplied ({rows}x{each.shape[-1]} and "
                f"{weight.shape[1]}x{weight.shape[0]})"
            )
    if w_ih.shape[0] != w_hh.shape[0]:
        raise RuntimeError(
            f"The size of tensor a ({w_ih.shape[0]}) must match the size of tensor b "
            f"({w_hh.shape[0]}) at non-singleton dimension 1"
        )
    if input.ndim == 3 and input.shape[1] != hx.shape[0]:
        raise RuntimeError(
            f"The size of tensor a ({hx.shape[0]}) must match the size of tensor b "
            f"({input.shape[1]}) at non-singleton dimension 0"
        )


def _wide(arrays):
    """Half precision is computed in float32."""
    return [
        each.astype(jnp.float32) if each is not None and each.dtype.itemsize < 4 else each
        for each in arrays
    ]


def _moved_inputs(input, weight, bias, places):
    """The inputs times their weights, at all times; and which times of which sequences there are."""
    x = wide_product(input, weight.T)
    x = x if bias is None else x + bias
    if places is None:
        return x, None
    return x[jnp.maximum(places, 0)], places >= 0


def _shown(states, places, packed):
    """The states after each time: as they are, or packed like the input was."""
    return states if places is None else states.reshape(-1, states.shape[-1])[packed]


def _end(states, reverse):
    return lax.index_in_dim(states, 0 if reverse else -1, keepdims=False)


def _by_kernel(args, kwargs):
    """What torch calls the node: on the CPU float32 has a kernel for whole layers."""
    values = dict(zip(_LSTM_NAMES, args, strict=False)) | kwargs
    input = values["input"]
    if values.get("places") is not None:
        return "CatBackward0"
    plain = values.get("w_hr") is None and input.dtype is _dtypes.float32
    return "MkldnnRnnLayerBackward0" if plain and input.device is CPU else "StackBackward0"


_LSTM_NAMES = (
    "input", "hx", "cx", "w_ih", "w_hh", "b_ih", "b_hh", "w_hr", "places",
)  # fmt: skip


def _by_packing(args, kwargs):
    return "StackBackward0" if kwargs.get("places") is None else "CatBackward0"


def _check_lstm_layer(input, hx, cx, w_ih, w_hh, w_hr, places):
    if input.dtype is w_ih.dtype and places is None:
        states = (hx.dtype, cx.dtype)
        kernel = _by_kernel((), {"input": input, "w_hr": w_hr})
        if kernel.startswith("Mkldnn") and _dtypes.float64 in states:
            raise RuntimeError("get_mkldnn_dtype: unsupported data type")
    _check_layer(input, hx, w_ih, w_hh)
    if cx.dtype is not hx.dtype:
        raise RuntimeError(
            f"expected scalar type {hx.dtype.scalar_name} but found {cx.dtype.scalar_name}"
        )


@detailed(name="lstm.layer", variants="", check=_check_lstm_layer, gradient=_by_kernel)
def _lstm_layer(
    input: Tensor, hx: Tensor, cx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None,
    b_hh: Tensor | None, w_hr: Tensor | None, places: Index | None = None,
    packed: Index | None = None, *, reverse: bool = False, keeps: bool = False,
):  # fmt: skip
    dtype = input.dtype
    arrays = _wide((input, hx, cx, w_ih, w_hh, b_ih, b_hh, w_hr))
    input, h, c, w_ih, w_hh, b_ih, b_hh, w_hr = arrays
    bias = None if b_ih is None else b_ih + b_hh
    x, valid = _moved_inputs(input, w_ih, bias, places)
    w_hr = None if w_hr is None else w_hr.T
    states, last = recurrences.lstm((reverse, keeps), x, h, c, w_hh.T, w_hr, valid)
    found = (_shown(states, places, packed), _end(states, reverse), last)
    return tuple(each.astype(dtype) for each in found)


@detailed(name="gru.layer", variants="", check=_check_layer, gradient=_by_packing)
def _gru_layer(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None,
    b_hh: Tensor | None, places: Index | None = None, packed: Index | None = None, *,
    reverse: bool = False, keeps: bool = False,
):  # fmt: skip
    dtype = input.dtype
    input, h, w_ih, w_hh, b_ih, b_hh = _wide((input, hx, w_ih, w_hh, b_ih, b_hh))
    width, last = h.shape[-1], None
    if b_ih is not None:  # that of the last third is multiplied by r
        last = b_hh[2 * width :]
        b_ih = b_ih + b_hh.at[2 * width :].set(0)
    x, valid = _moved_inputs(input, w_ih, b_ih, places)
    states = recurrences.gru((reverse, keeps), x, h, w_hh.T, last, valid)
    found = (_shown(states, places, packed), _end(states, reverse))
    return tuple(each.astype(dtype) for each in found)


@detailed(name="rnn.layer", variants="", check=_check_layer, gradient=_by_packing)
def _plain_layer(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None,
    b_hh: Tensor | None, places: Index | None = None, packed: Index | None = None, *,
    reverse: bool = False, keeps: bool = False, activation: str = "tanh",
):  # fmt: skip
    dtype = input.dtype
    input, h, w_ih, w_hh, b_ih, b_hh = _wide((input, hx, w_ih, w_hh, b_ih, b_hh))
    x, valid = _moved_inputs(input, w_ih, None if b_ih is None else b_ih + b_hh, places)
    states = recurrences.plain((activation, reverse, keeps), x, h, w_hh.T, valid)
    found = (_shown(states, places, packed), _end(states, reverse))
    return tuple(each.astype(dtype) for each in found)


# Layers over layers


def _layers_of(params, has_biases, num_layers, directions, projected):
    """For each layer and direction its weights and biases: (w_ih, w_hh, b_ih, b_hh, w_hr)."""
    count = (4 if has_biases else 2) + projected
    if len(params) % count:
        raise RuntimeError(
            f"MatrixRef: ArrayRef size {len(params)} not divisible by stride {count}"
        )
    if len(params) < count * num_layers * directions:
        raise RuntimeError(
            f"ArrayRef: invalid slice, N = {len(params)}; M = {count}; size = {len(params)}"
        )
    for place in range(num_layers * directions):
        own = list(params[place * count : (place + 1) * count])
        last = own.pop() if projected else None
        biases = own[2:] if has_biases else [None, None]
        yield (*own[:2], *biases, last)


def _run(layer, input, states, params, has_biases, num_layers, dropout, train, bidirectional,
         packing=(None, None)):  # fmt: skip
    """(output, the last states of all layers); `states` has as many tensors as a layer has states."""
    directions = 2 if bidirectional else 1
    projected = len(states) == 2 and states[0].shape[2] != states[1].shape[2]
    given = zip(*[each.unbind(0) for each in states], strict=True)
    weights = _layers_of(params, has_biases, num_layers, directions, projected)
    last = []
    for place in range(num_layers):
        outputs = []
        for reverse in range(directions):
            output, *ends = layer(input, next(given), next(weights), *packing, bool(reverse))
            outputs.append(output)
            last.append(ends)
        input = outputs[0] if directions == 1 else cat(outputs, -1)
        if dropout and train and place < num_layers - 1:
            input = drop(input, dropout, True)
    return input, [stack(each) for each in zip(*last, strict=True)]


def _lstm_of(input, states, weights, places, packed, reverse):
    *weights, w_hr = weights
    keeps = tracked((input, *states, *weights, w_hr))
    return _lstm_layer(input, *states, *weights, w_hr, places, packed, reverse=reverse, keeps=keeps)


def _gru_of(input, states, weights, places, packed, reverse):
    weights = weights[:4]
    keeps = tracked((input, *states, *weights))
    return _gru_layer(
        input, *states, *weights, places=places, packed=packed, reverse=reverse, keeps=keeps
    )


def _plain_of(activation, input, states, weights, places, packed, reverse):
    return _plain_layer(
        input, *states, *weights[:4], places=places, packed=packed, reverse=reverse, keeps=False,
        activation=activation,
    )  # fmt: skip


_KINDS = {
    "lstm": _lstm_of,
    "gru": _gru_of,
    "rnn_tanh": functools.partial(_plain_of, "tanh"),
    "rnn_relu": functools.partial(_plain_of, "relu"),
}


def _states_of(kind, hx):
    if kind != "lstm":
        return (hx,)
    if len(hx) != 2:
        raise RuntimeError("lstm expects two hidden states")
    return tuple(hx)


def _padded(kind, input, hx, params, has_biases, num_layers, dropout, train, bidirectional,
            batch_first):  # fmt: skip
    states = _states_of(kind, hx)
    if batch_first:
        input = input.transpose(0, 1)
    if input.ndim == 3 and not input.shape[0]:
        raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
    if input.ndim != 3:
        input.size(2)  # torch's error
    output, last = _run(
        _KINDS[kind], input, states, params, has_biases, num_layers, dropout, train, bidirectional
    )
    if batch_first:  # torch turns the output of all but `lstm` in place
        output = output.transpose(0, 1) if kind == "lstm" else output.transpose_(0, 1)
    return (output, *last)


def _packed(kind, data, batch_sizes, hx, params, has_biases, num_layers, dropout, train,
            bidirectional):  # fmt: skip
    states = _states_of(kind, hx)
    packing = [indices_of(each, data.device) for each in places_of(batch_sizes._host())]
    output, last = _run(
        _KINDS[kind], data, states, params, has_biases, num_layers, dropout, train, bidirectional,
        packing,
    )  # fmt: skip
    return (output, *last)


def _declare(kind, declaration):
    hx = "tuple of Tensors hx" if kind == "lstm" else "Tensor hx"
    rest = (
        f"{hx}, tuple of Tensors params, bool has_biases, int num_layers, float dropout, "
        "bool train, bool bidirectional"
    )
    return overloads(
        (f"(Tensor data, Tensor batch_sizes, {rest})", functools.partial(_packed, kind)),
        (f"(Tensor input, {rest}, bool batch_first)", functools.partial(_padded, kind)),
        variants="f",
    )(declaration)


def _lstm():
    """(output, last hidden states, last cells) of layers of long short-term memory.

    Shape:   input (L, N, I), or (N, L, I) with `batch_first`; hx: two of (layers * directions, N, H).
             Packed: data (elements, I), with the size of the batch at each time.
    Source:  torch.lstm.
    """


def _gru():
    """(output, last hidden states) of layers of gated recurrent units. Source: torch.gru."""


def _rnn_tanh():
    """(output, last hidden states) of layers `tanh(W x + V h)`. Source: torch.rnn_tanh."""


def _rnn_relu():
    """(output, last hidden states) of layers `relu(W x + V h)`. Source: torch.rnn_relu."""


def _named(name, declaration):
    declaration.__name__ = declaration.__qualname__ = name
    return _declare(name, declaration)


lstm = _named("lstm", _lstm)
gru = _named("gru", _gru)
rnn_tanh = _named("rnn_tanh", _rnn_tanh)
rnn_relu = _named("rnn_relu", _rnn_relu)
