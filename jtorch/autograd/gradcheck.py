"""torch.autograd.gradcheck: derivatives of the tape, and of forward mode, against differences."""

import warnings

from jtorch._alias import missing_attribute
from jtorch._engine.realize import one_executor
from jtorch._interop import from_numpy
from jtorch._ops.backward import grad
from jtorch._ops.creation import empty
from jtorch._tensor import Tensor
from jtorch.autograd._difference import as_tuple, difference_jacobian, inexact_tensors
from jtorch.autograd._gradient_checks import (
    check_batched_backward,
    check_batched_forward,
    check_multiplied,
    check_undefined,
    check_undefined_tangents,
)
from jtorch.autograd._jacobian_checks import Check, GradcheckError

__all__ = [
    "GradcheckError",
    "get_analytical_jacobian",
    "get_numerical_jacobian",
    "get_numerical_jacobian_wrt_specific_input",
    "gradcheck",
    "gradgradcheck",
]


@one_executor()  # it asks whether the same backward pass gives the same bits
def gradcheck(
    func, inputs, *, eps=1e-6, atol=1e-5, rtol=1e-3, raise_exception=True, nondet_tol=0.0,
    check_undefined_grad=True, check_grad_dtypes=False, check_batched_grad=False,
    check_batched_forward_grad=False, check_forward_ad=False, check_backward_ad=True,
    fast_mode=False, masked=None,
):  # fmt: skip
    """Whether the derivatives of `func` at `inputs` are what differences say.

    In fast mode, one combination of all elements of the Jacobian is compared instead of each.
    `masked` is for sparse tensors, which there are none of.

    Errors:  GradcheckError where they differ, unless `raise_exception` is off; ValueError if no input
             requires grad.
    Source:  torch.autograd.gradcheck.
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError(
            "Expected at least one of check_forward_ad or check_backward_ad to be True"
        )
    if check_batched_grad and not check_backward_ad:
        raise AssertionError(
            "Setting check_batched_grad=True requires check_backward_ad to be True"
        )
    if check_batched_forward_grad and not check_forward_ad:
        raise AssertionError(
            "Setting check_batched_forward_grad=True requires check_forward_ad to be True"
        )
    inputs = as_tuple(inputs)
    _check_inputs(inputs)
    try:
        check = Check(func, inputs, eps, atol, rtol, nondet_tol, check_grad_dtypes, fast_mode)
        check.jacobians(check_forward_ad, check_backward_ad)
        if check.outputs:
            if check_batched_forward_grad:
                check_batched_forward(check)
            if check_backward_ad:
                if check_batched_grad:
                    check_batched_backward(check)
                check_multiplied(check)
                if check_undefined_grad:
                    check_undefined(check)
            if check_forward_ad and check_undefined_grad:
                check_undefined_tangents(check)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func, inputs, grad_outputs=None, *, eps=1e-6, atol=1e-5, rtol=1e-3,
    gen_non_contig_grad_outputs=False, raise_exception=True, nondet_tol=0.0,
    check_undefined_grad=True, check_grad_dtypes=False, check_batched_grad=False,
    check_fwd_over_rev=False, check_rev_over_rev=True, fast_mode=False, masked=False,
):  # fmt: skip
    """Whether the second derivatives of `func` are what differences of the first ones say.

    Errors:  as `gradcheck`.
    Source:  torch.autograd.gradgradcheck.
    """
    for is_wanted, text in (
        (not (check_fwd_over_rev or check_rev_over_rev), "Expected at least one of "
         "check_fwd_over_rev or check_rev_over_rev to be True"),
        (check_undefined_grad and not check_rev_over_rev,
         "Setting check_undefined_grad=True requires check_rev_over_rev to be True"),
        (check_batched_grad and not check_rev_over_rev,
         "Setting check_batched_grad=True requires check_rev_over_rev to be True"),
    ):  # fmt: skip
        if is_wanted:
            raise AssertionError(text)
    inputs = as_tuple(inputs)
    if grad_outputs is None:
        outputs = _with_gradient(as_tuple(func(*inputs)))
        weights = tuple(_random_like(each, gen_non_contig_grad_outputs) for each in outputs)
    else:
        weights = as_tuple(grad_outputs)
    count = len(weights)

    def first(*args):
        outputs = _with_gradient(as_tuple(func(*args[:-count])))
        wanted = [each for each in args[:-count] if isinstance(each, Tensor) and each.requires_grad]
        found = grad(outputs, wanted, args[-count:], create_graph=True, allow_unused=True)
        return tuple(each for each in found if each is not None)

    return gradcheck(
        first, inputs + weights, eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception,
        nondet_tol=nondet_tol, check_undefined_grad=check_undefined_grad,
        check_grad_dtypes=check_grad_dtypes, check_batched_grad=check_batched_grad,
        fast_mode=fast_mode, check_forward_ad=check_fwd_over_rev,
        check_backward_ad=check_rev_over_rev, masked=masked,
    )  # fmt: skip


def _random_like(tensor, apart):
    """Gradients of -1 to 1 to start from; with `apart`, with gaps in memory."""
    shape = (*tensor.shape, 2) if apart else tensor.shape
    made = empty(shape, dtype=tensor.dtype, device=tensor.device)
    real = made.view(-1) if not made.is_complex() else made.view(-1).view(made.real.dtype)
    real.uniform_(-1, 1)
    return (made[..., 0] if apart else made).detach().requires_grad_()


def _with_gradient(outputs):
    return tuple(each for each in outputs if each.requires_grad)


def _check_inputs(inputs):
    if not any(isinstance(each, Tensor) and each.requires_grad for each in inputs):
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them have "
            "requires_grad=True."
        )
    for place, each in enumerate(inputs):
        if not isinstance(each, Tensor) or not each.requires_grad:
            continue
        if str(each.dtype) not in ("torch.float64", "torch.complex128"):
            warnings.warn(
                f"Input #{place} requires gradient and is not a double precision floating point or "
                "complex. This check will likely fail if all the inputs are not of double precision "
                "floating point or complex. ",
                stacklevel=2,
            )
        if any(
            step == 0 and size > 1 for step, size in zip(each.stride(), each.shape, strict=True)
        ):
            raise RuntimeError(
                f"The {place}th input has a dimension with stride 0. gradcheck only supports inputs "
                "that are non-overlapping to be able to compute the numerical gradients correctly. "
                "You should call .contiguous on the input before passing it to gradcheck."
            )
        each.retain_grad()


# Jacobians by themselves, which torch has left in public


def get_numerical_jacobian(fn, inputs, target=None, eps=1e-3, grad_out=1.0):
    """The Jacobians of the first output of `fn(inputs)` by differences, one per input.

    Source:  torch.autograd.gradcheck.get_numerical_jacobian.
    """
    _warn_private("get_numerical_jacobian", grad_out)
    targets = inexact_tensors(as_tuple(inputs if target is None else target))
    if any(each.is_complex() for each in as_tuple(fn(inputs))):
        raise _not_complex("get_numerical_jacobian")
    return tuple(
        from_numpy(difference_jacobian(lambda: fn(inputs), each, eps)[0]) for each in targets
    )


def get_numerical_jacobian_wrt_specific_input(
    fn, input_idx, inputs, outputs, eps, input=None, is_forward_ad=False
):
    """The Jacobians of all outputs of `fn(*inputs)` by one input, by differences.

    Source:  torch.autograd.gradcheck.get_numerical_jacobian_wrt_specific_input.
    """
    tensor = inputs[input_idx] if input is None else input
    found = difference_jacobian(lambda: fn(*inputs), tensor, eps)
    return tuple(map(from_numpy, found))


def get_analytical_jacobian(inputs, output, nondet_tol=0.0, grad_out=1.0):
    """(Jacobians of an output, whether backward repeats itself, sizes fit, dtypes fit).

    Source:  torch.autograd.gradcheck.get_analytical_jacobian.
    """
    _warn_private("get_analytical_jacobian", grad_out)
    if output.is_complex():
        raise _not_complex("get_analytical_jacobian")
    check = Check(lambda *_: output, as_tuple(inputs), 0, 0, 0, nondet_tol, True, False)
    return check.analytical(output)


def _not_complex(name):
    return ValueError(
        f"Expected output to be non-complex. {name} no longer supports functions that return complex "
        "outputs."
    )


def _warn_private(name, grad_out):
    warnings.warn(
        f"`{name}` was part of PyTorch's private API and not meant to be exposed. We are deprecating it "
        "and it will be removed in a future version of PyTorch. If you have a specific use for this or "
        "feature request for this to be a stable API, please file us an issue at "
        "https://github.com/pytorch/pytorch/issues/new",
        FutureWarning,
        stacklevel=3,
    )
    if grad_out != 1.0:
        raise ValueError(
            f"Expected grad_out to be 1.0. {name} no longer supports values of grad_out != 1.0."
        )


def __getattr__(name):
    raise missing_attribute(__name__, name)
