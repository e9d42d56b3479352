"""The text of ankipress.retired, and the package with the tombstones in it."""

import atheris

with atheris.instrument_imports(include=["ankipress.build", "ankipress.identity", "json"]):
    from harness import fuzz
    from laws import check_tombstones

fuzz(check_tombstones)
