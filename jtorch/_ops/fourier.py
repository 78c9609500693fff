"""Discrete Fourier transforms: complex to complex, real to complex, complex to real.

All of `torch.fft` is made of these three, as in torch. Normalizations are torch's numbers: 0 leaves
the sums as they are, 1 divides them by the root of the count of points, 2 by the count.
"""

import math

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._ops.detailed import detailed
from jtorch._ops.parameters import Ints
from jtorch._shapes import contiguous_strides
from jtorch._tensor import Tensor

_AT_ONCE = 3  # dims that XLA transforms in one operation


def _require(input, category, words):
    if input.dtype.category != category:
        raise RuntimeError(f"Only supports {words} dtypes, but found: {input.dtype.scalar_name}")


def _refuse_no_batch(input, dim):
    """What torch says, on CPUs, of no transforms at all."""
    if dim and not input.numel():
        raise RuntimeError(
            "MKL FFT error: Intel oneMKL DFTI ERROR: Inconsistent configuration parameters"
        )


# Strides: the transforms of a batch lie one after the other, whatever dims they are along.


def _by_stride(dims, stride):
    return sorted(dims, key=lambda dim: -stride[dim])


def _untransformed(ndim, dims):
    """The other dims, in the order in which C++'s std::partition leaves them."""
    order = list(range(ndim))
    first, last = 0, ndim
    while True:
        while first != last and order[first] not in dims:
            first += 1
        if first == last:
            return order[:first]
        last -= 1
        while first != last and order[last] in dims:
            last -= 1
        if first == last:
            return order[:first]
        order[first], order[last] = order[last], order[first]
        first += 1


def _strides(result, stride, dims):
    """Strides of what was transformed along `dims`, in this order, from something of these strides."""
    order = [*_by_stride(_untransformed(len(result), dims), stride), *dims]
    dense = contiguous_strides(tuple(result[dim] for dim in order))
    made = dict(zip(order, dense, strict=True))
    return tuple(made[dim] for dim in range(len(result)))


def _strides_c2c(input, dim, result):
    return _strides(result, input.stride(), _by_stride(dim, input.stride())) if dim else None


def _strides_r2c(input, dim, result):
    dims = [*_by_stride(dim[:-1], input.stride()), *dim[-1:]]
    return _strides(result, input.stride(), dims)


def _strides_c2r(input, dim, result):
    stride = input.stride()
    if len(dim) > 1:
        stride = _strides_c2c(input, dim[:-1], tuple(input.shape))
    return _strides(result, stride, dim[-1:])


# Values


def _along(dims, ndim, transform, array):
    """`transform` of an array whose last dims are `dims`."""
    order = [dim for dim in range(ndim) if dim not in dims] + list(dims)
    return jnp.transpose(transform(jnp.transpose(array, order)), np.argsort(order))


def _complex_sums(array, dims, forward):
    """The sums over `dims`, not normalized."""
    kind = lax.FftType.FFT if forward else lax.FftType.IFFT
    for start in range(0, len(dims), _AT_ONCE):
        some = dims[start : start + _AT_ONCE]
        lengths = tuple(array.shape[dim] for dim in some)

        def transform(moved, lengths=lengths):
            return lax.fft(moved, kind, lengths)

        array = _along(some, array.ndim, transform, array)
    if forward or not dims:
        return array
    return array * math.prod(array.shape[dim] for dim in dims)  # XLA has divided by it


def _normalized(array, count, normalization):
    if normalization == 0:
        return array
    return array * (1 / math.sqrt(count) if normalization == 1 else 1 / count)


def _check_c2c(input, dim):
    _require(input, COMPLEX, "complex")
    _refuse_no_batch(input, dim)


@detailed(
    variants="fo",
    check=_check_c2c,
    gradient="FftC2CBackward0",
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    layout=_strides_c2c,
)
def _fft_c2c(input: Tensor, dim: Ints, normalization: int, forward: bool):
    """The sums of complex numbers with the roots of unity, along dims.

    Shape:   unchanged.
    Errors:  RuntimeError unless the numbers are complex.
    Source:  torch._fft_c2c; lax.fft.
    """
    count = math.prod(input.shape[each] for each in dim)
    return _normalized(_complex_sums(input, dim, forward), count, normalization)


def _check_r2c(input, dim):
    _require(input, FLOATING, "floating-point")
    if input.dtype.itemsize < 4:
        raise RuntimeError(f"MKL FFT doesn't support tensors of type: {input.dtype.scalar_name}")
    _refuse_no_batch(input, dim)


@detailed(variants="fo", check=_check_r2c, gradient="FftR2CBackward0", layout=_strides_r2c)
def _fft_r2c(input: Tensor, dim: Ints, normalization: int, onesided: bool):
    """The sums of real numbers with the roots of unity, along dims; of the last one half, or all.

    Errors:  RuntimeError unless the numbers are real.
    Source:  torch._fft_r2c; lax.fft.
    """
    count = math.prod(input.shape[each] for each in dim)
    if not onesided:
        zero = jnp.zeros_like(input)
        return _normalized(_complex_sums(lax.complex(input, zero), dim, True), count, normalization)
    *others, last = dim

    def transform(moved):
        return lax.fft(moved, lax.FftType.RFFT, (input.shape[last],))

    half = _along((last,), input.ndim, transform, input)
    return _normalized(_complex_sums(half, tuple(others), True), count, normalization)


def _check_c2r(input, dim):
    _require(input, COMPLEX, "complex")
    _refuse_no_batch(input, dim)


@detailed(variants="fo", check=_check_c2r, gradient="FftC2RBackward0", layout=_strides_c2r)
def _fft_c2r(input: Tensor, dim: Ints, normalization: int, last_dim_size: int):
    """The real numbers that half of their sums came from, along dims; `last_dim_size` of the last.

    Errors:  RuntimeError unless the sums are complex.
    Source:  torch._fft_c2r; lax.fft.
    """
    *others, last = dim
    count = math.prod(input.shape[each] for each in others) * last_dim_size
    half = _complex_sums(input, tuple(others), False)

    def transform(moved):
        return lax.fft(moved, lax.FftType.IRFFT, (last_dim_size,))

    return _normalized(
        _along((last,), input.ndim, transform, half) * last_dim_size, count, normalization
    )
