"""Sections → cards: everything that becomes of a section without knowing what stands around it.

This is the one place where a card is read and rendered, whatever asks for it: a build, a check or
the preview. What a card became is remembered under a digest of all that it was made of, so that an
edit of any kind compiles again what it changed and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import islice
from typing import Protocol

import msgspec

from ankipress.diagnostics import Diagnostic
from ankipress.model import Entry, Texts
from ankipress.parse.document import Document, FileContext, Section
from ankipress.parse.placing import moved_problems
from ankipress.project.settings import ExtensionSetting

_BATCH = 50  # sections: some ten milliseconds
_KEY = 16  # bytes
_NO_TEXTS = Texts("", "", "")


class Memory(Protocol):
    """What sections became in earlier builds, encoded, by key."""

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Those of some values that are known."""

    def keep(self, values: Mapping[bytes, bytes]) -> None:
        """Remember some values."""


class NoMemory:
    """Knows nothing, and keeps nothing."""

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:  # noqa: ARG002
        """Nothing."""
        return {}

    def keep(self, values: Mapping[bytes, bytes]) -> None:
        """Forget them."""


Batch = Sequence[tuple[FileContext, Section]]
Run = Callable[[Callable[[Batch], list[bytes]], Sequence[Batch]], Iterable[list[bytes]]]
"""Applies a function to batches and gives the results in their order, as `map` does; perhaps in
other processes."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a build may use beside its input: what earlier builds remembered, and processes.

    `extensions` stands for the code of the Markdown extensions of a project.
    """

    memory: Memory = NoMemory()  # noqa: RUF009 - it has no state
    run: Run = map
    extensions: bytes = b""


class Card(msgspec.Struct, frozen=True, array_like=True):
    """What an entry became: what matching reads of it, its fields by name, and what is wrong with
    them. A field that is missing is empty; `may_refer` is false where no field refers to a file.
    """

    texts: Texts = _NO_TEXTS
    fields: dict[str, str] = {}
    problems: tuple[Diagnostic, ...] = ()
    may_refer: bool = True


class CompiledSection(msgspec.Struct, frozen=True, array_like=True):
    """The entries of a section, a card for each of them (an empty one for a draft), and what is
    wrong with the section. Places count from its first line.
    """

    entries: tuple[Entry, ...]
    cards: tuple[Card, ...]
    problems: tuple[Diagnostic, ...] = ()


def compile_sections(
    documents: Sequence[Document], extensions: Sequence[ExtensionSetting], resources: Resources
) -> list[list[CompiledSection]]:
    """What the sections of each document become. Only what is not remembered is compiled."""
    jobs = [(each.context, section) for each in documents for section in each.sections]
    keys = _keys(documents, repr(extensions).encode() + resources.extensions)
    known = _decoded(resources.memory.recall(keys))
    missing = {key: job for key, job in zip(keys, jobs, strict=True) if key not in known}
    fresh = _compile_missing(list(missing.values()), extensions, resources.run)
    new = dict(zip(missing, fresh, strict=True))
    resources.memory.keep(new)
    known |= _decoded(new)
    compiled = iter([known[key] for key in keys])
    return [list(islice(compiled, len(document.sections))) for document in documents]


def _decoded(values: Mapping[bytes, bytes]) -> dict[bytes, CompiledSection]:
    """What was encoded, without what a damaged memory gave back."""
    decoder = msgspec.msgpack.Decoder(CompiledSection)
    found = {}
    for key, value in values.items():
        try:
            found[key] = decoder.decode(value)
        except msgspec.DecodeError:
            continue  # it is compiled again
    return found


def _compile_missing(
    jobs: Batch, extensions: Sequence[ExtensionSetting], run: Run
) -> Iterator[bytes]:
    batches = [jobs[start : start + _BATCH] for start in range(0, len(jobs), _BATCH)]
    for results in run(partial(_compile_batch, extensions), batches):
        yield from results


def _compile_batch(extensions: Sequence[ExtensionSetting], batch: Batch) -> list[bytes]:
    """The sections of a batch, compiled and encoded. It may run in another process."""
    # What reads and renders Markdown takes a while to import, and where nothing changed, nothing
    # of it is needed.
    from ankipress.build.card_compiler import compile_section  # noqa: PLC0415
    from ankipress.render.fields import Renderer  # noqa: PLC0415
    from ankipress.render.time_limit import limits  # noqa: PLC0415

    encoder = msgspec.msgpack.Encoder()
    renderer = Renderer(extensions, batch[0][0].custom)
    with limits():
        return [
            encoder.encode(compile_section(section, context, renderer))
            for context, section in batch
        ]


def _keys(documents: Sequence[Document], extensions: bytes) -> list[bytes]:
    """What names the result of each section: a digest of all that it is made of."""
    keys = []
    for document in documents:
        context = blake2b(repr(document.context).encode(), digest_size=_KEY)
        context.update(extensions)
        for section in document.sections:
            key = context.copy()
            key.update(section.text.encode("utf-8", "surrogatepass"))
            if section.definitions or section.footnotes:
                around = repr((section.definitions, section.footnotes))
                key.update(b"\0" + around.encode("utf-8", "surrogatepass"))
            keys.append(key.digest())
    return keys


def placed_cards(
    documents: Sequence[Document], compiled: Sequence[Sequence[CompiledSection]]
) -> list[Card]:
    """The cards of all entries that are no drafts, in order, their problems where they stand in the
    files.
    """
    cards = []
    for document, sections in zip(documents, compiled, strict=True):
        for section, each in zip(document.sections, sections, strict=True):
            for entry, card in zip(each.entries, each.cards, strict=True):
                if entry.attributes.draft:
                    continue
                if card.problems:
                    problems = moved_problems(card.problems, document.path, section.line)
                    card = Card(card.texts, card.fields, problems, card.may_refer)  # noqa: PLW2901
                cards.append(card)
    return cards
