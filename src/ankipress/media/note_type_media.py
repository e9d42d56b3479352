"""Files that a note type of an author's own names: in its style sheet and in its templates.

Templates and styles can only name a file by its literal name, so the file is packed under a name
that begins with `_`, which Anki always imports and never takes for unused. The name changes with
the content, since Anki replaces no such file. Another style sheet is put where it was named.
A note type that learners have from elsewhere names files by their names in Anki, and these keep
their names while they stay the same.
See docs/decisions/012-custom-note-types.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic
from ankipress.media.media_folder import MediaFolder
from ankipress.media.own_names import NO_NAMES
from ankipress.model import MediaFile


@dataclass(frozen=True, slots=True)
class NoteTypeMedia:
    """The files of note types with the names of their media, the media by the note type's key, and
    the problems. `paths` are the files of the project that they mean.
    """

    texts: Mapping[str, str]
    files: Mapping[str, Sequence[MediaFile]]
    diagnostics: tuple[Diagnostic, ...] = ()
    paths: frozenset[str] = frozenset()

    def of_types(self, keys: Sequence[str]) -> tuple[MediaFile, ...]:
        """The files of some note types, each once, sorted by name."""
        by_name = {each.name: each for key in keys for each in self.files.get(key, ())}
        return tuple(by_name[name] for name in sorted(by_name))


def read_note_type_media(
    texts: Mapping[str, str],
    folder: MediaFolder,
    adopted: AbstractSet[str] = frozenset(),
    learners: Mapping[str, str] = NO_NAMES,
) -> NoteTypeMedia:
    """The media that the files in `notetypes/` name. `texts` are those files, by path.

    `adopted` are the keys of note types that learners have from elsewhere, and `learners` the
    digests of the files that they have under their own names.
    """
    if not texts:
        return NoteTypeMedia({}, {})
    # Few projects have note types of their own.
    from ankipress.media.note_type_reader import NoteTypeReader, Referrer  # noqa: PLC0415

    reader = NoteTypeReader(folder, adopted, learners)
    rewritten: dict[str, str] = {}
    for path, text in sorted(texts.items()):
        reader.key = path.split("/")[1]
        source = Referrer(path, text)
        rewritten[path] = reader.rewritten(source)
    for key in sorted(adopted):
        reader.key = key
        reader.keep_hidden()
    files = {key: tuple(found.values()) for key, found in reader.files.items()}
    return NoteTypeMedia(rewritten, files, tuple(reader.problems), frozenset(reader.paths))
