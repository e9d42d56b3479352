"""`pymdownx.snippets`, which puts files into cards, for files of the project alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markdown import Markdown
from pymdownx.snippets import SnippetExtension, SnippetPreprocessor


class OwnSnippets(SnippetExtension):  # type: ignore[misc]
    """Snippets out of a project, whose folder is `root`: nothing is read outside of it, through a
    link neither, nor in hidden folders, which hold secrets of git and of tools, nor from the
    network. Raises ValueError for options that ask for that.
    """

    def __init__(self, options: Mapping[str, Any], root: str) -> None:
        self._root = Path(root).resolve()
        super().__init__(**{**options, "base_path": self._bases(options)})
        if self.getConfig("url_download") or not self.getConfig("restrict_base_path"):
            raise ValueError("neither the network nor files outside the project are read")

    def _bases(self, options: Mapping[str, Any]) -> list[str]:
        """The folders that snippets are looked for in. Raises ValueError."""
        paths = options.get("base_path", ["."])
        if isinstance(paths, str):
            paths = [paths]
        bases = [self._root / path for path in paths]
        for base in bases:
            if not base.resolve().is_relative_to(self._root):
                raise ValueError(f"its base_path {str(base)!r} is outside the project")
        return [str(base) for base in bases]

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the preprocessor."""
        super().extendMarkdown(md)
        config = self.getConfigs()
        md.preprocessors.register(_Preprocessor(config, md, self._root), "snippet", 32)


class _Preprocessor(SnippetPreprocessor):  # type: ignore[misc]
    def __init__(self, config: Mapping[str, Any], md: Markdown, root: Path) -> None:
        super().__init__(config, md)
        self._own = root

    def get_snippet_path(self, path: str) -> str | None:
        """The file of a snippet, None where it is not there or may not be read."""
        found: str | None = super().get_snippet_path(path)
        if found is None:
            return None
        real = Path(found).resolve()
        if not real.is_relative_to(self._own):
            return None
        if any(part.startswith(".") for part in real.relative_to(self._own).parts):
            return None
        return found
