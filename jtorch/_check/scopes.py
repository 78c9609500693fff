"""Names and what they may stand for, scope by scope, as far as the text of a program says."""

import ast
import dataclasses


@dataclasses.dataclass(frozen=True)
class Path:
    """Something of torch's, by its dotted name: `torch.nn.functional`."""

    name: str


@dataclasses.dataclass(frozen=True)
class Method:
    """A method of a tensor."""

    name: str


@dataclasses.dataclass(frozen=True)
class Other:
    """What is no name of torch's."""

    what: str


UNKNOWN, NONE, TENSOR = Other("unknown"), Other("None"), Other("a tensor")
ANYTHING = frozenset([UNKNOWN])


class Scope:
    """A module, a class, a function or a comprehension.

    `now` is what names stand for at the line that is being read. `ever` is all that they stand for
    anywhere in the scope: what a function sees that is called some time later.
    """

    def __init__(self, node, parent, ever, *, is_class=False, later=False):
        self.parent, self.is_class, self.later = parent, is_class, later
        self.is_comprehension = False
        self.now, self.ever = {}, ever.setdefault(node, {})
        self.own = None if later is False else bound_names(node)  # of a function: known beforehand
        self.elsewhere = {}  # names declared global or nonlocal: the scope that has them

    def bind(self, name, values):
        home = self.elsewhere.get(name)
        if home is not None:
            home.ever.setdefault(name, set()).update(values)
            return
        self.now[name] = frozenset(values)
        self.ever.setdefault(name, set()).update(values)

    def unbind(self, name):
        self.now.pop(name, None)

    def find(self, name):
        """What `name` may stand for where it is read in this scope."""
        scope, later, first = self, False, True
        while scope is not None:
            if name in scope.elsewhere:
                home = scope.elsewhere[name]
                return frozenset(home.ever.get(name, ANYTHING))
            if first or not scope.is_class:
                found = scope.ever.get(name) if later else scope.now.get(name)
                if found is not None:
                    return frozenset(found)
                if scope.own is not None and name in scope.own:
                    return ANYTHING  # a local name that is read before it is bound
            later = later or scope.later
            scope, first = scope.parent, False
        return ANYTHING

    def declare(self, names, is_global):
        """`global` and `nonlocal`: where these names live."""
        home = self.parent
        while home.parent is not None and (is_global or home.is_class or home.own is None):
            home = home.parent
        for name in names:
            self.elsewhere[name] = home


def merged(*states):
    """What names may stand for after one of several ways was taken."""
    together = {}
    for state in states:
        for name, values in state.items():
            together[name] = together.get(name, frozenset()) | values
    return together


def bound_names(function):
    """The names that are local to a function or a lambda."""
    arguments = function.args
    found = {
        each.arg for each in
        (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs,
         *filter(None, (arguments.vararg, arguments.kwarg)))
    }  # fmt: skip
    declared = set()
    body = function.body if isinstance(function.body, list) else [function.body]
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Global | ast.Nonlocal):
            declared.update(node.names)
        found.update(_bound_by(node))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue  # scopes of their own
        if isinstance(node, ast.comprehension):
            waiting.extend([node.iter, *node.ifs])  # what it binds is the comprehension's
            continue
        waiting.extend(ast.iter_child_nodes(node))
    return found - declared


def _bound_by(node):
    """The names that one node binds by itself."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        return [node.id]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        return [node.name]
    return [node.rest] if isinstance(node, ast.MatchMapping) and node.rest else []
