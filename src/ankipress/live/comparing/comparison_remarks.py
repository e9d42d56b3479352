"""What is worth saying of the notes that a comparison met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ankipress.diagnostics import counted

_MOST_NAMED = 5


@dataclass
class ComparisonRemarks:
    """What is worth saying of what was met, each with the guids that it is about."""

    about: dict[str, list[str]] = field(default_factory=dict)

    def add(
        self,
        text: str,
        guid: str,
    ) -> None:
        """Say something of a note."""
        self.about.setdefault(text, []).append(guid)

    def lines(self) -> Iterator[str]:
        """A line for each thing that was met."""
        for text, guids in self.about.items():
            named = ", ".join(guids[:_MOST_NAMED])
            if len(guids) > _MOST_NAMED:
                named = f"{named}, …"
            yield f"{counted(len(guids), 'note')} {text}: {named}"
