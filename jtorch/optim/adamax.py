"""Adamax: Adam by the largest gradient instead of the mean square."""

from jtorch._alias import missing_attribute
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import step_counts
from jtorch.optim.optimizer import Optimizer, _use_grad_for_differentiable

__all__ = ["Adamax", "adamax"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Adamax(Optimizer):
    """Adamax.

        m = beta1 * m + (1 - beta1) * g
        u = max(beta2 * u, |g| + eps)
        p = p - lr / (1 - beta1 ** t) * m / u

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.Adamax; Kingma and Ba, arXiv:1412.6980.
    """

    def __init__(
        self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, foreach=None, *,
        maximize=False, differentiable=False, capturable=False,
    ):  # fmt: skip
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        _options.refuse_outside("Invalid epsilon value", eps >= 0.0, eps)
        _options.refuse_betas(betas)
        _options.refuse_outside("Invalid weight_decay value", weight_decay >= 0.0, weight_decay)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def __setstate__(self, state):
        super().__setstate__(state)
        _options.set_defaults(
            self, foreach=None, maximize=False, differentiable=False, capturable=False
        )
        _options.counts_as_tensors(self)

    def _init_group(self, group, params_with_grad, grads, exp_avgs, exp_infs, state_steps):
        has_complex = False
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            has_complex = has_complex or param.is_complex()
            params_with_grad.append(param)
            _options.refuse_sparse(grad, "Adamax")
            grads.append(grad)
            state = self.state[param]
            if not state:
                state["step"] = _options.new_count(0.0, param, group["capturable"])
                state["exp_avg"] = _options.filled_like(param)
                state["exp_inf"] = _options.filled_like(param)
            exp_avgs.append(state["exp_avg"])
            exp_infs.append(state["exp_inf"])
            state_steps.append(state["step"])
        return has_complex

    @_use_grad_for_differentiable
    def step(self, closure=None):
        """Change the parameters once; gives the loss if `closure` computes one."""
        self._accelerator_graph_capture_health_check()
        loss = self._evaluated(closure)
        for group in self.param_groups:
            lists = [], [], [], [], []
            has_complex = self._init_group(group, *lists)
            beta1, beta2 = group["betas"]
            adamax(
                *lists,
                foreach=group["foreach"],
                maximize=group["maximize"],
                differentiable=group["differentiable"],
                capturable=group["capturable"],
                has_complex=has_complex,
                eps=group["eps"],
                beta1=beta1,
                beta2=beta2,
                lr=group["lr"],
                weight_decay=group["weight_decay"],
            )
        return loss


def adamax(
    params, grads, exp_avgs, exp_infs, state_steps, foreach=None, maximize=False,
    differentiable=False, capturable=False, has_complex=False, *, eps, beta1, beta2, lr,
    weight_decay,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.adamax.adamax."""
    _options.refuse_untensored(state_steps)
    _options.refuse_foreach_of(differentiable, foreach)
    _options.refuse_uncapturable(capturable, params, state_steps)
    lr = _options.number(lr)
    decay = _options.number_if_used(weight_decay)
    numbers = 1.0 - beta1, float(beta2), float(eps)
    sizes = {}
    counts = step_counts(state_steps)
    for param, grad, average, largest, count in zip(
        params, grads, exp_avgs, exp_infs, counts, strict=True
    ):
        size = sizes.get(count)
        if size is None:
            size = sizes[count] = -(lr / (1 - beta1**count))
        _adamax(param, grad, average, largest, decay, *numbers, size, maximize=maximize)


@Update
def _adamax(param, grad, average, largest, decay, share, beta2, eps, size, *, maximize):
    """`size` is -lr / (1 - beta1 ** t)."""
    if maximize:
        grad = -grad
    grad = _options.decayed(grad, param, decay)
    param, grad, average, largest = _options.as_real(param, grad, average, largest)
    average.lerp_(grad, share)
    largest.mul_(beta2)
    largest.copy_(largest.clone().maximum(grad.abs().add(eps)))
    param.addcdiv_(average, largest, value=size)
