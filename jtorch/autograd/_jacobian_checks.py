"""How `gradcheck` compares Jacobians: rows by backward, columns by forward mode, and differences."""

import functools

import numpy as np

from jtorch._engine.realize import run_all
from jtorch._generator import Generator
from jtorch._interop import from_numpy
from jtorch._ops.backward import grad
from jtorch._ops.complex import complex as complex_of
from jtorch._ops.random import rand
from jtorch._tensor import Tensor
from jtorch.autograd._difference import as_tuple, difference, difference_jacobian, inexact_tensors
from jtorch.autograd.forward_ad import dual_level, make_dual, unpack_dual


class GradcheckError(RuntimeError):
    """What `gradcheck` and `gradgradcheck` raise. Source: torch.autograd.gradcheck.GradcheckError."""

    __module__ = "torch.autograd.gradcheck"


class Check:
    """One call of `gradcheck`: the function, its inputs, and what it gives there."""

    def __init__(self, func, inputs, eps, atol, rtol, nondet_tol, check_dtypes, fast):
        self.func = func
        self.inputs = inputs
        self.eps, self.atol, self.rtol = eps, atol, rtol
        self.nondet_tol, self.check_dtypes, self.fast = nondet_tol, check_dtypes, fast
        self.all_outputs = as_tuple(func(*inputs))
        self.places = [i for i, each in enumerate(self.all_outputs) if each.requires_grad]
        self.outputs = [self.all_outputs[i] for i in self.places]
        self.wanted = inexact_tensors(inputs)

    def call(self, *inputs):
        """Those outputs that have gradients."""
        outputs = as_tuple(self.func(*inputs))
        return tuple(outputs[i] for i in self.places)

    def jacobians(self, forward, backward):
        """Compare Jacobians, of complex outputs and inputs the imaginary and the real parts."""
        if not self.outputs:
            self._no_gradients()
            return
        complex_outputs = [i for i, each in enumerate(self.outputs) if each.is_complex()]
        if backward:
            for part in ("imag", "real") if complex_outputs else (None,):
                self._backward(part, complex_outputs)
        if forward:
            complex_inputs = [i for i, each in enumerate(self.wanted) if each.is_complex()]
            for part in ("imag", "real") if complex_inputs else (None,):
                self._forward(part, complex_inputs)

    def _no_gradients(self):
        """No output has gradients: then none may depend on an input."""
        for tensor in self.wanted:
            if self.fast:
                units = _unit(tensor, Generator())
                found = difference(lambda: self.func(*self.inputs), tensor, units, self.eps)
            else:
                found = difference_jacobian(lambda: self.func(*self.inputs), tensor, self.eps)
            for each, output in zip(found, self.all_outputs, strict=True):
                if (self.fast or output.is_floating_point()) and np.any(each):
                    raise GradcheckError("Numerical gradient for function expected to be zero")

    # Reverse mode

    def _backward(self, part, complex_outputs):
        def call():
            return _parts(self.call(*self.inputs), part)

        outputs = _parts(self.outputs, part)
        if self.fast:
            self._backward_fast(call, outputs, part, complex_outputs)
            return
        differences = [difference_jacobian(call, each, self.eps) for each in self.wanted]
        for place, output in enumerate(outputs):
            found = self._rows_checked(output, _units_of(output))
            for index, rows in enumerate(found):
                expected = differences[index][place]
                if not _close(rows.T, expected, self.rtol, self.atol):
                    raise GradcheckError(
                        _mismatch(rows.T, expected, place, index, part, complex_outputs)
                    )

    def _backward_fast(self, call, outputs, part, complex_outputs):
        generator = Generator()
        units = [_unit(each, generator) for each in self.wanted]
        weights = [_vector(each, generator) for each in outputs]
        moves = [self._moves(call, each, u) for each, u in zip(self.wanted, units, strict=True)]
        for place, (output, weight) in enumerate(zip(outputs, weights, strict=True)):
            gradients = self._rows_checked(output, [weight])
            for index, (rows, unit) in enumerate(zip(gradients, units, strict=True)):
                row = rows[0]
                expected = np.dot(weight, moves[index][place])
                if np.iscomplexobj(unit):
                    given = np.dot(row.real, unit.real) + 1j * np.dot(row.imag, unit.imag)
                else:
                    given = np.dot(row, unit)
                total = unit.real.sum() + unit.imag.sum()
                if not _close(given, expected, self.rtol, self.atol * total * weight.sum()):
                    text = _mismatch(given, expected, place, index, part, complex_outputs)
                    rows = self._rows(output, _units_of(output))[index].T
                    slow = difference_jacobian(call, self.wanted[index], self.eps)[place]
                    raise GradcheckError(text + self._in_slow_mode(rows, slow))

    def _moves(self, call, tensor, unit):
        """How the outputs move in the direction of a unit; of a complex one, along and across."""
        if not np.iscomplexobj(unit):
            return difference(call, tensor, unit, self.eps)
        along = difference(call, tensor, unit.real, self.eps)
        across = difference(call, tensor, 1j * unit.imag, self.eps)
        return [x + 1j * y for x, y in zip(along, across, strict=True)]

    def _rows_checked(self, output, weights):
        """`_rows`, computed twice, with torch's errors for gradients that no tape may give."""
        found = self._rows(output, weights, check=True)
        again = self._rows(output, weights)
        for first, second in zip(found, again, strict=True):
            if first.size and np.abs(first - second).max() > self.nondet_tol:
                raise GradcheckError(
                    "Backward is not reentrant, i.e., running backward with same input and "
                    "grad_output multiple times gives different values, although analytical gradient "
                    "matches numerical gradient.The tolerance for nondeterminism was "
                    f"{self.nondet_tol}."
                )
        return found

    def _rows(self, output, weights, check=False):
        """For each input: the gradients that each of the weights of an output gives, flat."""
        run_all()  # the rows then are one program, run for each of them
        found = [[] for _ in self.wanted]
        for weight in weights:
            given = from_numpy(weight).to(output.dtype).to(output.device).view(output.shape)
            gradients = grad(output, self.wanted, given, retain_graph=True, allow_unused=True)
            for tensor, rows, gradient in zip(self.wanted, found, gradients, strict=True):
                if gradient is None:
                    rows.append(np.zeros(tensor.numel(), tensor.dtype.numpy))
                    continue
                if check and self.check_dtypes and gradient.dtype is not tensor.dtype:
                    raise GradcheckError("Gradient has dtype mismatch")
                if check and gradient.shape != tensor.shape:
                    raise GradcheckError("Analytical gradient has incorrect size")
                rows.append(gradient._host().reshape(-1).copy())
        empty_rows = [np.zeros((0, each.numel())) for each in self.wanted]
        return [
            np.stack(rows) if rows else none for rows, none in zip(found, empty_rows, strict=True)
        ]

    def analytical(self, output):
        """(Jacobians of an output by backward, whether it repeats itself, sizes fit, dtypes fit)."""
        found = self._rows(output, _units_of(output))
        again = self._rows(output, _units_of(output))
        same = all(
            not first.size or np.abs(first - second).max() <= self.nondet_tol
            for first, second in zip(found, again, strict=True)
        )
        gradients = grad(
            output.sum(), self.wanted, retain_graph=True, allow_unused=True, materialize_grads=False
        )
        pairs = [
            (each, one)
            for each, one in zip(gradients, self.wanted, strict=True)
            if each is not None
        ]
        sizes_fit = all(each.shape == one.shape for each, one in pairs)
        dtypes_fit = all(each.dtype is one.dtype for each, one in pairs)
        return tuple(from_numpy(each.T.copy()) for each in found), same, sizes_fit, dtypes_fit

    def _in_slow_mode(self, rows, slow):
        """What fast mode adds to its error: the Jacobians themselves."""
        if _close(rows, slow, self.rtol, self.atol):
            return (
                "\nFast gradcheck failed but element-wise differences are small. This means that the\n"
                "test might've passed in slow_mode!\n"
            )
        return (
            "\nThe above quantities relating the numerical and analytical jacobians are computed \n"
            "in fast mode. See: https://github.com/pytorch/pytorch/issues/53876 for more background \n"
            "about fast mode. Below, we recompute numerical and analytical jacobians in slow mode:\n\n"
            f"Numerical:\n {_shown(slow)}\nAnalytical:\n{_shown(rows)}\n\n"
            f"The max per-element difference (slow mode) is: {np.abs(rows - slow).max()}.\n"
        )

    # Forward mode

    def _forward(self, part, complex_inputs):
        """Compare Jacobians of forward mode; of complex inputs with respect to one part of them."""
        values = list(self.inputs)
        places = [i for i, each in enumerate(values) if _is_among(each, self.wanted)]
        for i in places:
            if values[i].is_complex():
                values[i] = getattr(values[i].detach(), part).clone().requires_grad_()
        for index, i in enumerate(places):
            call = functools.partial(self._whole, values, part)
            if self.fast:
                unit = _unit(values[i], Generator())
                expected = difference(call, values[i], unit, self.eps)
                found = [each[0] for each in self._columns(values, i, part, [unit])]
                atol = self.atol * unit.sum()
            else:
                expected = difference_jacobian(call, values[i], self.eps)
                found = self._columns(values, i, part, _units_of(values[i]))
                atol = self.atol
            for place, (given, wanted) in enumerate(zip(found, expected, strict=True)):
                if not _close(given, wanted, self.rtol, atol):
                    text = _mismatch(
                        given, wanted, place, index, part, complex_inputs, forward=True
                    )
                    if self.fast:
                        columns = self._columns(values, i, part, _units_of(values[i]))[place]
                        slow = difference_jacobian(call, values[i], self.eps)[place]
                        text += self._in_slow_mode(columns, slow)
                    raise GradcheckError(text)

    def _whole(self, values, part):
        """The outputs for inputs that are given by one part, where they are complex."""
        inputs = []
        for original, each in zip(self.inputs, values, strict=True):
            if isinstance(original, Tensor) and original.is_complex() and not each.is_complex():
                fixed = original.detach()
                each = (
                    complex_of(each, fixed.imag) if part == "real" else complex_of(fixed.real, each)
                )
            inputs.append(each)
        return self.call(*inputs)

    def _columns(self, values, place, part, directions):
        """For each output: its tangents where an input has each of some tangents, flat."""
        found = [[] for _ in self.outputs]
        tensor = values[place]
        for direction in directions:
            given = list(values)
            tangent = from_numpy(direction).to(tensor.dtype).view(tensor.shape)
            with dual_level():
                given[place] = make_dual(tensor.detach().requires_grad_(), tangent)
                results = [unpack_dual(each) for each in self._whole(given, part)]
            for columns, (primal, each) in zip(found, results, strict=True):
                if each is None:
                    columns.append(np.zeros(primal.numel(), primal.dtype.numpy))
                elif self.check_dtypes and each.dtype is not primal.dtype:
                    raise GradcheckError("Forward AD gradient has dtype mismatch.")
                else:
                    columns.append(each._host().reshape(-1).copy())
        return [
            np.stack(columns) if columns else np.zeros((0, each.numel()))
            for columns, each in zip(found, self.outputs, strict=True)
        ]


def _is_among(value, tensors):
    return any(value is each for each in tensors)


def _parts(outputs, part):
    """Complex outputs by their real or imaginary part; the others as they are."""
    return tuple(getattr(each, part) if each.is_complex() else each for each in outputs)


def _units_of(tensor):
    """A flat direction for each element."""
    return list(np.eye(tensor.numel(), dtype=np.empty(0, tensor.dtype.numpy).real.dtype))


def _vector(tensor, generator):
    """Random numbers for the elements of a tensor, with a norm of 1."""
    vector = rand(tensor.numel(), generator=generator)._host().astype(np.float64)
    return vector / np.linalg.norm(vector)


def _unit(tensor, generator):
    """A random direction for a tensor to move in; one for each part of a complex one."""
    real = _vector(tensor, generator)
    return real + 1j * _vector(tensor, generator) if tensor.is_complex() else real


def _close(given, expected, rtol, atol):
    with np.errstate(invalid="ignore"):
        return bool(
            np.all(
                (np.abs(given - expected) <= atol + rtol * np.abs(expected)) | (given == expected)
            )
        )


def _shown(array):
    """An array as torch prints a tensor."""
    return f"{from_numpy(np.array(array))}"


def _mismatch(given, expected, place, index, part, complex_places, forward=False):
    """torch's text where a Jacobian is not what differences say."""
    number = index if forward else place
    about = ""
    if part is not None and number in complex_places:
        name = "imaginary" if part == "imag" else "real"
        about = f"While considering the {name} part of complex {'inputs' if forward else 'outputs'} only, "
    return (
        f"{about}Jacobian {'computed with forward mode ' if forward else ''}mismatch for output "
        f"{place} with respect to input {index},\nnumerical:{_shown(expected)}\n"
        f"analytical:{_shown(given)}\n"
    )
