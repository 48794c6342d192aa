"""Tests of the screens run without a display; Qt warnings and threads left behind fail them."""

from __future__ import annotations

import os
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QSettings

from tests.ui.fakes import make_desk
from ui.style import theme


@pytest.fixture(autouse=True)
def no_thread_left_behind():
    """Name the thread that a test leaves running."""
    before = set(threading.enumerate())
    yield
    left = [
        thread.name
        for thread in threading.enumerate()
        # Qt's own threads that came back into Python for a moment are called Dummy-N
        if thread not in before and thread.is_alive() and not thread.name.startswith("Dummy")
    ]
    assert not left, f"threads left behind: {left}"


@pytest.fixture
def dressed(qapp):
    """The look of the program, light."""
    theme.apply(qapp, "light")
    return qapp


@pytest.fixture
def desk(qapp, tmp_path):
    """A desk without services; see tests/ui/fakes.py."""
    made = make_desk(tmp_path)
    yield made
    made.tasks.close()


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
