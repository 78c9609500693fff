"""The functions of `torch.fft`: arguments read, input promoted and cut, and the rows of `fourier`."""

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._ops.complex import conj_physical
from jtorch._ops.convert import converted
from jtorch._ops.detailed import checked, deliver
from jtorch._ops.elements import conj
from jtorch._ops.fourier import _fft_c2c, _fft_c2r, _fft_r2c
from jtorch._ops.padding import constant_pad_nd
from jtorch._ops.signatures import Signatures, parse, worded
from jtorch._ops.view import narrow
from jtorch._shapes import wrap_dim

_ONE = "(Tensor input, int? n = None, int dim = -1, str? norm = None, *, Tensor? out = None)"
_TWO = (
    "(Tensor input, tuple of ints? s = None, tuple of ints dim = (-2,-1), str? norm = None, *, "
    "Tensor? out = None)"
)
_MANY = (
    "(Tensor input, tuple of ints? s = None, tuple of ints? dim = None, str? norm = None, *, "
    "Tensor? out = None)"
)


def transform(text):
    """Declare a function of a facade: with torch's TypeErrors, for subclasses of Tensor to answer."""

    def declare(function):
        plain = checked(text, variants="")(function)
        signatures = Signatures(function.__name__, [parse(text)])

        def call(args, kwargs):
            return plain(*args, **kwargs)

        return worded(call, signatures, documentation=function.__doc__)[0]

    return declare


# What the arguments say


def _normalization(norm, forward):
    """The rows' number for a `norm`; who does not say divides the inverse transform."""
    if norm == "ortho":
        return 1
    if norm not in (None, "backward", "forward"):
        raise RuntimeError(f'Invalid normalization mode: "{norm}"')
    return 2 if (norm == "forward") == forward else 0


def _require_points(count):
    if count < 1:
        raise RuntimeError(f"Invalid number of data points ({count}) specified")


def _promoted(input, complex_too):
    """The input in a dtype that there are transforms for; a complex one, if `complex_too`."""
    dtype = input.dtype
    if dtype.category == COMPLEX:
        return input
    if dtype.category < FLOATING:
        dtype = _dtypes.get_default_dtype()
    if dtype not in (_dtypes.float32, _dtypes.float64):
        raise RuntimeError(f"Unsupported dtype {dtype.scalar_name}")
    return converted(input, dtype.to_complex() if complex_too else dtype)


def _resized(input, dims, sizes):
    """The input with these extents: cut off, or zeros at the end."""
    pads = [0] * (2 * input.ndim)
    for dim, size in zip(dims, sizes, strict=True):
        extent = input.shape[dim]
        if extent < size:
            pads[2 * (input.ndim - dim) - 1] = size - extent
        elif extent > size:
            input = narrow(input, dim, 0, size)
    return constant_pad_nd(input, pads) if any(pads) else input


def _refuse_out(name, out, category, words):
    if out is not None and out.dtype.category != category:
        raise RuntimeError(
            f"{name} expects a {words} output tensor, but got {out.dtype.scalar_name}"
        )


# Along one dim


def _c2c(name, input, n, dim, norm, out, forward):
    dim = wrap_dim(dim, input.ndim, wrap_scalar=False)
    count = input.shape[dim] if n is None else n
    _require_points(count)
    input = _resized(input, (dim,), (count,))
    mode = _normalization(norm, forward)
    _refuse_out(name, out, COMPLEX, "complex")
    return deliver(_fft_c2c(input, (dim,), mode, forward), out, last="_fft_c2c")


def _r2c(name, input, n, dim, norm, out, forward, onesided):
    if input.dtype.category == COMPLEX:
        raise RuntimeError(f"{name} expects a real input tensor, but got {input.dtype.scalar_name}")
    _refuse_out(name, out, COMPLEX, "complex")
    input = _promoted(input, complex_too=False)
    dim = wrap_dim(dim, input.ndim, wrap_scalar=False)
    count = input.shape[dim] if n is None else n
    _require_points(count)
    input = _resized(input, (dim,), (count,))
    made = _fft_r2c(input, (dim,), _normalization(norm, forward), onesided)
    if forward:
        return deliver(made, out, last="_fft_r2c")
    return conj(made) if out is None else conj_physical(made, out=out)


def _c2r(name, input, n, dim, norm, out, forward):
    _refuse_out(name, out, FLOATING, "floating point")
    input = _promoted(input, complex_too=True)
    dim = wrap_dim(dim, input.ndim, wrap_scalar=False)
    count = 2 * (input.shape[dim] - 1) if n is None else n
    _require_points(count)
    input = _resized(input, (dim,), (count // 2 + 1,))
    mode = _normalization(norm, forward)
    made = _fft_c2r(conj(input) if forward else input, (dim,), mode, count)
    return deliver(made, out, last="_fft_c2r")


def _any_to_complex(name, input, n, dim, norm, out, forward):
    if input.dtype.category == COMPLEX:
        return _c2c(name, input, n, dim, norm, out, forward)
    return _r2c(name, input, n, dim, norm, out, forward, onesided=False)


@transform(_ONE)
def fft_fft(input, n=None, dim=-1, norm=None, *, out=None):
    """The discrete Fourier transform along a dim, of `n` points.

    Shape:   n in the place of the dim's extent.
    Dtype:   complex.
    Errors:  RuntimeError for no points, half precision, or an unknown `norm`.
    Source:  torch.fft.fft.
    """
    return _any_to_complex("fft", input, n, dim, norm, out, True)


@transform(_ONE)
def fft_ifft(input, n=None, dim=-1, norm=None, *, out=None):
    """The inverse of `fft`. Source: torch.fft.ifft."""
    return _any_to_complex("ifft", input, n, dim, norm, out, False)


@transform(_ONE)
def fft_rfft(input, n=None, dim=-1, norm=None, *, out=None):
    """The half of `fft` that says all of a real signal.

    Shape:   n // 2 + 1 in the place of the dim's extent.
    Dtype:   complex.
    Errors:  RuntimeError for complex input.
    Source:  torch.fft.rfft.
    """
    return _r2c("rfft", input, n, dim, norm, out, True, onesided=True)


@transform(_ONE)
def fft_irfft(input, n=None, dim=-1, norm=None, *, out=None):
    """The inverse of `rfft`: a real signal of `n` points, 2 (extent - 1) unless said.

    Source:  torch.fft.irfft.
    """
    return _c2r("irfft", input, n, dim, norm, out, False)


@transform(_ONE)
def fft_hfft(input, n=None, dim=-1, norm=None, *, out=None):
    """The real transform of the half of a Hermitian signal. Source: torch.fft.hfft."""
    return _c2r("hfft", input, n, dim, norm, out, True)


@transform(_ONE)
def fft_ihfft(input, n=None, dim=-1, norm=None, *, out=None):
    """The inverse of `hfft`: half of a Hermitian signal. Source: torch.fft.ihfft."""
    return _r2c("ihfft", input, n, dim, norm, out, False, onesided=True)


# Along several dims


def integers(values):
    """One integer or several, as a tuple; None as it is."""
    if values is None:
        return None
    values = values if isinstance(values, (tuple, list)) else (values,)
    return tuple(each.__index__() for each in values)


def _shape_and_dims(input, s, dim):
    """(extents, dims) that `s` and `dim` say: all dims, or the last ones, where nothing is said."""
    s, dim = integers(s), integers(dim)
    ndim = input.ndim
    if dim is not None:
        dim = tuple(wrap_dim(each, ndim, wrap_scalar=False) for each in dim)
        if len({*dim}) != len(dim):
            raise RuntimeError("FFT dims must be unique")
    if s is None:
        dim = tuple(range(ndim)) if dim is None else dim
        s = tuple(input.shape[each] for each in dim)
    else:
        if dim is not None and len(dim) != len(s):
            raise RuntimeError("When given, dim and shape arguments must have the same length")
        if len(s) > ndim:
            raise RuntimeError(
                f"Got shape with {len(s)} values but input tensor only has {ndim} dimensions."
            )
        dim = tuple(range(ndim - len(s), ndim)) if dim is None else dim
        s = tuple(
            input.shape[place] if size == -1 else size for size, place in zip(s, dim, strict=True)
        )
    for size in s:
        _require_points(size)
    return s, dim


def _require_axis(name, dims):
    if not dims:
        raise RuntimeError(f"{name} must transform at least one axis")


def _half_shape_and_dims(name, input, s, dim):
    """(extents of the half, dims, extent of the last dim of the whole)."""
    sizes, dims = _shape_and_dims(input, s, dim)
    _require_axis(name, dims)
    said = integers(s)
    last = 2 * (input.shape[dims[-1]] - 1) if said is None or said[-1] == -1 else sizes[-1]
    _require_points(last)
    return (*sizes[:-1], last // 2 + 1), dims, last


def _c2cn(input, s, dim, norm, out, forward):
    sizes, dims = _shape_and_dims(input, s, dim)
    input = _resized(_promoted(input, complex_too=True), dims, sizes)
    mode = _normalization(norm, forward)
    _refuse_out("fftn", out, COMPLEX, "complex")  # which torch says of the inverse, too
    return deliver(_fft_c2c(input, dims, mode, forward), out, last="_fft_c2c")


@transform(_MANY)
def fft_fftn(input, s=None, dim=None, norm=None, *, out=None):
    """`fft` along several dims, all of them unless said.

    Errors:  RuntimeError for dims that are there twice, or that `s` does not fit.
    Source:  torch.fft.fftn.
    """
    return _c2cn(input, s, dim, norm, out, True)


@transform(_MANY)
def fft_ifftn(input, s=None, dim=None, norm=None, *, out=None):
    """The inverse of `fftn`. Source: torch.fft.ifftn."""
    return _c2cn(input, s, dim, norm, out, False)


def _rfftn(input, s, dim, norm, out):
    if input.dtype.category == COMPLEX:
        raise RuntimeError(
            f"rfftn expects a real-valued input tensor, but got {input.dtype.scalar_name}"
        )
    sizes, dims = _shape_and_dims(input, s, dim)
    _require_axis("rfftn", dims)
    input = _resized(_promoted(input, complex_too=False), dims, sizes)
    mode = _normalization(norm, True)
    _refuse_out("rfftn", out, COMPLEX, "complex")
    return deliver(_fft_r2c(input, dims, mode, True), out, last="_fft_r2c")


@transform(_MANY)
def fft_rfftn(input, s=None, dim=None, norm=None, *, out=None):
    """The half of `fftn` that says all of a real signal. Source: torch.fft.rfftn."""
    return _rfftn(input, s, dim, norm, out)


def _irfftn(input, s, dim, norm, out):
    sizes, dims, last = _half_shape_and_dims("irfftn", input, s, dim)
    input = _resized(_promoted(input, complex_too=True), dims, sizes)
    mode = _normalization(norm, False)
    _refuse_out("irfftn", out, FLOATING, "floating point")
    return deliver(_fft_c2r(input, dims, mode, last), out, last="_fft_c2r")


@transform(_MANY)
def fft_irfftn(input, s=None, dim=None, norm=None, *, out=None):
    """The inverse of `rfftn`. Source: torch.fft.irfftn."""
    return _irfftn(input, s, dim, norm, out)


def _hfftn(input, s, dim, norm, out):
    sizes, dims, last = _half_shape_and_dims("hfftn", input, s, dim)
    made = _resized(_promoted(input, complex_too=True), dims, sizes)
    mode = _normalization(norm, True)
    if len(dims) > 1:
        made = _fft_c2c(made, dims[:-1], mode, True)
    made = conj(made)
    _refuse_out("hfftn", out, FLOATING, "floating point")
    return deliver(_fft_c2r(made, dims[-1:], mode, last), out, last="_fft_c2r")


@transform(_MANY)
def fft_hfftn(input, s=None, dim=None, norm=None, *, out=None):
    """`hfft` along the last of several dims, and `fft` along the others. Source: torch.fft.hfftn."""
    return _hfftn(input, s, dim, norm, out)


def _ihfftn(input, s, dim, norm, out):
    sizes, dims = _shape_and_dims(input, s, dim)
    _require_axis("ihfftn", dims)
    input = _resized(_promoted(input, complex_too=False), dims, sizes)
    mode = _normalization(norm, False)
    made = _fft_r2c(input, dims[-1:], mode, True)
    if len(dims) == 1:
        if out is None:
            return conj(made)
        conj_physical(out, out=made)  # torch has the two the wrong way round: nothing is written
        return out
    made = conj_physical(made)
    _refuse_out("ihfftn", out, COMPLEX, "complex")
    return deliver(_fft_c2c(made, dims[:-1], mode, False), out, last="_fft_c2c")


@transform(_MANY)
def fft_ihfftn(input, s=None, dim=None, norm=None, *, out=None):
    """The inverse of `hfftn`. Source: torch.fft.ihfftn."""
    return _ihfftn(input, s, dim, norm, out)


# Along two dims: the same under other names


@transform(_TWO)
def fft_fft2(input, s=None, dim=(-2, -1), norm=None, *, out=None):
    """`fftn` of the last two dims. Source: torch.fft.fft2."""
    return _c2cn(input, s, dim, norm, out, True)


@transform(_TWO)
def fft_ifft2(input, s=None, dim=(-2, -1), norm=None, *, out=None):
    """`ifftn` of the last two dims. Source: torch.fft.ifft2."""
    return _c2cn(input, s, dim, norm, out, False)


@transform(_TWO)
def fft_rfft2(input, s=None, dim=(-2, -1), norm=None, *, out=None):
    """`rfftn` of the last two dims. Source: torch.fft.rfft2."""
    return _rfftn(input, s, dim, norm, out)


@transform(_TWO)
def fft_irfft2(input, s=None, dim=(-2, -1), norm=None, *, out=None):
    """`irfftn` of the last two dims. Source: torch.fft.irfft2."""
    return _irfftn(input, s, dim, norm, out)


@transform(_TWO)
def fft_hfft2(input, s=None, dim=(-2, -1), norm=None, *, out=None):
    """`hfftn` of the last two dims. Source: torch.fft.hfft2."""
    return _hfftn(input, s, dim, norm, out)


@transform(_TWO)
def fft_ihfft2(input, s=None, dim=(-2, -1), norm=None, *, out=None):
    """`ihfftn` of the last two dims. Source: torch.fft.ihfft2."""
    return _ihfftn(input, s, dim, norm, out)
