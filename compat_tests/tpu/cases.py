"""What is compiled: every row of the op table, module and optimizer, in the dtypes users have there.

A case is recorded on the virtual accelerator, so that the programs are those of a real one.
"""

import dataclasses

import module_cases
from compare import ours
from samples import ROWS
from samples.spec import Attribute, Sample, TensorSpec, find
from tpu.recording import programs_of

DTYPES = ("float32", "bfloat16", "int32", "int64", "bool", "float64", "complex64")
TRAINED = ("float32", "bfloat16")  # the dtypes whose gradients are compiled
INEXACT = ("float", "bfloat", "complex")


class WithoutGradient(Exception):
    """The results of a row have no gradient."""


@dataclasses.dataclass(frozen=True)
class Case:
    """A call in one dtype: of a row ("call"), with its gradients, of a module, of an optimizer."""

    kind: str
    name: str
    dtype: str
    body: object = dataclasses.field(repr=False, compare=False)

    @property
    def id(self):
        return f"{self.kind} {self.name} {self.dtype}"

    def programs(self, device="cuda"):
        """The programs of this case. What it raises is what a user sees."""
        with ours.device(device):
            return programs_of(self.body)


def all_cases() -> list[Case]:
    """Every case, in a fixed order."""
    found = []
    for row in ROWS:
        found += [Case("call", row.name, dtype, _call(row, dtype)) for dtype in DTYPES]
        found += [Case("gradient", row.name, dtype, _gradient(row, dtype)) for dtype in TRAINED]
    for expression in module_cases.RUNNABLE:
        found += [
            Case("module", f"nn.{expression}", dtype, _module(expression, dtype))
            for dtype in TRAINED
        ]
    return found + [
        Case("optimizer", f"optim.{name}", dtype, _optimizer(name, dtype))
        for name in optimizers()
        for dtype in TRAINED
    ]


# Rows


def _varied(sample):
    """The dtype of a sample that is varied: that of its first tensor of floats, or of its first."""
    specs = _specs([*sample.args, *sample.kwargs.values()])
    inexact = [spec for spec in specs if spec.dtype.startswith(INEXACT)]
    return (inexact or specs)[0].dtype if specs else None


def _specs(value):
    if isinstance(value, TensorSpec):
        return [value]
    if isinstance(value, (tuple, list)):
        return [spec for item in value for spec in _specs(item)]
    return []


def with_dtype(sample, dtype):
    """The sample with tensors of another dtype, or, where it has none, with the keyword `dtype`."""
    varied = _varied(sample)
    if varied is None:
        return Sample(sample.args, sample.kwargs | {"dtype": Attribute(dtype)})

    def visit(value):
        if isinstance(value, TensorSpec):
            return dataclasses.replace(value, dtype=dtype) if value.dtype == varied else value
        if isinstance(value, (tuple, list)):
            return type(value)(map(visit, value))
        return value

    kwargs = {name: visit(value) for name, value in sample.kwargs.items()}
    return Sample(tuple(map(visit, sample.args)), kwargs)


def _caller(row):
    if "f" not in row.forms:
        return lambda first, *rest, **kwargs: getattr(first, row.method)(*rest, **kwargs)
    if row.name.startswith("operator."):
        return find(__import__("operator"), row.name.removeprefix("operator."))
    return find(ours, row.name)


def _call(row, dtype):
    def body():
        args, kwargs, built = with_dtype(row.samples[0], dtype).build(ours)
        return _caller(row)(*args, **kwargs), built

    return body


def _gradient(row, dtype):
    def body():
        args, kwargs, built = with_dtype(row.samples[0], dtype).build(ours)
        leaves = [tensor for tensor, _ in built if tensor.is_floating_point()]
        for leaf in leaves:
            leaf.requires_grad_()
        results = _caller(row)(*args, **kwargs)
        if not any(each.requires_grad for each in tensors_of(results)):
            raise WithoutGradient(row.name)
        return backward(results), [leaf.grad for leaf in leaves], results

    return body


def backward(results):
    """Gradients of the sum of all results that have them."""
    outputs = [each for each in tensors_of(results) if each.requires_grad]
    if outputs:
        ours.autograd.backward(outputs, [ours.ones_like(each) for each in outputs])


def tensors_of(value):
    """Every tensor inside a result, in order."""
    if isinstance(value, ours.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        return [tensor for item in value for tensor in tensors_of(item)]
    return []


# Modules and optimizers


def _module(expression, dtype):
    def body():
        module = module_cases.make_module(ours, expression)
        module.to(getattr(ours, dtype))
        results = module(*module_cases.inputs_of(ours, expression, dtype=dtype))
        return backward(results), [each.grad for each in module.parameters()], results

    return body


def optimizers():
    """The names of the classes of optimizers."""
    return sorted(
        name
        for name, each in vars(ours.optim).items()
        if isinstance(each, type) and issubclass(each, ours.optim.Optimizer)
        if name not in ("Optimizer", "LBFGS", "SparseAdam")
    )


def _optimizer(name, dtype):
    def body():
        module = ours.nn.Linear(4, 3, dtype=getattr(ours, dtype))
        optimizer = getattr(ours.optim, name)(module.parameters(), lr=0.01)
        for _ in range(2):
            optimizer.zero_grad()
            module(ours.ones(2, 4, dtype=getattr(ours, dtype))).square().sum().backward()
            optimizer.step()
        return module, optimizer

    return body
