"""Optimizers with a functional form: a step, for each group, of lists with an item per parameter.

A functional form takes lists (the parameters, their gradients, then one for each kind of state) and
options, by torch's names: those of the group, or parts of them.
"""

import functools
import inspect

from jtorch._alias import renamed
from jtorch.optim import _options
from jtorch.optim.optimizer import Optimizer, _use_grad_for_differentiable

__all__ = ["PerParameter"]

# What functional forms call the two parts of an option that is a pair.
_PARTS = {
    "beta1": ("betas", 0),
    "beta2": ("betas", 1),
    "eps1": ("eps", 0),
    "eps2": ("eps", 1),
    "etaminus": ("etas", 0),
    "etaplus": ("etas", 1),
    "step_size_min": ("step_sizes", 0),
    "step_size_max": ("step_sizes", 1),
}


class PerParameter(Optimizer):
    """The step of such an optimizer, and its state; a subclass says:

    `_step_of_group(group)`: call the functional form with what `_lists_and_options` gives;
    `_init_group(group, params, grads, ...)`, of torch's signature: fill the lists, by `_fill_lists`;
    `_new_state(group, param, grad)`: the state of a parameter that has none yet.
    """

    # The texts of errors for gradients and parameters of these kinds; None where they will do.
    _refuses_sparse = None
    _refuses_complex = None
    # The options that groups of an older version lack, and the state that it kept as numbers.
    _later_options = {
        "foreach": None,
        "maximize": False,
        "differentiable": False,
        "capturable": False,
    }
    _count_names = ("step",)
    _places_counts = False  # whether counts are on the parameter's device in any case

    def __setstate__(self, state):
        super().__setstate__(state)
        _options.set_defaults(self, **self._later_options)
        _options.counts_as_tensors(self, self._count_names, self._places_counts)

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if PerParameter in cls.__bases__ and "step" not in vars(cls):
            # Of its own, as in torch: errors and hooks name the class.
            cls.step = _use_grad_for_differentiable(renamed(_step, f"{cls.__name__}.step"))

    def _stepped(self, closure):
        if "capturable" in self.defaults:
            self._accelerator_graph_capture_health_check()
        loss = self._evaluated(closure)
        for group in self.param_groups:
            self._step_of_group(group)
        return loss

    def _lists_and_options(self, function, group):
        """(lists, options): the arguments of a functional form for a group.

        The lists are in the order of `_init_group`, which gives what the form is told of them.
        """
        count, names = _form(function)
        lists = [[] for _ in range(count)]
        found = self._init_group(group, *lists)
        facts = iter(found if isinstance(found, tuple) else (found,))
        options = {
            name: next(facts) if name.startswith("has_") else self._form_option(name, group)
            for name in names
        }
        return lists, options

    def _form_option(self, name, group):
        if name in ("grad_scale", "found_inf"):  # what a GradScaler leaves
            return getattr(self, name, None)
        if name not in _PARTS:
            return group[name]
        whole, place = _PARTS[name]
        first, second = group[whole]
        return second if place else first

    def _fill_lists(self, group, params, grads, **lists):
        """Fill the lists of a group's parameters, gradients and, by its name, state.

        None for a list is a state that there is not. Gives whether any parameter is complex.
        """
        states = self._begun_states(group, params, grads)
        for name, into in lists.items():
            if into is not None:
                into.extend([state[name] for state in states])
        return any(param.is_complex() for param in params)

    def _begun_states(self, group, params, grads):
        """The state of each parameter that has a gradient; these two are put into the lists."""
        states = []
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            if self._refuses_complex and param.is_complex():
                raise RuntimeError(self._refuses_complex)
            if self._refuses_sparse and grad.is_sparse:
                raise RuntimeError(self._refuses_sparse)
            params.append(param)
            grads.append(grad)
            state = self.state[param]
            if not state:
                state.update(self._new_state(group, param, grad))
            states.append(state)
        return states


def _step(self, closure=None):
    """Change the parameters once; gives the loss if `closure` computes one."""
    return self._stepped(closure)


@functools.cache
def _form(function):
    """(how many lists a functional form takes, the names of its options)."""
    parameters = list(inspect.signature(function).parameters.values())
    lists = [
        each
        for each in parameters
        if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
    ]
    return len(lists), [each.name for each in parameters[len(lists) :]]
