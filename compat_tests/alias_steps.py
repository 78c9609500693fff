"""The steps of the alias matrix: base tensors, ways to view, ways to write, ways to read.

Each step is a small function of a module and a tensor and says nothing about which module it is.
"""

import dataclasses

import numpy as np


@dataclasses.dataclass
class Live:
    """What a case keeps alive: tensors by name, numpy arrays by name, and plain values it read."""

    module: object
    tensors: dict
    arrays: dict
    values: list
    leaf: object = None  # what gradients are asked for, where the base has any

    @property
    def base(self):
        return self.tensors["base"]


def grid(*shape, dtype=np.float32):
    """The numbers 0, 1, 2, ... in this shape."""
    return np.arange(int(np.prod(shape)), dtype=dtype).reshape(shape)


def _from_numpy(module, array):
    return {"array": array}, module.from_numpy(array)


def _made(module, array, dtype=None):
    if dtype is None:
        return {}, module.tensor(array)
    return {}, module.tensor(array, dtype=getattr(module, dtype))


# Each gives (numpy arrays that stay alive, the base tensor).  Two shapes serve nearly all of them,
# so that a compiling engine meets few programs.
BASES = {
    "float 4x6": lambda m: _made(m, grid(4, 6)),
    "int64 4x6": lambda m: _made(m, grid(4, 6, dtype=np.int64)),
    "bool 4x6": lambda m: _made(m, grid(4, 6) % 2 == 0),
    "bfloat16 4x6": lambda m: _made(m, grid(4, 6), "bfloat16"),
    "complex 4x6": lambda m: _made(m, grid(4, 6) * (1 + 2j), "complex64"),
    "float 2x3x4": lambda m: _made(m, grid(2, 3, 4)),
    "float 0-d": lambda m: _made(m, np.float32(3.0)),
    "float 24": lambda m: _made(m, grid(24)),
    "float 0x6": lambda m: _made(m, grid(0, 6)),
    "from_numpy 4x6": lambda m: _from_numpy(m, grid(4, 6)),
    "from_numpy strided": lambda m: _from_numpy(m, grid(8, 6)[::2]),
    "transposed 6x4": lambda m: ({}, m.tensor(grid(6, 4)).t()),
    "every other column": lambda m: ({}, m.tensor(grid(4, 12))[:, ::2]),
    "with an offset": lambda m: ({}, m.tensor(grid(6, 6))[2:]),
    "expanded 1x6": lambda m: ({}, m.tensor(grid(1, 6)).expand(4, 6)),
    "leaf with grad": lambda m: ({}, m.tensor(grid(4, 6), requires_grad=True)),
    "result with grad": lambda m: ({}, m.tensor(grid(4, 6), requires_grad=True) * 2),
    "view with grad": lambda m: ({}, m.tensor(grid(6, 4), requires_grad=True).mul(2).t()),
}


def leaf_of(base):
    """The leaf that a base was made from, if that requires grad, else None."""
    if not base.requires_grad:
        return None
    node = base.grad_fn
    while node is not None and not hasattr(node, "variable"):
        node = node.next_functions[0][0]
    return base if node is None else node.variable


def weighted(tensor):
    """A number made of all elements, each of another weight."""
    numbers = grid(*tensor.shape) + 1
    return (tensor * tensor.new_tensor(numbers.tolist()).reshape(tensor.shape)).sum()


def gradient(live, outputs):
    """The gradient of the leaf with respect to these tensors, or None."""
    outputs = [each for each in outputs if each.requires_grad]
    if live.leaf is None or not outputs:
        return None
    total = sum(weighted(each) for each in outputs)
    found = live.module.autograd.grad(total, live.leaf, allow_unused=True, retain_graph=True)[0]
    return None if found is None else found.contiguous()  # strides of gradients mean nothing


# Bases that a chain is tried on first; the rest are the odd ones.
COMMON_BASES = (
    "float 4x6",
    "float 2x3x4",
    "int64 4x6",
    "from_numpy 4x6",
    "transposed 6x4",
    "float 24",
    "leaf with grad",
    "result with grad",
)

VIEWS = {
    "view(-1)": lambda m, x: x.view(-1),
    "view(2, -1)": lambda m, x: x.view(2, -1),
    "view(shape)": lambda m, x: x.view(x.shape),
    "view_as": lambda m, x: x.view_as(x),
    "reshape(-1)": lambda m, x: x.reshape(-1),
    "reshape(3, -1)": lambda m, x: x.reshape(3, -1),
    "flatten": lambda m, x: x.flatten(),
    "ravel": lambda m, x: x.ravel(),
    "unflatten": lambda m, x: x.unflatten(-1, (2, -1)),
    "t": lambda m, x: x.t(),
    "mT": lambda m, x: x.mT,
    "transpose": lambda m, x: x.transpose(0, -1),
    "permute": lambda m, x: x.permute(tuple(reversed(range(x.dim())))),
    "movedim": lambda m, x: x.movedim(0, -1),
    "x[0]": lambda m, x: x[0],
    "x[-1]": lambda m, x: x[-1],
    "x[1:]": lambda m, x: x[1:],
    "x[::2]": lambda m, x: x[::2],
    "x[..., 1:-1]": lambda m, x: x[..., 1:-1],
    "x[:, ::3]": lambda m, x: x[:, ::3],
    "x[1:3, 0]": lambda m, x: x[1:3, 0],
    "x[None]": lambda m, x: x[None],
    "x[..., None]": lambda m, x: x[..., None],
    "x[...]": lambda m, x: x[...],
    "x[0:0]": lambda m, x: x[0:0],
    "select": lambda m, x: x.select(-1, 1),
    "narrow": lambda m, x: x.narrow(0, 1, 1),
    "narrow last": lambda m, x: x.narrow(-1, 0, 2),
    "diagonal": lambda m, x: x.diagonal(),
    "expand": lambda m, x: x.expand(2, *x.shape),
    "unfold": lambda m, x: x.unfold(-1, 2, 2),
    "unfold overlapping": lambda m, x: x.unfold(-1, 2, 1),
    "as_strided": lambda m, x: x.as_strided((2, 3), (3, 1)),
    "as_strided offset": lambda m, x: x.as_strided((2, 2), (4, 2), 1),
    "split": lambda m, x: x.split(2)[0],
    "chunk": lambda m, x: x.chunk(2)[-1],
    "tensor_split": lambda m, x: x.tensor_split(3)[1],
    "unbind": lambda m, x: x.unbind()[1],
    "squeeze": lambda m, x: x.squeeze(),
    "unsqueeze": lambda m, x: x.unsqueeze(1),
    "contiguous": lambda m, x: x.contiguous(),
    "to same": lambda m, x: x.to(x.dtype),
    "real": lambda m, x: x.real,
    "view_as_real": lambda m, x: m.view_as_real(x),
    "detach": lambda m, x: x.detach(),
    "data": lambda m, x: x.data,
    "view(int32)": lambda m, x: x.view(m.int32),
    "view(uint8)": lambda m, x: x.view(m.uint8),
    "no_grad x[1:]": lambda m, x: m.no_grad()(lambda: x[1:])(),
}

WRITERS = {}
# What these write does not depend on the order in which overlapping elements are written.
CONSTANT_WRITERS = (
    "fill_",
    "zero_",
    "x[...] = 5",
    "data.fill_",
    "masked_fill_ all",
    "copy_ number",
)
# What autograd is not told of, and what saves tensors for it before the write.
UNSEEN_WRITERS = ("data.fill_", "data.mul_", "numpy write", "numpy +=")
SAVING_READERS = ("squared before", "sines before", "tanh before")


def writer(name):
    def add(function):
        WRITERS[name] = function
        return function

    return add


def _assign(index, value):
    def write(m, x):
        x[index] = value

    return write


def _augmented(index):
    def write(m, x):
        x[index] += 5

    return write


WRITERS.update(
    {
        "add_": lambda m, x: x.add_(1),
        "mul_": lambda m, x: x.mul_(3),
        "fill_": lambda m, x: x.fill_(7),
        "zero_": lambda m, x: x.zero_(),
        "clamp_": lambda m, x: x.clamp_(2, 9),
        "pow_": lambda m, x: x.pow_(2),
        "add_ itself": lambda m, x: x.add_(x),
        "copy_ number": lambda m, x: x.copy_(m.tensor(4)),
        "copy_ flipped": lambda m, x: x.copy_(x.flip(0)),
        "x[0] = 5": _assign(0, 5),
        "x[-1] = 5": _assign(-1, 5),
        "x[...] = 5": _assign(..., 5),
        "x[1:] = 6": _assign(slice(1, None), 6),
        "x[..., ::2] = 6": _assign((..., slice(None, None, 2)), 6),
        "x[[1, 0]] = 8": _assign([1, 0], 8),
        "x[0] += 5": _augmented(0),
        "x[..., -1] += 5": _augmented((..., -1)),
        "masked_fill_": lambda m, x: x.masked_fill_(x.ne(2), 9),
        "masked_fill_ all": lambda m, x: x.masked_fill_(m.tensor(True), 9),
        "index_add_": lambda m, x: x.index_add_(0, m.tensor([0]), x[1:2].clone()),
        "index_fill_": lambda m, x: x.index_fill_(0, m.tensor([0, -1]), 4),
        "data.fill_": lambda m, x: x.data.fill_(3),
        "data.mul_": lambda m, x: x.data.mul_(3),
        "detach().add_": lambda m, x: x.detach().add_(1),
        "out=": lambda m, x: m.add(x, 1, out=x),
        "transpose_": lambda m, x: x.transpose_(0, -1),
        "unsqueeze_": lambda m, x: x.unsqueeze_(0),
        "squeeze_": lambda m, x: x.squeeze_(),
        "no_grad mul_": lambda m, x: m.no_grad()(lambda: x.mul_(3))(),
        "no_grad x[0] = 5": lambda m, x: m.no_grad()(lambda: x.__setitem__(0, 5))(),
        "mul_ with grad": lambda m, x: x.mul_(m.tensor(3.0, requires_grad=True)),
    }
)


@writer("x[mask] = 9")
def _write_mask(m, x):
    x[x.ne(2)] = 9


@writer("x[tensor] = 8")
def _write_places(m, x):
    x[m.tensor([0, -1])] = 8


@writer("x[:] = flipped")
def _write_swapped(m, x):
    x[:] = x.flip(0)


@writer("x[0] = x[-1]")
def _write_row(m, x):
    x[0] = x[-1]


@writer("+=")
def _write_augmented(m, x):
    x += 2


@writer("*= tensor")
def _write_tensor(m, x):
    x *= m.tensor(2)


@writer("numpy write")
def _write_numpy(m, x):
    x.detach().numpy()[...] = 5


@writer("numpy +=")
def _write_numpy_sum(m, x):
    array = x.detach().numpy()
    array += 1


def _nothing(live, target):
    return None


def _keep(name, make):
    """A step that makes a tensor and keeps it alive."""

    def step(live, target):
        live.tensors[name] = make(live, target)

    return step


def _note(read):
    """A step that reads a plain value and notes it."""

    def step(live, target):
        live.values.append(read(live, target))

    return step


def _take_numpy(live, target):
    live.arrays["taken"] = live.base.detach().numpy()


def _write_again(live, target):
    live.base.detach().add_(1)


# Each reader is (what is done before the write, what is done after it).
READERS = {
    "base": (_nothing, _nothing),
    "earlier view": (_keep("earlier", lambda live, x: live.base[1:]), _nothing),
    "earlier view of the view": (_keep("earlier", lambda live, x: x.unsqueeze(0)), _nothing),
    "later view": (_nothing, _keep("later", lambda live, x: live.base.unsqueeze(-1))),
    "later view of the view": (_nothing, _keep("later", lambda live, x: x[..., :1])),
    "numpy alias": (_take_numpy, _nothing),
    "tolist": (_nothing, _note(lambda live, x: [live.base.tolist(), x.tolist()])),
    "read before": (_note(lambda live, x: x.tolist()), _nothing),
    "clone before": (_keep("copy", lambda live, x: x.clone()), _nothing),
    "computed before": (_keep("sum", lambda live, x: live.base.detach().sum()), _nothing),
    "sum": (_nothing, _note(lambda live, x: [x.sum().item(), live.base.sum().item()])),
    "storage": (_nothing, _note(lambda live, x: live.base.untyped_storage().tolist())),
    "printed": (_nothing, _note(lambda live, x: str(x))),
    "written again": (_nothing, _write_again),
    "gradient": (_nothing, _note(lambda live, x: gradient(live, [x]))),
    "gradient of the base": (_nothing, _note(lambda live, x: gradient(live, [live.base]))),
    "squared before": (_keep("square", lambda live, x: live.base * live.base), _nothing),
    "sines before": (_keep("sines", lambda live, x: x.sin()), _nothing),
    "tanh before": (_keep("tanh", lambda live, x: (x * 0.1).tanh()), _nothing),
}
