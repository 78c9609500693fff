"""The frequencies that belong to the places of a Fourier transform, and their order."""

import numpy as np

from jtorch import _dtypes
from jtorch._dtypes import FLOATING
from jtorch._ops.arrange import roll
from jtorch._ops.calls import calling
from jtorch._ops.creation import OPTIONS, finish, possible, refuse_other_out
from jtorch._ops.ranges import arange
from jtorch._ops.transforms import integers, transform
from jtorch._shapes import wrap_dim

_FREQUENCIES = f"(int n, float d = 1.0, *, Tensor? out = None, {OPTIONS})"
_SHIFTED = "(Tensor input, tuple of ints? dim = None)"


def _counted(name, count, out, dtype, layout, device):
    """The numbers from 0 on, in `out` if there is one."""
    if out is not None:
        refuse_other_out(out, dtype, device)
    wanted = dtype or (_dtypes.get_default_dtype() if out is None else out.dtype)
    if wanted.category < FLOATING:
        raise RuntimeError(f"{name} requires a floating point or complex dtype")
    return arange(count, out=out, dtype=wanted, layout=layout, device=device)


def held(number, dtype):
    """A number as a half-precision dtype holds it: torch's C++ rounds what it multiplies with."""
    if dtype.itemsize > 2:
        return number
    with np.errstate(over="ignore"):
        return float(dtype.numpy.type(number))


def _per_sample(count, d, dtype):
    product = count * float(d)
    return held(1 / product if product else float("inf"), dtype)


@calling(_FREQUENCIES)
def fft_fftfreq(n, d=1.0, out=None, dtype=None, layout=None, device=None, pin_memory=False,
                requires_grad=False):  # fmt: skip
    """The frequencies of the places of `fft` of `n` points that are `d` apart.

    Shape:   (n,): 0, 1, ... and from the middle on ..., -2, -1, over n d.
    Errors:  RuntimeError for a dtype of integers.
    Source:  torch.fft.fftfreq.
    """
    possible("fftfreq", (n,))
    made = _counted("fftfreq", n, out, dtype, layout, device)
    made[(n + 1) // 2 :].sub_(n)
    made.mul_(_per_sample(n, d, made.dtype))
    return finish(made, requires_grad) if out is None else made


@calling(_FREQUENCIES)
def fft_rfftfreq(n, d=1.0, out=None, dtype=None, layout=None, device=None, pin_memory=False,
                 requires_grad=False):  # fmt: skip
    """The frequencies of the places of `rfft` of `n` points that are `d` apart.

    Shape:   (n // 2 + 1,): 0, 1, ... over n d.
    Errors:  RuntimeError for a dtype of integers.
    Source:  torch.fft.rfftfreq.
    """
    (count,) = possible("rfftfreq", (int(n / 2) + 1,))  # towards zero
    made = _counted("rfftfreq", count, out, dtype, layout, device)
    made.mul_(_per_sample(n, d, made.dtype))
    return finish(made, requires_grad) if out is None else made


def _shifted(input, dim, shift_of):
    dims = range(input.ndim) if dim is None else integers(dim)
    dims = tuple(wrap_dim(each, input.ndim) for each in dims)
    return roll(input, tuple(shift_of(input.shape[each]) for each in dims), dims)


@transform(_SHIFTED)
def fft_fftshift(input, dim=None):
    """The frequencies in rising order, zero in the middle. Source: torch.fft.fftshift."""
    return _shifted(input, dim, lambda extent: extent // 2)


@transform(_SHIFTED)
def fft_ifftshift(input, dim=None):
    """The inverse of `fftshift`. Source: torch.fft.ifftshift."""
    return _shifted(input, dim, lambda extent: (extent + 1) // 2)
