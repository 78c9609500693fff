"""One side of a comparison: runs the program in this process and leaves a record of what it did.

The job is a JSON file named on the command line. In a process with the real PyTorch this is part of
a package `_jtorch_compare`, so nothing of jtorch is imported but where the job says so, and nothing
of numpy or torch before the program does.
"""

import ast
import builtins
import importlib
import importlib.util
import json
import linecache
import os
import sys
import time

_HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    recording = importlib.import_module("_jtorch_compare.recording")
    if job["jtorch"]:
        _take_the_place_of_torch()
    seed_when_imported(job["seed"])
    record = _Record(job["folder"])
    recorder = recording.record_output(job["folder"], [os.path.dirname(_HERE)])
    recording.record_warnings(job["folder"])
    try:
        if job["kind"] == "notebook":
            _run_notebook(job, record, recorder)
        else:
            programs = _load(
                "_jtorch_programs", os.path.join(os.path.dirname(_HERE), "_programs.py")
            )
            program = programs.Program(job["kind"], job["target"], job["arguments"])
            programs.run(program, record.begin)
    except BaseException as error:
        record.failed(error, recorder)
        raise
    finally:
        if os.getpid() == record.process:  # else a forked child that ends
            record.finish(job, recorder)


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _take_the_place_of_torch():
    """What `python -m jtorch` does; the package is found although no folder on the path has it."""
    above = os.path.dirname(os.path.dirname(_HERE))
    sys.path.insert(0, above)
    importlib.import_module("jtorch._alias").install()
    sys.path.remove(above)


def seed_when_imported(seed):
    """Seed `random` now, and numpy and torch as soon as they are imported.

    They are not imported for it: a program may have something to set in the environment before. What
    the program seeds itself comes later, and so has the last word.
    """
    importlib.import_module("random").seed(seed)
    waiting = {"numpy.random": "seed", "torch": "manual_seed"}
    for name in [name for name in waiting if name in sys.modules]:
        getattr(sys.modules[name], waiting.pop(name))(seed)
    if waiting:
        sys.meta_path.insert(0, _Seeding(waiting, seed))


class _Seeding:
    """Finds nothing; what others find of the modules that wait is seeded when it is loaded."""

    def __init__(self, waiting, seed):
        self.waiting, self.seed = waiting, seed

    def find_spec(self, name, path=None, target=None):
        if name not in self.waiting:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    self._seed_after(name, spec.loader)
                return spec
        return None

    def _seed_after(self, name, loader):
        execute = loader.exec_module

        def exec_module(module):
            del loader.exec_module  # it is as it was
            execute(module)
            getattr(module, self.waiting.pop(name))(self.seed)
            if not self.waiting:
                sys.meta_path.remove(self)

        loader.exec_module = exec_module


def _run_notebook(job, record, recorder):
    """Run the cells in one namespace; the value of a cell's last expression is shown, as there."""
    namespace = sys.modules["__main__"].__dict__
    namespace.clear()
    namespace.update(__name__="__main__", __doc__=None, __builtins__=builtins)
    namespace["display"] = _display
    sys.argv[:] = [job["target"], *job["arguments"]]
    if not sys.flags.safe_path:
        sys.path[0] = os.path.dirname(os.path.abspath(job["target"]))
    record.begin()
    for number, text in job["cells"]:
        name = f"<cell {number}>"
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        record.cell(number, recorder)
        tree = ast.parse(text, name)
        shown = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not text.rstrip().endswith(";"):
            shown = ast.Expression(tree.body.pop().value)
        exec(compile(tree, name, "exec", dont_inherit=True), namespace)
        if shown is not None:
            value = eval(compile(shown, name, "eval", dont_inherit=True), namespace)
            if value is not None:
                recorder.write_as(name, shown.body.lineno, f"{value!r}\n")


def _display(*values):
    for value in values:
        print(repr(value))


class _Record:
    """What the parent wants to know besides the output, in files of the job's folder."""

    def __init__(self, folder):
        self.folder, self.process = folder, os.getpid()
        self.facts = {"started": False, "error": None}

    def begin(self):
        self.facts["started"] = True

    def cell(self, number, recorder):
        with open(os.path.join(self.folder, "cells.jsonl"), "a", encoding="utf-8") as file:
            file.write(json.dumps([number, recorder.size()]) + "\n")

    def failed(self, error, recorder):
        """Note the exception that ends the program, unless it is an exit."""
        if isinstance(error, SystemExit):
            return
        kind, place, trace = type(error), None, error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if recorder.number(name):  # the innermost line of the program's own
                place = [name, trace.tb_lineno]
            trace = trace.tb_next
        try:
            text = str(error)
        except Exception as other:  # a class of the user's may fail to show itself
            text = f"<str() raised {type(other).__name__}: {other}>"
        self.facts["error"] = {
            "class": f"{kind.__module__}.{kind.__qualname__}", "text": text, "place": place,
        }  # fmt: skip

    def finish(self, job, recorder):
        """Write the record: it is there when the program has come to an end of Python's own."""
        recorder.stop()
        self.facts["peak"] = _peak_memory()
        begin = time.perf_counter()
        if job["tensors"]:
            snapshot = importlib.import_module("_jtorch_compare.snapshot")
            self.facts["left_out"] = snapshot.save(vars(sys.modules["__main__"]), self.folder)
        self.facts["reading"] = time.perf_counter() - begin
        path = os.path.join(self.folder, "record.json")
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump(self.facts, file)
        os.replace(path + ".part", path)


def _peak_memory():
    """Bytes at the highest point, of Linux; None elsewhere, where the parent asks the system.

    `ru_maxrss` of a process begins there with that of the one that started it.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return 1024 * int(line.split()[1])
    except OSError:
        return None
    return None
