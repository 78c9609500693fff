"""Transforms both ways, their Jacobians and shapes; constraints, and the registries between them."""

import copy
import pickle

import pytest

from compare import attempt, both, ours
from operation_lines import on_host

# transform: its input.  `x` is (2, 3), `v` (2, 6), `m` (2, 3, 3); `s` is a tensor of three elements.
TRANSFORMS = """
ExpTransform(): x
PowerTransform(2.): x.abs()
PowerTransform(s): x.abs()
PowerTransform(s.view(3, 1)): x.abs()[:1, :]
SigmoidTransform(): x * 30
SoftplusTransform(): x
TanhTransform(): x * 3
AbsTransform(): x
AffineTransform(1., 2.): x
AffineTransform(0, -2): x
AffineTransform(1., 0.): x
AffineTransform(s, -s): x
AffineTransform(s, s, event_dim=1): x
AffineTransform(1.5, 2., event_dim=1): x
AffineTransform(1.5, 2., event_dim=2): x
CorrCholeskyTransform(): v
CorrCholeskyTransform(): v[:, :3]
CorrCholeskyTransform(): v[:, :4]
SoftmaxTransform(): x
StickBreakingTransform(): x
StickBreakingTransform(): x * 40
LowerCholeskyTransform(): m
PositiveDefiniteTransform(): m
ReshapeTransform((6,), (2, 3)): v
ReshapeTransform((2, 3), (6,)): m[0, :2]
ReshapeTransform((), (1, 1)): x
ReshapeTransform((2,), (3,)): x
ReshapeTransform((5,), (5, 1)): x
IndependentTransform(ExpTransform(), 1): x
IndependentTransform(ExpTransform(), 2): x
IndependentTransform(ExpTransform(), 3): x
IndependentTransform(StickBreakingTransform(), 1): x
ComposeTransform([]): x
ComposeTransform([ExpTransform(), AffineTransform(s, 2.)]): x
ComposeTransform([StickBreakingTransform(), ExpTransform()]): x
ComposeTransform([AffineTransform(0., 3.), StickBreakingTransform()]): x
ComposeTransform([IndependentTransform(ExpTransform(), 1), AffineTransform(0., 2.)]): x
ComposeTransform([ReshapeTransform((6,), (2, 3)), ExpTransform()]): v
CatTransform([ExpTransform(), TanhTransform(), ExpTransform()], dim=1): x
CatTransform([ExpTransform(), AffineTransform(1., 2.)], dim=-1, lengths=[1, 2]): x
CatTransform([StickBreakingTransform(), SoftmaxTransform()], dim=0): x
CatTransform([ExpTransform(), StickBreakingTransform()], dim=-1, lengths=[2, 4]): v
CatTransform([ExpTransform()], dim=-1): x
CatTransform([ExpTransform()], dim=5): x
CatTransform([ExpTransform()], lengths=[1, 2]): x
CatTransform([3]): x
StackTransform([ExpTransform(), TanhTransform()], dim=0): x
StackTransform([ExpTransform(), TanhTransform(), ExpTransform()], dim=-1): x
StackTransform([ExpTransform()], dim=0): x
StackTransform([ExpTransform()], dim=-4): x
StackTransform([3]): x
CumulativeDistributionTransform(Normal(0., 1.)): x
CumulativeDistributionTransform(Exponential(s)): x.abs()
ExpTransform().inv: x.abs()
TanhTransform().inv: x.tanh()
AffineTransform(s, -s).inv: x
StickBreakingTransform().inv: x.softmax(-1)
ComposeTransform([ExpTransform(), AffineTransform(s, 2.)]).inv: x.abs() + s
CatTransform([ExpTransform(), AffineTransform(1., 2.)], dim=-1, lengths=[1, 2]).inv: x.abs()
ExpTransform(cache_size=2): x
ExpTransform(cache_size=1): x
AffineTransform(s, 2., cache_size=1): x
ComposeTransform([ExpTransform(), TanhTransform()], cache_size=1): x
StackTransform([ExpTransform(), TanhTransform()], dim=0, cache_size=1): x
IndependentTransform(ExpTransform(), 1, cache_size=1): x
Transform(): x
""".strip().splitlines()


def _names(module):
    names = {**vars(module.distributions), **vars(module.distributions.transforms)}
    values = module.arange(18.0, dtype=module.float64).mul(1.7).cos()
    return {
        **names,
        "torch": module,
        "x": values[:6].view(2, 3),
        "v": values[:12].view(2, 6),
        "m": values.view(2, 3, 3),
        "s": module.tensor([0.5, 1.5, 2.0], dtype=module.float64),
    }


def _transformed(module, line):
    made, _, given = line.partition(": ")
    names = _names(module)
    transform, x = eval(made, names), eval(given, names).requires_grad_()
    found = {"text": repr(transform)}
    for name in ("bijective", "sign", "event_dim", "domain", "codomain"):
        found[name] = attempt(lambda name=name: _plain(getattr(transform, name)))
    found["dims"] = attempt(lambda: (transform.domain.event_dim, transform.codomain.event_dim))
    found["y"] = attempt(transform, x)
    found["shape"] = [attempt(transform.forward_shape, each) for each in (x.shape, tuple(x.shape))]
    if type(found["y"]).__name__ == "Raised":
        return found
    y = transform(x)
    found["back shape"] = attempt(transform.inverse_shape, y.shape)
    found["back"] = attempt(transform.inv, y.detach())
    found["log det"] = attempt(transform.log_abs_det_jacobian, x, y)
    found["inverse log det"] = attempt(
        lambda: transform.inv.log_abs_det_jacobian(y.detach(), transform.inv(y.detach()))
    )
    found["gradient"] = attempt(lambda: module.autograd.grad(y.cos().sum(), x)[0])
    found["inverse"] = (transform.inv.inv is transform, repr(transform.inv))
    return found


def _plain(value):
    return repr(value) if hasattr(value, "check") else value


@pytest.mark.parametrize("line", TRANSFORMS)
def test_transforms(line):
    with on_host():
        both(lambda module: _transformed(module, line), strides=False)


def test_every_transform_has_a_line():
    written = "\n".join(TRANSFORMS)
    names = set(ours.distributions.transforms.__all__) - {"identity_transform"}
    assert all(f"{each}(" in written for each in names)


EQUALITIES = """
ExpTransform() == ExpTransform()
ExpTransform() != ExpTransform()
ExpTransform() == TanhTransform()
AffineTransform(1., 2.) == AffineTransform(1., 2.)
AffineTransform(1., 2.) == AffineTransform(s, 2.)
AffineTransform(s, 2.) == AffineTransform(s, 2.)
AffineTransform(s, s) == AffineTransform(s, s + 1)
PowerTransform(s) == PowerTransform(s)
PowerTransform(s) == PowerTransform(2.)
CorrCholeskyTransform() == CorrCholeskyTransform()
ExpTransform().inv == ExpTransform().inv
ExpTransform().inv == ExpTransform()
ComposeTransform([ExpTransform()]) == ComposeTransform([ExpTransform()])
ComposeTransform([ExpTransform()]) == ComposeTransform([TanhTransform()])
identity_transform == ComposeTransform([])
StickBreakingTransform() == SoftmaxTransform()
hash(ExpTransform())
ExpTransform().with_cache() == ExpTransform()
ExpTransform().with_cache(0).inv.inv
AffineTransform(1., 2.).with_cache().loc
PowerTransform(s).with_cache()._cache_size
ReshapeTransform((6,), (2, 3)).with_cache()._cache_size
ComposeTransform([ExpTransform()]).with_cache().parts[0]._cache_size
CatTransform([ExpTransform()]).with_cache()._cache_size
StackTransform([ExpTransform()]).with_cache()._cache_size
ExpTransform().inv.with_cache()._cache_size
CumulativeDistributionTransform(Normal(0., 1.)).with_cache()._cache_size
IndependentTransform(ExpTransform(), 1).with_cache()._cache_size
CatTransform([ExpTransform(), ExpTransform()]).length
""".strip().splitlines()


@pytest.mark.parametrize("line", EQUALITIES)
def test_equality_and_caches(line):
    with on_host():
        both(lambda module: _shown(eval(line, _names(module))))


def _shown(value):
    return repr(value) if hasattr(value, "inv") or hasattr(value, "check") else value


def test_cached_pairs():
    """With a cache the inverse of a result is the very input, also through a distribution."""

    def run(module):
        D = module.distributions
        cached, plain = D.TanhTransform(cache_size=1), D.TanhTransform()
        x = module.tensor([30.0, 0.5])
        again = pickle.loads(pickle.dumps(cached))
        found = [
            cached.inv(cached(x)) is x,
            cached(x) is cached(x),
            plain.inv(plain(x)) is x,
            plain(x) is plain(x),
            repr(copy.deepcopy(D.ComposeTransform([cached, plain.inv]))),
            repr(again),
            attempt(lambda: pickle.loads(pickle.dumps(plain.inv))(x)),
            attempt(lambda: pickle.loads(pickle.dumps(D.AffineTransform(1.0, x)))(x)),
        ]
        squashed = D.TransformedDistribution(D.Normal(0.0, 20.0), [cached])
        module.manual_seed(0)
        draw = squashed.rsample((3,))
        return [*found, draw, squashed.log_prob(draw)]

    with on_host():
        both(run)


# Constraints

VALUES = """
torch.tensor([0., 1., 0.5, -1., 2., float('nan'), float('inf')])
torch.tensor([[0.2, 0.8], [0.5, 0.6], [1., 0.]])
torch.tensor([[0, 1, 0], [1, 1, 0]])
torch.eye(3)
torch.tensor([[[1., 0.], [0.5, 2.]], [[1., 0.5], [0.5, -2.]], [[0.1, 0.], [0., 1.]]])
torch.ones(2, 3)
torch.ones(2, 2, 3)
torch.tensor(1.5)
""".strip().splitlines()

CONSTRAINTS = """
boolean
cat([real, positive])
cat([real, positive], dim=1, lengths=[1, 1])
cat([boolean, simplex], -1, [1, 2])
cat([3])
cat([real], lengths=[1, 2])
corr_cholesky
dependent
dependent(is_discrete=True, event_dim=1)
dependent_property(lambda self: 3)
greater_than(0.5)
greater_than(torch.tensor([0.5]))
greater_than_eq(0.5)
half_open_interval(0., 1.)
independent(real, 1)
independent(positive, 2)
independent(simplex, 1)
independent(real, -1)
independent(real, 1.5)
independent(3, 1)
integer_interval(0, 1)
interval(-1., 1.)
less_than(0.5)
lower_cholesky
lower_triangular
MixtureSameFamilyConstraint(real)
MixtureSameFamilyConstraint(independent(positive, 1))
MixtureSameFamilyConstraint(3)
multinomial(1)
nonnegative
nonnegative_integer
one_hot
positive
positive_definite
positive_integer
positive_semidefinite
real
real_vector
simplex
square
stack([real, positive])
stack([real, positive], dim=-1)
stack([boolean, positive, real], dim=1)
stack([3])
symmetric
unit_interval
_IntegerLessThan(1)
Constraint()
""".strip().splitlines()


def _checked(module, line):
    names = {**vars(module.distributions.constraints), "torch": module}
    constraint = attempt(lambda: repr(eval(line, names)))
    if type(constraint).__name__ == "Raised":
        return constraint
    made = eval(line, names)
    found = {} if "at 0x" in repr(made) else {"text": constraint}
    for name in ("is_discrete", "event_dim"):
        found[name] = attempt(lambda name=name: getattr(made, name))
    found["dependent"] = names["is_dependent"](made)
    for value in VALUES:
        found[value] = attempt(lambda value=value: made.check(eval(value, names)))
    return found


@pytest.mark.parametrize("line", CONSTRAINTS)
def test_constraints(line):
    with on_host():
        both(lambda module: _checked(module, line))


@pytest.mark.parametrize("line", CONSTRAINTS)
def test_registries(line):
    """The transform onto each region, and what it makes of a number."""

    def run(module):
        D = module.distributions
        found = {}
        constraint = eval(line, {**vars(D.constraints), "torch": module})
        for name in ("biject_to", "transform_to"):
            transform = attempt(lambda name=name: repr(getattr(D, name)(constraint)))
            found[name] = transform
            if type(transform).__name__ == "Raised":
                continue
            transform = getattr(D, name)(constraint)
            x = module.arange(18.0).mul(1.7).cos().view(2, 3, 3)
            found[name, "y"] = attempt(transform, x)
            if type(found[name, "y"]).__name__ != "Raised":
                found[name, "inside"] = attempt(lambda: constraint.check(transform(x)))
        return found

    with on_host():
        both(lambda module: attempt(run, module))


def test_registering():
    def run(module):
        D = module.distributions
        registry = D.constraint_registry.ConstraintRegistry()

        class Even(D.constraints.Constraint):
            pass

        @registry.register(Even)
        def doubled(constraint):
            return "doubled"

        found = [registry(Even()), repr(Even())]
        registry.register(Even(), lambda constraint: "object")
        return [
            *found,
            registry(Even()),
            attempt(registry, D.constraints.real),
            attempt(registry.register, 3, doubled),
            attempt(registry.register, int, doubled),
        ]

    both(run)
