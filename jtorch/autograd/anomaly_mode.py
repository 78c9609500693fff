"""torch.autograd.anomaly_mode: backward says which operation of forward it failed at."""

from jtorch._alias import missing_attribute
from jtorch._autograd.anomaly import detect_anomaly, set_detect_anomaly

__all__ = ["detect_anomaly", "set_detect_anomaly"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
