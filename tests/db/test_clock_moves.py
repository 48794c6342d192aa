"""Work moves without dead ends: requests, transfer, a whole caseload, and undo; two desks at once with real commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.errors import (
    AlreadyClaimed,
    BadValues,
    Conflict,
    CoordinationError,
    IllegalMove,
    NotAllowed,
    Refused,
)
from coordination.intake.clocks import PauseId, RequestId
from coordination.intake.model import Referral
from coordination.intake.queue import QueueFilter
from coordination.values import ReferralId, UserName, new_id
from tests.database import CentreDb, SignedIn
from tests.db.test_clocks import ask, kinds, pause, running
from tests.db.test_intake import cole, cora, refer

__all__ = ["cole", "cora"]
COLE, CORA, DINA = (UserName(f"{name}") for name in ("cole.coordinator", "cora.coordinator", "dina.lead"))


# ---------------------------------------------------------------- more information


def test_asking_pauses_and_the_answer_lets_the_clocks_run(cora: SignedIn) -> None:
    intake, r = cora.services.intake, refer(cora)
    asked = ask(cora, r)
    now, there = asked.referral, intake.clocks(r.id)
    assert there.request is not None and there.pause is not None
    assert (there.request.question, there.pause.reason) == ("Which dose?", "information_sender")
    assert now.asked_at == there.request.asked_at
    assert now.due_at > r.due_at + timedelta(hours=3)
    assert [row.id for row in intake.queue(QueueFilter(on_hold=True)).rows] == [r.id]
    assert next(v.count for v in intake.views() if v.code == "on_hold") == 1
    with pytest.raises(Refused):
        ask(cora, now)
    answered = intake.answer(r.id, now.revision, "40 mg")
    assert answered.referral.asked_at is None and intake.clocks(r.id).pause is None
    assert answered.referral.due_at < r.due_at + timedelta(minutes=5)
    again = intake.undo(answered.undo)
    assert (again.asked_at, again.due_at) == (now.asked_at, now.due_at)
    stopped = intake.stop_asking(r.id, again.revision)
    assert intake.undo(stopped.undo).asked_at == now.asked_at
    assert kinds(cora, r.id)[1:] == ["asked", "answered", "answer_taken_back", "asking_withdrawn", "answer_taken_back"]
    assert [e.reason for e in intake.open_referral(r.id).events][1:3] == ["Which dose?", "40 mg"]


def test_a_request_taken_back_is_as_if_it_had_not_been(cora: SignedIn) -> None:
    r = refer(cora)
    asked = ask(cora, r)
    back = cora.services.intake.undo(asked.undo)
    assert (back.asked_at, back.due_at, back.paused_until) == (None, r.due_at, None)
    assert back.revision > asked.referral.revision


def test_asking_while_it_is_paused_waits_in_that_pause(cora: SignedIn) -> None:
    intake, r = cora.services.intake, refer(cora)
    paused = pause(cora, r).referral
    now = ask(cora, paused).referral
    assert (now.paused_reason, now.due_at) == ("asked_to_wait", paused.due_at)
    answered = intake.answer(r.id, now.revision, "40 mg").referral
    assert (answered.paused_reason, answered.asked_at) == ("asked_to_wait", None)


def test_what_is_asked_is_checked_at_the_field(cora: SignedIn) -> None:
    intake, r = cora.services.intake, refer(cora)
    for ask_of, named, question, field in (
        ("", "", "x", "ask_of"),
        ("doctor", "", "x", "ask_of"),
        ("named", " ", "x", "named"),
        ("sender", "", " ", "question"),
    ):
        with pytest.raises(BadValues) as told:
            intake.ask(r.id, r.revision, RequestId(new_id()), ask_of, named, question)
        assert [p.field for p in told.value.problems] == [field]
    one = RequestId(new_id())
    first = intake.ask(r.id, r.revision, one, "named", "Dr Anand", "Which dose?").referral
    assert intake.ask(r.id, r.revision, one, "named", "Dr Anand", "Which dose?").referral == first  # sent twice


# ---------------------------------------------------------------- transfer


def test_transfer_puts_it_into_another_queue_with_its_clocks(cora: SignedIn, cole: SignedIn) -> None:
    intake = cora.services.intake
    r = intake.claim((r := refer(cora)).id, r.revision).referral
    with pytest.raises(AlreadyClaimed):
        cole.services.intake.transfer(r.id, r.revision, "district_nursing", None, "Theirs")
    with pytest.raises(BadValues) as told:
        intake.transfer(r.id, r.revision, r.service, "north", "Nowhere else")
    assert [p.field for p in told.value.problems] == ["service"]
    moved = intake.transfer(r.id, r.revision, "district_nursing", "south", "Needs a nurse, and lives in Wythenshawe")
    now = moved.referral
    assert (now.state, now.holder, now.service, now.locality) == ("waiting", None, "district_nursing", "south")
    assert now.due_at == r.due_at  # the person has been promised the same
    assert running(cora, r.id)["claim"].due_at == now.stage_due_at
    event = intake.open_referral(r.id).events[-1]
    assert (event.kind, event.details["service_name"], event.details["locality"]) == (
        "transferred",
        "District nursing",
        "south",
    )
    back = intake.undo(moved.undo)
    assert (back.state, back.holder, back.service, back.locality) == ("claimed", CORA, r.service, r.locality)
    closed = intake.close(r.id, back.revision, "Settled").referral
    with pytest.raises(IllegalMove):
        intake.transfer(r.id, closed.revision, "district_nursing", None, "x")


def test_transfer_in_the_queue_begins_its_threshold_anew(cora: SignedIn) -> None:
    r = refer(cora)
    before = running(cora, r.id)["claim"]
    cora.services.intake.transfer(r.id, r.revision, r.service, "south", "Lives in Wythenshawe")
    after = running(cora, r.id)["claim"]
    assert after.started_at > before.started_at


# ---------------------------------------------------------------- the database holds the rules of moves


def test_what_another_holds_leaves_their_hand_with_a_reason_only(
    cora: SignedIn, cole: SignedIn, centre_db: CentreDb
) -> None:
    r = cora.services.intake.claim((r := refer(cora)).id, r.revision).referral
    free = (
        "update referral set state = 'waiting', claimed_by = null, claimed_at = null, state_reason = %s where id = %s"
    )
    with centre_db.psql(COLE) as c:
        for reason in ("", r.state_reason):
            with pytest.raises(psycopg.errors.CheckViolation) as told:
                c.execute(free, [reason, r.id])
            assert told.value.diag.constraint_name == "referral_release_has_reason"
        for end in ("closed", "declined"):
            with pytest.raises(psycopg.errors.CheckViolation):
                c.execute("update referral set state = %s, closed_at = now() where id = %s", [end, r.id])
        c.execute(free, ["Cora is off sick", r.id])
        give = "update referral set state = 'claimed', claimed_by = %s, claimed_at = now(), state_reason = ''"
        c.execute(give, [CORA])
    with centre_db.psql("dina.lead") as c, pytest.raises(psycopg.errors.CheckViolation):
        c.execute("update referral set claimed_by = %s where id = %s", [COLE, r.id])


def test_nobody_gives_in_anothers_name_what_they_did_not_take_from_them(cora: SignedIn, centre_db: CentreDb) -> None:
    r = refer(cora)
    give = "update referral set state = 'claimed', claimed_by = %s, claimed_at = now() where id = %s"
    with centre_db.psql(CORA) as c:
        c.execute(give, [CORA, r.id])
        c.execute("update referral set state = 'waiting', claimed_by = null, claimed_at = null where id = %s", [r.id])
        with pytest.raises(psycopg.errors.CheckViolation) as told:
            c.execute(give, [COLE, r.id])
        assert told.value.diag.constraint_name == "referral_hand_over_has_reason"


# ---------------------------------------------------------------- a whole caseload


def caseload(desk: SignedIn, count: int) -> list[Referral]:
    made = [refer(desk, need=f"Need {n}") for n in range(count)]
    return [desk.services.intake.claim(r.id, r.revision).referral for r in made]


def test_a_caseload_goes_in_turns_and_comes_back_whole(cora: SignedIn, cole: SignedIn, centre_db: CentreDb) -> None:
    intake, held = cora.services.intake, caseload(cora, 5)
    held[0] = intake.accept(held[0].id, held[0].revision).referral
    rows = cole.services.intake.caseload(CORA)
    assert {row.id for row in rows} == {r.id for r in held}
    items = [(row.id, row.revision) for row in rows]
    tess = centre_db.sign_in("tess.lead").services.intake  # a colleague is ill; the lead does it, with the reason
    result = tess.hand_over_many(items, [COLE, DINA], "Cora is off sick")
    assert (len(result.moved), result.left) == (5, ())
    assert [m.referral.holder for m in result.moved] == [COLE, DINA, COLE, DINA, COLE]
    now = {r.id: intake.referral(r.id) for r in held}
    assert all((r.state, r.state_reason) == ("claimed", "Cora is off sick") for r in now.values())
    back = tess.undo_many(result.undo)
    assert (len(back.moved), back.left) == (5, ())
    for r in held:
        again = intake.referral(r.id)
        assert (again.state, again.holder, again.due_at) == (r.state, r.holder, r.due_at)
    assert kinds(cora, held[1].id)[-2:] == ["handed_over", "taken_back"]


def test_a_caseload_goes_back_to_the_queue_and_back(cora: SignedIn, cole: SignedIn) -> None:
    held = caseload(cora, 3)
    held[0] = cora.services.intake.accept(held[0].id, held[0].revision).referral
    result = cole.services.intake.hand_over_many([(r.id, r.revision) for r in held], [], "Cora is off sick")
    assert all(m.referral.state == "waiting" and m.referral.holder is None for m in result.moved)
    back = cole.services.intake.undo_many(result.undo)
    assert [(m.referral.state, m.referral.holder) for m in back.moved] == [(r.state, CORA) for r in held]


def test_what_changed_meanwhile_stays_and_is_told_and_the_rest_goes(cora: SignedIn, cole: SignedIn) -> None:
    held = caseload(cora, 4)
    items = [(r.id, r.revision) for r in held]
    cole.services.intake.take_over(held[1].id, held[1].revision, "She asked for me")
    cora.services.intake.close(held[2].id, held[2].revision, "Settled")
    lost = (ReferralId(new_id()), 1)
    result = cora.services.intake.hand_over_many([*items, lost], [DINA], "My leave")
    assert [m.referral.id for m in result.moved] == [held[0].id, held[3].id]
    told = [(left.id, left.last.kind if left.last else None) for left in result.left]
    assert told == [(held[1].id, "taken_over"), (held[2].id, "closed"), (lost[0], None)]
    after = cole.services.intake.claim  # nothing of the rest was touched
    assert after is not None and cora.services.intake.referral(held[1].id).holder == COLE
    cole.services.intake.take_over(held[3].id, result.moved[1].referral.revision, "Mine after all")
    back = cora.services.intake.undo_many(result.undo)
    assert [m.referral.id for m in back.moved] == [held[0].id]
    assert [left.id for left in back.left] == [held[3].id]


def test_a_bulk_hand_over_is_checked_at_the_field_and_by_role(cora: SignedIn, centre_db: CentreDb) -> None:
    held = caseload(cora, 1)
    items = [(held[0].id, held[0].revision)]
    for bad, field in (
        (([], [COLE], "x"), "items"),
        ((items, [COLE], " "), "reason"),
        ((items, [UserName("no.body")], "x"), "to"),
    ):
        with pytest.raises(BadValues) as told:
            cora.services.intake.hand_over_many(*bad)
        assert [p.field for p in told.value.problems] == [field]
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.intake.hand_over_many(items, [COLE], "x")


# ---------------------------------------------------------------- two desks at once


def race(*calls: Callable[[], Any]) -> list[Any]:
    """All at the same moment, each on a desk of its own; what each gave back or raised."""
    start = Barrier(len(calls), timeout=60)

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except CoordinationError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_desks_pause_at_once_and_one_pause_there_is(cora: SignedIn, cole: SignedIn, centre_db: CentreDb) -> None:
    waiting = [refer(cora, need=f"Need {n}") for n in range(12)]
    for r in waiting:
        results = race(lambda r=r: pause(cora, r), lambda r=r: pause(cole, r))  # type: ignore[misc]
        assert sorted(type(each).__name__ for each in results) == ["Conflict", "Moved"]
    with centre_db.owner.connect() as connection:
        assert connection.execute(text("select count(*) from clock_pause")).scalar_one() == len(waiting)


def test_two_pauses_at_once_are_refused_by_the_database_itself(centre_db: CentreDb, cora: SignedIn) -> None:
    r = refer(cora)
    put = (
        "insert into clock_pause (id, referral_id, reason, planned_until)"
        " values (%s, %s, 'unreachable', now() + interval '1 hour')"
    )
    with centre_db.psql(CORA) as one, centre_db.psql(COLE) as other:
        one.execute(put, [new_id(), r.id])
        with pytest.raises(psycopg.errors.ExclusionViolation) as told:
            other.execute(put, [new_id(), r.id])
    assert told.value.diag.constraint_name == "pause_one_at_a_time"


def test_claim_against_pause(cora: SignedIn, cole: SignedIn) -> None:
    """Whoever is first is; the other is told, and nothing is half done."""
    for n in range(12):
        r = refer(cora, need=f"Need {n}")
        paused, claimed = race(
            lambda r=r: pause(cora, r),  # type: ignore[misc]
            lambda r=r: cole.services.intake.claim(r.id, r.revision),  # type: ignore[misc]
        )
        now, there = cora.services.intake.referral(r.id), cora.services.intake.clocks(r.id).pause
        if isinstance(paused, AlreadyClaimed):
            assert (now.holder, there, now.due_at) == (COLE, None, r.due_at)
        else:
            assert isinstance(claimed, Conflict)
            assert now.holder is None and there is not None and now.due_at > r.due_at


def test_bulk_hand_over_against_claims_and_against_itself(cora: SignedIn, cole: SignedIn, centre_db: CentreDb) -> None:
    dina = centre_db.sign_in("dina.lead").services.intake
    for n in range(5):
        waiting = [refer(cora, need=f"Need {n}.{m}") for m in range(4)]
        items = [(r.id, r.revision) for r in waiting]
        bulk, other, *claims = race(
            lambda items=items: cora.services.intake.hand_over_many(items, [CORA], "Mine"),  # type: ignore[misc]
            lambda items=items: dina.hand_over_many(items[::-1], [DINA], "Mine"),  # type: ignore[misc]
            *(lambda r=r: cole.services.intake.claim(r.id, r.revision) for r in waiting[:2]),  # type: ignore[misc]
        )
        for place, r in enumerate(waiting):
            now = cora.services.intake.referral(r.id)
            assert now.revision == r.revision + 1  # exactly one has moved it
            won = {
                CORA: any(m.referral.id == r.id for m in bulk.moved),
                DINA: any(m.referral.id == r.id for m in other.moved),
                COLE: place < 2 and not isinstance(claims[place], CoordinationError),
            }
            assert [who for who, did in won.items() if did] == [now.holder]
            assert {left.id for left in bulk.left} | {m.referral.id for m in bulk.moved} == {r.id for r in waiting}


def test_closing_against_resuming_never_opens_it_again(cora: SignedIn, cole: SignedIn) -> None:
    for n in range(10):
        r = pause(cora, refer(cora, need=f"Need {n}")).referral
        closed, _resumed = race(
            lambda r=r: cora.services.intake.close(r.id, r.revision, "Settled"),  # type: ignore[misc]
            lambda r=r: cole.services.intake.resume(r.id, r.revision),  # type: ignore[misc]
        )
        now = cora.services.intake.referral(r.id)
        assert (now.state == "closed") == (not isinstance(closed, CoordinationError))
        assert now.state != "closed" or running(cora, r.id) == {}


# ---------------------------------------------------------------- who sees them


def test_clocks_of_a_person_whom_one_may_not_see_are_not_there(centre_db: CentreDb, cora: SignedIn) -> None:
    r = refer(cora)
    pause(cora, r)
    with centre_db.psql("ada.admin") as c:
        for table in ("referral_clock", "clock_pause", "information_request"):
            assert c.execute(f"select count(*) from {table}").fetchone() == (0,)
    with pytest.raises(NotAllowed):
        now = cora.services.intake.referral(r.id)
        centre_db.sign_in("max.manager").services.intake.pause(r.id, now.revision, PauseId(new_id()), "unreachable")
    with centre_db.owner.connect() as connection:
        query = text("select array_agg(distinct area) from audit.entry where actor = 'cora.coordinator'")
        assert "clock_pause" in connection.execute(query).scalar_one()


def test_how_long_a_pause_may_last_is_counted_by_the_server(cora: SignedIn) -> None:
    r = refer(cora)
    moved = cora.services.intake.pause(r.id, r.revision, PauseId(new_id()), "unreachable", "", timedelta(hours=24))
    assert moved.referral.paused_until is not None
    assert moved.referral.paused_until - datetime.now(UTC) < timedelta(hours=24)
