"""The first lines of a process that `jtorch compare` starts; it is run by its path.

A child with the real PyTorch must not import jtorch, so the folder is a package of its own there.
"""

import importlib
import os
import sys
import types

if __name__ == "__main__":
    package = types.ModuleType("_jtorch_compare")
    package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules["_jtorch_compare"] = package
    importlib.import_module("_jtorch_compare.child").main()
