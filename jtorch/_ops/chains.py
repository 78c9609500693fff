"""Chains of matrices, multiplied in the order that takes the fewest multiplications."""

from jtorch._dtypes import c_name
from jtorch._messages import warn_once
from jtorch._ops.detailed import deliver
from jtorch._ops.families import composite
from jtorch._ops.matmul import mm
from jtorch._ops.view import reshape, unsqueeze


def _check_chain(matrices):
    count = len(matrices)
    if count < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {count}")
    for name, each in (("first", matrices[0]), ("last", matrices[-1])):
        if each.ndim not in (1, 2):
            raise RuntimeError(
                f"multi_dot(): the {name} tensor must be 1D or 2D but got {each.ndim}D"
            )
    for index, each in enumerate(matrices):
        if 0 < index < count - 1 and each.ndim != 2:
            raise RuntimeError(f"multi_dot(): tensor {index} must be 2D but got {each.ndim}D")
    for index, each in enumerate(matrices):
        if each.dtype is not matrices[0].dtype:
            raise RuntimeError(
                "multi_dot(): all tensors must have be the same dtype but tensor 0 is "
                f"{c_name(matrices[0].dtype)} and tensor {index} {c_name(each.dtype)}"
            )
    for index in range(count - 1):
        left, right = matrices[index].shape, matrices[index + 1].shape
        if left[-1] != right[0]:
            raise RuntimeError(
                f"multi_dot(): tensors {index} and {index + 1} with shapes {list(left)} and "
                f"{list(right)} cannot be multiplied"
            )


def _cheapest_splits(extents):
    """Where to split each part of a chain of matrices so that the fewest products are taken."""
    count = len(extents) - 1
    cost = {(i, i): 0 for i in range(count)}
    split = {}
    for length in range(1, count):
        for first in range(count - length):
            last = first + length
            costs = [
                (
                    cost[first, middle]
                    + cost[middle + 1, last]
                    + extents[first] * extents[middle + 1] * extents[last + 1],
                    middle,
                )
                for middle in range(first, last)
            ]
            cost[first, last], split[first, last] = min(costs)
    return split


def multi_dot(tensors, *, out=None):
    """The product of two or more matrices, in the order that takes the fewest multiplications.

    Shape:   the first may be a vector (a row), the last too (a column).
    Errors:  RuntimeError if there are fewer than two, or neighbours do not fit.
    Source:  torch.linalg.multi_dot.
    """
    matrices = list(tensors)
    _check_chain(matrices)
    if out is not None and out.dtype is not matrices[0].dtype:
        raise RuntimeError(
            f"multi_dot(): expected out tensor to have dtype {c_name(matrices[0].dtype)} but got "
            f"{c_name(out.dtype)}"
        )
    row, column = matrices[0].ndim == 1, matrices[-1].ndim == 1
    matrices[0] = unsqueeze(matrices[0], 0) if row else matrices[0]
    matrices[-1] = unsqueeze(matrices[-1], -1) if column else matrices[-1]
    split = _cheapest_splits([matrices[0].shape[0], *(each.shape[1] for each in matrices)])

    def multiply(first, last):
        if first == last:
            return matrices[first]
        middle = split[first, last]
        return mm(multiply(first, middle), multiply(middle + 1, last))

    result = multiply(0, len(matrices) - 1)
    shape = [] if row and column else [-1] if row or column else result.shape
    return deliver(reshape(result, shape), out, last="mm")


@composite(variants="f")
def chain_matmul(*matrices, out=None):
    """The old name of `linalg.multi_dot`, of one matrix or more. Source: torch.chain_matmul."""
    warn_once(
        "torch.chain_matmul is deprecated and will be removed in a future PyTorch release. Use "
        "torch.linalg.multi_dot instead, which accepts a list of two or more tensors rather than "
        "multiple parameters."
    )
    if not matrices:
        raise RuntimeError("chain_matmul(): Expected one or more matrices")
    for each in matrices:
        if each.ndim != 2:
            raise RuntimeError(f"Tensor dimension is {each.ndim}, expected 2 instead.")
    if len(matrices) == 1:
        return deliver(matrices[0].clone(), out)
    return multi_dot(matrices, out=out)
