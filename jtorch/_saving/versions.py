"""Which versions of other modules will do."""

import warnings


def check_module_version_greater_or_equal(module, req_version_tuple, error_if_malformed=True):
    """Whether a module's version is at least the one required.

    Errors:  RuntimeError for a version that cannot be compared, or a warning in its place.
    Source:  torch.serialization.check_module_version_greater_or_equal.
    """
    try:
        parts = module.__version__.split(".")
        version = tuple(type(each)(parts[place]) for place, each in enumerate(req_version_tuple))
        return version >= req_version_tuple
    except Exception as error:
        message = (
            f"'{module.__name__}' module version string is malformed '{module.__version__}' and "
            f"cannot be compared with tuple {req_version_tuple}"
        )
        if error_if_malformed:
            raise RuntimeError(message) from error
        warnings.warn(message + ", but continuing assuming that requirement is met", stacklevel=2)
        return True


def check_dill_version(pickle_module):
    """Errors: ValueError for a dill that is too old."""
    if pickle_module is None or pickle_module.__name__ != "dill":
        return
    required = (0, 3, 1)
    if not check_module_version_greater_or_equal(pickle_module, required, False):
        raise ValueError(
            f"'torch' supports dill >= {'.'.join(map(str, required))}, but you have dill "
            f"{pickle_module.__version__}. Please upgrade dill or switch to 'pickle'"
        )
