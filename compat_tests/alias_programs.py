"""Random programs over tensors that share memory: views of all kinds, writes, numpy in between.

A program is a list of steps drawn from a seed, so that it is the same on both modules. Steps that
torch refuses are part of it: the refusals are compared, too.
"""

import random
import warnings

import numpy as np

from compare import attempt, freeze, raised, theirs

DTYPES = ("float32", "int64", "bool", "bfloat16", "complex64", "uint8", "float64", "int16",
          "complex128", "int8")  # fmt: skip
SHAPES = ((4, 6), (2, 3, 4), (24,), (13,), (3, 5), (1, 6), (), (2, 0, 3), (6, 4))
# Writes that leave no question where a tensor's elements share places.
SAFE_ON_OVERLAP = ("t_", "unsqueeze_", "squeeze_", "zero_")


def draw_base(draw):
    """A function of a module that gives (numpy array that shares the memory or None, tensor)."""
    dtype, shape, seed = draw.choice(DTYPES), draw.choice(SHAPES), draw.randrange(1000)
    shares = draw.random() < 0.25 and dtype != "bfloat16"

    def make(module):
        numbers = np.random.default_rng(seed)
        array = numbers.integers(0, 9, size=shape)
        if dtype == "bool":
            array = array % 2 == 0
        if dtype.startswith("complex"):
            array = array + 1j * numbers.integers(-5, 5, size=shape)
        if shares:
            array = np.array(array).astype(dtype)
            return array, module.from_numpy(array)
        return None, module.tensor(array, dtype=getattr(module, dtype))

    return make


def draw_view(draw):
    """(name, function of a module and a tensor) of a view, or of a copy that looks like one."""
    i, d, e = (draw.randrange(-3, 3) for _ in range(3))
    n = draw.randrange(0, 4)
    dtype = draw.choice([each for each in DTYPES if each != "bool"])  # see test_bytes_of_bools_stay
    part = slice(draw.choice((None, 0, 1, -2)), draw.choice((None, 2, -1, 5)),
                 draw.choice((None, 1, 2, 3)))  # fmt: skip
    bits = ("view(dtype)", lambda m, x: x.view(getattr(m, dtype)))
    return draw.choice((
        bits, bits, bits,
        ("view(-1)", lambda m, x: x.view(-1)),
        ("reshape", lambda m, x: x.reshape(2, -1)),
        ("t", lambda m, x: x.t()),
        ("T", lambda m, x: x.T),
        ("mT", lambda m, x: x.mT),
        ("H", lambda m, x: x.H),
        ("adjoint", lambda m, x: x.adjoint()),
        ("transpose", lambda m, x: x.transpose(d, e)),
        ("permute", lambda m, x: x.permute(tuple(range(x.ndim - 1, -1, -1)))),
        ("movedim", lambda m, x: x.movedim(d, e)),
        ("select", lambda m, x: x.select(d, i)),
        ("narrow", lambda m, x: x.narrow(d, i, n)),
        ("x[part]", lambda m, x: x[part]),
        ("x[..., part]", lambda m, x: x[..., part]),
        ("x[i]", lambda m, x: x[i]),
        ("x[..., i]", lambda m, x: x[..., i]),
        ("x[None]", lambda m, x: x[None]),
        ("x[:, None]", lambda m, x: x[:, None]),
        ("real", lambda m, x: x.real),
        ("imag", lambda m, x: x.imag),
        ("conj", lambda m, x: x.conj()),
        ("resolve_conj", lambda m, x: x.resolve_conj()),
        ("resolve_neg", lambda m, x: x.resolve_neg()),
        ("view_as_real", lambda m, x: m.view_as_real(x)),
        ("view_as_complex", lambda m, x: m.view_as_complex(x)),
        ("diagonal", lambda m, x: x.diagonal(i, d, e)),
        ("unfold", lambda m, x: x.unfold(-1, 2, 1)),
        ("unfold apart", lambda m, x: x.unfold(0, 2, 2)),
        ("as_strided", lambda m, x: x.as_strided((2, 3), (3, 1))),
        ("as_strided offset", lambda m, x: x.as_strided((2, 2), (1, 2), 1)),
        ("expand", lambda m, x: x.expand(2, *x.shape)),
        ("detach", lambda m, x: x.detach()),
        ("data", lambda m, x: x.data),
        ("squeeze", lambda m, x: x.squeeze()),
        ("unsqueeze", lambda m, x: x.unsqueeze(d)),
        ("unbind", lambda m, x: x.unbind(d)[i]),
        ("split", lambda m, x: x.split(2, d)[i]),
        ("tensor_split", lambda m, x: x.tensor_split(3)[i]),
        ("flatten", lambda m, x: x.flatten()),
        ("flatten two", lambda m, x: x.flatten(0, 1)),
        ("ravel", lambda m, x: x.ravel()),
        ("contiguous", lambda m, x: x.contiguous()),
        ("clone", lambda m, x: x.clone()),
        ("x[list]", lambda m, x: x[[0, -1]]),
    ))  # fmt: skip


def draw_write(draw):
    """(name, function of a module, the tensor to write to and another one)."""
    i = draw.randrange(-3, 3)
    value = draw.choice((2, 3.5, True, -1, 0))

    def accumulate(m, x, y):
        x.index_put_((m.tensor([0, 0]),), x[:1].clone(), accumulate=True)

    return draw.choice((
        ("add_", lambda m, x, y: x.add_(1)),
        ("mul_", lambda m, x, y: x.mul_(2)),
        ("neg_", lambda m, x, y: x.neg_()),
        ("clamp_", lambda m, x, y: x.clamp_(1, 5)),
        ("fill_", lambda m, x, y: x.fill_(value)),
        ("zero_", lambda m, x, y: x.zero_()),
        ("copy_ flipped", lambda m, x, y: x.copy_(x.flip(0))),
        ("x[i] = value", lambda m, x, y: x.__setitem__(i, value)),
        ("x[..., i] = value", lambda m, x, y: x.__setitem__((..., i), value)),
        ("x[list] = value", lambda m, x, y: x.__setitem__([0, -1], value)),
        ("x[::2] = value", lambda m, x, y: x.__setitem__(slice(None, None, 2), value)),
        ("x[0] = x[-1]", lambda m, x, y: x.__setitem__(0, x[-1])),
        ("x[...] = y", lambda m, x, y: x.__setitem__(..., y)),
        ("x[list] = y", lambda m, x, y: x.__setitem__([0], y)),
        ("+=", lambda m, x, y: x.__iadd__(y)),
        ("imag =", lambda m, x, y: setattr(x, "imag", y)),
        ("accumulate", accumulate),
        ("t_", lambda m, x, y: x.t_()),
        ("transpose_", lambda m, x, y: x.transpose_(0, -1)),
        ("squeeze_", lambda m, x, y: x.squeeze_()),
        ("unsqueeze_", lambda m, x, y: x.unsqueeze_(0)),
        ("as_strided_", lambda m, x, y: x.as_strided_((2, 2), (2, 1))),
        ("numpy +=", lambda m, x, y: x.numpy().__iadd__(1)),
        ("numpy =", lambda m, x, y: x.numpy().__setitem__(..., 1)),
    ))  # fmt: skip


def draw_program(seed):
    """(bases, steps); a step is (kind, (name, function), place of a tensor, place of another)."""
    draw = random.Random(seed)
    bases = [draw_base(draw) for _ in range(2)]
    steps = []
    for _ in range(draw.randrange(4, 11)):
        kind = draw.choices(("view", "write", "numpy", "read"), weights=(6, 5, 0.6, 0.8))[0]
        step = {"view": draw_view, "write": draw_write}.get(kind, lambda draw: (kind, None))(draw)
        target = draw.randrange(100) if draw.random() < 0.4 else -1
        steps.append((kind, step, target, draw.randrange(100)))
    return bases, steps


def text_of(program):
    return " | ".join(f"{name} on {target}, {other}" for _, (name, _), target, other in program[1])


def run_program(module, program):
    """What each step gave or raised, and all tensors and arrays at the end."""
    bases, steps = program
    arrays, tensors = map(list, zip(*[make(module) for make in bases], strict=True))
    trail = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for kind, (_, step), target, other in steps:
            tensor, second = tensors[target % len(tensors)], tensors[other % len(tensors)]
            outcome = None
            try:
                if kind == "view":
                    tensors.append(step(module, tensor))
                elif kind == "write":
                    step(module, tensor, second)
                elif kind == "numpy":
                    arrays.append(tensor.numpy())
                else:
                    outcome = freeze(tensor)
            except Exception as error:
                outcome = raised(error)
            trail.append(outcome)
        return {
            "trail": freeze(trail),
            "tensors": freeze([attempt(lambda each=each: each) for each in tensors]),
            "arrays": freeze([each for each in arrays if each is not None]),
            "versions": freeze([each._version for each in tensors]),
            "conjugated": freeze([each.is_conj() or each.is_neg() for each in tensors]),
        }


def is_defined(program):
    """Whether torch's own answer is defined, and known not to be another: no write where elements
    share places, no numbers that XLA takes for zero (which bits of another dtype easily are), no
    signs of complex zeros, no sum with what shares the memory, no assignment of a tensor that its
    own conjugate overlaps.
    """
    bases, steps = program
    tensors = [make(theirs)[1] for make in bases]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, (name, step), target, other in steps:
            tensor, second = tensors[target % len(tensors)], tensors[other % len(tensors)]
            if kind == "write" and name not in SAFE_ON_OVERLAP and shares_places(tensor):
                return False
            if kind == "write" and name == "neg_" and tensor.is_complex():
                return False
            if kind == "write" and name.endswith("= y") and any(map(is_mirrored, tensors)):
                return False
            if kind == "write" and name == "+=" and share_memory(tensor, second):
                return False
            try:
                if kind == "view":
                    tensors.append(step(theirs, tensor))
                elif kind == "write":
                    step(theirs, tensor, second)
            except Exception:  # the refusal is part of the program
                continue
            if any(map(has_subnormals, tensors)):
                return False
    return True


def shares_places(tensor):
    places = theirs.zeros((), dtype=theirs.int64)
    for size, stride in zip(tensor.shape, tensor.stride(), strict=True):
        places = places[..., None] + theirs.arange(size) * stride
    return places.unique().numel() < tensor.numel()


def share_memory(tensor, second):
    """Whether writing to the one may change the other while it is read."""
    storages = [each.untyped_storage().data_ptr() for each in (tensor, second)]
    return tensor is not second and storages[0] == storages[1]


def is_mirrored(tensor):
    return tensor.is_conj() or tensor.is_neg()


def has_subnormals(tensor):
    if tensor.is_complex():
        tensor = theirs.view_as_real(tensor.resolve_conj())
    if not tensor.is_floating_point():
        return False
    tiny = theirs.finfo(tensor.dtype).tiny
    return bool(((tensor.abs() < tiny) & (tensor != 0)).any())
