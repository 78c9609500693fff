"""Rprop: steps by the signs of the gradient alone."""

from jtorch._alias import missing_attribute
from jtorch._ops.filling import where
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import number_of, step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["Rprop", "rprop"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Rprop(PerParameter):
    """Resilient backpropagation: each element has a step size of its own.

        s = min(s * etas[1], step_sizes[1])            where g has the sign that it had before
        s = max(s * etas[0], step_sizes[0]), g = 0     where it has the other one
        p = p - s * sign(g)

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.Rprop; Riedmiller and Braun, 1993.
    """

    _refuses_sparse = "Rprop does not support sparse gradients"

    def __init__(
        self, params, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50), *, capturable=False,
        foreach=None, maximize=False, differentiable=False,
    ):  # fmt: skip
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Invalid eta values: {etas[0]}, {etas[1]}")
        defaults = {
            "lr": lr,
            "etas": etas,
            "step_sizes": step_sizes,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def _init_group(self, group, params, grads, prevs, step_sizes, state_steps):
        return self._fill_lists(
            group, params, grads, prev=prevs, step_size=step_sizes, step=state_steps
        )

    def _new_state(self, group, param, grad):
        size = number_of(_options.scalar(group["lr"]))
        size = complex(size, size) if param.is_complex() else size
        return {
            "step": _options.new_count(0.0, param, group["capturable"]),
            "prev": _options.filled_like(param),
            "step_size": _options.filled_like(grad, size),
        }

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(rprop, group)
        rprop(*lists, **options)


def rprop(
    params, grads, prevs, step_sizes, state_steps, foreach=None, capturable=False, maximize=False,
    differentiable=False, has_complex=False, *, step_size_min, step_size_max, etaminus, etaplus,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.rprop.rprop."""
    _options.refuse_untensored(state_steps)
    _options.refuse_foreach_of(differentiable, foreach)
    _options.refuse_uncapturable(capturable, params, state_steps)
    step_counts(state_steps)
    numbers = map(_options.number, (etaminus, etaplus, step_size_min, step_size_max))
    numbers = tuple(numbers)
    for param, grad, before, sizes in zip(params, grads, prevs, step_sizes, strict=True):
        _rprop(param, grad, before, sizes, *numbers, maximize=maximize)


@Update
def _rprop(param, grad, before, sizes, less, more, smallest, largest, *, maximize):
    if maximize:
        grad = -grad
    param, grad, before, sizes = _options.as_real(param, grad, before, sizes)
    agreement = grad.mul(before)
    same, other = agreement.gt(0), agreement.lt(0)
    changed = where(same, sizes.mul(more), where(other, sizes.mul(less), sizes))
    sizes.copy_(changed).clamp_(smallest, largest)
    grad = where(other, 0, grad)
    param.addcmul_(grad.sign(), sizes, value=-1)
    before.copy_(grad)
