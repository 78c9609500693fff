"""The opt-in alias: in a process that asks for it, `torch` and `torch.*` are jtorch's own modules.

It knows the import system and nothing of tensors. `python -m jtorch` asks for it; so may a program,
by `jtorch._alias.install()` before it first imports torch.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import importlib.util
import multiprocessing.spawn
import opcode
import os
import re
import sys
from types import FunctionType

_PACKAGE = "jtorch"
_ALIAS = "torch"
_PACKAGE_FOLDER = os.path.dirname(os.path.abspath(__file__))
# Underscored modules that programs import from torch, and that hold here what they hold there.
_SHARED = (
    "torch._C", "torch._custom_ops", "torch._dynamo", "torch._utils", "torch.utils._pytree",
    "torch.utils.data._utils",
)  # fmt: skip
# Modules of others that read torch's memory, and what makes them ask jtorch for it instead.
_ADAPTED = {"safetensors.torch": "jtorch._saving.safetensors"}
_IMPORT_FROM = opcode.opmap["IMPORT_FROM"]


def install() -> None:
    """Put jtorch in the place of torch, in this process and in its multiprocessing children.

    Modules resolve to the same objects: `sys.modules["torch.nn"] is sys.modules["jtorch.nn"]`.
    `importlib.metadata.version("torch")` answers `torch.__version__` from then on, as programs
    compare the two; the metadata of other distributions is not touched.

    Errors:  ImportError if another torch is already imported in this process.
    """
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    _refuse_other_torch()
    sys.meta_path.insert(0, _Finder())
    _mirror()
    _alias_multiprocessing_children()


def missing_attribute(module_name: str, name: str) -> Exception:
    """The error for a name that a module lacks, to be raised by that module's `__getattr__`.

    It is an ImportError for `from torch import name`, where Python would replace an AttributeError
    by a text of its own, and an AttributeError everywhere else, so `hasattr` and `getattr` work.
    """
    message = _not_provided(f"{_torch_name(module_name)}.{name}")
    # 0 is this function, 1 the module's __getattr__, 2 whoever looked the name up.
    asker = sys._getframe(2)
    if asker.f_lasti >= 0 and asker.f_code.co_code[asker.f_lasti] == _IMPORT_FROM:
        return ImportError(message, name=_torch_name(module_name))
    return AttributeError(message, name=name, obj=sys.modules.get(module_name))


def module_for(name: str):
    """jtorch's module that a program gets for the torch module `name`; None where it gets none."""
    if _is_private(name):
        return None
    try:
        return importlib.import_module(_own_name(name))
    except ModuleNotFoundError as error:
        if error.name and (error.name.startswith((_PACKAGE, _ALIAS))):
            return None
        raise  # a package of others that this module needs


def house(module_name: str, names) -> None:
    """Let what a public module shows, and private ones of ours define, say that it is that module's.

    So `__module__` of these functions and classes is torch's.
    """
    for name in names:
        each = vars(sys.modules[module_name])[name]
        if isinstance(each, (type, FunctionType)) and _is_ours_and_private(each.__module__):
            each.__module__ = module_name


def renamed(function, qualified_name: str):
    """The same function under another name, which Python's errors of its arguments then say."""
    made = FunctionType(
        function.__code__,
        function.__globals__,
        qualified_name.rpartition(".")[2],
        function.__defaults__,
        function.__closure__,
    )
    made.__kwdefaults__ = function.__kwdefaults__
    made.__qualname__ = qualified_name
    return made


def own(cls, *names):
    """Give a class methods that it inherits as its own: Python's errors then name the class."""
    for name in names:
        setattr(cls, name, renamed(getattr(cls, name), f"{cls.__name__}.{name}"))
    return cls


def _is_ours_and_private(name: str) -> bool:
    return name.startswith(_PACKAGE + ".") and _is_private(_torch_name(name))


def verify_package(folder: str = os.path.dirname(_PACKAGE_FOLDER)) -> None:
    """Refuse to work where Jittor's `jtorch` distribution is installed over our package.

    It installs into the folder `jtorch` too, so whichever came last has overwritten files of the
    other, and no import can be trusted.

    Errors:  ImportError if `folder`, where our package lies, has that distribution's record.
    """
    for entry in os.listdir(folder):
        found = re.fullmatch(r"jtorch-([^-]+)(-[^-]+)?\.(dist|egg)-info", entry)
        if found:
            raise ImportError(
                f"two different packages named jtorch are installed in {folder}: jtorch-jax and "
                f"Jittor's jtorch {found[1]}, whose files overwrite each other; run `pip uninstall "
                "jtorch jtorch-jax`, then `pip install jtorch-jax`"
            )


class _Finder(importlib.abc.MetaPathFinder):
    """Finds `torch.x` where `jtorch.x` is, and the metadata of a distribution named torch."""

    def find_spec(self, fullname, path, target=None):
        if fullname in _ADAPTED or _is_public_and_ours(fullname):
            return _followed_spec(fullname, path)
        if not _is_aliased(fullname):
            return None
        own = None if _is_private(fullname) else importlib.util.find_spec(_own_name(fullname))
        if own is not None:
            spec = importlib.machinery.ModuleSpec(fullname, _Loader(), origin=own.origin)
            spec.submodule_search_locations = own.submodule_search_locations
            return spec
        # An import statement gets the sentence; `importlib.util.find_spec`, which asks whether a
        # module is there, gets the None that means no. Frames: this, _find_spec, its caller.
        if sys._getframe(2).f_code.co_name == "_find_and_load_unlocked":
            raise ModuleNotFoundError(_not_provided(fullname), name=fullname)
        return None

    def find_distributions(self, context):
        return [_Distribution()] if context.name == _ALIAS else []


class _Loader(importlib.abc.Loader):
    """Loads a torch module by handing out the jtorch module of the same path."""

    def create_module(self, spec):
        module = importlib.import_module(_own_name(spec.name))
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module):
        # The import system has just written the alias's spec into the module; it keeps its own.
        module.__spec__ = self._own_spec
        _rename_members(module, self._own_spec.name, _torch_name(self._own_spec.name))
        _mirror()


def _followed_spec(name, path):
    """The spec of a module that is to be changed as soon as it is loaded."""
    spec = importlib.machinery.PathFinder.find_spec(name, path)
    # the modules of an archive have one loader
    if spec is None or spec.loader is None or "exec_module" in vars(spec.loader):
        return spec
    execute = spec.loader.exec_module

    def exec_module(module):
        execute(module)
        _follow(module)

    spec.loader.exec_module = exec_module
    return spec


def _follow(module) -> None:
    """Adapt another's module; of ours, one that is asked for by its own name is torch's as well.

    `from torch.nn.utils import prune` does so: the package's own name is jtorch.nn.utils.
    """
    name = module.__spec__.name
    if name in _ADAPTED:
        importlib.import_module(_ADAPTED[name]).adapt(module)
    elif _is_public_and_ours(name):
        _mirror_module(name, module)


class _Distribution(importlib.metadata.Distribution):
    """What `importlib.metadata` answers for "torch": the version that `torch.__version__` gives."""

    def read_text(self, filename):
        if filename != "METADATA":
            return None
        version = importlib.import_module(_PACKAGE).__version__
        return (
            f"Metadata-Version: 2.1\nName: {_ALIAS}\nVersion: {version}\n"
            "Summary: jtorch in the place of torch, for this process\n"
        )

    def locate_file(self, path):
        return os.path.join(os.path.dirname(_PACKAGE_FOLDER), path)


class _InstallInChild:
    """A value that installs the alias in the process that unpickles it."""

    def __reduce__(self):
        # `exec`, because the child may have to be told first where the package lies; it gets the
        # same path again from multiprocessing, but only after it has unpickled this.
        code = f"import sys; sys.path[:] = path; import {__name__} as alias; alias.install()"
        return exec, (code, {"path": [*sys.path, os.path.dirname(_PACKAGE_FOLDER)]})


def _alias_multiprocessing_children() -> None:
    """Send `_InstallInChild` with what multiprocessing tells each child started afresh.

    A child reads that before it imports the program's main module. Forked children need nothing.
    """
    prepare = multiprocessing.spawn.get_preparation_data

    def get_preparation_data(name):
        return {**prepare(name), "jtorch_alias": _InstallInChild()}

    multiprocessing.spawn.get_preparation_data = get_preparation_data


def _mirror() -> None:
    """Register every jtorch module imported so far under its torch name too."""
    for name, module in list(sys.modules.items()):
        if name == _PACKAGE or name.startswith(_PACKAGE + "."):
            alias = _torch_name(name)
            if not _is_private(alias) and alias not in sys.modules:
                _mirror_module(name, module)


def _mirror_module(name: str, module) -> None:
    alias = _torch_name(name)
    sys.modules[alias] = module
    _rename_members(module, name, alias)


def _rename_members(module, name: str, alias: str) -> None:
    """Let what a module defines say torch's name of it: users print it, and pickles hold it."""
    for each in list(vars(module).values()):
        if isinstance(each, (type, FunctionType)) and each.__module__ == name:
            each.__module__ = alias


def _refuse_other_torch() -> None:
    other = next((name for name in sys.modules if _is_aliased(name)), None)
    if other is not None:
        where = getattr(sys.modules[other], "__file__", None) or "an unknown place"
        raise ImportError(
            f"jtorch cannot take the place of torch: another {other} is already imported in this "
            f"process (from {where}); install the alias before the first import of torch, or run "
            "the program by `python -m jtorch`"
        )


def _is_aliased(name: str) -> bool:
    return name == _ALIAS or name.startswith(_ALIAS + ".")


def _is_public_and_ours(name: str) -> bool:
    return name.startswith(_PACKAGE + ".") and not _is_private(_torch_name(name))


def _is_private(name: str) -> bool:
    # jtorch's underscored modules are its own: torch._ops, say, is something else than jtorch._ops.
    for shared in _SHARED:
        if name == shared or name.startswith(shared + "."):
            name = name[len(shared) :]
    return any(part.startswith("_") for part in name.split("."))


def _own_name(name: str) -> str:
    return _PACKAGE + name.removeprefix(_ALIAS)


def _torch_name(name: str) -> str:
    return _ALIAS + name.removeprefix(_PACKAGE)


def _not_provided(name: str) -> str:
    return (
        f"jtorch does not provide {name} (torch 2.13 API); it is not built yet, or torch has no "
        "such name either"
    )


# On import, as every way into the package imports this.
verify_package()
