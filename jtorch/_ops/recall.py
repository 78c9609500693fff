"""What a node of a kernel remembers of tensors, and what it answers about them later.

torch's nodes save tensors for the derivative, and users see it: a tensor that was changed since makes
backward fail, saved tensors are attributes (`_saved_self`), and after backward they are gone. Ours
hold values, which nobody can change; what torch saves (`saved.py`) is remembered beside them.
"""

import functools
import re
import weakref

import numpy as np

from jtorch._autograd.anomaly import anomaly
from jtorch._autograd.derive import is_differentiable, needs_of, outputs_of
from jtorch._autograd.graph import Node
from jtorch._dtypes import BY_NUMPY
from jtorch._engine.node import Aval, leaf
from jtorch._engine.node import Node as Value
from jtorch._meta import Meta
from jtorch._ops.evaluate import AS_IS, LITERAL, NUMBER, PROMOTED, ROUNDED, SEQUENCE, evaluate
from jtorch._ops.names import forward_name
from jtorch._ops.saved import saves_of
from jtorch._tensor import Tensor, from_node, node_of, version_of

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they "
    "have already been freed). Saved intermediate values of the graph are freed when you call "
    ".backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the "
    "graph a second time or if you need to access saved tensors after calling backward."
)
_HINT = (
    "enable anomaly detection to find the operation that failed to compute its gradient, with "
    "torch.autograd.set_detect_anomaly(True, check_nan=False)."
)
_HINT_OF_ANOMALY = (
    "the backtrace further above shows the operation that failed to compute its gradient. The variable "
    "in question was changed in there or anywhere later. Good luck!"
)


# What is to be remembered, by the name of the node, the kernel, and the inputs that want gradients


class Plan:
    """What a node keeps: `needs`, inputs; what it watches for changes; whether it can be freed."""

    __slots__ = ("frees", "needs", "needs_numbers", "results", "watched")

    def __init__(self, kernel, needs, watched, results, frees):
        self.needs = needs  # inputs of the kernel, for the derivative or for users
        self.needs_numbers = any(kernel.inputs[i].__class__ is str for i in needs)
        self.watched = watched  # inputs
        self.results = results  # places of results that are watched
        self.frees = frees  # whether the node is used up by a backward that keeps no graph


_plans = {}


def plan_of(name, kernel, wanted) -> Plan:
    key = (name, kernel, wanted)
    found = _plans.get(key)
    if found is None:
        found = _plans[key] = _plan(name, kernel, wanted)
    return found


def _plan(name, kernel, wanted):
    needs = needs_of(kernel, wanted)
    saves = saves_of(name)
    if saves is None:
        frees = name in _USED_UP or any(kernel.inputs[i].__class__ is Aval for i in needs)
        return Plan(kernel, needs, (), (), frees)
    inputs, values = _arguments(kernel)
    kept, watched = set(needs), []
    frees = bool(saves.results)
    for argument in sorted(saves.arguments):
        if not _is_saved(argument, saves.arguments[argument], inputs, values, wanted):
            continue
        frees = True
        kept.update(inputs.get(argument, ()))
        watched += [i for i in inputs.get(argument, ()) if kernel.inputs[i].__class__ is Aval]
    if not frees:
        # perhaps one kernel for several of torch's nodes, with the name of the last one
        frees = any(
            kernel.inputs[i].__class__ is Aval and is_differentiable(kernel.inputs[i].dtype)
            for i in needs
        )
    for argument in saves.values:
        kept.update(i for i in inputs.get(argument, ()) if kernel.inputs[i].__class__ is str)
    for argument in saves.results:
        kept.update(inputs.get(argument, ()))
        watched += inputs.get(argument, ())
    again = [each for each in sorted(saves.results) if each not in inputs]
    if again:
        kept.update(range(len(kernel.inputs)))  # to compute them again
    count = len(outputs_of(kernel))
    places = [saves.results[each] for each in again]
    results = tuple(each for each in places if each is not None and each < count)
    return Plan(kernel, tuple(sorted(kept)), tuple(watched), results, frees)


_USED_UP = ("CopySlices", "torch::autograd::CopySlices")


def _is_saved(argument, condition, inputs, values, wanted):
    """Whether torch saves a tensor argument, where `wanted` inputs want gradients."""
    if argument in values and values[argument] is None:
        return False  # optional, and not given
    return not condition or any(i in wanted for i in inputs.get(condition, ()))


# Kernels that are not of rows, by their names: torch's names of their inputs.
_INPUTS = {
    "index": ("self", "indices"),
    "index_put": ("self", "values", "indices"),
    "masked_select": ("self", "mask"),
}


def _arguments(kernel):
    """(name of an argument -> its places among the inputs, name -> value of what is static)."""
    function = kernel.function
    if getattr(function, "func", None) is evaluate:
        return _arguments_of_row(function)
    count = len(kernel.inputs)
    names = _INPUTS.get(kernel.name, ("self",))
    inputs = {each: (place,) for place, each in enumerate(names[:count])}
    if names[-1] == "indices":
        inputs["indices"] = tuple(range(len(names) - 1, count))
    return inputs, {}


@functools.cache
def _arguments_of_row(function):
    body, template = function.args[:2]
    code = body.__code__
    names = [*code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]]
    inputs, values = {}, {}
    count = 0
    for name, part in zip(names, template, strict=True):
        kind = part[0] if part.__class__ is tuple and part else part
        if kind in (PROMOTED, ROUNDED, AS_IS, NUMBER) and part.__class__ is str:
            inputs[name] = (count,)
            count += 1
        elif kind == SEQUENCE:
            inputs[name] = tuple(range(count, count + part[1]))
            count += part[1]
        else:
            values[name] = part[2] if kind == LITERAL else part
    first = "input" if "input" in names else names[0]
    for known in (inputs, values):
        for theirs in ("self", "A"):
            if first in known:
                known.setdefault(theirs, known[first])
    return inputs, values


# Changes in place


def watch(place, tensor):
    """What tells later whether the tensor has been changed since now, and which it was."""
    version = version_of(tensor)
    return place, version, version.count, weakref.ref(tensor), tensor._base is not None


def refuse_changed(node, watched):
    """torch's error where a tensor that the node saved has been changed since."""
    for place, version, count, reference, is_view in watched:
        if version.count != count:
            known = _described(node, place, reference(), is_view)
            text = f"{known} is at version {version.count}; expected"
            hint = _HINT_OF_ANOMALY if anomaly.enabled else _HINT
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an inplace "
                f"operation: {text} version {count} instead. Hint: {hint}"
            )


def recheck(node):
    """`refuse_changed`, before the saved tensors are used.

    What was written to them behind autograd's back (by `.data`, by numpy) counts: torch looks at their
    memory only now. Those that are windows, and results, stay here as they were.
    """
    for watched in node._watched:
        place, version, count, reference, _ = watched
        if version.count != count:
            refuse_changed(node, (watched,))
        tensor = reference() if place >= 0 else None
        if tensor is None:
            continue
        storage, saved = tensor._storage, node._saved[place]
        plain = saved.__class__ is Value
        known = saved if plain else getattr(saved, "node", None)  # a hook has packed what has none
        if known is None or storage.value is known or storage.meta is not tensor._meta:
            continue
        if known.aval is tensor._meta.aval and tensor._meta.device is node._device:
            if plain:
                node._saved[place] = node_of(tensor)
            else:
                saved.node = node_of(tensor)


def _described(node, place, tensor, is_view):
    """A saved tensor in torch's words; `tensor` is None where it is gone."""
    if place < 0:  # a result
        meta, output = node._metas[~place], ~place
        maker = node if meta.dtype.is_floating_point or meta.dtype.is_complex else None
    else:
        output = 0
        if tensor is None:
            aval = node._kernel.inputs[place]
            meta = Meta(aval.shape, BY_NUMPY[aval.dtype], node._device)
            edge = node._edges[node._wanted.index(place)] if place in node._wanted else None
            maker = None if edge is None or not edge[0]._edges else edge[0]
        else:
            meta, maker = tensor._meta, tensor.grad_fn
    text = f"[{name_of_type(meta)} {list(meta.shape)}]"
    if maker is None:
        return text
    # the history of a view is made anew when its base has changed
    name = "AsStrided" if is_view and tensor is None and place >= 0 else forward_name(maker)
    return f"{text}, which is output {output} of {name},"


_OLD_TYPES = ("Byte", "Char", "Short", "Int", "Long", "Half", "Float", "Double")


def name_of_type(meta):
    name, device = meta.dtype.scalar_name, meta.device.type
    if name not in _OLD_TYPES:
        return f"{device.upper()}{name}Type"
    return f"torch.{name}Tensor" if device == "cpu" else f"torch.{device}.{name}Tensor"


# Attributes


class RecallingNode(Node):
    """A node with torch's `_saved_*` attributes. Subclasses know a kernel and keep its inputs."""

    _arguments = None  # of a view: name -> value

    def __init_subclass__(cls):
        saves = saves_of(cls.__name__)
        if saves is None:
            return
        for name in saves.names:
            _attribute(cls, f"_saved_{name}", functools.partial(_recalled, name=name))
        for name in (*saves.arguments, *saves.results):
            _attribute(cls, f"_raw_saved_{name}", functools.partial(_raw, name=name))


def _attribute(cls, name, get):
    """An attribute that is read only, in torch's words."""

    def refuse(self, value=None):
        raise AttributeError(
            f"attribute '{name}' of '{type(self).__name__}' objects is not writable"
        )

    setattr(cls, name, property(lambda self: get(self), refuse, refuse))


def _recalled(node, name):
    """The value of `_saved_NAME`."""
    saves = saves_of(type(node).__name__)
    inputs, values = _arguments(node._kernel)
    if name in saves.results and name in inputs:
        return _input(node, inputs[name][0])
    if name in saves.results:
        return node._result_again(_result_place(node, name))
    if name in saves.arguments:
        if not _is_saved(name, saves.arguments[name], inputs, values, node._wanted):
            return None
        if name in values:
            return _as_tensor(values[name])
        found = tuple([_input(node, place) for place in _places(node, name, inputs)])
        return found if _are_several(node, name) else found[0]
    return _plain(node, name, inputs, values)


def _result_place(node, name):
    place = saves_of(type(node).__name__).results[name]
    if place is None or place >= len(node._metas):
        raise AttributeError(
            f"'{type(node).__name__}' object has no attribute '_saved_{name}' in jtorch"
        )
    return place


def _places(node, name, inputs):
    if name not in inputs:
        raise AttributeError(
            f"'{type(node).__name__}' object has no attribute '_saved_{name}' in jtorch"
        )
    return inputs[name]


def _input(node, place):
    """An input of the kernel as a tensor: the user's own, if it is still there."""
    for watched in node._watched:
        if watched[0] == place:
            tensor = watched[3]()
            if node._saved is not None and node._hooked(place) is None:
                refuse_changed(node, (watched,))
                if tensor is not None:
                    return tensor
    return _as_tensor(node._input_again(place))


def _as_tensor(value):
    """A tensor as it is, a number as torch wraps it."""
    if isinstance(value, Tensor) or value is None:
        return value
    array = np.array(value)
    meta = Meta((), BY_NUMPY[array.dtype])
    return from_node(leaf(array, meta.aval), meta)


_OF_SHAPE = re.compile(r"(.+)_(sym_sizes|sym_strides|sym_numel|sym_argsize_(?:minus_)?\d|dim)")
# What torch keeps as a number of any type; other integers are shown as unsigned ones.
_SCALARS = (
    "alpha", "beta", "correction", "exponent", "lambd", "max", "min", "negative_slope", "ord",
    "other", "p", "scale", "self", "threshold", "value", "weight",
)  # fmt: skip


def _plain(node, name, inputs, values):
    """The value of a static argument, or what is known of the shape of a tensor."""
    if name in inputs:
        return node._input_again(inputs[name][0])
    if name in values:
        return values[name] if name in _SCALARS else _unsigned(values[name])
    if node._arguments is not None and name in node._arguments:
        return _unsigned(node._arguments[name])
    if name == "keepdim":
        return 0 < len(node._kernel.inputs[0].shape) == len(node._metas[0].shape)
    found = _OF_SHAPE.fullmatch(name)
    place = _places(node, name if found is None else found[1], inputs)[0]
    if place not in node._wanted and found[2] == "sym_strides":
        return ()  # of use for the gradient of this one alone
    shape = node._kernel.inputs[place].shape
    if found[2] == "sym_sizes":
        return tuple(shape)
    if found[2] == "sym_numel":
        return node._kernel.inputs[place].size
    if found[2] == "dim":
        return len(shape)
    if found[2] == "sym_strides":
        metas = dict(zip(node._wanted, node._input_metas, strict=True))
        return (
            metas[place].stride if place in metas else Meta(shape, BY_NUMPY[np.dtype("f4")]).stride
        )
    position = int(found[2].rpartition("_")[2])
    return shape[-position] if "minus" in found[2] else shape[position]


def _unsigned(value):
    """As torch shows integers of static arguments: a negative dim as one of 64 unsigned bits."""
    if value.__class__ is int and value < 0:
        return value + 2**64
    if value.__class__ is tuple:
        return tuple([_unsigned(each) for each in value])
    return value


class SavedTensor:
    """A saved tensor itself, for hooks of its own. Source: torch._C._autograd.SavedTensor."""

    __module__ = "torch._C._autograd"

    def __init__(self, node, place):
        self._node = node
        self._place = place  # of an input, or ~ that of a result; None: nothing is saved

    @property
    def data(self):
        """The tensor, or what a hook has made of it."""
        hooked = self._node._hooked(self._place)
        return self.unpack() if hooked is None else hooked.packed

    @property
    def unpack_hook(self):
        """The hook that is to unpack it, or None."""
        hooked = self._node._hooked(self._place)
        return None if hooked is None else hooked.unpack_hook

    def unpack(self):
        """The tensor."""
        if self._place is None:
            return None
        if self._place < 0:
            return self._node._result_again(~self._place)
        return _input(self._node, self._place)

    def register_hooks(self, pack_hook, unpack_hook):
        """Keep `pack_hook(tensor)` instead; `unpack_hook` of that is to give the tensor again.

        Errors:  RuntimeError if nothing is saved any more, and for a second pair.
        """
        if not (callable(pack_hook) and callable(unpack_hook)):
            raise TypeError(
                "register_hooks(): incompatible function arguments. The following argument types are "
                "supported:\n    1. (self: torch._C._autograd.SavedTensor, arg0: "
                "collections.abc.Callable, arg1: collections.abc.Callable) -> None\n\n"
                f"Invoked with: {self!r}, {pack_hook!r}, {unpack_hook!r}"
            )
        if self._place is None:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor with value None is forbidden"
            )
        if self._node._saved is None:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor after it has been freed. Saved intermediate "
                "values of the graph are freed when you call .backward() or autograd.grad(). Specify "
                "retain_graph=True if you need to backward through the graph a second time or if you "
                "need to access saved variables after calling backward."
            )
        if self._node._hooked(self._place) is not None:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor whose hooks have already been set. Hint: "
                "only one pair of hooks is allowed at a time."
            )
        self._node._hook(self._place, self.unpack(), pack_hook, unpack_hook)


def _raw(node, name):
    """The value of `_raw_saved_NAME`."""
    saves = saves_of(type(node).__name__)
    if name in saves.results:
        return SavedTensor(node, ~_result_place(node, name))
    inputs, values = _arguments(node._kernel)
    if not _is_saved(name, saves.arguments[name], inputs, values, node._wanted):
        return SavedTensor(node, None)
    found = tuple([SavedTensor(node, place) for place in _places(node, name, inputs)])
    return found if _are_several(node, name) else found[0]


_SEQUENCES = ("indices", "tensors")  # arguments that are several tensors, but of these nodes:
_WITH_ONE = frozenset((
    "EmbeddingBackward0", "EmbeddingBagBackward0", "MaxUnpool2DBackward0", "MaxUnpool3DBackward0",
))  # fmt: skip


def _are_several(node, name):
    return name in _SEQUENCES and type(node).__name__ not in _WITH_ONE
