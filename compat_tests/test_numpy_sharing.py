"""Memory shared with numpy, DLPack and JAX: who sees whose writes, and for how long."""

import gc
import threading

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from compare import SELF, both, ours
from expressions import lines_of, value_of

not_self = pytest.mark.skipif(SELF, reason="looks into jtorch")


@pytest.mark.parametrize("line", lines_of("sharing"))
def test_sharing(line):
    both(lambda module: value_of(module, line))


WRITERS = [
    ("add_", lambda m, t: t.add_(1)),
    ("slice", lambda m, t: t[1:].mul_(3)),
    ("setitem", lambda m, t: t.__setitem__(0, 7)),
    ("out", lambda m, t: m.add(t, 2, out=t)),
    ("copy_", lambda m, t: t.copy_(t * 2 + 1)),
    ("fill_", lambda m, t: t.fill_(4)),
    ("zero_ of a view", lambda m, t: t.view(-1)[::2].zero_()),
    ("data", lambda m, t: t.data.add_(5)),
    ("detach", lambda m, t: t.detach().sub_(2)),
    ("transposed", lambda m, t: t.reshape(2, 3).t()[1].add_(10)),
]


@pytest.mark.parametrize(
    "write", [write for _, write in WRITERS], ids=[name for name, _ in WRITERS]
)
def test_numpy_sees_what_a_tensor_writes(write):
    def steps(module):
        array = np.arange(6.0)
        over = module.from_numpy(array)
        write(module, over)
        tensor = module.arange(6.0)
        seen = tensor.numpy()
        write(module, tensor)
        return [array, over, seen, tensor]

    both(steps)


NUMPY_WRITERS = [
    ("out", lambda n: np.add(n, 1, out=n)),
    ("slice", lambda n: n[1:].__imul__(3)),
    ("setitem", lambda n: n.__setitem__(0, 7)),
    ("strided", lambda n: n[::2].fill(9)),
    ("reshaped", lambda n: n.reshape(2, 3).T.__setitem__(1, 5)),
    ("sort", lambda n: n[::-1].sort()),
]


@pytest.mark.parametrize(
    "write", [write for _, write in NUMPY_WRITERS], ids=[name for name, _ in NUMPY_WRITERS]
)
def test_a_tensor_sees_what_numpy_writes(write):
    def steps(module):
        array = np.arange(6.0)
        over = module.from_numpy(array)
        view = over[2:4]
        before = over * 1
        write(array)
        tensor = module.arange(6.0)
        part = tensor[1:5]
        write(tensor.numpy())
        return [over, view, before, over + 1, tensor, part]

    both(steps)


def test_recorded_work_reads_memory_as_it_was():
    def steps(module):
        array = np.zeros(3)
        tensor = module.from_numpy(array)
        doubled = tensor * 2 + 1
        array[:] = 100
        later = tensor * 2 + 1
        return [doubled, later]

    both(steps)


KINDS = ["bool", "uint8", "int16", "int32", "int64", "uint16", "float16", "float32", "complex64"]


@pytest.mark.parametrize("kind", KINDS)
def test_dtypes_go_both_ways(kind):
    def steps(module):
        array = np.array([[0, 1, 2], [3, 4, 5]]).astype(kind)
        tensor = module.from_numpy(array)
        back = tensor.numpy()
        tensor[0, 1] = 7
        return [tensor, array, back, back.dtype.name, np.shares_memory(array, back)]

    both(steps)


def test_two_tensors_of_one_array_and_a_view_of_it():
    def steps(module):
        array = np.arange(4.0)
        first, second = module.from_numpy(array), module.from_numpy(array[1:])
        first.add_(1)
        second.mul_(2)
        del array
        first.add_(1)
        return [first, second]

    both(steps)


def test_the_array_may_be_a_view_whose_base_is_gone():
    def steps(module):
        base = np.arange(6.0)
        part = base[1::2]
        tensor = module.from_numpy(part)
        del base
        tensor.add_(1)
        return [part, tensor]

    both(steps)


def test_an_array_of_an_array_that_is_gone_is_still_shared():
    def steps(module):
        tensor = module.from_numpy(np.arange(3.0))
        array = tensor.numpy()
        tensor.add_(1)
        return [array, tensor]

    both(steps)


@not_self
class TestLifetime:
    def test_a_tensor_is_normal_again_when_its_array_is_gone(self):
        tensor = ours.arange(6.0)
        array = tensor.numpy()
        tensor.add_(1)
        assert tensor._storage.host is not None
        assert array.tolist() == [1, 2, 3, 4, 5, 6]

        del array
        tensor.add_(1)

        assert tensor._storage.host is None
        assert tensor.tolist() == [2, 3, 4, 5, 6, 7]

    def test_a_slice_of_the_array_keeps_it_shared(self):
        tensor = ours.arange(6.0)
        part = tensor.numpy()[1:3]
        tensor.add_(1)

        assert tensor._storage.host is not None
        assert part.tolist() == [2, 3]

    def test_reading_alone_lets_go(self):
        tensor = ours.arange(6.0)
        tensor.numpy()

        assert (tensor + 1).tolist() == [1, 2, 3, 4, 5, 6]
        assert tensor._storage.host is None

    def test_from_numpy_lets_go_when_nobody_else_has_the_array(self):
        tensor = ours.from_numpy(np.arange(3.0))
        tensor.add_(1)

        assert tensor._storage.host is None
        assert tensor.tolist() == [1, 2, 3]

    def test_from_numpy_stays_shared_while_any_view_of_the_array_lives(self):
        array = np.arange(6.0)
        tensor = ours.from_numpy(array)
        part = array[2:]
        del array
        tensor.add_(1)
        assert tensor._storage.host is not None
        assert part.tolist() == [3, 4, 5, 6]

        del part
        tensor.add_(1)

        assert tensor._storage.host is None

    def test_a_memoryview_counts(self):
        array = np.arange(3.0)
        tensor = ours.from_numpy(array)
        memory = memoryview(array)
        del array
        tensor.add_(1)

        assert memory.tolist() == [1, 2, 3]

    def test_an_array_over_foreign_memory_stays_shared(self):
        buffer = bytearray(b"abcd")
        tensor = ours.frombuffer(buffer, dtype=ours.uint8)
        gc.collect()
        tensor[0] = 65

        assert bytes(buffer) == b"Abcd"
        assert tensor._storage.host is not None

    def test_the_address_is_numpys_while_it_is_shared(self):
        tensor = ours.arange(6.0)
        array = tensor.numpy()
        assert tensor.data_ptr() == array.ctypes.data
        assert tensor[2:].data_ptr() == array[2:].ctypes.data
        address = tensor.data_ptr()

        del array
        tensor.add_(1)

        assert tensor.data_ptr() == address


def test_resize_and_set_after_sharing():
    def steps(module):
        tensor = module.arange(6.0)
        array = tensor.numpy()
        smaller = tensor.resize_(2, 2)
        other = module.zeros(6)
        other.set_(tensor)
        other.add_(1)
        return [array, smaller, other]

    both(steps)


def test_threads_write_through_numpy_and_tensors():
    tensor = ours.zeros(8, 64)
    array = tensor.numpy()

    def work(row):
        for _ in range(20):
            if row % 2:
                tensor[row].add_(1)
            else:
                array[row] += 1

    threads = [threading.Thread(target=work, args=(row,)) for row in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert (array == 20).all()
    assert tensor.tolist() == array.tolist()


def test_many_small_arrays_as_a_dataset_makes_them():
    def steps(module):
        batch = module.stack([module.from_numpy(np.full(3, float(i))) for i in range(20)])
        return [batch, batch.numpy().sum()]

    both(steps)


class TestDLPack:
    @pytest.mark.parametrize("kind", ["bool", "uint8", "int64", "float16", "float64", "complex64"])
    def test_numpy_both_ways(self, kind):
        def steps(module):
            array = np.arange(6).reshape(2, 3).astype(kind)
            tensor = module.from_dlpack(array)
            seen = np.from_dlpack(tensor)
            tensor[0, 0] = 1
            return [array, tensor, seen]

        both(steps)

    @pytest.mark.parametrize(
        "kind", ["bfloat16", "float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e8m0fnu"]
    )
    def test_narrow_floats(self, kind):
        def steps(module):
            tensor = module.tensor([1.0, 2.0, 4.0]).to(getattr(module, kind))
            capsule = tensor.__dlpack__(max_version=(1, 0))
            return module.from_dlpack(capsule)

        both(steps)

    @not_self
    def test_torch_reads_ours_and_we_read_torchs(self):
        import torch

        tensor = ours.arange(6.0).reshape(2, 3)
        theirs = torch.from_dlpack(tensor)
        tensor.add_(1)
        theirs.mul_(2)
        assert theirs.tolist() == tensor.tolist() == [[2, 4, 6], [8, 10, 12]]

        source = torch.arange(4, dtype=torch.bfloat16)
        taken = ours.from_dlpack(source)
        source.add_(1)
        taken.mul_(2)
        assert taken.dtype is ours.bfloat16
        assert taken.tolist() == source.tolist() == [2, 4, 6, 8]

    @not_self
    def test_the_producers_memory_lives_as_long_as_the_tensor(self):
        import torch

        taken = ours.from_dlpack(torch.full((1000,), 3.0))
        gc.collect()
        rubbish = [torch.zeros(1000) for _ in range(10)]

        assert taken.sum().item() == 3000
        assert len(rubbish) == 10


@not_self
class TestJax:
    def test_in_without_a_copy_and_out_again(self):
        array = jnp.arange(6.0, dtype=jnp.float32)
        tensor = ours.from_jax(array)

        assert ours.to_jax(tensor) is array
        assert ours.as_tensor(array).dtype is ours.float32
        assert ours.asarray(array).tolist() == [0, 1, 2, 3, 4, 5]

    def test_writing_leaves_the_array_alone(self):
        array = jnp.arange(3.0)
        tensor = ours.as_tensor(array)
        tensor.add_(1)
        copied = ours.tensor(array)

        assert array.tolist() == [0, 1, 2]
        assert tensor.tolist() == [1, 2, 3]
        assert copied.tolist() == [0, 1, 2]

    def test_big_arrays_are_not_donated_while_others_hold_them(self):
        array = jnp.zeros((512, 512), jnp.float32)
        tensor = ours.from_jax(array)
        for _ in range(3):
            tensor.add_(1)
            tensor.sum().item()

        assert float(array.sum()) == 0
        assert tensor.sum().item() == 3 * 512 * 512
        kept = ours.to_jax(tensor)
        tensor.add_(1)
        tensor.sum().item()
        assert float(kept.sum()) == 3 * 512 * 512

    def test_jax_makes_arrays_of_tensors(self):
        tensor = ours.tensor([0.0, 1.0])

        assert jnp.exp(jnp.asarray(tensor)).tolist() == pytest.approx([1.0, 2.718281828459045])
        assert jnp.asarray(ours.arange(3)).dtype == jnp.int64

    def test_errors(self):
        with pytest.raises(TypeError, match=r"expected a jax\.Array that has a value, not list"):
            ours.from_jax([1])
        with pytest.raises(TypeError, match="torch has no dtype like int4"):
            ours.from_jax(jnp.zeros(2, jnp.int4))
        with pytest.raises(RuntimeError, match="requires grad"):
            ours.to_jax(ours.ones(2, requires_grad=True))
        with pytest.raises(TypeError, match=r"jax\.Array that has a value"):
            jax.jit(lambda array: ours.from_jax(array).sum())(jnp.ones(2))
