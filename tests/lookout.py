"""Cards as they stand in the pages of Anki's apps, measured in a browser: what a learner could not
see, read or reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Browser

from anki_cards import SIDES, Card, Cards
from anki_pages import THEMES, WIDTHS, Frame, Site, open_frames, opened_page, show
from pages import ROOT

LEAST_CONTRAST = 4.5
FRAMES = (
    *(
        Frame(app, theme, width)
        for app in ("desktop", "android")
        for theme in THEMES
        for width in WIDTHS
    ),
    *(Frame("android", theme, 320, centred=True) for theme in THEMES),
)
_MEASURE = (ROOT / "tests" / "browser" / "measure.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was measured of one side of a card in one frame.

    `measured` is the number of texts whose contrast was taken, `astray` how many pixels masks lie
    beside their picture.
    """

    card: Card
    side: str
    frame: Frame
    sideways: int
    clipped: tuple[str, ...]
    astray: int
    illegible: tuple[str, ...]
    measured: int
    formulas: int
    formula_errors: tuple[str, ...]
    text: str

    @property
    def place(self) -> str:
        """Where this is, for a message."""
        return f"{self.card.name} {self.side} in {self.frame.name}"


@dataclass(frozen=True, slots=True)
class Sight:
    """All facts of some cards, and the site that served their pages."""

    facts: tuple[Facts, ...]
    site: Site

    def problems(self, of: Callable[[Facts], object]) -> list[str]:
        """A line for every place of which this says something."""
        return [f"{facts.place}: {found}" for facts in self.facts if (found := of(facts))]


class Lookout:
    """Frames side by side in one page, in which one card after the other is measured. Use it in a
    `with` statement.
    """

    def __init__(
        self, browser: Browser, media: Mapping[str, bytes], frames: Sequence[Frame]
    ) -> None:
        self.site, self.frames = Site(media), frames
        self._opened = opened_page(browser, self.site)

    def __enter__(self) -> Self:
        self._page = self._opened.__enter__()
        open_frames(self._page, self.frames)
        self._page.evaluate(
            "code => Array.from(window.frames, frame => frame.eval(code)).length", _MEASURE
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.__exit__(None, None, None)

    def look(self, card: Card, side: str) -> Iterator[Facts]:
        """The facts of a side of a card, of every frame in their order."""
        found = show(self._page, self.frames, card, side, then=f"window.measure({LEAST_CONTRAST})")
        for frame, each in zip(self.frames, found, strict=True):
            yield Facts(
                card,
                side,
                frame,
                sideways=each["sideways"],
                clipped=tuple(each["clipped"]),
                astray=each["astray"],
                illegible=tuple(each["illegible"]),
                measured=each["measured"],
                formulas=each["formulas"],
                formula_errors=tuple(each["formula_errors"]),
                text=each["text"],
            )


def look(browser: Browser, cards: Cards) -> Sight:
    """Show every side of every card in every frame, and measure it."""
    with Lookout(browser, cards.media, FRAMES) as lookout:
        facts = tuple(
            facts for card in cards.cards for side in SIDES for facts in lookout.look(card, side)
        )
        return Sight(facts, lookout.site)
