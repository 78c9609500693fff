"""`vmap`: a function of one, applied to a batch. It runs once, and its programs run for all at once."""

import functools
import itertools

from jtorch._autograd.modes import Transform
from jtorch._engine.symbolic import Level, no_value
from jtorch._generator import default_generator
from jtorch._ops.families import Binding, bindings
from jtorch._ops.join import cat
from jtorch._ops.lift import Lift, Seen
from jtorch._ops.view import expand, movedim
from jtorch._ops.windows import window_at
from jtorch._shapes import wrap_dim
from jtorch._tensor import Tensor, node_of
from jtorch._trees import broadcast_to, flatten, unflatten

_RANDOMNESS = ("error", "different", "same")


def vmap(func, in_dims=0, out_dims=0, randomness="error", *, chunk_size=None):
    """The function that applies `func` to each of a batch, along the dims `in_dims` of its arguments.

    Shape:   results get the dim of the batch at `out_dims`.
    Errors:  ValueError for dims that do not fit the arguments; RuntimeError inside, for asking a tensor
             for its value, and for random numbers unless `randomness` is "same" or "different".
    Source:  torch.vmap.
    """
    if randomness not in _RANDOMNESS:
        raise RuntimeError(
            "Only allowed values for randomness are 'error', 'different', or 'same'. "
            f"Got {randomness}"
        )
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")

    @functools.wraps(func)
    def wrapped(*args, **kwargs):
        size, flat_in_dims, flat, spec = _batches(in_dims, args, func)
        call = functools.partial(_mapped, func, flat_in_dims, spec, out_dims, randomness, kwargs)
        if chunk_size is None or chunk_size >= size:
            return call(size, flat)
        return _in_chunks(call, size, chunk_size, flat, flat_in_dims, out_dims, randomness)

    return wrapped


def _name(func):
    return getattr(func, "__name__", repr(func))


def _batches(in_dims, args, func):
    """(size of the batch, dims of the flat arguments, flat arguments, structure of the arguments)."""
    name = _name(func)
    where = f"vmap({name}, in_dims={in_dims}, ...)(<inputs>)"
    if not isinstance(in_dims, (int, tuple)):
        raise ValueError(
            f"{where}: expected `in_dims` to be int or a (potentially nested) tuple matching the "
            f"structure of inputs, got: {type(in_dims)}."
        )
    if not args:
        raise ValueError(
            f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying "
            "to vmap over a function with no inputs. The latter is unsupported."
        )
    flat, spec = flatten(args)
    dims = broadcast_to(in_dims, spec)
    if dims is None:
        raise ValueError(
            f"{where}: in_dims is not compatible with the structure of `inputs`. in_dims has structure "
            f"{flatten(in_dims)[1]} but inputs has structure {spec}."
        )
    for place, (dim, each) in enumerate(zip(dims, flat, strict=True)):
        dims[place] = _checked_dim(where, dim, each)
    sizes = [each.shape[dim] for dim, each in zip(dims, flat, strict=True) if dim is not None]
    if not sizes:
        raise ValueError("vmap: Expected at least one Tensor to vmap over")
    if any(size != sizes[0] for size in sizes):
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{sizes} for the mapped dimension"
        )
    return sizes[0], dims, flat, spec


def _checked_dim(where, dim, value):
    """The dim counted from the front, or None; raises what torch raises."""
    if dim is not None and not isinstance(dim, int):
        raise ValueError(
            f"{where}: Got in_dim={dim} for an input but in_dim must be either an integer dimension or "
            "None."
        )
    if dim is None:
        return None
    if not isinstance(value, Tensor):
        raise ValueError(
            f"{where}: Got in_dim={dim} for an input but the input is of type {type(value)}. We cannot "
            "vmap over non-Tensor arguments, please use None as the respective in_dim"
        )
    if not -value.ndim <= dim < value.ndim:
        raise ValueError(
            f"{where}: Got in_dim={dim} for some input, but that input is a Tensor of dimensionality "
            f"{value.ndim} so expected in_dim to satisfy -{value.ndim} <= in_dim < {value.ndim}."
        )
    return dim % value.ndim


def _refuse(node):
    return no_value(
        "vmap: It looks like you're calling .item() on a Tensor. We don't support vmap over calling "
        ".item() on a Tensor, please try to rewrite what you're doing with other operations. If error "
        "is occurring somewhere inside PyTorch internals, please file a bug report.",
        "vmap: It looks like you're attempting to use a Tensor in some data-dependent control flow. We "
        "don't support that yet, please file an issue at https://github.com/pytorch/pytorch/issues .",
    )


def _mapped(func, dims, spec, out_dims, randomness, kwargs, size, flat):
    """One application of `func` to a whole batch."""
    lift = Lift(Level(_refuse, size, randomness))
    fronted = [movedim(each, dim, 0) if dim else each for dim, each in zip(dims, flat, strict=True)]
    inside = [
        each if dim is None else lift.lower(each) for dim, each in zip(dims, fronted, strict=True)
    ]
    lift.given = {
        node_of(inner): (batch, dim)
        for inner, batch, dim in zip(inside, flat, dims, strict=True)
        if dim is not None
    }
    before = [
        (None, None) if dim is None else (each._meta, each._storage.value)
        for dim, each in zip(dims, inside, strict=True)
    ]
    with lift.level, Transform():
        result = func(*unflatten(inside, spec), **kwargs)
        leaves, out_spec = flatten(result)
        for each in leaves:
            if not isinstance(each, Tensor):
                raise ValueError(
                    f"vmap({_name(func)}, ...): `{_name(func)}` must only return Tensors, got type "
                    f"{type(each)}. Did you mean to set out_dims= to None for output?"
                )
        places = _out_dims(func, out_dims, out_spec, len(leaves))
        seen = [Seen(each) for each in leaves]
        changed = [
            (outer, Seen(inner if inner._meta is meta else window_at(inner, meta, 0)))
            for outer, inner, (meta, node) in zip(fronted, inside, before, strict=True)
            if node is not None and inner._storage.value is not node
        ]
    lift.given = {}  # the graph may live on, and need not hold on to what was given
    for outer, inner in changed:
        outer.copy_(lift.lifted([inner])[0])
    whole = [lift.level.depends(each.node) for each in seen]
    batches = iter(
        lift.lifted([each for each, is_batch in zip(seen, whole, strict=True) if is_batch])
    )
    results = [
        _placed(func, next(batches), place) if is_batch else _repeated(each, size, place)
        for each, is_batch, place in zip(leaves, whole, places, strict=True)
    ]
    return unflatten(results, out_spec)


def _placed(func, batch, place):
    """A batch with its dim where it was asked for."""
    if place is None:
        raise ValueError(
            f"vmap({_name(func)}, ...): `{_name(func)}` can not return a BatchedTensor when out_dim is "
            "None"
        )
    return movedim(batch, 0, wrap_dim(place, batch.ndim)) if place else batch


def _repeated(tensor, size, place):
    """What is the same for each of a batch; torch expands it, which only fits at the front."""
    if place is None:
        return tensor
    shape = list(tensor.shape)
    shape.insert(wrap_dim(place, tensor.ndim + 1), size)
    return expand(tensor, tuple(shape))


def _out_dims(func, out_dims, spec, count):
    if isinstance(out_dims, int):
        return [out_dims] * count
    leaves, dims_spec = flatten(out_dims)
    if not all(isinstance(each, int) or each is None for each in leaves):
        raise ValueError(
            f"vmap({_name(func)}, ..., out_dims={out_dims}): `out_dims` must be an int, None or a python "
            "collection of ints representing where in the outputs the vmapped dimension should appear."
        )
    if spec.type is None and isinstance(out_dims, tuple) and len(out_dims) == 1:
        return list(out_dims)
    found = broadcast_to(out_dims, spec)
    if found is None:
        raise ValueError(
            f"vmap({_name(func)}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with "
            f"the structure of `outputs`. out_dims has structure {dims_spec} but outputs has structure "
            f"{spec}."
        )
    return found


def _in_chunks(call, size, chunk, flat, dims, out_dims, randomness):
    """The same, a part of the batch at a time."""
    parts = []
    state = default_generator.get_state() if randomness == "same" else None
    for start in range(0, size, chunk):
        stop = min(start + chunk, size)
        if state is not None:
            default_generator.set_state(state)
        some = [
            each if dim is None else each.narrow(dim, start, stop - start)
            for dim, each in zip(dims, flat, strict=True)
        ]
        parts.append(call(stop - start, some))
    leaves = [flatten(each) for each in parts]
    spec = leaves[0][1]
    places = broadcast_to(out_dims, spec) or list(itertools.repeat(0, spec.num_leaves))
    columns = zip(*[each for each, _ in leaves], strict=True)
    return unflatten(
        [cat(list(column), place) for column, place in zip(columns, places, strict=True)], spec
    )


vmap.asks = True  # it is no operation that a subclass of Tensor could override
bindings.append(Binding("vmap", vmap, variants="f"))
