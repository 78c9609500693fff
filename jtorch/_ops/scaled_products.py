"""Products of float8 matrices that come with scales, of a whole matrix or of each row and column."""

import operator

from jtorch import _dtypes
from jtorch._autograd.modes import no_grad
from jtorch._ops.detailed import deliver
from jtorch._ops.history import connect_constant
from jtorch._ops.matmul import mm
from jtorch._ops.names import missing
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.refusals import FLOAT8_TYPES

_NODE, _NODE_V2 = missing("_scaled_mm"), missing("_scaled_mm_v2")
_TENSOR, _ROW = [0], [1]  # recipes: one scale for a matrix; one for each row or column


def _invalid(left, right, scales):
    """torch's words on matrices and scales that do not go together."""
    got = []
    for name, matrix, scale in zip("ab", (left, right), scales, strict=True):
        got.append(f"mat_{name}.dtype()={matrix.dtype.scalar_name}")
        if scale is None:
            got.append(f"scale_{name}=None")
            continue
        got.append(f"scale_{name}.dtype()={scale.dtype.scalar_name}")
        got.append(f"scale_{name}.size()={list(scale.shape)}")
        got.append(f"scale_{name}.stride()={list(scale.stride())}")
    return ValueError(
        "Invalid scaling configuration.\n"
        "- For TensorWise scaling, a and b should be float8, scales should be float and "
        "singletons.\n"
        "- For RowWise scaling, a and b should be float8, scales should be float, scale_a should "
        f"be ({left.size(0)}, 1) and scale_b should be (1, {right.size(1)}), and both should be "
        "contiguous.\n"
        f"Got {', '.join(got[:-1])} and {got[-1]}"
    )


def _are_of_kind(left, right, scales):
    """Whether matrices and scales are of dtypes that go together."""
    return all(each.dtype in FLOAT8_TYPES for each in (left, right)) and all(
        each is not None and each.dtype is _dtypes.float32 for each in scales
    )


def _require_unit_stride(name, scale):
    if scale.stride(1) != 1:
        raise ValueError(f"expected {name}.stride(1) to be 1, but got {scale.stride(1)}")


def _check_scales(left, right, scales):
    """One scale each, or one for each row and column."""
    alone = all(each.numel() == 1 for each in scales)
    if not _are_of_kind(left, right, scales) or not (alone or _are_by_row(left, right, scales)):
        raise _invalid(left, right, scales)
    if not alone:
        _require_unit_stride("scale_a", scales[0])


def _are_by_row(left, right, scales):
    shapes = [tuple(each.shape) for each in scales]
    fit = shapes == [(left.size(0), 1), (1, right.size(1))]
    return fit and all(each.is_contiguous() for each in scales)


def _check_recipes(left, right, scales, recipes, counts):
    """The scales are what the recipes, one for each matrix, say."""
    known = recipes in ([_TENSOR, _TENSOR], [_ROW, _ROW]) and counts == (1, 1)
    if not known or not _are_of_kind(left, right, scales):
        raise _invalid(left, right, scales)
    first, second = scales
    if recipes[0] == _TENSOR:
        for name, each in zip("ab", scales, strict=True):
            if each.numel() != 1:
                raise ValueError(f"scale_{name} must have 1 Float element")
        return
    if (first.size(0), first.size(1)) != (left.size(0), 1):
        raise ValueError(f"scale_a must have shape [{left.size(0)}, 1], got [{list(first.shape)}]")
    _require_unit_stride("scale_a", first)
    if second.numel() != right.size(1):
        raise ValueError(f"scale_b must have {right.size(1)} Float elements, got {second.numel()}")
    _require_unit_stride("scale_b", second)


def _check_contraction(left, right, dims):
    """That matrices fit, along dims that may be said."""
    for name, each in (("mat_a", left), ("mat_b", right)):
        if each.ndim != 2:
            raise ValueError(f"{name} must be a matrix")
    shapes = "{}x{} and {}x{}".format(*left.shape, *right.shape)
    text = f"mat_a and mat_b shapes cannot be multiplied ({shapes})"
    if not dims:
        if left.size(1) != right.size(0):
            raise ValueError(text)
    elif len(dims) != 2:
        raise ValueError("contraction_dim must have exactly 2 elements")
    elif left.size(dims[0]) != right.size(dims[1]):
        raise ValueError(f"{text} with contraction dims mat_a: {dims[0]}, mat_b: {dims[1]}")


def _check_bias(bias, right, error):
    if bias is not None and bias.numel() != right.size(1):
        raise error(f"Bias must be size {right.size(1)} but got {bias.numel()}")


def _multiplied(node, left, right, scales, bias, dtype, out):
    """The product in float32, rounded once; torch has no derivative of it, and says so in `node`."""
    if out is not None:
        require_tensors(out)
        if dtype not in (None, out.dtype):
            raise ValueError("out_dtype must match output matrix type")
        dtype = out.dtype
    if left.size(1) != right.size(0):
        raise RuntimeError(
            "mat_a and mat_b shapes cannot be multiplied "
            f"({left.size(0)}x{left.size(1)} and {right.size(0)}x{right.size(1)})"
        )
    with no_grad():
        made = mm(left.float() * scales[0], right.float() * scales[1])
        if bias is not None:
            made.add_(bias)
        made = deliver(made.to(dtype or left.dtype), out)
    connect_constant(node, (left, right, *scales, bias), made)
    return made


def _require_kinds(out_dtype, use_fast_accum):
    """Errors: TypeError, for which torch has words."""
    if not isinstance(out_dtype, _dtypes.dtype | None) or not isinstance(use_fast_accum, bool):
        raise TypeError("out_dtype or use_fast_accum")


def _integers(values):
    """Recipes and the like, which may be members of torch's enums."""
    return [operator.index(each) for each in values]


@offered(
    "(Tensor input, Tensor mat2, Tensor scale_a, Tensor scale_b, Tensor? bias = None, "
    "Tensor? scale_result = None, torch.dtype? out_dtype = None, bool use_fast_accum = False, *, "
    "Tensor? out = None)",
    variants="f",
    name="_scaled_mm",
)
def _scaled_mm(input, mat2, scale_a, scale_b, bias=None, scale_result=None, out_dtype=None,
               use_fast_accum=False, *, out=None):  # fmt: skip
    """`(scale_a * input) @ (scale_b * mat2) + bias`, of float8 matrices.

    Shape:   (m, k) @ (k, n) -> (m, n); scales have one element each, or are (m, 1) and (1, n).
    Dtype:   the input's, or `out_dtype`; scales are float32.
    Errors:  ValueError for other dtypes or scales; RuntimeError if shapes do not fit.
    Source:  torch._scaled_mm; `scale_result` and `use_fast_accum` change nothing on the CPU.
    """
    require_tensors(input, mat2, scale_a, scale_b)
    _require_kinds(out_dtype, use_fast_accum)
    _check_scales(input, mat2, (scale_a, scale_b))
    if mat2.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {mat2.ndim}D")
    for name, each in (("mat1", input), ("mat2", mat2)):
        if each.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix")
    if input.size(1) == mat2.size(0):
        _check_bias(bias, mat2, RuntimeError)
    return _multiplied(_NODE, input, mat2, (scale_a, scale_b), bias, out_dtype, out)


@offered(
    "(Tensor input, Tensor mat2, tuple of Tensors scale_a, tuple of ints recipe_a, "
    "tuple of ints swizzle_a, tuple of Tensors scale_b, tuple of ints recipe_b, "
    "tuple of ints swizzle_b, Tensor? bias, torch.dtype? out_dtype, "
    "tuple of ints contraction_dim = (), bool use_fast_accum = False, *, Tensor? out = None)",
    variants="f",
    name="_scaled_mm_v2",
)
def _scaled_mm_v2(input, mat2, scale_a, recipe_a, swizzle_a, scale_b, recipe_b, swizzle_b, bias,
                  out_dtype, contraction_dim=(), use_fast_accum=False, *, out=None):  # fmt: skip
    """`_scaled_mm`, whose scales are what recipes say: 0, one for the matrix; 1, one for each row.

    Errors:  ValueError for dtypes, shapes, recipes or scales that do not fit.
    Source:  torch._scaled_mm_v2, which has the other recipes on GPUs only.
    """
    _require_kinds(out_dtype, use_fast_accum)
    recipes, swizzles = [_integers(recipe_a), _integers(recipe_b)], _integers(swizzle_a)
    require_tensors(input, mat2, *scale_a, *scale_b)
    _check_contraction(input, mat2, contraction_dim)
    _check_bias(bias, mat2, ValueError)
    if any(swizzles):
        raise ValueError("CPU does not support swizzle.")
    scales = tuple(each[0] if each else None for each in (scale_a, scale_b))
    _check_recipes(input, mat2, scales, recipes, (len(scale_a), len(scale_b)))
    return _multiplied(_NODE_V2, input, mat2, scales, bias, out_dtype, out)
