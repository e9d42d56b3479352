"""Whether two fields look the same on a card.

What a browser shows of each is written down as a list of tokens: words with the marks on them, ends
of lines, and the elements around them. Lists that are equal look the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from ankipress.importing.fields.field_formulas import MARKED, spaceless
from ankipress.importing.fields.field_reading import read_field
from ankipress.importing.fields.html_tree import FieldElement
from ankipress.importing.fields.plainer_html import declarations
from ankipress.render.lost_html import lost

Token = tuple[object, ...]

_FORMATS: Mapping[str, str] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "struck",
    "del": "struck",
    "strike": "struck",
}
# Elements that have no look of their own.
_TRANSPARENT = frozenset({"div", "font", "span", "tbody", "tfoot", "thead", "wbr", "field"})
# Elements of which two that touch look like one, and an empty one like none.
_ON_WORDS = frozenset("big font ins mark small span sub sup tt u".split())
# Elements that show nothing without a text.
_SEEN_BY_TEXT = frozenset(
    "a abbr bdi bdo cite code dfn em b i kbd q ruby rp rt samp strong".split()
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol"})
_BLOCKS = (
    _HEADINGS
    | _LISTS
    | frozenset(
        "address article aside blockquote caption center col colgroup dd details dialog div dl dt"
        " fieldset figcaption figure footer form header hr li main nav p pre section summary table"
        " tbody td tfoot th thead tr".split()
    )
)
_LEAVES = frozenset("audio hr iframe img input object source video".split())
# Attributes without a look: what is for editors, for links that are opened, and for loading.
_UNSEEN = frozenset(
    """
    contenteditable data-editor-shrink decoding draggable fetchpriority loading poster preload rel
    sizes spellcheck srcset tabindex target
    """.split()
)
_UNSEEN_IN_CODE = frozenset({"class", "lang", "data-lang", "id"})
_UNSEEN_TAGS = frozenset({"link", "meta", "title"})
_DEFAULTS = frozenset(
    {("alt", ""), ("class", ""), ("style", ""), ("start", "1"), ("colspan", "1"), ("rowspan", "1")}
)
_ADDRESSES = frozenset({"src", "href"})
_WORD = re.compile(
    rf"(?P<blank>[ \t\r\n\f\xa0]+)|(?P<math>{MARKED.pattern})"
    r"|(?P<anki>\[sound:[^\[\]]*\]|\[anki:|\{\{c[0-9,]+::)"
    r"|(?:(?!\[(?:sound:[^\[\]]*\]|anki:)|\{\{c[0-9,]+::)[^ \t\r\n\f\xa0\x0e])+|.",
    re.DOTALL | re.IGNORECASE,
)
_PLAIN_BLANKS = re.compile(r"[ \t\r\n\f]+")
_EMPTY = re.compile(r"(?:[ \t\r\n\f\v]|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_SIMPLE = re.compile(r"[!-%'-;=-Z\]-z|}~]+(?: [!-%'-;=-Z\]-z|}~]+)*")


def looks_same(original: str, rendered: str) -> bool:
    """Whether a field looks on a card as it did, and makes the cards that it made.

    Code is compared by its text, a formula by its TeX, whatever marks it. All else that a browser
    would show counts, or may count by the style of a note type.
    """
    if original == rendered:
        return True
    if _SIMPLE.fullmatch(original) and _SIMPLE.fullmatch(rendered):
        return False
    if bool(_EMPTY.fullmatch(original)) != bool(_EMPTY.fullmatch(rendered)):
        return False
    before = appearance(original)
    return before is not None and before == appearance(rendered)


def lost_parts(original: str) -> tuple[str, ...]:
    """What of a field's HTML no Markdown can keep and would show, each as a phrase such as `the
    style font-size`.
    """
    found: list[str] = []
    for each in lost(original):
        words = each.what.split()
        is_unseen = words[0:2] == ["the", "attribute"] and words[2] in _UNSEEN
        if not is_unseen and each.what not in {f"the tag <{tag}>" for tag in _UNSEEN_TAGS}:
            found.append(each.what)
    return tuple(dict.fromkeys(found))


def appearance(field: str) -> list[Token] | None:
    """What a browser shows of a field, None where nobody can tell."""
    root = read_field(field)
    if root is None:
        return None
    look = _LookReader()
    nest_lists(root)
    look.read(root)
    look.end_line()
    return look.finished()


def nest_lists(root: FieldElement) -> None:
    """Put a list that stands between the items of another into the item before it, as it looks."""
    for element in (root, *root.elements()):
        if element.tag not in _LISTS:
            continue
        kept: list[FieldElement | str] = []
        for child in element.children:
            if isinstance(child, FieldElement) and child.tag in _LISTS:
                item = next(
                    (each for each in reversed(kept) if isinstance(each, FieldElement)), None
                )
                if item is not None and item.tag == "li":
                    item.children.append(child)
                    continue
            kept.append(child)
        element.children = kept


_LINE: Token = ("line",)
_SPACE_BETWEEN: Token = ("space",)


def _is_lone_formula(tokens: Sequence[Token]) -> bool:
    """Whether some tokens are formulas that are displayed, which have as much space as a paragraph
    around them.
    """
    return bool(tokens) and all(map(_is_displayed, tokens))


def _is_displayed(token: Token) -> bool:
    """Whether this is a formula that stands on a line of its own, which it ends."""
    return token[:2] == ("math", "[")


def _has_space(token: Token) -> bool:
    """Whether a paragraph without any text shows nothing next to this."""
    return token[0] in {"open", "close", "pre", "hr", "space"}


class _LookReader:
    """Writes down what a browser shows, from left to right."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self._formats: frozenset[str] = frozenset()
        self._around: tuple[Token, ...] = ()
        # Whether nothing stands on the line yet, and whether a space that collapses stands last.
        self._is_new = True
        self._is_apart = False

    def read(self, element: FieldElement) -> None:
        """Write down the children of an element."""
        for child in element.children:
            if isinstance(child, str):
                self._text(child)
            elif child.tag not in _UNSEEN_TAGS or child.attributes.get("href"):
                self._element(child)

    def finished(self) -> list[Token]:
        """All tokens. A line end alone is what an editor leaves in an empty field, and one behind a
        formula at the end of a field is no empty line to anybody.
        """
        if self.tokens == [_LINE]:
            return []
        if self.tokens[-1:] == [_LINE] and any(map(_is_displayed, self.tokens[-2:-1])):
            self.tokens.pop()
        kept: list[Token] = []
        for number, token in enumerate(self.tokens):
            nearby = (*kept[-1:], *self.tokens[number + 1 : number + 2])
            if token != _SPACE_BETWEEN or (len(nearby) == 2 and not any(map(_has_space, nearby))):
                kept.append(token)
        return kept

    def end_line(self) -> None:
        """End the line, if anything stands on it: a block begins or ends."""
        if not self._is_new:
            self._break()

    def _break(self) -> None:
        """End the line, without the spaces at its end."""
        number = len(self.tokens) - 1
        while number >= 0 and self.tokens[number][0] in {"gap", "close"}:
            if self.tokens[number][0] == "gap":
                del self.tokens[number]
            number -= 1
        self.tokens.append(_LINE)
        self._is_new = True
        self._is_apart = False

    def _element(self, element: FieldElement) -> None:
        tag = element.tag
        attributes = _shown_attributes(element)
        if tag == "br":
            self._break()
        elif tag == "pre":
            self._code(element, attributes)
        elif tag in _LEAVES:
            self._leaf(tag, attributes)
        elif tag in _TRANSPARENT and not attributes:
            self._transparent(element)
        elif tag in _FORMATS and not attributes:
            before = self._formats
            self._formats |= {_FORMATS[tag]}
            self.read(element)
            self._formats = before
        elif tag in _ON_WORDS and "class" not in element.attributes:
            before_around = self._around
            if (tag, attributes) not in before_around:
                self._around = (*before_around, (tag, attributes))
            self.read(element)
            self._around = before_around
        else:
            self._holder(element, attributes)

    def _transparent(self, element: FieldElement) -> None:
        is_block = element.tag in _BLOCKS
        if is_block:
            self.end_line()
        self.read(element)
        if is_block:
            self.end_line()

    def _holder(self, element: FieldElement, attributes: frozenset[Token]) -> None:
        is_block = element.tag in _BLOCKS
        if is_block:
            self.end_line()
        number = len(self.tokens)
        self.tokens.append(("open", element.tag, attributes))
        if is_block:
            self._is_new = True
        self.read(element)
        if is_block:
            self.end_line()
        if element.tag == "p" and not attributes and _is_lone_formula(self.tokens[number + 1 :]):
            del self.tokens[number]
            return
        if element.tag == "p" and not attributes and len(self.tokens) == number + 1:
            self.tokens[number] = _SPACE_BETWEEN
            return
        is_empty = len(self.tokens) == number + 1
        if is_empty and element.tag in _SEEN_BY_TEXT and "class" not in element.attributes:
            self.tokens.pop()
            return
        if element.tag == "li" and self.tokens[number + 1 :] == [_LINE]:
            self.tokens.pop()
        self.tokens.append(("close", element.tag))

    def _leaf(self, tag: str, attributes: frozenset[Token]) -> None:
        if tag in _BLOCKS:
            self.end_line()
            self.tokens.append((tag, attributes))
            return
        self._show((tag, attributes, self._around))

    def _show(self, token: Token) -> None:
        self.tokens.append(token)
        self._is_new = self._is_apart = False

    def _code(self, pre: FieldElement, attributes: frozenset[Token]) -> None:
        self.end_line()
        self.tokens.append(("pre", attributes, pre.code() or tuple(_marked_code(pre))))

    def _text(self, text: str) -> None:
        for found in _WORD.finditer(text):
            if found["blank"]:
                self._blank(found[0])
            elif found["math"]:
                self._math(found)
            elif found["anki"]:
                self._show(("anki", found[0]))
            else:
                self._word(found[0])

    def _word(self, word: str) -> None:
        marks = self._formats, self._around
        last = self.tokens[-1] if self.tokens else ("",)
        if last[0] == "word" and last[2:] == marks:
            word = f"{last[1]}{word}"
            del self.tokens[-1]
        self._show(("word", word, *marks))

    def _math(self, found: re.Match[str]) -> None:
        bracket, tex = MARKED.fullmatch(found[0]).groups()  # type: ignore[union-attr]
        marks = self._formats, self._around
        token = ("math", bracket, spaceless(tex), *marks)
        if _is_displayed(token):
            self.end_line()
        self._show(token)
        self._is_new = _is_displayed(token)

    def _blank(self, blank: str) -> None:
        """Write down how many spaces are shown; those that collapse are one."""
        width = 0
        for sign in _PLAIN_BLANKS.sub(" ", blank):
            if sign == " " and (self._is_new or self._is_apart):
                continue
            width += 1
            self._is_new = False
            self._is_apart = sign == " "
        if width:
            self._gap(width)

    def _gap(self, width: int) -> None:
        marks = self._formats & {"struck"}, self._around
        last = self.tokens[-1] if self.tokens else _LINE
        if last[0] == "gap" and last[2:] == marks:
            self.tokens.pop()
            width += int(str(last[1]))
        self.tokens.append(("gap", width, *marks))


def _marked_code(element: FieldElement) -> Iterator[object]:
    """Code in which more stands than lines and colours."""
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            yield child.tag, _shown_attributes(child), tuple(_marked_code(child))


def _shown_attributes(element: FieldElement) -> frozenset[Token]:
    if not element.attributes:
        return frozenset()
    unseen = _UNSEEN
    if element.tag in {"pre", "code"}:
        unseen = unseen | _UNSEEN_IN_CODE
    if element.tag in _HEADINGS:
        unseen = unseen | {"id"}
    found: set[Token] = set()
    for name, value in element.attributes.items():
        if name in unseen:
            continue
        value = _comparable(name, value)  # noqa: PLW2901
        if (name, value) not in _DEFAULTS:
            found.add((name, value))
    return frozenset(found)


def _comparable(name: str, value: str) -> str:
    if name == "class":
        return " ".join(sorted(value.split()))
    if name == "style":
        return ";".join(sorted(f"{name}:{value}" for name, value in declarations(value)))
    if name in _ADDRESSES:
        return unicodedata.normalize("NFC", unquote(value)).strip()
    return value
