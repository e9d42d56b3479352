"""Trees of Markdown → HTML with GitHub's rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.render.code_blocks import CodeBlocks
from ankipress.render.gfm import ExtensionFailedError, GfmMarkdown
from ankipress.render.lost_html import lost
from ankipress.render.marking import Marking
from ankipress.render.tags import limit_nesting
from ankipress.render.text_problems import dropped, part_problems, slow_code, tree_problem
from ankipress.syntax.entry_trees import Passage

if TYPE_CHECKING:
    from markdown.extensions import Extension


class Converted(NamedTuple):
    """HTML that is not yet canonical, and what is wrong with the text that it was made of."""

    html: str
    problems: tuple[Diagnostic, ...]


class Converter:
    """Converts one passage after another, with the extensions that a project adds.

    One converter should serve many passages: the first costs as much as fifty.
    """

    def __init__(self, extensions: Sequence[Extension] = ()) -> None:
        self._marking = Marking()
        self._code_blocks = CodeBlocks(self._marking)
        render_code = self._code_blocks.render
        self._gfm = GfmMarkdown(render_code, self._marking, extensions)
        self._is_extended = bool(extensions)

    def convert(self, passage: Passage, *, hides: bool = False) -> Converted:
        """The HTML of a passage.

        Where it `hides`, the deletions in code and mathematics are marked; `read_cloze` reads the
        other deletions.
        """
        self._code_blocks.slow.clear()
        self._marking.is_on = hides
        try:
            if self._is_extended:
                return self._extended(passage, hides=hides)
            html = self._gfm.convert(passage)
        finally:
            self._marking.is_on = False
        if any("<" in tree.part.text for tree in passage.trees):
            html = limit_nesting(html)
        return Converted(html, tuple(self._problems(passage, hides=hides)))

    def _problems(self, passage: Passage, *, hides: bool) -> Iterator[Diagnostic]:
        for tree in passage.trees:
            yield from part_problems(tree, hides=hides)
        for slow in self._code_blocks.slow:
            for tree in passage.trees:
                if any(node is slow for node in tree.walk()):
                    yield tree_problem(tree, slow_code(slow))

    def _extended(self, passage: Passage, *, hides: bool) -> Converted:
        """What extensions make of a passage.

        Problems of the source that extensions have dealt with are left out. Those that they have
        made stand at the beginning of the passage.
        """
        place = passage.beginning
        is_question = bool(passage.question.nodes)
        try:
            html, seen = self._gfm.convert_text(
                passage.text, is_question=is_question, dialect=passage.dialect
            )
        except ExtensionFailedError as failure:
            error = failure.__cause__
            message = f"an extension fails on this card: {type(error).__name__}: {error}"
            help = "take out of `extensions` which one it is, or write the card otherwise"
            problem = Diagnostic("bad-extension", place, " ".join(message.split()), help)
            return Converted(str(failure), (problem,))
        made = [(each.code, each.message, each.help) for each in seen]
        made += [("dropped-html", *dropped(each)) for each in lost(html)]
        written = list(self._problems(passage, hides=hides))
        known = {(each.code, each.message, each.help) for each in written}
        problems = [each for each in written if (each.code, each.message, each.help) in made]
        for code, message, help in dict.fromkeys(made):
            if (code, message, help) not in known:
                problems.append(Diagnostic(code, place, message, help))
        return Converted(limit_nesting(html), tuple(problems))
