"""Small helpers of modules: sizes for each dim, and prefixes of state dicts."""

from collections.abc import Iterable

from jtorch._ops.pooling import list_with_default as _list_with_default  # noqa: F401 - torch's

__all__ = ["consume_prefix_in_state_dict_if_present"]


def _ntuple(count, name="parse"):
    """A function that makes a tuple of a sequence, or of one value `count` times."""

    def parse(value):
        return tuple(value) if isinstance(value, Iterable) else (value,) * count

    parse.__name__ = name
    return parse


_single = _ntuple(1, "_single")
_pair = _ntuple(2, "_pair")
_triple = _ntuple(3, "_triple")
_quadruple = _ntuple(4, "_quadruple")


def _reverse_repeat_tuple(values, count):
    """The values from the last to the first, each `count` times."""
    return tuple([each for each in reversed(values) for _ in range(count)])


def consume_prefix_in_state_dict_if_present(state_dict, prefix):
    """Take a prefix off the names of a state dict, in place.

    Source:  torch.nn.modules.utils.consume_prefix_in_state_dict_if_present.
    """
    for name in list(state_dict):
        if name.startswith(prefix):
            state_dict[name[len(prefix) :]] = state_dict.pop(name)
    metadata = getattr(state_dict, "_metadata", None)
    for name in () if metadata is None else list(metadata):
        if name and (name.startswith(prefix) or name == prefix.rstrip(".")):
            metadata[name[len(prefix) :]] = metadata.pop(name)
