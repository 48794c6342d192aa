"""What the Qt binding must not do to the interpreter. See docs/decisions/pyside-6-11.md."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QRectF


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_a_call_that_returns_nothing_leaves_none_alone() -> None:
    box = QRectF(0, 0, 1, 1)
    before = sys.getrefcount(None)
    for _ in range(1000):
        box.setHeight(2)
    assert sys.getrefcount(None) > before - 100
