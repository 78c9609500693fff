"""Tensors around the operations: made from data, converted, asked, copied, moved in memory."""

import numpy as np
import pytest

from compare import ALL_TYPES, attempt, both, freeze, ours, theirs
from expressions import lines_of, value_of


def expressions(name):
    return pytest.mark.parametrize("line", lines_of(name))


@expressions("methods")
def test_methods(line):
    both(lambda module: value_of(module, line))


@expressions("from_data")
def test_from_data(line):
    both(lambda module: value_of(module, line))


@expressions("memory")
def test_memory(line):
    both(lambda module: value_of(module, line))


@expressions("old_types")
def test_old_types(line):
    both(lambda module: value_of(module, line))


@expressions("info")
def test_info(line):
    both(lambda module: value_of(module, line))


@expressions("subclasses")
def test_subclasses(line):
    both(lambda module: value_of(module, line))


FLOATS = ("float16", "bfloat16", "float32", "float64")
FLOAT8 = ("float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu")
NUMBERS = [
    *(0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -0.5, -1.5, 100.7, 3.0, 6.0),
    *(127.0, 128.0, -128.0, -129.0, 255.0, 256.0, 300.0, -300.0),
    *(32767.0, 32768.0, 65535.0, 65536.0, 70000.0, 1e6, 65504.0, 65519.0, 65520.0),
    *(448.0, 449.0, 464.0, 465.0, 480.0, 500.0, 57344.0, 61439.0, 61440.0, 240.0, 248.0, 1e-8),
    *(2.0**24 + 1, 2.0**53 + 1, 1 + 2**-11 + 2**-26, 1 + 2**-8 + 2**-30),
]
# Outside of the range of integers: what torch makes of them is what x86 does.
HUGE = [
    *(2147483647.0, 2147483648.0, -2147483648.0, 4294967296.0, 1e10, -1e10, 9.2e18, 2.0**63),
    *(
        1.8446744073709552e19,
        1e19,
        -1e19,
        1e20,
        -1e20,
        1e30,
        float("inf"),
        float("-inf"),
        float("nan"),
    ),
]
INTEGERS = [
    *(
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        -128,
        -129,
        32767,
        32768,
        65535,
        65536,
        70000,
        2**31 - 1,
        2**31,
    ),
    *(-(2**31), 2**32, 2**40 + 3, 2**53 + 1, 2**62 + 1, -(2**63), 2**63 - 1, 2**24 + 1, 449, 1000),
    *(2**61 + 2**40 + 1, 257 * 2**20 + 2**11 + 1),
]


def source(module, name):
    """A tensor of a dtype with numbers that are hard to convert."""
    if name == "bool":
        return module.tensor([True, False])
    if name.startswith("complex"):
        data = [complex(left, right) for left, right in zip(NUMBERS, NUMBERS[::-1], strict=True)]
        return module.tensor(data, dtype=getattr(module, name))
    if "float" in name:
        return module.tensor(NUMBERS + HUGE, dtype=module.float64).to(getattr(module, name))
    return module.from_numpy(np.array(INTEGERS, np.int64).astype(name))


@pytest.mark.parametrize("name", [*ALL_TYPES, *FLOAT8])
def test_casts_from(name):
    # Of numbers too big for uint32 torch itself makes two things: in vectors of 16, and one by one.
    targets = [each for each in (*ALL_TYPES, *FLOAT8) if each != "uint32" or "float" not in name]
    if name in FLOAT8:
        targets = [each for each in targets if "int" not in each]  # nan is 0 or the smallest
    both(
        lambda module: [source(module, name).to(getattr(module, target)) for target in targets],
        tolerance=(0, 0),
        signed_zero=True,
    )


@pytest.mark.parametrize("name", FLOATS)
def test_floats_that_fit_uint32(name):
    both(
        lambda module: module.tensor([0.0, 1.5, 4e9, 2.0**31], dtype=getattr(module, name)).to(
            module.uint32
        )
    )


LAYOUTS = [
    ("dense", lambda m: m.arange(24.0).reshape(2, 3, 4)),
    ("transposed", lambda m: m.arange(24.0).reshape(2, 3, 4).transpose(0, 2)),
    ("strided", lambda m: m.arange(24.0).reshape(2, 3, 4)[:, ::2, 1:]),
    ("expanded", lambda m: m.arange(4.0).expand(2, 3, 4)),
    ("scalar", lambda m: m.tensor(2.5)),
    ("empty", lambda m: m.zeros(2, 0, 3)),
    (
        "channels last",
        lambda m: m.arange(120.0).reshape(2, 3, 4, 5).to(memory_format=m.channels_last),
    ),
]
USES = [
    ("clone", lambda m, x: x.clone()),
    ("clone contiguous", lambda m, x: x.clone(memory_format=m.contiguous_format)),
    ("contiguous", lambda m, x: x.contiguous()),
    ("to int", lambda m, x: x.to(m.int32)),
    ("to copy", lambda m, x: x.to(m.float32, copy=True)),
    ("detach", lambda m, x: [x.detach(), x.detach().data_ptr() == x.data_ptr()]),
    ("data", lambda m, x: [x.data, x.data.data_ptr() == x.data_ptr()]),
    ("tolist", lambda m, x: x.tolist()),
    ("numpy", lambda m, x: x.numpy()),
    ("repr", lambda m, x: repr(x)),
    ("iteration", lambda m, x: list(x)),
    ("torch.tensor", lambda m, x: m.tensor(x)),
    ("dim_order", lambda m, x: x.dim_order()),
    ("storage", lambda m, x: [x.untyped_storage().nbytes(), x.storage_offset()]),
]


@pytest.mark.parametrize("use", [use for _, use in USES], ids=[name for name, _ in USES])
@pytest.mark.parametrize("make", [make for _, make in LAYOUTS], ids=[name for name, _ in LAYOUTS])
def test_uses_of_layouts(make, use):
    both(lambda module: use(module, make(module)))


def test_a_subclass_is_made_and_converted():
    def steps(module):
        class Special(module.Tensor):
            pass

        plain = module.ones(2)
        special = plain.as_subclass(Special)
        made = Special([1, 2])
        special.add_(1)
        return [
            type(special) is Special,
            isinstance(special, module.Tensor),
            type(made) is Special,
            repr(made),
            repr(Special(module.ones(2, dtype=module.int64))),
            plain,
        ]

    both(steps)


def test_a_storage_is_known_by_its_handle():
    tensor = ours.ones(3)
    view = tensor[1:]

    assert tensor.untyped_storage() is view.untyped_storage()
    assert tensor.untyped_storage()._cdata == view.untyped_storage()._cdata
    assert ours.ones(3).untyped_storage() is not tensor.untyped_storage()


def test_set_then_write_counts_versions_apart():
    def steps(module):
        first, second = module.zeros(3), module.ones(4)
        first.set_(second)
        first.add_(1)
        second.mul_(3)
        part = first[1:]
        part.zero_()
        return [first, second, first._version, second._version, part._version]

    both(steps)


def test_printing_of_many_elements_reads_the_edges():
    both(lambda module: repr(module.zeros(100, 1000, 100)))


def test_a_pending_value_is_computed_once_for_printing():
    tensor = ours.ones(2000) + 1
    first = repr(tensor)
    compiled = len(ours.compilations().entries) if hasattr(ours.compilations(), "entries") else None
    second = repr(tensor)

    assert first == second == repr(theirs.ones(2000) + 1)
    if compiled is not None:
        assert len(ours.compilations().entries) == compiled


def test_the_comparison_can_fail():
    differs = attempt(lambda: value_of(ours, "torch.ones(2).to(torch.float64)"))

    assert differs != freeze(theirs.ones(2))
