"""A stranger's package, as `ankipress recover` reads it."""

import atheris

with atheris.instrument_imports(include=["ankipress", "zipfile"]):
    from harness import fuzz
    from laws import check_package

fuzz(check_package)
