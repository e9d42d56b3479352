"""Every problem stands where its words are: the text under its span is what it is about, and two
equal mistakes are two problems with two places.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ankipress.cli.main import run
from ankipress.diagnostics import CODES

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
FILES: Mapping[str, str] = {
    "media/red.svg": SVG,
    "media/bad.svg": "<svg><path",
    "media/unsafe.svg": SVG.replace("<path", "<script>x()</script><path"),
    "media/html.png": "<!doctype html>",
    "media/a b.svg": SVG,
    "other.md": "# Part\n",
    "ankipress.toml": 'sources = ["cards*.md"]\nsections = "subdeck"\n',
}


class Case(NamedTuple):
    """A text with two equal mistakes, and the words that each problem of them means.

    What looks like the mistake stands first in code, wherever code can look like it. With `copies`,
    a text has one mistake and stands in two files.
    """

    text: str
    words: str | tuple[str, str]
    copies: int = 1

    @property
    def meant(self) -> list[str]:
        """The words that the two problems mean, in order."""
        if isinstance(self.words, tuple):
            return list(self.words)
        return [self.words] * 2


def in_line(mistake: str, words: str, look_alike: str = "`` {} ``") -> Case:
    """A card that has a mistake twice in a line, and first what looks like it."""
    line = f"Äöü {look_alike.format(mistake)} is *not* {mistake} and {mistake}."
    return Case(f"## What is it?\n\nThis:\n\n> - {line}\n", words)


def in_blocks(mistake: str, words: str) -> Case:
    """A card that has a mistake in two blocks, and first in code."""
    answer = f"Such as\n\n{textwrap.indent(mistake, '    ')}\n\nIt is:\n\n{mistake}\n\n> So."
    return Case(f"## What is it?\n\n{answer}\n\n{mistake}\n", words)


def two_cards(heading: str, words: str, *answers: str) -> Case:
    """Two cards of one heading."""
    first, second = answers or ("An answer.", "Another answer.")
    return Case(f"## {heading}\n\n{first}\n\n## {heading}\n\n{second}\n", words)


def two_files(text: str, words: str) -> Case:
    """A mistake that a file can have once."""
    return Case(text, words, copies=2)


def on_picture(shape: str, words: str) -> Case:
    """An image occlusion with a line twice, and first in other code."""
    block = f"```occlusion\n{shape}\n{shape}\n1: rect 1 1 1 1 a\n```"
    return Case(
        f"## Which?\n\n> ```text\n> {shape}\n> ```\n\n![a](media/red.svg)\n\n{block}\n", words
    )


WORDS = " ".join(["word"] * 160)
ITEMS = "\n".join(f"- item {number}" for number in range(8))
WIDE = "x" * 90
TABLE = "| A | B |\n|---|---|\n"

CASES: Mapping[str, Case] = {
    "all-hidden": two_cards("{{c1::A}}", "## {{c1::A}}", "{{c1::one}}", "{{c1::two}}"),
    "bad-attribute": two_cards("What is `{lang=x!}`? {lang=x!}", "lang=x!"),
    "bad-choices": two_cards(
        "Which? {kind=choice}", "- [ ] a", "- [ ] a\n- [ ] b", "- [ ] a\n- [ ] c"
    ),
    "bad-code-option": in_blocks("~~~ python {hl_lines=x}\n1\n~~~", "hl_lines=x"),
    "bad-deck": Case(
        "# A\n\n"
        + "".join(f"# {name}\n\n## `# BIO`?\n\n{name}.\n\n" for name in ("Bio", "BIO", "bIO")),
        ("# BIO", "# bIO"),
    ),
    "bad-front-matter": two_files("---\ntags: {}\n---\n## A?\n\n`tags: {}`\n", "{}"),
    "bad-media": in_line("![a](media/html.png)", "media/html.png"),
    "bad-occlusion": on_picture("2: rekt 1 1 1 1 b", "2: rekt 1 1 1 1 b"),
    "bad-svg": in_line("![a](media/bad.svg)", "media/bad.svg"),
    "bar-in-formula": Case(f"## A?\n\n{TABLE}| `\\|` $\\|x$ | $\\|x$ |\n", "\\|"),
    "bidi-control": Case("## A?\n\na\u202eb and a\u202eb\n", "\u202e"),
    "broken-link": in_line("[a](none.md)", "none.md"),
    "code-failed": in_blocks("~~~ python {.run}\n1 / 0\n~~~", "~~~ python {.run}"),
    "control-character": Case("## A?\n\na\x07b and a\x07b\n", "\x07"),
    "deeper-questions": two_files(
        "## Part `### A?`\n\n### A?\n\nAn answer.\n\n### B?\n\nAnother answer.\n", "### A?"
    ),
    "deletion-number": in_line("{{c0::x}}", "{{c0::", look_alike="<!-- {} -->"),
    "deletion-outside-text": Case(
        "## {{c1::A}} is `{{c1::B}}`.\n\n### Hint\n\n> - `{{c1::B}}` ä {{c1::B}} and {{c1::B}}.\n",
        "{{c1::B}}",
    ),
    "dropped-html": in_line("<blink>", "<blink>"),
    "duplicate-card": Case("## A?\n\nAn answer.\n\n" * 3, "## A?"),
    "duplicate-id": Case(
        "".join(f"## What is `{{#a}}` {number}? {{#a}}\n\nA.\n\n" for number in range(3)), "#a"
    ),
    "duplicate-row": Case(
        f"## A {{kind=rows}}\n\n{TABLE}| a | b |\n| a | `b` |\n| a | `c` |\n",
        ("| a | `b` |", "| a | `c` |"),
    ),
    "empty-answer": Case("## A?\n\n`## B?`\n\n## B?\n\n## B?\n", "## B?"),
    "empty-deletion": in_line("{{c1::}}", "{{c1::}}"),
    "endless-html": two_files("## A?\n\n`<!--`\n\n<!-- a\n", "<!--"),
    "empty-question": Case(f"## A {{kind=rows}}\n\n{TABLE}|  | b |\n|  | b |\n", "|  | b |"),
    "extra-cell": Case(
        f"## A?\n\n{TABLE}| a | `` c `` |\n| a | b | `c` |\n| a | b | `c` |\n", "`c`"
    ),
    "higher-question": Case("## A?\n\n`# B?`\n\n# B?\n\nIt.\n\n# B?\n\nIt.\n", "# B?"),
    "foreign-markup": two_files("## A?\n\n`[[note]]` is *not* [[note]].\n", "[[note]]"),
    "large-code": Case(f"## A?\n\n`{WIDE}`\n\n> ~~~\n> {WIDE}\n> ~~~\n\n    {WIDE}\n", WIDE),
    "long-answer": two_cards("What is it?", "## What is it?", WORDS, f"{WORDS}."),
    "long-list": in_blocks(textwrap.indent(ITEMS, "> "), "- item 0"),
    "lost-cell": Case(
        f"## A {{kind=rows}}\n\n{TABLE}| a | `c` |\n| b | b | c |\n| d | b | c |\n", "c"
    ),
    "media-outside": in_line("![a](../x.png)", "../x.png"),
    "missing-alt": in_line("![](media/red.svg)", "![](media/red.svg)"),
    "missing-footnote": in_line("[^x]", "[^x]"),
    "missing-media": in_line("![a](media/Red.svg)", "media/Red.svg"),
    "misspelt-attribute": two_cards("What is `{drfat}`? {drfat}", "{drfat}"),
    "misspelt-deletion": in_line("{{c1:Paris}}", "{{c1:Paris}}"),
    "near-formula": in_blocks(r"\begin{a}x\end{a}", r"\begin{a}"),
    "near-heading": Case("## A?\n\nSee `##B`.\n\n    ##B\n\n##B\n\n> Words.\n\n##B\n", "##"),
    "near-media": in_line("![a](media/a b.svg)", "![a](media/a b.svg)"),
    "needs-context": two_cards("Is ``the above`` the above?", "the above"),
    "no-deletion": two_cards("A {kind=cloze}", "## A {kind=cloze}"),
    "no-rows": two_cards("A {kind=rows}", "## A {kind=rows}"),
    "options-without-answer": Case(
        "---\nkind: choice\n---\n## A?\n\n`A. b`\n\nA. b\nC. d\n\n## B?\n\nA. b\nB. d\n"
        "\n## C?\n\n- [ ] b\n- [ ] d\n",
        ("A. b", "- [ ] b"),
    ),
    "remote-media": in_line("![a](https://a.org/x.png)", "https://a.org/x.png"),
    "shape-outside": on_picture("2: rect 8 1 9 1 b", "2: rect 8 1 9 1 b"),
    "similar-question": Case(
        "".join(f"## What is a tensor?\n\nAnswer {number}.\n\n" for number in range(3)),
        "## What is a tensor?",
    ),
    "sound-mark": in_line("[sound:no.mp3]", "no.mp3"),
    "tag-spelling": Case(
        "---\ntags: [cell-biology, cell biology, cell biology]\n---\n## A?\n\n`cell biology`\n",
        "cell biology",
    ),
    "tex-as-text": two_files("## A?\n\n`\\(words\\)` is *not* \\(words\\).\n", "\\(words\\)"),
    "text-outside-rows": Case(
        f"## A {{kind=rows}}\n\nText.\n\n{TABLE}| a | `Text.` |\n\nText.\n", "Text."
    ),
    "unclosed-deletion": Case(
        "## A `{{c1::b`\n\n{{c1::a}}, {{c1::b\n\n## A\n\n{{c1::a}}, {{c1::b\n", "{{c1::b"
    ),
    "unclosed-fence": two_files("## A?\n\n`~~~`\n\n~~~\nx\n", "~~~"),
    "unclosed-html": Case(
        "## A?\n\n`<details>`\n\n    <details>\n\n<details>\n\n<details>\n", "<details>"
    ),
    "underlined-heading": Case("## A?\n\n    ---\n\nOne\n---\n\nTwo\n---\n", "---"),
    "unknown-attribute": two_cards("What is `{foo=1}`? {foo=1}", "foo=1"),
    "unknown-key": two_files("---\ntag: 1\n---\n## A?\n\n`tag: 1`\n", "tag"),
    "unknown-kind": two_cards("What is `{kind=x}`? {kind=x}", "kind=x"),
    "unknown-language": in_blocks("~~~ pyhton\n1\n~~~", "pyhton"),
    "unsafe-svg": in_line("![a](media/unsafe.svg)", "media/unsafe.svg"),
    "unsafe-tex": in_line(r"$\href{a}{b}$", r"\href{a}"),
    "unused-definition": Case(
        "## A?\n\nB.\n\n    [Z]: Rome\n\n[Ä]: Rome\n\n> C.\n\n[B]: Rome\n",
        ("[Ä]: Rome", "[B]: Rome"),
    ),
    "unused-footnote": two_files("## A?\n\n`[^x]: b`\n\n[^x]: b\n", "[^x]:"),
    "wiki-link": in_line("![[red.svg]]", "![[red.svg]]"),
    "wrong-output": in_blocks("~~~ python {.run}\nprint(1)\n~~~\n\n~~~ text\n2\n~~~", "~~~ text"),
    "yes-no-question": two_cards("Is it a tensor?", "## Is it a tensor?", "Yes, a.", "Yes, b."),
}

IN_NO_TEXT: Mapping[str, str] = {
    **dict.fromkeys(
        "bad-extension bad-font bad-lock bad-note-type bad-settings bad-template low-contrast"
        " no-card no-sources note-type-media".split(),
        "is about a setting or a file that is no source",
    ),
    **dict.fromkeys(
        "bad-package bad-source cannot-read cannot-release cannot-write changed-twice many-retired"
        " no-cards"
        " no-edition not-text not-utf8 unused-media version-too-small".split(),
        "is about a whole file, or about no file",
    ),
    **dict.fromkeys(
        "absent-media adopted-lock ambiguous-identity guid-lost kind-changed lock-outdated"
        " lost-answer mod-too-old not-pulled note-id-changed note-type-changed schema-changed"
        " toolchain-drift"
        " unclear-lock".split(),
        "is about a note of a lock or a package: it stands at the heading of its card, or nowhere",
    ),
    **dict.fromkeys(
        "already-a-project anki-refused bad-usage bug cannot-serve edits-in-anki missing-package"
        " system-error unclear-shape unexpected-import".split(),
        "is about the call of a command, or the machine that it runs on",
    ),
    "bad-notebook": "is about no Markdown; its places are in tests/test_notebooks.py",
    "media-too-large": "needs a file of 100 MiB; its place is made as that of media-outside",
    "too-slow": "needs a text that takes ten seconds",
    "local-link": "is told once a deck, at the first link",
    "foreign-note": "needs a dialect; its places are in tests/parse/shapes/test_started_notes.py",
    "deck-renamed": "is about a lock; its places are in tests/build/test_renamed_decks.py",
    "old-version": "is told once a project; its place is in tests/cli/test_old_version.py",
    "not-trusted": "is about settings, or code of cards; its places are in tests/cli/test_trust.py",
    "unexplained-abbreviation": "is told once a deck, at the first use",
}
"""The codes without a case, and why."""


def test_every_code_has_a_case_or_a_reason() -> None:
    assert sorted([*CASES, *IN_NO_TEXT]) == sorted(CODES)


def problems(code: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The problems of a code that `ankipress check` finds in the files of its case."""
    case = CASES[code]
    sources = {f"cards{number}.md": case.text for number in range(case.copies)}
    for name, text in {**FILES, **sources}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    run(["check", "--format", "json", "--run"])
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return [row for row in rows if row["code"] == code]


@pytest.mark.parametrize("code", [pytest.param(code, id=code) for code in CASES])
@pytest.mark.usefixtures("trusting")
def test_two_equal_mistakes_have_two_places(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = problems(code, tmp_path, capsys)
    lines = CASES[code].text.split("\n")
    spans = []
    for each in found:
        start = each["column"] - 1
        spans.append(lines[each["line"] - 1][start : start + each["width"]])
    assert spans == CASES[code].meant
    assert len({(each["path"], each["line"], each["column"]) for each in found}) == 2
