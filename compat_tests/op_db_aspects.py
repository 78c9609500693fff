"""The aspects of one OpInfo sample: what is called, what is recorded, and when two records agree."""

import contextlib
import dataclasses
import functools
import operator
import random
import warnings

import numpy as np

from compare import (
    Named,
    Raised,
    describe,
    freeze,
    make,
    neutral,
    ours,
    raised,
    theirs,
)
from gradients import name_of, needs, plain, tensors_of
from jtorch._engine import realize
from op_db_agreement import Judge
from op_db_twins import TESTING, NoTwin, Plan, find, item_twin, twin

# How much more rounding there is in an aspect than in one operation.
ROUNDINGS = {"second gradient": 4}
# Decompositions are defined up to signs: what the sample's own function makes of them is compared.
UP_TO_SIGNS = (
    "svd",
    "linalg.svd",
    "linalg.eigh",
    "linalg.eig",
    "linalg.qr",
    "qr",
    "svd_lowrank",
    "pca_lowrank",
)
# A place that no result can be stored in without a loss, to ask for a refusal.
NARROW = "bool"
# torch ends the process or writes beyond `out`: of these it is tried only just like the result.
CRASHING = ("lu_unpack", "tril", "triu", "linalg.lu")
# Other warnings of torch's come once in a process, so they say nothing here.
RESIZED = "was resized since it had shape"


@dataclasses.dataclass
class Operation:
    """An entry of op_db on one module: its function and the variants."""

    name: str
    is_random: bool  # whether its results are whatever was in memory
    function: object
    method: object
    inplace: object
    operator: object
    inplace_operator: object
    aliases: list
    wrapper: object

    @classmethod
    def of_torch(cls, entry):
        return cls(
            entry.name,
            entry.has_nondeterministic_output,
            entry.op,
            entry.method_variant,
            entry.inplace_variant,
            entry.operator_variant,
            entry.inplace_operator_variant,
            [call for alias in entry.aliases for call in (alias.op, alias.method_variant) if call],
            entry.gradcheck_wrapper,
        )

    @classmethod
    def of_ours(cls, entry):
        """The same on jtorch; what is absent raises NoTwin when it is called."""
        torch_s = cls.of_torch(entry)
        parts = {field.name: getattr(torch_s, field.name) for field in dataclasses.fields(cls)}
        aliases = [_or_absent(item_twin, call) for call in parts.pop("aliases")]
        facts = {part: parts.pop(part) for part in ("name", "is_random")}
        found = {part: _or_absent(item_twin, call) for part, call in parts.items()}
        found["function"] = _or_absent(function_of, entry)
        return cls(aliases=aliases, **facts, **found)


def _or_absent(search, value):
    """What `search` finds, or a function that says what it did not find."""
    if value is None:
        return None
    try:
        return search(value)
    except NoTwin as error:
        text = str(error)

        def absent(*args, **kwargs):
            raise NoTwin(text)

        return absent


def function_of(entry):
    """jtorch's function for an entry: by the entry's name, or through torch's test code."""
    call = entry.op
    module = getattr(call, "__module__", None) or ""
    if module.startswith(TESTING) or not module.startswith("torch"):
        return twin(call)
    if type(call).__name__ in ("OpOverload", "OpOverloadPacket") or module == "torch._tensor":
        return twin(call)
    return find(entry.name.removeprefix("torch."))


def seed(module):
    """Both generators start alike before each call."""
    random.seed(0)
    np.random.seed(0)
    module.manual_seed(0)


def weights_of(module, tensors, seed=0):
    """A fixed tensor for each of these, of its shape and dtype, to weigh its elements with.

    The numbers are such that each dtype holds them.
    """
    weights = []
    for place, tensor in enumerate(tensors):
        draw = np.random.default_rng([seed, place])
        values = draw.integers(-127, 128, tuple(tensor.shape)) / 64
        if tensor.is_complex():
            values = values + 1j * draw.integers(-127, 128, tuple(tensor.shape)) / 64
        weights.append(make(module, values, neutral(str(tensor.dtype)).removeprefix("torch.")))
    return weights


# What each aspect calls and records


class Call:
    """One sample on one module."""

    def __init__(self, module, operation, plan, wide=False):
        self.module, self.operation, self.plan, self.wide = module, operation, plan, wide

    def build(self, requires_grad=True):
        built = self.plan.build(self.module, wide=self.wide, requires_grad=requires_grad)
        seed(self.module)
        return built

    def run(self, function, requires_grad=True):
        given, args, kwargs, _ = self.build(requires_grad)
        return function(given, *args, **kwargs)

    def differentiated(self, function):
        """(outputs to differentiate, leaves) of a call through the entry's gradcheck wrapper."""
        given, args, kwargs, tensors = self.build()
        leaves = [tensor for tensor in tensors if tensor.requires_grad]
        results = self.operation.wrapper(function, given, *args, **kwargs)
        processed = self.plan.process_of(self.module)(results)
        return [tensor for tensor in tensors_of(processed) if tensor.requires_grad], leaves

    def forward(self):
        return self.defined(self.run(self.operation.function))

    def defined(self, results):
        """Results, or what is defined about them, with all else that is seen of them."""
        if self.operation.name not in UP_TO_SIGNS:
            return results
        facts = [describe(tensor, values=False) for tensor in tensors_of(results)]
        return [facts, self.plan.process_of(self.module)(results)]

    def gradient(self):
        outputs, leaves = self.differentiated(self.operation.function)
        if outputs:
            self.module.autograd.backward(outputs, weights_of(self.module, outputs))
        return [needs(outputs), plain([leaf.grad for leaf in leaves])]

    def second_gradient(self):
        outputs, leaves = self.differentiated(self.operation.function)
        if not outputs:
            return None
        weights = [weight.requires_grad_() for weight in weights_of(self.module, outputs)]
        # None or zeros, and whether zeros require gradients, follows from how formulas are written.
        grad = functools.partial(self.module.autograd.grad, materialize_grads=True)
        firsts = grad(outputs, leaves, weights, create_graph=True)
        weighted = weights_of(self.module, firsts, seed=1)
        pairs = [pair for pair in zip(firsts, weighted, strict=True) if pair[0].requires_grad]
        seconds = [self.module.zeros_like(tensor) for tensor in leaves + weights]
        if pairs:
            seconds = grad([first for first, _ in pairs], leaves + weights, [w for _, w in pairs])
        return [[tensor.detach() for tensor in plain(list(group))] for group in (firsts, seconds)]

    def names(self):
        """The name of the node behind each result."""
        results = self.run(self.operation.function)
        return [name_of(tensor.grad_fn) for tensor in tensors_of(results)]

    def method(self):
        """The method, the operator and each alias."""
        operation = self.operation
        calls = [operation.method, operation.operator, *operation.aliases]
        return [None if call is None else self.defined(self.run(call)) for call in calls]

    def in_place(self):
        """The in-place method and operator on a copy, and the gradients through them."""
        calls = [self.operation.inplace, self.operation.inplace_operator]
        return [None if call is None else self.tried(self.written, call) for call in calls]

    def written(self, call):
        given, args, kwargs, tensors = self.build()
        leaves = [tensor for tensor in tensors if tensor.requires_grad]
        target = given.clone()
        result = call(target, *args, **kwargs)
        facts = [result is target, target._version]
        value = freeze(target)
        if target.requires_grad:
            weights = weights_of(self.module, [target])
            self.module.autograd.backward([target], weights)
        return [facts, value, plain([leaf.grad for leaf in leaves])]

    def tried(self, call, *arguments):
        """What a call gives or raises, at once, so that the others are called as well."""
        try:
            return freeze(call(*arguments))
        except NoTwin:
            raise
        except Exception as error:
            return raised(error)

    def out(self):
        """`out=` of the right kind, empty, of another shape, strided, and too narrow."""
        results = self.run(self.operation.function, requires_grad=False)
        pattern = [describe(tensor, values=False) for tensor in tensors_of(results)]
        # A named tuple or a list among the results is written as one sequence of tensors.
        single = hasattr(results, "dtype")
        places = [like, empty, other_shape, strided, narrow]
        if self.operation.name in CRASHING:
            places = [like]
        return [
            self.tried(self.with_out, [place(self.module, record) for record in pattern], single)
            for place in places
        ]

    def with_out(self, places, single):
        given, args, kwargs, _ = self.build(requires_grad=False)
        out = places[0] if single else tuple(places)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = self.operation.function(given, *args, **kwargs, out=out)
        made = tensors_of(result)
        same = [left is right for left, right in zip(made, places, strict=False)]
        texts = [[warning.category.__name__, said(warning)] for warning in caught]
        texts = sorted(text for text in texts if RESIZED in text[1])
        return [len(made), same, texts, self.defined(result if made else places)]

    def noncontiguous(self):
        return [self.forward(), self.tried(self.gradient)]

    def views(self):
        """Which results share memory with which arguments, and where; what a write to one shows."""
        given, args, kwargs, tensors = self.build()
        with self.module.no_grad():
            results = tensors_of(self.operation.function(given, *args, **kwargs))
            facts = [self.sharing(result, tensors) for result in results]
            facts.append([tensor._version for tensor in tensors])
            for result in results:
                if any(self.shares(result, tensor) for tensor in tensors) and is_separate(result):
                    result.fill_(1)
        return [facts, [tensor.detach() for tensor in tensors]]

    def shares(self, result, tensor):
        if not tensor.numel() or not result.numel():
            return False
        return result.untyped_storage().data_ptr() == tensor.untyped_storage().data_ptr()

    def sharing(self, result, tensors):
        shared = [
            (index, result is tensor, result.storage_offset() - tensor.storage_offset())
            for index, tensor in enumerate(tensors)
            if self.shares(result, tensor)
        ]
        return [result._is_view() if shared else None, shared]


def said(warning):
    """The text of a warning without the places in C++ that torch adds."""
    return neutral(str(warning.message)).partition(" (Triggered internally")[0]


def is_separate(tensor):
    """Whether no two elements lie at one place."""
    steps = sorted(zip(tensor.stride(), tensor.shape, strict=True))
    reach = 1
    for step, size in steps:
        if size > 1 and step < reach:
            return False
        reach += step * (size - 1)
    return True


def _zeros(module, shape, dtype):
    return module.zeros(shape, dtype=getattr(module, dtype.removeprefix("torch.")))


def like(module, record):
    return _zeros(module, record.shape, record.dtype)


def empty(module, record):
    return _zeros(module, (0,), record.dtype)


def other_shape(module, record):
    return _zeros(module, (*record.shape, 2), record.dtype)


def strided(module, record):
    """A transposed place: its strides stay."""
    places = tuple(range(len(record.shape)))[::-1]
    return _zeros(module, record.shape[::-1], record.dtype).permute(places)


def narrow(module, record):
    if record.dtype == f"torch.{NARROW}":
        return _zeros(module, record.shape, "torch.complex64")
    return _zeros(module, record.shape, NARROW)


# When two records agree


def outcome(call):
    """What an aspect records, frozen; an absent name counts as an error of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return freeze(call())
        except NoTwin as error:
            return Raised("NoTwin", "NoTwin", str(error))
        except Exception as error:
            return raised(error)
        finally:
            settle()


def settle():
    """What a failed call left to be computed fails here and not in the next call."""
    # Its error is in the record already, or belongs to a value that nobody read.
    with contextlib.suppress(Exception):
        realize.run_all()
    with contextlib.suppress(Exception):
        realize.raise_errors()


# The aspects, and for which entries each is


ASPECTS = {
    "forward": Call.forward,
    "gradient": Call.gradient,
    "second gradient": Call.second_gradient,
    "names": Call.names,
    "method": Call.method,
    "in-place": Call.in_place,
    "out": Call.out,
    "noncontiguous": Call.noncontiguous,
    "views": Call.views,
    "errors": Call.forward,
    "reference": Call.forward,
}


def aspects_of(entry, sample, differentiable):
    """The aspects that a sample of an entry is tried in."""
    is_tensor_first = isinstance(sample.input, theirs.Tensor)
    tensors = tensors_of((sample.input, list(sample.args), list(sample.kwargs.values())))
    gives = {
        "forward": True,
        "gradient": differentiable,
        "second gradient": differentiable and entry.supports_gradgrad,
        "names": differentiable,
        "method": bool(entry.method_variant or entry.operator_variant or entry.aliases),
        "in-place": is_tensor_first
        and bool(entry.inplace_variant or entry.inplace_operator_variant),
        "out": entry.supports_out,
        "noncontiguous": are_strided(tensors),
        "views": bool(tensors),
    }
    return [aspect for aspect, is_given in gives.items() if is_given]


def are_strided(tensors):
    return bool(tensors) and all(tensor.layout is theirs.strided for tensor in tensors)


def takes_out(want):
    """Whether torch has `out=` for this call: where it has not, its argument parser raises."""
    first = want.content[0] if isinstance(want, Named) else want
    return not (isinstance(first, Raised) and first.builtin == "TypeError")


def compare_aspect(aspect, plan, torch_s, our_s):
    """What differs between the modules in one aspect of one sample: lines, none where all agrees.

    None: the aspect says nothing about the sample.
    """
    call = ASPECTS[aspect]
    want = outcome(lambda: call(Call(theirs, torch_s, plan)))
    if aspect == "out" and not takes_out(want):
        return None
    got = outcome(lambda: call(Call(ours, our_s, plan)))
    wide = functools.cache(lambda: outcome(lambda: call(Call(theirs, torch_s, plan, wide=True))))
    judge = Judge(wide, ROUNDINGS.get(aspect, 1), torch_s.is_random, aspect != "second gradient")
    return judge.lines(got, want)


def plan_for(aspect, sample):
    """The plan of a sample, whose tensors lie apart for the aspect that asks for it."""
    if aspect == "noncontiguous":
        return Plan(sample.noncontiguous())
    return Plan(sample)


# `operator` variants are Python's own functions: they serve both modules.
assert item_twin(operator.neg) is operator.neg
