"""Adafactor: mean squares kept as those of rows and of columns."""

from jtorch._autograd.modes import no_grad
from jtorch._info import finfo
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import number_of, step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["Adafactor", "adafactor"]


class Adafactor(PerParameter):
    """Adafactor; for matrices v is the product of mean squares of rows and of columns.

        b = t ** beta2_decay; v = (1 - b) * v + b * g ** 2
        u = g / max(sqrt(v), eps[0]); u = u / max(1, rms(u) / d)
        p = p * (1 - lr * weight_decay) - max(eps[1], rms(p)) * min(lr, 1 / sqrt(t)) * u

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.Adafactor; Shazeer and Stern, arXiv:1804.04235.
    """

    __module__ = "jtorch.optim"

    _refuses_complex = "Adafactor does not support complex parameters"
    _refuses_sparse = "Adafactor does not support sparse gradients"
    _later_options = {"foreach": None}

    def __init__(
        self, params, lr=1e-2, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, weight_decay=0.0, *,
        foreach=None, maximize=False,
    ):  # fmt: skip
        _options.refuse_tensor_of_many(lr)
        refuse_outside = _options.refuse_outside
        refuse_outside("Learning rate should be >= 0 but is", lr >= 0.0, lr)
        refuse_outside("beta2_decay should be <= 0 but is", beta2_decay <= 0.0, beta2_decay)
        inside = eps[0] is None or eps[0] >= 0.0
        refuse_outside("epsilon1 should be >= 0 but is", inside, eps[0])
        refuse_outside("epsilon2 should be >= 0 but is", eps[1] >= 0.0, eps[1])
        refuse_outside("Clipping threshold d should be >= 1 but is", d >= 1.0, d)
        refuse_outside("weight_decay should be >= 0 but is", weight_decay >= 0.0, weight_decay)
        defaults = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def _init_group(
        self, group, params_with_grad, grads, row_vars, col_vars, variances, state_steps
    ):
        for state in self._begun_states(group, params_with_grad, grads):
            row_vars.append(state.get("row_var"))
            col_vars.append(state.get("col_var"))
            variances.append(state.get("variance"))
            state_steps.append(state["step"])
        return False

    def _new_state(self, group, param, grad):
        step = _options.new_count(0.0, param)
        if grad.dim() <= 1:
            return {"step": step, "variance": _options.filled_like(grad)}
        *outer, rows, columns = grad.shape
        return {
            "step": step,
            "row_var": _options.zeros((*outer, rows, 1), grad),
            "col_var": _options.zeros((*outer, 1, columns), grad),
        }

    @no_grad()
    def step(self, closure=None):
        """Change the parameters once; gives the loss if `closure` computes one."""
        return self._stepped(closure)

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(adafactor, group)
        adafactor(*lists, **options)


def adafactor(
    params, grads, row_vars, col_vars, variances, state_steps, foreach=None, grad_scale=None,
    found_inf=None, has_complex=False, *, d, lr, beta2_decay, weight_decay, eps1, eps2, maximize,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim._adafactor.adafactor."""
    if not all(hasattr(each, "dim") for each in state_steps):
        raise RuntimeError("`state_steps` argument must contain a list of singleton tensors")
    if grad_scale is not None or found_inf is not None:
        raise AssertionError("Grad scaling should occur outside of optimizer.step()")
    lr = float(number_of(_options.scalar(lr)))
    kept, _ = _options.decay_of(weight_decay, lr, True)
    counts = step_counts(state_steps)
    for place, (param, count) in enumerate(zip(params, counts, strict=True)):
        if eps1 is None:
            eps1 = finfo(param.dtype).eps  # of the first parameter, for all of the group, as torch
        _adafactor(
            param,
            grads[place],
            row_vars[place],
            col_vars[place],
            variances[place],
            kept,
            count**beta2_decay,
            -min(lr, 1 / count**0.5),
            float(eps1),
            float(eps1 * eps1),
            float(eps2),
            float(d),
            maximize=maximize,
        )


@Update
def _adafactor(
    param, grad, rows, columns, squares, kept, share, rate, eps, eps_square, least, threshold, *,
    maximize,
):  # fmt: skip
    """`rate` is minus the step's relative size. The step's size itself is no number of the host's:
    it is a tensor of the double precision that torch's would have, for which nobody waits."""
    if maximize:
        grad = -grad
    size = _rms(param).clamp(min=least) * rate
    if kept is not None:
        param.mul_(kept)
    if squares is None:
        rows.lerp_(_mean_square(grad, -1), share)
        columns.lerp_(_mean_square(grad, -2), share)
        estimate = (rows @ columns).div_(rows.mean(dim=-2, keepdim=True).clamp_(min=eps))
    else:
        squares.lerp_(grad * grad, share)
        estimate = squares.clone()
    update = estimate.clamp_(min=eps_square).rsqrt_().mul_(grad)
    param.add_(update, alpha=size / (_rms(update) / threshold).clamp(min=1.0))


def _mean_square(grad, dim):
    return grad.norm(dim=dim, keepdim=True).square_().div_(grad.size(dim))


def _rms(tensor):
    return tensor.norm(2).double() / tensor.numel() ** 0.5
