"""Anybody on the list, home first where they went, the caseload of 100 and what one more costs, criteria to reside, on
the real database (T2-T6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from coordination.clock import local_date
from coordination.errors import BadValues, BrokenRule, Conflict, NotAllowed, Refused
from coordination.reference import standing
from coordination.transfer.model import LIST, TransferDraft, TransferId
from coordination.transfer.reside import Line, SaidDraft, SaidId
from coordination.values import PersonId, ReferralId, new_id
from db import migrations
from tests.care_kit import add_person, add_referral
from tests.database import CentreDb
from tests.db.test_transfer import HOME, draft, refused

NOW = datetime.now(UTC)
TODAY = local_date(NOW)
CARE_HOME = next(d.code for d in standing.read().destinations if d.list == LIST and d.pathway == "P3" and d.elsewhere)
LIVES_THERE = next(d.code for d in standing.read().destinations if d.list == LIST and d.words.startswith("P3b"))
NEWS = "r24_news"


def ward_referral(db: CentreDb, person: PersonId) -> ReferralId:
    referral = add_referral(db, person, "Home")
    with db.owner.begin() as c:
        c.execute(text("set local session_replication_role = replica"))
        c.execute(text("update contact set channel = 'ward' where person_id = :p"), {"p": person})
        c.execute(text("update referral set source = 'ward' where id = :r"), {"r": referral})
    return referral


def test_anybody_is_put_on_the_list_with_the_clock_of_t2_and_taken_off_again(centre_db: CentreDb) -> None:
    cora = centre_db.sign_in("cora.coordinator").services
    alone, sent = add_person(centre_db, "Pankhurst"), add_person(centre_db, "Rylands")
    referral = ward_referral(centre_db, sent)
    key = TransferId(new_id())
    (clock,) = cora.transfer.begin(key, draft(alone)).clocks
    assert (clock.kind, clock.due_at - clock.started_at) == ("assess_4h", timedelta(hours=4))
    with centre_db.owner.begin() as c:  # an assessment that is signed meets it
        c.execute(text("set local session_replication_role = replica"))
        c.execute(
            text(
                "insert into assessment (id, person_id, form_id, form_version, state, signed_at, signed_by)"
                " select :i, :p, id, version, 'signed', now(), 'asa.assessor' from form limit 1"
            ),
            {"i": new_id(), "p": alone},
        )
    assert cora.transfer.open(key).clocks == ()

    begun = cora.transfer.begin(TransferId(new_id()), draft(sent, 2))
    assert begun.referral_id == referral and {c.kind for c in begun.clocks} == {"assess_24h", "assess_4h"}
    assert cora.intake.open_referral(referral).referral.moft_at == begun.ready_at
    off = cora.transfer.take_off(begun)
    assert off.state == "not_ready" and cora.intake.open_referral(referral).referral.moft_at is None
    assert cora.transfer.of_person(sent) is None and cora.transfer.of_person(alone) is not None
    with pytest.raises(Conflict):
        cora.transfer.take_off(begun)


def test_home_comes_first_where_somebody_went_too(centre_db: CentreDb) -> None:
    service = centre_db.sign_in("cora.coordinator").services.transfer
    one = service.begin(TransferId(new_id()), draft(add_person(centre_db)))
    with pytest.raises(BadValues) as told:
        service.left(one.id, one.revision, NOW, CARE_HOME)
    assert [(p.field, p.reason) for p in told.value.problems] == [("bed_reason", "home_first")]
    went = "update transfer set state = 'left', left_at = now(), destination = %s, bed_reason = %s where id = %s"
    assert refused(centre_db, "cora.coordinator", went, CARE_HOME, " ", one.id) == "transfer_left_home_first"
    gone = service.left(one.id, one.revision, NOW, CARE_HOME, bed_reason="Nobody to be there at night")
    back = service.back_on_list(one, gone.revision)
    assert back.bed_reason == ""
    assert service.left(one.id, back.revision, NOW, LIVES_THERE).state == "left"  # it is their home


def test_the_caseload_its_forecast_and_what_one_more_costs(centre_db: CentreDb) -> None:
    tess = centre_db.sign_in("tess.lead").services
    keys = []
    for number, (kind, until) in enumerate(
        [("reablement", 3), ("reablement", 30), ("intermediate_care", 5), ("", 0), ("", 0)]
    ):
        one = tess.transfer.begin(TransferId(new_id()), draft(add_person(centre_db, f"Example{number}"), 60 - number))
        keys.append(one.id)
        if kind:
            tess.transfer.left(
                one.id,
                one.revision,
                NOW,
                HOME,
                recovery=kind,
                until=TODAY + timedelta(days=until),  # type: ignore[arg-type]
            )
    with centre_db.owner.begin() as c:
        c.execute(text("update setting set value = '3' where name = 'transfer.caseload'"))
    load = tess.recovery.look()
    assert (load.now, load.most, load.of("reablement"), load.of("intermediate_care"), load.queued) == (3, 3, 2, 1, 2)
    starts = {s.waiting.transfer_id: s.on for s in load.starts}
    assert starts == {keys[3]: TODAY + timedelta(days=3), keys[4]: TODAY + timedelta(days=5)}
    assert max(day.all for day in load.forecast) == 3
    cost = tess.recovery.one_more(keys[4])
    assert [d.day for d in cost.over] == [TODAY + timedelta(days=n) for n in range(5)]
    assert [(a.waiting.transfer_id, a.on, b.on) for a, b in cost.delayed] == [
        (keys[3], TODAY + timedelta(days=3), TODAY + timedelta(days=5))
    ]
    assert cost.days_lost == 2

    inside = next(one for one in load.in_recovery if one.recovery == "intermediate_care")
    with pytest.raises(BadValues):
        tess.recovery.plan(inside.transfer_id, inside.revision, "reablement", None, TODAY + timedelta(days=1))
    assert tess.recovery.plan(inside.transfer_id, inside.revision, "intermediate_care", inside.until, TODAY) is None
    assert tess.recovery.look().now == 2
    again = tess.recovery.plan(inside.transfer_id, inside.revision + 1, "intermediate_care", inside.until)
    assert again is not None and again.until == inside.until
    with pytest.raises(Refused):
        tess.recovery.one_more(keys[0])
    with centre_db.owner.begin() as c:  # an episode of reablement has its own days, and its own end
        c.execute(text("set local session_replication_role = replica"))
        c.execute(
            text(
                "insert into reablement_episode (id, person_id, team_id, started_on, planned_end)"
                " select :i, person_id, (select min(id) from team), :d, cast(:d as date) + 9 from transfer"
                " where id = :t"
            ),
            {"i": new_id(), "t": keys[0], "d": TODAY},
        )
    (own,) = [one for one in tess.recovery.look().in_recovery if one.by_episode]
    assert own.transfer_id == keys[0] and own.until == TODAY + timedelta(days=9)


def test_criteria_to_reside_from_one_morning_to_the_next(centre_db: CentreDb) -> None:
    cora = centre_db.sign_in("cora.coordinator").services
    ready, ill = add_person(centre_db, "Pankhurst"), add_person(centre_db, "Rylands")
    begun = cora.transfer.begin(TransferId(new_id()), draft(ready))
    said = SaidDraft(ill, "NMGH", "meets", NEWS, "F5", "Sister Khan")
    for bad in (SaidDraft(ill, "NMGH", "meets"), SaidDraft(ill, "NMGH", "gone")):
        with pytest.raises(BadValues):
            cora.reside.say(SaidId(new_id()), bad)
    with pytest.raises(Refused):
        cora.reside.say(SaidId(new_id()), SaidDraft(ill, "NMGH", "no_longer"))
    key = SaidId(new_id())
    for _ in range(2):
        cora.reside.say(key, said)

    def lines() -> dict[str, Line]:
        nmgh = next(site for site in cora.reside.lists() if site.hospital == "NMGH")
        return {line.who.split(",")[0]: line for line in nmgh.lines}

    now = lines()
    assert list(now) == ["PANKHURST", "RYLANDS"]
    assert (now["RYLANDS"].reason, now["RYLANDS"].told_by, now["RYLANDS"].carried) == (NEWS, "Sister Khan", False)
    with centre_db.owner.begin() as c:
        c.execute(text("update reside_said set said_at = said_at - interval '26 hours'"))
    assert lines()["RYLANDS"].carried and lines()["RYLANDS"].said_by_name == "Cora Example"
    with pytest.raises(BrokenRule) as stands:
        cora.reside.take_back(key)  # what was said yesterday stands
    assert stands.value.constraint == "reside_said_stands"

    put = SaidId(new_id())
    on = cora.reside.no_longer(put, TransferId(new_id()), SaidDraft(ill, "NMGH", "no_longer"), NOW)
    assert lines()["RYLANDS"].verdict == "no_longer" and not lines()["RYLANDS"].carried
    cora.reside.take_off(put, on)
    assert lines()["RYLANDS"].verdict == "meets"

    again = SaidId(new_id())
    off = cora.reside.meets_again(again, begun, SaidDraft(ready, "NMGH", "meets", NEWS, "F5", "Dr Ahmed"))
    assert off.state == "not_ready" and lines()["PANKHURST"].verdict == "meets"
    cora.reside.take_back_meets(again, begun, off.revision)
    assert lines()["PANKHURST"].verdict == "no_longer"
    cora.reside.say(SaidId(new_id()), SaidDraft(ill, "NMGH", "gone", "", "", "", "Home with her daughter"))
    assert list(lines()) == ["PANKHURST"]
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.reside.say(SaidId(new_id()), said)
    statement = (
        "insert into reside_said (id, person_id, hospital, verdict, list) values (%s, %s, 'MRI', 'meets', 'x-2024-07')"
    )
    assert refused(centre_db, "cora.coordinator", statement, new_id(), ill) == "reside_said_has_its_reason"


def test_down_and_up_again_with_people_on_the_list(centre_db: CentreDb) -> None:
    cora = centre_db.sign_in("cora.coordinator").services
    one = cora.transfer.begin(TransferId(new_id()), TransferDraft(add_person(centre_db), "NMGH", NOW))
    cora.transfer.left(one.id, one.revision, NOW, HOME, recovery="reablement")
    cora.reside.say(SaidId(new_id()), SaidDraft(add_person(centre_db), "MRI", "meets", NEWS))
    with centre_db.owner.begin() as connection:
        migrations.downgrade(connection, "0039")
        assert connection.execute(text("select count(*) from transfer")).scalar() == 1
        migrations.upgrade(connection)
        assert connection.execute(text("select recovery from transfer")).scalar() == ""
        bed = connection.execute(text("select elsewhere from discharge_destination where code = :c"), {"c": CARE_HOME})
        assert bed.scalar() is True
