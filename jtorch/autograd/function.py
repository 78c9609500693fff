"""torch.autograd.Function: operations whose forward and backward the user writes.

The context that `forward` and `backward` get is the node of the graph, as in torch: what the user
leaves on it lives as long as the graph does. What becomes of the results is in `_results.py`.
"""

import functools
import inspect
import warnings
from typing import Any

from jtorch._alias import missing_attribute
from jtorch._autograd.anomaly import anomaly, where_recorded
from jtorch._autograd.graph import Node
from jtorch._autograd.modes import mode
from jtorch._messages import type_name
from jtorch._ops.creation import zeros
from jtorch._ops.edges import edge_of, needs_gradient, point
from jtorch._ops.recall import FREED
from jtorch._tensor import Tensor
from jtorch.autograd import _forward, _results, _vmap
from jtorch.autograd._keeping import SavedTensor

__all__ = [
    "BackwardCFunction",
    "Function",
    "FunctionCtx",
    "FunctionMeta",
    "InplaceFunction",
    "once_differentiable",
]


class FunctionCtx:
    """What `forward` and `setup_context` may ask of their context. Source: torch.autograd.function."""

    to_save = None
    saved_for_forward = None
    dirty_tensors = None
    non_differentiable = None

    def save_for_backward(self, *tensors):
        """Keep tensors (or None) for `backward`, which finds them in `saved_tensors`."""
        self.to_save = tensors

    def save_for_forward(self, *tensors):
        """Keep tensors (or None) for `jvp`, which finds them in `saved_tensors`."""
        for each in tensors:
            if not (each is None or isinstance(each, Tensor)):
                raise AssertionError(
                    "save_for_forward expects all arguments to be tensors; you should save "
                    "non-tensors as attributes on ctx."
                )
        self.saved_for_forward = tensors

    def mark_dirty(self, *args):
        """Say which inputs `forward` has changed in place; each must be returned, too."""
        self.dirty_tensors = args

    def mark_shared_storage(self, *pairs):
        """Nothing: tensors that share memory are known as such."""
        warnings.warn(
            "`mark_shared_storage` is deprecated. Tensors with shared storages are automatically "
            "tracked. Note that calls to `set_()` are not tracked",
            FutureWarning,
            stacklevel=2,
        )

    def mark_non_differentiable(self, *args):
        """Say which outputs have no gradient; `backward` gets zeros for them."""
        self.non_differentiable = args

    def set_materialize_grads(self, value):
        """Whether `backward` and `jvp` get zeros for gradients that are not there, or None."""
        self.materialize_grads = value


def _read_only(name):
    def refuse(self, value=None):
        raise AttributeError(
            f"attribute '{name}' of 'torch._C._FunctionBase' objects is not writable"
        )

    return refuse


class _FunctionBase(Node):
    """A node of the graph as a context: what it has saved, and where gradients go."""

    __module__ = "torch._C"

    __call__ = None  # torch's are not callable, unlike other nodes
    _edges = _metas = ()
    _materialize = True

    def __init__(self, inputs, recorded):
        tensors = [each for each in inputs if isinstance(each, Tensor)]
        super().__init__([edge_of(each) if recorded else None for each in tensors], ())
        self.needs_input_grad = tuple(
            [isinstance(each, Tensor) and needs_gradient(each) for each in inputs]
        )
        self._are_tensors = tuple([isinstance(each, Tensor) for each in inputs])
        self._kept = ()
        if anomaly.enabled:
            self._trace = where_recorded()

    def __repr__(self):
        return object.__repr__(self)

    def _saved_tensors(self):
        """The tensors saved for `backward`, or, in `jvp`, those saved for that."""
        if self.saved_for_forward is not None:
            return self.saved_for_forward
        kept = self._kept_or_freed()
        found = tuple([None if each is None else each.unpack(self) for each in kept])
        if kept and self._forward_cls.clear_saved_tensors_on_access:
            self._kept = _CLEARED
        return found

    def _saved_variables(self):
        warnings.warn(
            "'saved_variables' is deprecated; use 'saved_tensors'", DeprecationWarning, stacklevel=2
        )
        return self._saved_tensors()

    def _kept_or_freed(self):
        if self._kept is _CLEARED:
            raise RuntimeError(
                "saved_tensors can only be accessed once when clear_saved_tensors_on_access=True is "
                "set on the autograd.Function. Either access saved_tensors only once, or set "
                "clear_saved_tensors_on_access=False."
            )
        if self._kept is None:
            raise RuntimeError(FREED)
        return self._kept

    def _raw_saved_tensors(self):
        """The saved tensors themselves, for hooks of their own."""
        return tuple(
            [SavedTensor(None, self) if each is None else each for each in self._kept_or_freed()]
        )

    def _not_readable(self):
        raise AttributeError(
            "attribute 'materialize_grads' of 'torch._C._FunctionBase' objects is not readable"
        )

    def _set_materialize(self, value):
        if value.__class__ is not bool:
            given = ", ".join(map(type_name, value)) if isinstance(value, tuple) else ""
            raise TypeError(
                "set_materialize_grads received an invalid combination of arguments - got "
                f"({given}), but expected (bool)"
            )
        self._materialize = value

    materialize_grads = property(_not_readable, _set_materialize)
    saved_tensors = property(_saved_tensors, *[_read_only("saved_tensors")] * 2)
    saved_variables = property(_saved_variables, *[_read_only("saved_variables")] * 2)
    _raw_saved_tensors = property(_raw_saved_tensors, *[_read_only("_raw_saved_tensors")] * 2)
    next_functions = property(Node.next_functions.fget, *[_read_only("next_functions")] * 2)
    metadata = property(Node.metadata.fget, *[_read_only("metadata")] * 2)

    def _apply(self, gradients):
        """The user's gradients of the inputs that are tensors, from those of the results."""
        if self._materialize:
            gradients = [
                zeros(meta.shape, dtype=meta.dtype, device=meta.device)
                if each is None and meta is not None else each
                for each, meta in zip(gradients, self._metas, strict=True)
            ]  # fmt: skip
        found = self.apply(*gradients)
        found = found if isinstance(found, tuple) else (found,)
        count, name = len(self._are_tensors), type(self).__name__
        if len(found) < count or any(each is not None for each in found[count:]):
            raise RuntimeError(
                f"function {name} returned an incorrect number of gradients (expected {count}, got "
                f"{len(found)})"
            )
        for place, (each, is_tensor) in enumerate(zip(found, self._are_tensors, strict=False)):
            if each is None:
                continue
            if not is_tensor:
                raise RuntimeError(
                    f"function {name} returned a gradient different than None at position "
                    f"{place + 1}, but the corresponding forward input was not a Variable"
                )
            if not isinstance(each, Tensor):
                raise RuntimeError(f"expected Variable or None (got {type(each).__name__})")
        pairs = zip(found, self._are_tensors, strict=False)
        return [each for each, is_tensor in pairs if is_tensor]

    def _release(self):
        for each in self._kept or ():
            if each.__class__ is SavedTensor:
                each.forget()
        self._kept = None


_CLEARED = ("cleared",)


class BackwardCFunction(_FunctionBase, FunctionCtx):
    """The class of contexts; each Function has one of its own, `NAMEBackward`."""

    __module__ = "torch.autograd.function"

    def apply(self, *args):
        """What the user's `backward`, or `vjp`, makes of gradients."""
        function = self._forward_cls
        if function.backward is not Function.backward and function.vjp is not Function.vjp:
            raise RuntimeError(
                "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You "
                "should only implement one of them."
            )
        user = function.backward if function.vjp is Function.vjp else function.vjp
        return user(self, list(args)) if function.boxed_grads_call else user(self, *args)

    def apply_jvp(self, *args):
        """What the user's `jvp` makes of tangents."""
        return self._forward_cls.jvp(self, *args)


class FunctionMeta(type):
    """Gives each Function the class of its contexts."""

    __module__ = "torch.autograd.function"

    def __init__(cls, name, bases, attributes):
        cls._backward_cls = type(
            f"{name}Backward",
            (BackwardCFunction,),
            {"_forward_cls": cls, "__module__": "torch.autograd.function"},
        )
        super().__init__(name, bases, attributes)


def _backward(ctx, *grad_outputs):
    """The gradients of the inputs, from those of the outputs. To be overridden."""
    raise NotImplementedError(
        "You must implement either the backward or vjp method for your custom autograd.Function to "
        "use it with backward mode AD."
    )


class Function(_FunctionBase, FunctionCtx, metaclass=FunctionMeta):
    """An operation with a forward and a backward of the user's own; call it by `apply`.

    Errors:  NotImplementedError for what is asked of it and not overridden.
    Source:  torch.autograd.Function.
    """

    __module__ = "torch.autograd.function"

    generate_vmap_rule = False  # whether `vmap` may be derived from forward and backward
    clear_saved_tensors_on_access = False  # whether `saved_tensors` may be read once only
    boxed_grads_call = False  # whether backward gets its gradients as one list

    def __init__(self, *args, **kwargs):
        warnings.warn(
            f"{self.__class__} should not be instantiated. Methods on autograd functions are all "
            "static, so you should invoke them on the class itself. Instantiating an autograd "
            "function will raise an error in a future version of PyTorch.",
            DeprecationWarning,
            stacklevel=2,
        )

    def __call__(self, *args, **kwargs):
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use "
            "new-style autograd function with static forward method. (Example: "
            "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
        )

    @staticmethod
    def forward(*args, **kwargs):
        """The outputs: `forward(ctx, *args)`, or `forward(*args)` where there is a setup_context."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx, inputs, output):
        """Leave on the context what `backward` needs, after `forward(*inputs)`."""
        raise NotImplementedError("setup_context is not implemented.")

    backward = staticmethod(_backward)
    vjp = staticmethod(_backward)

    @staticmethod
    def jvp(ctx, *grad_inputs):
        """The tangents of the outputs, from those of the inputs. To be overridden."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with "
            "forward mode AD."
        )

    @staticmethod
    def vmap(info, in_dims, *args):
        """(output, its dims) for a batch of calls. To be overridden."""
        raise NotImplementedError(
            "To use autograd.Function with vmap, you must either override the vmap staticmethod or "
            "set generate_vmap_rule=True."
        )

    @classmethod
    def apply(cls, *args, **kwargs) -> Any:
        """Compute the outputs, and record what backward and forward mode need of it."""
        args = _inputs_of(cls, args, kwargs)
        tensors = [each for each in args if isinstance(each, Tensor)]
        recorded = mode.enabled and any(map(needs_gradient, tensors))
        ctx = cls._backward_cls(args, recorded)
        levels = _forward.levels_among(tensors)
        in_one = not has_setup_context(cls)
        if in_one and mode.transforms:
            _vmap.refuse_transform()
        level = _vmap.level_of_vmap()
        has_rule = cls.vmap is not Function.vmap
        if level is not None:
            _vmap.refuse_unclear(cls, has_rule)
        with _forward.quiet():
            if in_one:
                output = cls.forward(ctx, *args)
            else:
                by_rule = level is not None and has_rule
                output = _vmap.by_rule(cls, level, args) if by_rule else cls.forward(*args)
                cls.setup_context(ctx, args, output)
        raw = output if isinstance(output, tuple) else (output,)
        marks = _results.Marks(ctx, args)
        results = _results.wrapped(ctx, marks, raw, recorded, in_one)
        for level in levels:
            _forward.push(ctx, marks, args, raw, results, level)
        ctx.saved_for_forward = None
        return tuple(results) if isinstance(output, tuple) else results[0]


class InplaceFunction(Function):
    """As Function; kept for old programs. Source: torch.autograd.function.InplaceFunction."""

    __module__ = "torch.autograd.function"

    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace


def has_setup_context(cls) -> bool:
    """Whether a Function is of the style whose `forward` gets no context."""
    return cls.setup_context is not Function.setup_context


# Arguments by name


@functools.lru_cache(maxsize=1024)
def _signature_of(forward, without):
    """(signature, names of positional parameters after the first `without`, whether that is all)."""
    signature = inspect.signature(forward)
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [each.name for each in signature.parameters.values() if each.kind in kinds]
    return signature, names[without:], len(names) == len(signature.parameters)


def _inputs_of(cls, args, kwargs):
    """The inputs of a call, all by position."""
    if has_setup_context(cls):
        signature, names, is_all = _signature_of(cls.forward, 0)
        if kwargs or len(args) != len(names) or not is_all:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            args, kwargs = bound.args, bound.kwargs
    elif kwargs:
        names = _signature_of(cls.forward, 1)[1]
    if not kwargs:
        return args
    for name in kwargs:
        if name not in names:
            raise TypeError(f"forward() got an unexpected keyword argument '{name}'")
        if names.index(name) < len(args):
            raise TypeError(f"forward() got multiple values for argument '{name}'")
    last = max(map(names.index, kwargs))
    for position in range(len(args), last + 1):
        if names[position] not in kwargs:
            raise TypeError(
                f"forward() missing required argument: '{names[position]}' (position {position})"
            )
    return (*args, *[kwargs[name] for name in names[len(args) : last + 1]])


# Backward functions that cannot be differentiated themselves


class Error(Node):
    """Stands where nothing can be differentiated: running it raises."""

    __module__ = "builtins"

    def __init__(self, edges, metas, text):
        super().__init__(edges, metas)
        self._text = text

    def name(self):
        return "torch::autograd::Error"

    def _apply(self, gradients):
        raise RuntimeError(self._text)


def once_differentiable(fn):
    """Let a `backward` be written without regard for its own derivative, which then is refused.

    Errors:  RuntimeError where what it returned is differentiated.
    Source:  torch.autograd.function.once_differentiable.
    """

    @functools.wraps(fn)
    def wrapper(ctx, *args, **kwargs):
        before, mode.enabled = mode.enabled, False
        try:
            outputs = fn(ctx, *args, **kwargs)
        finally:
            mode.enabled = before
        if not mode.enabled:
            return outputs
        if not any(isinstance(each, Tensor) and each.requires_grad for each in args):
            return outputs
        return _refusing(outputs)

    return wrapper


def _refusing(outputs):
    """The outputs with a history that cannot be followed."""
    several = outputs if isinstance(outputs, tuple) else (outputs,)
    made = [None if each is None else each.detach() for each in several]
    edges = [None if each is None else edge_of(each.detach().requires_grad_()) for each in made]
    node = Error(
        edges,
        tuple([None if each is None else each._meta for each in made]),
        "trying to differentiate twice a function that was marked with @once_differentiable",
    )
    for place, each in enumerate(made):
        if each is not None:
            point(each, node, place)
    return tuple(made) if isinstance(outputs, tuple) else made[0]


def __getattr__(name):
    raise missing_attribute(__name__, name)
