"""A deck that is released five times: what every kind of change does to learners. For the tests of
the forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Telling:
    """A release: the files of the project, the step in version, and what a learner notices who has
    all before it.

    `outcomes` are the numbers of notes by what Anki does with them; `again` are those of one who
    has the last release alone, if they differ. `new_cards` and `empty_cards` are of notes that were
    there; `elsewhere` is the number of cards that stay in another deck than the package has them
    in.
    """

    version: str
    files: Mapping[str, str]
    bump: str
    outcomes: Mapping[str, int]
    again: Mapping[str, int] | None = None
    new_cards: int = 0
    empty_cards: int = 0
    elsewhere: int = 0


_TENSOR = "## What is a tensor?\n\nA regular array of numbers.\n\n"
# The learner of `anki_child.py` tags the second card, which is an edit to Anki: no release changes
# this one.
_AXIS = (
    "## What is an axis of a tensor?\n\nOne of the directions in which its numbers are counted.\n\n"
)
_LOSS = (
    "## What is a loss good for?\n\nIt says how wrong a model is.\n\n"
    "### Hint\n\nThink of a teacher.\n\n"
)
_PICTURE = (
    "## What does a rectified linear unit look like?\n\n"
    "![A flat line that bends upwards](pictures/relu.svg)\n\n"
)
_CLOZE = "## The gradient points {{c1::uphill}}, so a step goes {{c2::downhill}}.\n\n"
_BATCH = "## What is a mini-batch?\n\nA few examples that are looked at together.\n\n"
_EPOCH = "## What is an epoch? {reverse}\n\nOne pass through all examples.\n\n"
_RATE = "## What happens when the learning rate is too high?\n\nThe loss grows.\n\n"
_SOFTMAX = "# Softmax\n\n## What do the outputs of softmax add up to?\n\n`1`\n"

_FIRST = (_TENSOR, _AXIS, _LOSS, _PICTURE, _CLOZE, _BATCH, _EPOCH)
_REWORDED = tuple(
    text.replace("What is a tensor?", "What exactly is a *tensor*?").replace(
        "It says how wrong", "It tells how wrong"
    )
    for text in _FIRST
)
_ADDED = (
    *_REWORDED[:4],
    _CLOZE.replace("downhill}}.", "downhill}}, by {{c3::the learning rate}}."),
    *_REWORDED[5:],
    _RATE,
)
_KIND = _RATE.replace("too high?", "too high? {kind=cloze}").replace(
    "The loss grows", "The loss {{c1::grows}}"
)
_RETIRED = (*_ADDED[:5], _EPOCH, _KIND)
_RETURNED = (
    _RETIRED[0].replace("of numbers", "of numbers of one type"),
    _AXIS,
    _RETIRED[2].replace("good for?", "good for? {.important}"),
    *_RETIRED[3:5],
    _BATCH,
    _EPOCH.replace(" {reverse}", ""),
    _KIND,
)


def _files(
    cards: tuple[str, ...], colour: str, deck: str = "Learning", more: str = ""
) -> Mapping[str, str]:
    line = f'<path d="M0 9h4l5-5" stroke="{colour}"/>'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{line}</svg>'
    return {
        "cards.md": f"# {deck}\n\n{''.join(cards)}",
        "pictures/relu.svg": picture,
        **({"softmax.md": more} if more else {}),
    }


STORY = (
    Telling("1.0.0", _files(_FIRST, "red"), "minor", {"added": 7}),
    # Two notes are reworded or corrected.
    Telling("1.0.1", _files(_REWORDED, "red"), "patch", {"updated": 2, "unchanged": 5}),
    # Two cards, a deletion and a deck are new, and the picture is another one.
    Telling(
        "1.1.0",
        _files(_ADDED, "blue", more=_SOFTMAX),
        "minor",
        {"added": 2, "updated": 2, "unchanged": 5},
        new_cards=1,
    ),
    # One card is retired, and one is another kind of card, which is another note to Anki.
    Telling(
        "2.0.0",
        _files(_RETIRED, "blue", more=_SOFTMAX),
        "major",
        {"added": 1, "unchanged": 7, "kept": 2},
    ),
    # The first deck has another name, the retired card is back, two notes change again, and one
    # loses a card.
    Telling(
        "3.0.0",
        _files(_RETURNED, "blue", "Machine learning", _SOFTMAX),
        "major",
        {"updated": 3, "unchanged": 6, "kept": 1},
        again={"added": 1, "updated": 3, "unchanged": 5},
        empty_cards=1,
        elsewhere=9,
    ),
)
SETTINGS = {"name": "story", "uid": "story-of-releases", "sources": ["*.md"]}
