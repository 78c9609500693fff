"""`torch.norm`, the older name for norms of vectors and matrices."""

from jtorch._ops.families import composite
from jtorch._ops.matrix_norms import linalg_matrix_norm
from jtorch._ops.norms import vector_norm


@composite(variants="f")
def norm(input, p="fro", dim=None, keepdim=False, out=None, dtype=None):
    """The `p`-norm over `dim`: of vectors, but for `p="nuc"`, which is of matrices.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must be floating or complex; of complex numbers the real one.
    Errors:  RuntimeError for integers, and for nothing to take a largest or smallest of.
    Source:  torch.norm.
    """
    dims = None if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    if p == "fro" and (dims is None or len(dims) <= 2):
        p = 2
    if isinstance(p, str):
        dims = tuple(range(input.ndim)) if dims is None else dims
        return linalg_matrix_norm(input, p, dims, keepdim, dtype=dtype, out=out)
    return vector_norm(input, 2 if p is None else p, dims, keepdim, dtype=dtype, out=out)


@composite(variants="m", name="norm")
def _norm_method(self, p="fro", dim=None, keepdim=False, dtype=None):
    return norm(self, p, dim, keepdim, dtype=dtype)
