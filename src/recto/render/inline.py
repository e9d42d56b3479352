"""GitHub's text inside blocks, for Python-Markdown: one pass from left to right by CommonMark's rules.

markdown-it-py reads the text, this module builds Python-Markdown's tree of it. It takes the place of the tree processor "inline",
so the tree processors of other extensions run before and behind it as ever; their inline patterns are rules of the same pass
(`foreign.py`). See docs/decisions/006-blocks.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_inline import autolink, html_inline, image, link
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token

from recto.render.bare import bare_link, find_bare, mail_links
from recto.render.dropped import Drops
from recto.render.foreign import Foreign, Reading, foreign_rule
from recto.render.math import MATH, math_of
from recto.render.punctuation import is_punctuation

_DEEPEST = 50  # emphasis inside emphasis: a browser would need the square of the time for what is nested deeper
# A reference that a text holds, as text: Python-Markdown's serialiser would leave it as a reference.
_REFERENCE = re.compile(r"&(?=(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)
_SPECIAL = re.compile(r"[\n!$&*<\[\\\]_`~]")
_MARKED = re.compile(rf"{_SPECIAL.pattern}|@|://|ww\.", re.IGNORECASE)
_MATH = re.compile(MATH)


class Text(str):
    """The text of a block, with the line of the part (from 0) on which it begins."""

    __slots__ = ("line",)

    line: int

    def __new__(cls, text: str, line: int) -> Self:
        """A text that begins on a line."""
        self = super().__new__(cls, text)
        self.line = line
        return self


class _State(StateInline):
    """The place in a text, and where addresses and the patterns of other extensions match in it."""

    def __init__(self, source: str, md: MarkdownIt, environment: dict[str, Any], reading: Reading | None) -> None:
        super().__init__(source, md, environment, [])
        self.bare = find_bare(source)
        self.reading = reading

    def stop_after(self, position: int) -> int:
        """Where the text that begins here ends at the latest."""
        stop = self.posMax
        while self.bare and self.bare[-1].start() < position:
            self.bare.pop()
        if self.bare:
            stop = min(stop, self.bare[-1].start())
        return min(stop, self.reading.next_from(position)) if self.reading else stop

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803 - markdown-it's signature
        """Whether a run of marks can open or close emphasis; a symbol is no punctuation here, as in GitHub's cmark-gfm."""
        source, end = self.src, start
        while end < self.posMax and source[end] == source[start]:
            end += 1
        before = source[start - 1] if start else " "
        after = source[end] if end < self.posMax else " "
        space_before, space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        mark_before, mark_after = is_punctuation(before), is_punctuation(after)
        left = not space_after and (not mark_after or space_before or mark_before)
        right = not space_before and (not mark_before or space_after or mark_after)
        opens = left and (canSplitWord or not right or mark_before)
        closes = right and (canSplitWord or not left or mark_after)
        return Scanned(opens, closes, end - start)


class InlineReader:
    """Reads texts with one instance of markdown-it, whose blocks may define references."""

    def __init__(self, markdown_it: MarkdownIt, md: Markdown, foreign: Foreign, drops: Drops) -> None:
        self.markdown_it, self.md, self.foreign, self.drops = markdown_it, md, foreign, drops
        self.environment: dict[str, Any] = {}
        _use_rules(markdown_it)

    def read(self, text: str, ancestors: Sequence[str], first_pattern: int = 0) -> Element:
        """An element that holds what a text says. `ancestors` are the tags around it."""
        holder = Element("span")
        reading = self.foreign.reading(text, ancestors, first_pattern, self)
        if reading is None and not _MARKED.search(text):
            holder.text = _plain(text)
            return holder
        state = _State(text, self.markdown_it, self.environment, reading)
        self.markdown_it.inline.tokenize(state)
        if state.delimiters or any(state.tokens_meta):
            for rule in self.markdown_it.inline.ruler2.getRules(""):
                rule(state)
        _Builder(self, holder, text).build(state.tokens)
        return holder

    def graft(self, element: Element, ancestors: Sequence[str], first_pattern: int = 0) -> None:
        """Read the text of an element and the tails of its children, and put in what they say."""
        if not any(map(_is_markdown, (element.text, *(child.tail for child in element)))):
            return
        children: list[Element] = []
        if _is_markdown(element.text):
            read = self.read(element.text or "", ancestors, first_pattern)
            element.text = read.text
            children += read
        for child in element:
            children.append(child)
            if _is_markdown(child.tail):
                read = self.read(child.tail or "", ancestors, first_pattern)
                child.tail = read.text
                children += read
        element[:] = children


class Inline(Treeprocessor):
    """Reads the texts of a tree."""

    def __init__(self, md: Markdown, reader: InlineReader) -> None:
        super().__init__(md)
        self.reader = reader
        self.stashed_nodes: dict[str, Element | str] = {}  # other extensions look here for what Python-Markdown puts aside

    def run(self, root: Element) -> None:
        """Put elements in the place of the texts that are Markdown."""
        stack: list[tuple[Element, tuple[str, ...]]] = [(root, ())]
        while stack:
            element, ancestors = stack.pop()
            ancestors = (*ancestors, str(element.tag).lower())
            stack += [(child, ancestors) for child in reversed(element)]
            self.reader.graft(element, ancestors)


def _is_markdown(text: str | None) -> bool:
    return bool(text) and not isinstance(text, AtomicString) and not str(text).isspace()


class _Builder:
    """From markdown-it's flat list of tokens to a tree."""

    def __init__(self, reader: InlineReader, root: Element, text: str) -> None:
        self.reader, self.stack, self.source = reader, [root], text
        self.line = text.line if isinstance(text, Text) else None
        self.pending: list[str] = []
        self.too_deep = 0

    def build(self, tokens: Iterable[Token]) -> None:
        """Add what some tokens say to the root."""
        for token in tokens:
            if token.type in _TEXTS:
                self.pending.append(token.content)
            elif token.type in {"softbreak", "hardbreak"}:
                self._break(token)
            elif token.nesting == 1:
                self._open(token)
            elif token.nesting == -1:
                self._close(token)
            else:
                self._leaf(token)
        self._flush()

    def _break(self, token: Token) -> None:
        if token.type == "softbreak":
            self.pending.append("\n")
        else:
            self._flush()
            SubElement(self.stack[-1], "br")

    def _open(self, token: Token) -> None:
        if len(self.stack) > _DEEPEST:
            self.too_deep += 1
            self.pending.append(token.markup)
            return
        if token.tag == self.stack[-1].tag == "strong":
            # As in cmark-gfm: what is strong twice is strong once.
            self.stack.append(self.stack[-1])
            return
        self._flush()
        element = SubElement(self.stack[-1], "del" if token.tag == "s" else token.tag)
        for name, value in token.attrs.items():
            element.set(name, _plain(str(value)))
        if token.tag == "a":
            self._see_link(token, "href")
        self.stack.append(element)

    def _close(self, token: Token) -> None:
        if self.too_deep:
            self.too_deep -= 1
            self.pending.append(token.markup)
            return
        if self.stack[-1] is not self.stack[-2]:
            self._flush()
        self.stack.pop()

    def _leaf(self, token: Token) -> None:
        if token.type == "html_inline":
            self.reader.drops.see_html(token.content, self.source, self.line, token.meta["at"])
            self.pending.append(self.reader.md.htmlStash.store(token.content))
            return
        if token.type == "math":
            self.pending.append(self.reader.md.htmlStash.store(token.content))
            return
        self._flush()
        if token.type == "code_inline":
            # Python-Markdown's serialiser leaves what looks like a reference, so all ampersands are references here.
            SubElement(self.stack[-1], "code").text = AtomicString(token.content.replace("&", "&amp;"))
        elif token.type == "image":
            self._image(token)
        else:
            self.stack[-1].append(token.meta["element"])

    def _image(self, token: Token) -> None:
        alt, source = alternative(token), str(token.attrs["src"])
        element = SubElement(self.stack[-1], "img", alt=_plain(alt), src=_plain(source))
        self._see_link(token, "src")
        if title := token.attrs.get("title"):
            element.set("title", _plain(str(title)))

    def _see_link(self, token: Token, attribute: str) -> None:
        self.reader.drops.see_link(str(token.attrs.get(attribute, "")), self.source, self.line, token.meta.get("at", 0))

    def _flush(self) -> None:
        """Put the text so far into the tree, with the mail addresses in it as links."""
        if not self.pending:
            return
        text, top = "".join(self.pending), self.stack[-1]
        self.pending = []
        in_link = any(element.tag == "a" for element in self.stack)
        pieces = [text] if in_link or "@" not in text else mail_links(text)
        for number, piece in enumerate(pieces):
            if number % 2:
                SubElement(top, "a", href=f"mailto:{piece.removeprefix('mailto:')}").text = AtomicString(piece)
            elif len(top):
                top[-1].tail = (top[-1].tail or "") + _plain(piece)
            else:
                top.text = (top.text or "") + _plain(piece)


_TEXTS = frozenset({"text", "text_special"})


def _plain(text: str) -> str:
    """A text as Python-Markdown's tree holds it."""
    return _REFERENCE.sub("&amp;", text) if "&" in text else text


def alternative(token: Token) -> str:
    """The alternative text of a picture: the text of its label without markup."""
    pieces = list[str]()
    waiting = list(reversed(token.children or []))
    while waiting:
        child = waiting.pop()
        waiting += reversed(child.children or [])
        if child.type in {"softbreak", "hardbreak"}:
            pieces.append("\n")
        elif child.type == "foreign":
            pieces.append("".join(child.meta["element"].itertext()))
        elif child.type != "html_inline" and not child.children:
            pieces.append(child.meta.get("source", child.content))
    return "".join(pieces)


def _use_rules(markdown_it: MarkdownIt) -> None:
    """The rules of GitHub's text: single tildes, mathematics, bare addresses, and links as their authors wrote them."""
    markdown_it.options["strikethrough_single_tilde"] = True
    inline = markdown_it.inline
    inline.ruler.enable(["strikethrough"])
    inline.ruler2.enable(["strikethrough"])
    inline.terminator_re = _SPECIAL
    inline.ruler.at("text", _text)
    inline.ruler.before("text", "foreign", foreign_rule)
    inline.ruler.before("escape", "math", _math)
    inline.ruler.before("escape", "bare", _bare)
    for name, rule in (("link", link), ("image", image), ("autolink", autolink), ("html_inline", html_inline)):
        inline.ruler.at(name, _placed(rule))
    # Files are looked for by the names that authors wrote, and the allow-list of html.py knows what may be linked.
    markdown_it.normalizeLink = lambda url: url  # type: ignore[method-assign]
    markdown_it.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    markdown_it.validateLink = _is_valid  # type: ignore[method-assign]


def _is_valid(url: str) -> bool:  # noqa: ARG001 - markdown-it's signature
    return True


def _text(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """A rule of markdown-it: text up to the next character or address that may be more than text."""
    found = _SPECIAL.search(state.src, state.pos)
    end = found.start() if found else state.posMax
    if isinstance(state, _State):
        end = min(end, state.stop_after(state.pos))
    end = min(end, state.posMax)
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _placed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """A rule whose token says where in the text it stands."""

    def placed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
        at, number = state.pos, len(state.tokens)
        done = rule(state, silent)
        if done and not silent:
            token = next(each for each in state.tokens[number:] if each.type != "text")
            token.meta["at"] = at
        return done

    return placed


def _math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    if state.src[state.pos] not in "$\\":
        return False
    found = _MATH.match(state.src, state.pos, state.posMax)
    html = math_of(found) if found else None
    if found is None or html is None:
        return False
    if not silent:
        token = state.push("math", "", 0)
        token.content, token.meta = html, {"source": found[0]}
    state.pos = found.end()
    return True


def _bare(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    if silent or state.linkLevel or not isinstance(state, _State) or not state.bare or state.bare[-1].start() != state.pos:
        return False
    address = bare_link(state.bare.pop(), state.posMax)
    if address is None:
        return False
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": address if "://" in address else f"http://{address}"}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos += len(address)
    return True
