"""torch.fft. Written by scripts/write_stubs from the table of operations."""

from jtorch._typing import _DeviceLike, _Ints, _bool, _dtype, _float, _int, _layout, _str
from jtorch._tensor import Tensor as Tensor

__all__ = [
    "Tensor",
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
]

def fft(
    input: Tensor,
    n: _int | None = None,
    dim: _int = -1,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The discrete Fourier transform along a dim, of `n` points."""

def fft2(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints = (-2, -1),
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`fftn` of the last two dims. Source: torch.fft.fft2."""

def fftfreq(
    n: _int,
    d: _float = 1.0,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """The frequencies of the places of `fft` of `n` points that are `d` apart."""

def fftn(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints | None = None,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`fft` along several dims, all of them unless said."""

def fftshift(input: Tensor, dim: _int | _Ints | None = None) -> Tensor:
    """The frequencies in rising order, zero in the middle. Source: torch.fft.fftshift."""

def hfft(
    input: Tensor,
    n: _int | None = None,
    dim: _int = -1,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The real transform of the half of a Hermitian signal. Source: torch.fft.hfft."""

def hfft2(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints = (-2, -1),
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`hfftn` of the last two dims. Source: torch.fft.hfft2."""

def hfftn(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints | None = None,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`hfft` along the last of several dims, and `fft` along the others. Source: torch.fft.hfftn."""

def ifft(
    input: Tensor,
    n: _int | None = None,
    dim: _int = -1,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fft`. Source: torch.fft.ifft."""

def ifft2(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints = (-2, -1),
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`ifftn` of the last two dims. Source: torch.fft.ifft2."""

def ifftn(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints | None = None,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fftn`. Source: torch.fft.ifftn."""

def ifftshift(input: Tensor, dim: _int | _Ints | None = None) -> Tensor:
    """The inverse of `fftshift`. Source: torch.fft.ifftshift."""

def ihfft(
    input: Tensor,
    n: _int | None = None,
    dim: _int = -1,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfft`: half of a Hermitian signal. Source: torch.fft.ihfft."""

def ihfft2(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints = (-2, -1),
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`ihfftn` of the last two dims. Source: torch.fft.ihfft2."""

def ihfftn(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints | None = None,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfftn`. Source: torch.fft.ihfftn."""

def irfft(
    input: Tensor,
    n: _int | None = None,
    dim: _int = -1,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfft`: a real signal of `n` points, 2 (extent - 1) unless said."""

def irfft2(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints = (-2, -1),
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`irfftn` of the last two dims. Source: torch.fft.irfft2."""

def irfftn(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints | None = None,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfftn`. Source: torch.fft.irfftn."""

def rfft(
    input: Tensor,
    n: _int | None = None,
    dim: _int = -1,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The half of `fft` that says all of a real signal."""

def rfft2(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints = (-2, -1),
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`rfftn` of the last two dims. Source: torch.fft.rfft2."""

def rfftfreq(
    n: _int,
    d: _float = 1.0,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """The frequencies of the places of `rfft` of `n` points that are `d` apart."""

def rfftn(
    input: Tensor,
    s: _int | _Ints | None = None,
    dim: _int | _Ints | None = None,
    norm: _str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The half of `fftn` that says all of a real signal. Source: torch.fft.rfftn."""
