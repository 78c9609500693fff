"""Autocast: the state of a thread, and casts before the operations that have a rule for it.

Declarators hand each function to `listed`. What `_autocast_lists` knows becomes a function that asks
`regions.open` first, which is 0 until somebody enters a region; the others stay as they are. So a
program without autocast pays one look at an attribute, for the operations of the lists only.

While an operation of a list runs, autocast is off for its kind of devices, as in torch: what it is
made of computes in the dtypes that it was given.
"""

import contextlib
import functools
import threading

from jtorch import _override
from jtorch._autocast_lists import (
    LOWER,
    PROMOTE,
    REFUSED,
    RESULT,
    ROUNDED,
    WIDE,
    WIDE_DTYPE,
    rule_of,
)
from jtorch._autograd.modes import enable_grad, mode
from jtorch._device import device
from jtorch._dtypes import FLOATING, bfloat16, dtype, float16, float32, float64
from jtorch._tensor import Tensor

__all__ = [
    "AVAILABLE", "SHUT", "clear_cache", "dtype_for", "is_on", "kept_regions", "kind_of", "listed", "nest", "regions",
    "set_dtype", "switch", "thread",
]  # fmt: skip

# Kinds of devices that torch has autocast for, and the dtypes it casts to unless it is told another.
AVAILABLE = {
    "cpu": bfloat16, "cuda": float16, "hpu": bfloat16, "ipu": float16, "maia": bfloat16,
    "mps": float16, "mtia": float16, "privateuseone": float16, "xla": bfloat16, "xpu": float16,
}  # fmt: skip


class _Regions:
    """How many kinds of devices have autocast on, in all threads together."""

    open = 0


class SHUT(_Regions):
    """Stands for the regions, to an operation that autocast does not know."""


class _Thread(threading.local):
    enabled = ()  # kinds of devices
    nesting = 0
    cache_enabled = True

    def __init__(self):
        self.dtypes = dict(AVAILABLE)


regions = _Regions()
thread = _Thread()
_lock = threading.Lock()
_cache = {}  # id of a leaf -> (the leaf, its cast): of all threads, as in torch


def kind_of(text) -> str:
    """The kind of devices that a text names. Errors: torch's RuntimeError for what it does not."""
    return device(text).type


def _known(kind):
    if kind not in AVAILABLE:
        raise RuntimeError(
            "unknown device type for autocast in get_autocast_dispatch_key_from_device_type"
        )


def is_on(kind) -> bool:
    """Whether autocast is on, in this thread, for a kind of devices."""
    _known(kind)
    return kind in thread.enabled


def switch(kind, on) -> None:
    """Turn autocast on or off, in this thread, for a kind of devices."""
    _known(kind)
    before = thread.enabled
    if on == (kind in before):
        return
    thread.enabled = (*before, kind) if on else tuple([each for each in before if each != kind])
    with _lock:
        regions.open += 1 if on else -1


def dtype_for(kind):
    """The dtype that autocast casts to. Errors: RuntimeError for a kind that has none."""
    if kind not in thread.dtypes:
        raise RuntimeError("unsupported scalarType")
    return thread.dtypes[kind]


def set_dtype(kind, wanted) -> None:
    """Choose the dtype that autocast casts to, in this thread."""
    thread.dtypes[kind] = wanted


def nest(change) -> int:
    """Enter (1) or leave (-1) a region; how deep the thread is in regions then."""
    thread.nesting += change
    return thread.nesting


def clear_cache() -> None:
    """Forget the casts of leaves."""
    _cache.clear()


def kept_regions():
    """A function that enters a region like this one, for what is computed again later."""
    enabled, dtypes, cache_enabled = thread.enabled, dict(thread.dtypes), thread.cache_enabled

    @contextlib.contextmanager
    def again():
        before = thread.dtypes, thread.cache_enabled
        kinds = [(kind, kind in thread.enabled) for kind in {*enabled, *thread.enabled}]
        for kind, _ in kinds:
            switch(kind, kind in enabled)
        thread.dtypes, thread.cache_enabled = dict(dtypes), cache_enabled
        nest(1)
        try:
            yield
        finally:
            if nest(-1) == 0:
                clear_cache()
            for kind, was_on in kinds:
                switch(kind, was_on)
            thread.dtypes, thread.cache_enabled = before

    return again


# Calls of listed operations.


def listed(name, function):
    """`function`, with the casts that the lists have for an operation of this name, if any."""
    rules = {kind: rule for kind in AVAILABLE if (rule := rule_of(kind, name)) is not None}
    if not rules:
        return function

    @functools.wraps(function)
    def casting(*args, **kwargs):
        if regions.open and not rules.keys().isdisjoint(thread.enabled):
            return _call(rules, function, args, kwargs)
        return function(*args, **kwargs)

    if not hasattr(function, "gated"):
        return casting
    made = function.gated(casting)  # it asks itself whether a region is open
    offered = dict(vars(made))
    functools.update_wrapper(made, function)
    vars(made).update(offered)
    return made


def _call(rules, function, args, kwargs):
    before = thread.enabled
    if (
        kwargs.get("out") is not None  # torch casts for the functions without it alone
        or (_override.state.active and _override.overloaded(args, kwargs))  # and after these
    ):
        return function(*args, **kwargs)
    rules = [(kind, rules.get(kind)) for kind in before]
    for kind, rule in rules:
        if rule is not None:
            args, kwargs = _prepared(kind, rule, args, kwargs)
    thread.enabled = tuple([kind for kind, rule in rules if rule is None])
    try:
        result = function(*args, **kwargs)
    finally:
        thread.enabled = before
    for kind, rule in rules:
        if rule == RESULT:
            result = _cast(result, thread.dtypes[kind], kind)
    return result


def prepared(name, args, kwargs):
    """The arguments of an operation of this name, cast as the lists say where a region is open."""
    for kind in thread.enabled if regions.open else ():
        rule = rule_of(kind, name)
        if rule not in (None, RESULT):
            args, kwargs = _prepared(kind, rule, args, kwargs)
    return args, kwargs


def _prepared(kind, rule, args, kwargs):
    """The arguments with what a rule does to them."""
    tensors = [each for each in _tensors((*args, *kwargs.values())) if _is_floating(each, kind)]
    if not tensors:
        return args, kwargs
    if rule == REFUSED:
        raise RuntimeError(_REFUSAL)
    if rule == WIDE_DTYPE:
        has_dtype = kwargs.get("dtype") is not None or any(each.__class__ is dtype for each in args)
        first = next(_tensors((*args, *kwargs.values())))
        if not has_dtype and _is_floating(first, kind) and first.dtype is not float64:
            kwargs = {**kwargs, "dtype": float32}
        return args, kwargs
    lower = thread.dtypes[kind]
    if rule == WIDE:
        steps = (float32,)
    elif rule == LOWER:
        steps = (lower,)
    elif rule == PROMOTE:
        steps = (_widest(tensors, lower),)
    elif rule == ROUNDED:
        steps = (lower, float32) if tensors[1].dtype is float32 else (lower,)
    else:
        steps = ()
    for wanted in steps:
        args = tuple([_cast(each, wanted, kind) for each in args])
        kwargs = {name: _cast(each, wanted, kind) for name, each in kwargs.items()}
    return args, kwargs


def _tensors(values):
    for each in values:
        if isinstance(each, Tensor):
            yield each
        elif each.__class__ in (list, tuple):
            yield from (item for item in each if isinstance(item, Tensor))


def _is_floating(tensor, kind):
    meta = tensor._meta
    return meta.device.type == kind and meta.dtype.category == FLOATING


def _widest(tensors, lower):
    """float32 if it is among the dtypes, else the region's; float64 stays out of it."""
    widest = lower
    for tensor in tensors:
        found = tensor.dtype
        if found is float64:
            continue
        if float32 in (found, widest):
            widest = float32
        elif found is not lower:
            raise RuntimeError("Unexpected floating ScalarType in at::autocast::prioritize")
    return widest


def _cast(value, wanted, kind):
    if not isinstance(value, Tensor):
        if value.__class__ in (list, tuple) and any(isinstance(each, Tensor) for each in value):
            return value.__class__([_cast(each, wanted, kind) for each in value])
        return value
    found = value.dtype
    if found is wanted or found is float64 or not _is_floating(value, kind):
        return value
    if (
        found is float32
        and wanted is thread.dtypes[kind]
        and thread.cache_enabled
        and not mode.inference
        and value.requires_grad
        and value.is_leaf
        and not value._is_view()
    ):
        return _cached(value, wanted)
    return value.to(wanted)


def _cached(leaf, wanted):
    """A leaf's cast, made once in a region: by a node that all its uses share."""
    kept = _cache.get(id(leaf))
    if kept is not None and kept[0] is leaf:
        return kept[1]
    with enable_grad():  # it may be of use later, whatever the mode is now
        made = leaf.to(wanted)
    _cache[id(leaf)] = leaf, made
    return made


_REFUSAL = (
    "torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast.\n"
    "Many models use a sigmoid layer right before the binary cross entropy layer.\n"
    "In this case, combine the two layers using torch.nn.functional.binary_cross_entropy_with_logits\n"
    "or torch.nn.BCEWithLogitsLoss.  binary_cross_entropy_with_logits and BCEWithLogits are\n"
    "safe to autocast."
)
