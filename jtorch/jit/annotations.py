"""torch.jit.annotations: names that annotations of scripts use."""

from jtorch._alias import missing_attribute

__all__ = ["BroadcastingList1", "BroadcastingList2", "BroadcastingList3"]


class _Broadcasting:
    """A list, or one value for all of its elements: `BroadcastingList2[int]`."""

    def __getitem__(self, kind):
        return list[kind]


BroadcastingList1 = BroadcastingList2 = BroadcastingList3 = _Broadcasting()


def __getattr__(name):
    raise missing_attribute(__name__, name)
