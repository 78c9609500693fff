"""What a call by a short path comes to, once its operands' metas are known: with gradients or without."""

from jtorch._autograd.modes import mode
from jtorch._engine.node import SHARED
from jtorch._engine.node import Node as Value
from jtorch._engine.realize import record
from jtorch._ops.edges import needs_gradient
from jtorch._ops.history import Tape, attach, wanted_of
from jtorch._ops.names import Underived
from jtorch._tensor import from_node


class Way:
    """The kernel of calls whose operands have known metas, and what their histories are made of.

    `tapes` has, by which of the operands gradients are wanted of, the `Tape`; None where the general
    way has to be gone.
    """

    __slots__ = ("device", "differentiable", "kernel", "meta", "row", "tapes")

    def __init__(self, row, entry):
        self.row = row
        self.kernel = entry.kernel
        self.meta = entry.meta
        self.device = entry.device
        self.differentiable = entry.differentiable
        self.tapes = {}

    def recorded(self, operands, inputs, slow):
        """The result of a call with operands that may want gradients, or carry tangents."""
        if not (self.differentiable and (mode.enabled or mode.unusual)):
            return from_node(record(self.kernel, inputs, self.device), self.meta)
        if self.row.parts is not None:
            return slow(*operands)
        wanted = 0
        bit = 1
        for each in operands:
            if each.__class__ not in SHARED and needs_gradient(each):
                wanted += bit
            bit += bit
        tape = None
        if wanted and mode.enabled and not mode.unusual:
            tape = self.tapes.get(wanted)
            if tape is None and wanted not in self.tapes:
                tape = self.tapes[wanted] = self._tape(operands)
        if tape is None:
            result = from_node(record(self.kernel, inputs, self.device), self.meta)
            name = self.row.node_name(operands, {})
            attach(name, self.kernel, operands[: len(inputs)], (result,), self.device)
            return result
        plan = tape.plan
        if plan.needs_numbers:
            inputs = tuple([
                each if each.__class__ is Value else SHARED[each.__class__](each) for each in inputs
            ])  # fmt: skip
        made = record(self.kernel, inputs, self.device)
        result = from_node(made, self.meta)
        node = tape.kind(tape, operands, inputs, made.position)
        result._requires_grad = True
        result._node = node
        result._output_nr = 0
        if plan.results:
            node._watch_results((result,))
        return result

    def _tape(self, operands):
        """How gradients of these operands are recorded; None: in the general way."""
        name = self.row.node_name(operands, {})
        operands = operands[: len(self.kernel.inputs)]
        wanted = wanted_of(self.kernel, operands)
        if not wanted or name is None or name.__class__ is Underived:
            return None
        metas = tuple([operands[place]._meta for place in wanted])
        return Tape(name, self.kernel, wanted, (self.meta,), metas, self.device)
