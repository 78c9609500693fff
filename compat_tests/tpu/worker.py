"""The process that compiles: reads one line of work, writes one line of JSON for each outcome.

The work is `[[id of a case, [target, ...]], ...]`; if there is none, the ids of all cases are written.
Before a program is given to the compiler its case and target are written: should the compiler bring
the process down, that says by what.
"""

import json
import sys
import warnings

from tpu.cases import WithoutGradient, all_cases
from tpu.compiler import Compiler, reason_of


def recorded(case):
    """(the programs of a case, None), or (None, its outcome) where there is nothing to compile."""
    try:
        programs = case.programs()
    except WithoutGradient:
        return None, {"status": "no gradient"}
    except Exception as error:
        outcome = {"status": "not taken", "reason": reason_of(error)}
        try:
            case.programs("cpu")
        except Exception:
            return None, outcome
        return None, outcome | {"status": "failed"}
    return (programs, None) if programs else (None, {"status": "no program"})


def work(tasks, say):
    cases = {case.id: case for case in all_cases()}
    if not tasks:
        say({"cases": list(cases)})
    compilers = {}
    for name, targets in tasks:
        case = cases[name]
        programs, known = recorded(case)
        for target in targets:
            if target not in compilers:
                compilers[target] = Compiler(target)
            line = {"kind": case.kind, "name": case.name, "dtype": case.dtype, "target": target}
            say({"at": line})
            say(line | (known or compilers[target].outcome(programs)))


def main():
    warnings.simplefilter("ignore")
    work(json.loads(sys.stdin.readline()), lambda line: print(json.dumps(line), flush=True))


if __name__ == "__main__":
    main()
