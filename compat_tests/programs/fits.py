"""Fits with LBFGS: a curve with physical parameters, and a penalised logistic regression in float64."""

import torch
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

torch.set_default_dtype(torch.float64)
torch.manual_seed(4)


class DampedOscillator(nn.Module):
    def __init__(self):
        super().__init__()
        self.log_decay = nn.Parameter(torch.tensor(-1.0))
        self.frequency = nn.Parameter(torch.tensor(2.4))
        self.phase = nn.Parameter(torch.zeros(()))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, t):
        return (
            self.scale
            * torch.exp(-self.log_decay.exp() * t)
            * torch.cos(self.frequency * t + self.phase)
        )

    def extra_repr(self):
        return f"decay={self.log_decay.exp().item():.4f}, frequency={self.frequency.item():.4f}"


t = torch.linspace(0, 6, 120)
true = 1.7 * torch.exp(-0.25 * t) * torch.cos(2.2 * t + 0.4)
noisy = true + 0.02 * torch.randn_like(t)
model = DampedOscillator()
optimizer = torch.optim.LBFGS(
    model.parameters(), lr=1, max_iter=10, history_size=5, line_search_fn="strong_wolfe"
)
calls = 0
for epoch in range(3):

    def closure():
        global calls
        calls += 1
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(t), noisy)
        loss.backward()
        return loss

    loss = optimizer.step(closure)
    print(f"epoch {epoch}: {loss.item():.8f}, {calls} calls", model)
print({name: round(p.item(), 3) for name, p in model.named_parameters()})
residual = (model(t) - noisy).detach()
J = torch.autograd.functional.jacobian(
    lambda v: torch.func.functional_call(
        model, {"log_decay": v[0], "frequency": v[1], "phase": v[2], "scale": v[3:]}, (t,)
    ),
    parameters_to_vector(model.parameters()).detach(),
)
covariance = torch.linalg.inv(J.T @ J) * residual.var(correction=4)
print(J.shape, torch.diagonal(covariance).sqrt())

X = torch.randn(80, 6)
X = (X - X.mean(0)) / X.std(0)
weights = torch.tensor([1.5, -2.0, 0.0, 0.0, 0.7, 0.0])
y = torch.bernoulli(torch.sigmoid(X @ weights - 0.3))
linear = nn.Linear(6, 1)
optimizer = torch.optim.LBFGS(
    linear.parameters(), lr=0.5, tolerance_grad=1e-9, tolerance_change=1e-12, max_iter=40
)


def objective():
    optimizer.zero_grad()
    logits = linear(X).squeeze(-1)
    penalty = 0.05 * linear.weight.square().sum() / 2
    loss = nn.functional.binary_cross_entropy_with_logits(logits, y) + penalty
    loss.backward()
    return loss


first = optimizer.step(objective)
last = objective()
print(f"{first:.6f} -> {last:.6f}", linear.weight.data, linear.bias.data)
print(optimizer.state[linear.weight]["n_iter"] > 3, sorted(optimizer.state[linear.weight])[:4])
with torch.no_grad():
    correct = ((linear(X).squeeze(-1) > 0) == y.bool()).double().mean()
print(f"{correct:.4f}", optimizer)
vector = parameters_to_vector(linear.parameters())
vector_to_parameters(torch.zeros_like(vector), linear.parameters())
print(linear(X).abs().max(), vector.shape)
H = torch.autograd.functional.hessian(
    lambda v: torch.logaddexp(torch.zeros(()), X @ v).mean(), torch.zeros(6)
)
print(torch.linalg.eigvalsh(H))
