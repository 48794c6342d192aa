"""The map on a board: M opens it, the arrows step through it, the list says the same, and it prints."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from coordination.deployment.maps import WardShape
from coordination.deployment.model import Place
from tests.domain.deployment_boards import board, person, visit, worker
from tests.ui.fakes import wait_idle
from ui.deployment import map_words
from ui.deployment.map_paper import MapHeading, map_pdf
from ui.deployment.map_window import MapWindow, scene_of
from ui.style import fonts

SQUARE = ((53.40, -2.30), (53.40, -2.20), (53.50, -2.20), (53.50, -2.30), (53.40, -2.30))
WARDS = [WardShape("E1", "Ardwick", Place(53.45, -2.25), (SQUARE,)), WardShape("E2", "Hulme", Place(53.52, -2.25))]
AMINA = worker(1, "Amina", place=Place(53.45, -2.23))
STOPS = [
    visit(f"Stop{n}", start=(8 + n, 0), to=[(AMINA, (8 + n, 0))], who=person(f"Stop{n}", place=place))
    for n, place in enumerate((Place(53.46, -2.24), Place(53.47, -2.22), None))
]
OPEN = visit("Open", start=(12, 0), who=person("Open", address="1 Oxford Road", place=Place(53.44, -2.21)))
BOARD = board([AMINA, worker(2, "Off", hours=[])], [*STOPS, OPEN])


@pytest.fixture
def opened(desk, dressed, qtbot):  # type: ignore[no-untyped-def]
    noted: list[tuple[object, ...]] = []
    desk.services = SimpleNamespace(
        maps=SimpleNamespace(wards=lambda: WARDS), looks=SimpleNamespace(note_visits=lambda *said: noted.append(said))
    )
    host = QWidget()
    qtbot.addWidget(host)
    windows: list[MapWindow] = []

    def open_(kind: str, visit_=STOPS[1], worker_=AMINA.id) -> MapWindow:  # type: ignore[no-untyped-def]
        shown = MapWindow(host, desk, BOARD, worker_, visit_.id if visit_ else None, kind)
        shown.show()
        windows.append(shown)
        qtbot.waitUntil(lambda: len(shown.model.rows) > 0, timeout=30_000)
        wait_idle(qtbot, desk)
        return shown

    yield SimpleNamespace(open=open_, noted=noted, desk=desk)
    for shown in windows:
        try:
            shown.close()
        except RuntimeError:
            continue


def test_the_arrows_step_through_the_day_and_the_list_goes_along(opened, qtbot) -> None:  # type: ignore[no-untyped-def]
    shown = opened.open("day")
    assert shown.windowTitle() == "Map" and "Stop" not in shown.windowTitle()
    assert shown.view.chosen == shown.table.current.number == 2, "begins at the visit that was chosen on the board"
    assert [map_words.number(r.point) for r in shown.model.rows] == ["Home", "1", "2", "3"]
    view = shown.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.chosen == shown.table.current.number == 3
    assert "place not known" in view.accessibleDescription() and "STOP2" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.chosen == 0, "and round again"
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert view.chosen == 3
    shown.table.select_key(1)
    assert view.chosen == 1 and "09:" not in view.accessibleDescription() and "08:00" in view.accessibleDescription()
    # larger, everything again, and about
    whole = view.lens
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.lens.scale > whole.scale
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.lens.east < whole.east and view.chosen == 1
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.lens == whole
    assert not view.grab().isNull() and view._clusters
    QTest.keyClick(view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shown_still(shown), timeout=30_000)


def shown_still(window: QWidget) -> bool:
    from shiboken6 import isValid

    return isValid(window) and window.isVisible()


def test_candidates_are_ranked_and_the_board_may_change_meanwhile(opened, qtbot) -> None:  # type: ignore[no-untyped-def]
    shown = opened.open("visit", OPEN, None)
    says = [(map_words.number(r.point), r.point.title.split(",")[0]) for r in shown.model.rows]
    assert says == [("Visit", "OPEN"), ("1", "Amina"), ("–", "Off")]
    assert "1 of 2 workers could take it" in map_words.head(shown.view.scene)
    assert "not at work" in map_words.notes(shown.model.rows[2].point).lower()
    assert not shown.kind.isVisible(), "nobody has it, so there is no day to go to"
    shown.view.grab()
    shown.show_board(board([AMINA], [OPEN]))
    qtbot.waitUntil(lambda: len(shown.model.rows) == 2, timeout=30_000)
    # the visit is gone from the board
    shown.show_board(board([AMINA], STOPS))
    qtbot.waitUntil(lambda: not shown.model.rows, timeout=30_000)
    assert shown.view.scene.points == ()
    shown.view.grab()


def test_a_map_prints_in_black_and_white_and_is_noted(opened, qtbot, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from ui.sheets.window import PaperWindow

    before = fonts.font("small", strong=True).pixelSize()
    shown = opened.open("day")
    shown.print_map()
    paper = next(w for w in shown.findChildren(PaperWindow))
    qtbot.waitUntil(lambda: paper.ready and not opened.desk.tasks.busy, timeout=30_000)
    paper.save_to(tmp_path / "map")
    wait_idle(qtbot, opened.desk)
    assert opened.noted == [
        ("export", "deployment", f"map 1 2026-11-23 day {AMINA.id}", "pdf", frozenset(v.id for v in STOPS))
    ]
    document = PdfDocument(tmp_path / "map.pdf")
    text = document[0].get_textpage().get_text_range()
    assert [round(side) for side in document[0].get_size()] == [842, 595]
    assert "STOP1, Emmeline" in text and "0161 496 0101" in text and "Page 1 of 1" in text
    bitmap = document[0].render(scale=0.5)
    blue, green, red = (bytes(bitmap.buffer)[n :: bitmap.n_channels] for n in range(3))
    assert blue == green == red, "no colour"
    document.close()
    assert fonts.font("small", strong=True).pixelSize() == before, "the program's own fonts are left alone"


def test_a_long_day_goes_on_to_further_pages_and_an_empty_one_is_a_page(dressed) -> None:  # type: ignore[no-untyped-def]
    long = [
        visit(f"V{n}", start=(7 + n // 4, n % 4 * 15), minutes=10, to=[(AMINA, (7 + n // 4, n % 4 * 15))],
              who=person(f"V{n}", address="A long address " * 8, place=Place(53.45 + n / 1000, -2.24)))
        for n in range(40)
    ]  # fmt: skip
    heading = MapHeading("Amina", "Mon 23-Nov-2026", "Printed", "")
    made = PdfDocument(map_pdf(WARDS, scene_of(board([AMINA], long), "day", AMINA.id, None), heading))
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in made)
    assert len(made) > 2 and all(f"V{n},Emmeline" in text for n in range(40))
    made.close()
    empty = PdfDocument(map_pdf([], scene_of(board([]), "day", None, None), heading))
    assert len(empty) == 1
    empty.close()
