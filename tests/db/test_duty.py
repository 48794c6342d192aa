"""Shifts at the desk on a real database: what the service does, and what a co-ordinator with psql cannot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.duty.model import DeskShift, NewCorrection
from coordination.errors import BadValues, Conflict, NotAllowed, Refused
from coordination.values import UserName, new_id
from tests.database import CentreDb, SignedIn
from tests.db.test_intake import refer

CORA, COLE = UserName("cora.coordinator"), UserName("cole.coordinator")


@pytest.fixture
def cora(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in(CORA)


@pytest.fixture
def cole(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in(COLE)


def now(db: CentreDb) -> datetime:
    with db.owner.begin() as connection:
        found: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    return found


def start(db: CentreDb, desk: SignedIn, hours: float = 8, locality: str | None = "north") -> DeskShift:
    return desk.services.duty.start(new_id(), locality, now(db) + timedelta(hours=hours))


def move_back(db: CentreDb, shift: DeskShift, hours: float) -> None:
    """As if it had begun so long ago."""
    with db.owner.begin() as connection:
        query = (
            "update desk_shift set started_at = started_at - :back, planned_end = planned_end - :back where id = :id"
        )
        connection.execute(text(query), {"back": timedelta(hours=hours), "id": shift.id})


def codes(told: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [o.code for o in told.value.obstacles]


def refused_by(connection: Any, statement: str, *values: Any) -> str:
    """The constraint, or the SQLSTATE, that refuses a plain statement."""
    with pytest.raises(psycopg.Error) as told:
        connection.execute(statement, values)
    return told.value.diag.constraint_name or told.value.sqlstate or ""


# ---------------------------------------------------------------- shift and break


def test_a_shift_from_start_to_end_by_the_servers_clock(centre_db: CentreDb, cora: SignedIn, cole: SignedIn) -> None:
    duty = cora.services.duty
    before = now(centre_db)
    shift = start(centre_db, cora)
    assert before <= shift.started_at <= now(centre_db)
    assert (shift.user, shift.user_name, shift.locality, shift.is_open) == (CORA, "Cora Example", "north", True)
    shift = duty.take_break(new_id(), shift.id, now(centre_db) + timedelta(minutes=30), COLE)
    pause = shift.on_break
    assert pause is not None and (pause.cover, pause.cover_name) == (COLE, "Cole Example")
    assert cole.services.duty.on_duty().of(CORA) == shift
    shift = duty.end_break(shift.id, pause.id, pause.revision)
    assert shift.on_break is None and shift.breaks[0].ended_at is not None
    over = duty.end(shift.id, shift.revision)
    assert (over.ended_how, over.ended_by_name) == ("signed_off", "Cora Example")
    assert duty.end(shift.id, shift.revision) == over  # said twice
    assert duty.on_duty().shifts == ()


def test_a_start_sent_twice_is_one_and_a_second_is_refused(centre_db: CentreDb, cora: SignedIn) -> None:
    key, until = new_id(), now(centre_db) + timedelta(hours=8)
    first = cora.services.duty.start(key, "north", until)
    assert cora.services.duty.start(key, "north", until) == first
    with pytest.raises(Refused) as told:
        cora.services.duty.start(new_id(), "north", until)
    assert codes(told) == ["shift_open"]


def test_of_two_desks_of_one_user_one_starts(centre_db: CentreDb) -> None:
    desks = [centre_db.sign_in(CORA), centre_db.sign_in(CORA)]
    at_once, until = Barrier(2, timeout=60), now(centre_db) + timedelta(hours=8)

    def begin(desk: SignedIn) -> str:
        at_once.wait()
        try:
            desk.services.duty.start(new_id(), "north", until)
        except Refused:
            return "refused"
        return "started"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(begin, desks)) == ["refused", "started"]


@pytest.mark.parametrize(("hours", "reason"), [(-1, "ends_before_it_starts"), (17, "shift_too_long")])
def test_a_planned_end_is_within_reason(centre_db: CentreDb, cora: SignedIn, hours: int, reason: str) -> None:
    with pytest.raises(BadValues) as told:
        start(centre_db, cora, hours)
    assert [(p.field, p.reason) for p in told.value.problems] == [("planned_end", reason)]


def test_breaks_come_one_at_a_time_and_only_in_a_shift(centre_db: CentreDb, cora: SignedIn) -> None:
    duty, soon = cora.services.duty, now(centre_db) + timedelta(minutes=20)
    shift = start(centre_db, cora)
    key = new_id()
    on = duty.take_break(key, shift.id, soon)
    assert duty.take_break(key, shift.id, soon) == on
    with pytest.raises(Refused) as told:
        duty.take_break(new_id(), shift.id, soon)
    assert codes(told) == ["on_break"]
    over = duty.end(shift.id, shift.revision)
    assert over.breaks[0].ended_at == over.ended_at  # it ended with the shift
    with pytest.raises(Refused) as told:
        duty.take_break(new_id(), shift.id, now(centre_db) + timedelta(minutes=20))
    assert codes(told) == ["no_shift"]


def test_nobody_covers_for_themselves_and_a_break_is_ahead(centre_db: CentreDb, cora: SignedIn) -> None:
    shift = start(centre_db, cora)
    for until, cover, field in (
        (timedelta(minutes=20), CORA, "cover"),
        (timedelta(minutes=20), UserName("no.body"), "cover"),
        (timedelta(minutes=-5), None, "until"),
        (timedelta(hours=5), None, "until"),
    ):
        with pytest.raises(BadValues) as told:
            cora.services.duty.take_break(new_id(), shift.id, now(centre_db) + until, cover)
        assert [p.field for p in told.value.problems] == [field]


def test_a_stale_revision_ends_nothing(centre_db: CentreDb, cora: SignedIn) -> None:
    shift = start(centre_db, cora)
    later = cora.services.duty.plan_until(shift.id, shift.revision, shift.planned_end + timedelta(hours=1))
    with pytest.raises(Conflict) as told:
        cora.services.duty.end(shift.id, shift.revision)
    assert told.value.current == later


def test_ending_with_claims_leads_to_the_handover(centre_db: CentreDb, cora: SignedIn) -> None:
    shift = start(centre_db, cora)
    held = [refer(cora), refer(cora)]
    for referral in held:
        cora.services.intake.claim(referral.id, referral.revision)
    with pytest.raises(Refused) as told:
        cora.services.duty.end(shift.id, shift.revision)
    assert [(o.code, dict(o.facts)) for o in told.value.obstacles] == [("still_held", {"count": 2})]
    assert cora.services.duty.on_duty().of(CORA) is not None


# ---------------------------------------------------------------- putting right


def test_a_forgotten_shift_is_ended_afterwards_with_the_reason(centre_db: CentreDb, cora: SignedIn) -> None:
    duty, shift = cora.services.duty, start(centre_db, cora)
    move_back(centre_db, shift, 20)
    shift = duty.recent()[0]
    left = shift.started_at + timedelta(hours=9)
    over = duty.left_at(shift, left, "Forgot to end it")
    assert (over.ended_at, over.ended_how) == (left, "later")
    trace = duty.corrections(shift.id)
    assert [(c.kind, c.was, c.became, c.reason, c.by_name) for c in trace] == [
        ("ended_later", (shift.started_at, None), (shift.started_at, left), "Forgot to end it", "Cora Example")
    ]
    start(centre_db, cora)


def test_a_team_lead_or_manager_ends_anothers_shift_and_a_colleague_does_not(centre_db: CentreDb) -> None:
    cora, cole = centre_db.sign_in(CORA), centre_db.sign_in(COLE)
    shift = start(centre_db, cora)
    with pytest.raises(NotAllowed) as told:
        cole.services.duty.left_at(shift, now(centre_db), "Gone home")
    assert told.value.action == "desk_shift_is_anothers"
    over = centre_db.sign_in("tess.lead").services.duty.left_at(shift, now(centre_db), "Gone home ill")
    assert (over.ended_how, over.ended_by_name) == ("by_another", "Tess Example")
    south = start(centre_db, cole, locality="central")
    with pytest.raises(NotAllowed):  # a lead answers for the desks of her own locality
        centre_db.sign_in("tess.lead").services.duty.left_at(south, now(centre_db), "Gone home")
    by_manager = centre_db.sign_in("max.manager").services.duty.left_at(south, now(centre_db), "Gone home")
    assert by_manager.ended_how == "by_another"


def test_corrections_need_a_reason_and_keep_within_bounds(centre_db: CentreDb, cora: SignedIn) -> None:
    duty, shift = cora.services.duty, start(centre_db, cora)
    at, hour = now(centre_db), timedelta(hours=1)
    for begin, end, reason, fields in (
        (at - hour, None, " ", ["reason"]),
        (at + hour, None, "x", ["started_at"]),
        (at - hour, at + hour, "x", ["ended_at"]),
        (at - hour, at - 2 * hour, "x", ["ended_at"]),
    ):
        with pytest.raises(BadValues) as told:
            duty.correct(NewCorrection(new_id(), shift.id, begin, end, reason))
        assert [p.field for p in told.value.problems] == fields
    assert duty.corrections(shift.id) == []
    key = new_id()
    earlier = duty.correct(NewCorrection(key, shift.id, at - hour, None, "The computer was slow"))
    assert (earlier.started_at, earlier.is_open) == (at - hour, True)
    assert duty.correct(NewCorrection(key, shift.id, at - hour, None, "The computer was slow")) == earlier
    assert len(duty.corrections(shift.id)) == 1


def test_a_shift_ended_by_mistake_is_opened_again(centre_db: CentreDb, cora: SignedIn) -> None:
    duty, shift = cora.services.duty, start(centre_db, cora)
    duty.end(shift.id, shift.revision)
    again = duty.correct(NewCorrection(new_id(), shift.id, shift.started_at, None, "Ended by mistake"))
    assert again.is_open and again.ended_how is None
    duty.end(again.id, again.revision)
    start(centre_db, cora)
    with pytest.raises(Refused) as told:
        duty.correct(NewCorrection(new_id(), shift.id, shift.started_at, None, "Ended by mistake"))
    assert codes(told) in (["overlaps_another"], ["shift_open_elsewhere"])


def test_a_break_is_corrected_within_its_shift(centre_db: CentreDb, cora: SignedIn) -> None:
    duty, shift = cora.services.duty, start(centre_db, cora)
    move_back(centre_db, shift, 3)
    shift = duty.take_break(new_id(), shift.id, now(centre_db) + timedelta(minutes=30))
    pause = shift.breaks[0]
    began = shift.started_at + timedelta(hours=1)
    put_right = duty.correct(
        NewCorrection(new_id(), shift.id, began, began + timedelta(minutes=30), "Pressed late", pause.id)
    )
    assert [(b.started_at, b.ended_at) for b in put_right.breaks] == [(began, began + timedelta(minutes=30))]
    with pytest.raises(Refused) as told:
        before = shift.started_at - timedelta(minutes=5)
        duty.correct(NewCorrection(new_id(), shift.id, before, began, "x", pause.id))
    assert codes(told) == ["break_outside"]
    with pytest.raises(BadValues):  # nor does a shift end before its break
        duty.correct(NewCorrection(new_id(), shift.id, shift.started_at, began, "x"))


# ---------------------------------------------------------------- with psql


def test_what_plain_sql_cannot_do(centre_db: CentreDb, cora: SignedIn, cole: SignedIn) -> None:
    shift, other = start(centre_db, cora), start(centre_db, cole)
    with centre_db.psql(CORA) as plain:
        for statement, values, refusal in (
            # times and users are the server's to say
            ("update desk_shift set started_at = now() - interval '1 hour' where id = %s", (shift.id,), "42501"),
            ("update desk_shift set ended_how = 'later' where id = %s", (shift.id,), "42501"),
            ("update desk_shift set user_name = 'cole.coordinator' where id = %s", (shift.id,), "42501"),
            ("insert into desk_shift (id, user_name, planned_end) values (%s, 'cole.coordinator', now() + '1 h')",
             (new_id(),), "42501"),
            ("delete from desk_shift where id = %s", (shift.id,), "42501"),
            # one open shift a user
            ("insert into desk_shift (id, planned_end) values (%s, now() + interval '1 h')", (new_id(),),
             "desk_shift_never_two"),
            ("insert into desk_break (id, shift_id, planned_end) values (%s, %s, now() + interval '1 h')",
             (new_id(), other.id), "desk_break_within_shift"),
            # a trace cannot be made up, changed or put on another's shift
            ("insert into desk_correction (id, shift_id, started_at, reason) values (%s, %s, now(), ' ')",
             (new_id(), shift.id), "desk_correction_has_reason"),
            ("insert into desk_correction (id, shift_id, started_at, reason) values (%s, %s, now(), 'x')",
             (new_id(), other.id), "desk_shift_is_anothers"),
            ("update desk_correction set reason = 'y'", (), "42501"),
        ):  # fmt: skip
            assert refused_by(plain, statement, *values) == refusal, statement
        changed = plain.execute("update desk_shift set planned_end = now() + interval '2 h' where id = %s", (other.id,))
        assert changed.rowcount == 0
        plain.execute("update desk_shift set ended_at = '2020-01-01' where id = %s", (shift.id,))
        ended = plain.execute("select ended_at, ended_how from desk_shift where id = %s", (shift.id,)).fetchone()
        assert ended[0] > shift.started_at and ended[1] == "signed_off"
        assert (
            refused_by(plain, "update desk_shift set ended_at = null where id = %s", shift.id) == "desk_shift_is_over"
        )


def test_constraints_hold_for_the_owner_too(centre_db: CentreDb, cora: SignedIn) -> None:
    shift = start(centre_db, cora)
    insert_shift = (
        "insert into desk_shift (id, user_name, started_at, planned_end, ended_at, ended_how, ended_by) values"
        " (%s, 'cora.coordinator', now() - interval '2 h', now() + interval '1 h', {}, 'later', 'cora.coordinator')"
    )
    insert_break = (
        "insert into desk_break (id, shift_id, user_name, started_at, planned_end, ended_at) values"
        " (%s, %s, 'cora.coordinator', now() + {0}, now() + {0} + interval '30 min', now() + {0} + interval '30 min')"
    )
    with centre_db.owner.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.rollback()  # it is taken with its transaction begun
        raw.autocommit = True
        assert refused_by(raw, insert_shift.format("now() + interval '1 min'"), new_id()) == "desk_shift_never_two"
        assert refused_by(raw, insert_shift.format("now() - interval '3 h'"), new_id()) == "desk_shift_ends_after_start"
        raw.execute(insert_break.format("interval '10 min'"), (new_id(), shift.id))
        assert refused_by(raw, insert_break.format("interval '20 min'"), new_id(), shift.id) == "desk_break_never_two"
        raw.execute(insert_break.format("interval '50 min'"), (new_id(), shift.id))
        raw.autocommit = False


def test_an_administrator_has_no_shift_and_reads_no_handovers(centre_db: CentreDb, cora: SignedIn) -> None:
    start(centre_db, cora)
    admin = centre_db.sign_in("ada.admin")
    with pytest.raises(NotAllowed):
        start(centre_db, admin)
    with pytest.raises(NotAllowed):
        start(centre_db, centre_db.sign_in("max.manager"))
    assert len(admin.services.duty.on_duty().shifts) == 1  # who is there is no secret among colleagues
