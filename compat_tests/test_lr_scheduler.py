"""Schedules of learning rates against torch: rates, states, warnings, errors."""

from nn_sessions import compare_part, sessions


@sessions("optim_schedulers")
def test_sessions(part):
    compare_part(part)
