"""Parameters and buffers: the tensors that modules own, and those whose shape is not known yet."""

import functools
from collections import OrderedDict

from jtorch import _override
from jtorch._alias import missing_attribute
from jtorch._messages import type_name
from jtorch._ops.creation import empty
from jtorch._rebuilding import set_state
from jtorch._serialize import state_of
from jtorch._sparse.tensor import SparseTensor
from jtorch._tensor import PLAIN, Tensor

__all__ = [
    "Buffer",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "UninitializedTensorMixin",
    "is_lazy",
]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class _ParameterMeta(type(Tensor)):
    """Tensors of any class are parameters if they are marked as such."""

    def __instancecheck__(self, instance):
        kind = instance.__class__
        if kind is self:
            return True
        if self is Parameter and isinstance(instance, Tensor):
            return getattr(instance, "_is_param", False)
        return super().__instancecheck__(instance)


class Parameter(Tensor, metaclass=_ParameterMeta):
    """A tensor that is a parameter of the module it is assigned to.

    `data` of a class of its own stays of that class, and is marked as a parameter.

    Errors:  RuntimeError if gradients are wanted of a dtype that has none.
    Source:  torch.nn.Parameter.
    """

    __torch_function__ = _override._disabled_torch_function_impl
    _is_param = True

    def __new__(cls, data=None, requires_grad=True):
        if data is None:
            data = empty((0,))
        if data.__class__ is Tensor or data.__class__ is Parameter:
            if requires_grad.__class__ is not bool:
                raise TypeError(
                    "_make_subclass(): argument 'require_grad' (position 3) must be bool, "
                    f"not {type_name(requires_grad)}"
                )
            return Tensor._make_subclass(cls, data, requires_grad)
        made = data.detach().requires_grad_(requires_grad)
        if type(made) is not type(data):
            raise RuntimeError(
                f"Creating a Parameter from an instance of type {type(data).__name__} requires "
                f"that detach() returns an instance of the same type, but return type "
                f"{type(made).__name__} was found instead. To use the type as a Parameter, please "
                "correct the detach() semantics defined by its __torch_dispatch__() implementation."
            )
        made._is_param = True
        return made

    def __deepcopy__(self, memo):
        """A copy with memory of its own, without the gradient. Source: torch.nn.Parameter."""
        if id(self) in memo:
            return memo[id(self)]
        made = type(self)(self.data.clone(), self.requires_grad)
        memo[id(self)] = made
        return made

    def __repr__(self):
        return "Parameter containing:\n" + super().__repr__()

    def __reduce_ex__(self, protocol):
        state = state_of(self)
        if not state:
            return _rebuild_parameter, (self.data, self.requires_grad, OrderedDict())
        arguments = (self.data, self.requires_grad, OrderedDict(), state)
        return _rebuild_parameter_with_state, arguments


def _rebuild_parameter(data, requires_grad, backward_hooks):
    """The parameter of a pickle. Source: torch._utils._rebuild_parameter."""
    return Parameter(data, requires_grad)


def _rebuild_parameter_with_state(data, requires_grad, backward_hooks, state):
    """The same with attributes. Source: torch._utils._rebuild_parameter_with_state."""
    return set_state(Parameter(data, requires_grad), state)


def _reduce_sparse(self, protocol):
    """A sparse tensor that is a parameter stays one."""
    if not getattr(self, "_is_param", False):
        return Tensor.__reduce_ex__(self, protocol)
    return _rebuild_parameter, (self.data, self.requires_grad, OrderedDict())


SparseTensor.__reduce_ex__ = _reduce_sparse
PLAIN.add(Parameter)  # the short call paths serve it


class _BufferMeta(type(Tensor)):
    """Tensors are buffers if they are marked as such."""

    def __instancecheck__(self, instance):
        if self is Buffer:
            return isinstance(instance, Tensor) and getattr(instance, "_is_buffer", False)
        return super().__instancecheck__(instance)


class Buffer(Tensor, metaclass=_BufferMeta):
    """A tensor that becomes a buffer of the module it is assigned to.

    With `persistent`, the module's `state_dict` holds it.

    Source:  torch.nn.Buffer.
    """

    __torch_function__ = _override._disabled_torch_function_impl

    def __new__(cls, data=None, *, persistent=True):
        if data is None:
            data = empty((0,))
        made = data.detach().requires_grad_(data.requires_grad)
        made.persistent = persistent
        made._is_buffer = True
        return made


class UninitializedTensorMixin:
    """What parameters and buffers without a shape have in common.

    Errors:  ValueError for whatever asks more of them than their dtype and device.
    Source:  torch.nn.parameter.UninitializedTensorMixin.
    """

    _allowed_methods = (
        "__hash__", "size", "copy_", "is_complex", "is_floating_point", "half", "float", "double",
        "char", "short", "int", "long", "cuda", "cpu", "to", "get_device",
    )  # fmt: skip

    def materialize(self, shape, device=None, dtype=None):
        """Become a tensor of a shape, with the class that this one stands for."""
        device = self.data.device if device is None else device
        dtype = self.data.dtype if dtype is None else dtype
        self.data = empty(tuple(shape), device=device, dtype=dtype)
        self.__class__ = self.cls_to_become

    @property
    def shape(self):
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually "
            "happens in `load_state_dict` when trying to load an uninitialized parameter into an "
            "initialized one. Call `forward` to initialize the parameters before accessing their "
            "attributes."
        )

    def share_memory_(self):
        raise RuntimeError(
            "Can't share memory on an uninitialized parameter or buffer. Call `forward` to "
            "initialize the parameters before calling `module.share_memory()`."
        )

    def __repr__(self):
        return f"<{type(self).__name__}>"

    def __reduce_ex__(self, protocol):
        return type(self), (self.requires_grad, str(self.data.device), self.data.dtype)

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name in cls._allowed_methods or func in _getters():
            return super().__torch_function__(func, types, args, kwargs)
        raise _unusable(func, name, cls)


@functools.cache
def _getters():
    """What reads the attributes of tensors, which is allowed."""
    return {each.fget for each in vars(Tensor).values() if isinstance(each, property)}


def _unusable(func, name, cls):
    if name == "linear":
        shown = "<built-in function linear>"
    elif getattr(Tensor, name, None) is func or name.startswith("__"):
        shown = f"<method '{name}' of 'torch._C.TensorBase' objects>"
    else:
        shown = f"<built-in method {name} of type object>"
    return ValueError(
        f"Attempted to use an uninitialized parameter in {shown}. This error happens when you are "
        f"using a `LazyModule` or explicitly manipulating `torch.nn.parameter.{cls.__name__}` "
        "objects. When using LazyModules Call `forward` with a dummy batch to initialize the "
        "parameters before calling torch functions"
    )


def _refuse(name):
    def refuse(self, *args, **kwargs):
        raise _unusable(getattr(Tensor, name), name, type(self))

    return refuse


# Methods that do not ask subclasses.
for _name in ("dim", "ndimension", "numel", "nelement", "stride", "storage_offset", "item",
              "tolist", "__len__", "element_size", "data_ptr"):  # fmt: skip
    setattr(UninitializedTensorMixin, _name, _refuse(_name))


def is_lazy(param):
    """Whether this is a parameter or a buffer without a shape. Source: torch.nn.parameter.is_lazy."""
    return isinstance(param, UninitializedTensorMixin)


def _uninitialized(cls, requires_grad, device, dtype):
    _override.state.active = True  # rows ask tensors of subclasses from now on
    return Tensor._make_subclass(cls, empty((0,), device=device, dtype=dtype), requires_grad)


class UninitializedParameter(UninitializedTensorMixin, Parameter):
    """A parameter whose shape is not known yet. Source: torch.nn.UninitializedParameter."""

    cls_to_become = Parameter

    def __new__(cls, requires_grad=True, device=None, dtype=None):
        return _uninitialized(cls, requires_grad, device, dtype)

    def __deepcopy__(self, memo):
        if id(self) in memo:
            return memo[id(self)]
        made = type(self)(self.requires_grad, self.data.device, self.data.dtype)
        memo[id(self)] = made
        return made


class UninitializedBuffer(UninitializedTensorMixin, Tensor):
    """A buffer whose shape is not known yet. Source: torch.nn.UninitializedBuffer."""

    cls_to_become = Tensor

    def __new__(cls, requires_grad=False, device=None, dtype=None, persistent=True):
        made = _uninitialized(cls, requires_grad, device, dtype)
        made.persistent = persistent
        made._is_buffer = True
        return made

    def __deepcopy__(self, memo):
        if id(self) in memo:
            return memo[id(self)]
        made = type(self)(self.requires_grad, self.data.device, self.data.dtype, self.persistent)
        memo[id(self)] = made
        return made
