"""torch.__future__: how a module's parameters are replaced when it is converted."""

_settings = {"overwrite": False, "swap": False}


def set_overwrite_module_params_on_conversion(value: bool) -> None:
    """Whether converting a module makes new parameters. Source: torch.__future__."""
    _settings["overwrite"] = value


def get_overwrite_module_params_on_conversion() -> bool:
    """Source: torch.__future__."""
    return _settings["overwrite"]


def set_swap_module_params_on_conversion(value: bool) -> None:
    """Whether converting a module swaps the contents of its parameters. Source: torch.__future__."""
    _settings["swap"] = value


def get_swap_module_params_on_conversion() -> bool:
    """Source: torch.__future__."""
    return _settings["swap"]
