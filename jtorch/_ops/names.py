"""The names that torch gives to the nodes of its graph, by the name of the row."""

import functools
import re

from jtorch._autograd.graph import name_of
from jtorch._ops.tangents import carries, tangents
from jtorch._tensor import Tensor

# Where a name does not follow from the row's: overloads are counted, and some have other names.
_EXCEPTIONS = {
    "adjoint": "TransposeBackward0",
    "as_strided_": "AsStridedBackward1",
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
    "bernoulli": "BernoulliBackward2",
    "integers": "RandomBackward0",
    "identity": "Identity",  # of forward mode
    "inverse": "LinalgInvExBackward0",
    "log1p": "Log1PBackward0",
    "max": "MaxBackward1",
    "matrix_power.identity": "CopyBackwards",
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
    "squeeze.dim": "SqueezeBackward1",
    "squeeze.dims": "SqueezeBackward2",
    "squeeze_": "SqueezeBackward3",
    "squeeze_.dim": "SqueezeBackward4",
    "squeeze_.dims": "SqueezeBackward5",
    "swapaxes": "TransposeBackward0",
    "swapaxes_": "TransposeBackward1",
    "swapdims": "TransposeBackward0",
    "swapdims_": "TransposeBackward1",
    "T": "PermuteBackward0",
    "t_": "TBackward1",
    "tensor_split": "SliceBackward0",
    "transpose_": "TransposeBackward1",
    "true_divide": "DivBackward0",
    "unflatten": "ViewBackward0",
    "unsqueeze_": "UnsqueezeBackward1",
    "unsafe_chunk": "UnsafeSplitBackward0",
    "view_as": "ViewBackward0",
    "vsplit": "SliceBackward0",
}


class Underived:
    """What stands in the place of a name where torch has a node, but no derivative."""

    def __init__(self, name, error, in_place=None, operation=None):
        self.name = name
        self.error = error  # raised where a gradient comes; None: there is no gradient below
        self.in_place = in_place or self  # the same for the in-place method
        self.operation = operation  # as torch's refusals of tangents call it; None: it has none

    def refuse_tangents(self, operands):
        """torch's error where a tangent would have to pass through the operation."""
        if self.operation is None or not any(map(_has_tangent, operands)):
            return
        text = f"Trying to use forward AD with {self.operation} that does not support it"
        if self.operation.startswith("aten::"):
            raise NotImplementedError(f"{text}.")
        wish = " or submit a PR adding the implementation to derivatives.yaml"
        raise NotImplementedError(
            f"{text} because it has not been implemented yet.\nPlease file an issue to PyTorch at "
            "https://github.com/pytorch/pytorch/issues/new?template=feature-request.yml so that we can "
            f"prioritize its implementation{'.' if self.operation.endswith('_') else wish}"
        )


def _has_tangent(value):
    return isinstance(value, Tensor) and bool(tangents.level) and carries(value)


def refused(name, what):
    """Of an operation whose derivative torch has left out."""
    error = NotImplementedError(f"the derivative for '{what}' is not implemented.")
    operation = what.partition(":")[0]
    if operation.startswith("inplace version of "):
        operation = f"{operation.rpartition(' ')[2]}_"
    prefix = "special_" if name.startswith("Special") else ""
    return Underived(name, error, operation=prefix + operation)


def missing(operation):
    """Of an operation that torch's autograd does not know."""
    in_place = Underived(
        "NotImplemented", _unknown(f"{operation}_"), operation=f"aten::{operation}_"
    )
    return Underived("NotImplemented", _unknown(operation), in_place, f"aten::{operation}")


def _unknown(operation):
    return RuntimeError(f"derivative for aten::{operation} is not implemented")


_UNDERIVED = {
    "bincount": missing("bincount"),
    "floor_divide": missing("floor_divide"),
    "heaviside": missing("heaviside"),
    "unique.flat": refused("Unique2Backward0", "_unique2"),
    "unique.rows": refused("UniqueDimBackward0", "unique_dim"),
    "unique_consecutive.flat": refused("UniqueConsecutiveBackward0", "unique_consecutive"),
    "unique_consecutive.rows": refused("UniqueConsecutiveBackward0", "unique_consecutive"),
}

_IN_PLACE = {
    "acosh": refused("AcoshBackward1", "inplace version of acosh"),
    "asinh": refused("AsinhBackward1", "inplace version of asinh"),
    "atanh": refused("AtanhBackward1", "inplace version of atanh"),
    "conj_physical": "ConjPhysicalBackward1",
}

# Results that never require gradients, although they might; written in place they leave a history.
_CONSTANT = frozenset(("histc", "logical_and", "logical_not", "logical_or", "logical_xor"))


def never(args, kwargs):
    """A rule for names: the results of the row never require gradients."""
    return


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


def forward_name(node):
    """The operation that a node is the gradient of, as torch's errors call it: `Addmm`."""
    return re.sub(r"Backward(\d+)?$", lambda found: (found[1] or "").lstrip("0"), name_of(node))


_TWICE = {
    "CdistBackward0": refused("CdistBackwardBackward0", "_cdist_backward"),
    "EmbeddingBackward0": "EmbeddingDenseBackwardBackward0",
    "EmbeddingBagBackward0": refused("EmbeddingBagBackwardBackward0", "_embedding_bag_backward"),
    "CtcLossBackward0": missing("_ctc_loss_backward"),
    "LogSoftmaxBackward0": "LogSoftmaxBackwardDataBackward0",
    "MultiMarginLossBackward0": missing("multi_margin_loss_backward"),
    "MultilabelMarginLossBackward0": missing("multilabel_margin_loss_backward"),
    "PdistBackward0": refused("PdistBackwardBackward0", "_pdist_backward"),
    "SoftmaxBackward0": "SoftmaxBackwardDataBackward0",
}


def backward_name(node):
    """The name of the node that a gradient has that came through this one; or an `Underived`."""
    return _TWICE.get(node) or node.replace("Backward", "BackwardBackward", 1)


def node_name_in_place(row, name):
    """The same for the in-place method, where the function's is `name`."""
    return _IN_PLACE.get(row) or (name.in_place if name.__class__ is Underived else name)


# What torch's refusals of `out` call an operation, where that is another one of its own; None where
# it lets `out` through.
_FOR_OUT = {
    "bucketize": None,
    "det": "_linalg_det",
    "diff": "sub",
    "float_power": "pow",
    "inverse": "linalg_inv_ex",
    "kron": "mul",
    "linalg_cholesky": "linalg_cholesky_ex",
    "linalg_det": "_linalg_det",
    "linalg_eigh": "_linalg_eigh",
    "linalg_eigvalsh": "_linalg_eigh",
    "linalg_inv": "linalg_inv_ex",
    "linalg_lu_factor": "linalg_lu_factor_ex",
    "linalg_slogdet": "_linalg_slogdet",
    "linalg_solve": "_linalg_solve_ex",
    "linalg_solve_ex": "_linalg_solve_ex",
    "linalg_svd": "_linalg_svd",
    "linalg_svdvals": "_linalg_svd",
    "linalg_vecdot": "sum",
    "msort": "sort",
    "nanmean": "nansum",
    "outer": "mul",
    "qr": "linalg_qr",
    "searchsorted": None,
    "slogdet": "_linalg_slogdet",
    "square": "pow",
    "svd": "_linalg_svd",
    "true_divide": "div",
}


# Operations that torch's autograd does not know, which it lets write into any `out` but a leaf.
THROUGH_OUT = {each: missing(each) for each in ("conj_physical", "floor_divide", "heaviside")}


def name_for_out(row):
    """The operation, as torch's refusals of `out` call it."""
    return f"aten::{row}" if row in THROUGH_OUT else _FOR_OUT.get(row, row)


def of_operand(parameter, tensor, number, self_number=None, place=1):
    """A rule for names, by whether the argument `parameter` at `place` is a tensor or a number.

    `self_number` is the name where the first argument is a number.
    """

    def choose(args, kwargs):
        if self_number is not None and args and not isinstance(args[0], Tensor):
            return self_number
        operand = args[place] if len(args) > place else kwargs.get(parameter)
        return tensor if isinstance(operand, Tensor) else number

    return choose


def by_arguments(choose, *required, **optional):
    """A rule for names: `choose` of these parameters, the first ones, in order; with defaults."""
    names = (*required, *optional)

    def rule(args, kwargs):
        given = dict(zip(names, args, strict=False)) | kwargs
        return choose(*[given[each] if each in given else optional[each] for each in names])

    return rule


def refused_of_first(rule, what):
    """A rule for names where torch has left out the derivative by the first argument."""

    def choose(args, kwargs):
        name = rule(args, kwargs) if callable(rule) else rule
        first = args[0] if args else kwargs.get("input")
        wanted = isinstance(first, Tensor) and first.requires_grad
        if wanted or any(map(_has_tangent, (*args, *kwargs.values()))):
            return refused(name, what)
        return name

    return choose
