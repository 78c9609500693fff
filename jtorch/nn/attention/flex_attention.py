"""torch.nn.attention.flex_attention: not provided yet; asking for a name of it says so.

`scaled_dot_product_attention` takes any mask as a tensor.
"""

from jtorch._alias import missing_attribute

__all__ = []


def __getattr__(name):
    raise missing_attribute(__name__, name)
