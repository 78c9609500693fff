"""torch.nn.utils: norms of weights, parametrizations, fusion, pruning, compared with torch."""

import pytest

from nn_sessions import compare_part, sessions


@pytest.mark.filterwarnings("ignore:Lazy modules are a new feature")
@sessions("nn_utils", "nn_prune")
def test_sessions(part):
    compare_part(part)
