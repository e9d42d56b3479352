"""Notes that are on both sides → what happened to each since it was packed."""

from __future__ import annotations

from collections.abc import (
    Iterator,
    Mapping,
    Sequence,
)

from ankipress.diff.packed_versions import (
    LockedVersion,
    PackedVersion,
    VersionKey,
)
from ankipress.live.comparing.base_versions import (
    VersionSource,
    candidates,
    likeliest,
)
from ankipress.live.comparing.comparison_remarks import ComparisonRemarks
from ankipress.live.comparing.note_comparison import (
    ComparedNote,
    NotePair,
    compared_note,
    is_unedited_note,
)
from ankipress.live.note_differences import NoteCase
from ankipress.model import Record

_SAME = ComparedNote(NoteCase.SAME)
_HERE = ComparedNote(NoteCase.HERE)


class EditedNotes:
    """Compares notes with how they were packed. `records` are those of the last build, by guid, and
    `versions` are asked only for notes that look different.
    """

    def __init__(
        self,
        records: Mapping[str, Record],
        versions: VersionSource,
        remarks: ComparisonRemarks,
    ) -> None:
        self._records = records
        self._versions = versions
        self._remarks = remarks

    def compared(self, pairs: Sequence[NotePair]) -> Iterator[tuple[NotePair, ComparedNote]]:
        """What happened to each of some notes, in any order."""
        unclear: list[NotePair] = []
        for pair in pairs:
            if pair.is_same:
                yield pair, _SAME
            elif self._is_untouched(pair, self._last_version(pair)):
                yield pair, _HERE
            elif is_unedited_note(pair):
                yield pair, _SAME
            elif self._is_settled(pair):
                yield pair, _HERE
            else:
                unclear.append(pair)
        if unclear:
            yield from self._unclear(unclear)

    def _unclear(self, pairs: Sequence[NotePair]) -> Iterator[tuple[NotePair, ComparedNote]]:
        """The same of notes that were edited here or in Anki, or came with another version."""
        found = self._versions.locked({pair.note.guid for pair in pairs})
        edited: list[NotePair] = []
        locked: dict[str, Sequence[LockedVersion]] = {}
        for pair in pairs:
            guid = pair.note.guid
            locked[guid] = found.get(guid) or self._last_version(pair)
            if self._is_untouched(pair, locked[guid]):
                yield pair, _HERE
            else:
                edited.append(pair)
        bases = self._bases(edited, locked)
        for pair in edited:
            guid = pair.note.guid
            yield pair, self._with_base(pair, locked[guid], bases.get(guid))

    def _last_version(self, pair: NotePair) -> Sequence[LockedVersion]:
        record = self._records.get(pair.note.guid)
        if record is None or not record.digest:
            return ()
        return (LockedVersion(record.digest, record.mod, record.deck),)

    def _is_settled(self, pair: NotePair) -> bool:
        """Whether a pull has taken or refused the edits of a note as it is there."""
        record = self._records.get(pair.note.guid)
        return record is not None and bool(record.pulled) and record.pulled == pair.there.mod

    def _is_untouched(
        self,
        pair: NotePair,
        known: Sequence[LockedVersion],
    ) -> bool:
        """Whether a note is exactly a version that was packed once."""
        digests = pair.digests_there()
        return any(each.digest in digests for each in known)

    def _with_base(
        self,
        pair: NotePair,
        known: Sequence[LockedVersion],
        base: PackedVersion | None,
    ) -> ComparedNote:
        if base is None and _is_of_a_build(pair, known):
            return _HERE
        if base is None:
            text = "that differ without any trace of how they were packed"
            self._remarks.add(text, pair.note.guid)
        return compared_note(pair, base)

    def _bases(
        self,
        pairs: Sequence[NotePair],
        locked: Mapping[str, Sequence[LockedVersion]],
    ) -> Mapping[str, PackedVersion]:
        """The version that each of some notes comes from, by guid, as far as it can be found."""
        known: dict[VersionKey, PackedVersion] = {}
        wanted: dict[str, Sequence[VersionKey]] = {}
        for pair in pairs:
            guid = pair.note.guid
            chosen = candidates(locked[guid], pair.there.mod)
            wanted[guid] = [(guid, each.digest) for each in chosen]
            known[guid, pair.digest_here] = pair.version_here
        missing = {key for keys in wanted.values() for key in keys} - known.keys()
        if missing:
            known |= self._versions.packed(missing)
        bases: dict[str, PackedVersion] = {}
        for pair in pairs:
            guid = pair.note.guid
            keys = wanted[guid]
            found = [known[key] for key in keys if key in known]
            if not found:
                continue
            bases[guid] = likeliest(found, pair.fields_there)
            if self._may_be_older(pair, locked[guid], len(keys) - len(found)):
                text = "that may come from an older version than can be found, edited here since"
                self._remarks.add(text, guid)
        return bases

    def _may_be_older(
        self,
        pair: NotePair,
        locked: Sequence[LockedVersion],
        missing: int,
    ) -> bool:
        """Whether a note may come from a version that cannot be found: one of those `missing`, or
        one before the only version that locks remember.
        """
        record = self._records.get(pair.note.guid)
        if record is None or _is_of_a_build(pair, locked):
            return False
        return missing > 0 or (len(locked) < 2 and record.since != record.changed)


def _is_of_a_build(pair: NotePair, known: Sequence[LockedVersion]) -> bool:
    """Whether a note has the time of a version, and so nothing of it was changed since."""
    return any(each.mod == pair.there.mod for each in known)
