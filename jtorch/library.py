"""torch.library: operators that programs declare themselves."""

import collections.abc
import inspect
import typing

from jtorch import _device, _dtypes
from jtorch._alias import missing_attribute
from jtorch._custom_operators import (
    declare,
    declared,
    find,
    forget,
    operator_to_be,
    without_overload,
)
from jtorch._dispatch_keys import check_key, key_of_type
from jtorch._errors import not_provided
from jtorch._tensor import Tensor

__all__ = [
    "CustomOpDef", "Library", "custom_op", "define", "impl", "infer_schema", "register_autograd",
    "register_fake", "register_kernel",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Library:
    """Operators of a namespace that are declared (`DEF`), or given implementations (`IMPL`).

    Errors:  ValueError for another kind.
    Source:  torch.library.Library.
    """

    def __init__(self, ns, kind, dispatch_key=""):
        if kind not in ("IMPL", "DEF", "FRAGMENT"):
            raise ValueError(f"Unsupported kind: {kind}")
        if ns == "prim" and kind != "IMPL":
            raise ValueError(
                f"{ns} is a reserved namespace. Please try creating a library with another name."
            )
        self.ns = ns
        self.kind = kind
        self.dispatch_key = dispatch_key
        self._declared = []

    def __repr__(self):
        return f"Library(kind={self.kind}, ns={self.ns}, dispatch_key={self.dispatch_key})>"

    def define(self, schema, alias_analysis="", *, tags=()):
        name = without_overload(f"{self.ns}::{schema}")
        declare(name, schema)
        self._declared.append(name)
        return name.partition("::")[2]

    def impl(self, op_name, fn, dispatch_key="", *, with_keyset=False, allow_override=True):
        if not callable(fn):
            raise TypeError(
                f"Input function is required to be a callable but found type {type(fn)}"
            )
        name = op_name if isinstance(op_name, str) else op_name.name()
        name = name if "::" in name else f"{self.ns}::{name}"
        key = dispatch_key or self.dispatch_key
        if (name, key) in _implemented and not allow_override:
            raise RuntimeError(
                "This is not allowed since there's already a kernel registered from python "
                f"overriding {name.partition('::')[2]}'s behavior for {key} dispatch key and "
                f"{self.ns} namespace."
            )
        _taking_kernels(name).register(fn, key or "CompositeImplicitAutograd")
        _implemented.add((name, key))

    def _destroy(self):
        for name in self._declared:
            forget(name)
        self._declared.clear()


_implemented = set()  # (name, dispatch key) of what libraries have given


def _taking_kernels(name):
    """An operator that a program may give kernels to: its own, which it may declare later."""
    if name.startswith("aten::") and declared(name) is None:
        raise not_provided("kernels of programs for torch's own operators")
    return operator_to_be(name)


def _keys_of(types):
    """The dispatch keys that types of devices mean, or are."""
    for each in (types,) if isinstance(types, str) else types:
        try:
            check_key(each)
        except RuntimeError:
            yield "CompositeExplicitAutograd" if each == "default" else key_of_type(each)
        else:
            yield each


def define(qualname, schema, *, lib=None, tags=()):
    """Declare an operator. Source: torch.library.define."""
    declare(qualname, schema)


def impl(qualname, types, func=None, *, lib=None):
    """Give an operator its implementation. Source: torch.library.impl."""

    def register(function):
        for key in [*_keys_of(types)]:
            _taking_kernels(qualname).register(function, key)

    return register if func is None else register(func)


def register_fake(op, func=None, /, *, lib=None, _stacklevel=1, allow_override=False):
    """Give an operator its shape rule, which jtorch never needs: it infers shapes from kernels.

    Errors:  RuntimeError for an operator that does not exist.
    Source:  torch.library.register_fake.
    """

    def register(function):
        find(_name_of(op)).fake = function
        return function

    return register if func is None else register(func)


def register_autograd(op, backward, /, *, setup_context=None, lib=None):
    """Give an operator its gradient. Source: torch.library.register_autograd."""
    find(_name_of(op)).register_autograd(backward, setup_context)


def register_kernel(op, device_types, func=None, /, *, lib=None):
    """Give an operator its implementation. Source: torch.library.register_kernel."""

    def register(function):
        _give_kernel(find(_name_of(op)), function, device_types)
        return function

    return register if func is None else register(func)


def _give_kernel(operator, function, device_types):
    """A kernel for types of devices, or for all of them, which autograd does not look into."""
    if device_types is None:
        operator.kernel, operator.composite = function, False
        return
    for key in [*_keys_of(device_types)]:
        operator.register(function, key)


def _name_of(op):
    return op if isinstance(op, str) else op._qualname if isinstance(op, CustomOpDef) else op.name()


class CustomOpDef:
    """An operator that `custom_op` has made of a function; to be called. Source: torch.library."""

    def __init__(self, qualname, function, schema, device_types=None):
        self._qualname = qualname
        self._operator = declare(qualname, schema)
        _give_kernel(self._operator, function, device_types)
        self._init_fn = function
        self._name = qualname.rpartition("::")[2]
        self.__doc__ = function.__doc__

    def __repr__(self):
        return f"<CustomOpDef({self._qualname})>"

    def __call__(self, *args, **kwargs):
        return self._operator(*args, **kwargs)

    def register_autograd(self, backward, /, *, setup_context=None):
        self._operator.register_autograd(backward, setup_context)

    def register_fake(self, fn, /):
        self._operator.fake = fn
        return fn

    def register_kernel(self, device_types, fn=None, /):
        return register_kernel(self._qualname, device_types, fn)


def custom_op(name, fn=None, /, *, mutates_args, device_types=None, schema=None, tags=None):
    """An operator made of a function of tensors, which autograd does not look into.

    Errors:  ValueError for a function whose annotations do not say what it takes and gives.
    Source:  torch.library.custom_op.
    """

    def make(function):
        inferred = schema or infer_schema(function, mutates_args=mutates_args)
        return CustomOpDef(name, function, inferred, device_types)

    return make if fn is None else make(fn)


_NAMES = {
    Tensor: "Tensor", int: "SymInt", float: "float", bool: "bool", str: "str",
    _dtypes.dtype: "ScalarType", _device.device: "Device", int | float | bool: "Scalar",
}  # fmt: skip


def infer_schema(prototype_function, /, *, mutates_args, op_name=None):
    """What a function takes and gives, as text, from its annotations.

    Errors:  ValueError for parameters without an annotation, or with one that is no schema's; for
             names in `mutates_args` that are no parameters.
    Source:  torch.library.infer_schema.
    """
    signature = inspect.signature(prototype_function, eval_str=True)
    strangers = set() if mutates_args == "unknown" else {*mutates_args} - {*signature.parameters}
    if strangers:
        raise ValueError(
            f"infer_schema(func): {strangers} in mutates_args were not found in the custom op's "
            "signature. mutates_args should contain the names of all args that the custom op "
            "mutates, or just the string 'unknown' if you don't know. Got func with signature "
            f"{signature})"
        )
    texts = []
    keyword_only = False
    for place, (name, parameter) in enumerate(signature.parameters.items()):
        if parameter.annotation is inspect.Parameter.empty:
            raise ValueError(
                f"infer_schema(func): Parameter {name} must have a type annotation. Got func with "
                f"signature {signature})"
            )
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            texts.append("*")
        kind = _kind_of(parameter.annotation, name, signature)
        if mutates_args == "unknown" or name in mutates_args:
            kind = kind.replace("Tensor", f"Tensor(a{place}!)")
        default = parameter.default
        end = "" if default is inspect.Parameter.empty else f"={_default_text(default)}"
        texts.append(f"{kind} {name}{end}")
    return f"{op_name or ''}({', '.join(texts)}) -> {_result_of(signature)}"


def _default_text(default):
    return f'"{default}"' if isinstance(default, str) else str(default)


def _kind_of(annotation, name, signature):
    found = _NAMES.get(annotation)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if found is None and type(None) in arguments:
        rest = [each for each in arguments if each is not type(None)]
        found = f"{_kind_of(typing.Union[tuple(rest)], name, signature)}?"  # noqa: UP007 - of a list
    elif found is None and origin is not None and issubclass(origin, collections.abc.Sequence):
        found = f"{_kind_of(arguments[0], name, signature)}[]"
    if found is None:
        raise ValueError(
            f"infer_schema(func): Parameter {name} has unsupported type {annotation}. Got func with "
            f"signature {signature})"
        )
    return found


def _result_of(signature):
    given = signature.return_annotation
    if given is None or given is inspect.Signature.empty:
        return "()"
    if typing.get_origin(given) is tuple:
        return (
            f"({', '.join(_kind_of(each, 'return', signature) for each in typing.get_args(given))})"
        )
    return _kind_of(given, "return", signature)
