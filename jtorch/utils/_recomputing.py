"""Computing a part of the program again: its random numbers, its inputs, what it saved.

The inputs pass a barrier first, which depends on the gradients that have come so far: else XLA, which
sees forward and backward as one program, would find that the same is computed twice, and keep the
first. Its compiler for CPUs drops barriers before it decides what runs when, so there what was recorded
so far runs as a program of its own (8 parts of 4 layers, 1024 x 256: 60 MB of temporaries without
checkpoints, 68 with barriers alone, 21 with programs of their own).
"""

import contextlib
import functools
import threading
import weakref

import jax

from jtorch._autocast import kept_regions
from jtorch._autograd.graph import running
from jtorch._autograd.modes import enable_grad, mode, no_grad
from jtorch._engine.node import Kernel
from jtorch._engine.realize import record, run_all
from jtorch._generator import device_generators, initial_seed
from jtorch._ops.edges import edge_of
from jtorch._ops.evaluate import pick_kernels
from jtorch._ops.keeping import restored
from jtorch._ops.tangents import give, tangents_of
from jtorch._tensor import Tensor, from_node, node_of
from jtorch.autograd._keeping import SavedTensor
from jtorch.autograd.graph import saved_tensors_hooks
from jtorch.random import fork_rng


class Streams:
    """The random numbers from here on, to be drawn again; and the casts of autocast."""

    def __init__(self, wanted):
        self._wanted = wanted
        self._seed = initial_seed()
        generators = device_generators().values() if wanted else ()
        self._states = {each: each.get_state() for each in generators}
        self._casts = kept_regions()

    @contextlib.contextmanager
    def again(self):
        with fork_rng(enabled=self._wanted), self._casts():
            for each in device_generators().values() if self._wanted else ():
                if each in self._states:
                    each.set_state(self._states[each])
                else:  # it was made meanwhile
                    each.manual_seed(self._seed)
            yield


def _behind_barrier(tensors):
    """The values of tensors, as nodes that XLA takes for new; they wait for the gradients so far."""
    if any(each.device.type == "cpu" for each in tensors):
        run_all()
    walk = running.walk
    gradients = [each for each in walk.gradients if each is not None] if walk is not None else []
    found = {}
    for device in dict.fromkeys(each.device for each in tensors):
        here = [each for each in tensors if each.device == device]
        nodes = [node_of(each) for each in here]
        nodes += [node_of(each) for each in gradients if each.device == device]
        kernel = _barrier(tuple([each.aval for each in nodes]))
        node = record(kernel, tuple(nodes), device)
        for each, pick in zip(here, pick_kernels(kernel), strict=False):
            found[id(each)] = record(pick, (node,), device)
    return [found[id(each)] for each in tensors]


@functools.cache
def _barrier(avals):
    return Kernel("barrier", lambda *arrays: jax.lax.optimization_barrier(arrays), avals, avals)


def with_values_again(args, wrap):
    """The arguments with tensors behind a barrier: `wrap(new node, tensor)` in place of a tensor."""
    nodes = iter(_behind_barrier([each for each in args if isinstance(each, Tensor)]))
    return [wrap(next(nodes), each) if isinstance(each, Tensor) else each for each in args]


# What is saved is a promise to compute it again


class CheckpointError(RuntimeError):
    """What was computed again is not what was computed first."""

    __module__ = "torch.utils.checkpoint"


_TIP = """
Tip: To see a more detailed error message, either pass `debug=True` to
`torch.utils.checkpoint.checkpoint(...)` or wrap the code block
with `with torch.utils.checkpoint.set_checkpoint_debug_enabled(True):` to
enable checkpoint\u2011debug mode globally.

If this error occurs under torch.compile with automatic_dynamic_shapes enabled,
it may be because the recomputation selected a different compiled graph than the
forward pass (e.g., a dynamic graph instead of the original static graph).
To fix this, either:
  - Use torch._dynamo.mark_dynamic() to explicitly mark varying dimensions as
    dynamic upfront, avoiding the static-to-dynamic transition.
  - Call torch._C._dynamo.eval_frame._set_lru_cache(False) to disable LRU cache
    reordering, which can change which graph is checked first between forward
    and recompute.
See https://github.com/pytorch/pytorch/issues/166926 for more details and
workaround examples.
"""


class _Groups(threading.local):
    current = None  # the GraphExecGroup that is open


_groups = _Groups()

_OVERLAP = (
    "Performing two backward calls that overlap (i.e. require the same saved activation in order to "
    "compute gradients) is not allowed while under the torch.utils.checkpoint.GraphExecGroup context. "
)


class GraphExecGroup:
    """Inside, several backward passes through parts of one graph compute each checkpoint again once.

    Errors:  RuntimeError inside of another; CheckpointError where two passes need the same value.
    Source:  torch.utils.checkpoint.GraphExecGroup.
    """

    __module__ = "torch.utils.checkpoint"

    def __enter__(self):
        if _groups.current is not None:
            raise RuntimeError(
                f"GraphExecGroup contexts cannot be nested. Already inside group {_groups.current}"
            )
        _groups.current = self
        return self

    def __exit__(self, *exception):
        _groups.current = None


class _Promise:
    """What a node of the graph holds instead of a tensor."""

    __slots__ = ("__weakref__",)


class _Stop(Exception):
    """Everything that was saved is there again."""


class _Again:
    """What one backward pass has computed again of a part."""

    def __init__(self):
        self.values = weakref.WeakKeyDictionary()  # promise -> tensor
        self.count = 0  # how many tensors were saved this time


def _metadata(tensor):
    return {"shape": tensor.shape, "dtype": tensor.dtype, "device": tensor.device}


_CHECKS = {"default": _metadata, "none": lambda tensor: None}


class Part:
    """A part of the program whose values are not kept."""

    def __init__(self, function, args, kwargs, preserve, context_fn, check, early_stop):
        if check not in _CHECKS:
            raise ValueError(f"determinism_check should be one of {list(_CHECKS)}, but got {check}")
        self.function = function
        self.kwargs = kwargs
        self.describe = _CHECKS[check]
        self.early_stop = early_stop
        self.context, self.context_again = context_fn()
        self.streams = Streams(preserve)
        self.args = args
        self.promises = []  # weak references, in the order of saving
        self.descriptions = []
        self.is_complete = False  # whether forward is over
        self.is_loose = False  # whether the second time may save more than the first
        self.again = weakref.WeakKeyDictionary()  # backward pass, or group of them -> _Again

    def run(self):
        """What the function gives."""
        if not mode.enabled:
            return self.function(*self.args, **self.kwargs)
        args = self.args
        self.args = [SavedTensor(each, self) if isinstance(each, Tensor) else each for each in args]
        is_done = False
        with saved_tensors_hooks(self.promise, self.keep), self.context:
            result = self.function(*args, **self.kwargs)
            is_done = True
        if not is_done:
            raise RuntimeError(
                "torch.utils.checkpoint: the forward context provided by context_fn suppressed an "
                "exception raised during the checkpointed forward. This is not supported because "
                "checkpoint cannot return a value for a failed forward."
            )
        self.is_complete = True
        return result

    def promise(self, tensor):
        """Instead of a tensor that is saved."""
        made = _Promise()
        self.promises.append(weakref.ref(made))
        with no_grad():
            self.descriptions.append(self.describe(tensor))
        return made

    def keep(self, promise):
        """The tensor that was promised; the part is computed again for the first of each backward."""
        key = _groups.current or running.walk
        again = None if key is None else self.again.get(key)
        if again is None:
            again = _Again()
            if key is not None:
                self.again[key] = again
            self.compute(again)
            self.check(again)
        if promise not in again.values:
            overlap = "" if _groups.current is None else _OVERLAP
            raise CheckpointError(
                "torch.utils.checkpoint: Unpack is being triggered for a tensor that was already "
                f"unpacked once. {overlap}If you are calling ctx.saved_tensors in backward, make sure "
                "to do so only once. Otherwise please open an issue with details on your use case."
            )
        return again.values.pop(promise)

    def compute(self, again):
        """Run the function once more, for the tensors that it saves."""
        args = [each.unpack(self) if isinstance(each, SavedTensor) else each for each in self.args]
        args = with_values_again(args, _same_place_in_graph)
        hooks = saved_tensors_hooks(functools.partial(self.collect, again), lambda tensor: tensor)
        with (
            contextlib.suppress(_Stop),
            hooks,
            enable_grad(),
            self.streams.again(),
            self.context_again,
        ):
            self.function(*args, **self.kwargs)

    def collect(self, again, tensor):
        """Take a tensor that is saved the second time."""
        tensor = tensor.detach() if tensor.requires_grad else tensor
        place = again.count
        again.count += 1
        if place >= len(self.promises):
            if self.is_complete:
                raise CheckpointError(
                    "torch.utils.checkpoint: trying to save more tensors during recomputation than "
                    f"during the original forward pass.\n{_TIP}"
                )
            self.is_loose = True
            return tensor
        promise = self.promises[place]()
        if promise is not None:  # else a backward inside of the part was there first
            again.values[promise] = tensor
        if self.early_stop and again.count == len(self.promises):
            raise _Stop
        return tensor

    def check(self, again):
        """torch's errors where other tensors were saved the second time."""
        if self.is_loose:
            return
        if again.count != len(self.promises):
            raise CheckpointError(
                "torch.utils.checkpoint: A different number of tensors was saved during the original "
                "forward and recomputation.\n"
                f"Number of tensors saved during forward: {len(self.promises)}\n"
                f"Number of tensors saved during recomputation: {again.count}.\n{_TIP}"
            )
        text = ""
        for place, reference in enumerate(self.promises):
            promise = reference()
            if promise is None:
                continue
            before, after = self.descriptions[place], self.describe(again.values[promise])
            if before != after:
                text += (
                    f"tensor at position {place}:\nsaved metadata: {before}\n"
                    f"recomputed metadata: {after}\n"
                )
        if text:
            raise CheckpointError(
                "torch.utils.checkpoint: Recomputed values for the following tensors have different "
                f"metadata than during the forward pass.\n{text}.\n{_TIP}"
            )


def _same_place_in_graph(node, tensor):
    alias = from_node(node, tensor._meta.replaced())
    restored(alias, edge_of(tensor), None)
    for level, tangent in (tangents_of(tensor) or {}).items():
        give(alias, level, tangent)
    return alias
