"""Saved-tensor hooks: what is to happen to tensors that are kept for backward, in this thread."""

import threading


class _Saving(threading.local):
    hooks = None  # (pack, unpack): the innermost pair; None: tensors are kept as they are
    refusal = None  # the text of the error where hooks are not wanted

    def __init__(self):
        self.outer = []  # pairs that wait for the inner ones to go


saving = _Saving()
