"""Who is at a record: seen by those who see it, gone with its desk, and no record of viewing."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text

from coordination.intake.model import ContactDraft, Refer, Referral, ReferralDraft
from coordination.people.model import PersonDraft
from coordination.presence.model import Mark
from coordination.values import ContactId, PersonId, ReferralId, new_id
from tests.database import CentreDb, SignedIn

ENTRIES = "select count(*) from audit.entry where action <> 'connect'"


def refer(desk: SignedIn, person_id: PersonId | None = None) -> Referral:
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "24_hours", "Alone and weak")
    contact = ContactDraft(need="Cannot manage the stairs", person_id=person_id)
    return desk.services.intake.take_contact(contact, ContactId(new_id()), Refer((draft,))).referrals[0]


def hidden_person(db: CentreDb, desk: SignedIn, team: str) -> PersonId:
    person = desk.services.people.register(PersonDraft(surname="Hidden"), PersonId(new_id()))
    with db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams' where id = :p"), {"p": person.id})
        c.execute(
            text("insert into person_sharing (person_id, team_id) select :p, id from team where name = :t"),
            {"p": person.id, "t": team},
        )
    return person.id


@pytest.fixture
def cora(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


@pytest.fixture
def cole(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cole.coordinator")


def test_who_is_there_since_when_and_what_they_do(cora: SignedIn, cole: SignedIn) -> None:
    referral, desks = refer(cora), (new_id(), new_id())
    assert cora.services.presence.beat(desks[0], [Mark("intake", referral.id, "looking")]) == []
    (there,) = cole.services.presence.beat(desks[1], [Mark("intake", referral.id, "editing")])
    assert (there.display_name, there.doing, there.record) == ("Cora Example", "looking", referral.id)
    (other,) = cora.services.presence.beat(desks[0], [Mark("intake", referral.id, "looking")])
    assert (other.user_name, other.doing) == ("cole.coordinator", "editing")
    since = cole.services.presence.others(desks[1], [referral.id])[0].since
    assert since == there.since  # a heartbeat is no new coming
    cora.services.presence.say(desks[0], [Mark("intake", referral.id, "editing")])
    assert cole.services.presence.others(desks[1], [referral.id])[0].since > since


def test_leaving_takes_the_marks_along(cora: SignedIn, cole: SignedIn) -> None:
    first, second = refer(cora), refer(cora)
    desk, other = new_id(), new_id()
    cora.services.presence.say(desk, [Mark("intake", first.id, "looking")])
    cora.services.presence.say(desk, [Mark("intake", second.id, "looking")])
    assert [p.record for p in cole.services.presence.beat(other, [])] == [second.id]
    cora.services.presence.leave(desk)
    assert cole.services.presence.beat(other, []) == []


def test_a_dead_desk_is_not_shown_and_swept_up(centre_db: CentreDb, cora: SignedIn, cole: SignedIn) -> None:
    referral, desk, other = refer(cora), new_id(), new_id()
    cora.services.presence.say(desk, [Mark("intake", referral.id, "editing")])
    assert len(cole.services.presence.others(other, [referral.id])) == 1
    with centre_db.owner.begin() as c:
        c.execute(text("update presence set seen_at = now() - interval '41 seconds'"))
    assert cole.services.presence.others(other, [referral.id]) == []
    with centre_db.owner.begin() as c:
        c.execute(text("update presence set seen_at = now() - interval '61 seconds'"))
    cole.services.presence.beat(other, [])
    with centre_db.owner.connect() as c:
        assert c.execute(text("select count(*) from presence")).scalar_one() == 0


def test_nobody_is_seen_at_what_one_may_not_see(centre_db: CentreDb, cora: SignedIn) -> None:
    tess = centre_db.sign_in("tess.lead")
    person_id = hidden_person(centre_db, tess, "North reablement test team")
    referral = refer(tess, person_id)
    marks = [Mark("people", person_id, "looking"), Mark("intake", referral.id, "editing")]
    tess.services.presence.say(new_id(), marks)
    theo = centre_db.sign_in("theo.lead")
    assert len(theo.services.presence.beat(new_id(), [])) == 2
    assert cora.services.presence.beat(new_id(), []) == []
    cora.services.presence.say(new_id(), marks)  # what is not seen is not marked, and does not say that it is there
    assert len(theo.services.presence.beat(new_id(), [])) == 2
    with centre_db.psql("ada.admin") as c:
        assert c.execute("select count(*) from presence").fetchone() == (0,)


def test_who_and_when_are_the_servers_to_say(centre_db: CentreDb, cora: SignedIn) -> None:
    referral = refer(cora)
    with centre_db.psql("cole.coordinator") as c:
        c.execute(
            "insert into presence (desk, area, record, user_name, doing, since, seen_at)"
            " values (%s, 'intake', %s, 'cora.coordinator', 'editing', now() - interval '1 day',"
            " now() + interval '1 day')",
            (new_id(), referral.id),
        )  # fmt: skip
        row = c.execute(
            "select user_name, since > now() - interval '1 minute', seen_at <= now() from presence"
        ).fetchone()
        assert row == ("cole.coordinator", True, True)
        cora.services.presence.say(new_id(), [Mark("intake", referral.id, "looking")])
        assert c.execute("delete from presence where user_name = 'cora.coordinator'").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):  # nothing that one sees
            c.execute(
                "insert into presence (desk, area, record, doing) values (%s, 'intake', %s, 'looking')", (new_id(),) * 2
            )


def test_no_record_of_viewing_and_ids_only(centre_db: CentreDb, cora: SignedIn) -> None:
    referral, desk = refer(cora), new_id()
    with centre_db.owner.connect() as c:
        before = c.execute(text(ENTRIES)).scalar_one()
    heard: list[str] = []
    with centre_db.psql("cole.coordinator") as c:
        c.execute("listen centre")
        cora.services.presence.say(desk, [Mark("intake", referral.id, "looking")])
        cora.services.presence.beat(desk, [Mark("intake", referral.id, "looking")])  # a heartbeat is not told
        cora.services.presence.say(desk, [Mark("intake", referral.id, "editing")])
        cora.services.presence.leave(desk)
        heard = [notice.payload for notice in c.notifies(timeout=30, stop_after=3)]
        assert heard == [f"presence:{referral.id}"] * 3
        assert list(c.notifies(timeout=0.1)) == []
    with centre_db.owner.connect() as c:
        assert c.execute(text(ENTRIES)).scalar_one() == before


def test_the_same_desk_twice_is_one_mark_and_editing_counts(cora: SignedIn, cole: SignedIn) -> None:
    referral, desk = refer(cora), new_id()
    cora.services.presence.say(
        desk, [Mark("intake", referral.id, "looking"), Mark("intake", referral.id, "editing")]
    )  # two windows of one desk
    (there,) = cole.services.presence.others(new_id(), [referral.id])
    assert there.doing == "editing"
