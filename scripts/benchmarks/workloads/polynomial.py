"""A cubic is fitted to a sine, in the three forms of a first lesson: by hand, autograd, nn and optim.

A step makes 50 updates and reads the last loss.
"""

import math

CASES = {
    "polynomial, gradients by hand": {"form": "hand", "points": 2000},
    "polynomial, autograd": {"form": "autograd", "points": 2000},
    "polynomial, nn and optim": {"form": "module", "points": 2000},
}
TINY = [{"form": form, "points": 50} for form in ("hand", "autograd", "module")]
WHOLE = 20
UPDATES = 50
RATE = 1e-6


def program(torch, compiled, form, points):
    torch.manual_seed(0)
    x = torch.linspace(-math.pi, math.pi, points)
    y = torch.sin(x)
    make = {"hand": by_hand, "autograd": by_autograd, "module": by_module}[form]
    return make(torch, compiled, x, y)


def by_hand(torch, compiled, x, y):
    a, b, c, d = (torch.randn(()) for _ in range(4))
    start = {"a": a, "b": b, "c": c, "d": d, "x": x, "y": y}

    def step():
        nonlocal a, b, c, d
        for _ in range(UPDATES):
            predicted = a + b * x + c * x**2 + d * x**3
            loss = (predicted - y).pow(2).sum()
            slope = 2.0 * (predicted - y)
            a -= RATE * slope.sum()
            b -= RATE * (slope * x).sum()
            c -= RATE * (slope * x**2).sum()
            d -= RATE * (slope * x**3).sum()
        return loss.item()

    return step, start


def by_autograd(torch, compiled, x, y):
    weights = [torch.randn((), requires_grad=True) for _ in range(4)]
    a, b, c, d = weights
    start = {"a": a, "b": b, "c": c, "d": d, "x": x, "y": y}
    cubic = compiled(lambda x: a + b * x + c * x**2 + d * x**3)

    def step():
        for _ in range(UPDATES):
            loss = (cubic(x) - y).pow(2).sum()
            loss.backward()
            with torch.no_grad():
                for each in weights:
                    each -= RATE * each.grad
                    each.grad = None
        return loss.item()

    return step, start


def by_module(torch, compiled, x, y):
    powers = x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))
    network = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1))
    start = {"x": powers, "y": y}
    start.update(network.state_dict())
    model = compiled(network)
    loss_of = torch.nn.MSELoss(reduction="sum")
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)

    def step():
        for _ in range(UPDATES):
            loss = loss_of(model(powers), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return loss.item()

    return step, start
