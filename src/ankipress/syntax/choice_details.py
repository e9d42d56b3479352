"""What is left below the options of a question once its answer is read: an explanation that no
learner has to open.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ankipress.syntax.tree import Node, walk

_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)[^<>]*>")
_WRAPPING = frozenset({"details", "summary"})
_SHOWN = frozenset({"audio", "img", "svg", "video"})
_MORE = frozenset(
    {
        "code",
        "extension",
        "footnote_reference",
        "image",
        "math_block",
        "rule",
        "sound",
        "table",
    }
)


def without_answer(
    below: Sequence[Node],
    answer: int,
    consumed: Collection[int],
) -> list[list[Node]]:
    """The blocks in runs, without those that only name the answer, and without the `<details>` that
    holds it.

    `answer` is the number of the block that names the answer; `consumed` are those in which all
    words do.
    """
    wrapping = _details_around(below, answer)
    runs: list[list[Node]] = [[]]
    for number, node in enumerate(below):
        kept: Node | None = node
        if number in wrapping:
            kept = _unwrapped(node)
        if number in consumed and not _shows_more(node):
            kept = None
        if kept is node:
            runs[-1].append(node)
            continue
        if kept is not None:
            runs.append([kept])
        runs.append([])
    return [run for run in runs if run]


def _shows_more(node: Node) -> bool:
    """Whether a block shows anything but words."""
    for each in walk([node]):
        if each.kind in _MORE:
            return True
        if each.kind in {"html", "html_block"}:
            names = {tag["name"].lower() for tag in _TAG.finditer(each.text)}
            if names & _SHOWN:
                return True
    return False


def _details_around(below: Sequence[Node], answer: int) -> set[int]:
    """The numbers of the blocks with the tags of each `<details>` that a block stands in."""
    around: set[int] = set()
    opened: list[int] = []
    for number, tag in _details_tags(below):
        if not tag["slash"]:
            opened.append(number)
        elif opened:
            start = opened.pop()
            if start <= answer <= number:
                around |= {start, number}
    return around | {number for number in opened if number <= answer}


def _details_tags(below: Sequence[Node]) -> Iterator[tuple[int, re.Match[str]]]:
    for number, node in enumerate(below):
        if node.kind == "html_block":
            for tag in _TAG.finditer(node.text):
                if tag["name"].lower() == "details":
                    yield number, tag


def _unwrapped(node: Node) -> Node | None:
    """HTML without `<details>` and its summary; None where nothing is left that can be seen.

    Blanks stand for what is left out, so that all else keeps its place.
    """
    kept = ""
    position = 0
    in_summary = False
    is_seen = False
    for tag in _TAG.finditer(node.text):
        words = node.text[position : tag.start()]
        name = tag["name"].lower()
        if in_summary:
            words = _blank(words)
        is_left_out = in_summary or name in _WRAPPING
        is_seen = is_seen or words.strip() != "" or (name in _SHOWN and not in_summary)
        kept += words
        if is_left_out:
            kept += _in_its_place(tag)
        else:
            kept += tag[0]
        if name == "summary":
            in_summary = not tag["slash"]
        position = tag.end()
    rest = node.text[position:]
    if not is_seen and not rest.strip():
        return None
    return replace(node, text=kept + rest)


def _in_its_place(tag: re.Match[str]) -> str:
    """A block in place of `<details>`, and blanks in place of other tags, as long as the tag."""
    new = ""
    if tag["name"].lower() == "details":
        new = f"<{tag['slash']}div>"
    return new + _blank(tag[0][len(new) :])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
