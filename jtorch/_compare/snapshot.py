"""The tensors that a program leaves in its namespace, as raw bytes and a list that describes them.

It runs in the processes of both sides, where `torch` is whichever torch that is, and imports nothing
of the package. No object of the user's is pickled, and no method of theirs called but `state_dict`.
"""

import json
import os
import sys
import types

MOST = 100_000  # tensors, numbers and texts; what is more is counted
DEPTH = 6
_PLAIN = (bool, int, float, complex, str, type(None))


def save(namespace, folder):
    """Write the list and the bytes; how many things were left out because there are too many."""
    with (
        open(os.path.join(folder, "tensors.bin"), "wb") as data,
        open(os.path.join(folder, "tensors.jsonl"), "w", encoding="utf-8") as rows,
    ):
        snapshot = _Snapshot(data, rows)
        for name, value in list(namespace.items()):
            if not (name.startswith("__") and name.endswith("__")) and name != "_":
                snapshot.add(name, value, 0)
        return snapshot.left_out


class _Snapshot:
    def __init__(self, data, rows):
        self.data, self.rows = data, rows
        self.torch, self.numpy = sys.modules.get("torch"), sys.modules.get("numpy")
        self.held, self.path = {}, []  # where the bytes of a tensor are; containers being read
        self.count = self.left_out = 0

    def add(self, name, value, depth, plain=False):
        """Write what `value` holds; numbers and texts only of state dicts, where `plain`."""
        kind = type(value)
        if isinstance(value, type | types.ModuleType | types.FunctionType):
            return
        if self.torch is not None and isinstance(value, self.torch.Tensor):
            self._attempt(name, value, self._tensor)
        elif self.numpy is not None and kind is self.numpy.ndarray:
            self._attempt(name, value, self._array)
        elif plain and kind in _PLAIN:
            self._row({"name": name, "kind": "value", "type": kind.__name__, "value": repr(value)})
        elif depth < DEPTH and id(value) not in self.path:
            self.path.append(id(value))
            try:
                self._inside(name, value, depth + 1, plain)
            except Exception as error:  # a container of the user's own making
                self._unreadable(name, value, error)
            self.path.pop()

    def _inside(self, name, value, depth, plain):
        if isinstance(value, dict):
            for key, each in list(value.items()):
                self.add(f"{name}[{key!r}]" if not plain else f"{name}.{key}", each, depth, plain)
        elif isinstance(value, list | tuple):
            for index, each in enumerate(value):
                if not plain and type(each) in _PLAIN:
                    continue  # a long list of numbers costs nothing
                self.add(f"{name}[{index}]", each, depth, plain)
        elif self._has_state(value):
            self.add(name, dict(self._state(value)), depth, plain=True)

    def _has_state(self, value):
        """Modules, optimizers, schedules: of a class of torch's or that inherits from one."""
        homes = [str(each.__module__).partition(".")[0] for each in type(value).__mro__]
        return "torch" in homes and callable(getattr(type(value), "state_dict", None))

    def _state(self, value):
        module = self.torch.nn.Module
        if isinstance(value, module) and type(value).state_dict is module.state_dict:
            return value.state_dict(keep_vars=True)  # the parameters themselves, with gradients
        return value.state_dict()

    def _attempt(self, name, value, read):
        try:
            row = read(name, value)
        except Exception as error:  # such as a tensor whose values the program's mistake prevents
            self._unreadable(name, value, error)
        else:
            self._row({"name": name, "type": type(value).__name__, **row})

    def _tensor(self, name, tensor):
        shape, dtype = list(tensor.shape), str(tensor.dtype).replace("jtorch.", "torch.")
        row = {
            "kind": "tensor", "shape": shape, "dtype": dtype,
            "requires_grad": tensor.requires_grad, "layout": str(tensor.layout).split(".")[-1],
        }  # fmt: skip
        if tensor.device.type == "meta":
            return row
        if id(tensor) not in self.held:
            self.held[id(tensor)] = self._write(self._bytes(tensor)), tensor
        if tensor.is_leaf and tensor.grad is not None:
            self.add(f"{name}.grad", tensor.grad, 0)
        return {**row, "bytes": self.held[id(tensor)][0]}

    def _bytes(self, tensor):
        torch = self.torch
        plain = tensor.detach()
        if plain.layout is not torch.strided:
            plain = plain.to_dense()
        if type(plain) is not torch.Tensor:
            plain = plain.as_subclass(torch.Tensor)
        flat = plain.cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
        try:
            return flat.numpy()
        except TypeError:  # bfloat16 and the like, which numpy does not know
            return flat.view(torch.uint8).numpy()

    def _array(self, name, array):
        if array.dtype.kind not in "biufc":
            raise TypeError(f"an array of {array.dtype}")
        row = {"kind": "array", "shape": list(array.shape), "dtype": f"numpy.{array.dtype}"}
        return {**row, "bytes": self._write(self.numpy.ascontiguousarray(array).reshape(-1))}

    def _write(self, flat):
        begin = self.data.tell()
        if flat.size:
            self.data.write(memoryview(flat).cast("B"))
        return [begin, self.data.tell() - begin]

    def _unreadable(self, name, value, error):
        text = f"{type(error).__name__}: {error}"
        self._row({"name": name, "kind": "unreadable", "type": type(value).__name__, "why": text})

    def _row(self, row):
        if self.count >= MOST:
            self.left_out += 1
            return
        self.count += 1
        self.rows.write(json.dumps(row) + "\n")
