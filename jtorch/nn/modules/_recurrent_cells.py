"""One step of a recurrent layer, as modules; `rnn` offers them, as torch's does."""

import math

from jtorch._ops import recurrent_cells
from jtorch._ops.creation import zeros
from jtorch.nn import init
from jtorch.nn._creation import empty
from jtorch.nn.modules.module import Module
from jtorch.nn.parameter import Parameter

__all__ = ["GRUCell", "LSTMCell", "RNNCell", "RNNCellBase"]


class RNNCellBase(Module):
    """What cells have in common: weights of the input and of the state, and biases.

    Attributes: weight_ih (chunks * hidden_size, input_size), weight_hh (chunks * hidden_size,
             hidden_size), bias_ih and bias_hh (chunks * hidden_size) or None; all uniform within
             1 / sqrt(hidden_size).
    Source:  torch.nn.RNNCellBase.
    """

    __module__ = "jtorch.nn.modules.rnn"
    __constants__ = ["input_size", "hidden_size", "bias"]
    input_size: int
    hidden_size: int
    bias: bool

    def __init__(self, input_size, hidden_size, bias, num_chunks, device=None, dtype=None):
        options = {"device": device, "dtype": dtype}
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = num_chunks * hidden_size
        self.weight_ih = Parameter(empty((rows, input_size), **options))
        self.weight_hh = Parameter(empty((rows, hidden_size), **options))
        if bias:
            self.bias_ih = Parameter(empty(rows, **options))
            self.bias_hh = Parameter(empty(rows, **options))
        else:
            self.register_parameter("bias_ih", None)
            self.register_parameter("bias_hh", None)
        self.reset_parameters()

    def extra_repr(self):
        text = f"{self.input_size}, {self.hidden_size}"
        if self.__dict__.get("bias", True) is not True:
            text += f", bias={self.bias}"
        if self.__dict__.get("nonlinearity", "tanh") != "tanh":
            text += f", nonlinearity={self.nonlinearity}"
        return text

    def reset_parameters(self):
        """Give the parameters their initial values."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for each in self.parameters():
            init.uniform_(each, -bound, bound)

    def _check_ndim(self, value, what):
        if value.dim() not in (1, 2):
            raise ValueError(
                f"{type(self).__name__}: Expected {what} to be 1D or 2D, got {value.dim()}D instead"
            )

    def _step(self, function, input, hx):
        """`function` of a batch; an input without one is a batch of one."""
        batched = input.dim() == 2
        input = input if batched else input.unsqueeze(0)
        if hx is None:
            hx = self._first_state(input)
        elif not batched:
            hx = tuple([each.unsqueeze(0) for each in hx[:2]]) if _is_pair(hx) else hx.unsqueeze(0)
        result = function(input, hx, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        if batched:
            return result
        return tuple([each.squeeze(0) for each in result]) if _is_pair(hx) else result.squeeze(0)

    def _first_state(self, input):
        shape = (input.size(0), self.hidden_size)
        return zeros(shape, dtype=input.dtype, device=input.device)


def _is_pair(hx):
    return isinstance(hx, (tuple, list))


class RNNCell(RNNCellBase):
    """`tanh(W x + V h)`, or relu of it.

    Shape:   (N, input_size), (N, hidden_size) -> (N, hidden_size), or without N.
    Source:  torch.nn.RNNCell.
    """

    __module__ = "jtorch.nn.modules.rnn"
    __constants__ = ["input_size", "hidden_size", "bias", "nonlinearity"]
    nonlinearity: str

    def __init__(
        self, input_size, hidden_size, bias=True, nonlinearity="tanh", device=None, dtype=None
    ):
        super().__init__(input_size, hidden_size, bias, num_chunks=1, device=device, dtype=dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        self._check_ndim(input, "input")
        if hx is not None:
            self._check_ndim(hx, "hidden")
        function = _FUNCTIONS.get(self.nonlinearity)
        if function is None:
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        return self._step(function, input, hx)


_FUNCTIONS = {"tanh": recurrent_cells.rnn_tanh_cell, "relu": recurrent_cells.rnn_relu_cell}


class LSTMCell(RNNCellBase):
    """One step of long short-term memory.

    Shape:   (N, input_size), two of (N, hidden_size) -> two of (N, hidden_size), or without N.
    Source:  torch.nn.LSTMCell.
    """

    __module__ = "jtorch.nn.modules.rnn"

    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, num_chunks=4, device=device, dtype=dtype)

    def forward(self, input, hx=None):
        self._check_ndim(input, "input")
        if hx is not None:
            for place, each in enumerate(hx):
                self._check_ndim(each, f"hx[{place}]")
        return self._step(recurrent_cells.lstm_cell, input, hx)

    def _first_state(self, input):
        nothing = super()._first_state(input)
        return nothing, nothing


class GRUCell(RNNCellBase):
    """One step of a gated recurrent unit.

    Shape:   (N, input_size), (N, hidden_size) -> (N, hidden_size), or without N.
    Source:  torch.nn.GRUCell.
    """

    __module__ = "jtorch.nn.modules.rnn"

    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, num_chunks=3, device=device, dtype=dtype)

    def forward(self, input, hx=None):
        self._check_ndim(input, "input")
        if hx is not None:
            self._check_ndim(hx, "hidden")
        return self._step(recurrent_cells.gru_cell, input, hx)
