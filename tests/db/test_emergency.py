"""Emergency access (R3): only where the usual rights do not, for a while, for one person and one login; its review."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from coordination.errors import BadValues, Conflict, NotAllowed, NotFound, Refused
from coordination.governance.emergency import Look, ReviewDraft
from coordination.people.emergency import Access
from coordination.people.model import PersonDraft
from coordination.people.sharing import SharingDraft
from coordination.values import NhsNumber, PersonId, new_id
from tests.database import CentreDb, SignedIn

WHY = "She has collapsed and nobody is here who knows her"
NUMBER = "9434765919"
THEIRS = "North district nursing test team"


@pytest.fixture
def hidden(centre_db: CentreDb) -> PersonId:
    """Emmeline, with a plan and an alert, who shares with the district nurses only."""
    return someone(centre_db, "named_teams", THEIRS)


def someone(
    db: CentreDb, level: str, team: str | None = None, given: str = "Emmeline", number: str = NUMBER
) -> PersonId:
    people = db.sign_in("cora.coordinator").services.people
    draft = PersonDraft("Pankhurst", given, birth_date="14/7/1945", nhs_number=number)
    person = people.register(draft, PersonId(new_id())).id
    with db.owner.begin() as c:
        c.execute(text("insert into care_plan (id, person_id) values (:i, :p)"), {"i": new_id(), "p": person})
        c.execute(
            text("insert into person_alert (id, person_id, kind) values (:i, :p, 'infection')"),
            {"i": new_id(), "p": person},
        )
        c.execute(text("update person set sharing_level = :l where id = :p"), {"l": level, "p": person})
        c.execute(
            text("insert into person_sharing (person_id, team_id) select :p, id from team where name = :t"),
            {"p": person, "t": team},
        )
    return person


def opened(desk: Any, kind: str = "life_at_risk", key: UUID | None = None, number: str = NUMBER) -> Access:
    """Looked for by the number, then opened."""
    look = desk.emergency.look(Look(NhsNumber(number)), new_id())
    access: Access = desk.emergency.open(key or new_id(), kind, WHY, look=look.look_id)
    return access


def plans(desk: SignedIn) -> int:
    with desk.engine.begin() as c:
        return int(c.execute(text("select count(*) from care_plan")).scalar_one())


def refused(call: Any) -> str:
    with pytest.raises(Refused) as told:
        call()
    return told.value.obstacles[0].code


def test_the_longest_that_can_be_set_ends_on_the_microsecond(centre_db: CentreDb, hidden: PersonId) -> None:
    """Begun and ended by one reading of the clock: with two, the end came too late for what the table takes."""
    with centre_db.owner.begin() as c:
        c.execute(text("update setting set value = '240' where name = 'emergency.minutes'"))
    for user in ("cora.coordinator", "cole.coordinator"):
        access = opened(centre_db.sign_in(user).services)
        assert access.ends_at - access.began_at == timedelta(hours=4)


def test_it_opens_one_record_to_one_login_and_ends(centre_db: CentreDb, hidden: PersonId) -> None:
    cora, cole = centre_db.sign_in("cora.coordinator"), centre_db.sign_in("cole.coordinator")
    other = someone(centre_db, "named_teams", THEIRS, "Sylvia", "9449305552")
    with pytest.raises(BadValues) as told:
        cora.services.emergency.open(new_id(), "", "help", person=hidden)
    assert {p.field for p in told.value.problems} == {"kind", "words"}

    key = new_id()
    first = new_id()
    assert refused(lambda: cora.services.emergency.open(first, "other", WHY, person=hidden)) == "emergency_look_first"
    access = opened(cora.services, key=key)
    assert opened(cora.services, key=key) == access  # sent twice
    assert (access.shut, (access.ends_at - access.began_at).total_seconds()) == ("record", 3600)
    record = cora.services.people.open_record(hidden)
    assert record.emergency == access
    assert (record.detail_hidden, record.plan is not None, plans(cora)) == (False, True, 1)
    assert [row.id for row in cora.services.people.find("pankhurst")] == [hidden]
    with pytest.raises(NotFound):  # another person, another login
        cora.services.people.open_record(other)
    with pytest.raises(NotFound):
        cole.services.people.open_record(hidden)

    assert refused(lambda: cora.services.emergency.open(new_id(), "other", WHY, person=hidden)) == "emergency_in_force"
    with pytest.raises(NotAllowed):  # it does not become a right of its own
        cora.services.sharing.agree(hidden, SharingDraft("everything", how="phone"), new_id(), seen=None)

    # For all who may see the record, it is there: who, when, why, and not the words.
    dina = centre_db.sign_in("dina.lead").services.people.timeline(hidden)
    line = next(i for i in dina.items if i.state == "emergency")
    assert (line.who, line.about, line.words) == ("Cora Example", "life_at_risk", "")
    # Each view under it says so on the trail.
    with centre_db.owner.begin() as c:
        views = text("select columns from audit.entry where action = 'view' and person_id = :p and actor like 'cora%'")
        assert all(f"emergency_access:{key}" in row.columns for row in c.execute(views, {"p": hidden}))
        c.execute(text("update emergency_access set began_at = began_at - interval '1 hour', ends_at = now()"))
    with pytest.raises(NotFound):
        cora.services.people.open_record(hidden)
    assert (plans(cora), cora.services.people.find("pankhurst"), cora.services.emergency.mine()) == (0, [], [])


def test_it_can_be_ended_by_hand_and_opens_a_summary_too(centre_db: CentreDb) -> None:
    person = someone(centre_db, "summary")
    cora = centre_db.sign_in("cora.coordinator").services
    assert cora.people.open_record(person).detail_hidden
    access = cora.emergency.open(new_id(), "safeguarding", WHY, person=person)
    assert access.shut == "detail"
    assert not cora.people.open_record(person).detail_hidden
    cora.emergency.end(access.id)
    record = cora.people.open_record(person)
    assert (record.detail_hidden, record.emergency) == (True, None)
    cora.emergency.end(access.id)  # nothing is left to end


def test_only_where_the_usual_rights_do_not_and_only_for_direct_care(centre_db: CentreDb, hidden: PersonId) -> None:
    def asks(user: str) -> Any:
        return centre_db.sign_in(user).services.emergency

    assert refused(lambda: asks("dina.lead").open(new_id(), "other", WHY, person=hidden)) == "emergency_not_needed"
    for user in ("ada.admin", "ida.governance", "max.manager"):
        with pytest.raises(NotAllowed):
            asks(user).open(new_id(), "other", WHY, person=hidden)
        with pytest.raises(NotAllowed):
            asks(user).look(Look(NhsNumber(NUMBER)), new_id())
    nobody = PersonId(new_id())
    assert refused(lambda: asks("cora.coordinator").open(new_id(), "other", WHY, person=nobody)) == "emergency_nobody"


def test_with_psql_it_leaves_a_trace_before_it_opens_anything(centre_db: CentreDb, hidden: PersonId) -> None:
    with centre_db.psql("cora.coordinator") as c:
        look = new_id()
        c.execute("select emergency_look(%s, %s, '', '', null)", (look, NUMBER))
        c.execute("begin")
        c.execute("select break_glass(%s, null, %s, 'other', %s)", (new_id(), look, WHY))
        assert c.execute("select count(*) from person").fetchone() == (0,)
        c.execute("rollback")
        for statement in (
            "insert into emergency_access (id, person_id, by_role, shut, kind, words, ends_at)"
            " values (uuidv7(), %(p)s, 'care_coordinator', 'record', 'other', 'some words here', now())",
            "update emergency_access set ends_at = now() + interval '3 hours'",
            "delete from emergency_access",
            "insert into person_sharing (person_id, team_id) select %(p)s, min(id) from team",
            "select preview_pretend(%(p)s, 'everything', '{}', null, 'care_coordinator')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                c.execute(statement, {"p": hidden})
        # A transaction that is kept open keeps nothing open.
        c.execute("select break_glass(%s, null, %s, 'other', %s)", (new_id(), look, WHY))
        c.execute("begin")
        assert c.execute("select count(*) from person").fetchone() == (1,)
        with pytest.raises(psycopg.errors.CheckViolation), c.transaction():
            c.execute("update person set sharing_level = 'everything'")
        with centre_db.owner.begin() as owner:
            owner.execute(text("update emergency_access set began_at = began_at - interval '2 hours', ends_at = now()"))
        assert c.execute("select count(*) from person").fetchone() == (0,)
        c.execute("rollback")


def test_a_hidden_record_is_found_by_what_is_exact_and_nothing_is_told_of_it(
    centre_db: CentreDb, hidden: PersonId
) -> None:
    cora = centre_db.sign_in("cora.coordinator").services
    found = cora.emergency.look(Look(NhsNumber(NUMBER)), new_id())
    assert (found.kind, found.person_id, found.initials) == ("not_shared", None, "EP")
    born = date(1945, 7, 14)
    named = cora.emergency.look(Look(None, "PANKHURST", "emmeline", born), new_id())
    assert named.kind == "not_shared"
    assert cora.emergency.look(Look(None, "Pankhurst", "Emeline", born), new_id()).kind == "nobody"
    shared = centre_db.sign_in("dina.lead").services.emergency.look(Look(NhsNumber(NUMBER)), new_id())
    assert (shared.kind, shared.person_id) == ("shared", hidden)
    access = cora.emergency.open(new_id(), "cannot_be_asked", WHY, look=named.look_id)
    assert access.person_id == hidden

    with centre_db.psql("cora.coordinator") as c:  # no answer before the look is written down for good
        look = new_id()
        c.execute("begin")
        c.execute("select emergency_look(%s, %s, '', '', null)", (look, NUMBER))
        assert c.execute("select count(*) from emergency_answer(%s)", (look,)).fetchone() == (0,)
        c.execute("rollback")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute("select * from emergency_lookup")

    for _ in range(7):
        cora.emergency.look(Look(NhsNumber("9449305552")), new_id())
    assert refused(lambda: cora.emergency.look(Look(NhsNumber(NUMBER)), new_id())) == "emergency_lookups_spent"
    centre_db.sign_in("cole.coordinator").services.emergency.look(Look(NhsNumber(NUMBER)), new_id())


def test_its_review(centre_db: CentreDb, hidden: PersonId) -> None:
    tess, ida = centre_db.sign_in("tess.lead").services, centre_db.sign_in("ida.governance").services
    access = opened(tess, "serious_harm")
    record = tess.people.open_record(hidden)
    assert record.plan is not None
    tess.people.end_alert(hidden, record.alerts[0].id, record.alerts[0].revision)

    row = ida.emergency.accesses()[0]
    assert (row.id, row.words, row.views, row.changes, row.in_force, row.awaits) == (access.id, WHY, 1, 1, True, True)
    assert (row.due_at - row.began_at).days == 3
    deeds = {(d.action, d.area): d for d in ida.emergency.deeds(row.id)}
    assert deeds["update", "person_alert"].records == (str(hidden),)

    # A team lead knows that there was one in their team; not whose record, nor any words. Another team's: nothing.
    lead = centre_db.sign_in("theo.lead").services.emergency
    mine = lead.accesses()[0]
    assert (mine.person_id, mine.initials, mine.words, mine.kind) == (None, "", "", "serious_harm")
    assert lead.deeds(row.id) == []
    assert centre_db.sign_in("dina.lead").services.emergency.accesses() == []
    assert centre_db.sign_in("cora.coordinator").services.emergency.accesses() == []
    assert centre_db.sign_in("max.manager").services.emergency.accesses()[0].words == WHY

    with pytest.raises(BadValues):
        ida.emergency.review(row, ReviewDraft("inappropriate", "", "not_told", ""), new_id())
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.emergency.review(
            row, ReviewDraft("appropriate", "", "told"), new_id()
        )
    ida.emergency.end(access.id)
    with pytest.raises(NotFound):
        tess.people.open_record(hidden)
    done = ida.emergency.review(row, ReviewDraft("appropriate", "", "told"), new_id())
    assert (done.outcome, done.told, done.reviewed_by_name, done.in_force) == (
        "appropriate",
        "told",
        "Ida Example",
        False,
    )
    with pytest.raises(Conflict):
        ida.emergency.review(row, ReviewDraft("needs_action", "Ring the team", "not_yet"), new_id())
    assert ida.emergency.accesses() == []
    assert ida.emergency.withdraw(done).awaits
    assert [r.reviews for r in ida.emergency.accesses()] == [2]

    # Whoever broke the glass does not review it, whatever their role has become.
    with centre_db.owner.begin() as c:
        c.execute(text("delete from emergency_review"))
        c.execute(text("update emergency_access set by_user = 'ida.governance' where id = :i"), {"i": access.id})
    again = ida.emergency.accesses()[0]
    assert refused(lambda: ida.emergency.review(again, ReviewDraft("appropriate", "", "told"), new_id())) == (
        "emergency_own_review"
    )


def test_nobody_merges_what_they_see_in_an_emergency(centre_db: CentreDb, hidden: PersonId) -> None:
    cora = centre_db.sign_in("cora.coordinator").services
    other = cora.people.register(PersonDraft("Pankhurst", "Emmeline"), PersonId(new_id()))
    opened(cora)
    with pytest.raises(NotAllowed):
        cora.people.merge(new_id(), other, cora.people.get(hidden), "the same person", ())
