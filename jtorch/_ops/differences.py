"""Differences of neighbours along a dim, and the trapezoidal rule, which sums over neighbours."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import BOOL, FLOATING
from jtorch._ops.along import AlongRow, along, lessened, scalar_type
from jtorch._ops.cumulative import running_sum
from jtorch._ops.history import by_number
from jtorch._ops.join import cat
from jtorch._ops.parameters import Number
from jtorch._ops.promotion import DEFAULT, NO_OPMATH
from jtorch._ops.signatures import Dim, overloads
from jtorch._shapes import broadcast_shapes
from jtorch._tensor import Tensor


def _neighbours(array, dim):
    """(all but the last along `dim`, all but the first)."""
    length = array.shape[dim]
    left = lax.slice_in_dim(array, 0, max(length - 1, 0), axis=dim)
    return left, lax.slice_in_dim(array, min(1, length), length, axis=dim)


def _check_diff(input, n, dim, prepend, append):
    if not input.ndim:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    for each in (prepend, append):
        if each is None:
            continue
        if each.ndim != input.ndim:
            raise RuntimeError("diff expects prepend or append to be the same dimension as input")
        for axis in range(input.ndim):
            if axis != dim and each.shape[axis] != input.shape[axis]:
                raise RuntimeError(
                    "diff expects the shape of tensor to prepend or append to match that of input "
                    f"except along the differencing dimension; input.size({axis}) = "
                    f"{input.shape[axis]}, but got tensor.size({axis}) = {each.shape[axis]}"
                )


def _parts_of_diff(input, n, dim, prepend, append):
    if not n:
        return input.new_zeros(input.shape).copy_(input)
    parts = [each for each in (prepend, input, append) if each is not None]
    result = cat(parts, dim) if len(parts) > 1 else input
    for _ in range(min(n, result.shape[dim])):
        left, right = _sides(result, dim)
        result = right - left
    return result


def _sides(tensor, dim):
    """`_neighbours`, of a tensor."""
    length = tensor.shape[dim]
    return tensor.narrow(dim, 0, length - 1), tensor.narrow(dim, 1, length - 1)


class _DiffRow(AlongRow):
    """For n = 0 torch copies: into an `out` of just this dtype, and without a history."""

    def _refuse_gradient_into(self, out, values):
        input, n = values[:2]
        if n:
            super()._refuse_gradient_into(out, values)
        elif isinstance(out, Tensor):
            scalar_type(out, input)


@along(NO_OPMATH, row=_DiffRow, check=_check_diff, variants="fmo", parts=_parts_of_diff)
def diff(input: Tensor, n: int = 1, dim: Dim = -1, prepend: Tensor | None = None,
         append: Tensor | None = None):  # fmt: skip
    """The `n`-th differences along `dim`, with `prepend` and `append` put before and after first.

    Shape:   (*, m, *) -> (*, m - n, *).
    Dtype:   the promoted dtype; of bool: whether neighbours differ.
    Errors:  RuntimeError for a 0-dim input, a negative `n`, or shapes that do not fit.
    Source:  torch.diff.
    """
    if n == 0:
        return input
    parts = [each for each in (prepend, input, append) if each is not None]
    result = jnp.concatenate(parts, dim) if len(parts) > 1 else input
    for _ in range(min(n, result.shape[dim])):
        left, right = _neighbours(result, dim)
        result = left != right if result.dtype == np.bool_ else right - left
    return result


# The trapezoidal rule


def _float_dtype(*tensors):
    common = tensors[0].dtype
    for each in tensors[1:]:
        common = _dtypes.promote_types(common, each.dtype)
    return common if common.category >= FLOATING else _dtypes.get_default_dtype()


def _dtype_of_y(y):
    return _float_dtype(y)


def _dtype_of_both(y, x):
    return _float_dtype(y, x)


def _sum_dtype_of_y(y, dim):
    return (
        _float_dtype(y) if y.shape[dim] else y.dtype
    )  # torch's zeros for nothing are of `y`'s dtype


def _sum_dtype_of_both(y, x, dim):
    return _float_dtype(y, x) if y.shape[dim] else y.dtype


def _halved(array):
    """Half of it; of integers a float."""
    if array.dtype.kind in "iu":
        array = array.astype(_dtypes.get_default_dtype().numpy)
    return array / 2


def _check_y(name):
    def check(y, dim):
        if y.dtype.category == BOOL:
            raise RuntimeError(f"{name}: received a bool input for `y`, but bool is not supported")
        _refuse_scalar(name, y, "-1")

    return check


def _refuse_scalar(name, y, dim):
    if not y.ndim:
        if name == "trapezoid":
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")


def _check_spacing(name):
    def check(dx):
        if isinstance(dx, (bool, complex)):
            raise RuntimeError(f"{name}: Currently, we only support dx as a real number.")

    return check


def _viewed(x_shape, y_shape, dim):
    """The shape of `x` beside `y`: a vector lies along `dim`, others are filled up on the left."""
    if len(x_shape) == 1:
        return tuple(x_shape[0] if axis == dim else 1 for axis in range(len(y_shape)))
    return (1,) * (len(y_shape) - len(x_shape)) + tuple(x_shape)


def _check_x(name):
    def check(y, x, dim):
        if BOOL in (y.dtype.category, x.dtype.category):
            raise RuntimeError(
                f"{name}: received a bool input for `x` or `y`, but bool is not supported"
            )
        _refuse_scalar(name, y, "0")
        if x.ndim == 1 and x.shape[0] != y.shape[dim]:
            raise RuntimeError(f"{name}: There must be one `x` value for each sample point")
        if y.shape[dim]:
            broadcast_shapes(*[
                tuple(max(size - (axis == dim), 0) for axis, size in enumerate(shape))
                for shape in (y.shape, _viewed(x.shape, y.shape, dim))
            ])  # fmt: skip

    return check


def _areas(y, x, dim):
    """Twice the areas between neighbours."""
    left, right = _neighbours(y, dim)
    near, far = _neighbours(x.reshape(_viewed(x.shape, y.shape, dim)), dim)
    return (left + right) * (far - near)


def _sum(array, dim):
    return jnp.sum(array, axis=dim, dtype=np.int64 if array.dtype.kind in "iu" else array.dtype)


# The same as torch's operations, where it has their graph.


def _nothing_of(y, dim):
    return y.new_zeros(lessened(y.shape, dim, False))


def _areas_of(y, x, dim):
    shape = _viewed(x.shape, y.shape, dim)
    left, right = _sides(y, dim)
    near, far = _sides(x if tuple(x.shape) == shape else x.view(shape), dim)
    return (left + right) * (far - near)


def _parts_of_x(y, x, dim):
    return by_number(_areas_of(y, x, dim).sum(dim) / 2) if y.shape[dim] else _nothing_of(y, dim)


def _parts_of_dx(y, dx, dim):
    if not y.shape[dim]:
        return _nothing_of(y, dim)
    ends = y.select(dim, 0) + y.select(dim, -1)
    return by_number((y.sum(dim) - by_number(ends * 0.5)) * dx)


def _parts_of_cumulative_x(y, x, dim):
    return by_number(_areas_of(y, x, dim).cumsum(dim) / 2)


def _parts_of_cumulative_dx(y, dx, dim):
    left, right = _sides(y, dim)
    return by_number((left + right) * (dx / 2)).cumsum(dim)


@along(DEFAULT, dtype=_sum_dtype_of_both, check=_check_x("trapezoid"), name="trapezoid.x",
       variants="", parts=_parts_of_x)  # fmt: skip
def _trapezoid_x(y: Tensor, x: Tensor, *, dim: Dim = -1):
    if not y.shape[dim]:
        return jnp.zeros(lessened(y.shape, dim, False), y.dtype)
    return _halved(_sum(_areas(y, x, dim), dim))


@along(
    DEFAULT,
    dtype=_sum_dtype_of_y,
    check=_check_y("trapezoid"),
    numbers=_check_spacing("trapezoid"),
    raw_numbers=True,
    name="trapezoid.dx",
    variants="",
    parts=_parts_of_dx,
)
def _trapezoid_dx(y: Tensor, *, dx: Number = 1, dim: Dim = -1):
    if not y.shape[dim]:
        return jnp.zeros(lessened(y.shape, dim, False), y.dtype)
    ends = lax.index_in_dim(y, 0, dim, False) + lax.index_in_dim(y, -1, dim, False)
    inner = _halved(ends)
    return (_sum(y, dim).astype(inner.dtype) - inner) * _spacing(dx, inner)


def _spacing(dx, array):
    return jnp.asarray(dx).astype(array.dtype)


@along(DEFAULT, dtype=_dtype_of_both, check=_check_x("cumulative_trapezoid"),
       name="cumulative_trapezoid.x", variants="", parts=_parts_of_cumulative_x)  # fmt: skip
def _cumulative_x(y: Tensor, x: Tensor, *, dim: Dim = -1):
    areas = _areas(y, x, dim)
    return _halved(running_sum(areas.astype(np.int64) if areas.dtype.kind in "iu" else areas, dim))


@along(
    DEFAULT,
    dtype=_dtype_of_y,
    check=_check_y("cumulative_trapezoid"),
    numbers=_check_spacing("cumulative_trapezoid"),
    raw_numbers=True,
    name="cumulative_trapezoid.dx",
    variants="",
    parts=_parts_of_cumulative_dx,
)
def _cumulative_dx(y: Tensor, *, dx: Number = 1, dim: Dim = -1):
    left, right = _neighbours(y, dim)
    areas = _halved(left + right)
    return running_sum(areas * _spacing(dx, areas), dim)


_OF_X = "(Tensor y, Tensor x, *, int dim = -1)"
_OF_DX = "(Tensor y, *, Number dx = 1, int dim = -1)"


@overloads((_OF_X, _trapezoid_x), (_OF_DX, _trapezoid_dx), variants="f")
def trapezoid():
    """The integral of `y` along `dim` by the trapezoidal rule, over points `x` or `dx` apart.

    Shape:   (*, n, *) -> (*, *).
    Dtype:   the promoted dtype; integers become the default dtype.
    Errors:  RuntimeError for bool, or as many `x` as there are not points.
    Source:  torch.trapezoid.
    """


@overloads(
    ("(Tensor y, *, float dx = 1, int dim = -1)", _trapezoid_dx),
    (_OF_X, _trapezoid_x),
    variants="f",
)
def trapz():
    """`trapezoid` by its old name.

    Source:  torch.trapz.
    """


@overloads((_OF_X, _cumulative_x), (_OF_DX, _cumulative_dx), variants="f")
def cumulative_trapezoid():
    """The running integral of `y` along `dim` by the trapezoidal rule.

    Shape:   (*, n, *) -> (*, n - 1, *).
    Dtype:   the promoted dtype; integers become the default dtype.
    Errors:  RuntimeError for bool, or as many `x` as there are not points.
    Source:  torch.cumulative_trapezoid.
    """
