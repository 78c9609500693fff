"""torch.func: derivatives, and batches, of functions; each composes with the others."""

from jtorch._ops.vmap import vmap
from jtorch.func._jacobians import hessian, jacfwd, jacrev
from jtorch.func._modules import (
    functional_call,
    replace_all_batch_norm_modules_,
    stack_module_state,
)
from jtorch.func._transforms import functionalize, grad, grad_and_value, jvp, linearize, vjp

__all__ = [
    "functional_call",
    "functionalize",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "replace_all_batch_norm_modules_",
    "stack_module_state",
    "vjp",
    "vmap",
]
