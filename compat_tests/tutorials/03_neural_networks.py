"""A walk through neural networks: a module, its parameters, its graph, a loss and an update.

Runs as it stands under PyTorch and, by `python -m jtorch 03_neural_networks.py`, under jtorch.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


def chapter(title):
    print(f"\n--- {title} ---")


def refused(call):
    """Print what a call raises, as far as its first line goes."""
    try:
        call()
    except Exception as error:
        print(f"{type(error).__name__}: {str(error).splitlines()[0]}")


torch.manual_seed(7)


class Digits(nn.Module):
    """A small convolutional network: pictures of one channel, ten classes."""

    def __init__(self):
        super().__init__()
        self.look = nn.Conv2d(1, 6, 5)
        self.look_again = nn.Conv2d(6, 16, 5)
        self.think = nn.Linear(16 * 5 * 5, 120)
        self.think_again = nn.Linear(120, 84)
        self.decide = nn.Linear(84, 10)

    def forward(self, picture):
        seen = F.max_pool2d(F.relu(self.look(picture)), (2, 2))
        seen = F.max_pool2d(F.relu(self.look_again(seen)), 2)
        seen = torch.flatten(seen, 1)
        thought = F.relu(self.think(seen))
        return self.decide(F.relu(self.think_again(thought)))


chapter("A module prints what it is made of")
network = Digits()
print(network)
print(
    nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, stride=2), nn.BatchNorm2d(8), nn.ReLU(inplace=True))
)

chapter("What it learns is its parameters")
parameters = list(network.parameters())
print(len(parameters), parameters[0].size(), sum(each.numel() for each in parameters))
for name, parameter in network.named_parameters():
    print(f"{name:20} {tuple(parameter.shape)!s:18} {parameter.requires_grad}")
print(network.look.bias)
print(network.look_again.weight[3, 2])

chapter("Pictures go in by the batch, ten numbers come out for each")
pictures = torch.randn(1, 1, 32, 32)
scores = network(pictures)
print(scores)
print(scores.shape, scores.dtype, scores.grad_fn.name())
refused(lambda: network(torch.randn(1, 3, 32, 32)))
refused(lambda: network(torch.randn(1, 1, 30, 32)))
print(network(pictures[0].unsqueeze(0)).allclose(scores))

chapter("Gradients of everything, from any gradient of the result")
network.zero_grad()
scores.backward(torch.ones(1, 10))
print(network.look.bias.grad)
print(network.decide.bias.grad)
network.zero_grad()
print(network.look.bias.grad)

chapter("A loss is one number")
target = torch.linspace(-1, 1, 10).view(1, -1)
criterion = nn.MSELoss()
loss = criterion(network(pictures), target)
print(loss)
node = loss.grad_fn
while node.next_functions:
    print("  ", node.name())
    # an affine map was made of a bias, an input and a weight
    node = node.next_functions[len(node.next_functions) == 3][0]
print("  ", node.name())
print(nn.CrossEntropyLoss()(network(pictures), torch.tensor([3])))
print(F.nll_loss(F.log_softmax(scores, 1), torch.tensor([3])).item() > 0)
refused(lambda: nn.CrossEntropyLoss()(scores, torch.tensor([10])))

chapter("Back from the loss")
network.zero_grad()
print("before:", network.look.bias.grad)
loss.backward()
print("after:", network.look.bias.grad)
refused(loss.backward)

chapter("An update by hand")
rate = 0.01
with torch.no_grad():
    for parameter in network.parameters():
        parameter -= rate * parameter.grad
print(f"{criterion(network(pictures), target).item():.4f}")
for parameter in network.parameters():
    parameter.data.sub_(parameter.grad.data * rate)
print(f"{criterion(network(pictures), target).item():.4f}")

chapter("Updates by an optimizer")
for make in (
    lambda p: optim.SGD(p, lr=0.01),
    lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    lambda p: optim.Adam(p, lr=1e-3),
    lambda p: optim.RMSprop(p, lr=1e-3),
):
    torch.manual_seed(3)
    network = Digits()
    optimizer = make(network.parameters())
    for _ in range(5):
        optimizer.zero_grad()
        loss = criterion(network(pictures), target)
        loss.backward()
        optimizer.step()
    print(type(optimizer).__name__, f"{loss.item():.4f}", network.look.bias.data[:3])
print(optimizer)

chapter("Training and not training")
torch.manual_seed(5)
layers = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5), nn.BatchNorm1d(3))
data = torch.arange(20.0).view(5, 4)
print(layers.training, layers(data), layers[2].running_mean, layers[2].num_batches_tracked)
layers.eval()
print(layers.training, layers(data))

chapter("A state that can be kept")
state = layers.state_dict()
print(list(state))
again = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5), nn.BatchNorm1d(3))
print(again.load_state_dict(state))
print(torch.equal(again.eval()(data), layers(data)))
refused(lambda: nn.Linear(4, 3).load_state_dict({"weight": torch.ones(2, 2)}))

chapter("Looking in while it runs")
handle = network.think.register_forward_hook(
    lambda module, given, made: print(
        type(module).__name__, tuple(given[0].shape), tuple(made.shape)
    )
)
network(pictures)
handle.remove()
network(torch.cat([pictures, pictures]))
print(sum(each.numel() for each in network.children().__next__().parameters()))
