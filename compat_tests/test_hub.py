"""torch.hub without a network: folders, what was downloaded before, and servers of this machine."""

import hashlib
import http.server
import io
import os
import threading
import urllib.error
import zipfile

import pytest

from compare import SELF, Raised, attempt, both, ours, theirs
from processes import jtorch

pytestmark = pytest.mark.skipif(SELF, reason="compares two libraries' folders")
CONFIG = '''
dependencies = ["math"]
import helper

def model(size, *, scale=1):
    """A model of a size."""
    return helper.made(size, scale)

def _hidden():
    pass

number = 3
'''
HELPER = "def made(size, scale):\n    return [size * scale]\n"


def folder_of_models(path, config=CONFIG):
    path.mkdir(parents=True)
    (path / "hubconf.py").write_text(config)
    (path / "helper.py").write_text(HELPER)
    return str(path)


@pytest.fixture(autouse=True)
def hub(tmp_path, monkeypatch):
    """A folder of downloads for each of the two."""
    monkeypatch.delenv("TORCH_HUB", raising=False)
    folder = str(tmp_path / "hub")
    for module in (ours, theirs):
        module.hub.set_dir(folder)
    yield tmp_path / "hub"
    ours.hub._Chosen.folder = theirs.hub._hub_dir = None


def test_folders():
    def steps(module):
        return [module.hub.get_dir()]

    both(steps)


def test_the_environment(monkeypatch):
    ours.hub._Chosen.folder = theirs.hub._hub_dir = None
    for name, value in (("XDG_CACHE_HOME", "/somewhere"), ("TORCH_HOME", "~/elsewhere")):
        monkeypatch.setenv(name, value)
        assert ours.hub.get_dir() == theirs.hub.get_dir()
    monkeypatch.setenv("TORCH_HUB", "x")
    with pytest.warns(UserWarning, match="TORCH_HUB is deprecated"):
        ours.hub.get_dir()


def test_local_models(tmp_path):
    path = folder_of_models(tmp_path / "models")

    def steps(module):
        return [
            module.hub.load(path, "model", 3, source="local"),
            module.hub.load(path, "model", 3, scale=2, source="LOCAL"),
        ]

    assert not isinstance(both(steps), Raised)
    both(lambda m: m.hub.load(path, "nothing", source="local"))
    both(lambda m: m.hub.load(path, "number", source="local"))
    both(lambda m: m.hub.load(path, 3, source="local"))
    both(lambda m: m.hub.load(path, "model", source="elsewhere"))
    both(lambda m: m.hub.load(str(tmp_path), "model", source="local"))
    other = folder_of_models(tmp_path / "other", 'dependencies = ["no_such_package"]\n')
    both(lambda m: m.hub.load(other, "model", source="local"))


def test_what_was_downloaded_before(hub, capsys):
    folder_of_models(hub / "someone_models_main")
    (hub / "trusted_list").write_text("someone_models\n")

    def steps(module):
        found = [
            module.hub.list("someone/models:main"),
            module.hub.help("someone/models:main", "model"),
            module.hub.load("someone/models:main", "model", 2, verbose=False),
        ]
        return [*found, capsys.readouterr().err]

    assert not isinstance(both(steps), Raised)


def test_trust(hub, monkeypatch):
    folder_of_models(hub / "someone_models_main")

    def steps(module, answer):
        monkeypatch.setattr("builtins.input", lambda question: answer)
        found = attempt(
            lambda: module.hub.load("someone/models:main", "model", 1, trust_repo=False)
        )
        return [found, (hub / "trusted_list").read_text()]

    for answer in ("y", "n", "", "perhaps"):
        both(lambda m, answer=answer: steps(m, answer))


def test_no_network(monkeypatch):
    def refuse(request, *arguments):
        raise urllib.error.URLError("no network in this test")

    monkeypatch.setattr("jtorch.hub.urlopen", refuse)
    monkeypatch.setattr("torch.hub.urlopen", refuse)
    monkeypatch.setattr("jtorch._downloading.urlopen", refuse)
    both(lambda m: m.hub.load("someone/models", "model", trust_repo=True))
    both(lambda m: m.hub.load("someone/models:main", "model", trust_repo=True))
    both(lambda m: m.hub.load_state_dict_from_url("https://example.com/weights.pth"))


@pytest.fixture
def server(tmp_path):
    """A server of the files of a folder, on this machine."""
    served = tmp_path / "served"
    served.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(served))

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield served, f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


def test_state_dicts(server, hub, capsys):
    served, address = server
    stream = io.BytesIO()
    theirs.save({"w": theirs.arange(3.0)}, stream)
    data = stream.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    good, bad = f"net-{digest[:8]}.pth", "net-00000000.pth"
    for name in (good, bad, "plain.pth"):
        (served / name).write_bytes(data)

    def steps(module):
        for each in (hub / "checkpoints").glob("*"):
            each.unlink()
        load = module.hub.load_state_dict_from_url
        quiet = {"progress": False}
        found = [
            load(f"{address}/plain.pth", **quiet),
            load(f"{address}/plain.pth"),
            load(f"{address}/{good}", check_hash=True, weights_only=True, **quiet),
            attempt(lambda: load(f"{address}/{bad}", check_hash=True, **quiet)),
            load(f"{address}/{bad}", file_name="other.pth", map_location="meta", **quiet)[
                "w"
            ].shape,
            attempt(lambda: load(f"{address}/none.pth", **quiet)).name,
        ]
        left = sorted(os.listdir(hub / "checkpoints"))
        return [*found, left, capsys.readouterr().out.replace(address, "")]

    assert not isinstance(both(steps), Raised)


def test_files_zipped_by_hand(hub):
    (hub / "checkpoints").mkdir(parents=True)
    stream = io.BytesIO()
    theirs.save({"w": theirs.ones(2)}, stream, _use_new_zipfile_serialization=False)
    with zipfile.ZipFile(hub / "checkpoints" / "old.pth", "w") as archive:
        archive.writestr("inner.pth", stream.getvalue())
    with zipfile.ZipFile(hub / "checkpoints" / "evil.pth", "w") as archive:
        archive.writestr("../outside.pth", stream.getvalue())

    assert not isinstance(
        both(lambda m: m.hub.load_state_dict_from_url("https://example.com/old.pth")), Raised
    )
    both(lambda m: m.hub.load_state_dict_from_url("https://example.com/evil.pth"))
    assert not (hub / "outside.pth").exists()


def test_download(server, tmp_path, capsys):
    served, address = server
    (served / "file").write_bytes(b"x" * 300_000)
    ours.hub.download_url_to_file(f"{address}/file", str(tmp_path / "got"))
    assert (tmp_path / "got").read_bytes() == b"x" * 300_000
    assert "100" in capsys.readouterr().err
    with pytest.raises(RuntimeError, match=r'invalid hash value \(expected "0000", got "'):
        ours.hub.download_url_to_file(f"{address}/file", str(tmp_path / "got2"), "0000", False)
    assert sorted(os.listdir(tmp_path)) == ["got", "served"]


PROGRAM = """
import torch
print(torch.hub.load("models", "net", 2, source="local"))
"""
NET = "import torch\n\ndef net(size):\n    return torch.nn.Linear(size, 1)\n"


def test_under_the_alias(tmp_path):
    folder_of_models(tmp_path / "models", NET)
    (tmp_path / "program.py").write_text(PROGRAM)
    done = jtorch("program.py", folder=tmp_path)
    assert done.stdout == "Linear(in_features=2, out_features=1, bias=True)\n", done.stderr
