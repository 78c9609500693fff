"""Small helpers of modules: sizes for each dim, and prefixes of state dicts."""

from collections.abc import Iterable

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


def _list_with_default(out_size, defaults):
    """The sizes, those that are None taken from the last of the defaults. Errors: ValueError."""
    if isinstance(out_size, int):
        return out_size
    if len(defaults) <= len(out_size):
        raise ValueError(f"Input dimension should be at least {len(out_size) + 1}")
    known = defaults[-len(out_size) :]
    return [old if new is None else new for new, old in zip(out_size, known, strict=True)]


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
