"""The version in the text of the settings: replaced, and every other byte kept."""

from __future__ import annotations

import tomllib

import pytest

from ankipress.release.settings_text import with_version


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param(
            "ankipress.toml", 'version = "2.0.0"\n', 'version = "2.0.0"\n', id="it says so already"
        ),
        pytest.param(
            "ankipress.toml",
            'name = "d"\nversion = "1.0.0"\n',
            'name = "d"\nversion = "2.0.0"\n',
            id="a ankipress.toml",
        ),
        pytest.param(
            "ankipress.toml",
            "version   =  '1.0.0'  # of the deck\r\nname='d'\r\n",
            "version   =  '2.0.0'  # of the deck\r\nname='d'\r\n",
            id="quotes, spaces, comments and line ends stay",
        ),
        pytest.param(
            "pyproject.toml",
            '[project]\nversion = "1.0.0"\n[tool.ankipress]\nversion = "1.0.0"\n[tool.x]\n'
            'version = "1.0.0"\n',
            '[project]\nversion = "1.0.0"\n[tool.ankipress]\nversion = "2.0.0"\n[tool.x]\n'
            'version = "1.0.0"\n',
            id="the version of the package, and of others, is not that of the deck",
        ),
        pytest.param(
            "pyproject.toml",
            '[tool]\nankipress = { name = "d", version = "1.0.0" }\n',
            '[tool]\nankipress = { name = "d", version = "2.0.0" }\n',
            id="an inline table",
        ),
        pytest.param(
            "pyproject.toml",
            '[tool.ankipress]\nname = "d"',
            '[tool.ankipress]\nversion = "2.0.0"\nname = "d"',
            id="none so far",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.ankipress]",
            '[tool.ankipress]\nversion = "2.0.0"\n',
            id="nothing so far",
        ),
        pytest.param(
            "ankipress.toml",
            '# Mine\nname = "d"\n[severity]\nx = 1\n',
            '# Mine\nname = "d"\nversion = "2.0.0"\n[severity]\nx = 1\n',
            id="none so far, and a table below",
        ),
        pytest.param(
            "ankipress.toml",
            "\ufeff[run]\na = 'b'\n",
            "\ufeffversion = \"2.0.0\"\n[run]\na = 'b'\n",
            id="a byte order mark",
        ),
        pytest.param(
            "ankipress.toml",
            'description = """\nversion = "1.0.0"\n"""\nversion = "1.0.0"\n',
            'description = """\nversion = "1.0.0"\n"""\nversion = "2.0.0"\n',
            id="what only looks like it",
        ),
    ],
)
def test_the_version_is_replaced(path: str, before: str, after: str) -> None:
    assert with_version(before, path, "2.0.0") == after
    tomllib.loads(after.removeprefix("\ufeff"))


def test_where_there_is_no_place_for_it_there_is_no_text() -> None:
    assert (
        with_version('tool = { ankipress = { name = "d" } }\n', "pyproject.toml", "2.0.0") is None
    )
