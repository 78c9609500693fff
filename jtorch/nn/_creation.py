"""New tensors as users make them: torch's own functions, with their checks of arguments."""

from jtorch import _override


def _public(name):
    functions = _override.functions  # filled when the package is bound

    def create(*args, **kwargs):
        return functions[name](*args, **kwargs)

    create.__name__ = create.__qualname__ = name
    create.__doc__ = f"Source: torch.{name}."
    return create


empty = _public("empty")
full = _public("full")
ones = _public("ones")
tensor = _public("tensor")
zeros = _public("zeros")
