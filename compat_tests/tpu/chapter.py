"""Runs a script under jtorch, as on an accelerator, and compiles every program that it has made.

`python -m jtorch chapter.py PRECISION WHICH SCRIPT TARGET...` writes one line of JSON for each program
and target, with the compiler's own estimate of it. What the script prints is dropped. PRECISION is how
float32 is multiplied, in the words of `torch.set_float32_matmul_precision`; WHICH is `all`, or `step`
for the program alone that does most of the script's work. It reads one line of JSON first: a list of
`[name, target]`, what an earlier run has compiled and this one leaves out.
"""

import contextlib
import io
import json
import pathlib
import runpy
import sys
import time
import warnings

import jtorch
from tpu.compiler import Compiler, estimate, reason_of
from tpu.environment import CUDA
from tpu.sweep import identity


def programs_of(script) -> list:
    """Every compilation of a script that is run to its end, oldest first."""
    sys.argv = [str(script)]
    sys.path[0] = str(script.parent)
    with contextlib.redirect_stdout(io.StringIO()):
        runpy.run_path(str(script), run_name="__main__")
    return list(jtorch.compilations())


def outcome(compiler, compilation) -> dict:
    began = time.perf_counter()
    try:
        compiled = compiler.compiled(compilation.program)
    except Exception as error:
        return {"status": "broken", "reason": reason_of(error)}
    seconds = round(time.perf_counter() - began, 3)
    if compiler.target == CUDA:
        return {"status": "lowered", "seconds": seconds}
    return {"status": "compiled", "seconds": seconds, "estimate": estimate(compiled)}


def work_of(compilation):
    """How many operations a program has run."""
    return compilation.operations * compilation.program.calls


def main(precision, which, script, *targets):
    done = set(map(tuple, json.loads(sys.stdin.readline())))
    jtorch.set_float32_matmul_precision(precision)
    script = pathlib.Path(script).resolve()
    made = programs_of(script)
    if which == "step":
        made = [max(made, key=work_of)]
    warnings.simplefilter("ignore")
    for target in targets:
        compiler = Compiler(target)
        for each in made:
            path, _, line = each.line.rpartition(":")
            about = {
                "kind": "program",
                "name": f"{script.stem} #{each.number}",
                "line": f"{pathlib.Path(path).name}:{line}",
                "precision": precision,
                "operations": each.operations,
                "calls": each.program.calls,
                "target": target,
            }
            if identity(about) not in done:
                print(json.dumps(about | outcome(compiler, each)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
