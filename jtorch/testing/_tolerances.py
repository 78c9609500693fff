"""How far values may be apart where a test does not say so."""

from jtorch import _dtypes
from jtorch.testing._mismatches import Mismatch, Tolerances

__all__ = ["chosen_tolerances", "default_tolerances"]

_SINGLE = (1.3e-6, 1e-5)
_DOUBLE = (1e-7, 1e-7)
# Dtypes that are not here have to be equal.
_DEFAULTS = {
    _dtypes.float16: (1e-3, 1e-5),
    _dtypes.bfloat16: (1.6e-2, 1e-5),
    _dtypes.float32: _SINGLE,
    _dtypes.float64: _DOUBLE,
    _dtypes.complex64: _SINGLE,
    _dtypes.complex128: _DOUBLE,
}


def default_tolerances(*dtypes, table=_DEFAULTS) -> Tolerances:
    """The widest of the tolerances that a table has for dtypes."""
    found = [table.get(each, (0.0, 0.0)) for each in dtypes]
    return Tolerances(max(each[0] for each in found), max(each[1] for each in found))


def chosen_tolerances(options, place, *dtypes) -> Tolerances:
    """Those that the user gave, or else the defaults of dtypes.

    Errors:  Mismatch with a ValueError where only one is given.
    """
    rtol, atol = options.rtol, options.atol
    if rtol is None and atol is None:
        return default_tolerances(*dtypes)
    if rtol is None or atol is None:
        raise Mismatch(
            ValueError,
            "Both 'rtol' and 'atol' must be either specified or omitted, but got no "
            f"{'rtol' if rtol is None else 'atol'}.",
            place,
        )
    return Tolerances(rtol, atol)
