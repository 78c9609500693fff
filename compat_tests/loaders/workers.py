"""Loaders with forked workers, in a program without a guard: what every batch holds, and what is drawn."""

import faulthandler
import random

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, get_worker_info

faulthandler.dump_traceback_later(100, exit=True)
torch.manual_seed(1)


class Samples(Dataset):
    def __init__(self, size):
        self.values = torch.randn(size, 3) * 2 + 1

    def __len__(self):
        return len(self.values)

    def __getitem__(self, place):
        value = (self.values[place] - self.values.mean(0)) / 3
        return {
            "value": value + torch.rand(3),
            "image": np.full((70, 90), place, "float32"),
            "drawn": (torch.randn(()), np.random.rand(), random.random()),
            "worker": get_worker_info().id,
            "name": str(place),
            "kept": value.numpy().tolist()[:1],
        }


class Stream(IterableDataset):
    def __init__(self, size):
        self.size = size

    def __iter__(self):
        me = get_worker_info()
        yield from range(me.id, self.size, me.num_workers)


def show(batch):
    image = batch.pop("image")
    print(batch, image.shape, image.dtype, image.stride(), image.sum(), image.is_contiguous())
    image += 1
    batch["image"] = image


print("# map")
loader = DataLoader(Samples(9), batch_size=2, shuffle=True, num_workers=2)
for _ in range(2):
    for batch in loader:
        show(batch)
print(torch.rand(2), len(loader))

print("# persistent")
loader = DataLoader(
    Samples(12), batch_size=3, shuffle=True, num_workers=2, persistent_workers=True,
    prefetch_factor=3, generator=torch.Generator().manual_seed(3), drop_last=True,
)  # fmt: skip
for epoch in range(3):
    for place, batch in enumerate(loader):
        show(batch)
        if epoch == 1 and place == 1:
            break
print(torch.rand(2))

print("# streams")
for options in ({}, {"drop_last": True}, {"persistent_workers": True}):
    loader = DataLoader(Stream(11), batch_size=2, num_workers=2, **options)
    print(len(list(loader)), *list(loader))
print(DataLoader(Stream(5), batch_size=None, num_workers=2)._IterableDataset_len_called)
print(torch.rand(2))

print("# of all kinds")


def begin(worker):
    info = get_worker_info()
    info.dataset.append(100 + worker)
    print("begins", worker == info.id, info.num_workers, flush=True)


def own(samples):
    column = torch.arange(20000.0).reshape(100, 200).t()
    return samples, column, column[3:5, ::7], torch.ones(2, 3).expand(4, 2, 3), torch.ones(0, 2)


items = [torch.tensor([1.0, 2.0]).bfloat16(), np.arange(3), True, None, "text"]
(batch,) = DataLoader(
    items, 6, num_workers=1, collate_fn=own, worker_init_fn=begin, sampler=range(6)
)
print(batch[0], [(each.sum(), each.shape, each.stride()) for each in batch[1:]])
batch[1].mul_(2)
print(batch[1][:2, :3], batch[2][0, :3])
parameter = torch.nn.Parameter(torch.ones(2))
loader = DataLoader([parameter, 1j], batch_size=None, num_workers=1)
first, second = loader
print(first, first.requires_grad, first.is_leaf, type(first) is type(parameter), second)
pairs = TensorDataset(torch.arange(8), torch.arange(8.0).reshape(4, 2).repeat(2, 1))
unordered = DataLoader(pairs, batch_size=2, num_workers=2, in_order=False)
print(sorted(batch[0].tolist() for batch in unordered))
try:
    DataLoader(pairs, num_workers=1, multiprocessing_context="fork", timeout=-1)
except ValueError as error:
    print(error)
print(list(DataLoader([], num_workers=2)), next(iter(DataLoader(pairs, num_workers=2))))
print(torch.rand(2), get_worker_info())
