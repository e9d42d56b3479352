"""Extensions of Python-Markdown: what settings may say, and that each sort takes part."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import SimpleTagPattern

from ankipress.cli.main import run
from ankipress.diagnostics import Location
from ankipress.project.settings import ExtensionSetting, Settings, parse_settings
from ankipress.render.extension_loading import load_extensions
from ankipress.render.html import canonical
from ankipress.render.markdown import Converter
from stages import converted


def rendered(markdown: str, *names: str) -> str:
    loaded = load_extensions(map(ExtensionSetting, names))
    assert loaded.diagnostics == []
    return canonical(converted(markdown, converter=Converter(loaded.extensions)).html)


@pytest.mark.parametrize(
    ("names", "markdown", "html"),
    [
        pytest.param([], "==a==", "<p>==a==</p>", id="none"),
        pytest.param(
            ["pymdownx.mark"],
            "`==a==` \\==b==",
            "<p><code>==a==</code> ==b==</p>",
            id="not in code, not escaped",
        ),
        pytest.param(
            ["pymdownx.mark"],
            "==a *b*== [==c==](d)",
            '<p><mark>a <em>b</em></mark> <a href="d"><mark>c</mark></a></p>',
            id="inline",
        ),
        pytest.param(
            ["pymdownx.mark", "pymdownx.caret"],
            "==a^2^==",
            "<p><mark>a<sup>2</sup></mark></p>",
            id="one in another",
        ),
        pytest.param(["nl2br"], "a\nb", "<p>a<br>\nb</p>", id="a pattern in the place of a rule"),
        pytest.param(
            ["wikilinks"],
            "[[A b]]",
            '<p><a class="wikilink" href="/A_b/">A b</a></p>',
            id="before links",
        ),
        pytest.param(
            ["admonition"],
            'a\n\n!!! note "T"\n    *b*\n\n    - c\n\nd',
            '<p>a</p>\n<div class="admonition note">\n<p class="admonition-title">T</p>\n'
            "<p><em>b</em></p>"
            "\n<ul>\n<li>c</li>\n</ul>\n</div>\n<p>d</p>",
            id="a block",
        ),
        pytest.param(
            ["admonition"],
            "```\n!!! note\n    a\n```",
            '<pre class="highlight"><code>!!! note\n    a\n</code></pre>',
            id="no block in code",
        ),
        pytest.param(
            ["fenced_code"],
            "a\n\n```\n*b*\n```\n\n- c",
            "<p>a</p>\n<pre><code>*b*\n</code></pre>\n<ul>\n<li>c</li>\n</ul>",
            id="a block that a preprocessor stashed",
        ),
        pytest.param(
            ["def_list"],
            "a\n: b\n\nc",
            "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>\n<p>c</p>",
            id="a block that looks back",
        ),
        pytest.param(
            ["abbr"],
            "AB\n\n*[AB]: c",
            '<p><abbr title="c">AB</abbr></p>',
            id="a block that leaves nothing",
        ),
        pytest.param(
            ["attr_list"],
            "a *b*{.c}\n{: .d}",
            '<p class="d">a <em class="c">b</em></p>',
            id="a tree processor",
        ),
        pytest.param(
            ["smarty"], '"a" `"b"`', '<p>“a” <code>"b"</code></p>', id="a tree processor on texts"
        ),
        pytest.param(
            ["md_in_html"],
            '<div markdown="1">\n*a*\n</div>',
            "<div>\n<p><em>a</em></p>\n</div>",
            id="a preprocessor",
        ),
    ],
)
def test_an_extension_takes_part(names: list[str], markdown: str, html: str) -> None:
    assert rendered(markdown, *names) == html


def test_a_pattern_of_the_old_style_takes_part() -> None:
    class Keyboard(Extension):
        def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
            md.inlinePatterns.register(SimpleTagPattern(r"(%%)(.*?)%%", "kbd"), "old", 175)

    html = converted("a %%b%% `%%c%%` *%%d%%*", converter=Converter([Keyboard()])).html
    assert canonical(html) == "<p>a <kbd>b</kbd> <code>%%c%%</code> <em><kbd>d</kbd></em></p>"


@pytest.mark.parametrize(
    ("text", "extensions"),
    [
        pytest.param("", (), id="none"),
        pytest.param('extensions = ["toc"]', (ExtensionSetting("toc"),), id="a name"),
        pytest.param(
            'extensions = ["toc", { name = "smarty", options = { smart_dashes = false } }]',
            (ExtensionSetting("toc"), ExtensionSetting("smarty", {"smart_dashes": False})),
            id="options",
        ),
    ],
)
def test_settings_name_extensions(text: str, extensions: tuple[ExtensionSetting, ...]) -> None:
    settings, problems = parse_settings(text, "ankipress.toml", name="deck")
    assert problems == ()
    assert settings == Settings(name="deck", extensions=extensions)


@pytest.mark.parametrize(
    "value",
    [
        '"toc"',
        "[1]",
        "[{}]",
        '[{ name = "a", option = {} }]',
        '["a b"]',
        '["../a"]',
        '[{ name = "a", options = 1 }]',
    ],
)
def test_settings_that_are_no_list_of_extensions(value: str) -> None:
    _, [problem] = parse_settings(f"extensions = {value}", "ankipress.toml", name="deck")
    assert problem.code == "bad-settings"


@pytest.mark.parametrize(
    ("value", "message", "column"),
    [
        pytest.param(
            '"toc", "pymdownx.kezs"',
            'there is no extension "pymdownx.kezs" of Python-Markdown here',
            23,
            id="a wrong name",
        ),
        pytest.param(
            '{ name = "toc", options = { permalnk = true } }',
            "the extension \"toc\" has no option 'permalnk'",
            25,
            id="a wrong option",
        ),
        pytest.param(
            '"json"', 'the extension "json" does not work: AttributeError:', 16, id="no extension"
        ),
    ],
)
def test_an_extension_that_does_not_load_is_an_error_at_its_place(
    value: str, message: str, column: int
) -> None:
    settings, _ = parse_settings(f"extensions = [{value}]", "ankipress.toml", name="deck")
    assert settings
    [problem] = load_extensions(settings.extensions).diagnostics
    assert (problem.code, problem.location.line, problem.location.path) == (
        "bad-extension",
        1,
        "ankipress.toml",
    )
    assert (
        problem.location.column
        == f"extensions = [{value}]".index(problem.message.split('"')[1]) + 1
    )
    assert problem.message.startswith(message)
    assert problem.help


@pytest.mark.usefixtures("trusting")
def test_an_extension_that_fails_on_a_card_is_an_error_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ankipress.toml").write_text(
        'extensions = ["pymdownx.snippets"]\n', encoding="utf-8"
    )
    (tmp_path / "cards.md").write_text("## Q\n\nA\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pymdownx.snippets.SnippetPreprocessor.run", lambda *_: 1 / 0)
    assert run(["build"]) == 1
    error = capsys.readouterr().err
    words = "error[bad-extension]: an extension fails on this card: ZeroDivisionError"
    assert f"cards.md:1:4: {words}" in error
    assert f"cards.md:3:1: {words}" in error


def test_what_an_extension_makes_passes_the_list_too() -> None:
    class Evil(Extension):
        def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
            md.inlinePatterns.register(SimpleTagPattern(r"(%%)(.*?)%%", "blink"), "evil", 175)

    html, [problem] = converted("b\n\n%%a%%", "Q", converter=Converter([Evil()]))
    assert canonical(html) == "<p>Q</p>\n<p>b</p>\n<p>a</p>"
    assert (problem.code, problem.location) == ("dropped-html", Location("", 1, 1, 1))


def test_no_markdown_file_names_an_extension(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of a stranger, built alone, imports nothing."""
    text = "---\nextensions: [pymdownx.mark]\n---\n## Q {extensions=pymdownx.mark}\n\n==a==\n"
    (tmp_path / "notes.md").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["build", "notes.md"]) == 1
    error = capsys.readouterr().err
    assert "unknown-key" in error
    assert "unknown-attribute" in error


def test_the_place_of_an_extension_is_no_part_of_what_it_is() -> None:
    assert ExtensionSetting("toc", {}, Location("ankipress.toml", 3)) == ExtensionSetting("toc")
