"""The text of a lock."""

import atheris

with atheris.instrument_imports(include=["ankipress", "json"]):
    from harness import fuzz
    from laws import check_lock

fuzz(check_lock)
