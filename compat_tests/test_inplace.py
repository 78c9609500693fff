"""Writing in place: methods through each kind of view, versions, overlaps, leaves, storages."""

import numpy as np
import pytest

from compare import assert_same, attempt, both, ours, sampled

LAYOUTS = {
    "whole": lambda base: base,
    "transposed": lambda base: base.t(),
    "row": lambda base: base[1],
    "column": lambda base: base[:, 1],
    "every other": lambda base: base[::2],
    "block": lambda base: base[1:, 1:],
    "diagonal": lambda base: base.diagonal(),
    "flattened": lambda base: base.view(-1),
    "element": lambda base: base[0, 1],
    "empty": lambda base: base[:0],
    "with a dim": lambda base: base[None, :, None],
    "detached": lambda base: base.detach(),
    "expanded": lambda base: base[:1].expand(4, 4),
    "view of a view": lambda base: base.t()[1:].t()[::2],
}

METHODS = {
    "abs_": (),
    "neg_": (),
    "exp_": (),
    "sqrt_": (),
    "sigmoid_": (),
    "floor_": (),
    "add_": (2,),
    "sub_": (0.5,),
    "mul_": (3,),
    "div_": (4,),
    "pow_": (2,),
    "remainder_": (3,),
    "clamp_": (-1, 5),
    "fill_": (9,),
    "zero_": (),
    "eq_": (3,),
    "logical_not_": (),
    "square_": (),
    "reciprocal_": (),
    "nan_to_num_": (),
    "relu_": (),
    "sign_": (),
    "round_": (),
    "tril_": (),
    "cumsum_": (0,),
    "masked_fill_": ("mask", 7),
    "copy_": ("numbers",),
    "lerp_": ("numbers", 0.25),
    "addcmul_": ("numbers", "numbers"),
    "index_fill_": (0, "first", 5),
    "index_add_": (0, "first", "first row"),
    "scatter_": (0, "places", 6),
    "fill_diagonal_": (8,),
    "erfinv_": (),
    "atan2_": ("numbers",),
}


def named_arguments(module, target, words):
    """Operands that fit `target`, made by name."""
    shape = tuple(target.shape)
    numbers = np.linspace(-2, 6, int(np.prod(shape)), dtype=np.float32).reshape(shape)
    makers = {
        "mask": lambda: module.tensor(numbers > 1),
        "numbers": lambda: module.tensor(numbers),
        "first": lambda: module.tensor([0]),
        "first row": lambda: module.tensor(numbers[:1].copy()),
        "places": lambda: module.zeros((1,) * len(shape), dtype=module.int64),
    }
    return [makers[word]() if isinstance(word, str) else word for word in words]


def base_values(dtype="float32"):
    return (np.arange(16).reshape(4, 4) - 5).astype(dtype)


def write_through(module, layout, method, dtype="float32"):
    base = module.tensor(base_values(dtype))
    other = base[1:3]
    target = LAYOUTS[layout](base)
    words = named_arguments(module, target, METHODS[method])
    result = getattr(target, method)(*words)
    return [result is target, base, target, other, base._version, target._version]


# `tril_` accepts an expanded target, and what it leaves there depends on the order of its writes.
CASES = [
    (layout, method)
    for method in METHODS
    for layout in LAYOUTS
    if (layout, method) != ("expanded", "tril_")
]


@pytest.mark.parametrize(("layout", "method"), sampled(CASES, 150, salt="inplace"))
def test_method_through_a_view(layout, method):
    both(lambda m: write_through(m, layout, method))


@pytest.mark.parametrize(("layout", "method"), sampled(CASES, 60, salt="other"))
def test_integers(layout, method):
    """Integer tensors keep their dtype or refuse, with torch's text."""
    both(lambda m: write_through(m, layout, method, "int64"))


def out_of_place(module, layout, method):
    """The same op without the underscore, then copied in: the identity that in-place keeps."""
    base = module.tensor(base_values())
    target = LAYOUTS[layout](base)
    words = named_arguments(module, target, METHODS[method])
    target.copy_(getattr(target, method[:-1])(*words))
    return base


@pytest.mark.parametrize(
    "method", ["add_", "exp_", "clamp_", "masked_fill_", "cumsum_", "index_add_"]
)
@pytest.mark.parametrize("layout", ["transposed", "column", "block", "every other"])
def test_in_place_equals_out_of_place(layout, method):
    direct = attempt(lambda m: write_through(m, layout, method)[1], ours)
    assert_same(attempt(out_of_place, ours, layout, method), direct)


VERSIONS = [
    lambda x: x.add_(1),
    lambda x: x[0].add_(1),
    lambda x: x.data.add_(1),
    lambda x: x.detach().add_(1),
    lambda x: x.view(-1).zero_(),
    lambda x: x.copy_(x.clone()),
    lambda x: x.t_(),
    lambda x: x.squeeze_(),
    lambda x: x.unsqueeze_(0),
    lambda x: x.transpose_(0, 1),
    lambda x: x.__setitem__(0, 5),
    lambda x: x.__setitem__((slice(None), 1), 5),
    lambda x: x.__setitem__(x > 2, 5),
    lambda x: x.__iadd__(1),
    lambda x: x.resize_(2, 2),
    lambda x: x.requires_grad_(),
    lambda x: x.fill_(1).mul_(2),
    lambda x: x[:0].add_(1),
    lambda x: x.clamp_(0, 1),
    lambda x: x.set_(x.clone()),
    lambda x: x.numpy().fill(3),
    lambda x: x.index_put_((x.new_zeros(1).long(),), x[:1].clone()),
    lambda x: x.masked_scatter_(x > 2, x.clone()),
]


@pytest.mark.parametrize("number", range(len(VERSIONS)))
def test_versions(number):
    def call(module):
        base = module.tensor(base_values())
        view, inner, data, detached = base[1:], base[1:][0], base.data, base.detach()
        VERSIONS[number](base)
        live = (base, view, inner, data, detached)
        return [[tensor._version for tensor in live], base, view, data]

    both(call)


def test_version_of_new_results():
    both(lambda m: [m.zeros(2)._version, (m.zeros(2) + 1)._version, m.zeros(2).clone()._version])
    both(lambda m: [m.tensor([1, 2])._version, m.zeros(2).add_(1).clone()._version])


OVERLAPS = {
    "expanded target": lambda m, x: x[:1].expand(4, 4).add_(1),
    "expanded copy_": lambda m, x: x[:1].expand(4, 4).copy_(x),
    "expanded fill_": lambda m, x: x[:1].expand(4, 4).fill_(3),
    "expanded zero_": lambda m, x: x[:1].expand(4, 4).zero_(),
    "expanded assignment": lambda m, x: x[:1].expand(4, 4).__setitem__(0, 5),
    "expanded masked_fill_": lambda m, x: x[:1].expand(4, 4).masked_fill_(x > 0, 1),
    "stride 0": lambda m, x: x.as_strided((3,), (0,)).mul_(2),
    "size 1 expanded": lambda m, x: x[:1].expand(1, 4).add_(1),
    "same tensor": lambda m, x: x.add_(x),
    "its row": lambda m, x: x.add_(x[0]),
    "its transpose": lambda m, x: x.add_(x.t()),
    "its shifted rows": lambda m, x: x[1:].add_(x[:-1]),
    "out is input": lambda m, x: m.add(x, x, out=x),
    "out is transposed": lambda m, x: m.add(x, x, out=x.t()),
    "out overlaps": lambda m, x: m.add(x[1:], 1, out=x[:-1]),
    "out apart": lambda m, x: m.add(x[:2], 1, out=x[2:]),
    "out expanded": lambda m, x: m.add(x, 1, out=x[:1].expand(4, 4)),
    "copy to itself": lambda m, x: x.copy_(x),
    "copy of apart rows": lambda m, x: x[:2].copy_(x[2:]),
    "mul by own clone": lambda m, x: x.mul_(x[:, :1].clone()),
    "cat out": lambda m, x: m.cat([x[:2], x[2:]], out=x),
}


@pytest.mark.parametrize("name", OVERLAPS)
def test_overlap(name):
    def call(module):
        base = module.tensor(base_values())
        OVERLAPS[name](module, base)
        return [base, base._version]

    both(call)


OUTS = {
    "right": lambda m: m.add(m.ones(2, 3), 1, out=m.empty(2, 3)),
    "empty": lambda m: m.add(m.ones(2, 3), 1, out=m.empty(0)),
    "strided": lambda m: m.add(m.ones(2, 3), 1, out=m.zeros(3, 2).t()),
    "sliced": lambda m: m.add(m.ones(2, 3), 1, out=m.zeros(2, 6)[:, ::2]),
    "wider": lambda m: m.add(m.ones(2, 3), 1, out=m.empty(2, 3, dtype=m.float64)),
    "narrower float": lambda m: m.add(m.ones(2, 3), 1, out=m.empty(2, 3, dtype=m.float16)),
    "integer": lambda m: m.add(m.ones(2, 3), 1, out=m.empty(2, 3, dtype=m.int64)),
    "complex": lambda m: m.add(m.ones(2, 3), 1, out=m.empty(2, 3, dtype=m.complex64)),
    "bool of ints": lambda m: m.add(m.arange(3), 1, out=m.empty(3, dtype=m.bool)),
    "not a tensor": lambda m: m.add(m.ones(2), 1, out=[1]),
    "None": lambda m: m.add(m.ones(2), 1, out=None),
    "needs grad": lambda m: m.add(m.ones(2), 1, out=m.empty(2, requires_grad=True)),
    "from what needs grad": lambda m: m.add(m.ones(2, requires_grad=True), 1, out=m.empty(2)),
    "pair": lambda m: m.max(
        m.arange(6.0).view(2, 3), 1, out=(m.empty(2), m.empty(2, dtype=m.int64))
    ),
    "pair of one": lambda m: m.max(m.arange(6.0).view(2, 3), 1, out=(m.empty(2),)),
    "pair, wrong dtype": lambda m: m.max(m.arange(6.0).view(2, 3), 1, out=(m.empty(2), m.empty(2))),
    "sorted": lambda m: m.sort(m.tensor([3.0, 1.0]), out=(m.empty(2), m.empty(2, dtype=m.int64))),
    "stack": lambda m: m.stack([m.ones(2), m.zeros(2)], out=m.empty(2, 2)),
    "mm": lambda m: m.mm(m.ones(2, 3), m.ones(3, 2), out=m.empty(2, 2)),
    "mm, wrong dtype": lambda m: m.mm(
        m.ones(2, 3), m.ones(3, 2), out=m.empty(2, 2, dtype=m.float64)
    ),
    "arange": lambda m: m.arange(4, out=m.empty(4)),
    "zeros": lambda m: m.zeros(2, 2, out=m.ones(2, 2)),
    "sum": lambda m: m.sum(m.ones(2, 3), 1, out=m.empty(2)),
    "eq into float": lambda m: m.eq(m.ones(2), 1, out=m.empty(2)),
    "sum, wrong dtype": lambda m: m.sum(m.ones(2, 3), 1, out=m.empty(2, dtype=m.int64)),
}


@pytest.mark.parametrize("name", OUTS)
def test_out(name):
    both(OUTS[name])


def test_out_resize_of_what_is_not_empty_still_resizes():
    """torch warns and resizes; the warning is asked for here, the rest of the suite ignores it."""

    def call(module):
        out = module.zeros(3)
        module.add(module.ones(2, 3), 1, out=out)
        return out

    both(call)


LEAVES = {
    "add_": lambda m, x: x.add_(1),
    "setitem": lambda m, x: x.__setitem__(0, 5),
    "view": lambda m, x: x[0].add_(1),
    "view, setitem": lambda m, x: x[0].__setitem__(0, 5),
    "detach": lambda m, x: x.detach().add_(1),
    "data": lambda m, x: x.data.mul_(2),
    "zero_": lambda m, x: x.zero_(),
    "numpy": lambda m, x: x.numpy(),
    "detach numpy": lambda m, x: x.detach().numpy().fill(4),
    "iadd": lambda m, x: x.__iadd__(1),
    "requires_grad_ off": lambda m, x: x.requires_grad_(False).add_(1),
    "t_": lambda m, x: x.t_(),
    "resize_": lambda m, x: x.resize_(8),
    "set data": lambda m, x: setattr(x, "data", m.zeros(2, 2)),
    "set data, dtype": lambda m, x: setattr(x, "data", m.zeros(4, 4, dtype=m.int64)),
    "copy into": lambda m, x: m.zeros(4, 4).copy_(x),
    "tolist": lambda m, x: x.tolist(),
    "bool": lambda m, x: bool(x[0, 0]),
    "clone add_": lambda m, x: x.clone().add_(1).detach(),
    "out": lambda m, x: m.add(m.ones(4, 4), 1, out=x),
    "requires_grad of a result": lambda m, x: (x + 1).requires_grad_(False),
    "assign requires_grad": lambda m, x: setattr(x * 2, "requires_grad", False),
    "unbind": lambda m, x: x.clone().unbind()[0].add_(1),
    "split": lambda m, x: x.clone().split(2)[0].mul_(2),
}


@pytest.mark.parametrize("name", LEAVES)
@pytest.mark.parametrize("without_grad", [False, True])
def test_leaf_that_requires_grad(name, without_grad):
    def call(module):
        leaf = module.tensor(base_values(), requires_grad=True)
        if without_grad:
            with module.no_grad():
                result = LEAVES[name](module, leaf)
        else:
            result = LEAVES[name](module, leaf)
        return [
            leaf,
            leaf._version,
            leaf.is_leaf,
            leaf.requires_grad,
            None if result is leaf else result,
        ]

    both(call)


DATA = {
    "new storage": lambda m, x: m.full((4, 4), 2.0),
    "other shape": lambda m, x: m.zeros(2),
    "its own row": lambda m, x: x[0],
    "its own clone": lambda m, x: x.clone(),
    "other dtype": lambda m, x: m.zeros(4, 4, dtype=m.float64),
    "number": lambda m, x: 3,
    "None": lambda m, x: None,
}


@pytest.mark.parametrize("name", DATA)
def test_setting_data(name):
    def call(module):
        tensor = module.tensor(base_values())
        view = tensor[1]
        tensor.data = DATA[name](module, tensor)
        before = [tensor, view, tensor._version]
        tensor.add_(1)
        return [*before, tensor, view, tensor._version]

    both(call)


def test_set_and_storages():
    def swap(module):
        a, b = module.zeros(2, 2), module.ones(3)
        a.set_(b)
        b.add_(1)
        return [a, b, a.data_ptr() == b.data_ptr()]

    def pieces(module):
        a, b = module.zeros(2, 2), module.arange(6.0)
        a.set_(b.untyped_storage(), 1, (2, 2), (2, 1))
        b.mul_(10)
        return [a, a.storage_offset(), a.stride()]

    def nothing(module):
        a = module.zeros(2, 2)
        a.set_()
        return a

    both(swap)
    both(pieces)
    both(nothing)
    both(
        lambda m: [
            m.zeros(2, 3).untyped_storage().nbytes(),
            m.zeros(2, 3)[1].untyped_storage().nbytes(),
        ]
    )
    both(lambda m: [len(m.zeros(3, dtype=m.int64).untyped_storage()), m.zeros(2).nbytes])


RESIZES = [(2, 2), (4, 4), (16,), (3, 5), (0,), (2, 8), ()]


@pytest.mark.parametrize("shape", RESIZES)
def test_resize(shape):
    """Within the storage the elements stay; past its end they are open, so sizes stop there."""

    def call(module):
        base = module.tensor(base_values())
        view = base[0]
        base.resize_(shape)
        return [base, view, base.untyped_storage().nbytes(), base._version]

    both(call)


def test_resize_of_shared_numpy_is_refused():
    both(lambda m: m.from_numpy(np.zeros(3)).resize_(8))
    both(lambda m: m.from_numpy(np.zeros(4)).resize_(2, 2))


def test_a_chain_of_writes_in_program_order():
    def call(module):
        x = module.tensor(base_values())
        row, column, turned = x[1], x[:, 2], x.t()
        row += 1
        column *= 2
        turned[0] = row
        x[x > 4] = 0
        row.copy_(column)
        total = x.sum()
        x.zero_()
        return [x, row, column, turned, total]

    both(call)


def test_swapping_two_rows():
    def by_tuple(module):
        x = module.tensor(base_values())
        x[0], x[1] = x[1].clone(), x[0].clone()
        return x

    def by_alias(module):
        x = module.tensor(base_values())
        x[0], x[1] = x[1], x[0]
        return x

    def by_index(module):
        x = module.tensor(base_values())
        x[[0, 1]] = x[[1, 0]]
        return x

    for call in (by_tuple, by_alias, by_index):
        both(call)
