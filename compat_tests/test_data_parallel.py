"""`nn.DataParallel` on three virtual devices: the parts of a batch, and the gradients of the whole."""

import pytest

from compare import SELF
from nn_sessions import compare_part, sessions
from test_devices import two_devices

PROGRAM = """
torch.manual_seed(0)
module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
module.to("cuda").eval()
x = torch.randn(8, 3)
seen = []
module[0].register_forward_hook(lambda module, given, made: seen.append((given[0].device, len(made))))
parallel = torch.nn.DataParallel(module)
def gradients(call):
    module.zero_grad()
    made = call(x.to("cuda"))
    made.square().sum().backward()
    return made.detach(), [each.grad.clone() for each in module.parameters()]
first, second = gradients(module), gradients(parallel)
print(parallel.device_ids, [(str(device), count) for device, count in seen])
print(torch.allclose(first[0], second[0]), second[0].device)
print(all(torch.allclose(a, b, atol=1e-6) for a, b in zip(first[1], second[1])))
module.train()
before = module[1].running_mean.clone()
parallel(x.to("cuda"))
print(bool((module[1].running_mean != before).any()), module[1].num_batches_tracked.item())
with torch.no_grad():
    print(parallel(x.to("cuda")).requires_grad)
module.cpu()
try: parallel(x)
except RuntimeError as error: print(error)
"""


@pytest.mark.skipif(SELF, reason="needs jtorch's virtual devices")
def test_batches_are_divided_among_devices(tmp_path):
    printed = two_devices(PROGRAM, tmp_path)

    assert printed.splitlines() == [
        "[0, 1] [('cuda:0', 8), ('cuda:0', 4), ('cuda:1', 4)]",
        "True cuda:0",
        "True",
        "True 1",
        "False",
        "module must have its parameters and buffers on device cuda:0 (device_ids[0]) but found one "
        "of them on device: cpu",
    ]


@sessions("nn_parallel")
def test_session(part):
    assert compare_part(part)
