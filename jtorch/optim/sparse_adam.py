"""Adam for sparse gradients: only the elements that have gradients are changed."""

import math

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._sparse.construct import sparse_coo_tensor
from jtorch.optim import _options
from jtorch.optim.optimizer import Optimizer

__all__ = ["SparseAdam"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class SparseAdam(Optimizer):
    """Adam, of those rows of a parameter that the sparse gradient holds.

    Errors:  ValueError for options out of their ranges; RuntimeError for dense gradients.
    Source:  torch.optim.SparseAdam; Kingma and Ba, arXiv:1412.6980.
    """

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, maximize=False):
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr > 0.0, lr)
        _options.refuse_outside("Invalid epsilon value", eps > 0.0, eps)
        _options.refuse_betas(betas)
        defaults = {"lr": lr, "betas": betas, "eps": eps, "maximize": maximize}
        super().__init__(params, defaults)
        places = [
            (param, [number, place])
            for number, group in enumerate(self.param_groups)
            for place, param in enumerate(group["params"])
        ]
        sparse = [place for param, place in places if param.is_sparse]
        if sparse:
            raise ValueError(
                f"Sparse params at indices {sparse}: SparseAdam requires dense parameter tensors"
            )
        complex_ = [place for param, place in places if param.is_complex()]
        if complex_:
            raise ValueError(
                f"Complex params at indices {complex_}: SparseAdam does not support complex parameters"
            )

    @no_grad()
    def step(self, closure=None):
        """Change the parameters once; gives the loss if `closure` computes one."""
        loss = self._evaluated(closure)
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for param in group["params"]:
                grad = param.grad
                if grad is None:
                    continue
                if not grad.is_sparse:
                    raise RuntimeError(
                        "SparseAdam does not support dense gradients, please consider Adam instead"
                    )
                state = self.state[param]
                if not state:
                    state["step"] = 0
                    state["exp_avg"] = _options.filled_like(param)
                    state["exp_avg_sq"] = _options.filled_like(param)
                state["step"] += 1
                _update(
                    param,
                    -grad if group.get("maximize", False) else grad,
                    state["exp_avg"],
                    state["exp_avg_sq"],
                    _options.scalar(group["lr"])
                    * (math.sqrt(1 - beta2 ** state["step"]) / (1 - beta1 ** state["step"])),
                    beta1,
                    beta2,
                    group["eps"],
                )
        return loss


def _update(param, grad, average, square, size, beta1, beta2, eps):
    """Change the elements that `grad` has; `size` is the learning rate, with bias corrected."""
    grad = grad.coalesce()
    values = grad._values()
    if not values.numel():
        return
    indices, shape = grad._indices(), grad.shape
    before = average.sparse_mask(grad)._values()
    change = (values - before) * (1 - beta1)
    average.add_(sparse_coo_tensor(indices, change, shape, check_invariants=False))
    before_square = square.sparse_mask(grad)._values()
    change_square = (values.pow(2) - before_square) * (1 - beta2)
    square.add_(sparse_coo_tensor(indices, change_square, shape, check_invariants=False))
    step = (change + before) / ((change_square + before_square).sqrt() + eps)
    update = sparse_coo_tensor(indices, step * -size, shape, check_invariants=False)
    param.add_(update)
