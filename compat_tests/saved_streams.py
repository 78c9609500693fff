"""Values that are saved into memory and loaded from there, and files that are changed on the way."""

import io
import zipfile

from compare import Raised, both


def agree(call):
    """`both`, where no error is expected."""
    assert not isinstance(both(call), Raised)


def written(module, value, **options):
    stream = io.BytesIO()
    module.save(value, stream, **options)
    return stream.getvalue()


def read(module, data, **options):
    return module.load(io.BytesIO(data), **options)


def rebuilt(data, name, change):
    archive, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for each in archive.namelist():
            content = archive.read(each)
            new.writestr(each, change(content) if each.endswith("/" + name) else content)
    return out.getvalue()
