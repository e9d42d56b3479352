"""The import rule of the design: which module may know which."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import recto

PACKAGE = Path(recto.__file__).parent

# What each room may import of recto, beside itself. A stage knows the types, never another stage.
TYPES = {"diagnostics", "model", "project"}
ARROWS: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "diagnostics": set(),
    "model": {"diagnostics"},
    "project": {"diagnostics"},
    "plain": {"fast"},
    "ids": {"fast"},
    "shapes": {"project"},
    "starter": set(),
    "deletions": set(),
    "fences": {"project"},
    "notetypes": TYPES | {"ids", "lazy"},
    "lock": TYPES,
    "work": set(),
    "parse": TYPES | {"parts", "plain", "shapes"},
    "identity": TYPES | {"plain", "ids", "work", "fast", "lazy"},
    "render": TYPES | {"deletions", "fences", "shapes", "work", "budget", "fast"},
    "media": TYPES | {"lazy"},
    "occlusion": TYPES | {"shapes"},
    "cards": TYPES,
    "describe": TYPES,
    "split": TYPES | {"ids"},
    "tombstones": TYPES,
    "apkg": TYPES | {"ids", "scratch"},
    "guard": set(),
    "fast": set(),
    "lazy": set(),
    "budget": set(),
    "aside": set(),
    "archive": TYPES | {"deflated", "scratch"},
    "deflated": {"aside", "scratch"},
    "scratch": set(),
    "writing": {"guard", "scratch"},
    "parts": {"model", "work"},
    "folder": {"guard"},
    "runs": TYPES | {"deletions", "fences"},
    "craft": TYPES | {"plain"},
    "pipeline": TYPES
    | {"parse", "identity", "render", "media", "occlusion", "cards", "apkg", "archive", "deflated", "notetypes", "work"}
    | {"describe", "parts", "split"},
    "revise": TYPES | {"parse", "identity", "render", "media", "cards", "apkg", "lock", "notetypes", "work", "describe"},
    "release": TYPES | {"describe", "diff", "identity", "lock", "media"},
    "serve": TYPES | {"parse", "pipeline", "preview", "work"},
    "unpack": set(),
    "preview": TYPES | {"pipeline", "cards", "render"},
    "diff": TYPES | {"cards", "identity", "notetypes", "pipeline", "plain", "preview", "split", "unpack"},
    "verify": TYPES | {"diff"},
    "cli": TYPES
    | {
        "",
        "apkg",
        "archive",
        "aside",
        "craft",
        "deflated",
        "diff",
        "folder",
        "guard",
        "identity",
        "ids",
        "lock",
        "media",
        "notetypes",
        "parse",
        "pipeline",
        "preview",
        "release",
        "revise",
        "runs",
        "scratch",
        "serve",
        "tombstones",
        "unpack",
        "verify",
        "work",
        "writing",
    },
}

# Who may import a library, by its top-level name.
LIBRARIES: dict[str, set[str]] = {
    "click": {"cli"},
    "genanki": {"apkg"},
    "markdown": {"render"},
    "pymdownx": {"render"},
    "pygments": {"render"},
    "imagesize": {"occlusion"},
    "nh3": {"render", "preview"},
    "jinja2": {"preview"},
    "tinycss2": {"preview"},
    "xml.parsers": {"media"},
    "yaml": {"parse"},
    "sqlite3": {"apkg", "unpack", "cli"},  # cli asks for its version
    "zipfile": {"archive", "unpack"},
    "zstandard": {"unpack"},
    "time": {"cli"},
    "datetime": {"cli"},
    "random": set(),
    "secrets": {"cli", "serve"},
    "subprocess": {"cli"},
    "signal": {"cli", "budget"},
    "socket": {"cli"},
    "urllib.request": set(),
    "starlette": {"serve"},
    "uvicorn": {"cli"},
    "watchfiles": {"cli"},
    "anki": {"verify"},
    "aqt": set(),
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).with_suffix("").as_posix(), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_module_imports_only_what_its_room_may(module: str, path: Path) -> None:
    room = module.partition("/")[0]
    assert room in ARROWS, f"{module} stands in no room of the map: add it to ARROWS and to docs"
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "recto":
            target = rest.partition(".")[0]
            assert target == room or target in ARROWS[room], f"{module} may not import {name}"
        for library, rooms in LIBRARIES.items():
            if name == library or name.startswith(f"{library}."):
                assert room in rooms, f"only {rooms or 'nobody'} may import {library}, not {module}"


def test_no_stage_prints_or_reads_the_environment() -> None:
    """Only the command line acts; a `print` or `os.environ` elsewhere is an effect in the wrong module."""
    found = []
    for module, path in modules():
        if module.startswith("cli/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name) and node.id in {"print", "input", "exec", "eval"}:
                found.append((module, node.id))
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "argv"}:
                found.append((module, node.attr))
    assert found == []


def test_every_public_name_has_a_docstring() -> None:
    """A public class or function of the package states what it promises."""
    missing = []
    for module, path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if module != "__main__" and not ast.get_docstring(tree):
            missing.append(module)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not (node.name.startswith("_") or ast.get_docstring(node)):
                missing.append(f"{module}.{node.name}")
    assert missing == []
