"""The settings, from TOML: every key validated, every problem in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.diagnostics import Location
from ankipress.project.settings import Settings, is_name, parse_settings


def pyproject(text: str) -> Settings | None:
    settings, problems = parse_settings(text, "pyproject.toml", name="folder")
    assert problems == ()
    return settings


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param('[project]\nname = "x"', id="no tools"),
        pytest.param("[tool.ruff]", id="another tool"),
        pytest.param("[tool.ankipress-other]", id="a tool with a longer name"),
        pytest.param("tool = 5", id="tools that are no table"),
    ],
)
def test_a_pyproject_without_a_table_of_ankipress_is_none_of_its_business(text: str) -> None:
    assert pyproject(text) is None


def test_an_empty_table_means_the_defaults() -> None:
    assert pyproject("[tool.ankipress]") == Settings(name="folder")
    assert parse_settings("", "ankipress.toml", name="folder") == (Settings(name="folder"), ())


def test_every_setting_can_be_set() -> None:
    text = """
        [tool.ankipress]
        name = "größe-1"
        version = "10.0.1-rc.2"
        uid = "some-uid_1"
        description = "A *deck*."
        report_url = "https://example.org/issues"
        source_url = "https://example.org/{path}#{anchor}"
        source_label = "Mend it"
        sources = ["./cards.md", "a/**/*.md", "!a/draft.md"]
        output = "dist/apkg"
        card_level = 6
        sections = "subdeck"
        deck_prefix = "School::Biology"
        tags = ["a", "b::c"]
        [tool.ankipress.severity]
        remote-media = "off"
        [tool.ankipress.run]
        javascript = "node"
    """
    assert pyproject(text) == Settings(
        name="größe-1",
        version="10.0.1-rc.2",
        uid="some-uid_1",
        description="A *deck*.",
        report_url="https://example.org/issues",
        source_url="https://example.org/{path}#{anchor}",
        source_label="Mend it",
        sources=("./cards.md", "a/**/*.md", "!a/draft.md"),
        output="dist/apkg",
        card_level=6,
        sections="subdeck",
        deck_prefix="School::Biology",
        tags=("a", "b::c"),
        severity={"remote-media": "off"},
        run={"javascript": "node"},
    )


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('name = ""', id="no name"),
        pytest.param('name = "a b"', id="a space"),
        pytest.param('name = "../a"', id="a path"),
        pytest.param('name = "collection"', id="Anki's own file"),
        pytest.param('name = "Backup-1"', id="a backup of Anki"),
        pytest.param('name = "nul.x"', id="a device of Windows"),
        pytest.param(f'name = "{"a" * 81}"', id="too long"),
        pytest.param('version = "1.0"', id="two numbers"),
        pytest.param('version = "\u0661.0.0"', id="other digits"),
        pytest.param("version = 1", id="a number for a version"),
        pytest.param('uid = "abc"', id="a short uid"),
        pytest.param('uid = "a b c d"', id="a uid with spaces"),
        pytest.param('description = "a\\nb"', id="two lines"),
        pytest.param('report_url = "javascript:x()"', id="an address that is none"),
        pytest.param('source_url = "javascript:{path}"', id="a link that is none"),
        pytest.param('source_url = "https://{path}"', id="a link to a host that a path names"),
        pytest.param(
            'source_url = "https://a.org/{file}"', id="a link with a name that no card has"
        ),
        pytest.param(
            'source_url = "https://a.org/{path}#L{line}"',
            id="a link that every new line would change",
        ),
        pytest.param('source_label = " "', id="a link without a text"),
        pytest.param('sources = "cards.md"', id="a text for a list"),
        pytest.param('sources = [""]', id="an empty pattern"),
        pytest.param('sources = ["."]', id="a pattern that names no file"),
        pytest.param('sources = ["!"]', id="an exclusion of nothing"),
        pytest.param('sources = ["**.md"]', id="two stars beside other characters"),
        pytest.param('sources = ["a/../../b.md"]', id="a pattern that leads out"),
        pytest.param('sources = ["C:x.md"]', id="a drive"),
        pytest.param('output = "/tmp"', id="an absolute folder"),
        pytest.param('output = ".."', id="the folder above"),
        pytest.param("card_level = 0", id="level 0"),
        pytest.param("card_level = true", id="true is no number"),
        pytest.param('sections = "Tag"', id="another case"),
        pytest.param('tags = ["a b"]', id="a tag with a space"),
        pytest.param("tags = [1]", id="a tag that is a number"),
        pytest.param('tags = ["a::"]', id="a tag without an end"),
        pytest.param('tags = ["::a"]', id="a tag without a beginning"),
        pytest.param('tags = ["a::::b"]', id="a tag without a middle"),
        pytest.param('lang = "deutsches"', id="a language that there is not"),
        pytest.param('fonts = { jp = "a.woff2" }', id="a font of a language that there is not"),
        pytest.param('severity = "off"', id="a severity of nothing"),
        pytest.param('run = { a = "" }', id="a command of nothing"),
    ],
)
def test_a_value_that_is_not_valid_keeps_its_default(line: str) -> None:
    settings, problems = parse_settings(f"\n\n  {line}", "ankipress.toml", name="folder")
    key = line.partition(" ")[0]
    assert settings == Settings(name="folder")
    assert [(each.code, each.location) for each in problems] == [
        ("bad-settings", Location("ankipress.toml", 3, 3, len(key)))
    ]
    assert problems[0].message.startswith(f'"{key}" must be ')


@pytest.mark.parametrize(
    ("line", "column", "width", "fix"),
    [
        ('lang = "jp"', 8, 4, '"ja"'),
        ("lang='German'", 6, 8, '"de"'),
        ('"lang" = "de_AT" # "de_AT"', 10, 7, '"de-AT"'),
        ('lang = "\\u006ap"', 1, 4, None),
    ],
)
def test_a_language_that_was_meant_is_told_where_the_wrong_one_stands(
    line: str, column: int, width: int, fix: str | None
) -> None:
    _, (problem,) = parse_settings(f'name = "jp"\n{line}\n', "ankipress.toml", name="folder")
    assert "did you mean" in problem.message
    assert problem.location == Location("ankipress.toml", 2, column, width)
    assert problem.fix == fix


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('remote-meda = "off"', 'there is no code "remote-meda"; did you mean "remote-media"?'),
        (
            'empty-question = "off"',
            '"empty-question" is an error in every project: its package would be wrong',
        ),
        (
            'remote-media = "none"',
            "the severity of \"remote-media\" is one of off, advice, warning, error, not 'none'",
        ),
        (
            "remote-media = 1",
            'the severity of "remote-media" is one of off, advice, warning, error, not 1',
        ),
    ],
)
@pytest.mark.parametrize(
    ("path", "table"),
    [("ankipress.toml", "severity"), ("pyproject.toml", "tool.ankipress.severity")],
)
def test_a_severity_that_cannot_be_is_told(line: str, message: str, path: str, table: str) -> None:
    settings, problems = parse_settings(f"\n[{table}]\n{line}\n", path, name="folder")
    assert settings == Settings(name="folder")
    assert [(each.message, each.location.line) for each in problems] == [(message, 2)]


def test_all_problems_are_found_at_once_each_in_the_table_of_ankipress() -> None:
    text = '[tool.x]\nname = 1\n[tool.ankipress]\n"name" = 1\nnmae = 2\nversion = "1"\n'
    _, problems = parse_settings(text, "a/pyproject.toml", name="folder")
    assert [(each.location.line, each.location.column) for each in problems] == [
        (4, 2),
        (5, 1),
        (6, 1),
    ]
    assert problems[1].message == 'there is no setting "nmae"; did you mean "name"?'


@pytest.mark.parametrize(
    "text", ["tool.ankipress = 5", "[[tool.ankipress]]\nname = 'x'", "[tool]\nankipress = []"]
)
def test_what_is_no_table_is_told(text: str) -> None:
    settings, problems = parse_settings(text, "pyproject.toml", name="folder")
    assert settings == Settings(name="folder")
    assert [each.message for each in problems] == ["`tool.ankipress` must be a table"]


@pytest.mark.parametrize(
    "text", ["a = ", "a = 1\na = 2", "[" * 10_000, "a = " + "[" * 10_000, "a = 1" + "0" * 5_000]
)
def test_what_is_no_toml_is_told(text: str) -> None:
    _, problems = parse_settings(text, "ankipress.toml", name="folder")
    assert [each.code for each in problems] == ["bad-settings"]


@given(st.text(max_size=60) | st.text(st.sampled_from('[]tool.rec ="\n1a{}#'), max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for path in ("ankipress.toml", "pyproject.toml"):
        settings, problems = parse_settings(text, path, name="folder")
        assert all(each.location.path == path and each.message for each in problems)
        assert settings is not None or path == "pyproject.toml"


@given(st.text(max_size=90))
def test_a_name_is_one_part_of_a_path(name: str) -> None:
    if is_name(name):
        assert not set(name) & set('/\\:*?"<>| \0')
        assert not name.startswith(("-", "."))
        assert not name.endswith((".", " "))
