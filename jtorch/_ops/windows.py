"""Views as rules: what a call comes to follows from meta and arguments, and is remembered.

    @view("(Tensor input, int dim0, int dim1)", in_place=True)
    def transpose(meta, dim0, dim1):
        return _shapes.transpose(meta.geometry, dim0, dim1)

A rule gets the meta of the tensor and the arguments as plain integers and tuples of them. It returns
the geometry of the view, counted from the tensor's first element; with `pieces=True` a list of
geometries. Two more answers: `SAME`, the tensor itself, and `Copy(shape)`, a copy in that shape.
"""

import ast
import functools
import inspect
import operator

from jtorch._engine.node import Aval, Kernel
from jtorch._engine.realize import record
from jtorch._messages import type_name
from jtorch._meta import Meta
from jtorch._ops.families import Binding, bindings
from jtorch._ops.parameters import NUMPY_NAMES
from jtorch._ops.signatures import (
    Argument,
    Signature,
    Signatures,
    bind_both,
    is_integer,
    parse,
)
from jtorch._ops.writing import refuse_autograd, refuse_leaf
from jtorch._size import Size
from jtorch._tensor import Tensor, from_node, node_of, retarget
from jtorch.autograd._modes import mode

_new = object.__new__
_SEQUENCES = (tuple, list, Size)
_MOST = 1 << 13  # calls remembered for one rule

SAME = object()


class Copy(tuple):
    """A rule's answer where no view will do: a copy in this shape."""

    __slots__ = ()


def window_at(tensor, meta, offset):
    """The window (meta, offset) onto the storage of `tensor`, without a part in its history."""
    view = _new(Tensor)
    view._meta = meta
    view._storage = tensor._storage
    view._offset = offset
    if tensor._counter is not None:
        view._counter = tensor._counter
    return view


def opened(tensor, meta, offset):
    """A view of `tensor`: the window (meta, offset). Every view that has a gradient is made here."""
    if tensor._requires_grad and mode.enabled:
        refuse_autograd("view", (tensor,))
    return window_at(tensor, meta, offset)


def become(tensor, meta, offset):
    """Make a tensor another window onto its storage, in place."""
    (tensor._counter or tensor._storage).version += 1
    retarget(tensor, tensor._storage, meta, offset)
    return tensor


def copied(tensor, meta):
    """A copy with the same elements in row-major order, of a meta that is contiguous."""
    if tensor._requires_grad and mode.enabled:
        refuse_autograd("reshape", (tensor,))
    node = node_of(tensor)
    shape = tuple(meta.shape)
    if node.aval.shape != shape:
        node = record(_reshape_kernel(node.aval, shape), (node,), meta.device)
    return from_node(node, meta)


@functools.cache
def _reshape_kernel(aval, shape):
    return Kernel("reshape", lambda array: array.reshape(shape), (aval,), Aval(shape, aval.dtype))


def require_tensor(name, value, argument="input", position=1):
    """Raise torch's error if the value is no tensor."""
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be Tensor, "
            f"not {type_name(value)}"
        )


def ints_of(name, argument, values):
    """The variadic integers of `repeat(2, 3)` or `repeat((2, 3))`."""
    if len(values) == 1 and not hasattr(values[0], "__index__"):
        if not isinstance(values[0], (list, tuple)):
            raise TypeError(
                f"{name}(): argument '{argument}' (position 1) must be tuple of ints, "
                f"not {type_name(values[0])}"
            )
        values = values[0]
    for position, each in enumerate(values):
        if not hasattr(each, "__index__"):
            raise TypeError(
                f"{name}(): argument '{argument}' (position 1) must be tuple of ints, "
                f"but found element of type {type_name(each)} at pos {position}"
            )
    return tuple([each.__index__() for each in values])


class Views:
    """The calls of one view: arguments to plain ones, rule to windows, and both remembered."""

    remembers = True

    def __init__(self, rule, name, signatures, pieces=False, reads=None):
        self.rule = rule
        self.name = name
        self.pieces = pieces
        self.reads = reads or {}  # name of an argument -> what makes a plain value of a tensor
        self.signatures = signatures
        self.of_method = signatures.of_method()
        self.deliver = pieces_of if pieces else view_of  # (tensor, answer) -> what the call gives
        self.known = {}  # (meta, arguments) -> answer

    def __call__(self, tensor, *arguments):
        """The view; the arguments are plain integers and tuples of them, in order."""
        return self.deliver(tensor, self.answer(tensor, arguments))

    def answer(self, tensor, arguments):
        """What the rule answers, as (meta, distance) or, of pieces, a list of those.

        (None, 0) is the tensor itself, (meta, None) a copy.
        """
        meta = tensor._meta
        key = (meta, arguments)
        found = self.known.get(key)
        if found is None:
            result = self.rule(meta, *arguments)
            if self.pieces:
                found = [_placed(meta, each) for each in result]
            else:
                found = _placed(meta, result)
            remember(self.known, key, found)
        return found

    def arguments(self, args, kwargs, is_method, spread):
        """The plain arguments of a call with `args` (the tensor first) and `kwargs`.

        Errors:  TypeError, in torch's words, for a call that fits no signature.
        """
        if spread and len(args) > 1 and is_integer(args[1]):
            args = (args[0], args[1:])
        if is_method:
            place = self.of_method.choose(args[1:], kwargs)
        else:
            place = self.signatures.choose(args, kwargs)
        return tuple(self._plain(self.signatures.signatures[place], args, kwargs))

    def _plain(self, signature, args, kwargs):
        given = {NUMPY_NAMES.get(name, name): value for name, value in kwargs.items()}
        for place, each in enumerate(signature.arguments[1:], start=1):
            if place < len(args):
                yield self._plain_value(each, args[place])
            elif each.name in given:
                yield self._plain_value(each, given[each.name])
            else:
                yield ast.literal_eval(each.default)

    def _plain_value(self, argument, value):
        if value is None:
            return None
        if argument.type == "int":
            return operator.index(value)
        if argument.type == "tuple of ints":
            return tuple([operator.index(each) for each in value])
        return self.reads[argument.name](value) if argument.type == "Tensor" else value


def remember(known, key, found):
    if len(known) >= _MOST:
        known.clear()
    known[key] = found


class ViewsOfPlace(Views):
    """A view whose rule gets the tensor, since it asks where in memory that begins.

    The rule returns the meta of the view and where that begins; nothing is remembered.
    """

    remembers = False

    def answer(self, tensor, arguments):
        meta, offset = self.rule(tensor, *arguments)
        return meta, offset - tensor._offset



def view_of(tensor, found):
    """The view that an answer says."""
    meta, distance = found
    if distance is None:
        return copied(tensor, meta)
    if meta is None:
        return tensor
    return opened(tensor, meta, tensor._offset + distance)


def pieces_of(tensor, found):
    """The views that a list of answers says."""
    start = tensor._offset
    return tuple([opened(tensor, meta, start + distance) for meta, distance in found])


def _placed(meta, answer):
    if answer is SAME:
        return None, 0
    if answer.__class__ is Copy:
        return Meta(tuple(answer), meta.dtype, meta.device), None
    shape, stride, distance = answer
    return Meta(tuple(shape), meta.dtype, meta.device, tuple(stride), meta.mirrored), distance


class _Shape(Argument):
    """A tuple of integers, for which no integer will do."""

    def accepts(self, value):
        return isinstance(value, _SEQUENCES) and super().accepts(value)


def _parse(text):
    found = parse(text)
    return Signature([
        _Shape(**vars(each)) if each.type == "tuple of ints" else each for each in found.arguments
    ])  # fmt: skip


# Calls: plain integers that were seen before go the short way.


def _general(views, is_method, spread, act):
    """Any call of a function or a method; `act` gets the tensor and the plain arguments."""

    def general(args, kwargs):
        arguments = views.arguments(args, kwargs, is_method, spread)
        tensor = args[0] if args else next(
            value for name, value in kwargs.items() if NUMPY_NAMES.get(name, name) == "input"
        )  # fmt: skip
        return act(tensor, *arguments)

    return general


def _with_integers(views, is_method, spread):
    """The calls of a view whose arguments are integers, one by one."""
    known, deliver = {}, views.deliver
    general = _general(views, is_method, spread, views)

    def function(*args, **kwargs):
        if kwargs or not args or not isinstance(args[0], Tensor):
            return general(args, kwargs)
        rest = args[1:]
        for each in rest:
            if each.__class__ is not int:
                return general(args, kwargs)
        key = (args[0]._meta, rest)
        found = known.get(key)
        if found is None:
            found = views.answer(args[0], views.arguments(args, {}, is_method, spread))
            if views.remembers:
                remember(known, key, found)
        return deliver(args[0], found)

    return function


def _with_shape(views, is_method, spread):
    """The calls of a view whose argument is one shape; `spread`: also as integers, one by one."""
    known, deliver = {}, views.deliver
    general = _general(views, is_method, spread, views)

    def function(*args, **kwargs):
        if kwargs or len(args) < 2 or not isinstance(args[0], Tensor):
            return general(args, kwargs)
        shape = args[1:]
        if len(shape) == 1 and shape[0].__class__ in _SEQUENCES:
            shape = tuple(shape[0])
        elif not spread:
            return general(args, kwargs)
        for each in shape:
            if each.__class__ is not int:
                return general(args, kwargs)
        key = (args[0]._meta, shape)
        found = known.get(key)
        if found is None:
            found = views.answer(args[0], views.arguments(args, {}, is_method, spread))
            if views.remembers:
                remember(known, key, found)
        return deliver(args[0], found)

    return function


def _in_place(views, spread):
    name = views.name + "_"
    own = Views(views.rule, name, Signatures(name, views.signatures.signatures))

    def act(tensor, *arguments):
        refuse_leaf(tensor)
        try:
            meta, distance = views.answer(tensor, arguments)
        except RuntimeError as error:
            text = str(error)
            if not text.startswith(f"{views.name}() "):
                raise
            raise RuntimeError(name + text.removeprefix(views.name)) from None
        return tensor if meta is None else become(tensor, meta, tensor._offset + distance)

    general = _general(own, True, spread, act)

    def function(*args, **kwargs):
        return general(args, kwargs)

    return function


def view(*texts, name=None, variants="fm", in_place=False, pieces=False, shape=False, spread=False,
         reads=None, views=Views):  # fmt: skip
    """Declare a view by its rule and its signatures.

    `shape`: its argument is one shape, for which a method takes integers, too. `spread`: a method
    takes integers for a tuple of them. `in_place`: there is `NAME_`, which makes the tensor the view.
    `reads`: for arguments that are tensors, functions that give what they hold.
    """

    def declare(rule):
        known = name or rule.__name__
        signatures = Signatures(known, [_parse(text) for text in texts])
        made = views(rule, known, signatures, pieces, reads)
        functions = []
        for is_method in (False, True):
            spreads = is_method and (shape or spread)
            function = (_with_shape if shape else _with_integers)(made, is_method, spreads)
            functions.append(_named(function, known, rule))
        changed = _named(_in_place(made, shape or spread), known + "_", rule) if in_place else None
        bind_both(known, *functions, variants, (), changed)
        return functions[0]

    return declare


def attribute(name, get, put=None):
    """Bind a view that is an attribute of tensors; `put(tensor, value)` assigns to it."""

    def refuse(self, value=None):
        raise AttributeError(f"attribute '{name}' of 'torch._C.TensorBase' objects is not writable")

    bindings.append(Binding(name, property(get, put or refuse, refuse, get.__doc__), variants="m"))


def _named(function, name, rule):
    function.__name__ = function.__qualname__ = name
    function.__doc__ = inspect.getdoc(rule)
    function.__module__ = "torch"
    return function
