"""Copies of a module for devices, whose gradients go back to the one module."""

from jtorch.nn.parallel.scatter_gather import device_of

__all__ = ["replicate"]


def replicate(network, devices, detach=False):
    """A copy of a module for each device: its tensors there, with a history unless `detach`.

    What is on its device already is the module's own memory, so buffers that a copy writes to are
    the module's.
    Source:  torch.nn.parallel.replicate.
    """
    return [_copy(network, device_of(each), detach, {}) for each in devices]


def _copy(module, place, detach, known):
    """A copy of a module; `known` has those made, as a module may be found in two places."""
    made = known.get(module)
    if made is not None:
        return made
    made = known[module] = object.__new__(type(module))
    made.__dict__.update(module.__dict__)
    made._is_replica = True
    made._parameters = {}
    made._buffers = {
        name: None if each is None else _moved(each, place, True)
        for name, each in module._buffers.items()
    }
    made._modules = {
        name: None if each is None else _copy(each, place, detach, known)
        for name, each in module._modules.items()
    }
    for name, each in module._parameters.items():
        # no parameter of the copy, which has none: a tensor that leads back to the module's
        made.__dict__[name] = None if each is None else _moved(each, place, detach)
    return made


def _moved(tensor, place, detach):
    moved = tensor.to(place)
    return moved.detach() if detach else moved
