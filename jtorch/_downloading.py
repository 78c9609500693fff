"""Files of URLs: they appear whole and checked, or not at all."""

import hashlib
import os
import shutil
import sys
import uuid
from urllib.request import Request, urlopen

_CHUNK = 128 * 1024


class _Percent:
    """What shows how far a download is, where tqdm is not installed."""

    def __init__(self, total=None, disable=False, unit="", unit_scale=False, unit_divisor=1000):
        self._total, self._silent, self._count = total, disable, 0

    def update(self, count):
        self._count += count
        if self._silent:
            return
        known = self._total is not None
        shown = f"{100 * self._count / self._total:.1f}%" if known else f"{self._count:.1f} bytes"
        sys.stderr.write("\r" + shown)
        sys.stderr.flush()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if not self._silent:
            sys.stderr.write("\n")


try:
    from tqdm import tqdm
except ImportError:
    tqdm = _Percent


def download_url_to_file(url, dst, hash_prefix=None, progress=True):
    """Put what a URL holds into a file.

    Errors:  RuntimeError if the SHA-256 of the content does not begin with `hash_prefix`;
             urllib.error.URLError where the network does not answer.
    Source:  torch.hub.download_url_to_file.
    """
    dst = os.path.expanduser(dst)
    part = f"{dst}.{uuid.uuid4().hex}.partial"
    request = Request(url, headers={"User-Agent": "torch.hub"})
    try:
        with open(part, "xb") as stream, urlopen(request) as source:
            digest = _copied(source, stream, progress)
        if hash_prefix is not None and not digest.startswith(hash_prefix):
            raise RuntimeError(f'invalid hash value (expected "{hash_prefix}", got "{digest}")')
        shutil.move(part, dst)
    finally:
        if os.path.exists(part):
            os.remove(part)


def _copied(source, stream, progress):
    """Copy a response to a file; the SHA-256 of it, in hexadecimal digits."""
    announced = source.info().get("Content-Length")
    digest = hashlib.sha256()
    total = int(announced) if announced else None
    with tqdm(
        total=total, disable=not progress, unit="B", unit_scale=True, unit_divisor=1024
    ) as bar:
        while chunk := source.read(_CHUNK):
            stream.write(chunk)
            digest.update(chunk)
            bar.update(len(chunk))
    return digest.hexdigest()


def remove_if_exists(path):
    """Remove a file, or a folder with all that is in it."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def extract(archive, folder):
    """Extract a zip archive, none of whose members may lie outside of the folder.

    Errors:  ValueError for one that would.
    """
    root = os.path.realpath(folder)
    for member in archive.infolist():
        name = os.path.normpath(member.filename)
        if name.startswith(("/", "\\")) or (name[1:2] == ":" and name[0].isalpha()):
            raise ValueError(f"Archive entry has absolute path: {member.filename}")
        if ".." in name.replace("\\", "/").split("/"):
            raise ValueError(f"Archive entry contains directory traversal: {member.filename}")
        target = os.path.realpath(os.path.join(root, name))
        if os.path.commonpath([root, target]) != root:
            raise ValueError(f"Archive entry escapes target directory: {member.filename}")
        archive.extract(member, root)
