"""Plans: a jaxpr as a list of numpy calls, made once and run often."""

import math

import jax
import numpy as np

from jtorch._engine.host.rules import RULES
from jtorch._engine.templates import jaxpr_of_member

_plans = {}


class Plan:
    """What a jaxpr comes to on the host: `run(arrays)` gives the list of its results.

    `cost` is an estimate of what that takes, in nanoseconds; `equations` counts what XLA would have
    to compile instead.
    """

    __slots__ = (
        "_constants",
        "_inputs",
        "_jaxpr",
        "_outputs",
        "_size",
        "_steps",
        "cost",
        "equations",
    )

    def __init__(self, jaxpr, consts=()):
        self._jaxpr = jaxpr
        places = {}  # variable, or identity of a literal -> where its value is kept

        def place_of(variable):
            if not hasattr(variable, "val"):
                return places.setdefault(variable, len(places))
            place = places.get(id(variable))
            if place is None:
                place = places[id(variable)] = len(places)
                value = np.asarray(variable.val, variable.aval.dtype)
                self._constants.append((place, value))
            return place

        self._constants = []
        self._inputs = [place_of(each) for each in jaxpr.invars]
        for variable, value in zip(jaxpr.constvars, consts, strict=True):
            self._constants.append((place_of(variable), np.asarray(value)))
        steps = []
        self.cost = self.equations = 0
        for equation in jaxpr.eqns:
            evaluate = _evaluator(equation)
            self.cost += cost_of(evaluate, equation)
            self.equations += getattr(evaluate, "equations", 1)
            given = [place_of(each) for each in equation.invars]
            made = [place_of(each) for each in equation.outvars]
            dtypes = [each.aval.dtype for each in equation.outvars]
            steps.append((evaluate, given, made, dtypes, equation.primitive.multiple_results))
        self._outputs = [place_of(each) for each in jaxpr.outvars]
        self._size = len(places)
        self._steps = _with_last_uses(steps, self._outputs)

    def run(self, arrays):
        values = [None] * self._size
        for place, value in zip(self._inputs, arrays, strict=True):
            values[place] = value
        for place, value in self._constants:
            values[place] = value
        for evaluate, given, made, dtypes, several, done in self._steps:
            results = evaluate(*[values[place] for place in given])
            if not several:
                results = (results,)
            for place, dtype, value in zip(made, dtypes, results, strict=True):
                # numpy widens here and there, and gives numbers for arrays without dims
                if value.__class__ is not np.ndarray or value.dtype != dtype:
                    value = np.asarray(value, dtype)
                values[place] = value
            for place in done:
                values[place] = None
        return [values[place] for place in self._outputs]


class Call:
    """The plan of a kernel whose function takes numpy arrays as they are."""

    __slots__ = ("_kernel", "cost", "equations")

    def __init__(self, kernel):
        self._kernel = kernel
        outputs = kernel.output if kernel.output.__class__ is tuple else (kernel.output,)
        self.cost = _CALL + _ELEMENT * sum(each.size for each in outputs)
        self.equations = 1

    def run(self, arrays):
        arrays = iter(arrays)
        given = [
            tuple([next(arrays) for _ in each])
            if each.__class__ is tuple
            else int(next(arrays))
            if each.__class__ is str
            else next(arrays)
            for each in self._kernel.inputs
        ]
        result = self._kernel.function(*given)
        results = list(result) if result.__class__ is tuple else [result]
        assert not any(isinstance(each, jax.Array) for each in results), self._kernel.name
        return results


def _with_last_uses(steps, outputs):
    """The steps, each with the places that nobody reads after it."""
    seen = set(outputs)
    found = []
    for evaluate, given, made, dtypes, several in reversed(steps):
        last = [place for place in dict.fromkeys((*given, *made)) if place not in seen]
        seen.update(last)
        found.append((evaluate, given, made, dtypes, several, last))
    return found[::-1]


# Nanoseconds: of a call of numpy, and of an element that it makes (more for what moves it about).
_CALL = 2_000
_ELEMENT = 2
_DEAR = {"sort": 60, "gather": 15, "scatter": 30, "scatter-add": 40, "pow": 20, "while": 1 << 40}


def cost_of(evaluate, equation) -> int:
    """An estimate of an equation's cost on the host, where the evaluator has none of its own."""
    cost = getattr(evaluate, "cost", None)
    if cost is None:
        size = sum(math.prod(each.aval.shape) for each in equation.outvars)
        cost = _CALL + size * _DEAR.get(equation.primitive.name, _ELEMENT)
    return cost


def priced(evaluate, plan, times=1):
    """An evaluator that runs a plan, with what that costs."""
    evaluate.cost = plan.cost * times
    evaluate.equations = plan.equations
    return evaluate


def _evaluator(equation):
    make = RULES.get(equation.primitive.name)
    if make is None:
        raise NotImplementedError(
            f"jtorch cannot compute `{equation.primitive.name}` without XLA, as a forked process "
            "has to: JAX's threads do not survive a fork. Start the process by the 'spawn' method, "
            "or compute this outside of it."
        )
    return make(equation)


def plan_of_jaxpr(closed) -> Plan:
    """The plan of a jaxpr among the parameters of an equation."""
    found = _plans.get(closed)
    if found is None:
        jaxpr = getattr(closed, "jaxpr", closed)
        found = _plans[closed] = Plan(jaxpr, getattr(closed, "consts", ()))
    return found


def plan_of_body(body, equation) -> Plan:
    """The plan of a JAX function that computes what an equation does: of a primitive of our own."""
    given = [jax.ShapeDtypeStruct(each.aval.shape, each.aval.dtype) for each in equation.invars]
    closed = jax.make_jaxpr(body)(*given)
    return Plan(closed.jaxpr, closed.consts)


_kernels = {}


def plan_of_kernel(kernel) -> Plan:
    """The plan of a kernel; its inputs are flat, as are its results, the error code the last."""
    found = _kernels.get(kernel.id)
    if found is None:
        if kernel.takes_numpy:
            found = Call(kernel)
        else:
            closed = jaxpr_of_member(kernel)
            found = Plan(closed.jaxpr, closed.consts)
        _kernels[kernel.id] = found
    return found
