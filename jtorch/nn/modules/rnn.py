"""Recurrent layers: `RNN`, `LSTM` and `GRU`, and the cells that they repeat."""

import math
import numbers
import warnings
import weakref

from jtorch._alias import missing_attribute
from jtorch._autocast import thread as autocasts
from jtorch._ops import recurrent
from jtorch._ops.creation import zeros
from jtorch.nn import init
from jtorch.nn._creation import empty
from jtorch.nn.modules._recurrent_cells import GRUCell, LSTMCell, RNNCell, RNNCellBase
from jtorch.nn.modules.module import Module
from jtorch.nn.parameter import Parameter
from jtorch.nn.utils.rnn import PackedSequence

__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNBase", "RNNCell", "RNNCellBase"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _apply_permutation(tensor, permutation, dim=1):
    return tensor.index_select(dim, permutation)


def apply_permutation(tensor, permutation, dim=1):
    """`tensor.index_select(dim, permutation)`. Source: torch.nn.modules.rnn.apply_permutation."""
    warnings.warn(
        "`apply_permutation` is deprecated, please use `tensor.index_select(dim, permutation)` "
        "instead",
        FutureWarning,
        stacklevel=2,
    )
    return _apply_permutation(tensor, permutation, dim)


# how many gates there are, and the function that computes all layers
_MODES = {
    "LSTM": (4, recurrent.lstm),
    "GRU": (3, recurrent.gru),
    "RNN_TANH": (1, recurrent.rnn_tanh),
    "RNN_RELU": (1, recurrent.rnn_relu),
}


def _check_options(dropout, num_layers, bias, batch_first, sizes, proj_size):
    is_number = isinstance(dropout, numbers.Number) and not isinstance(dropout, bool)
    if not is_number or not 0 <= dropout <= 1:
        raise ValueError(
            "dropout should be a number in range [0, 1] representing the probability of an element "
            "being zeroed"
        )
    if dropout > 0 and num_layers == 1:
        warnings.warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout "
            f"expects num_layers greater than 1, but got dropout={dropout} and "
            f"num_layers={num_layers}",
            stacklevel=3,
        )
    for name, value in (("bias", bias), ("batch_first", batch_first)):
        if not isinstance(value, bool):
            raise TypeError(f"{name} should be of type bool, got: {type(value).__name__}")
    for name, value in sizes.items():
        if not isinstance(value, int):
            raise TypeError(f"{name} should be of type int, got: {type(value).__name__}")
        if value <= 0:
            raise ValueError(f"{name} must be greater than zero")
    if num_layers <= 0:
        raise ValueError("num_layers must be greater than zero")
    if proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if proj_size >= sizes["hidden_size"]:
        raise ValueError("proj_size has to be smaller than hidden_size")


class RNNBase(Module):
    """What recurrent layers have in common: their parameters, and checks of inputs and states.

    Attributes: for layer k, and with the suffix "_reverse" for the other direction:
             weight_ih_l[k] (gates * hidden_size, input), weight_hh_l[k] (gates * hidden_size,
             hidden), bias_ih_l[k], bias_hh_l[k] (gates * hidden_size), weight_hr_l[k] (proj_size,
             hidden_size); all uniform within 1 / sqrt(hidden_size).
    Errors:  TypeError and ValueError for options that make no sense.
    Source:  torch.nn.RNNBase.
    """

    __constants__ = [
        "mode", "input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout",
        "bidirectional", "proj_size",
    ]  # fmt: skip
    __jit_unused_properties__ = ["all_weights"]

    mode: str
    input_size: int
    hidden_size: int
    num_layers: int
    bias: bool
    batch_first: bool
    dropout: float
    bidirectional: bool
    proj_size: int

    def __init__(
        self, mode, input_size, hidden_size, num_layers=1, bias=True, batch_first=False,
        dropout=0.0, bidirectional=False, proj_size=0, device=None, dtype=None,
    ):  # fmt: skip
        super().__init__()
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        self._flat_weight_refs = []
        sizes = {"input_size": input_size, "hidden_size": hidden_size}
        _check_options(dropout, num_layers, bias, batch_first, sizes, proj_size)
        if mode not in _MODES:
            raise ValueError("Unrecognized RNN mode: " + mode)
        self._flat_weights_names = []
        self._all_weights = []
        for layer in range(num_layers):
            for suffix in ("", "_reverse") if bidirectional else ("",):
                self._make_layer(layer, suffix, {"device": device, "dtype": dtype})
        self._init_flat_weights()
        self.reset_parameters()

    def _make_layer(self, layer, suffix, options):
        rows = _MODES[self.mode][0] * self.hidden_size
        width = self.proj_size or self.hidden_size
        directions = 2 if self.bidirectional else 1
        features = width * directions if layer else self.input_size
        shapes = {"weight_ih": (rows, features), "weight_hh": (rows, width)}
        if self.bias:
            shapes.update(bias_ih=(rows,), bias_hh=(rows,))
        if self.proj_size:
            shapes["weight_hr"] = (self.proj_size, self.hidden_size)
        names = []
        for kind, shape in shapes.items():
            names.append(f"{kind}_l{layer}{suffix}")
            setattr(self, names[-1], Parameter(empty(shape, **options)))
        self._flat_weights_names.extend(names)
        self._all_weights.append(names)

    def _init_flat_weights(self):
        self._flat_weights = [getattr(self, name, None) for name in self._flat_weights_names]
        self._refer_to_weights()
        self.flatten_parameters()

    def _refer_to_weights(self):
        self._flat_weight_refs = [
            None if each is None else weakref.ref(each) for each in self._flat_weights
        ]

    def __setattr__(self, attr, value):
        names = self.__dict__.get("_flat_weights_names", ())
        if attr in names and "_flat_weights" in self.__dict__:
            self._flat_weights[names.index(attr)] = value
        super().__setattr__(attr, value)

    def flatten_parameters(self):
        """Nothing: XLA places parameters as it likes. Source: torch.nn.RNNBase.flatten_parameters."""

    def _apply(self, fn, recurse=True):
        self._flat_weight_refs = []
        result = super()._apply(fn, recurse)
        self._init_flat_weights()
        return result

    def reset_parameters(self):
        """Give the parameters their initial values."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for each in self.parameters():
            init.uniform_(each, -bound, bound)

    def check_input(self, input, batch_sizes):
        """Errors: ValueError for another dtype; RuntimeError for another shape."""
        dtype = self._flat_weights[0].dtype
        if input.dtype is not dtype and not autocasts.enabled:
            raise ValueError(
                f"RNN input dtype ({input.dtype}) does not match weight dtype ({dtype}). Convert "
                f"input: input.to({dtype}), or convert model: model.to({input.dtype})"
            )
        ndim = 2 if batch_sizes is not None else 3
        if input.dim() != ndim:
            raise RuntimeError(f"input must have {ndim} dimensions, got {input.dim()}")
        if self.input_size != input.size(-1):
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got "
                f"{input.size(-1)}"
            )

    def _batch_of(self, input, batch_sizes):
        if batch_sizes is not None:
            return int(batch_sizes[0])
        return input.size(0 if self.batch_first else 1)

    def get_expected_hidden_size(self, input, batch_sizes):
        """The shape that a hidden state must have."""
        layers = self.num_layers * (2 if self.bidirectional else 1)
        return layers, self._batch_of(input, batch_sizes), self.proj_size or self.hidden_size

    def check_hidden_size(self, hx, expected_hidden_size, msg="Expected hidden size {}, got {}"):
        """Errors: RuntimeError for a state of another shape."""
        if hx.size() != expected_hidden_size:
            raise RuntimeError(msg.format(expected_hidden_size, list(hx.size())))

    def check_forward_args(self, input, hidden, batch_sizes):
        """Errors: those of `check_input` and `check_hidden_size`."""
        self.check_input(input, batch_sizes)
        self.check_hidden_size(hidden, self.get_expected_hidden_size(input, batch_sizes))

    def permute_hidden(self, hx, permutation):
        """The states of sequences in another order."""
        return hx if permutation is None else _apply_permutation(hx, permutation)

    def _update_flat_weights(self):
        """Notice parameters that have been replaced, as `functional_call` does."""
        for reference, name in zip(self._flat_weight_refs, self._flat_weights_names, strict=True):
            weight = getattr(self, name, None)
            if weight is not None and reference is not None and reference() is not weight:
                self._init_flat_weights()
                return

    def _first_states(self, input, batch, width):
        layers = self.num_layers * (2 if self.bidirectional else 1)
        return zeros((layers, batch, width), dtype=input.dtype, device=input.device)

    def _run(self, input, batch_sizes, hx):
        function = _MODES[self.mode][1]
        options = (self.bias, self.num_layers, self.dropout, self.training, self.bidirectional)
        if batch_sizes is None:
            return function(input, hx, self._flat_weights, *options, self.batch_first)
        return function(input, batch_sizes, hx, self._flat_weights, *options)

    def _check_ndim(self, input, words=" instead"):
        if input.dim() not in (2, 3):
            raise ValueError(
                f"{type(self).__name__}: Expected input to be 2D or 3D, got {input.dim()}D{words}"
            )

    def extra_repr(self):
        text = f"{self.input_size}, {self.hidden_size}"
        usual = {
            "proj_size": 0, "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0,
            "bidirectional": False,
        }  # fmt: skip
        for name, value in usual.items():
            if getattr(self, name) != value:
                text += f", {name}={getattr(self, name)}"
        return text

    def __getstate__(self):
        self._update_flat_weights()
        state = self.__dict__.copy()
        del state["_flat_weight_refs"]
        return state

    def __setstate__(self, d):
        super().__setstate__(d)
        if "all_weights" in d:
            self._all_weights = d["all_weights"]
        self.__dict__.setdefault("proj_size", 0)  # pickles of torch 1.7 lack it
        self._refer_to_weights()

    @property
    def all_weights(self):
        """The parameters, a list for each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]


class _OneState(RNNBase):
    """Layers with one state."""

    _words = " instead"

    def forward(self, input, hx=None):
        self._update_flat_weights()
        if isinstance(input, PackedSequence):
            return self._forward_packed(input, hx)
        self._check_ndim(input, self._words)
        batched = input.dim() == 3
        if hx is not None and hx.dim() != input.dim():
            kind = "batched" if batched else "unbatched"
            raise RuntimeError(
                f"For {kind} {input.dim()}-D input, hx should also be {input.dim()}-D but got "
                f"{hx.dim()}-D tensor"
            )
        batch_dim = 0 if self.batch_first else 1
        if not batched:
            input = input.unsqueeze(batch_dim)
            hx = None if hx is None else hx.unsqueeze(1)
        if hx is None:
            hx = self._first_states(input, input.size(batch_dim), self.hidden_size)
        self.check_forward_args(input, hx, None)
        output, hidden = self._run(input, None, hx)
        if not batched:
            return output.squeeze(batch_dim), hidden.squeeze(1)
        return output, hidden

    def _forward_packed(self, packed, hx):
        data, batch_sizes, sorted_indices, unsorted_indices = packed
        if hx is None:
            hx = self._first_states(data, int(batch_sizes[0]), self.hidden_size)
        else:
            hx = self.permute_hidden(hx, sorted_indices)
        self.check_forward_args(data, hx, batch_sizes)
        output, hidden = self._run(data, batch_sizes, hx)
        output = PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices)
        return output, self.permute_hidden(hidden, unsorted_indices)


_NO_PROJECTION = "proj_size argument is only supported for LSTM, not RNN or GRU"


class RNN(_OneState):
    """Layers of `tanh(W x + V h)`, or relu of it.

    Shape:   input (L, N, input_size), (N, L, input_size) with `batch_first`, (L, input_size), or
             packed; hx (layers * directions, N, hidden_size) -> output with directions *
             hidden_size features, and the last hx.
    Source:  torch.nn.RNN.
    """

    _words = " tensor instead"

    def __init__(self, *args, **kwargs):
        if "proj_size" in kwargs:
            raise ValueError(_NO_PROJECTION)
        if len(args) > 3:
            self.nonlinearity = args[3]
            args = args[:3] + args[4:]
        else:
            self.nonlinearity = kwargs.pop("nonlinearity", "tanh")
        if self.nonlinearity not in ("tanh", "relu"):
            raise ValueError(
                f"Unknown nonlinearity '{self.nonlinearity}'. Select from 'tanh' or 'relu'."
            )
        super().__init__(f"RNN_{self.nonlinearity.upper()}", *args, **kwargs)


class GRU(_OneState):
    """Layers of gated recurrent units.

    Shape:   as `RNN`.
    Source:  torch.nn.GRU.
    """

    def __init__(self, *args, **kwargs):
        if "proj_size" in kwargs:
            raise ValueError(_NO_PROJECTION)
        super().__init__("GRU", *args, **kwargs)


class LSTM(RNNBase):
    """Layers of long short-term memory, perhaps with states projected to `proj_size`.

    Shape:   input as `RNN`; hx: hidden states (layers * directions, N, proj_size or hidden_size) and
             cells (layers * directions, N, hidden_size) -> output, and the last two.
    Source:  torch.nn.LSTM.
    """

    def __init__(self, *args, **kwargs):
        super().__init__("LSTM", *args, **kwargs)

    def get_expected_cell_size(self, input, batch_sizes):
        """The shape that cells must have."""
        layers = self.num_layers * (2 if self.bidirectional else 1)
        return layers, self._batch_of(input, batch_sizes), self.hidden_size

    def check_forward_args(self, input, hidden, batch_sizes):
        self.check_input(input, batch_sizes)
        self.check_hidden_size(
            hidden[0],
            self.get_expected_hidden_size(input, batch_sizes),
            "Expected hidden[0] size {}, got {}",
        )
        self.check_hidden_size(
            hidden[1],
            self.get_expected_cell_size(input, batch_sizes),
            "Expected hidden[1] size {}, got {}",
        )

    def permute_hidden(self, hx, permutation):
        if permutation is None:
            return hx
        return _apply_permutation(hx[0], permutation), _apply_permutation(hx[1], permutation)

    def forward(self, input, hx=None):
        self._update_flat_weights()
        if isinstance(input, PackedSequence):
            return self._forward_packed(input, hx)
        self._check_ndim(input)
        batched = input.dim() == 3
        batch_dim = 0 if self.batch_first else 1
        if not batched:
            input = input.unsqueeze(batch_dim)
        if hx is None:
            hx = self._two_first_states(input, input.size(batch_dim))
        else:
            hx = _batched_states(hx, batched)
        self.check_forward_args(input, hx, None)
        output, *hidden = self._run(input, None, hx)
        if not batched:
            return output.squeeze(batch_dim), (hidden[0].squeeze(1), hidden[1].squeeze(1))
        return output, tuple(hidden)

    def _two_first_states(self, input, batch):
        widths = (self.proj_size or self.hidden_size, self.hidden_size)
        return tuple([self._first_states(input, batch, width) for width in widths])

    def _forward_packed(self, packed, hx):
        data, batch_sizes, sorted_indices, unsorted_indices = packed
        if hx is None:
            hx = self._two_first_states(data, int(batch_sizes[0]))
        else:
            hx = self.permute_hidden(hx, sorted_indices)
        output, *hidden = self._run(data, batch_sizes, hx)
        output = PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices)
        return output, self.permute_hidden(tuple(hidden), unsorted_indices)


def _batched_states(hx, batched):
    wanted = 3 if batched else 2
    if hx[0].dim() != wanted or hx[1].dim() != wanted:
        kind = "batched" if batched else "unbatched"
        raise RuntimeError(
            f"For {kind} {wanted}-D input, hx and cx should also be {wanted}-D but got "
            f"({hx[0].dim()}-D, {hx[1].dim()}-D) tensors"
        )
    return hx if batched else (hx[0].unsqueeze(1), hx[1].unsqueeze(1))
