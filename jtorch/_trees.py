"""Nested containers as flat lists and back: tuples, lists, dicts, named tuples, ordered dicts, deques."""

import collections
import dataclasses


@dataclasses.dataclass(frozen=True, repr=False)
class TreeSpec:
    """The structure of a tree: the class of its root, what that needs besides, and its branches."""

    type: object
    context: object
    children: tuple

    @property
    def num_leaves(self):
        return 1 if self.type is None else sum(each.num_leaves for each in self.children)

    def __repr__(self, indent=0):
        if self.type is None:
            return "*"
        start = f"TreeSpec({self.type.__name__}, {self.context}, ["
        inner = indent + 2
        branches = [each.__repr__(inner) for each in self.children]
        if len(branches) > 1:
            rest = "".join(",\n" + " " * inner + each for each in branches[1:])
            return f"{start}{branches[0]}{rest}])"
        return f"{start}{''.join(branches)}])"


LEAF = TreeSpec(None, None, ())


def _parts(tree):
    """(class, context, branches) of a container; None for a leaf."""
    kind = type(tree)
    if kind in (tuple, list):
        return kind, None, tree
    if kind in (dict, collections.OrderedDict):
        return kind, list(tree), list(tree.values())
    if kind is collections.defaultdict:
        return kind, [tree.default_factory, list(tree)], list(tree.values())
    if kind is collections.deque:
        return kind, tree.maxlen, list(tree)
    if isinstance(tree, tuple) and hasattr(kind, "_fields"):
        return collections.namedtuple, kind, tree
    return None


def flatten(tree):
    """(leaves, structure)."""
    parts = _parts(tree)
    if parts is None:
        return [tree], LEAF
    kind, context, branches = parts
    leaves, specs = [], []
    for each in branches:
        found, spec = flatten(each)
        leaves += found
        specs.append(spec)
    return leaves, TreeSpec(kind, context, tuple(specs))


def unflatten(leaves, spec):
    """The tree of this structure with these leaves."""
    leaves = list(leaves)
    if len(leaves) != spec.num_leaves:
        raise ValueError(f"{len(leaves)} leaves for a structure of {spec.num_leaves}: {spec}")
    return _built(iter(leaves), spec)


def _built(leaves, spec):
    if spec.type is None:
        return next(leaves)
    branches = [_built(leaves, each) for each in spec.children]
    if spec.type in (tuple, list):
        return spec.type(branches)
    if spec.type is collections.defaultdict:
        factory, keys = spec.context
        return collections.defaultdict(factory, zip(keys, branches, strict=True))
    if spec.type is collections.deque:
        return collections.deque(branches, maxlen=spec.context)
    if spec.type is collections.namedtuple:
        return spec.context(*branches)
    return spec.type(zip(spec.context, branches, strict=True))


class _Star:
    def __repr__(self):
        return "*"


def drawn(spec):
    """A structure as text: its containers, with a star for each leaf."""
    return repr(unflatten([_Star()] * spec.num_leaves, spec))


def tree_map(function, tree):
    """The tree with `function` applied to each leaf."""
    leaves, spec = flatten(tree)
    return unflatten([function(each) for each in leaves], spec)


def broadcast_to(tree, spec):
    """The leaves of `tree` for each leaf of `spec`, of which it is a prefix; None if it is not."""
    if _parts(tree) is None:
        return [tree] * spec.num_leaves
    kind, context, branches = _parts(tree)
    if kind is not spec.type or context != spec.context or len(branches) != len(spec.children):
        return None
    leaves = []
    for each, child in zip(branches, spec.children, strict=True):
        found = broadcast_to(each, child)
        if found is None:
            return None
        leaves += found
    return leaves
