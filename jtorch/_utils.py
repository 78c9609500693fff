"""What torch has at torch._utils and programs reach for: exceptions carried from another process."""

import sys
import traceback

from jtorch._alias import missing_attribute

__all__ = ["ExceptionWrapper", "KeyErrorMessage"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class KeyErrorMessage(str):
    """A text that is its own repr, since a KeyError shows the repr of its argument."""

    __slots__ = ()

    def __repr__(self):
        return self


class ExceptionWrapper:
    """An exception as its class and the text of its traceback, to be raised again elsewhere.

    Source:  torch._utils.ExceptionWrapper.
    """

    def __init__(self, exc_info=None, where="in background"):
        if exc_info is None:
            exc_info = sys.exc_info()
        self.exc_type = exc_info[0]
        self.exc_msg = "".join(traceback.format_exception(*exc_info))
        self.where = where

    def reraise(self):
        """Raise the exception, with the other traceback as its text.

        Errors:  RuntimeError in its place where its class takes no single text.
        """
        text = f"Caught {self.exc_type.__name__} {self.where}.\nOriginal {self.exc_msg}"
        if self.exc_type is KeyError:
            text = KeyErrorMessage(text)
        elif getattr(self.exc_type, "message", None):
            raise self.exc_type(message=text)
        try:
            exception = self.exc_type(text)
        except Exception:  # whatever a class of the user's says to a single text
            raise RuntimeError(text) from None
        raise exception
