"""torch.library: operators that programs declare, statement by statement, compared with torch."""

from nn_sessions import compare_part, sessions


@sessions("library")
def test_session(part):
    assert compare_part(part)
