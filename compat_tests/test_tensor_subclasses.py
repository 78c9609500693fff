"""Subclasses of Tensor, statement by statement, compared with torch."""

from nn_sessions import compare_part, sessions


@sessions("tensor_subclasses")
def test_session(part):
    assert compare_part(part)
