"""Files that are there whole or not at all: written beside the old one, which they then replace."""

import contextlib
import os
import secrets
import stat


@contextlib.contextmanager
def replacing(path):
    """A stream to write to; when the block ends well, the file of that path is what was written.

    If it does not end well, what was there before stays, untouched. What is no regular file - a
    device, a pipe - is written to directly, and so is a file in a folder that takes no new ones.

    Errors:  RuntimeError if the folder does not exist, as in torch; OSError.
    """
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise RuntimeError(f"Parent directory {os.path.dirname(path)} does not exist.")
    target = os.path.realpath(path)  # the file that a link leads to is replaced, not the link
    mode = _mode_of(target)
    if os.path.isdir(target):
        raise RuntimeError(f"open file failed with strerror: Is a directory ({path})")
    folder = os.path.dirname(target)
    if (mode is not None and not stat.S_ISREG(mode)) or not os.access(folder, os.W_OK):
        with open(path, "wb") as stream:
            yield stream
        return
    if mode is not None and not os.access(target, os.W_OK):
        raise RuntimeError(f"open file failed with strerror: Permission denied ({path})")
    # short, as the name of the file may already be as long as names can be
    beside = os.path.join(folder, f".{secrets.token_hex(8)}.part")
    try:
        with open(beside, "xb") as stream:
            yield stream
        if mode is not None:
            os.chmod(beside, stat.S_IMODE(mode))
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
        raise


def _mode_of(path):
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None
