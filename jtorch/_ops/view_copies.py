"""`transpose_copy` and its like: what a view shows, in contiguous memory of its own."""

import inspect

from jtorch import _shapes
from jtorch._dtypes import c_name
from jtorch._ops.calls import Calls
from jtorch._ops.elements import detach, view_as_complex, view_as_real
from jtorch._ops.families import Binding, bindings
from jtorch._ops.history import connect_constant, renamed
from jtorch._ops.names import missing
from jtorch._ops.pieces import split_into, split_with_sizes, unbind
from jtorch._ops.view import (
    alias,
    as_strided,
    copy_of,
    dense_copy,
    diagonal,
    expand,
    permute,
    select,
    squeeze,
    t,
    transpose,
    unfold,
    unsqueeze,
    view_,
)
from jtorch._ops.windows import view
from jtorch._ops.writing import resize_out


@view("(Tensor input, int dim = 0, int? start = None, int? end = None, int step = 1)", name="slice",
      variants="")  # fmt: skip
def _slice(meta, dim=0, start=None, end=None, step=1):
    """`input[..., start:end:step]` along one dim."""
    return _shapes.slice(meta.geometry, dim, start, end, step)


_COPIES = (
    ("alias", alias, "(Tensor input)"),
    ("as_strided", as_strided,
     "(Tensor input, tuple of ints size, tuple of ints stride, int? storage_offset = None)"),
    ("detach", detach, "(Tensor input)"),
    ("diagonal", diagonal, "(Tensor input, int offset = 0, int dim1 = 0, int dim2 = 1)"),
    ("expand", expand, "(Tensor input, tuple of ints size, *, bool implicit = False)"),
    ("permute", permute, "(Tensor input, tuple of ints dims)"),
    ("select", select, "(Tensor input, int dim, int index)"),
    ("slice", _slice,
     "(Tensor input, int dim = 0, int? start = None, int? end = None, int step = 1)"),
    ("split", split_into, "(Tensor input, int split_size, int dim = 0)"),
    ("split_with_sizes", split_with_sizes,
     "(Tensor input, tuple of ints split_sizes, int dim = 0)"),
    ("squeeze", squeeze, "(Tensor input)", "(Tensor input, int dim)",
     "(Tensor input, tuple of ints dim)"),
    ("t", t, "(Tensor input)"),
    ("transpose", transpose, "(Tensor input, int dim0, int dim1)"),
    ("unbind", unbind, "(Tensor input, int dim = 0)"),
    ("unfold", unfold, "(Tensor input, int dimension, int size, int step)"),
    ("unsqueeze", unsqueeze, "(Tensor input, int dim)"),
    ("view_as_complex", view_as_complex, "(Tensor input)"),
    ("view_as_real", view_as_real, "(Tensor input)"),
    ("view", view_, "(Tensor input, torch.dtype dtype)", "(Tensor input, tuple of ints size)"),
)  # fmt: skip
_IN_PIECES = ("split", "split_with_sizes", "unbind")


def _with_out(text, kind):
    mark = "" if "*" in text else ", *"
    return f"{text[:-1]}{mark}, {kind}? out = None)"


def _delivered(copy, out):
    if out is None:
        return copy
    if out.dtype is not copy.dtype:
        raise RuntimeError(
            f"Expected out tensor to have dtype {c_name(copy.dtype)}, but got "
            f"{c_name(out.dtype)} instead"
        )
    resize_out(out, copy.shape)
    return out.copy_(copy)


def _copies_of(pieces):
    """Copies of pieces, whose node they share."""
    name = pieces[0]._node and pieces[0]._node.name()
    copies = tuple([copy_of(each) for each in pieces])
    if copies[0]._node is not None:
        renamed(copies[0]._node, f"{name}_copy")
    return copies


def _copying(name, get, texts):
    """The function `NAME_copy`."""
    in_pieces = name in _IN_PIECES
    kind = "tuple of Tensors" if in_pieces else "Tensor"
    calls = Calls(f"{name}_copy", [_with_out(text, kind) for text in texts])

    def copying(*args, **kwargs):
        *arguments, out = calls.arguments(args, kwargs)
        if name == "expand":
            arguments = arguments[:2]
        found = get(*arguments)
        if name == "detach":
            copy = dense_copy(found)
            connect_constant(missing("detach_copy"), arguments, copy)
            return _delivered(copy, out)
        if not in_pieces:
            return _delivered(copy_of(found), out)
        if out is None:
            return _copies_of(found)
        for each, target in zip(found, out, strict=True):
            if name == "split":
                target.copy_(each)
            else:
                _delivered(each, target)
        return None

    copying.__name__ = copying.__qualname__ = f"{name}_copy"
    copying.__module__ = "torch"
    copying.signatures = calls.checked.signatures
    copying.__doc__ = f"A copy of what `{name}` shows. {inspect.getdoc(get).splitlines()[0]}"
    return copying


for _name, _get, *_texts in _COPIES:
    bindings.append(Binding(f"{_name}_copy", _copying(_name, _get, _texts), variants="f"))
