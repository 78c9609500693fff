"""The text of tensors, exactly as PyTorch prints them; knows arrays and names, not tensors.

Three stages: `_edge_items` fetches what will be seen, `_number_cells` turns numbers into cells,
`_nested_text` lays the cells out. `tensor_text` adds the prefix and the suffixes.

The array may be a numpy array, or lazy: any object with `.shape` and with `__getitem__` of a tuple
of slices, one per dimension with bounds inside it, whose results `numpy.asarray` accepts. It is
asked only for what will be seen: once if the tensor is not summarised, else once for each corner,
2 ** (dimensions cut) times. All corners are asked for before the first is converted, so that a lazy
array can compute them together. Where no values are seen (empty, meta, `contents`) only `.shape` is
read.
"""

import contextlib
import dataclasses
import itertools
import math

import numpy as np

from jtorch._errors import check

_PROFILES = {
    "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80},
    "short": {"precision": 2, "threshold": 1000, "edgeitems": 2, "linewidth": 80},
    "full": {"precision": 4, "threshold": math.inf, "edgeitems": 3, "linewidth": 80},
}


@dataclasses.dataclass
class _PrintOptions:
    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None  # None: decided from the values


_options = _PrintOptions()


def set_printoptions(
    precision=None,
    threshold=None,
    edgeitems=None,
    linewidth=None,
    profile=None,
    sci_mode=None,
):
    """Set how tensors print, for the whole process.

    `profile` ("default", "short", "full") is applied first; what is None stays as it was, save
    `sci_mode`, where None means "decide from the values" again.

    Errors:  none here: as in PyTorch, a value of no use fails when a tensor is printed, and an
             unknown profile is ignored.
    Source:  torch.set_printoptions.
    """
    chosen = dict(_PROFILES.get(profile, {})) if isinstance(profile, str) else {}
    given = {
        "precision": precision,
        "threshold": threshold,
        "edgeitems": edgeitems,
        "linewidth": linewidth,
    }
    chosen.update((name, value) for name, value in given.items() if value is not None)
    for name, value in chosen.items():
        setattr(_options, name, value)
    _options.sci_mode = sci_mode


def get_printoptions():
    """Return the print options as a new dict.

    Source:  torch._tensor_str.get_printoptions.
    """
    return dataclasses.asdict(_options)


@contextlib.contextmanager
def printoptions(**kwargs):
    """Context manager: `set_printoptions(**kwargs)` inside, the former options after.

    Errors:  TypeError for an unknown option.
    Source:  torch._tensor_str.printoptions.
    """
    former = get_printoptions()
    set_printoptions(**kwargs)
    try:
        yield
    finally:
        set_printoptions(**former)


def tensor_text(
    array,
    *,
    dtype_name,
    default_dtype_name="float32",
    class_name="tensor",
    is_parameter=False,
    is_meta=False,
    device_suffix=None,
    requires_grad=False,
    grad_fn_name=None,
    tangent_text=None,
    contents=None,
):
    """Return PyTorch's `repr` of a tensor, which is also its `str`.

    array               the values in logical shape, conjugation applied: a numpy array (ml_dtypes
                        for bfloat16 and float8) or a lazy one, see the top of this module
    dtype_name          the tensor's, without "torch.": "float32", "float8_e5m2", "bool"
    default_dtype_name  torch.get_default_dtype(), likewise
    class_name          "tensor" for Tensor and Parameter themselves, else `type(self).__name__`
    is_parameter        `isinstance(self, Parameter)`: an instance of a subclass (`class_name` is
                        not "tensor") is wrapped as "Parameter(...)"; see also `parameter_text`
    is_meta             "..." in place of the values; pass device_suffix="meta" with it
    device_suffix       "cuda:0", "meta"; None for a tensor on the CPU
    requires_grad       shown for leaves, that is, if there is no `grad_fn_name`
    grad_fn_name        "AddBackward0": `type(self.grad_fn).__name__`
    tangent_text        `format(tangent)` of the forward-mode tangent, if it has one; so a 0-dim
                        tangent is its item
    contents            text in place of the values (`tensor_contents` of torch's `__repr__`)

    Errors:  those of PyTorch for print options of no use (see `set_printoptions`).
    Source:  torch.Tensor.__repr__.
    """
    shape = tuple(array.shape)
    size = math.prod(shape)
    prefix = f"{class_name}("
    if is_meta:
        body, shows_shape = "...", True
    elif size == 0:
        body, shows_shape = "[]", len(shape) != 1
    else:
        body, shows_shape = None, _options.edgeitems == 0
    if contents is not None:
        body = contents
    elif body is None:
        body = _values_text(array, shape, dtype_name, len(prefix))

    suffixes = [f"device='{device_suffix}'"] if device_suffix is not None else []
    if shows_shape:
        suffixes.append(f"size={shape}")
    if not _is_implied_dtype(dtype_name, default_dtype_name, has_values=size > 0 and not is_meta):
        suffixes.append(f"dtype=torch.{dtype_name}")
    suffixes += _autograd_suffixes(requires_grad, grad_fn_name, tangent_text)

    text = _with_suffixes(prefix + body, suffixes, indent=len(prefix))
    return f"Parameter({text})" if is_parameter and class_name != "tensor" else text


def sparse_text(
    indices,
    values,
    *,
    shape,
    dtype_name,
    default_dtype_name="float32",
    device_suffix=None,
    requires_grad=False,
    grad_fn_name=None,
):
    """Return PyTorch's `repr` of a sparse tensor of these places and values, both numpy arrays.

    Source:  torch.Tensor.__repr__.
    """
    prefix = "tensor("
    parts = []
    for name, array, dtype in (("indices", indices, "int64"), ("values", values, dtype_name)):
        start = f"{name}=tensor("
        if array.size:
            text = _values_text(array, array.shape, dtype, len(prefix) + len(start))
        else:
            text = f"[], size={array.shape}"
        parts.append(f"{start}{text})")
    indent = " " * len(prefix)
    suffixes = [f"device='{device_suffix}'"] if device_suffix is not None else []
    suffixes += [f"size={shape}", f"nnz={indices.shape[1]}"]
    if not _is_implied_dtype(dtype_name, default_dtype_name, has_values=True):
        suffixes.append(f"dtype=torch.{dtype_name}")
    suffixes.append("layout=torch.sparse_coo")
    suffixes += _autograd_suffixes(requires_grad, grad_fn_name, None)
    text = f"{prefix}{parts[0]},\n{indent}{parts[1]},\n{indent}{suffixes[0]}"
    used = len(prefix) + len(suffixes[0])
    return _with_suffixes(text, suffixes[1:], len(prefix), used)


def parameter_text(text):
    """Return the text of `Parameter.__repr__`, given that of the tensor it is."""
    return f"Parameter containing:\n{text}"


def format_tensor(tensor, spec, *, is_plain):
    """Return `format(tensor, spec)`: the item's format for 0-dim tensors, else only an empty spec.

    `is_plain` is `type(tensor) is Tensor`; Parameters and subclasses format as other objects do.

    Errors:  TypeError for a spec where there is no item; what Python says of a spec it rejects.
    Source:  torch.Tensor.__format__.
    """
    if is_plain and tensor.dim() == 0 and not tensor.is_meta:
        return tensor.item().__format__(spec)
    return object.__format__(tensor, spec)


def _is_implied_dtype(dtype_name, default_dtype_name, has_values):
    """Whether the reader knows the dtype without a suffix: values show bool, int64, complex."""
    if dtype_name == default_dtype_name:
        return True
    default_complex = "complex128" if default_dtype_name == "float64" else "complex64"
    return has_values and dtype_name in ("bool", "int64", default_complex)


def _autograd_suffixes(requires_grad, grad_fn_name, tangent_text):
    suffixes = []
    if grad_fn_name is not None:
        suffixes.append(f"grad_fn=<{grad_fn_name}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    if tangent_text is not None:
        suffixes.append(f"tangent={tangent_text}")
    return suffixes


def _with_suffixes(text, suffixes, indent, used=None):
    """Append suffixes and the closing parenthesis, breaking lines before what would not fit."""
    # torch's count: 2 columns stay free after the values, but not after a suffix on its own line;
    # a tangent of many lines counts as one.
    if used is None:
        used = len(text) - (text.rfind("\n") + 1) + 2
    for suffix in suffixes:
        if used + len(suffix) + 2 > _options.linewidth:
            text += ",\n" + " " * indent + suffix
            used = indent + len(suffix)
        else:
            text += ", " + suffix
            used += len(suffix) + 2
    return text + ")"


def _values_text(array, shape, dtype_name, indent):
    summarise = math.prod(shape) > _options.threshold
    edge = _options.edgeitems
    cut = tuple(summarise and size > 2 * edge for size in shape)
    if any(cut):
        if edge == 0:
            return "[...]"
        # torch accepts the option and fails here, when it has no slices to put together.
        check(edge > 0, lambda: "stack expects a non-empty TensorList")
    values = _edge_items(array, shape, cut, edge)
    cells, pitch = _number_cells(values.reshape(-1), dtype_name)
    return _nested_text(cells, values.shape, cut, pitch, indent)


def _edge_items(array, shape, cut, edge):
    """Return the array with each dimension of `cut` reduced to its first and last `edge` items."""
    whole, ends = (slice(None),), (slice(0, edge), slice(-edge, None))
    # Negative bounds are resolved here: not every lazy array will know them.
    spans = [
        [slice(*span.indices(size)) for span in (ends if is_cut else whole)]
        for size, is_cut in zip(shape, cut, strict=True)
    ]
    pieces = [array[index] for index in itertools.product(*spans)]
    pieces = [np.asarray(piece) for piece in pieces]
    if len(pieces) == 1:
        return pieces[0].reshape(shape)
    kept_shape = [2 * edge if is_cut else size for size, is_cut in zip(shape, cut, strict=True)]
    kept = np.empty(kept_shape, pieces[0].dtype)
    targets = [ends if is_cut else whole for is_cut in cut]
    for index, piece in zip(itertools.product(*targets), pieces, strict=True):
        kept[index] = piece
    return kept


def _nested_text(cells, shape, cut, pitch, indent):
    """Lay out the cells of an array in C order as nested brackets."""
    if not shape:
        return cells[0]
    if len(shape) == 1:
        return _row_text(cells, cut[0], pitch, indent)
    step = len(cells) // shape[0]
    rows = [
        _nested_text(cells[start : start + step], shape[1:], cut[1:], pitch, indent + 1)
        for start in range(0, len(cells), step)
    ]
    if cut[0]:
        rows.insert(len(rows) // 2, "...")
    separator = "," + "\n" * (len(shape) - 1) + " " * (indent + 1)
    return "[" + separator.join(rows) + "]"


def _row_text(cells, is_cut, pitch, indent):
    if is_cut:
        middle = len(cells) // 2
        cells = [*cells[:middle], " ...", *cells[middle:]]
    per_line = max(1, math.floor((_options.linewidth - indent) / pitch))
    lines = [", ".join(cells[start : start + per_line]) for start in range(0, len(cells), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def _number_cells(values, dtype_name):
    """Return the text of each value, and the columns a cell takes when lines are filled.

    The second is torch's estimate, not always the length of the cells: zeros, nan and inf do not
    widen it, and the parts of a complex number do not line up.
    """
    if dtype_name.startswith("complex"):
        real, real_width = _float_texts(_widened(values.real), dtype_name)
        imaginary, imaginary_width = _float_texts(_widened(values.imag), dtype_name)
        cells = [
            f"{left:>{real_width}}{'' if right.startswith('-') else '+'}{right}j"
            for left, right in zip(real, imaginary, strict=True)
        ]
        return cells, real_width + imaginary_width + 3
    if "float" in dtype_name:
        texts, width = _float_texts(_widened(values), dtype_name)
    else:
        texts = [str(value) for value in values.tolist()]
        width = max(map(len, texts))
    return [text.rjust(width) for text in texts], width + 2


def _widened(values):
    """Return the values as float64, which holds all of them; torch, too, decides in float64."""
    with np.errstate(invalid="ignore"):  # signalling nan
        return values.astype(np.float64)


def _float_texts(values, dtype_name):
    """Return the text of each number, not yet padded, and the width to pad them to."""
    is_measured = _measured(values, dtype_name)
    measured = values[is_measured]
    is_whole = bool(np.all(measured == np.ceil(measured)))
    precision = _options.precision
    if _is_scientific(np.abs(measured)):
        texts = [f"{value:.{precision}e}" for value in values.tolist()]
    elif is_whole:
        texts = [f"{value:.0f}" + "." * math.isfinite(value) for value in values.tolist()]
    else:
        texts = [f"{value:.{precision}f}" for value in values.tolist()]
    width = max((len(text) for text in itertools.compress(texts, is_measured)), default=1)
    return texts, width


def _measured(values, dtype_name):
    """Return a mask of the values that decide notation and width: finite and not zero."""
    if dtype_name == "float8_e8m0fnu":
        # A type without zero and inf: torch compares with 0 rounded to the type, 2**-127, and
        # counts nan as finite, which then keeps an array out of scientific notation.
        return values != 2.0**-127
    return np.isfinite(values) & (values != 0)


def _is_scientific(magnitudes):
    if magnitudes.size == 0:
        return False
    if _options.sci_mode is not None:
        return _options.sci_mode
    largest, smallest = float(magnitudes.max()), float(magnitudes.min())
    # As a quotient, because it is rounded: largest > 1000 * smallest differs for some pairs.
    return largest / smallest > 1000 or largest > 1e8 or smallest < 1e-4
