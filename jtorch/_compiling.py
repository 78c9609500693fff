"""torch.compile: functions and modules as they are, since all that they record is compiled anyway."""

import functools

from jtorch.nn.modules.module import Module

_BACKENDS = ("inductor", "eager", "aot_eager", "cudagraphs", "openxla", "tpu")


class OptimizedModule(Module):
    """What `torch.compile` makes of a module: the module, under the name `_orig_mod`.

    Source:  torch._dynamo.eval_frame.OptimizedModule.
    """

    def __init__(self, module):
        super().__init__()
        self._orig_mod = module
        self.training = module.training

    def forward(self, *args, **kwargs):
        return self._orig_mod(*args, **kwargs)

    def train(self, mode=True):
        self.training = mode
        self._orig_mod.train(mode)
        return self

    def __getattr__(self, name):
        if name == "_orig_mod":
            return self._modules[name]
        return getattr(self._orig_mod, name)

    def __setattr__(self, name, value):
        if name == "_orig_mod" or "_orig_mod" not in self.__dict__.get("_modules", ()):
            super().__setattr__(name, value)
        elif name == "training":
            self.__dict__[name] = value
        else:
            setattr(self._orig_mod, name, value)

    def __delattr__(self, name):
        delattr(self._orig_mod, name)

    def __dir__(self):
        return sorted({*super().__dir__(), *dir(self._orig_mod)})

    def __len__(self):
        return len(self._orig_mod)

    def __bool__(self):
        return True


class InvalidBackend(RuntimeError):
    """Source: torch._dynamo.exc.InvalidBackend."""


def compile(
    model=None, *, fullgraph=False, dynamic=None, backend="inductor", mode=None, options=None,
    disable=False,
):  # fmt: skip
    """The function or module as it is; of a module, in a wrapping with torch's names.

    Nothing has to be compiled by asking: whatever a step records is one XLA program. The arguments are
    checked as torch checks them, and change nothing.
    Errors:  RuntimeError for `mode` and `options` together, and for what is no function.
    Source:  torch.compile.
    """
    if model is None:
        return functools.partial(
            compile, fullgraph=fullgraph, dynamic=dynamic, backend=backend, mode=mode,
            options=options, disable=disable,
        )  # fmt: skip
    if mode is not None and options is not None:
        raise RuntimeError(
            "Either mode or options can be specified, but both can't be specified at the same time."
        )
    if isinstance(backend, str) and backend not in _BACKENDS:
        raise InvalidBackend(
            f"Invalid backend: {backend!r}, see `torch._dynamo.list_backends()` for available "
            "backends."
        )
    if isinstance(model, Module):
        return OptimizedModule(model)
    if not callable(model):
        raise RuntimeError("torch.compile() takes a function or a module")

    @functools.wraps(model)
    def compiled(*args, **kwargs):
        return model(*args, **kwargs)

    compiled._torchdynamo_orig_callable = model
    return compiled


def list_backends(exclude_tags=()):
    """The names that `compile` takes for `backend`. Source: torch.compiler.list_backends."""
    return sorted(_BACKENDS)
