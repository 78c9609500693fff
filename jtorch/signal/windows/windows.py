"""Windows of `M` points: formulas over numbers that are evenly apart.

Of every one: `sym` says whether it is symmetric, or the period of an endless one. ValueError for a
negative length, another layout than strided, or another dtype than float32 and float64.
"""

from collections.abc import Iterable
from math import pi, sqrt

from jtorch import _dtypes, _layout
from jtorch._alias import missing_attribute
from jtorch._device import device as _device
from jtorch._ops.arithmetic import abs
from jtorch._ops.creation import empty, ones
from jtorch._ops.exponential import exp
from jtorch._ops.extremes import minimum
from jtorch._ops.from_data import tensor
from jtorch._ops.ranges import arange, linspace
from jtorch._ops.special import i0
from jtorch._ops.trigonometry import cos, sin
from jtorch._tensor import Tensor

__all__ = [
    "bartlett",
    "blackman",
    "cosine",
    "exponential",
    "gaussian",
    "general_cosine",
    "general_hamming",
    "hamming",
    "hann",
    "kaiser",
    "nuttall",
]


def _dtype_of(name: str, M: int, dtype, layout):
    """The dtype of a window; raises torch's errors of what all of them take."""
    dtype = _dtypes.get_default_dtype() if dtype is None else dtype
    if M < 0:
        raise ValueError(f"{name} requires non-negative window length, got M={M}")
    if layout is not _layout.strided:
        raise ValueError(f"{name} is implemented for strided tensors only, got: {layout}")
    if dtype not in (_dtypes.float32, _dtypes.float64):
        raise ValueError(f"{name} expects float32 or float64 dtypes, got: {dtype}")
    return dtype


def _short(M: int, options) -> Tensor:
    """A window without points, or of a single one."""
    return ones((1,), **options) if M else empty((0,), **options)


def _steps(M: int, sym: bool) -> int:
    """How many steps there are from the first point to where the window ends."""
    return M - 1 if sym else M


def exponential(
    M: int,
    *,
    center: float | None = None,
    tau: float = 1.0,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """exp(-|n - center| / tau).

    Errors:  ValueError unless `tau` is positive; for a `center` of a symmetric window.
    Source:  torch.signal.windows.exponential.
    """
    dtype = _dtype_of("exponential", M, dtype, layout)
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    options = {"dtype": dtype, "device": device, "requires_grad": requires_grad}
    if M == 0:
        return _short(M, options)
    if center is None:
        center = _steps(M, sym or M == 1) / 2
    scale = 1 / tau
    return exp(-abs(linspace(-center * scale, (M - 1 - center) * scale, M, **options)))


def cosine(
    M: int,
    *,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """sin(pi (n + 1/2) / M). Source: torch.signal.windows.cosine."""
    dtype = _dtype_of("cosine", M, dtype, layout)
    options = {"dtype": dtype, "device": device, "requires_grad": requires_grad}
    if M == 0:
        return _short(M, options)
    scale = pi / (M if sym or M == 1 else M + 1)
    return sin(linspace(0.5 * scale, (M - 0.5) * scale, M, **options))


def gaussian(
    M: int,
    *,
    std: float = 1.0,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """exp(-(n - middle)**2 / (2 std**2)).

    Errors:  ValueError unless `std` is positive.
    Source:  torch.signal.windows.gaussian.
    """
    dtype = _dtype_of("gaussian", M, dtype, layout)
    if std <= 0:
        raise ValueError(f"Standard deviation must be positive, got: {std} instead.")
    options = {"dtype": dtype, "device": device, "requires_grad": requires_grad}
    if M == 0:
        return _short(M, options)
    start = -_steps(M, sym or M == 1) / 2
    scale = 1 / (std * sqrt(2))
    return exp(-(linspace(start * scale, (start + M - 1) * scale, M, **options) ** 2))


def kaiser(
    M: int,
    *,
    beta: float = 12.0,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """I0(beta sqrt(1 - x**2)) / I0(beta), x from -1 to 1.

    Errors:  ValueError if `beta` is negative.
    Source:  torch.signal.windows.kaiser.
    """
    dtype = _dtype_of("kaiser", M, dtype, layout)
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")
    options = {"dtype": dtype, "device": device, "requires_grad": requires_grad}
    if M < 2:
        return _short(M, options)
    beta = tensor(beta, dtype=dtype, device=device)
    end = minimum(beta, (M - 1) * (2 * beta / _steps(M, sym)) - beta)
    places = linspace(-beta, end, M, **options)
    return i0((beta * beta - places**2).sqrt()) / i0(beta)


def hamming(
    M: int,
    *,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """0.54 - 0.46 cos(2 pi n / N). Source: torch.signal.windows.hamming."""
    return general_hamming(
        M, sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


def hann(
    M: int,
    *,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A period of a cosine, from 0 to 1 and back. Source: torch.signal.windows.hann."""
    return general_hamming(
        M, alpha=0.5, sym=sym, dtype=dtype, layout=layout, device=device,
        requires_grad=requires_grad,
    )  # fmt: skip


def blackman(
    M: int,
    *,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Two cosines. Source: torch.signal.windows.blackman."""
    dtype = _dtype_of("blackman", M, dtype, layout)
    return general_cosine(
        M, a=[0.42, 0.5, 0.08], sym=sym, dtype=dtype, layout=layout, device=device,
        requires_grad=requires_grad,
    )  # fmt: skip


def bartlett(
    M: int,
    *,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A triangle. Source: torch.signal.windows.bartlett."""
    dtype = _dtype_of("bartlett", M, dtype, layout)
    options = {"dtype": dtype, "device": device, "requires_grad": requires_grad}
    if M < 2:
        return _short(M, options)
    scale = 2 / _steps(M, sym)
    return 1 - abs(linspace(-1, (M - 1) * scale - 1, M, **options))


def general_cosine(
    M,
    *,
    a: Iterable,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """The sum over i of (-1)**i a[i] cos(2 pi i n / N).

    Errors:  ValueError if `a` is empty; TypeError if it is no sequence.
    Source:  torch.signal.windows.general_cosine.
    """
    dtype = _dtype_of("general_cosine", M, dtype, layout)
    options = {"dtype": dtype, "device": device, "requires_grad": requires_grad}
    if M < 2:
        return _short(M, options)
    if not isinstance(a, Iterable):
        raise TypeError("Coefficients must be a list/tuple")
    if not a:
        raise ValueError("Coefficients cannot be empty")
    angles = linspace(0, (M - 1) * (2 * pi / _steps(M, sym)), M, **options)
    weights = tensor([(-1) ** place * weight for place, weight in enumerate(a)], **options)
    multiples = arange(weights.shape[0], **options)
    return (weights.unsqueeze(-1) * cos(multiples.unsqueeze(-1) * angles)).sum(0)


def general_hamming(
    M,
    *,
    alpha: float = 0.54,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """alpha - (1 - alpha) cos(2 pi n / N). Source: torch.signal.windows.general_hamming."""
    return general_cosine(
        M, a=[alpha, 1.0 - alpha], sym=sym, dtype=dtype, layout=layout, device=device,
        requires_grad=requires_grad,
    )  # fmt: skip


def nuttall(
    M: int,
    *,
    sym: bool = True,
    dtype: _dtypes.dtype | None = None,
    layout: _layout.layout = _layout.strided,
    device: _device | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Three cosines, of sidelobes below -98 dB. Source: torch.signal.windows.nuttall."""
    return general_cosine(
        M, a=[0.3635819, 0.4891775, 0.1365995, 0.0106411], sym=sym, dtype=dtype, layout=layout,
        device=device, requires_grad=requires_grad,
    )  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)
