"""Cards → fields, through the whole pipeline."""

import atheris

with atheris.instrument_imports(include=["ankipress", "markdown", "pymdownx"]):
    from harness import fuzz
    from laws import check_render

fuzz(check_render)
