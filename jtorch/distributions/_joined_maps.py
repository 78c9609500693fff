"""Transforms side by side along a dim: of pieces, and of slices."""

from jtorch._ops.join import cat, stack
from jtorch.distributions import constraints
from jtorch.distributions._maps import Transform
from jtorch.distributions.utils import _sum_rightmost, lazy_property

__all__ = ["CatTransform", "StackTransform"]


class _Joined(Transform):
    """What both have: transforms, and a dim of the right extent."""

    def __init__(self, tseq, dim, cache_size):
        if not all(isinstance(each, Transform) for each in tseq):
            raise AssertionError("All elements of tseq must be Transform instances")
        if cache_size:
            tseq = [each.with_cache(cache_size) for each in tseq]
        super().__init__(cache_size=cache_size)
        self.transforms = list(tseq)
        self.dim = dim

    @property
    def bijective(self):
        return all(each.bijective for each in self.transforms)

    def _check(self, value, name, called, extent, words):
        if not -value.dim() <= self.dim < value.dim():
            raise AssertionError(
                f"dim {self.dim} out of range for {called} with {value.dim()} dimensions"
            )
        if value.size(self.dim) != extent:
            raise AssertionError(
                f"{name}.size({self.dim}) = {value.size(self.dim)} must equal {words} {extent}"
            )


class CatTransform(_Joined):
    """Transforms of pieces of some lengths along a dim, as `torch.cat` joins them.

    Errors:  AssertionError for a dim of another extent.
    Source:  torch.distributions.CatTransform.
    """

    def __init__(self, tseq, dim=0, lengths=None, cache_size=0):
        super().__init__(tseq, dim, cache_size)
        self.lengths = [1] * len(self.transforms) if lengths is None else list(lengths)
        if len(self.lengths) != len(self.transforms):
            raise AssertionError(
                f"lengths ({len(self.lengths)}) must match transforms ({len(self.transforms)})"
            )

    @lazy_property
    def event_dim(self):
        return max(each.event_dim for each in self.transforms)

    @lazy_property
    def length(self):
        """The extent of the dim."""
        return sum(self.lengths)

    def with_cache(self, cache_size=1):
        if self._cache_size == cache_size:
            return self
        return CatTransform(self.transforms, self.dim, self.lengths, cache_size)

    def _pieces(self, value, name, called="tensor"):
        self._check(value, name, called, self.length, "length")
        start = 0
        for length in self.lengths:
            yield value.narrow(self.dim, start, length)
            start += length

    def _call(self, x):
        pieces = list(self._pieces(x, "x"))
        return cat([f(each) for f, each in zip(self.transforms, pieces, strict=True)], self.dim)

    def _inverse(self, y):
        pieces = list(self._pieces(y, "y"))
        return cat([f.inv(each) for f, each in zip(self.transforms, pieces, strict=True)], self.dim)

    def log_abs_det_jacobian(self, x, y):
        pieces = list(self._pieces(x, "x", "x")), list(self._pieces(y, "y", "y"))
        terms = []
        for transform, *pair in zip(self.transforms, *pieces, strict=True):
            term = transform.log_abs_det_jacobian(*pair)
            if transform.event_dim < self.event_dim:
                term = _sum_rightmost(term, self.event_dim - transform.event_dim)
            terms.append(term)
        # The dim is one of the batch, or it has been summed.
        dim = self.dim - x.dim() if self.dim >= 0 else self.dim
        dim += self.event_dim
        return cat(terms, dim=dim) if dim < 0 else sum(terms)

    @constraints.dependent_property
    def domain(self):
        return constraints.cat([each.domain for each in self.transforms], self.dim, self.lengths)

    @constraints.dependent_property
    def codomain(self):
        return constraints.cat([each.codomain for each in self.transforms], self.dim, self.lengths)


class StackTransform(_Joined):
    """Transforms of the slices along a dim, as `torch.stack` joins them.

    Errors:  AssertionError for a dim of another extent.
    Source:  torch.distributions.StackTransform.
    """

    def __init__(self, tseq, dim=0, cache_size=0):
        super().__init__(tseq, dim, cache_size)

    def with_cache(self, cache_size=1):
        if self._cache_size == cache_size:
            return self
        return StackTransform(self.transforms, self.dim, cache_size)

    def _slices(self, value, name, called="tensor"):
        self._check(value, name, called, len(self.transforms), "len(transforms)")
        return [value.select(self.dim, place) for place in range(value.size(self.dim))]

    def _call(self, x):
        slices = self._slices(x, "x")
        return stack([f(each) for f, each in zip(self.transforms, slices, strict=True)], self.dim)

    def _inverse(self, y):
        slices = self._slices(y, "y")
        return stack(
            [f.inv(each) for f, each in zip(self.transforms, slices, strict=True)], self.dim
        )

    def log_abs_det_jacobian(self, x, y):
        slices = self._slices(x, "x", "x"), self._slices(y, "y", "y")
        return stack(
            [
                each.log_abs_det_jacobian(*pair)
                for each, *pair in zip(self.transforms, *slices, strict=True)
            ],
            self.dim,
        )

    @constraints.dependent_property
    def domain(self):
        return constraints.stack([each.domain for each in self.transforms], self.dim)

    @constraints.dependent_property
    def codomain(self):
        return constraints.stack([each.codomain for each in self.transforms], self.dim)
