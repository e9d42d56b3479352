"""What ends the work of ankipress from outside."""

from __future__ import annotations


class Interruption(BaseException):
    """Ends what is being done, from outside: by a person, by the system, or since a time is over.

    Code that answers for whatever others' code raises lets it pass.
    """
