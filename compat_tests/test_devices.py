"""Devices: what there is, what is asked of it, and tensors that move between two of them.

A second virtual CPU device stands for the accelerator (JTORCH_CUDA_IS=cpu); since JAX fixes its
devices when it starts, that runs in processes of its own.
"""

import os
import subprocess
import sys

import pytest

from compare import SELF, both, ours
from expressions import lines_of, value_of
from processes import ROOT

not_self = pytest.mark.skipif(SELF, reason="needs jtorch's virtual devices")


@pytest.mark.parametrize("line", lines_of("devices"))
@pytest.mark.filterwarnings("ignore")
def test_devices(line):
    both(lambda module: value_of(module, line))


@not_self
def test_without_an_accelerator_its_memory_is_no_ones():
    assert ours.cuda.memory_stats() == {}
    with pytest.raises(
        RuntimeError, match="Cannot access accelerator device when none is available"
    ):
        ours.accelerator.synchronize()


def two_devices(code, tmp_path, **environment):
    """Run code with a virtual accelerator of one device, and give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", f"import jtorch as torch\nimport numpy as np\n{code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "JAX_PLATFORMS": "cpu",
            "XLA_FLAGS": "--xla_force_host_platform_device_count=3",
            "JTORCH_CUDA_IS": "cpu",
            **environment,
        },
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def raising(expression):
    return f"try: {expression}\nexcept Exception as error: print(type(error).__name__, error)\n"


@not_self
def test_moving(tmp_path):
    printed = two_devices(
        "x = torch.arange(3.0)\n"
        "y = x.to('cuda')\n"
        "print(y)\n"
        "print(y.device, y.is_cuda, y.get_device(), y.type(), y.cpu(), y.to('cpu').device)\n"
        "print((y * 2 + 1).sum(), y.to('cuda') is y, y.cuda() is y)\n"
        "print(y.to('cuda:0', copy=True) is y)\n"
        "z = y.to('cuda:1')\n"
        "print(z, z.to(torch.float64), z.to('cpu', torch.int32))\n"
        "y.add_(1); print(x, y, z)\n"
        "v = y[1:]; v.zero_(); print(y, v.t().contiguous())\n"
        "x.copy_(y); print(x)\n"
        "print(torch.ones(2, device='cuda'), torch.zeros_like(y), y.new_ones(2))\n"
        "print(torch.tensor([1, 2], device='cuda:1'), torch.as_tensor(np.ones(2), device='cuda'))\n"
        "print(y + 1, y * torch.tensor(2.0), torch.tensor(2.0) * y)\n",
        tmp_path,
    )

    assert printed == (
        "tensor([0., 1., 2.], device='cuda:0')\n"
        "cuda:0 True 0 torch.cuda.FloatTensor tensor([0., 1., 2.]) cpu\n"
        "tensor(9., device='cuda:0') True True\nFalse\n"
        "tensor([0., 1., 2.], device='cuda:1') "
        "tensor([0., 1., 2.], device='cuda:1', dtype=torch.float64) "
        "tensor([0, 1, 2], dtype=torch.int32)\n"
        "tensor([0., 1., 2.]) tensor([1., 2., 3.], device='cuda:0') "
        "tensor([0., 1., 2.], device='cuda:1')\n"
        "tensor([1., 0., 0.], device='cuda:0') tensor([0., 0.], device='cuda:0')\n"
        "tensor([1., 0., 0.])\n"
        "tensor([1., 1.], device='cuda:0') tensor([0., 0., 0.], device='cuda:0') "
        "tensor([1., 1.], device='cuda:0')\n"
        "tensor([1, 2], device='cuda:1') "
        "tensor([1., 1.], device='cuda:0', dtype=torch.float64)\n"
        "tensor([2., 1., 1.], device='cuda:0') tensor([2., 0., 0.], device='cuda:0') "
        "tensor([2., 0., 0.], device='cuda:0')\n"
    )


@not_self
def test_errors(tmp_path):
    printed = two_devices(
        "x = torch.ones(2); y = x.cuda()\n"
        + raising("x + y")
        + raising("y @ x")
        + raising("y.numpy()")
        + raising("torch.ones(2, device='cuda:7')")
        + raising("torch.cuda.set_device(5)")
        + raising("y.cuda('cpu')")
        + raising("torch.cuda.memory_allocated()")
        + raising("torch.cuda.get_device_capability()"),
        tmp_path,
    )

    assert printed.splitlines() == [
        "RuntimeError Expected all tensors to be on the same device, but found at least two "
        "devices, cpu and cuda:0!",
        "RuntimeError Expected all tensors to be on the same device, but found at least two "
        "devices, cuda:0 and cpu!",
        "TypeError can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the "
        "tensor to host memory first.",
        "RuntimeError CUDA error: invalid device ordinal",
        "device cuda:7 was asked for, and this machine has 2",
        "RuntimeError CUDA error: invalid device ordinal",
        "device cuda:5 was asked for, and this machine has 2",
        "RuntimeError Invalid device, must be cuda device",
        "RuntimeError jtorch: JAX keeps no memory statistics of cuda:0 (cpu:1)",
        "RuntimeError jtorch: cuda:0 (cpu:1) has no compute capability",
    ]


@not_self
def test_queries(tmp_path):
    printed = two_devices(
        "print(torch.cuda.is_available(), torch.cuda.device_count(), torch.cuda.current_device())\n"
        "print(torch.cuda.get_device_name(), torch.cuda.get_device_properties(1).name)\n"
        "print(torch.accelerator.is_available(), torch.accelerator.current_accelerator())\n"
        "print(torch.accelerator.device_count(), torch.accelerator.current_device_index())\n"
        "torch.cuda.synchronize(); torch.accelerator.synchronize(); torch.cuda.empty_cache()\n"
        "with torch.cuda.device(1): print(torch.ones(1).cuda(), torch.cuda.current_device())\n"
        "print(torch.ones(1).cuda(), torch.device(1), torch.ones(1, device=1))\n"
        "torch.cuda.set_device('cuda:1')\n"
        "print(torch.cuda.current_device(), torch.ones(1).cuda())\n"
        "torch.cuda.set_device(0)\n"
        "start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))\n"
        "start.record(); (torch.ones(8, device='cuda') + 1).sum(); end.record()\n"
        "torch.cuda.synchronize(); print(start.elapsed_time(end) > 0)\n"
        "with torch.cuda.stream(torch.cuda.Stream()): print(torch.ones(1, device='cuda') + 1)\n"
        "torch.cuda.current_stream().synchronize()\n"
        "torch.cuda.manual_seed_all(3); print(torch.cuda.initial_seed())\n"
        "print(isinstance(torch.ones(1).cuda(), torch.cuda.FloatTensor))\n"
        "print(torch.cuda.FloatTensor([1]))\n"
        "print(torch.get_device_module() is torch.cuda)\n",
        tmp_path,
    )

    assert printed == (
        "True 2 0\ncpu cpu\nTrue cuda\n2 0\n"
        "tensor([1.], device='cuda:1') 1\n"
        "tensor([1.], device='cuda:0') cuda:1 tensor([1.], device='cuda:1')\n"
        "1 tensor([1.], device='cuda:1')\n"
        "True\ntensor([2.], device='cuda:0')\n3\n"
        "True\ntensor([1.], device='cuda:0')\nTrue\n"
    )


@not_self
def test_defaults(tmp_path):
    printed = two_devices(
        "print(torch.ones(1), torch.get_default_device())\n"
        "torch.set_default_device('cpu'); print(torch.ones(1))\n"
        "with torch.device('cuda:1'): print(torch.zeros(1), torch.tensor(2), torch.arange(2))\n"
        "torch.set_default_device('cuda'); print(torch.full((1,), 3), torch.get_default_device())\n"
        "torch.set_default_device(None)\n"
        "@torch.device('cuda')\ndef make(): return torch.eye(1)\n"
        "print(make(), torch.eye(1))\n"
        "x = torch.ones(2, device='cuda'); x.foo = 1\n"
        "import copy, pickle\n"
        "print(copy.deepcopy(x), pickle.loads(pickle.dumps(x)), x.untyped_storage().device)\n"
        "print(x.data, x.detach(), x.clone(), x.to(torch.float16))\n",
        tmp_path,
        JTORCH_DEFAULT_DEVICE="cuda",
    )

    assert printed == (
        "tensor([1.], device='cuda:0') cuda:0\ntensor([1.])\n"
        "tensor([0.], device='cuda:1') tensor(2, device='cuda:1') tensor([0, 1], device='cuda:1')\n"
        "tensor([3], device='cuda:0') cuda:0\n"
        "tensor([[1.]], device='cuda:0') tensor([[1.]])\n"
        "tensor([1., 1.], device='cuda:0') tensor([1., 1.], device='cuda:0') cuda:0\n"
        "tensor([1., 1.], device='cuda:0') tensor([1., 1.], device='cuda:0') "
        "tensor([1., 1.], device='cuda:0') tensor([1., 1.], device='cuda:0', dtype=torch.float16)\n"
    )


@not_self
def test_printing_fetches_the_edges_alone(tmp_path):
    printed = two_devices(
        "import jtorch._ops.protocol as protocol\n"
        "fetched, fetch = [], protocol.host_array_of\n"
        "def counting(node):\n"
        "    fetched.append(node.aval.size)\n"
        "    return fetch(node)\n"
        "protocol.host_array_of = counting\n"
        "x = torch.zeros(1000, 1000, device='cuda') + 1\n"
        "text = str(x)\nprint(text, sum(fetched), len(torch.compilations()))\n"
        "fetched.clear()\n"
        "text = str(x[:2, ::500].t())\nprint(text, sum(fetched))\n",
        tmp_path,
    )
    row = "[1., 1., 1.,  ..., 1., 1., 1.]"

    assert printed == (
        f"tensor([{row},\n        {row},\n        {row},\n        ...,\n        {row},\n"
        f"        {row},\n        {row}], device='cuda:0') 36 1\n"
        "tensor([[1., 1.],\n        [1., 1.]], device='cuda:0') 4\n"
    )


@not_self
def test_torch_version_compares_as_a_version():
    version = ours.__version__

    assert str(version).startswith("2.13.0+")
    assert version >= "2.13" and version > "2.9" and version < "2.13.1" and version >= (2, 13)
    assert version > "2.13.0a0" and version > "2.13.0rc1" and version < "3"
    assert version != "2.12.0" and version != (2, 12)
    assert ours.version.__version__ == version
