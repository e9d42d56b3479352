"""A multiple-choice question as the blocks of a card describe it: its options, and which are right.

Whatever is asked of such a card asks here: what kind it is, and how it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ankipress.diagnostics import Location
from ankipress.syntax.choice_answer import Answer, bold_answer, named_answer
from ankipress.syntax.choice_labels import labelled_options
from ankipress.syntax.choice_options import Option, Options, listed_options, task_list
from ankipress.syntax.entry_trees import EntryTrees
from ankipress.syntax.tree import Node

Run = tuple[str, list[Node]]
"""The name of a part, and some blocks of it that stand one below the other."""

_Find = Callable[[Options, Sequence[Node]], Answer | None]


@dataclass(slots=True)
class Choice:
    """The options of a card, which stand in a part of it, and what stands around them.

    `right` are the numbers of the right options, from 0. `above` are the blocks above the options
    in their part, `below` those below them on the front, and `back` those below them on the back,
    without what only names the answer. `unknown` are the places of letters that no option has.
    `place` is that of the first line of the options.
    """

    part: str
    options: list[Option]
    right: frozenset[int]
    tag: str
    place: Location
    above: list[Node]
    below: list[Run]
    back: list[Run]
    unknown: list[Location] = field(default_factory=list)
    is_task_list: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether the card says which option is right, even if there is no such option."""
        return bool(self.right or self.unknown)

    @property
    def is_sound(self) -> bool:
        """Whether there are two options at least, all of them written alike, and an answer."""
        boxes = {bool(each.box) for each in self.options}
        is_alike = not self.is_task_list or len(boxes) == 1
        return self.is_answered and is_alike and len(self.options) > 1

    @property
    def is_evident(self) -> bool:
        """Whether the options are certainly some: they have boxes or letters."""
        return self.is_task_list or all(each.label for each in self.options)


def read_choice(trees: EntryTrees) -> Choice | None:
    """The options of a card, None where it has no list of them.

    Where nothing says which is right, none is.
    """
    candidates = list(_candidates(trees))
    for name, options in candidates:
        if options.is_task_list and options.ticked:
            return _choice(trees, name, options, options.ticked)
    for find in (named_answer, bold_answer):
        for name, options in candidates:
            if choice := _answered(trees, name, options, find):
                return choice
    for name, options in candidates:
        return _choice(trees, name, options, frozenset())
    return None


def _candidates(trees: EntryTrees) -> Iterator[tuple[str, Options]]:
    """What may be the options, each with the name of its part; the first task list first."""
    names = [name for name in ("Front", "Back") if name in trees.entry.parts]
    for name in names:
        if found := task_list(trees.part(name).nodes):
            yield name, found
            break
    for name in names:
        tree = trees.part(name)
        for find in (labelled_options, listed_options):
            for found in find(tree.nodes, tree.part.text):
                yield name, found


def _choice(
    trees: EntryTrees,
    name: str,
    options: Options,
    right: frozenset[int],
) -> Choice:
    """A choice in which nothing but the options themselves tells the answer."""
    below = [(name, options.after)]
    back = [("Back", trees.part("Back").nodes)]
    if name == "Back":
        below, back = [], below
    return Choice(
        part=name,
        options=options.options,
        right=right,
        tag=options.tag,
        place=trees.part(name).place(*options.source),
        above=options.before,
        below=below,
        back=back,
        is_task_list=options.is_task_list,
    )


def _answered(
    trees: EntryTrees,
    name: str,
    options: Options,
    find: _Find,
) -> Choice | None:
    """The choice whose answer is named below the options, on the back or else on the front."""
    choice = _choice(trees, name, options, frozenset())
    back = [node for _, nodes in choice.back for node in nodes]
    if answer := find(options, back):
        choice.back = [("Back", run) for run in answer.blocks]
        return _with_answer(trees, "Back", choice, answer)
    if name == "Front" and (answer := find(options, options.after)):
        choice.below = [(name, run) for run in answer.blocks]
        return _with_answer(trees, name, choice, answer)
    return None


def _with_answer(
    trees: EntryTrees,
    name: str,
    choice: Choice,
    answer: Answer,
) -> Choice:
    """The choice with an answer that stands in a part."""
    tree = trees.part(name)
    choice.right = answer.right
    choice.unknown = [tree.place(*span) for span in answer.unknown]
    choice.is_task_list = False
    return choice
