"""Every name of a deck becomes a file that every system can hold, and that a project reads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ankipress.importing.deck_files import decks_of_project, files_of_decks


def paths(*decks: str) -> list[str]:
    return list(files_of_decks(decks).values())


def test_a_path_is_never_too_long() -> None:
    deep = "::".join(["a"] * 3_000)
    wide = "::".join(["ö" * 5_000] * 100)
    assert all(len(path.encode()) <= 160 for path in paths(deep, wide, deep + "b", "😀" * 300))
    assert len(set(paths(deep, deep + "b"))) == 2


def test_no_folder_is_a_file_or_one_that_is_not_read() -> None:
    assert paths("a", "a.md::b", "node_modules::x", "Build::y", "build") == [
        "cards/a.md",
        "cards/a.md_/b.md",
        "cards/node_modules_/x.md",
        "cards/Build_/y.md",
        "cards/build.md",
    ]


def test_no_file_is_a_device_of_windows() -> None:
    assert paths("con", "aux.b", "Nul .md::com1", "console") == [
        "cards/con_.md",
        "cards/aux_.b.md",
        "cards/Nul_ .md_/com1_.md",
        "cards/console.md",
    ]


@given(st.lists(st.text(st.sampled_from("aA.md:/ _con\u0301é"), max_size=12), max_size=6))
def test_no_two_paths_are_one_and_no_file_is_a_folder(decks: list[str]) -> None:
    found = [path.casefold() for path in files_of_decks(dict.fromkeys(decks)).values()]
    assert len(set(found)) == len(found)
    folders = {path[:end] for path in found for end in range(len(path)) if path[end] == "/"}
    assert not folders & set(found)


def test_names_have_no_control_characters() -> None:
    assert decks_of_project(["\x1b[31mred\x07::\x00"], "x") == {"\x1b[31mred\x07::\x00": "[31mred"}
