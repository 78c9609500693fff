"""Batch norm as torch's own transformations call it: running statistics as results or not at all."""

import functools

import numpy as np

from jtorch import _dtypes
from jtorch._ops.batch_norm import delivered_with_moments, rows_of
from jtorch._ops.creation import empty
from jtorch._ops.offered import offered, require_tensors
from jtorch._tensor import Tensor

_LEGIT, _UPDATE = "_native_batch_norm_legit", "_batch_norm_with_update"
_rows = functools.cache(rows_of)
_TENSORS = "Tensor input, Tensor? weight, Tensor? bias, "
_NUMBERS = "bool training, float momentum, float eps, *, tuple of Tensors? out = None)"
_BOUND = "Tensor running_mean, Tensor running_var, "


@offered((f"({_TENSORS}{_BOUND}{_NUMBERS}", f"({_TENSORS}{_NUMBERS}"), variants="f", name=_LEGIT)
def _native_batch_norm_legit(
    input, weight, bias, *rest, running_mean=None, running_var=None, out=None, **named
):
    """`native_batch_norm`, with running statistics or without them.

    Source:  torch._native_batch_norm_legit.
    """
    rest = list(rest)
    if rest and not isinstance(rest[0], (bool, np.bool_)):
        running_mean, running_var, *rest = rest
        has_statistics = True
    else:
        has_statistics = running_mean is not None
    if has_statistics:
        require_tensors(running_mean, running_var)
    names = ("training", "momentum", "eps")
    training, momentum, eps = [*rest, *[named[each] for each in names[len(rest) :]]]
    tensors = (input, weight, bias, running_mean, running_var)
    rows = _rows(f"NativeBatchNormLegitBackward{0 if has_statistics else 1}")
    return delivered_with_moments(tensors, training, momentum, eps, out, rows)


@offered(
    f"({_TENSORS}{_BOUND}float momentum, float eps, *, tuple of Tensors? out = None)",
    variants="f",
    name=f"{_LEGIT}_no_training",
)
def _native_batch_norm_legit_no_training(
    input, weight, bias, running_mean, running_var, momentum, eps, *, out=None
):
    """`native_batch_norm` by the running statistics.

    Source:  torch._native_batch_norm_legit_no_training.
    """
    tensors = (input, weight, bias, running_mean, running_var)
    require_tensors(running_mean, running_var)
    rows = _rows("NativeBatchNormLegitNoTrainingBackward0")
    return delivered_with_moments(tensors, False, momentum, eps, out, rows)


_ARGUMENTS = (
    "Tensor input, Tensor? weight, Tensor? bias, Tensor(a!) running_mean, Tensor(b!) running_var, "
    "float momentum, float eps"
)
_OUTS = "Tensor(d!) out, Tensor(e!) save_mean, Tensor(f!) save_invstd, Tensor(g!) reserve"


def _require_tensor(out):
    """What torch's dispatcher says of an `out` that is none, such as a tuple of all results."""
    if isinstance(out, Tensor):
        return
    name = f"aten::{_UPDATE}"
    raise RuntimeError(
        "Overloaded torch operator invoked from Python failed to match any schema:\n"
        f"{name}() Expected a value of type 'Tensor' for argument 'out' but instead found type "
        f"'{type(out).__name__}'.\nPosition: 7\nValue: {out}\n"
        f"Declaration: {name}.out({_ARGUMENTS}, *, {_OUTS}) -> "
        "(Tensor(d!), Tensor(e!), Tensor(f!), Tensor(g!))\n"
        f"Cast error details: Unable to cast {out} to Tensor\n\n"
        f"{name}() expected at most 7 argument(s) but received 8 argument(s). Declaration: "
        f"{name}({_ARGUMENTS}) -> (Tensor, Tensor, Tensor, Tensor)\n\n"
    )


def _batch_norm_with_update(
    input, weight, bias, running_mean, running_var, momentum, eps, *,
    out=None, save_mean=None, save_invstd=None, reserve=None,
):  # fmt: skip
    """`native_batch_norm` of a batch, which moves the running statistics; and what cuDNN keeps.

    Source:  torch.ops.aten._batch_norm_with_update; the last result is empty but for CUDA.
    """
    for place, each in enumerate((running_mean, running_var), 3):
        if each is None:
            name = ("running_mean", "running_var")[place - 3]
            raise RuntimeError(
                "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
                f"#{place} '{name}'"
            )
    tensors = (input, weight, bias, running_mean, running_var)
    rows = _rows("BatchNormWithUpdateBackward0")
    if out is not None:
        _require_tensor(out)
        outs = (out, save_mean, save_invstd)
        return *delivered_with_moments(tensors, True, momentum, eps, outs, rows), reserve
    kept = empty((0,), dtype=_dtypes.uint8)
    return *delivered_with_moments(tensors, True, momentum, eps, None, rows), kept


__all__ = [
    "_batch_norm_with_update",
    "_native_batch_norm_legit",
    "_native_batch_norm_legit_no_training",
]
