"""What a running program prints and warns of, noted with the line of the program that did it.

It runs in the processes of both sides and imports nothing of the package.
"""

import array
import contextlib
import io
import json
import os
import sys
import sysconfig
import warnings


def record_output(folder, hidden):
    """Put a recorder into the place of `sys.stdout`; frames below the `hidden` folders are no user's."""
    old = sys.stdout
    encoding, errors = old.encoding, old.errors
    recorder = Recorder(
        old.detach(), encoding=encoding, errors=errors, line_buffering=True
    )  # as at a terminal: what a program that dies has printed is there
    recorder.begin(folder, hidden)
    sys.stdout = sys.__stdout__ = recorder
    return recorder


class Recorder(io.TextIOWrapper):
    """Standard output that notes where each of its lines begins in the program.

    `places` holds two numbers for each line, the file's and the line's; `files` names the files.
    """

    mode = "w"

    def begin(self, folder, hidden):
        self._process = os.getpid()
        self._output = os.path.join(folder, "stdout")
        self._fresh = True  # whether the next character begins a line
        self._places = open(os.path.join(folder, "places"), "wb", buffering=0)  # noqa: SIM115
        self._files = open(os.path.join(folder, "files"), "w", encoding="utf-8")  # noqa: SIM115
        paths = sysconfig.get_paths()
        self._hidden = tuple(
            os.path.join(path, "")
            for path in {*hidden, paths["stdlib"], paths["purelib"], paths["platlib"]}
        )
        self._numbers = {}  # of a file's name: its number, 0 for what is no user's

    def size(self):
        """How many bytes there are of all output, other processes' too."""
        with contextlib.suppress(ValueError):  # the program has closed or detached it
            self.flush()
        return os.stat(self._output).st_size

    def stop(self):
        self.size()
        self._process = None
        self._places.close()
        self._files.close()

    def write(self, text):
        if self._process == os.getpid() and isinstance(text, str) and text:
            self._note(text, *self._user(sys._getframe(1)))
        return super().write(text)

    def write_as(self, name, line, text):
        """Write what a notebook shows of itself."""
        self._note(text, self.number(name), line)
        super().write(text)

    def _note(self, text, number, line):
        begun = text.count("\n") + self._fresh - text.endswith("\n")
        self._fresh = text.endswith("\n")
        if begun:
            self._places.write(array.array("I", [number, line] * begun).tobytes())

    def _user(self, frame):
        """The innermost line that is neither the library's nor Python's: file number and line."""
        while frame is not None:
            number = self.number(frame.f_code.co_filename)
            if number:
                return number, frame.f_lineno
            frame = frame.f_back
        return 0, 0

    def number(self, name):
        """The number of a file of the program's; 0 for Python's, the library's and installed ones."""
        number = self._numbers.get(name)
        if number is None:
            is_user = name.startswith("<cell ") or (
                not name.startswith(("<", *self._hidden)) or name == "<string>"
            )
            number = 1 + sum(map(bool, self._numbers.values())) if is_user else 0
            self._numbers[name] = number
            if number:
                self._files.write(json.dumps(os.path.abspath(name) if name[0] != "<" else name))
                self._files.write("\n")
                self._files.flush()
        return number


def record_warnings(folder):
    """Note each warning that Python shows, before it is shown."""
    show = warnings._showwarnmsg_impl  # what `catch_warnings(record=True)` replaces, too
    process = os.getpid()
    path = os.path.join(folder, "warnings.jsonl")

    def show_and_note(message):
        if os.getpid() == process:
            fact = {
                "class": message.category.__name__, "text": str(message.message),
                "place": [message.filename, message.lineno],
            }  # fmt: skip
            with open(path, "a", encoding="utf-8") as file:
                file.write(json.dumps(fact) + "\n")
        show(message)

    warnings._showwarnmsg_impl = show_and_note
