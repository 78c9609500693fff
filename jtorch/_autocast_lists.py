"""What autocast does to which operation, by torch's names.

`LISTS[kind][name]` is one of the words below; `rule_of` finds it. Operations that are not here compute in
the dtypes they are given. Of other kinds of devices than the CPU, all follow the lists of CUDA.

    LOWER       inputs are cast to the region's dtype
    WIDE        inputs are cast to float32
    WIDE_DTYPE  the result is float32, by the operation's own argument `dtype`, unless that is given
    PROMOTE     inputs are cast to the widest of float32 and the region's dtype that is among them
    REFUSED     torch refuses to compute it in a region
    ROUNDED     inputs are cast to the region's dtype and back, where the state is of float32
    RESULT      the result is cast to the region's dtype

The last two stand for what torch makes of several operations, some of them listed, and we do not.

Source:  the tables of "Autocast Op Reference" in PyTorch's documentation; `test_amp.py` asks torch's
         dispatcher whether these are all of them, and compares dtypes of results.
"""

__all__ = [
    "LISTS", "LOWER", "PROMOTE", "REFUSED", "RESULT", "ROUNDED", "WIDE", "WIDE_DTYPE", "rule_of",
]  # fmt: skip

LOWER, WIDE, WIDE_DTYPE, PROMOTE, REFUSED = "lower", "wide", "wide dtype", "promote", "refused"
ROUNDED, RESULT = "rounded", "result"

_CPU = {
    LOWER: """
        addbmm addmm baddbmm bmm conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d
        conv_transpose3d linalg_vecdot linear matmul mm prelu scaled_dot_product_attention
    """,
    WIDE: """
        adaptive_avg_pool3d adaptive_max_pool3d avg_pool3d binary_cross_entropy
        binary_cross_entropy_with_logits cdist cholesky cholesky_inverse cholesky_solve
        cosine_embedding_loss cross_entropy_loss ctc_loss fake_quantize_per_tensor_affine fft_fft
        fft_fft2 fft_fftn fft_hfft fft_ifft fft_ifft2 fft_ifftn fft_ihfft fft_irfft fft_irfft2
        fft_irfftn fft_rfft fft_rfft2 fft_rfftn fractional_max_pool2d fractional_max_pool3d geqrf
        grid_sampler grid_sampler_2d grid_sampler_3d hinge_embedding_loss huber_loss inverse kl_div
        l1_loss linalg_cholesky linalg_cholesky_ex linalg_cond linalg_eig linalg_eigh
        linalg_eigvals linalg_eigvalsh linalg_householder_product linalg_inv linalg_inv_ex
        linalg_lstsq linalg_matrix_rank linalg_qr linalg_solve linalg_svd linalg_svdvals
        linalg_tensorinv linalg_tensorsolve lu_solve margin_ranking_loss max_pool3d max_unpool2d
        max_unpool3d mse_loss multi_margin_loss multilabel_margin_loss nanquantile nll_loss
        nll_loss2d orgqr ormqr pinverse poisson_nll_loss polar prod qr quantile reflection_pad1d
        reflection_pad2d replication_pad1d replication_pad2d replication_pad3d smooth_l1_loss
        soft_margin_loss stft svd trace triangular_solve triplet_margin_loss view_as_complex
    """,
    PROMOTE: "cat index_copy stack",
}

# What torch makes of operations of that list, or knows by other names, and what it comes to.
_CPU_MADE_OF = {
    LOWER: "affine_grid_generator lstm rnn_relu rnn_tanh",
    WIDE: "lu",
    ROUNDED: "gru",
    RESULT: "corrcoef cov linalg_pinv",
}

_CUDA = {
    LOWER: """
        addbmm addmm addmv addr baddbmm bmm chain_matmul conv1d conv2d conv3d conv_tbc
        conv_transpose1d conv_transpose2d conv_transpose3d convolution einsum gru_cell
        linalg_multi_dot linalg_vecdot linear lstm_cell matmul mm mv prelu rnn_relu_cell
        rnn_tanh_cell scaled_dot_product_attention
    """,
    WIDE: """
        _upsample_bicubic2d_aa _upsample_bilinear2d_aa _upsample_nearest_exact1d
        _upsample_nearest_exact2d _upsample_nearest_exact3d acos asin
        binary_cross_entropy_with_logits cdist cosh cosine_embedding_loss cosine_similarity dist
        erfinv exp expm1 group_norm hinge_embedding_loss huber_loss kl_div l1_loss layer_norm log
        log10 log1p log2 logsumexp margin_ranking_loss mse_loss multi_margin_loss
        multilabel_margin_loss native_layer_norm nll_loss nll_loss2d pdist poisson_nll_loss pow
        reciprocal renorm rms_norm rsqrt sinh smooth_l1_loss soft_margin_loss softplus tan
        triplet_margin_loss upsample_bicubic2d upsample_bilinear2d upsample_linear1d
        upsample_nearest1d upsample_nearest2d upsample_nearest3d upsample_trilinear3d
    """,
    WIDE_DTYPE: """
        cumprod cumsum linalg_matrix_norm linalg_vector_norm log_softmax norm prod softmax sum
    """,
    PROMOTE: """
        addcdiv addcmul atan2 bilinear cross dot grid_sampler index_put scatter_add tensordot vdot
    """,
    REFUSED: "binary_cross_entropy",
}

_CUDA_MADE_OF = {
    LOWER: "affine_grid_generator gru lstm rnn_relu rnn_tanh",
    RESULT: "corrcoef cov linalg_pinv",
}


def _by_name(*lists):
    return {name: rule for each in lists for rule, names in each.items() for name in names.split()}


LISTS = {"cpu": _by_name(_CPU, _CPU_MADE_OF), "cuda": _by_name(_CUDA, _CUDA_MADE_OF)}


def rule_of(kind, name):
    """What autocast for a kind of devices does to the operation of this name, or None."""
    return LISTS.get(kind, LISTS["cuda"]).get(name)
