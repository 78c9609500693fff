"""Optimizers of parameters on an accelerator: where the state is, and that nothing waits or compiles."""

import json

import numpy as np

from compare import theirs
from test_devices import not_self, two_devices

NAMES = (
    "SGD", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "ASGD", "NAdam", "RAdam", "RMSprop",
    "Rprop", "Adafactor",
)  # fmt: skip

PROGRAM = """
import json
def seen(name, **options):
    params = [torch.nn.Parameter(torch.ones(3, 2, device=device)),
              torch.nn.Parameter(torch.ones(2, device=device))]
    optimizer = getattr(torch.optim, name)(params, **options)
    counts = []
    for step in range(4):
        for param in params:
            param.grad = torch.ones_like(param) * (step - 1.5)
        optimizer.step()
        counts.append(compiled())
    state = optimizer.state_dict()["state"].get(0, {})
    places = {key: each.device.type for key, each in state.items() if hasattr(each, "device")}
    return [param.tolist() for param in params], places, counts[-1] - counts[0]
"""
ON_HOST = {"SGD": "", "NAdam": "step mu_product", "ASGD": ""}  # of the others: the step


def run_here(names, options):
    """The same with torch, on the CPU."""
    space = {"torch": theirs, "device": "cpu", "compiled": lambda: 0}
    exec(PROGRAM, space)
    return [space["seen"](name, **each) for name, each in zip(names, options, strict=True)]


def on_the_accelerator(names, options):
    calls = ", ".join(
        f"seen({name!r}, **{each})" for name, each in zip(names, options, strict=True)
    )
    return (
        "device, compiled = 'cuda', lambda: len(torch.compilations())\n"
        f"{PROGRAM}\nprint(json.dumps([{calls}]))"
    )


@not_self
def test_counts_stay_on_the_host(tmp_path):
    options = [{}] * len(NAMES)
    printed = two_devices(on_the_accelerator(NAMES, options), tmp_path)

    pairs = zip(json.loads(printed), run_here(NAMES, options), NAMES, strict=True)
    for (params, places, compiled), (wanted, _, _), name in pairs:
        for left, right in zip(params, wanted, strict=True):
            np.testing.assert_allclose(left, right, rtol=1e-5, atol=1e-6, err_msg=name)
        assert compiled == 0, name
        on_host = {key for key, place in places.items() if place == "cpu"}
        assert on_host == set(ON_HOST.get(name, "step").split()), name


@not_self
def test_counts_go_to_the_device_if_asked(tmp_path):
    options = [{"capturable": True}] * 3 + [{"fused": True}] * 3
    names = ("Adam", "RAdam", "NAdam", "AdamW", "Adagrad", "SGD")
    printed = two_devices(on_the_accelerator(names, options), tmp_path)

    for (params, places, compiled), name in zip(json.loads(printed), names, strict=True):
        assert set(places.values()) <= {"cuda"}, name
        assert compiled == 0, name
        ((wanted, _, _),) = run_here([name], [{}])
        for left, right in zip(params, wanted, strict=True):
            np.testing.assert_allclose(left, right, rtol=1e-5, atol=1e-6, err_msg=name)
