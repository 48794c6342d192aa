"""Referrals for an apartment on the real database: what is needed, declined with a way back, never lost (N4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.apartments.referrals_model import RequestDraft, WayBack
from coordination.clock import SystemClock, local_date
from coordination.errors import BadValues, Conflict, NotAllowed, NotFound
from coordination.values import ApartmentId, DateRange, PersonId, ReferralId, new_id
from tests.database import CentreDb
from tests.db.test_apartments import draft, flats, person, stay_id

__all__ = ["flats"]
TODAY = local_date(SystemClock().now())
ANSWERS = {"risk_note": "Do not open to strangers", "who_may_know": "Her sister", "housing_step": "New tenancy asked"}


def referral(db: CentreDb, who: PersonId, service: str = "neighbourhood_apartment") -> ReferralId:
    words = {"c": new_id(), "p": who, "r": new_id(), "s": service}
    with db.owner.begin() as c:
        c.execute(
            text("insert into contact (id, channel, received_at, person_id, recorded_by)"
                 " values (:c, 'ward', now(), :p, 'cora.coordinator')"), words,
        )  # fmt: skip
        c.execute(
            text("insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source,"
                 " locality, received_at, due_at) values (:r, :c, :p, :s, '24_hours', 'ward', 'Needs a flat', 'ward',"
                 " 'north', now(), now() + interval '1 day')"), words,
        )  # fmt: skip
    return ReferralId(words["r"])


def test_what_is_needed_is_recorded_whole_and_stands_beside_the_referral(
    centre_db: CentreDb, flats: list[ApartmentId]
) -> None:
    who = person(centre_db, "Pankhurst")
    key = referral(centre_db, who)
    with centre_db.owner.begin() as c:
        ward = c.execute(text("select min(code) from ward where neighbourhood_id = 1")).scalar_one()
        c.execute(text("update person set ward_code = :w where id = :p"), {"w": ward, "p": who})
    cora = centre_db.sign_in("cora.coordinator").services.placements
    (before,) = cora.waiting()
    assert before.request is None and before.home.locality == "north" and before.home.place is not None
    asked = RequestDraft(key, "cuckooing", True, bedrooms=2, wanted_scheme=1, needs=frozenset({"kept_secret"}))
    with pytest.raises(BadValues) as told:
        cora.record(asked)
    assert {p.field for p in told.value.problems} == set(ANSWERS)
    kept = cora.record(RequestDraft(*[*_values(asked)[:-1], ANSWERS]))
    assert kept.revision == 1 and cora.waiting()[0].request == kept and kept.recorded_by_name == "Cora Example"
    with pytest.raises(Conflict):
        cora.record(RequestDraft(*[*_values(asked)[:-1], ANSWERS]))
    changed = cora.record(
        RequestDraft(key, "other", answers={"expected_end": "2027-01-01", "ready_at_home": "Stairs"}), 1
    )
    assert (changed.reason, changed.revision) == ("other", 2)
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.placements.record(RequestDraft(*[*_values(asked)[:-1], ANSWERS]), 2)
    centre_db.sign_in("pia.placement").services.apartments.book(stay_id(), draft(2, who, referral_id=key))
    assert cora.waiting() == []


def _values(asked: RequestDraft) -> list[Any]:
    return [getattr(asked, name) for name in asked.__dataclass_fields__]


REFUSED = {
    "reason = 'crisis'": "apartment_request_reason_in_force",
    "answers = '{}'": "apartment_request_is_whole",
    """answers = answers || '{"stray": "x"}'""": "apartment_request_answers_fit",
    "needs = '{moonlight}'": "apartment_request_needs_known",
    "referral_id = :other": "apartment_request_is_for_apartment",
    "wanted_locality = 'north', wanted_scheme = 1": "apartment_request_one_wish",
}


def test_the_database_holds_what_a_request_must_say(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    who = person(centre_db)
    key, other = referral(centre_db, who), referral(centre_db, who, "reablement")
    desk = centre_db.sign_in("pia.placement")
    desk.services.placements.record(RequestDraft(key, "cuckooing", answers=ANSWERS))
    with centre_db.psql("pia.placement") as c:
        for changes, constraint in REFUSED.items():
            with pytest.raises(psycopg.errors.IntegrityError) as refused:
                c.execute("update apartment_request set " + changes.replace(":other", f"'{other}'"))
            assert refused.value.diag.constraint_name == constraint


def test_a_declined_referral_has_a_next_step_and_a_day_and_comes_back(centre_db: CentreDb) -> None:
    who = person(centre_db, "Pankhurst")
    key = referral(centre_db, who)
    desk = centre_db.sign_in("pia.placement").services
    way = WayBack("No hoist is free", "Ask for a hoist in Flat 3", TODAY + timedelta(days=3), code="none_suits")
    with pytest.raises(BadValues) as told:
        desk.placements.decline(key, 1, WayBack("", "", TODAY - timedelta(days=1)))
    assert {p.field for p in told.value.problems} == {"code", "next_step", "look_again_on"}
    moved = desk.placements.decline(key, 1, way)
    (stands,) = desk.placements.declined()
    assert (stands.reason, stands.next_step, stands.look_again_on) == (way.reason, way.next_step, way.look_again_on)
    assert stands.code == "none_suits"
    assert (stands.next_owner, stands.next_owner_name) == ("cora.coordinator", "Cora Example")
    assert stands.age(TODAY) == 0 and not stands.is_due(TODAY) and stands.is_due(way.look_again_on)
    later = desk.placements.look_again(key, stands.id, stands.revision, "Ask again", TODAY + timedelta(days=9))
    with pytest.raises(Conflict):
        desk.placements.look_again(key, stands.id, stands.revision, "Ask again", TODAY + timedelta(days=9))
    desk.placements.reopen(key, later.referral_revision, "A hoist came")
    assert desk.placements.declined() == [] and [w.referral_id for w in desk.placements.waiting()] == [key]
    with pytest.raises(NotFound):
        desk.placements.look_again(key, stands.id, later.revision, "x", TODAY)
    # Declined in the queue, by somebody who knows nothing of apartments: the way back is there all the same.
    again = centre_db.sign_in("cora.coordinator").services
    now = again.intake.referral(key)
    declined = again.intake.decline(key, now.revision, "Moved away")
    (stands,) = desk.placements.declined()
    assert (stands.times, stands.next_step, stands.look_again_on) == (2, "", TODAY + timedelta(days=7))
    # No code was asked for there, and the figures say so; whoever says the next step says the code.
    with pytest.raises(BadValues) as told:
        desk.placements.look_again(key, stands.id, stands.revision, "Ring them", TODAY)
    assert [p.reason for p in told.value.problems] == ["decline_code_missing"]
    with centre_db.psql("pia.placement") as c:
        for changes in ("next_step = 'Ring'", "code = 'said_no', list = 'apartments-2020-01'"):
            with pytest.raises(psycopg.errors.CheckViolation):
                c.execute(f"update apartment_decline set {changes} where reopened_at is null")
    stands = desk.placements.look_again(key, stands.id, stands.revision, "Ring them", TODAY, "said_no")
    counted = {f.code: len(f.of["all"]) for f in desk.moveon.declines(DateRange.of(TODAY, 1))}
    assert counted == {"none_suits": 1, "said_no": 1}
    assert desk.moveon.declines(DateRange.of(TODAY, 1), "south") == []
    again.intake.undo(declined.undo)
    assert desk.placements.declined() == [] and moved.undo.move == "decline"
