"""What torch offers to ask and to change the state of autocast; users need `torch.autocast` only."""

from jtorch import _autocast
from jtorch._dtypes import dtype as _dtype
from jtorch._messages import type_name, warn_user
from jtorch._ops.families import Binding, bindings
from jtorch._ops.offered import offered
from jtorch._ops.signatures import overloads

__all__ = []


def _require(value, kind):
    """Errors: TypeError, without torch's words, for a value of another class."""
    if value.__class__ is not kind:
        raise TypeError("not of that class")


@offered("(str device_type = 'cuda')", variants="f")
def is_autocast_enabled(device_type="cuda"):
    """Whether operations of this thread are cast. Source: torch.is_autocast_enabled."""
    _require(device_type, str)
    return _autocast.is_on(_autocast.kind_of(device_type))


def _set_enabled(device_type, enabled):
    _require(enabled, bool)
    _autocast.switch(_autocast.kind_of(device_type), enabled)


@overloads(
    ("(str device_type, bool enabled)", _set_enabled),
    ("(bool enabled)", lambda enabled: _set_enabled("cuda", enabled)),
    variants="f",
)
def set_autocast_enabled():
    """Turn autocast on or off, without a region. Source: torch.set_autocast_enabled."""


@offered("(str device_type)", variants="f")
def get_autocast_dtype(device_type):
    """The dtype that operations are cast to. Source: torch.get_autocast_dtype."""
    _require(device_type, str)
    return _autocast.dtype_for(_autocast.kind_of(device_type))


@offered("(str device_type, torch.dtype dtype)", variants="f")
def set_autocast_dtype(device_type, dtype):
    """Choose the dtype to cast to, in this thread. Source: torch.set_autocast_dtype."""
    _require(device_type, str)
    _require(dtype, _dtype)
    _autocast.set_dtype(_autocast.kind_of(device_type), dtype)


@offered("()", variants="f")
def autocast_increment_nesting():
    """Source: torch.autocast_increment_nesting."""
    return _autocast.nest(1)


@offered("()", variants="f")
def autocast_decrement_nesting():
    """Source: torch.autocast_decrement_nesting."""
    return _autocast.nest(-1)


@offered("()", variants="f")
def clear_autocast_cache():
    """Forget the casts of leaves. Source: torch.clear_autocast_cache."""
    _autocast.clear_cache()


@offered("()", variants="f")
def is_autocast_cache_enabled():
    """Whether casts of leaves are kept until the region ends.

    Source:  torch.is_autocast_cache_enabled.
    """
    return _autocast.thread.cache_enabled


def _function(function):
    """Have a plain function bound in the package, as a builtin of torch's."""
    bindings.append(Binding(function.__name__, function, variants="f"))
    return function


def _refuse_all_but(value, kind, name, known_as):
    if value.__class__ is not kind:
        raise TypeError(f"{name} must be a {known_as} (got {type_name(value)})")


@_function
def set_autocast_cache_enabled(enabled):
    """Keep casts of leaves until the region ends, or do not.

    Source:  torch.set_autocast_cache_enabled.
    """
    _refuse_all_but(enabled, bool, "enabled", "bool")
    _autocast.thread.cache_enabled = enabled


# The functions of one kind of devices each, which torch has given up: (their word, the kind).
_OLD_WORDS = (("cpu", "cpu"), ("gpu", "cuda"), ("ipu", "ipu"), ("xla", "xla"))
_LINES = {
    ("set", "cpu", "enabled"): 874, ("is", "cpu", "enabled"): 883,
    ("set", "ipu", "enabled"): 900, ("is", "ipu", "enabled"): 909,
    ("set", "xla", "enabled"): 926, ("is", "xla", "enabled"): 935,
    ("set", "gpu", "dtype"): 952, ("set", "cpu", "dtype"): 967,
    ("set", "ipu", "dtype"): 982, ("set", "xla", "dtype"): 997,
    ("get", "gpu", "dtype"): 1007, ("get", "cpu", "dtype"): 1016,
    ("get", "ipu", "dtype"): 1025, ("get", "xla", "dtype"): 1034,
}  # fmt: skip


def _old(verb, word, what):
    """A function of torch's for one kind of devices: warns, and does what it says."""
    kind = dict(_OLD_WORDS)[word]
    name = f"{verb}_autocast_{word}_{what}"
    today = f"{verb}_autocast_{what}"
    given = f"{what}" if verb == "set" else ""
    text = (
        f"torch.{name}({given}) is deprecated. Please use torch.{today}('{kind}'"
        f"{', ' + given if given else ''}) instead. (Triggered internally at "
        f"/__w/pytorch/pytorch/torch/csrc/autograd/init.cpp:{_LINES[verb, word, what]}.)"
    )

    def ask():
        warn_user(text, DeprecationWarning)
        return _autocast.is_on(kind) if what == "enabled" else _autocast.dtype_for(kind)

    def change(value):
        if what == "enabled":
            _refuse_all_but(value, bool, what, "bool")
        else:
            _refuse_all_but(value, _dtype, what, "torch.dtype")
        warn_user(text, DeprecationWarning)
        (_autocast.switch if what == "enabled" else _autocast.set_dtype)(kind, value)

    made = change if verb == "set" else ask
    made.__name__ = made.__qualname__ = name
    made.__doc__ = f"As `torch.{today}` for {kind!r}. Source: torch.{name}."
    made.__module__ = "torch"
    return made


for _verb, _word, _what in _LINES:
    _function(_old(_verb, _word, _what))
