"""What names files may use, and what arguments, settings and the environment say of that."""

import io
import os
import pickle
import warnings
import zipfile
from collections import OrderedDict

import pytest

from compare import SELF, attempt, both, ours, theirs
from saved_streams import agree, read, rebuilt, written

pytestmark = [
    pytest.mark.skipif(SELF, reason="compares two libraries' files"),
    pytest.mark.filterwarnings("ignore:TypedStorage is deprecated"),
]


class Point:
    def __init__(self, x=0):
        self.x = x


class Slotted:
    __slots__ = ("y",)


class Stateful:
    def __setstate__(self, state):
        self.seen = state


def point(**state):
    made = Point()
    made.__dict__.update(state)
    return made


def slotted():
    made = Slotted()
    made.y = [1]
    return made


def stateful():
    made = Stateful()
    made.z = 5
    return made


def names_allowed(module, value, added):
    serialization = module.serialization
    data = written(module, value)
    before = serialization.get_safe_globals()
    with serialization.safe_globals(added):
        loaded = read(module, data)
    assert set(serialization.get_safe_globals()) == set(before)
    unsafe = sorted(serialization.get_unsafe_globals_in_checkpoint(io.BytesIO(data)))
    with pytest.raises(pickle.UnpicklingError, match="was not an allowed global by default"):
        read(module, data)
    return loaded, unsafe


def test_safe_globals():
    def steps(module):
        model = module.nn.Sequential(OrderedDict(a=module.nn.Linear(1, 2), b=module.nn.ReLU()))
        needed = [module.nn.Sequential, module.nn.Linear, module.nn.ReLU]
        found = []
        one, unsafe = names_allowed(module, point(x=module.ones(2)), [Point])
        found += [one.x, unsafe]
        one, unsafe = names_allowed(module, slotted(), [Slotted])
        found += [one.y, unsafe]
        one, unsafe = names_allowed(module, stateful(), [Stateful])
        found += [one.seen, unsafe]
        one, unsafe = names_allowed(module, model, needed)
        found += [repr(one), unsafe]
        one, unsafe = names_allowed(module, range(3), [(range, "builtins.range")])
        return [*found, one, unsafe]

    agree(steps)


def test_lists_of_safe_globals():
    def steps(module):
        serialization = module.serialization
        before = serialization.get_safe_globals()  # torch has some of its own
        serialization.clear_safe_globals()
        serialization.add_safe_globals([Point])
        serialization.add_safe_globals([Point, Stateful])
        found = [sorted(each.__name__ for each in serialization.get_safe_globals())]
        with serialization.safe_globals([Slotted]):
            found.append(len(serialization.get_safe_globals()))
        serialization.clear_safe_globals()
        found.append(serialization.get_safe_globals())
        serialization.add_safe_globals(before)
        return found

    agree(steps)

    def wrong(module, added):
        with module.serialization.safe_globals(added):
            return read(module, written(module, point()))

    both(lambda m: wrong(m, [(Point, "a", "b")]))
    both(lambda m: wrong(m, [(Point, 3)]))
    both(lambda m: wrong(m, [(os.system, "posix.system")]))


def test_blocked_modules_stay_blocked():
    class Calls:
        def __reduce__(self):
            return os.system, ("true",)

    def steps(module):
        with module.serialization.safe_globals([os.system]):
            return read(module, written(module, Calls()))

    both(steps)


def test_arguments():
    data = written(ours, {"k": ours.ones(1)})
    both(lambda m: read(m, data, pickle_module=pickle))
    both(lambda m: read(m, data, pickle_module=pickle, weights_only=True))
    both(lambda m: read(m, data, weights_only=False, encoding="latin1"))
    with pytest.warns(UserWarning, match="pickle_load_args only works"):
        read(ours, data, encoding="latin1")


def test_the_environment(monkeypatch):
    data = written(ours, point(x=1))

    def loaded(module, **options):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = attempt(lambda: read(module, data, **options).x)
        return found, [str(each.message) for each in caught]

    for name in ("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"):
        monkeypatch.setenv(name, "1")
        for options in ({}, {"weights_only": False}, {"weights_only": True}):
            assert loaded(ours, **options) == loaded(theirs, **options)
        if name.endswith("NO_WEIGHTS_ONLY_LOAD"):
            monkeypatch.setenv("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "1")
            assert loaded(ours) == loaded(theirs)
        monkeypatch.delenv(name)


def test_python_2_names():
    """Globals under the names that Python 2 had for their modules."""
    content = b"\x80\x02c__builtin__\nset\n]K\x01a\x85R."
    data = rebuilt(written(ours, 1), "data.pkl", lambda _: content)
    both(lambda m: read(m, data))
    both(lambda m: read(m, data, weights_only=False))


def test_old_tensors():
    """What the first versions wrote: no requires_grad, or the tensor's state by itself."""
    storage = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06tQ"
    contents = [
        b"\x80\x02ctorch._utils\n_rebuild_tensor\n(" + storage + b"K\x01K\x02\x85K\x01\x85tR.",
        b"\x80\x02ctorch\nTensor\n)R(" + storage + b"K\x01K\x02\x85K\x01\x85tb.",
        b"\x80\x02ctorch.tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor\nctorch\n"
        b"Tensor\n(" + storage + b"K\x01K\x02\x85K\x01\x85t}tR.",
    ]
    for k, content in enumerate(contents):
        data = rebuilt(written(ours, ours.arange(6.0)), "data.pkl", lambda _, c=content: c)
        for options in ({}, {"weights_only": False}) if k == 0 else ({"weights_only": k == 1},):
            both(lambda m, data=data, options=options: read(m, data, **options))


def test_settings():
    import torch.utils.serialization.config as their_config

    import jtorch.utils.serialization.config as our_config

    def steps(module):
        config = our_config if module is ours else their_config
        found = [config.load.mmap, config.save.storage_alignment, config.save.compute_crc32]
        with config.patch("load.mmap", True):
            found.append(attempt(lambda: read(module, written(module, 1))))
        with config.patch({"save.storage_alignment": 256, "save.compute_crc32": False}):
            data = written(module, [module.ones(3)])
            found += [module.serialization.get_crc32_options(), len(data)]
        found += [read(module, data), config.load.mmap]
        return [*found, [each.header_offset for each in zipfile.ZipFile(io.BytesIO(data)).filelist]]

    agree(steps)
