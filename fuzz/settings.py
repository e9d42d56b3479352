"""The text of ankipress.toml, and the project that it makes of a folder with links out of it."""

import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ankipress.project", "ankipress.media", "tomllib"]):
    from harness import fuzz
    from laws import check_project, check_settings, project_with_links


def _law(content: bytes) -> None:
    check_settings(content)
    check_project(content, _PROJECT)


with tempfile.TemporaryDirectory(prefix="ankipress-fuzz-") as folder:
    _PROJECT = project_with_links(Path(folder))
    fuzz(_law)
