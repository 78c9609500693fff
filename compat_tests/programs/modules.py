"""Taking networks apart: names, buffers, state dicts, meta tensors, lazy layers, copies, pickles."""

import copy
import io
import pickle
from collections import OrderedDict

import torch
from torch import nn


class Block(nn.Module):
    __constants__ = ["scale"]
    scale: float

    def __init__(self, width, scale=2.0):
        super().__init__()
        self.scale = scale
        self.lin = nn.Linear(width, width)
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))
        self.register_buffer("cache", torch.ones(2), persistent=False)
        self.register_parameter("extra", None)
        self.shared = self.lin

    def forward(self, x):
        self.steps += 1
        return self.lin(x) * self.scale

    def extra_repr(self):
        return f"scale={self.scale}"

    def get_extra_state(self):
        return {"version": 3}

    def set_extra_state(self, state):
        self.loaded = state


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleDict({"a": Block(3), "b": Block(3, 0.5)})
        self.stack = nn.ParameterList([torch.zeros(2), torch.ones(1)])
        self.head = nn.LazyLinear(2)
        self._register_load_state_dict_pre_hook(self._rename)

    @staticmethod
    def _rename(state, prefix, *_):
        for k in [k for k in state if k.startswith(prefix + "old.")]:
            state[k.replace("old.", "blocks.a.")] = state.pop(k)

    def forward(self, x):
        for block in self.blocks.values():
            x = block(x)
        return self.head(torch.cat([x, self.stack[0].expand(len(x), 2)], 1))


torch.manual_seed(1)
net = Net()
print(net)
print(
    [n for n, _ in net.named_modules()],
    [n for n, _ in net.named_modules(remove_duplicate=False)][-4:],
)
print(net.head.has_uninitialized_params(), net.head.weight)
print(net(torch.ones(2, 3)).shape, net.head)
state = net.state_dict()
print({k: (tuple(v.shape) if isinstance(v, torch.Tensor) else v) for k, v in state.items()})
print(
    state._metadata["blocks.a.lin"],
    [n for n, _ in net.named_buffers()],
    [n for n, _ in net.named_parameters(recurse=False)],
)
old = OrderedDict((k.replace("blocks.a.", "old."), v) for k, v in state.items())
del old["head.bias"]
old["surprise"] = torch.zeros(1)
print(net.load_state_dict(old, strict=False), net.blocks["a"].loaded)
try:
    net.load_state_dict({"head.weight": torch.ones(5, 5)})
except RuntimeError as error:
    print(error)
print(
    net.get_submodule("blocks.a.lin"),
    net.get_parameter("head.bias").shape,
    net.get_buffer("blocks.b.steps"),
)
for missing in ("get_submodule", "get_parameter", "get_buffer"):
    try:
        getattr(net, missing)("blocks.z")
    except AttributeError as error:
        print(error)
clone = copy.deepcopy(net)
clone.blocks["a"].lin.weight.data.zero_()
print(net.blocks["a"].lin.weight.abs().sum() > 0, clone.blocks["a"].shared is clone.blocks["a"].lin)
again = pickle.loads(pickle.dumps(net))
print(torch.equal(again(torch.ones(1, 3)), net(torch.ones(1, 3))), again.blocks.a.steps)
with torch.device("meta"):
    ghost = nn.Sequential(nn.Linear(1000, 1000), nn.BatchNorm1d(1000))
print(ghost[0].weight.device, ghost[0].weight.shape, sum(p.numel() for p in ghost.parameters()))
small = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).to("meta").to_empty(device="cpu")
for m in small:
    m.reset_parameters()
print(small[1].running_var, small[0].weight.device)
with torch.device("meta"):
    lazy = nn.Linear(2, 2)
lazy.load_state_dict({"weight": torch.eye(2), "bias": torch.zeros(2)}, assign=True)
print(lazy.weight, nn.utils.skip_init(nn.Linear, 3, 1).weight.shape)
half = copy.deepcopy(small).half()
print(
    {str(p.dtype) for p in half.parameters()},
    half[1].num_batches_tracked.dtype,
    small.double()[0].bias.dtype,
    next(small.float().parameters()).dtype,
)
seq = nn.Sequential(nn.Linear(1, 2), nn.ReLU())
seq.append(nn.Linear(2, 3)).insert(1, nn.Dropout(0.3)).extend([nn.Tanh()])


print(seq, len(seq), seq[1:3], [n for n, _ in seq.named_children()])
print(
    nn.ModuleList([nn.Linear(1, 1)] * 2) + nn.ModuleList([nn.ReLU()]),
    list(net.blocks.keys()),
    "a" in net.blocks,
)
for m in seq.modules():
    m.training = False
print(seq.training, seq.train().training, [m.training for m in seq.eval()])
net.blocks["a"].requires_grad_(False)
print([n for n, p in net.named_parameters() if p.requires_grad], net._version)
print(
    torch.nn.utils.parameters_to_vector(net.stack.parameters()),
    nn.Parameter(torch.ones(2)),
    nn.Buffer(torch.ones(1), persistent=False),
    nn.UninitializedParameter(),
)
f = io.BytesIO()
torch.save(net, f)
f.seek(0)
try:
    torch.load(f)
except pickle.UnpicklingError as error:
    print(str(error).splitlines()[0][:60])
f.seek(0)
print(type(torch.load(f, weights_only=False)).__name__)
try:
    print(net.nothing)
except AttributeError as error:
    print(error)
try:
    net.blocks["a"].lin.weight = torch.ones(3, 3)
except TypeError as error:
    print(error)
try:
    net.register_buffer("a.b", torch.ones(1))
except KeyError as error:
    print(error)
