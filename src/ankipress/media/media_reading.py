"""A file of the project → the content that is packed, or why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from ankipress.media.content_check import check_content
from ankipress.media.media_folder import MediaFolder, Refusal, ending
from ankipress.media.refusals import HELP, Unpackable, explain_refusal
from ankipress.media.svg import SvgError, clean_svg
from ankipress.model import LoadedContent, MediaContent


@dataclass(frozen=True, slots=True)
class PackableFile:
    """The content of a file as it is packed, and what was removed from it."""

    content: MediaContent
    removed: tuple[str, ...] = ()


def find_checked(path: str, folder: MediaFolder) -> MediaContent | Unpackable:
    """The content of the file at a path of the project, if it is what its name says."""
    content = folder.find(path)
    if isinstance(content, Refusal):
        return explain_refusal(content)
    try:
        wrong = check_content(path, content)
    except OSError:
        return explain_refusal(Refusal.CHANGING)
    return wrong or content


def read_media(path: str, folder: MediaFolder) -> PackableFile | Unpackable:
    """The file at a path of the project as it is packed."""
    content = find_checked(path, folder)
    if isinstance(content, Unpackable):
        return content
    if ending(path) != "svg":
        return PackableFile(content)
    try:
        with content.open() as file:
            svg = clean_svg(file.read())
    except SvgError as error:
        reason = f"cannot be packed: {error}"
        return Unpackable("bad-svg", reason, HELP["bad-svg"])
    except OSError:
        return explain_refusal(Refusal.CHANGING)
    return PackableFile(LoadedContent(svg.content), svg.removed)
