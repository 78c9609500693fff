"""Adadelta: steps as large as the last ones were, by the last gradients."""

from jtorch._alias import missing_attribute
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import step_counts
from jtorch.optim.optimizer import Optimizer, _use_grad_for_differentiable

__all__ = ["Adadelta", "adadelta"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Adadelta(Optimizer):
    """Adadelta.

        v = rho * v + (1 - rho) * g ** 2
        d = sqrt(u + eps) / sqrt(v + eps) * g
        u = rho * u + (1 - rho) * d ** 2
        p = p - lr * d

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.Adadelta; Zeiler, arXiv:1212.5701.
    """

    def __init__(
        self, params, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0, foreach=None, *, capturable=False,
        maximize=False, differentiable=False,
    ):  # fmt: skip
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        _options.refuse_outside("Invalid rho value", 0.0 <= rho <= 1.0, rho)
        _options.refuse_outside("Invalid epsilon value", eps >= 0.0, eps)
        _options.refuse_outside("Invalid weight_decay value", weight_decay >= 0.0, weight_decay)
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def __setstate__(self, state):
        super().__setstate__(state)
        _options.set_defaults(
            self, foreach=None, maximize=False, differentiable=False, capturable=False
        )
        _options.counts_as_tensors(self)

    def _init_group(self, group, params_with_grad, grads, square_avgs, acc_deltas, state_steps):
        has_complex = False
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            has_complex = has_complex or param.is_complex()
            params_with_grad.append(param)
            _options.refuse_sparse(grad, "Adadelta")
            grads.append(grad)
            state = self.state[param]
            if not state:
                state["step"] = _options.new_count(0.0, param, group["capturable"])
                state["square_avg"] = _options.filled_like(param)
                state["acc_delta"] = _options.filled_like(param)
            square_avgs.append(state["square_avg"])
            acc_deltas.append(state["acc_delta"])
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
            adadelta(
                *lists,
                capturable=group["capturable"],
                foreach=group["foreach"],
                differentiable=group["differentiable"],
                has_complex=has_complex,
                lr=group["lr"],
                rho=group["rho"],
                eps=group["eps"],
                weight_decay=group["weight_decay"],
                maximize=group["maximize"],
            )
        return loss


def adadelta(
    params, grads, square_avgs, acc_deltas, state_steps, capturable=False, foreach=None,
    differentiable=False, has_complex=False, *, lr, rho, eps, weight_decay, maximize,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.adadelta.adadelta."""
    _options.refuse_untensored(state_steps)
    _options.refuse_foreach_of(differentiable, foreach)
    _options.refuse_uncapturable(capturable, params, state_steps, xla=False)
    step_counts(state_steps)
    decay = _options.number_if_used(weight_decay)
    numbers = -_options.number(lr), float(rho), 1.0 - rho, float(eps)
    for param, grad, square, delta in zip(params, grads, square_avgs, acc_deltas, strict=True):
        _adadelta(param, grad, square, delta, decay, *numbers, maximize=maximize)


@Update
def _adadelta(param, grad, square, delta_square, decay, rate, rho, share, eps, *, maximize):
    """`rate` is -lr."""
    if maximize:
        grad = -grad
    grad = _options.decayed(grad, param, decay)
    param, grad, square, delta_square = _options.as_real(param, grad, square, delta_square)
    square.mul_(rho).addcmul_(grad, grad, value=share)
    delta = delta_square.add(eps).sqrt().div(square.add(eps).sqrt()).mul(grad)
    delta_square.mul_(rho).addcmul_(delta, delta, value=share)
    param.add_(delta, alpha=rate)
