"""Data of one's own: a Dataset with augmentation, samplers, batches of several lengths, workers, iterables."""

import itertools
import random
from collections import Counter

import numpy as np
import torch
from torch.utils import data
from torch.utils.data import (
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    Sampler,
    Subset,
    WeightedRandomSampler,
)


class Compose:
    def __init__(self, *steps):
        self.steps = steps

    def __call__(self, x):
        for step in self.steps:
            x = step(x)
        return x


class RandomFlip:
    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, x):
        return x.flip(-1) if torch.rand(()) < self.p else x


class RandomCrop:
    def __init__(self, size, padding):
        self.size, self.padding = size, padding

    def __call__(self, x):
        x = torch.nn.functional.pad(x, (self.padding,) * 4, mode="reflect")
        top, left = (
            torch.randint(x.shape[-2] - self.size + 1, (1,)).item(),
            random.randrange(x.shape[-1] - self.size + 1),
        )
        return x[..., top : top + self.size, left : left + self.size]


class Noise:
    def __call__(self, x):
        return (x + 0.05 * torch.from_numpy(np.random.randn(*x.shape).astype(np.float32))).clamp(
            0, 1
        )


class Pictures(Dataset):
    def __init__(self, n, transform=None, classes=3):
        g = torch.Generator().manual_seed(n)
        self.images = torch.rand(n, 1, 6, 6, generator=g)
        self.labels = torch.multinomial(
            torch.tensor([0.6, 0.3, 0.1]), n, replacement=True, generator=g
        )
        self.transform, self.classes = transform, classes

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return (self.transform(x) if self.transform else x), self.labels[index].item()

    def __getitems__(self, indices):
        return [self[i] for i in indices]


class BalancedBatches(Sampler):
    """As many of each class in each batch."""

    def __init__(self, labels, per_class, batches, generator=None):
        self.places = [torch.nonzero(labels == c).flatten() for c in labels.unique()]
        self.per_class, self.batches, self.generator = per_class, batches, generator

    def __iter__(self):
        for _ in range(self.batches):
            yield [
                p[i].item()
                for p in self.places
                for i in torch.randint(len(p), (self.per_class,), generator=self.generator)
            ]

    def __len__(self):
        return self.batches


class Sequences(Dataset):
    def __init__(self):
        self.rows = [torch.arange(n, dtype=torch.float32) + n for n in (3, 1, 4, 1, 5, 2)]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return {"x": self.rows[i], "length": len(self.rows[i]), "name": f"row{i}"}


def collate(items):
    items = sorted(items, key=lambda each: -each["length"])
    return {
        "x": torch.nn.utils.rnn.pad_sequence(
            [each["x"] for each in items], batch_first=True, padding_value=-1
        ),
        "length": torch.tensor([each["length"] for each in items]),
        "name": [each["name"] for each in items],
    }


class Stream(IterableDataset):
    def __init__(self, stop):
        self.stop = stop

    def __iter__(self):
        info = data.get_worker_info()
        start, step = (0, 1) if info is None else (info.id, info.num_workers)
        return iter(range(start, self.stop, step))


torch.manual_seed(5)
random.seed(5)
np.random.seed(5)
pictures = Pictures(40, Compose(RandomCrop(6, 1), RandomFlip(), Noise()))
loader = DataLoader(pictures, batch_size=16, shuffle=True, drop_last=True)
for x, y in loader:
    print(x.shape, x.dtype, f"{x.mean():.5f} {x.std():.5f}", y.tolist())
balanced = DataLoader(
    pictures, batch_sampler=BalancedBatches(pictures.labels, 2, 3, torch.Generator().manual_seed(0))
)
print(len(balanced), [Counter(y.tolist()) for _, y in balanced])
counts = pictures.labels.bincount()
sampler = WeightedRandomSampler(
    (1.0 / counts)[pictures.labels], 30, generator=torch.Generator().manual_seed(2)
)
print([pictures.labels[i].item() for i in sampler])
for batch in DataLoader(Sequences(), batch_size=4, collate_fn=collate):
    print(batch)
print(next(iter(DataLoader(Sequences(), batch_size=1))))
first, second, rest = data.random_split(
    pictures, [0.5, 0.25, 0.25], generator=torch.Generator().manual_seed(0)
)
joined = ConcatDataset([first, Subset(pictures, range(5)), second])
print(len(first), len(second), len(rest), len(joined), joined.cumulative_sizes, first.indices[:6])
print(
    sorted(
        itertools.chain.from_iterable(
            b.tolist() for b in DataLoader(Stream(11), batch_size=3, num_workers=2)
        )
    )
)
print([b.tolist() for b in DataLoader(Stream(7), batch_size=3)])
print(data.default_collate([{"a": 1, "b": (2.0, "x")}, {"a": 3, "b": (4.0, "y")}]))
try:
    next(iter(DataLoader(Sequences(), batch_size=2)))
except RuntimeError as error:
    print(error)
means = torch.stack([x.mean() for x, _ in DataLoader(Subset(pictures, range(8)), batch_size=None)])
print(means.shape, data.dataloader.default_convert(np.arange(3)))
