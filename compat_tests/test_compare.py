"""The comparer itself: it lets equal things pass and nothing else."""

import numpy as np
import pytest
import torch

from compare import (
    Raised,
    assert_same,
    attempt,
    differences,
    freeze,
    neutral,
    raised,
    sampled,
    tensor_values,
)

NAN = float("nan")
INF = float("inf")
BASE = torch.arange(6.0).reshape(2, 3)

EQUAL = [
    (BASE, BASE.clone()),
    (torch.tensor([NAN, INF, -INF]), torch.tensor([NAN, INF, -INF])),
    (torch.tensor([0.0]), torch.tensor([-0.0])),
    (torch.tensor([1.0]), torch.tensor([1.0 + 1e-7])),
    (torch.tensor([1.0], dtype=torch.bfloat16), torch.tensor([1.0078], dtype=torch.bfloat16)),
    (torch.tensor([1 + 1j]), torch.tensor([1 + 1j])),
    (torch.tensor([complex(NAN, 1)]), torch.tensor([complex(NAN, 1)])),
    (torch.Size([2, 3]), torch.Size([2, 3])),
    ([1, 2.0, "a", None], [1, 2.0, "a", None]),
    ({"a": BASE}, {"a": BASE.clone()}),
    (BASE.max(0), BASE.clone().max(0)),
    (NAN, NAN),
    (torch.float32, torch.float),
    (np.arange(3), np.arange(3)),
]

UNEQUAL = [
    (BASE, BASE + 1e-3),
    (BASE, BASE.double()),
    (BASE, BASE.reshape(3, 2)),
    (BASE, BASE.t().contiguous().t()),
    (BASE[1:], BASE[1:].clone()),
    (BASE, BASE.clone().requires_grad_()),
    (BASE, torch.nn.Parameter(BASE, requires_grad=False)),
    (torch.tensor([NAN]), torch.tensor([0.0])),
    (torch.tensor([INF]), torch.tensor([-INF])),
    (torch.tensor([INF]), torch.tensor([1e38])),
    (torch.tensor([2**53]), torch.tensor([2**53 + 1])),
    (torch.tensor([2**63], dtype=torch.uint64), torch.tensor([2**63 + 1], dtype=torch.uint64)),
    (torch.tensor([complex(1, INF)]), torch.tensor([complex(1, -INF)])),
    (torch.tensor([1 + 1j]), torch.tensor([1 - 1j])),
    (torch.tensor([True]), torch.tensor([False])),
    ((1, 2), [1, 2]),
    ((2, 3), torch.Size([2, 3])),
    (1, 1.0),
    (1, True),
    ([1], [1, 2]),
    ({"a": 1}, {"b": 1}),
    ("a", "b"),
    (None, 0),
    (BASE.max(0), tuple(BASE.max(0))),
    (BASE.max(0), BASE.sort(0)),
    (BASE.max(0), BASE.min(0)),
    (torch.float32, torch.float64),
    (np.arange(3), np.arange(3.0)),
    (np.arange(6).reshape(2, 3), np.arange(6).reshape(3, 2).T),
    (BASE, BASE.numpy()),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_passes(left, right):
    assert_same(left, right)


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_unequal_fails(left, right):
    with pytest.raises(AssertionError, match="differs"):
        assert_same(left, right)
    with pytest.raises(AssertionError, match="differs"):
        assert_same(right, left)


def test_signed_zero_when_asked():
    plus, minus = torch.tensor([0.0]), torch.tensor([-0.0])
    with pytest.raises(AssertionError):
        assert_same(plus, minus, signed_zero=True)


def test_tolerance_can_be_replaced():
    near = torch.tensor([1.0]), torch.tensor([1.01])
    assert_same(*near, tolerance=(0.1, 0.0))
    with pytest.raises(AssertionError):
        assert_same(*near)
    with pytest.raises(AssertionError):
        assert_same(torch.tensor([1]), torch.tensor([2]), tolerance=(10.0, 10.0))


def test_every_place_of_a_nested_value_is_compared():
    left, right = [BASE, (BASE, {"a": [BASE]})], [BASE, (BASE, {"a": [BASE + 1]})]
    assert len(differences(freeze(left), freeze(right))) > 0


def test_errors_are_compared_by_class_and_text():
    def fail(error):
        def call(module):
            raise error

        return attempt(call, torch)

    assert fail(ValueError("a jtorch thing")) == fail(ValueError("a torch thing"))
    assert differences(fail(ValueError("a")), fail(ValueError("b")))
    assert differences(fail(ValueError("a")), fail(TypeError("a")))
    assert differences(fail(ValueError("a")), freeze(1))
    assert isinstance(raised(KeyError("a")), Raised)
    assert raised(torch.linalg.LinAlgError("x")).builtin == "RuntimeError"
    assert neutral("jtorch.add") == "torch.add"


def test_values_are_exact():
    big = torch.tensor([2**63 + 5], dtype=torch.uint64)
    assert tensor_values(big)[0] == 2**63 + 5
    assert tensor_values(torch.tensor([1.0], dtype=torch.float8_e4m3fn)) == [1.0]
    assert tensor_values(torch.zeros(2, 0)).shape == (2, 0)


def test_sampled_is_stable_and_spread():
    some = sampled(range(100), 10, salt="a")
    assert some == sampled(range(100), 10, salt="a")
    assert len(some) in (10, 100)
    assert max(some) - min(some) > 70
