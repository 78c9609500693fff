"""A walk through training: pictures in, a convolutional network, a loss that falls, a file kept.

Runs as it stands under PyTorch and, by `python -m jtorch 04_cifar10.py`, under jtorch; both need
torchvision. `python compat_tests/cifar_files.py data` writes the pictures it looks for.
"""

import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
import torchvision
import torchvision.transforms as transforms


def chapter(title):
    print(f"\n--- {title} ---")


class Pictures(torchvision.datasets.CIFAR10):
    """CIFAR-10's files with other pictures in them, whose checksums nobody knows."""

    train_list = [(f"data_batch_{number}", None) for number in range(1, 6)]
    test_list = [("test_batch", None)]
    meta = {"filename": "batches.meta", "key": "label_names", "md5": None}


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


torch.manual_seed(4)
folder = sys.argv[1] if len(sys.argv) > 1 else "data"
device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")

chapter("Pictures as tensors, by the batch, from two workers")
to_tensors = transforms.Compose(
    [transforms.ToTensor(), transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))]
)
train = Pictures(root=folder, train=True, transform=to_tensors)
test = Pictures(root=folder, train=False, transform=to_tensors)
print(train)
print(train.classes, len(train), len(test))
train_loader = torch.utils.data.DataLoader(train, batch_size=4, shuffle=True, num_workers=2)
test_loader = torch.utils.data.DataLoader(test, batch_size=4, shuffle=False, num_workers=2)
images, labels = next(iter(train_loader))
print(images.shape, images.dtype, labels)
print(images[0, :, :2, :3])
grid = torchvision.utils.make_grid(images)
print(grid.shape, f"{grid.mean():.4f}")
print(" ".join(train.classes[label] for label in labels))

chapter("A network, a loss, an optimizer")
network = Network().to(device)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(network.parameters(), lr=0.004, momentum=0.9)
print(network)
print(optimizer)

chapter("Training")
for epoch in range(2):
    running_loss = 0.0
    for i, data in enumerate(train_loader):
        inputs, labels = data[0].to(device), data[1].to(device)
        optimizer.zero_grad()
        outputs = network(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        if i % 25 == 24:
            print(f"[{epoch + 1}, {i + 1:5d}] loss: {running_loss / 25:.3f}")
            running_loss = 0.0

chapter("Kept in a file, and read again")
torch.save(network.state_dict(), "network.pth")
again = Network()
print(again.load_state_dict(torch.load("network.pth", weights_only=True)))
images, labels = next(iter(test_loader))
print("truth:", " ".join(test.classes[label] for label in labels))
_, predicted = torch.max(again(images), 1)
print("said: ", " ".join(test.classes[label] for label in predicted))

chapter("How often it is right")
right = dict.fromkeys(test.classes, 0)
seen = dict.fromkeys(test.classes, 0)
network.eval()
with torch.no_grad():
    for images, labels in test_loader:
        _, predicted = torch.max(network(images.to(device)), 1)
        for label, guess in zip(labels, predicted, strict=True):
            right[test.classes[label]] += int(label == guess)
            seen[test.classes[label]] += 1
print(f"{sum(right.values())} of {sum(seen.values())}")
for name, count in right.items():
    print(f"{name:>10}: {100 * count / max(seen[name], 1):.1f} %")
