"""A pull request by someone without ankipress: what only a maintainer can decide is asked, and
fails nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ankipress.diagnostics import Diagnostic, Severity

_WAY_OUT = (
    "whoever merges this says which, and nothing has to be done here; if you know, say it in the pull request.\n"
    "    For maintainers, here or once it is merged: "
)


def as_questions(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics, open cases of identity as warnings.

    A build still refuses them, so no package is made on a guess: they are only put off to the one
    who can write the lock.
    """
    return [
        replace(each, level=Severity.WARNING, help=_WAY_OUT + each.help)
        if each.code == "ambiguous-identity"
        else each
        for each in diagnostics
    ]
