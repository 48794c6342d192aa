"""The row of lights as marks: eight, told by shape and in words, chosen by key and opened by a click."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from coordination.transfer.model import LIGHTS, Light
from ui.style import theme
from ui.transfer import words
from ui.widgets.mark_table import MarkTable
from ui.widgets.marks import SIDE, Mark, mark_at, marks_width, paint_marks
from ui.widgets.table_model import Column, StableTableModel

EIGHT = tuple(Mark("pill", state, f"{n}") for n, state in enumerate(["done", "to_do", "not_needed"] * 3))[:8]


def _grey(mark: Mark) -> bytes:
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
    image.fill(theme.colour("surface"))
    painter = QPainter(image)
    paint_marks(painter, image.rect().toRectF(), (mark,), -1)
    painter.end()
    return bytes(image.convertToFormat(QImage.Format.Format_Mono).constBits())


def test_each_state_has_a_shape_that_needs_no_colour(dressed: Any) -> None:
    """N4, O1: in black and white the three states differ by much of their area."""
    looks = [_grey(Mark("pill", state, "")) for state in ("done", "to_do", "not_needed")]
    for n, one in enumerate(looks):
        for other in looks[n + 1 :]:
            differing = sum((a ^ b).bit_count() for a, b in zip(one, other, strict=True))
            assert differing > SIDE * SIDE // 10


def test_every_light_says_in_words_how_it_stands_and_what_is_missing() -> None:
    for kind in LIGHTS:
        for state in ("to_do", "done", "not_needed"):
            said = words.light_mark(Light(kind, state)).words  # type: ignore[arg-type]
            name, rest = said.split(". ", 1)
            assert name and rest.startswith(("To do: ", "Seen to", "Not needed"))
            assert (": " in rest) == (state == "to_do") and not rest.endswith(": ")
    seen = Light("keys", "done", "Neighbour has one", "Grace", datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert words.light_mark(seen).words == "Keys and access. Seen to. Neighbour has one. Grace, 22-Nov-2026 09:00"


def test_marks_by_key_and_by_click(qtbot: Any, dressed: Any) -> None:
    columns = [
        Column[int]("who", "Person", str, width=100),
        Column[int]("lights", "Lights", lambda _n: "x", marks=lambda _n: EIGHT, width=marks_width(8)),
    ]
    model = StableTableModel(columns, key=lambda n: n)
    table = MarkTable(model)
    qtbot.addWidget(table)
    table.resize(400, 200)
    table.show()
    model.set_rows([1, 2])
    table.selectRow(0)
    chosen, opened = [], []
    table.mark_chosen.connect(chosen.append)
    table.mark_opened.connect(lambda row, number: opened.append((row, number)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(table, key)
    assert chosen == [1, 2, 1, 0, 7] and not opened and table.current == 1
    place = table.visualRect(model.index(1, 1))
    at = QPoint(place.left() + table.left_pad(1) + 3 * 21 + 5, place.center().y())
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert opened == [(2, 3)] and table.current == 2
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, at.y()))
    assert len(opened) == 1


@pytest.mark.parametrize(("x", "found"), [(9, -1), (10, 0), (10 + 21 * 7, 7), (10 + 21 * 8, -1)])
def test_which_mark_lies_where(dressed: Any, x: float, found: int) -> None:
    assert mark_at(EIGHT, 10, x) == found
