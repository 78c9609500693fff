"""What torch shows of its modules: names, signatures and members, read from torch itself.

`surface.toml` says what jtorch has otherwise, and `jtorch/_check/absent.toml`, which users see, what
it lacks, with reasons; the lists are exact.
"""

import importlib
import inspect
import pathlib
import re
import tomllib
import types

from compare import neutral

MODULES = (
    "distributions", "distributions.bernoulli", "distributions.beta", "distributions.binomial",
    "distributions.categorical", "distributions.cauchy", "distributions.chi2",
    "distributions.constraint_registry", "distributions.constraints",
    "distributions.continuous_bernoulli", "distributions.dirichlet", "distributions.distribution",
    "distributions.exp_family", "distributions.exponential", "distributions.fishersnedecor",
    "distributions.gamma", "distributions.generalized_pareto", "distributions.geometric",
    "distributions.gumbel", "distributions.half_cauchy", "distributions.half_normal",
    "distributions.independent", "distributions.inverse_gamma", "distributions.kl",
    "distributions.kumaraswamy", "distributions.laplace", "distributions.lkj_cholesky",
    "distributions.log_normal", "distributions.logistic_normal",
    "distributions.lowrank_multivariate_normal", "distributions.mixture_same_family",
    "distributions.multinomial", "distributions.multivariate_normal",
    "distributions.negative_binomial", "distributions.normal", "distributions.one_hot_categorical",
    "distributions.pareto", "distributions.poisson", "distributions.relaxed_bernoulli",
    "distributions.relaxed_categorical", "distributions.studentT",
    "distributions.transformed_distribution", "distributions.transforms", "distributions.uniform",
    "distributions.utils", "distributions.von_mises", "distributions.weibull",
    "distributions.wishart",
    "fft", "functional", "masked", "nn", "nn.attention", "nn.attention.bias",
    "nn.attention.flex_attention", "nn.common_types", "nn.functional", "nn.grad", "nn.init",
    "nn.modules", "nn.modules.activation",
    "nn.modules.adaptive", "nn.modules.batchnorm", "nn.modules.channelshuffle",
    "nn.modules.container", "nn.modules.conv", "nn.modules.distance", "nn.modules.dropout",
    "nn.modules.flatten", "nn.modules.fold", "nn.modules.instancenorm", "nn.modules.lazy",
    "nn.modules.linear", "nn.modules.linear_cross_entropy_options", "nn.modules.loss",
    "nn.modules.module", "nn.modules.normalization", "nn.modules.padding",
    "nn.modules.pixelshuffle", "nn.modules.pooling", "nn.modules.rnn", "nn.modules.sparse",
    "nn.modules.transformer", "nn.modules.upsampling", "nn.modules.utils", "nn.parallel",
    "nn.parallel.data_parallel", "nn.parallel.parallel_apply", "nn.parallel.replicate",
    "nn.parallel.scatter_gather", "nn.parameter", "nn.utils", "nn.utils.clip_grad",
    "nn.utils.convert_parameters", "nn.utils.fusion", "nn.utils.init", "nn.utils.memory_format",
    "nn.utils.parametrizations", "nn.utils.parametrize", "nn.utils.prune", "nn.utils.rnn",
    "nn.utils.spectral_norm", "nn.utils.stateless", "nn.utils.weight_norm", "optim",
    "optim.adadelta", "optim.adagrad", "optim.adam", "optim.adamax", "optim.adamw", "optim.asgd",
    "optim.lbfgs", "optim.lr_scheduler", "optim.nadam", "optim.optimizer", "optim.radam",
    "optim.rmsprop", "optim.rprop", "optim.sgd", "optim.sparse_adam", "optim.swa_utils",
    "serialization", "signal", "signal.windows", "signal.windows.windows", "sparse",
    "special", "testing", "utils.data",
    "utils.data.dataloader", "utils.data.dataset",
    "utils.data.distributed", "utils.data.sampler", "utils.serialization",
    "utils.serialization.config",
)  # fmt: skip
PACKAGES = (
    "distributions", "masked", "nn", "nn.attention", "nn.modules", "nn.parallel", "nn.utils", "optim",
    "utils.data",
)  # fmt: skip

_HERE = pathlib.Path(__file__).parent
_ABSENT = tomllib.loads((_HERE.parent / "jtorch" / "_check" / "absent.toml").read_text("utf-8"))
_LISTS = tomllib.loads((_HERE / "surface.toml").read_text("utf-8"))
for _kind in ("modules", "names"):
    assert _kind not in _LISTS, (
        f"[{_kind}] stands in jtorch/_check/absent.toml, not in surface.toml"
    )
    _LISTS[_kind] = _ABSENT[_kind]


def listed(kind):
    """{name: reason} of a kind of difference; every name stands once, every reason is a text."""
    found = {}
    for reason, names in _LISTS[kind].items():
        assert len(reason) > 10, f"{kind}: a reason is missing: {reason!r}"
        for name in names.split():
            assert name not in found, f"{kind}: {name} stands twice"
            found[name] = reason
    return found


def load(package, name):
    return importlib.import_module(f"{package}.{name}")


def offered(module):
    """The names of `__all__` that there are: torch's lists have some that torch has not any more."""
    return [name for name in getattr(module, "__all__", ()) if has(module, name)]


def names_of(module):
    """What a module of torch offers: `__all__`, and what it defines under a public name.

    Of a module without `__all__` it is all that comes from torch.
    """
    names = set(offered(module))
    has_list = bool(names)
    for name, value in vars(module).items():
        if name.startswith("_") or isinstance(value, types.ModuleType):
            continue
        home = getattr(value, "__module__", None) or "torch"
        if home == module.__name__ or (not has_list and home.split(".")[0] in ("torch", "jtorch")):
            names.add(name)
    return names


def has(module, name):
    """Whether a module has a name (a module's `__getattr__` answers with an AttributeError)."""
    return getattr(module, name, inspect) is not inspect


def parameters(function):
    """The parameters of a callable, a text each: kind, name and default; None if it has none."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    return [
        f"{each.kind.name} {each.name}"
        + ("" if each.default is each.empty else f" = {shown(each.default)}")
        for each in signature.parameters.values()
    ]


def shown(value):
    """The text of a value, without addresses, our package's name as torch's."""
    text = re.sub(r" at 0x\w+", "", neutral(repr(value)))
    return text.replace("torch._C.Generator", "torch.Generator")


def own_methods(kind):
    """The functions among a class's public members and special methods, by name."""
    found = {}
    for name in dir(kind):
        value = inspect.getattr_static(kind, name)
        if isinstance(value, (classmethod, staticmethod)):
            value = value.__func__
        is_own = not name.startswith("_") or name in ("__init__", "__call__", "__getitem__")
        if is_own and isinstance(value, types.FunctionType):
            found[name] = value
    return found
