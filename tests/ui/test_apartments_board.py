"""The calendar by keys and mouse on a real database: moved, extended, refused with what is free, exchanged, undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from coordination.apartments.model import Stay, StayDraft
from coordination.errors import Refused
from coordination.values import DateRange, PersonId, StayId, new_id
from tests.database import CentreDb
from tests.ui.test_apartments_page import TODAY, Room
from ui.apartments.page_list import StayList, seen
from ui.apartments.page_paper import board_pdf, sheet_of
from ui.sentences import sentence

SHIFT = Qt.KeyboardModifier.ShiftModifier
SPAN = DateRange.of(TODAY - timedelta(days=60), 180)


@pytest.fixture
def room(centre_db: CentreDb, qtbot: object, dressed: object, tmp_path: object) -> Iterator[Room]:
    made = Room(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def person(room: Room, surname: str) -> PersonId:
    key = new_id()
    with room.db.owner.begin() as c:
        c.execute(text("insert into person (id, surname, given) values (:p, :s, 'Ann')"), {"p": key, "s": surname})
    return PersonId(key)


def booked(room: Room, flat: int, who: PersonId, ahead: int, days: int) -> Stay:
    apartment = room.service.board(SPAN).apartments[flat].id
    period = DateRange.of(TODAY + timedelta(days=ahead), days)
    stay = room.service.book(StayId(new_id()), StayDraft(apartment, period, person_id=who))
    room.page.refresh()
    room.idle()
    room.page.board.choose_stay(stay.id)
    return stay


def place(room: Room, stay: Stay) -> tuple[str, int, int]:
    """Apartment, days from today, length; and what follows stands right behind."""
    board = room.service.board(SPAN)
    now = board.stay(stay.id)
    assert now is not None
    after = [(s.kind, s.apartment_id, (s.period.start - now.period.end).days) for s in board.following(stay.id)]
    assert after == [("cleaning", now.apartment_id, 0), ("inspection", now.apartment_id, 1)]
    return board.apartment(now.apartment_id).name, (now.period.start - TODAY).days, now.period.days


def keys(room: Room, *pressed: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in pressed:
        room.press(room.page.board, key, modifier)


def test_a_stay_is_moved_extended_and_shortened_by_keys_and_all_of_it_undone(room: Room) -> None:
    key, page = Qt.Key, room.page
    stay = booked(room, 0, room.person, 3, 5)
    keys(room, key.Key_Space, key.Key_Right, key.Key_Right, key.Key_Down, key.Key_Return)
    assert place(room, stay) == ("Flat 2", 5, 5)
    keys(room, key.Key_Right, key.Key_Right, modifier=SHIFT)
    keys(room, key.Key_Return)
    assert place(room, stay) == ("Flat 2", 5, 7)
    keys(room, key.Key_Left, modifier=SHIFT)
    keys(room, key.Key_Return)
    keys(room, key.Key_Space, key.Key_Right, key.Key_Escape)
    assert place(room, stay) == ("Flat 2", 5, 6), "Esc leaves it where it was"
    assert len(page.undo_stack.done) == 3
    for expected in (("Flat 2", 5, 7), ("Flat 2", 5, 5), ("Flat 1", 3, 5)):
        page.take_back()
        room.idle()
        assert place(room, stay) == expected
    page.undo_stack.redo()
    room.idle()
    assert place(room, stay) == ("Flat 2", 5, 5)
    box = page.board.stay_box(page.board.stay, page.board.laid.line_of[page.board.stay.apartment_id])
    view, start = page.board.viewport(), box.center().toPoint()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    day = round(box.width() / 5)
    QTest.mouseMove(view, start + QPoint(QApplication.startDragDistance() + day, 0))
    QTest.mouseMove(view, start + QPoint(2 * day, -round(box.height())))
    carry = page.board.carry
    assert carry is not None and carry.is_open and carry.openings(carry.apartment)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(2 * day, -round(box.height())))
    room.idle()
    assert place(room, stay) == ("Flat 1", 7, 5), "the same with the mouse"


def test_a_refusal_offers_what_is_free_and_two_change_places_whole(room: Room) -> None:
    key, page = Qt.Key, room.page
    other = booked(room, 1, person(room, "Other"), 4, 10)
    stay = booked(room, 0, room.person, 3, 5)
    keys(room, key.Key_Space, key.Key_Down, key.Key_Return)
    error = room.desk.notices.said[-1][1]
    assert isinstance(error, Refused) and "OTHER, Ann" in sentence(error)
    assert page.choices.says[0] == "Change places with OTHER, Ann"
    assert any(says.startswith("From ") for says in page.choices.says)
    keys(room, key.Key_Escape)
    assert page.choices.count == 0 and place(room, stay) == ("Flat 1", 3, 5)
    keys(room, key.Key_Space, key.Key_Down, key.Key_Return)
    room.run("choice_1")
    assert (place(room, stay)[0], place(room, other)[0]) == ("Flat 2", "Flat 1")
    page.take_back()
    room.idle()
    assert (place(room, stay)[0], place(room, other)[0]) == ("Flat 1", "Flat 2")
    keys(room, key.Key_Space, key.Key_Down, key.Key_Return)
    number = next(n for n, says in enumerate(page.choices.says, 1) if says.startswith("From "))
    room.run(f"choice_{number}")
    assert place(room, stay) == ("Flat 2", 16, 5), "behind the other, when it is cleaned and inspected"


def test_what_somebody_else_does_to_the_stay_in_my_hand_is_said_and_kept(room: Room) -> None:
    key, page = Qt.Key, room.page
    stay = booked(room, 0, room.person, 3, 5)
    keys(room, key.Key_Space, key.Key_Right)
    other = room.db.sign_in("pip.placement").services.calendar
    other.resize(stay.id, stay.revision, DateRange.of(stay.period.start, 8))
    page.refresh()
    room.idle()
    assert page.board.carry is not None and page.board.carry.changed
    assert room.desk.notices.said[-1] == (
        "warn", "Somebody has just changed the stay that you hold: PANKHURST, Emmeline.",
    )  # fmt: skip
    keys(room, key.Key_Return)
    assert place(room, stay) == ("Flat 1", 3, 8)
    assert page.board.carry is None and not page.undo_stack.can_undo


def test_an_apartment_that_takes_nobody_in_is_said_respected_and_lifted(room: Room) -> None:
    page = room.page
    flat = page.board.board.apartments[0]
    page.board.choose(flat.id, TODAY)
    room.run("pause")
    room.run("save")
    assert page.showing == "form", "a reason is asked for"
    page.panel.area.widget().form.field("reason").set_value("Sickness in the scheme")
    room.run("save")
    assert page.chosen_pause is not None and page.chosen_pause.reason == "Sickness in the scheme"
    with pytest.raises(Refused) as refusal:
        booked(room, 0, room.person, 3, 5)
    assert refusal.value.obstacles[0].code == "not_accepting"
    assert "not accepting" in page.head._said.text()
    page.take_back()
    room.idle()
    assert page.chosen_pause is None
    page.undo_stack.redo()
    room.idle()
    page.board.choose(flat.id, TODAY)
    room.run("accept")
    assert page.chosen_pause is None
    stay = booked(room, 0, room.person, 3, 5)
    assert [line.what for line in seen(page.board.board, page.board.days_seen, TODAY)] == [
        "PANKHURST, Emmeline", "Cleaning", "Inspection",
    ]  # fmt: skip
    listed = StayList(page)
    assert listed.table.model().rowCount() == 3
    listed.deleteLater()
    room.run("copy")
    assert "PANKHURST, Emmeline" in QApplication.clipboard().text()
    assert board_pdf(sheet_of(page)).startswith(b"%PDF")
    page.board.choose_stay(stay.id)
    room.run("split")
    form = page.panel.area.widget().form
    form.field("apartment").set_value(str(page.board.board.apartments[1].id))
    form.field("day").set_value(stay.period.start + timedelta(days=2))
    room.run("save")
    parts = sorted((s for s in room.service.board(SPAN).stays if s.kind == "stay"), key=lambda s: s.period.start)
    assert [(s.period.days, s.continues, s.first_day) for s in parts] == [
        (2, None, stay.period.start), (3, stay.id, stay.period.start),
    ]  # fmt: skip
    page.take_back()
    room.idle()
    assert place(room, stay) == ("Flat 1", 3, 5), "in one piece again, with what follows"
