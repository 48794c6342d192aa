"""Transfer to recovery on the real database: lights, delays that never overlap, home first, who may see it (T3-T6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import psycopg
import pytest
from sqlalchemy import text

from coordination.clock import local_date
from coordination.errors import BadValues, Conflict, NotAllowed, Refused
from coordination.reference import standing
from coordination.transfer.model import LIST, Light, Transfer, TransferDraft, TransferId
from coordination.transfer.report import DISCHARGED, READY
from coordination.values import PersonId, new_id
from tests.care_kit import add_person, add_referral
from tests.database import CentreDb

REASONS = [r.code for r in standing.read().delay_reasons if r.list == LIST]
HOME = next(d.code for d in standing.read().destinations if d.list == LIST and d.pathway == "P1")
NOW = datetime.now(UTC)


def draft(person: PersonId, hours: float = 50) -> TransferDraft:
    return TransferDraft(person, "NMGH", NOW - timedelta(hours=hours), "F5")


def refused(db: CentreDb, user: str, statement: str, *values: object) -> str:
    connection = db.psql(user)
    try:
        with pytest.raises(psycopg.Error) as error:
            connection.execute(statement, values)
        return error.value.diag.constraint_name or error.value.sqlstate or ""
    finally:
        connection.close()


def test_on_the_list_seen_to_and_gone_and_all_of_it_taken_back(centre_db: CentreDb) -> None:
    cora = centre_db.sign_in("cora.coordinator").services
    service, person, key = cora.transfer, add_person(centre_db), TransferId(new_id())
    for _ in range(2):  # sent twice, there once
        begun = service.begin(key, draft(person))
    assert [light.state for light in begun.lights] == ["to_do"] * 7 + ["not_needed"]
    with pytest.raises(Refused) as twice:
        service.begin(TransferId(new_id()), draft(person))
    assert twice.value.obstacles[0].code == "on_the_list_already"
    before, after = service.set_light(key, "medicines", "done")
    assert next(light for light in after.lights if light.kind == "medicines").by_name == "Cora Example"
    assert [x.state for x in service.restore(before).lights] == [x.state for x in begun.lights]
    with pytest.raises(Refused):
        service.set_light(key, "plan", "done")

    today, ready = local_date(NOW), local_date(begun.ready_at)
    with pytest.raises(BadValues):
        service.delayed(new_id(), key, REASONS[0], ready - timedelta(days=1))
    _, first = service.delayed(new_id(), key, REASONS[0], ready)
    before, second = service.delayed(new_id(), key, REASONS[1], ready + timedelta(days=1))
    assert [(d.reason, d.nights(today)) for d in second.delays] == [
        (REASONS[0], 1),
        (REASONS[1], (today - ready).days - 1),
    ]
    assert second.nights_without_reason(today) == 0
    assert service.restore(before).delays == first.delays

    with pytest.raises(BadValues) as home:
        service.change(key, begun.revision, ward="", expected_on=today, owner=None, pathway="P3", bed_reason=" ")
    assert home.value.problems[0].reason == "home_first"
    with pytest.raises(BadValues):
        service.left(key, begun.revision, NOW + timedelta(hours=2), HOME)
    gone = service.left(key, begun.revision, NOW, HOME)
    assert gone.state == "left" and gone.delays[-1].until == today
    with pytest.raises(Conflict):
        service.not_ready(key, begun.revision, "Fever")
    (site,) = [s for s in service.report(ready, today) if s.hospital == "NMGH"]
    assert site.daily[today][DISCHARGED] == 1 and sum(site.nights.values()) == (today - ready).days
    assert site.daily[ready][READY] == 1 and [t.id for t in site.people[READY]] == [key]
    back = service.back_on_list(first, gone.revision)
    assert back.state == "in_hospital" and back.delays == first.delays
    assert [w.transfer_id for w in service.worklist().caseload.waiting] == [key]


def test_what_is_looked_up_turns_green_by_itself_and_the_clock_is_the_referrals(centre_db: CentreDb) -> None:
    cora = centre_db.sign_in("cora.coordinator").services
    person = add_person(centre_db)
    referral = add_referral(centre_db, person, "Home")
    key = TransferId(new_id())
    begun = cora.transfer.begin(key, TransferDraft(person, "MRI", NOW - timedelta(hours=3), referral_id=referral))
    visit, day = new_id(), "((now() + interval '1 day') at time zone 'Europe/London')::date"
    with centre_db.owner.begin() as c:
        c.execute(
            text(
                "insert into visit (id, person_id, team_id, day, arrive, minutes, need)"
                f" select :i, :p, min(t.id), {day}, tstzrange(now() + interval '1 day', now() + interval '25 hours'),"
                " 30, 'Settle in' from team t where service = 'reablement'"
            ),
            {"i": visit, "p": person},
        )

    def first_visit() -> Light:
        return next(light for light in cora.transfer.open(key).lights if light.kind == "first_visit")

    # T2: that they are ready is the notice, so the referral's four hours run; planned is not yet allocated.
    assert [c.kind for c in begun.clocks] == ["assess_4h"] and first_visit().state == "to_do" and first_visit().at
    with centre_db.owner.begin() as c:
        c.execute(text("set local session_replication_role = replica"))
        c.execute(
            text("insert into worker (name, team_id) select 'Amina Yusuf', team_id from visit where id = :v"),
            {"v": visit},
        )
        c.execute(
            text(
                "insert into allocation (id, visit_id, worker_id, period)"
                " select :i, v.id, (select max(id) from worker), v.arrive from visit v where v.id = :v"
            ),
            {"i": new_id(), "v": visit},
        )
    assert first_visit().state == "done"


def test_a_ward_that_said_so_is_on_the_list_of_what_is_to_be_taken_up(centre_db: CentreDb) -> None:
    cora = centre_db.sign_in("cora.coordinator").services
    person = add_person(centre_db, "Rylands")
    referral = add_referral(centre_db, person, "Home")
    with centre_db.owner.begin() as c:
        c.execute(text("update referral set moft_at = now(), moft_told_at = now() where id = :r"), {"r": referral})
    (told,) = cora.transfer.worklist().told
    assert told.person_id == person and cora.transfer.worklist().caseload.queued == 1
    cora.transfer.begin(TransferId(new_id()), TransferDraft(person, "MRI", told.ready_at, referral_id=referral))
    assert cora.transfer.worklist().told == ()


def test_two_desks_put_one_person_on_the_list_once(centre_db: CentreDb) -> None:
    person = add_person(centre_db)
    barrier, outcomes = Barrier(2, timeout=60), []

    def go(user: str) -> None:
        service = centre_db.sign_in(user).services.transfer
        barrier.wait()
        try:
            outcomes.append(service.begin(TransferId(new_id()), draft(person)))
        except Refused as error:
            outcomes.append(error)  # type: ignore[arg-type]

    threads = [Thread(target=go, args=(user,)) for user in ("cora.coordinator", "cole.coordinator")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(o).__name__ for o in outcomes) == ["Refused", "Transfer"]
    assert len(centre_db.sign_in("cora.coordinator").services.transfer.worklist().rows) == 1


def test_what_nobody_may_go_round(centre_db: CentreDb) -> None:
    cora = centre_db.sign_in("cora.coordinator").services.transfer
    key = TransferId(new_id())
    one: Transfer = cora.begin(key, draft(add_person(centre_db)))
    cora.delayed(new_id(), key, REASONS[0], local_date(one.ready_at))
    overlapping = (
        "insert into transfer_delay (id, transfer_id, list, reason, nights)"
        " values (%s, %s, %s, %s, daterange(current_date - 1, null))"
    )
    said = refused(centre_db, "cora.coordinator", overlapping, new_id(), key, LIST, REASONS[1])
    assert said == "transfer_delay_one_at_a_time"
    early = overlapping.replace("current_date - 1", "current_date - 90")
    assert (
        refused(centre_db, "cora.coordinator", early, new_id(), key, LIST, REASONS[1])
        == "transfer_delay_begins_when_ready"
    )
    for change, rule in (
        ("pathway = 'P3'", "transfer_home_first"),
        ("state = 'left'", "transfer_left_is_whole"),
        (
            f"state = 'left', destination = '{HOME}', left_at = now() + interval '1 day'",
            "transfer_is_not_still_to_come",
        ),
        ("person_id = gen_random_uuid()", "transfer_stays_with_its_person"),
    ):
        assert refused(centre_db, "cora.coordinator", f"update transfer set {change} where id = %s", key) == rule
    plan = "insert into transfer_light (transfer_id, kind, state) values (%s, 'plan', 'done')"
    assert refused(centre_db, "cora.coordinator", plan, key) == "transfer_light_seen_to_elsewhere"
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.transfer.set_light(key, "keys", "done")
    hidden = add_person(centre_db, "Secret", sharing_level="named_teams")
    with centre_db.owner.begin() as c:
        c.execute(
            text("insert into transfer (id, person_id, hospital, list, ready_at) values (:i, :p, 'MRI', :l, now())"),
            {"i": new_id(), "p": hidden, "l": LIST},
        )
    assert [t.id for t in cora.worklist().rows] == [key]
