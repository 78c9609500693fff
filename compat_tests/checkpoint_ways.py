"""Programs with checkpoints, which run with both ways of computing a part again."""

import pytest

from autograd_programs import compare_program, submodule


def on_both_ways(program):
    """A test that compares `program(torch, checkpoint)` for both values of `use_reentrant`."""

    @pytest.mark.parametrize("reentrant", [True, False])
    def test(reentrant):
        def run(torch):
            def checkpoint(*args, **kwargs):
                return submodule(torch, "utils.checkpoint").checkpoint(
                    *args, use_reentrant=reentrant, **kwargs
                )

            return program(torch, checkpoint)

        compare_program(run)

    test.__name__, test.__doc__ = program.__name__, program.__doc__
    return test


def part(x, y):
    return (x * y).sin() * x
