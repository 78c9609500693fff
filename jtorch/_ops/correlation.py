"""Covariances and correlations of variables, which are the rows of a matrix."""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import BOOL, FLOATING, INTEGRAL
from jtorch._messages import warn_user
from jtorch._ops.along import along
from jtorch._ops.cast import cast_array
from jtorch._ops.complex import complex as complex_of
from jtorch._ops.parameters import Left, Number
from jtorch._tensor import Tensor

_NEGATIVE_FWEIGHTS, _NEGATIVE_AWEIGHTS, _NO_WEIGHT = 1, 2, 3
_MESSAGES = {
    _NEGATIVE_FWEIGHTS: "cov(): fweights cannot be negative",
    _NEGATIVE_AWEIGHTS: "cov(): aweights cannot be negative",
    _NO_WEIGHT: "cov(): weights sum to zero, can't be normalized",
}


def _error(code):
    return RuntimeError(_MESSAGES[code])


def _observations(input):
    return input.shape[-1] if input.ndim else 1


def _check_matrix(name, input):
    if input.ndim > 2:
        raise RuntimeError(
            f"{name}(): expected input to have two or fewer dimensions but got an input with "
            f"{input.ndim} dimensions"
        )


def _check_weights(name, weights, category, kind, count):
    if weights.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with "
            f"{weights.ndim} dimensions"
        )
    if weights.dtype.category != category:
        raise RuntimeError(
            f"cov(): expected {name} to have {kind} dtype but got {name} with "
            f"{weights.dtype.scalar_name} dtype"
        )
    if weights.numel() != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the input "
            f"but got {weights.numel()} != {count}"
        )


def _check_cov(input, fweights, aweights):
    _check_matrix("cov", input)
    if input.dtype.category == BOOL:
        raise RuntimeError("cov(): bool dtype is not supported for input")
    count = _observations(input)
    if fweights is not None:
        _check_weights("fweights", fweights, INTEGRAL, "integral", count)
    if aweights is not None:
        _check_weights("aweights", aweights, FLOATING, "floating point", count)


def _warn_freedom(input, correction, fweights, aweights):
    correction = correction.value if correction.__class__ is Left else correction
    if fweights is None and aweights is None and _observations(input) <= correction:
        warn_user(
            "cov(): degrees of freedom is <= 0. Correction should be strictly less than the number "
            "of observations."
        )


def _dtype(input, aweights):
    dtype = input.dtype if aweights is None else _dtypes.promote_types(input.dtype, aweights.dtype)
    return dtype if dtype.category >= FLOATING else _dtypes.get_default_dtype()


def _shape(input):
    return (input.shape[0],) * 2 if input.ndim == 2 and input.shape[0] != 1 else ()


def _computed_in(dtype):
    return jnp.float32 if dtype in (_dtypes.float16, _dtypes.bfloat16) else dtype.numpy


def _matrix(input, dtype):
    array = cast_array(input, _computed_in(dtype))
    return array if array.ndim == 2 else array.reshape(1, -1)


def _product(centred, weighted, freedom):
    """The covariances, 0-dim of one variable."""
    freedom = jnp.maximum(jnp.asarray(freedom, centred.real.dtype), 0)
    result = jnp.matmul(centred, jnp.conj(weighted.T), precision="highest") / freedom
    return result.reshape(()) if result.shape == (1, 1) else result


def _covariance(array, correction):
    count = array.shape[1]
    centred = array - jnp.sum(array, axis=1, keepdims=True) / count
    return _product(centred, centred, count - correction)


def _weighted_covariance(array, correction, fweights, aweights):
    """(covariances, error code)."""
    # torch adds weights up in their own dtype, which may be narrower than the matrix's
    if aweights is None:
        weight = fweights.reshape(-1).astype(np.int64)
        whole = jnp.sum(weight)
        freedom = whole - correction
    else:
        weight = own = aweights.reshape(-1)
        if fweights is not None:
            weight = fweights.reshape(-1).astype(own.dtype) * own
        whole = jnp.sum(weight)
        freedom = whole - jnp.asarray(correction, own.dtype) * jnp.sum(weight * own) / whole
    weight = weight.astype(array.real.dtype)
    centred = array - jnp.sum(array * weight, axis=1, keepdims=True) / whole.astype(weight.dtype)
    code = jnp.where(whole == 0, _NO_WEIGHT, 0)
    if aweights is not None:
        code = jnp.where(jnp.any(aweights < 0), _NEGATIVE_AWEIGHTS, code)
    if fweights is not None:
        code = jnp.where(jnp.any(fweights < 0), _NEGATIVE_FWEIGHTS, code)
    return _product(centred, centred * weight, freedom), code


_FIELDS = {
    "dtype": _dtype,
    "shape": _shape,
    "check": _check_cov,
    "numbers": _warn_freedom,
    "literals": {"correction": (0, 1)},
}


def _parts_of_cov(input, correction, fweights, aweights):
    """Without weights, as torch's operations; what may be wrong with weights only a kernel says."""
    if fweights is not None or aweights is not None:
        return None
    rows = input if input.ndim == 2 else input.view(1, -1)
    count = rows.shape[1]
    centred = rows - (rows.sum(1) / input.new_tensor(count)).unsqueeze(1)
    other = centred.t().conj() if input.is_complex() else centred.t()
    freedom = input.new_tensor(max(count - correction, 0), dtype=input.dtype.to_real())
    return (centred.mm(other) / freedom).squeeze()


# of several operations with weights, which are one here, torch's last is a squeeze
@along(variants="fm", error=_error, error_if=None, parts=_parts_of_cov,
       gradient="SqueezeBackward0", **_FIELDS)  # fmt: skip
def cov(input: Tensor, *, correction: Number = 1, fweights: Tensor | None = None,
        aweights: Tensor | None = None):  # fmt: skip
    """Covariances of the rows of a matrix, over its columns, which may have weights.

    Shape:   (n, m) -> (n, n), or () if n is 1; (m) and () -> ().
    Dtype:   the input's, which must not be bool; integers become the default dtype.
    Errors:  RuntimeError for more dims, for weights of another kind or length, or negative ones.
    Source:  torch.cov; numpy.cov.
    """
    array = _matrix(input, _dtype_of_arrays(input, aweights))
    if fweights is None and aweights is None:
        return _covariance(array, correction), jnp.zeros((), int)
    return _weighted_covariance(array, correction, fweights, aweights)


def _dtype_of_arrays(input, aweights):
    """`_dtype`, for arrays."""
    given = [_dtypes.BY_NUMPY[each.dtype] for each in (input, aweights) if each is not None]
    dtype = given[0] if len(given) == 1 else _dtypes.promote_types(*given)
    return dtype if dtype.category >= FLOATING else _dtypes.get_default_dtype()


def _check_corrcoef(input):
    _check_matrix("corrcoef", input)
    _check_cov(input, None, None)


def _warn_corrcoef(input):
    _warn_freedom(input, 1, None, None)


def _limited(values):
    """Inside [-1, 1]; NaN as it is."""
    return jnp.where(values > 1, 1, jnp.where(values < -1, -1, values)).astype(values.dtype)


def _corrcoef_dtype(input):
    return _dtype(input, None)


def _parts_of_corrcoef(input):
    found = _parts_of_cov(input, 1, None, None)
    if not found.ndim:
        return found / found
    variances = found.diagonal()
    deviation = (variances.real if input.is_complex() else variances).sqrt()
    found = found / deviation.view(-1, 1) / deviation.view(1, -1)
    if input.is_complex():
        return complex_of(found.real.clip(-1, 1), found.imag.clip(-1, 1))
    return found.clip(-1, 1)


@along(variants="fm", dtype=_corrcoef_dtype, shape=_shape, check=_check_corrcoef,
       numbers=_warn_corrcoef, parts=_parts_of_corrcoef)  # fmt: skip
def corrcoef(input: Tensor):
    """Correlations of the rows of a matrix, over its columns.

    Shape:   (n, m) -> (n, n), or () if n is 1; (m) and () -> ().
    Dtype:   the input's, which must not be bool; integers become the default dtype.
    Errors:  RuntimeError for more dims.
    Source:  torch.corrcoef; numpy.corrcoef.
    """
    covariances = _covariance(_matrix(input, _dtype_of_arrays(input, None)), 1)
    if not covariances.ndim:
        return covariances / covariances
    deviation = jnp.sqrt(jnp.diagonal(covariances).real)
    result = covariances / deviation[:, None] / deviation[None, :]
    if jnp.iscomplexobj(result):
        return _limited(result.real) + 1j * _limited(result.imag)
    return _limited(result)
