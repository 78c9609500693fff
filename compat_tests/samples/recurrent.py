"""Samples of the cells of recurrent layers, and of the softmax of attention."""

from samples.spec import A, S, T, row


def _cell(name, gates):
    weights = (T(gates * 4, 3), T(gates * 4, 4))
    biases = (T(gates * 4), T(gates * 4))
    wide = tuple(T(*each.shape, dtype="float64") for each in (*weights, *biases))

    def state(*shape, **kind):
        each = T(*shape, **kind)
        return [each, T(*shape, **kind)] if gates == 4 else each

    return row(
        name,
        [
            S(T(2, 3), state(2, 4), *weights),
            S(T(2, 3), state(2, 4), *weights, *biases),
            S(T(2, 3, dtype="float64"), state(2, 4, dtype="float64"), *wide),
            S(T(3, 2).t(), state(2, 4), *weights, b_ih=biases[0], b_hh=biases[1]),
            S(T(0, 3), state(0, 4), *weights, *biases),
        ],
        forms="f",
        errors=[
            S(T(2, 5), state(2, 4), *weights),
            S(T(2, 3), state(2, 5), *weights),
            S(T(2, 3), state(3, 4), *weights),
            S(T(2, 3, dtype="float64"), state(2, 4), *weights),
            S(T(2, 3), state(2, 4), weights[0]),
            S(3, state(2, 4), *weights),
        ],
    )


ROWS = [
    _cell("lstm_cell", 4),
    _cell("gru_cell", 3),
    _cell("rnn_tanh_cell", 1),
    _cell("rnn_relu_cell", 1),
    row(
        "_safe_softmax",
        [
            S(T(2, 3), -1),
            S(T(2, 3, 4), 1),
            S(T(3, 2).t(), 0),
            S(T(2, 3, special=True), 1),
            S(T(2, 3, dtype="bfloat16"), 1),
            S(T(2, 3, dtype="float16"), dim=0, dtype=A("float32")),
        ],
        forms="f",
        errors=[S(T(2, 3), 2), S(T(2, 3, dtype="int64"), 1), S(T(2, 3))],
    ),
]
