"""Dispatch keys: the names by which kernels of operators are registered, and which a call goes to."""

from jtorch._device import device
from jtorch._errors import not_provided

__all__ = ["AUTOGRAD", "COMPOSITE", "DEVICES", "check_key", "key_of_type"]

# Kinds of devices that torch knows.
DEVICES = (
    "CPU", "CUDA", "HIP", "XLA", "MTIA", "MPS", "IPU", "XPU", "HPU", "VE", "Lazy", "Meta",
    "PrivateUse1", "PrivateUse2", "PrivateUse3", "FPGA", "MAIA", "Vulkan", "Metal",
)  # fmt: skip
COMPOSITE = ("CompositeImplicitAutograd", "CompositeExplicitAutograd")
AUTOGRAD = (
    "Autograd",
    *(f"Autograd{each}" for each in DEVICES),
    "AutogradOther",
    "AutogradFunctionality",
    "AutogradNestedTensor",
)
# Of what there is nothing here that could call them: registered, and never called.
_WITHOUT_CALLS = frozenset(
    f"""
    Undefined CustomRNGKeyId MkldnnCPU BackendSelect Python Fake FuncTorchDynamicLayerBackMode
    FuncTorchDynamicLayerFrontMode Functionalize Named Conjugate Negative ZeroTensor Tracer
    FuncTorchBatched BatchedNestedTensor FuncTorchVmapMode Batched VmapMode FuncTorchGradWrapper
    FuncTorchBatchedDecomposition DeferredInit PythonTLSSnapshot PythonDispatcher PreDispatch
    CompositeImplicitAutogradNestedTensor CompositeExplicitAutogradNonFunctional
    {" ".join(kind + each for kind in ("Quantized", "Sparse", "SparseCsr", "NestedTensor") for each in DEVICES)}
    """.split()
)
_TYPES = {"privateuseone": "PrivateUse1", "lazy": "Lazy", "meta": "Meta", "vulkan": "Vulkan"}


def check_key(key) -> None:
    """Errors: RuntimeError for what is no dispatch key; NotImplementedError for what is not called here."""
    if key == "ADInplaceOrView":
        raise not_provided(f"kernels for the dispatch key {key}")
    known = (*DEVICES, *COMPOSITE, *AUTOGRAD)
    if key not in known and key not in _WITHOUT_CALLS and not key.startswith("Autocast"):
        raise RuntimeError(f"could not parse dispatch key: {key}")


def key_of_type(name) -> str:
    """The key of a type of devices. Errors: RuntimeError if there is none of that name."""
    kind = device(name).type
    return _TYPES.get(kind, kind.upper())
