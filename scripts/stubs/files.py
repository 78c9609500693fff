"""The stubs, a text for each file, from what the modules hold when they are imported."""

import ast
import importlib
import inspect
import pathlib
import re
import types

import jtorch
from jtorch import _dtypes, _layout, _override, _tensor, _typed_tensors, storage
from stubs import told
from stubs.language import declaration, forms, plain_form, signatures_of, summary
from stubs.results import results_of

_PACKAGE = pathlib.Path(jtorch.__file__).parent
_NOTE = '"""{}. Written by scripts/write_stubs from the table of operations."""'
_ALIASES = """
    _DeviceLike _Index _Ints _Number _Operand _Tensors _bool _complex _device _dtype _float _int
    _layout _memory_format _slice _str
"""
_STANDARD = {
    "collections.abc": "Callable Iterable Iterator Sequence",
    "typing": "Any Literal NamedTuple Self TypeVar overload",
    "typing_extensions": "TypeIs",
    "numpy": "ndarray",
}
_OURS = {
    "jtorch": "return_types",
    "jtorch._generator": "Generator",
    "jtorch._size": "Size",
    "jtorch._tensor": "Tensor",
    "jtorch._typed_storage": "TypedStorage",
    "jtorch._typing": _ALIASES,
    "jtorch._untyped_storage": "UntypedStorage",
}
_ALIKE = ("house", "missing_attribute", "renamed")  # helpers of facades
_BINARY = """
    add sub mul truediv floordiv mod pow matmul and or xor lshift rshift radd rsub rmul rtruediv
    rfloordiv rmod rpow rmatmul rand ror rxor rlshift rrshift rdiv
"""
_IN_PLACE = "iadd isub imul itruediv ifloordiv imod ipow iand ior ixor ilshift irshift"
_COMPARISONS = "eq ne lt le gt ge"
_UNARY = "neg pos abs invert"
_OPERATORS = {
    **{f"__{name}__": (["self", "other: _Operand"], "Tensor") for name in _BINARY.split()},
    **{f"__{name}__": (["self", "other: _Operand"], "Self") for name in _IN_PLACE.split()},
    **{f"__{name}__": (["self", "other: _Operand"], "Tensor") for name in _COMPARISONS.split()},
    **{f"__{name}__": (["self"], "Tensor") for name in _UNARY.split()},
}


def files():
    """{path in the package: text} of every stub that is written."""
    return {
        "__init__.pyi": _package(),
        "_tensor.pyi": _tensor_class(),
        "return_types.pyi": _return_types(),
        "linalg.pyi": _facade("linalg"),
        "special.pyi": _facade("special"),
        "fft.pyi": _facade("fft"),
        "functional.pyi": _functional(),
        "nn/functional.pyi": _facade("nn.functional"),
        "nn/modules/__init__.pyi": _modules(),
    }


# Declarations.


def _function(name, function, path=""):
    known = told.functional if path == "nn.functional" else told.functions
    if name in known and path in ("", "nn.functional"):
        return _told(known[name], summary(function))
    found = forms(function, False) or [plain_form(function, name)]
    if any(each.startswith("return_indices: ") for each in found[0]) and "_with_" not in name:
        return _with_indices(name, found[0], summary(function))
    results = results_of(path, name, function, found)
    return _overloaded(name, found, results, "", summary(function))


def _with_indices(name, parameters, documentation):
    """The overloads of a pooling, which gives two tensors where indices are asked for."""
    place = next(i for i, each in enumerate(parameters) if each.startswith("return_indices"))
    before, after = parameters[:place], parameters[place + 1 :]
    found = [
        [*before, "return_indices: Literal[False] = False", *after],
        [*before, "*", "return_indices: Literal[True]", *after],
        [*(each.partition(" = ")[0] for each in before), "return_indices: Literal[True]", *after],
    ]
    two = "tuple[Tensor, Tensor]"
    return _overloaded(name, found, ["Tensor", two, two], "", documentation)


def _method(name, function):
    if name in told.tensor:
        return _told(told.tensor[name], summary(function), "    ")
    if name in _OPERATORS:
        parameters, result = _OPERATORS[name]
        text = declaration(name, parameters, result, indent="    ")
        return f"{text}  # type: ignore[override]" if name in ("__eq__", "__ne__") else text
    if signatures_of(function):
        found = forms(function, True)
    else:
        found = [["self", *plain_form(function, name)[1:]]]
    in_place = name.endswith("_") and not name.startswith("_")
    if in_place:
        results = ["Self"] * len(found)
    else:
        results = results_of("Tensor", name, function, found)
    return _overloaded(name, found, results, "    ", summary(function))


def _overloaded(name, found, results, indent, documentation):
    decorators = ("overload",) if len(found) > 1 else ()
    return "\n".join(
        declaration(
            name, parameters, result, indent=indent, decorators=decorators,
            documentation=documentation if not place else None,
        )
        for place, (parameters, result) in enumerate(zip(found, results, strict=True))
    )  # fmt: skip


def _told(nodes, documentation, indent=""):
    if isinstance(nodes[0], ast.AnnAssign):
        return f"{indent}{ast.unparse(nodes[0])}"
    return "\n".join(
        declaration(
            each.name, told.parameters(each), ast.unparse(each.returns).replace("'", '"'),
            indent=indent, decorators=[ast.unparse(mark) for mark in each.decorator_list],
            documentation=documentation if not place else None,
        )
        for place, each in enumerate(nodes)
    )  # fmt: skip


# Files.


def _file(title, body, without=(), extra=()):
    """A stub with just those of the imports that it needs."""
    used = set()
    for node in ast.walk(ast.parse(body)):
        if isinstance(node, ast.Name):
            used.add(node.id)
    lines = []
    for home, names in {**_STANDARD, **_OURS}.items():
        names = sorted(set(names.split()) & used - set(without))
        if names:
            one = f"from {home} import {', '.join(names)}"
            if len(one) > 100:
                one = f"from {home} import (\n" + "".join(f"    {each},\n" for each in names) + ")"
            lines.append(one)
    head = "\n".join([_NOTE.format(title), "", *lines, *extra])
    return _spaced(f"{head}\n\n{body}\n")


def _spaced(text):
    """Empty lines as the formatter sets them: after a documented function, around classes."""
    text = re.sub(r'("""\n)(?= *(?:def|@|\w+:))', r"\1\n", text)
    text = re.sub(r"(\n(?!class)\S.*\n)(?=class )", r"\1\n", text)
    text = re.sub(r"(\nclass .*: \.\.\.\n)(?!class|\n)", r"\1\n", text)
    text = re.sub(r"(\n\w+: .*\n)(?=def|@)", r"\1\n", text)
    return re.sub(r"\n{3,}", "\n\n", text)


def _package():
    imported, lines = _imports()
    # private ones that torch has, too: programs call some of them
    private = {name for name in _override.functions if name.startswith("_")}
    names = sorted({name for name in vars(jtorch) if not name.startswith("_")} | private)
    constants, functions = ["__version__: _str"], []
    kinds = {**dict.fromkeys(_dtypes.BY_NAME, "_dtype")}
    for name, value in _layout.BY_NAME.items():
        kinds[name] = "_layout" if isinstance(value, _layout.layout) else "_memory_format"
    kinds |= {name: "_float" for name in ("e", "inf", "nan", "pi")} | {"newaxis": "None"}
    for name in names:
        value = vars(jtorch)[name]
        if name in imported:
            continue
        if name in kinds:
            constants.append(f"{name}: {kinds[name]}")
        elif name in _typed_tensors.CPU_TYPES:
            constants.append(f"class {name}(Tensor): ...")
        elif name in storage.CPU_STORAGES:
            constants.append(f"class {name}(TypedStorage): ...")
        elif isinstance(value, type):
            lines.append(_import(_home(value), name))
        elif isinstance(value, types.ModuleType):
            lines.append(_import("jtorch", name))
        elif callable(value):
            functions.append(_function(name, value))
        else:
            raise ValueError(f"nothing is known of jtorch.{name}")
    body = "\n".join([*sorted(lines), "", *constants, "", *functions])
    return _file("PyTorch's API on JAX", body, without=[*imported, "TypedStorage"])


def _home(value):
    """The module of ours that defines a class of storages."""
    return next(
        name for name in ("jtorch._untyped_storage", "jtorch._typed_storage")
        if getattr(importlib.import_module(name), value.__name__, None) is value
    )  # fmt: skip


def _imports():
    """Public names that the package imports, and these imports as a stub has them."""
    tree = ast.parse((_PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    names, lines = set(), []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for each in node.names:
                name = each.asname or each.name
                if not name.startswith("_") or (not each.asname and name == "_assert"):
                    names.add(name)
                    lines.append(_import(node.module, each.name, name))
    return names, lines


def _import(home, name, known=None):
    """An import that a stub passes on."""
    line = f"from {home} import {name} as {known or name}"
    return line if len(line) <= 100 else line.replace("import ", "import (\n    ") + ",\n)"


def _tensor_class():
    lines, attributes = [], []
    for name, value in sorted(vars(jtorch.Tensor).items()):
        if name in ("__module__", "__doc__", "__dict__", "__weakref__"):
            continue
        if isinstance(told.tensor.get(name, [None])[0], ast.AnnAssign):
            attributes.append(_told(told.tensor[name], None, "    "))
        elif isinstance(value, property):
            raise ValueError(f"told.pyi says nothing of Tensor.{name}")
        elif name in told.tensor or (callable(value) and not re.match("_[^_]", name)):
            lines.append(_method(name, value))
    helpers = []
    for name, value in sorted(vars(_tensor).items()):
        if inspect.isfunction(value) and value.__module__ == _tensor.__name__ and name[0] != "_":
            helpers.append(_function(name, value))
    body = "\n".join([
        '_T = TypeVar("_T")', "", "PLAIN: set[type[Tensor]]", "", "class VersionCounter:", "    version: Any",
        "    def __init__(self, version: Any = 0) -> None: ...", "", "class Tensor:",
        f'    """{summary(jtorch.Tensor)}"""', "", *attributes, *lines, "", *helpers,
    ])  # fmt: skip
    return _file("Tensor", body, without=["Tensor"])


def _return_types():
    body = ["all_return_types: list[type[Any]]", ""]
    for name, each in sorted(vars(jtorch.return_types).items()):
        if isinstance(each, type) and not name.startswith("__"):
            fields = "".join(f"\n    {field}: Tensor" for field in each._fields)
            body.append(f"class {name}(NamedTuple):{fields}\n")
    return _file("The named tuples of functions with several results", "\n".join(body).rstrip())


_HOMES = {"nn.functional": "jtorch.nn._scaled_products"}  # of the classes that a facade shows


def _facade(path):
    module = importlib.import_module(f"jtorch.{path}")
    body, extra = [], []
    for name, value in sorted(vars(module).items()):
        if name.startswith("_") or name in _ALIKE or isinstance(value, types.ModuleType):
            continue
        if isinstance(value, type):
            home = (
                "jtorch._tensor" if value is jtorch.Tensor else _HOMES.get(path, "jtorch._errors")
            )
            extra.append(_import(home, name))
        elif callable(value):
            body.append(_function(name, value, path))
        elif isinstance(value, dict):
            body.insert(0, f"{name}: dict[_str, _int]")
    if hasattr(module, "__all__"):
        body.insert(0, f"{_all(module)}\n")
    without = ["Tensor"] if hasattr(module, "Tensor") else []
    return _file(f"torch.{path}", "\n".join(body), without=without, extra=extra)


def _functional():
    """Functions that the package's own stub says all of."""
    module = jtorch.functional
    lines = [
        _import("jtorch._lowrank" if name.endswith("_lowrank") else "jtorch", name)
        for name in sorted(module.__all__)
    ]
    lines += [_import("jtorch._tensor", "Tensor"), "from jtorch.nn import functional"]
    return _file(
        "torch.functional", "\n".join([*sorted(lines), "", _all(module), "", "F = functional"])
    )


def _all(module):
    return "__all__ = [\n" + "".join(f'    "{name}",\n' for name in module.__all__) + "]"


def _modules():
    module = importlib.import_module("jtorch.nn.modules")
    body = [
        _import("jtorch.nn.modules", name)
        for name, value in sorted(vars(module).items())
        if isinstance(value, types.ModuleType) and value.__name__ == f"{module.__name__}.{name}"
    ]
    for name in sorted(module.__all__):
        home = vars(module)[name].__module__
        body.append(_import(f"jtorch.{home.partition('.')[2]}", name))
    body += ["", _all(module)]
    return _file("torch.nn.modules", "\n".join(body))
