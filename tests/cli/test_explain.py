"""`ankipress explain`: every code has a page, which a terminal shows."""

from __future__ import annotations

import re

import click
import pytest

from ankipress.cli.code_pages import page_on, with_addresses
from ankipress.cli.columns import columns
from ankipress.cli.main import run
from ankipress.cli.page_text import first_sentence, page_text
from ankipress.cli.terminal import PIPE, Terminal
from ankipress.diagnostics import CODES, DOCUMENTATION, address


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", code]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{CODES[code]}[{code}]: {address(code)}\n\n")
    assert "\n\nHelp: " in shown
    assert "\n\nBad" in shown
    assert "\n\nGood" in shown
    assert "](" not in re.sub(r"(?m)^    .*$|`[^`]*`", "", shown)


@pytest.mark.parametrize("code", CODES)
def test_a_page_names_no_file_of_the_documentation(code: str) -> None:
    """Who installed ankipress has no folder docs/: the texts of links are words."""
    prose = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", page_on(code))
    texts = re.sub(r"`[^`]*`|\]\([^)]*\)", "", prose)
    assert re.findall(r"\b\w+\.md\b", texts) == []


def test_all_codes_are_listed_by_severity(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0
    shown = capsys.readouterr().out
    listed = re.findall(r"^  ([a-z0-9-]+) +\S", shown, re.MULTILINE)
    assert sorted(listed) == list(CODES)
    assert re.findall(r"^\w+$", shown, re.MULTILINE) == ["Error", "Warning", "Advice"]


def test_a_code_that_is_none_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "empty-anwser"]) == 2
    said = capsys.readouterr().err
    assert "there is no code 'empty-anwser'; did you mean \"empty-answer\"?" in said


_PAGE = """\
**Error.** A *card* of `kind=choice`, as [the page](cards.md#multiple-choice)
says, or [another page](https://example.org).

- one thing
- another, which [the page](cards.md#multiple-choice) says too

```markdown
## A question that is longer than the terminal is wide, and stays as it is
```
"""


def test_a_page_without_links_lists_their_addresses() -> None:
    assert click.unstyle(page_text(_PAGE, Terminal(40))) == (
        "Error. A card of `kind=choice`, as the\n"
        "page [1] says, or another page [2].\n\n"
        "- one thing\n\n"
        "- another, which the page [1] says too\n\n"
        "    ## A question that is longer than the terminal is wide, and stays as it is\n\n"
        f"[1] {DOCUMENTATION}/cards.md#multiple-choice\n"
        "[2] https://example.org"
    )


def test_a_page_with_links_has_them_in_their_places() -> None:
    shown = page_text(_PAGE, Terminal(80, has_links=True))
    link = f"\x1b]8;;{DOCUMENTATION}/cards.md#multiple-choice\x1b\\the page\x1b]8;;\x1b\\"
    assert shown.count(link) == 2
    assert "[1]" not in shown


def test_a_page_in_a_pipe_has_a_line_for_each_paragraph() -> None:
    [first, *_] = click.unstyle(page_text(_PAGE, PIPE)).split("\n\n")
    assert first == ("Error. A card of `kind=choice`, as the page [1] says, or another page [2].")


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_not_wider_than_the_terminal(code: str) -> None:
    for line in page_text(page_on(code), Terminal(60)).split("\n"):
        assert columns(line) <= 60 or line.startswith(("    ", "[")) or "`" in line


def test_the_first_sentence_says_what_a_code_means() -> None:
    assert first_sentence("**Error.** It is [wrong](a.md). So it is.\n") == "It is wrong"


def test_links_of_a_page_lead_to_the_same_place_from_everywhere() -> None:
    assert with_addresses("[a](#bug), [b](cards.md#x), [c](https://d.e), `[f](g.md)`") == (
        f"[a]({address('bug')}), [b]({DOCUMENTATION}/cards.md#x), [c](https://d.e),"
        f" `[f]({DOCUMENTATION}/g.md)`"
    )
