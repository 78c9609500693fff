"""The names of torch's that a source uses, through its aliases, with their places.

Only the syntax tree is read. Statements are followed in their order, both ways of a branch; a
function's body is read after all that surrounds it. A name counts where it can only be torch's.
"""

import ast
import dataclasses

from jtorch._check.scopes import (
    ANYTHING,
    NONE,
    TENSOR,
    UNKNOWN,
    Method,
    Path,
    Scope,
    merged,
)


def _words(text):
    return frozenset(text.split())


# Functions of torch's whose result is a tensor and nothing else, and methods that return one.
_MAKERS = _words(
    "arange as_tensor empty empty_like eye from_numpy full full_like linspace logspace ones "
    "ones_like rand rand_like randint randint_like randn randn_like randperm scalar_tensor "
    "tensor zeros zeros_like Tensor FloatTensor LongTensor"
)
_KEEPERS = _words(
    "abs bfloat16 bool clone contiguous cpu cuda detach double exp expand flatten float half int "
    "log long mean permute pow requires_grad_ reshape sqrt squeeze sum t to transpose type "
    "unsqueeze view"
)
_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError"}
_NAME_ERRORS = {*_IMPORT_ERRORS, "AttributeError"}
_ANY_ERROR = {"Exception", "BaseException"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclasses.dataclass(frozen=True)
class Use:
    """A name of torch's at a place; `guarded` where the program goes on without it."""

    name: str
    line: int
    column: int
    cell: int | None = None
    guarded: bool = False


def find(parts, star):
    """The uses in a source: `parts` are (cell or None, tree, text); in the order of their places.

    `star` gives the names that `from a_module import *` brings.
    """
    reader = _Reader(parts, star)
    reader.read()  # what names stand for anywhere
    reader.read()
    return sorted(
        (dataclasses.replace(use, guarded=use.guarded or reader.is_asked_for(use.name))
         for use in reader.found),
        key=lambda use: (use.cell or 0, use.line, use.column, use.name),
    )  # fmt: skip


class _Reader:
    def __init__(self, parts, star):
        self.parts, self.star = parts, star
        self.ever, self.asked, self.stored = {}, set(), set()

    def read(self):
        self.found, self.waiting = set(), []
        self.guards, self.fallback = 0, frozenset()
        self.scope = Scope("module", None, self.ever)
        for cell, tree, text in self.parts:
            self.cell, self.lines = cell, text.split("\n")
            self.body(tree.body)
        while self.waiting:
            node, self.scope, self.cell, self.lines, self.guards, self.fallback = self.waiting.pop(
                0
            )
            self.function(node)

    def is_asked_for(self, name):
        """Whether the source asks by `hasattr` for the name, or sets it itself."""
        pieces = name.split(".")
        prefixes = {".".join(pieces[:length]) for length in range(1, len(pieces) + 1)}
        return bool(prefixes & self.asked or prefixes & self.stored)

    # What is found.

    def use(self, name, line, column):
        if name.startswith("torch."):
            self.found.add(Use(name, line, column + 1, self.cell, self.guards > 0))

    def at(self, node, width=None):
        """Line and column, in characters, of a node; of its last `width` characters if given."""
        if width is None:
            line, column = node.lineno, node.col_offset
        else:
            line, column = node.end_lineno, node.end_col_offset - width
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return line, len(text.encode()[: max(column, 0)].decode("utf-8", "ignore"))

    # Statements.

    def body(self, statements):
        for statement in statements:
            method = getattr(self, f"do_{type(statement).__name__}", self.children)
            method(statement)

    def children(self, node):
        """Whatever has no rule of its own: its expressions and statements, in order."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.body([child])
            elif isinstance(child, ast.expr):
                self.expression(child)
            else:
                self.children(child)

    def do_Import(self, node):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            if top == "torch":
                self.use(alias.name, *self.at(alias))
            value = Path(alias.name if alias.asname else top) if top == "torch" else UNKNOWN
            self.bind(alias.asname or top, {value})

    def do_ImportFrom(self, node):
        module = node.module or ""
        is_torch = node.level == 0 and module.partition(".")[0] == "torch"
        for alias in node.names:
            if alias.name == "*":
                if is_torch:
                    self.use(module, *self.at(node))
                    for name in self.star(module):
                        self.bind(name, {Path(f"{module}.{name}")})
                continue
            value = UNKNOWN
            if is_torch:
                value = Path(f"{module}.{alias.name}")
                self.use(value.name, *self.at(alias))
            self.bind(alias.asname or alias.name, {value})

    def do_Assign(self, node):
        values = self.expression(node.value)
        for target in node.targets:
            self.assign(target, values, node.value)

    def do_AnnAssign(self, node):
        annotation = self.expression(node.annotation)
        values = self.expression(node.value) if node.value else ANYTHING
        if annotation == {Path("torch.Tensor")}:
            values = {TENSOR}
        if node.value is not None or values == {TENSOR}:
            self.assign(node.target, values, node.value)
        elif not isinstance(node.target, ast.Name):  # a name is only announced
            self.assign(node.target, ANYTHING, None)

    def do_AugAssign(self, node):
        self.expression(node.value)
        if isinstance(node.target, ast.Name):
            if self.scope.find(node.target.id) != {TENSOR}:
                self.bind(node.target.id, ANYTHING)
        else:
            self.assign(node.target, ANYTHING, None)

    def do_Delete(self, node):
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scope.unbind(target.id)
            else:
                self.children(target)

    def do_Global(self, node):
        if self.scope.parent is not None:
            self.scope.declare(node.names, True)

    def do_Nonlocal(self, node):
        self.scope.declare(node.names, False)

    def do_FunctionDef(self, node):
        for decorator in node.decorator_list:
            self.expression(decorator)
        self.signature(node.args)
        if node.returns:
            self.expression(node.returns)
        self.bind(node.name, ANYTHING)
        self.later(node)

    do_AsyncFunctionDef = do_FunctionDef

    def do_ClassDef(self, node):
        for each in (*node.decorator_list, *node.bases, *(word.value for word in node.keywords)):
            self.expression(each)
        outer, self.scope = self.scope, Scope(node, self.scope, self.ever, is_class=True)
        self.body(node.body)
        self.scope = outer
        self.bind(node.name, ANYTHING)

    def do_If(self, node):
        self.expression(node.test)
        typing_only = ast.unparse(node.test).rpartition(".")[2] == "TYPE_CHECKING"
        self.branches((node.body, typing_only), (node.orelse, False))

    def do_For(self, node):
        self.expression(node.iter)
        self.branches(([node], False), ([], False), run=self.loop)
        self.body(node.orelse)

    do_AsyncFor = do_For

    def loop(self, statements):
        for node in statements:
            self.assign(node.target, ANYTHING, None)
            self.body(node.body)

    def do_While(self, node):
        self.expression(node.test)
        self.branches((node.body, False), ([], False))
        self.body(node.orelse)

    def do_With(self, node):
        for item in node.items:
            self.expression(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, ANYTHING, None)
        self.body(node.body)

    do_AsyncWith = do_With

    def do_Match(self, node):
        self.expression(node.subject)
        self.branches(*(([case], False) for case in node.cases), ([], False), run=self.case)

    def case(self, cases):
        for case in cases:
            for each in ast.walk(case.pattern):
                name = getattr(each, "name", None) or getattr(each, "rest", None)
                if isinstance(name, str):
                    self.bind(name, ANYTHING)
                if isinstance(each, ast.MatchClass):
                    self.expression(each.cls)
                elif isinstance(each, ast.MatchValue):
                    self.expression(each.value)
            if case.guard is not None:
                self.expression(case.guard)
            self.body(case.body)

    def do_Try(self, node):
        caught = {name for handler in node.handlers for name in _caught(handler)}
        only_imports = all(isinstance(each, ast.Import | ast.ImportFrom) for each in node.body)
        is_guard = caught & _NAME_ERRORS or (only_imports and caught & _ANY_ERROR)
        before = dict(self.scope.now)
        self.guards += bool(is_guard)
        self.body(node.body)
        self.guards -= bool(is_guard)
        after = dict(self.scope.now)
        of_torch = {
            name for name, values in after.items()
            if any(isinstance(value, Path) for value in values)
        }  # fmt: skip
        self.body(node.orelse)
        ends = [] if _leaves(node.orelse or node.body) else [dict(self.scope.now)]
        outer = self.fallback
        for handler in node.handlers:
            self.scope.now = merged(before, after)
            if is_guard and set(_caught(handler)) & (_NAME_ERRORS | _ANY_ERROR):
                self.fallback = outer | of_torch  # what stands in for torch where there is none
            if handler.type is not None:
                self.expression(handler.type)
            if handler.name:
                self.bind(handler.name, ANYTHING)
            self.body(handler.body)
            self.fallback = outer
            if not _leaves(handler.body):
                ends.append(dict(self.scope.now))
        self.scope.now = merged(*ends) if ends else after
        self.body(node.finalbody)

    do_TryStar = do_Try

    def branches(self, *ways, run=None):
        """Several ways from here, of which one is taken."""
        before, ends = dict(self.scope.now), []
        for statements, is_guarded in ways:
            self.scope.now = dict(before)
            self.guards += is_guarded
            (run or self.body)(statements)
            self.guards -= is_guarded
            if not _leaves(statements):
                ends.append(self.scope.now)
        self.scope.now = merged(*ends) if ends else before

    # Functions, which run later.

    def later(self, node):
        self.waiting.append(
            (node, self.scope, self.cell, self.lines, self.guards, self.fallback)
        )  # fmt: skip

    def function(self, node):
        self.scope = Scope(node, self.scope, self.ever, later=True)
        arguments = node.args
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs,
                     arguments.vararg, arguments.kwarg):  # fmt: skip
            if each is not None:
                self.scope.bind(each.arg, self.parameter(each, arguments))
        if isinstance(node, ast.Lambda):
            self.expression(node.body)
        else:
            self.body(node.body)

    def parameter(self, each, arguments):
        """What a parameter stands for: a tensor where its annotation says so, else unknown."""
        if each.annotation is None or each in (arguments.vararg, arguments.kwarg):
            return ANYTHING
        found, self.found = self.found, set()
        values = self.expression(each.annotation)
        self.found = found  # it was noted where the function is defined
        return {TENSOR} if values == {Path("torch.Tensor")} else ANYTHING

    def signature(self, arguments):
        for each in ast.walk(arguments):
            if isinstance(each, ast.arg) and each.annotation is not None:
                self.expression(each.annotation)
        for default in (*arguments.defaults, *filter(None, arguments.kw_defaults)):
            self.expression(default)

    # Bindings.

    def bind(self, name, values):
        if name in self.fallback and not any(isinstance(value, Path) for value in values):
            return
        self.scope.bind(name, values)

    def assign(self, target, values, source):
        if isinstance(target, ast.Name):
            self.bind(target.id, values)
        elif isinstance(target, ast.Tuple | ast.List):
            sources = getattr(source, "elts", None)
            matches = sources is not None and len(sources) == len(target.elts)
            for index, each in enumerate(target.elts):
                part = sources[index] if matches else None
                plain = part is not None and not isinstance(each, ast.Starred)
                self.assign(each, self.quietly(part) if plain else ANYTHING, part)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, ANYTHING, None)
        elif isinstance(target, ast.Attribute):
            for value in self.expression(target.value):
                if isinstance(value, Path):
                    self.stored.add(f"{value.name}.{target.attr}")
        else:
            self.children(target)

    def quietly(self, node):
        """The values of an expression whose names were noted before."""
        found, self.found = self.found, set()
        values = self.expression(node)
        self.found = found
        return values

    # Expressions: what they may stand for.

    def expression(self, node, top=True):
        method = getattr(self, f"of_{type(node).__name__}", None)
        if method is not None:
            return method(node, top)
        if isinstance(node, _COMPREHENSIONS):
            return self.comprehension(node)
        self.children(node)
        return ANYTHING

    def note(self, values, place):
        """Note a use where all that a name may stand for is torch's (or None, for its lack)."""
        paths = {value for value in values if isinstance(value, Path)}
        if paths and not values - paths - {NONE}:
            for path in paths:
                self.use(path.name, *place)

    def of_Constant(self, node, top):
        return frozenset([NONE]) if node.value is None else ANYTHING

    def of_Name(self, node, top):
        values = self.scope.find(node.id)
        if top and isinstance(node.ctx, ast.Load):
            self.note(values, self.at(node))
        return values

    def of_Attribute(self, node, top):
        values = self.expression(node.value, top=False)
        if values == {TENSOR}:
            self.use(f"torch.Tensor.{node.attr}", *self.at(node, len(node.attr.encode())))
            return frozenset([Method(node.attr)])
        found = frozenset(
            Path(f"{value.name}.{node.attr}") if isinstance(value, Path) else UNKNOWN
            for value in values
            if value is not NONE
        )
        if top:
            self.note(found, self.at(node, len(node.attr.encode())))
        return found or ANYTHING

    def of_Call(self, node, top):
        function = self.expression(node.func)
        arguments = [self.expression(each) for each in node.args]
        for word in node.keywords:
            self.expression(word.value)
        if isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr"):
            return self.reflection(node, arguments)
        if len(function) == 1:
            (only,) = function
            made = isinstance(only, Path) and only.name.removeprefix("torch.") in _MAKERS
            if made or (isinstance(only, Method) and only.name in _KEEPERS):
                return frozenset([TENSOR])
        return ANYTHING

    def reflection(self, node, arguments):
        """`getattr` and `hasattr` with a text for the name."""
        is_text = len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
        if not is_text or not isinstance(node.args[1].value, str):
            return ANYTHING
        name = node.args[1].value
        found = frozenset(
            Path(f"{value.name}.{name}") if isinstance(value, Path) else UNKNOWN
            for value in arguments[0]
            if value is not NONE
        )
        if node.func.id == "hasattr":
            self.asked.update(value.name for value in found if isinstance(value, Path))
            return ANYTHING
        self.guards += len(node.args) > 2
        self.note(found, self.at(node.args[1]))
        self.guards -= len(node.args) > 2
        return found if len(node.args) == 2 and found else ANYTHING

    def of_IfExp(self, node, top):
        self.expression(node.test)
        return self.expression(node.body) | self.expression(node.orelse)

    def of_NamedExpr(self, node, top):
        values = self.expression(node.value)
        scope = self.scope
        while scope.is_comprehension:
            scope = scope.parent
        scope.bind(node.target.id, values)
        return values

    def of_Lambda(self, node, top):
        self.signature(node.args)
        self.later(node)
        return ANYTHING

    def comprehension(self, node):
        self.scope = Scope(node, self.scope, self.ever)
        self.scope.is_comprehension = True
        for each in node.generators:
            self.expression(each.iter)
            self.assign(each.target, ANYTHING, None)
            for condition in each.ifs:
                self.expression(condition)
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for part in parts:
            self.expression(part)
        self.scope = self.scope.parent
        return ANYTHING


def _caught(handler):
    """The last names of the classes that a handler catches; any error's where it names none."""
    if handler.type is None:
        return {"Exception"}
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {ast.unparse(kind).rpartition(".")[2] for kind in kinds}


def _leaves(statements):
    """Whether control does not come out at the end of these statements."""
    last = statements[-1] if statements else None
    return isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break)
