"""Parameters and buffers, statement by statement, compared with torch."""

from nn_sessions import compare_part, sessions


@sessions("nn_parameter")
def test_session(part):
    assert compare_part(part)
