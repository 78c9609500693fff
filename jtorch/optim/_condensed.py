"""Updates as one recorded operation: what an optimizer does to one parameter, under one kernel.

An update is a plain function of tensors and numbers that changes tensors in place. Its first call
with given metas records it on placeholders; the kernel made of that serves all further calls, which
record one node, and one more for each tensor that is changed where there are several.
"""

import functools

import jax
import numpy as np

from jtorch._autograd.modes import mode
from jtorch._engine.node import NUMBER_KINDS, Kernel, Node, SharedFloat, user_position
from jtorch._engine.realize import array_of, record
from jtorch._engine.symbolic import Level, no_value
from jtorch._ops.evaluate import pick_kernels
from jtorch._ops.tangents import tangents
from jtorch._tensor import PLAIN, from_node

__all__ = ["Update", "shared"]


def shared(number):
    """A float as one that the updates of several parameters take; anything else as it is.

    Of one update's floats, all are shared or none.
    """
    return SharedFloat(number) if number.__class__ is float else number


class Update:
    """A function `(tensors, numbers or None, ...; static flags as keywords)` of one parameter.

    Which of the arguments are tensors and which of them are None is part of the kernel, as the
    flags are; floats are data, and what is computed from `shared` ones alone is computed once for
    all parameters. The function hands its floats on to operations as they are, and asks no value of
    anything. Under autograd, for subclasses that override operations, and for
    tensors that are windows onto the memory of others it runs as it stands.
    """

    def __init__(self, function):
        functools.update_wrapper(self, function)
        self._function = function
        self._forms = {}

    def __call__(self, *given, **flags):
        if mode.enabled or tangents.level:
            return self._function(*given, **flags)
        key = []
        inputs = []
        storages = []
        for each in given:
            kind = each.__class__
            if kind in PLAIN:
                meta, storage = each._meta, each._storage
                if (
                    meta is not storage.meta
                    or storage.host is not None
                    or each._counter is not None
                ):
                    return self._function(*given, **flags)
                key.append(meta)
                inputs.append(storage.value)
                storages.append(storage)
            elif kind is float or kind is SharedFloat:
                key.append(float)
                inputs.append(each)
            elif each is None:
                key.append(None)
            else:
                return self._function(*given, **flags)
        if len(set(storages)) != len(storages):
            return self._function(*given, **flags)
        key = (*key, *flags.values())
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _Form(self._function, given, flags)
        return form.apply(storages, inputs) if form.kernel else self._function(*given, **flags)


class _Form:
    """What an update comes to for given metas: a kernel, and which of the tensors it changes.

    `kernel` is None where there is no such kernel: the tensors are on several devices.
    """

    def __init__(self, function, given, flags):
        metas = [each._meta for each in given if each.__class__ in PLAIN]
        self.device = metas[0].device
        self.kernel = None
        if any(meta.device is not self.device for meta in metas):
            return
        recorded = [_Recording(function, given, flags, seed, self.device) for seed in (1, 2)]
        found = recorded[0]
        assert found.constants_as(recorded[1]), f"{function.__name__} computes with its numbers"
        self.written = [(place, versions) for place, versions, _ in found.written]
        outputs = tuple([node.aval for _, _, node in found.written])
        inputs = [
            "f" if each.__class__ in NUMBER_KINDS else each._meta.aval
            for each in given
            if each is not None
        ]
        # Traced once for all parameters of one shape.
        run = jax.jit(found.function(), inline=True)
        name = function.__name__.strip("_")
        if len(outputs) == 1:
            self.items = None
            self.kernel = Kernel(name, lambda *data: run(*data)[0], tuple(inputs), outputs[0])
        else:
            self.kernel = Kernel(name, run, tuple(inputs), outputs)
            self.items = pick_kernels(self.kernel)

    def apply(self, storages, inputs):
        position = user_position()
        node = record(self.kernel, tuple(inputs), self.device, position)
        if self.items is None:
            ((place, versions),) = self.written
            storages[place].version += versions
            storages[place].value = node
            return
        for (place, versions), item in zip(self.written, self.items, strict=True):
            storage = storages[place]
            storage.version += versions
            storage.value = record(item, (node,), self.device, position)


class _Recording:
    """What a function records when it is called with placeholders, and floats like no others."""

    def __init__(self, function, given, flags, seed, device):
        level = Level(_refuse)
        places = {}  # node or float -> its place among the inputs, and then among the values
        arguments = []
        tensors = []
        for each in given:
            if each is None:
                arguments.append(None)
            elif each.__class__ in NUMBER_KINDS:
                number = (len(places) + 0.377) / (1000.0 + seed)
                places[number] = len(places)
                arguments.append(number)
            else:
                node = level.placeholder(each._meta.aval, device)
                places[node] = len(places)
                tensors.append(from_node(node, each._meta))
                tensors[-1]._storage.version = 0
                arguments.append(tensors[-1])
        self.count = len(places)
        with level:
            before = [each._storage.value for each in tensors]
            function(*arguments, **flags)
            after = [each._storage.value for each in tensors]
            level.settle()
            order = [node for node in level.order(after) if node not in places]
        for node in order:
            places[node] = len(places)
        self.constants = []
        self.steps = [
            (node.kernel, tuple([self._reference(each, places) for each in node.inputs]))
            for node in order
        ]
        self.written = [
            (place, each._storage.version, new)
            for place, (each, old, new) in enumerate(zip(tensors, before, after, strict=True))
            if new is not old
        ]
        self.results = [places[node] for _, _, node in self.written]

    def _reference(self, each, places):
        """The place of a value; below zero that of a constant, which is the same in all calls."""
        place = places.get(each)
        if place is None:
            constant = np.asarray(array_of(each) if each.__class__ is Node else each)
            self.constants.append(constant)
            place = -len(self.constants)
        return place

    def constants_as(self, other):
        """Whether another recording, with other floats, has the same constants."""
        pairs = zip(self.constants, other.constants, strict=True)
        return all(np.array_equal(left, right, equal_nan=True) for left, right in pairs)

    def function(self):
        """The recording as a function of the inputs' values: the new ones of what is changed."""
        steps = [(kernel.function, references) for kernel, references in self.steps]
        assert all(kernel.error is None for kernel, _ in self.steps), "an update that may fail"
        constants, results = self.constants, self.results

        def update(*values):
            values = list(values)
            for function, references in steps:
                given = [
                    values[place] if place >= 0 else constants[-1 - place] for place in references
                ]
                values.append(function(*given))
            return tuple([values[place] for place in results])

        return update


def _refuse(node):
    text = "an update asked for the value of a tensor"
    return no_value(text, text)
