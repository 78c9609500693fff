"""What the compiler for TPU does not take, said in words before a program is given to it.

It would end the process, or speak of its inside. Each entry was seen to fail with libtpu 0.0.42, and
`compat_tests/test_tpu.py` shows that it still does. What can be computed another way is not here: it
is reformulated where the operation is.
"""

import numpy as np
from jax.extend.core import jaxprs_in_params

_ADVICE = "compute it on the CPU, by `.cpu()`"


class NotOnTpuError(NotImplementedError):
    """A step of a program that no TPU computes."""


def check(jaxpr) -> None:
    """Raise NotOnTpuError if a traced program has a step that no TPU can compute."""
    for equation in _equations(jaxpr):
        reason = _reason(equation)
        if reason is not None:
            raise NotOnTpuError(f"a TPU does not compute {reason}; {_ADVICE}")


def _reason(equation):
    """What is wrong with a step, or None."""
    values = [each.aval for each in (*equation.invars, *equation.outvars)]
    dtypes = [getattr(each, "dtype", None) for each in values]
    if any(dtype == np.complex128 for dtype in dtypes):
        return "with complex128, and complex Python numbers are that: there is complex64 alone"
    rule = _RULES.get(equation.primitive.name)
    return None if rule is None else rule(dtypes)


def _of_dtypes(*refused, reason):
    """A rule: the reason, where a step has values of one of these dtypes."""
    return lambda dtypes: reason if any(dtype in refused for dtype in dtypes) else None


_RULES = {
    "dot_general": _of_dtypes(np.int64, np.uint64, reason="this sum of products in int64"),
    "eig": lambda dtypes: "the eigenvalues of matrices that are not symmetric (eig, eigvals)",
    "convolution_output": _of_dtypes(np.int64, reason="convolutions of int64"),
    "convolution_input": _of_dtypes(np.int64, reason="convolutions of int64"),
    "convolution_weight": _of_dtypes(np.int64, reason="convolutions of int64"),
    "nextafter": _of_dtypes(
        np.float64, reason="the neighbours of float64, a pair of float32 there"
    ),
    "lu": _of_dtypes(np.float64, reason="the LU factors of float64"),
}


def _equations(jaxpr):
    """Every step of a jaxpr and of those inside it, without what is for other platforms."""
    for equation in jaxpr.eqns:
        yield equation
        if "branches" in equation.params:
            names = equation.params.get("branches_platforms") or ()
            branches = equation.params["branches"]
            if names:
                here = next(i for i, each in enumerate(names) if each is None or "tpu" in each)
                branches = branches[here : here + 1]
            for branch in branches:
                yield from _equations(branch.jaxpr)
            continue
        for inner in jaxprs_in_params(equation.params):
            yield from _equations(inner)
