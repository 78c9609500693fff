"""A walk through data parallelism: one module, as many devices as there are, each with its part.

Runs as it stands under PyTorch and, by `python -m jtorch 05_data_parallel.py`, under jtorch. With one
device, or none but the CPU, the module itself does all the work, and nothing else changes.
"""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


def chapter(title):
    print(f"\n--- {title} ---")


FEATURES, ANSWERS, BATCH, EXAMPLES = 5, 2, 30, 100

torch.manual_seed(11)


class Noise(Dataset):
    """Random examples, as many as are asked for."""

    def __init__(self, features, length):
        self.examples = torch.randn(length, features)

    def __getitem__(self, index):
        return self.examples[index]

    def __len__(self):
        return len(self.examples)


class Talkative(nn.Module):
    """A linear module that says what it has been given."""

    def __init__(self, features, answers):
        super().__init__()
        self.map = nn.Linear(features, answers)

    def forward(self, given):
        made = self.map(given)
        print("    inside: given", tuple(given.size()), "made", tuple(made.size()))
        return made


chapter("Where the work is done")
device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
print(device.type in ("cpu", "cuda"), torch.cuda.device_count() >= 0)

chapter("Batches")
loader = DataLoader(Noise(FEATURES, EXAMPLES), batch_size=BATCH, shuffle=True)
print(len(loader), [tuple(batch.shape) for batch in loader])

chapter("A module that may be on many devices")
model = nn.DataParallel(Talkative(FEATURES, ANSWERS))
model.to(device)
print(type(model).__name__, type(model.module).__name__, list(model.state_dict()))
print(nn.DataParallel(nn.Linear(2, 3)))
for batch in loader:
    output = model(batch.to(device))
    print("outside: given", tuple(batch.size()), "made", tuple(output.size()))

chapter("It learns as the module would")
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    total = 0.0
    for batch in loader:
        optimizer.zero_grad()
        loss = (model(batch.to(device)) - 1).square().mean()
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"{epoch}: {total / len(loader):.4f}")
print(model.module.map.weight.grad.shape)

chapter("What is kept is kept without the wrapping")
alone = Talkative(FEATURES, ANSWERS)
print(alone.load_state_dict(model.module.state_dict()))
print(
    torch.allclose(alone(torch.ones(1, FEATURES)), model(torch.ones(1, FEATURES).to(device)).cpu())
)
