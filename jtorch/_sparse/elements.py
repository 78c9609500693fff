"""Functions of one element that keep zeros: sparse tensors apply them to their values."""

from jtorch._sparse.answers import answers, could_not_run
from jtorch._sparse.conversion import with_values
from jtorch._sparse.places import coalesced
from jtorch._sparse.tensor import connect, replace

__all__ = []

_KEEPING_ZERO = """abs absolute asin arcsin arcsinh asinh atan arctan arctanh atanh ceil deg2rad erf
erfinv expm1 floor frac isinf isnan isneginf isposinf log1p nan_to_num rad2deg relu round sgn sign
signbit sin sinh sqrt tan tanh trunc fix""".split()  # noqa: SIM905

# What torch's gradients are made of, and whether sparse tensors have it.
_SLOPES = {
    "abs": lambda gradient, self, result: gradient * self.sgn(),
    "relu": lambda gradient, self, result: gradient * (result.sign()),
    "deg2rad": lambda gradient, self, result: gradient.deg2rad(),
    "rad2deg": lambda gradient, self, result: gradient.rad2deg(),
    "expm1": lambda gradient, self, result: gradient * result + gradient,
    "sqrt": lambda gradient, self, result: gradient / (result * 2),
    "sinh": "cosh", "sin": "cos", "tan": None, "tanh": "tanh_backward",
    "ceil": lambda gradient, self, result: gradient * 0,
    "floor": lambda gradient, self, result: gradient * 0,
    "round": lambda gradient, self, result: gradient * 0,
    "trunc": lambda gradient, self, result: gradient * 0,
    "sign": lambda gradient, self, result: gradient * 0,
    "sgn": lambda gradient, self, result: gradient * 0,
    "frac": lambda gradient, self, result: gradient,
}  # fmt: skip
_SAME = {
    "absolute": "abs", "arcsin": "asin", "arcsinh": "asinh", "arctan": "atan", "arctanh": "atanh",
    "fix": "trunc",
}  # fmt: skip


def _applied(name):
    true_name = _SAME.get(name, name)
    node = "".join(part.capitalize() for part in true_name.split("_")) + "Backward0"

    def apply(self, *args, **kwargs):
        if name == "round" and (args or kwargs.get("decimals")):
            raise could_not_run("round.decimals")
        ordered = coalesced(self)
        result = with_values(ordered, getattr(ordered._val, name)(*args, **kwargs))
        if not (result.is_floating_point() or result.is_complex()):
            return result
        return connect(node, (self,), result, lambda gradient: slope(gradient, self, result.data))

    def slope(gradient, self, result):
        rule = _SLOPES.get(true_name)
        if rule.__class__ is str:
            raise could_not_run(rule)
        if rule is None:
            raise NotImplementedError(f"jtorch has no gradient of {name} of sparse tensors")
        return rule(gradient, self, result)

    def apply_in_place(self, *args, **kwargs):
        if not self._coal:
            raise RuntimeError(f"{true_name}_ requires coalesced input")
        return replace(self, apply(self.data, *args, **kwargs))

    answers(name)(apply)
    answers(name + "_")(apply_in_place)


for _name in _KEEPING_ZERO:
    _applied(_name)


@answers("positive", "resolve_conj", "resolve_neg")
def _same(self):
    return self


@answers("conj_physical", "conj")
def _conjugate(self):
    if not self.is_complex():
        return self
    result = with_values(self, self._val.conj_physical())
    return connect("ConjPhysicalBackward0", (self,), result, lambda gradient: gradient.conj())


@answers("any")
def _any(self, *args, **kwargs):
    if args or kwargs:
        raise could_not_run("any.dim")
    return self._val.any()
