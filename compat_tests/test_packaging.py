"""The wheel holds the package, all of it and nothing else, and needs what the design allows."""

import email
import subprocess
import sys
import zipfile

import pytest

from processes import ROOT


@pytest.fixture(scope="module")
def sources():
    """Every file of the package that git tracks or would: path relative to the root -> bytes."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "jtorch"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    paths = [ROOT / name for name in listed.split("\0") if name]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in paths if path.exists()}


@pytest.fixture(scope="module")
def wheel(sources, tmp_path_factory):
    # Built from a copy, as a build leaves files beside the sources.
    copy = tmp_path_factory.mktemp("source")
    described = {name: (ROOT / name).read_bytes() for name in ("pyproject.toml", "README.md")}
    for name, content in {**sources, **described}.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation",
         "--wheel-dir", out, copy],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_the_wheel_holds_the_package_and_nothing_else(wheel, sources):
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert held == set(sources)


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
