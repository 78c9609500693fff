"""The names that torch gives to the nodes of its graph, by the name of the row."""

import functools

# Where a name does not follow from the row's: overloads are counted, and some have other names.
_EXCEPTIONS = {
    "adjoint": "TransposeBackward0",
    "broadcast_to": "ExpandBackward0",
    "chunk": "SplitBackward0",
    "expand_as": "ExpandBackward0",
    "flatten": "ViewBackward0",
    "max": "MaxBackward1",
    "min": "MinBackward1",
    "movedim": "PermuteBackward0",
    "narrow": "SliceBackward0",
    "ravel": "ViewBackward0",
    "reshape": "ViewBackward0",
    "reshape_as": "ViewBackward0",
    "split_into": "SplitBackward0",
    "swapaxes": "TransposeBackward0",
    "swapdims": "TransposeBackward0",
    "moveaxis": "PermuteBackward0",
    "tensor_split": "SliceBackward0",
    "hsplit": "SliceBackward0",
    "vsplit": "SliceBackward0",
    "dsplit": "SliceBackward0",
    "unflatten": "ViewBackward0",
    "unsafe_chunk": "UnsafeSplitBackward0",
    "view_as": "ViewBackward0",
    "T": "PermuteBackward0",
    "H": "TransposeBackward0",
    "mT": "TransposeBackward0",
    "mH": "TransposeBackward0",
}


@functools.cache
def node_name(row):
    """`AddmmBackward0` of `addmm`."""
    found = _EXCEPTIONS.get(row)
    if found is not None:
        return found
    parts = row.replace(".", "_").split("_")
    return "".join(part[:1].upper() + part[1:] for part in parts if part) + "Backward0"
