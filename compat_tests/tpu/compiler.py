"""One program compiled for one target: what the compiler says of it, or why it refuses.

`cuda` is a target, too: `jax.export` makes a program of StableHLO for it, and that is all that can be
done here. It refuses calls into libraries that JAX does not promise to keep, but for those of `UNKEPT`.
"""

import re
import time

import jax
from jax import export
from jax.experimental import topologies
from jax.extend.core import jaxpr_as_fun
from jax.sharding import SingleDeviceSharding

from jtorch._engine import limits
from tpu import environment
from tpu.environment import CUDA

FACTS = {
    "arguments": "argument_size_in_bytes",
    "results": "output_size_in_bytes",
    "reused": "alias_size_in_bytes",
    "temporary": "temp_size_in_bytes",
    "code": "generated_code_size_in_bytes",
}

# What computes eigenvalues of general matrices on a GPU: there is no other way to them.
UNKEPT = [
    export.DisabledSafetyCheck.custom_call(name)
    for name in ("cuhybrid_eig_real", "cuhybrid_eig_comp")
]


class Compiler:
    """Compiles for a chip of one kind; `v5e unchecked`: also what jtorch refuses."""

    def __init__(self, target):
        target, _, unchecked = target.partition(" ")
        self.target = target
        self.checked = not unchecked
        self.sharding = None
        if target != CUDA:
            topology = topologies.get_topology_desc(environment.TARGETS[target], platform="tpu")
            self.sharding = SingleDeviceSharding(topology.devices[0])

    def compiled(self, program):
        """What JAX makes of a program: `jax.stages.Compiled`, or for CUDA `jax.export.Exported`."""
        traced = program.traced(self.sharding)
        if self.target == CUDA:
            return exported(traced.jaxpr)
        if self.checked:
            limits.check(traced.jaxpr)  # as the engine does before it runs one
        return traced.lower(lowering_platforms=("tpu",)).compile()

    def outcome(self, programs):
        """Compile programs, one after the other: status, seconds, and the reason if one is refused."""
        began = time.perf_counter()
        outcome = {"status": "compiled" if self.sharding else "lowered", "programs": len(programs)}
        for program in programs:
            try:
                self.compiled(program)
            except limits.NotOnTpuError as error:
                outcome |= {"status": "refused", "reason": reason_of(error)}
                break
            except Exception as error:
                outcome |= {"status": "broken", "reason": reason_of(error)}
                break
        outcome["seconds"] = round(time.perf_counter() - began, 3)
        return outcome


def exported(jaxpr):
    """A traced program as `jax.export` lowers it for CUDA."""
    shapes = [jax.ShapeDtypeStruct(each.shape, each.dtype) for each in jaxpr.in_avals]
    function = jax.jit(jaxpr_as_fun(jaxpr))
    return export.export(function, platforms=(CUDA,), disabled_checks=UNKEPT)(*shapes)


def estimate(compiled) -> dict:
    """The compiler's own estimate of a program: operations, bytes moved, memory in bytes."""
    costs = compiled.cost_analysis()
    memory = compiled.memory_analysis()
    return {
        "flops": costs.get("flops", 0.0),
        "bytes accessed": costs.get("bytes accessed", 0.0),
        **{name: getattr(memory, field) for name, field in FACTS.items()},
    }


def reason_of(error) -> str:
    """The first line of an error, without names that change from run to run."""
    text = str(error).strip().partition("\n")[0]
    text = re.sub(r", metadata=\{.*", "", text)
    text = re.sub(r"%([a-z_-]+)[.\d]*", r"\1", text)
    return f"{type(error).__name__}: {text}"[:300]
