"""Parsing in one call, for tests that need no compiled cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ankipress.model import CustomType, Source
from ankipress.parse.document import read_document
from ankipress.parse.placing import Parsed, place_entries
from ankipress.parse.section import read_section
from ankipress.project.settings import Settings

_NONE: Mapping[str, CustomType] = MappingProxyType({})


def parse(
    sources: Sequence[Source], settings: Settings, custom: Mapping[str, CustomType] = _NONE
) -> Parsed:
    """Every card in the sources. `custom` are the note types of the project's own."""
    documents = [read_document(source, settings, custom) for source in sources]
    sections = [
        [read_section(section, document.context) for section in document.sections]
        for document in documents
    ]
    return place_entries(documents, sections, settings)
