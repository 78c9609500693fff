"""Views, what is written through them, indices and constructors: expressions and random programs."""

import itertools

import numpy as np
import pytest

from alias_programs import draw_program, is_defined, run_program, text_of
from compare import EXHAUSTIVE, assert_same, both, differences, ours, sampled, theirs
from expressions import lines_of, value_of

PROGRAMS = 3000 if EXHAUSTIVE else 150


def lines(name, count):
    return sampled(lines_of(name), count, salt=name)


@pytest.mark.parametrize("line", lines("views", 140))
def test_views(line):
    both(lambda module: value_of(module, line))


@pytest.mark.parametrize("line", lines("index", 130))
def test_index(line):
    both(lambda module: value_of(module, line))


@pytest.mark.parametrize("line", lines("creation", 300))
def test_creation(line):
    both(lambda module: value_of(module, line))


@pytest.mark.parametrize("first", range(0, PROGRAMS, 25))
def test_programs(first):
    ran = 0
    for seed in range(first, first + 25):
        program = draw_program(seed)
        if is_defined(program):
            ran += 1
            got, want = run_program(ours, program), run_program(theirs, program)
            found = [
                line for name in want for line in differences(got[name], want[name], path=name)
            ]
            assert not found, "\n".join([f"program {seed}: {text_of(program)}", *found])
    assert ran > 10


# A value that is read from the memory it is written to; XLA fuses the two if it is let to.
SOURCES = {
    "itself": lambda m, x: x.clone(),
    "flipped": lambda m, x: x.flip(0),
    "rolled": lambda m, x: m.roll(x, 1, 0),
}
PARTS = {
    "even": (slice(0, None, 2), slice(0, None, 2)),
    "even to odd": (slice(0, None, 2), slice(1, None, 2)),
    "thirds": (slice(0, None, 3), slice(0, None, 3)),
    "halves": (slice(0, 24), slice(24, None)),
    "shifted": (slice(0, 47), slice(1, None)),
}
AFTER = {
    "nothing": lambda m, x: x,
    "all": lambda m, x: (x + 1, x[::2]),
    "some": lambda m, x: x[::2].add_(1),
    "reshaped": lambda m, x: (x.view(4, 12) + 1, x.view(1, 6, 8)[:, 1:]),
}


@pytest.mark.parametrize("dtype", ["float32", "int32"])
@pytest.mark.parametrize("shape", [(48,), (4, 12)])
def test_a_value_read_from_where_it_is_written(dtype, shape):
    for source, part, after in itertools.product(SOURCES, PARTS, AFTER):
        read, write = PARTS[part]

        def steps(module, source=source, read=read, write=write, after=after):
            x = module.arange(48.0)
            seen = x.view(getattr(module, dtype)).view(shape).view(-1)
            seen[write] = SOURCES[source](module, seen[read])
            return AFTER[after](module, x), x

        both(steps)


def test_bits_that_make_no_whole_element_stay():
    def steps(module):
        x = module.arange(13, dtype=module.uint8)
        x[:12].view(module.float32)[1] = 2.5
        y = module.arange(7, dtype=module.int16)
        y[:4].view(module.complex64).imag.fill_(1.0)
        return x, y, y[:6].view(module.int32)

    both(steps)


def test_bytes_of_bools_stay():
    def steps(module):
        x = module.tensor([5, 0, 7], dtype=module.uint8)
        x.view(module.bool)[1] = True
        y = module.tensor([True, False, True])
        y.view(module.uint8)[0] = 9
        return x, y.view(module.uint8), y, y.sum(), (~y).tolist()

    both(steps)


def same_bits(module, line):
    """The elements' bits as integers."""
    made = value_of(module, line)
    if made.is_complex():
        made = module.view_as_real(made)
    return made.view({2: module.int16, 4: module.int32, 8: module.int64}[made.itemsize])


FLOATS = ("float32", "float64", "float16", "bfloat16")


@pytest.mark.filterwarnings("ignore:torch.range is deprecated")
@pytest.mark.parametrize(
    ("name", "dtype"),
    [*itertools.product(("arange", "linspace", "range"), FLOATS), ("linspace", "complex64")],
)
def test_ranges_to_the_bit(name, dtype):
    draw = np.random.default_rng(3)
    for _ in range(40):
        start, end = (float(each) for each in draw.normal(size=2) * 10)
        count = int(draw.integers(2, 200))
        last = (end - start) / count if name != "linspace" else count
        line = f"torch.{name}({start!r}, {end!r}, {last!r}, dtype=torch.{dtype})"
        assert_same(same_bits(ours, line), same_bits(theirs, line))


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8"])
def test_ranges_of_integers(dtype):
    draw = np.random.default_rng(4)
    for _ in range(40):
        start, end = sorted(float(each) for each in draw.uniform(0, 200, size=2))
        count = int(draw.integers(1, 60))
        for line in (f"linspace({start!r}, {end!r}, {count}", f"logspace(0.5, 2.1, {count}, 1.7"):
            both(lambda m, line=line: value_of(m, f"torch.{line}, dtype=torch.{dtype})"))


def test_long_ranges():
    for line in ("arange(100000.0)[::9999]", "arange(0, 3000, 0.1)[::997]", "eye(300).sum()",
                 "linspace(0, 1, 50000)[::4999]", "linspace(-3, 9, 40000, dtype=torch.int64)[::997]",
                 "logspace(0, 3, 30000)[::2999]", "arange(50000)[::4999]"):  # fmt: skip
        both(lambda m, line=line: value_of(m, f"torch.{line}"))
