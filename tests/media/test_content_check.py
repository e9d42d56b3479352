"""What a file holds: what certainly is no picture, sound or video is told, all else is packed."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.media.content_check import check_content
from ankipress.model import LoadedContent
from ankipress.syntax.media_endings import ENDINGS
from author import picture

PNG = picture(1)
APP0 = b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
THUMBNAIL = b"\xff\xe1\x00\x0aExif\xff\xd8\xff\xd9"
SCAN = b"\xff\xda\x00\x08\1\1\0\0\x3f\0\x12\x34\xff\0\x56"
JPEG = b"\xff\xd8" + APP0 + THUMBNAIL + SCAN + b"\xff\xd9"
GIF_SCREEN = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"
GIF_FRAME = b"!\xf9\4\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0"
GIF = GIF_SCREEN + GIF_FRAME + b";"
FTYP = b"\0\0\0\x14ftypisom\0\0\2\0isom"
FREE = b"\0\0\0\x08free"
MDAT = b"\0\0\0\x0cmdat1234"
MP4 = FTYP + FREE + MDAT + b"\0\0\0\x08moov"
HEIC = b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic\0\0\0\x08meta"
AVIF = b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif\0\0\0\x08meta"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
PAGE = b"<!DOCTYPE html>\n<html><head><title>Not found</title></head></html>"


def riff(kind: bytes, length: int, data: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", length) + kind + data


WEBP = riff(b"WEBP", 14, b"VP8 \2\0\0\0ab")
WAV = riff(b"WAVE", 14, b"data\2\0\0\0ab")


def check(path: str, content: bytes) -> str | None:
    """What is said of a file, None where nothing is."""
    found = check_content(path, LoadedContent(content))
    if found is None:
        return None
    assert found.code == "bad-media"
    assert found.help
    return found.reason


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("a.png", PNG, id="a picture"),
        pytest.param("a.PNG", PNG, id="in capitals"),
        pytest.param("a.png", JPEG, id="a JPEG named PNG"),
        pytest.param("a.jpg", AVIF, id="AVIF named JPEG"),
        pytest.param("a.jpg", WEBP, id="WebP named JPEG"),
        pytest.param("a.gif", PNG + b"trailing", id="something behind the end of a PNG"),
        pytest.param("a.jpg", JPEG + b"a film of the phone", id="something behind a JPEG"),
        pytest.param("a.jpg", JPEG.replace(APP0, b"\xff" + APP0), id="a JPEG with filling"),
        pytest.param("a.gif", GIF + b"trailing", id="something behind a GIF"),
        pytest.param("a.gif", GIF[:-1], id="a GIF that only lacks its last byte"),
        pytest.param("a.webp", WEBP + b"more", id="something behind a WebP"),
        pytest.param("a.webp", riff(b"WEBP", 13, b"VP8 \1\0\0\0a"), id="an odd length"),
        pytest.param("a.webp", riff(b"WEBP", 14, b"VP8 \1\0\0\0a"), id="the even byte is missing"),
        pytest.param("a.wav", riff(b"WAVE", 0xFFFFFFFF, b"data"), id="sound from a pipe"),
        pytest.param("a.wav", riff(b"WAVE", 0x7FFFF024, b"data"), id="sound from another one"),
        pytest.param("a.mp3", WAV, id="WAV named MP3"),
        pytest.param("a.ogg", MP4, id="MP4 named Ogg"),
        pytest.param("a.mp4", MP4 + b"\xff\xff\xff\xffTAGx", id="something behind an MP4"),
        pytest.param("a.mp4", FTYP + b"\0\0\0\0mdat1234", id="a box up to the end"),
        pytest.param("a.mp4", FTYP + b"\0\0\0\1mdat\0\0\0\0\0\0\0\x14abcd", id="a long length"),
        pytest.param("a.mp3", b"\0one", id="a kind that is not known"),
        pytest.param("a.mp3", "\u00e4".encode(), id="letters that are not ASCII"),
        pytest.param("a.png", b"\0\0\0\x10ftypmif1\0\0\0\0", id="a picture of uncertain format"),
        pytest.param("a.tif", b"II*\0", id="TIFF"),
        pytest.param("a.tiff", b"MM\0*", id="TIFF of the other order"),
        pytest.param("a.svg", SVG, id="SVG"),
        pytest.param("a.svg", b"no svg", id="what is read as SVG is told of elsewhere"),
        pytest.param("a.svg", b"<!-- <html> -->" + SVG, id="a page in a comment"),
        pytest.param("a.svg", b"<svg><title>x</title></svg>", id="an element of both"),
        pytest.param("a.woff2", b"wOF2\0\1\0\0\0\0\0\x0c", id="a font"),
        pytest.param("a.css", b"", id="an empty style sheet"),
        pytest.param("a.js", b"// <html>", id="a script"),
    ],
)
def test_what_may_be_shown_is_packed(path: str, content: bytes) -> None:
    assert check(path, content) is None


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        pytest.param("a.png", LFS, "is a pointer of Git LFS", id="a pointer"),
        pytest.param("a.mp3", LFS.replace(b"\n", b"\r\n"), "is a pointer of Git", id="with CRLF"),
        pytest.param("a.svg", LFS, "is a pointer of Git LFS", id="a pointer for a drawing"),
        pytest.param("a.woff2", LFS, "is a pointer of Git LFS", id="a pointer for a font"),
        pytest.param("a.css", LFS, "is a pointer of Git LFS", id="a pointer for a style sheet"),
        pytest.param("a.png", b"", "is empty", id="empty"),
        pytest.param("a.svg", b"", "is empty", id="an empty drawing"),
        pytest.param("a.mp3", b"", "is empty", id="empty sound"),
        pytest.param("a.png", PAGE, "is a web page", id="a page"),
        pytest.param("a.svg", PAGE, "is a web page", id="a page for a drawing"),
        pytest.param("a.mp3", PAGE, "is a web page", id="a page for a sound"),
        pytest.param("a.woff", PAGE, "is a web page", id="a page for a font"),
        pytest.param("a.png", b"\xef\xbb\xbf\r\n " + PAGE, "is a web page", id="after a BOM"),
        pytest.param("a.png", ("\ufeff" + PAGE.decode()).encode("utf-16-le"), "is a web", id="16"),
        pytest.param("a.png", b"<!-- a\n<p> -->\n<HTML>", "is a web page", id="after a comment"),
        pytest.param(
            "a.svg", b'<?xml version="1.0"?>\n<html xmlns="x">', "is a web page", id="XHTML"
        ),
        pytest.param("a.mp3", b"<head>\xc3\xa4</head>", "is a web page", id="a page in UTF-8"),
        pytest.param("a.png", b"404: Not Found", "is a text, which begins", id="an answer"),
        pytest.param("a.png", b'{"error": 1}\r\n', "is a text, which begins", id="JSON"),
        pytest.param("a.mp3", b"../b.mp3", "is a text, which begins", id="a link on Windows"),
        pytest.param("a.jpg", HEIC, "is a HEIC picture: most", id="HEIC"),
        pytest.param("a.jpg", b"\0\0\0\x14ftypheic\0\0\0\0heic", "is a HEIC", id="HEIC alone"),
        pytest.param("a.png", b"%PDF-1.7\n\xe2", "is a PDF: most", id="PDF"),
        pytest.param("a.svg", b"%PDF-1.7\n\xe2", "is a PDF: under", id="PDF for a drawing"),
        pytest.param("a.png", b"PK\3\4\x14", "is a ZIP archive", id="an Office document"),
        pytest.param("a.png", b"8BPS\0\1", "is a Photoshop document", id="PSD"),
        pytest.param("a.png", b"II*\0", "is a TIFF picture: most", id="TIFF"),
        pytest.param("a.png", SVG, "is an SVG drawing: most", id="SVG"),
        pytest.param("a.png", b"<!-- \xc3\xa4 -->" + SVG, "is an SVG", id="SVG after a comment"),
        pytest.param("a.svg", PNG, "is a PNG picture: under", id="PNG named SVG"),
        pytest.param("a.svg", b"\x1f\x8b\x08\0", "is compressed by gzip", id="SVGZ"),
        pytest.param("a.gif", MP4, "is a video or sound in MP4: most", id="a film named GIF"),
        pytest.param("a.mp3", PNG, "is a PNG picture: no device plays", id="PNG named MP3"),
        pytest.param("a.mp4", SVG, "is an SVG drawing: no device plays", id="SVG named MP4"),
        pytest.param("a.png", PNG[:-12], "is cut off", id="PNG without its end"),
        pytest.param("a.png", PNG[:-20], "is cut off", id="PNG cut in its picture"),
        pytest.param("a.png", PNG[:8], "is cut off", id="PNG cut behind its signature"),
        pytest.param("a.jpg", JPEG[:-2], "is cut off", id="JPEG without its end"),
        pytest.param("a.jpg", JPEG[:25], "is cut off", id="JPEG cut in its head"),
        pytest.param("a.png", JPEG[:-1], "is cut off", id="JPEG named PNG"),
        pytest.param("a.gif", GIF[:-4], "is cut off", id="GIF"),
        pytest.param("a.gif", GIF[:9], "is cut off", id="GIF cut in its head"),
        pytest.param("a.webp", WEBP[:-2], "is cut off", id="WebP"),
        pytest.param("a.wav", WAV[:-2], "is cut off", id="WAV"),
        pytest.param("a.mp4", MP4[:-9], "is cut off", id="MP4"),
        pytest.param("a.m4a", FTYP + b"\0\0\0\1mdat\0\0\0\0\0\0\1\0a", "is cut off", id="long"),
        pytest.param("a.woff2", b"wOF2\0\1\0\0\0\0\0\x0d", "is cut off", id="a font"),
    ],
)
def test_what_is_certainly_wrong_is_told(path: str, content: bytes, reason: str) -> None:
    found = check(path, content)
    assert found is not None
    assert found.startswith(reason)


def test_the_help_is_what_brings_the_file() -> None:
    lfs = check_content("a.png", LoadedContent(LFS))
    svg = check_content("a.png", LoadedContent(SVG))
    heic = check_content("a.jpg", LoadedContent(HEIC))
    assert lfs is not None
    assert svg is not None
    assert heic is not None
    assert "`git lfs pull`" in lfs.help
    assert svg.help == "name it `.svg`, and refer to it by that name"
    assert heic.help == "save it as PNG, JPEG or WebP"


def test_the_end_of_a_jpeg_is_found_across_the_pieces_that_are_read() -> None:
    piece = 1 << 20
    for length in range(piece - 20, piece + 4):
        scan = JPEG[:-2] + b"\1" * length
        assert check("a.jpg", scan + b"\xff\xd9" + b"trailing") is None
        assert check("a.jpg", scan + b"trailing") == "is cut off before its end"


@given(st.sampled_from([PNG, JPEG, GIF, WEBP, MP4, WAV]), st.binary(max_size=40), st.data())
def test_whatever_stands_behind_a_whole_file_it_is_packed_and_nothing_raises(
    content: bytes, more: bytes, data: st.DataObject
) -> None:
    path = "a.png" if content in {PNG, JPEG, GIF, WEBP} else "a.mp4"
    if content != MP4:  # what follows the boxes of a video may look like one of them
        assert check(path, content + more) is None
    cut = data.draw(st.integers(0, len(content)))
    suffix = data.draw(st.sampled_from(sorted(ENDINGS)))
    check_content(f"a.{suffix}", LoadedContent(content[:cut] + more))
