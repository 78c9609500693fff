"""torch.hub: models of a folder, of a repository on GitHub, and state dicts of URLs.

What has been downloaded before is used from its folder. A program that a repository holds is run
under jtorch as any other, so what it takes from torch is jtorch's where that stands for torch.
"""

import contextlib
import importlib.util
import json
import os
import re
import shutil
import sys
import warnings
import zipfile
from urllib.error import HTTPError, URLError
from urllib.parse import urlparse
from urllib.request import Request, urlopen

from jtorch._alias import missing_attribute
from jtorch._downloading import download_url_to_file, extract, remove_if_exists
from jtorch._saving.loading import load as _load_file

__all__ = [
    "download_url_to_file",
    "get_dir",
    "help",
    "list",
    "load",
    "load_state_dict_from_url",
    "set_dir",
]


def __getattr__(name):
    raise missing_attribute(__name__, name)


_HASH = re.compile(r"-([a-f0-9]*)\.")  # matches bfd8deac from resnet18-bfd8deac.pth
_TRUSTED_OWNERS = ("facebookresearch", "facebookincubator", "pytorch", "fairinternal")
_CONFIG = "hubconf.py"


class _Chosen:
    folder = None


def get_dir() -> str:
    """The folder of downloads: $TORCH_HOME/hub, by default ~/.cache/torch/hub.

    Source:  torch.hub.get_dir.
    """
    if os.getenv("TORCH_HUB"):
        warnings.warn("TORCH_HUB is deprecated, please use env TORCH_HOME instead", stacklevel=2)
    if _Chosen.folder is not None:
        return _Chosen.folder
    return os.path.join(_get_torch_home(), "hub")


def _get_torch_home() -> str:
    """The folder of whatever PyTorch's programs keep. Source: torch.hub."""
    cache = os.getenv("XDG_CACHE_HOME", "~/.cache")
    return os.path.expanduser(os.getenv("TORCH_HOME", os.path.join(cache, "torch")))


def set_dir(d) -> None:
    """Set the folder of downloads. Source: torch.hub.set_dir."""
    _Chosen.folder = os.path.expanduser(d)


def list(github, force_reload=False, skip_validation=False, trust_repo="check", verbose=True):
    """The names of what a repository's hubconf.py offers. Source: torch.hub.list."""
    module = _config_of(_repository(github, force_reload, trust_repo, verbose, skip_validation))
    return [
        name for name in dir(module) if callable(getattr(module, name)) and not name.startswith("_")
    ]


def help(github, model, force_reload=False, skip_validation=False, trust_repo="check"):
    """The docstring of what a repository offers by a name. Source: torch.hub.help."""
    folder = _repository(github, force_reload, trust_repo, True, skip_validation)
    return _entry_of(_config_of(folder), model).__doc__


def load(
    repo_or_dir,
    model,
    *args,
    source="github",
    trust_repo="check",
    force_reload=False,
    verbose=True,
    skip_validation=False,
    **kwargs,
):
    """What the function `model` of a hubconf.py gives for the arguments.

    `repo_or_dir` is `owner/name[:ref]` on GitHub, or a folder where `source` is "local".

    Errors:  ValueError for another source; RuntimeError for a name that is not there, or packages
             that are missing.
    Source:  torch.hub.load.
    """
    source = source.lower()
    if source not in ("github", "local"):
        raise ValueError(f'Unknown source: "{source}". Allowed values: "github" | "local".')
    folder = repo_or_dir
    if source == "github":
        folder = _repository(repo_or_dir, force_reload, trust_repo, verbose, skip_validation)
    with _importing_from(folder):
        module = _module_of(os.path.join(folder, _CONFIG))
        return _entry_of(module, model)(*args, **kwargs)


def load_state_dict_from_url(
    url,
    model_dir=None,
    map_location=None,
    progress=True,
    check_hash=False,
    file_name=None,
    weights_only=False,
):
    """What torch.load gives for the file of a URL, which is downloaded if it is not there yet.

    Errors:  RuntimeError if the file's hash is not the one in its name; URLError without a network.
    Source:  torch.hub.load_state_dict_from_url.
    """
    if os.getenv("TORCH_MODEL_ZOO"):
        warnings.warn(
            "TORCH_MODEL_ZOO is deprecated, please use env TORCH_HOME instead", stacklevel=2
        )
    folder = os.path.join(get_dir(), "checkpoints") if model_dir is None else model_dir
    os.makedirs(folder, exist_ok=True)
    name = os.path.basename(urlparse(url).path) if file_name is None else file_name
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        sys.stdout.write(f'Downloading: "{url}" to {path}\n')
        found = _HASH.search(name) if check_hash else None
        download_url_to_file(url, path, found[1] if found else None, progress=progress)
    path = _unpacked(path, folder)
    return _load_file(path, map_location=map_location, weights_only=weights_only)


def _unpacked(path, folder):
    """The one file in an archive that was zipped by hand; any other path as it is."""
    if not zipfile.is_zipfile(path):
        return path
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) != 1 or members[0].is_dir():
            return path
        warnings.warn(
            "Falling back to the old format < 1.6. This support will be deprecated in favor of "
            "default zipfile format introduced in 1.6. Please redo torch.save() to save it in the "
            "new zipfile format.",
            FutureWarning,
            stacklevel=3,
        )
        extract(archive, folder)
    return os.path.join(folder, members[0].filename)


# Repositories


def _repository(github, force_reload, trust_repo, verbose, skip_validation):
    """The folder of a repository, downloaded if it must be."""
    hub = get_dir()
    os.makedirs(hub, exist_ok=True)
    owner, name, ref = _parsed(github)
    branch = ref.replace("/", "_")
    full = "_".join([owner, name, branch])
    folder = os.path.join(hub, full)
    _require_trust(owner, name, full, trust_repo)
    if os.path.exists(folder) and not force_reload:
        if verbose:
            sys.stderr.write(f"Using cache found in {folder}\n")
        return folder
    if not skip_validation:
        _require_own_branch(owner, name, ref)
    packed = os.path.join(hub, branch + ".zip")
    remove_if_exists(packed)
    _download(owner, name, ref, packed)
    with zipfile.ZipFile(packed) as archive:
        unpacked = os.path.join(hub, archive.infolist()[0].filename)
        remove_if_exists(unpacked.rstrip("/"))
        extract(archive, hub)
    remove_if_exists(packed)
    remove_if_exists(folder)
    shutil.move(unpacked, folder)
    return folder


def _parsed(github):
    """(owner, name, ref) of `owner/name[:ref]`; by default the ref is main, or else master."""
    repository, _, ref = github.partition(":")
    owner, name = repository.split("/")
    if ref:
        return owner, name, ref
    try:
        with urlopen(f"https://github.com/{owner}/{name}/tree/main/"):
            return owner, name, "main"
    except HTTPError as error:
        if error.code != 404:
            raise
        return owner, name, "master"
    except URLError as error:
        for each in ("main", "master"):
            if os.path.exists(f"{get_dir()}/{owner}_{name}_{each}"):
                return owner, name, each
        raise RuntimeError(
            "It looks like there is no internet connection and the repo could not be found in the "
            f"cache ({get_dir()})"
        ) from error


def _download(owner, name, ref, path):
    url = f"https://github.com/{owner}/{name}/zipball/{ref}"
    sys.stdout.write(f'Downloading: "{url}" to {path}\n')
    try:
        download_url_to_file(url, path, progress=False)
    except HTTPError as error:
        if error.code != 300:  # Multiple Choices
            raise
        warnings.warn(
            f"The ref {ref} is ambiguous. Perhaps it is both a tag and a branch in the repo? "
            "Torchhub will now assume that it's a branch. You can disambiguate tags and branches by "
            "explicitly passing refs/heads/branch_name or refs/tags/tag_name as the ref. That might "
            "require using skip_validation=True.",
            stacklevel=4,
        )
        url = f"https://github.com/{owner}/{name}/zipball/refs/heads/{ref}"
        download_url_to_file(url, path, progress=False)


def _require_own_branch(owner, name, ref):
    """Errors: ValueError for a ref that is a fork's, as GitHub answers to those too."""
    headers = {"Accept": "application/vnd.github.v3+json"}
    if os.environ.get("GITHUB_TOKEN"):
        headers["Authorization"] = f"token {os.environ['GITHUB_TOKEN']}"
    for kind in ("branches", "tags"):
        page = 0
        while True:
            page += 1
            address = f"https://api.github.com/repos/{owner}/{name}/{kind}"
            found = _json_of(f"{address}?per_page=100&page={page}", headers)
            if not found:
                break
            if any(e["name"] == ref or e["commit"]["sha"].startswith(ref) for e in found):
                return
    raise ValueError(
        f"Cannot find {ref} in https://github.com/{owner}/{name}. If it's a commit from a forked "
        "repo, please call hub.load() with forked repo directly."
    )


def _json_of(url, headers):
    try:
        with urlopen(Request(url, headers=headers)) as response:
            return json.load(response)
    except HTTPError:
        if headers.pop("Authorization", None) is None:  # the token may not be good for this one
            raise
        return _json_of(url, headers)


def _require_trust(owner, name, full, trust_repo):
    """Ask the user about a repository that is not trusted yet.

    Errors:  Exception where the user says no, ValueError for another answer; EOFError where nobody
             can be asked.
    """
    hub = get_dir()
    listed = os.path.join(hub, "trusted_list")
    with open(listed, "a+", encoding="utf-8") as stream:
        stream.seek(0)
        trusted = stream.read().split("\n")
    short = f"{owner}_{name}"
    known = short in trusted or os.path.isdir(os.path.join(hub, full)) or owner in _TRUSTED_OWNERS
    if trust_repo is False or (trust_repo == "check" and not known):
        answer = input(
            f"The repository {short} does not belong to the list of trusted repositories and as "
            "such cannot be downloaded. Do you trust this repository and wish to add it to the "
            "trusted list of repositories (y/N)?"
        ).lower()
        if answer in ("n", "no", ""):
            raise Exception("Untrusted repository.")
        if answer not in ("y", "yes"):
            raise ValueError(f"Unrecognized response {answer}.")
        if known:
            print("The repository is already trusted.")
    if not known:
        with open(listed, "a", encoding="utf-8") as stream:
            stream.write(short + "\n")


# What a hubconf.py offers


@contextlib.contextmanager
def _importing_from(folder):
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _config_of(folder):
    with _importing_from(folder):
        return _module_of(os.path.join(folder, _CONFIG))


def _module_of(path):
    spec = importlib.util.spec_from_file_location(_CONFIG, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _entry_of(module, name):
    """Errors: ValueError or RuntimeError for what is no function of the module."""
    if not isinstance(name, str):
        raise ValueError("Invalid input: model should be a string of function name")
    wanted = getattr(module, "dependencies", None) or ()
    missing = [each for each in wanted if importlib.util.find_spec(each) is None]
    if missing:
        raise RuntimeError(f"Missing dependencies: {', '.join(missing)}")
    entry = getattr(module, name, None)
    if not callable(entry):
        raise RuntimeError(f"Cannot find callable {name} in hubconf")
    return entry
