"""torch.nn.modules. Written by scripts/write_stubs from the table of operations."""

from jtorch.nn.modules import _class_losses as _class_losses
from jtorch.nn.modules import _containing as _containing
from jtorch.nn.modules import _conversions as _conversions
from jtorch.nn.modules import _convolutions as _convolutions
from jtorch.nn.modules import _cross_map as _cross_map
from jtorch.nn.modules import _element_losses as _element_losses
from jtorch.nn.modules import _hooks as _hooks
from jtorch.nn.modules import _loss_bases as _loss_bases
from jtorch.nn.modules import _margin_losses as _margin_losses
from jtorch.nn.modules import _multihead as _multihead
from jtorch.nn.modules import _parameter_containers as _parameter_containers
from jtorch.nn.modules import _recurrent_cells as _recurrent_cells
from jtorch.nn.modules import _share_losses as _share_losses
from jtorch.nn.modules import _softmax as _softmax
from jtorch.nn.modules import _states as _states
from jtorch.nn.modules import _transformer_layers as _transformer_layers
from jtorch.nn.modules import _walks as _walks
from jtorch.nn.modules import activation as activation
from jtorch.nn.modules import adaptive as adaptive
from jtorch.nn.modules import batchnorm as batchnorm
from jtorch.nn.modules import channelshuffle as channelshuffle
from jtorch.nn.modules import container as container
from jtorch.nn.modules import conv as conv
from jtorch.nn.modules import distance as distance
from jtorch.nn.modules import dropout as dropout
from jtorch.nn.modules import flatten as flatten
from jtorch.nn.modules import fold as fold
from jtorch.nn.modules import instancenorm as instancenorm
from jtorch.nn.modules import lazy as lazy
from jtorch.nn.modules import linear as linear
from jtorch.nn.modules import linear_cross_entropy_options as linear_cross_entropy_options
from jtorch.nn.modules import loss as loss
from jtorch.nn.modules import module as module
from jtorch.nn.modules import normalization as normalization
from jtorch.nn.modules import padding as padding
from jtorch.nn.modules import pixelshuffle as pixelshuffle
from jtorch.nn.modules import pooling as pooling
from jtorch.nn.modules import rnn as rnn
from jtorch.nn.modules import sparse as sparse
from jtorch.nn.modules import transformer as transformer
from jtorch.nn.modules import upsampling as upsampling
from jtorch.nn.modules import utils as utils
from jtorch.nn.modules.pooling import AdaptiveAvgPool1d as AdaptiveAvgPool1d
from jtorch.nn.modules.pooling import AdaptiveAvgPool2d as AdaptiveAvgPool2d
from jtorch.nn.modules.pooling import AdaptiveAvgPool3d as AdaptiveAvgPool3d
from jtorch.nn.modules.adaptive import AdaptiveLogSoftmaxWithLoss as AdaptiveLogSoftmaxWithLoss
from jtorch.nn.modules.pooling import AdaptiveMaxPool1d as AdaptiveMaxPool1d
from jtorch.nn.modules.pooling import AdaptiveMaxPool2d as AdaptiveMaxPool2d
from jtorch.nn.modules.pooling import AdaptiveMaxPool3d as AdaptiveMaxPool3d
from jtorch.nn.modules.dropout import AlphaDropout as AlphaDropout
from jtorch.nn.modules.pooling import AvgPool1d as AvgPool1d
from jtorch.nn.modules.pooling import AvgPool2d as AvgPool2d
from jtorch.nn.modules.pooling import AvgPool3d as AvgPool3d
from jtorch.nn.modules.loss import BCELoss as BCELoss
from jtorch.nn.modules.loss import BCEWithLogitsLoss as BCEWithLogitsLoss
from jtorch.nn.modules.batchnorm import BatchNorm1d as BatchNorm1d
from jtorch.nn.modules.batchnorm import BatchNorm2d as BatchNorm2d
from jtorch.nn.modules.batchnorm import BatchNorm3d as BatchNorm3d
from jtorch.nn.modules.linear import Bilinear as Bilinear
from jtorch.nn.modules.activation import CELU as CELU
from jtorch.nn.modules.loss import CTCLoss as CTCLoss
from jtorch.nn.modules.channelshuffle import ChannelShuffle as ChannelShuffle
from jtorch.nn.modules.padding import CircularPad1d as CircularPad1d
from jtorch.nn.modules.padding import CircularPad2d as CircularPad2d
from jtorch.nn.modules.padding import CircularPad3d as CircularPad3d
from jtorch.nn.modules.padding import ConstantPad1d as ConstantPad1d
from jtorch.nn.modules.padding import ConstantPad2d as ConstantPad2d
from jtorch.nn.modules.padding import ConstantPad3d as ConstantPad3d
from jtorch.nn.modules.container import Container as Container
from jtorch.nn.modules.conv import Conv1d as Conv1d
from jtorch.nn.modules.conv import Conv2d as Conv2d
from jtorch.nn.modules.conv import Conv3d as Conv3d
from jtorch.nn.modules.conv import ConvTranspose1d as ConvTranspose1d
from jtorch.nn.modules.conv import ConvTranspose2d as ConvTranspose2d
from jtorch.nn.modules.conv import ConvTranspose3d as ConvTranspose3d
from jtorch.nn.modules.loss import CosineEmbeddingLoss as CosineEmbeddingLoss
from jtorch.nn.modules.distance import CosineSimilarity as CosineSimilarity
from jtorch.nn.modules.loss import CrossEntropyLoss as CrossEntropyLoss
from jtorch.nn.modules.normalization import CrossMapLRN2d as CrossMapLRN2d
from jtorch.nn.modules.dropout import Dropout as Dropout
from jtorch.nn.modules.dropout import Dropout1d as Dropout1d
from jtorch.nn.modules.dropout import Dropout2d as Dropout2d
from jtorch.nn.modules.dropout import Dropout3d as Dropout3d
from jtorch.nn.modules.activation import ELU as ELU
from jtorch.nn.modules.sparse import Embedding as Embedding
from jtorch.nn.modules.sparse import EmbeddingBag as EmbeddingBag
from jtorch.nn.modules.dropout import FeatureAlphaDropout as FeatureAlphaDropout
from jtorch.nn.modules.flatten import Flatten as Flatten
from jtorch.nn.modules.fold import Fold as Fold
from jtorch.nn.modules.pooling import FractionalMaxPool2d as FractionalMaxPool2d
from jtorch.nn.modules.pooling import FractionalMaxPool3d as FractionalMaxPool3d
from jtorch.nn.modules.activation import GELU as GELU
from jtorch.nn.modules.activation import GLU as GLU
from jtorch.nn.modules.rnn import GRU as GRU
from jtorch.nn.modules.rnn import GRUCell as GRUCell
from jtorch.nn.modules.loss import GaussianNLLLoss as GaussianNLLLoss
from jtorch.nn.modules.normalization import GroupNorm as GroupNorm
from jtorch.nn.modules.activation import Hardshrink as Hardshrink
from jtorch.nn.modules.activation import Hardsigmoid as Hardsigmoid
from jtorch.nn.modules.activation import Hardswish as Hardswish
from jtorch.nn.modules.activation import Hardtanh as Hardtanh
from jtorch.nn.modules.loss import HingeEmbeddingLoss as HingeEmbeddingLoss
from jtorch.nn.modules.loss import HuberLoss as HuberLoss
from jtorch.nn.modules.linear import Identity as Identity
from jtorch.nn.modules.instancenorm import InstanceNorm1d as InstanceNorm1d
from jtorch.nn.modules.instancenorm import InstanceNorm2d as InstanceNorm2d
from jtorch.nn.modules.instancenorm import InstanceNorm3d as InstanceNorm3d
from jtorch.nn.modules.loss import KLDivLoss as KLDivLoss
from jtorch.nn.modules.loss import L1Loss as L1Loss
from jtorch.nn.modules.pooling import LPPool1d as LPPool1d
from jtorch.nn.modules.pooling import LPPool2d as LPPool2d
from jtorch.nn.modules.pooling import LPPool3d as LPPool3d
from jtorch.nn.modules.rnn import LSTM as LSTM
from jtorch.nn.modules.rnn import LSTMCell as LSTMCell
from jtorch.nn.modules.normalization import LayerNorm as LayerNorm
from jtorch.nn.modules.batchnorm import LazyBatchNorm1d as LazyBatchNorm1d
from jtorch.nn.modules.batchnorm import LazyBatchNorm2d as LazyBatchNorm2d
from jtorch.nn.modules.batchnorm import LazyBatchNorm3d as LazyBatchNorm3d
from jtorch.nn.modules.conv import LazyConv1d as LazyConv1d
from jtorch.nn.modules.conv import LazyConv2d as LazyConv2d
from jtorch.nn.modules.conv import LazyConv3d as LazyConv3d
from jtorch.nn.modules.conv import LazyConvTranspose1d as LazyConvTranspose1d
from jtorch.nn.modules.conv import LazyConvTranspose2d as LazyConvTranspose2d
from jtorch.nn.modules.conv import LazyConvTranspose3d as LazyConvTranspose3d
from jtorch.nn.modules.instancenorm import LazyInstanceNorm1d as LazyInstanceNorm1d
from jtorch.nn.modules.instancenorm import LazyInstanceNorm2d as LazyInstanceNorm2d
from jtorch.nn.modules.instancenorm import LazyInstanceNorm3d as LazyInstanceNorm3d
from jtorch.nn.modules.linear import LazyLinear as LazyLinear
from jtorch.nn.modules.activation import LeakyReLU as LeakyReLU
from jtorch.nn.modules.linear import Linear as Linear
from jtorch.nn.modules.loss import LinearCrossEntropyLoss as LinearCrossEntropyLoss
from jtorch.nn.modules.linear_cross_entropy_options import (
    LinearCrossEntropyOptions as LinearCrossEntropyOptions,
)
from jtorch.nn.modules.normalization import LocalResponseNorm as LocalResponseNorm
from jtorch.nn.modules.activation import LogSigmoid as LogSigmoid
from jtorch.nn.modules.activation import LogSoftmax as LogSoftmax
from jtorch.nn.modules.loss import MSELoss as MSELoss
from jtorch.nn.modules.loss import MarginRankingLoss as MarginRankingLoss
from jtorch.nn.modules.pooling import MaxPool1d as MaxPool1d
from jtorch.nn.modules.pooling import MaxPool2d as MaxPool2d
from jtorch.nn.modules.pooling import MaxPool3d as MaxPool3d
from jtorch.nn.modules.pooling import MaxUnpool1d as MaxUnpool1d
from jtorch.nn.modules.pooling import MaxUnpool2d as MaxUnpool2d
from jtorch.nn.modules.pooling import MaxUnpool3d as MaxUnpool3d
from jtorch.nn.modules.activation import Mish as Mish
from jtorch.nn.modules.module import Module as Module
from jtorch.nn.modules.container import ModuleDict as ModuleDict
from jtorch.nn.modules.container import ModuleList as ModuleList
from jtorch.nn.modules.loss import MultiLabelMarginLoss as MultiLabelMarginLoss
from jtorch.nn.modules.loss import MultiLabelSoftMarginLoss as MultiLabelSoftMarginLoss
from jtorch.nn.modules.loss import MultiMarginLoss as MultiMarginLoss
from jtorch.nn.modules.activation import MultiheadAttention as MultiheadAttention
from jtorch.nn.modules.loss import NLLLoss as NLLLoss
from jtorch.nn.modules.loss import NLLLoss2d as NLLLoss2d
from jtorch.nn.modules.activation import PReLU as PReLU
from jtorch.nn.modules.distance import PairwiseDistance as PairwiseDistance
from jtorch.nn.modules.container import ParameterDict as ParameterDict
from jtorch.nn.modules.container import ParameterList as ParameterList
from jtorch.nn.modules.pixelshuffle import PixelShuffle as PixelShuffle
from jtorch.nn.modules.pixelshuffle import PixelUnshuffle as PixelUnshuffle
from jtorch.nn.modules.loss import PoissonNLLLoss as PoissonNLLLoss
from jtorch.nn.modules.normalization import RMSNorm as RMSNorm
from jtorch.nn.modules.rnn import RNN as RNN
from jtorch.nn.modules.rnn import RNNBase as RNNBase
from jtorch.nn.modules.rnn import RNNCell as RNNCell
from jtorch.nn.modules.rnn import RNNCellBase as RNNCellBase
from jtorch.nn.modules.activation import RReLU as RReLU
from jtorch.nn.modules.activation import ReLU as ReLU
from jtorch.nn.modules.activation import ReLU6 as ReLU6
from jtorch.nn.modules.padding import ReflectionPad1d as ReflectionPad1d
from jtorch.nn.modules.padding import ReflectionPad2d as ReflectionPad2d
from jtorch.nn.modules.padding import ReflectionPad3d as ReflectionPad3d
from jtorch.nn.modules.padding import ReplicationPad1d as ReplicationPad1d
from jtorch.nn.modules.padding import ReplicationPad2d as ReplicationPad2d
from jtorch.nn.modules.padding import ReplicationPad3d as ReplicationPad3d
from jtorch.nn.modules.activation import SELU as SELU
from jtorch.nn.modules.container import Sequential as Sequential
from jtorch.nn.modules.activation import SiLU as SiLU
from jtorch.nn.modules.activation import Sigmoid as Sigmoid
from jtorch.nn.modules.loss import SmoothL1Loss as SmoothL1Loss
from jtorch.nn.modules.loss import SoftMarginLoss as SoftMarginLoss
from jtorch.nn.modules.activation import Softmax as Softmax
from jtorch.nn.modules.activation import Softmax2d as Softmax2d
from jtorch.nn.modules.activation import Softmin as Softmin
from jtorch.nn.modules.activation import Softplus as Softplus
from jtorch.nn.modules.activation import Softshrink as Softshrink
from jtorch.nn.modules.activation import Softsign as Softsign
from jtorch.nn.modules.batchnorm import SyncBatchNorm as SyncBatchNorm
from jtorch.nn.modules.activation import Tanh as Tanh
from jtorch.nn.modules.activation import Tanhshrink as Tanhshrink
from jtorch.nn.modules.activation import Threshold as Threshold
from jtorch.nn.modules.transformer import Transformer as Transformer
from jtorch.nn.modules.transformer import TransformerDecoder as TransformerDecoder
from jtorch.nn.modules.transformer import TransformerDecoderLayer as TransformerDecoderLayer
from jtorch.nn.modules.transformer import TransformerEncoder as TransformerEncoder
from jtorch.nn.modules.transformer import TransformerEncoderLayer as TransformerEncoderLayer
from jtorch.nn.modules.loss import TripletMarginLoss as TripletMarginLoss
from jtorch.nn.modules.loss import TripletMarginWithDistanceLoss as TripletMarginWithDistanceLoss
from jtorch.nn.modules.flatten import Unflatten as Unflatten
from jtorch.nn.modules.fold import Unfold as Unfold
from jtorch.nn.modules.upsampling import Upsample as Upsample
from jtorch.nn.modules.upsampling import UpsamplingBilinear2d as UpsamplingBilinear2d
from jtorch.nn.modules.upsampling import UpsamplingNearest2d as UpsamplingNearest2d
from jtorch.nn.modules.padding import ZeroPad1d as ZeroPad1d
from jtorch.nn.modules.padding import ZeroPad2d as ZeroPad2d
from jtorch.nn.modules.padding import ZeroPad3d as ZeroPad3d

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveLogSoftmaxWithLoss",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
    "AlphaDropout",
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "BatchNorm3d",
    "Bilinear",
    "CELU",
    "CTCLoss",
    "ChannelShuffle",
    "CircularPad1d",
    "CircularPad2d",
    "CircularPad3d",
    "ConstantPad1d",
    "ConstantPad2d",
    "ConstantPad3d",
    "Container",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "CosineEmbeddingLoss",
    "CosineSimilarity",
    "CrossEntropyLoss",
    "CrossMapLRN2d",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Dropout3d",
    "ELU",
    "Embedding",
    "EmbeddingBag",
    "FeatureAlphaDropout",
    "Flatten",
    "Fold",
    "FractionalMaxPool2d",
    "FractionalMaxPool3d",
    "GELU",
    "GLU",
    "GRU",
    "GRUCell",
    "GaussianNLLLoss",
    "GroupNorm",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "HingeEmbeddingLoss",
    "HuberLoss",
    "Identity",
    "InstanceNorm1d",
    "InstanceNorm2d",
    "InstanceNorm3d",
    "KLDivLoss",
    "L1Loss",
    "LPPool1d",
    "LPPool2d",
    "LPPool3d",
    "LSTM",
    "LSTMCell",
    "LayerNorm",
    "LazyBatchNorm1d",
    "LazyBatchNorm2d",
    "LazyBatchNorm3d",
    "LazyConv1d",
    "LazyConv2d",
    "LazyConv3d",
    "LazyConvTranspose1d",
    "LazyConvTranspose2d",
    "LazyConvTranspose3d",
    "LazyInstanceNorm1d",
    "LazyInstanceNorm2d",
    "LazyInstanceNorm3d",
    "LazyLinear",
    "LeakyReLU",
    "Linear",
    "LinearCrossEntropyLoss",
    "LinearCrossEntropyOptions",
    "LocalResponseNorm",
    "LogSigmoid",
    "LogSoftmax",
    "MSELoss",
    "MarginRankingLoss",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "MaxUnpool1d",
    "MaxUnpool2d",
    "MaxUnpool3d",
    "Mish",
    "Module",
    "ModuleDict",
    "ModuleList",
    "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss",
    "MultiMarginLoss",
    "MultiheadAttention",
    "NLLLoss",
    "NLLLoss2d",
    "PReLU",
    "PairwiseDistance",
    "ParameterDict",
    "ParameterList",
    "PixelShuffle",
    "PixelUnshuffle",
    "PoissonNLLLoss",
    "RMSNorm",
    "RNN",
    "RNNBase",
    "RNNCell",
    "RNNCellBase",
    "RReLU",
    "ReLU",
    "ReLU6",
    "ReflectionPad1d",
    "ReflectionPad2d",
    "ReflectionPad3d",
    "ReplicationPad1d",
    "ReplicationPad2d",
    "ReplicationPad3d",
    "SELU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SmoothL1Loss",
    "SoftMarginLoss",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "SyncBatchNorm",
    "Tanh",
    "Tanhshrink",
    "Threshold",
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
    "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
    "Unflatten",
    "Unfold",
    "Upsample",
    "UpsamplingBilinear2d",
    "UpsamplingNearest2d",
    "ZeroPad1d",
    "ZeroPad2d",
    "ZeroPad3d",
]
