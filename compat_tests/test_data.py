"""torch.utils.data in one process: datasets, samplers, collating, loaders, compared with torch."""

from nn_sessions import compare_part, sessions


@sessions("data_datasets", "data_samplers", "data_collate", "data_loader")
def test_session(part):
    assert compare_part(part)
