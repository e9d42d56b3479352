"""The workflows that `ankipress init --github` writes: where they go, and where GitHub finds
ankipress's action.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

_FILES = ("deck.yml", "comment.yml", "pages.yml")
_ACTION = re.compile(r"[\w.-]+/[\w.-]+(?:/[\w./-]+)?@[\w./-]+", re.ASCII)


def is_action(text: str) -> bool:
    """Whether it names an action as a workflow does: OWNER/REPO@REF."""
    return _ACTION.fullmatch(text) is not None


def action_of_installation() -> str | None:
    """The action of the very ankipress that runs, where pip installed it from a repository of
    GitHub, pinned by its commit.

    The commit is the one that is installed here, so nothing has to be looked up, and no tag can be
    moved under it.
    """
    try:
        text = distribution("ankipress").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    return action_of_origin(json.loads(text)) if text else None


def action_of_origin(origin: Mapping[str, object]) -> str | None:
    """The action at an origin as PEP 610 records it, None where that is no repository of GitHub."""
    found = re.fullmatch(
        r"(?:https|ssh)://(?:[^/@]+@)?github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?",
        str(origin.get("url")),
    )
    pinned = origin.get("vcs_info")
    return (
        f"{found[1]}@{pinned['commit_id']}"
        if found and isinstance(pinned, dict) and pinned.get("commit_id")
        else None
    )


def repository_top(folder: Path) -> Path:
    """The top of the git repository around a folder, or the folder itself: GitHub reads workflows
    at the top alone.
    """
    folder = folder.resolve()
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def workflows(
    folder: Path, name: str, action: str, release_tag: str
) -> Iterator[tuple[Path, bytes]]:
    """Each workflow for the deck in a folder, and where it goes. A deck below the top has workflows
    of its own name.

    `release_tag` is the setting: tags of that pattern are releases of this deck.
    """
    top = repository_top(folder)
    path = folder.resolve().relative_to(top).as_posix()
    workflow = "deck" if path == "." else f"deck-{name}"
    values = {
        "$workflow": workflow,
        "$action": action,
        "$path": path if path == "." else json.dumps(path),
    }
    # Some characters of a tag are signs of a pattern to GitHub.
    values["$tags"] = json.dumps(
        re.sub(r"([*?+!\[\]\\])", r"\\\1", release_tag.format(name=name, version="\0")).replace(
            "\0", "*"
        )
    )
    for file in _FILES:
        text = (
            files("ankipress.project.starter").joinpath("github", file).read_text(encoding="utf-8")
        )
        for key, value in values.items():
            text = text.replace(key, value)
        place = f"{workflow}.yml" if file == "deck.yml" else f"{workflow}-{file}"
        yield top / ".github" / "workflows" / place, text.replace("\r\n", "\n").encode()
