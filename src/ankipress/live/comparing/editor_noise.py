"""What Anki's editor leaves in the HTML of a field although nobody meant it.

A browser that edits a text writes lines as `<div>`, spaces as `&nbsp;`, and a `<br>` where nothing
stands yet. Pasting brings the styles of the page that a text was copied from. What stood in a field
before is no such noise, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from ankipress.importing.fields.appearance import (
    Token,
    appearance,
    nest_lists,
)
from ankipress.importing.fields.field_reading import read_unmarked, shown_characters
from ankipress.importing.fields.html_tree import FieldElement
from ankipress.live.comparing.editor_lines import (
    BLOCKS,
    LineRules,
    tidy_lines,
)
from ankipress.live.comparing.editor_styles import (
    Declaration,
    chosen_style,
    styles_in,
)
from ankipress.live.comparing.lifted_blocks import lift_blocks
from ankipress.live.comparing.printed_tree import printed
from ankipress.render.allowed import TAGS

# Attributes that say what an element is; all others are known, or noise.
_MEANT = frozenset(
    """
    alt checked cite colspan controls datetime disabled height href loop muted open reversed rowspan
    scope span src start style type value width
    """.split()
)
_DROPPED = frozenset("head link meta noscript script style template title".split())
_FORMATS = frozenset({"b", "strong", "i", "em"})
_UNBOLD = re.compile(r"font-weight: (?:normal|400)\b")
_BOLD = frozenset({"b", "strong"})
_EMPTY_IS_NOTHING = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup tt u"
    " var".split()
)
_MERGED = frozenset("b code del em i ins kbd mark s span strong sub sup u".split())
_FIXED_SPACES = re.compile(r"(?<![ \t\r\n])[ \t\r\n]*\xa0[ \t\r\n\xa0]*")
_CLASS_OF_CODE = re.compile(r"highlight|language-[\w+#.-]+")
_EMPTY_LINE = re.compile(r"<br>\s*<br>")
_WORD_BEFORE = re.compile(r"\S*$")
_WORD_BEHIND = re.compile(r"\S*")
_LONGEST_WORD = 20


@dataclass(frozen=True, slots=True)
class EditorNoise:
    """Tells noise from what somebody meant in one field.

    `attributes` and `styles` are those that stood in it before, `tags` its elements and `text` its
    text. `rules` say how lines are written in it.
    """

    attributes: frozenset[tuple[str, str]]
    styles: frozenset[Declaration]
    tags: frozenset[str]
    text: str
    rules: LineRules

    @classmethod
    def of(
        cls,
        versions: Sequence[str],
        *,
        in_paragraphs: bool,
    ) -> EditorNoise:
        """The noise of a field that was packed in some versions. `in_paragraphs` says that its
        texts stand in paragraphs, as they do in our own fields, where no version tells.
        """
        attributes: set[tuple[str, str]] = set()
        styles: frozenset[Declaration] = frozenset()
        tags: set[str] = set()
        for html in versions:
            root = read_unmarked(html)
            if root is None:
                continue
            styles |= styles_in(root)
            for element in root.elements():
                attributes.update(_attributes_of(element))
                tags.add(element.tag)
        text = "\n".join(unescape(each) for each in versions)
        in_paragraphs = in_paragraphs or "p" in tags
        has_empty_lines = any(map(_EMPTY_LINE.search, versions))
        rules = LineRules(in_paragraphs, splits=in_paragraphs and not has_empty_lines)
        return cls(frozenset(attributes), styles, frozenset(tags), text, rules)

    def without(self, html: str) -> str:
        """The HTML of the field as it was meant, printed as a browser prints it. What cannot be
        read stays as it is: drawings, and what is nested too deeply.
        """
        html = shown_characters(html)
        if "<" not in html and "\xa0" not in html and "&nbsp;" not in html:
            return self._lone_text(html)
        root = read_unmarked(html)
        if root is None:
            return html
        lift_blocks(root)
        self._clean(root, is_in_link=False)
        nest_lists(root)
        tidy_lines(root, self.rules)
        return printed(root.children)

    def can_read(self, html: str) -> bool:
        """Whether some HTML of the field is such that its noise is known."""
        return read_unmarked(html) is not None

    def look(self, html: str) -> Sequence[Token]:
        """What a browser shows of some HTML of the field once the noise is gone."""
        cleaned = self.without(html)
        tokens = appearance(cleaned)
        if tokens is None:
            return (("html", cleaned),)
        return tuple(tokens)

    def _lone_text(self, text: str) -> str:
        text = text.strip(" \t\r\n")
        if text and self.rules.in_paragraphs:
            return f"<p>{text}</p>"
        return text

    def _clean(
        self,
        parent: FieldElement,
        *,
        is_in_link: bool,
    ) -> None:
        """Take the noise out of what is in an element, from the innermost outwards."""
        children: list[FieldElement | str] = []
        for child in parent.children:
            if isinstance(child, str):
                _add(children, self._cleaned_text(child))
                continue
            for kept in self._cleaned(child, is_in_link=is_in_link):
                _add(children, kept)
        parent.children = children

    def _cleaned(
        self,
        element: FieldElement,
        *,
        is_in_link: bool,
    ) -> Sequence[FieldElement | str]:
        """What becomes of an element: itself, what is in it, or nothing."""
        tag = element.tag
        if tag in _DROPPED and tag not in self.tags:
            return ()
        is_in_link = is_in_link or tag == "a"
        is_unbold = tag in _BOLD and _UNBOLD.search(element.attributes.get("style", "")) is not None
        self._choose_attributes(element, is_in_link=is_in_link)
        if tag == "pre":
            self._clean_code(element)
            return (element,)
        if tag == "code":
            element.children = [_with_plain_spaces(each) for each in element.children]
        self._clean(element, is_in_link=is_in_link)
        if element.attributes:
            return (element,)
        is_nothing = tag in _EMPTY_IS_NOTHING and all(map(_is_break, element.children))
        if is_nothing or is_unbold or self._is_bare(tag):
            return element.children
        if tag in _FORMATS:
            return _with_spaces_outside(element)
        return (element,)

    def _is_bare(self, tag: str) -> bool:
        """Whether an element without attributes means no more than what is in it."""
        if tag in {"font", "span"}:
            return True
        return tag not in TAGS and tag not in _KEPT_TAGS and tag not in self.tags

    def _choose_attributes(
        self,
        element: FieldElement,
        *,
        is_in_link: bool,
    ) -> None:
        kept: dict[str, str] = {}
        for name, value in element.attributes.items():
            if name == "style":
                value = chosen_style(  # noqa: PLW2901
                    element, self.styles, is_in_link=is_in_link
                )
                if value:
                    kept[name] = value
            elif name == "class":
                words = [each for each in value.split() if self._is_class(each)]
                if words:
                    kept[name] = " ".join(words)
            elif name in _MEANT or (name, value) in self.attributes:
                kept[name] = value
        element.attributes = kept

    def _is_class(self, word: str) -> bool:
        """Whether a class means something: it stood there, or code of ours was copied."""
        return ("class", word) in self.attributes or bool(_CLASS_OF_CODE.fullmatch(word))

    def _clean_code(self, element: FieldElement) -> None:
        """Keep of code its text, its lines and its colours."""
        children: list[FieldElement | str] = []
        for child in element.children:
            if isinstance(child, str):
                _add(children, child.replace("\xa0", " "))
                continue
            self._choose_attributes(child, is_in_link=False)
            self._clean_code(child)
            if child.tag == "br":
                _add(children, "\n")
            elif child.tag in {"div", "p"}:
                _add_line_end(children)
                for each in child.children:
                    _add(children, each)
                _add_line_end(children)
            elif child.tag in {"span", "font"} and not child.attributes:
                for each in child.children:
                    _add(children, each)
            else:
                children.append(child)
        element.children = children

    def _cleaned_text(self, text: str) -> str:
        """A text with ordinary spaces, but for those that stood between the same words before."""
        if "\xa0" not in text:
            return text
        return _FIXED_SPACES.sub(lambda found: self._space(found, text), text)

    def _space(
        self,
        found: re.Match[str],
        text: str,
    ) -> str:
        if found[0] != "\xa0":
            return " "
        start = max(0, found.start() - _LONGEST_WORD)
        before = _WORD_BEFORE.search(text[start : found.start()])
        behind = _WORD_BEHIND.match(text[found.end() : found.end() + _LONGEST_WORD])
        assert before is not None
        assert behind is not None
        if f"{before[0]}\xa0{behind[0]}" in self.text:
            return "\xa0"
        return " "


# Elements that no card of ours has, and that a card of another tool may.
_KEPT_TAGS = BLOCKS | frozenset({"anki-mathjax", "iframe", "picture", "svg", "math", "object"})


def _attributes_of(element: FieldElement) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for name, value in element.attributes.items():
        if name == "class":
            found.update((name, each) for each in value.split())
        elif name != "style":
            found.add((name, value))
    return found


def _with_spaces_outside(element: FieldElement) -> Sequence[FieldElement | str]:
    """An element with the spaces at its ends before and behind it, where they look the same."""
    found: list[FieldElement | str] = [element]
    children = element.children
    if all(isinstance(each, str) and not each.strip(" ") for each in children):
        return children
    if isinstance(children[0], str) and children[0].startswith(" "):
        children[0] = children[0].lstrip(" ")
        found.insert(0, " ")
    if isinstance(children[-1], str) and children[-1].endswith(" "):
        children[-1] = children[-1].rstrip(" ")
        found.append(" ")
    return found


def _is_break(node: FieldElement | str) -> bool:
    return isinstance(node, FieldElement) and node.tag == "br"


def _with_plain_spaces(node: FieldElement | str) -> FieldElement | str:
    if isinstance(node, str):
        return node.replace("\xa0", " ")
    return node


def _add_line_end(children: list[FieldElement | str]) -> None:
    """End a line of code that has not ended."""
    last = children[-1] if children else "\n"
    if not isinstance(last, str) or not last.endswith("\n"):
        _add(children, "\n")


def _add(children: list[FieldElement | str], node: FieldElement | str) -> None:
    """Put a node behind others; what continues the one before it is joined with that."""
    last = children[-1] if children else None
    if isinstance(node, str):
        if isinstance(last, str):
            children[-1] = last + node
        elif node:
            children.append(node)
        return
    if isinstance(last, FieldElement) and _continues(last, node):
        for each in node.children:
            _add(last.children, each)
        return
    children.append(node)


def _continues(last: FieldElement, node: FieldElement) -> bool:
    """Whether an element is the same mark as the one before it, which a browser has split."""
    if node.tag not in _MERGED or last.tag != node.tag or not node.children:
        return False
    return dict(last.attributes) == dict(node.attributes) and "id" not in node.attributes
