"""Schemes and apartments as data, leases, criteria and overrides on the real database (N1, N2, N4)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.apartments.calendar_service import Calendar
from coordination.apartments.criteria import overridable, unmet
from coordination.apartments.referrals_model import Home, RequestDraft
from coordination.apartments.schemes_model import FlatDraft, SchemeDraft, SchemeNeed, draft_of, draft_of_flat
from coordination.errors import BadValues, Conflict, NotAllowed, Refused
from coordination.values import ApartmentId, DateRange, ReferralId, new_id
from db import migrations
from tests.database import CentreDb
from tests.db.test_apartments import START, draft, flats, person, stay_id

__all__ = ["flats"]
COURT = SchemeDraft("New Court", "sheltered", "south", 5, "1 New Court", "m13 9pl", 60, True, "Mon-Fri 9-5")


def test_a_scheme_is_added_changed_and_taken_back(centre_db: CentreDb) -> None:
    pia = centre_db.sign_in("pia.placement").services.schemes
    court = pia.add(COURT)
    assert (court.locality, court.postcode, court.revision) == ("central", "M13 9PL", 1)  # its neighbourhood's locality
    assert court.place is not None  # no register of postcodes is imported: the middle of its neighbourhood
    with pytest.raises(BadValues) as told:
        pia.add(COURT)
    assert [(p.field, p.reason) for p in told.value.problems] == [("name", "name_is_taken")]
    with pytest.raises(BadValues) as told:
        pia.add(SchemeDraft("", "castle", "", None, "", "nowhere", 12, local_connection="neighbourhood"))
    assert {p.field for p in told.value.problems} == {
        "name", "kind", "locality", "postcode", "least_age", "neighbourhood_id",
    }  # fmt: skip
    changed = centre_db.sign_in("max.manager").services.schemes.change(
        court.id, court.revision, SchemeDraft(**{**_fields(draft_of(court)), "least_age": 55})
    )
    with pytest.raises(Conflict) as stale:
        pia.change(court.id, court.revision, draft_of(court))
    assert stale.value.current == changed and changed.least_age == 55
    said = pia.set_needs(
        court.id, changed.revision, [SchemeNeed("oxygen", False, " no store "), SchemeNeed("meals", True)]
    )
    assert (said.can, said.cannot) == ({"meals"}, {"oxygen"}) and said.needs[0].note == "no store"
    flat = pia.add_flat(court.id, FlatDraft("Flat 1", 2, step_free=True, lease_start=START))
    with pytest.raises(Refused):
        pia.remove(court.id)
    pia.remove_flat(flat.id)
    pia.set_needs(court.id, said.revision, [])
    pia.remove(court.id)
    assert pia.all() == []
    with pytest.raises(NotAllowed):
        centre_db.sign_in("cora.coordinator").services.schemes.add(COURT)


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def test_a_lease_does_not_end_before_those_who_are_booked(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    desk = centre_db.sign_in("pia.placement").services
    for surname, start in (("Pankhurst", 0), ("Rylands", 40)):
        desk.apartments.book(stay_id(), draft(1, person(centre_db, surname), START + timedelta(days=start)))
    hidden = person(centre_db, "Secret", "named_teams")
    with centre_db.owner.begin() as c:
        c.execute(
            text("insert into stay (id, apartment_id, person_id, period) values (:i, 1, :p, daterange(:a, :b))"),
            {"i": new_id(), "p": hidden, "a": START + timedelta(days=90), "b": START + timedelta(days=95)},
        )
    (court,) = desk.schemes.all()
    flat = court.flats[0]
    with pytest.raises(Refused) as refusal:
        desk.schemes.end_lease(flat.id, flat.revision, START + timedelta(days=39))
    codes = [o.code for o in refusal.value.obstacles]
    assert codes[0] == "past_lease_stay" and codes[-1] == "past_lease_hidden"
    assert refusal.value.obstacles[0].fact("who") == "RYLANDS, Test"
    with pytest.raises(Refused) as refusal:
        centre_db.sign_in("ada.admin").services.schemes.end_lease(flat.id, flat.revision, START)
    assert [o.code for o in refusal.value.obstacles] == ["past_lease_unseen"]
    ended = desk.schemes.end_lease(flat.id, flat.revision, START + timedelta(days=200))
    assert ended.lease_end == START + timedelta(days=201)
    with pytest.raises(Refused):
        desk.apartments.book(stay_id(), draft(1, person(centre_db), START + timedelta(days=190)))
    with pytest.raises(Refused):  # nor does it begin after them
        desk.schemes.change_flat(
            flat.id,
            ended.revision,
            FlatDraft(**{**_fields(draft_of_flat(ended)), "lease_start": START + timedelta(days=1)}),
        )
    with pytest.raises(BadValues):
        desk.schemes.end_lease(flat.id, ended.revision, date(2016, 1, 1))
    assert desk.schemes.end_lease(flat.id, ended.revision, None).lease_end is None


def _insert_stay(c: Any, flat: int, who: Any, **more: Any) -> Any:
    key = new_id()
    c.execute(
        "insert into stay (id, apartment_id, person_id, period, referral_id)"
        " values (%s, %s, %s, daterange(%s, %s), %s)",
        [key, flat, who, START, START + timedelta(days=28), more.get("referral")],
    )
    return key


def test_the_database_holds_the_criteria_and_asks_a_reason(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    young = person(centre_db, "Young")
    with centre_db.owner.begin() as c:
        c.execute(text("update person set birth_date = '1990-02-28' where id = :p"), {"p": young})
    with centre_db.psql("pia.placement") as c:
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            _insert_stay(c, 1, young)
        assert refused.value.diag.constraint_name == "stay_meets_criteria"
        assert refused.value.diag.message_detail == "age"
        with c.transaction():
            key = _insert_stay(c, 1, young)
            c.execute(
                "insert into stay_override (stay_id, scheme_id, criterion, reason, by_user)"
                " values (%s, 1, 'age', 'Lives with her mother there', 'cora.coordinator')",
                [key],
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute("update stay_override set reason = 'x'")
    (told,) = centre_db.sign_in("pia.placement").services.placements.overrides(key)
    assert (told.criterion, told.by_name) == ("age", "Pia Example")  # who it was is the database's to say


def test_both_rules_say_the_same(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    """Every combination of a small world: what Python finds unmet is what the database does."""
    desk = centre_db.sign_in("pia.placement").services
    with centre_db.owner.begin() as c:
        c.execute(
            text("insert into scheme_need (scheme_id, need, can) values (1, 'oxygen', false), (1, 'meals', true)")
        )
        c.execute(text("update scheme set neighbourhood_id = 1, least_age = 60"))
        found = c.execute(text("select neighbourhood_id, min(code) from ward group by 1")).all()
        wards: dict[int | None, str] = {row[0]: row[1] for row in found}
    cases = product(
        (None, date(1966, 11, 23), date(1966, 11, 24)),
        (None, 1, 2, 9),
        ("", "locality", "neighbourhood"),
        (True, False),
    )
    for born, lives, connection, asks in cases:
        needs = frozenset({"oxygen", "meals", "night_care"}) if asks else frozenset()
        request = RequestDraft(ReferralId(new_id()), "other", asks, asks, asks, 2 if asks else 0, needs=needs)
        with centre_db.owner.connect() as c:
            values = {
                "p": new_id(), "c": new_id(), "r": request.referral_id, "s": new_id(), "born": born,
                "ward": wards.get(lives), "connection": connection, "asks": asks, "needs": list(needs),
                "a": START, "b": START + timedelta(days=28), "rooms": request.bedrooms,
            }  # fmt: skip
            for statement in _WORLD:
                c.execute(text(statement), values)
            theirs = c.execute(text("select criterion from unmet_criteria(:s)"), values).scalars().all()
            c.rollback()
        (court,) = desk.schemes.all()
        court = type(court)(**{**_fields(court), "local_connection": connection})
        near = {None: None, 1: "north", 2: "north", 9: "south"}[lives]
        ours = unmet(court, court.flats[0], born, Home(lives, "", near), request, DateRange.of(START, 28).start)
        assert sorted(theirs) == sorted(ours)


_WORLD = (
    "update scheme set local_connection = :connection",
    "insert into person (id, surname, given, birth_date, ward_code) values (:p, 'Test', 'Test', :born, :ward)",
    "insert into contact (id, channel, received_at, person_id) values (:c, 'ward', now(), :p)",
    "insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source, received_at,"
    " due_at) values (:r, :c, :p, 'neighbourhood_apartment', 'routine', 'x', 'x', 'ward', now(), now())",
    "insert into apartment_request (referral_id, list, reason, step_free, hoist, pets, bedrooms, needs, answers)"
    " values (:r, 'apartments-2026-11', 'other', :asks, :asks, :asks, :rooms, :needs,"
    ' \'{"expected_end": "2026-12-24", "ready_at_home": "x"}\')',
    "insert into stay (id, apartment_id, person_id, period, referral_id) values (:s, 1, :p, daterange(:a, :b), :r)",
)


def test_booking_asks_a_reason_and_keeps_it(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    desk = centre_db.sign_in("pia.placement").services
    young = person(centre_db, "Young")
    with centre_db.owner.begin() as c:
        c.execute(text("update person set birth_date = '1990-02-28' where id = :p"), {"p": young})
    with pytest.raises(Refused) as refusal:
        desk.apartments.book(stay_id(), draft(1, young))
    assert overridable(refusal.value.obstacles) == ("age",)
    with pytest.raises(BadValues):
        desk.apartments.book(stay_id(), draft(1, young, overrides=(("age", "  "),)))
    stay = desk.apartments.book(stay_id(), draft(1, young, overrides=(("age", "Her mother lives there"),)))
    assert [o.reason for o in desk.placements.overrides(stay.id)] == ["Her mother lives there"]
    moved = desk.apartments.move(stay.id, stay.revision, ApartmentId(2), stay.period)  # the same scheme
    with centre_db.owner.begin() as c:
        c.execute(text("insert into scheme (id, name, kind, locality, least_age) overriding system value"
                       " values (2, 'Other Court', 'sheltered', 'north', 55)"))  # fmt: skip
        c.execute(text("insert into apartment (id, scheme_id, name) overriding system value values (3, 2, 'Flat 1')"))
    with pytest.raises(Refused) as refusal:
        desk.apartments.move(stay.id, moved.revision, ApartmentId(3), stay.period)
    assert overridable(refusal.value.obstacles) == ("age",)
    Calendar(centre_db.sign_in("pia.placement").begin).move(
        stay.id, moved.revision, ApartmentId(3), stay.period, overrides={"age": "Nearer to her daughter"}
    )
    assert [o.scheme_id for o in desk.placements.overrides(stay.id)] == [1, 2]
    board = desk.apartments.board(DateRange(stay.period.start, stay.period.end), None)
    assert [s.id for s in board.stays if s.overridden] == [stay.id] and board.lengths["cleaning"] == 1
    old = person(centre_db, "Old")
    other = desk.apartments.book(stay_id(), draft(1, old, overrides=(("age", "Not needed, so not kept"),)))
    assert desk.placements.overrides(other.id) == []
    now = desk.apartments.stay(stay.id)
    pair = (stay.id, now.revision), (other.id, other.revision)
    Calendar(centre_db.sign_in("pia.placement").begin).swap(*pair, None, {"age": "Agreed"})  # back in the first scheme
    assert [o.scheme_id for o in desk.placements.overrides(stay.id, other.id)] == [1, 2]


def test_the_step_is_taken_back_with_data_in_place(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    young = person(centre_db, "Young")
    with centre_db.owner.begin() as c:
        c.execute(text("update person set birth_date = '1990-02-28' where id = :p"), {"p": young})
    desk = centre_db.sign_in("pia.placement").services
    stay = desk.apartments.book(
        stay_id(), draft(1, young, purpose="domestic_abuse", overrides=(("age", "Safe there"),))
    )
    desk.schemes.accept(1)
    desk.schemes.lift(desk.schemes.pause(1, "Lift broken"))
    with centre_db.owner.begin() as connection:
        migrations.downgrade(connection, "0038")
        kept = connection.execute(text("select purpose from stay where id = :s"), {"s": stay.id}).scalar_one()
        migrations.upgrade(connection)
    assert kept == "other"
