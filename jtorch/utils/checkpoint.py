"""torch.utils.checkpoint: values that backward needs are computed again instead of kept.

How a part of the program is computed again, and so that memory is saved, is in `_recomputing.py`.
"""

import contextlib
import warnings

from jtorch._alias import missing_attribute
from jtorch._autograd.graph import running
from jtorch._autograd.modes import enable_grad
from jtorch._errors import not_provided
from jtorch._ops.backward import backward
from jtorch._tensor import Tensor, from_node
from jtorch.autograd.function import Function
from jtorch.utils._recomputing import (
    CheckpointError,
    GraphExecGroup,
    Part,
    Streams,
    with_values_again,
)

__all__ = [
    "CheckpointError",
    "CheckpointFunction",
    "GraphExecGroup",
    "check_backward_validity",
    "checkpoint",
    "checkpoint_sequential",
    "detach_variable",
    "noop_context_fn",
    "set_checkpoint_debug_enabled",
    "set_checkpoint_early_stop",
]


class _Settings:
    early_stop = None  # what `set_checkpoint_early_stop` says
    debug = None  # what `set_checkpoint_debug_enabled` says


@contextlib.contextmanager
def _set(name, value):
    before = getattr(_Settings, name)
    setattr(_Settings, name, value)
    try:
        yield
    finally:
        setattr(_Settings, name, before)


@contextlib.contextmanager
def set_checkpoint_early_stop(enable):
    """Inside, say of every checkpoint whether it stops when all that was saved is there again.

    Source:  torch.utils.checkpoint.set_checkpoint_early_stop.
    """
    with _set("early_stop", enable):
        yield


@contextlib.contextmanager
def set_checkpoint_debug_enabled(enabled):
    """Inside, say of every checkpoint whether it is in debug mode.

    Source:  torch.utils.checkpoint.set_checkpoint_debug_enabled.
    """
    with _set("debug", enabled):
        yield


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
            stacklevel=1,  # once, wherever it is called: torch names a decorator of its own
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
        part = Part(function, args, kwargs, preserve, context_fn, determinism_check, early_stop)
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
        ctx.streams = Streams(preserve_rng_state)
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
        args = with_values_again(args, _as_leaf)
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
