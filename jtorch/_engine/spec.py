"""What must be true of a recorded batch of nodes; checked under JTORCH_CHECK_RULES, as in the tests."""

from jtorch._engine.node import NUMBER_KINDS, SHARED, Aval, Node

_SHARED = frozenset(SHARED.values())


def check(nodes) -> None:
    """Raise AssertionError with the node that breaks an invariant."""
    seen = set()
    for node in nodes:
        kernel = node.kernel
        assert node.value is None, f"recorded and computed at once: {node!r}"
        assert node.aval is kernel.output, f"{node!r} claims to be {node.aval}"
        assert len(node.inputs) == len(kernel.inputs), f"{node!r} has {len(node.inputs)} inputs"
        numbers = [each.__class__ in _SHARED for each in node.inputs if each.__class__ is not Node]
        assert len(set(numbers)) < 2, f"some numbers of {node!r} are shared, and some are not"
        for position, (given, wanted) in enumerate(zip(node.inputs, kernel.inputs, strict=True)):
            if given.__class__ is not Node:
                found = NUMBER_KINDS[given.__class__]
                assert found == wanted, f"input {position} of {node!r} is the number {given!r}"
                continue
            assert given.aval == wanted, f"input {position} of {node!r} is {given.aval}"
            if given.value is None:
                assert id(given) in seen, f"input {position} of {node!r} comes after it"
                continue
            assert _avals_of(given.value) == _several(given.aval), (
                f"input {position} of {node!r} holds {_avals_of(given.value)}, not {given.aval}"
            )
        seen.add(id(node))


def _several(each):
    return each if each.__class__ is tuple else (each,)


def _avals_of(value):
    """The avals that an array has, or each of several."""
    return tuple([Aval(array.shape, array.dtype) for array in _several(value)])
