"""LeNet on pictures of CIFAR's size: SGD with momentum."""

CASES = {f"LeNet, batch {batch}": {"batch": batch} for batch in (4, 32, 128)}
TINY = [{"batch": 2}]
WHOLE = 100


def program(torch, compiled, batch):
    nn = torch.nn
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 6, 5),
        nn.ReLU(),
        nn.MaxPool2d(2, 2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2, 2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )
    pictures, labels = torch.randn(batch, 3, 32, 32), torch.randint(0, 10, (batch,))
    start = {**network.state_dict(), "pictures": pictures, "labels": labels}
    model = compiled(network)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)

    def step():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(pictures), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, start
