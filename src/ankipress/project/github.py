"""The workflows that `ankipress init --github` writes, and the action that they use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

from ankipress.diagnostics import DOCUMENTATION

# The files of the starter, and how their names end in a project.
_FILES = {"deck.yml": ".yml", "comment.yml": "-comment.yml", "pages.yml": "-pages.yml"}
_ACTION = re.compile(r"[\w.-]+/[\w.-]+(?:/[\w./-]+)?@[\w./-]+", re.ASCII)


def is_action(text: str) -> bool:
    """Whether it names an action as a workflow does: OWNER/REPO@REF."""
    return _ACTION.fullmatch(text) is not None


def action_of_installation() -> str | None:
    """The action of this installation of ankipress, pinned by its commit.

    A commit needs no look-up, and unlike a tag it cannot be moved. None where pip did not install
    ankipress from a repository on GitHub.
    """
    try:
        text = distribution("ankipress").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    origin = json.loads(text or "{}")
    return action_of_origin(origin)


def action_of_origin(origin: Mapping[str, Any]) -> str | None:
    """The action at an origin as PEP 610 records it, None where that is no repository of GitHub."""
    found = re.fullmatch(
        r"(?:https|ssh)://(?:[^/@]+@)?github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?",
        str(origin.get("url")),
    )
    commit = origin.get("vcs_info", {}).get("commit_id")
    if found and commit:
        return f"{found[1]}@{commit}"
    return None


def repository_top(folder: Path) -> Path:
    """The top of the git repository around a folder, or the folder itself. GitHub reads workflows
    only there.
    """
    folder = folder.resolve()
    for each in (folder, *folder.parents):
        if (each / ".git").exists():
            return each
    return folder


def workflows(
    folder: Path,
    name: str,
    action: str,
    release_tag: str,
) -> Iterator[tuple[Path, bytes]]:
    """The path and content of each workflow for the deck in a folder.

    The workflows of a deck below the top of the repository have its name. `release_tag` is the
    setting: tags of that pattern are releases of this deck.
    """
    top = repository_top(folder)
    path = folder.resolve().relative_to(top).as_posix()
    workflow = "deck"
    if path != ".":
        workflow = f"deck-{name}"
        path = json.dumps(path)
    tag = release_tag.format(name=name, version="\0")
    # Some characters of a tag are signs of a pattern to GitHub.
    tag = re.sub(r"([*?+!\[\]\\])", r"\\\1", tag).replace("\0", "*")
    values = {
        "$workflow": workflow,
        "$action": action,
        "$documentation": DOCUMENTATION,
        "$path": path,
        "$tags": json.dumps(tag),
    }
    starter = files("ankipress.project.starter") / "github"
    for file, ending in _FILES.items():
        text = (starter / file).read_text(encoding="utf-8").replace("\r\n", "\n")
        for key, value in values.items():
            text = text.replace(key, value)
        yield top / ".github" / "workflows" / f"{workflow}{ending}", text.encode()
