"""What Python asks of a sparse tensor: its text, copies, pickles."""

import copy

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._ops.protocol import _grad_fn_name
from jtorch._printing import parameter_text, sparse_text
from jtorch._sparse.tensor import SparseTensor, make

__all__ = []

_OWN = frozenset(
    """_meta _storage _offset _counter _requires_grad _grad _grad_dtype _node _output_nr _coal _ind
    _val _accumulator _tangents _leaf_hooks _post_accumulate_grad_hooks _backward_hooks""".split()  # noqa: SIM905
)


def _repr(self, *, tensor_contents=None):
    """The text as PyTorch prints it; waits for the values that it shows."""
    text = sparse_text(
        self._ind._host(),
        self._val._host(),
        shape=tuple(self.shape),
        dtype_name=self.dtype.name,
        default_dtype_name=_dtypes.get_default_dtype().name,
        device_suffix=None if self.device is CPU else str(self.device),
        requires_grad=self._requires_grad,
        grad_fn_name=_grad_fn_name(self),
    )
    return parameter_text(text) if getattr(self, "_is_param", False) else text


def _format(self, spec):
    return object.__format__(self, spec)


def _user_state(self):
    return {name: value for name, value in vars(self).items() if name not in _OWN}


def _copied(self, memo):
    if id(self) in memo:
        return memo[id(self)]
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
            "protocol at the moment.  If you were attempting to deepcopy a module, this may be "
            "because of a torch.nn.utils.weight_norm usage, see "
            "https://github.com/pytorch/pytorch/pull/103001"
        )
    made = make(self._ind.clone(), self._val.clone(), self._meta.shape, self._coal)
    made._requires_grad = self._requires_grad
    memo[id(self)] = made
    if self._grad is not None:
        made._grad = copy.deepcopy(self._grad, memo)
    vars(made).update(copy.deepcopy(_user_state(self), memo))
    return made


def _shallow(self):
    made = make(self._ind, self._val, self._meta.shape, self._coal)
    made._requires_grad = self._requires_grad
    vars(made).update(_user_state(self))
    return made


def _length(self):
    if not self._meta.ndim:
        raise TypeError("len() of a 0-d tensor")
    return self._meta.shape[0]


def _iterate(self):
    if not self._meta.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(self.unbind(0))


def _dim_order(self, *, ambiguity_check=False):
    raise AttributeError(
        f"Can't get dim order on sparse type: {self.type()} Use Tensor.to_dense() to convert to a "
        "dense tensor first."
    )


SparseTensor.__repr__ = SparseTensor.__str__ = _repr
SparseTensor.__format__ = _format
SparseTensor.__deepcopy__ = _copied
SparseTensor.__copy__ = _shallow
SparseTensor.__len__ = _length
SparseTensor.__iter__ = _iterate
SparseTensor.dim_order = _dim_order
