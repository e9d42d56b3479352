"""The list of harmless extensions is what the documentation says, and true of what is installed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec, resolve_name
from pathlib import Path

import pytest

from ankipress.project.harmless_extensions import HARMLESS
from ankipress.project.settings import ExtensionSetting
from ankipress.render.extension_loading import load_extensions
from pages import read_page

FORBIDDEN = frozenset(
    "open urlopen urlretrieve import_module __import__ eval exec compile run Popen system read_text"
    " read_bytes write_text write_bytes load_source".split()
)
METHODS = frozenset({"compile", "run"})  # of regular expressions and of processors
MODULES = frozenset({"subprocess", "socket", "requests", "urllib.request", "importlib", "ctypes"})
OF_PATHS = frozenset({"pathname2url", "url2pathname"})  # of urllib.request; they read nothing


def source_of(module: str) -> str:
    spec = find_spec(module)
    assert spec
    assert spec.origin
    return Path(spec.origin).read_text(encoding="utf-8")


def imported(module: str, tree: ast.AST) -> Iterator[str]:
    """The modules that a module imports from its own package."""
    spec = find_spec(module)
    assert spec
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = resolve_name("." * node.level + (node.module or ""), spec.parent)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if _is_module(inner) else base


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # it is a name in a module
        return False


def modules() -> list[str]:
    """Those that are harmless, and those beside them that they import."""
    found: list[str] = []
    waiting = list(HARMLESS)
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.append(module)
        beside = imported(module, ast.parse(source_of(module)))
        waiting += [each for each in beside if each.startswith(("markdown.extensions", "pymdownx"))]
    return sorted(found)


@pytest.mark.parametrize("module", modules())
def test_a_harmless_extension_reads_no_file_and_imports_nothing_by_name(module: str) -> None:
    for node in ast.walk(ast.parse(source_of(module))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            is_method = isinstance(node.func, ast.Attribute) and name in METHODS
            assert name not in FORBIDDEN or is_method, f"{module}:{node.lineno} calls {name}"
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
            assert not names & MODULES, f"{module}:{node.lineno}"
        if isinstance(node, ast.ImportFrom) and node.module in MODULES:
            assert {alias.name for alias in node.names} <= OF_PATHS, f"{module}:{node.lineno}"


def test_this_test_finds_what_is_not_harmless() -> None:
    for module in ("pymdownx.snippets", "pymdownx.b64"):
        with pytest.raises(AssertionError, match="calls "):
            test_a_harmless_extension_reads_no_file_and_imports_nothing_by_name(module)


@pytest.mark.parametrize("module", sorted(HARMLESS))
def test_a_harmless_extension_is_there_and_has_these_options(module: str) -> None:
    assert load_extensions([ExtensionSetting(module)]).diagnostics == []
    options = import_module(module).makeExtension().config.keys()
    assert options >= HARMLESS[module]


def test_the_page_lists_them() -> None:
    section = read_page("docs/markdown.md").partition("\n## Extensions\n")[2]
    listed = section.partition("- of Python-Markdown:")[2]
    of_markdown, _, others = listed.partition("- of pymdown-extensions")
    others = others.partition("before the name:")[2].partition("\n\n")[0]
    names = [f"markdown.extensions.{name}" for name in re.findall(r"`([\w.]+)`", of_markdown)]
    names += [f"pymdownx.{name}" for name in re.findall(r"`([\w.]+)`", others)]
    assert sorted(names) == sorted(HARMLESS)
