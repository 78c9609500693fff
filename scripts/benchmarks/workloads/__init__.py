"""What is measured: programs as users write them, each a function of the module `torch`.

A file holds one workload. `CASES` names its sizes, `TINY` are sizes that a test can afford, and
`WHOLE` is how many steps a whole process makes (0: that is not measured). `program(torch, compiled,
**sizes)` gives a function that makes one step and returns its loss, and the tensors that the same
program in `benchmarks.jitted` starts from, to be read before the first step. Networks and hot
functions go through `compiled`, which is `torch.compile` on one of the sides and changes nothing on
the others. No file imports torch or jax: each side runs in a process that has loaded nothing else.
"""

import importlib

WORKLOADS = (
    "polynomial",
    "perceptron",
    "lenet",
    "resnet",
    "gpt",
    "gpt_sampling",
    "lstm",
    "gan",
    "loops",
    "table",
)


def workload(name):
    return importlib.import_module(f"benchmarks.workloads.{name}")


def cases():
    """All cases in the order they are shown: (name of the case, name of the workload, its sizes)."""
    return [
        (case, name, sizes) for name in WORKLOADS for case, sizes in workload(name).CASES.items()
    ]
