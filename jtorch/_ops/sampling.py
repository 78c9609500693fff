"""Random numbers of named distributions: in place, around tensors of parameters, and by category."""

import functools

import numpy as np
from jax import numpy as jnp
from jax import random as jax_random

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._dtypes import FLOATING
from jtorch._engine.node import Aval, Kernel
from jtorch._engine.realize import record
from jtorch._generator import generator_for
from jtorch._meta import Meta
from jtorch._ops.creation import finish
from jtorch._ops.families import composite
from jtorch._ops.history import connect_constant
from jtorch._ops.names import missing
from jtorch._ops.parameters import type_name
from jtorch._ops.random import empty_like, fill, host_tensor, key_of, normal_, sized
from jtorch._ops.writing import resize_out, resize_quietly
from jtorch._random import counts, distributions, gamma
from jtorch._random import multinomial as categories
from jtorch._random import normal as normals
from jtorch._shapes import broadcast_shapes
from jtorch._tensor import Tensor, from_node, node_of

# In place, each number like every other


def _keyed_bernoulli(key, shape, p):
    return jax_random.uniform(key, shape, np.float64) < p


def _keyed_exponential(key, shape, rate):
    return jax_random.exponential(key, shape, np.float32) / rate


def _keyed_cauchy(key, shape, median, sigma):
    return median + sigma * jax_random.cauchy(key, shape, np.float32)


def _keyed_log_normal(key, shape, mean, std):
    return jnp.exp(mean + std * jax_random.normal(key, shape, np.float32))


def _keyed_geometric(key, shape, p):
    return jax_random.geometric(key, p, shape)


@composite(variants="m")
def bernoulli_(self, p=0.5, *, generator=None):
    """Fill with ones of probability `p` (a number, or a tensor that broadcasts), else zeros.

    Errors:  RuntimeError for a probability outside [0, 1].
    Source:  torch.Tensor.bernoulli_.
    """
    if isinstance(p, Tensor):
        return _bernoulli_each(self, p, generator)
    p = float(p)
    return fill(
        self,
        generator,
        lambda engine, shape, _: distributions.bernoulli(engine, shape, self.dtype.numpy, p),
        _keyed_bernoulli,
        (p,),
    )


def _bernoulli_each(self, p, generator):
    generator_for(self.device, generator)  # may refuse, inside of vmap, before anything is read
    if self.device is not CPU:
        return self.copy_(
            _keyed_each(_keyed_bernoulli, self._meta, generator, p.expand(self.shape))
        )
    shaped = p.expand(self.shape)._host()
    order = sorted(range(self.ndim), key=lambda dim: -self.stride(dim))
    return fill(
        self,
        generator,
        lambda engine, shape, _: distributions.bernoulli_each(
            engine, shape, self.dtype.numpy, shaped.transpose(order)
        ),
        None,
        (),
        "BernoulliBackward1",
        (p,),
    )


@composite(variants="m")
def exponential_(self, lambd=1.0, *, generator=None):
    """Fill with waiting times of mean 1 / `lambd`. Source: torch.Tensor.exponential_."""
    rate = float(lambd)
    return fill(
        self,
        generator,
        lambda engine, shape, _: distributions.exponential(engine, shape, self.dtype.numpy, rate),
        _keyed_exponential,
        (rate,),
    )


@composite(variants="m")
def cauchy_(self, median=0.0, sigma=1.0, *, generator=None):
    """Fill with numbers of Cauchy's distribution. Source: torch.Tensor.cauchy_."""
    median, sigma = float(median), float(sigma)
    return fill(
        self,
        generator,
        lambda engine, shape, _: distributions.cauchy(
            engine, shape, self.dtype.numpy, median, sigma
        ),
        _keyed_cauchy,
        (median, sigma),
    )


@composite(variants="m")
def log_normal_(self, mean=1.0, std=2.0, *, generator=None):
    """Fill with exponentials of normal numbers. Source: torch.Tensor.log_normal_."""
    mean, std = float(mean), float(std)
    return fill(
        self,
        generator,
        lambda engine, shape, _: distributions.log_normal(
            engine, shape, self.dtype.numpy, mean, std
        ),
        _keyed_log_normal,
        (mean, std),
    )


@composite(variants="m")
def geometric_(self, p, *, generator=None):
    """Fill with numbers of trials up to a success of probability `p`. Source: torch.Tensor.geometric_."""
    p = float(p)
    return fill(
        self,
        generator,
        lambda engine, shape, _: distributions.geometric(engine, shape, self.dtype.numpy, p),
        _keyed_geometric,
        (p,),
    )


# New tensors, around tensors of parameters


@composite
def bernoulli(input, p=None, *, generator=None, out=None):
    """Ones with the probabilities in `input` (or `p` for all of them), else zeros.

    Shape:   that of `input`.
    Errors:  RuntimeError for a probability outside [0, 1].
    Source:  torch.bernoulli.
    """
    if out is not None:  # drawn in its dtype, with its strides
        resize_quietly(out, input.shape)
        made = empty_like("bernoulli", out, None, None, None)
    else:
        made = empty_like("bernoulli", input, None, None, None)
    if p is not None:
        bernoulli_(made, p, generator=generator)
        connect_constant(missing("bernoulli"), (input,), made)
        return finish(made, False, out)
    if out is None:
        made = from_node(None, Meta(input.shape, input.dtype, input.device))
    _bernoulli_each(made, input.detach(), generator)
    connect_constant("BernoulliBackward0", (input,), made)
    return finish(made, False, out)


@composite(variants="f")
def normal(mean, std=1.0, size=None, *, generator=None, out=None, dtype=None, layout=None,
           device=None, requires_grad=False, pin_memory=False):  # fmt: skip
    """Normal numbers around `mean` with deviation `std`, of which either may be a tensor.

    Shape:   that of the tensors, broadcast; or `size` for two numbers.
    Errors:  RuntimeError for a negative deviation.
    Source:  torch.normal.
    """
    if not isinstance(mean, Tensor) and not isinstance(std, Tensor):
        if size is None:
            raise TypeError(
                "normal() received an invalid combination of arguments - got "
                f"({type_name(mean)}, {type_name(std)}), but expected one of:\n"
                " * (Tensor mean, Tensor std, *, torch.Generator generator = None, Tensor out = None)\n"
                " * (Tensor mean, float std = 1, *, torch.Generator generator = None, "
                "Tensor out = None)\n"
                " * (float mean, Tensor std, *, torch.Generator generator = None, Tensor out = None)\n"
                " * (float mean, float std, tuple of ints size, ...)\n"
            )
        made = sized("normal", (size,), out, dtype, device)
        return finish(normal_(made, mean, std, generator=generator), requires_grad, out)
    with_mean, with_std = isinstance(mean, Tensor), isinstance(std, Tensor)
    plain = [each.detach() if isinstance(each, Tensor) else each for each in (mean, std)]
    if out is not None:
        return _normal_into(out, *plain, generator)
    made = _normal_around(*plain, generator)
    connect_constant(f"NormalBackward{with_mean + 2 * with_std}", (mean, std), made)
    return finish(made, False, out)


def _normal_into(out, mean, std, generator):
    """Normal numbers in the memory of `out`, which is as large as all three broadcast to."""
    if isinstance(std, Tensor):
        if bool((std < 0).any()):
            raise RuntimeError("normal expects all elements of std >= 0.0")
        shapes = [each.shape for each in (mean, std) if isinstance(each, Tensor)]
        resize_out(out, broadcast_shapes(*shapes))
        return normal_(out, generator=generator).mul_(std).add_(mean)
    resize_out(out, broadcast_shapes(mean.shape, out.shape))
    return normal_(out, 0.0, std, generator=generator).add_(mean)


def _normal_around(mean, std, generator):
    first = mean if isinstance(mean, Tensor) else std
    shapes = [each.shape for each in (mean, std) if isinstance(each, Tensor)]
    meta = Meta(broadcast_shapes(*shapes), first.dtype, first.device)
    if meta.device is not CPU:
        if isinstance(std, Tensor) and bool((std < 0).any()):
            raise RuntimeError("normal expects all elements of std >= 0.0")
        return normal_(from_node(None, meta), generator=generator).mul_(std).add_(mean)
    engine = generator_for(CPU, generator)._engine
    given = [each._host() if isinstance(each, Tensor) else float(each) for each in (mean, std)]
    drawn = np.ascontiguousarray(normals.normal_around(engine, *given))
    return host_tensor(drawn.reshape(meta.shape), meta)  # numpy has made a vector of a number


@composite(variants="f")
def poisson(input, generator=None):
    """Counts around the rates in `input`. Errors: RuntimeError below 0. Source: torch.poisson."""
    meta = Meta(input.shape, input.dtype, input.device)
    if meta.device is not CPU:
        return _keyed_each(_keyed_poisson, meta, generator, input)
    engine = generator_for(CPU, generator)._engine
    made = host_tensor(counts.poisson(engine, input._host()), meta)
    connect_constant("PoissonBackward0", (input,), made)
    return made


def _keyed_poisson(key, shape, rates):
    return jax_random.poisson(key, rates, shape)


@composite(variants="f")
def binomial(count, prob, generator=None):
    """Successes in `count` trials of probability `prob`, tensors both. Source: torch.binomial."""
    meta = Meta(broadcast_shapes(count.shape, prob.shape), count.dtype, count.device)
    if meta.device is not CPU:
        return _keyed_each(_keyed_binomial, meta, generator, count, prob)
    engine = generator_for(CPU, generator)._engine
    made = host_tensor(counts.binomial(engine, count._host(), prob._host()), meta)
    connect_constant(missing("binomial"), (count, prob), made)
    return made


def _keyed_binomial(key, shape, trials, chances):
    return jax_random.binomial(key, trials, chances, shape)


@composite(variants="f")
def _sample_dirichlet(input, generator=None):
    """Shares along the last dim that sum to one, of these concentrations.

    Errors:  NotImplementedError for other dtypes than float32 and float64.
    Source:  torch._sample_dirichlet.
    """
    meta = Meta(input.shape, input.dtype, input.device)
    if meta.device is not CPU:
        return _keyed_each(_keyed_dirichlet, meta, generator, input)
    engine = generator_for(CPU, generator)._engine
    made = host_tensor(gamma.dirichlet(engine, input._host()), meta)
    connect_constant(missing("_sample_dirichlet"), (input,), made)
    return made


def _keyed_dirichlet(key, shape, concentration):
    return jax_random.dirichlet(key, concentration, shape[:-1])


@composite
def multinomial(input, num_samples, replacement=False, *, generator=None, out=None):
    """Categories drawn with the weights in each row of `input`.

    Shape:   (n) -> (num_samples), (m, n) -> (m, num_samples).
    Dtype:   int64.
    Errors:  RuntimeError for weights that are negative, not finite or all zero, or too few of them.
    Source:  torch.multinomial.
    """
    weights = input._host()
    meta = input._meta
    if meta.dtype.category != FLOATING:
        raise RuntimeError(
            "multinomial only supports floating-point dtypes for input, got: "
            f"{meta.dtype.scalar_name}"
        )
    if out is not None and out.dtype is not _dtypes.int64:
        raise RuntimeError(f"multinomial expects Long tensor out, got: {out.dtype.scalar_name}")
    source = generator_for(meta.device, generator)
    # On other devices too the draws are the CPU's, from a stream of their own: it waits anyway,
    # since the weights have to be checked.
    engine = source._engine if meta.device is CPU else source._engine.host_engine()
    column_major = meta.ndim == 2 and 0 < meta.stride[0] < meta.stride[1]  # 0: says no order
    array = categories.multinomial(engine, weights, num_samples, bool(replacement), column_major)
    array = np.ascontiguousarray(array)
    made = host_tensor(array, Meta(array.shape, _dtypes.int64)).to(meta.device)
    return finish(made, False, out)


def _keyed_each(keyed, meta, generator, *parameters):
    """A tensor of `meta` drawn on its device, with a tensor of parameters for each number."""
    seed, offset = generator_for(meta.device, generator)._engine.next_key()
    avals = tuple(each._meta.aval for each in parameters)
    kernel = _keyed_each_kernel(keyed, meta.aval, avals)
    inputs = (seed, offset, *[node_of(each) for each in parameters])
    return from_node(record(kernel, inputs, meta.device), meta)


@functools.cache
def _keyed_each_kernel(keyed, aval, parameters):
    def draw(seed, offset, *arrays):
        return keyed(key_of(seed, offset), aval.shape, *arrays).astype(aval.dtype)

    return Kernel(keyed.__name__, draw, ("i", "i", *parameters), Aval(aval.shape, aval.dtype))
