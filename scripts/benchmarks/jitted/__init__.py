"""The same mathematics as in `benchmarks.workloads`, written for `jax.jit` by hand.

Each file gives `jitted(start, **sizes)`: a function that makes one step and returns its loss. `start`
holds numpy arrays under the names that the workload gave them. What is a loop over steps in the
workload is one here, of calls of one jitted function; within a step the formulation is the fastest we
know on CPUs (`layers.py`). An update keeps nothing but the new values: what comes in is donated.
"""
