"""Where in the program each line of its output was printed, as far as the recorder has seen it."""

import array
import linecache
import os


class Places:
    """The places of one side's lines.

    They are known only where the recorder saw as many lines as there are: another process that prints
    into the same output would shift them.
    """

    def __init__(self, side, cells):
        self.path = side.folder / "places"
        self.cells = dict(cells)  # texts of a notebook's cells, by number
        self.files = list(side.rows("files"))
        seen = self.path.stat().st_size // 8 if self.path.exists() else 0
        self.known = seen == _count(side.output)

    def of(self, number):
        """(file, line, the line's text) of an output line; None where it is not known."""
        if number is None or not self.known:
            return None
        found = array.array("I")
        with open(self.path, "rb") as file:
            file.seek(8 * number)
            found.frombytes(file.read(8))
        if len(found) < 2 or not found[0]:
            return None
        name = self.files[found[0] - 1]
        return shown(name), found[1], self._text(name, found[1])

    def _text(self, name, line):
        if name.startswith("<cell "):
            rows = self.cells.get(int(name[6:-1]), "").splitlines()
            return rows[line - 1].strip() if line <= len(rows) else ""
        return linecache.getline(name, line).strip()


def shown(name):
    """A file's name from where the user stands; a notebook's cell without its signs."""
    if name.startswith("<"):
        return name.strip("<>")
    near = os.path.relpath(name)
    return name if near.startswith("..") else near


def _count(path):
    lines, last = 0, b"\n"
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            lines += piece.count(b"\n")
            last = piece[-1:]
    return lines + (last != b"\n")
