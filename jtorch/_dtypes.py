"""torch's dtypes: their attributes, their numpy counterparts, and how they promote."""

import ml_dtypes
import numpy as np

BOOL, INTEGRAL, FLOATING, COMPLEX = range(4)  # categories, in order of promotion


class dtype:
    """A data type; the instances are `jtorch.float32` and its siblings, and are compared by identity."""

    __slots__ = (
        "_bits",
        "abbr",
        "category",
        "is_complex",
        "is_floating_point",
        "is_signed",
        "itemsize",
        "name",
        "numpy",
        "scalar_name",
    )
    __module__ = "torch"
    abbr: str
    is_complex: bool
    is_floating_point: bool
    is_signed: bool
    itemsize: int

    def __new__(cls, *fields):
        if len(fields) != 5:
            raise TypeError("cannot create 'torch.dtype' instances")
        return object.__new__(cls)

    def __init__(self, name, numpy_type, category, abbr, scalar_name):
        self.name = name
        self.numpy = np.dtype(numpy_type)
        self.category = category
        self.abbr = abbr
        self.scalar_name = scalar_name  # the name in torch's messages: "Float" for float32
        self.itemsize = self.numpy.itemsize
        self.is_floating_point = category == FLOATING
        self.is_complex = category == COMPLEX
        self.is_signed = name != "bool" and not name.startswith("uint") and name != "float8_e8m0fnu"

    def __repr__(self):
        return f"torch.{self.name}"

    def __reduce__(self):
        # not the name of a global: whether that is found as torch.NAME depends on the process
        return by_name, (self.name,)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def to_real(self) -> "dtype":
        return TO_REAL.get(self, self)

    def to_complex(self) -> "dtype":
        if self not in TO_COMPLEX:
            raise RuntimeError(f"Unknown Complex ScalarType for {self.scalar_name}")
        return TO_COMPLEX[self]


bool_ = dtype("bool", np.bool_, BOOL, "b8", "Bool")
uint8 = dtype("uint8", np.uint8, INTEGRAL, "u8", "Byte")
int8 = dtype("int8", np.int8, INTEGRAL, "i8", "Char")
int16 = dtype("int16", np.int16, INTEGRAL, "i16", "Short")
int32 = dtype("int32", np.int32, INTEGRAL, "i32", "Int")
int64 = dtype("int64", np.int64, INTEGRAL, "i64", "Long")
uint16 = dtype("uint16", np.uint16, INTEGRAL, "u16", "UInt16")
uint32 = dtype("uint32", np.uint32, INTEGRAL, "u32", "UInt32")
uint64 = dtype("uint64", np.uint64, INTEGRAL, "u64", "UInt64")
float16 = dtype("float16", np.float16, FLOATING, "f16", "Half")
bfloat16 = dtype("bfloat16", ml_dtypes.bfloat16, FLOATING, "bf16", "BFloat16")
float32 = dtype("float32", np.float32, FLOATING, "f32", "Float")
float64 = dtype("float64", np.float64, FLOATING, "f64", "Double")
complex64 = dtype("complex64", np.complex64, COMPLEX, "c64", "ComplexFloat")
complex128 = dtype("complex128", np.complex128, COMPLEX, "c128", "ComplexDouble")
float8_e4m3fn = dtype(
    "float8_e4m3fn", ml_dtypes.float8_e4m3fn, FLOATING, "f8e4m3fn", "Float8_e4m3fn"
)
float8_e5m2 = dtype("float8_e5m2", ml_dtypes.float8_e5m2, FLOATING, "f8e5m2", "Float8_e5m2")
float8_e4m3fnuz = dtype(
    "float8_e4m3fnuz", ml_dtypes.float8_e4m3fnuz, FLOATING, "f8e4m3fnuz", "Float8_e4m3fnuz"
)
float8_e5m2fnuz = dtype(
    "float8_e5m2fnuz", ml_dtypes.float8_e5m2fnuz, FLOATING, "f8e5m2fnuz", "Float8_e5m2fnuz"
)
float8_e8m0fnu = dtype(
    "float8_e8m0fnu", ml_dtypes.float8_e8m0fnu, FLOATING, "f8e8m0fnu", "Float8_e8m0fnu"
)

FLOAT8 = (float8_e4m3fn, float8_e5m2, float8_e4m3fnuz, float8_e5m2fnuz, float8_e8m0fnu)
BAREBONES_UNSIGNED = (uint16, uint32, uint64)  # torch gives these no promotion among integers
ALL = (
    bool_, uint8, int8, int16, int32, int64, uint16, uint32, uint64, float16, bfloat16, float32,
    float64, complex64, complex128, *FLOAT8,
)  # fmt: skip
ALIASES = {
    "float": float32, "double": float64, "half": float16, "int": int32, "long": int64,
    "short": int16, "cfloat": complex64, "cdouble": complex128,
}  # fmt: skip
BY_NAME = {each.name: each for each in ALL} | ALIASES
BY_NUMPY = {each.numpy: each for each in ALL}
PYTHON_TYPES = {float: float64, int: int64, bool: bool_, complex: complex128}
TO_REAL = {complex64: float32, complex128: float64}
# float16 belongs to complex32, which XLA does not have.
TO_COMPLEX = {
    float32: complex64, float64: complex128, bfloat16: complex64,
    complex64: complex64, complex128: complex128,
}  # fmt: skip

_WIDTH = {float16: 1, bfloat16: 1, float32: 2, float64: 3, complex64: 2, complex128: 3}


def _promote(a: dtype, b: dtype) -> dtype | None:
    if a is b:
        return a
    if a in FLOAT8 or b in FLOAT8:
        return None
    if a.category > b.category:
        a, b = b, a
    if a in BAREBONES_UNSIGNED or b in BAREBONES_UNSIGNED:
        return b if b.category == FLOATING else None
    if b.category <= INTEGRAL:
        if a is bool_:
            return b
        wider = max(a, b, key=lambda each: (each.itemsize, each is not uint8))
        return int16 if {a, b} == {uint8, int8} else wider
    if a.category <= INTEGRAL:
        return b
    if b.category == FLOATING:
        return float32 if {a, b} == {float16, bfloat16} else max(a, b, key=_WIDTH.get)
    return complex128 if max(_WIDTH[a], _WIDTH[b]) == 3 else complex64


_PROMOTED = {(a, b): _promote(a, b) for a in ALL for b in ALL}


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest dtype that both promote to.

    Errors:  RuntimeError for float8 with anything else, and for uint16/32/64 with integers.
    Source:  torch.promote_types.
    """
    if type1.__class__ is not dtype or type2.__class__ is not dtype:
        type1, type2 = _checked("promote_types", type1=type1, type2=type2)
    found = _PROMOTED[type1, type2]
    if found is None:
        float8 = type1 in FLOAT8 or type2 in FLOAT8
        kind = "Float8 Types" if float8 else "uint16, uint32, uint64 types"
        raise RuntimeError(
            f"Promotion for {kind} is not supported, attempted to promote "
            f"{type1.scalar_name} and {type2.scalar_name}"
        )
    return found


def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether torch lets a result of dtype `from_` be written into a tensor of dtype `to`.

    Source:  torch.can_cast.
    """
    if from_.__class__ is not dtype or to.__class__ is not dtype:
        from_, to = _checked("can_cast", from_=from_, to=to)
    if from_.category == COMPLEX and to.category != COMPLEX:
        return False
    if from_.category == FLOATING and to.category in (BOOL, INTEGRAL):
        return False
    return not (from_.category == INTEGRAL and to is bool_) and not (
        from_.category == BOOL and to.category == BOOL and from_ is not to
    )


def _checked(function, **types):
    """The dtypes that these arguments stand for, or torch's error for the first that is none."""
    for position, (name, value) in enumerate(types.items(), 1):
        if as_dtype(value) is None:
            raise TypeError(
                f"{function}(): argument '{name}' (position {position}) must be torch.dtype, "
                f"not {type(value).__name__}"
            )
    return [as_dtype(each) for each in types.values()]


def by_name(name: str) -> dtype:
    """The dtype of a pickle."""
    return BY_NAME[name]


def as_dtype(value) -> dtype | None:
    """What torch takes for a dtype: one, or a Python type of numbers; None for all else."""
    if value.__class__ is dtype:
        return value
    return PYTHON_TYPES.get(value) if value.__class__ is type else None


_C_NAMES = {
    bool_: "bool", uint8: "unsigned char", int8: "signed char", int16: "short int", int32: "int",
    int64: "long int", uint16: "short unsigned int", uint32: "unsigned int",
    uint64: "long unsigned int", float32: "float", float64: "double",
    complex64: "c10::complex<float>", complex128: "c10::complex<double>",
}  # fmt: skip


def c_name(of: dtype) -> str:
    """The C++ name of a dtype, which some of torch's messages use."""
    return _C_NAMES.get(of) or f"c10::{of.scalar_name}"


class _Defaults:
    """The default dtype; a class attribute so that reading it costs one look-up."""

    dtype = float32
    caches = []


def depend_on_default(cache: dict) -> None:
    """`cache` holds what follows from the default dtype: it is emptied when that changes."""
    _Defaults.caches.append(cache)


def get_default_dtype() -> dtype:
    """The dtype of floating-point tensors made without `dtype=`. Source: torch.get_default_dtype."""
    return _Defaults.dtype


def set_default_dtype(d: dtype) -> None:
    """Set the default floating-point dtype.

    Errors:  TypeError if `d` is not a floating-point dtype.
    Source:  torch.set_default_dtype.
    """
    if not isinstance(d, dtype):
        raise TypeError(
            "invalid dtype object: only floating-point types are supported as the default type"
        )
    if not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    if d in FLOAT8:
        raise TypeError(f"couldn't find storage object {d.scalar_name}Storage")
    _Defaults.dtype = d
    for cache in _Defaults.caches:
        cache.clear()


def default_complex() -> dtype:
    """The dtype of complex Python numbers among tensors."""
    return TO_COMPLEX.get(_Defaults.dtype, complex64)


def dtype_of_complex_data() -> dtype:
    """The dtype of a tensor made of complex Python numbers.

    Errors:  RuntimeError if the default dtype is bfloat16, to which no complex dtype belongs.
    """
    if _Defaults.dtype is bfloat16:
        raise RuntimeError("invalid default scalar type for complex")
    return default_complex()


def of_number(value) -> dtype:
    """The dtype a Python number becomes as a tensor."""
    if value.__class__ is bool:
        return bool_
    if isinstance(value, int):
        return int64
    return _Defaults.dtype if isinstance(value, float) else default_complex()


def number_category(value) -> int:
    if value.__class__ is bool:
        return BOOL
    if isinstance(value, int):
        return INTEGRAL
    return FLOATING if isinstance(value, float) else COMPLEX


def combine_categories(dimensioned, zero_dim, categories) -> dtype:
    """torch's rule: dtypes of tensors with dimensions, of 0-dim tensors, and categories of numbers.

    A lower priority matters only where it brings a higher category.
    """
    result = _promote_all(dimensioned)
    lower = _promote_all(zero_dim)
    if lower is not None and (result is None or lower.category > result.category):
        result = lower if result is None else _raised(result, lower)
    for category in categories:
        if result is None or category > result.category:
            result = _of_category(category, result)
    return result


def _promote_all(dtypes) -> dtype | None:
    result = None
    for each in dtypes:
        result = each if result is None or result is each else promote_types(result, each)
    return result


def _raised(higher_priority: dtype, lower_priority: dtype) -> dtype:
    """The dtype of a higher priority, brought to the category of the lower one."""
    if lower_priority.category != COMPLEX:
        return promote_types(higher_priority, lower_priority)
    if higher_priority.category == FLOATING:
        return _complex_beside(higher_priority)  # as precise as it was
    return lower_priority


def _complex_beside(floating: dtype) -> dtype:
    # XLA has no complex32, which float16 belongs to
    return complex64 if floating is float16 else floating.to_complex()


def _of_category(category: int, beside: dtype | None) -> dtype:
    if category == BOOL:
        return bool_
    if category == INTEGRAL:
        return int64
    if category == FLOATING:
        return _Defaults.dtype
    if beside is not None and beside.category == FLOATING:
        return _complex_beside(beside)
    return default_complex()
