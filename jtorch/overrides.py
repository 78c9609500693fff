"""torch.overrides: helpers for functions that let `__torch_function__` answer for them."""

from jtorch import _override
from jtorch._alias import missing_attribute
from jtorch._tensor import Tensor

__all__ = [
    "handle_torch_function", "has_torch_function", "has_torch_function_unary",
    "has_torch_function_variadic", "is_tensor_like",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


def has_torch_function(relevant_args) -> bool:
    """Whether any of the arguments overrides functions.

    Source:  torch.overrides.has_torch_function.
    """
    return bool(_override.overloaded(tuple(relevant_args), {}))


def has_torch_function_unary(tensor) -> bool:
    """Whether the argument overrides functions."""
    return bool(_override.overloaded((tensor,), {}))


def has_torch_function_variadic(*args) -> bool:
    """Whether any of the arguments overrides functions."""
    return bool(_override.overloaded(args, {}))


def handle_torch_function(public_api, relevant_args, *args, **kwargs):
    """Let the arguments' classes answer for a function.

    Errors:  TypeError if none of them does.
    Source:  torch.overrides.handle_torch_function.
    """
    relevant = _override.overloaded(tuple(relevant_args), {})
    return _override.dispatch(public_api, relevant, args, kwargs)


def is_tensor_like(inp) -> bool:
    """Whether a value is a tensor or overrides functions.

    Source:  torch.overrides.is_tensor_like.
    """
    return isinstance(inp, Tensor) or hasattr(inp, "__torch_function__")
