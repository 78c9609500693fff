"""How far a comparison is, on standard error: a bar on a terminal, plain lines elsewhere."""

import sys
import time

_WIDTH = 24
_EVERY = 0.2  # seconds between two drawings


class Progress:
    """Two runs for each program; `side` begins one and gives what is to be called while it lasts."""

    def __init__(self, programs, stream=None):
        self.stream = sys.stderr if stream is None else stream
        self.is_bar = self.stream.isatty()
        self.total, self.begun, self.done, self.runs, self.name = 2 * programs, 0, 0, False, ""

    def program(self, name):
        self.name, self.done, self.runs = name, 2 * self.begun, False
        self.begun += 1

    def side(self, label):
        self.done += self.runs
        self.runs = label != "comparing"
        begin = [0.0]
        if not self.is_bar and self.runs:
            print(f"== {self.name}: running under {label} ...", file=self.stream, flush=True)

        def tick(seconds):
            if self.is_bar and time.monotonic() - begin[0] > _EVERY:
                begin[0] = time.monotonic()
                self._draw(label, seconds)

        return tick

    def _draw(self, label, seconds):
        filled = _WIDTH * self.done // self.total
        bar = "#" * filled + "-" * (_WIDTH - filled)
        text = f"[{bar}] {self.name}, {label}, {seconds:.0f} s"
        self.stream.write(f"\r\x1b[K{text[:78]}")
        self.stream.flush()

    def clear(self):
        """Take the bar away, so that a report can be printed."""
        if self.is_bar:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
