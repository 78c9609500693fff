"""Saved-tensor hooks: what is to happen to tensors that are kept for backward, in this thread."""

import threading

from jtorch._autograd.modes import note_unusual


class _Saving(threading.local):
    hooks = None  # (pack, unpack): the innermost pair; None: tensors are kept as they are
    refusal = None  # the text of the error where hooks are not wanted

    def __init__(self):
        self.outer = []  # pairs that wait for the inner ones to go

    def enter(self, pack, unpack):
        self.outer.append(self.hooks)
        self.hooks = pack, unpack
        note_unusual("saving", True)

    def exit(self):
        self.hooks = self.outer.pop()
        note_unusual("saving", self.hooks is not None)


saving = _Saving()
