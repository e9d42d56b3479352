"""References become files of the package, by content; nothing outside the project is read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from recto.cli.files import DiskMedia
from recto.diagnostics import Location
from recto.media import Refusal, Resolved, media_name, resolve_media
from recto.model import Attributes, Entry, Note, Part, RenderedNote


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with pictures, and a secret beside it."""
    root = tmp_path / "project"
    for path in (
        "media/a.png",
        "media/my pic.png",
        "media/\u00fcber.png",
        "cards/b.svg",
        "media/other/a.png",
        "notes.txt",
        "media/stu\u0308ck.png",
        "media/hash#tag.png",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(path.encode())
    (tmp_path / "secret.png").write_bytes(b"secret")
    if sys.platform != "win32":
        (root / "media" / "link.png").symlink_to(tmp_path / "secret.png")
        (root / "media" / "inside.png").symlink_to("a.png")
        (root / "outside").symlink_to(tmp_path)
        (root / "media" / "loop.png").symlink_to("loop.png")
    return root


def resolve(project: Path, *references: str, path: str = "cards.md") -> Resolved:
    """A card in this file that shows these pictures."""
    text = "\n\n".join(f"![x]({reference})" for reference in references)
    location = Location(path, 1, 1, 4)
    entry = Entry(location, "Q", {"Back": Part(text, 3)}, "basic", Attributes(), (), "Deck", "")
    html = "".join(f'<p><img alt="x" src="{reference}"></p>' for reference in references)
    note = RenderedNote(Note("guid", 1, entry, "Q", "", None), {"Front": "Q", "Back": html})
    return resolve_media([note], DiskMedia(project))


@pytest.mark.parametrize(
    ("reference", "path", "content"),
    [
        pytest.param("media/a.png", "cards.md", b"media/a.png", id="beside the file"),
        pytest.param("../media/a.png", "cards/one.md", b"media/a.png", id="above, inside the project"),
        pytest.param("b.svg", "cards/one.md", b"cards/b.svg", id="in the folder of the file"),
        pytest.param("/media/a.png", "cards/one.md", b"media/a.png", id="from the top, as on GitHub"),
        pytest.param("./media//a.png", "cards.md", b"media/a.png", id="written in a roundabout way"),
        pytest.param("media/my%20pic.png", "cards.md", b"media/my pic.png", id="percent-encoded"),
        pytest.param("media/my pic.png", "cards.md", b"media/my pic.png", id="with a space"),
        pytest.param("media/u\u0308ber.png", "cards.md", "media/\u00fcber.png".encode(), id="decomposed letters"),
        pytest.param("media/stu\u0308ck.png", "cards.md", "media/stu\u0308ck.png".encode(), id="a decomposed name"),
        pytest.param(
            "media/st\u00fcck.png", "cards.md", "media/stu\u0308ck.png".encode(), id="a decomposed name, composed letters"
        ),
        pytest.param("media/hash%23tag.png", "cards.md", b"media/hash#tag.png", id="a percent-encoded hash"),
        pytest.param("media/a.png?raw=true", "cards.md", b"media/a.png", id="with a query"),
    ],
)
def test_found(project: Path, reference: str, path: str, content: bytes) -> None:
    resolved = resolve(project, reference, path=path)
    assert resolved.diagnostics == ()
    assert [file.content for file in resolved.files] == [content]
    assert f'src="{resolved.files[0].name}"' in resolved.notes[0].fields["Back"]


@pytest.mark.parametrize(
    ("reference", "code", "message"),
    [
        pytest.param("media/b.png", "missing-media", 'there is no file "media/b.png"; did you mean "media/a.png"?', id="missing"),
        pytest.param(
            "media/A.png", "missing-media", 'there is no file "media/A.png"; did you mean "media/a.png"?', id="other case"
        ),
        pytest.param("https://a.org/b.png", "remote-media", '"https://a.org/b.png" lies on the network', id="remote"),
        pytest.param("//a.org/b.png", "remote-media", '"//a.org/b.png" lies on the network', id="remote without a scheme"),
        pytest.param("../secret.png", "media-outside", '"../secret.png" lies outside', id="above the project"),
        pytest.param("media/../../secret.png", "media-outside", '"media/../../secret.png" lies outside', id="above by a detour"),
        pytest.param("%2e%2e/secret.png", "media-outside", '"%2e%2e/secret.png" lies outside', id="above, percent-encoded"),
        pytest.param("C:/secret.png", "media-outside", '"C:/secret.png" lies outside', id="a drive"),
        pytest.param("..\\secret.png", "media-outside", '"..\\secret.png" lies outside', id="a path of Windows"),
        pytest.param("\\\\host\\share\\a.png", "media-outside", '"\\\\host\\share\\a.png" lies outside', id="a share"),
        pytest.param("notes.txt", "media-outside", '"notes.txt" lies outside', id="no picture"),
        pytest.param(".git/config", "media-outside", '".git/config" lies outside', id="a file of git"),
    ],
)
def test_refused(project: Path, reference: str, code: str, message: str) -> None:
    resolved = resolve(project, reference)
    assert [problem.code for problem in resolved.diagnostics] == [code]
    assert resolved.diagnostics[0].message.startswith(message)
    assert resolved.diagnostics[0].location == Location("cards.md", 3, 6, len(reference))
    assert resolved.files == ()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows: NOT tested there")
@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("media/inside.png", b"media/a.png"),
        ("media/link.png", Refusal.OUTSIDE),
        ("outside/secret.png", Refusal.OUTSIDE),
    ],
)
def test_links_are_followed_inside_the_project_only(project: Path, path: str, outcome: bytes | Refusal) -> None:
    assert DiskMedia(project).read(path) == outcome


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows: NOT tested there")
def test_a_link_to_itself_ends(project: Path) -> None:
    assert DiskMedia(project).read("media/loop.png") in {Refusal.OUTSIDE, Refusal.MISSING}


def test_a_picture_without_an_address_is_a_problem(project: Path) -> None:
    """The sanitiser has taken away what no card may use, such as `file:`."""
    entry = Entry(Location("cards.md", 1), "Q", {}, "basic", Attributes(), (), "Deck", "")
    note = RenderedNote(Note("guid", 1, entry, "Q", "", None), {"Back": '<img alt="x">'})
    assert [problem.code for problem in resolve_media([note], DiskMedia(project)).diagnostics] == ["media-outside"]


def test_a_file_is_packed_once_and_two_of_one_name_are_told_apart(project: Path) -> None:
    resolved = resolve(project, "media/a.png", "media/a.png", "media/other/a.png")
    assert sorted(file.content for file in resolved.files) == [b"media/a.png", b"media/other/a.png"]
    assert len({file.name for file in resolved.files}) == 2


def test_too_large_a_file_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recto.cli.files.LARGEST", 3)
    assert [problem.code for problem in resolve(project, "media/a.png").diagnostics] == ["media-too-large"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything: unreadable files are NOT tested")
def test_a_file_that_cannot_be_read_is_a_problem(project: Path) -> None:
    (project / "media" / "a.png").chmod(0)
    assert [problem.code for problem in resolve(project, "media/a.png").diagnostics] == ["cannot-read"]


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
    name = media_name(path, b"content")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert name.startswith(start)
    assert len(name) < 120
    assert media_name(path, b"other") != name
