"""A stranger's package, as `ankipress recover` and `ankipress diff` read it: a valid one with the
edits that the bytes choose.
"""

import atheris

with atheris.instrument_imports(include=["ankipress"]):
    from harness import fuzz
    from laws import check_package
    from mutated_packages import mutated

fuzz(lambda content: check_package(mutated(content)))
