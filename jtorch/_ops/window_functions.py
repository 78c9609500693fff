"""Windows for spectra, as torch.hann_window and its like make them; torch.signal has others."""

import math

from jtorch import _dtypes
from jtorch._device import resolve
from jtorch._dtypes import FLOATING, c_name
from jtorch._layout import strided
from jtorch._ops.calls import called
from jtorch._ops.creation import OPTIONS, finish, full, ones, zeros
from jtorch._ops.frequencies import held
from jtorch._ops.ranges import arange
from jtorch._ops.special import i0
from jtorch._tensor import window

_LENGTH = f"(int window_length, *, {OPTIONS})"
_PERIODIC = f"(int window_length, bool periodic, *, {OPTIONS})"
_ALPHA = f"(int window_length, bool periodic, float alpha, *, {OPTIONS})"
_BETA = f"(int window_length, bool periodic, float beta, *, {OPTIONS})"
_BOTH = f"(int window_length, bool periodic, float alpha, float beta, *, {OPTIONS})"


def _made(name, length, periodic, shape, options):
    """A window of `shape(numbers from 0 on, the last of them)`: of a period, or symmetric."""
    dtype, device, requires_grad = _checked(name, length, **options)
    if length < 2:
        make = ones if length else zeros
        return finish(make((length,), dtype=dtype, device=device), requires_grad)
    count = length + 1 if periodic else length
    numbers = arange(count, dtype=dtype, device=device)
    made = shape(numbers, count - 1)
    if periodic:  # the first numbers of a longer one
        made = window(made, (length,), (1,), 0)
    return finish(made, requires_grad)


def _checked(name, length, dtype, layout, device, pin_memory, requires_grad):
    said = dtype is not None
    dtype = dtype or _dtypes.get_default_dtype()
    words = f"{c_name(dtype)}{'' if said or name != 'hann_window' else ' (default)'}"
    layout_words = "Strided (default)" if layout is None else "Strided"
    if layout not in (None, strided):
        layout_words = str(layout).rpartition(".")[2].partition("_")[0].capitalize()
    got = (
        f"TensorOptions(dtype={words}, device={resolve(device)}, layout={layout_words}, "
        "requires_grad=false (default), pinned_memory=false, memory_format=(nullopt))"
    )
    if layout_words == "Sparse":
        raise RuntimeError(f"{name} is not implemented for sparse types, got: {got}")
    if dtype.category < FLOATING:
        raise RuntimeError(f"{name} expects floating point dtypes, got: {got}")
    if length < 0:
        raise RuntimeError(
            f"{name} requires non-negative window_length, got window_length={length}"
        )
    return dtype, device, requires_grad


@called(_LENGTH, _PERIODIC)
def bartlett_window(window_length, periodic=True, **options):
    """A triangle: 0 at the ends, 1 in the middle.

    Shape:   (window_length,); a periodic one is the longer window without its last number.
    Errors:  RuntimeError for a negative length or a dtype of integers.
    Source:  torch.bartlett_window.
    """

    def shape(numbers, last):
        numbers.mul_(held(2 / last, numbers.dtype))
        numbers[(last >> 1) + 1 :].mul_(-1).add_(2)
        return numbers

    return _made("bartlett_window", window_length, periodic, shape, options)


@called(_LENGTH, _PERIODIC)
def blackman_window(window_length, periodic=True, **options):
    """Two cosines, of sidelobes below -58 dB. Source: torch.blackman_window."""

    def shape(numbers, last):
        numbers.mul_(held(math.pi / last, numbers.dtype))
        outer = numbers.mul(4).cos_().mul_(held(0.08, numbers.dtype))
        return outer - numbers.mul(2).cos_().mul_(0.5) + 0.42

    return _made("blackman_window", window_length, periodic, shape, options)


def _cosine(name, length, periodic, alpha, beta, options):
    def shape(numbers, last):
        dtype = numbers.dtype
        numbers.mul_(held(2 * math.pi / last, dtype)).cos_()
        return numbers.mul_(held(-beta, dtype)).add_(alpha)

    return _made(name, length, periodic, shape, options)


@called(_LENGTH, _PERIODIC, _ALPHA, _BOTH)
def hamming_window(window_length, periodic=True, alpha=0.54, beta=0.46, **options):
    """alpha - beta cos(2 pi n / N). Source: torch.hamming_window."""
    return _cosine("hamming_window", window_length, periodic, alpha, beta, options)


@called(_LENGTH, _PERIODIC)
def hann_window(window_length, periodic=True, **options):
    """A period of a cosine: 0 at the ends, 1 in the middle. Source: torch.hann_window."""
    return _cosine("hann_window", window_length, periodic, 0.5, 0.5, options)


@called(_LENGTH, _PERIODIC, _BETA)
def kaiser_window(window_length, periodic=True, beta=12.0, **options):
    """Bessel functions of a circle's height, steeper for greater `beta`. Source: torch.kaiser_window."""

    def shape(numbers, last):
        dtype, middle = numbers.dtype, last / 2
        wide = _dtypes.float32 if dtype.itemsize < 4 else dtype
        height = (1 - ((numbers.to(wide) - middle) / middle) ** 2).sqrt()
        greatest = full((), float(beta), dtype=wide, device=numbers.device)
        return (i0(height * beta) / i0(greatest)).to(dtype)

    return _made("kaiser_window", window_length, periodic, shape, options)
