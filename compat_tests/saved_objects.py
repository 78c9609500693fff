"""Objects that programs save: each is made by a function of a module, jtorch or torch.

WEIGHTS are those that `weights_only=True` reads; ANY holds names of classes besides.
"""

from collections import Counter, OrderedDict, namedtuple

from compare import ALL_TYPES

FLOAT8 = ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu")
Pair = namedtuple("Pair", ("first", "second"))


def all_dtypes(m):
    return {name: m.arange(6).reshape(2, 3).to(getattr(m, name)) for name in ALL_TYPES}


def float8(m):
    return {name: m.arange(4).to(m.float32).to(getattr(m, name)) for name in FLOAT8}


def views(m):
    x = m.arange(24.0)
    y = x.reshape(4, 6)
    return [x, x[3:9], y.t(), y[1:3, ::2], y[2], x[5], y.as_strided((2, 2), (7, 1), 3), x[:0]]


def shared_twice(m):
    x = m.arange(3)
    return {"a": x, "b": x, "c": x.view(3, 1), "again": [x]}


def two_storages(m):
    return m.ones(2), m.zeros(3, dtype=m.int16), m.ones(2)


def attributes(m):
    x = m.ones(2)
    x.label, x.extra = "ones", [m.zeros(1), {"k": 2}]
    return x


def parameter_attributes(m):
    x = m.nn.Parameter(m.ones(2))
    x.partition, x.kind = 3, "column"
    return x


def nested(m):
    return {
        "epoch": 3,
        "model": OrderedDict(w=m.arange(4.0).reshape(2, 2), b=m.zeros(2)),
        "history": [{"loss": 0.5, "at": (1, 2)}, {"loss": float("inf"), "at": (3,)}],
        "flags": (True, False, None),
    }


def plain(m):
    numbers = [0, 1, -1, 255, 256, 65535, 65536, -70000, 2**31, 2**40, -(2**70), 1.5, -0.0, 1e300]
    return {
        "numbers": numbers, "text": ["", "ä", "\n", "a" * 300, "\ud800"], "bytes": [b"x", b"\x00\xff"],
        "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)], "set": {1}, "complex": 1 - 2j,
        "counter": Counter("aab"), "array": bytearray(b"xyz"), "empty": [[], {}, OrderedDict()],
        3: "key", (1, "k"): "key", None: "key",
    }  # fmt: skip


def repeated_containers(m):
    inner = [1, 2]
    return [inner, inner, {"x": inner}]


def torch_values(m):
    return [
        m.Size([2, 3]), m.Size(()), m.device("cpu"), m.device("cuda:1"), m.float32, m.bfloat16,
        m.bool, m.uint16, m.strided, m.sparse_coo,
    ]  # fmt: skip


def conjugates(m):
    x = m.tensor([1 + 2j, 3 - 1j])
    return [x.conj(), x, m.tensor([1 + 2j, 4j]).conj()[1:]]


def model_state(m):
    m.manual_seed(3)
    return m.nn.Sequential(
        m.nn.Linear(3, 4), m.nn.ReLU(), m.nn.Sequential(m.nn.Linear(4, 2, bias=False))
    ).state_dict()


def checkpoint(m):
    m.manual_seed(4)
    model = m.nn.Linear(2, 2)
    moments = {0: {"step": m.tensor(3.0), "exp_avg": m.zeros(2, 2)}}
    return {
        "state_dict": model.state_dict(),
        "optimizer": {"state": moments, "param_groups": [{"lr": 0.1, "params": [0, 1]}]},
        "rng": m.get_rng_state(),
        "best": m.tensor(0.25, dtype=m.float64),
    }


WEIGHTS = {
    "one number": lambda m: 5,
    "nothing": lambda m: None,
    "text": lambda m: "some text",
    "tensor": lambda m: m.arange(6.0).reshape(2, 3),
    "scalar": lambda m: m.tensor(2.5),
    "empty": lambda m: m.zeros(0),
    "empty with dims": lambda m: m.zeros(2, 0, 3),
    "transposed": lambda m: m.arange(6.0).reshape(2, 3).t(),
    "expanded": lambda m: m.ones(1).expand(3),
    "channels last": lambda m: m.arange(24.0).reshape(1, 2, 3, 4).to(memory_format=m.channels_last),
    "big": lambda m: m.arange(5000),
    "leaf": lambda m: m.ones(2, requires_grad=True),
    "of a graph": lambda m: m.ones(2, requires_grad=True) * 2,
    "parameter": lambda m: m.nn.Parameter(m.arange(3.0)),
    "frozen parameter": lambda m: m.nn.Parameter(m.arange(3.0), requires_grad=False),
    "integer parameter": lambda m: m.nn.Parameter(m.arange(3), requires_grad=False),
    "buffer": lambda m: m.nn.Buffer(m.ones(2)),
    "from integers' bits": lambda m: m.arange(4, dtype=m.int32).view(m.float32),
    "bools of other bytes": lambda m: m.tensor([0, 1, 2], dtype=m.uint8).view(m.bool),
    "dtypes": all_dtypes,
    "float8": float8,
    "views": views,
    "shared": shared_twice,
    "two storages": two_storages,
    "attributes": attributes,
    "parameter with attributes": parameter_attributes,
    "nested": nested,
    "plain": plain,
    "repeated": repeated_containers,
    "torch values": torch_values,
    "conjugates": conjugates,
    "model state": model_state,
    "checkpoint": checkpoint,
    "many": lambda m: [m.full((2,), k) for k in range(300)],
}  # fmt: skip


def _linear(m):
    m.manual_seed(1)
    return m.nn.Linear(3, 2)


def _sequential(m):
    m.manual_seed(2)
    return m.nn.Sequential(
        OrderedDict(first=m.nn.Linear(3, 4), act=m.nn.GELU(), last=m.nn.Softmax(dim=1))
    )


def _containers(m):
    m.manual_seed(5)
    made = m.nn.Module()
    made.parts = m.nn.ModuleList([m.nn.Linear(1, 1), m.nn.Identity()])
    made.named = m.nn.ModuleDict({"a": m.nn.Bilinear(1, 2, 3), "b": m.nn.ReLU(inplace=True)})
    made.weights = m.nn.ParameterList([m.ones(2), m.zeros(1)])
    made.by_name = m.nn.ParameterDict({"w": m.ones(1)})
    made.register_buffer("running", m.zeros(2))
    made.register_buffer("unsaved", m.ones(1), persistent=False)
    return made.eval()


def _tied(m):
    m.manual_seed(6)
    made = m.nn.Sequential(m.nn.Linear(2, 2), m.nn.Linear(2, 2))
    made[1].weight = made[0].weight
    return made


def _convolutions(m):
    m.manual_seed(7)
    return m.nn.Sequential(
        m.nn.Conv2d(2, 3, 2), m.nn.BatchNorm2d(3), m.nn.MaxPool2d(2), m.nn.Flatten(),
        m.nn.Dropout(0.2), m.nn.ConvTranspose1d(1, 1, 1), m.nn.Upsample(scale_factor=2),
        m.nn.PixelShuffle(2), m.nn.ZeroPad2d(1), m.nn.AdaptiveAvgPool2d(1),
    )  # fmt: skip


def _lstm(m):
    m.manual_seed(8)
    return m.nn.LSTM(2, 3, num_layers=2, bidirectional=True)


def _transformer(m):
    m.manual_seed(9)
    return m.nn.TransformerEncoder(m.nn.TransformerEncoderLayer(4, 2, 8, activation="gelu"), 2)


def _norms(m):
    m.manual_seed(10)
    return m.nn.Sequential(
        m.nn.Embedding(4, 2, padding_idx=0),
        m.nn.LayerNorm(2),
        m.nn.GroupNorm(1, 2),
        m.nn.RMSNorm(2),
    )


def _weight_norm(m):
    m.manual_seed(11)
    return m.nn.utils.weight_norm(m.nn.Linear(2, 2))


MODULES = {
    "linear": _linear,
    "sequential": _sequential,
    "containers": _containers,
    "tied": _tied,
    "activations": lambda m: m.nn.Sequential(
        m.nn.PReLU(), m.nn.Threshold(0.1, 2.0), m.nn.LogSoftmax(0), m.nn.Softplus(), m.nn.Tanh()
    ),
    "lazy": lambda m: m.nn.LazyLinear(3),
    "convolutions": _convolutions,
    "lstm": _lstm,
    "transformer": _transformer,
    "norms": _norms,
    "losses": lambda m: m.nn.ModuleList(
        [m.nn.CrossEntropyLoss(weight=m.ones(2)), m.nn.MSELoss(), m.nn.TripletMarginLoss()]
    ),
    "weight norm": _weight_norm,
}
OTHERS = {
    "functions": lambda m: [m.nn.functional.relu, m.nn.functional.gelu, m.relu, m.nn.functional.softmax],
    "classes": lambda m: [m.nn.Linear, m.nn.ReLU, m.Tensor, m.nn.Parameter, m.nn.Softmax, m.Size],
    "named tuple": lambda m: Pair(m.ones(2), [1]),
    "return type": lambda m: m.arange(6.0).reshape(2, 3).max(0),
    "range": lambda m: [range(3), slice(1, 2), frozenset([1])],
    "methods": lambda m: [m.Tensor.add, m.sigmoid],
}  # fmt: skip
