"""Types of parameters of plain functions: as annotated, or else what a parameter of this name is.

torch uses a name for one kind of thing, nearly everywhere; where it does not, the function stands
in `told.pyi`.
"""

import collections.abc
import inspect
import types
import typing

from jtorch import _dtypes, _layout
from jtorch._device import device
from jtorch._ops.parameters import Number
from jtorch._size import Size
from jtorch._tensor import Tensor

_CLASSES = {
    Tensor: "Tensor", Number: "_Number", int: "_int", float: "_float", bool: "_bool", str: "_str",
    _dtypes.dtype: "_dtype", device: "_DeviceLike", _layout.layout: "_layout",
    _layout.memory_format: "_memory_format", types.NoneType: "None", Size: "Size", object: "object",
    collections.abc.Iterable: "Iterable[Any]", collections.abc.Callable: "Callable[..., Any]",
    tuple: "tuple[Any, ...]", list: "list[Any]", dict: "dict[Any, Any]",
}  # fmt: skip

_NAMES = {
    "Tensor": """
        A A_LU LU_data LU_pivots a anchor b bias bias_k bias_v g grid indices input input1 input2
        in_proj_bias in_proj_weight k_proj_weight key linear_bias linear_weight log_probs logits
        mask negative other out_proj_bias out_proj_weight positive pos_weight per_sample_weights
        q_proj_weight query running_mean running_var static_k static_v target targets tensor theta
        v v_proj_weight value var vec weight x1 x2 offsets key_padding_mask attn_mask window
        _random_samples
    """,
    "_bool": """
        add_zero_attn align_corners antialias average_attn_weights ceil_mode center check_errors
        deterministic enabled full hard include_last_offset inplace is_causal keepdim log_input
        log_target need_weights normalized onesided recompute_scale_factor reduce return_complex
        return_counts return_indices return_inverse scale_grad_by_freq size_average sorted sparse
        static_kv swap training use_input_stats use_separate_proj_weight with_replacement
        zero_infinity replacement align_to_window pivot get_infos wrap
    """,
    "_int": """
        blank chunks dim embed_dim_to_check groups hop_length ignore_index n_fft num_groups num_heads
        num_samples padding_idx r win_length _stacklevel
    """,
    "_float": """
        alpha beta delta dropout_p eps k label_smoothing lambd lower max_norm max_val mean median
        min_val momentum negative_slope norm_type p sigma std tau threshold upper margin
    """,
    "_str": "mode padding_mode reduction compute_mode pad_mode indexing",
    "_dtype": "dtype",
    "_DeviceLike": "device",
    "Generator": "generator",
    "_Tensors": "tensors",
    "_int | _Ints": """
        dilation kernel_size normalized_shape output_size padding stride
    """,
}
_BY_NAME = {name: kind for kind, names in _NAMES.items() for name in names.split()}
# Where a name is otherwise in a function.
_EXCEPTIONS = {
    ("addmv_", "alpha"): "_Number",
    ("addmv_", "beta"): "_Number",
    ("pad", "pad"): "_Ints",
    ("pad", "value"): "_float",
    ("threshold", "value"): "_float",
    ("normalize", "p"): "_float",
    ("local_response_norm", "size"): "_int",
    ("affine_grid", "size"): "_Ints",
    ("interpolate", "size"): "_int | _Ints",
    ("interpolate", "scale_factor"): "_float | Sequence[_float]",
    ("upsample", "size"): "_int | _Ints",
    ("upsample", "scale_factor"): "_float | Sequence[_float]",
    ("upsample_nearest", "size"): "_int | _Ints",
    ("upsample_nearest", "scale_factor"): "_float | Sequence[_float]",
    ("upsample_bilinear", "size"): "_int | _Ints",
    ("upsample_bilinear", "scale_factor"): "_float | Sequence[_float]",
    ("ctc_loss", "input_lengths"): "Tensor | _Ints",
    ("ctc_loss", "target_lengths"): "Tensor | _Ints",
    ("gaussian_nll_loss", "var"): "Tensor | _float",
    (
        "triplet_margin_with_distance_loss",
        "distance_function",
    ): "Callable[[Tensor, Tensor], Tensor]",
}


def type_of_plain(function, parameter):
    """The type of a parameter of a plain function, or "" where nothing is known of it."""
    if parameter.annotation is not inspect.Parameter.empty:
        kind = annotation_text(parameter.annotation)
    else:
        family = function.removesuffix("_with_indices")
        kind = _EXCEPTIONS.get((family, parameter.name)) or _BY_NAME.get(parameter.name, "")
        if parameter.name == "out":
            kind = "Tensor"
        if "pool" in function and parameter.name in ("output_size", "output_ratio"):
            kind = _pool_size(function, parameter.name)
        if "max_unpool" in function and parameter.name == "padding":
            kind = "_int | _Ints"
    if kind and parameter.default is None and "None" not in kind.split(" | "):
        kind += " | None"
    return kind


def _pool_size(function, name):
    if name == "output_ratio":
        return "_float | Sequence[_float]"
    if function.startswith("max_unpool"):
        return "_Ints"
    return "_int | Sequence[_int | None]" if function.startswith("adaptive") else "_int | _Ints"


def annotation_text(annotation):
    """An annotation as the stubs say it."""
    if annotation is None:
        return "None"
    if annotation is typing.Any:
        return "Any"
    if annotation in _CLASSES:
        return _CLASSES[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        return " | ".join(annotation_text(each) for each in arguments)
    if origin is tuple:
        inner = ", ".join("..." if each is ... else annotation_text(each) for each in arguments)
        return f"tuple[{inner}]"
    if origin in (collections.abc.Iterable, collections.abc.Callable):
        return _CLASSES[origin]
    if isinstance(annotation, type) and annotation.__name__ == "Generator":
        return "Generator"
    return "Any"
