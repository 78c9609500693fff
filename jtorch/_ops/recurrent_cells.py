"""One step of a recurrent layer: `lstm_cell`, `gru_cell`, `rnn_tanh_cell`, `rnn_relu_cell`."""

from jtorch._ops.affine import linear
from jtorch._ops.offered import offered, require_tensors


def _check_input(input, w_ih):
    if input.size(1) != w_ih.size(1):
        raise RuntimeError(
            f"input has inconsistent input_size: got {input.size(1)} expected {w_ih.size(1)}"
        )


def _check_state(input, state, w_hh, place=0):
    if input.size(0) != state.size(0):
        raise RuntimeError(
            f"Input batch size {input.size(0)} doesn't match hidden{place} batch size "
            f"{state.size(0)}"
        )
    if state.size(1) != w_hh.size(1):
        raise RuntimeError(
            f"hidden{place} has inconsistent hidden_size: got {state.size(1)}, expected "
            f"{w_hh.size(1)}"
        )


def _require(*values):
    require_tensors(*[each for each in values if each is not None])


_WEIGHTS = "Tensor w_ih, Tensor w_hh, Tensor? b_ih = None, Tensor? b_hh = None"


@offered(f"(Tensor input, tuple of Tensors hx, {_WEIGHTS})", variants="f")
def lstm_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """(hidden state, cell) after one step of long short-term memory.

    Shape:   (N, I), two of (N, H) -> two of (N, H).
    Errors:  RuntimeError if shapes do not fit.
    Source:  torch.lstm_cell.
    """
    _require(input, *hx, w_ih, w_hh, b_ih, b_hh)
    if len(hx) != 2:
        raise RuntimeError("lstm_cell expects two hidden states")
    _check_input(input, w_ih)
    for place, each in enumerate(hx):
        _check_state(input, each, w_hh, place)
    state, cell = hx
    gates = linear(state, w_hh, b_hh).add_(linear(input, w_ih, b_ih))
    i, f, g, o = gates.unsafe_chunk(4, 1)
    cell = (f.sigmoid() * cell).add_(i.sigmoid() * g.tanh())
    return o.sigmoid() * cell.tanh(), cell


@offered(f"(Tensor input, Tensor hx, {_WEIGHTS})", variants="f")
def gru_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """The hidden state after one step of a gated recurrent unit: (N, I), (N, H) -> (N, H).

    Source:  torch.gru_cell.
    """
    _require(input, hx, w_ih, w_hh, b_ih, b_hh)
    _check_input(input, w_ih)
    _check_state(input, hx, w_hh)
    of_input = linear(input, w_ih, b_ih).unsafe_chunk(3, 1)
    of_state = linear(hx, w_hh, b_hh).unsafe_chunk(3, 1)
    reset = of_state[0].add(of_input[0]).sigmoid()
    update = of_state[1].add(of_input[1]).sigmoid()
    new = of_input[2].add(of_state[2].mul(reset)).tanh()
    return (hx - new).mul_(update).add_(new)


def _moved(input, hx, w_ih, w_hh, b_ih, b_hh):
    _require(input, hx, w_ih, w_hh, b_ih, b_hh)
    _check_input(input, w_ih)
    _check_state(input, hx, w_hh)
    return linear(hx, w_hh, b_hh).add_(linear(input, w_ih, b_ih))


@offered(f"(Tensor input, Tensor hx, {_WEIGHTS})", variants="f")
def rnn_tanh_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """`tanh(W x + V h)`: the hidden state after one step. Source: torch.rnn_tanh_cell."""
    return _moved(input, hx, w_ih, w_hh, b_ih, b_hh).tanh()


@offered(f"(Tensor input, Tensor hx, {_WEIGHTS})", variants="f")
def rnn_relu_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """`relu(W x + V h)`: the hidden state after one step. Source: torch.rnn_relu_cell."""
    return _moved(input, hx, w_ih, w_hh, b_ih, b_hh).relu()
