"""torch.utils.model_zoo: old names of what torch.hub has."""

from jtorch._alias import missing_attribute
from jtorch._downloading import tqdm
from jtorch.hub import load_state_dict_from_url as load_url

__all__ = ["load_url", "tqdm"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
