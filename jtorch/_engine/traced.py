"""Kernels as jaxprs, traced once for all who look at them; and parts of jaxprs, as functions again.

Tracing is what a new shape costs: a derivative, its parts, and what numpy makes of them are all cut
from the jaxprs that are kept here for a while.
"""

import functools

import jax
import numpy as np
from jax import numpy as jnp
from jax.extend.core import ClosedJaxpr, Var, jaxpr_as_fun

_MOST = 1024
_NUMBERS = {"f": np.dtype(np.float64), "i": np.dtype(np.int64), "c": np.dtype(np.complex128)}


def struct_of(given):
    """An input of a kernel, as JAX's tracing wants it."""
    if given.__class__ is tuple:
        return tuple(map(struct_of, given))
    if given.__class__ is str:
        return jax.ShapeDtypeStruct((), _NUMBERS[given])
    return jax.ShapeDtypeStruct(given.shape, given.dtype)


@functools.lru_cache(_MOST)
def traced(function, inputs):
    """(jaxpr, structs of the results) of a kernel's function."""
    return trace(function, map(struct_of, inputs))


def trace(function, structs):
    """(jaxpr, structs of the results) of a function; what it calls by `jit` is part of the jaxpr."""
    closed, results = jax.make_jaxpr(function, return_shape=True)(*structs)
    return ClosedJaxpr(_inlined(closed.jaxpr), closed.consts), results


def _inlined(jaxpr):
    """A jaxpr with the steps of what it calls by `jit`, and so inside of loops and branches."""
    known = {}  # a call's results -> what they are
    equations = []
    for equation in jaxpr.eqns:
        given = _renamed(equation.invars, known)
        if equation.primitive.name not in _CALLS or equation.params["jaxpr"].consts:
            params = {name: _inlined_inside(each) for name, each in equation.params.items()}
            equations.append(equation.replace(invars=given, params=params))
            continue
        body = _inlined(equation.params["jaxpr"].jaxpr)
        names = dict(zip(body.invars, given, strict=True))  # of one call: the next has others
        for inner in body.eqns:
            taken = _renamed(inner.invars, names)
            names.update((each, Var(each.aval)) for each in inner.outvars)
            equations.append(inner.replace(invars=taken, outvars=_renamed(inner.outvars, names)))
        known.update(zip(equation.outvars, _renamed(body.outvars, names), strict=True))
    return jaxpr.replace(eqns=equations, outvars=_renamed(jaxpr.outvars, known))


_CALLS = ("jit", "pjit")


def _inlined_inside(value):
    if isinstance(value, ClosedJaxpr):
        return ClosedJaxpr(_inlined(value.jaxpr), value.consts)
    if value.__class__ is tuple and any(isinstance(each, ClosedJaxpr) for each in value):
        return tuple(map(_inlined_inside, value))
    return value


def _renamed(variables, names):
    return [each if _is_literal(each) else names.get(each, each) for each in variables]


def jaxpr_of(kernel) -> ClosedJaxpr:
    """A kernel's inputs and results are flat, an error code the last. It can be differentiated."""
    if isinstance(kernel.function, Part):
        return kernel.function.to_be_differentiated()
    return traced(kernel.function, kernel.inputs)[0]


def results_of(kernel, inputs):
    """What a kernel's function gives for traced inputs, as a tuple and without its code of errors.

    It can be differentiated.
    """
    if isinstance(kernel.function, Part):
        return tuple(jaxpr_as_fun(jaxpr_of(kernel))(*inputs))
    result = kernel.function(*inputs)
    if kernel.error is not None:
        result = result[0]
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


class Part:
    """Some results of a jaxpr, as a function of those arguments that they need, and of all the others.

    `trace` gives the jaxpr, which need not be kept; `results` says which ones, and whether alone.
    `anew` gives it without templates, where `trace` has some.
    """

    __slots__ = ("_anew", "_others", "_results", "_single", "_trace", "live", "needs")

    def __init__(self, trace, results, others, single, anew=None):
        self._trace = trace
        self._anew = anew
        self._results = results
        self._others = others  # how many arguments, the last ones, there are in any case
        self._single = single
        jaxpr = trace().jaxpr
        used = used_by(jaxpr, self._wanted(jaxpr))
        count = len(used) - others
        self.needs = tuple([place for place in range(count) if used[place]])
        reached = _reached(jaxpr, jaxpr.invars[count:])
        empty = not any(each.aval.size for each in jaxpr.invars[count:])
        # which results depend on the other arguments
        self.live = tuple([
            place
            for place, which in enumerate(results)
            if empty or _is_in(jaxpr.outvars[which], reached)
        ])  # fmt: skip

    def _wanted(self, jaxpr):
        return [place in self._results for place in range(len(jaxpr.outvars))]

    def to_be_differentiated(self):
        """The part as a jaxpr with its own rules of derivatives.

        In one that was filled in, those that a body states are for the shapes that were traced.
        """
        whole = self._trace()
        is_filled = self._anew is not None and has_rules(whole.jaxpr)
        return self._closed(self._anew() if is_filled else whole)

    def closed(self):
        """The part as a jaxpr."""
        return self._closed(self._trace())

    def _closed(self, whole):
        jaxpr = whole.jaxpr
        count = len(jaxpr.invars) - self._others
        outvars = [jaxpr.outvars[place] for place in self._results]
        invars = [jaxpr.invars[place] for place in self.needs] + jaxpr.invars[count:]
        used, equations = _needed(jaxpr, self._wanted(jaxpr))
        equations = _without_unused(equations, used.union(jaxpr.constvars))
        part = jaxpr.replace(invars=invars, outvars=outvars, eqns=equations)
        return ClosedJaxpr(part, whole.consts)

    def __call__(self, *arguments):
        found = jaxpr_as_fun(self.closed())(*arguments)
        return found[0] if self._single else tuple(found)


def has_rules(jaxpr) -> bool:
    """Whether rules of derivatives, which bodies state, are kept in a jaxpr."""
    for equation in jaxpr.eqns:
        if equation.primitive.name in ("custom_jvp_call", "custom_vjp_call"):
            return True
        for each in equation.params.values():
            for inner in each if isinstance(each, (tuple, list)) else (each,):
                inner = getattr(inner, "jaxpr", inner)
                if hasattr(inner, "eqns") and has_rules(inner):
                    return True
    return False


def used_by(jaxpr, results):
    """Which arguments of a jaxpr those of its results that are wanted depend on, as flags."""
    used, _ = _needed(jaxpr, results)
    return [each in used for each in jaxpr.invars]


def _needed(jaxpr, results):
    """(the variables, the equations) that those of a jaxpr's results that are wanted depend on."""
    used = set()
    equations = []
    _add_variables(used, jaxpr.outvars, results)
    for equation in reversed(jaxpr.eqns):
        wanted = [each in used for each in equation.outvars]
        if any(wanted):
            equations.append(equation)
            _add_variables(used, equation.invars, _used_by(equation, wanted))
    return used, equations[::-1]


def _without_unused(equations, used):
    """The equations, with zeros for what they take and do not use, which nobody computes any more."""
    unused = dict.fromkeys(
        each
        for equation in equations
        for each in equation.invars
        if not _is_literal(each) and each not in used
    )
    if not unused:
        return equations
    zeros = jax.make_jaxpr(
        lambda: [jnp.zeros(each.aval.shape, each.aval.dtype) for each in unused]
    )()
    named = dict(zip(unused, zeros.jaxpr.outvars, strict=True))
    replaced = [
        equation.replace(
            invars=[
                each if _is_literal(each) else named.get(each, each) for each in equation.invars
            ]
        )
        for equation in equations
    ]
    return [*zeros.jaxpr.eqns, *replaced]


def _add_variables(used, variables, flags):
    used.update(
        each for each, flag in zip(variables, flags, strict=True) if flag and not _is_literal(each)
    )


def _used_by(equation, results):
    """The same of one equation: those that hold jaxprs are looked into."""
    name, params = equation.primitive.name, equation.params
    if name in _CALLS:
        return used_by(params["jaxpr"].jaxpr, results)
    if name == "cond":  # the first argument chooses
        branches = [used_by(each.jaxpr, results) for each in params["branches"]]
        return [True, *[any(flags) for flags in zip(*branches, strict=True)]]
    if name == "scan":
        return _used_by_loop(params, results)
    return [True] * len(equation.invars)


def _used_by_loop(params, results):
    """The same of a scan: what one turn needs of its state, the turn before it has to give."""
    body, consts, states = params["jaxpr"].jaxpr, params["num_consts"], params["num_carry"]
    wanted = list(results)
    while True:
        found = used_by(body, wanted)
        state = found[consts : consts + states]
        grown = [a or b for a, b in zip(wanted[:states], state, strict=True)]
        if grown == wanted[:states]:
            return found[:consts] + grown + found[consts + states :]
        wanted[:states] = grown


def _reached(jaxpr, variables):
    """The variables that depend on these."""
    reached = set(variables)
    for equation in jaxpr.eqns:
        if any(_is_in(each, reached) for each in equation.invars):
            reached.update(equation.outvars)
    return reached


def _is_in(each, variables):
    return not _is_literal(each) and each in variables


def _is_literal(each):
    return hasattr(each, "val")
