"""Complex numbers: how they are made, their conjugates and angles; views are in `elements`."""

from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._errors import not_provided
from jtorch._ops.families import PointwiseRow
from jtorch._ops.pointwise import SameOutRow, pointwise
from jtorch._ops.promotion import INT_TO_FLOAT, NO_OPMATH
from jtorch._ops.refusals import FLOAT8_TYPES, refuses
from jtorch._ops.signs import direction
from jtorch._ops.slopes import but, sloped
from jtorch._tensor import Tensor


class ConjugateRow(SameOutRow):
    """A real tensor is its own conjugate: the same tensor, and not a copy."""

    def make_function(self, call=None):
        general = super().make_function(call)

        def function(*args, **kwargs):
            only = args[0] if len(args) == 1 and not kwargs else None
            if only.__class__ is Tensor and only._meta.dtype.category < COMPLEX:
                return only
            return general(*args, **kwargs)

        return function


@pointwise(NO_OPMATH, row=ConjugateRow)
def conj_physical(input: Tensor):
    """The complex conjugates, in memory of their own."""
    return jnp.conj(input) if jnp.issubdtype(input.dtype, jnp.complexfloating) else input


def _real_dtype(input):
    if input.dtype.category < FLOATING:
        return _dtypes.get_default_dtype()
    return input.dtype.to_real()


@pointwise(
    INT_TO_FLOAT, variants="fmo", dtype=_real_dtype, check=refuses("angle_cpu", FLOAT8_TYPES)
)
def angle(input: Tensor):
    """The angle in the complex plane, in radians: of a real number 0 or pi.

    Dtype:   a real one.
    Source:  torch.angle.
    """
    return _angle(input)


def _turning(t, x, y):
    if not jnp.issubdtype(x.dtype, jnp.complexfloating):
        return jnp.zeros_like(t)
    size = jnp.real(x) ** 2 + jnp.imag(x) ** 2
    return but(x == 0, jnp.imag(jnp.conj(x) * t), 1 / size)


@sloped(_turning)
def _angle(input):
    if jnp.issubdtype(input.dtype, jnp.complexfloating):
        return jnp.arctan2(input.imag, input.real)
    turned = jnp.where(input < 0, jnp.asarray(jnp.pi, input.dtype), 0)
    return jnp.where(input != input, input, turned)


class MadeComplexRow(PointwiseRow):
    """A row whose two real operands become complex numbers."""

    def _dtypes(self, values, arguments):
        dtype = values[0].dtype
        return dtype, dtype.to_complex()

    def _refuse_out(self, target, meta):
        if isinstance(target, Tensor) and target.dtype is not meta.dtype:
            raise RuntimeError(
                f"Expected object of scalar type {meta.dtype.scalar_name} but got scalar type "
                f"{target.dtype.scalar_name} for argument 'out'"
            )
        super()._refuse_out(target, meta)


_PARTS = (_dtypes.float16, _dtypes.float32, _dtypes.float64)


def _check_parts(first, second):
    if first.dtype not in _PARTS or second.dtype not in _PARTS:
        raise RuntimeError(
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{first.dtype.scalar_name} and {second.dtype.scalar_name}"
        )
    if first.dtype is not second.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {first.dtype.scalar_name} but got scalar type "
            f"{second.dtype.scalar_name} for second argument"
        )
    if first.dtype is _dtypes.float16:
        raise not_provided("complex32, which XLA does not have")


@pointwise(NO_OPMATH, row=MadeComplexRow, variants="fo",
           check=lambda real, imag: _check_parts(real, imag))  # fmt: skip
def complex(real: Tensor, imag: Tensor):
    """Complex numbers of these parts.

    Shape:   the broadcast shape.
    Dtype:   complex64 for float32, complex128 for float64.
    Errors:  RuntimeError for other dtypes, or if they differ.
    Source:  torch.complex.
    """
    return lax.complex(*jnp.broadcast_arrays(real, imag))


@pointwise(NO_OPMATH, row=MadeComplexRow, variants="fo",
           check=lambda abs, angle: _check_parts(abs, angle))  # fmt: skip
def polar(abs: Tensor, angle: Tensor):
    """Complex numbers of this modulus and angle.

    Shape:   the broadcast shape.
    Dtype:   complex64 for float32, complex128 for float64.
    Errors:  RuntimeError for other dtypes, or if they differ.
    Source:  torch.polar.
    """
    return _polar(*jnp.broadcast_arrays(abs, angle))


@sloped(lambda t, modulus, angle, y: t * direction(y), lambda t, modulus, angle, y: t * y * 1j)
def _polar(modulus, angle):
    return lax.complex(modulus * jnp.cos(angle), modulus * jnp.sin(angle))
