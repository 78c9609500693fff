"""Two tensors change places, with all that is known of them."""

import weakref

from jtorch._tensor import Tensor


def swap_tensors(t1, t2):
    """Swap two tensors: whoever holds one of them has the other's class, values and attributes.

    Errors:  RuntimeError where something else than the tensors' holders points to one of them.
    Source:  torch.utils.swap_tensors.
    """
    for each in (t1, t2):
        if weakref.getweakrefs(each):
            raise RuntimeError("Cannot swap t1 because it has weakref associated with it"
                               if each is t1 else
                               "Cannot swap t2 because it has weakref associated with it")  # fmt: skip
        if each._accumulator is not None and each._accumulator() is not None:
            raise RuntimeError(
                "Expected single reference to a's Tensor, as it is still in use in a graph"
            )
    if type(t1) is not type(t2) and not (isinstance(t1, Tensor) and isinstance(t2, Tensor)):
        raise TypeError("swap_tensors takes tensors")
    t1.__class__, t2.__class__ = t2.__class__, t1.__class__
    first, second = dict(vars(t1)), dict(vars(t2))
    vars(t1).clear()
    vars(t1).update(second)
    vars(t2).clear()
    vars(t2).update(first)
