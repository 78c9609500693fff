"""Local response norm as the module `CrossMapLRN2d` has it, which is older than the function."""

import numpy as np

from jtorch._interop import tensor_of_numpy
from jtorch.autograd.function import Function


def _windows(channels, size):
    """Which channels (second index) are summed up for each, forwards and backwards, as matrices.

    torch's running sum never lets go of channel 0, and its derivative looks one channel off; the
    numbers that users see are these.
    """
    center = np.arange(channels)[:, None]
    each = np.arange(channels)[None, :]
    reach = int((size - 1) / 2 + 1)
    forwards = (each < center + reach) & ((each > center - reach) | (each == 0))
    first = center - int(size - (size - 1) / 2)
    backwards = (each >= first) & (each < first + size)
    return forwards, backwards


def _summed(tensor, windows):
    matrix = tensor_of_numpy(windows.T.astype(np.float32)).to(tensor.device, tensor.dtype)
    return (tensor.movedim(1, -1) @ matrix).movedim(-1, 1)


class CrossMapLRN2d(Function):
    """`input / (k + alpha / size * sum of squares of channels around) ** beta`."""

    @staticmethod
    def forward(ctx, input, size, alpha=1e-4, beta=0.75, k=1):
        ctx.size, ctx.alpha, ctx.beta, ctx.k = size, alpha, beta, k
        if input.dim() != 4:
            raise ValueError(f"CrossMapLRN2d: Expected input to be 4D, got {input.dim()}D instead.")
        forwards, _ = _windows(input.size(1), size)
        ctx.scale = _summed(input.pow(2), forwards).mul(alpha / size).add(k).contiguous()
        output = ctx.scale.pow(-beta) * input
        ctx.save_for_backward(input, output)
        return output

    @staticmethod
    def backward(ctx, gradient):
        input, output = ctx.saved_tensors
        _, backwards = _windows(input.size(1), ctx.size)
        around = _summed(gradient * output / ctx.scale, backwards)
        share = 2 * ctx.alpha * ctx.beta / ctx.size
        found = ctx.scale.pow(-ctx.beta) * gradient - share * input * around
        return found, None, None, None, None
