"""Single operations on big tensors: element by element, along rows and columns, products.

The whole result is kept until the next step; the "loss" is the sum of a few of its elements.
"""

import functools

OPERATIONS = {
    "a * b + c": lambda torch, a, b, c: a * b + c,
    "a.t() + b": lambda torch, a, b, c: a.t() + b,
    "row + column": lambda torch, a, b, c: a[0] + b[:, :1],
    "a.exp()": lambda torch, a, b, c: a.exp(),
    "a.sin()": lambda torch, a, b, c: a.sin(),
    "a.tanh()": lambda torch, a, b, c: a.tanh(),
    "gelu(a)": lambda torch, a, b, c: torch.nn.functional.gelu(a),
    "where(a > b, a, c)": lambda torch, a, b, c: torch.where(a > b, a, c),
    "a.sum()": lambda torch, a, b, c: a.sum(),
    "a.sum(0)": lambda torch, a, b, c: a.sum(0),
    "a.var(1)": lambda torch, a, b, c: a.var(1),
    "a.argmax(1)": lambda torch, a, b, c: a.argmax(1),
    "a.softmax(1)": lambda torch, a, b, c: a.softmax(1),
    "a.cumsum(1)": lambda torch, a, b, c: a.cumsum(1),
    "a.sort(1)": lambda torch, a, b, c: a.sort(1).values,
    "a @ b": lambda torch, a, b, c: a @ b,
}
CASES = {
    f"{name}, {size}x{size}": {"operation": name, "size": size}
    for name in OPERATIONS
    for size in (1024,)
}
TINY = [{"operation": name, "size": 4} for name in OPERATIONS]
WHOLE = 0
PROBED = 64


def program(torch, compiled, operation, size):
    torch.manual_seed(0)
    arguments = [torch.randn(size, size) for _ in range(3)]
    function = compiled(functools.partial(OPERATIONS[operation], torch))
    kept = None

    def step():
        nonlocal kept
        kept = function(*arguments)
        return float(kept.reshape(-1)[:PROBED].sum().item())

    return step, dict(zip("abc", arguments, strict=True))
