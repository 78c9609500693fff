"""Schedules of learning rates."""

from jtorch._alias import missing_attribute
from jtorch.optim._chains import ChainedScheduler, SequentialLR
from jtorch.optim._cycles import CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR
from jtorch.optim._plateau import ReduceLROnPlateau
from jtorch.optim._schedule import (  # noqa: F401 - the old name, which programs import
    EPOCH_DEPRECATION_WARNING,
    LRScheduler,
    _LRScheduler,
)
from jtorch.optim._schedules import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]


def __getattr__(name):
    raise missing_attribute(__name__, name)
