"""The log has no personal data in it, whatever was raised."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning

from ui.logs import log_to
from ui.sentences import sentence


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    log_to(tmp_path)
    yield tmp_path
    qInstallMessageHandler(None)
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, RotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()


def written(folder: Path) -> str:
    return (folder / "log" / "centre.log").read_text("utf-8")


def test_what_nobody_foresaw_is_logged_by_type_and_place_only(folder: Path) -> None:
    try:
        raise RuntimeError("PANKHURST, Emmeline 943 476 5919")
    except RuntimeError as error:
        shown = sentence(error)
        logging.getLogger("test").exception("it failed")
    assert "RuntimeError" in shown
    assert "RuntimeError" in written(folder) and "test_logs" not in shown
    assert "it failed" in written(folder)
    assert "PANKHURST" not in written(folder) and "943" not in written(folder)


def test_qt_speaks_into_the_log_but_not_of_a_screen_that_is_none(folder: Path) -> None:
    qWarning("something is odd")
    qWarning("This plugin does not support raise()")
    assert "something is odd" in written(folder)
    assert "plugin" not in written(folder)
