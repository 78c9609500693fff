"""Operators that programs declare themselves: `torch.ops.NAMESPACE.NAME`, and what they are made of."""

import inspect
import types

from jtorch._autograd.modes import no_grad
from jtorch._ops.edges import tracked
from jtorch._tensor import Tensor
from jtorch.autograd.function import Function

COMPOSITE = ("CompositeImplicitAutograd", "CompositeExplicitAutograd")
_operators = {}  # "namespace::name" -> Operator


class Operator:
    """An operator: its kernel, its gradient, its shape rule, each as far as it has been registered.

    A `composite` one is made of other operations, whose gradients it has.
    """

    def __init__(self, qualname, schema=None):
        self.qualname = qualname
        self.schema = schema
        self.kernel = None
        self.composite = False
        self.overloads = ("default",)
        self.fake = None  # neither this nor the casts of autocast are ever needed here
        self.autocast = {}
        self.function = None  # the class of its nodes
        self._backward = self._setup_context = None

    def __str__(self):
        return self.qualname.replace("::", ".")

    def register_autograd(self, backward, setup_context=None):
        self._backward, self._setup_context = backward, setup_context
        self.function = None

    def __call__(self, *args, **kwargs):
        if self.kernel is None:
            raise NotImplementedError(
                f"Could not run '{self.qualname}' with arguments from the 'CPU' backend. This could "
                "be because the operator doesn't exist for this backend: nothing has been registered "
                "as its implementation"
            )
        if self.composite:
            return self.kernel(*args, **kwargs)
        args = self._positional(args, kwargs)
        if tracked([each for each in args if isinstance(each, Tensor)]):
            if self.function is None:
                self.function = self._make_function()
            return self.function.apply(*args)
        return self.kernel(*args)

    def _positional(self, args, kwargs):
        """All arguments in order, with defaults: what `setup_context` gets as its inputs."""
        try:
            bound = inspect.signature(self.kernel).bind(*args, **kwargs)
        except ValueError:  # a kernel without a signature
            return args
        bound.apply_defaults()
        return (*bound.args, *bound.kwargs.values())

    def _make_function(self):
        operator = self

        def forward(*args):
            with no_grad():
                return operator.kernel(*args)

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


def find(qualname) -> Operator:
    """The operator of a name. Errors: RuntimeError if there is none."""
    found = _operators.get(without_overload(qualname))
    if found is None:
        raise RuntimeError(f"operator {qualname} does not exist")
    return found


def declare(qualname, schema=None) -> Operator:
    """A new operator, in the place of one of that name."""
    made = _operators[qualname] = Operator(qualname, schema)
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
        operator = _operators.get(f"{self._namespace}::{name}")
        if operator is None:
            raise AttributeError(
                f"'_OpNamespace' '{self._namespace}' object has no attribute '{name}'"
            )
        return OpOverloadPacket(operator)
