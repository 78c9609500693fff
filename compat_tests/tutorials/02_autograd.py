"""A walk through automatic differentiation: the graph behind a result, and what goes back along it.

Runs as it stands under PyTorch and, by `python -m jtorch 02_autograd.py`, under jtorch.
"""

import torch
from torch.autograd import Function


def chapter(title):
    print(f"\n--- {title} ---")


def kind(thing):
    return type(thing).__name__


def refused(call):
    """Print what a call raises, as far as its first full stop."""
    try:
        call()
    except Exception as error:
        print(f"{kind(error)}: {str(error).splitlines()[0].split('. ')[0]}")


def picture(node, depth=0):
    """Print the graph behind a node, one node a line, inputs further in."""
    print("  " * depth + ("nothing that needs a gradient" if node is None else node.name()))
    for below, _ in getattr(node, "next_functions", ()):
        picture(below, depth + 1)


torch.manual_seed(20)

chapter("A slope, found by going back")
width = torch.tensor(3.0, requires_grad=True)
area = width**2 + 2 * width
print(width, area, sep="\n")
area.backward()
print(width.grad, "is", 2 * 3.0 + 2)

chapter("What a result remembers")
print(area.grad_fn is not None, kind(area.grad_fn), area.grad_fn.name())
for node, number in area.grad_fn.next_functions:
    print("  from", node.name(), "result", number)
print(width.grad_fn, width.is_leaf, area.is_leaf)
picture((torch.tensor([1.0, 2.0], requires_grad=True).exp() * 3).sum().grad_fn)

chapter("Printed tensors say where they come from")
sides = torch.tensor([[1.0, -2.0], [0.5, 4.0]], requires_grad=True)
print(sides)
print(sides + 1, sides * sides, sides @ sides, sides.t(), sep="\n")
print(sides.relu(), sides[0], sides.sum(), sides.mean(dim=0), sides.max(), sep="\n")
print(torch.cat([sides, sides]), sides.reshape(-1), torch.stack([sides[0]] * 2), sep="\n")
print(repr(sides.detach()), sides.max(dim=1), sep="\n")

chapter("Who needs a gradient")
plain, wanted = torch.ones(2), torch.ones(2, requires_grad=True)
print(plain.requires_grad, wanted.requires_grad, (plain + plain).requires_grad)
print((plain + wanted).requires_grad, (plain < wanted).requires_grad)
plain.requires_grad_()
print(plain)
refused(lambda: torch.ones(2, dtype=torch.long, requires_grad=True))
refused(lambda: setattr(wanted * 2, "requires_grad", False))

chapter("One layer by hand")
inputs = torch.tensor([[1.0, 0.5, -1.0]])  # one example of three numbers
target = torch.tensor([[0.0, 1.0]])
weight = torch.tensor([[0.1, -0.2], [0.3, 0.8], [-0.5, 0.25]], requires_grad=True)
bias = torch.zeros(2, requires_grad=True)
logits = inputs @ weight + bias
loss = (torch.log1p(torch.exp(logits)) - target * logits).mean()  # binary cross-entropy
print(logits, loss, sep="\n")
picture(loss.grad_fn)
loss.backward()
print(weight.grad, bias.grad, sep="\n")
print(torch.allclose(bias.grad, (logits.sigmoid() - target).detach()[0] / 2))

chapter("Once only, unless asked to keep")
refused(loss.backward)
again = (weight**2).sum()
again.backward(retain_graph=True)
once = weight.grad.clone()
again.backward()
print(weight.grad - once)

chapter("Gradients add up until they are emptied")
speed = torch.tensor([2.0, 4.0], requires_grad=True)
for lap in range(3):
    (speed * 10).sum().backward()
    print(lap, speed.grad)
speed.grad.zero_()
(speed * speed).sum().backward()
print(speed.grad)
speed.grad = None
print(speed.grad)
(speed**3).sum().backward()
print(speed.grad)

chapter("A result of several numbers: a vector from the left")
angles = torch.tensor([0.0, 0.5, 1.0], requires_grad=True)
waves = torch.stack([angles.sin(), angles.cos()])
refused(waves.backward)
weights = torch.tensor([[1.0, 1.0, 1.0], [0.0, 2.0, 0.0]])
waves.backward(weights)  # a vector-Jacobian product; the Jacobian itself is never made
print(angles.grad)
print(weights[0] * angles.cos().detach() - weights[1] * angles.sin().detach())
grid = torch.eye(3, 4, requires_grad=True)
bump = (grid + 1).pow(2).t()
bump.backward(torch.ones_like(bump), retain_graph=True)
print("first call", grid.grad, sep="\n")
bump.backward(torch.ones_like(bump), retain_graph=True)
print("second call, added", grid.grad, sep="\n")
grid.grad.zero_()
bump.backward(torch.ones_like(bump))
print("emptied before", grid.grad, sep="\n")

chapter("The whole Jacobian")
print(torch.autograd.functional.jacobian(lambda x: x.flip(0) * x[0], torch.tensor([2.0, 3.0])))

chapter("Asking for some gradients only")
height, depth = torch.tensor([1.5, 2.5], requires_grad=True), torch.ones(2, requires_grad=True)
volume = (height**2 * depth).sum()
print(torch.autograd.grad(volume, [height, depth], retain_graph=True))
print(height.grad, depth.grad)  # nothing was stored
volume.backward(inputs=[depth])
print(height.grad, depth.grad)
refused(lambda: torch.autograd.grad(height.sum(), depth))
print(torch.autograd.grad(height.sum(), depth, allow_unused=True))

chapter("Between the ends")
middle = height * 3
middle.retain_grad()
(middle**2).sum().backward()
print(middle.grad, middle.retains_grad, height.retains_grad, height.grad)

chapter("Without recording")
with torch.no_grad():
    untracked = height * 2
    print(untracked, untracked.requires_grad, torch.is_grad_enabled())
    with torch.enable_grad():
        print(height * 2)
print(height * 2, torch.is_grad_enabled())


@torch.no_grad()
def doubled(x):
    return x * 2


print(doubled(height))
cut = (height * 2).detach()
print(cut, cut.requires_grad, cut.grad_fn)
shared = height.detach()
shared[0] = -7.0  # one memory
print(height)
with torch.inference_mode():
    frozen_for_ever = torch.ones(2) * 2
refused(lambda: frozen_for_ever * depth)
print(frozen_for_ever.is_inference(), frozen_for_ever)

chapter("Some parameters stay as they are")
first = torch.full((2, 2), 0.5, requires_grad=True)
second = torch.full((2,), -1.0, requires_grad=True)
first.requires_grad_(False)
output = torch.ones(3, 2) @ first @ second
picture(output.grad_fn)
output.sum().backward()
print(first.grad, second.grad)

chapter("The graph is made anew by every line that runs")


def pieces(x, times):
    for _ in range(times):
        x = x * 2 if x.sum() < 10 else x.sin()
    return x.sum()


for times in (0, 2, 5):
    start = torch.tensor([1.0, 2.0], requires_grad=True)
    result = pieces(start, times)
    result.backward()
    print(times, result, kind(result.grad_fn.next_functions[0][0]), start.grad)

chapter("What takes no part is left out of the graph")
x, y = torch.rand(2), torch.rand(2)
z = torch.rand(2, requires_grad=True)
print((x + y).requires_grad, (x + y).grad_fn, ((x + y) * z).requires_grad)
print([node and node.name() for node, _ in ((x + y) * z).grad_fn.next_functions])
print((z > 0.5).grad_fn, z.argmax().grad_fn, z.round().grad_fn is None)

chapter("Writing in place")
start = torch.tensor([1.0, 2.0], requires_grad=True)
refused(lambda: start.add_(1))
with torch.no_grad():
    start -= 0.5
print(start, start._version)
copy = start.clone()
copy[0] = 10.0
copy.mul_(start)
print(copy, start)
copy.sum().backward()
print(start.grad)
root = (start * 4).sqrt()
root += 1
refused(root.sum().backward)
board = torch.zeros(2, 2)
board[0] = start
board[1].add_(start * 3)
print(board)
(picture(board.grad_fn), board.sum().backward())
print(start.grad)

chapter("A gradient of a gradient")
t = torch.tensor(2.0, requires_grad=True)
slope = t**4
for order in range(1, 5):
    (slope,) = torch.autograd.grad(slope, t, create_graph=True)
    print(order, slope.detach(), slope.requires_grad, slope.is_leaf)
penalty = torch.autograd.grad((t * depth).exp().sum(), depth, create_graph=True)[0].norm()
penalty.backward()
print(penalty, depth.grad, t.grad)
print(torch.autograd.functional.hessian(lambda v: (v**3).prod(), torch.tensor([1.0, 2.0])))

chapter("Listening in")
heat = torch.tensor([1.0, -3.0], requires_grad=True)
handle = heat.register_hook(lambda grad: print("for heat:", grad))
halved = heat * 2
halved.register_hook(lambda grad: grad.clamp(-1, 1))
halved.grad_fn.register_hook(lambda out, into: print("MulBackward0:", out, into))
heat.register_post_accumulate_grad_hook(lambda leaf: print("stored:", leaf.grad))
(halved**2).sum().backward()
handle.remove()
heat.sum().backward()

chapter("A rule of one's own")


class Softened(Function):
    """|x|, with the slope x where |x| < 1."""

    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(x)
        ctx.factor = factor
        return x.abs() * factor

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * x.clamp(-1, 1) * ctx.factor, None


values = torch.tensor([-4.0, -0.25, 0.5, 3.0], requires_grad=True)
soft = Softened.apply(values, 10)
print(soft, kind(soft.grad_fn), soft.grad_fn.name(), soft.grad_fn.next_functions[0][0].name())
soft.sum().backward()
print(values.grad)
right = values.detach().double().requires_grad_()
print(torch.autograd.gradcheck(lambda v: v.abs() * v, right))
refused(lambda: torch.autograd.gradcheck(lambda v: Softened.apply(v, 10), right))

chapter("Going down the slope")
points = torch.linspace(-1, 1, 9)
heights = 3 * points**2 - points + 0.5
guess = torch.zeros(3, requires_grad=True)
for step in range(81):
    loss = ((guess[0] * points**2 + guess[1] * points + guess[2] - heights) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        guess -= 0.5 * guess.grad
        guess.grad.zero_()
    if step % 20 == 0:
        print(f"{step:3} loss {loss.item():.4f}", [round(value, 2) for value in guess.tolist()])
