"""Who answers for what is asked of sparse tensors, by the names of torch's functions and methods.

An operation without an answer is refused; a plain function of other operations runs as it is, and
these are answered in their turn.
"""

from jtorch import _override
from jtorch._autocast import prepared
from jtorch._sparse.tensor import SparseTensor, replace
from jtorch._tensor import Tensor

__all__ = ["answers", "could_not_run", "refused"]

_answers = {}  # name -> function
_refused = {}  # name -> the name of torch's inner operation that has no sparse form
# What torch has of sparse tensors, and jtorch has not.
_NOT_BUILT = frozenset(
    "bmm baddbmm ger outer as_function einsum resize_as_ masked_fill hstack vstack dstack".split()  # noqa: SIM905
)
_ATTRIBUTES = ("T", "H", "mT", "mH", "real")
_names = {}  # function of the package -> name


def answers(*names, method=True):
    """A decorator: the function answers for operations of these names, and is a method, too."""

    def declare(function):
        for name in names:
            _answers[name] = function
            if method and not name.startswith(
                "__"
            ):  # else Python asked it before the first operand
                is_attribute = isinstance(vars(Tensor).get(name), property) or name in _ATTRIBUTES
                setattr(SparseTensor, name, property(function) if is_attribute else function)
        return function

    return declare


def could_not_run(name, backend="SparseCPU"):
    """torch's error for an operation that a backend does not have."""
    return NotImplementedError(
        f"Could not run 'aten::{name}' with arguments from the '{backend}' backend. This could be "
        "because the operator doesn't exist for this backend, or was omitted during the "
        "selective/custom build process (if using custom build). If you are a Facebook employee "
        "using PyTorch on mobile, please visit https://fburl.com/ptmfixes for possible resolutions."
    )


def refused(**names):
    """Say which inner operation torch names where it refuses one of these."""
    _refused.update(names)


refused(
    _foreach_norm="linalg_vector_norm", clamp_="clamp_",
    equal="equal", eq="eq.Tensor", ne="ne.Tensor", gt="gt.Scalar", lt="lt.Scalar", ge="ge.Scalar",
    le="le.Scalar", fill_="fill_.Scalar", full_like="fill_.Scalar", isfinite="ne.Scalar",
    lerp="lerp.Scalar", mean="mean.dim", new_full="fill_.Scalar", new_ones="fill_.Scalar",
    ones_like="fill_.Scalar", rand_like="uniform_", randint_like="random_.from", randn_like="normal_",
    remainder="remainder.Tensor",
    rsub="rsub.Tensor",
    bitwise_or="bitwise_or.Tensor", softmax="_softmax", log_softmax="_log_softmax", where="where.self",
    bernoulli="bernoulli", dropout="bernoulli_.float", norm_except_dim="norm_except_dim",
    linalg_norm="linalg_vector_norm", count_nonzero="count_nonzero.dim_IntList", sort="sort.stable",
    argsort="sort.stable", unique="_unique2", std="std.correction", var="var.correction",
    squeeze="as_strided", diagonal="as_strided", as_strided="as_strided", chunk="as_strided",
    split="as_strided", narrow="as_strided", diag="diagonal_copy", inverse="linalg_inv_ex",
    det="_linalg_det", svd="_linalg_svd", logical_not="logical_not.out", dequantize="dequantize.self",
    to_mkldnn="to_mkldnn", allclose="eq.Tensor", isclose="eq.Tensor", clamp_min_="clamp_min_",
    vector_norm="linalg_vector_norm",
)  # fmt: skip


def _name_of(function):
    if not _names:
        for name, each in vars(Tensor).items():
            if isinstance(each, property):
                each = each.fget
            if callable(each):
                _names.setdefault(each, name)
        _names.update({each: name for name, each in _override.functions.items()})
    name = _names.get(function)
    if name is None and (hasattr(function, "row") or not hasattr(function, "__wrapped__")):
        return getattr(function, "__name__", str(function))
    return name or ""


@classmethod
def _torch_function(cls, func, types, args=(), kwargs=None):
    """The answer for one call.

    Errors:  NotImplementedError for an operation that sparse tensors do not have.
    """
    kwargs = dict(kwargs or {})
    name = _name_of(func)
    answer = _answers.get(name)
    args, kwargs = prepared(name, args, kwargs)
    if answer is not None:
        out = kwargs.pop("out", None)
        result = answer(*args, **kwargs)
        return result if out is None else _into(out, result, name)
    if name.startswith("_foreach_") and name not in _refused:
        return _one_by_one(name.removeprefix("_foreach_"), *args, **kwargs)
    is_row = hasattr(func, "row") or hasattr(func, "asks") or name in _refused
    plain = None if is_row else getattr(func, "__wrapped__", None)
    if plain is not None:
        return plain(*args, **kwargs)
    if name in _NOT_BUILT:
        raise NotImplementedError(f"jtorch does not provide torch.{name} of sparse tensors")
    raise could_not_run(_refused.get(name, name.strip("_") if name.startswith("__") else name))


def _into(out, result, name):
    """A result as the `out` that the caller has."""
    if not out.is_sparse:
        return out.copy_(result)
    if result.dtype is not out.dtype:
        raise NotImplementedError(f"jtorch has no out= of another dtype for sparse {name}")
    return replace(out, result)


def _one_by_one(name, tensors, *others, **options):
    """What a `_foreach_` function does, tensor by tensor."""
    count = len(tensors)
    lists = [each if isinstance(each, (list, tuple)) else [each] * count for each in others]
    found = [
        getattr(each, name)(*rest, **options) for each, *rest in zip(tensors, *lists, strict=True)
    ]
    return list(tensors) if name.endswith("_") else tuple(found)


def _refusing(name):
    def refuse(self, *args, **kwargs):
        raise could_not_run(name)

    return refuse


# Methods that do not ask whether anybody has an answer.
for _name in ("as_strided_", "bernoulli_", "cauchy_", "exponential_", "geometric_", "log_normal_",
              "normal_", "random_", "squeeze_", "swapaxes_", "swapdims_", "uniform_",
              "unsqueeze_"):  # fmt: skip
    setattr(SparseTensor, _name, _refusing(_name))

SparseTensor.__torch_function__ = _torch_function
