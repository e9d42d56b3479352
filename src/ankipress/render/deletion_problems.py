"""What is wrong with the deletions of a cloze text, where they are written."""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic, Location
from ankipress.syntax.deletions import Deletion, find_deletions
from ankipress.syntax.entry_trees import Passage
from ankipress.syntax.prose import prose
from ankipress.syntax.tree_deletions import tree_deletions

HIGHEST_NUMBER = 500
"""The highest number of a deletion; Anki takes all above for this one."""
_LONGEST = 24  # characters of an unclosed deletion that are shown


def deletion_problems(passage: Passage) -> Iterator[Diagnostic]:
    """Deletions that never end, and those of which Anki makes no card of their own."""
    trees = [tree for tree in passage.trees if "{{c" in tree.part.text]
    # A deletion may begin in the heading and end below it.
    texts = [prose(tree.nodes, tree.part.text) for tree in passage.trees]
    starts = []
    length = 0
    for text in texts:
        starts.append(length)
        length += len(text) + 1
    for offset in find_deletions("\n".join(texts)).unclosed:
        number = max(index for index, start in enumerate(starts) if start <= offset)
        tree = passage.trees[number]
        words = tree.part.text[offset - starts[number] :].split("\n")[0][:_LONGEST].strip()
        start = offset - starts[number]
        yield Diagnostic(
            "unclosed-deletion",
            tree.place(start, start + len(words)),
            f'the deletion "{words}" never ends, so it hides nothing',
            "close it with }}",
        )
    for tree in trees:
        found = tree_deletions(tree.nodes, tree.part.text)
        for deletion in (*found.in_prose, *found.elsewhere):
            if not _has_cards(deletion):
                place = tree.place(deletion.start, deletion.inner)
                yield _wrong_number(deletion, place)


def _has_cards(deletion: Deletion) -> bool:
    """Whether Anki makes a card for each number of a deletion."""
    # No number is so long that it takes time to read.
    numbers = [int(each.lstrip("0")[:6] or 0) for each in deletion.numbers.split(",")]
    return all(1 <= number <= HIGHEST_NUMBER for number in numbers)


def _wrong_number(deletion: Deletion, place: Location) -> Diagnostic:
    words = f"{{{{c{deletion.numbers}::"
    message = f"the deletion {words}…}}}} hides nothing: Anki counts from 1 to {HIGHEST_NUMBER}"
    return Diagnostic("deletion-number", place, message, "give it another number")
