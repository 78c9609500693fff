"""L-BFGS: steps by the curvature that the last gradients show."""

import numpy as np

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import enable_grad, no_grad
from jtorch._dtypes import BY_NUMPY
from jtorch._engine.realize import run_all
from jtorch._ops.elements import view_as_real
from jtorch._ops.from_data import tensor
from jtorch._ops.join import cat
from jtorch._tensor import Tensor
from jtorch.optim import _options
from jtorch.optim._line_search import scalar_of, strong_wolfe
from jtorch.optim.optimizer import Optimizer

__all__ = ["LBFGS"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class LBFGS(Optimizer):
    """L-BFGS, for all parameters together; a step calls its closure several times.

    `line_search_fn`: None (steps of length `lr`) or "strong_wolfe".

    Errors:  ValueError for options out of their ranges, and for several groups.
    Source:  torch.optim.LBFGS; Schmidt's minFunc.
    """

    def __init__(
        self,
        params,
        lr: float = 1,
        max_iter=20,
        max_eval=None,
        tolerance_grad=1e-7,
        tolerance_change=1e-9,
        history_size=100,
        line_search_fn=None,
    ):
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        defaults = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._params = self.param_groups[0]["params"]
        self._numel_cache = None

    def _numel(self):
        if self._numel_cache is None:
            self._numel_cache = sum(
                2 * param.numel() if param.is_complex() else param.numel() for param in self._params
            )
        return self._numel_cache

    def _gather_flat_grad(self):
        parts = []
        for param in self._params:
            grad = param.grad
            if grad is None:
                part = param.new_zeros(param.numel())
            else:
                part = (grad.to_dense() if grad.is_sparse else grad).view(-1)
            parts.append(view_as_real(part).view(-1) if part.is_complex() else part)
        return cat(parts, 0)

    def _add_grad(self, step_size, update):
        offset = 0
        for param in self._params:
            param = view_as_real(param) if param.is_complex() else param
            numel = param.numel()
            param.add_(update[offset : offset + numel].view_as(param), alpha=step_size)
            offset += numel

    def _clone_param(self):
        return [param.clone() for param in self._params]

    def _set_param(self, params_data):
        for param, data in zip(self._params, params_data, strict=True):
            param.copy_(data)

    def _directional_evaluate(self, closure, x, t, d):
        """(loss, gradient, slope) after a step of length `t` from `x`, where all is put back."""
        run_all()  # so that each evaluation is the same program
        self._add_grad(float(t), d)
        loss = closure()
        flat_grad = self._gather_flat_grad()
        slope = flat_grad.dot(d)
        self._set_param(x)
        return float(loss), flat_grad, scalar_of(slope)

    @no_grad()
    def step(self, closure):
        """Go on until a tolerance or a limit is reached; gives the loss there was before.

        Errors:  RuntimeError for a `line_search_fn` that there is not.
        """
        if len(self.param_groups) != 1:
            raise AssertionError(
                f"Expected exactly one param_group, but got {len(self.param_groups)}"
            )
        closure = enable_grad()(closure)
        group = self.param_groups[0]
        state = self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        first_loss = closure()
        run = _Run(self, closure, group, state, first_loss)
        state["func_evals"] += 1
        if not run.is_flat():
            run.iterate()
            run.save()
        return first_loss


class _Run:
    """What one step knows while it goes on: the state, and where it is.

    What is compared is read; it is a number of the host then, in the dtype that it has in torch.
    """

    _KEPT = ("d", "t", "old_dirs", "old_stps", "ro", "H_diag", "prev_flat_grad", "prev_loss")

    def __init__(self, optimizer, closure, group, state, loss):
        self.optimizer = optimizer
        self.closure = closure
        self.group = group
        self.state = state
        self.flat_grad = optimizer._gather_flat_grad()
        self.steepest = self.flat_grad.abs().max()
        self.loss = float(loss)
        self.evaluations = 1
        for name in self._KEPT:
            setattr(self, name, state.get(name))
        self.lr = _read(_options.scalar(group["lr"]))
        self.t = _read(self.t)

    def save(self):
        """Leave the state to the next step; a length that torch has as a tensor is one."""
        if isinstance(self.t, np.generic):
            self.t = tensor(self.t.item(), dtype=BY_NUMPY[self.t.dtype], device=self.d.device)
        for name in self._KEPT:
            self.state[name] = getattr(self, name)

    def is_flat(self):
        return scalar_of(self.steepest) <= self.group["tolerance_grad"]

    def iterate(self):
        """Steps until there is a reason to stop."""
        group, state = self.group, self.state
        limit, least_change = group["max_iter"], group["tolerance_change"]
        for number in range(1, limit + 1):
            state["n_iter"] += 1
            is_first = state["n_iter"] == 1
            self.turn(is_first)
            slope = self.flat_grad.dot(self.d)
            if self.prev_flat_grad is None:
                self.prev_flat_grad = self.flat_grad.clone()
            else:
                self.prev_flat_grad.copy_(self.flat_grad)
            self.prev_loss = self.loss
            self.t = self.lr
            if is_first:
                self.t = min(1.0, _read(1.0 / self.flat_grad.abs().sum())) * self.lr
            slope = scalar_of(slope)
            if slope > -least_change:
                break
            evaluations, is_flat = self.go(slope, number == limit)
            self.evaluations += evaluations
            state["func_evals"] += evaluations
            if number == limit or self.evaluations >= group["max_eval"] or is_flat:
                break
            if scalar_of(self.d.mul(float(self.t)).abs().max()) <= least_change:
                break
            if abs(self.loss - self.prev_loss) < least_change:
                break

    def turn(self, is_first):
        """The next direction: minus the gradient, by the inverse of what is known of curvature."""
        if is_first:
            self.d = self.flat_grad.neg()
            self.old_dirs, self.old_stps, self.ro = [], [], []
            self.H_diag = 1
            return
        self.remember()
        old = list(zip(self.old_dirs, self.old_stps, self.ro, strict=True))
        if "al" not in self.state:
            self.state["al"] = [None] * self.group["history_size"]
        shares = self.state["al"]
        q = self.flat_grad.neg()
        # Each turn of the loops is one and the same program, however many there are.
        for place in range(len(old) - 1, -1, -1):
            run_all()
            direction, step, factor = old[place]
            shares[place] = step.dot(q) * factor
            q.add_(direction, alpha=-shares[place])
        run_all()
        self.d = q.mul(self.H_diag)
        for place, (direction, step, factor) in enumerate(old):
            run_all()
            self.d.add_(step, alpha=shares[place] - direction.dot(self.d) * factor)
        run_all()

    def remember(self):
        """Keep the last step, and by how much the gradient has changed with it."""
        y = self.flat_grad.sub(self.prev_flat_grad)
        s = self.d.mul(float(self.t))
        ys = y.dot(s)
        factor, scale = 1.0 / ys, ys / y.dot(y)
        if not scalar_of(ys) > 1e-10:
            return
        if len(self.old_dirs) == self.group["history_size"]:
            for each in (self.old_dirs, self.old_stps, self.ro):
                each.pop(0)
        self.old_dirs.append(y)
        self.old_stps.append(s)
        self.ro.append(factor)
        self.H_diag = scale

    def go(self, slope, is_last):
        """Take the step; gives (how often the closure was called, whether it is flat there)."""
        optimizer = self.optimizer
        search = self.group["line_search_fn"]
        if search is None:
            run_all()
            optimizer._add_grad(float(self.t), self.d)
            if is_last:
                return 0, False
            loss = self.closure()
            self.flat_grad = optimizer._gather_flat_grad()
            self.steepest = self.flat_grad.abs().max()
            self.loss = float(loss)
            return 1, self.is_flat()
        if search != "strong_wolfe":
            raise RuntimeError("only 'strong_wolfe' is supported")
        start = optimizer._clone_param()
        self.loss, self.flat_grad, self.t, evaluations = strong_wolfe(
            lambda t, d: optimizer._directional_evaluate(self.closure, start, t, d),
            self.t, self.d, self.loss, self.flat_grad, slope,
            self.group["tolerance_change"], self.group["max_eval"] - self.evaluations,
        )  # fmt: skip
        optimizer._add_grad(float(self.t), self.d)
        self.steepest = self.flat_grad.abs().max()
        return evaluations, self.is_flat()


def _read(value):
    """A number as it is, a 0-dim tensor as numpy's scalar."""
    return scalar_of(value) if isinstance(value, Tensor) else value
