"""Plain functions as torch offers them: with its TypeErrors, and for subclasses of Tensor to answer."""

import inspect

from jtorch._autocast import listed
from jtorch._ops.signatures import Signature, Signatures, bind_both, parse, worded
from jtorch._tensor import Tensor


def offered(text, variants="", name=None):
    """Declare a function of this signature, bound where `variants` say; gives the function offered.

    It has the name of the decorated one without underscores in front, or `name`. Of several
    signatures, `text` is a tuple.

    The decorated one raises any TypeError where an argument is of a wrong type.
    """

    def declare(function):
        own = function.__name__.strip("_") + "_" * function.__name__.endswith("_")
        called = name or own
        function = listed(called, function)

        def call(args, kwargs):
            return function(*args, **kwargs)

        texts = (text,) if isinstance(text, str) else text
        signatures = Signatures(called, [parse(each) for each in texts])
        as_function, as_method = worded(call, signatures, documentation=inspect.getdoc(function))
        bind_both(called, as_function, as_method, variants)
        return as_function

    return declare


def require_tensors(*values):
    """Errors: TypeError, without torch's words, if one of them is no tensor."""
    for each in values:
        if not isinstance(each, Tensor):
            raise TypeError("not a tensor")


def in_place_function(row, name):
    """The function `name` that puts the result of a row into its first argument."""
    signatures = Signatures(
        name,
        [Signature([a for a in each.arguments if a.name != "out"]) for each in row.signatures],
    )

    def call(args, kwargs):
        require_tensors(args[0] if args else kwargs["input"])
        return row.call_in_place(args, kwargs)

    general, _ = worded(call, signatures, documentation=row.__doc__)
    made = row.make_in_place(lambda args, kwargs: general(*args, **kwargs))
    made.__name__ = made.__qualname__ = name
    made.__doc__ = row.__doc__
    made.__module__ = "torch"
    made.row = row
    made.signatures = signatures.signatures
    return made
