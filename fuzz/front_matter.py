"""The YAML at the head of a file."""

import atheris

with atheris.instrument_imports(include=["ankipress", "yaml"]):
    from harness import decoded, fuzz
    from laws import check_front_matter

fuzz(lambda content: check_front_matter("---\n" + decoded(content)))
