"""The files of a project to which its links may lead, and the anchors in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ankipress.media.media_folder import MediaFolder, Refusal
from ankipress.model import MediaFile, Source
from ankipress.syntax.anchors import page_anchors
from ankipress.syntax.decoding import decode

_ENDINGS = (".md", ".markdown")  # of files with headings, in lower case
_LARGEST = 10_000_000  # bytes of a page that is read for its headings
_MOST_SUGGESTED = 200  # links get a suggestion: each one is compared with every name


class LinkedPages:
    """The sources of a project and its other files, each read when a link asks for it."""

    def __init__(self, sources: Sequence[Source], folder: MediaFolder) -> None:
        self._texts = {source.path: source.text for source in sources}
        self.folder = folder
        self._anchors: dict[str, frozenset[str]] = {}
        self._suggested = 0

    def has(self, path: str) -> bool:
        """Whether there is such a file or folder. The project itself is always there."""
        return path == "." or path in self._texts or self.folder.has(path)

    def may_have(self, path: str, anchor: str) -> bool:
        """Whether a file has an anchor, or may have it.

        An anchor in a file without headings, such as a PDF, means something to its reader.
        """
        if not anchor or not path.lower().endswith(_ENDINGS):
            return True
        known = self._anchors_of(path)
        # Canonical HTML puts this before the anchors of a page.
        return anchor.casefold() in known or f"note-{anchor}".casefold() in known

    def nearest_file(self, path: str) -> str:
        """A question whether another file was meant, empty where none is near."""
        return self._nearest(path, {*self._texts, *self.folder.names()})

    def nearest_anchor(self, path: str, anchor: str) -> str:
        """A question whether another anchor was meant, empty where none is near."""
        return self._nearest(anchor, self._anchors_of(path))

    def _nearest(self, word: str, known: Collection[str]) -> str:
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - seldom needed

        self._suggested += 1
        if self._suggested > _MOST_SUGGESTED:
            return ""
        # Stricter than other suggestions: names of files are alike by their endings.
        nearest = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=70)
        if nearest is None:
            return ""
        return f'did you mean "{nearest[0]}"?'

    def _anchors_of(self, path: str) -> frozenset[str]:
        if path not in self._anchors:
            text = self._text(path)
            self._anchors[path] = page_anchors(text)
        return self._anchors[path]

    def _text(self, path: str) -> str:
        if path in self._texts:
            return self._texts[path]
        content = self.folder.find(path)
        # A pipe or a file that may not be read has no headings.
        if isinstance(content, Refusal) or content.size > _LARGEST:
            return ""
        try:
            source, _ = decode(MediaFile(path, content).read(), path)
        except OSError:
            return ""
        if source:
            return source.text
        return ""
