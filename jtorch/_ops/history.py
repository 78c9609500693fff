"""Where operations and the tape meet: results get nodes, and nodes call derivatives of kernels.

The gradient of a recorded kernel is JAX's derivative of it (`autograd._derive`), recorded like any
other operation: a backward pass is more nodes of the same trace, and can be differentiated itself.
"""

from jtorch._autograd.anomaly import anomaly, where_recorded
from jtorch._autograd.derive import backward_of, is_backward, is_differentiable, live_of, parts_of
from jtorch._autograd.graph import Node, named, numbers
from jtorch._autograd.modes import mode
from jtorch._autograd.saving import saving
from jtorch._dtypes import BY_NUMPY, FLOATING
from jtorch._engine.node import PLAIN, SHARED, _local
from jtorch._engine.node import Node as Value
from jtorch._engine.realize import record
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.edges import edge_of, needs_gradient, point, tracked, wanted_edge_of
from jtorch._ops.evaluate import pick_kernels
from jtorch._ops.keeping import Packed, Saved, restored
from jtorch._ops.names import Underived, backward_name
from jtorch._ops.recall import FREED, RecallingNode, plan_of, recheck, refuse_changed, watch
from jtorch._ops.slots import shown_slots
from jtorch._ops.tangents import push, tangents
from jtorch._ops.writing import node_on
from jtorch._shapes import assert_no_internal_overlap
from jtorch._tensor import Tensor, from_node, node_of


class Tape:
    """What recording a kernel comes to, where gradients of the inputs `wanted` are wanted."""

    __slots__ = (
        "_steps", "device", "gradient_metas", "input_metas", "kernel", "kind", "metas", "moves",
        "plan", "wanted",
    )  # fmt: skip

    def __init__(self, name, kernel, wanted, metas, input_metas, device):
        self.kind = named(CopySlices if name == CopySlices.__name__ else KernelNode, name)
        self.plan = plan_of(self.kind.__name__, kernel, wanted)
        self.kernel = kernel
        self.wanted = wanted
        self.metas = metas  # of the results
        self.input_metas = input_metas  # of the inputs `wanted`
        self.device = device
        self.gradient_metas = [_meta_of_gradient(meta, device) for meta in input_metas]
        self.moves = any(meta.device is not device for meta in input_metas)
        self._steps = {}

    def steps(self, given):
        """What backward records where gradients of the results `given` have come.

        As (kernel, the saved inputs it needs, kernels that pick several results apart, their places
        among `wanted`); no kernel where the one gradient that has come goes on as it is.
        """
        found = self._steps.get(given)
        if found is None:
            found = self._steps[given] = [
                (
                    None if part.passes else part.kernel,
                    part.needs,
                    pick_kernels(part.kernel) if places[1:] else (),
                    places,
                )
                for part, places in parts_of(self.kernel, self.wanted, given)
            ]
        return found

    def connect(self, operands, inputs, result, position):
        """Give the one result its place in the graph, where nothing unusual is on."""
        node = self.kind(self, operands, inputs, position)
        result._requires_grad = True
        result._node = node
        result._output_nr = 0
        if self.plan.results:
            node._watch_results((result,))


def _meta_of_gradient(meta, device):
    """The meta of the gradient of an input, as it is computed on a device."""
    if meta.device is device and meta.is_contiguous and not meta.mirrored:
        return meta
    return meta.replaced(meta.shape, device=device)


class KernelNode(RecallingNode):
    """A recorded kernel: its gradient is the derivative of the kernel at the saved inputs.

    What is saved of a tensor is its value, which has the history that the edge says; or it is a
    `Saved`, where there is more to it.
    """

    def __init__(self, tape, operands, inputs, position=None):
        """`operands` as the call had them, tensors and numbers; `inputs`: the tensors' values."""
        # without calls of what it is made of, since this is most of what a history costs
        self._edges = edges = []
        for place in tape.wanted:
            each = operands[place]
            made = each._node
            if made is None or each._base is not None:
                edges.append(wanted_edge_of(each))
            else:
                edges.append((made, each._output_nr))
        self._metas = tape.metas
        self._sequence = next(numbers)
        self._hooks = None
        self._level = _local.level
        plan = tape.plan
        self._tape = tape
        self._kernel = tape.kernel
        self._wanted = tape.wanted
        self._device = tape.device
        self._position = position  # of the user's line
        self._input_metas = tape.input_metas
        self._plan = plan
        self._saved = saved = {}
        for place in plan.needs:
            saved[place] = inputs[place]
        self._watched = (
            [watch(place, operands[place]) for place in plan.watched] if plan.watched else ()
        )

    def _keep(self, operands, below):
        """Save tensors as hooks make them, or with tangents, or with edges that are none of ours."""
        keep = Saved if saving.hooks is None else Packed
        if keep is Packed:
            self._watched = ()
        for i in self._plan.needs:
            each = operands[i]
            if isinstance(each, Tensor):
                wanted = i in self._wanted
                edge = self._edges[self._wanted.index(i)] if wanted else edge_of(each)
                if keep is Packed and i not in self._plan.watched:
                    # torch saves something else, and the user may change this one afterwards
                    each = Saved(each, self._device, edge, below).unpack()
                self._saved[i] = keep(each, self._device, edge, below)

    def _share_numbers(self, made):
        """Take the numbers of the operation that made a result for the same as those saved here.

        A derivative that computes some of it again then computes the same, to XLA's eyes.
        """
        kernel, saved = self._kernel, self._saved
        if made.kernel is not kernel and made.inputs:
            made = made.inputs[0]  # it picks one of several
        if getattr(made, "kernel", None) is not kernel or not made.inputs:
            return
        places = [i for i in self._plan.needs if kernel.inputs[i].__class__ is str]
        if any(made.inputs[i] is not saved[i] for i in places):
            return  # it made what this memory held before
        made.inputs = inputs = tuple([
            SHARED[each.__class__](each) if each.__class__ in SHARED else each
            for each in made.inputs
        ])  # fmt: skip
        for place in places:
            saved[place] = inputs[place]

    def _apply(self, gradients):
        if self._saved is None:
            raise RuntimeError(FREED)
        if self._watched:
            recheck(self)
        device = self._device
        if len(gradients) == 1:
            given = () if gradients[0] is None else (0,)
        else:
            given = tuple([place for place, each in enumerate(gradients) if each is not None])
        if not given:
            return [None] * len(self._wanted)
        if mode.enabled or tangents.level:
            return self._apply_with_history(gradients, given)
        tape = self._tape
        saved = self._saved
        received = [node_on(gradients[place], device) for place in given]
        results = [None] * len(tape.wanted)
        opened = {}
        for kernel, needs, picks, places in tape.steps(given):
            if kernel is None:
                (node,) = received
            else:
                inputs = []
                for place in needs:
                    each = saved[place]
                    if each.__class__ is Saved or each.__class__ is Packed:
                        each = self._value(place, opened)
                    inputs.append(each)
                node = record(kernel, (*inputs, *received), device, self._position)
            if not picks:
                results[places[0]] = from_node(node, tape.gradient_metas[places[0]])
            else:
                for place, pick in zip(places, picks, strict=True):
                    node_of_one = record(pick, (node,), device)
                    results[place] = from_node(node_of_one, tape.gradient_metas[place])
        return self._moved(results) if tape.moves else results

    def _moved(self, gradients):
        """Gradients on the devices of the inputs that they belong to."""
        metas = self._tape.input_metas
        return [
            each if each is None or each._meta.device is meta.device else each.to(meta.device)
            for each, meta in zip(gradients, metas, strict=True)
        ]

    def _value(self, place, opened):
        """The value of a saved tensor; `opened` has what hooks have given."""
        each = self._saved[place]
        if each.__class__ is Saved:
            return each.node
        if place not in opened:  # hooks are asked once, whatever it is needed for
            opened[place] = node_on(each.unpack(), self._device)
        return opened[place]

    def _apply_with_history(self, gradients, given):
        """The same where the gradients may have a history themselves, or tangents."""
        backward = backward_of(self._kernel, self._wanted, given)
        operands = [self._unpacked(i) for i in backward.needs]
        operands += [gradients[place] for place in given]
        metas = [Meta(each.shape, each.dtype, self._device) for each in self._input_metas]
        name = backward_name(type(self).__name__)
        results = call_kernel(name, backward.kernel, operands, metas, self._device)
        for place, each in enumerate(results):
            if each._node is not None and place not in backward.live:
                each._node, each._requires_grad = None, False  # zeros, whatever the gradients are
        return self._moved(results)

    def _release(self):
        if self._plan.frees:
            self._saved, self._watched = None, ()

    def _shown(self, values):
        by_place = dict(zip(self._wanted, values, strict=True))
        return [by_place.get(place) for place in shown_slots(self.name(), self._kernel)]

    def _hidden(self, shown):
        by_place = dict(zip(shown_slots(self.name(), self._kernel), shown, strict=True))
        return [by_place.get(place) for place in self._wanted]

    def _watch_results(self, results):
        """Notice changes of those results that torch saves."""
        if saving.hooks is None:
            watched = [watch(~place, results[place]) for place in self._plan.results]
            self._watched = [*self._watched, *watched]

    def _watch_origin(self, place, tensor):
        """Notice changes of what a saved input was made of, which torch saves in its place."""
        if saving.hooks is None:
            _, version, count, _, is_view = watch(place, tensor)
            self._watched = [*self._watched, (place, version, count, lambda: tensor, is_view)]

    def _watch_written(self, target):
        """The one result has been written into the first operand, which stays saved as it was."""
        self._watched = [each for each in self._watched if each[0] > 0]
        self._watch_results([target])

    def _input_again(self, place):
        """An input of the kernel: a tensor or a number."""
        if self._saved is None:
            raise RuntimeError(FREED)
        each = self._unpacked(place)
        return each if isinstance(each, Tensor) else PLAIN[each.__class__](each)

    def _unpacked(self, place):
        """A saved input: a tensor as it was, or a number."""
        each = self._saved[place]
        if isinstance(each, Saved):
            return each.unpack()
        if each.__class__ is not Value:
            return each
        tensor = from_node(each, Meta(each.aval.shape, BY_NUMPY[each.aval.dtype], self._device))
        if place in self._wanted:
            restored(tensor, self._edges[self._wanted.index(place)], None)
        return tensor

    def _hooked(self, place):
        """What hooks have made of a saved tensor, or None."""
        found = (self._saved or {}).get(place)
        return found if found.__class__ is Packed else None

    def _hook(self, place, tensor, pack, unpack):
        """Let hooks keep a saved tensor: an input, or (~ its place) a result."""
        saved = self._saved[place] if place >= 0 else None
        if saved.__class__ in PLAIN:
            raise RuntimeError(
                "jtorch keeps Python numbers as they are: there are no hooks on them"
            )
        if saved is None or saved.__class__ is Value:
            saved = Saved(tensor, self._device, edge_of(tensor))
        self._saved[place] = Packed.of(saved, pack, unpack, tensor.detach())

    def _result_again(self, place):
        """A result of the kernel, computed once more."""
        hooked = self._hooked(~place)
        if hooked is not None:
            return hooked.unpack()
        refuse_changed(self, [each for each in self._watched if each[0] == ~place])
        inputs = [self._input_again(i) for i in range(len(self._kernel.inputs))]
        inputs = [node_of(each) if isinstance(each, Tensor) else each for each in inputs]
        node = record(self._kernel, tuple(inputs), self._device)
        if self._kernel.output.__class__ is tuple:
            node = record(pick_kernels(self._kernel)[place], (node,), self._device)
        made = from_node(node, self._metas[place])
        if is_differentiable(made._meta.dtype.numpy):
            point(made, self, place)
        return made


def wanted_of(kernel, operands):
    """The places of those operands that gradients are wanted of.

    A derivative may be constant as far as some of them are concerned; they are none of its inputs.
    """
    wanted = tuple([
        i
        for i, each in enumerate(operands)
        if isinstance(each, Tensor) and needs_gradient(each)
    ])  # fmt: skip
    if wanted and kernel is not None and is_backward(kernel):
        return live_of(kernel, wanted)
    return wanted


def watch_origins(result, origins):
    """Have the node of a result notice changes of tensors that its inputs were made of.

    `origins` are pairs of an input's place and the tensor.
    """
    if isinstance(result._node, KernelNode):
        for place, tensor in origins:
            result._node._watch_origin(place, tensor)


def renamed(node, name):
    """A node of a kernel under another name: of a variant of the operation, or of its C++ overload."""
    if isinstance(node, KernelNode):
        node.__class__ = named(KernelNode, name)
        plan = node._plan = plan_of(name, node._kernel, node._wanted)
        node._watched = [each for each in node._watched if each[0] in plan.watched]
    return node


def by_number(tensor):
    """The result of arithmetic with a number, whose node C++ names by the overload for numbers."""
    if tensor._node is not None:
        renamed(tensor._node, tensor._node.name().replace("Backward0", "Backward1"))
    return tensor


def connect_constant(name, operands, result):
    """Give a result its place in the graph although nothing in it depends on the operands."""
    if name.__class__ is Underived:
        connect(name, None, operands, [result], result._meta.device)
    elif mode.enabled and result._meta.dtype.category >= FLOATING:
        edges = [edge_of(each) for each in operands if isinstance(each, Tensor)]
        if any(edges):
            point(result, named(ConstantNode, name)(edges, result._meta))


class RefusingNode(Node):
    """An operation without a derivative: a history, and an error for whoever goes back there."""

    def __init__(self, operands, metas, error):
        operands = [each for each in operands if isinstance(each, Tensor) and needs_gradient(each)]
        super().__init__([edge_of(each) for each in operands], metas)
        self._error = error

    def _apply(self, gradients):
        if self._error is None:
            return [None] * len(self._edges)
        raise type(self._error)(*self._error.args)

    def _watch_written(self, target):
        """Nothing is saved that could change."""


class CopySlices(KernelNode):
    """What the base of a view has that was written to: the old base, and what was written."""

    _window = None  # shape and strides of the view

    def _apply(self, gradients):
        if self._window is not None and 0 in self._wanted:
            assert_no_internal_overlap(*self._window)  # torch writes to it here
        return super()._apply(gradients)

    def _next(self):
        """torch joins this node and the one of the operation that made what was written."""
        old, written = super()._next()
        return (old, written) if written[0] is None else (old, *written[0]._next()[1:])


class ConstantNode(Node):
    """What a constant has that was made of tensors, or has overwritten one: gradients of 0."""

    def __init__(self, edges, meta):
        super().__init__(edges, (meta,))

    def _apply(self, gradients):
        return [None if gradients[0] is None else _zeros(edge) for edge in self._edges]

    def _watch_written(self, target):
        """Nothing is saved that could change."""


def _zeros(edge):
    """The gradient of what no gradient reaches."""
    if edge is None:
        return None
    node, place = edge
    meta = node._metas[place]
    return constant(Meta(meta.shape, meta.dtype, meta.device), 0)


def call_kernel(name, kernel, operands, metas, device, below=None):
    """Record a kernel and its history; `operands` are tensors and numbers. Returns its results.

    With `below`, the results are part of a tangent of that level: see `push`.
    """
    inputs = tuple(
        [node_on(each, device) if isinstance(each, Tensor) else each for each in operands]
    )
    node = record(kernel, inputs, device)
    if kernel.output.__class__ is tuple:
        picked = [record(pick, (node,), device) for pick in pick_kernels(kernel)]
    else:
        picked = [node]
    results = [from_node(each, meta) for each, meta in zip(picked, metas, strict=True)]
    if tracked(operands):
        attach(name, kernel, operands, results, device, below, inputs)
    return results


def attach(name, kernel, operands, results, device, below=None, inputs=None):
    """Give the results of a kernel their place in the graph, and their tangents.

    `inputs` are the values of the operands, where they have been read.
    """
    if name is None:
        return
    if tangents.level:
        if name.__class__ is Underived:
            name.refuse_tangents(operands)
        else:
            push(call_kernel, name, kernel, operands, results, device, below)
    connect(name, kernel, operands, results, device, below, inputs)


def connect(name, kernel, operands, results, device, below=None, inputs=None):
    """Give the results of a kernel their place in the graph."""
    if not mode.enabled:
        return
    metas = tuple([each._meta for each in results])
    kinds = [meta.dtype.category >= FLOATING for meta in metas]
    wanted = wanted_of(kernel, operands) if True in kinds else ()
    if not wanted:
        return
    if name.__class__ is Underived:
        node = named(RefusingNode, name.name)(operands, metas, name.error)
    else:
        made = results[0]._storage.value
        node = kernel_node(name, kernel, operands, metas, device, wanted, made, below, inputs)
    for place, each in enumerate(results):
        if kinds[place]:
            point(each, node, place)
    if name.__class__ is not Underived:
        if node._plan.needs_numbers and made is not None:
            node._share_numbers(made)
        if node._plan.results:
            node._watch_results(results)


def kernel_node(
    name, kernel, operands, metas, device, wanted=None, made=None, below=None, inputs=None
):
    """The node of the graph for a kernel, whose result is the engine's node `made`."""
    wanted = wanted_of(kernel, operands) if wanted is None else wanted
    input_metas = tuple([operands[i]._meta for i in wanted])
    key = (name, kernel, wanted, metas, input_metas, device)
    tape = _tapes.get(key)
    if tape is None:
        tape = _tapes[key] = Tape(*key)
    tensors = [place for place in tape.plan.needs if isinstance(operands[place], Tensor)]
    plain = saving.hooks is None and not tangents.open and not is_backward(kernel)
    plain = plain and all([operands[place]._meta.device is device for place in tensors])
    if inputs is None:
        inputs = dict(enumerate(operands))
        for place in tensors if plain else ():
            inputs[place] = node_on(operands[place], device)
    node = tape.kind(tape, operands, inputs, None if made is None else made.position)
    if not plain:
        node._keep(operands, below)
    if anomaly.enabled:
        node._trace = where_recorded()
    return node


_tapes = {}
