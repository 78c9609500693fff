"""What stands in jtorch for the things of torch that OpInfo samples are made of.

A sample is *drawn* into a plan that holds numbers and layouts but nothing of either module; the plan
is then built once for each module and each call, so that what one call writes, no other sees.
"""

import builtins
import contextlib
import dataclasses
import functools
import types

import numpy as np
import torch as theirs

from compare import neutral, ours

TESTING = ("torch.testing._internal", "torch.testing._utils")
# Dtypes that numpy lacks travel in a wider one, which holds each of their values.
CARRIERS = {
    theirs.bfloat16: theirs.float32,
    theirs.float8_e4m3fn: theirs.float32,
    theirs.float8_e4m3fnuz: theirs.float32,
    theirs.float8_e5m2: theirs.float32,
    theirs.float8_e5m2fnuz: theirs.float32,
}
# Where the functions live that torch's C modules define.
C_MODULES = {
    "torch._C._nn": ("nn.functional.", ""),
    "torch._C._linalg": ("linalg.", "linalg_"),
    "torch._C._special": ("special.", "special_"),
    "torch._C._fft": ("fft.", "fft_"),
    "torch._C._sparse": ("sparse.", "sparse_"),
}
INEXACT = {
    theirs.float16: theirs.float64,
    theirs.bfloat16: theirs.float64,
    theirs.float32: theirs.float64,
    theirs.complex64: theirs.complex128,
}


@contextlib.contextmanager
def freeze_rng_state():
    """What torch's test code draws inside does not move jtorch's generator."""
    state = ours.get_rng_state()
    try:
        yield
    finally:
        ours.set_rng_state(state)


# Test code that reaches into parts of torch that only it needs.
REPLACED = {"freeze_rng_state": freeze_rng_state}


class NoTwin(Exception):
    """Something of torch that jtorch does not have."""


# Functions, dtypes and other values


def find(path):
    """The thing at this dotted path of jtorch."""
    found = ours
    for name in path.split("."):
        try:
            found = getattr(found, name)
        except (AttributeError, NotImplementedError) as error:
            raise NoTwin(f"absent: {path}") from error
    return found


@functools.cache
def twin(value):
    """What stands for `value`, a function, class, module, dtype or the like, in jtorch."""
    if isinstance(value, types.ModuleType):
        if value.__name__ == "torch":
            return ours
        return find(value.__name__.removeprefix("torch.")) if of_torch(value.__name__) else value
    if isinstance(value, types.FunctionType):
        return function_twin(value)
    if isinstance(value, (types.MethodDescriptorType, types.WrapperDescriptorType)):
        return find(f"Tensor.{value.__name__}") if of_torch_class(value) else value
    if isinstance(value, types.BuiltinFunctionType):
        return builtin_twin(value)
    if isinstance(value, (theirs._ops.OpOverload, theirs._ops.OpOverloadPacket)):
        name = str(value)
        return find(f"ops.{name}")
    if isinstance(value, type):
        path = f"{value.__module__}.{value.__qualname__}"
        return find(path.removeprefix("torch.")) if of_torch(path) else value
    return value_twin(value)


def of_torch(path):
    return path == "torch" or path.startswith("torch.")


def of_torch_class(descriptor):
    return (
        issubclass(theirs.Tensor, descriptor.__objclass__) and descriptor.__objclass__ is not object
    )


def value_twin(value):
    """The twin of a constant of torch's: a dtype, a layout, a device, a generator."""
    kind = type(value)
    if isinstance(value, (theirs.dtype, theirs.layout, theirs.memory_format)):
        return find(str(value).removeprefix("torch."))
    if isinstance(value, theirs.device):
        return ours.device(str(value))
    if isinstance(value, theirs.Generator):
        return ours.Generator().manual_seed(value.initial_seed())
    if isinstance(value, theirs.nn.Module):
        return module_twin(value)
    if hasattr(kind, "__members__") and of_torch(kind.__module__):  # an enum of torch's in C
        path = f"{kind.__module__}.{kind.__name__.lstrip('_')}"
        return find(path.removeprefix("torch."))[value.name]
    if dataclasses.is_dataclass(value) and of_torch(kind.__module__):
        fields = [each.name for each in dataclasses.fields(value)]
        return twin(kind)(**{name: item_twin(getattr(value, name)) for name in fields})
    if of_torch(kind.__module__) and not kind.__module__.startswith(TESTING):
        raise NoTwin(f"absent: {kind.__module__}.{kind.__qualname__}")
    return value


def module_twin(module):
    """A module without parameters, with the same settings."""
    if list(module.parameters()) or list(module.children()):
        raise NoTwin(f"a module that holds parameters: {module}")
    copy = twin(type(module))()
    for name, value in vars(module).items():
        if not name.startswith("_"):
            setattr(copy, name, value)
    return copy


def function_twin(function):
    """A function of torch's by its path; one of its test code with its globals replaced."""
    module = function.__module__ or ""
    if module.startswith(TESTING):
        return REPLACED.get(function.__name__) or rebound(function)
    if not of_torch(module):
        return function
    path = module.removeprefix("torch").removeprefix(".")
    for place in (f"{path}.{function.__qualname__}".lstrip("."), function.__qualname__):
        try:
            return find(place)
        except NoTwin:
            continue
    raise NoTwin(f"absent: {module}.{function.__qualname__}")


def builtin_twin(function):
    """The twin of a function that is written in C."""
    module, name = function.__module__ or "", function.__name__
    if module in C_MODULES:
        folder, prefix = C_MODULES[module]
        return find(folder + name.removeprefix(prefix))
    owner = getattr(function, "__self__", None)
    if of_torch(module) or (isinstance(owner, type) and of_torch(owner.__module__)):
        return find(name)
    return function


def names_in(code):
    """Every global name that a code object or one inside it may read."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= names_in(constant)
    return found


def rebound(function):
    """A copy of a function of torch's test code that runs on jtorch."""
    names = names_in(function.__code__)
    known = {"__builtins__": builtins, "__name__": function.__module__}
    copy = types.FunctionType(
        function.__code__,
        known,
        function.__name__,
        _twins(function.__defaults__),
        _cells(function.__closure__),
    )
    copy.__kwdefaults__ = _twins(function.__kwdefaults__)
    for name in names:
        if name in function.__globals__:
            _take(known, name, function.__globals__[name], function, copy)
    return copy


def _take(known, name, value, function, copy):
    """Put the twin of a global there; what has none stays away and is missed where it is read."""
    if value is function:
        known[name] = copy
        return
    try:
        known[name] = item_twin(value)
    except NoTwin:
        return


def _twins(values):
    if isinstance(values, dict):
        return {name: item_twin(value) for name, value in values.items()}
    return None if values is None else tuple(item_twin(value) for value in values)


def _cells(cells):
    if cells is None:
        return None
    return tuple(types.CellType(item_twin(cell.cell_contents)) for cell in cells)


def item_twin(value):
    """The twin of any value, through containers."""
    if isinstance(value, (tuple, list)) and type(value) in (tuple, list):
        return type(value)(item_twin(item) for item in value)
    if isinstance(value, theirs.Size):
        return ours.Size(value)
    if isinstance(value, dict):
        return {key: item_twin(item) for key, item in value.items()}
    if isinstance(value, functools.partial):
        return functools.partial(item_twin(value.func), *item_twin(value.args), **value.keywords)
    # `False` and `0.0` are one key of a cache.
    if value is None or isinstance(value, (bool, int, float, complex, str, np.ndarray)):
        return value
    try:
        hash(value)
    except TypeError:
        return value
    return twin(value)


# Tensors


@dataclasses.dataclass(frozen=True)
class TensorPlan:
    """Where a tensor lies in a storage of the plan."""

    storage: int
    shape: tuple
    stride: tuple
    offset: int
    dtype: theirs.dtype
    requires_grad: bool
    whole: bool  # all of its storage, in order


@dataclasses.dataclass(frozen=True)
class Empty:
    """A tensor without memory."""

    shape: tuple
    stride: tuple
    dtype: theirs.dtype


@dataclasses.dataclass(frozen=True)
class Constant:
    """A value that is no tensor."""

    value: object


class Plan:
    """The arguments of one call, free of both modules."""

    def __init__(self, sample):
        self._seen = {}  # (address, dtype) -> (place, tensor that keeps the memory)
        self.storages = []
        self.dtypes = []
        self.content = self._draw((sample.input, sample.args, sample.kwargs))
        self.process = sample.output_process_fn_grad
        self.broadcasts_input = sample.broadcasts_input
        self._seen = None

    def _draw(self, value):
        if isinstance(value, theirs.Tensor):
            return self._draw_tensor(value)
        if isinstance(value, dict):
            return {key: self._draw(item) for key, item in value.items()}
        if isinstance(value, slice):
            return ("slice", self._draw([value.start, value.stop, value.step]))
        if type(value) in (tuple, list):
            return [type(value), *(self._draw(item) for item in value)]
        return Constant(value)

    def _draw_tensor(self, tensor):
        if type(tensor) not in (theirs.Tensor, theirs.nn.Parameter):
            raise NoTwin(f"a {type(tensor).__name__}")
        if tensor.layout is not theirs.strided or tensor.is_quantized:
            raise NoTwin(f"a tensor of layout {tensor.layout}")
        if tensor.is_meta:
            return Empty(tuple(tensor.shape), tuple(tensor.stride()), tensor.dtype)
        plain = tensor.detach().resolve_conj().resolve_neg()
        if plain._is_zerotensor():
            plain = plain.clone()
        memory = plain.untyped_storage()
        # Each empty storage has the same address: none.
        key = (memory.data_ptr() or id(memory), plain.dtype)
        if key not in self._seen:
            carrier = CARRIERS.get(plain.dtype, plain.dtype)
            flat = theirs.empty(0, dtype=plain.dtype).set_(memory)
            self._seen[key] = (len(self.storages), memory)
            self.storages.append(flat.to(carrier).numpy().copy())
            self.dtypes.append(plain.dtype)
        place = self._seen[key][0]
        whole = (
            plain.storage_offset() == 0
            and plain.is_contiguous()
            and plain.numel() == len(self.storages[place])
            and plain.numel() > 0
        )
        return TensorPlan(
            place,
            tuple(plain.shape),
            tuple(plain.stride()),
            plain.storage_offset(),
            plain.dtype,
            tensor.requires_grad,
            whole,
        )

    def build(self, module, *, wide=False, requires_grad=True):
        """(input, args, kwargs, tensors) for a call on `module`."""
        builder = _Builder(self, module, wide, requires_grad)
        given, args, kwargs = builder.make(self.content)
        return given, args, kwargs, builder.tensors

    def process_of(self, module):
        """What is differentiated of the results."""
        return self.process if module is theirs else item_twin(self.process)


class _Builder:
    """One building of a plan."""

    def __init__(self, plan, module, wide, requires_grad):
        self.plan, self.module = plan, module
        self.wide, self.requires_grad = wide, requires_grad
        self.storages = {}
        self.tensors = []

    def make(self, plan):
        if isinstance(plan, TensorPlan):
            tensor = self.tensor(plan)
            self.tensors.append(tensor)
            return tensor
        if isinstance(plan, Empty):
            kinds = {"dtype": self.dtype(plan.dtype), "device": "meta"}
            return self.module.empty_strided(plan.shape, plan.stride, **kinds)
        if isinstance(plan, dict):
            return {key: self.make(item) for key, item in plan.items()}
        if isinstance(plan, tuple):
            return slice(*self.make(plan[1]))
        if isinstance(plan, list):
            return plan[0](self.make(item) for item in plan[1:])
        return self.constant(plan.value)

    def constant(self, value):
        if self.wide and isinstance(value, theirs.dtype):
            value = INEXACT.get(value, value)
        if isinstance(value, theirs.Generator):
            return twin_generator(value, self.module)
        return value if self.module is theirs else item_twin(value)

    def dtype(self, dtype):
        if self.wide:
            dtype = INEXACT.get(dtype, dtype)
        return getattr(self.module, neutral(str(dtype)).removeprefix("torch."))

    def storage(self, place):
        """The storage as a flat tensor: one for all tensors that lie in it."""
        if place not in self.storages:
            dtype = self.dtype(self.plan.dtypes[place])
            values = self.module.tensor(self.plan.storages[place])
            self.storages[place] = values.to(dtype)
        return self.storages[place]

    def tensor(self, plan):
        flat = self.storage(plan.storage)
        if plan.whole and len(plan.shape) == 1:
            tensor = flat.detach()
        else:
            tensor = flat.as_strided(plan.shape, plan.stride, plan.offset).detach()
        return tensor.requires_grad_(plan.requires_grad and self.requires_grad)


def twin_generator(generator, module):
    """A generator in the same state as one that was just seeded."""
    return module.Generator().manual_seed(generator.initial_seed())
