"""What Python asks of a tensor: its text, its items, its truths; and torch's predicates."""

import numbers
import textwrap

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._engine.realize import host_array_of
from jtorch._engine.symbolic import says_no_value
from jtorch._messages import type_name
from jtorch._ops.convert import type_string
from jtorch._ops.families import composite
from jtorch._ops.from_data import new_tensor
from jtorch._ops.lift import batch_of, stands_for_batch
from jtorch._ops.signatures import described
from jtorch._ops.tangents import tangent_of, tangents
from jtorch._ops.view import alias
from jtorch._printing import format_tensor, tensor_text
from jtorch._shapes import memory_order
from jtorch._shared_memory import share
from jtorch._tensor import Tensor, is_inference, node_of, window


class _Edges:
    """A tensor of an accelerator as the printer sees it: it fetches the slices it is asked for."""

    def __init__(self, tensor):
        self._tensor = tensor
        self.shape = tensor.shape

    def __getitem__(self, spans):
        tensor = self._tensor
        stride = tensor._meta.stride
        shape = [each.stop - each.start for each in spans]
        offset = tensor._offset + sum(e.start * s for e, s in zip(spans, stride, strict=True))
        return _Slice(node_of(window(tensor, shape, stride, offset)))


class _Slice:
    def __init__(self, node):
        self._node = node

    def __array__(self, dtype=None, copy=None):
        return host_array_of(self._node)


def _elements(tensor):
    """The elements for the printer; on the CPU numpy sees them where they are."""
    meta = tensor._meta
    if meta.device.type == "meta":
        return _Edges(tensor)  # asked for its shape only
    return tensor._host() if meta.device is CPU else _Edges(tensor)


def _grad_fn_name(tensor):
    """How a tensor is printed that has a history; None for one that has none."""
    try:
        node = tensor.grad_fn
    except RuntimeError:  # a view whose base was changed as it must not be: it has none any more
        return "Invalid"
    return None if node is None else type(node).__name__


@composite(name="__repr__", variants="m")
def _repr(self, *, tensor_contents=None):
    """The text of the tensor as PyTorch prints it; waits for the values that it shows."""
    meta = self._meta
    grad_fn_name = _grad_fn_name(self)
    tangent = tangent_of(self, tangents.open[-1]) if tangents.open else None
    kind = type(self)
    is_parameter = getattr(self, "_is_param", False)
    plain = kind is Tensor or (is_parameter and kind.__name__ == "Parameter")
    try:
        elements = _elements(self)
    except RuntimeError as error:
        if not says_no_value(error) or not stands_for_batch(self):
            raise
        number, batch = batch_of(self)
        text = textwrap.indent(repr(batch), "    ")
        return f"BatchedTensor(lvl={number}, bdim=0, value=\n{text}\n)"
    return tensor_text(
        elements,
        dtype_name=meta.dtype.name,
        default_dtype_name=_dtypes.get_default_dtype().name,
        class_name="tensor" if plain else kind.__name__,
        is_parameter=is_parameter,
        is_meta=meta.device.type == "meta",
        device_suffix=None if meta.device is CPU else str(meta.device),
        requires_grad=self._requires_grad,
        grad_fn_name=grad_fn_name,
        tangent_text=None if tangent is None else format(tangent),
        contents=tensor_contents,
    )


@composite(name="__format__", variants="m")
def _format(self, spec):
    """`f"{tensor:.2f}"`: the item's format for a tensor without dims."""
    return format_tensor(self, spec, is_plain=type(self) is Tensor)


@composite(name="__iter__", variants="m")
def _iter(self):
    """The slices along the first dim, one by one.

    Errors:  TypeError for a tensor without dims.
    """
    if not self._meta.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(self.unbind(0))


@composite(name="__contains__", variants="m")
def _contains(self, element):
    """Whether some element equals a number, or broadcast to it a tensor."""
    if not isinstance(element, (Tensor, numbers.Number)):
        raise RuntimeError(
            "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
            f"{type(element)}."
        )
    return bool((element == self).any().item())


# Predicates


def _tensor_only(value):
    if not isinstance(value, Tensor):
        raise TypeError("not a tensor")
    return value


def _predicate(name, answer, documentation):
    """A function of one tensor that is a method too, which `Tensor` may have already."""
    variants = "f" if hasattr(Tensor, name) else "fm"

    @described("(Tensor input)", name=name, variants=variants)
    def ask(input):
        return answer(_tensor_only(input))

    ask.__doc__ = documentation


_predicate("get_device", Tensor.get_device, "The index of the device, -1 for the CPU.")
_predicate("is_inference", is_inference, "Whether inference mode made the tensor.")
_predicate("is_distributed", lambda tensor: False, "False: what DTensor is, is told otherwise.")


@composite(variants="f")
def typename(obj, /):
    """The full name of an object's type; for a tensor the old one, "torch.FloatTensor".

    Source:  torch.typename.
    """
    if isinstance(obj, Tensor):
        return type_string(obj.dtype, obj.device)
    named = obj if hasattr(obj, "__qualname__") else type(obj)
    module = getattr(named, "__module__", None)
    if module in (None, "", "builtins"):
        return named.__qualname__
    return f"{module}.{named.__qualname__}"


@composite(variants="m")
def dim_order(self, *, ambiguity_check=False):
    """The dims from the outermost in memory to the innermost. Source: torch.Tensor.dim_order."""
    return memory_order(self._meta.shape, self._meta.stride)


@composite(variants="m")
def is_pinned(self, device=None):
    """False: no memory here is page-locked. Source: torch.Tensor.is_pinned."""
    return False


@composite(variants="m")
def dense_dim(self):
    """The number of dense dims: all. Source: torch.Tensor.dense_dim."""
    return self._meta.ndim


@composite(variants="m")
def sparse_dim(self):
    """The number of sparse dims: none. Source: torch.Tensor.sparse_dim."""
    return 0


@composite(variants="m")
def is_coalesced(self):
    """A question of sparse tensors; this one is dense.

    Errors:  RuntimeError always.
    Source:  torch.Tensor.is_coalesced.
    """
    raise RuntimeError("is_coalesced expected sparse coordinate tensor layout but got Strided")


@composite(variants="m")
def to_dense(self, dtype=None, *, masked_grad=None):
    """The tensor itself, which is dense; as another dtype if wanted.

    Source:  torch.Tensor.to_dense.
    """
    return self if dtype is None else self.to(dtype)


@composite(variants="m")
def as_subclass(self, cls):
    """The same memory as an object of a subclass of Tensor. Source: torch.Tensor.as_subclass."""
    if not isinstance(cls, type):
        raise TypeError(f"cls must be a type (got {type_name(cls)})")
    if not issubclass(cls, Tensor):
        raise TypeError(
            "Creating a Tensor subclass from a class that does not inherit from Tensor is not "
            "possible. Make sure your class inherits from Tensor."
        )
    return _dressed(alias(self), cls)


def _dressed(tensor, cls):
    """A tensor that nobody else has, as an object of a subclass."""
    try:
        tensor.__class__ = cls
    except TypeError:  # a class with slots of its own
        made = object.__new__(cls)
        vars(made).update(vars(tensor))
        return made
    return tensor


def _make_subclass(cls, data, require_grad=False, **_):
    """An object of a subclass over a tensor's memory: a leaf.

    Errors:  RuntimeError for integers that are to require gradients.
    Source:  torch.Tensor._make_subclass.
    """
    if require_grad and data._meta.dtype.category < _dtypes.FLOATING:
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    return _dressed(data.detach().requires_grad_(bool(require_grad)), cls)


Tensor._make_subclass = staticmethod(_make_subclass)


@composite(variants="m")
def apply_(self, callable):
    """Replace each element by what a Python function makes of it; slow.

    Source:  torch.Tensor.apply_.
    """
    return _mapped("apply_", self, {}, callable)


@composite(variants="m")
def map_(self, other, callable):
    """`apply_` with a function of two elements. Source: torch.Tensor.map_."""
    return _mapped("map_", self, {"other": other}, callable)


@composite(variants="m")
def map2_(self, x, y, callable):
    """`apply_` with a function of three elements. Source: torch.Tensor.map2_."""
    return _mapped("map2_", self, {"x": x, "y": y}, callable)


def _mapped(name, tensor, others, function):
    if tensor.device is not CPU:
        raise TypeError(f"{name} is only implemented on CPU tensors")
    if tensor.requires_grad:
        raise RuntimeError(
            f"Can't call {name}() on Variable that requires grad. Use var.detach().{name}() "
            "instead."
        )
    for place, (argument, each) in enumerate(others.items(), 1):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"{name}(): argument '{argument}' (position {place}) must be Tensor, "
                f"not {type_name(each)}"
            )
        if each.type() != tensor.type():
            raise TypeError(
                f"{name}: expected {tensor.type()} for '{argument}' (got {each.type()})"
            )
    given = [each.expand(tensor.shape).reshape(-1).tolist() for each in (tensor, *others.values())]
    numbers = [function(*each) for each in zip(*given, strict=True)]
    return tensor.copy_(new_tensor(tensor, numbers).reshape(tensor.shape))


@composite(variants="m")
def record_stream(self, stream):
    """Nothing to do: JAX keeps memory until the work on it is done.

    Source:  torch.Tensor.record_stream.
    """


@composite(name="__delitem__", variants="m")
def _delete(self, index):
    """Errors: TypeError always."""
    raise TypeError("Tensor does not support deleting items")


@composite(variants="m")
def share_memory_(self):
    """Have the memory where other processes see it; nothing to do on an accelerator.

    Errors:  NotProvidedError where the system has no such memory.
    Source:  torch.Tensor.share_memory_.
    """
    if self.device is CPU:
        share(self._storage)
    return self
