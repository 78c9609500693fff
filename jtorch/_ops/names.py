"""The names that torch gives to the nodes of its graph, by the name of the row."""

import functools

# Where a name does not follow from the row's: overloads are counted, and some have other names.
_EXCEPTIONS = {
    "adjoint": "TransposeBackward0",
    "block_diag_list": "BlockDiagBackward0",
    "broadcast_to": "ExpandBackward0",
    "chunk": "SplitBackward0",
    "deg2rad": "Deg2RadBackward0",
    "det": "LinalgDetBackward0",
    "dsplit": "SliceBackward0",
    "expand_as": "ExpandBackward0",
    "flatten": "ViewBackward0",
    "H": "TransposeBackward0",
    "hsplit": "SliceBackward0",
    "inverse": "LinalgInvExBackward0",
    "log1p": "Log1PBackward0",
    "max": "MaxBackward1",
    "mH": "TransposeBackward0",
    "min": "MinBackward1",
    "moveaxis": "PermuteBackward0",
    "movedim": "PermuteBackward0",
    "msort": "SortBackward0",
    "mT": "TransposeBackward0",
    "narrow": "SliceBackward0",
    "outer": "MulBackward0",
    "qr": "LinalgQrBackward0",
    "rad2deg": "Rad2DegBackward0",
    "ravel": "ViewBackward0",
    "reshape": "ViewBackward0",
    "reshape_as": "ViewBackward0",
    "slogdet": "LinalgSlogdetBackward0",
    "special_i0e": "SpecialI0EBackward0",
    "special_i1e": "SpecialI1EBackward0",
    "special_xlog1py": "SpecialXlog1PyBackward0",
    "split_into": "SplitBackward0",
    "square": "PowBackward0",
    "svd": "LinalgSvdBackward0",
    "swapaxes": "TransposeBackward0",
    "swapdims": "TransposeBackward0",
    "T": "PermuteBackward0",
    "tensor_split": "SliceBackward0",
    "true_divide": "DivBackward0",
    "unflatten": "ViewBackward0",
    "unsafe_chunk": "UnsafeSplitBackward0",
    "view_as": "ViewBackward0",
    "vsplit": "SliceBackward0",
}


@functools.cache
def node_name(row):
    """`AddmmBackward0` of `addmm`."""
    found = _EXCEPTIONS.get(row)
    if found is not None:
        return found
    parts = row.replace(".", "_").split("_")
    return "".join(part[:1].upper() + part[1:] for part in parts if part) + "Backward0"
