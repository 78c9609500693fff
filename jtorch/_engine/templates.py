"""Jaxprs of what differs in extents alone: traced once with symbols for them, then filled in.

Tracing costs a millisecond and more, filling in a twentieth of that. A sequence that grows, and lines
of many lengths, make every kernel anew for each length: see the folder's README.
"""

import collections
import functools
import gc
import string

import jax
from jax import export
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal, Var

from jtorch._engine.node import Aval
from jtorch._engine.traced import Part, struct_of, trace, traced

_SHAPES_BEFORE = 2  # traced as they are, before there is a template
_TEMPLATES = 4  # of a family
_REFUSALS = 2  # of a family: then it has no templates
_FAMILIES = 1024
# What a symbol stands for. 0 is nothing, and 1 any extent; JAX counts far more with wider integers.
_LEAST, _MOST = 2, 1 << 20
# JAX's derivative of such a step asks a symbol whether it is even, and is told that it is not.
_ASKS_PARITY = "fft"
# Steps by which an extent becomes a number: not there where it is one already.
_NUMBERING = frozenset(("dim_as_value", "convert_element_type"))


class _Family:
    """What is known of kernels with one function, and inputs that differ in their extents alone."""

    __slots__ = ("last", "refusals", "shapes", "steps", "templates")

    def __init__(self):
        self.templates = []
        self.shapes = self.refusals = 0
        self.last = self.steps = None  # the extents, and the steps, of what was traced last


_families = collections.OrderedDict()


def member(function, inputs, about, exact, with_symbols):
    """What a kernel's function, its inputs and `about` determine: `exact()`, or it is filled in.

    `with_symbols(*structs)` is the same where structs have symbols in their shapes. It is of jaxprs
    and structs. Only functions that are partials can be the same for other inputs.
    """
    extents = tuple(_extents(inputs))
    if not extents or not isinstance(function, functools.partial):
        return exact()
    family = _family_of(function, inputs, about)
    for template in family.templates:
        filled = template.filled(extents)
        if filled is not None:
            return filled
    found = exact()
    if extents == family.last:  # a kernel was made anew
        return found
    steps = list(_steps(found))
    family.shapes += 1
    if family.shapes > _SHAPES_BEFORE and family.steps == steps:
        _add_template(family, inputs, extents, found, with_symbols)
    family.last, family.steps = extents, steps
    return found


@functools.lru_cache(_FAMILIES)
def forward(function, inputs):
    """(jaxpr, structs of the results) of a kernel's function."""
    return member(
        function,
        inputs,
        "forward",
        functools.partial(traced, function, inputs),
        lambda *structs: trace(function, structs),
    )


def jaxpr_of_member(kernel) -> ClosedJaxpr:
    """A kernel's jaxpr, filled in where others of its family were traced: to compute with numpy."""
    if isinstance(kernel.function, Part):
        return kernel.function.closed()
    return forward(kernel.function, kernel.inputs)[0]


def _family_of(function, inputs, about):
    # two partials are equal if their parts are
    named = tuple(sorted(function.keywords.items()))
    key = (function.func, function.args, named, about, tuple(map(_kind, inputs)))
    found = _families.get(key)
    if found is None:
        found = _families[key] = _Family()
        while len(_families) > _FAMILIES:
            _families.popitem(last=False)
    return found


def _kind(given):
    """An input without its extents."""
    if given.__class__ is tuple:
        return tuple(map(_kind, given))
    return (given.dtype, len(given.shape)) if given.__class__ is Aval else given


def _extents(inputs):
    for given in inputs:
        if given.__class__ is Aval:
            yield from given.shape
        elif given.__class__ is tuple:
            yield from _extents(given)


def _add_template(family, inputs, extents, exact, with_symbols):
    """Trace with symbols, and keep it if it takes the very steps that the numbers took."""
    if len(family.templates) == _TEMPLATES or family.refusals == _REFUSALS:
        return
    if _ASKS_PARITY in family.steps:
        return
    pattern = _pattern(family.last, extents)
    if pattern is None:
        return
    try:
        found = with_symbols(*_structs_with_symbols(inputs, pattern))
    except Exception:  # a body asks of a symbol what only a number can answer, each in its way
        family.refusals += 1
        return
    finally:
        # JAX asks a symbol whether it is a number, and the frames of its errors are cycles, which
        # would hold all frames below, the user's and their tensors, until the collector comes by
        gc.collect(1)
    template = _Template(pattern, found)
    if list(_steps(found)) == family.steps and _is_like(template.filled(extents), exact):
        family.templates.append(template)
    else:
        family.refusals += 1


def _is_like(filled, exact):
    """Whether two of what is traced have inputs and results of the same shapes and dtypes."""
    if isinstance(exact, (tuple, list)):
        return all(map(_is_like, filled, exact))
    if isinstance(exact, ClosedJaxpr):
        return all(
            map(_is_like, (filled.in_avals, filled.out_avals), (exact.in_avals, exact.out_avals))
        )
    return (filled.shape, filled.dtype) == (exact.shape, exact.dtype)


def _pattern(before, now):
    """Per extent its number, or, where it varies, the name of a symbol: one for those that vary alike.

    None if one of them is beyond what a symbol stands for.
    """
    names = {}
    pattern = []
    for pair in zip(before, now, strict=True):
        if pair[0] == pair[1]:
            pattern.append(pair[0])
            continue
        if min(pair) < _LEAST or max(pair) > _MOST or len(names) == len(string.ascii_lowercase):
            return None
        pattern.append(names.setdefault(pair, string.ascii_lowercase[len(names)]))
    return tuple(pattern)


def _structs_with_symbols(inputs, pattern):
    names = _names(pattern)
    limits = [f"{name} >= {_LEAST}" for name in names] + [f"{name} <= {_MOST}" for name in names]
    symbols = export.symbolic_shape(",".join(names), constraints=limits)
    by_name = dict(zip(names, symbols, strict=True))
    places = iter(pattern)

    def struct(given):
        if given.__class__ is tuple:
            return tuple(map(struct, given))
        if given.__class__ is not Aval:
            return struct_of(given)
        shape = [next(places) for _ in given.shape]
        shape = tuple([by_name.get(place, place) for place in shape])
        return jax.ShapeDtypeStruct(shape, given.dtype)

    return tuple(map(struct, inputs))


class _Template:
    """What was traced with symbols, ready to be filled in."""

    __slots__ = ("_evaluate", "_make", "_pattern")

    def __init__(self, pattern, found):
        self._pattern = pattern
        extents = _Extents()
        self._make = _maker(found, extents)
        self._evaluate = extents.function(_names(pattern))

    def filled(self, extents):
        """The same for these extents; None if they are not as the template's."""
        values = {}
        for place, extent in zip(self._pattern, extents, strict=True):
            expected = place if place.__class__ is int else values.setdefault(place, extent)
            if extent != expected:
                return None
        if min(values.values()) < _LEAST or max(values.values()) > _MOST:
            return None
        return self._make(self._evaluate(**values))


def _names(pattern):
    return sorted({each for each in pattern if each.__class__ is str})


class _Extents:
    """The expressions of symbols in a jaxpr, each with its place in the list of their values."""

    def __init__(self):
        self.places = {}

    def place(self, expression):
        return self.places.setdefault(str(expression), len(self.places))

    def function(self, names):
        """From values of the symbols to the list of those of the expressions."""
        # JAX writes them as Python does, but for powers, and with these functions
        code = f"lambda {', '.join(names)}: [{', '.join(self.places)}]".replace("^", "**")
        return eval(code, {"floordiv": _floordiv, "mod": _mod, "max": max, "min": min})


def _floordiv(a, b):
    return a // b


def _mod(a, b):
    return a % b


class _Body:
    """A jaxpr: what in it has symbols is known, and nothing else is made anew."""

    __slots__ = ("_equations", "_jaxpr", "_numbers", "_variables")

    def __init__(self, jaxpr, extents):
        self._jaxpr = jaxpr
        self._variables = {}  # with symbols in their shapes -> what makes the aval
        self._numbers = {}  # that are an extent -> what makes it
        self._equations = []  # (equation, its parameters that have symbols -> what makes them)
        self._meet((*jaxpr.constvars, *jaxpr.invars), extents)
        for equation in jaxpr.eqns:
            if equation.primitive.name == "dim_as_value":
                (made,) = equation.outvars
                self._numbers[made] = _maker(equation.params["dim"], extents)
                continue
            self._meet(equation.outvars, extents)
            makers = {
                name: maker
                for name, value in equation.params.items()
                if (maker := _maker(value, extents)) is not None
            }
            self._equations.append((equation, makers))

    def has_symbols(self):
        return bool(
            self._variables or self._numbers or any(makers for _, makers in self._equations)
        )

    def _meet(self, variables, extents):
        for each in variables:
            maker = _maker(each.aval, extents)
            if maker is not None:
                self._variables[each] = maker

    def filled(self, values) -> Jaxpr:
        known = {each: Var(make(values)) for each, make in self._variables.items()}
        for each, make in self._numbers.items():
            known[each] = Literal(each.aval.dtype.type(make(values)), each.aval)

        def of(variables):
            return [each if hasattr(each, "val") else known.get(each, each) for each in variables]

        equations = []
        for equation, makers in self._equations:
            params = equation.params
            if makers:
                params = {**params, **{name: make(values) for name, make in makers.items()}}
            equations.append(
                equation.replace(
                    invars=of(equation.invars), outvars=of(equation.outvars), params=params
                )
            )
        jaxpr = self._jaxpr
        return jaxpr.replace(
            constvars=of(jaxpr.constvars),
            invars=of(jaxpr.invars),
            outvars=of(jaxpr.outvars),
            eqns=equations,
        )


def _maker(value, extents):
    """A function from the values of the expressions to what `value` is with them; None without symbols."""
    if export.is_symbolic_dim(value):
        place = extents.place(value)
        return lambda values: values[place]
    if isinstance(value, (tuple, list)):
        makers = [_maker(each, extents) for each in value]
        if not any(makers):
            return None
        kind = getattr(value, "_make", value.__class__)  # a named tuple's
        return lambda values: kind(
            [make(values) if make else each for make, each in zip(makers, value, strict=True)]
        )
    if isinstance(value, ClosedJaxpr):
        inner = _maker(value.jaxpr, extents)
        return inner and (lambda values: ClosedJaxpr(inner(values), value.consts))
    if isinstance(value, Jaxpr):
        body = _Body(value, extents)
        return body.filled if body.has_symbols() else None
    shape = getattr(value, "shape", None)
    if shape.__class__ is tuple and (make := _maker(shape, extents)) is not None:
        return lambda values: value.update(shape=make(values))
    return None


def _steps(found):
    """The names of the steps of jaxprs, and of those inside."""
    if isinstance(found, (tuple, list)):
        for each in found:
            yield from _steps(each)
        return
    for equation in getattr(getattr(found, "jaxpr", found), "eqns", ()):
        name = equation.primitive.name
        if name not in _NUMBERING:
            yield name
        yield from _steps(list(equation.params.values()))
