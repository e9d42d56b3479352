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
VALUES = {
    "diagnostics",
    "interruption",
    "model",
    "project.languages",
    "project.settings",
    "visible_text",
}
# A stage knows the types, the syntax of Markdown, the settings and how ids are made, and no other
# stage.
STAGE = VALUES | {"syntax"}
ARROWS: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "diagnostics": set(),
    "visible_text": set(),
    "interruption": set(),
    "model": {"diagnostics"},
    "syntax": {"diagnostics", "model"},
    # A project on disk: of what stands in it, it reads what it must to find its parts.
    "project": {
        "",
        "diagnostics",
        "model",
        "syntax",
        "visible_text",
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
    # Decks from elsewhere become a project, which is compiled to see whether it looks the same.
    "importing": STAGE
    | {"build", "diff", "identity", "media", "notetypes", "package", "parse", "project", "render"},
    # Notes come from Anki into the sources of a compiled project, and its package goes there.
    "live": STAGE
    | {
        "build",
        "diff",
        "identity",
        "importing",
        "media",
        "notetypes",
        "package",
        "parse",
        "project",
        "render",
        "verify",
    },
    "verify": {"diagnostics", "diff", "package", "project.limited_process", "visible_text"},
    "cli": STAGE
    | {
        "",
        "build",
        "diff",
        "identity",
        "importing",
        "lint",
        "live",
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
    "nh3": {"importing", "preview", "render"},
    "jinja2": {"preview"},
    "tinycss2": {"preview"},
    "xml.parsers": {"media"},
    "yaml": {"parse"},
    "csv": {"importing"},
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
    "socket": {"cli", "live", "preview"},
    # A running Anki, on this machine alone.
    "http": {"live"},
    "keyring": {"cli"},
    "urllib.request": set(),
    "starlette": {"preview"},
    "uvicorn": {"preview"},
    "watchfiles": {"preview"},
    "anki": {"live", "verify"},
    "aqt": set(),
}

# Modules outside `project` and `cli` that touch files, start processes or read clocks, and why.
EFFECTS: dict[str, str] = {
    "build/memo": "the cache of the user",
    "build/workers": "processes that compile",
    "preview/serve/server": "the server itself",
    "verify/engine": "Anki reads and writes a collection",
    "verify/verification_answer": "packages, read again beside Anki",
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
    "live/pushed/collection_push": "Anki reads and writes a collection, and its backups",
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


# The ways to write that are not `echo`, and what may use them besides it.
_WAYS_TO_WRITE = frozenset(
    "click.echo click.secho click.prompt click.confirm click.style click.echo_via_pager print"
    " sys.stdout sys.stderr sys.__stdout__ sys.__stderr__ traceback.print_exception"
    " traceback.print_exc os.write logging.basicConfig warnings.warn".split()
)
_WRITERS: dict[str, set[str]] = {
    "__main__": {"sys.stderr"},  # one word of ours, before anything can be imported
    "cli/main": {"sys.stdout", "sys.stderr"},  # whether they are closed
    "cli/printing": {
        "click.confirm",
        "click.echo",
        "click.prompt",
        "click.style",
        "sys.stderr",
        "sys.stdout",
    },
    "cli/progress": {"sys.stderr"},  # a bar, and words of ours
    "cli/terminal": {"sys.stdout", "sys.stderr"},  # how wide they are
    "cli/diff_command": {"sys.stdout"},  # whether it has colours
}


def test_all_that_is_written_passes_one_function() -> None:
    """Foreign text commands no terminal and no runner, because nobody else writes."""
    found = {}
    for module, path in modules():
        names = {
            ast.unparse(node)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Name | ast.Attribute)
        }
        if names & _WAYS_TO_WRITE:
            found[module] = names & _WAYS_TO_WRITE
    assert found == _WRITERS


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


# Modules that open, list, write or delete files themselves, and why. All others go through
# `project/door.py`, which lets nothing lead out of a project.
OPENING: dict[str, str] = {
    "project/door": "the door",
    "project/atomic": "writes files whose targets the door has told",
    "project/new_files": "writes new folders, or files that are not there",
    "project/output_folder": "writes folders whose targets the door has told",
    "project/folder_locks": "locks folders whose targets the door has told, and git's own",
    "project/code_runner": "a file of its own for each piece of code, in a new folder",
    "project/checkout": "files of a commit, in a new folder",
    "project/large_files": "files of Git LFS, in git's own folder and in that of a checkout",
    "project/temporary": "new folders, and those of killed processes",
    "project/repository": "a folder in git's own",
    "project/git": "the files by which git finds a repository",
    "project/limited_child": "what its parent hands to it",
    "project/limited_process": "a file that a user has named",
    "verify/verification_answer": "packages that a user has named",
    "project/repository_programs": "the hooks in git's own folder",
    "project/collection_copies": "a copy of the collection that a user has named, in a new folder",
    "project/file_states": "puts back the files whose targets the door has told",
    "release/unfinished": "a note in git's own folder",
    "cli/open_package": "where the program of Anki is",
    # What a user has named on the command line.
    # Files of ankipress itself, and of Python.
    "cli/code_pages": "the pages of the codes",
    "cli/config_command": "the schemas",
    "project/starter_files": "what a new deck is made of",
    "notetypes/builtin": "templates and styles",
    "package/archive": "files in a package",
    "preview/serve/app": "the page",
    "preview/site/pages": "MathJax, styles and templates",
    "project/github": "workflows, and where ankipress came from",
    "project/programs": "installed packages, and the modules of extensions",
    "project/extension_modules": "the modules of extensions",
    "render/code_theme": "styles of code",
    # Files of the user.
    "project/trust": "what the user trusts",
    "build/memo": "the cache",
    "cli/failures": "the details of a bug, in a new file",
    "cli/main": "the output, once nobody reads it",
    "verify/engine": "a collection of Anki's, in a new folder",
    "live/pushed/collection_push": "the folder in which Anki keeps its backups",
    "project/backups": "backups of what the user has in Anki, in the user's folder for data",
}
_OPENING_OF_OS = frozenset(
    "open listdir scandir walk fwalk unlink remove rename replace mkdir makedirs rmdir link symlink"
    " chmod utime truncate mkfifo".split()
)
_OPENING_OF_PATHS = frozenset(
    "read_text read_bytes write_text write_bytes iterdir glob rglob mkdir unlink rmdir touch"
    " symlink_to hardlink_to chmod rename".split()
)


def _openings(tree: ast.AST) -> Iterator[str]:
    """What in a module opens, lists, writes or deletes files."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            for name in (*names, getattr(node, "module", "") or ""):
                if name in {"shutil", "tempfile", "glob"}:
                    yield name
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield from _opening_call(node)


def _opening_call(node: ast.Call) -> Iterator[str]:
    if isinstance(node.func, ast.Name):
        if node.func.id == "open":
            yield "open"
        return
    assert isinstance(node.func, ast.Attribute)
    name = node.func.attr
    of = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
    has_mode = any(isinstance(each, ast.Constant) for each in node.args)
    if of == "os":
        if name in _OPENING_OF_OS:
            yield f"os.{name}"
    elif name in _OPENING_OF_PATHS or (name == "open" and has_mode):
        yield name


def test_a_project_has_one_door() -> None:
    """No other module opens, lists, writes or deletes files of a project by itself."""
    found: dict[str, list[str]] = {}
    for module, path in modules():
        openings = sorted(set(_openings(ast.parse(path.read_text(encoding="utf-8")))))
        if openings:
            found[module] = openings
    unnamed = {module: names for module, names in found.items() if module not in OPENING}
    assert unnamed == {}, "go through project/door.py, or name it in OPENING with the reason"
    assert OPENING.keys() - found.keys() == set(), "nothing is opened there any more"


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
