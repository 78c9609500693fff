"""Random programs of operations, views, writes in place, modes and hooks that end in a backward pass.

A program is drawn from a seed; `run_program` gives what each step raised, the gradients of leaves and
of what retained its own, the names in the graph and the versions.  All functions are smooth and keep
values small, so that two correct implementations agree.
"""

import random
import re
import warnings

import numpy as np

from autograd_programs import plain
from compare import Raised, describe, neutral, raised

SHAPES = ((2, 3), (2, 3), (2, 3), (3,), (2, 1), (3, 2), ())


def draw_operation(draw):
    """(name, function of a module, a tensor and another one)."""
    number = draw.choice((2, 0.5, -1.5))
    return draw.choice((
        ("sin", lambda m, x, y: x.sin()),
        ("tanh", lambda m, x, y: x.tanh()),
        ("x * number", lambda m, x, y: x * number),
        ("number - x", lambda m, x, y: number - x),
        ("x * y", lambda m, x, y: x * y),
        ("x + y", lambda m, x, y: x + y),
        ("x - y", lambda m, x, y: x - 0.5 * y),
        ("sigmoid", lambda m, x, y: x.sigmoid()),
        ("softmax", lambda m, x, y: x.softmax(-1) if x.dim() else x.clone()),
        ("sum", lambda m, x, y: x.sum(0) if x.dim() else x.sum()),
        ("mean", lambda m, x, y: x.mean(-1, keepdim=True) if x.dim() else x.mean()),
        ("matmul", lambda m, x, y: (x.tanh() @ y) * 1.0),
        ("clone", lambda m, x, y: x.clone()),
        ("cat", lambda m, x, y: m.cat([x, y])),
        ("stack", lambda m, x, y: m.stack([x, y.tanh()])),
        ("where", lambda m, x, y: m.where(x > 0, x, y)),
        ("index", lambda m, x, y: x[[0, 0]]),
        ("mask", lambda m, x, y: x[m.ones(x.shape[:1], dtype=m.bool)]),
        ("flip", lambda m, x, y: x.flip(0)),
        ("cumsum", lambda m, x, y: x.cumsum(0) * 0.5),
        ("detach", lambda m, x, y: x.detach()),
        ("unneeded", lambda m, x, y: x.detach().clone()),
        ("needed", lambda m, x, y: x.detach().clone().requires_grad_()),
    ))  # fmt: skip


def draw_view(draw):
    """(name, function of a module, a tensor and another one), of what shares memory with it."""
    place, dim = draw.randrange(-2, 2), draw.randrange(-2, 2)
    part = slice(draw.choice((None, 0, 1)), draw.choice((None, 2, -1)), draw.choice((None, 2)))
    return draw.choice((
        ("x[i]", lambda m, x, y: x[place]),
        ("x[part]", lambda m, x, y: x[part]),
        ("x[..., part]", lambda m, x, y: x[..., part]),
        ("x[None]", lambda m, x, y: x[None]),
        ("t", lambda m, x, y: x.t()),
        ("transpose", lambda m, x, y: x.transpose(0, -1)),
        ("view(-1)", lambda m, x, y: x.view(-1)),
        ("reshape", lambda m, x, y: x.reshape(-1, 1)),
        ("select", lambda m, x, y: x.select(dim, place)),
        ("narrow", lambda m, x, y: x.narrow(0, 0, 1)),
        ("diagonal", lambda m, x, y: x.diagonal()),
        ("expand", lambda m, x, y: x.expand(2, *x.shape)),
        ("unsqueeze", lambda m, x, y: x.unsqueeze(-1)),
        ("squeeze", lambda m, x, y: x.squeeze(dim)),
        ("view_as", lambda m, x, y: x.view_as(x)),
        ("unbind", lambda m, x, y: x.unbind(0)[place]),
        ("split", lambda m, x, y: x.split(1)[place]),
        ("as_strided", lambda m, x, y: x.as_strided((2,), (1,))),
    ))  # fmt: skip


def draw_write(draw):
    """(name, function of a module, a tensor that is written to and another one)."""
    number, place = draw.choice((2, 0.5, -1.5)), draw.randrange(-2, 2)
    return draw.choice((
        ("add_ number", lambda m, x, y: x.add_(number)),
        ("mul_ number", lambda m, x, y: x.mul_(number)),
        ("add_", lambda m, x, y: x.add_(y)),
        ("mul_", lambda m, x, y: x.mul_(y)),
        ("sub_", lambda m, x, y: x.sub_(y, alpha=0.5)),
        ("sin_", lambda m, x, y: x.sin_()),
        ("tanh_", lambda m, x, y: x.tanh_()),
        ("sigmoid_", lambda m, x, y: x.sigmoid_()),
        ("neg_", lambda m, x, y: x.neg_()),
        ("copy_", lambda m, x, y: x.copy_(y)),
        # Torch writes zeros where elements share places, and refuses to go back there.
        ("zero_", lambda m, x, y: x.add_(1) if 0 in x.stride() else x.zero_()),
        ("fill_", lambda m, x, y: x.fill_(number)),
        ("masked_fill_", lambda m, x, y: x.masked_fill_(x > 0.3, number)),
        ("x[i] = number", lambda m, x, y: x.__setitem__(place, number)),
        ("x[i] = y", lambda m, x, y: x.__setitem__(place, y)),
        ("x[...] = y", lambda m, x, y: x.__setitem__(..., y)),
        ("x[list] = y", lambda m, x, y: x.__setitem__([0], y)),
        ("detach_", lambda m, x, y: x.detach_()),
    ))  # fmt: skip


def scaled(gradient):
    return gradient * 3


def hook(module, tensor, other):
    """Scale the gradient of a tensor; torch crashes where a stale view gets a hook, so ask first."""
    if tensor.grad_fn is not None or tensor.requires_grad:
        tensor.register_hook(scaled)


def draw_other(draw):
    """(name, function of a module, a tensor and another one): modes, hooks, retained gradients."""
    _, write = draw_write(draw)
    _, view = draw_view(draw)
    _, operation = draw_operation(draw)

    def under(context, call):
        def step(m, x, y):
            with context(m):
                return call(m, x, y)

        return step

    return draw.choice((
        ("write under no_grad", under(lambda m: m.no_grad(), write)),
        ("view under no_grad", under(lambda m: m.no_grad(), view)),
        ("operation under no_grad", under(lambda m: m.no_grad(), operation)),
        ("retain_grad", lambda m, x, y: x.retain_grad()),
        ("retain_grad", lambda m, x, y: x.retain_grad()),
        ("hook", hook),
        ("write to detached", lambda m, x, y: write(m, x.detach(), y)),
        ("requires_grad_", lambda m, x, y: x.requires_grad_()),
    ))  # fmt: skip


def draw_program(seed):
    """(shapes of leaves with their flag, steps); a step: (name, function, place, other place)."""
    draw = random.Random(seed)
    leaves = [(draw.choice(SHAPES), draw.random() < 0.8) for _ in range(3)]
    kinds = (draw_operation, draw_view, draw_write, draw_other)
    steps = []
    for _ in range(draw.randrange(4, 14)):
        kind = draw.choices(kinds, weights=(5, 4, 5, 1.5))[0]
        name, step = kind(draw)
        target = draw.randrange(100) if draw.random() < 0.5 else -1
        steps.append((name, step, target, draw.randrange(100)))
    return leaves, steps


def text_of(program):
    """A program in words, for the message of a failure."""
    leaves, steps = program
    return f"{leaves}: " + " | ".join(f"{name} on {a}, {b}" for name, _, a, b in steps)


def failure(error):
    """An exception as a record without addresses.

    Which operation a stale value is said to be of depends, with torch, on who asked for a grad_fn.
    """
    record = raised(error)
    text = re.sub(r", which is output \d+ of \w+,", "", plain(record.text))
    return Raised(record.builtin, record.name, text)


def attempt(call):
    """(what a call gives, None) or (None, the record of the exception)."""
    try:
        return call(), None
    except Exception as error:
        return None, failure(error)


def run_program(module, program):
    """What is to be compared, as a list of (words, record or text) pairs."""
    shapes, steps = program
    numbers = np.random.default_rng(7)
    tensors = [
        module.tensor(numbers.normal(size=shape), requires_grad=needed) for shape, needed in shapes
    ]
    tensors += [each * 1.5 for each in tensors]  # a leaf refuses most writes
    seen = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, step, target, other in steps:
            tensor, second = tensors[target % len(tensors)], tensors[other % len(tensors)]
            # Whether torch sees that a view has a history depends on whether somebody has asked.
            attempt(lambda: tensor.grad_fn)
            value, error = attempt(lambda: step(module, tensor, second))
            seen.append((f"step {name}", error))
            if isinstance(value, module.Tensor) and value is not tensor and value.numel() < 200:
                tensors.append(value)
        seen += [(f"tensor {place}", facts(each)) for place, each in enumerate(tensors)]
        for place, each in enumerate(tensors):
            if each.requires_grad:  # one by one: a stale value spoils what needs it, and no more
                _, error = attempt(lambda: each.sum().backward(retain_graph=True))
                seen.append((f"backward {place}", error))
        for place, each in enumerate(tensors):
            if place < len(shapes) or each.retains_grad:
                grad = each.grad
                seen.append((f"gradient {place}", None if grad is None else describe(grad)))
    return seen


def facts(tensor):
    """(record, name of the grad_fn or its refusal, whether it is a leaf, its version)."""
    node, error = attempt(lambda: tensor.grad_fn)
    name = type(node).__name__ if error is None else error
    leaf, _ = attempt(lambda: tensor.is_leaf)
    return describe(tensor), neutral(str(name)), leaf, tensor._version
