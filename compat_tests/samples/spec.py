"""The little language samples are written in: tensors by shape, dtypes by name, one row per op.

A spec says what to build and is built twice, once for each module, from the same seeded numbers.
Nothing here computes with either module.
"""

import dataclasses

import numpy as np

from compare import make, words

# Methods a tensor spec takes as building steps: `T(3, 2).t()` is a transposed input.
STEPS = words(
    "t transpose permute expand narrow select unsqueeze squeeze diagonal flip detach conj real imag"
    " requires_grad_ to view reshape"
)
KINDS = {"bool": "b", "float": "f", "bfloat": "f", "complex": "c", "int": "i", "uint": "u"}


@dataclasses.dataclass(frozen=True)
class TensorSpec:
    """A tensor to build: shape, dtype, how its values are drawn, and view steps on top."""

    shape: tuple
    dtype: str = "float32"
    low: float | None = None
    high: float | None = None
    special: bool = False
    distinct: bool = False
    values: object = None
    steps: tuple = ()

    def __getattr__(self, name):
        if name not in STEPS:
            raise AttributeError(name)
        return lambda *args, **kwargs: self._with((name, args, kwargs))

    def __getitem__(self, index):
        return self._with(("__getitem__", (index,), {}))

    def _with(self, step):
        return dataclasses.replace(self, steps=(*self.steps, step))

    def array(self, seed):
        """The numbers of the base tensor, the same for one seed always."""
        draw = np.random.default_rng(seed)
        kind = KINDS[self.dtype.split("_")[0].rstrip("0123456789")]
        size = int(np.prod(self.shape))
        if self.values is not None:
            flat = np.array(self.values)
            return flat if kind == "c" or flat.dtype.kind != "c" else flat.real
        if kind == "b":
            return draw.integers(0, 2, self.shape).astype(bool)
        if self.distinct:
            flat = draw.permutation(size).reshape(self.shape)
            return flat if kind in "iu" else (flat * 0.37 - size * 0.1).astype(np.float32)
        if kind in "iu":
            low = self.low if self.low is not None else (0 if kind == "u" else -5)
            return draw.integers(low, 10 if self.high is None else self.high, self.shape)
        return self._floats(draw, kind, size)

    def _floats(self, draw, kind, size):
        low, high = (
            (-3.0 if self.low is None else self.low),
            (3.0 if self.high is None else self.high),
        )
        flat = draw.uniform(low, high, size)
        if kind == "c":
            flat = flat + 1j * draw.uniform(low, high, size)
        if self.special:
            corner = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0]
            flat[: len(corner)] = corner[:size]
        wide = np.complex128 if kind == "c" else np.float64
        return flat.reshape(self.shape).astype(wide)

    def build(self, module, seed):
        """(the tensor, the tensor it is a view of) on `module`."""
        base = make(module, self.array(seed), self.dtype)
        value = base
        for name, args, kwargs in self.steps:
            value = getattr(value, name)(*args, **kwargs)
        return value, base


@dataclasses.dataclass(frozen=True)
class Attribute:
    """Something found by name in the module: a dtype, a memory format, a tensor class."""

    path: str


@dataclasses.dataclass(frozen=True)
class Sample:
    """One call: arguments and keywords, with specs in the place of tensors."""

    args: tuple
    kwargs: dict

    def build(self, module):
        """(args, kwargs, the tensors built with their bases) for one module."""
        built = []

        def resolve(value):
            if isinstance(value, TensorSpec):
                tensor, base = value.build(module, seed=1000 + len(built))
                built.append((tensor, base))
                return tensor
            if isinstance(value, Attribute):
                return find(module, value.path)
            if isinstance(value, (tuple, list)):
                return type(value)(resolve(item) for item in value)
            if isinstance(value, slice):
                return slice(*(resolve(part) for part in (value.start, value.stop, value.step)))
            return value

        args = tuple(resolve(argument) for argument in self.args)
        kwargs = {name: resolve(argument) for name, argument in self.kwargs.items()}
        return args, kwargs, built

    @property
    def has_tensor_first(self):
        return bool(self.args) and isinstance(self.args[0], TensorSpec)


@dataclasses.dataclass(frozen=True)
class Row:
    """One op: its calls, which of its forms are checked, and calls that must fail.

    Forms: f function, m method, i in-place method, o `out=`.  `canonical` turns the result into
    what is defined about it (a decomposition is unique up to signs); `tolerance` replaces the
    table's, and `reason` says why.
    """

    name: str
    samples: tuple
    forms: str = "fm"
    aliases: tuple = ()
    errors: tuple = ()
    canonical: object = None
    tolerance: tuple | None = None
    reason: str = ""
    inplace: str = ""

    @property
    def method(self):
        return self.name.rpartition(".")[2]

    @property
    def inplace_method(self):
        return self.inplace or f"{self.method}_"


def find(module, path):
    """The attribute of `module` at a dotted path."""
    for part in path.split("."):
        module = getattr(module, part)
    return module


def T(*shape, **options):
    """A tensor of this shape with seeded values."""
    return TensorSpec(shape, **options)


def V(values, dtype="float32"):
    """A tensor that holds these values."""
    return TensorSpec(np.shape(values), dtype, values=values)


def A(path):
    """The module's attribute of this name: `A("float64")`."""
    return Attribute(path)


def S(*args, **kwargs):
    """One call with these arguments."""
    return Sample(args, kwargs)


def row(name, *samples, forms="fm", **fields):
    """One op with its calls, given as samples or as groups of them."""
    flat = []
    for item in samples:
        flat.extend([item] if isinstance(item, Sample) else item)
    if fields.get("tolerance") and not fields.get("reason"):
        raise ValueError(f"{name}: a tolerance of its own needs a reason")
    return Row(name, tuple(flat), forms, **fields)
