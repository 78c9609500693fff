"""torch.utils.checkpoint: values that backward needs are computed again instead of kept.

Backward computes a part of the program again from the part's inputs. The inputs pass a barrier first,
which depends on the gradients that have come so far: else XLA, which sees forward and backward as one
program, would find that the same is computed twice, and keep the first. Its compiler for CPUs drops
barriers before it decides what runs when, so there what was recorded so far runs as a program of its
own (8 parts of 4 layers, 1024 x 256: 60 MB of temporaries without checkpoints, 68 with barriers
alone, 21 with programs of their own).
"""

import contextlib
import functools
import warnings
import weakref

import jax

from jtorch._alias import missing_attribute
from jtorch._autograd.graph import running
from jtorch._autograd.modes import enable_grad, mode, no_grad
from jtorch._engine.node import Kernel
from jtorch._engine.realize import record, run_all
from jtorch._errors import not_provided
from jtorch._generator import device_generators
from jtorch._ops.backward import backward
from jtorch._ops.evaluate import pick_kernels
from jtorch._ops.history import edge_of, restored
from jtorch._tensor import Tensor, from_node, node_of
from jtorch.autograd._keeping import SavedTensor
from jtorch.autograd.function import Function
from jtorch.autograd.graph import saved_tensors_hooks
from jtorch.random import fork_rng

__all__ = [
    "CheckpointError",
    "CheckpointFunction",
    "check_backward_validity",
    "checkpoint",
    "checkpoint_sequential",
    "detach_variable",
    "noop_context_fn",
    "set_checkpoint_debug_enabled",
    "set_checkpoint_early_stop",
]


class CheckpointError(RuntimeError):
    """What was computed again is not what was computed first."""

    __module__ = "torch.utils.checkpoint"


class _Settings:
    early_stop = None  # what `set_checkpoint_early_stop` says
    debug = None  # what `set_checkpoint_debug_enabled` says


@contextlib.contextmanager
def set_checkpoint_early_stop(enable):
    """Inside, say of every checkpoint whether it stops when all that was saved is there again.

    Source:  torch.utils.checkpoint.set_checkpoint_early_stop.
    """
    before, _Settings.early_stop = _Settings.early_stop, enable
    try:
        yield
    finally:
        _Settings.early_stop = before


@contextlib.contextmanager
def set_checkpoint_debug_enabled(enabled):
    """Inside, say of every checkpoint whether it is in debug mode.

    Source:  torch.utils.checkpoint.set_checkpoint_debug_enabled.
    """
    before, _Settings.debug = _Settings.debug, enabled
    try:
        yield
    finally:
        _Settings.debug = before


def noop_context_fn():
    """Contexts for forward and for computing again that do nothing."""
    return contextlib.nullcontext(), contextlib.nullcontext()


def checkpoint(
    function,
    *args,
    use_reentrant=None,
    context_fn=noop_context_fn,
    determinism_check="default",
    debug=False,
    early_stop=True,
    **kwargs,
):
    """`function(*args, **kwargs)`, whose intermediate values backward computes again.

    `preserve_rng_state=False`: random numbers may be others the second time.

    Errors:  ValueError for arguments that do not go together; in backward, CheckpointError if other
             tensors are saved the second time.
    Source:  torch.utils.checkpoint.checkpoint.
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Starting "
            "in PyTorch 2.9, calling checkpoint without use_reentrant will raise an exception. "
            "use_reentrant=False is recommended, but if you need to preserve the current default "
            "behavior, you can pass use_reentrant=True. Refer to docs for more details on the "
            "differences between the two variants.",
            stacklevel=2,
        )
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if not use_reentrant:
        if debug if _Settings.debug is None else _Settings.debug:
            if context_fn is not noop_context_fn:
                raise ValueError("debug=True is incompatible with non-default context_fn")
            raise not_provided("the debug mode of checkpoint")
        if _Settings.early_stop is not None:
            early_stop = _Settings.early_stop
        part = _Part(function, args, kwargs, preserve, context_fn, determinism_check, early_stop)
        return part.run()
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    if context_fn is not noop_context_fn or debug is not False:
        raise ValueError(
            "Passing `context_fn` or `debug` is only supported when use_reentrant=False."
        )
    return CheckpointFunction.apply(function, preserve, *args)


def checkpoint_sequential(functions, segments, input, use_reentrant=None, **kwargs):
    """A sequence of functions in `segments` parts: all but the last are checkpoints.

    Errors:  ValueError for other keywords than `preserve_rng_state`.
    Source:  torch.utils.checkpoint.checkpoint_sequential.
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be "
            "passed explicitly. In version 2.9 we will raise an exception if use_reentrant is not "
            "passed. use_reentrant=False is recommended, but if you need to preserve the current "
            "default behavior, you can pass use_reentrant=True. Refer to docs for more details on the "
            "differences between the two variants.",
            stacklevel=2,
        )
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    functions = list(functions.children() if hasattr(functions, "children") else functions)
    size = len(functions) // segments
    first = size * (segments - 1)
    for start in range(0, first, size):
        input = checkpoint(
            _in_turn(functions[start : start + size]),
            input,
            use_reentrant=use_reentrant,
            preserve_rng_state=preserve,
        )
    return _in_turn(functions[first:])(input)


def _in_turn(functions):
    def forward(input):
        for each in functions:
            input = each(input)
        return input

    return forward


# What is common to both ways


class _Streams:
    """The random numbers from here on, to be drawn again."""

    def __init__(self, wanted):
        generators = device_generators().values() if wanted else ()
        self._states = [(each, each.get_state()) for each in generators]

    @contextlib.contextmanager
    def again(self):
        with fork_rng(enabled=bool(self._states)):
            for generator, state in self._states:
                generator.set_state(state)
            yield


def _behind_barrier(tensors):
    """The values of tensors, as nodes that XLA takes for new; they wait for the gradients so far."""
    if any(each.device.type == "cpu" for each in tensors):
        run_all()
    walk = running.walk
    gradients = [each for each in walk.gradients if each is not None] if walk is not None else []
    found = {}
    for device in {each.device for each in tensors}:
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


def _with_values_again(args, wrap):
    """The arguments with tensors behind a barrier: `wrap(new node, tensor)` in place of a tensor."""
    nodes = iter(_behind_barrier([each for each in args if isinstance(each, Tensor)]))
    return [wrap(next(nodes), each) if isinstance(each, Tensor) else each for each in args]


# Without a nested backward: what is saved is a promise to compute it again


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


class _Part:
    """A part of the program whose values are not kept."""

    def __init__(self, function, args, kwargs, preserve, context_fn, check, early_stop):
        if check not in _CHECKS:
            raise ValueError(f"determinism_check should be one of {list(_CHECKS)}, but got {check}")
        self.function = function
        self.kwargs = kwargs
        self.describe = _CHECKS[check]
        self.early_stop = early_stop
        self.context, self.context_again = context_fn()
        self.streams = _Streams(preserve)
        self.args = args
        self.promises = []  # weak references, in the order of saving
        self.descriptions = []
        self.is_complete = False  # whether forward is over
        self.is_loose = False  # whether the second time may save more than the first
        self.again = weakref.WeakKeyDictionary()  # backward pass -> _Again

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
        walk = running.walk
        again = None if walk is None else self.again.get(walk)
        if again is None:
            again = _Again()
            if walk is not None:
                self.again[walk] = again
            self.compute(again)
            self.check(again)
        if promise not in again.values:
            raise CheckpointError(
                "torch.utils.checkpoint: Unpack is being triggered for a tensor that was already "
                "unpacked once. If you are calling ctx.saved_tensors in backward, make sure to do so "
                "only once. Otherwise please open an issue with details on your use case."
            )
        return again.values.pop(promise)

    def compute(self, again):
        """Run the function once more, for the tensors that it saves."""
        args = [each.unpack(self) if isinstance(each, SavedTensor) else each for each in self.args]
        args = _with_values_again(args, _same_place_in_graph)
        hooks = saved_tensors_hooks(functools.partial(self.collect, again), lambda tensor: tensor)
        with contextlib.suppress(_Stop), hooks, enable_grad(), self.streams.again(), self.context_again:
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
    return restored(alias, edge_of(tensor), None)


# With a nested backward


def detach_variable(inputs):
    """The same values as new leaves. Source: torch.utils.checkpoint.detach_variable."""
    if not isinstance(inputs, tuple):
        raise RuntimeError(
            "Only tuple of tensors is supported. Got Unsupported input type: "
            f"{type(inputs).__name__}"
        )
    return tuple([
        each.detach().requires_grad_(each.requires_grad) if isinstance(each, Tensor) else each
        for each in inputs
    ])  # fmt: skip


def check_backward_validity(inputs):
    """Warn if no input wants a gradient. Source: torch.utils.checkpoint."""
    if not any(isinstance(each, Tensor) and each.requires_grad for each in inputs):
        warnings.warn(
            "None of the inputs have requires_grad=True. Gradients will be None", stacklevel=2
        )


def _as_leaf(node, tensor):
    made = from_node(node, tensor._meta.replaced())
    made._requires_grad = tensor.requires_grad
    return made


class CheckpointFunction(Function):
    """A part of the program that records nothing at first, and all of it in backward."""

    __module__ = "torch.utils.checkpoint"

    @staticmethod
    def forward(ctx, run_function, preserve_rng_state, *args):
        check_backward_validity(args)
        ctx.run_function = run_function
        ctx.streams = _Streams(preserve_rng_state)
        ctx.others = [None if isinstance(each, Tensor) else each for each in args]
        ctx.places = [place for place, each in enumerate(args) if isinstance(each, Tensor)]
        ctx.save_for_backward(*[args[place] for place in ctx.places])
        return run_function(*args)

    @staticmethod
    def backward(ctx, *gradients):
        if running.walk is not None and running.walk.needed is not None:
            raise RuntimeError(
                "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or "
                "passing an `inputs` parameter to .backward(). To resolve this error, you can either "
                "set use_reentrant=False, or call .backward() without passing the `inputs` argument."
            )
        args = list(ctx.others)
        for place, each in zip(ctx.places, ctx.saved_tensors, strict=True):
            args[place] = each
        args = _with_values_again(args, _as_leaf)
        with ctx.streams.again(), enable_grad():
            outputs = ctx.run_function(*args)
        outputs = (outputs,) if isinstance(outputs, Tensor) else outputs
        pairs = [
            (each, gradient)
            for each, gradient in zip(outputs, gradients, strict=False)
            if isinstance(each, Tensor) and each.requires_grad
        ]
        if not pairs:
            raise RuntimeError(
                "none of output has requires_grad=True, this checkpoint() is not necessary"
            )
        backward(*map(list, zip(*pairs, strict=True)))
        return None, None, *[each.grad if isinstance(each, Tensor) else None for each in args]


def __getattr__(name):
    raise missing_attribute(__name__, name)
