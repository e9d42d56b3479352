"""A Jupyter notebook → Markdown: cells of Markdown are the text, cells of code are fences with
their outputs. Nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic, Location
from ankipress.project.notebook_json import (
    NotebookError,
    PlacedText,
    offset_in_json,
    read_json,
)
from ankipress.project.notebook_outputs import (
    data_of,
    fence_around,
    picture_of,
    place_of,
    shown_text,
)
from ankipress.project.notebooks import LineStarts, Notebook, NotebookPart, NotebookPicture

_SAVE = "save it with a Jupyter of today, which writes nbformat 4"
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_ATTACHED = re.compile(r"(?<=\()attachment:([^)\s]+)")
_FRONT_MATTER = "---"
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)")
_HALF = re.compile("[\ud800-\udfff]")


def read_notebook(json: str, path: str) -> Notebook | Diagnostic:
    """The notebook in a text of JSON, or why there is none."""
    lines = LineStarts(json)
    try:
        return _NotebookReader(json, lines).read()
    except NotebookError as error:
        location = Location(path)
        if error.offset is not None:
            location = lines.location(path, error.offset, error.offset)
        return Diagnostic("bad-notebook", location, str(error), error.help)


class _NotebookReader:
    def __init__(self, json: str, lines: LineStarts) -> None:
        self._json = json
        self._json_lines = lines
        self._texts: list[str] = []
        self._length = 0
        self._parts: list[NotebookPart] = []
        self._pictures: dict[str, NotebookPicture] = {}
        self._language = ""
        self._cell = 0

    def read(self) -> Notebook:
        """The notebook. Raises NotebookError."""
        content = read_json(self._json)
        if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
            raise NotebookError("this file is JSON, and no notebook", _SAVE)
        self._language = _language_of(content.get("metadata"))
        for number, cell in enumerate(_cells_of(content), 1):
            self._cell = number
            self._read_cell(cell)
        if not self._parts:
            self._add("", 0, 1)
        text = "".join(self._texts)
        lines = LineStarts(text)
        return Notebook(text, self._json, self._parts, self._pictures, lines, self._json_lines)

    def _read_cell(self, cell: Any) -> None:
        if not isinstance(cell, dict):
            raise self._wrong("must be an object")
        texts = self._source(cell)
        if not "".join(texts).strip():
            return
        start = texts[0].start
        match cell.get("cell_type"):
            case "markdown":
                self._add_texts(texts, self._attachments(cell))
                fence = _open_fence("".join(texts))
                if fence:  # it ends with its cell, as in Jupyter
                    self._add(f"\n{fence}", start, 1)
            case "code":
                self._add_code(texts, cell)
            case "heading":  # of nbformat 3
                self._add(f"{_marks_of(cell)} ", start, 1)
                self._add_texts(texts)
            case "raw" if not self._parts and texts[0].startswith(_FRONT_MATTER):
                self._add_texts(texts)
            case _:
                return
        self._add("\n\n", start, 1)

    def _source(self, cell: Mapping[str, Any]) -> list[PlacedText]:
        """The text of a cell, in pieces that know where they stand."""
        source = cell.get("source", cell.get("input", []))
        if isinstance(source, str):
            source = [source]
        if not isinstance(source, list) or not all(isinstance(each, str) for each in source):
            raise self._wrong("must have a text as its source")
        for each in source:
            if _HALF.search(each):
                message = f"half of a character stands in cell {self._cell} of this notebook"
                raise NotebookError(message, "delete it in Jupyter", each.start)
        return source

    def _wrong(self, what: str) -> NotebookError:
        return NotebookError(f"cell {self._cell} of this notebook {what}", _SAVE)

    def _attachments(self, cell: Mapping[str, Any]) -> dict[str, str]:
        """The paths of the pictures that are attached to a cell, by name."""
        attached = cell.get("attachments")
        if not isinstance(attached, dict):
            return {}
        return {name: self._keep_picture(data) for name, data in attached.items()}

    def _add_texts(
        self, texts: Sequence[PlacedText], attached: Mapping[str, str] | None = None
    ) -> None:
        """Add the text of a cell. Pictures that are attached get their paths."""
        line = 1
        for text in texts:
            pieces: list[str] = [text]
            if attached:
                pieces = _ATTACHED.split(text)
            self._add_pieces(pieces, text.start, line, attached or {})
            line += text.count("\n")

    def _add_pieces(
        self,
        pieces: Sequence[str],
        start: int,
        line: int,
        attached: Mapping[str, str],
    ) -> None:
        """Add a text in pieces; every second one is the name of an attachment."""
        for number, piece in enumerate(pieces):
            words = piece
            path = ""
            if number % 2:
                words = f"attachment:{piece}"
                path = attached.get(unquote(piece), "")
            if path:
                self._add(path, start, line)
            else:
                self._add(words, start, line, written=True)
            if len(pieces) > 1:
                start = offset_in_json(self._json, start, len(words))
                line += words.count("\n")

    def _add(
        self,
        text: str,
        start: int,
        line: int,
        *,
        written: bool = False,
    ) -> None:
        """Add a text that stands at an offset of the JSON, or stands for what is there.

        Lines end with a line feed alone. All offsets stay as they are.
        """
        part = NotebookPart(self._length, start, self._cell, line, written)
        self._parts.append(part)
        self._texts.append(text.replace("\r\n", " \n").replace("\r", "\n"))
        self._length += len(text)

    def _add_code(self, texts: Sequence[PlacedText], cell: Mapping[str, Any]) -> None:
        language = self._language
        if isinstance(cell.get("language"), str):
            language = _plain_language(cell["language"])
        start = texts[0].start
        fence = fence_around("".join(texts))
        self._add(f"{fence}{language}\n", start, 1)
        self._add_texts(texts)
        self._add(f"\n{fence}", start, 1)
        outputs = cell.get("outputs", [])
        if not isinstance(outputs, list):
            raise self._wrong("must have a list of outputs")
        for output in outputs:
            self._add_output(output, start)

    def _add_output(self, output: Any, start: int) -> None:
        """Add what an output shows. `start` is where its cell stands."""
        if not isinstance(output, dict):
            raise self._wrong("has an output that is none")
        data = data_of(output)
        picture = self._keep_picture(data)
        shown = f"![output]({picture})"
        if not picture:
            shown = shown_text(output)
        if not shown:
            return
        place = place_of(data) or place_of(output)
        if place is not None:
            start = place.start
        self._add(f"\n\n{shown}", start, 0)

    def _keep_picture(self, data: Any) -> str:
        """The path of the picture among what is shown, which is kept; empty where there is none."""
        picture = picture_of(data)
        if picture is None:
            return ""
        digest = sha256(picture.content).hexdigest()
        path = f".outputs/{digest[:16]}/output.{picture.ending}"
        self._pictures[path] = NotebookPicture(picture.content, digest)
        return path


def _cells_of(content: Mapping[str, Any]) -> list[Any]:
    """The cells of a notebook. Raises NotebookError."""
    version = content["nbformat"]
    cells = content.get("cells")
    if version == 3:
        cells = _cells_of_worksheets(content.get("worksheets"))
    elif version != 4:
        raise NotebookError(f"this notebook has nbformat {version}, which is not known", _SAVE)
    if not isinstance(cells, list):
        raise NotebookError("this notebook has no list of cells", _SAVE)
    return cells


def _cells_of_worksheets(worksheets: Any) -> list[Any] | None:
    if not isinstance(worksheets, list):
        return None
    cells: list[Any] = []
    for each in worksheets:
        if not isinstance(each, dict) or not isinstance(each.get("cells"), list):
            return None
        cells += each["cells"]
    return cells


def _open_fence(text: str) -> str:
    """The fence that is open at the end of a text, empty where there is none."""
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if not found:
            continue
        if not fence:
            fence = found[1]
        elif found[1].startswith(fence) and not found[2].strip():
            fence = ""
    return fence


def _marks_of(cell: Mapping[str, Any]) -> str:
    """The marks of a heading."""
    level = cell.get("level")
    if isinstance(level, int) and 1 <= level <= 6:
        return "#" * level
    return "#"


def _language_of(metadata: Any) -> str:
    """The language of the kernel; Python, where the notebook does not say it."""
    if not isinstance(metadata, dict):
        return "python"
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        about = metadata.get(key)
        if isinstance(about, dict) and isinstance(about.get(name), str):
            return _plain_language(about[name])
    return "python"


def _plain_language(name: str) -> str:
    """A name that is one word behind a fence, empty where it is none."""
    if _LANGUAGE.fullmatch(name):
        return name.lower()
    return ""
