"""Module: what users do with modules, statement by statement, compared with torch."""

import subprocess
import sys

import pytest

from nn_sessions import compare_part, sessions


@sessions("nn_module", "nn_hooks", "nn_functional_call")
def test_session(part):
    assert compare_part(part)


def test_a_difference_is_seen():
    with pytest.raises(AssertionError, match=r"(?s)line 2.*got.*torch"):
        compare_part(("x = 1", "x\n[torch.__name__.__len__()]"))


@pytest.mark.parametrize(
    "program",
    [
        """
import pickle, torch, copy
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    def forward(self, x):
        return self.layers(x)
torch.manual_seed(0)
net = Net()
again = pickle.loads(pickle.dumps(net))
x = torch.ones(2, 2)
print(net, type(net.layers), type(net.layers[0].weight), again(x) - net(x))
print(issubclass(Net, nn.Module), isinstance(again.layers, nn.Sequential), Net.__module__)
print(pickle.loads(pickle.dumps(nn.ReLU)), nn.Linear.__module__, nn.ParameterList.__module__)
"""
    ],
)
def test_under_the_alias(program):
    texts = [
        subprocess.run(
            [sys.executable, *options, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        for options in ([], ["-m", "jtorch"])
    ]

    assert texts[0] == texts[1]
