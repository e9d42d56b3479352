"""The files of tombstones: what is there is packed, what is no picture is told."""

from __future__ import annotations

from ankipress.diagnostics import Location
from ankipress.media.tombstone_media import kept_media
from ankipress.model import LoadedContent, MediaFile, Tombstone
from author import picture
from stages import Files

OWN = MediaFile("m.png", LoadedContent(picture(1)))
TOMBSTONE = Tombstone("g", "basic", (), (), ("z.png", "a.mp3", "gone.png", "m.png"), "1.0.0", 1)


def test_files_of_tombstones_stand_among_the_others_by_name() -> None:
    files = Files({"retired/z.png": picture(2), "retired/a.mp3": b"\0sound"})
    kept = kept_media([OWN], [TOMBSTONE], files)
    assert [each.name for each in kept.files] == ["a.mp3", "m.png", "z.png"]
    assert kept.diagnostics == ()


def test_a_pointer_of_git_lfs_in_the_place_of_one_is_told() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"
    files = Files({"retired/z.png": pointer, "retired/a.mp3": b"", "retired/m.png": pointer})
    kept = kept_media([OWN], [TOMBSTONE], files)
    assert [each.name for each in kept.files] == ["m.png"]
    assert [(each.code, each.location, each.message) for each in kept.diagnostics] == [
        ("bad-media", Location("retired/a.mp3"), "this file of a retired note is empty"),
        (
            "bad-media",
            Location("retired/z.png"),
            (
                "this file of a retired note is a pointer of Git LFS, and the file itself was not"
                " fetched"
            ),
        ),
    ]
