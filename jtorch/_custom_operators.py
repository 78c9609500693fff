"""Operators that programs declare themselves: `torch.ops.NAMESPACE.NAME`, and what they are made of."""

import contextlib
import inspect
import threading
import types

from jtorch._autograd.modes import no_grad
from jtorch._dispatch_keys import AUTOGRAD, COMPOSITE, DEVICES, check_key, key_of_type
from jtorch._ops.edges import tracked
from jtorch._tensor import Tensor
from jtorch.autograd.function import Function

_operators = {}  # "namespace::name" -> Operator


class _Below(threading.local):
    """Whether kernels that were registered for autograd are passed over."""

    autograd = False


_below = _Below()


@contextlib.contextmanager
def below_autograd():
    """Calls inside go past kernels for autograd. Source: torch._C._AutoDispatchBelowAutograd."""
    before, _below.autograd = _below.autograd, True
    try:
        yield
    finally:
        _below.autograd = before


class Operator:
    """An operator: its kernels, its gradient, its shape rule, each as far as it has been registered.

    `kernel` is for devices that have none of their own. A `composite` one is made of other operations,
    whose gradients it has.
    """

    def __init__(self, qualname):
        self.qualname = qualname
        self.schema = None
        self.is_declared = False
        self.kernel = None
        self.composite = False
        self.kernels = {}  # of devices, and of autograd, by dispatch key
        self.overloads = ("default",)
        self.fake = None  # neither this nor the casts of autocast are ever needed here
        self.autocast = {}
        self.function = None  # the class of its nodes
        self._backward = self._setup_context = None

    def __str__(self):
        return self.qualname.replace("::", ".")

    def register(self, function, key):
        """Take a function as the kernel for a dispatch key.

        Errors:  RuntimeError for what is no key.
        """
        check_key(key)
        if key == "Meta":
            self.fake = function
        elif key.startswith("Autocast"):
            self.autocast[key] = function
        elif key in COMPOSITE:
            self.kernel, self.composite = function, True
        elif key in DEVICES or key in AUTOGRAD:
            self.kernels[key] = function

    def register_autograd(self, backward, setup_context=None):
        self._backward, self._setup_context = backward, setup_context
        self.function = None

    def __call__(self, *args, **kwargs):
        key = key_of_type(next(_devices(args, kwargs), "cpu"))
        if not _below.autograd:
            kernel = self.kernels.get(f"Autograd{key}") or self.kernels.get("Autograd")
            if kernel is not None:
                return kernel(*args, **kwargs)
        kernel = self._kernel_for(key)
        if self.composite and kernel is self.kernel:
            return kernel(*args, **kwargs)
        args = _positional(kernel, args, kwargs)
        if not _below.autograd and tracked([each for each in args if isinstance(each, Tensor)]):
            if self.function is None:
                self.function = self._make_function()
            return self.function.apply(*args)
        return kernel(*args)

    def _kernel_for(self, key):
        """The kernel for a kind of devices: its own, or that for all, or the CPU's, which is as good."""
        kernel = self.kernels.get(key) or self.kernel or self.kernels.get("CPU")
        if kernel is None:
            raise NotImplementedError(
                f"Could not run '{self.qualname}' with arguments from the '{key}' backend. This "
                "could be because the operator doesn't exist for this backend: nothing has been "
                "registered as its implementation"
            )
        return kernel

    def _make_function(self):
        operator = self

        def forward(*args):
            kernel = operator._kernel_for(key_of_type(next(_devices(args, {}), "cpu")))
            with no_grad():
                return kernel(*args)

        def setup_context(ctx, inputs, output):
            if operator._setup_context is not None:
                operator._setup_context(ctx=ctx, inputs=inputs, output=output)

        def backward(ctx, *gradients):
            if operator._backward is None:
                raise RuntimeError(
                    f"Trying to backward through {operator}.default but no autograd formula was "
                    "registered. Please use register_autograd to add one."
                )
            return operator._backward(ctx, *gradients)

        name = f"GeneratedBackwardFor_{self.qualname.replace('::', '_')}_default"
        body = {"forward": forward, "setup_context": setup_context, "backward": backward}
        methods = {key: staticmethod(value) for key, value in body.items()}
        return type(name, (Function,), methods)


def _devices(args, kwargs):
    """The types of devices that tensors among the arguments are on."""
    for each in (*args, *kwargs.values()):
        for value in each if isinstance(each, (list, tuple)) else (each,):
            if isinstance(value, Tensor):
                yield value.device.type


def _positional(kernel, args, kwargs):
    """All arguments in order, with defaults: what `setup_context` gets as its inputs."""
    try:
        bound = inspect.signature(kernel).bind(*args, **kwargs)
    except ValueError:  # a kernel without a signature
        return args
    bound.apply_defaults()
    return (*bound.args, *bound.kwargs.values())


def declared(qualname) -> Operator | None:
    """The operator of a name; None if there is none."""
    found = _operators.get(without_overload(qualname))
    return found if found is not None and found.is_declared else None


def find(qualname) -> Operator:
    """The operator of a name. Errors: RuntimeError if there is none."""
    found = declared(qualname)
    if found is None:
        raise RuntimeError(f"operator {qualname} does not exist")
    return found


def operator_to_be(qualname) -> Operator:
    """The operator of a name, which need not be declared yet to take kernels."""
    return _operators.setdefault(without_overload(qualname), Operator(without_overload(qualname)))


def declare(qualname, schema=None) -> Operator:
    """A new operator, in the place of one of that name; one that waits for it keeps its kernels."""
    made = _operators.get(qualname)
    if made is None or made.is_declared:
        made = _operators[qualname] = Operator(qualname)
    made.schema, made.is_declared = schema, True
    return made


def forget(qualname) -> None:
    _operators.pop(qualname, None)


def without_overload(qualname):
    """`ns::name` of `ns::name.overload`, or of `ns::name(Tensor x) -> Tensor`."""
    namespace, _, name = str(qualname).partition("::")
    return f"{namespace}::{name.partition('(')[0].partition('.')[0].strip()}"


class OpOverload:
    """`torch.ops.NAMESPACE.NAME.default`."""

    def __init__(self, operator, overload="default"):
        self._operator = operator
        self._overloadname = overload
        self.__name__ = f"{str(operator).rpartition('.')[2]}.{overload}"

    def name(self):
        return self._operator.qualname

    def __call__(self, *args, **kwargs):
        return self._operator(*args, **kwargs)

    def __repr__(self):
        return f"<OpOverload(op='{self._operator}', overload='{self._overloadname}')>"

    def __str__(self):
        return f"{self._operator}.{self._overloadname}"


class OpOverloadPacket:
    """`torch.ops.NAMESPACE.NAME`."""

    def __init__(self, operator):
        self._operator = operator
        self.__name__ = str(operator).rpartition(".")[2]
        for each in operator.overloads:
            setattr(self, each, OpOverload(operator, each))

    def overloads(self):
        return [*self._operator.overloads]

    def __call__(self, *args, **kwargs):
        return self._operator(*args, **kwargs)

    def __repr__(self):
        return f"<OpOverloadPacket(op='{self._operator}')>"

    def __str__(self):
        return str(self._operator)


class OpNamespace(types.ModuleType):
    """`torch.ops.NAMESPACE`."""

    def __init__(self, name):
        super().__init__(f"torch.ops.{name}")
        self.__file__ = "torch.ops"
        self._namespace = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        operator = declared(f"{self._namespace}::{name}")
        if operator is None:
            raise AttributeError(
                f"'_OpNamespace' '{self._namespace}' object has no attribute '{name}'"
            )
        return OpOverloadPacket(operator)
