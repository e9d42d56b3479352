"""The add-on by which scripts/anki_screenshot.py works inside the desktop: it studies a package,
and photographs each side.

It runs in Anki's own process; what it is to do stands in the environment, as JSON.
"""

from __future__ import annotations

import json
import os
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from aqt import gui_hooks, mw
from aqt.qt import QTimer
from aqt.theme import Theme

TASK = json.loads(os.environ["ANKIPRESS_SCREENSHOTS"])
TICK = 40  # milliseconds
PAINTING = 8  # ticks that the window has to paint what the page shows


def study() -> Iterator[None]:
    """Import, and go through all cards; each `yield` lets Anki work for a tick."""
    mw.set_theme(Theme.DARK if TASK["theme"] == "dark" else Theme.LIGHT)
    mw.resize(*TASK["size"])
    request = ImportAnkiPackageRequest(
        package_path=TASK["package"], options=ImportAnkiPackageOptions()
    )
    mw.col.import_anki_package(request)
    choose()
    for deck in mw.col.decks.all_names_and_ids():
        mw.col.decks.select(deck.id)
        mw.moveToState("overview")
        yield
        mw.moveToState("review")
        yield
        while mw.state == "review" and mw.reviewer.card:
            yield from photograph("front")
            mw.reviewer._showAnswer()
            yield from photograph("back")
            mw.col.sched.suspend_cards([mw.reviewer.card.id])
            mw.reviewer.nextCard()
            yield


def choose() -> None:
    """Study what was asked for, and all of it in one day."""
    for config in mw.col.decks.all_config():
        config["new"].update(perDay=9999, bury=False)
        mw.col.decks.update_config(config)
    for card_id in mw.col.find_cards(""):
        words = mw.col.get_card(card_id).note().fields[0].lower()
        if TASK["only"] and TASK["only"].lower() not in words:
            mw.col.sched.suspend_cards([card_id])


def photograph(side: str) -> Iterator[None]:
    """Save what the window shows, once the page is there and painted."""
    state: dict[str, Any] = {}
    while state.get("opacity") != "1":
        mw.web.evalWithCallback(
            "document.getElementById('qa')?.style.opacity",
            lambda value: state.update(opacity=value),
        )
        yield
        yield
    for _ in range(PAINTING):
        yield
    card = mw.reviewer.card
    plain = mw.col._backend.html_to_text_line(
        text=card.note().fields[0], preserve_media_filenames=False
    )
    words = "-".join(re.findall(r"\w+", plain.lower())[:6])
    name = f"{words[:50]}-{card.ord + 1}-{side}-{TASK['theme']}.png"
    mw.grab().save(str(Path(TASK["output"]) / name))


def start() -> None:
    """Take a step of the study at every tick, and leave when it is done or has failed."""
    steps = study()
    timer = QTimer(mw)

    def tick() -> None:
        try:
            next(steps)
        except StopIteration:
            timer.stop()
            mw.unloadProfileAndExit()
        except Exception:
            timer.stop()
            Path(TASK["output"], "error.txt").write_text(traceback.format_exc(), encoding="utf-8")
            mw.unloadProfileAndExit()

    timer.timeout.connect(tick)
    timer.start(TICK)


gui_hooks.main_window_did_init.append(lambda: QTimer.singleShot(500, start))
