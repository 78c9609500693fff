"""The short-time Fourier transform and its inverse, made of frames and transforms of `fourier`."""

from jtorch._alias import renamed
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._messages import warn_once
from jtorch._ops.creation import ones, zeros
from jtorch._ops.detailed import checked
from jtorch._ops.elements import resolve_conj, view_as_complex, view_as_real
from jtorch._ops.families import composite
from jtorch._ops.fourier import _fft_c2c, _fft_c2r, _fft_r2c
from jtorch._ops.frames import divided, frames, overlapped
from jtorch._ops.padding import constant_pad_nd, pad
from jtorch._ops.view import narrow
from jtorch._tensor import Tensor

_NO_WINDOW = (
    "A window was not provided. A rectangular window will be applied{}To suppress this warning and use "
    "a rectangular window, explicitly set `window=torch.ones(n_fft, device=<device>)`."
)
_LEAKS = (
    ",which is known to cause spectral leakage. Other windows such as torch.hann_window or "
    "torch.hamming_window are recommended to reduce spectral leakage."
)
_SAME = ".Please provide the same window used by stft to make the inversion lossless."
_OLD = (
    "stft with return_complex=False is deprecated. In a future pytorch release, stft will return "
    "complex tensors for all inputs, and return_complex=False will raise an error.\nNote: you can "
    "still call torch.view_as_real on the complex output to recover the old return format."
)
_SHORT = (
    "The length of signal is shorter than the length parameter. Result is being padded with zeros in "
    "the tail. Please check your center and hop_length settings."
)
_HALF = "Cannot have onesided output if window or input is complex"


def _shown(name, of_type, input, **options):
    """A call, as torch's errors show it."""
    parts = [f"{of_type}{list(input.shape)}"]
    for key, value in options.items():
        if isinstance(value, Tensor):
            value = f"{value.type()}{{{list(value.shape)}}}"
        parts.append(f"{key}={int(value) if isinstance(value, bool) else value}")
    return f"{name}({', '.join(parts)})"


def stft(input, n_fft, hop_length=None, win_length=None, window=None, center=True,
         pad_mode="reflect", normalized=False, onesided=None, return_complex=None,
         align_to_window=None):  # fmt: skip
    """Fourier transforms of the frames of a signal, or of several.

    Shape:   (B, length) -> (B, frequencies, frames); B may be left out. With `center` a frame's
             middle is at frame * hop_length, and the signal is padded by half a frame.
    Dtype:   complex; with return_complex=False the parts stand in a last dim.
    Errors:  RuntimeError for other shapes, lengths that do not fit, dtypes without transform.
    Source:  torch.stft.
    """
    if center and align_to_window is not None:
        raise RuntimeError("stft align_to_window should only be set when center = false")
    if center:
        ndim = input.dim()
        border = int(n_fft // 2)
        input = pad(input.view([1] * (3 - ndim) + list(input.size())), [border, border], pad_mode)
        input = input.view(input.shape[-ndim:])
    return _of_padded(
        input, n_fft, hop_length, win_length, window, normalized, onesided, return_complex,
        align_to_window,
    )  # fmt: skip


def _of_padded(input, n_fft, hop_length, win_length, window, normalized, onesided,
               return_complex, align_to_window):  # fmt: skip
    if window is None:
        warn_once(_NO_WINDOW.format(_LEAKS))
    hop = n_fft >> 2 if hop_length is None else hop_length
    size = n_fft if win_length is None else win_length
    _check_answer(input, window, return_complex)
    call = _shown(
        "stft", input.type(), input, n_fft=n_fft, hop_length=hop, win_length=size,
        window=window, normalized=bool(normalized), onesided=onesided,
        return_complex=return_complex, align_to_window=align_to_window,
    )  # fmt: skip
    _check_stft(call, input, n_fft, hop, size, window)
    signals = input.unsqueeze(0) if input.ndim == 1 else input
    before = (n_fft - size) // 2
    if align_to_window and size < n_fft:
        signals = constant_pad_nd(signals, (before, n_fft - size - before))
    if size < n_fft:
        window = _centered(window, size, n_fft, before, signals)
    made = frames(signals, n_fft, hop)
    if window is not None:
        made = made.mul(window)
    mode = 1 if normalized else 0
    if made.dtype.category == COMPLEX:
        if onesided:
            raise RuntimeError(_HALF)
        made = _fft_c2c(made, (2,), mode, True)
    else:
        made = _fft_r2c(made, (2,), mode, onesided is None or onesided)
    made.transpose_(1, 2)
    if input.ndim == 1:
        made.squeeze_(0)
    return view_as_real(made) if return_complex is False else made


composite(stft, variants="f")
composite(renamed(stft, "Tensor.stft"), variants="m", name="stft")

_of_padded.__name__ = "stft"  # so the errors of its arguments say
_of_padded = checked(
    "(Tensor input, int n_fft, int? hop_length = None, int? win_length = None, "
    "Tensor? window = None, bool center = True, str pad_mode = \"reflect\", "
    "bool normalized = False, bool? onesided = None, bool? return_complex = None, "
    "bool? align_to_window = None)",
    "(Tensor input, int n_fft, int? hop_length = None, int? win_length = None, "
    "Tensor? window = None, bool normalized = False, bool? onesided = None, "
    "bool? return_complex = None, bool? align_to_window = None)",
    variants="",
)(_of_padded)  # fmt: skip


def _check_answer(input, window, return_complex):
    """Whether the result is complex must be said, where nothing else is."""
    if return_complex is False:
        warn_once(_OLD)
    elif return_complex is None and not (
        input.is_complex() or (window is not None and window.is_complex())
    ):
        raise RuntimeError(
            "stft requires the return_complex parameter be given for real inputs, and will further "
            "require that return_complex=True in a future PyTorch release."
        )


def _check_stft(call, input, n_fft, hop, size, window):
    if input.dtype.category < FLOATING:
        raise RuntimeError(f"{call} : expected a tensor of floating point or complex values")
    if input.ndim not in (1, 2):
        raise RuntimeError(f"{call} : expected a 1D or 2D tensor")
    length = input.shape[-1]
    if not 0 < n_fft <= length:
        raise RuntimeError(f"{call} : expected 0 < n_fft < {length}, but got n_fft={size}")
    if hop <= 0:
        raise RuntimeError(f"{call} : expected hop_length > 0, but got hop_length={hop}")
    if not 0 < size <= n_fft:
        raise RuntimeError(f"{call} : expected 0 < win_length <= n_fft, but got win_length={size}")
    if window is not None and tuple(window.shape) != (size,):
        raise RuntimeError(
            f"{call} : expected a 1D window tensor of size equal to win_length={size}, but got "
            f"window with size {list(window.shape)}"
        )


def _centered(window, size, n_fft, before, signals):
    """The window in the middle of zeros; without one, ones."""
    like = signals if window is None else window
    wide = zeros((n_fft,), dtype=like.dtype, device=like.device)
    middle = narrow(wide, 0, before, size)
    if window is None:
        middle.fill_(1)
    else:
        middle.copy_(window)
    return wide


@checked(
    "(Tensor input, int n_fft, int? hop_length = None, int? win_length = None, "
    "Tensor? window = None, bool center = True, bool normalized = False, bool? onesided = None, "
    "int? length = None, bool return_complex = False)",
    variants="",
)
def istft(input, n_fft, hop_length=None, win_length=None, window=None, center=True,
          normalized=False, onesided=None, length=None, return_complex=False):  # fmt: skip
    """The signal whose `stft` this is, or comes next to it: frames added up, over their windows.

    Shape:   (B, frequencies, frames) -> (B, length); B may be left out.
    Errors:  RuntimeError for arguments that do not fit, and where no window reaches.
    Source:  torch.istft; Griffin and Lim, Signal estimation from modified short-time Fourier
             transform, 1984.
    """
    if window is None:
        warn_once(_NO_WINDOW.format(_SAME))
    hop = n_fft >> 2 if hop_length is None else hop_length
    size = n_fft if win_length is None else win_length
    if input.dtype.category != COMPLEX:
        raise RuntimeError(
            "istft requires a complex-valued input tensor matching the output from stft with "
            "return_complex=True."
        )
    call = _shown(
        "istft", f"{input.device.type.upper()}{input.dtype.scalar_name}Type", input, n_fft=n_fft,
        hop_length=hop, win_length=size, window=window, center=center, normalized=normalized,
        onesided=onesided, length=length, return_complex=return_complex,
    )  # fmt: skip
    parts = view_as_real(resolve_conj(input))
    count, rows = parts.size(-2), parts.size(-3)
    half = rows != n_fft if onesided is None else onesided
    _check_istft(call, parts, n_fft, hop, size, window, half)
    signals, envelope = _windowed(parts, n_fft, size, window, normalized, half, return_complex)
    whole = n_fft + hop * (count - 1)
    signals = overlapped(signals, whole, hop)
    envelope = overlapped(envelope.expand(1, count, n_fft), whole, hop)
    start = n_fft // 2 if center else 0
    end = start + length if length is not None else -(n_fft // 2) if center else whole
    signals, envelope = signals[:, start:end], envelope[:, start:end]
    if not envelope.numel():
        envelope.min()  # torch's error
    signals = divided(signals, envelope, call)
    if input.ndim == 2:
        signals = signals.squeeze(0)
    if end > whole:
        warn_once(_SHORT)
        signals = constant_pad_nd(signals, (0, end - whole))
    return signals


composite(istft, variants="f")


@composite(variants="m", name="istft")
def _method(self, n_fft, hop_length=None, win_length=None, window=None, center=True,
            normalized=False, onesided=None, length=None, return_complex=False):  # fmt: skip
    """See `torch.istft`."""
    return istft(
        self, n_fft, hop_length, win_length, window, center, normalized, onesided, length,
        return_complex,
    )  # fmt: skip


_method.__name__, _method.__qualname__ = "istft", "Tensor.istft"


def _windowed(parts, n_fft, size, window, normalized, half, return_complex):
    """(the frames times the window, the window's square)."""
    if window is None:
        window = ones((size,), dtype=parts.dtype, device=parts.device)
    if size != n_fft:
        before = (n_fft - size) // 2
        window = constant_pad_nd(window, (before, n_fft - size - before))
    parts = parts.unsqueeze(0) if parts.ndim == 3 else parts
    spectra = view_as_complex(parts.transpose(1, 2))  # (B, frames, frequencies)
    mode = 1 if normalized else 2
    if return_complex:
        if half:
            raise RuntimeError(_HALF)
        made = _fft_c2c(spectra, (2,), mode, False)
    else:
        if window.is_complex():
            raise RuntimeError("Complex windows are incompatible with return_complex=False")
        if not half:
            spectra = narrow(spectra, 2, 0, n_fft // 2 + 1)
        made = _fft_c2r(spectra, (2,), mode, n_fft)
    return made * window.view(1, 1, n_fft), window.pow(2)


def _check_istft(call, parts, n_fft, hop, size, window, half):
    if not parts.numel():
        raise RuntimeError(f"{call} : input tensor cannot be empty.")
    if parts.ndim not in (3, 4):
        raise RuntimeError(
            f"{call} : expected a tensor with 3 or 4 dimensions, but got {parts.ndim}"
        )
    rows = parts.size(-3)
    if rows != (n_fft // 2 + 1 if half else n_fft):
        what = "n_fft / 2 + 1 when onesided=True" if half else "n_fft when onesided=False"
        raise RuntimeError(
            f"{call} : expected the frequency dimension (3rd to the last) of the input tensor to "
            f"match {what}, but got {rows}"
        )
    if not 0 < hop <= size:
        raise RuntimeError(f"{call} : expected 0 < hop_length <= win_length")
    if not 0 < size <= n_fft:
        raise RuntimeError(f"{call} : expected 0 < win_length <= n_fft")
    if window is not None and tuple(window.shape) != (size,):
        raise RuntimeError(
            f"{call} : Invalid window shape. window has to be 1D and length of `win_length`"
        )
