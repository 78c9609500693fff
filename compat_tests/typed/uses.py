"""Uses of jtorch, right and wrong, with what a type checker says of each line; test_stubs.py compares.

`# is TYPE` is what `reveal_type` shows, without the modules' names; `# wrong: CODE` a mistake's code.
"""

from typing import reveal_type

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

x = torch.randn(2, 3)
flag = bool(x.sum() > 0)

# Constructors
reveal_type(x)  # is Tensor
reveal_type(torch.zeros(2, 3))  # is Tensor
reveal_type(torch.zeros((2, 3), dtype=torch.float64, device="cpu"))  # is Tensor
reveal_type(torch.tensor([1, 2], requires_grad=False))  # is Tensor
reveal_type(torch.arange(0, 10, 2.5))  # is Tensor
reveal_type(torch.randint(0, 10, (2,), generator=torch.Generator()))  # is Tensor
reveal_type(torch.randint(10, (2,)))  # is Tensor
reveal_type(torch.full((2, 2), 3.5))  # is Tensor
reveal_type(torch.normal(0.0, 1.0, (2,)))  # is Tensor
torch.zeros("two")  # wrong: arg-type
torch.zeros(2, dtype="float32")  # wrong: call-overload
torch.empty_like(x, shape=3)  # wrong: call-arg
torch.eye()  # wrong: call-overload
torch.full((2,))  # wrong: call-arg

# Operators
reveal_type(x + 1)  # is Tensor
reveal_type(1 - x)  # is Tensor
reveal_type(2.5 / x)  # is Tensor
reveal_type(x @ x.T)  # is Tensor
reveal_type(-x)  # is Tensor
reveal_type(x == 0)  # is Tensor
reveal_type(x > 0)  # is Tensor
reveal_type(~(x > 0) & (x < 1))  # is Tensor
reveal_type(x**2)  # is Tensor
reveal_type(abs(x))  # is Tensor
reveal_type(x[0])  # is Tensor
reveal_type(x[:, None, ..., 1:])  # is Tensor
reveal_type(x[x > 0])  # is Tensor
reveal_type(x[[0, 1]])  # is Tensor
x += 1
x[0] = 2.5
x["a"]  # wrong: index
x + "a"  # wrong: operator
x[0] = "a"  # wrong: assignment

# Attributes
reveal_type(x.shape)  # is Size
reveal_type(x.shape[0])  # is int
reveal_type(x.shape[:1])  # is Size
reveal_type(x.size())  # is Size
reveal_type(x.size(0))  # is int
reveal_type(x.stride())  # is tuple[int, ...]
reveal_type(x.dtype)  # is dtype
reveal_type(x.dtype.is_floating_point)  # is bool
reveal_type(x.device)  # is device
reveal_type(x.device.type)  # is str
reveal_type(x.layout)  # is layout
reveal_type(x.requires_grad)  # is bool
reveal_type(x.grad)  # is Tensor | Any
reveal_type(x.ndim)  # is int
reveal_type(len(x))  # is int
reveal_type([row for row in x])  # is list[Tensor]
x.grad.zero_()
x.grad = None
x.shapes  # wrong: attr-defined
x.ndim = 3.5  # wrong: assignment

# Methods
reveal_type(x.sum())  # is Tensor
reveal_type(x.sum(0, keepdim=True))  # is Tensor
reveal_type(x.sum((0, 1)))  # is Tensor
reveal_type(x.max())  # is Tensor
reveal_type(x.max(0).indices)  # is Tensor
reveal_type(x.max(dim=1, keepdim=True).values)  # is Tensor
reveal_type(x.view(-1))  # is Tensor
reveal_type(x.view(3, -1))  # is Tensor
reveal_type(x.reshape((6,)))  # is Tensor
reveal_type(x.permute(1, 0))  # is Tensor
reveal_type(x.expand(4, 2, 3))  # is Tensor
reveal_type(x.repeat(1, 2))  # is Tensor
reveal_type(x.to("cuda", non_blocking=True))  # is Tensor
reveal_type(x.to(torch.float16))  # is Tensor
reveal_type(x.to(x))  # is Tensor
reveal_type(x.float().cpu().detach())  # is Tensor
reveal_type(x.chunk(2, dim=-1))  # is tuple[Tensor, ...]
reveal_type(x.split([1, 1]))  # is tuple[Tensor, ...]
reveal_type(x.nonzero(as_tuple=True))  # is tuple[Tensor, ...]
reveal_type(x.clamp(min=0))  # is Tensor
reveal_type(x.add_(1, alpha=2).mul_(x))  # is Tensor
reveal_type(x.requires_grad_())  # is Tensor
reveal_type(x.is_contiguous())  # is bool
reveal_type(x.item())  # is Any
reveal_type(x.masked_fill(x > 0, 0.0))  # is Tensor
reveal_type(x.gather(1, torch.zeros(2, 1, dtype=torch.long)))  # is Tensor
x.sum("rows")  # wrong: arg-type
x.view("flat")  # wrong: arg-type
x.detach(1)  # wrong: call-arg
x.softmax()  # wrong: call-arg
x.add_(1, out=x)  # wrong: call-arg
x.backward(retain_graph="yes")  # wrong: arg-type

# Functions
reveal_type(torch.exp(x, out=x))  # is Tensor
reveal_type(torch.add(x, 1, alpha=2))  # is Tensor
reveal_type(torch.cat([x, x], dim=1))  # is Tensor
reveal_type(torch.stack((x, x)))  # is Tensor
reveal_type(torch.where(x > 0, x, 0.0))  # is Tensor
reveal_type(torch.where(x > 0))  # is tuple[Tensor, ...]
reveal_type(torch.sort(x, descending=True)[1])  # is Tensor
reveal_type(torch.topk(x, 2).values)  # is Tensor
reveal_type(torch.max(x, x))  # is Tensor
reveal_type(torch.unique(x))  # is Tensor
reveal_type(torch.unique(x, return_counts=True))  # is tuple[Tensor, Tensor]
reveal_type(torch.einsum("ij,kj->ik", x, x))  # is Tensor
reveal_type(torch.allclose(x, x))  # is bool
reveal_type(torch.is_tensor(x))  # is bool
reveal_type(torch.finfo(torch.float32).eps)  # is float
reveal_type(torch.manual_seed(0).initial_seed())  # is int
reveal_type(torch.get_default_dtype())  # is dtype
reveal_type(torch.pi)  # is float
torch.exp("x")  # wrong: arg-type
torch.cat(x)  # wrong: arg-type
torch.exp(x, x)  # wrong: call-arg
torch.topk(x)  # wrong: call-arg
torch.no_such_function(x)  # wrong: attr-defined

# Facades
reveal_type(torch.linalg.norm(x, ord=2, dim=0))  # is Tensor
reveal_type(torch.linalg.svd(x, full_matrices=False).S)  # is Tensor
reveal_type(torch.linalg.eigh(x @ x.T).eigenvalues)  # is Tensor
reveal_type(torch.special.expit(x))  # is Tensor
reveal_type(torch.fft.rfft(x, n=4, norm="ortho"))  # is Tensor
reveal_type(torch.signal.windows.hann(5, sym=False))  # is Tensor
reveal_type(F.relu(x, inplace=True))  # is Tensor
reveal_type(F.softmax(x, dim=-1))  # is Tensor
reveal_type(F.cross_entropy(x, torch.tensor([0, 1]), label_smoothing=0.1))  # is Tensor
reveal_type(F.max_pool2d(x, 2))  # is Tensor
reveal_type(F.max_pool2d(x, 2, return_indices=True))  # is tuple[Tensor, Tensor]
reveal_type(F.conv2d(x, x, padding="same", groups=2))  # is Tensor
reveal_type(F.interpolate(x, scale_factor=2.0, mode="nearest"))  # is Tensor
reveal_type(F.dropout(x, 0.5, training=flag))  # is Tensor
F.relu(x, "inplace")  # wrong: arg-type
F.cross_entropy(x)  # wrong: call-arg
torch.linalg.norm("x")  # wrong: call-overload


# Modules, parameters, data
class Net(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Linear(3, width)
        self.scale = nn.Parameter(torch.ones(width))

    def forward(self, batch: Tensor) -> Tensor:
        return self.first(batch) * self.scale


class Numbers(Dataset[int]):
    def __getitem__(self, index: int) -> int:
        return index

    def __len__(self) -> int:
        return 3


net = Net(4)
reveal_type(net.first)  # is Linear
reveal_type(net.scale)  # is Parameter
reveal_type(net.scale.data)  # is Tensor
reveal_type(net.forward(x))  # is Tensor
reveal_type(net.to("cpu").train().eval())  # is uses.Net
reveal_type(list(net.parameters()))  # is list[Parameter]
reveal_type(dict(net.named_buffers()))  # is dict[str, Tensor]
reveal_type(net.state_dict())  # is Any
reveal_type(nn.Sequential(net, nn.ReLU()))  # is Sequential
reveal_type(torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9))  # is SGD
reveal_type(DataLoader(Numbers(), batch_size=2))  # is DataLoader[int]
reveal_type(TensorDataset(x, x))  # is TensorDataset
nn.Linear(3)  # wrong: call-arg
nn.Linear(3, 4, biased=True)  # wrong: call-arg
net.forward("x")  # wrong: arg-type
torch.optim.SGD(net.parameters(), rate=0.1)  # wrong: call-arg


@torch.no_grad()
def evaluate(batch: Tensor) -> float:
    return float(batch.mean())


with torch.device("cpu"), torch.no_grad(), torch.inference_mode():
    reveal_type(evaluate(x))  # is float
evaluate(1)  # wrong: arg-type
