"""Primitives that hold jaxprs: calls, choices and loops."""

import numpy as np

from jtorch._engine.host.plans import plan_of_jaxpr, priced
from jtorch._engine.host.rules import rule


def _calls(parameter):
    def make(equation):
        plan = plan_of_jaxpr(equation.params[parameter])
        return priced(lambda *arrays: plan.run(arrays), plan)

    return make


rule("jit", "pjit", "remat2", "checkpoint")(_calls("jaxpr"))
rule("closed_call", "core_call", "custom_jvp_call", "custom_vjp_call")(_calls("call_jaxpr"))


@rule("custom_linear_solve")
def _custom_linear_solve(equation):
    lengths = equation.params["const_lengths"]
    plan = plan_of_jaxpr(equation.params["jaxprs"].solve)
    before = lengths.matvec + lengths.vecmat
    after = before + lengths.solve + lengths.transpose_solve

    def evaluate(*arrays):
        return plan.run([*arrays[before : before + lengths.solve], *arrays[after:]])

    return evaluate


@rule("platform_index")
def _platform_index(equation):
    names = equation.params["platforms"]
    here = next(i for i, each in enumerate(names) if each is None or "cpu" in each)
    return lambda: np.asarray(here, np.int32)


@rule("cond")
def _cond(equation):
    branches = equation.params["branches"]
    names = equation.params.get("branches_platforms")
    if names is not None:  # the others may hold what the host never has to know
        here = next(i for i, each in enumerate(names) if each is None or "cpu" in each)
        plan = plan_of_jaxpr(branches[here])
        return priced(lambda index, *arrays: plan.run(arrays), plan)
    plans = [plan_of_jaxpr(each) for each in branches]
    last = len(plans) - 1
    dearest = max(plans, key=lambda plan: plan.cost)
    return priced(lambda index, *arrays: plans[min(max(int(index), 0), last)].run(arrays), dearest)


@rule("while")
def _while(equation):
    params = equation.params
    condition = plan_of_jaxpr(params["cond_jaxpr"])
    body = plan_of_jaxpr(params["body_jaxpr"])
    first, second = params["cond_nconsts"], params["body_nconsts"]

    def evaluate(*arrays):
        of_condition, of_body = arrays[:first], arrays[first : first + second]
        state = list(arrays[first + second :])
        while np.any(going := condition.run([*of_condition, *state])[0]):
            found = body.run([*of_body, *state])
            # under `jax.vmap` there is an answer for each element of the batch
            state = _chosen(going, found, state) if np.ndim(going) else found
        return state

    return evaluate


def _chosen(going, found, state):
    """The new state where the loop goes on, and the old one where it has ended."""
    chosen = []
    for new, old in zip(found, state, strict=True):
        where = np.reshape(going, going.shape + (1,) * (np.ndim(new) - going.ndim))
        chosen.append(np.where(where, new, old))
    return chosen


@rule("scan")
def _scan(equation):
    params = equation.params
    plan = plan_of_jaxpr(params["jaxpr"])
    consts, carried, length = params["num_consts"], params["num_carry"], params["length"]
    turns = range(length - 1, -1, -1) if params["reverse"] else range(length)
    shapes = [(each.aval.shape, each.aval.dtype) for each in equation.outvars[carried:]]

    def evaluate(*arrays):
        fixed, state = arrays[:consts], list(arrays[consts : consts + carried])
        rows = arrays[consts + carried :]
        stacked = [np.empty(*each) for each in shapes]
        for turn in turns:
            results = plan.run([*fixed, *state, *[each[turn] for each in rows]])
            state = results[:carried]
            for whole, each in zip(stacked, results[carried:], strict=True):
                whole[turn] = each
        return [*state, *stacked]

    return priced(evaluate, plan, length)
