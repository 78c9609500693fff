"""Every module class of torch.nn: how one is made, and inputs for it.

A line is `expression: inputs`.  An input is a shape of normal numbers (`2,3`), of numbers in (0, 1)
(`u2,3`), of integers below a bound (`i2,3<5`), of signs (`s2`), or an expression in braces of the
tensors before it (`{a}` is the first).  The batch is `N`, so that it can be none.
"""

import re

import numpy as np

from compare import make

LINES = """
AdaptiveAvgPool1d(2): N,3,5
AdaptiveAvgPool2d((2, None)): N,3,5,4
AdaptiveAvgPool3d(2): N,2,4,5,3
AdaptiveLogSoftmaxWithLoss(4, 8, [2, 5]): N,4 iN<8
AdaptiveMaxPool1d(2): N,3,5
AdaptiveMaxPool2d((None, 3)): N,3,5,4
AdaptiveMaxPool3d(2, return_indices=True): N,2,4,5,3
AlphaDropout(): N,4
AvgPool1d(2): N,3,5
AvgPool2d(2, 1, 1, count_include_pad=False): N,3,5,4
AvgPool3d(2): N,2,4,5,3
BCELoss(): uN,3 uN,3
BCEWithLogitsLoss(reduction='none'): N,3 uN,3
BatchNorm1d(3): N,3,4
BatchNorm2d(3): N,3,4,2
BatchNorm3d(3): N,3,2,2,2
Bilinear(3, 4, 2): N,3 N,4
CELU(): N,3
CTCLoss(): {F.log_softmax(torch.ones(6,N,4),2)} {torch.ones(N,2).long()} {torch.full((N,),6)} {torch.full((N,),2)}
ChannelShuffle(2): N,4,3,3
CircularPad1d(1): N,3,5
CircularPad2d(1): N,3,5,4
CircularPad3d(1): N,2,4,5,3
ConstantPad1d(1, 2.5): N,3,5
ConstantPad2d(1, 2.5): N,3,5,4
ConstantPad3d(1, 2.5): N,2,4,5,3
Container(a=nn.Linear(2, 2)):
Conv1d(3, 2, 3): N,3,5
Conv2d(4, 2, (3, 2), padding=1, groups=2): N,4,5,4
Conv3d(2, 3, 2, bias=False): N,2,4,5,3
ConvTranspose1d(3, 2, 3): N,3,5
ConvTranspose2d(4, 2, 3, stride=2, output_padding=1): N,4,5,4
ConvTranspose3d(2, 3, 2): N,2,4,5,3
CosineEmbeddingLoss(): N,4 N,4 sN
CosineSimilarity(): N,4 N,4
CrossEntropyLoss(): N,4 iN<4
CrossMapLRN2d(2): N,3,5,4
DataParallel(nn.Linear(3, 2)): N,3
Dropout(): N,4
Dropout1d(): N,4,2
Dropout2d(): N,4,2,2
Dropout3d(): N,4,2,2,2
ELU(): N,3
Embedding(5, 3): iN,2<5
EmbeddingBag(5, 3): iN,2<5
FeatureAlphaDropout(): N,4,2
Flatten(): N,4,2
Fold((4, 5), (2, 3)): N,12,9
FractionalMaxPool2d(2, output_size=2): N,2,5,5
FractionalMaxPool3d(2, output_size=2): N,2,4,5,5
GELU(): N,3
GLU(): N,4
GRU(3, 4, batch_first=True): N,2,3
GRUCell(3, 4): N,3
GaussianNLLLoss(): N,3 N,3 uN,3
GroupNorm(2, 4): N,4,3
Hardshrink(): N,3
Hardsigmoid(): N,3
Hardswish(): N,3
Hardtanh(): N,3
HingeEmbeddingLoss(): N,3 sN,3
HuberLoss(): N,3 N,3
Identity(1, a=2): N,3
InstanceNorm1d(3): N,3,4
InstanceNorm2d(3, affine=True): N,3,4,2
InstanceNorm3d(3): N,3,2,2,2
KLDivLoss(reduction='batchmean'): N,3 uN,3
L1Loss(): N,3 N,3
LPPool1d(2, 2): N,3,5
LPPool2d(2, 2): N,3,5,4
LPPool3d(2, 2): N,2,4,5,3
LSTM(3, 4, 2, bidirectional=True, batch_first=True): N,2,3
LSTMCell(3, 4): N,3
LayerNorm(4): N,4
LazyBatchNorm1d(): N,3,4
LazyBatchNorm2d(): N,3,4,2
LazyBatchNorm3d(): N,3,2,2,2
LazyConv1d(2, 3): N,3,5
LazyConv2d(2, 3): N,3,5,4
LazyConv3d(2, 2): N,2,4,5,3
LazyConvTranspose1d(2, 3): N,3,5
LazyConvTranspose2d(2, 3): N,3,5,4
LazyConvTranspose3d(2, 2): N,2,4,5,3
LazyInstanceNorm1d(affine=True): N,3,4
LazyInstanceNorm2d(affine=True): N,3,4,2
LazyInstanceNorm3d(affine=True): N,3,2,2,2
LazyLinear(3): N,4
LeakyReLU(): N,3
Linear(4, 3): N,4
LinearCrossEntropyLoss(4, 3): N,4 iN<3
LocalResponseNorm(2): N,3,5
LogSigmoid(): N,3
LogSoftmax(1): N,3
MSELoss(): N,3 N,3
MarginRankingLoss(): N,3 N,3 sN,3
MaxPool1d(2): N,3,5
MaxPool2d(2, 1, 1): N,3,5,4
MaxPool3d(2, return_indices=True): N,2,4,5,3
MaxUnpool1d(2): N,3,2 {torch.arange(0,4,2).expand(N,3,2)}
MaxUnpool2d(2): N,3,2,1 {torch.arange(0,4,2).reshape(2,1).expand(N,3,2,1)}
MaxUnpool3d(2): N,3,2,1,1 {torch.arange(0,8,4).reshape(2,1,1).expand(N,3,2,1,1)}
Mish(): N,3
Module():
ModuleDict({'a': nn.Linear(2, 1), 'b': nn.ReLU()}):
ModuleList([nn.Linear(2, 1), nn.ReLU()]):
MultiLabelMarginLoss(): N,3 iN,3<3
MultiLabelSoftMarginLoss(): N,3 uN,3
MultiMarginLoss(): N,3 iN<3
MultiheadAttention(4, 2, batch_first=True): N,3,4 {a} {a}
NLLLoss(): N,4 iN<4
NLLLoss2d(): N,4,2,2 iN,2,2<4
PReLU(): N,3
PairwiseDistance(): N,4 N,4
ParameterDict({'a': torch.zeros(2), 'b': nn.Parameter(torch.ones(1))}):
ParameterList([torch.zeros(2), nn.Parameter(torch.ones(1))]):
PixelShuffle(2): N,4,3,2
PixelUnshuffle(2): N,3,4,2
PoissonNLLLoss(): N,3 uN,3
RMSNorm(4): N,4
RNN(3, 4, batch_first=True): N,2,3
RNNBase('GRU', 3, 4):
RNNCell(3, 4): N,3
RNNCellBase(3, 4, True, 2):
RReLU(): N,3
ReLU(): N,3
ReLU6(): N,3
ReflectionPad1d(1): N,3,5
ReflectionPad2d(1): N,3,5,4
ReflectionPad3d(1): N,2,4,5,3
ReplicationPad1d(1): N,3,5
ReplicationPad2d(1): N,3,5,4
ReplicationPad3d(1): N,2,4,5,3
SELU(): N,3
Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True), nn.Linear(4, 1)): N,3
SiLU(): N,3
Sigmoid(): N,3
SmoothL1Loss(): N,3 N,3
SoftMarginLoss(): N,3 sN,3
Softmax(-1): N,3
Softmax2d(): N,3,2,2
Softmin(1): N,3
Softplus(): N,3
Softshrink(): N,3
Softsign(): N,3
SyncBatchNorm(3):
Tanh(): N,3
Tanhshrink(): N,3
Threshold(0.1, 20): N,3
Transformer(4, 2, 1, 1, 8, batch_first=True): N,3,4 N,2,4
TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 8, batch_first=True), 2): N,3,4 N,2,4
TransformerDecoderLayer(4, 2, 8, batch_first=True): N,3,4 N,2,4
TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 2): N,3,4
TransformerEncoderLayer(4, 2, 8, batch_first=True, norm_first=True): N,3,4
TripletMarginLoss(): N,4 N,4 N,4
TripletMarginWithDistanceLoss(): N,4 N,4 N,4
Unflatten(1, (2, 2)): N,4,3
Unfold(2): N,3,5,4
Upsample(scale_factor=2, mode='bilinear'): N,3,2,3
UpsamplingBilinear2d(scale_factor=2): N,3,2,3
UpsamplingNearest2d((4, 5)): N,3,2,3
ZeroPad1d(1): N,3,5
ZeroPad2d(1): N,3,5,4
ZeroPad3d(1): N,2,4,5,3
"""
CASES = dict(
    line.rpartition("): ")[::2] for line in LINES.replace("):\n", "): \n").split("\n")[1:-1]
)
CASES = {f"{expression})": inputs for expression, inputs in CASES.items()}
RUNNABLE = [expression for expression, inputs in CASES.items() if inputs]


def name_of(expression):
    return expression.partition("(")[0]


def make_module(module, expression):
    """The module of a line, with the same numbers each time."""
    module.manual_seed(0)
    return eval(f"nn.{expression}", {"nn": module.nn, "torch": module})


def inputs_of(module, expression, batch=2, seed=0, dtype="float32"):
    """The inputs of a line, floats of one dtype, as a list."""
    generator = np.random.default_rng(seed)
    kind, made = getattr(module, dtype), []
    names = {"torch": module, "F": module.nn.functional, "N": batch}
    for text in re.findall(r"\{.*?\}(?= |$)|\S+", CASES[expression]):
        if text[0] == "{":
            tensor = eval(text[1:-1], {**names, **dict(zip("abc", made, strict=False))})
            made.append(tensor.to(kind) if tensor.is_floating_point() else tensor)
            continue
        how, sizes, bound = re.fullmatch(r"([ius]?)([\dN,]+)(?:<(\d+))?", text).groups()
        shape = [batch if size == "N" else int(size) for size in sizes.split(",")]
        if how == "i":
            made.append(make(module, generator.integers(0, int(bound), shape), "int64"))
            continue
        numbers = {
            "": lambda: generator.normal(size=shape),
            "u": lambda: generator.uniform(0.05, 0.95, shape),
            "s": lambda: generator.choice([-1.0, 1.0], shape),
        }[how]()
        made.append(make(module, np.asarray(numbers), dtype))
    return made
