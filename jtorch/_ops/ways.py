"""What a call by a short path comes to, once its operands' metas are known: with gradients or without."""

from jtorch import _dtypes
from jtorch._autograd.modes import mode
from jtorch._engine.node import SHARED
from jtorch._engine.node import Node as Value
from jtorch._engine.realize import record
from jtorch._ops.edges import needs_gradient
from jtorch._ops.history import Tape, wanted_of
from jtorch._ops.names import Underived
from jtorch._tensor import from_node


class Way:
    """The kernel of calls whose operands have known metas, and what their histories are made of.

    `tapes` has, by which of the operands gradients are wanted of, the `Tape`; or the row's `parts`; or
    None, where the general way has to be gone.
    """

    __slots__ = ("device", "differentiable", "kernel", "meta", "row", "tapes")

    def __init__(self, row, entry):
        self.row = row
        self.kernel = entry.kernel
        self.meta = entry.meta
        self.device = entry.device
        self.differentiable = entry.differentiable
        self.tapes = {}

    def recorded(self, operands, inputs, args, kwargs, slow):
        """The result of a call with operands that may want gradients, or carry tangents.

        `args` and `kwargs` are the whole call, `slow` is the general way of it.
        """
        if not (self.differentiable and (mode.enabled or mode.unusual)):
            return from_node(record(self.kernel, inputs, self.device), self.meta)
        wanted = 0
        bit = 1
        for each in operands:
            kind = each.__class__
            if (kind is not float and kind is not int) and (
                each._requires_grad or (each._storage.recorded and needs_gradient(each))
            ):
                wanted += bit
            bit += bit
        if mode.unusual:
            return slow(*args, **kwargs)
        if not wanted:
            return from_node(record(self.kernel, inputs, self.device), self.meta)
        try:
            tape = self.tapes[wanted]
        except KeyError:
            tape = self.tapes[wanted] = self._tape(operands, args, kwargs)
        if tape is None:
            return slow(*args, **kwargs)
        if tape.__class__ is not Tape:
            return tape(dict(zip(self.row.names, operands, strict=True)))
        plan = tape.plan
        if plan.needs_numbers:
            inputs = tuple([
                each if each.__class__ is Value else SHARED[each.__class__](each) for each in inputs
            ])  # fmt: skip
        made = record(self.kernel, inputs, self.device)
        result = from_node(made, self.meta)
        result._base = None  # what follows asks: faster than of the class
        tape.connect(operands, inputs, result, made.position)
        return result

    def _tape(self, operands, args, kwargs):
        """How gradients of these operands are recorded: by a `Tape`, by parts; None: in the general way."""
        row = self.row
        name = row.node_name(args, kwargs)
        operands = operands[: len(self.kernel.inputs)]
        if row.parts is not None and len(operands) == len(row.names):
            return row.parts
        wanted = wanted_of(self.kernel, operands)
        if row.parts is not None or not wanted or name is None or name.__class__ is Underived:
            return None
        metas = tuple([operands[place]._meta for place in wanted])
        return Tape(name, self.kernel, wanted, (self.meta,), metas, self.device)


# What stands for static arguments in keys

_PLAIN = (int, str, type(None), _dtypes.dtype)
_BOOLS = {False: object(), True: object()}  # where 0 and 1 would equal them


def key_part(value):
    """What stands for a static argument in a key; None for one that has to be looked at."""
    kind = value.__class__
    if kind in _PLAIN:
        return (value,)
    if kind is bool:
        return _BOOLS[value]
    if kind is tuple and all(each.__class__ is int for each in value):
        return value, tuple
    return None
