"""`jacrev`, `jacfwd` and `hessian`: all derivatives of a function, a batch of directions at once."""

import functools

from jtorch._ops.creation import zeros
from jtorch._ops.view import view_
from jtorch._ops.vmap import vmap
from jtorch._trees import flatten, tree_map, unflatten
from jtorch.func._transforms import _chosen, _replaced, jvp, vjp


def jacrev(func, argnums=0, *, has_aux=False, chunk_size=None, _preallocate_and_copy=False):
    """The function that gives the Jacobian of `func`, by reverse mode.

    Shape:   that of the result, and then that of the argument.
    Errors:  ValueError for a `chunk_size` that is not positive; else as `vjp`.
    Source:  torch.func.jacrev.
    """
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")

    @functools.wraps(func)
    def wrapped(*args, **kwargs):
        chosen = _chosen(args, argnums)

        def partial(*values):
            given = values[0] if isinstance(argnums, int) else values
            return func(*_replaced(args, argnums, given), **kwargs)

        primals = (chosen,) if isinstance(argnums, int) else chosen
        found = vjp(partial, *primals, has_aux=has_aux)
        output, pull = found[0], found[1]
        outputs, out_spec = flatten(output)
        basis = _basis(outputs)

        def one(*cotangents):
            return pull(unflatten(list(cotangents), out_spec))

        rows = vmap(one, chunk_size=chunk_size)(*basis)
        columns, in_spec = flatten(rows if not isinstance(argnums, int) else rows[0])
        inputs = flatten(chosen)[0]
        blocks = _blocks(columns, outputs, inputs)
        result = unflatten([unflatten(each, in_spec) for each in blocks], out_spec)
        return (result, found[2]) if has_aux else result

    return wrapped


def _basis(tensors):
    """For all elements of some tensors together: the directions, a batch of one for each."""
    total = sum(each.numel() for each in tensors)
    basis = []
    start = 0
    for each in tensors:
        count = each.numel()
        block = zeros((total, count), dtype=each.dtype, device=each.device)
        block[start : start + count].fill_diagonal_(1)
        basis.append(view_(block, (total, *each.shape)))
        start += count
    return basis


def _blocks(columns, outputs, inputs):
    """A list for each output with the part of each column that belongs to it, in its shape."""
    blocks = []
    start = 0
    for output in outputs:
        stop = start + output.numel()
        blocks.append(
            [
                column[start:stop].reshape((*output.shape, *each.shape))
                for column, each in zip(columns, inputs, strict=True)
            ]
        )
        start = stop
    return blocks


def jacfwd(func, argnums=0, has_aux=False, *, randomness="error"):
    """The function that gives the Jacobian of `func`, by forward mode.

    Shape:   that of the result, and then that of the argument.
    Errors:  as `jvp`.
    Source:  torch.func.jacfwd.
    """

    @functools.wraps(func)
    def wrapped(*args, **kwargs):
        chosen = _chosen(args, argnums)
        inputs, in_spec = flatten(chosen)
        basis = _basis(inputs)

        def partial(*values):
            given = unflatten(list(values), in_spec)
            return func(*_replaced(args, argnums, given), **kwargs)

        def one(*directions):
            found = jvp(partial, tuple(inputs), directions, has_aux=has_aux)
            return (found[1], found[2]) if has_aux else found[1]

        pushed = vmap(one, randomness=randomness)(*basis)
        pushed, kept = pushed if has_aux else (pushed, None)
        rows, out_spec = flatten(pushed)
        results = []
        for row in rows:
            parts = []
            start = 0
            for each in inputs:
                stop = start + each.numel()
                part = row[start:stop].movedim(0, -1)
                parts.append(part.reshape((*row.shape[1:], *each.shape)))
                start = stop
            results.append(unflatten(parts, in_spec))
        result = unflatten(results, out_spec)
        return (result, tree_map(lambda each: each[0], kept)) if has_aux else result

    return wrapped


def hessian(func, argnums=0):
    """The function that gives the second derivatives of `func`: `jacfwd(jacrev(func))`.

    Source:  torch.func.hessian.
    """
    return jacfwd(jacrev(func, argnums), argnums)
