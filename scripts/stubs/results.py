"""What functions and methods return that return something else than one tensor.

Named tuples are found by their names.
"""

import inspect

from jtorch import return_types
from stubs.parameters import annotation_text

_KINDS = {
    "tuple[Tensor, ...]": """
        chunk dsplit gradient hsplit split split_with_sizes tensor_split unbind unsafe_chunk unsafe_split
        unsafe_split_with_sizes vsplit split_copy split_with_sizes_copy unbind_copy align_tensors
    """,
    "tuple[Tensor, Tensor]": """
        gru rnn_tanh rnn_relu lstm_cell native_dropout var_mean std_mean max_pool1d_with_indices
        adaptive_max_pool1d nn.functional.max_pool1d_with_indices
        nn.functional.max_pool2d_with_indices nn.functional.max_pool3d_with_indices
        nn.functional.adaptive_max_pool1d_with_indices nn.functional.adaptive_max_pool2d_with_indices
        nn.functional.adaptive_max_pool3d_with_indices
        nn.functional.fractional_max_pool2d_with_indices
        nn.functional.fractional_max_pool3d_with_indices
    """,
    "tuple[Tensor, Tensor, Tensor]": """
        lstm native_group_norm native_layer_norm native_batch_norm _native_batch_norm_legit
        _native_batch_norm_legit_no_training
    """,
    "tuple[Tensor, Tensor, Tensor, Tensor]": "embedding_bag",
    "_bool": """
        allclose equal is_complex is_conj is_contiguous is_distributed is_floating_point is_inference
        is_neg is_nonzero is_same_size is_signed is_vulkan_available
    """,
    "_dtype": "result_type",
    "_int": "numel",
    "None": "set_printoptions save",
    "Any": "compile load __getattr__",
    "ndarray": "__array__ numpy",
}  # fmt: skip
_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names.split()}
# Where the result has names if a dim is given.
_ALONG_DIM = ("max", "min", "median", "nanmedian")


def results_of(path, name, function, found):
    """The types of the results of a function's overloads, given by their lists of parameters."""
    kind = _BY_NAME.get(f"{path}.{name}") or ("functional" not in path and _BY_NAME.get(name))
    named = f"{path.replace('.', '_')}_{name}".removeprefix("Tensor_").lstrip("_")
    if name.startswith("_foreach_"):
        kind = "_Tensors" if name.endswith("_") else "tuple[Tensor, ...]"
    if kind:
        return [kind] * len(found)
    if name in _ALONG_DIM and path in ("", "Tensor"):
        tuples = f"return_types.{name}"
        return [tuples if any(e.startswith("dim:") for e in form) else "Tensor" for form in found]
    if named in vars(return_types) and not named.startswith("_"):
        return [f"return_types.{named}"] * len(found)
    return [_annotation(function) or "Tensor"] * len(found)


def _annotation(function):
    if hasattr(function, "row"):
        return None
    found = inspect.signature(function).return_annotation
    return None if found is inspect.Signature.empty else annotation_text(found)
