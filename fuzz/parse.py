"""Bytes → entries."""

import atheris

with atheris.instrument_imports(include=["ankipress", "markdown_it"]):
    from harness import fuzz
    from laws import check_parse

fuzz(check_parse)
