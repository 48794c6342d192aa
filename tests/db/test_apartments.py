"""Apartments on the real database: what can overlap, who may book, and what a refusal says (N3, N4)."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.apartments.model import StayDraft
from coordination.errors import BadValues, Conflict, NotAllowed, Refused
from coordination.values import ApartmentId, DateRange, PersonId, StayId, new_id
from tests.database import CentreDb

START = date(2026, 11, 23)


@pytest.fixture
def flats(centre_db: CentreDb) -> list[ApartmentId]:
    with centre_db.owner.begin() as c:
        c.execute(
            text(
                "insert into scheme (id, name, kind, locality, least_age) overriding system value"
                " values (1, 'Test Court', 'sheltered', 'north', 60)"
            )
        )
        c.execute(
            text(
                "insert into apartment (id, scheme_id, name, bedrooms, step_free) overriding system value values"
                " (1, 1, 'Flat 1', 1, false), (2, 1, 'Flat 2', 2, true)"
            )
        )
    return [ApartmentId(1), ApartmentId(2)]


def person(db: CentreDb, surname: str = "Example", sharing: str = "everything") -> PersonId:
    key = new_id()
    with db.owner.begin() as c:
        c.execute(
            text("insert into person (id, surname, given, sharing_level) values (:i, :s, 'Test', :l)"),
            {"i": key, "s": surname, "l": sharing},
        )
    return PersonId(key)


def draft(flat: int, who: PersonId, start: date = START, days: int = 28, **more: Any) -> StayDraft:
    return StayDraft(ApartmentId(flat), DateRange.of(start, days), person_id=who, **more)


def stay_id() -> StayId:
    return StayId(new_id())


def test_an_overlapping_stay_is_refused_and_names_the_other(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    service = centre_db.sign_in("pia.placement").services.apartments
    booked = service.book(stay_id(), draft(1, person(centre_db, "Pankhurst")))
    with pytest.raises(Refused) as refusal:
        service.book(stay_id(), draft(1, person(centre_db, "Other"), START + timedelta(days=10)))
    first, *instead = refusal.value.obstacles
    assert first.code == "apartment_taken"
    assert first.fact("who") == "PANKHURST, Test"
    assert (first.fact("start"), first.fact("last")) == (START, START + timedelta(days=27))
    assert [o.code for o in instead] == ["free_here_from", "free_elsewhere"]
    assert instead[0].fact("start") == START + timedelta(days=30), "after it is cleaned and inspected"
    copy = (
        "insert into stay (id, person_id, apartment_id, period, purpose) select %s, %s, apartment_id, period, purpose"
    )
    with centre_db.psql("pia.placement") as c, pytest.raises(psycopg.errors.ExclusionViolation) as refused:
        c.execute(f"{copy} from stay where id = %s", [stay_id(), person(centre_db, "Another"), booked.id])
    assert refused.value.diag.constraint_name == "stay_apartment_free", "whatever program asks"


def test_two_co_ordinators_in_the_same_second_get_one_booking(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    desks = [centre_db.sign_in(u).services.apartments for u in ("pia.placement", "pip.placement")]
    people = [person(centre_db), person(centre_db)]
    gate, outcomes = Barrier(2, timeout=60), []

    def book(n: int) -> None:
        gate.wait()
        try:
            outcomes.append(desks[n].book(stay_id(), draft(1, people[n], START + timedelta(days=n))))
        except Refused as error:
            outcomes.append(error)

    threads = [Thread(target=book, args=(n,)) for n in (0, 1)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(type(o).__name__ for o in outcomes) == ["Refused", "Stay"]


def test_one_person_is_not_in_two_apartments(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    service = centre_db.sign_in("pia.placement").services.apartments
    who = person(centre_db)
    service.book(stay_id(), draft(1, who))
    with pytest.raises(Refused) as refusal:
        service.book(stay_id(), draft(2, who, START + timedelta(days=27)))
    assert refusal.value.obstacles[0].code == "person_has_stay"


def test_past_six_weeks_needs_a_reason(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    desk = centre_db.sign_in("pia.placement")
    who = person(centre_db)
    with pytest.raises(BadValues):
        desk.services.apartments.book(stay_id(), draft(1, who, days=43))
    booked = desk.services.apartments.book(stay_id(), draft(1, who, days=43, past_six_weeks_reason="no ramp yet"))
    assert booked.period.days == 43
    with centre_db.psql("pia.placement") as c, pytest.raises(psycopg.errors.CheckViolation):
        c.execute("update stay set past_six_weeks_reason = '' where id = %s", [booked.id])


def test_the_same_booking_sent_again_is_one_booking(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    service = centre_db.sign_in("pia.placement").services.apartments
    key, wanted = stay_id(), draft(1, person(centre_db))
    assert service.book(key, wanted) == service.book(key, wanted)


def test_cancel_and_undo_and_who_was_quicker(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    service = centre_db.sign_in("pia.placement").services.apartments
    first = service.book(stay_id(), draft(1, person(centre_db)))
    gone = service.cancel(first.id, first.revision, "went home")
    service.book(stay_id(), draft(1, person(centre_db)))
    with pytest.raises(Refused):
        service.restore(first.id, gone.revision)
    with pytest.raises(Conflict):
        service.cancel(first.id, first.revision, "again")


def test_moving_on_frees_the_days_and_has_the_apartment_cleaned(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    service = centre_db.sign_in("pia.placement").services.apartments
    stay = service.book(stay_id(), draft(1, person(centre_db)))
    stay = service.arrive(stay.id, stay.revision)
    ended = service.move_on(stay.id, stay.revision, START + timedelta(days=9), "home with care", "own_home")
    assert ended.period.days == 10
    board = service.board(DateRange.of(START, 60))
    assert [(s.kind, s.period.start) for s in board.of(ApartmentId(1))] == [
        ("stay", START),
        ("cleaning", START + timedelta(days=10)),
        ("inspection", START + timedelta(days=11)),
    ]


def test_who_may_not_book(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    who = person(centre_db)
    with pytest.raises(NotAllowed):
        centre_db.sign_in("cora.coordinator").services.apartments.book(stay_id(), draft(1, who))


def test_a_hidden_person_takes_days_without_a_name(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    who = person(centre_db, "Secret", "named_teams")
    with centre_db.owner.begin() as c:
        c.execute(
            text("insert into stay (id, apartment_id, person_id, period) values (:i, 1, :p, daterange(:a, :b))"),
            {"i": new_id(), "p": who, "a": START, "b": START + timedelta(days=5)},
        )
    service = centre_db.sign_in("pia.placement").services.apartments
    (stay,) = service.board(DateRange.of(START, 30)).stays
    assert stay.hidden and stay.who == "" and stay.person_id is None
    with pytest.raises(Refused) as refusal:
        service.book(stay_id(), draft(1, person(centre_db)))
    assert refusal.value.obstacles[0].code == "apartment_taken_unseen"
