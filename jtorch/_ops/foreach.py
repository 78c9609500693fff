"""`torch._foreach_*`: an operation on each tensor of a list. Composites: each element is its own.

All that is recorded runs as one program anyway, so there is nothing to gain by kernels for lists.
"""

import numpy as np

from jtorch._messages import type_name
from jtorch._ops.norms import vector_norm
from jtorch._ops.powers import pow as power
from jtorch._ops.signatures import described
from jtorch._override import NoAnswerError
from jtorch._tensor import Tensor

_UNARY = (
    "abs", "acos", "asin", "atan", "ceil", "cos", "cosh", "erf", "erfc", "exp", "expm1", "floor",
    "frac", "lgamma", "log", "log10", "log1p", "log2", "neg", "reciprocal", "round", "rsqrt",
    "sigmoid", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trunc",
)  # fmt: skip

_SELF = "tuple of Tensors self"
_SCALAR = f"({_SELF}, Number scalar)"
_SCALARS = f"({_SELF}, tuple of Scalars scalars)"
_TENSOR = f"({_SELF}, Tensor other)"
_TENSORS = f"({_SELF}, tuple of Tensors other)"
_ALPHA = ", *, Number alpha = 1)"


def _is_number(value):
    if isinstance(value, Tensor):
        return value.ndim == 0
    return isinstance(value, (int, float, complex, np.number, np.bool_))


def _tensors(values, place=0):
    """A list of tensors. Errors: TypeError, RuntimeError in torch's words."""
    if not isinstance(values, (list, tuple)):
        raise TypeError("no list of tensors")
    for number, each in enumerate(values):
        if not isinstance(each, Tensor):
            # a TypeError that says more than which signatures there are
            raise NoAnswerError(
                f"expected Tensor as element {number} in argument {place}, but got "
                f"{type_name(each)}"
            )
    if not values and place == 0:
        raise RuntimeError("Tensor list must have at least one tensor.")
    return values


def _as_long(self, others, place=1):
    """A second list of tensors, as long as the first one."""
    others = _tensors(others, place)
    if len(others) != len(self):
        raise RuntimeError(
            f"Tensor lists must have the same number of tensors, got {len(self)} and {len(others)}"
        )
    return others


def _for_each(self, other, place=1, takes_tensor=False):
    """What goes with each of the tensors: a number (or 0-dim tensor) for all, or one for each."""
    if isinstance(other, (list, tuple)):
        if other and all(_is_number(each) and not isinstance(each, Tensor) for each in other):
            if len(other) != len(self):
                raise RuntimeError("Tensor list must have same number of elements as scalar list.")
            return other
        return _as_long(self, other, place)
    if takes_tensor and isinstance(other, Tensor) and other.ndim:
        raise RuntimeError(
            f"scalar tensor expected to be 0 dim but it has {other.ndim} dimensions and "
            f"{other.numel()} elements."
        )
    if not _is_number(other):
        raise TypeError("no operand")
    return [other] * len(self)


def _declare(name, plain, in_place, *signatures):
    """Bind a function of lists, and the one that changes the first list, with torch's TypeErrors."""
    for suffix, function in (("", plain), ("_", in_place)):
        if function is not None:
            function.__name__ = full = f"_foreach_{name}{suffix}"
            function.__doc__ = f"Source: torch.{full}."
            described(*signatures, name=full, variants="f")(function)


def _unary(name):
    method, changing = f"{name}", f"{name}_"

    def plain(self):
        return tuple([getattr(each, method)() for each in _tensors(self)])

    def in_place(self):
        for each in _tensors(self):
            getattr(each, changing)()
        return self

    _declare(name, plain, in_place, f"({_SELF})")


def _binary(name, method, *signatures, keyword="other", takes_tensor=False):
    """With another list, with numbers, or with one number; keywords are those of the method."""
    changing = f"{method}_"
    names = {keyword, "other", "scalar", "scalars"}

    def pairs(self, other, named):
        self = _tensors(self)
        for each in names.intersection(named):
            other = named.pop(each)
        others = _for_each(self, other, takes_tensor=takes_tensor)
        if named and not isinstance(others[0], Tensor):
            raise TypeError("numbers have no factor")
        return list(zip(self, others, strict=True))

    def plain(self, *other, **named):
        found = pairs(self, *_one(other), named)
        return tuple([getattr(each, method)(given, **named) for each, given in found])

    def in_place(self, *other, **named):
        for each, given in pairs(self, *_one(other), named):
            getattr(each, changing)(given, **named)
        return self

    _declare(name, plain, in_place, *signatures)


def _one(others):
    """The positional argument, or None; more do not fit."""
    if len(others) > 1:
        raise TypeError("too many")
    return others or (None,)


def _ternary(name):
    """`addcmul` and `addcdiv`: three lists, and a number for all or one for each."""
    changing = f"{name}_"

    def triples(self, tensor1, tensor2, value, scalars):
        self = _tensors(self)
        first, second = _as_long(self, tensor1), _as_long(self, tensor2, 2)
        value = value if scalars is None else scalars
        if isinstance(value, Tensor):
            if value.ndim != 1:
                raise RuntimeError(
                    f"Expected packed scalar Tensor to be of dimension 1. Got {value.ndim} instead."
                )
            value = value.tolist()
            if len(value) != len(self):
                raise RuntimeError(
                    f"Expected length of scalars to match input of length {len(self)} but got "
                    f"{len(value)} instead."
                )
        if isinstance(value, (list, tuple)):
            if len(value) != len(self):
                raise RuntimeError("Tensor list must have same number of elements as scalar list.")
        elif _is_number(value):
            value = [value] * len(self)
        else:
            raise TypeError("no number")
        return zip(self, first, second, value, strict=True)

    def plain(self, tensor1, tensor2, value=1, *, scalars=None):
        found = triples(self, tensor1, tensor2, value, scalars)
        return tuple([getattr(x, name)(a, b, value=factor) for x, a, b, factor in found])

    def in_place(self, tensor1, tensor2, value=1, *, scalars=None):
        for x, a, b, factor in triples(self, tensor1, tensor2, value, scalars):
            getattr(x, changing)(a, b, value=factor)
        return self

    lists = f"{_SELF}, tuple of Tensors tensor1, tuple of Tensors tensor2"
    _declare(
        name, plain, in_place, f"({lists}, tuple of Scalars scalars)", f"({lists}, Tensor scalars)",
        f"({lists}, Number value = 1)",
    )  # fmt: skip


def _lerp(self, tensors1, weight=None, *, weights=None):
    return tuple([a.lerp(b, share) for a, b, share in _weighted(self, tensors1, weight, weights)])


def _lerp_(self, tensors1, weight=None, *, weights=None):
    for a, b, share in _weighted(self, tensors1, weight, weights):
        a.lerp_(b, share)
    return self


def _weighted(self, tensors1, weight, weights):
    self = _tensors(self)
    others = _as_long(self, tensors1)
    shares = _for_each(self, weight if weights is None else weights, 2)
    return list(zip(self, others, shares, strict=True))


def _pow(self, exponent):
    if not isinstance(self, (list, tuple)):
        if not _is_number(self):
            raise TypeError("no number")
        return tuple([power(self, each) for each in _tensors(exponent)])
    pairs = zip(_tensors(self), _for_each(self, exponent), strict=True)
    return tuple([each.pow(given) for each, given in pairs])


def _pow_(self, exponent):
    for each, given in zip(_tensors(self), _for_each(self, exponent), strict=True):
        each.pow_(given)
    return self


def _norm(self, ord=2, dtype=None):
    return tuple([vector_norm(each, ord, dtype=dtype) for each in _tensors(self)])


def _powsum(self, ord=2, dtype=None):
    values = [each if dtype is None else each.to(dtype) for each in _tensors(self)]
    return tuple([each.abs().pow(ord).sum() for each in values])


def _mm(self, mat2):
    if not self:
        raise RuntimeError("_foreach_mm requires non-empty tensor lists")
    pairs = zip(_tensors(self), _as_long(self, mat2), strict=True)
    return tuple([left.mm(right) for left, right in pairs])


def _max(self):
    return tuple([each.max() for each in _tensors(self)])


def _clone(self):
    return tuple([each.clone() for each in _tensors(self)])


def _copy_(self, src, non_blocking=False):
    for each, given in zip(_tensors(self), _as_long(self, src), strict=True):
        each.copy_(given)
    return self


def _zero_(self):
    for each in _tensors(self):
        each.zero_()
    return self


for _name in _UNARY:
    _unary(_name)
_binary(
    "add", "add", _SCALAR, _SCALARS, _TENSOR[:-1] + _ALPHA, _TENSORS[:-1] + _ALPHA,
    takes_tensor=True,
)  # fmt: skip
_binary("sub", "sub", _SCALAR, _SCALARS, _TENSORS[:-1] + _ALPHA)
for _name in ("mul", "div"):
    _binary(_name, _name, _SCALARS, _TENSOR, _TENSORS, _SCALAR, takes_tensor=True)
_ternary("addcmul")
_ternary("addcdiv")
for _name, _method in (
    ("clamp_min", "clamp_min"),
    ("clamp_max", "clamp_max"),
    ("maximum", "clamp_min"),
    ("minimum", "clamp_max"),
):
    _binary(_name, _method, _SCALAR, _SCALARS, _TENSORS)
_LISTS = f"{_SELF}, tuple of Tensors tensors1"
_declare(
    "lerp", _lerp, _lerp_, f"({_LISTS}, Number weight)", f"({_LISTS}, tuple of Scalars weight)",
    f"({_LISTS}, tuple of Tensors weights)",
)  # fmt: skip
_POWERS = (
    f"({_SELF}, Number exponent)",
    f"({_SELF}, tuple of Scalars exponent)",
    f"({_SELF}, tuple of Tensors exponent)",
)
_declare("pow", _pow, None, "(Number self, tuple of Tensors exponent)", *_POWERS)
_declare("pow", None, _pow_, *_POWERS)
_declare("norm", _norm, None, f"({_SELF}, Number ord = 2, torch.dtype? dtype = None)")
_declare("powsum", _powsum, None, f"({_SELF}, Number ord = 2, torch.dtype? dtype = None)")
_declare("mm", _mm, None, f"({_SELF}, tuple of Tensors mat2)")
_declare("max", _max, None, f"({_SELF})")
_declare("clone", _clone, None, f"({_SELF})")
_declare("copy", None, _copy_, f"({_SELF}, tuple of Tensors src, bool non_blocking = False)")
_declare("zero", None, _zero_, f"({_SELF})")
