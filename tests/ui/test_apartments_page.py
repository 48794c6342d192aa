"""The apartments page on a real database: booking by keyboard, refusals in words, undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from coordination.apartments.model import StayDraft
from coordination.clock import FixedClock, SystemClock, at_local, local_date
from coordination.errors import Refused
from coordination.values import ApartmentId, DateRange, PersonId, ReferralId, StayId, new_id
from tests.database import CentreDb
from tests.ui.fakes import make_desk, wait_idle
from ui import wording
from ui.apartments.page import ApartmentsPage
from ui.sentences import sentence

TODAY = local_date(SystemClock().now())


class Room:
    """The page of one placement co-ordinator over a database with two flats and one referral waiting."""

    def __init__(self, db: CentreDb, qtbot: object, folder: object) -> None:
        self.db, self.qtbot = db, qtbot
        self.signed_in = db.sign_in("pia.placement")
        self.service = self.signed_in.services.apartments
        self.desk = make_desk(folder, self.signed_in.services)
        self.desk.clock = FixedClock(at_local(TODAY, 9))
        self.referral, self.person = self._waiting("Pankhurst")
        self.page = ApartmentsPage(self.desk)
        qtbot.addWidget(self.page)
        self.page.resize(1366, 700)
        self.desk.commands.add(self.page.commands(), self.page, "apartments")
        self.page.show()
        self.page.come_forward()
        self.idle()

    def _waiting(self, surname: str) -> tuple[ReferralId, PersonId]:
        person, contact, referral = new_id(), new_id(), new_id()
        words = {"p": person, "c": contact, "r": referral, "s": surname}
        with self.db.owner.begin() as c:
            c.execute(text("insert into scheme (name, kind, locality) values ('Test Court', 'sheltered', 'north')"))
            c.execute(
                text(
                    "insert into apartment (scheme_id, name, step_free) select id, n, n = 'Flat 2' from scheme,"
                    " unnest(array['Flat 1', 'Flat 2']) n"
                )
            )
            c.execute(text("insert into person (id, surname, given) values (:p, :s, 'Emmeline')"), words)
            c.execute(
                text("insert into contact (id, channel, received_at, person_id) values (:c, 'ward', now(), :p)"), words
            )
            c.execute(
                text(
                    "insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source,"
                    " locality, received_at, due_at) values (:r, :c, :p, 'neighbourhood_apartment', '24_hours', 'ward',"
                    " 'Uses a wheelchair. Cannot go home before the ramp is there.', 'ward', 'north', now(), now())"
                ),
                words,
            )
        return ReferralId(referral), PersonId(person)

    def idle(self) -> None:
        wait_idle(self.qtbot, self.desk)

    def press(
        self, widget: object, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.qtbot.keyClick(widget, key, modifier)  # type: ignore[attr-defined]
        self.idle()

    def run(self, command: str) -> None:
        self.desk.commands.get(f"apartments.{command}")()
        self.idle()


@pytest.fixture
def room(centre_db: CentreDb, qtbot: object, dressed: object, tmp_path: object) -> Iterator[Room]:
    made = Room(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def test_a_referral_is_matched_and_booked_without_a_mouse(room: Room) -> None:
    room.page.waiting.list.setCurrentRow(0)
    best = room.page.waiting.best()[0]
    assert best.apartment.name == "Flat 2", "a wheelchair in the words asks for step-free"
    room.page.waiting.match_wanted.emit(best)
    room.run("save")
    stay, *after = sorted(room.service.board(DateRange.of(TODAY, 60)).stays, key=lambda s: s.period.start)
    assert [s.kind for s in after] == ["cleaning", "inspection"]
    assert (stay.person_id, stay.referral_id, stay.period.start) == (room.person, room.referral, TODAY)
    assert ("say", f"Booked {best.apartment.label}.") in room.desk.notices.said
    assert room.page.waiting.current is None, "who has a stay waits no longer"


def test_booking_can_be_undone(room: Room) -> None:
    room.page.waiting.list.setCurrentRow(0)
    room.run("book")
    room.run("save")
    assert room.desk.notices.undo is not None
    room.desk.notices.undo()
    room.idle()
    assert room.service.board(DateRange.of(TODAY, 60)).stays == ()


def test_a_refusal_names_the_other_booking_and_loses_nothing(room: Room) -> None:
    room.page.waiting.list.setCurrentRow(0)
    room.run("book")
    flat = room.page.board.apartment
    assert flat is not None
    with room.db.owner.begin() as c:
        other = new_id()
        c.execute(text("insert into person (id, surname, given) values (:p, 'Other', 'Ann')"), {"p": other})
    room.service.book(
        StayId(new_id()), StayDraft(flat.id, DateRange.of(TODAY, 10), person_id=PersonId(other), purpose="respite")
    )
    room.run("save")
    error = room.desk.notices.said[-1][1]
    assert isinstance(error, Refused)
    words = sentence(error)
    assert "OTHER, Ann" in words and wording.day(TODAY) in words and "free" in words
    assert room.page._showing == "form", "what was typed is still there"


def test_keys_move_over_the_board_and_open_a_stay(room: Room) -> None:
    flats = room.page.board.board.apartments
    stay = room.service.book(
        StayId(new_id()), StayDraft(flats[1].id, DateRange.of(TODAY + timedelta(days=1), 5), person_id=room.person)
    )
    room.page.refresh()
    room.idle()
    board = room.page.board
    board.choose(flats[0].id, TODAY)
    room.press(board, Qt.Key.Key_Down)
    room.press(board, Qt.Key.Key_Right)
    assert board.stay == stay
    room.press(board, Qt.Key.Key_Return)
    assert room.page._showing == "stay"
    room.run("arrive")
    assert board.stay is not None and board.stay.state == "in_stay"
    room.run("move_on")
    form = room.page.panel.area.widget()
    room.run("save")
    assert room.service.stay(stay.id).state == "in_stay"  # where to is not said yet, and the field says so
    form.form.field("code").set_value("own_home")
    form.form.field("went_to").set_value("With reablement")
    room.run("save")
    assert room.service.stay(stay.id).went_to == "own_home"
    assert room.service.stay(stay.id).state == "ended"


def test_a_booking_without_anybody_says_what_to_do(room: Room) -> None:
    room.run("book")
    assert room.desk.notices.said[-1][0] == "warn"


def test_no_flat_is_named_twice(room: Room) -> None:
    assert len({a.id for a in room.page.board.board.apartments}) == 2
    assert room.page.board.apartment is not None
    assert room.page.board.apartment.id in [ApartmentId(a.id) for a in room.page.board.board.apartments]
