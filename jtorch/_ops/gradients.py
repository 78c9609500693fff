"""What tensors say of gradients: `requires_grad`, `grad`, `grad_fn`, leaves, and hooks."""

import sys
import weakref
from collections import OrderedDict

from jtorch._autograd import hooks
from jtorch._autograd.modes import mode
from jtorch._dtypes import FLOATING, c_name, dtype
from jtorch._messages import warn_user
from jtorch._ops.edges import needs_gradient
from jtorch._ops.families import Binding, bindings, composite
from jtorch._ops.rebase import refresh
from jtorch._tensor import Tensor, is_inference


def _attribute(name, get, put=None, remove=None):
    """Bind an attribute; without `put` it is not writable, in torch's words."""

    def refuse(self, value=None):
        raise AttributeError(f"attribute '{name}' of 'torch._C.TensorBase' objects is not writable")

    made = property(get, put or refuse, remove or refuse, get.__doc__)
    bindings.append(Binding(name, made, variants="m"))


def _grad_fn(self):
    """The node of the graph that made this tensor; None for leaves."""
    if self._base is not None:
        refresh(self)
    return self._node


def _requires_grad(self):
    """Whether gradients are wanted of this tensor."""
    return needs_gradient(self)


def _put_requires_grad(self, value):
    if value.__class__ is not bool:
        raise RuntimeError("requires_grad must be a bool")
    _refuse_change(self, value, "floating point and complex dtype")
    _set_requires_grad(self, value)


@composite(variants="m")
def requires_grad_(self, requires_grad=True):
    """Say whether gradients are wanted of this leaf.

    Errors:  RuntimeError for a dtype that has no gradients, and for a tensor that is no leaf.
    Source:  torch.Tensor.requires_grad_.
    """
    if requires_grad.__class__ is not bool:
        raise TypeError(
            "requires_grad_(): argument 'requires_grad' (position 1) must be bool, "
            f"not {type(requires_grad).__name__}"
        )
    _refuse_change(self, requires_grad, "floating point dtype")
    _set_requires_grad(self, requires_grad)
    return self


_ALONE = 2  # references to a storage that one tensor has, as `getrefcount` counts them


def _set_requires_grad(tensor, wanted):
    tensor._requires_grad = wanted
    if wanted and sys.getrefcount(tensor._storage) > _ALONE:
        tensor._storage.recorded = True  # views that were made before want gradients, too


def _is_leaf(self):
    """Whether no operation that is recorded has made this tensor."""
    return self.grad_fn is None


def _grad(self):
    """The gradient that backward has accumulated, or None."""
    if self._grad is None and self._node is not None and not _retains_grad(self):
        warn_user(
            "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
            "attribute won't be populated during autograd.backward(). If you indeed want the .grad "
            "field to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If "
            "you access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead. "
            "See github.com/pytorch/pytorch/pull/30531 for more information."
        )
    return self._grad


def _put_grad(self, value):
    if value is not None:
        _check_grad(self, value)
    self._grad = value


def _remove_grad(self):
    self._grad = None


def _retains_grad(self):
    """Whether this tensor, no leaf, keeps its gradient."""
    node = (
        self._node
    )  # a view whose history is out of date may have none any more, and still answers
    if node is None or node._hooks is None:
        return False
    keeper = node._hooks.retained.get(self._output_nr)
    return keeper is not None and keeper() is self


@composite(variants="m")
def retain_grad(self):
    """Let this tensor keep its gradient, though it is no leaf.

    Errors:  RuntimeError if it does not require grad.
    Source:  torch.Tensor.retain_grad.
    """
    if not needs_gradient(self):
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    node = self.grad_fn
    if node is not None:
        node._own_hooks.retained[self._output_nr] = weakref.ref(self)


@composite(variants="m")
def register_hook(self, hook):
    """Call `hook(gradient)` when the gradient of this tensor is known; what it returns replaces it.

    Errors:  RuntimeError if the tensor does not require grad.
    Source:  torch.Tensor.register_hook.
    """
    if not needs_gradient(self):
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    node = self.grad_fn
    if node is None:
        if self._leaf_hooks is None:
            self._leaf_hooks = hooks.Hooks()
        known = self._leaf_hooks.on_tensor(0)
    else:
        known = node._own_hooks.on_tensor(self._output_nr)
    self._backward_hooks = known
    return hooks.add(known, hook)


@composite(variants="m")
def register_post_accumulate_grad_hook(self, hook):
    """Call `hook(tensor)` when backward has added to the `grad` of this leaf.

    Errors:  RuntimeError if the tensor does not require grad, or is no leaf.
    Source:  torch.Tensor.register_post_accumulate_grad_hook.
    """
    if not needs_gradient(self):
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if self.grad_fn is not None:
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    if self._post_accumulate_grad_hooks is None:
        self._post_accumulate_grad_hooks = OrderedDict()
    return hooks.add(self._post_accumulate_grad_hooks, hook)


@composite(variants="m")
def _is_view(self):
    """Whether autograd knows this tensor as a view of another."""
    return self._base is not None


def _output_nr(self):
    """Which of the results of `grad_fn` this tensor is."""
    return self._output_nr


def _grad_dtype(self):
    """The dtype that the gradient of this leaf has; None: any."""
    if self.grad_fn is not None:
        raise RuntimeError("grad_dtype can only be accessed on leaf tensors.")
    return self._meta.dtype if self._grad_dtype == () else self._grad_dtype


def _put_grad_dtype(self, value):
    if self.grad_fn is not None:
        raise RuntimeError("grad_dtype can only be set on leaf tensors.")
    if value is not None and value.__class__ is not dtype:
        raise RuntimeError(
            f"grad_dtype must be a torch.dtype or None, but got {type(value).__name__}"
        )
    self._grad_dtype = value
    node = None if self._accumulator is None else self._accumulator()
    if node is not None:
        node._set_metas()


for _method in (requires_grad_, retain_grad, register_hook, register_post_accumulate_grad_hook):
    _method.__qualname__ = f"Tensor.{_method.__name__}"
_grad.keeps_class = True  # the gradient of a subclass's tensor is the plain tensor it is
_attribute("output_nr", _output_nr)
_attribute("grad_dtype", _grad_dtype, _put_grad_dtype)
_attribute("grad_fn", _grad_fn)
_attribute("requires_grad", _requires_grad, _put_requires_grad)
_attribute("is_leaf", _is_leaf)
_attribute("grad", _grad, _put_grad, _remove_grad)
_attribute("retains_grad", _retains_grad)


def _refuse_change(tensor, wanted, dtypes):
    """torch's errors where `requires_grad` is to be changed."""
    if tensor.grad_fn is not None and wanted != tensor._requires_grad:
        text = "you can only change requires_grad flags of leaf variables."
        if not wanted:
            text += (
                " If you want to use a computed variable in a subgraph that doesn't require "
                "differentiation use var_no_grad = var.detach()."
            )
        raise RuntimeError(text)
    if wanted and is_inference(tensor) and not mode.inference:
        raise RuntimeError(
            "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed."
        )
    if wanted and tensor._meta.dtype.category < FLOATING:
        raise RuntimeError(f"only Tensors of {dtypes} can require gradients")


def _check_grad(tensor, value):
    """torch's errors where a gradient that does not fit is assigned."""
    if not isinstance(value, Tensor):
        raise TypeError(
            "assigned grad expected to be a Tensor or None but got grad of type "
            f"{type(value).__name__}"
        )
    if value is tensor:
        raise RuntimeError("can't assign Variable as its own grad")
    meta, given = tensor._meta, value._meta
    if given.device.type != meta.device.type:
        raise RuntimeError(
            f"attempting to assign a gradient with device type '{given.device.type}' to a tensor "
            f"with device type '{meta.device.type}'. Please ensure that the gradient and the "
            "tensor are on the same device"
        )
    wanted = meta.dtype if tensor._grad_dtype == () else tensor._grad_dtype
    if wanted is not None and given.dtype is not wanted:
        raise RuntimeError(
            f"attempting to assign a gradient with dtype '{c_name(given.dtype)}' to a tensor with "
            f"grad_dtype '{wanted.scalar_name}'. The gradient must match the tensor's "
            "grad_dtype (defaults to the tensor's dtype). You can set the tensor's grad_dtype "
            "attribute with "
            "a specific dtype, or None to allow any dtype. Set grad_dtype with caution. Diverging "
            "the dtypes of a tensor and its gradient may break downstream systems that assume "
            "they match."
        )
    if given.shape != meta.shape:
        raise RuntimeError(
            f"attempting to assign a gradient of size '{list(given.shape)}' to a tensor of size "
            f"'{list(meta.shape)}'. Please ensure that the gradient and the tensor are the same "
            "size"
        )
