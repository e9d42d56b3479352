"""Editions of a deck without a disk: each compiled over the lock of the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.diagnostics import has_errors
from ankipress.diff.edition import Edition, compiled_edition
from ankipress.model import Lock, Source
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from author import DAY, FIRST_RELEASE
from stages import Files


@dataclass
class Deck:
    """A deck that is released again and again, a month after each other."""

    lock: Lock = field(default_factory=Lock)
    releases: int = 0

    def release(
        self, *texts: str, media: Mapping[str, bytes] | None = None, **settings: object
    ) -> Edition:
        """The edition of some files, the first of which is `cards.md`, over what was released
        before.
        """
        compiled = self.compile(*texts, media=media, **settings)
        self.lock, self.releases = compiled.stamped.lock, self.releases + 1
        return compiled_edition(compiled, f"release {self.releases}")

    def compile(
        self, *texts: str, media: Mapping[str, bytes] | None = None, **settings: object
    ) -> Compiled:
        """What a build of some files gives now; nothing is remembered."""
        chosen = {"version": f"1.{self.releases}.0", **settings}
        compiled = compile_deck(
            project(self.lock, texts, media or {}, chosen), FIRST_RELEASE + self.releases * 30 * DAY
        )
        assert not has_errors(compiled.diagnostics), compiled.diagnostics
        return compiled


def project(
    lock: Lock, texts: Sequence[str], media: Mapping[str, bytes], settings: Mapping[str, object]
) -> Project:
    """A project of some files, the first of which is `cards.md`."""
    sources = tuple(Source(f"cards{number or ''}.md", text) for number, text in enumerate(texts))
    default = Settings(name="deck", uid="deck-of-tests")
    changed = replace(default, **settings)  # type: ignore[arg-type]
    return Project(changed, sources, lock, Files(media))
