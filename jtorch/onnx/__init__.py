"""torch.onnx: what libraries register for export is kept; there is no export.

Errors:  NotImplementedError from `export`.
"""

from jtorch._alias import missing_attribute
from jtorch.onnx import symbolic_helper, symbolic_opset11

__all__ = [
    "export", "is_in_onnx_export", "register_custom_op_symbolic", "symbolic_helper",
    "symbolic_opset11",
]  # fmt: skip

_symbolics = {}


def __getattr__(name):
    raise missing_attribute(__name__, name)


def register_custom_op_symbolic(symbolic_name, symbolic_fn, opset_version):
    """Keep how an operator is exported. Source: torch.onnx.register_custom_op_symbolic."""
    _symbolics[symbolic_name, opset_version] = symbolic_fn


def is_in_onnx_export() -> bool:
    """Whether a model is being exported; never. Source: torch.onnx.is_in_onnx_export."""
    return False


def export(*args, **kwargs):
    """Errors: NotImplementedError."""
    raise NotImplementedError(
        "jtorch writes no ONNX files: jtorch.to_jax_function gives a function for jax.export"
    )
