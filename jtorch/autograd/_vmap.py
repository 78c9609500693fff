"""A Function inside `torch.vmap`: its own `vmap` gets the whole batches, outside of the level."""

import contextlib
import typing

from jtorch._autograd.modes import mode
from jtorch._engine.symbolic import current_level
from jtorch._ops.lift import Seen
from jtorch._ops.view import movedim
from jtorch._tensor import Tensor, node_of
from jtorch._trees import broadcast_to, flatten, unflatten

_MORE = "For more details, please see https://pytorch.org/docs/main/notes/extending.func.html"


class VmapInfo(typing.NamedTuple):
    """What a Function's `vmap` is told of the batch."""

    batch_size: int
    randomness: str


VmapInfo.__module__ = "torch._functorch.autograd_function"


def level_of_vmap():
    """The innermost open level, if it is one of `vmap`."""
    level = current_level()
    return None if level is None or level.batch_size is None else level


def refuse_transform():
    """torch's error for a Function of the old style inside a transform."""
    raise RuntimeError(
        "In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, "
        f"...), it must override the setup_context staticmethod. {_MORE}"
    )


def refuse_unclear(cls, has_rule):
    """torch's errors for a Function that says twice, or not at all, what a batch of it is."""
    if has_rule == cls.generate_vmap_rule:
        if has_rule:
            text = (
                "it has both generate_vmap_rule=True and an overridden vmap staticmethod. Please set "
                "generate_vmap_rule=False or delete the overridden vmap staticmethod to avoid ambiguity."
            )
        else:
            text = (
                "it does not have vmap support. Please override and implement the vmap staticmethod or "
                "set generate_vmap_rule=True."
            )
        raise RuntimeError(f"You tried to vmap over {cls.__name__}, but {text} {_MORE}")


def by_rule(cls, level, args):
    """What the Function's `vmap` gives: tensors that stand for each of a batch."""
    lift = level.lift()
    level.settle()
    seen = [
        Seen(each) if isinstance(each, Tensor) and level.depends(node_of(each)) else None
        for each in args
    ]
    with _outside(level):
        if not any(seen):
            return cls.apply(*args)
        dims, batches = [], []
        for each, one in zip(args, seen, strict=True):
            if one is None:
                batch, dim = each, None
            elif one.node in lift.given:
                batch, dim = lift.given[one.node]
            else:
                batch, dim = lift.lifted([one])[0], 0
            batches.append(batch)
            dims.append(dim)
        info = VmapInfo(level.batch_size, level.randomness)
        output, dims = _checked(cls.vmap(info, tuple(dims), *batches))
        leaves, spec = flatten(output)
        places = broadcast_to(dims, spec)
        if places is None:
            raise RuntimeError(
                "The autograd.Function's vmap staticmethod returned an incompatible (output, out_dims) "
                f"tuple. Expected out_dims={dims} to be compatible with the structure of `output`. "
                f"out_dims has structure {flatten(dims)[1]} but output has structure {spec}. {_MORE}"
            )
        return unflatten(
            [
                lift.lower(movedim(each, place, 0)) if isinstance(place, int) else each
                for each, place in zip(leaves, places, strict=True)
            ],
            spec,
        )


def _checked(result):
    """The two things that a Function's `vmap` returns."""
    if isinstance(result, tuple) and len(result) == 2:
        return result
    found = f"{len(result)} returns" if isinstance(result, tuple) else f"a {type(result)}"
    raise RuntimeError(
        "Expected the vmap staticmethod to have two returns, an output and out_dims with pytree "
        f"structure compatible with the output. Got {found} instead"
    )


@contextlib.contextmanager
def _outside(level):
    """The time in which a level that is open is closed."""
    level.__exit__(None, None, None)
    before, mode.transforms = mode.transforms, max(mode.transforms - 1, 0)
    try:
        yield
    finally:
        mode.transforms = before
        level.__enter__()
