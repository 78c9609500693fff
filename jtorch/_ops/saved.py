"""What torch's nodes save, by their names: facts of torch 2.13, which say nothing of how ours work.

Each name has the words after `_saved_` of the node's attributes, and what they are:
    dim             a plain value
    self*           a tensor argument
    self*other      a tensor argument that is saved where the gradient of another one is wanted
    indices=1       a result, by its place
    LU=inner        a result that torch's own function has and users do not get
Whoever reads a saved tensor that was changed since, or that was freed, is told so (`recall.py`).
"""

import functools


class Saves:
    """What a node of one name saves: names of plain values, of tensor arguments, of results."""

    __slots__ = ("arguments", "results", "values")

    def __init__(self, text):
        self.values = []
        self.arguments = {}  # name -> the argument whose gradient must be wanted, or ""
        self.results = {}  # name -> place, or None
        for word in text.split():
            name, star, condition = word.partition("*")
            name, equals, place = name.partition("=")
            if star:
                self.arguments[name] = condition
            elif equals:
                self.results[name] = None if place == "inner" else int(place)
            else:
                self.values.append(name)

    @property
    def names(self):
        """All names, in torch's order."""
        return sorted([*self.values, *self.arguments, *self.results])


@functools.cache
def saves_of(name):
    """What the node of this name saves in torch; None where torch has no such node."""
    text = "" if name in SAVES_NOTHING else SAVES.get(name)
    return None if text is None else Saves(text)


SAVES = {
    "AbsBackward0": "self*",
    "AcosBackward0": "self*",
    "AcoshBackward0": "self*",
    "AdaptiveAvgPool2DBackward0": "self*",
    "AdaptiveAvgPool3DBackward0": "self*",
    "AdaptiveMaxPool2DBackward0": "result1=1 self*",
    "AdaptiveMaxPool3DBackward0": "result1=1 self*",
    "AddBackward0": "alpha",
    "AddbmmBackward0": (
        "alpha batch1*batch2 batch1_sym_argsize_0 batch1_sym_argsize_1 batch2*batch1 "
        "batch2_sym_argsize_2 beta"
    ),
    "AddcdivBackward0": "tensor1*tensor2 tensor2* value",
    "AddcmulBackward0": "tensor1*tensor2 tensor2*tensor1 value",
    "AddmmBackward0": (
        "alpha beta mat1*mat2 mat1_sym_sizes mat1_sym_strides mat2*mat1 mat2_sym_sizes "
        "mat2_sym_strides"
    ),
    "AddmvBackward0": "alpha beta mat*vec vec*mat",
    "AddrBackward0": "alpha beta vec1*vec2 vec2*vec1",
    "AffineGridGeneratorBackward0": "align_corners size",
    "AmaxBackward0": "dim keepdim result=0 self*",
    "AminBackward0": "dim keepdim result=0 self*",
    "AminmaxBackward0": "dim keepdim max=1 min=0 self*",
    "AngleBackward0": "self*",
    "AsStridedBackward0": "size storage_offset stride",
    "AsStridedBackward1": "size storage_offset stride",
    "AsStridedScatterBackward0": "size storage_offset stride",
    "AsinBackward0": "self*",
    "AsinhBackward0": "self*",
    "Atan2Backward0": "other* self*",
    "AtanBackward0": "self*",
    "AtanhBackward0": "self*",
    "AvgPool2DBackward0": (
        "ceil_mode count_include_pad divisor_override kernel_size padding self* stride"
    ),
    "AvgPool3DBackward0": (
        "ceil_mode count_include_pad divisor_override kernel_size padding self* stride"
    ),
    "BaddbmmBackward0": "alpha batch1*batch2 batch2*batch1 beta",
    "BinaryCrossEntropyBackward0": "reduction self* target* weight*",
    "BinaryCrossEntropyWithLogitsBackward0": "pos_weight* reduction self* target* weight*",
    "BmmBackward0": "mat2*self self*mat2",
    "CatBackward0": "dim",
    "CdistBackward0": "p result=0 x1* x2*",
    "CeluBackward0": "alpha self*",
    "CeluBackward1": "alpha result=0",
    "ChannelShuffleBackward0": "groups",
    "CholeskyBackward0": "result=0 upper",
    "CholeskyInverseBackward0": "result=0 self* upper",
    "CholeskySolveBackward0": "input2* result=0 self* upper",
    "ClampBackward0": "max* min* self*",
    "ClampBackward1": "max min self*",
    "ClampMaxBackward0": "max self*",
    "ClampMaxBackward1": "max* self*",
    "ClampMinBackward0": "min self*",
    "ClampMinBackward1": "min* self*",
    "Col2ImBackward0": "dilation kernel_size padding stride",
    "ComplexBackward0": "imag*imag real*real",
    "ConstantPadNdBackward0": "pad",
    "ConvolutionBackward0": (
        "bias_sym_sizes_opt dilation groups input* output_padding padding stride transposed "
        "weight*"
    ),
    "CopysignBackward0": "result=0 self*self",
    "CopysignBackward1": "result=0 self*",
    "CosBackward0": "self*",
    "CoshBackward0": "self*",
    "CtcLossBackward0": (
        "blank input_lengths log_probs* result0=0 result1=1 target_lengths targets* "
        "zero_infinity"
    ),
    "CtcLossBackward1": (
        "blank input_lengths* log_probs* result0=0 result1=1 target_lengths* targets* "
        "zero_infinity"
    ),
    "CummaxBackward0": "dim indices=1 self*",
    "CumminBackward0": "dim indices=1 self*",
    "CumprodBackward0": "dim result=0 self*",
    "CumsumBackward0": "dim",
    "DiagEmbedBackward0": "dim1 dim2 offset",
    "DiagonalBackward0": "dim1 dim2 offset self_sym_sizes",
    "DiagonalScatterBackward0": "dim1 dim2 offset",
    "DigammaBackward0": "self*",
    "DistBackward0": "other* p result=0 self*",
    "DivBackward0": "other* self*other",
    "DivBackward1": "other",
    "DivBackward2": "other* rounding_mode self*other",
    "DivBackward3": "other rounding_mode",
    "DotBackward0": "self*tensor tensor*self",
    "EluBackward0": "alpha input_scale scale self*",
    "EluBackward1": "alpha input_scale result=0 scale",
    "EmbeddingBackward0": "indices* padding_idx scale_grad_by_freq sparse weight_sym_argsize_0",
    "EmbeddingBagBackward0": (
        "indices* mode offsets* padding_idx per_sample_weights* result1=1 result2=2 result3=3 "
        "scale_grad_by_freq sparse weight* weight_sym_argsize_0"
    ),
    "ErfBackward0": "self*",
    "ErfcBackward0": "self*",
    "ErfinvBackward0": "self*",
    "Exp2Backward0": "result=0",
    "ExpBackward0": "result=0",
    "ExpandBackward0": "self_sym_sizes",
    "Expm1Backward0": "result=0",
    "FftC2CBackward0": "dim forward normalization",
    "FftC2RBackward0": "dim normalization",
    "FftR2CBackward0": "dim normalization onesided self*",
    "FlipBackward0": "dims",
    "FmaxBackward0": "other* self*",
    "FminBackward0": "other* self*",
    "FmodBackward1": "other*other self*other",
    "FractionalMaxPool2DBackward0": "kernel_size output_size result1=1 self*",
    "FractionalMaxPool3DBackward0": "kernel_size output_size result1=1 self*",
    "FrexpBackward0": "exponent=1",
    "GatherBackward0": "dim index* self* sparse_grad",
    "GeluBackward0": "approximate self*",
    "GluBackward0": "dim self*",
    "GridSampler2DBackward0": "align_corners grid* input* interpolation_mode padding_mode",
    "GridSampler3DBackward0": "align_corners grid* input* interpolation_mode padding_mode",
    "HardshrinkBackward0": "lambd self*",
    "HardsigmoidBackward0": "self*",
    "HardswishBackward0": "self*",
    "HardtanhBackward0": "max_val min_val self*",
    "HuberLossBackward0": "delta reduction self* target*",
    "HypotBackward0": "other*other result=0 self*self",
    "I0Backward0": "self*",
    "IgammaBackward0": "other*other self*other",
    "IgammacBackward0": "other*other self*other",
    "Im2ColBackward0": (
        "dilation kernel_size padding self_sym_argsize_minus_1 self_sym_argsize_minus_2 "
        "stride"
    ),
    "IndexAddBackward0": "alpha dim index*source source*source source_dim",
    "IndexBackward0": "indices* self_sym_sizes",
    "IndexCopyBackward0": "dim index* source*source source_dim",
    "IndexFillBackward0": "dim index*",
    "IndexFillBackward1": "dim index*",
    "IndexPutBackward0": "accumulate indices*",
    "IndexPutImplBackward0": "accumulate indices*",
    "IndexReduceBackward0": "dim include_self index* reduce result=0 self* source*",
    "IndexSelectBackward0": "dim index* self_sym_sizes",
    "KthvalueBackward0": "dim indices=1 keepdim self_sym_sizes",
    "LdexpBackward0": "other*self result=0",
    "LeakyReluBackward0": "negative_slope self*",
    "LeakyReluBackward1": "negative_slope result=0",
    "LerpBackward0": "weight",
    "LerpBackward1": "end*weight self*weight weight*",
    "LgammaBackward0": "self*",
    "LinalgCholeskyExBackward0": "L=0 upper",
    "LinalgCrossBackward0": "dim other*self self*other",
    "LinalgDetBackward0": "A* LU=inner pivots=inner result=0",
    "LinalgEigBackward0": "eigenvalues=0 eigenvectors=1",
    "LinalgEighBackward0": "eigenvalues=0 eigenvectors=1",
    "LinalgHouseholderProductBackward0": "input* result=0 tau*",
    "LinalgInvExBackward0": "inverse=0",
    "LinalgLstsqBackward0": "b* self* solution=0",
    "LinalgLuBackward0": "L=0 P=inner U=1 pivot",
    "LinalgLuFactorExBackward0": "LU=0 pivot pivots=1",
    "LinalgLuSolveBackward0": "LU* adjoint left pivots* result=0",
    "LinalgMatrixExpBackward0": "self*",
    "LinalgPinvBackward0": "result=0 self*",
    "LinalgQrBackward0": "Q=0 R=1 mode",
    "LinalgSlogdetBackward0": "A* LU=inner pivots=inner sign=0",
    "LinalgSolveExBackward0": "A* LU=inner left pivots=inner result=0",
    "LinalgSolveTriangularBackward0": "left result=0 self* unitriangular upper",
    "LinalgSvdBackward0": "S=1 S_sym_argsize_minus_1 U=0 Vh=2 full_matrices",
    "LinalgVectorNormBackward0": "dim keepdim ord result=0 self*",
    "LinearBackward0": "input* weight*",
    "Log10Backward0": "self*",
    "Log1PBackward0": "self*",
    "Log2Backward0": "self*",
    "LogBackward0": "self*",
    "LogSigmoidBackward0": "buffer=1 self*",
    "LogSoftmaxBackward0": "dim result=0",
    "Logaddexp2Backward0": "other* self*",
    "LogaddexpBackward0": "other* self*",
    "LogcumsumexpBackward0": "dim result=0 self*",
    "LogitBackward0": "eps self*",
    "LogsumexpBackward0": "dim keepdim result=0 self*",
    "LuUnpackBackward0": "LU_data_sym_argsize_minus_1 LU_data_sym_argsize_minus_2",
    "MaskedFillBackward0": "mask*",
    "MaskedFillBackward1": "mask*",
    "MaskedScatterBackward0": "mask* source_sym_sizes",
    "MaskedSelectBackward0": "mask* self*",
    "MatmulBackward0": "other* self*",
    "MaxBackward0": "dim indices=1 keepdim self_sym_sizes",
    "MaxBackward1": "result=0 self*",
    "MaxPool2DBackward0": "ceil_mode dilation kernel_size padding self* stride",
    "MaxPool2DWithIndicesBackward0": (
        "ceil_mode dilation kernel_size padding result1=1 self* stride"
    ),
    "MaxPool3DWithIndicesBackward0": (
        "ceil_mode dilation kernel_size padding result1=1 self* stride"
    ),
    "MaxUnpool2DBackward0": "indices*",
    "MaxUnpool3DBackward0": "indices*",
    "MaximumBackward0": "other* self*",
    "MeanBackward0": "self_sym_numel self_sym_sizes",
    "MeanBackward1": "dim keepdim self_sym_numel self_sym_sizes",
    "MedianBackward0": "result=0 self*",
    "MedianBackward1": "dim indices=1 keepdim self_sym_sizes",
    "MinBackward0": "dim indices=1 keepdim self_sym_sizes",
    "MinBackward1": "result=0 self*",
    "MinimumBackward0": "other* self*",
    "MishBackward0": "self*",
    "MmBackward0": (
        "mat2*self mat2_sym_sizes mat2_sym_strides self*mat2 self_sym_sizes self_sym_strides"
    ),
    "ModeBackward0": "dim indices=1 keepdim self_sym_sizes",
    "MseLossBackward0": "reduction self* target*",
    "MulBackward0": "other*self self*other",
    "MulBackward1": "other",
    "MultiMarginLossBackward0": "margin p reduction self* target* weight*",
    "MultilabelMarginLossBackward0": "is_target=1 reduction self* target*",
    "MvBackward0": "self*vec vec*self",
    "MvlgammaBackward0": "p self*",
    "NanToNumBackward0": "self*",
    "NanmedianBackward0": "result=0 self*",
    "NanmedianBackward1": "dim indices=1 keepdim self_sym_sizes",
    "NansumBackward0": "dim keepdim self*",
    "NarrowCopyBackward0": "dim length self_sym_sizes start",
    "NativeBatchNormBackward0": (
        "eps input* result1=1 result2=2 running_mean* running_var* training weight*"
    ),
    "NativeDropoutBackward0": "p result1=1",
    "NativeGroupNormBackward0": "C HxW N eps group input* result1=1 result2=2 weight*",
    "NativeLayerNormBackward0": "bias* input* normalized_shape result1=1 result2=2 weight*",
    "NextafterBackward0": "other*self self*self",
    "NllLoss2DBackward0": "ignore_index reduction self* target* total_weight=1 weight*",
    "NllLossBackward0": "ignore_index reduction self* target* total_weight=1 weight*",
    "NormBackward0": "p result=0 self*",
    "NormBackward1": "dim keepdim p result=0 self*",
    "NormBackward2": "p result=0 self*",
    "NormBackward3": "dim keepdim p result=0 self*",
    "OrmqrBackward0": "input2* input3* left result=0 self* transpose",
    "PdistBackward0": "p result=0 self*",
    "PermuteBackward0": "dims",
    "PixelShuffleBackward0": "upscale_factor",
    "PixelUnshuffleBackward0": "downscale_factor",
    "PolarBackward0": "result=0",
    "PolygammaBackward0": "n self*",
    "PolygammaBackward1": "n self*",
    "PowBackward0": "exponent self*",
    "PowBackward1": "exponent* result=0 self*",
    "PowBackward2": "exponent* result=0 self",
    "PreluKernelBackward0": "self* weight*",
    "ProdBackward0": "result=0 self*",
    "ProdBackward1": "dim keepdim result=0 self*",
    "PutBackward0": "accumulate index* source*source",
    "ReciprocalBackward0": "result=0",
    "ReflectionPad1DBackward0": "padding self*",
    "ReflectionPad2DBackward0": "padding self*",
    "ReflectionPad3DBackward0": "padding self*",
    "ReluBackward0": "result=0",
    "RemainderBackward1": "other*other self*other",
    "RenormBackward0": "dim maxnorm p self*",
    "RepeatBackward0": "repeats self_sym_sizes",
    "ReplicationPad1DBackward0": "padding self*",
    "ReplicationPad2DBackward0": "padding self*",
    "ReplicationPad3DBackward0": "padding self*",
    "RollBackward0": "dims shifts",
    "Rot90Backward0": "dims k",
    "RreluWithNoiseBackward0": "lower noise* self* training upper",
    "RreluWithNoiseBackward1": "lower noise* result=0 training upper",
    "RsqrtBackward0": "result=0",
    "RsubBackward0": "alpha",
    "RsubBackward1": "alpha",
    "SafeSoftmaxBackward0": "dim result=0",
    "ScaledDotProductFlashAttentionForCpuBackward0": (
        "attn_mask* dropout_p is_causal key* logsumexp=1 output=0 query* scale value*"
    ),
    "ScatterAddBackward0": "dim index*src",
    "ScatterBackward0": "dim index*",
    "ScatterBackward1": "dim index*",
    "ScatterReduceBackward0": "dim include_self index* reduce result=0 self* src*",
    "SelectBackward0": "dim index self_sym_sizes",
    "SelectScatterBackward0": "dim index",
    "SgnBackward0": "result=0 self*",
    "SigmoidBackward0": "result=0",
    "SiluBackward0": "self*",
    "SinBackward0": "self*",
    "SincBackward0": "self*",
    "SinhBackward0": "self*",
    "SliceBackward0": "dim end self_sym_sizes start step",
    "SliceScatterBackward0": "dim end start step",
    "SmoothL1LossBackward0": "beta reduction self* target*",
    "SoftMarginLossBackward0": "reduction self* target*",
    "SoftmaxBackward0": "dim result=0",
    "SoftplusBackward0": "beta self* threshold",
    "SoftshrinkBackward0": "lambd self*",
    "SortBackward0": "dim indices=1 self_sym_sizes",
    "SortBackward1": "dim indices=1 self_sym_sizes",
    "SpecialEntrBackward0": "self*",
    "SpecialErfcxBackward0": "result=0 self*",
    "SpecialI0EBackward0": "result=0 self*",
    "SpecialI1Backward0": "result=0 self*",
    "SpecialI1EBackward0": "result=0 self*",
    "SpecialLogNdtrBackward0": "result=0 self*",
    "SpecialNdtriBackward0": "result=0",
    "SpecialXlog1PyBackward0": "other* self*",
    "SpecialXlog1PyBackward1": "other* self",
    "SpecialXlog1PyBackward2": "other self*",
    "SpecialZetaBackward0": "other*other self*other",
    "SpecialZetaBackward1": "other* self",
    "SplitBackward0": "dim self_sym_sizes split_size",
    "SplitWithSizesBackward0": "dim self_sym_sizes split_sizes",
    "SqrtBackward0": "result=0",
    "SqueezeBackward0": "self_sym_sizes",
    "SqueezeBackward1": "dim self_sym_sizes",
    "SqueezeBackward2": "dim self_sym_sizes",
    "SqueezeBackward3": "self_sym_sizes",
    "SqueezeBackward4": "dim self_sym_sizes",
    "SqueezeBackward5": "dim self_sym_sizes",
    "StackBackward0": "dim",
    "StdBackward0": "correction dim keepdim result=0 self*",
    "StdMeanBackward0": "correction dim keepdim result0=0 self*",
    "SubBackward0": "alpha",
    "SumBackward0": "self_sym_sizes",
    "SumBackward1": "dim keepdim self_sym_sizes",
    "TakeBackward0": "index* self*",
    "TanBackward0": "result=0",
    "TanhBackward0": "result=0",
    "ThresholdBackward0": "self* threshold",
    "ThresholdBackward1": "self* threshold",
    "TopkBackward0": "dim indices=1 self_sym_sizes",
    "TraceBackward0": "self_sym_sizes",
    "TransposeBackward0": "dim0 dim1",
    "TransposeBackward1": "dim0 dim1",
    "TriangularSolveBackward0": "A* self* solution=0 transpose unitriangular upper",
    "TrilBackward0": "diagonal",
    "TriuBackward0": "diagonal",
    "UnbindBackward0": "dim",
    "UnfoldBackward0": "dimension self_sym_sizes size step",
    "UnsafeIndexBackward0": "indices* self_sym_sizes",
    "UnsafeSplitBackward0": "dim self_sym_sizes split_size",
    "UnsafeSplitWithSizesBackward0": "dim self_sym_sizes split_sizes",
    "UnsafeViewBackward0": "self_sym_sizes",
    "UnsqueezeBackward0": "dim",
    "UnsqueezeBackward1": "dim",
    "UpsampleBicubic2DAaBackward0": "align_corners output_size scales_h scales_w self_sym_sizes",
    "UpsampleBicubic2DBackward0": "align_corners output_size scales_h scales_w self_sym_sizes",
    "UpsampleBilinear2DAaBackward0": "align_corners output_size scales_h scales_w self_sym_sizes",
    "UpsampleBilinear2DBackward0": "align_corners output_size scales_h scales_w self_sym_sizes",
    "UpsampleLanczos2DAaBackward0": "align_corners output_size scales_h scales_w self_sym_sizes",
    "UpsampleLinear1DBackward0": "align_corners output_size scales self_sym_sizes",
    "UpsampleNearest1DBackward0": "output_size scales self_sym_sizes",
    "UpsampleNearest2DBackward0": "output_size scales_h scales_w self_sym_sizes",
    "UpsampleNearest3DBackward0": "output_size scales_d scales_h scales_w self_sym_sizes",
    "UpsampleNearestExact1DBackward0": "output_size scales self_sym_sizes",
    "UpsampleNearestExact2DBackward0": "output_size scales_h scales_w self_sym_sizes",
    "UpsampleNearestExact3DBackward0": "output_size scales_d scales_h scales_w self_sym_sizes",
    "VarBackward0": "correction dim keepdim self*",
    "VarMeanBackward0": "correction dim keepdim self*",
    "VdotBackward0": "other*self self*other",
    "ViewBackward0": "self_sym_sizes",
    "WeightNormInterfaceBackward0": "dim g* result1=1 v*",
    "WhereBackward0": "condition*",
    "XlogyBackward0": "other* self*",
    "XlogyBackward1": "other* self",
    "XlogyBackward2": "other self*",
}

SAVES_NOTHING = frozenset([
    "AcoshBackward1", "AddBackward1", "AliasBackward0", "AsinhBackward1", "AtanhBackward1",
    "BernoulliBackward0", "BernoulliBackward1", "BernoulliBackward2", "BlockDiagBackward0",
    "CauchyBackward0", "CeilBackward0", "ChunkBackward0", "CloneBackward0", "ConjBackward0",
    "ConjPhysicalBackward0", "ConjPhysicalBackward1", "Deg2RadBackward0",
    "EmbeddingRenormBackward0", "EqBackward0", "EqBackward1", "ExponentialBackward0",
    "FillBackward0", "FillBackward1", "FillBackward2", "FillBackward3", "FloorBackward0",
    "FmodBackward0", "FracBackward0", "GeBackward0", "GeBackward1", "GeometricBackward0",
    "GeqrfBackward0", "GtBackward0", "GtBackward1", "LeBackward0", "LeBackward1",
    "LiftBackward0", "LiftFreshBackward0", "LtBackward0", "LtBackward1", "NeBackward0",
    "NeBackward1", "NegBackward0", "NegViewBackward0", "PoissonBackward0", "Rad2DegBackward0",
    "RandomBackward0", "RandomBackward1", "RandomBackward2", "RemainderBackward0",
    "RoundBackward0", "RoundBackward1", "SignBackward0", "SpecialZetaBackward2", "SubBackward1",
    "TBackward0", "TBackward1", "ToCopyBackward0", "TruncBackward0", "UniformBackward0",
    "Unique2Backward0", "UniqueBackward0", "UniqueConsecutiveBackward0", "UniqueDimBackward0",
    "UniqueDimConsecutiveBackward0", "ViewAsComplexBackward0", "ViewAsRealBackward0",
    "ZeroBackward0",
])  # fmt: skip
