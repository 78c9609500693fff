"""Parametrizations: a module's tensor that is computed, each time it is asked for, from others."""

import copy
import copyreg
import itertools
from collections.abc import Sequence
from contextlib import contextmanager

from jtorch import __future__ as future
from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._tensor import Tensor
from jtorch.nn.modules.container import ModuleDict, ModuleList
from jtorch.nn.parameter import Parameter
from jtorch.utils._swapping import swap_tensors

__all__ = [
    "ParametrizationList",
    "cached",
    "is_parametrized",
    "register_parametrization",
    "remove_parametrizations",
    "transfer_parametrizations_and_params",
    "type_before_parametrizations",
]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class _Cache:
    """What has been computed since the outermost `cached()` began."""

    depth = 0
    tensors = {}


@contextmanager
def cached():
    """For a block, compute each parametrized tensor once. Source: torch.nn.utils.parametrize."""
    _Cache.depth += 1
    try:
        yield
    finally:
        _Cache.depth -= 1
        if not _Cache.depth:
            _Cache.tensors = {}


def _register(module, name, tensor):
    if isinstance(tensor, Parameter):
        module.register_parameter(name, tensor)
    else:
        module.register_buffer(name, tensor)


def _put(target, source):
    """Give a tensor another one's values, as the same object: an optimizer may hold it."""
    if not future.get_swap_module_params_on_conversion():
        target.set_(source)
        return
    if isinstance(target, Parameter) and not isinstance(source, Parameter):
        source = Parameter(source, requires_grad=target.requires_grad)
    swap_tensors(target, source)


class ParametrizationList(ModuleList):
    """The parametrizations of a tensor, in order, with the tensors that it is computed from.

    Those are `original`, or `original0`, `original1`, ... where the first parametrization's
    `right_inverse` gives several.

    Errors:  ValueError for a parametrization that changes the shape or dtype, unless `unsafe`.
    Source:  torch.nn.utils.parametrize.ParametrizationList.
    """

    def __init__(self, modules, original, unsafe=False):
        if len(modules) == 0:
            raise ValueError("ParametrizationList requires one or more modules.")
        super().__init__(modules)
        self.unsafe = unsafe
        shape, dtype = original.shape, original.dtype
        new = self._inverted(original)
        if not isinstance(new, (Tensor, Sequence)):
            raise ValueError(
                "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). "
                f"Got {type(new).__name__}"
            )
        self.is_tensor = isinstance(new, Tensor)
        self.ntensors = 1 if self.is_tensor else len(new)
        if self.is_tensor:
            self._keep_one(original, new)
        else:
            self._keep_several(original, new)
        if not self.unsafe:
            self._check_result(shape, dtype)

    def _inverted(self, original):
        """What the first parametrization is to be given, so that `original` comes out."""
        with no_grad():
            for module in reversed(self):
                if hasattr(module, "right_inverse"):
                    try:
                        original = module.right_inverse(original)
                    except NotImplementedError:
                        continue  # then it counts as the identity
        return original

    def _keep_one(self, original, new):
        for name in ("dtype", "device"):
            if getattr(original, name) != getattr(new, name):
                raise ValueError(
                    f"When `right_inverse` outputs one tensor, it may not change the {name}.\n"
                    f"original.{name}: {getattr(original, name)}\n"
                    f"right_inverse(original).{name}: {getattr(new, name)}"
                )
        with no_grad():
            _put(original, new)
        _register(self, "original", original)

    def _keep_several(self, original, new):
        for place, each in enumerate(new):
            if not isinstance(each, Tensor):
                raise ValueError(
                    "'right_inverse' must return a Tensor or a Sequence of tensors (list, "
                    f"tuple...). Got element {place} of the sequence with type "
                    f"{type(each).__name__}."
                )
            if isinstance(original, Parameter):
                each = Parameter(each, original.requires_grad)
            each.requires_grad_(original.requires_grad)
            _register(self, f"original{place}", each)

    def _check_result(self, shape, dtype):
        result = self()
        if not isinstance(result, Tensor):
            raise ValueError(
                f"A parametrization must return a tensor. Got {type(result).__name__}."
            )
        for name, before, after in (
            ("dtype", dtype, result.dtype),
            ("shape", shape, result.shape),
        ):
            if before != after:
                raise ValueError(
                    f"Registering a parametrization may not change the {name} of the tensor, "
                    f"unless `unsafe` flag is enabled.\nunparametrized {name}: {before}\n"
                    f"parametrized {name}: {after}"
                )

    def right_inverse(self, value):
        """Set the originals so that the parametrized tensor becomes `value`.

        Errors:  RuntimeError for a parametrization without inverse; ValueError for what it gives.
        """
        with no_grad():
            for module in reversed(self):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(
                        f"parametrization {type(module).__name__} does not implement right_inverse."
                    )
                value = module.right_inverse(value)
            if self.is_tensor:
                self._set_one(value)
            else:
                self._set_several(value)

    def _set_one(self, value):
        if not isinstance(value, Tensor):
            raise ValueError(f"`right_inverse` should return a tensor. Got {type(value).__name__}")
        if value.dtype != self.original.dtype:
            raise ValueError(
                f"The tensor returned by `right_inverse` has dtype {value.dtype} while `original` "
                f"has dtype {self.original.dtype}"
            )
        _put(self.original, value)

    def _set_several(self, values):
        if not isinstance(values, Sequence):
            raise ValueError(
                f"'right_inverse' must return a sequence of tensors. Got {type(values).__name__}."
            )
        if len(values) != self.ntensors:
            raise ValueError(
                f"'right_inverse' must return a sequence of tensors of length {self.ntensors}. Got "
                f"a sequence of length {len(values)}."
            )
        for place, value in enumerate(values):
            original = getattr(self, f"original{place}")
            if not isinstance(value, Tensor):
                raise ValueError(
                    "'right_inverse' must return a sequence of tensors or reference-type opaques. "
                    f"Got element {place} of type {type(value).__name__}."
                )
            if original.dtype != value.dtype:
                raise ValueError(
                    f"Tensor {place} returned by `right_inverse` has dtype {value.dtype} while "
                    f"`original{place}` has dtype {original.dtype}"
                )
            _put(original, value)

    def forward(self):
        """The parametrized tensor."""
        if self.is_tensor:
            result = self[0](self.original)
        else:
            result = self[0](*[getattr(self, f"original{k}") for k in range(self.ntensors)])
        place = 1
        while hasattr(self, str(place)):
            result = self[place](result)
            place += 1
        return result


def _copied(self, memo):
    """A deepcopy of a parametrized module, of the same class as it."""
    found = memo.get(id(self))
    if found is not None:
        return found
    made = self.__new__(self.__class__)
    memo[id(self)] = made
    made.__dict__ = copy.deepcopy(self.__dict__, memo)
    for slot in copyreg._slotnames(self.__class__):
        if hasattr(self, slot):
            setattr(made, slot, copy.deepcopy(getattr(self, slot), memo))
    return made


def _refuse_state(self):
    raise RuntimeError(
        "Serialization of parametrized modules is only supported through state_dict(). See:\n"
        "https://pytorch.org/tutorials/beginner/saving_loading_models.html"
        "#saving-loading-a-general-checkpoint-for-inference-and-or-resuming-training"
    )


def _give_own_class(module):
    """A class of its own, which can have properties that other modules of its class have not."""
    kind = module.__class__
    members = {"__getstate__": _refuse_state}
    if not hasattr(kind, "__deepcopy__"):
        members["__deepcopy__"] = _copied
    module.__class__ = type(f"Parametrized{kind.__name__}", (kind,), members)


def _add_property(module, name):
    if hasattr(module, name):
        raise AssertionError(f"Module already has an attribute named '{name}'")

    def get(self):
        parametrization = self.parametrizations[name]
        if not _Cache.depth:
            return parametrization()
        key = id(module), name
        if _Cache.tensors.get(key) is None:
            _Cache.tensors[key] = parametrization()
        return _Cache.tensors[key]

    def set(self, value):
        self.parametrizations[name].right_inverse(value)

    setattr(module.__class__, name, property(get, set))


def register_parametrization(module, tensor_name, parametrization, *, unsafe=False):
    """Have a parameter or buffer of a module computed by a module of its own.

    Errors:  ValueError if there is no such tensor, or what comes out has another shape or dtype
             and it is not `unsafe`.
    Source:  torch.nn.utils.parametrize.register_parametrization.
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        if not unsafe:
            _check_added(module, tensor_name, parametrization)
        _require_dict(module)
        known = module.parametrizations[tensor_name]
        known.append(parametrization)
        known.unsafe |= unsafe
    elif tensor_name in module._buffers or tensor_name in module._parameters:
        original = getattr(module, tensor_name)
        made = ParametrizationList([parametrization], original, unsafe=unsafe)
        delattr(module, tensor_name)
        if not is_parametrized(module):
            _give_own_class(module)
            module.parametrizations = ModuleDict()
        _add_property(module, tensor_name)
        _require_dict(module)
        module.parametrizations[tensor_name] = made
    else:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized element "
            f"with name '{tensor_name}'"
        )
    return module


def _require_dict(module):
    if not isinstance(module.parametrizations, ModuleDict):
        raise AssertionError(
            "Expected module.parametrizations to be a ModuleDict, got "
            f"{type(module.parametrizations).__name__}"
        )


def _check_added(module, name, parametrization):
    """Errors: ValueError for one that does not fit behind those that are there."""
    before = getattr(module, name)
    after = parametrization(before)
    if not isinstance(after, Tensor):
        raise ValueError(f"A parametrization must return a tensor. Got {type(after).__name__}.")
    for what in ("dtype", "shape"):
        if getattr(after, what) != getattr(before, what):
            raise ValueError(
                f"Registering a parametrization may not change the {what} of the tensor, unless "
                f"the `unsafe` flag is enabled.\nmodule.{name}.{what}: {getattr(before, what)}\n"
                f"parametrization(module.{name}).{what}: {getattr(after, what)}"
            )
    if not hasattr(parametrization, "right_inverse"):
        return
    try:
        inverse = parametrization.right_inverse(after)
    except NotImplementedError:
        return
    if not isinstance(inverse, Tensor):
        raise ValueError(
            f"parametrization.right_inverse must return a tensor. Got: {type(inverse).__name__}"
        )
    for what in ("dtype", "shape"):
        if getattr(inverse, what) != getattr(before, what):
            raise ValueError(
                f"The tensor returned by parametrization.right_inverse must have the same {what} "
                f"as module.{name}, unless the `unsafe` flag is enabled.\n"
                f"module.{name}.{what}: {getattr(before, what)}\n"
                f"returned {what}: {getattr(inverse, what)}"
            )


def is_parametrized(module, tensor_name=None):
    """Whether a module's tensor, or any of them, is parametrized. Source: torch.nn.utils."""
    known = getattr(module, "parametrizations", None)
    if not isinstance(known, ModuleDict):
        return False
    return len(known) > 0 if tensor_name is None else tensor_name in known


def remove_parametrizations(module, tensor_name, leave_parametrized=True):
    """Make a tensor a parameter or buffer again: with its computed values, or with the original's.

    Errors:  ValueError if it is not parametrized, or the one original that is wanted is several.
    Source:  torch.nn.utils.parametrize.remove_parametrizations.
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    _require_dict(module)
    known = module.parametrizations[tensor_name]
    if known.is_tensor:
        original = known.original
        if leave_parametrized:
            with no_grad():
                _put(original, getattr(module, tensor_name))
    elif leave_parametrized:
        result = getattr(module, tensor_name)
        original = Parameter(result) if result.requires_grad else result
    else:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is "
            "parametrized in terms of a sequence of tensors."
        )
    delattr(module.__class__, tensor_name)
    del module.parametrizations[tensor_name]
    _register(module, tensor_name, original)
    if not is_parametrized(module):
        delattr(module, "parametrizations")
        module.__class__ = module.__class__.__bases__[0]
    return module


def type_before_parametrizations(module):
    """The class a module had before it was parametrized. Source: torch.nn.utils.parametrize."""
    return module.__class__.__bases__[0] if is_parametrized(module) else type(module)


def transfer_parametrizations_and_params(from_module, to_module, tensor_name=None):
    """Give another module the parametrizations of one, or of one tensor, with the originals.

    Source:  torch.nn.utils.parametrize.transfer_parametrizations_and_params.
    """
    if not is_parametrized(from_module):
        return to_module
    _require_dict(from_module)
    for name in from_module.parametrizations if tensor_name is None else [tensor_name]:
        if not hasattr(to_module, name):
            setattr(to_module, name, Parameter(getattr(from_module, name)))
        source = from_module.parametrizations[name]
        for each in source:
            register_parametrization(to_module, name, each)
        _require_dict(to_module)
        target = to_module.parametrizations[name]
        if hasattr(source, "original"):
            target.original = source.original
            continue
        for place in itertools.count():
            if not hasattr(source, f"original{place}"):
                break
            setattr(target, f"original{place}", getattr(source, f"original{place}"))
    return to_module
