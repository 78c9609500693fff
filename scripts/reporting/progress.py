"""How far the report is, on standard error: one line that changes on a terminal, few lines elsewhere."""

import sys
import time

EVERY = {True: 0.2, False: 15.0}  # seconds between two words, on a terminal and elsewhere


class Progress:
    """`part` begins a part, `word` says how far it is, and `done` what came of it."""

    def __init__(self, stream=None):
        self.stream = sys.stderr if stream is None else stream
        self.is_terminal = self.stream.isatty()
        self.name, self.began, self.said = "", 0.0, 0.0

    def part(self, name):
        self.name, self.began, self.said = name, time.monotonic(), time.monotonic()
        print(f"report: {name} ...", file=self.stream, flush=True)

    def word(self, text):
        now = time.monotonic()
        if now - self.said < EVERY[self.is_terminal]:
            return
        self.said = now
        line = f"report: {self.name}: {text}, {now - self.began:.0f} s"
        if self.is_terminal:
            self.stream.write(f"\r\x1b[K{line[:78]}")
            self.stream.flush()
        else:
            print(line, file=self.stream, flush=True)

    def done(self, text):
        seconds = time.monotonic() - self.began
        clear = "\r\x1b[K" if self.is_terminal else ""
        print(f"{clear}report: {self.name}: {text} ({seconds:.0f} s)", file=self.stream, flush=True)
