"""The import rule of the design: which module may know which."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import ankipress

PACKAGE = Path(ankipress.__file__).parent

# What each room may import, beside itself: rooms, or single modules of a room. The last of them has
# the name of the package itself, for its version.
VALUES = {"diagnostics", "model", "project.languages", "project.settings"}
# A stage knows the types, the syntax of Markdown, the settings and how ids are made, and no other
# stage.
STAGE = VALUES | {"syntax"}
ARROWS: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "diagnostics": set(),
    "model": {"diagnostics"},
    "syntax": {"diagnostics", "model"},
    # A project on disk: of what stands in it, it reads what it must to find its parts.
    "project": {
        "",
        "diagnostics",
        "model",
        "syntax",
        "identity.lock",
        "identity.tombstones",
        "media.media_folder",
        "notetypes.custom_types",
    },
    "parse": STAGE,
    "identity": STAGE,
    "render": STAGE,
    "media": STAGE,
    "notetypes": STAGE | {"identity.ids"},
    "package": STAGE | {"identity.ids"},
    "build": STAGE | {"identity", "media", "notetypes", "package", "parse", "project", "render"},
    # What is made of compiled decks.
    "lint": STAGE | {"project", "media.media_folder"},
    "preview": STAGE
    | {"build", "identity.lock", "lint", "package.card_generation", "project", "render"},
    "diff": STAGE | {"build", "identity", "notetypes", "package", "preview", "project"},
    "release": STAGE | {"build", "diff", "identity", "media", "package", "project"},
    "verify": {"diagnostics", "diff"},
    "cli": STAGE
    | {
        "",
        "build",
        "diff",
        "identity",
        "lint",
        "package",
        "preview",
        "project",
        "release",
        "verify",
    },
}

# Who may import a library, by its top-level name.
LIBRARIES: dict[str, set[str]] = {
    "click": {"cli", "project"},
    "genanki": {"package"},
    "markdown": {"render"},
    "markdown_it": {"syntax"},
    "pymdownx": {"render"},
    "pygments": {"render"},
    "imagesize": {"media"},
    "nh3": {"render", "preview"},
    "jinja2": {"preview"},
    "tinycss2": {"preview"},
    "xml.parsers": {"media"},
    "yaml": {"parse"},
    "platformdirs": {"build", "project"},
    "wcwidth": {"cli"},
    "sqlite3": {"build", "package", "project"},
    "zipfile": {"package"},
    "zstandard": {"package"},
    "tempfile": {"cli", "project"},
    "shutil": {"cli", "package", "project"},
    "time": {"build", "cli", "project"},
    "datetime": {"project", "release"},
    "random": set(),
    "secrets": {"cli", "preview"},
    "subprocess": {"cli", "project"},
    "multiprocessing": {"build"},
    "concurrent": {"build", "lint"},
    "signal": {"build", "cli", "preview", "project", "release", "render"},
    "socket": {"cli", "preview"},
    "urllib.request": set(),
    "starlette": {"preview"},
    "uvicorn": {"preview"},
    "watchfiles": {"preview"},
    "anki": {"verify"},
    "aqt": set(),
}

# Modules outside `project` and `cli` that touch files, start processes or read clocks, and why.
EFFECTS: dict[str, str] = {
    "build/memo": "the cache of the user",
    "build/workers": "processes that compile",
    "preview/serve/server": "the server itself",
    "verify/engine": "Anki reads and writes a collection",
    # Files of ankipress itself, by importlib.resources.
    "notetypes/builtin": "templates and styles",
    "preview/serve/app": "the page",
    "preview/site/pages": "MathJax and styles",
    "render/code_theme": "themes",
    # Each of these acts for one command alone, and is called by that command.
    "build/manifest": "whether files are as they were",
    "diff/editions": "packages and locks to compare with",
    "lint/code_results": "the number of cores",
    "preview/serve/session": "when sources were written",
    "preview/serve/watch": "folders to be watched",
    "release/artifacts": "packages of a release",
    "release/execution": "files of a release",
    "release/planning": "files of a release, and today",
    "release/unfinished": "the note of a release that was interrupted",
}
_ON_PATHS = frozenset(
    "read_text read_bytes write_text write_bytes stat lstat exists is_file is_dir is_symlink"
    " iterdir glob rglob mkdir unlink rmdir touch symlink_to chmod rename".split()
)
_EFFECTIVE = frozenset("subprocess multiprocessing concurrent tempfile time".split())


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


def _effects(tree: ast.AST) -> Iterator[str]:
    """What in a module touches files, starts processes or reads clocks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if _is_effective(each.name))
        elif isinstance(node, ast.ImportFrom) and _is_effective(node.module or ""):
            yield node.module or ""
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "open":
            yield "open"
        elif isinstance(node, ast.Attribute):
            of = node.value.id if isinstance(node.value, ast.Name) else ""
            is_file_function = of == "os" and node.attr not in {"path", "fspath", "PathLike"}
            is_clock = of in {"datetime", "date"} and node.attr in {"now", "today", "utcnow"}
            if is_file_function or is_clock or (of, node.attr) == ("Path", "open"):
                yield f"{of}.{node.attr}"
            elif node.attr in _ON_PATHS:
                yield node.attr


def _is_effective(module: str) -> bool:
    return module.partition(".")[0] in _EFFECTIVE


def test_no_stage_touches_files_processes_or_clocks() -> None:
    """A stage takes values and returns values: `project` and `cli` act."""
    found: dict[str, list[str]] = {}
    for module, path in modules():
        if module.startswith(("cli/", "project/")):
            continue
        effects = sorted(set(_effects(ast.parse(path.read_text(encoding="utf-8")))))
        if effects and module not in EFFECTS:
            found[module] = effects
    assert found == {}, "move this to project, or name it in EFFECTS with the reason"


def test_names_of_files_and_classes_mean_one_thing() -> None:
    files: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    for _, path in modules():
        files[path.stem] += path.stem != "__init__"
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                classes[node.name.lstrip("_").lower()] += 1
    assert {name for name, number in files.items() if number > 1} == set()
    assert {name for name, number in classes.items() if number > 1} == set()


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
