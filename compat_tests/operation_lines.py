"""Lines of text files that call operations, run with jtorch and with torch and compared.

A line is an expression, or statements and an expression with ` ;; ` between them. At hand are `R`
(a tensor of seeded numbers: shape, dtype, whether it requires grad), `names` (of the nodes of its
graph), `slopes` (its first and second gradients) and torch's modules. What a line gives is compared
with its warnings, or what it raises.
"""

import contextlib
import warnings

import numpy as np

from compare import attempt, differences, ours, raised, theirs
from expressions import run
from jtorch._config import settings


def value(module, line):
    """[what a line gives, the warnings on the way, without where in torch they come from]."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        found = run(line, environment(module))
    texts = [str(each.message).partition(" (Triggered internally")[0] for each in seen]
    return [found, [text.replace("jtorch", "torch") for text in texts]]


def environment(module):
    draw = np.random.RandomState(0)

    def R(*shape, dtype="float32", grad=False, low=None, high=None):
        if low is not None:
            array = draw.uniform(low, high, shape)
        else:
            array = draw.standard_normal(shape)
        if dtype.startswith("complex"):
            array = array + 1j * draw.standard_normal(shape)
        return module.tensor(array, dtype=getattr(module, dtype)).requires_grad_(grad)

    def slopes(result, *inputs):
        return [each.contiguous() for each in slopes_of(module, result, inputs)]

    return {"torch": module, "np": np, "R": R, "names": names, "slopes": slopes}


def names(tensor):
    """The names of the nodes of a tensor's graph, the nearest first."""
    found, seen, left = [], set(), [tensor.grad_fn]
    while left:
        node = left.pop()
        if node is not None and id(node) not in seen:
            seen.add(id(node))
            found.append(node.name().rpartition("::")[2])
            left.extend(each for each, _ in node.next_functions)
    return found


def slopes_of(module, result, inputs):
    """Gradients of a weighted sum of |result|**3, and of the sum of their squares."""
    weights = module.arange(result.numel(), dtype=module.float64).reshape(result.shape).cos()
    total = (result.abs() ** 3 * weights).sum()
    first = module.autograd.grad(total, inputs, create_graph=True)
    second = module.autograd.grad(sum((each.abs() ** 2).sum() for each in first), inputs)
    return [*[each.detach() for each in first], *second]


@contextlib.contextmanager
def on_host():
    """What is computed inside is computed with numpy: what is compared is what operations mean."""
    before, settings.executor = settings.executor, "host"
    try:
        yield
    finally:
        settings.executor = before


def compare_line(line, **options):
    """Assert that a line gives the same with both modules."""
    with on_host():
        lines = differences(attempt(value, ours, line), attempt(value, theirs, line), **options)
    assert not lines, "\n".join([line, *lines])


def compare_together(lines, **options):
    """Assert that lines give the same, all of them compiled to one program."""
    recorded = []
    for line in lines:
        try:
            recorded.append(value(ours, line)[0])
        except Exception as error:
            recorded.append(raised(error))
    found = []
    for line, mine in zip(lines, recorded, strict=True):
        wanted = attempt(lambda line=line: value(theirs, line)[0])
        found += differences(attempt(lambda mine=mine: mine), wanted, path=line, **options)
    assert not found, "\n".join(found)
