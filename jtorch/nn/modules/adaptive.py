"""The softmax whose classes are in clusters by frequency."""

import collections
import itertools

import numpy as np

from jtorch._alias import missing_attribute
from jtorch._interop import from_numpy
from jtorch._ops.filling import where
from jtorch.nn import functional
from jtorch.nn.modules.container import ModuleList, Sequential
from jtorch.nn.modules.linear import Linear
from jtorch.nn.modules.module import Module

__all__ = ["AdaptiveLogSoftmaxWithLoss"]

_ASMoutput = collections.namedtuple("_ASMoutput", ["output", "loss"])


def _check_cutoffs(cutoffs, n_classes):
    if not cutoffs:
        raise ValueError("cutoffs should be a sequence of length larger than 0")
    if (
        cutoffs != sorted(set(cutoffs))
        or cutoffs[0] <= 0
        or cutoffs[-1] > n_classes - 1
        or any(int(each) != each for each in cutoffs)
    ):
        raise ValueError(
            "cutoffs should be a sequence of unique, positive integers sorted in an increasing "
            "order, where each value is between 1 and n_classes-1"
        )


def _check_target(input, target):
    if target.dim() == 1:
        if input.size(0) != target.size(0):
            raise RuntimeError("Input and target should have the same size in the batch dimension.")
        if input.dim() != 2:
            raise RuntimeError(
                f"1D target tensor expects 2D input tensors, but found inputs with size "
                f"{input.size()}"
            )
    elif target.dim() == 0:
        if input.dim() != 1:
            raise RuntimeError(
                f"0D target tensor expects 1D input tensors, but found inputs with size "
                f"{input.size()}"
            )
    else:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")


def _padded(rows, count):
    """(rows to compute, places for what comes of them): a few lengths, so there are few programs.

    What is computed too much goes to the place `count`, which nobody reads.
    """
    length = min(1 << (len(rows) - 1).bit_length(), count)
    filler = length - len(rows)
    return np.pad(rows, (0, filler)), np.pad(rows, (0, filler), constant_values=count)


class AdaptiveLogSoftmaxWithLoss(Module):
    """log_softmax of many classes: the frequent ones in a head, the others in clusters behind it.

    `cutoffs` are the classes that clusters begin with; each next one computes with a `div_value`th
    of the features. The loss computes a cluster for those rows only whose target is in it; so it
    waits for the target.

    Shape:   (N, in_features), (N) -> (N), (); or without N.
    Attributes: head, a Linear; tail, a Sequential of two for each cluster.
    Errors:  ValueError for cutoffs out of order.
    Source:  torch.nn.AdaptiveLogSoftmaxWithLoss.
    """

    in_features: int
    n_classes: int
    cutoffs: list[int]
    div_value: float
    head_bias: bool
    head: Linear
    tail: ModuleList

    def __init__(
        self, in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, device=None,
        dtype=None,
    ):  # fmt: skip
        super().__init__()
        cutoffs = list(cutoffs)
        _check_cutoffs(cutoffs, n_classes)
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = [*cutoffs, n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = self.cutoffs[0]
        self.n_clusters = len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        kind = {"device": device, "dtype": dtype}
        self.head = Linear(self.in_features, self.head_size, bias=self.head_bias, **kind)
        self.tail = ModuleList()
        for number, (low, high) in enumerate(itertools.pairwise(self.cutoffs), 1):
            inner = int(self.in_features // self.div_value**number)
            self.tail.append(
                Sequential(
                    Linear(self.in_features, inner, bias=False, **kind),
                    Linear(inner, high - low, bias=False, **kind),
                )
            )

    def reset_parameters(self):
        """Give the parameters their initial values."""
        self.head.reset_parameters()
        for narrowing, widening in self.tail:
            narrowing.reset_parameters()
            widening.reset_parameters()

    def forward(self, input_, target_):
        _check_target(input_, target_)
        is_batched = target_.dim() > 0
        input = input_ if is_batched else input_.unsqueeze(0)
        target = (target_ if is_batched else target_.unsqueeze(0)).cpu().numpy()
        if ((target < 0) | (target >= self.n_classes)).any():
            raise RuntimeError(
                f"Target values should be in [0, {self.n_classes - 1}], but values in range "
                f"[{target.min()}, {target.max()}] were found. "
            )
        output, places = self._of_clusters(input, target)
        likely = functional.log_softmax(self.head(input), dim=1)
        places = from_numpy(places).to(input.device)
        output = output + likely.gather(1, places.unsqueeze(1)).squeeze()
        loss = (-output).mean()
        return _ASMoutput(output if is_batched else output.squeeze(0), loss)

    def _of_clusters(self, input, target):
        """(what each target's cluster says of it, or 0; the place of each in the head)."""
        count = len(target)
        output = input.new_zeros(count + 1)
        places = target.astype(np.int64)
        for number, (low, high) in enumerate(itertools.pairwise(self.cutoffs)):
            rows = np.flatnonzero((target >= low) & (target < high))
            if not len(rows):
                continue
            places[rows] = self.shortlist_size + number
            rows, goals = _padded(rows, count)
            chosen = np.where(goals < count, target[rows] - low, 0).astype(np.int64)
            given, goals, chosen = [
                from_numpy(each).to(input.device) for each in (rows, goals, chosen)
            ]
            likely = functional.log_softmax(self.tail[number](input.index_select(0, given)), dim=1)
            output.index_copy_(0, goals, likely.gather(1, chosen.unsqueeze(1)).squeeze(1))
        return output[:count], places

    def _get_full_log_prob(self, input, head_output):
        """The log-probabilities of all classes, from what the head gives."""
        out = input.new_empty((head_output.size(0), self.n_classes))
        head = functional.log_softmax(head_output, dim=1)
        out[:, : self.shortlist_size] = head[:, : self.shortlist_size]
        for number, (low, high) in enumerate(itertools.pairwise(self.cutoffs)):
            likely = functional.log_softmax(self.tail[number](input), dim=1)
            out[:, low:high] = likely + head[:, self.shortlist_size + number].unsqueeze(1)
        return out

    def log_prob(self, input):
        """The log-probabilities of all classes. Shape: (N, in_features) -> (N, n_classes)."""
        return self._get_full_log_prob(input, self.head(input))

    def predict(self, input):
        """The most likely classes; computes clusters where the head asks for one.

        Shape:   (N, in_features) -> (N).
        """
        head_output = self.head(input)
        output = head_output.argmax(dim=1)
        elsewhere = output >= self.shortlist_size
        if not elsewhere.any():
            return output
        return where(elsewhere, self._get_full_log_prob(input, head_output).argmax(dim=1), output)


def __getattr__(name):
    raise missing_attribute(__name__, name)
