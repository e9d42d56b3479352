"""What a media file holds, told from its bytes: some hold no picture, sound or video at all.

Only what is certain counts. A picture under the name of another kind of picture is shown by every
browser, and sound under the name of another kind of sound is played, so neither is a problem.
"""

from __future__ import annotations

import codecs
import enum
import re
from typing import NamedTuple

from ankipress.media.media_folder import ending
from ankipress.media.refusals import Unpackable
from ankipress.media.truncation import is_cut_off
from ankipress.model import MediaContent
from ankipress.syntax.media_endings import PICTURES, PLAYED
from ankipress.visible_text import one_line

_HEAD = 4096  # bytes that tell what a file is
_FONTS = frozenset("woff2 woff ttf otf".split())
_PUT_THERE = "put the file itself there"
_LFS = b"version https://git-lfs.github.com/spec/"
_BLANK = r"(?:\s|<!--.*?-->|<\?.*?\?>)*"
_PAGE = re.compile(
    rf"{_BLANK}(?:<!doctype\s+html|<(?:html|head|body|title|script|meta|iframe)[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(rb"[^\t\n\f\r -~]")
_DRAWING = re.compile(
    rf"{_BLANK}(?:<!doctype\s+svg[^>]*>{_BLANK})?<(?:\w+:)?svg[\s>/]", re.IGNORECASE | re.DOTALL
)


class Sort(enum.Enum):
    """What a file is for."""

    PICTURE = enum.auto()
    DRAWING = enum.auto()
    PLAYED = enum.auto()
    FONT = enum.auto()
    OTHER = enum.auto()


class _FileFormat(NamedTuple):
    """A format: what it is called, its usual ending, empty where none helps, and its sort."""

    name: str
    ending: str
    sort: Sort


_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": _FileFormat("a PNG picture", "png", Sort.PICTURE),
    b"\xff\xd8\xff": _FileFormat("a JPEG picture", "jpg", Sort.PICTURE),
    b"GIF87a": _FileFormat("a GIF picture", "gif", Sort.PICTURE),
    b"GIF89a": _FileFormat("a GIF picture", "gif", Sort.PICTURE),
    b"ID3": _FileFormat("MP3 sound", "mp3", Sort.PLAYED),
    b"\xff\xfb": _FileFormat("MP3 sound", "mp3", Sort.PLAYED),
    b"\xff\xf3": _FileFormat("MP3 sound", "mp3", Sort.PLAYED),
    b"OggS": _FileFormat("Ogg sound or video", "ogg", Sort.PLAYED),
    b"fLaC": _FileFormat("FLAC sound", "flac", Sort.PLAYED),
    b"\x1a\x45\xdf\xa3": _FileFormat("a WebM or Matroska video", "webm", Sort.PLAYED),
    b"wOFF": _FileFormat("a font", "woff", Sort.FONT),
    b"wOF2": _FileFormat("a font", "woff2", Sort.FONT),
    b"OTTO": _FileFormat("a font", "otf", Sort.FONT),
    b"%PDF-": _FileFormat("a PDF", "", Sort.OTHER),
    b"PK\x03\x04": _FileFormat("a ZIP archive or an Office document", "", Sort.OTHER),
    b"Rar!\x1a\x07": _FileFormat("a RAR archive", "", Sort.OTHER),
    b"7z\xbc\xaf\x27\x1c": _FileFormat("a 7z archive", "", Sort.OTHER),
    b"\x1f\x8b\x08": _FileFormat("compressed by gzip", "", Sort.OTHER),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _FileFormat("an Office document", "", Sort.OTHER),
    b"8BPS": _FileFormat("a Photoshop document", "", Sort.OTHER),
    b"II*\0": _FileFormat("a TIFF picture", "tif", Sort.OTHER),
    b"MM\0*": _FileFormat("a TIFF picture", "tif", Sort.OTHER),
    b"\0\0\0\x0cJXL \r\n\x87\n": _FileFormat("a JPEG XL picture", "", Sort.OTHER),
    b"\0\0\0\x0cjP  \r\n\x87\n": _FileFormat("a JPEG 2000 picture", "", Sort.OTHER),
}
_IN_RIFF = {
    b"WEBP": _FileFormat("a WebP picture", "webp", Sort.PICTURE),
    b"WAVE": _FileFormat("WAV sound", "wav", Sort.PLAYED),
    b"AVI ": _FileFormat("an AVI video", "avi", Sort.PLAYED),
}
_SVG = _FileFormat("an SVG drawing", "svg", Sort.DRAWING)
_AVIF = _FileFormat("an AVIF picture", "avif", Sort.PICTURE)
_HEIC = _FileFormat("a HEIC picture", "", Sort.OTHER)
_MP4 = _FileFormat("a video or sound in MP4", "mp4", Sort.PLAYED)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
# Brands of pictures in one of several formats: what such a file holds is not certain.
_UNCERTAIN_BRANDS = frozenset({b"mif1", b"msf1", b"miaf", b"crx "})
_EFFECTS = {
    Sort.PICTURE: "most devices show nothing of it",
    Sort.DRAWING: "under this name no device shows it",
    Sort.PLAYED: "no device plays it",
    Sort.FONT: "no device uses it",
}
_INSTEAD = {
    Sort.PICTURE: "save it as PNG, JPEG or WebP",
    Sort.DRAWING: "save it as plain SVG, or as PNG",
    Sort.PLAYED: "save it as MP3 or MP4",
    Sort.FONT: "put the file of a font there",
}


def sort_of(path: str) -> Sort:
    """What a file is for, by its ending."""
    suffix = ending(path)
    if suffix == "svg":
        return Sort.DRAWING
    if suffix in PICTURES:
        return Sort.PICTURE
    if suffix in PLAYED:
        return Sort.PLAYED
    if suffix in _FONTS:
        return Sort.FONT
    return Sort.OTHER


def check_content(path: str, content: MediaContent) -> Unpackable | None:
    """What is certainly wrong with the content of a file of this name, None where nothing is.

    Raises OSError where it cannot be read.
    """
    with content.open() as file:
        head = file.read(_HEAD)
        found = _check_head(path, head)
        if found is None and is_cut_off(file, content.size):
            help = "copy or download it again: a part of it is missing"
            return Unpackable("bad-media", "is cut off before its end", help)
    return found


def _check_head(path: str, head: bytes) -> Unpackable | None:
    wanted = sort_of(path)
    if head.startswith(_LFS):
        reason = "is a pointer of Git LFS, and the file itself was not fetched"
        help = "run `git lfs pull`; in a workflow, check out with `lfs: true`"
        return Unpackable("bad-media", reason, help)
    text = _text(head)
    if _PAGE.match(text):
        help = "open its address in a browser, and save the file itself from there"
        return Unpackable("bad-media", "is a web page that was saved under this name", help)
    if wanted is Sort.OTHER:
        return None
    if not head:
        return Unpackable("bad-media", "is empty", _PUT_THERE)
    return _check_inside(path, head, wanted)


def _check_inside(path: str, head: bytes, wanted: Sort) -> Unpackable | None:
    text = _text(head)
    found = _format(head, text)
    if found is not None:
        return _check_format(found, wanted, path)
    # What is wrong with the text of an SVG is told when it is read.
    if wanted is not Sort.DRAWING and _is_plain_text(head):
        reason = f'is a text, which begins with "{one_line(text, 40)}"'
        return Unpackable("bad-media", reason, _PUT_THERE)
    return None


def _check_format(found: _FileFormat, wanted: Sort, path: str) -> Unpackable | None:
    is_tiff = found.ending == "tif" and ending(path) in {"tif", "tiff"}
    if found.sort is wanted or is_tiff:
        return None
    help = _INSTEAD[wanted]
    if found.sort is not Sort.OTHER:
        help = f"name it `.{found.ending}`, and refer to it by that name"
    return Unpackable("bad-media", f"is {found.name}: {_EFFECTS[wanted]}", help)


def _text(head: bytes) -> str:
    """The beginning of a file as text; what is none gives text that means nothing."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    return head.decode("latin-1")


def _is_plain_text(head: bytes) -> bool:
    """Whether there is nothing but letters: no picture, sound, video or font is like that."""
    return _CONTROL.search(head) is None and head.isascii()


def _format(head: bytes, text: str) -> _FileFormat | None:
    """The format of a file, None where it is not among those that are known."""
    for signature, found in _SIGNATURES.items():
        if head.startswith(signature):
            return found
    if head.startswith(b"RIFF"):
        return _IN_RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _format_of_boxes(head)
    if _DRAWING.match(text):
        return _SVG
    return None


def _format_of_boxes(head: bytes) -> _FileFormat | None:
    """AVIF, HEIC or MP4, None where that is not certain, by the brands that the first box names."""
    length = int.from_bytes(head[:4], "big")
    names = head[8 : max(12, min(length, 256))]
    brands = {names[start : start + 4] for start in range(0, len(names), 4)}
    if brands & {b"avif", b"avis"}:
        return _AVIF
    if brands & _HEIC_BRANDS:
        return _HEIC
    if brands & _UNCERTAIN_BRANDS:
        return None
    return _MP4
