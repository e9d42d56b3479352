"""The import rule of the design: which module may know which."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import ankipress

PACKAGE = Path(ankipress.__file__).parent

# What each room may import, beside itself: rooms, or single modules of a room. A stage knows the
# types, the syntax of Markdown and the settings, never another stage.
VALUES = {"diagnostics", "model", "project.settings"}
ARROWS: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "diagnostics": set(),
    "model": {"diagnostics"},
    "project": VALUES
    | {
        "",
        "build",
        "diff",
        "identity",
        "media",
        "notetypes",
        "preview",
        "scratch",
        "syntax",
        "cli",
    },
    "syntax": VALUES | {"fast"},
    "parse": VALUES | {"syntax", "parts"},
    "identity": VALUES | {"syntax", "work", "fast"},
    "render": VALUES | {"syntax", "work", "fast"},
    "media": VALUES | {"syntax"},
    "notetypes": VALUES | {"identity"},
    "package": VALUES | {"identity", "scratch", "aside"},
    "lint": VALUES | {"syntax", "project"},
    "build": VALUES
    | {"identity", "media", "notetypes", "package", "parse", "parts", "project", "render", "work"},
    "preview": VALUES
    | {"build", "cli", "identity", "lint", "package", "parse", "project", "render", "work"},
    "diff": VALUES
    | {"build", "cli", "identity", "notetypes", "package", "preview", "project", "syntax"},
    "release": VALUES | {"build", "cli", "diff", "identity", "media", "package", "project"},
    "verify": VALUES | {"diff"},
    "fast": set(),
    "parts": {"model", "work"},
    "work": set(),
    "aside": set(),
    "scratch": set(),
    "revise": VALUES | {"identity", "media", "notetypes", "package", "parse", "render", "work"},
    "cli": VALUES
    | {
        "",
        "aside",
        "build",
        "diff",
        "identity",
        "lint",
        "notetypes",
        "package",
        "parse",
        "preview",
        "project",
        "release",
        "revise",
        "scratch",
        "syntax",
        "verify",
        "work",
    },
}

# Who may import a library, by its top-level name.
LIBRARIES: dict[str, set[str]] = {
    "click": {"cli", "preview", "project"},
    "genanki": {"package"},
    "markdown": {"render"},
    "pymdownx": {"render"},
    "pygments": {"render"},
    "imagesize": {"media"},
    "nh3": {"render", "preview"},
    "jinja2": {"preview"},
    "tinycss2": {"preview"},
    "xml.parsers": {"media"},
    "yaml": {"parse"},
    "sqlite3": {"package", "project", "cli"},
    "zipfile": {"package"},
    "zstandard": {"package"},
    "time": {"project", "cli"},
    "datetime": {"project", "release", "cli"},
    "random": set(),
    "secrets": {"cli", "preview"},
    "subprocess": {"cli", "preview", "project"},
    "signal": {"cli", "preview", "project", "release", "render"},
    "socket": {"cli", "preview"},
    "urllib.request": set(),
    "starlette": {"preview"},
    "uvicorn": {"preview"},
    "watchfiles": {"preview"},
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


@pytest.mark.parametrize(
    ("module", "path"), list(modules()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_module_imports_only_what_its_room_may(module: str, path: Path) -> None:
    room = module.partition("/")[0]
    assert room in ARROWS, f"{module} stands in no room of the map: add it to ARROWS and to docs"
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "ankipress":
            target = rest.partition(".")[0]
            allowed = {target, rest} & (ARROWS[room] | {room})
            assert allowed, f"{module} may not import {name}"
        for library, rooms in LIBRARIES.items():
            if name == library or name.startswith(f"{library}."):
                assert room in rooms, f"only {rooms or 'nobody'} may import {library}, not {module}"


def test_no_stage_prints_or_reads_the_environment() -> None:
    """Only the command line acts; a `print` or `os.environ` elsewhere is an effect in the wrong
    module.
    """
    found = []
    for module, path in modules():
        if module.startswith(("cli/", "project/")):
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
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not (
                node.name.startswith("_") or ast.get_docstring(node)
            ):
                missing.append(f"{module}.{node.name}")
    assert missing == []
