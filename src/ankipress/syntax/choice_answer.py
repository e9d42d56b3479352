"""Which of the options of a question are right: what the blocks below them say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ankipress.syntax.choice_details import without_answer
from ankipress.syntax.choice_lines import Line, lines_of_blocks, words_of
from ankipress.syntax.choice_options import Option, Options, label_of
from ankipress.syntax.choice_words import ALPHABETS, end_of_naming, normal_label
from ankipress.syntax.tree import Node, Span

_LETTER = r"(?:[^\W\d_]|\d{1,2}|[①-⑳Ⓐ-ⓩ])"
_LABEL = rf"(?:[(\[（【]\s*+{_LETTER}\s*+[)\]）】]|{_LETTER})"
_AND = r"(?>\s*+(?:[,;&/+、，；|]|\b(?:and|und|et|y|e|og|och|и|і|和|及|与)\b)\s*+|\s++)"
_IS_RIGHT = r"\s+(?:is|are)\s+(?:the\s+)?(?:correct|right)\b.*"
_END = rf"(?P<rest>\W*+$|{_IS_RIGHT}|(?<=[)\]）】])\s.*|\s*+[.):：）\]、,(（–—-].*)"
_LABELS = re.compile(rf"[^\w(\[（【]*+(?P<labels>{_LABEL}(?:{_AND}{_LABEL})*){_END}", re.IGNORECASE)
_JOINED = re.compile(rf"\s*+(?P<labels>[A-Za-z]{{2,9}}){_END}")
_PARTS = re.compile(r"\s*[,;&/+、，；]\s*|\s+(?:and|und|et|y|e|og|och|и|和)\s+")
_LONGEST = 500  # characters: no longer line names the answer and nothing else
_ONE = re.compile(r"[^\W\d_](?!\w)|\d{1,2}|[①-⑳Ⓐ-ⓩ]")
_AND_ALONE = re.compile(r"\b(?:and|und|et|og|och)\b", re.IGNORECASE)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(slots=True)
class Answer:
    """The numbers of the right options, from 0. `unknown` are letters that no option has.

    `blocks` are those below the options without what only names the answer, each with its number.
    """

    right: frozenset[int] = frozenset()
    unknown: list[Span] = field(default_factory=list)
    blocks: list[list[Node]] = field(default_factory=list)


def named_answer(options: Options, below: Sequence[Node]) -> Answer | None:
    """The answer that the blocks below some options name, None where they name none."""
    reader = _Reader(options)
    if not reader.read(lines_of_blocks(below)):
        return None
    consumed = {number for number, is_so in reader.is_consumed.items() if is_so}
    kept = without_answer(below, min(reader.blocks, default=0), consumed)
    return Answer(frozenset(reader.right), reader.unknown, kept)


def bold_answer(options: Options, below: Sequence[Node]) -> Answer | None:
    """The options that are bold where others are not; they are bold no longer."""
    bold = [number for number, each in enumerate(options.options) if _is_bold(each)]
    if not 0 < len(bold) < len(options.options):
        return None
    for number in bold:
        _make_plain(options.options[number])
    return Answer(frozenset(bold), [], [list(below)])


class _Reader:
    """Reads lines until one of them names the answer."""

    def __init__(self, options: Options) -> None:
        self._options = options.options
        self._labels = [each.label for each in self._options]
        self._own = [own_words(each) for each in self._options]
        self._has_letters = options.has_labels
        self.right: set[int] = set()
        self.unknown: list[Span] = []
        self.blocks: set[int] = set()
        self.spoken: set[int] = set()
        self.is_consumed: dict[int, bool] = {}

    def read(self, lines: Iterable[Line]) -> bool:
        """Whether one of the lines names the answer."""
        is_expected = False
        for line in lines:
            start = end_of_naming(line.text)
            is_found = bool(self.right or self.unknown)
            if not is_found and start and not line.text[start:].strip():
                is_expected = True
                self._consume(line, is_only_answer=True)
                continue
            may_name = is_expected and not line.is_summary
            if start:
                may_name = not is_found
            if may_name and self._name(line, start):
                is_expected = is_expected and not start
                continue
            if line.is_summary and not is_found:
                is_expected = True
                continue
            is_expected = False
            self._consume(line, is_only_answer=False)
        return bool(self.right or self.unknown)

    def _consume(self, line: Line, *, is_only_answer: bool) -> None:
        """Remember whether all lines of a block do nothing but name the answer."""
        known = self.is_consumed.get(line.block, True)
        self.is_consumed[line.block] = known and is_only_answer

    def _name(self, line: Line, start: int) -> bool:
        """Whether a line names options from an offset on."""
        rest = line.text[start:]
        if len(rest) > _LONGEST:
            return False
        by_text = self._by_text(rest)
        is_letter = self._has_letters and len(_plain(rest)) == 1
        if not by_text or is_letter:
            for pattern in (_LABELS, _JOINED):
                found = pattern.match(rest)
                if found and self._by_labels(line, start, found):
                    return True
        by_text = by_text or self._by_parts(rest)
        if by_text:
            self._found(line, by_text, is_only_answer=True)
        return bool(by_text)

    def _by_parts(self, words: str) -> list[int]:
        """The options that stand here one after the other, each with its letter and its words."""
        numbers: list[int] = []
        for part in _PARTS.split(words):
            label, start = label_of(part)
            number = self._number_of(label)
            if number is None or _plain(part[start:]) != self._own[number]:
                return []
            numbers.append(number)
        return numbers

    def _found(
        self,
        line: Line,
        right: Iterable[int],
        *,
        is_only_answer: bool,
    ) -> None:
        self.right |= set(right)
        self.blocks.add(line.block)
        self._consume(line, is_only_answer=is_only_answer)

    def _by_text(self, words: str) -> list[int]:
        """The one option whose own words these are."""
        wanted = _plain(words)
        found = [number for number, own in enumerate(self._own) if own and own == wanted]
        if len(found) == 1:
            return found
        return []

    def _by_labels(
        self,
        line: Line,
        start: int,
        found: re.Match[str],
    ) -> bool:
        """Whether the letters of a line are those of options, or nothing else stands there."""
        labels = _single_labels(found)
        numbers = [self._number_of(each[0]) for each in labels]
        known = [number for number in numbers if number is not None]
        is_complete = len(known) == len(numbers)
        rest = _plain(found["rest"])
        if found.re is _JOINED and not (is_complete and known == sorted(set(known))):
            return False
        if not is_complete and (rest or not _are_labels(labels)):
            return False
        is_text = len(known) == 1 and rest == self._own[known[0]]
        if not is_text and self._names_more(rest):
            return False
        for each, number in zip(labels, numbers, strict=True):
            if number is None:
                begin = start + found.start("labels") + each.start()
                span = line.words.span(begin, begin + len(each[0]))
                self.unknown.append(span)
        self._found(line, known, is_only_answer=not rest or is_text)
        return True

    def _names_more(self, rest: str) -> bool:
        """Whether what stands behind a letter may name another option."""
        for option, own in zip(self._options, self._own, strict=True):
            label = re.escape(option.label.casefold())
            if own and label and own in rest and re.search(rf"\b{label}\s*[.):]", rest):
                return True
        return False

    def _number_of(self, label: str) -> int | None:
        """The number of the option that a letter or number names."""
        wanted = normal_label(label)
        found = [number for number, each in enumerate(self._labels) if each == wanted]
        if len(found) == 1:
            return found[0]
        if self._has_letters or found:
            return None
        if len(wanted) == 1 and "A" <= wanted <= "Z":
            position = ord(wanted) - ord("A")
        elif wanted.isdecimal():
            position = int(wanted) - 1
        else:
            return None
        if not 0 <= position < len(self._options):
            return None
        # The letter of another option cannot be the name of this one.
        option = self._options[position]
        if option.label and not option.is_labelled_by_list:
            return None
        return position


def _single_labels(found: re.Match[str]) -> list[re.Match[str]]:
    """The letters and numbers of a match, each with its place in what stands there of them."""
    if found.re is _JOINED:
        return list(re.finditer(".", found["labels"]))
    alone = _AND_ALONE.sub(lambda word: " " * len(word[0]), found["labels"])
    return list(_ONE.finditer(alone))


def _are_labels(labels: Sequence[re.Match[str]]) -> bool:
    """Whether letters that no option has can be nothing but letters of options."""
    known = {label for letters in ALPHABETS for label in letters}
    if not known.issuperset(normal_label(each[0]) for each in labels):
        return False
    if len(labels) == 1:
        return True
    return all(each[0].isupper() or not each[0].isalpha() for each in labels)


def own_words(option: Option) -> str:
    """The words of an option without its label, as they are compared."""
    texts = [line.text for line in lines_of_blocks(option.blocks)]
    words = " ".join(texts)
    if option.label and not option.is_labelled_by_list:
        words = words[label_of(words)[1] :]
    return _plain(words)


def _plain(words: str) -> str:
    """Words as they are compared: without the marks around them, and in small letters."""
    return " ".join(_EDGES.sub("", words).casefold().split())


def _is_bold(option: Option) -> bool:
    """Whether all words of an option are bold, but for its label."""
    if not option.blocks or option.blocks[0].kind != "paragraph":
        return False
    strong = [node for node in option.blocks[0].children if node.kind == "strong"]
    others = [node for node in option.blocks[0].children if node.kind != "strong"]
    words = words_of(others).text
    return bool(strong) and not words[label_of(words)[1] :].strip(" .!?")


def _make_plain(option: Option) -> None:
    paragraph = option.blocks[0]
    children: list[Node] = []
    for node in paragraph.children:
        if node.kind == "strong":
            children += node.children
        else:
            children.append(node)
    start, end = children[0].start, children[-1].end
    option.blocks[0] = replace(paragraph, start=start, end=end, children=children)
