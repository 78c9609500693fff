"""The table of the host executor: how numpy does what a primitive of JAX says.

    @rule("transpose")
    def _transpose(equation):
        order = equation.params["permutation"]
        return lambda array: array.transpose(order)

A rule gets an equation once, when a plan is made, and gives the function that evaluates it: from
numpy arrays to one, or, where the primitive has several results, to a sequence of them. The arrays
may be windows onto one another: nothing here ever writes into what it was given.
"""

RULES = {}


def rule(*names):
    """A decorator: the function makes evaluators for these primitives."""

    def declare(function):
        for name in names:
            if name in RULES:
                raise ValueError(f"the primitive {name} has two rules")
            RULES[name] = function
        return function

    return declare


def by_functions(table):
    """Declare primitives that a function of numpy is, whatever the parameters."""
    for name, function in table.items():
        rule(name)(lambda equation, function=function: function)
