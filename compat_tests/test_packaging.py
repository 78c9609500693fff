"""The wheel holds the package, all of it and nothing else, and needs what the design allows."""

import email
import subprocess
import sys
import zipfile

import pytest

from processes import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    # From a copy: a build leaves files beside the sources.
    source = tmp_path_factory.mktemp("source")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for name in listed.split("\0"):
        packed = name.startswith("jtorch/") or name in ("pyproject.toml", "README.md")
        if packed and (ROOT / name).exists():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation",
         "--wheel-dir", out, source],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    sources = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "jtorch").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    assert held == sources


def test_what_the_wheel_needs(wheel):
    name = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
    metadata = email.message_from_bytes(wheel.read(name))
    needed = {row for row in metadata.get_all("Requires-Dist") if "extra ==" not in row}

    assert metadata["Name"] == "jtorch-jax"
    assert needed == {"jax>=0.10", "jaxlib>=0.10", "numpy"}


def test_the_package_runs_from_the_wheel(wheel, tmp_path):
    wheel.extractall(tmp_path)

    done = subprocess.run(
        [sys.executable, "-m", "jtorch", "-c", "import torch; print(torch.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.stdout.strip(), done.stderr) == (str(tmp_path / "jtorch" / "__init__.py"), "")
