"""Sums, products and quotients of sparse tensors with numbers, with each other, with strided ones."""

import numpy as np

from jtorch._autograd.modes import mode
from jtorch._dtypes import c_name
from jtorch._ops.edges import needs_gradient
from jtorch._ops.join import cat
from jtorch._sparse.answers import answers, could_not_run
from jtorch._sparse.conversion import clone, dense_with_history, empty_of, masked, with_values
from jtorch._sparse.places import added_at, coalesced, narrowed, numbers_of, summed, tensor_of
from jtorch._sparse.tensor import connect, make, replace
from jtorch._tensor import Tensor

__all__ = ["add_sparse"]

_DENSE_SECOND = RuntimeError("add(sparse, dense) is not supported. Use add(dense, sparse) instead.")


def _is_sparse(value):
    return isinstance(value, Tensor) and value.is_sparse


# Sums


def _added(name, self, other, alpha):
    if not _is_sparse(self):
        _require_one_size(self, other)
        return connect(
            name, (self, other), _added_to_dense(self.detach(), other.data, alpha),
            lambda gradient: (
                lambda: _cast(gradient, self), lambda: _cast(_scaled(gradient, alpha), other),
            ), keeps=False,
        )  # fmt: skip
    if not _is_sparse(other):
        raise RuntimeError(*_DENSE_SECOND.args)
    result = add_sparse(self, other, alpha)
    return connect(
        name, (self, other), result,
        lambda gradient: (
            lambda: _cast(gradient, self), lambda: _cast(_scaled(gradient, alpha), other),
        ), keeps=False,
    )  # fmt: skip


def _cast(gradient, operand):
    return gradient if gradient.dtype is operand.dtype else gradient.to(operand.dtype)


def _scaled(gradient, number):
    return gradient if number == 1 else gradient * number


def _added_to_dense(dense, sparse, alpha):
    """Without history."""
    kind = _common(dense, sparse)
    made = dense.to(kind) if dense.dtype is not kind else dense.clone()
    return added_at(made, sparse.to(kind), alpha)


def _require_one_size(dense, sparse):
    shape = dense.shape if isinstance(dense, Tensor) else ()
    if tuple(shape) != tuple(sparse.shape):
        raise RuntimeError(
            f"add: expected 'self' and 'other' to have same size, but self has size {list(shape)} "
            f"while other has size {list(sparse.shape)} (FYI: dense-sparse addition does not "
            "currently support broadcasting)"
        )


def _common(*tensors):
    """The dtype of a result, as of strided tensors."""
    left, right = [each._val if each.is_sparse else each for each in tensors]
    return (
        left.new_empty((1,) * bool(left.ndim)).add(right.new_empty((1,) * bool(right.ndim))).dtype
    )


def add_sparse(left, right, alpha):
    """left + alpha * right, without history.

    Places of both are put together in order as far as they are in order, as torch does; where values
    do not lie close together, torch only puts one after the other.
    """
    if left.shape != right.shape:
        raise RuntimeError(
            "add: expected sizes of 'self' and 'other' to match, but "
            f"{list(left.shape)} != {list(right.shape)}"
        )
    kind = _common(left, right)
    a, b = left.data.to(kind), right.data.to(kind)
    if not b._ind.shape[1]:
        return clone(a)
    if not a._ind.shape[1]:
        return with_values(b, b._val * alpha)
    depths = a._ind.shape[0], b._ind.shape[0]
    if depths[0] != depths[1]:
        raise RuntimeError(
            "add: expected 'self' and 'other' to have same density, but 'self' has "
            f"{depths[0]} sparse dimensions while 'other' has {depths[1]} sparse dimensions"
        )
    scaled = b._val if alpha == 1 else b._val * alpha
    if not (a._val.is_contiguous() and b._val.is_contiguous()):
        made = make(cat((a._ind, b._ind), 1), cat((a._val, scaled), 0), a.shape)
        return coalesced(made) if a._coal and b._coal else made
    first, second, count = _merged(numbers_of(a), numbers_of(b), a._coal and b._coal)
    place = np.concatenate([first, second])
    source = np.empty(count, np.int64)
    source[place[::-1]] = np.arange(len(place))[::-1]
    device = a.device
    indices = cat((a._ind, b._ind), 1).index_select(1, tensor_of(source, device))
    if count < len(place):
        indices = narrowed(indices, len(place))
    values = cat((a._val, scaled), 0)
    if count == len(place):
        values = values.index_select(0, tensor_of(source, device))
    else:
        values = summed(count, tensor_of(place, device), values)
    return make(indices, values, a.shape, a._coal and b._coal)


def _merged(left, right, ordered):
    """(where each of the left goes, where each of the right goes, how many there are then)."""
    if ordered:
        every = np.union1d(left, right)
        return np.searchsorted(every, left), np.searchsorted(every, right), len(every)
    first, second = np.empty(len(left), np.int64), np.empty(len(right), np.int64)
    i = j = count = 0
    a, b = left.tolist(), right.tolist()
    while i < len(a) or j < len(b):
        takes_left = i < len(a) and (j >= len(b) or a[i] <= b[j])
        takes_right = j < len(b) and (i >= len(a) or b[j] <= a[i])
        if takes_left:
            first[i] = count
            i += 1
        if takes_right:
            second[j] = count
            j += 1
        count += 1
    return first, second, count


@answers("add", "__add__", "__radd__")
def _add(self, other, *, alpha=1):
    return _added("AddBackward0", self, other, alpha)


@answers("sub", "subtract", "__sub__")
def _sub(self, other, *, alpha=1):
    return _added("SubBackward0", self, other, -alpha)


@answers("rsub", method=False)
def _rsub(self, other, *, alpha=1):
    if isinstance(other, Tensor):
        raise could_not_run("rsub.Tensor")
    return _sub(other, self, alpha=alpha)


def _add_in_place(self, other, alpha):
    if not _is_sparse(self):
        _require_one_size(self, other)
        kind = _common(self, other)
        _require_cast(kind, self.dtype)
        if mode.enabled and (needs_gradient(self) or needs_gradient(other)):
            return self.add_(dense_with_history(other), alpha=alpha)
        return added_at(self, other.to(self.dtype), alpha)
    if not _is_sparse(other):
        raise RuntimeError(*_DENSE_SECOND.args)
    _require_cast(_common(self, other), self.dtype)
    return replace(self, add_sparse(self, other, alpha).to(self.dtype))


def _require_cast(common, wanted):
    if common.category > wanted.category:
        raise RuntimeError(
            f"Can't convert result type {c_name(common).capitalize()} to output "
            f"{wanted.scalar_name} in add operation"
        )


@answers("add_", "__iadd__")
def _add_(self, other, *, alpha=1):
    return _add_in_place(self, other, alpha)


@answers("sub_", "subtract_", "__isub__")
def _sub_(self, other, *, alpha=1):
    return _add_in_place(self, other, -alpha)


# Products


@answers("mul", "multiply", "__mul__")
def _mul(self, other):
    if _is_sparse(self) and _is_sparse(other):
        return connect(
            "MulBackward0", (self, other), _product(self, other),
            lambda gradient: (lambda: gradient * other, lambda: gradient * self),
        )  # fmt: skip
    sparse, factor = (self, other) if _is_sparse(self) else (other, self)
    if not isinstance(factor, Tensor) or not factor.ndim:
        number = factor.detach() if isinstance(factor, Tensor) else factor
        return connect(
            "MulBackward0", (sparse, _operand(factor)), with_values(sparse, sparse._val * number),
            lambda gradient: (
                lambda: _cast(gradient * factor, sparse),
                lambda: _total(gradient * sparse, factor),
            ), keeps=isinstance(factor, Tensor),
        )  # fmt: skip
    result = with_values(sparse, sparse._val * _at_places(factor.detach(), sparse))
    return connect(
        "MulBackward0", (sparse, factor), result,
        lambda gradient: (lambda: gradient * factor, lambda: _unbroadcast(gradient * sparse, factor)),
    )  # fmt: skip


def _operand(value):
    """A number that is a tensor has a gradient, too."""
    return value if isinstance(value, Tensor) else None


def _total(gradient, number):
    """The gradient of a number, from those at all places."""
    return _cast(gradient.to_dense().sum(), number)


def _at_places(factor, sparse):
    """A strided factor at the places of a sparse tensor."""
    if factor.ndim > sparse.ndim:
        raise NotImplementedError(
            "jtorch multiplies sparse tensors by strided ones of no more dims only"
        )
    wide = factor.expand(tuple(_broadcast(factor.shape, sparse.shape)))
    return masked(wide, sparse)._val


def _broadcast(given, wanted):
    for dim in range(1, len(given) + 1):
        if given[-dim] not in (1, wanted[-dim]):
            raise RuntimeError(
                f"The size of tensor a ({given[-dim]}) must match the size of tensor b "
                f"({wanted[-dim]}) at non-singleton dimension {len(wanted) - dim}"
            )
    return wanted


def _unbroadcast(gradient, factor):
    if gradient.shape == factor.shape:
        return gradient
    return gradient.to_dense().sum_to_size(factor.shape)


def _product(left, right):
    """left * right of two sparse tensors, without history."""
    if left.shape != right.shape or left._ind.shape[0] != right._ind.shape[0]:
        raise RuntimeError(
            "sparse_binary_op_intersection_cpu(): expects sparse inputs with equal dimensionality, "
            "number of sparse dimensions, and shape of sparse dimensions"
        )
    if left._coal and right._coal:
        return _common_places(left, right)
    if not (left._ind.shape[1] and right._ind.shape[1]):
        return empty_of(left.shape, left, left._ind.shape[0], _common(left, right))
    swap = (left._coal, left._ind.shape[1]) > (right._coal, right._ind.shape[1])
    probe, other = (right, left) if swap else (left, right)
    return with_values(probe, probe._val * masked(other, probe)._val)


def _common_places(left, right):
    _, first, second = np.intersect1d(numbers_of(left), numbers_of(right), return_indices=True)
    device = left.device
    values = left._val.index_select(0, tensor_of(first, device))
    values = values * right._val.index_select(0, tensor_of(second, device))
    indices = left._ind.index_select(1, tensor_of(first, device))
    return make(indices, values, left.shape, True)


def _require_values(kind, sparse):
    if kind is not sparse.dtype:
        raise RuntimeError(
            f"dtype of values ({kind.scalar_name}) must match dtype of sparse tensor "
            f"({sparse.dtype.scalar_name})"
        )


@answers("mul_", "multiply_", "__imul__")
def _mul_(self, other):
    if not _is_sparse(self):
        return self.mul_(dense_with_history(other))
    made = _mul(self.data, other)
    _require_values(made.dtype, self)
    return replace(self, made)


@answers("div", "divide", "true_divide", "__truediv__")
def _div(self, other, *, rounding_mode=None):
    divisor = other.detach() if isinstance(other, Tensor) else other
    if not isinstance(self, Tensor):
        raise could_not_run("reciprocal")
    if isinstance(other, Tensor) and (other.is_sparse or other.ndim):
        raise RuntimeError(
            "Sparse division requires a scalar or zero-dim dense tensor divisor (got shape "
            f"{list(other.shape)} for divisor)"
        )
    if rounding_mode is not None and not self._coal:
        return _div(coalesced(self), other, rounding_mode=rounding_mode)
    values = self._val.div(divisor, rounding_mode=rounding_mode)

    def of_divisor(gradient):
        if rounding_mode is not None:
            return _total(gradient * 0, other)
        return _total(gradient * self / (-other * other), other)

    def backward(gradient):
        if rounding_mode is not None:
            return gradient * 0, lambda: of_divisor(gradient)
        return lambda: _cast(gradient / other, self), lambda: of_divisor(gradient)

    result = with_values(self, values)
    keeps = isinstance(other, Tensor)
    return connect("DivBackward0", (self, _operand(other)), result, backward, keeps=keeps)


@answers("floor_divide", "__floordiv__")
def _floor_divide(self, other):
    if not _is_sparse(self):
        raise could_not_run("floor_divide")
    return _div(coalesced(self), other, rounding_mode="floor").detach()


@answers("div_", "divide_", "true_divide_", "__itruediv__")
def _div_(self, other, *, rounding_mode=None):
    made = _div(self.data, other, rounding_mode=rounding_mode)
    _require_values(made.dtype, self)
    return replace(self, made)


@answers("neg", "negative", "__neg__")
def _neg(self):
    result = with_values(self, -self._val)
    return connect("NegBackward0", (self,), result, lambda gradient: -gradient, keeps=False)


@answers("neg_", "negative_")
def _neg_(self):
    return replace(self, _neg(self.data))


@answers("pow", "__pow__")
def _pow(self, exponent):
    if not _is_sparse(self) or isinstance(exponent, Tensor):
        raise could_not_run("pow.Scalar" if not _is_sparse(self) else "pow.Tensor_Tensor")
    if exponent == 0:
        raise NotImplementedError("jtorch has no 0th power of a sparse tensor, which is dense")
    ordered = coalesced(self)
    result = with_values(ordered, ordered._val.pow(exponent))

    def backward(gradient):
        return gradient * (self.pow(exponent - 1) * exponent)

    return connect("PowBackward0", (self,), result, backward)


@answers("square")
def _square(self):
    return _pow(self, 2)
