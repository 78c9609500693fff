"""What stubs say of functions, torch's and ours, in terms that can be compared.

A declaration becomes a list of parameters and a result; a type, a set of plain names.
"""

import ast
import dataclasses
import pathlib

import torch

import jtorch

THEIRS = pathlib.Path(torch.__file__).parent
OURS = pathlib.Path(jtorch.__file__).parent

_ALIASES = {
    "_bool": "bool", "_int": "int", "_float": "float", "_complex": "complex", "_str": "str",
    "SymInt": "int", "Number": "int float bool", "_size": "Sequence[int]", "_dtype": "dtype",
    "_device": "device", "_layout": "layout", "_memory_format": "memory_format",
    "DeviceLikeType": "device str int", "_DeviceLike": "device str int",
    "_Number": "int float complex", "_Operand": "Tensor int float complex", "_Ints": "Sequence[int]",
    "_Tensors": "tuple[Tensor,...] list[Tensor]", "Self": "Tensor",
    "IntLikeType": "int",
    "Storage": "TypedStorage UntypedStorage", "_symsize": "Sequence[int]", "torch.Size": "Sequence[int]",
    "torch.Tensor": "Tensor", "Callable[..., Any]": "Callable", "numpy.ndarray": "ndarray",
    "enum.IntEnum": "Any", "S": "_T", "type[S]": "type[_T]", "_ratio_any_t": "Sequence[float] float",
    "_size_any_t": "Sequence[int] int", "_size_1_t": "Sequence[int] int",
    "_size_2_t": "Sequence[int] int", "_size_3_t": "Sequence[int] int",
    "_size_2_opt_t": "Sequence[None|int] int", "_size_3_opt_t": "Sequence[None|int] int",
    "torch.memory_format": "memory_format", "torch.layout": "layout", "torch.dtype": "dtype",
}  # fmt: skip

_NO_NUMBERS = "as a number torch itself does not take None, whatever its stubs say"
_BY_NAME = "torch itself takes it by name alone, whatever its stubs say"
_DTYPES = "the form with `out_dtype` is not provided"
_TWO = "two of our declarations take together what this one takes"
# What differs from torch's stubs: per module {reason: names}; exact.
EXCEPTIONS = {
    "torch": {
        _NO_NUMBERS: "add sub linspace logspace",
        _BY_NAME: "as_tensor tensor",
        _DTYPES: "addmm baddbmm bmm mm",
        _TWO: "div",
        "torch has this form for old programs: the factor by position": "subtract",
        "torch itself wants tensors": (
            "index_put index_put_ _unsafe_masked_index _unsafe_masked_index_put_accumulate"
        ),
        "torch's stubs say None where it returns the copies": (
            "split_copy split_with_sizes_copy unbind_copy"
        ),
        "torch itself has `input`": "numel",
        "the signature that errors show has no `out`": "mvlgamma",
    },
    "Tensor": {
        _NO_NUMBERS: "add add_ sub sub_",
        _BY_NAME: "contiguous cpu cuda is_contiguous new_ones new_tensor",
        _TWO: "div div_",
        "torch has this form for old programs: the factor by position": "subtract subtract_",
        "torch itself wants tensors": "index_put index_put_",
        "methods have no `out`, whatever torch's stubs say": "floor_divide mul true_divide",
        "torch itself has `requires_grad`, and `tensor`": "requires_grad_ to",
        "comparisons with what is no operand are an error in torch, too": "__eq__ __ne__",
        "the name of a parameter that is never given by name": (
            "__format__ __reduce_ex__ record_stream new"
        ),
        "an index is one type here": "__getitem__ __setitem__",
        "for torch's own use": "_make_subclass",
    },
    "nn.functional": {"None is no sensible value of these": "gaussian_nll_loss"},
}


@dataclasses.dataclass(frozen=True)
class Parameter:
    name: str
    kind: str  # "place", "name", "both", "*", "**"
    types: frozenset
    has_default: bool


@dataclasses.dataclass(frozen=True)
class Declaration:
    parameters: tuple
    result: frozenset

    def __str__(self):
        shown = [f"{p.name}:{'|'.join(sorted(p.types))}{'=' * p.has_default}/{p.kind}"
                 for p in self.parameters]  # fmt: skip
        return f"({', '.join(shown)}) -> {' | '.join(sorted(self.result))}"


def types_of(node):
    """The names that an annotation is a union of; Any without one."""
    found = _types_of(node) - {"torch.SymFloat", "torch.SymInt", ""}
    return found - {"bool"} if "int" in found else found


def _types_of(node):
    if node is None:
        return frozenset(["Any"])
    if isinstance(node, ast.BinOp):
        return types_of(node.left) | types_of(node.right)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return types_of(ast.parse(node.value, mode="eval").body)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        head = node.value.id
        if head == "Optional":
            return types_of(node.slice) | {"None"}
        if head == "Union":
            return frozenset().union(*map(types_of, node.slice.elts))
        if head in ("Sequence", "list", "tuple"):
            inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            shown = ["|".join(sorted(types_of(each))) for each in inner]
            return frozenset([f"{head}[{', '.join(shown)}]"])
    text = ast.unparse(node).strip("'")
    text = text.removeprefix("torch.") if text.startswith("torch.return_types") else text
    found = _ALIASES.get(text, text)
    return frozenset([found] if found is text else _split(found))


def _split(text):
    """The names of an alias."""
    return [each.replace("tuple[Tensor,...]", "tuple[Tensor, ...]") for each in text.split(" ")]


def declaration(node):
    """A `def` as a Declaration."""
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + arguments.defaults
    found = [
        Parameter(
            each.arg, "place" if place < len(arguments.posonlyargs) else "both",
            types_of(each.annotation), default is not None,
        )
        for place, (each, default) in enumerate(zip(plain, defaults, strict=True))
    ]  # fmt: skip
    if arguments.vararg:
        found.append(
            Parameter(arguments.vararg.arg, "*", types_of(arguments.vararg.annotation), True)
        )
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(Parameter(each.arg, "name", types_of(each.annotation), default is not None))
    if arguments.kwarg:
        found.append(Parameter(arguments.kwarg.arg, "**", frozenset(["Any"]), True))
    return Declaration(tuple(found), types_of(node.returns))


def declarations(path, class_name=None):
    """{name: its overloads} of a file of Python, or of a class in it."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    if class_name is not None:
        body = next(
            each.body for each in body if isinstance(each, ast.ClassDef) and each.name == class_name
        )
    found = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(declaration(node))
    return found


def accepts(ours, theirs):
    """Why a call that fits torch's declaration may not fit ours; None if it does."""
    mine = {each.name: each for each in ours.parameters}
    places = [each for each in ours.parameters if each.kind in ("place", "both", "*")]
    takes_any = any(each.kind == "**" for each in ours.parameters)
    given = set()
    for place, each in enumerate(theirs.parameters):
        if each.kind == "place" or (each.kind == "both" and place < len(places)):
            if place >= len(places) and not (places and places[-1].kind == "*"):
                return f"no place for {each.name}"
            found = places[min(place, len(places) - 1)]
            if each.kind == "both" and found.name != each.name and found.kind != "*":
                return f"{each.name} is called {found.name}"
        elif each.kind == "**" or (takes_any and each.name not in mine):
            continue
        else:
            found = mine.get(each.name)
            if found is None:
                return f"no {each.name}"
            if each.kind in ("*", "both") and found.kind == "name":
                return f"{each.name} only by name"
        given.add(found.name)
        if not _takes(found.types, each.types, each.name):
            wanted = " | ".join(sorted(each.types))
            return f"{each.name} is {' | '.join(sorted(found.types))}, not {wanted}"
        if each.has_default and not found.has_default and each.kind != "*":
            return f"{each.name} has no default"
    missing = [e.name for e in ours.parameters if not e.has_default and e.name not in given]
    return f"asks for {missing}" if missing else None


def is_not_offered(declaration, is_method):
    """Whether a declaration is for names of dims, or for a number before the tensors, as long ago."""
    names = [each.name for each in declaration.parameters] or [""]
    types = frozenset().union(*[each.types for each in declaration.parameters])
    return (
        "names" in names
        or "self" in names[1:]
        or (names[0] == "self" and not is_method and len(names) > 1)
        or any("EllipsisType" in each or "ellipsis" in each for each in types)
        or "list[None|str]" in types
    )


def _takes(wide, narrow, name):
    if "Any" in wide | narrow or "object" in wide:
        return True
    wide = set(wide)
    if name == "out" and "list[Tensor]" in narrow:
        narrow = narrow - {"Tensor"}  # torch's stubs say that one is enough; torch wants all
    if "complex" in wide:
        wide |= {"float", "int"}
    if "float" in wide:
        wide |= {"int"}
    if "int" in wide:
        wide |= {"bool"}
    if "Sequence[None|int]" in wide:
        wide |= {"Sequence[int]"}
    if "Sequence[int]" in wide:
        wide |= {"list[int]", "tuple[int, ...]", "tuple[()]"}
    return set(narrow) <= wide
