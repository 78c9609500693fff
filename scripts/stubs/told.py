"""`told.pyi`: what is said by hand of functions whose declaration says too little."""

import ast
import pathlib


def _read():
    text = (pathlib.Path(__file__).parent / "told.pyi").read_text(encoding="utf-8")
    return ast.parse(text)


def _by_name(nodes):
    found = {}
    for each in nodes:
        name = each.target.id if isinstance(each, ast.AnnAssign) else getattr(each, "name", None)
        if name is not None and not isinstance(each, ast.ClassDef):
            found.setdefault(name, []).append(each)
    return found


_TREE = _read()
functions = _by_name(_TREE.body)
_CLASSES = {each.name: each for each in _TREE.body if isinstance(each, ast.ClassDef)}
tensor = _by_name(_CLASSES["Tensor"].body)
functional = _by_name(_CLASSES["functional"].body)


def parameters(node):
    """The parameters of a `def`, a text each."""
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + arguments.defaults
    found = []
    for place, (each, default) in enumerate(zip(plain, defaults, strict=True)):
        found.append(_parameter(each, default))
        if arguments.posonlyargs and place == len(arguments.posonlyargs) - 1:
            found.append("/")
    if arguments.vararg:
        found.append(f"*{_parameter(arguments.vararg)}")
    elif arguments.kwonlyargs:
        found.append("*")
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(_parameter(each, default))
    if arguments.kwarg:
        found.append(f"**{_parameter(arguments.kwarg)}")
    return found


def _parameter(each, default=None):
    text = each.arg
    if each.annotation is not None:
        text += f": {ast.unparse(each.annotation)}"
    if default is not None:
        text += " = " if each.annotation is not None else "="
        text += ast.unparse(default).replace("'", '"')
    return text
