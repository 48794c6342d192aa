"""The light of the apartment opens to the person: their referral while it waits, then their stay (T3, N4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt
from sqlalchemy import text

from coordination.clock import local_date
from coordination.transfer.model import TransferDraft, TransferId
from coordination.values import PersonId, new_id
from tests.care_kit import add_person
from tests.ui.page_kit import opened, press
from tests.ui.test_apartments_page import Room, room
from ui import wording
from ui.transfer import words
from ui.transfer.page import TransferPage

__all__ = ["room"]


def asks_for_a_flat(room: Room, person: PersonId) -> None:
    with room.db.owner.begin() as c:
        c.execute(
            text(
                "with came as (insert into contact (id, channel, received_at, person_id)"
                " values (:c, 'ward', now(), :p) returning id)"
                " insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source,"
                " locality, received_at, due_at) select :r, id, :p, 'neighbourhood_apartment', '24_hours', 'ward',"
                " 'No lift', 'ward', 'north', now(), now() from came"
            ),
            {"c": new_id(), "r": new_id(), "p": person},
        )


def test_it_comes_to_the_referral_and_then_to_the_stay(room: Room, qtbot: Any) -> None:
    services, went = room.signed_in.services, []
    draft = TransferDraft(room.person, "NMGH", datetime.now(UTC) - timedelta(hours=1))
    services.transfer.begin(TransferId(new_id()), draft)
    go, room.desk.go.to = room.desk.go.to, lambda *where: went.append(where)  # type: ignore[method-assign]
    page: TransferPage = opened(TransferPage, room.desk, qtbot)
    page.table.setFocus()
    press(page, qtbot, Qt.Key.Key_8)
    assert went == [("apartments", room.person)]
    room.desk.go.to = go  # type: ignore[method-assign]

    page_there = room.page
    page_there.waiting.list.setCurrentRow(-1)
    page_there.open(room.person)
    room.idle()
    assert page_there.waiting.current is not None and page_there.waiting.current.referral_id == room.referral
    page_there.waiting.match_wanted.emit(page_there.waiting.best()[0])
    room.run("save")
    page_there.board.choose(page_there.board.apartment.id, page_there.today + timedelta(days=300))
    page_there.open(room.person)
    room.idle()
    assert page_there.board.stay is not None and page_there.board.stay.person_id == room.person

    page.refresh()
    room.idle()
    light = page.table.current.lights[-1]
    assert light.state == "done" and light.at is not None  # only booked: it says from when
    day = local_date(light.at)
    assert day == page_there.board.stay.period.start and words.light_says(light).endswith(f"from {wording.day(day)}")


def test_a_stay_in_another_locality_is_come_to_all_the_same(room: Room) -> None:
    page = room.page
    page.waiting.list.setCurrentRow(0)
    page.waiting.match_wanted.emit(page.waiting.best()[0])
    room.run("save")
    elsewhere = add_person(room.db, "Rylands")
    asks_for_a_flat(room, elsewhere)
    room.desk.locality.set("South")
    room.idle()
    assert page.board.board is not None and not page.board.board.apartments and page.waiting.list.count() == 0
    page.open(elsewhere)  # who waits in the north, for a desk in the south
    room.idle()
    page.refresh()  # and stays there
    room.idle()
    assert page.waiting.current is not None and page.waiting.current.person_id == elsewhere
    page.open(room.person)
    room.idle()
    assert page.board.stay is not None and page.board.stay.person_id == room.person
    told = "That stay is not in South. All localities are shown."
    assert room.desk.locality.value == "" and ("say", told) in room.desk.notices.said  # type: ignore[attr-defined]
    room.desk.locality.set("South")
    room.idle()
    page.open(add_person(room.db, "Turing"))  # who has none anywhere
    room.idle()
    assert room.desk.locality.value == "South"
    assert room.desk.notices.said[-1] == ("say", "No stay here, and no referral for an apartment that waits.")  # type: ignore[attr-defined]
