"""torch.utils._pytree: nested containers as lists of leaves, as libraries use it."""

from jtorch._alias import missing_attribute
from jtorch._trees import LEAF, TreeSpec, flatten, tree_map, unflatten

__all__ = [
    "LeafSpec", "PyTree", "TreeSpec", "tree_all", "tree_any", "tree_flatten", "tree_leaves",
    "tree_map", "tree_map_only", "tree_structure", "tree_unflatten",
]  # fmt: skip

PyTree = object


def __getattr__(name):
    raise missing_attribute(__name__, name)


def LeafSpec():
    """The structure of a leaf."""
    return LEAF


def tree_flatten(tree):
    """(leaves, structure)."""
    return flatten(tree)


def tree_unflatten(leaves, treespec):
    """The tree of this structure with these leaves. Errors: ValueError if there are not as many."""
    return unflatten(leaves, treespec)


def tree_leaves(tree):
    return flatten(tree)[0]


def tree_structure(tree):
    return flatten(tree)[1]


def tree_map_only(kinds, function, tree):
    """`tree_map` of the leaves of some classes."""

    def change(each):
        return function(each) if isinstance(each, kinds) else each

    return tree_map(change, tree)


def tree_all(predicate, tree):
    return all(map(predicate, tree_leaves(tree)))


def tree_any(predicate, tree):
    return any(map(predicate, tree_leaves(tree)))
