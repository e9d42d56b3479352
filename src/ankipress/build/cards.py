"""Sections → compiled sections: the entries of each section, and their cards.

A build, a check and the preview all compile cards here. A compiled section is remembered under a
digest of everything that it depends on, so that an edit of any kind compiles again what it changed,
and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from itertools import islice
from typing import Protocol

import msgspec

from ankipress.diagnostics import Diagnostic
from ankipress.model import Entry, Texts
from ankipress.parse.document import Document, FileContext, Section
from ankipress.parse.section_places import SectionPlaces
from ankipress.project.settings import ExtensionSetting

_BATCH = 50  # sections: some ten milliseconds
_KEY = 16  # bytes
_NO_TEXTS = Texts("", "", "")


class Memory(Protocol):
    """Encoded results of earlier builds, by key."""

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """The values that are known under some keys."""

    def keep(self, values: Mapping[bytes, bytes]) -> None:
        """Remember some values."""


class NoMemory:
    """Knows nothing, and keeps nothing."""

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Nothing."""
        return {}

    def keep(self, values: Mapping[bytes, bytes]) -> None:
        """Forget them."""


Batch = Sequence[tuple[FileContext, Section]]
CompileBatch = Callable[[Batch], list[bytes]]
Run = Callable[[CompileBatch, Sequence[Batch]], Iterable[list[bytes]]]
"""Applies a function to batches, perhaps in other processes. The results are in order, as with
`map`.
"""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a build may use besides its input: the results of earlier builds, and processes.

    `extensions` is a digest of the code of a project's Markdown extensions.
    """

    memory: Memory = NoMemory()  # noqa: RUF009 - it has no state
    run: Run = map
    extensions: bytes = b""


ALONE = Resources()
"""Nothing is remembered, and this process does all of the work."""


class CompiledCard(msgspec.Struct, frozen=True, array_like=True):
    """A compiled entry: what matching reads of it, its fields by name, and their problems.

    A missing field is empty. `may_refer` is false where no field refers to a file.
    """

    texts: Texts = _NO_TEXTS
    fields: dict[str, str] = {}
    problems: tuple[Diagnostic, ...] = ()
    may_refer: bool = True


class CompiledSection(msgspec.Struct, frozen=True, array_like=True):
    """The entries of a section, a card for each of them, and the problems of the section.

    A draft has an empty card. Places count from the first line of the section.
    """

    entries: tuple[Entry, ...]
    cards: tuple[CompiledCard, ...]
    problems: tuple[Diagnostic, ...] = ()


def compile_sections(
    documents: Sequence[Document],
    extensions: Sequence[ExtensionSetting],
    resources: Resources,
) -> list[list[CompiledSection]]:
    """The compiled sections of each document. Remembered ones are not compiled again."""
    jobs = [(each.context, section) for each in documents for section in each.sections]
    in_order = iter(compile_jobs(jobs, extensions, resources))
    return [list(islice(in_order, len(document.sections))) for document in documents]


def compile_jobs(
    jobs: Batch,
    extensions: Sequence[ExtensionSetting],
    resources: Resources,
) -> list[CompiledSection]:
    """Some sections compiled, each with what applies to its file."""
    keys = _keys(jobs, repr(extensions).encode() + resources.extensions)
    compiled = _decoded(resources.memory.recall(keys))
    missing = {key: job for key, job in zip(keys, jobs, strict=True) if key not in compiled}
    results = _compile_missing(list(missing.values()), extensions, resources.run)
    new = dict(zip(missing, results, strict=True))
    sections = _decoded(new)
    values = {key: new[key] for key in new if not _was_cut_short(sections[key])}
    resources.memory.keep(values)
    compiled |= sections
    return [compiled[key] for key in keys]


def _decoded(values: Mapping[bytes, bytes]) -> dict[bytes, CompiledSection]:
    """The sections, without those that a damaged memory gave back."""
    decoder = msgspec.msgpack.Decoder(CompiledSection)
    sections = {}
    for key, value in values.items():
        try:
            sections[key] = decoder.decode(value)
        except msgspec.DecodeError:
            continue  # it is compiled again
    return sections


def _was_cut_short(section: CompiledSection) -> bool:
    """Whether a section took too long, which it may not do again."""
    return any(each.code == "too-slow" for card in section.cards for each in card.problems)


def _compile_missing(
    jobs: Batch,
    extensions: Sequence[ExtensionSetting],
    run: Run,
) -> Iterator[bytes]:
    batches = [jobs[start : start + _BATCH] for start in range(0, len(jobs), _BATCH)]
    for results in run(partial(_compile_batch, extensions), batches):
        yield from results


def _compile_batch(extensions: Sequence[ExtensionSetting], batch: Batch) -> list[bytes]:
    """Compile and encode the sections of a batch. This may run in another process."""
    # The modules that read and render Markdown take a while to import, and a build in which no
    # card changed needs none of them.
    from ankipress.build.card_compiler import compile_section  # noqa: PLC0415
    from ankipress.render.fields import Renderer  # noqa: PLC0415
    from ankipress.render.time_limit import limits  # noqa: PLC0415

    encoder = msgspec.msgpack.Encoder()
    custom = batch[0][0].custom
    renderer = Renderer(extensions, custom)
    encoded = []
    with limits():
        for context, section in batch:
            compiled = compile_section(section, context, renderer)
            encoded.append(encoder.encode(compiled))
    return encoded


def _keys(jobs: Batch, extensions: bytes) -> list[bytes]:
    """A digest of everything that the result of each section depends on."""
    keys = []
    contexts = _ContextDigests(extensions)
    for context, section in jobs:
        key = contexts.digest(context)
        key.update(section.text.encode("utf-8", "surrogatepass"))
        # Most sections use no definition, and then there is nothing to add.
        if section.definitions or section.footnotes:
            definitions = repr((section.definitions, section.footnotes))
            key.update(b"\0" + definitions.encode("utf-8", "surrogatepass"))
        keys.append(key.digest())
    return keys


class _ContextDigests:
    """Digests of what applies to the cards of each file.

    Files share their context's note types, which may be large.
    """

    def __init__(self, extensions: bytes) -> None:
        self._extensions = extensions
        self._contexts: dict[int, blake2b] = {}
        self._types: dict[int, bytes] = {}

    def digest(self, context: FileContext) -> blake2b:
        """A digest of a context, to which more can be added."""
        if id(context) not in self._contexts:
            self._contexts[id(context)] = self._of_context(context)
        return self._contexts[id(context)].copy()

    def _of_context(self, context: FileContext) -> blake2b:
        custom = context.custom
        if id(custom) not in self._types:
            text = repr(custom).encode("utf-8", "surrogatepass")
            self._types[id(custom)] = blake2b(text, digest_size=_KEY).digest()
        alone = replace(context, custom={})
        digest = blake2b(repr(alone).encode(), digest_size=_KEY)
        digest.update(self._types[id(custom)])
        digest.update(self._extensions)
        return digest


def placed_cards(
    documents: Sequence[Document], compiled: Sequence[Sequence[CompiledSection]]
) -> list[CompiledCard]:
    """The cards of all entries but drafts, in order. Places of problems are those in the files."""
    cards = []
    for document, sections in zip(documents, compiled, strict=True):
        for section, each in zip(document.sections, sections, strict=True):
            for entry, card in zip(each.entries, each.cards, strict=True):
                if entry.attributes.draft:
                    continue
                placed = card
                if card.problems:
                    problems = SectionPlaces(section, document.path).problems(card.problems)
                    placed = CompiledCard(card.texts, card.fields, problems, card.may_refer)
                cards.append(placed)
    return cards
