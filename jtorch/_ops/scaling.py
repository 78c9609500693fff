"""What a gradient scaler computes: gradients without their scale, and the scale after a step.

Both are recorded as any operation is: whether a gradient is infinite is known to the program, and to
Python only where somebody reads it.
"""

from jtorch._dtypes import FLOATING, bfloat16, float16, float32, float64, int32
from jtorch._ops.filling import where
from jtorch._ops.offered import require_tensors
from jtorch._ops.signatures import described, is_integer
from jtorch._ops.signs import isfinite
from jtorch._tensor import node_of

__all__ = ["_amp_foreach_non_finite_check_and_unscale_", "_amp_update_scale_"]


def _require_one(name, tensor, dtype, known_as):
    """Errors: RuntimeError for a tensor of more than one element, or of another dtype."""
    if tensor.numel() != 1:
        raise RuntimeError(f"{name} must be a 1-element tensor.")
    if tensor.dtype is not dtype:
        raise RuntimeError(f"{name} must be {known_as} tensor.")


def _put(tensor, value):
    """Write into the memory of a tensor that counts no change of it, as in torch."""
    tensor._storage.write(tensor._meta, tensor._offset, node_of(value))


@described("(tuple of Tensors self, Tensor found_inf, Tensor inv_scale)", variants="f")
def _amp_foreach_non_finite_check_and_unscale_(self, found_inf, inv_scale):
    """Multiply gradients by `inv_scale`, in place; `found_inf` becomes 1 if one was not finite.

    Errors:  NotImplementedError for gradients that are not of floating point.
    Source:  torch._amp_foreach_non_finite_check_and_unscale_.
    """
    if self.__class__ not in (tuple, list):
        raise TypeError("not a sequence")
    require_tensors(*self, found_inf, inv_scale)
    if not self:
        return
    _require_one("inv_scale", inv_scale, float32, "a float")
    _require_one("found_inf", found_inf, float32, "a float")
    inverse = inv_scale.reshape(())
    finite = None
    for gradient in self:
        dtype = gradient.dtype
        if dtype.category != FLOATING:
            raise NotImplementedError(
                '"_amp_foreach_non_finite_check_and_unscale_cpu" not implemented for '
                f"'{dtype.scalar_name}'"
            )
        each = isfinite(gradient).all()
        finite = each if finite is None else finite & each
        wide = gradient.to(float32) if dtype in (bfloat16, float16) else gradient
        _put(gradient, (wide * inverse).to(dtype))  # rounded once, after the product
    _put(found_inf, where(finite, found_inf, 1.0))


@described(
    "(Tensor input, Tensor growth_tracker, Tensor found_inf, float scale_growth_factor, "
    "float scale_backoff_factor, int growth_interval)",
    variants="f",
)
def _amp_update_scale_(
    input, growth_tracker, found_inf, scale_growth_factor, scale_backoff_factor, growth_interval
):
    """Shrink the scale after an infinite gradient; let it grow after so many steps without one.

    Source:  torch._amp_update_scale_.
    """
    require_tensors(input, growth_tracker, found_inf)
    if not is_integer(growth_interval):
        raise TypeError("not an integer")
    _require_one("growth_tracker", growth_tracker, int32, "an int")
    _require_one("current_scale", input, float32, "a float")
    _require_one("found_inf", found_inf, float32, "a float")
    failed = found_inf.reshape(()) != 0
    scale, steps = input.to(float64), growth_tracker + 1
    grows = steps == growth_interval
    grown = (scale * scale_growth_factor).to(float32)
    shrunk = (scale * scale_backoff_factor).to(float32)
    input.copy_(where(failed, shrunk, where(grows & isfinite(grown), grown, input)))
    _put(growth_tracker, where(failed | grows, 0, steps))
    return input
