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
    "identity": "Identity",  # of forward mode
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




class Underived:
    """What stands in the place of a name where torch has a node, but no derivative."""

    def __init__(self, name, error):
        self.name = name
        self.error = error  # raised where a gradient comes


def _refused(name, what):
    return Underived(name, NotImplementedError(f"the derivative for '{what}' is not implemented."))


def missing(operation):
    """Of an operation that torch's autograd does not know."""
    text = f"derivative for aten::{operation} is not implemented"
    return Underived("NotImplemented", RuntimeError(text))


_UNDERIVED = {
    "bincount": missing("bincount"),
    "binomial": missing("binomial"),
    "histogram.edges": missing("histogram"),
    "histogram.uniform": missing("histogram"),
    "histogramdd.edges": missing("_histogramdd_from_bin_tensors"),
    "histogramdd.uniform": missing("_histogramdd_from_bin_cts"),
    "unique.flat": _refused("Unique2Backward0", "_unique2"),
    "unique.rows": _refused("UniqueDimBackward0", "unique_dim"),
    "unique_consecutive.flat": _refused("UniqueConsecutiveBackward0", "unique_consecutive"),
    "unique_consecutive.rows": _refused("UniqueConsecutiveBackward0", "unique_consecutive"),
}

# Results that never require gradients, although they might.
_CONSTANT = frozenset(("histc",))


@functools.cache
def node_name(row):
    """`AddmmBackward0` of `addmm`; an `Underived`; or None: the results never require gradients."""
    if row in _CONSTANT:
        return None
    found = _EXCEPTIONS.get(row) or _UNDERIVED.get(row)
    if found is not None:
        return found
    parts = row.replace(".", "_").split("_")
    return "".join(part[:1].upper() + part[1:] for part in parts if part) + "Backward0"
