"""The tags of front matter, as authors of Obsidian, Jekyll and Hugo write them, too."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ankipress.diagnostics import Diagnostic, Location
from ankipress.parse.tag_names import normal_tag

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""What YAML makes of `"\\0"` and the like."""
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_COMMENT = re.compile(r"[ \t]*(#[^\s#].*?)[ \t]*$")
_HASHED_LIST = re.compile(r"tags:[ \t]*(\[[^\[\]]*#[^\[\]]*\])[ \t]*$")
_TAGS = "write `tags: [one, two]`; `::` nests"


class MatterText:
    """The YAML of a file, with all lines above it, and the places in it."""

    def __init__(self, path: str, yaml: str) -> None:
        self.path = path
        self.yaml = yaml
        # Lines end as in the file: YAML also ends them elsewhere.
        self.lines = yaml.split("\n")
        self._starts = [0]
        for line in self.lines[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def span(self, node: Any) -> Location:
        """The place of a node, as far as it stands on one line."""
        index = node.start_mark.index
        location = self.rest_of_line(index)
        width = node.end_mark.index - node.start_mark.index
        return replace(location, width=max(1, min(width, location.width)))

    def rest_of_line(self, index: int) -> Location:
        """From a character of the YAML to the end of its line."""
        line = bisect_right(self._starts, index) - 1
        column = index - self._starts[line]
        rest = len(self.lines[line].rstrip()) - column
        return Location(self.path, line + 1, column + 1, max(1, rest))


class TagReader:
    """Reads tags, and collects what is wrong with them."""

    def __init__(self, text: MatterText) -> None:
        self._text = text
        self.problems: list[Diagnostic] = []

    def tags(self, node: Any) -> Iterator[str]:
        """The tags in a list, or in a text between spaces or commas."""
        if node.id == "mapping":
            message = "`tags` must be a list of tags"
            self._report(self._text.span(node), message, _TAGS)
        elif node.id == "sequence":
            for each in node.value:
                yield from self._listed_tags(each)
        elif node.style or node.value not in _NOTHING:
            for word in re.split(r"[\s,]+", node.value.strip()):
                yield from self._tag(word, node)
        else:
            self._look_for_comment(node, is_item=False)

    def _listed_tags(self, node: Any) -> Iterator[str]:
        """The tags of an item: a tag, or another list."""
        if node.id != "scalar":
            yield from self.tags(node)
        elif node.value:
            yield from self._tag(node.value, node)
        else:
            self._look_for_comment(node, is_item=True)

    def _tag(self, text: str, node: Any) -> Iterator[str]:
        """A tag as Anki keeps it. The `#` of Obsidian is no part of it."""
        written = text.strip().lstrip("#")
        if CONTROL.search(written):
            self._report(self._text.span(node), "a tag holds a control character", _TAGS)
            return
        tag = normal_tag(written)
        if tag != written:
            result = "is left out"
            if tag:
                result = f'becomes "{tag}"'
            message = f'Anki has no tag "{written}", so it {result}'
            help = "a tag has no spaces, and no empty part between `::`"
            location = self._text.span(node)
            self.problems.append(Diagnostic("tag-spelling", location, message, help))
        if tag:
            yield tag

    def _look_for_comment(self, node: Any, *, is_item: bool) -> None:
        """Report tags such as `#one`, which YAML takes for a comment."""
        index = node.start_mark.index
        location = self._text.rest_of_line(index)
        line = self._text.lines[location.line - 1]
        column = location.column - 1
        found = _COMMENT.match(line, column)
        if not found:
            return
        words = _hashed(found[1])
        fix: str | None = f"[{', '.join(words)}]"
        if is_item:
            fix = None
            if len(words) == 1:
                fix = words[0]
        start = found.start(1) + 1
        path = self._text.path
        place = Location(path, location.line, start, len(found[1]))
        self.problems.append(_comment(place, found[1], fix))

    def _report(self, location: Location, message: str, help: str) -> None:
        self.problems.append(Diagnostic("bad-front-matter", location, message, help))


def text_of(node: Any) -> str | None:
    """The text of a node, None for a list or keys and values."""
    if node.id == "scalar":
        return str(node.value)
    return None


def hashed_list(text: MatterText) -> Diagnostic | None:
    """The problem of a list such as `[#one, #two]`, which is no YAML."""
    for number, line in enumerate(text.lines):
        if found := _HASHED_LIST.match(line):
            words = found[1]
            location = Location(text.path, number + 1, found.start(1) + 1, len(words))
            return _comment(location, words, f"[{', '.join(_hashed(words))}]")
    return None


def _comment(location: Location, words: str, fix: str | None) -> Diagnostic:
    message = f"`{words}` is a comment in YAML, so these are no tags"
    return Diagnostic("bad-front-matter", location, message, "write tags without `#`", fix)


def _hashed(words: str) -> list[str]:
    """The tags in a text such as `#one, #two`."""
    return [normal_tag(each) for each in re.split(r"[\s,#\[\]]+", words) if each]
