"""Every deadline of a referral, kept by the database: what starts, moves, meets and stops it (E3, T1, T2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from coordination.errors import AlreadyClaimed, BadValues, Conflict, IllegalMove, Refused
from coordination.intake import clocks, rules
from coordination.intake.clocks import Deadline, PauseId, RequestId
from coordination.intake.model import Referral
from coordination.intake.reference import URGENCIES, standing_rows
from coordination.people.model import PersonDraft
from coordination.values import PersonId, ReferralId, UserName, new_id
from db.tables.intake_clocks import STANDING
from tests.care_kit import signed_conversation
from tests.database import CentreDb, SignedIn
from tests.db.test_intake import cole, cora, refer

__all__ = ["cole", "cora"]
HOUR = timedelta(hours=1)


def running(desk: SignedIn, referral_id: ReferralId) -> dict[str, Deadline]:
    return {each.kind: each for each in desk.services.intake.clocks(referral_id).deadlines if each.runs}


def every(desk: SignedIn, referral_id: ReferralId) -> dict[str, Deadline]:
    return {each.kind: each for each in desk.services.intake.clocks(referral_id).deadlines}


def kinds(desk: SignedIn, referral_id: ReferralId) -> list[str]:
    return [entry.kind for entry in desk.services.intake.open_referral(referral_id).events]


def pause(desk: SignedIn, r: Referral, hours: float = 4, reason: str = "asked_to_wait") -> Any:
    until = datetime.now(UTC) + timedelta(hours=hours)
    return desk.services.intake.pause(r.id, r.revision, PauseId(new_id()), reason, "As told", until)


def ask(desk: SignedIn, r: Referral, hours: float = 4) -> Any:
    until = datetime.now(UTC) + timedelta(hours=hours)
    return desk.services.intake.ask(r.id, r.revision, RequestId(new_id()), "sender", "", "Which dose?", until)


# ---------------------------------------------------------------- the rules as data


def test_the_database_has_the_rules_of_the_files(centre_db: CentreDb) -> None:
    with centre_db.owner.connect() as connection:
        for name, rows in standing_rows().items():
            there = [dict(r._mapping) for r in connection.execute(STANDING[name].select())]
            assert sorted(there, key=lambda r: r["position"]) == rows, name


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3 * 365 * 24 * 60), min_size=40, max_size=40))
def test_due_times_are_those_of_the_program_on_the_nights_when_clocks_change_too(
    centre_db: CentreDb, minutes: list[int]
) -> None:
    moments = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=m) for m in minutes]
    for change in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        moments += [change + timedelta(minutes=30 * n) for n in range(-60, 60, 7)]
    with centre_db.owner.begin() as connection:
        connection.execute(text("set local timezone = 'Europe/London'"))  # whatever the session thinks
        rows = connection.execute(
            text(
                "select u, m, urgency_due(u, m)"
                " from unnest(cast(:us as text[])) u, unnest(cast(:ms as timestamptz[])) m"
            ),
            {"us": list(URGENCIES), "ms": moments},
        )
        for urgency, moment, due in rows:
            assert due.astimezone(UTC) == rules.due_at(urgency, moment)


# ---------------------------------------------------------------- what starts them


def test_every_deadline_is_there_and_the_promise_governs(cora: SignedIn) -> None:
    r = refer(cora)
    found = running(cora, r.id)
    assert set(found) == {"response", "claim"}
    assert found["response"].due_at == r.due_at == r.received_at + 24 * HOUR
    assert found["claim"].due_at == r.stage_due_at == r.received_at + 2 * HOUR
    assert r.due_kind == "response"
    assert cora.services.intake.clocks(r.id).deadlines[0].kind == "response"


def test_a_client_sets_no_time(cora: SignedIn, centre_db: CentreDb) -> None:
    r = refer(cora)
    with centre_db.psql("cora.coordinator") as c:
        c.execute("update referral set due_at = now() + interval '1 year', received_at = now() where id = %s", [r.id])
        c.execute(
            "update referral set stage_due_at = null, paused_until = now(), asked_at = now() where id = %s", [r.id]
        )
        for statement in (
            "update referral_clock set due_at = now() + interval '1 year'",
            "delete from referral_clock",
            "insert into referral_clock (referral_id, kind, started_at, base_due, due_at, pausable, governs)"
            " select id, 'response', now(), now(), now(), true, true from referral",
            "update clock_pause set until_at = now()",
            "insert into clock_pause (id, referral_id, reason, planned_until, from_at)"
            " select uuidv7(), id, 'unreachable', now() + interval '1 hour', now() - interval '1 day' from referral",
            "select fill_clocks(now())",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                c.execute(statement)
        c.execute(
            "update referral set state = 'claimed', claimed_by = session_user, claimed_at = now() where id = %s", [r.id]
        )
        c.execute("update referral set responded_at = '2001-01-01', assessed_at = '2001-01-01' where id = %s", [r.id])
    now = cora.services.intake.referral(r.id)
    assert (now.due_at, now.received_at, now.paused_until, now.asked_at) != (r.due_at, r.received_at, 1, 1)
    assert now.received_at == r.received_at
    assert now.responded_at is not None and now.responded_at > r.received_at
    assert every(cora, r.id)["response"].met_at == now.responded_at


def test_a_referral_comes_no_later_than_now(cora: SignedIn, centre_db: CentreDb) -> None:
    r = refer(cora)
    with centre_db.psql("cora.coordinator") as c:
        c.execute(
            "insert into referral (id, contact_id, service, urgency, urgency_reason, need, source, received_at, due_at)"
            " select uuidv7(), contact_id, service, urgency, urgency_reason, need, source, now() + interval '1 day',"
            " now() + interval '9 days' from referral"
        )
        row = c.execute(
            "select received_at <= now(), due_at - received_at from referral where id <> %s", [r.id]
        ).fetchone()
    assert row == (True, timedelta(hours=24))


# T1, T2
def test_from_a_ward_24_hours_and_4_hours_run_side_by_side(cora: SignedIn) -> None:
    since = (datetime.now(UTC) - 3 * HOUR).isoformat()
    r = refer(cora, urgency="72_hours", channel="ward", details={"ward": "A4", "moft_at": since})
    found = running(cora, r.id)
    assert set(found) == {"response", "claim", "assess_24h", "assess_4h"}
    assert found["assess_24h"].due_at == r.received_at + 24 * HOUR
    assert found["assess_4h"].due_at == r.received_at + 4 * HOUR  # from the notice
    assert (r.due_kind, r.due_at) == ("assess_4h", r.received_at + 4 * HOUR)
    row = cora.services.intake.queue().rows[0]
    assert [each.kind for each in row.deadlines] == ["assess_4h", "assess_24h", "response", "claim"]
    plain = refer(cora, urgency="72_hours", channel="ward", details={"ward": "A4"})
    assert (plain.due_kind, "assess_4h" in running(cora, plain.id)) == ("assess_24h", False)
    words = refer(cora, channel="ward", details={"moft_at": "since breakfast"})
    assert running(cora, words.id)["assess_4h"].due_at == words.received_at + 4 * HOUR


def test_a_notice_by_telephone_starts_the_four_hours_and_undo_takes_it_back(cora: SignedIn, cole: SignedIn) -> None:
    r = refer(cora, urgency="72_hours", channel="ward", details={"ward": "A4"})
    r = cole.services.intake.claim(r.id, r.revision).referral
    intake, long_ago = cora.services.intake, r.received_at - 20 * HOUR
    moved = intake.moft(r.id, r.revision, long_ago)  # anybody takes the notice
    four = running(cora, r.id)["assess_4h"]
    assert moved.referral.moft_at == long_ago
    assert four.started_at > r.received_at and four.due_at == four.started_at + 4 * HOUR
    assert moved.referral.due_kind == "assess_4h"
    with pytest.raises(BadValues):
        intake.moft(r.id, moved.referral.revision, datetime.now(UTC) + HOUR)
    back = intake.undo(moved.undo)
    assert (back.moft_at, back.due_at, "assess_4h" in running(cora, r.id)) == (None, r.due_at, False)
    again = intake.moft(r.id, back.revision, long_ago)
    gone = intake.moft(r.id, again.referral.revision, None)
    assert gone.referral.due_kind == "assess_24h"
    assert intake.undo(gone.undo).due_at == again.referral.due_at  # not begun anew
    assert kinds(cora, r.id)[2:] == ["moft", "taken_back", "moft", "moft_withdrawn", "taken_back"]


def test_a_signed_assessment_meets_them_and_one_from_a_hospital_starts_the_four_hours(
    cora: SignedIn, centre_db: CentreDb
) -> None:
    person = cora.services.people.register(PersonDraft(surname="Davies"), PersonId(new_id()))
    r = refer(cora, urgency="72_hours", channel="ward", person_id=person.id)
    asa = centre_db.sign_in("asa.assessor").services  # recognised for North Manchester General
    signed_conversation(asa, person.id)
    found = running(cora, r.id)
    assert "assess_24h" in found and found["assess_4h"].due_at < r.received_at + 5 * HOUR
    with centre_db.owner.begin() as connection:
        connection.execute(text("update recognised_assessor set organisation = 'Manchester City Council'"))
    signed_conversation(asa, person.id)
    done = every(cora, r.id)
    assert done["assess_24h"].met_at and done["assess_4h"].met_at
    now = cora.services.intake.referral(r.id)
    assert (now.due_kind, now.due_at) == ("response", r.received_at + 72 * HOUR)
    assert kinds(cora, r.id) == ["referred", "trusted", "assessed"]
    later = refer(cora, urgency="72_hours", channel="ward", person_id=person.id)  # nothing in place from a hospital
    assert "assess_4h" not in running(cora, later.id)


# ---------------------------------------------------------------- stages


def test_thresholds_differ_by_stage_and_a_stage_is_met_by_the_next(cora: SignedIn) -> None:
    intake, r = cora.services.intake, refer(cora, urgency="two_hours")
    assert running(cora, r.id)["claim"].left(r.received_at) == timedelta(minutes=15)
    seen = [("claim", "claim")]
    for move, stage in (("claim", "accept"), ("accept", "begin"), ("respond", "finish")):
        r = getattr(intake, move)(r.id, r.revision).referral
        seen.append((move, stage))
        (now,) = [each for each in running(cora, r.id).values() if not each.governs]
        assert (now.kind, now.due_at) == (stage, r.stage_due_at)
    done = every(cora, r.id)
    assert all(done[kind].met_at for kind in ("claim", "accept", "begin", "response"))
    assert (r.due_kind, r.due_at) == ("finish", done["finish"].due_at)  # nothing promised is left
    r = intake.close(r.id, r.revision, "Settled").referral
    assert running(cora, r.id) == {}
    assert every(cora, r.id)["finish"].met_at


def test_undo_goes_on_with_the_clock_that_ran(cora: SignedIn) -> None:
    intake, r = cora.services.intake, refer(cora)
    began = running(cora, r.id)["claim"].started_at
    moved = intake.claim(r.id, r.revision)
    intake.undo(moved.undo)
    assert running(cora, r.id)["claim"].started_at == began
    r = intake.claim(r.id, r.revision + 2).referral
    released = intake.release(r.id, r.revision).referral
    assert running(cora, r.id)["claim"].started_at > began  # a release is a new wait
    assert every(cora, r.id)["accept"].stop_reason == "released"
    r = intake.claim(r.id, released.revision).referral
    r = intake.accept(r.id, r.revision).referral
    moved = intake.respond(r.id, r.revision)
    assert intake.undo(moved.undo).responded_at is None
    assert {"response", "begin"} <= set(running(cora, r.id))


def test_handing_over_gives_the_colleague_the_whole_threshold(cora: SignedIn, cole: SignedIn) -> None:
    intake, r = cora.services.intake, refer(cora)
    r = intake.claim(r.id, r.revision).referral
    mine = running(cora, r.id)["accept"]
    moved = intake.hand_over(r.id, r.revision, UserName("cole.coordinator"), "You know her")
    theirs = running(cora, r.id)["accept"]
    assert theirs.started_at > mine.started_at and theirs.due_at > mine.due_at
    back = intake.undo(moved.undo)  # out of the hand of another, by whoever put it there
    assert back.holder == "cora.coordinator"
    assert running(cora, r.id)["accept"].started_at == mine.started_at


def test_closed_clocks_stop_and_reopened_begin_anew_with_their_history(cora: SignedIn) -> None:
    intake, r = cora.services.intake, refer(cora)
    closed = intake.close(r.id, r.revision, "Settled")
    old = every(cora, r.id)["response"]
    assert (old.stop_reason, running(cora, r.id)) == ("closed", {})
    r = intake.reopen(r.id, closed.referral.revision, "Not settled").referral
    anew = running(cora, r.id)
    assert set(anew) == {"response", "claim"}
    assert anew["response"].started_at > old.started_at
    assert r.due_at == anew["response"].due_at == anew["response"].started_at + 24 * HOUR
    assert kinds(cora, r.id) == ["referred", "closed", "reopened"]
    again = intake.close(r.id, r.revision, "Now it is")
    back = intake.undo(again.undo)
    assert (back.due_at, running(cora, r.id)["response"].started_at) == (r.due_at, anew["response"].started_at)


def test_nothing_that_ends_a_pause_closes_or_opens_a_referral(cora: SignedIn, centre_db: CentreDb) -> None:
    intake, r = cora.services.intake, refer(cora)
    paused = pause(cora, r)
    closed = intake.close(r.id, paused.referral.revision, "Settled").referral
    assert (closed.paused_until, closed.state) == (None, "closed")
    with pytest.raises(IllegalMove):
        intake.resume(r.id, closed.revision)
    with pytest.raises(Conflict):
        intake.undo(paused.undo)
    reopened = intake.reopen(r.id, closed.revision, "Not settled").referral
    assert (reopened.state, reopened.paused_until) == ("waiting", None)
    with pytest.raises(Refused):
        intake.resume(r.id, reopened.revision)
    with centre_db.psql("cora.coordinator") as c:
        for ended in ("resumed", "", "withdrawn", "closed"):
            with pytest.raises(psycopg.errors.CheckViolation):
                c.execute("update clock_pause set ended = %s", [ended])
    assert intake.referral(r.id) == reopened


def test_a_closing_that_is_taken_back_stands_still_again(cora: SignedIn) -> None:
    intake, r = cora.services.intake, refer(cora)
    asked = ask(cora, r).referral
    moved = intake.close(r.id, asked.revision, "Settled")
    back = intake.undo(moved.undo)
    assert (back.asked_at, back.paused_until, back.due_at) == (asked.asked_at, asked.paused_until, asked.due_at)


# ---------------------------------------------------------------- pauses


def test_a_pause_moves_the_due_time_by_its_length(cora: SignedIn, centre_db: CentreDb) -> None:
    intake, r = cora.services.intake, refer(cora)
    moved = pause(cora, r, hours=4)
    now = moved.referral
    found = running(cora, r.id)["response"]
    assert found.paused_until is not None and found.paused_from is not None
    assert now.due_at == r.due_at + (found.paused_until - found.paused_from)
    assert (now.paused_reason, now.paused_until) == ("asked_to_wait", found.paused_until)
    assert found.left(found.paused_from + HOUR) == r.due_at - found.paused_from  # it stands still
    assert now.revision == r.revision + 1
    resumed = intake.resume(r.id, now.revision)
    assert r.due_at < resumed.referral.due_at < r.due_at + timedelta(minutes=5)
    assert resumed.referral.paused_until is None
    on = intake.undo(resumed.undo)  # it goes on standing still
    assert (on.due_at, on.paused_until) == (now.due_at, now.paused_until)
    once_more = intake.resume(r.id, on.revision).referral
    second = pause(cora, once_more)
    assert intake.undo(second.undo).due_at == once_more.due_at  # as if it had not been
    assert kinds(cora, r.id)[1:] == ["paused", "resumed", "resume_taken_back", "resumed", "paused", "pause_taken_back"]


def test_a_two_hour_response_runs_on(cora: SignedIn) -> None:
    r = refer(cora, urgency="two_hours")
    now = pause(cora, r).referral
    assert (now.due_at, now.paused_until) == (r.due_at, None)
    found = running(cora, r.id)
    assert found["response"].paused_until is None and found["claim"].paused_until is not None


def test_a_pause_needs_a_named_reason_and_an_end(cora: SignedIn) -> None:
    intake, r = cora.services.intake, refer(cora)
    for reason in ("", "because", "information_sender"):
        with pytest.raises(BadValues):
            intake.pause(r.id, r.revision, PauseId(new_id()), reason)
    for hours in (-1, 24 * 30):
        with pytest.raises(BadValues):
            pause(cora, r, hours=hours)
    plain = intake.pause(r.id, r.revision, PauseId(new_id()), "unreachable").referral
    assert plain.paused_until is not None
    with pytest.raises(Refused) as told:
        pause(cora, plain)
    assert told.value.obstacles[0].code == "paused_already"


def test_sent_twice_it_is_one_pause(cora: SignedIn) -> None:
    intake, r, one = cora.services.intake, refer(cora), PauseId(new_id())
    first = intake.pause(r.id, r.revision, one, "unreachable").referral
    again = intake.pause(r.id, r.revision, one, "unreachable").referral
    assert again == first


def test_a_pause_that_is_over_is_over_without_anybody(cora: SignedIn, centre_db: CentreDb) -> None:
    r = refer(cora)
    moved = pause(cora, r, hours=4).referral
    row, until = cora.services.intake.queue().rows[0], moved.paused_until
    assert until is not None and row.deadlines[0].stands_still(until - HOUR)
    assert not row.deadlines[0].stands_still(until)
    assert row.deadlines[0].left(until) == row.deadlines[0].left(until - HOUR)  # and goes on from there
    with centre_db.owner.begin() as connection:
        connection.execute(text("alter table clock_pause disable trigger user"))
        past = ", ".join(f"{c} = {c} - interval '5 hours'" for c in ("from_at", "until_at", "planned_until"))
        connection.execute(text(f"update clock_pause set {past}"))
        connection.execute(text("alter table clock_pause enable trigger user"))
    assert cora.services.intake.clocks(r.id).pause is None
    with pytest.raises(Refused):
        cora.services.intake.resume(r.id, row.revision)


def test_only_who_holds_it_keeps_its_clocks(cora: SignedIn, cole: SignedIn, centre_db: CentreDb) -> None:
    r = cora.services.intake.claim((r := refer(cora)).id, r.revision).referral
    for call in (pause, ask):
        with pytest.raises(AlreadyClaimed):
            call(cole, r)
    with centre_db.psql("cole.coordinator") as c:
        with pytest.raises(psycopg.errors.CheckViolation) as told:
            c.execute(
                "insert into clock_pause (id, referral_id, reason, planned_until)"
                " select uuidv7(), id, 'unreachable', now() + interval '1 hour' from referral"
            )
        assert told.value.diag.constraint_name == "clock_is_kept_by_the_holder"
        with pytest.raises(psycopg.errors.CheckViolation):
            c.execute("update referral set responded_at = now()")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 900)), max_size=6), st.integers(-2000, 2000))
def test_due_times_with_pauses_are_those_of_the_program(
    centre_db: CentreDb, gaps: list[tuple[int, int]], after: int
) -> None:
    """Over the night when clocks go back, in a session that keeps London time; never earlier, never negative."""
    at = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    started = at + timedelta(minutes=after)
    spans = []
    for gap, length in gaps:
        begin = at + timedelta(minutes=gap)
        spans.append((begin, begin + timedelta(minutes=length)))
        at = spans[-1][1]
    with centre_db.owner.connect() as connection:
        connection.execute(text("set timezone = 'Europe/London'"))
        connection.execute(text("create temp table clock_pause_of_test (from_at timestamptz, until_at timestamptz)"))
        for begin, end in spans:
            connection.execute(text("insert into clock_pause_of_test values (:b, :e)"), {"b": begin, "e": end})
        there = text("select pg_get_functiondef('paused_length(uuid,timestamptz)'::regprocedure)")
        body = connection.execute(there).scalar_one()
        body = body.replace("FROM clock_pause p", "FROM clock_pause_of_test p")
        body = body.replace("(p.referral_id = paused_length.of_referral)", "true")
        connection.exec_driver_sql(body.replace("public.paused_length", "pg_temp.paused_length").replace("%", "%%"))
        due = connection.execute(
            text("select cast(:base as timestamptz) + pg_temp.paused_length(null, :since)"),
            {"base": started + 24 * HOUR, "since": started},
        ).scalar_one()
        connection.rollback()
    assert due.astimezone(UTC) == clocks.due_with_pauses(started + 24 * HOUR, started, spans) >= started + 24 * HOUR
