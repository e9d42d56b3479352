"""References become files of the package, by content; nothing outside the project is read."""

from __future__ import annotations

import itertools
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ankipress.diagnostics import Location
from ankipress.media.media_folder import Refusal, media_name
from ankipress.media.resolve import ResolvedMedia, resolve_media
from ankipress.model import (
    Attributes,
    Entry,
    LoadedContent,
    MediaFile,
    Note,
    Part,
    RenderedNote,
)
from ankipress.project.media_files import DiskMedia

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1"/></svg>\n'


def content_of(path: str) -> bytes:
    """What stands in a file: another content for each path, and no text."""
    return b"\0" + path.encode()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with pictures, and a secret beside it."""
    root = tmp_path / "project"
    for path in (
        "media/a.png",
        "media/my pic.png",
        "media/\u00fcber.png",
        "media/other/a.png",
        "notes.txt",
        "media/stu\u0308ck.png",
        "media/hash#tag.png",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content_of(path))
    (root / "media" / "folder.png").mkdir()
    (root / "media" / "zwei").mkdir()
    (root / "media" / "zwei" / "st\u00fcck.png").write_bytes(b"\0zwei")
    (
        root / "media" / ("a:b|c?.png" if sys.platform != "win32" else "a%3Ab%7Cc%3F.png")
    ).write_bytes(b"\0forbidden")
    (root / "cards").mkdir()
    (root / "cards" / "b.svg").write_bytes(SVG)
    (tmp_path / "secret.png").write_bytes(b"secret")
    if sys.platform != "win32":
        (root / "media" / "link.png").symlink_to(tmp_path / "secret.png")
        (root / "media" / "inside.png").symlink_to("a.png")
        (root / "outside").symlink_to(tmp_path)
        (root / "media" / "loop.png").symlink_to("loop.png")
    return root


def in_markdown(reference: str) -> str:
    """A reference as it is written between angle brackets."""
    return reference.replace("\\", "\\\\")


def resolve(project: Path, *references: str, path: str = "cards.md") -> ResolvedMedia:
    """A card in this file that shows these pictures."""
    text = "\n\n".join(f"![x](<{in_markdown(reference)}>)" for reference in references)
    location = Location(path, 1, 1, 4)
    entry = Entry(location, "Q", {"Back": Part(text, 3)}, "basic", Attributes(), (), "Deck", "")
    html = "".join(f'<p><img alt="x" src="{reference}"></p>' for reference in references)
    note = RenderedNote(Note("guid", 1, entry, "Q", ""), {"Front": "Q", "Back": html})
    return resolve_media([note], DiskMedia(project))


@pytest.mark.parametrize(
    ("reference", "path", "content"),
    [
        pytest.param("media/a.png", "cards.md", content_of("media/a.png"), id="beside the file"),
        pytest.param(
            "../media/a.png",
            "cards/one.md",
            content_of("media/a.png"),
            id="above, inside the project",
        ),
        pytest.param("b.svg", "cards/one.md", SVG, id="in the folder of the file"),
        pytest.param(
            "/media/a.png",
            "cards/one.md",
            content_of("media/a.png"),
            id="from the top, as on GitHub",
        ),
        pytest.param(
            "./media//a.png",
            "cards.md",
            content_of("media/a.png"),
            id="written in a roundabout way",
        ),
        pytest.param(
            "media/my%20pic.png", "cards.md", content_of("media/my pic.png"), id="percent-encoded"
        ),
        pytest.param(
            "media/my pic.png", "cards.md", content_of("media/my pic.png"), id="with a space"
        ),
        pytest.param(
            "media/u\u0308ber.png",
            "cards.md",
            content_of("media/\u00fcber.png"),
            id="decomposed letters",
        ),
        pytest.param(
            "media/stu\u0308ck.png",
            "cards.md",
            content_of("media/stu\u0308ck.png"),
            id="a decomposed name",
        ),
        pytest.param(
            "media/st\u00fcck.png",
            "cards.md",
            content_of("media/stu\u0308ck.png"),
            id="a decomposed name, composed letters",
        ),
        pytest.param(
            "media/hash%23tag.png",
            "cards.md",
            content_of("media/hash#tag.png"),
            id="a percent-encoded hash",
        ),
        pytest.param(
            "media/zwei/stu%CC%88ck.png",
            "cards.md",
            b"\0zwei",
            id="composed folder, percent-encoded decomposed name",
        ),
        pytest.param(
            "media/a%3Ab%7Cc%3F.png",
            "cards.md",
            b"\0forbidden",
            id="characters that other systems forbid",
        ),
        pytest.param(
            "media/a.png?raw=true", "cards.md", content_of("media/a.png"), id="with a query"
        ),
    ],
)
def test_found(project: Path, reference: str, path: str, content: bytes) -> None:
    resolved = resolve(project, reference, path=path)
    assert resolved.diagnostics == ()
    assert [file.read() for file in resolved.files] == [content]
    assert f'src="{resolved.files[0].name}"' in resolved.notes[0].fields["Back"]


@pytest.mark.parametrize(
    ("reference", "code", "message"),
    [
        pytest.param(
            "media/b.png",
            "missing-media",
            'there is no file "media/b.png"; did you mean "media/a.png"?',
            id="missing",
        ),
        pytest.param(
            "media/A.png",
            "missing-media",
            'there is no file "media/A.png": upper and lower case count, it is "media/a.png"',
            id="other case",
        ),
        pytest.param(
            "https://a.org/b.png",
            "remote-media",
            '"https://a.org/b.png" lies on the network',
            id="remote",
        ),
        pytest.param(
            "//a.org/b.png",
            "remote-media",
            '"//a.org/b.png" lies on the network',
            id="remote without a scheme",
        ),
        pytest.param(
            "../secret.png", "media-outside", '"../secret.png" lies outside', id="above the project"
        ),
        pytest.param(
            "media/../../secret.png",
            "media-outside",
            '"media/../../secret.png" lies outside',
            id="above by a detour",
        ),
        pytest.param(
            "%2e%2e/secret.png",
            "media-outside",
            '"%2e%2e/secret.png" lies outside',
            id="above, percent-encoded",
        ),
        pytest.param(
            "C:/secret.png", "media-outside", '"C:/secret.png" lies outside', id="a drive"
        ),
        pytest.param(
            "..\\secret.png",
            "media-outside",
            '"..\\secret.png" lies outside',
            id="a path of Windows",
        ),
        pytest.param(
            "\\\\host\\share\\a.png",
            "media-outside",
            '"\\\\host\\share\\a.png" lies outside',
            id="a share",
        ),
        pytest.param(
            "..%2Fsecret.png",
            "media-outside",
            '"..%2Fsecret.png" lies outside',
            id="above, the slash percent-encoded",
        ),
        pytest.param(
            "..%5Csecret.png",
            "media-outside",
            '"..%5Csecret.png" lies outside',
            id="a path of Windows, encoded",
        ),
        pytest.param(
            "%2Fetc/x.png",
            "missing-media",
            'there is no file "%2Fetc/x.png"',
            id="absolute, percent-encoded",
        ),
        pytest.param(
            "/etc/x.png",
            "missing-media",
            'there is no file "/etc/x.png"',
            id="absolute: from the top of the project",
        ),
        pytest.param("///etc/x.png", "remote-media", '"///etc/x.png" lies', id="three slashes"),
        pytest.param(
            "/../../secret.png",
            "media-outside",
            '"/../../secret.png" lies outside',
            id="above the top",
        ),
        pytest.param(
            "c:secret.png",
            "media-outside",
            '"c:secret.png" lies outside',
            id="a drive without a slash",
        ),
        pytest.param(
            "FILE:///secret.png",
            "remote-media",
            '"FILE:///secret.png" lies',
            id="file: in capitals",
        ),
        pytest.param(
            "media/a.png%00.txt",
            "media-outside",
            '"media/a.png%00.txt" lies outside',
            id="NUL, percent-encoded",
        ),
        pytest.param(
            "media/a.png/../../../secret.png",
            "media-outside",
            '"media/a.png/',
            id="above, through a file",
        ),
        pytest.param("media", "media-outside", '"media" lies outside', id="a folder"),
        pytest.param(
            "media/folder.png",
            "cannot-read",
            '"media/folder.png" cannot be read',
            id="a folder that looks like a picture",
        ),
        pytest.param(
            "CON.png", "missing-media", 'there is no file "CON.png"', id="a device of Windows"
        ),
        pytest.param(
            "media/NUL.png",
            "missing-media",
            'there is no file "media/NUL.png"',
            id="another one, in a folder",
        ),
        pytest.param(
            "media/a.png::$DATA.png",
            "missing-media",
            'there is no file "media/a.png::$DATA.png"',
            id="a stream of Windows",
        ),
        pytest.param(
            "media/a.png.",
            "media-outside",
            '"media/a.png." lies outside',
            id="a dot that Windows drops",
        ),
        pytest.param(
            "media /a.png",
            "missing-media",
            'there is no file "media /a.png"',
            id="a space that Windows drops",
        ),
        pytest.param(
            "MEDIA/a.png",
            "missing-media",
            'there is no file "MEDIA/a.png": upper',
            id="other case in the folder",
        ),
        pytest.param(
            "m%C3%A9dia/a.png",
            "missing-media",
            'there is no file "m%C3%A9dia/a.png"',
            id="another letter",
        ),
        pytest.param(
            "media/%ff.png",
            "missing-media",
            'there is no file "media/%ff.png"',
            id="not UTF-8, percent-encoded",
        ),
        pytest.param(
            "a" * 5000 + ".png", "missing-media", 'there is no file "aaa', id="a long name"
        ),
        pytest.param(
            "a/" * 3000 + "b.png", "missing-media", 'there is no file "a/a/', id="deep folders"
        ),
        pytest.param("notes.txt", "media-outside", '"notes.txt" lies outside', id="no picture"),
        pytest.param(
            ".git/config", "media-outside", '".git/config" lies outside', id="a file of git"
        ),
    ],
)
def test_refused(project: Path, reference: str, code: str, message: str) -> None:
    resolved = resolve(project, reference)
    assert [problem.code for problem in resolved.diagnostics] == [code]
    assert resolved.diagnostics[0].message.startswith(message)
    width = len(in_markdown(reference))
    assert resolved.diagnostics[0].location == Location("cards.md", 3, 7, width)
    assert resolved.files == ()


def test_a_file_that_is_no_picture_is_told_at_each_of_its_references(project: Path) -> None:
    (project / "media" / "p.png").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    resolved = resolve(project, "media/p.png", "media/a.png", "media/p.png")
    found = resolved.diagnostics
    assert [(each.code, each.location.line, each.location.column) for each in found] == [
        ("bad-media", 3, 7),
        ("bad-media", 7, 7),
    ]
    assert found[0].message.startswith('"media/p.png" is a pointer of Git LFS')
    assert "git lfs pull" in found[0].help
    assert [file.read() for file in resolved.files] == [content_of("media/a.png")]


def test_a_drawing_without_its_namespace_is_told(project: Path) -> None:
    (project / "media" / "d.svg").write_bytes(b"<svg/>")
    [found] = resolve(project, "media/d.svg").diagnostics
    assert found.code == "bad-svg"
    assert 'xmlns="http://www.w3.org/2000/svg"' in found.message
    assert found.location == Location("cards.md", 3, 7, 11)


def test_the_wrong_case_is_mended_where_it_stands(project: Path) -> None:
    found = resolve(project, "media/MY%20PIC.png").diagnostics[0]
    assert (found.location, found.fix) == (Location("cards.md", 3, 7, 18), "media/my%20pic.png")
    assert (
        resolve(project, "../MEDIA/my pic.png", path="cards/one.md").diagnostics[0].fix
        == "../media/my%20pic.png"
    )
    assert (
        resolve(project, "/Media/a.png", path="cards/one.md").diagnostics[0].fix == "/media/a.png"
    )


def test_the_same_mistake_is_told_at_each_place(project: Path) -> None:
    places = [
        each.location for each in resolve(project, "no.png", "media/a.png", "no.png").diagnostics
    ]
    assert [(each.line, each.column) for each in places] == [(3, 7), (7, 7)]


def test_a_file_in_another_folder_is_suggested(project: Path) -> None:
    [found] = resolve(project, "figures/two/b.svg").diagnostics
    assert found.message.endswith('; did you mean "cards/b.svg"?')
    assert found.fix is None


@pytest.mark.skipif(
    sys.platform == "win32", reason="links need rights on Windows: NOT tested there"
)
@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("media/inside.png", content_of("media/a.png")),
        ("media/link.png", Refusal.OUTSIDE),
        ("outside/secret.png", Refusal.OUTSIDE),
    ],
)
def test_links_are_followed_inside_the_project_only(
    project: Path, path: str, outcome: bytes | Refusal
) -> None:
    found = DiskMedia(project).find(path)
    if isinstance(found, Refusal):
        assert found is outcome
    else:
        assert MediaFile("x", found).read() == outcome


@pytest.mark.skipif(
    sys.platform == "win32", reason="links need rights on Windows: NOT tested there"
)
def test_a_link_to_itself_ends(project: Path) -> None:
    assert DiskMedia(project).find("media/loop.png") in {Refusal.OUTSIDE, Refusal.MISSING}


def _mkfifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(os.path.relpath(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here: NOT tested")
@pytest.mark.parametrize(
    "make", [pytest.param(_mkfifo, id="a pipe"), pytest.param(_socket, id="a socket")]
)
def test_what_is_no_file_is_not_opened(project: Path, make: Callable[[Path], object]) -> None:
    make(project / "media" / "p.png")
    assert DiskMedia(project).find("media/p.png") is Refusal.UNREADABLE


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here: NOT tested")
def test_a_device_is_not_read(project: Path) -> None:
    (project / "media" / "zero.png").symlink_to("/dev/zero")
    assert DiskMedia(project).find("media/zero.png") is Refusal.OUTSIDE
    assert DiskMedia(Path("/dev")).find("zero") is Refusal.UNREADABLE


@pytest.mark.skipif(sys.platform == "win32", reason="such names are no names there")
def test_a_name_that_is_not_utf8_is_no_suggestion(project: Path) -> None:
    try:
        (project / "media" / os.fsdecode(b"\xff.png")).write_bytes(b"")
    except OSError:
        pytest.skip("THIS DISK HAS NO SUCH NAMES: not tested")
    [found] = resolve(project, "media/x.png").diagnostics
    found.message.encode()


def test_a_file_that_grows_while_it_is_read_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a picture must not be packed."""
    sizes = itertools.count(5)
    real = os.fstat
    monkeypatch.setattr(
        "ankipress.project.media_files.os.fstat",
        lambda number: os.stat_result([*real(number)[:6], next(sizes), *real(number)[7:]]),
    )
    (project / "media" / "a.png").write_bytes(b"a" * 10)
    assert [each.message for each in resolve(project, "media/a.png").diagnostics] == [
        '"media/a.png" changed while it was read'
    ]


def test_a_picture_without_an_address_is_a_problem(project: Path) -> None:
    """The sanitiser has taken away what no card may use, such as `file:`."""
    entry = Entry(Location("cards.md", 1), "Q", {}, "basic", Attributes(), (), "Deck", "")
    note = RenderedNote(Note("guid", 1, entry, "Q", ""), {"Back": '<img alt="x">'})
    assert [problem.code for problem in resolve_media([note], DiskMedia(project)).diagnostics] == [
        "media-outside"
    ]


def test_a_file_is_packed_once_and_two_of_one_name_are_told_apart(project: Path) -> None:
    resolved = resolve(project, "media/a.png", "media/a.png", "media/other/a.png")
    assert sorted(file.read() for file in resolved.files) == [
        content_of("media/a.png"),
        content_of("media/other/a.png"),
    ]
    assert len({file.name for file in resolved.files}) == 2


def test_a_large_sparse_file_is_refused_unread(project: Path) -> None:
    with (project / "media" / "a.png").open("wb") as file:
        file.truncate(2**40)
    assert DiskMedia(project).find("media/a.png") is Refusal.TOO_LARGE


def test_too_large_a_file_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ankipress.project.media_files.LARGEST", 3)
    assert [problem.code for problem in resolve(project, "media/a.png").diagnostics] == [
        "media-too-large"
    ]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0,
    reason="root reads everything: unreadable files are NOT tested",
)
def test_a_file_that_cannot_be_read_is_a_problem(project: Path) -> None:
    (project / "media" / "a.png").chmod(0)
    assert [problem.code for problem in resolve(project, "media/a.png").diagnostics] == [
        "cannot-read"
    ]


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("media/a.png", "a-"),
        ("Größe & Maß.PNG", "groe-ma-"),
        ("日本.svg", "media-"),
        ("x" * 300 + ".png", "x" * 40 + "-"),
        ("[a]:<b>|c?.png", "a-b-c-"),
    ],
)
def test_names_are_safe_everywhere(path: str, start: str) -> None:
    name = media_name(path, LoadedContent(b"content"))
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert name.startswith(start)
    assert len(name) < 120
    assert media_name(path, LoadedContent(b"other")) != name
