"""An attack: a hostile project, and the commands that meet it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from security.arena import Arena

Build = Callable[[Arena], None]


@dataclass(frozen=True)
class Attack:
    """A column of the matrix.

    `does` says what is hostile. `rows` are the commands that meet it, as they are typed. `names`
    are files, one of which the output must name, with a code, because the project is invalid;
    `noticed_by` the rows in which it does, all of them where there are none. `folder` is what the
    folder of the project is called. `malformed` is what a browser sends to `serve`. `is_trusted`
    where the user allows all that the project wants to run.
    """

    family: str
    name: str
    does: str
    build: Build
    rows: tuple[str, ...]
    names: tuple[str, ...] = ()
    noticed_by: tuple[str, ...] = ()
    folder: str = "deck"
    malformed: tuple[tuple[str, bytes], ...] = ()
    is_trusted: bool = False

    def names_for(self, row: str) -> tuple[str, ...]:
        """The files that a row must name."""
        if self.noticed_by and row not in self.noticed_by:
            return ()
        return self.names


@dataclass
class Family:
    """Attacks of one sort, and the commands that meet each of them if it does not say others."""

    name: str
    rows: tuple[str, ...]
    attacks: list[Attack] = field(default_factory=list)

    def attack(
        self,
        name: str,
        *,
        names: Sequence[str] = (),
        rows: Sequence[str] = (),
        also: Sequence[str] = (),
        noticed_by: Sequence[str] = (),
        folder: str = "deck",
        malformed: Sequence[tuple[str, bytes]] = (),
        is_trusted: bool = False,
    ) -> Callable[[Build], Build]:
        """Take the function below into the family. Its docstring says what the attack does."""

        def add(build: Build) -> Build:
            assert build.__doc__, name
            attack = Attack(
                self.name,
                name,
                " ".join(build.__doc__.split()),
                build,
                tuple(rows or self.rows) + tuple(also),
                tuple(names),
                tuple(noticed_by),
                folder,
                tuple(malformed),
                is_trusted,
            )
            self.attacks.append(attack)
            return build

        return add
