"""ResNet-18 as it is built for small pictures: a step of training, and a prediction."""

CASES = {
    "ResNet-18 training, batch 8": {"training": True, "batch": 8, "side": 32, "width": 64},
    "ResNet-18 prediction, batch 16": {"training": False, "batch": 16, "side": 32, "width": 64},
}
TINY = [{"training": each, "batch": 2, "side": 16, "width": 4} for each in (True, False)]
WHOLE = 10


def network(torch, width):
    """Eighteen layers; the first convolution keeps the size, as for CIFAR."""
    nn = torch.nn

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.downsample = None
            if stride != 1:
                self.downsample = nn.Sequential(
                    nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False),
                    nn.BatchNorm2d(outputs),
                )

        def forward(self, x):
            shortcut = x if self.downsample is None else self.downsample(x)
            out = torch.relu(self.bn1(self.conv1(x)))
            return torch.relu(self.bn2(self.conv2(out)) + shortcut)

    class ResNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, width, 3, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            widths = [width, width, 2 * width, 4 * width, 8 * width]
            self.layers = nn.ModuleList(
                nn.Sequential(
                    Block(widths[i], widths[i + 1], 1 if i == 0 else 2),
                    Block(widths[i + 1], widths[i + 1], 1),
                )
                for i in range(4)
            )
            self.fc = nn.Linear(8 * width, 10)

        def forward(self, x):
            x = torch.relu(self.bn1(self.conv1(x)))
            for layer in self.layers:
                x = layer(x)
            return self.fc(x.mean((2, 3)))

    return ResNet()


def program(torch, compiled, training, batch, side, width):
    torch.manual_seed(0)
    net = network(torch, width)
    pictures, labels = torch.randn(batch, 3, side, side), torch.randint(0, 10, (batch,))
    start = {"pictures": pictures, "labels": labels}
    start.update(net.state_dict())
    model = compiled(net)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9)

    def train():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(pictures), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    def predict():
        with torch.no_grad():
            return torch.nn.functional.cross_entropy(model(pictures), labels).item()

    net.train(training)
    return train if training else predict, start
