"""A walk through tensors: what they are made from, what they know of themselves, what they can do.

Runs as it stands under PyTorch and, by `python -m jtorch 01_tensors.py`, under jtorch.
"""

import numpy as np
import torch


def chapter(title):
    print(f"\n--- {title} ---")


torch.manual_seed(1234)

chapter("Made from what Python has")
rainfall = torch.tensor([[3, 0, 12], [7, 5, 1]])  # millimetres: two towns, three days
print(rainfall)
print(torch.tensor([2.5, -1e-3, 4000.0]))  # floats become float32
print(torch.tensor([True, False]), torch.tensor(7), torch.tensor([1 + 2j]))
print(torch.tensor([1, 2, 3], dtype=torch.float64))

chapter("Made from a numpy array")
grid = np.arange(6.0).reshape(2, 3) / 4
print(torch.from_numpy(grid))  # numpy's float64 stays float64
print(torch.tensor(grid, dtype=torch.float16))

chapter("Made like another tensor")
print(torch.ones_like(rainfall))  # the same shape and dtype
print(torch.rand_like(rainfall, dtype=torch.float))  # the same shape, another dtype
print(torch.full_like(rainfall, -1), rainfall.new_zeros(2))

chapter("Made from a shape")
shape = (2, 4)
print(torch.rand(shape))
print(torch.randn(3, 2))
print(torch.randint(0, 100, shape))
print(torch.zeros(shape), torch.ones(1, 3), torch.full((2,), 0.5), sep="\n")
print(torch.arange(2, 11, 3), torch.linspace(0, 1, 5), torch.eye(2), sep="\n")
print(torch.empty(0), torch.randperm(6))

chapter("What a tensor knows of itself")
sample = torch.rand(3, 5)
print("shape ", sample.shape, "of", sample.dim(), "dimensions and", sample.numel(), "elements")
print("dtype ", sample.dtype, "of", sample.element_size(), "bytes; device", sample.device)
print("layout", sample.layout, "with strides", sample.stride(), sample.is_contiguous())
print("transposed:", sample.T.shape, sample.T.stride(), sample.T.is_contiguous())
print("needs a gradient:", sample.requires_grad)

chapter("To an accelerator, if there is one, and back")
device = "cpu"
if torch.accelerator.is_available():
    device = torch.accelerator.current_accelerator()
elif torch.cuda.is_available():
    device = "cuda"
moved = rainfall.to(device)
print((moved + moved).to("cpu"))

chapter("Reading and writing parts")
board = torch.arange(20).reshape(4, 5)
print("first row    ", board[0])
print("last column  ", board[:, -1])
print("one element  ", board[2, 3])
print("every second ", board[::2, 1::2])
print("ellipsis     ", board[..., 0])
print("picked rows  ", board[[3, 0]])
print("picked by yes", board[board % 7 == 0])
board[:, 1] = 0  # one number for a whole column
board[1:3, 3:] = torch.tensor([[-1, -2], [-3, -4]])
board[board > 15] *= 10
print(board)

chapter("A part is a window, not a copy")
window = board[0]
window += 100  # changes the board as well
print(board[0])
corner = board.view(20)[-2:].clone()  # a copy keeps to itself
corner.zero_()
print(board[3])

chapter("Joining and cutting")
low, high = torch.zeros(2, 2), torch.ones(2, 2)
print(torch.cat([low, high, low], dim=1))  # side by side along a dimension that is there
print(torch.stack([low, high]).shape)  # along a new one
print([tuple(piece.shape) for piece in torch.arange(10).split(4)])

chapter("Arithmetic, element by element")
prices = torch.tensor([[1.5, 2.0], [0.25, 8.0]])
first = prices * prices
second = prices.mul(prices)
third = torch.empty_like(prices)
torch.mul(prices, prices, out=third)
print(first, torch.equal(first, second), torch.equal(second, third))
print(prices + torch.tensor([10, 20]))  # a row is added to every row
print(prices / 3, prices**2 - 1, -prices.sqrt(), sep="\n")
print((prices > 1) & (prices < 5))

chapter("Matrix products")
weights = torch.tensor([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
print(weights @ weights.T)
print(weights.matmul(weights.T).shape, torch.matmul(weights.mT, weights))
result = torch.zeros(2, 2)
torch.matmul(weights, weights.T, out=result)
print(torch.equal(result, weights @ weights.T), weights @ torch.ones(3))
batch = torch.stack([weights, 2 * weights])
print((batch @ batch.mT).shape)

chapter("Down to one number")
total = prices.sum()
print(total, total.item(), type(total.item()).__name__)
print(rainfall.sum(dim=1), rainfall.max().item(), rainfall.float().mean(dim=0))
print(f"the dearest costs {prices.max():.2f} and is number {prices.argmax().item()}")

chapter("In place: a trailing underscore")
print(prices.add_(1))
print(prices.clamp_(max=4).mul_(2))
prices.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]])).t_()
print(prices)

chapter("One memory, two libraries")
counts = torch.ones(4)
array = counts.numpy()
counts.add_(2)  # numpy sees it
print(array, array.dtype)
array[0] = -5  # and so does the tensor
print(counts)
source = np.linspace(0, 1, 3)
shared = torch.from_numpy(source)
np.add(source, 10, out=source)
print(shared)
shared[1:] = 0
print(source)
