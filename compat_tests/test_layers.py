"""The layers of the package: a module imports only from its own layer and those below, never late.

The syntax trees are read, nothing is imported. Modules of one layer may import one another, but no
import leads back to where it came from.
"""

import ast
import pathlib

ROOT = pathlib.Path(__file__).parent.parent

# Dotted paths inside the package, longest match first; `*` is any public module or folder at the
# top, which are the facades that torch has at the same path.
LAYERS = {
    "_alias": 0,
    "_config": 0,
    "_errors": 0,
    "_messages": 0,
    "_programs": 0,
    "_utils": 0,
    "_device": 1,
    "_dlpack": 1,
    "_dtypes": 1,
    "_info": 1,
    "_layout": 1,
    "_settings": 1,
    "_shapes": 1,
    "_size": 1,
    "_trees": 1,
    "_engine": 2,
    "_meta": 2,
    "_shared_memory": 3,
    "_storage": 3,
    "_autograd": 3,
    "_tensor": 4,
    "_override": 4,
    "_accelerators": 5,
    "_autocast": 5,
    "_autocast_lists": 1,
    "_generator": 5,
    "_interop": 5,
    "_ops": 5,
    "_printing": 5,
    "_random": 5,
    "_sparse": 5,
    "*": 6,
    "_serialize": 6,
    "_rebuilding": 6,
    "_C": 7,
    "_VF": 6,
    "_door": 6,
    "_lobpcg": 7,
    "_lowrank": 6,
    "_typed_storage": 6,
    "_typed_tensors": 6,
    "_untyped_storage": 6,
    "__future__": 6,
    "_aten": 7,
    "_compiling": 8,
    "_custom_operators": 7,
    "_dispatch_keys": 6,
    "_custom_ops": 7,
    "_dynamo": 8,
    "func": 8,
    "nn._activations": 6,
    "nn._attention": 6,
    "nn._convolution": 6,
    "nn._creation": 6,
    "nn._distances": 6,
    "nn._dropout": 6,
    "nn._embedding": 6,
    "nn._linear_losses": 6,
    "nn._losses": 6,
    "nn._normalization": 6,
    "nn._padding": 6,
    "nn._pooling": 6,
    "nn._scaled_products": 6,
    "nn._resizing": 6,
    "nn._unpooling": 6,
    "nn._reduction": 6,
    "nn._vision": 6,
    "nn.common_types": 6,
    "nn.functional": 6,
    "nn.grad": 8,
    "nn.init": 6,
    "nn.modules": 7,
    "nn.parallel": 7,
    "nn.parameter": 7,
    "nn.utils": 7,
    "_downloading": 6,
    "_mapped_files": 5,
    "_saving": 7,
    "amp": 6,
    "compiler": 8,
    "hub": 7,
    "jit": 8,
    "multiprocessing": 7,
    "optim": 7,
    "serialization": 7,
    "utils": 7,
    "nn": 8,
    "_torchvision": 7,
    "ao": 8,
    "distributed": 8,
    "fx": 8,
    "library": 8,
    "onnx": 8,
    "ops": 8,
    "__init__": 9,
    "_compare.tolerances": 0,
    "_compare": 9,
    "_check": 10,
    "_runner": 11,
    "__main__": 12,
}


def layer(module):
    """The number of `module`, a dotted name that begins with "jtorch"; None where it has none."""
    parts = module.split(".")[1:] or ["__init__"]
    for length in range(len(parts), 0, -1):
        number = LAYERS.get(".".join(parts[:length]))
        if number is not None:
            return number
    return None if parts[0].startswith("_") else LAYERS["*"]


def modules(root):
    """Every module under root/jtorch: dotted name -> path."""
    found = {}
    for path in sorted((root / "jtorch").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name, path, known):
    """(line, imported module of the package, whether it is inside a function) of each import."""
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            late.update(ast.walk(node))
    for node in ast.walk(tree):
        targets = []
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*above, *([node.module] if node.module else [])])
            source = base if node.level else node.module
            # `from package import module` imports the module, not what the package offers.
            targets = [
                f"{source}.{alias.name}" if f"{source}.{alias.name}" in known else source
                for alias in node.names
            ]
        for target in dict.fromkeys(targets):
            if target.split(".")[0] == "jtorch":
                yield node.lineno, target, node in late


def type_checking_blocks(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield node.lineno


def violations(root):
    """Everything under root/jtorch that breaks a rule, each with its file and line."""
    known = modules(root)
    graph, found = {}, []
    for name, path in known.items():
        where = path.relative_to(root)
        own = layer(name)
        if own is None:
            found.append(f"{where}:1: {name} has no layer in compat_tests/test_layers.py")
            continue
        graph[name] = {}
        for line, target, late in imports(name, path, known):
            other = layer(target)
            if late:
                found.append(f"{where}:{line}: late import of {target} inside a function")
            elif other is None or other > own:
                found.append(
                    f"{where}:{line}: upward import of {target} (layer {other}) "
                    f"from {name} (layer {own})"
                )
            else:
                graph[name].setdefault(target, line)
        found += [
            f"{where}:{line}: TYPE_CHECKING hides an import" for line in type_checking_blocks(path)
        ]
    found += [
        f"{known[name].relative_to(root)}:{line}: circular import: {' -> '.join(circle)}"
        for name, line, circle in circles(graph)
    ]
    return found


def circles(graph):
    """(module, line, circle) of each import that closes a circle."""
    done, path = set(), []

    def visit(name):
        path.append(name)
        for target, line in graph.get(name, {}).items():
            if target in path:
                yield name, line, [*path[path.index(target) :], target]
            elif target not in done:
                yield from visit(target)
        done.add(path.pop())

    for name in graph:
        if name not in done:
            yield from visit(name)


def test_layers():
    found = violations(ROOT)

    assert not found, "\n".join(found)


def test_the_check_can_fail(tmp_path):
    planted = {
        "__init__": "from jtorch import _tensor\n",
        "_config": "import os\nfrom . import _tensor\n",
        "_tensor": "from ._engine.node import Node\nimport jtorch._shapes\n",
        "_shapes": "def f():\n    from jtorch._config import settings\n",
        "_engine/__init__": "",
        "_engine/node": "from .cache import key\n",
        "_engine/cache": "from jtorch._engine import node\n",
        "_errors": "from jtorch import check\n",
        "_new": "",
        "linalg": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import x\n",
    }
    for name, text in planted.items():
        path = tmp_path / "jtorch" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    assert violations(tmp_path) == [
        "jtorch/_config.py:2: upward import of jtorch._tensor (layer 4) from jtorch._config "
        "(layer 0)",
        "jtorch/_errors.py:1: upward import of jtorch (layer 9) from jtorch._errors (layer 0)",
        "jtorch/_new.py:1: jtorch._new has no layer in compat_tests/test_layers.py",
        "jtorch/_shapes.py:2: late import of jtorch._config inside a function",
        "jtorch/linalg.py:2: TYPE_CHECKING hides an import",
        "jtorch/_engine/cache.py:1: circular import: jtorch._engine.node -> "
        "jtorch._engine.cache -> jtorch._engine.node",
    ]
