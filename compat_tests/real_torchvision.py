"""Runs a script under real PyTorch with torchvision: `python real_torchvision.py SCRIPT ...`.

The package index's torchvision is compiled for another build of PyTorch than the CPU's. Without its
compiled part it does not import, for want of two operators, which nothing here calls.
"""

import importlib.machinery
import pathlib
import runpy
import sys

BOXES = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


class Mended:
    """Finds torchvision, and has it try again, with the two operators, where it does not import."""

    kept = []  # operators live as long as the library they were declared in

    def find_spec(self, name, path=None, target=None):
        if name != "torchvision":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        execute = spec.loader.exec_module

        def exec_module(module):
            try:
                execute(module)
            except RuntimeError:  # never under jtorch, which has these operators
                for each in [each for each in sys.modules if each.startswith("torchvision.")]:
                    del sys.modules[each]
                self.declare(sys.modules["torch"])
                execute(module)

        spec.loader.exec_module = exec_module
        return spec

    def declare(self, torch):
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(name + BOXES)
        self.kept.append(library)


def mend():
    """Have this process import torchvision, whatever it was compiled for."""
    sys.meta_path.insert(0, Mended())


if __name__ == "__main__":
    mend()
    del sys.argv[0]
    sys.path[0] = str(pathlib.Path(sys.argv[0]).resolve().parent)
    runpy.run_path(sys.argv[0], run_name="__main__")
