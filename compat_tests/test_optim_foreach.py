"""`torch._foreach_*` against torch."""

from nn_sessions import compare_part, sessions


@sessions("optim_foreach")
def test_sessions(part):
    compare_part(part)
