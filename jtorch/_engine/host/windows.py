"""Reductions of sliding windows."""

import numpy as np

from jtorch._engine.host.reductions import limit_of, wide
from jtorch._engine.host.rules import rule
from jtorch._engine.host.shapes import padded


def _sliding(function, start_of):
    """A rule: `function(windows, dims)` of windows over what is padded with the start value."""

    def make(equation):
        params = equation.params
        padding = [
            (low, high, between - 1)
            for (low, high), between in zip(params["padding"], params["base_dilation"], strict=True)
        ]
        spans = [
            (n - 1) * step + 1
            for n, step in zip(params["window_dimensions"], params["window_dilation"], strict=True)
        ]
        index = tuple(
            slice(None, None, step)
            for step in (*params["window_strides"], *params["window_dilation"])
        )

        def evaluate(x):
            shape = [
                max(low + high + n + max(n - 1, 0) * between, 0)
                for n, (low, high, between) in zip(x.shape, padding, strict=True)
            ]
            whole = padded(x, start_of(x.dtype), padding, shape)
            if any(n < span for n, span in zip(whole.shape, spans, strict=True)):
                return np.empty(equation.outvars[0].aval.shape, x.dtype)
            seen = np.lib.stride_tricks.sliding_window_view(whole, spans)[index]
            return function(wide(seen), tuple(range(x.ndim, 2 * x.ndim)))

        return evaluate

    return make


rule("reduce_window_sum")(_sliding(np.sum, lambda dtype: np.zeros((), dtype)))
rule("reduce_window_max")(_sliding(np.max, lambda dtype: limit_of(dtype, False)))
rule("reduce_window_min")(_sliding(np.min, lambda dtype: limit_of(dtype, True)))
