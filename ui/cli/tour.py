"""``centre tour``: the main job through the real windows, unattended, with pictures and PDFs to show for it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

DONE, NOT_DONE, NO_TRAINING = 0, 1, 4


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "tour",
        help="go through the main job in the real windows, with pictures",
        description="A call becomes a referral, an assessment, a plan, visits, a stay in an apartment and printed "
        "sheets: keys and clicks in the real windows, on invented people. Each result is read back from the database "
        "by a connection of its own. New people are made on every run.",
        epilog="Exit codes: 0 every step was read back, 1 a step was not (it says which, and leaves a picture of the "
        "moment), 3 no database, 4 no training users here. Without a display it runs all the same, unseen.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where pictures and PDFs go")
    parser.add_argument("--slow", action="store_true", help="slow enough to watch, on a display")
    parser.add_argument("--unseen", action="store_true", help="show nothing, although there is a display")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, opened: Any) -> int:
    """The exit code."""
    if options.unseen or not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        _hush_the_unseen_screen()
    folder: Path = options.out.expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    centre = opened.open()
    if not centre.has_training_users():
        print("The tour works on invented people only, and nobody of the training city signs in here.", file=sys.stderr)
        return NO_TRAINING
    from ui.tour import hands, journey

    hands.pace_ms = 350 if options.slow else 0
    good = journey.run(centre, folder, opened.folder / "tour", lambda words: print(words, flush=True))
    return DONE if good else NOT_DONE


def _hush_the_unseen_screen() -> None:
    """A screen that nobody sees says of every window what it cannot do. All else that Qt has to say is passed on."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    def pass_on(_kind: QtMsgType, _where: object, words: str) -> None:
        if not words.startswith("This plugin does not support"):
            print(words, file=sys.stderr, flush=True)

    qInstallMessageHandler(pass_on)


def has_display() -> bool:
    """Whether windows can be seen; always, but on Linux without a display server."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
