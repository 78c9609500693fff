"""Every list of known differences, in one form: what, where, why."""

import pathlib
import tomllib

FOLDER = pathlib.Path(__file__).parent.parent.parent / "compat_tests"


def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def of_tests(folder):
    """The tests that are expected to fail."""
    for each in read(folder / "known_differences.toml").get("difference", []):
        yield each["op"], each["id"], each["reason"]


def of_operations(folder):
    """The samples of op_db that differ."""
    for each in read(folder / "op_db_differences.toml").get("difference", []):
        where = [*each.get("aspects", ["each aspect"]), *each.get("dtypes", [])]
        if "samples" in each:
            where.append(f"samples {each['samples']}")
        yield each["op"], ", ".join(where), each["reason"]


def of_scope(folder):
    """The entries of op_db that are not run."""
    for each in read(folder / "op_db_differences.toml").get("scope", []):
        yield each["op"], "not run at all", each["reason"]


def of_tpu(folder):
    """What is not compiled for a TPU."""
    for each in read(folder / "tpu" / "known.toml").get("known", []):
        for case in each["cases"]:
            yield case.split()[1], f"{case}: {each['status']}", each["reason"]


def of_surface(folder):
    """Names that are otherwise than torch's."""
    for section, reasons in read(folder / "surface.toml").items():
        for reason, names in reasons.items():
            for name in names.split():
                yield name, section, reason


def of_absent(folder):
    """Names that jtorch lacks."""
    for section, content in read(folder.parent / "jtorch" / "_check" / "absent.toml").items():
        for reason, names in content.items():
            for name in str(names).split():
                yield name, section, reason


LISTS = {
    "Tests expected to fail": ("known_differences.toml", of_tests),
    "Samples of operations": ("op_db_differences.toml", of_operations),
    "Operations out of scope": ("op_db_differences.toml", of_scope),
    "Not compiled for a TPU": ("tpu/known.toml", of_tpu),
    "Names that are otherwise": ("surface.toml", of_surface),
    "Names that are lacking": ("../jtorch/_check/absent.toml", of_absent),
}


def gathered(folder=FOLDER):
    """[{title, file, count, reasons: [{reason, items: [[what, where], ...]}]}], one for each list."""
    found = []
    for title, (file, read_list) in LISTS.items():
        if not (folder / file).exists():
            continue
        reasons = {}
        for what, where, reason in read_list(folder):
            reasons.setdefault(reason, []).append([what, where])
        found.append(
            {
                "title": title,
                "file": file.removeprefix("../"),
                "count": sum(map(len, reasons.values())),
                "reasons": [{"reason": key, "items": items} for key, items in reasons.items()],
            }
        )
    return found
