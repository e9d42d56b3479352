"""The text inside a block → nodes: one pass from left to right by GitHub's rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token

from ankipress.syntax.bare import mail_links
from ankipress.syntax.dialect import Dialect
from ankipress.syntax.inline_rules import MARKED, OBSIDIAN_MARKED, inline_reader, tokenize
from ankipress.syntax.inline_state import Environment, InlineState, Patterns
from ankipress.syntax.obsidian_rules import trimmed
from ankipress.syntax.tree import Content, Kind, Node, Span, walk

_DEEPEST = 50  # a browser needs quadratic time for emphasis that is nested deeper
_KINDS: dict[str, Kind] = {
    "em": "emphasis",
    "strong": "strong",
    "s": "strike",
    "link": "link",
    "image": "image",
    "text": "text",
    "text_special": "escape",
    "softbreak": "softbreak",
    "hardbreak": "hardbreak",
    "code_inline": "code_span",
    "html_inline": "html",
    "math": "math",
    "footnote": "footnote_reference",
    "missing_footnote": "missing_footnote",
    "sound": "sound",
    "mark": "highlight",
    "tag": "text",
    "unseen": "unseen",
    "element": "extension",
}


def read_inlines(
    content: Content,
    environment: Environment,
    patterns: Patterns | None = None,
) -> list[Node]:
    """The nodes of a text. Their places are those in the text from which it is cut."""
    text = content.text
    is_obsidian = environment.dialect is not Dialect.GITHUB
    marked = MARKED
    if is_obsidian:
        marked = OBSIDIAN_MARKED
    if patterns is None and not marked.search(text):
        if not text:
            return []
        return list(_texts(content, text, 0))
    state = InlineState(text, inline_reader(), environment, patterns)
    tokenize(state)
    nodes = _InlineBuilder(content).build(state.tokens, state.spans)
    if is_obsidian:
        nodes = trimmed(nodes)
    return _with_mail(nodes, in_link=False)


class _InlineBuilder:
    """Builds nodes of markdown-it's flat list of tokens."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._root: list[Node] = []
        self._stack: list[Node] = []
        self._too_deep = 0

    def build(self, tokens: Iterable[Token], spans: Iterable[Sequence[int]]) -> list[Node]:
        """The outermost nodes."""
        for token, (start, end) in zip(tokens, spans, strict=True):
            if token.nesting < 0:
                self._close(token, end)
            elif token.nesting > 0:
                self._open(token, start, end)
            elif token.type == "text":
                self._add_texts(token.content, start)
            else:
                self._add(self._node(token, start, end))
        return self._root

    def _open(
        self,
        token: Token,
        start: int,
        end: int,
    ) -> None:
        if len(self._stack) >= _DEEPEST:
            self._too_deep += 1
            self._add_texts(token.markup, start)
            return
        if token.type == "strong_open":
            start -= 1  # the token is that of the second of two marks
        node = self._node(token, start, end)
        self._add(node)
        self._stack.append(node)

    def _close(self, token: Token, end: int) -> None:
        if self._too_deep:
            self._too_deep -= 1
            self._add_texts(token.markup, end - len(token.markup))
            return
        if token.type == "strong_close":
            end += 1
        self._stack.pop().end = self._content.span(end - 1, end).end

    def _node(
        self,
        token: Token,
        start: int,
        end: int,
    ) -> Node:
        kind = _KINDS[token.type.removesuffix("_open")]
        node = Node(kind, *self._content.span(start, end), token.content)
        node.info = token.info
        node.markup = token.markup
        if kind in {"link", "image", "sound"}:
            self._add_target(node, token)
        elif kind == "math":
            first, last = token.meta["inner"]
            node.content = self._content.part(first, last)
        elif kind == "html":
            node.content = self._content.part(start, end)
        elif kind == "code_span":
            # One blank on each side belongs to the marks.
            blank = (end - start - len(token.content)) // 2 - len(token.markup)
            first = start + len(token.markup) + blank
            node.content = self._content.part(first, first + len(token.content))
        elif kind == "extension":
            node.made = token.meta["element"]
        return node

    def _add_target(self, node: Node, token: Token) -> None:
        node.url = str(token.attrs["href" if node.kind == "link" else "src"])
        node.title = str(token.attrs.get("title", ""))
        target: Span | None = token.meta.get("target")
        if target is not None:
            node.target = self._content.span(*target)

    def _add_texts(self, text: str, start: int) -> None:
        for node in _texts(self._content, text, start):
            self._add(node)

    def _add(self, node: Node) -> None:
        siblings = self._root
        if self._stack:
            siblings = self._stack[-1].children
        last = None
        if siblings:
            last = siblings[-1]
        are_words = last is not None and node.kind == last.kind == "text"
        if last and are_words and last.end == node.start and not last.info and not node.info:
            last.text += node.text
            last.end = node.end
            return
        siblings.append(node)


def _texts(
    content: Content,
    text: str,
    start: int,
) -> Iterator[Node]:
    """A text, one node for each piece of it: in a table, a backslash may be missing between two."""
    if not text:
        return
    for first, last in content.pieces(start, start + len(text)):
        yield Node("text", *content.span(first, last), text[first - start : last - start])


def _with_mail(nodes: Sequence[Node], *, in_link: bool) -> list[Node]:
    """Nodes in which mail addresses are links, unless a link is around them."""
    found: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if node.kind in {"text", "escape", "softbreak"}:
            run.append(node)
            continue
        found += _linked(run, in_link=in_link)
        run = []
        if node.children:
            node.children = _with_mail(node.children, in_link=in_link or node.kind == "link")
        found.append(node)
    return found + _linked(run, in_link=in_link)


def _linked(run: list[Node], *, in_link: bool) -> list[Node]:
    """A run of texts, whose mail addresses become links."""
    if in_link or not any("@" in node.text for node in run):
        return run
    pieces = mail_links("".join(node.text or "\n" for node in run))
    if len(pieces) == 1:
        return run
    found: list[Node] = []
    for number, cut in enumerate(_cut(run, map(len, pieces))):
        if number % 2 == 0:
            found += cut
            continue
        url = f"mailto:{pieces[number].removeprefix('mailto:')}"
        span = Span(cut[0].start, cut[-1].end)
        found.append(Node("link", *span, children=cut, url=url, target=span))
    return found


def _cut(run: Sequence[Node], lengths: Iterable[int]) -> Iterator[list[Node]]:
    """The nodes of a run in pieces of some lengths. A text is cut; a reference never has to be."""
    number = taken = 0
    for length in lengths:
        cut: list[Node] = []
        left = length
        while left:
            node = run[number]
            text = node.text or "\n"
            size = min(left, len(text) - taken)
            if size < len(text):
                start = node.start + taken
                node = Node("text", start, start + size, text[taken : taken + size])
            cut.append(node)
            left -= size
            taken += size
            if taken == len(text):
                number += 1
                taken = 0
        yield cut


def alternative(image: Node) -> str:
    """The text that stands for a picture: its label without markup."""
    pieces = []
    for node in walk(image.children):
        if node.kind in {"softbreak", "hardbreak"}:
            pieces.append("\n")
        elif node.kind == "extension":
            pieces.append("".join(getattr(node.made, "itertext", tuple)()))
        elif node.kind == "math":
            pieces.append(node.markup)
        elif node.kind != "html":
            pieces.append(node.text)
    return "".join(pieces)
