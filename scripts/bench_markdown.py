"""Compare the structure of ankipress's HTML with that of cmark-gfm, GitHub's renderer, section by
section.

    .venv/bin/python scripts/bench_markdown.py [--show N] [PATHS...]

PATHS are Markdown files or folders of them; without any, the corpora beside the project
(`../shared/corpora/markdown`). A file `*.json` holds examples as the CommonMark specification
publishes them. Compared are tags and text; white space and attributes are not, nor is the colouring
of code. A section is what stands between two headings.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm  # type: ignore[import-untyped]
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]

from ankipress.render.html import canonical
from ankipress.render.markdown import Converter
from ankipress.render.math import finish_math
from ankipress.syntax.entry_trees import passage_of

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "markdown"
_TEXT = "="  # stands before a text in a structure
_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
_HEADING = re.compile(r"^ {0,6}(?:\d+[.)] +)?#{1,6}(?:[ \t]|$)")
_FENCE = re.compile(r"^ *(`{3,}|~{3,})")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]]+\]:[ \t]*\S+[ \t]*(?:[\"'(].*)?$")
_CONVERTER = Converter()


class _Structure(HTMLParser):
    """The tags and the text of canonical HTML, without what is no structure."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[str] = []
        self.in_code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag counts; the colours of code do not."""
        self.in_code += tag == "pre"
        if not (tag in {"span", "wbr"} and (self.in_code or tag == "wbr")):
            self.items.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        """An end counts like a beginning."""
        self.in_code -= tag == "pre"
        if not (tag == "span" and self.in_code):
            self.items.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Text counts without its white space."""
        if text := "".join(data.split()):
            joins = bool(self.items) and self.items[-1].startswith(_TEXT)
            self.items[-1:] = [self.items[-1] + text] if joins else [*self.items[-1:], _TEXT + text]


def structure(html: str) -> list[str]:
    """The tags and the text of some HTML."""
    parser = _Structure()
    parser.feed(html)
    parser.close()
    return parser.items


def by_ankipress(markdown: str) -> list[str]:
    """The structure of what a card shows."""
    return structure(finish_math(canonical(_CONVERTER.convert(passage_of(markdown)).html)))


def by_github(markdown: str) -> list[str]:
    """The structure of what cmark-gfm makes, cleaned as a card is."""
    html = cmarkgfm.markdown_to_html_with_extensions(
        markdown, _OPTIONS, ["table", "autolink", "strikethrough", "tasklist"]
    )
    return structure(canonical(html.strip()))


_REASONS = (
    ("mathematics", re.compile(r"\$|\\[(\[]")),
    ("an alert", re.compile(r"\[!(?:note|tip|important|warning|caution)\]", re.IGNORECASE)),
    (
        "a task list whose items are paragraphs",
        re.compile(r"^\s*(?:[-*+]|\d+[.)]) \[[ xX]\] ", re.MULTILINE),
    ),
    ("a footnote that nothing refers to", re.compile(r"^\s*\[\^", re.MULTILINE)),
)


def reason(markdown: str) -> str:
    """Which known difference may be behind a section that is not alike."""
    return next((name for name, pattern in _REASONS if pattern.search(markdown)), "not known")


def difference(markdown: str) -> Iterator[str]:
    """The first place at which the two structures differ, with what stands around it."""
    ours, theirs = by_ankipress(markdown), by_github(markdown)
    same = next(
        (n for n, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]),
        min(len(ours), len(theirs)),
    )
    for name, items in (("ankipress", ours), ("cmark", theirs)):
        yield f"{name}: {' '.join(items[max(0, same - 4) : same + 5])}"


@dataclass(slots=True)
class Result:
    """How many sections of a deck are alike, and those that are not."""

    sections: int = 0
    different: list[tuple[str, str]] = field(default_factory=list)


def compare(sections: Iterator[tuple[str, str]]) -> Result:
    """Compare named pieces of Markdown."""
    result = Result()
    for name, markdown in sections:
        result.sections += 1
        if by_ankipress(markdown) != by_github(markdown):
            result.different.append((name, markdown))
    return result


def sections_of(path: Path) -> Iterator[tuple[str, str]]:
    """The sections of a file, each with the link definitions of the whole file; or the examples of
    a specification.
    """
    if path.suffix == ".json":
        for each in json.loads(path.read_text(encoding="utf-8")):
            yield f"{each['section']} {each['example']}", each["markdown"]
        return
    text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    sections, definitions = list(_split(text)), "\n".join(_definitions(text))
    for line, section in sections:
        yield f"{path.name}:{line}", f"{section}\n\n{definitions}\n" if definitions else section


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """The lines of a text, their numbers, and whether they stand in a fence."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        found = _FENCE.match(line)
        yield number, line, bool(fence or found)
        if fence:
            fence = "" if found and found[1].startswith(fence) and not line.strip(" `~") else fence
        elif found:
            fence = found[1]


def _definitions(text: str) -> Iterator[str]:
    return (line for _, line, in_fence in _lines(text) if not in_fence and _DEFINITION.match(line))


def _split(text: str) -> Iterator[tuple[int, str]]:
    start, lines = 1, list[str]()
    for number, line, in_fence in _lines(text):
        if lines and not in_fence and _HEADING.match(line):
            yield start, "\n".join(lines)
            start, lines = number, []
        lines.append(line)
    yield start, "\n".join(lines)


def files(paths: Sequence[Path]) -> list[Path]:
    """The files that some paths mean."""
    found = [
        each for path in paths for each in (sorted(path.rglob("*")) if path.is_dir() else [path])
    ]
    return [each for each in found if each.suffix in {".md", ".markdown", ".json"}]


def main() -> int:
    """Print a line per file, and why the rest differs."""
    parser = argparse.ArgumentParser(description="Compare ankipress's HTML with cmark-gfm's.")
    parser.add_argument("paths", nargs="*", type=Path, default=[CORPORA])
    parser.add_argument(
        "--show", type=int, default=0, metavar="N", help="show N sections that differ, of each file"
    )
    arguments = parser.parse_args()
    if missing := [path for path in arguments.paths if not path.exists()]:
        print(f"NOTHING WAS COMPARED: {', '.join(map(str, missing))} is not there", file=sys.stderr)
        return 1
    for path in files(arguments.paths):
        result = compare(sections_of(path))
        alike = result.sections - len(result.different)
        print(
            f"{path.name}: {result.sections} sections,"
            f" {alike} alike ({alike / result.sections:.2%})"
        )
        for why, count in Counter(
            reason(markdown) for _, markdown in result.different
        ).most_common():
            print(f"  {count} with {why}")
        for name, markdown in result.different[: arguments.show]:
            print(f"--- {name}", *difference(markdown), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
