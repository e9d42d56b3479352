"""The text of recto.toml."""

import atheris

with atheris.instrument_imports(include=["recto", "tomllib"]):
    from harness import fuzz
    from laws import check_settings

fuzz(check_settings)
