"""What every test starts from: fixed seeds, one torch thread, and programs kept between runs.

That warnings are errors is said in pyproject.toml; 64-bit types are jtorch's own doing.
"""

import os
import pathlib
import random
import tempfile

# Before jtorch is imported, here or in a process that a test starts: the user's own cache is left
# alone, and a second run of the tests compiles less.
_CACHE = pathlib.Path(tempfile.gettempdir()) / f"jtorch-tests-{os.getuid()}"
os.environ.setdefault("JTORCH_CACHE_DIR", str(_CACHE))
# Settings of the developer's shell must not decide what a test sees.
for _name in ("JTORCH_DEBUG", "JTORCH_DEFAULT_DEVICE", "JTORCH_TRACE_LIMIT", "JTORCH_CUDA_IS"):
    os.environ.pop(_name, None)

# What the tests compute once would never meet XLA; processes that tests start are as users have them.
os.environ["JTORCH_EXECUTOR"] = "xla"

# Every written shape and dtype rule is compared with what JAX infers, wherever a test uses it.
os.environ["JTORCH_CHECK_RULES"] = "1"

import numpy as np  # noqa: E402  (after the environment is set)
import pytest  # noqa: E402
import torch  # noqa: E402

from compare import ours  # noqa: E402
from known_differences import pytest_collection_modifyitems  # noqa: E402, F401

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _seeds():
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    ours.manual_seed(0)


@pytest.fixture(autouse=True)
def _switches():
    """Undo what torch sets for the whole process when its compiler is loaded."""
    torch.distributions.Distribution.set_default_validate_args(True)
