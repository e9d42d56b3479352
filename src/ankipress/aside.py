"""Work that goes on in a thread of its own while this one does something else: for what lets others
work meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread


def aside(work: Callable[[], None]) -> Callable[[], None]:
    """Begin some work; what is given waits until it is done, and raises what it raised.

    Where the system allows no more threads, the work is done at once.
    """
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again where somebody waits
            errors.append(error)

    thread = Thread(target=run)
    try:
        thread.start()
    except RuntimeError:
        run()

    def wait() -> None:
        if thread.ident is not None:
            thread.join()
        if errors:
            raise errors[0]

    return wait
