"""Networks of torchvision.models: `python models.py FILE NAME ...`.

The initial weights, the printed module, what it gives, and its gradients, these in double
precision: where a batch of two is normalized float32 has few digits left. The weights are written
to a file, and those that PyTorch wrote, whose turn is first, are read.
"""

import hashlib
import sys

import torch
from records import attempt, save
from torchvision import models

OPTIONS = {
    "googlenet": {"init_weights": True},
    "inception_v3": {"init_weights": False, "aux_logits": False},
    "vit_b_16": {"image_size": 64},
}


def digest(state):
    total = hashlib.sha256()
    for name, value in state.items():
        total.update(name.encode() + value.numpy().tobytes())
    return total.hexdigest()


def look_at(name):
    made = getattr(models, name)
    torch.manual_seed(3)
    network = made(num_classes=10, **OPTIONS.get(name, {}))
    size = 107 if name == "inception_v3" else 64
    pictures = torch.rand(2, 3, size, size)
    attempt(f"{name}: weights", lambda: digest(network.state_dict()))
    attempt(f"{name}: printed", lambda: str(network))
    torch.save(network.state_dict(), f"{name}.pth")
    attempt(f"{name}: read", lambda: read(network, f"../theirs/{name}.pth"))
    network.double().eval()
    attempt(f"{name}: evaluated", lambda: network(pictures.double()))
    network.train()
    attempt(f"{name}: gradients", lambda: gradients(network, pictures.double()))
    attempt(f"{name}: buffers", lambda: list(network.buffers())[:6])


def gradients(network, pictures):
    pictures.requires_grad_()
    given = network(pictures)
    first = given if isinstance(given, torch.Tensor) else given[0]
    loss = torch.nn.functional.cross_entropy(first, torch.tensor([1, 2]))
    loss.backward()
    norms = [each.grad.norm() for each in network.parameters() if each.grad is not None]
    return [first, loss, pictures.grad, torch.stack(norms)]


def read(network, path):
    """What PyTorch has written, into weights that are zero before."""
    for value in network.state_dict().values():
        value.zero_()
    state = torch.load(path, weights_only=True)
    return [network.load_state_dict(state), digest(network.state_dict())]


for each in sys.argv[2:]:
    look_at(each)
save()
