"""A stranger's package, as `recto recover` reads it."""

import atheris

with atheris.instrument_imports(include=["recto", "zipfile"]):
    from harness import fuzz
    from laws import check_package

fuzz(check_package)
