"""Containers and linear modules, statement by statement, compared with torch."""

from nn_sessions import compare_part, sessions


@sessions("nn_containers", "nn_parameter_containers", "nn_linear")
def test_session(part):
    assert compare_part(part)
