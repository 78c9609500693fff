"""Views as rules: what a call comes to follows from meta and arguments, and is remembered.

    @view("(Tensor input, int dim0, int dim1)", in_place=True)
    def transpose(meta, dim0, dim1):
        return _shapes.transpose(meta.geometry, dim0, dim1)

A rule gets the meta of the tensor and the arguments as plain integers and tuples of them. It returns
the geometry of the view, counted from the tensor's first element; with `pieces=True` a list of
geometries. Two more answers: `SAME`, the tensor itself, and `Copy(shape)`, a copy in that shape.
"""

import functools
import inspect

from jtorch._autocast import listed
from jtorch._autograd.modes import mode
from jtorch._dtypes import FLOATING
from jtorch._engine.node import Aval, Kernel
from jtorch._engine.realize import record
from jtorch._messages import type_name
from jtorch._meta import Meta
from jtorch._ops.calls import SEQUENCES, Calls
from jtorch._ops.edges import needs_gradient, point, tracked
from jtorch._ops.families import Binding, bindings
from jtorch._ops.history import Tape, attach, connect
from jtorch._ops.names import node_name
from jtorch._ops.rebase import (
    SEVERAL,
    dense,
    made_in_mode,
    reaches_beyond,
    refuse_in_place,
    window_kernel,
)
from jtorch._ops.signatures import bind_both
from jtorch._ops.tangents import follow, moved, tangents
from jtorch._tensor import Tensor, from_node, node_of, retarget, version_of

_new = object.__new__
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


def geometry_of(tensor):
    """(shape, stride, offset), as `_shapes` wants it."""
    meta = tensor._meta
    return tuple(meta.shape), meta.stride, tensor._offset


def opened(tensor, meta, offset, name, again=None):
    """A view of `tensor`: the window (meta, offset). Every view that has a gradient is made here.

    `name` is the operation's. `again(tensor)` gives (meta, distance) of the same view of a tensor
    that is dense; without it the view's place in memory is all that matters.
    """
    view = window_at(tensor, meta, offset)
    base = tensor if tensor._base is None else tensor._base
    view._base = base
    version = (tensor._counter or tensor._storage).version
    if version:
        view._made_at = version if version.__class__ is int else version.count
    if tensor._requires_grad or tensor._storage.recorded or tangents.level:
        if mode.enabled and needs_gradient(tensor):
            _record(view, tensor, name, again)
        elif needs_gradient(tensor):
            view._requires_grad = meta.dtype.category >= FLOATING
        if tangents.level:
            follow(view, tensor)
    if not mode.enabled:
        view._made_in = made_in_mode()
    elif tensor._made_in is not None:
        view._made_in = tensor._made_in
    return view


def _record(view, tensor, name, again):
    """Give a view its history."""
    meta, whole = view._meta, tensor._meta
    if again is None:
        distance = view._offset - tensor._offset * whole.dtype.itemsize // meta.dtype.itemsize
        view._reaches_beyond = tensor._reaches_beyond or reaches_beyond(whole, meta, distance)
    else:
        view._reaches_beyond = tensor._reaches_beyond
        whole = dense(whole)
        meta, distance = again(from_node(None, whole))
        meta = whole if meta is None else meta
    kernel, starts = window_kernel(whole, meta, distance)
    key = (name, kernel, tensor._meta, view._meta)
    tape = _tapes.get(key)
    if tape is None:
        tape = _tape(*key)
        remember(_tapes, key, tape)
    if not tape or mode.unusual:
        connect(node_name(name), kernel, [tensor, *starts], [view], meta.device)
        return
    value = view._storage.value
    operands = (tensor, *starts)
    tape.connect(operands, operands, view, None if value is None else value.position)


def _tape(name, kernel, whole, view):
    """How views of this kind get their histories; False: in the general way."""
    if view.dtype.category < FLOATING:
        return False
    tape = Tape(node_name(name), kernel, (0,), (view,), (whole,), view.device)
    return not (tape.plan.needs_numbers or 0 in tape.plan.needs) and tape


_tapes = {}


def become(tensor, meta, offset):
    """Make a tensor another window onto its storage, in place."""
    (tensor._counter or tensor._storage).version += 1
    moved(tensor, meta, offset)
    retarget(tensor, tensor._storage, meta, offset)
    return tensor


def copied(tensor, meta):
    """A copy with the same elements in row-major order, of a meta that is contiguous."""
    node = node_of(tensor)
    kernel = _reshape_kernel(node.aval, tuple(meta.shape))
    if node.aval is not meta.aval:
        node = record(kernel, (node,), meta.device)
    copy = from_node(node, meta)
    if tracked((tensor,)):
        source = tensor
        if kernel.output is not kernel.inputs[0]:  # a copy first, as torch's graph has it
            source = copied(tensor, dense(tensor._meta))
        name = "clone" if source is tensor else "unsafe_view"
        attach(node_name(name), kernel, [source], [copy], meta.device)
    return copy


@functools.cache
def _reshape_kernel(aval, shape):
    result = Aval(shape, aval.dtype)
    return Kernel("reshape", lambda array: array.reshape(shape), (aval,), result, takes_numpy=True)


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
    """What the calls of one view come to: rule to windows, remembered."""

    remembers = True

    def __init__(self, rule, name, pieces=False):
        self.rule = rule
        self.name = name
        self.pieces = pieces
        # (tensor, answer, arguments) -> what the call gives
        self.deliver = self.pieces_of if pieces else self.view_of
        self.known = {}  # (meta, arguments) -> answer

    def __call__(self, tensor, *arguments):
        """The view; the arguments are plain integers and tuples of them, in order."""
        return self.deliver(tensor, self.answer(tensor, arguments), arguments)

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

    def view_of(self, tensor, found, arguments, name=None):
        """The view that an answer says; `name` is that of the operation, if it is another one."""
        meta, distance = found
        if distance is None:
            return copied(tensor, meta)
        if meta is None:
            return tensor
        view = opened(
            tensor,
            meta,
            tensor._offset + distance,
            self.overload(name or self.name, arguments),
            lambda it: self.answer(it, arguments),
        )
        if view._node is not None:
            self.note(view, arguments)
        return view

    def overload(self, name, arguments):
        """The operation as nodes are named by it, where overloads have names of their own."""
        return name

    def note(self, view, arguments):
        """Let the node of a view know the arguments, which are its attributes (`_saved_dim`)."""
        code = self.rule.__code__
        view._node._arguments = dict(zip(code.co_varnames[1:], arguments, strict=False))

    def pieces_of(self, tensor, found, arguments):
        """The views that a list of answers says."""
        start = tensor._offset
        return tuple([
            opened(
                tensor, meta, start + distance, self.name,
                lambda it, place=place: self.answer(it, arguments)[place],
            )
            for place, (meta, distance) in enumerate(found)
        ])  # fmt: skip


class ViewsTogether(Views):
    """Pieces that have one node in the graph, and that may not be changed in place."""

    def pieces_of(self, tensor, found, arguments):
        start = tensor._offset
        pieces = [window_at(tensor, meta, start + distance) for meta, distance in found]
        if tracked((tensor,)):
            name = node_name(self.overload(self.name, (tensor, *arguments)))
            whole = dense(tensor._meta)
            windows = self.answer(from_node(None, whole), arguments)
            kernel, starts = _pieces_kernel(whole, tuple(windows))
            put = attach if self.name.startswith("unsafe_") else connect
            put(name, kernel, [tensor, *starts], pieces, whole.device)
            if pieces and pieces[0]._node is not None:
                self.note(pieces[0], arguments)
        if not self.name.startswith("unsafe_"):
            base = tensor if tensor._base is None else tensor._base
            version = (tensor._counter or tensor._storage).version
            for piece in pieces:
                piece._base = base
                if tangents.level:
                    follow(piece, tensor)
                piece._made_at = version if version.__class__ is int else version.count
                piece._made_in = made_in_mode() or SEVERAL
                if needs_gradient(tensor):
                    piece._requires_grad = True
        return tuple(pieces)


@functools.lru_cache(maxsize=_MOST)
def _pieces_kernel(whole, windows):
    """The kernel that takes a dense value to several windows onto it, and its starts."""
    parts = [window_kernel(whole, meta, distance) for meta, distance in windows]

    def pieces(array, *starts):
        starts = iter(starts)
        return tuple(
            kernel.function(array, *[next(starts) for _ in first]) for kernel, first in parts
        )

    def single(place):
        before = 1 + sum(len(first) for _, first in parts[:place])
        kernel, first = parts[place]
        return kernel, (0, *range(before, before + len(first)))

    starts = tuple(start for _, first in parts for start in first)
    inputs = (whole.aval, *"i" * len(starts))
    output = tuple(kernel.output for kernel, _ in parts)
    return Kernel("pieces", pieces, inputs, output, single=single), starts


class ViewsOfPlace(Views):
    """A view whose rule gets the tensor, since it asks where in memory that begins.

    The rule returns the meta of the view and where that begins; nothing is remembered.
    """

    remembers = False

    def answer(self, tensor, arguments):
        meta, offset = self.rule(tensor, *arguments)
        return meta, offset - tensor._offset

    def view_of(self, tensor, found, arguments, name=None):
        meta, distance = found
        view = opened(tensor, meta, tensor._offset + distance, name or self.name)
        if view._node is not None:
            self.note(view, arguments)
        return view


def remember(known, key, found):
    if len(known) >= _MOST:
        known.clear()
    known[key] = found


def _placed(meta, answer):
    if answer is SAME:
        return None, 0
    if answer.__class__ is Copy:
        return Meta(tuple(answer), meta.dtype, meta.device), None
    shape, stride, distance = answer
    return Meta(tuple(shape), meta.dtype, meta.device, tuple(stride), meta.mirrored), distance


# Calls: plain integers that were seen before go the short way.


def _with_integers(views, calls):
    """The calls of a view whose arguments are integers, one by one."""
    known, deliver = {}, views.deliver

    def function(*args, **kwargs):
        if kwargs or not args or not isinstance(args[0], Tensor):
            return views(*calls.arguments(args, kwargs))
        rest = args[1:]
        for each in rest:
            if each.__class__ is not int:
                return views(*calls.arguments(args, kwargs))
        key = (args[0]._meta, rest)
        found = known.get(key)
        if found is None:
            tensor, *arguments = calls.arguments(args, kwargs)
            found = views.answer(tensor, tuple(arguments)), tuple(arguments)
            if views.remembers:
                remember(known, key, found)
        return deliver(args[0], *found)

    function.signatures, function.spread = calls.checked.signatures, calls.spread
    return function


def _with_shape(views, calls):
    """The calls of a view whose argument is one shape; perhaps also as integers, one by one."""
    known, deliver = {}, views.deliver

    def function(*args, **kwargs):
        if kwargs or len(args) < 2 or not isinstance(args[0], Tensor):
            return views(*calls.arguments(args, kwargs))
        shape = args[1:]
        if len(shape) == 1 and shape[0].__class__ in SEQUENCES:
            shape = tuple(shape[0])
        elif calls.spread is None:
            return views(*calls.arguments(args, kwargs))
        for each in shape:
            if each.__class__ is not int:
                return views(*calls.arguments(args, kwargs))
        key = (args[0]._meta, shape)
        found = known.get(key)
        if found is None:
            tensor, *arguments = calls.arguments(args, kwargs)
            found = views.answer(tensor, tuple(arguments)), tuple(arguments)
            if views.remembers:
                remember(known, key, found)
        return deliver(args[0], *found)

    function.signatures, function.spread = calls.checked.signatures, calls.spread
    return function


def _in_place(views, calls):
    name = f"{views.name}_"

    def function(*args, **kwargs):
        tensor, *arguments = calls.arguments(args, kwargs)
        refuse_in_place(tensor)
        try:
            meta, distance = views.answer(tensor, tuple(arguments))
        except RuntimeError as error:
            text = str(error)
            if not text.startswith(f"{views.name}() "):
                raise
            raise RuntimeError(name + text.removeprefix(views.name)) from None
        if meta is None:
            return tensor
        history = None
        if tracked((tensor,)):
            history = views.view_of(tensor, (meta, distance), tuple(arguments), name)
        become(tensor, meta, tensor._offset + distance)
        if history is not None and history._node is not None:
            point(tensor, history._node)
            tensor._made_at = version_of(tensor).count
        return tensor

    function.signatures, function.spread = calls.checked.signatures, calls.spread
    return function


def view(*texts, name=None, variants="fm", in_place=False, pieces=False, shape=False, spread=False,
         reads=None, views=Views):  # fmt: skip
    """Declare a view by its rule and its signatures.

    `shape`: its argument is one shape, for which a method takes integers, too. `spread`: a method
    takes integers for a tuple of them. `in_place`: there is a method `NAME_`, which makes the tensor
    the view ("function": also a function). `reads`: for arguments that are tensors, functions that
    give what they hold.
    """

    def declare(rule):
        known = name or rule.__name__
        made = views(rule, known, pieces)
        make = _with_shape if shape else _with_integers
        places = {"spread": 1 if shape or spread else None, "reads": reads, "is_method": True}
        function = listed(known, make(made, Calls(known, texts, reads=reads)))
        method = make(made, Calls(known, texts, **places))
        changed = None
        if in_place:
            changed = _name(_in_place(made, Calls(f"{known}_", texts, **places)), f"{known}_", rule)
        bind_both(
            known, _name(function, known, rule), _name(method, known, rule), variants, (), changed
        )
        if in_place == "function":
            changed = _name(_in_place(made, Calls(f"{known}_", texts)), f"{known}_", rule)
            bindings.append(Binding(f"{known}_", changed, variants="f"))
        return function

    return declare


def attribute(name, get, put=None):
    """Bind a view that is an attribute of tensors; `put(tensor, value)` assigns to it."""

    def refuse(self, value=None):
        raise AttributeError(f"attribute '{name}' of 'torch._C.TensorBase' objects is not writable")

    bindings.append(Binding(name, property(get, put or refuse, refuse, get.__doc__), variants="m"))


def _name(function, name, rule):
    function.__name__ = function.__qualname__ = name
    function.__doc__ = inspect.getdoc(rule)
    function.__module__ = "torch"
    return function
