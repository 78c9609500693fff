"""torch.autograd.forward_ad: dual tensors, which carry a tangent through what is computed of them."""

import typing

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import _Context, mode
from jtorch._dtypes import FLOATING
from jtorch._messages import type_name
from jtorch._ops.creation import empty_strided
from jtorch._ops.tangents import (
    enter_level,
    exit_level,
    give,
    levels_of,
    set_enabled,
    tangent_of,
    tangents,
)
from jtorch._ops.windows import opened
from jtorch._tensor import Tensor

__all__ = [
    "UnpackedDualTensor",
    "dual_level",
    "enter_dual_level",
    "exit_dual_level",
    "make_dual",
    "unpack_dual",
]

_current_level = -1  # of the levels opened here, of which there is one at most


class UnpackedDualTensor(typing.NamedTuple):
    """What `unpack_dual` gives. Source: torch.autograd.forward_ad.UnpackedDualTensor."""

    primal: Tensor
    tangent: Tensor | None


UnpackedDualTensor.__module__ = "torch.autograd.forward_ad"


def enter_dual_level():
    """Open a level of forward mode; its number.

    Errors:  RuntimeError inside another level.
    Source:  torch.autograd.forward_ad.enter_dual_level.
    """
    global _current_level
    if _current_level >= 0:
        raise RuntimeError("Nested forward mode AD is not supported at the moment")
    enter_level()
    _current_level += 1
    return _current_level


def exit_dual_level(*, level=None):
    """Close the level: all tangents are gone.

    Errors:  RuntimeError outside of a level, and for a level that is not the last one opened.
    Source:  torch.autograd.forward_ad.exit_dual_level.
    """
    global _current_level
    level = _current_level if level is None else level
    if level != _current_level:
        raise RuntimeError(
            "Trying to exit a forward AD level that was not the last one that was created. This is "
            "not supported."
        )
    if level < 0:
        raise RuntimeError("Dual level must be a positive number.")
    exit_level()
    _current_level -= 1


def make_dual(tensor, tangent, *, level=None):
    """A view of `tensor` that carries `tangent`: what is computed of it carries its derivative.

    Shape:   both the same.
    Errors:  RuntimeError outside of a level and for a tangent of another shape, ValueError for
             integers.
    Source:  torch.autograd.forward_ad.make_dual.
    """
    level = _current_level if level is None else level
    if level < 0:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to "
            "enter_dual_level() first."
        )
    for name, each in (("primal", tensor), ("tangent", tangent)):
        if not (each.is_floating_point() or each.is_complex()):
            raise ValueError(
                f"Expected {name} to be floating point or complex, but got: {each.dtype}"
            )
    number = _number(level, "_make_dual")
    if tangent_of(tensor, number) is not None:
        raise RuntimeError(
            "Making a dual Tensor based on a Tensor that already has a forward gradient at the same "
            f"level {level} is not supported."
        )
    return dual(tensor, tangent, number)


def unpack_dual(tensor, *, level=None):
    """The tensor without its tangent, and the tangent, or None.

    Source:  torch.autograd.forward_ad.unpack_dual.
    """
    level = _current_level if level is None else level
    if level < 0 or not tangents.open:  # inside of a Function there is none
        return UnpackedDualTensor(tensor, None)
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"_unpack_dual(): argument 'dual' (position 1) must be Tensor, not {type_name(tensor)}"
        )
    if level > _current_level and not levels_of(tensor):
        return UnpackedDualTensor(primal_of(tensor, tangents.open[0]), None)
    number = _number(level, "_fw_primal")
    return UnpackedDualTensor(primal_of(tensor, number), tangent_of(tensor, number))


def _number(level, name):
    """The number that a level of this module has among all levels."""
    if level > _current_level:
        raise RuntimeError(f"Invalid level given to {name}")
    return tangents.open[0]


# The same for any level, by its number


def dual(tensor, tangent, number):
    """A view of a tensor that carries a tangent at a level, and the tensor's own at outer ones."""
    made = _view(tensor, number, "view")
    if not tangents.enabled or mode.inference:
        return made
    if tangent_of(tangent, number) is not None:
        raise RuntimeError(
            "Setting a forward grad that itself has a forward gradient at the same "
            f"level{tangents.open.index(number)} is not supported."
        )
    meta, given = tensor._meta, tangent._meta
    if given.shape != meta.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original "
            f"Tensor, this is not supported. Tensor is of size {list(meta.shape)} while the given "
            f"forward gradient is of size {list(given.shape)}."
        )
    if given.stride != meta.stride:  # a tangent has its tensor's layout, for views of both
        copy = empty_strided(meta.shape, meta.stride, dtype=given.dtype, device=given.device)
        tangent = copy.copy_(tangent)
    give(made, number, tangent)
    return made


def primal_of(tensor, number):
    """A view of a tensor without its tangents at a level and at inner ones."""
    return _view(tensor, number, "identity")


def _view(tensor, number, name):
    made = opened(tensor, tensor._meta, tensor._offset, name, lambda it: (None, 0))
    if made._meta.dtype.category >= FLOATING:
        for level in tangents.open[: tangents.open.index(number)]:
            tangent = tangent_of(tensor, level)
            if tangent is not None:
                give(made, level, tangent)
    made._tangent_base = False
    return made


class dual_level(_Context):
    """Forward mode inside: tensors made by `make_dual` carry tangents.

    Source: torch.autograd.forward_ad.dual_level.
    """

    __module__ = "torch.autograd.forward_ad"

    def __enter__(self):
        return enter_dual_level()

    def __exit__(self, *exception):
        exit_dual_level()


class _set_fwd_grad_enabled(_Context):
    """Whether tangents are passed on, at once; as a context manager, until its end."""

    def __init__(self, mode: bool):
        self._wanted = mode
        self._before = tangents.enabled
        set_enabled(mode)

    def clone(self):
        return self.__class__(self._wanted)

    def __enter__(self):
        pass

    def __exit__(self, *exception):
        set_enabled(self._before)


def __getattr__(name):
    raise missing_attribute(__name__, name)
