"""The tracker on the real database (N4): steps that begin with the stay, holds, and what nobody may go round."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from coordination.apartments.model import StayDraft
from coordination.clock import SystemClock, local_date
from coordination.errors import BadValues, Conflict, NotAllowed, Refused
from coordination.services import Services
from coordination.values import ApartmentId, DateRange, PersonId, UserName, new_id
from tests.database import CentreDb
from tests.db.test_apartments import flats, person, stay_id

__all__ = ["flats"]
TODAY = local_date(SystemClock().now())


def moved_in(services: Services, who: PersonId, flat: int = 1, days_ago: int = 10, days: int = 28) -> object:
    start = TODAY - timedelta(days=days_ago)
    stay = services.apartments.book(stay_id(), StayDraft(ApartmentId(flat), DateRange.of(start, days), person_id=who))
    return services.apartments.arrive(stay.id, stay.revision)


def refused(db: CentreDb, user: str, statement: str, *values: object) -> str:
    connection = db.psql(user)
    try:
        with pytest.raises(psycopg.Error) as error:
            connection.execute(statement, values)
        return error.value.diag.constraint_name or error.value.sqlstate or ""
    finally:
        connection.close()


def test_moving_in_begins_the_steps_and_each_is_done_undone_or_in_somebodys_way(
    centre_db: CentreDb, flats: list[ApartmentId]
) -> None:
    pia = centre_db.sign_in("pia.placement").services
    stay = moved_in(pia, person(centre_db, "Pankhurst"))
    (row,) = pia.moveon.rows()
    assert row.stay_id == stay.id and row.day(TODAY) == 11
    assert [t.due_on for t in row.open_tasks] == [
        stay.period.start + timedelta(days=week * 7 - 1) for week in (2, 2, 4, 4, 5)
    ]
    assert {t.owner for t in row.tasks} == {"pia.placement"}
    first, second = row.open_tasks[:2]
    done = pia.moveon.finish(first.id, first.revision)
    assert done.state == "done" and done.done_by_name and done.done_at is not None
    with pytest.raises(Conflict) as late:
        pia.moveon.finish(first.id, first.revision)
    assert late.value.current == done
    again = pia.moveon.open_again(first.id, done.revision)
    assert again.is_open and again.done_at is None
    held_up = pia.moveon.change(
        second.id, second.revision, words=second.words, due_on=second.due_on, owner=UserName("cora.coordinator"),
        blocked_by="The landlord has not answered",
    )  # fmt: skip
    assert pia.moveon.rows()[0].blocked == (held_up,)
    assert pia.moveon.finish(second.id, held_up.revision).blocked_by == ""
    with pytest.raises(BadValues):
        pia.moveon.not_needed(first.id, again.revision, "  ")
    extra = new_id()
    for _ in range(2):  # sent twice, there once
        pia.moveon.add(extra, stay.id, "Find a home for the budgerigar", TODAY, None)
    assert sum(t.id == extra for t in pia.moveon.rows()[0].tasks) == 1
    # Back to booked and in again: the steps are those that were there.
    assert len(pia.moveon.rows()[0].tasks) == 6
    assert pia.moveon.rows("south") == ()


def test_an_apartment_is_held_for_somebody_in_hospital(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    pia = centre_db.sign_in("pia.placement").services
    stay = moved_in(pia, person(centre_db))
    with pytest.raises(BadValues) as wrong:
        pia.moveon.readmitted(stay.id, stay.revision, TODAY + timedelta(days=1), 29)
    assert [p.reason for p in wrong.value.problems] == ["not_during_the_stay", "hold_too_long"]
    held = pia.moveon.readmitted(stay.id, stay.revision, TODAY - timedelta(days=2))
    assert held.hold_until == TODAY + timedelta(days=5)  # the usual seven
    assert pia.moveon.rows()[0].hold_days_left(TODAY) == 5
    back = pia.moveon.returned(stay.id, held.revision)
    assert back.hold_until is None and back.state == "in_stay"
    with pytest.raises(Conflict):
        pia.moveon.returned(stay.id, held.revision)
    booked = pia.apartments.book(
        stay_id(), StayDraft(ApartmentId(2), DateRange.of(TODAY, 7), person_id=person(centre_db))
    )
    with pytest.raises(Refused):
        pia.moveon.readmitted(booked.id, booked.revision, TODAY)


def test_nobody_moves_in_before_the_other_has_left(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    pia = centre_db.sign_in("pia.placement").services
    stay = moved_in(pia, person(centre_db, "Pankhurst"), days_ago=14, days=10)
    following = pia.apartments.book(
        stay_id(), StayDraft(ApartmentId(1), DateRange.of(TODAY, 7), person_id=person(centre_db))
    )
    with pytest.raises(Refused) as inside:
        pia.apartments.arrive(following.id, following.revision)
    assert inside.value.obstacles[0].code == "still_inside"
    assert inside.value.obstacles[0].fact("who") == "PANKHURST, Test"
    gone = pia.apartments.move_on(stay.id, stay.revision, TODAY - timedelta(days=5), "", "own_home")
    assert gone.went_to == "own_home"
    assert pia.apartments.arrive(following.id, following.revision).state == "in_stay"
    figures = pia.moveon.figures(DateRange.of(TODAY - timedelta(days=30), 31), "scheme")
    assert [(f.name, f.stay_days, f.went) for f in figures] == [("Test Court", 11, {"own_home": 1})]


def test_what_nobody_may_go_round(centre_db: CentreDb, flats: list[ApartmentId]) -> None:
    pia = centre_db.sign_in("pia.placement").services
    hidden = person(centre_db, "Secret", "named_teams")
    open_ = moved_in(pia, person(centre_db))
    task = pia.moveon.rows()[0].tasks[0]
    done = "update move_on_task set state = 'done', done_by = 'max.manager', done_at = '2020-01-01' where id = %s"
    connection = centre_db.psql("pia.placement")
    connection.execute(done, (task.id,))
    now = pia.moveon.rows()[0].tasks
    assert next(t for t in now if t.id == task.id).done_by_name.startswith("Pia")
    connection.close()
    elsewhere = "update move_on_task set stay_id = %s where id = %s"
    other = pia.apartments.book(
        stay_id(),
        StayDraft(ApartmentId(2), DateRange.of(TODAY + timedelta(days=20), 7), person_id=person(centre_db, "Other")),
    )
    assert refused(centre_db, "pia.placement", elsewhere, other.id, task.id) == "move_on_task_stays_with_its_stay"
    assert refused(centre_db, "pia.placement", elsewhere, new_id(), task.id) == "links_to_what_i_see"
    assert refused(centre_db, "max.manager", "update move_on_task set words = 'x' where id = %s", task.id) == "42501"
    assert (
        refused(centre_db, "pia.placement", "update stay set hold_until = current_date where id = %s", open_.id)
        == "stay_hold_is_whole"
    )
    assert (
        refused(centre_db, "pia.placement", "update stay set went_to = 'died' where id = %s", open_.id)
        == "stay_went_somewhere"
    )
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.moveon.finish(task.id, task.revision + 1)
    # Of somebody who shares with named teams only, no step is there for anybody else.
    with centre_db.owner.begin() as c:
        from sqlalchemy import text

        c.execute(
            text(
                "insert into stay (id, apartment_id, person_id, period, state) values"
                " (:s, 2, :p, daterange(current_date - 3, current_date + 9), 'in_stay')"
            ),
            {"s": new_id(), "p": hidden},
        )
    assert [row.stay_id for row in centre_db.sign_in("cora.coordinator").services.moveon.rows()] == [open_.id]
    seen = centre_db.psql("cora.coordinator")
    assert seen.execute("select count(distinct stay_id) from move_on_task").fetchone() == (1,)
    seen.close()


def test_past_six_weeks_somebody_says_why_and_a_hold_keeps_its_days(
    centre_db: CentreDb, flats: list[ApartmentId]
) -> None:
    pia = centre_db.sign_in("pia.placement").services
    stay = moved_in(pia, person(centre_db, "Pankhurst"), days_ago=44, days=40)
    (row,) = pia.moveon.rows()
    assert row.lacks_reason(TODAY) and row.is_past_last_day(TODAY)
    with pytest.raises(BadValues) as wrong:
        pia.moveon.stays_longer(stay.id, stay.revision, TODAY, "")
    assert [p.field for p in wrong.value.problems] == ["past_six_weeks_reason"]
    with pytest.raises(BadValues):
        pia.moveon.stays_longer(stay.id, stay.revision, TODAY - timedelta(days=1), "The ramp is late")
    longer = pia.moveon.stays_longer(stay.id, stay.revision, TODAY, "The ramp is late")
    (row,) = pia.moveon.rows()
    assert row.is_past_limit(TODAY) and not row.lacks_reason(TODAY) and row.period.last == TODAY

    held = pia.moveon.readmitted(stay.id, longer.revision, TODAY)
    assert held.hold_until == TODAY + timedelta(days=7) == held.period.last  # nobody else is booked into it
    back = pia.moveon.returned(stay.id, held.revision, TODAY + timedelta(days=1))
    assert (back.hold_until, back.period.last) == (None, TODAY)
    pia.apartments.book(
        stay_id(), StayDraft(ApartmentId(1), DateRange.of(TODAY + timedelta(days=4), 7), person_id=person(centre_db))
    )
    with pytest.raises(Refused) as refusal:
        pia.moveon.readmitted(stay.id, back.revision, TODAY)
    assert refusal.value.obstacles[0].code == "apartment_taken"
    assert pia.moveon.readmitted(stay.id, back.revision, TODAY, 2).hold_until == TODAY + timedelta(days=2)

    task = pia.moveon.rows()[0].tasks[0]
    with pytest.raises(BadValues) as nobody:
        pia.moveon.change(
            task.id, task.revision, words="x", due_on=TODAY, owner=UserName("no.body"), blocked_by="",
        )  # fmt: skip
    assert nobody.value.problems[0].reason == "not_a_colleague"
    undone = pia.moveon.rows()[0]
    with pytest.raises(BadValues):  # the day as it was has no reason to be longer: nothing else changes
        pia.moveon.stays_longer(stay.id, undone.revision, TODAY - timedelta(days=9), "")
