"""Walks through a module and those below it; these are methods of Module."""

from collections.abc import Iterator
from typing import TypeVar

from jtorch._tensor import Tensor
from jtorch.nn.parameter import Parameter

_Module = TypeVar("_Module")  # what a method gives back: the module itself


def named_members(self, get_members_fn, prefix="", recurse=True, remove_duplicate=True):
    """(name, member) of this module, and with `recurse` of those below; `get_members_fn` lists one's."""
    known = set()
    modules = (
        self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate)
        if recurse
        else [(prefix, self)]
    )
    for place, module in modules:
        for name, member in get_members_fn(module):
            if member is None or id(member) in known:
                continue
            if remove_duplicate:
                known.add(id(member))
            yield (f"{place}.{name}" if place else name), member


def parameters(self, recurse=True) -> Iterator[Parameter]:
    """The parameters, each once. Source: torch.nn.Module.parameters."""
    for _, parameter in self.named_parameters(recurse=recurse):
        yield parameter


def named_parameters(
    self, prefix="", recurse=True, remove_duplicate=True
) -> Iterator[tuple[str, Parameter]]:
    """(name, parameter). Source: torch.nn.Module.named_parameters."""
    yield from self._named_members(
        lambda module: module._parameters.items(), prefix, recurse, remove_duplicate
    )


def buffers(self, recurse=True) -> Iterator[Tensor]:
    """The buffers, each once. Source: torch.nn.Module.buffers."""
    for _, buffer in self.named_buffers(recurse=recurse):
        yield buffer


def named_buffers(
    self, prefix="", recurse=True, remove_duplicate=True
) -> Iterator[tuple[str, Tensor]]:
    """(name, buffer). Source: torch.nn.Module.named_buffers."""
    yield from self._named_members(
        lambda module: module._buffers.items(), prefix, recurse, remove_duplicate
    )


def children(self):
    """The modules directly below, each once. Source: torch.nn.Module.children."""
    for _, module in self.named_children():
        yield module


def named_children(self):
    """(name, module) of those directly below. Source: torch.nn.Module.named_children."""
    known = set()
    for name, module in self._modules.items():
        if module is not None and module not in known:
            known.add(module)
            yield name, module


def modules(self, remove_duplicate=True):
    """This module and all below it. Source: torch.nn.Module.modules."""
    for _, module in self.named_modules(remove_duplicate=remove_duplicate):
        yield module


def named_modules(self, memo=None, prefix="", remove_duplicate=True):
    """(name, module) of this one, whose name is the prefix, and of all below it.

    Source:  torch.nn.Module.named_modules.
    """
    memo = set() if memo is None else memo
    if self in memo:
        return
    if remove_duplicate:
        memo.add(self)
    yield prefix, self
    for name, module in self._modules.items():
        if module is not None:
            below = f"{prefix}.{name}" if prefix else name
            yield from module.named_modules(memo, below, remove_duplicate)


def apply(self: _Module, fn) -> _Module:
    """Call `fn(module)` for every module below and, at last, for this one.

    Source:  torch.nn.Module.apply.
    """
    for module in self.children():
        module.apply(fn)
    fn(self)
    return self


def train(self: _Module, mode=True) -> _Module:
    """Set training mode here and below. Errors: ValueError. Source: torch.nn.Module.train."""
    if not isinstance(mode, bool):
        raise ValueError("training mode is expected to be boolean")
    self.training = mode
    for module in self.children():
        module.train(mode)
    return self


def eval(self: _Module) -> _Module:
    """`train(False)`. Source: torch.nn.Module.eval."""
    return self.train(False)


def requires_grad_(self: _Module, requires_grad=True) -> _Module:
    """Say of every parameter whether gradients are wanted. Source: torch.nn.Module.requires_grad_."""
    for parameter in self.parameters():
        parameter.requires_grad_(requires_grad)
    return self
