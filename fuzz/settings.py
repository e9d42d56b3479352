"""The text of ankipress.toml."""

import atheris

with atheris.instrument_imports(include=["ankipress", "tomllib"]):
    from harness import fuzz
    from laws import check_settings

fuzz(check_settings)
