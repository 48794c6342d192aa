"""With whom a person shares (R2): written down, in force at once, kept, taken back; and what a team would see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from queue import Queue
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.changes import SHARING, Change
from coordination.clock import local_date
from coordination.errors import BadValues, Conflict, NotAllowed, NotFound, Refused
from coordination.people.model import AroundDraft, PersonDraft
from coordination.people.sharing import PreviewRow, SharingDraft
from coordination.values import PersonId, TeamId, new_id
from db import migrations
from db.listen import PgChangeFeed
from tests.database import CentreDb, password_of

NURSES, REABLEMENT = "North district nursing test team", "North reablement test team"


@pytest.fixture
def teams(centre_db: CentreDb) -> dict[str, TeamId]:
    with centre_db.owner.begin() as c:
        return {row.name: TeamId(row.id) for row in c.execute(text("select id, name from team"))}


def register(db: CentreDb) -> PersonId:
    people = db.sign_in("cora.coordinator").services.people
    person = people.register(PersonDraft("Pankhurst", "Emmeline", birth_date="14/7/1945"), PersonId(new_id())).id
    people.add_around(person, AroundDraft("Christabel"), new_id())
    return person


def test_a_level_is_agreed_dated_and_kept_and_taken_back(centre_db: CentreDb, teams: dict[str, TeamId]) -> None:
    person, tess = register(centre_db), centre_db.sign_in("tess.lead").services
    before = tess.sharing.of(person)
    assert (before.level, before.teams, before.history) == ("everything", (), ())
    today = local_date(datetime.now(UTC))
    with pytest.raises(BadValues) as told:
        tess.sharing.agree(
            person,
            SharingDraft("named_teams", agreed_on=today + timedelta(1), how="best_interests"),
            new_id(),
            seen=None,
        )
    assert {p.field for p in told.value.problems} == {"teams", "agreed_on", "reason"}

    first, draft = (
        new_id(),
        SharingDraft("summary", (teams[REABLEMENT],), today, "representative", "deputy", "C. Example"),
    )
    now = tess.sharing.agree(person, draft, first, seen=None)
    assert now is not None
    assert tess.sharing.agree(person, draft, first, seen=None) == now  # sent twice
    kept = now.history[0]
    assert (kept.level, kept.how, kept.authority, kept.representative) == (
        "summary",
        "representative",
        "deputy",
        "C. Example",
    )
    assert (kept.agreed_on, kept.recorded_by_name, kept.was_level, kept.gained) == (
        today,
        "Tess Example",
        "everything",
        False,
    )
    cora, dina = centre_db.sign_in("cora.coordinator").services, centre_db.sign_in("dina.lead").services
    assert not tess.people.open_record(person).detail_hidden
    assert dina.people.open_record(person).around == ()
    with pytest.raises(Conflict) as stale:  # two desks at once
        cora.sharing.agree(person, SharingDraft("everything", how="phone"), new_id(), seen=None)
    assert stale.value.current == now

    # Who sees a summary may write down that the person agreed to more; that it opened the record to them is marked.
    wider = cora.sharing.agree(person, SharingDraft("everything", how="phone"), new_id(), seen=first)
    assert wider is not None and wider.history[0].gained

    # The record closes to the one who writes it down; their undo reaches it all the same.
    closing = new_id()
    narrow = SharingDraft("named_teams", (teams[REABLEMENT],), today, "in_person")
    assert dina.sharing.agree(person, narrow, closing, seen=wider.latest) is None
    for shut in (dina, cora):
        with pytest.raises(NotFound):
            shut.people.open_record(person)
    with pytest.raises(Refused):  # not by another
        cora.sharing.take_back(person, closing, new_id())
    dina.sharing.take_back(person, closing, new_id())
    assert dina.people.open_record(person).around
    with pytest.raises(Refused):
        dina.sharing.take_back(person, closing, new_id())  # once
    history = cora.sharing.of(person).history
    assert [(a.level, a.how) for a in history] == [
        ("everything", "taken_back"), ("named_teams", "in_person"), ("everything", "phone"),
        ("summary", "representative"),
    ]  # fmt: skip
    states = [i.state for i in cora.people.timeline(person).items]
    assert states.count("sharing") == 4
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.sharing.agree(person, narrow, new_id(), seen=history[0].id)


def test_with_psql_nothing_of_it_is_changed_or_passed_over(centre_db: CentreDb) -> None:
    person = register(centre_db)
    cora = centre_db.sign_in("cora.coordinator").services.sharing
    cora.agree(person, SharingDraft("summary", how="phone"), new_id(), seen=None)
    with centre_db.psql("cora.coordinator") as c:
        for statement in (
            "update sharing_agreement set agreed_on = agreed_on - 7",
            "delete from sharing_agreement",
            "update person set sharing_level = 'everything'",
            "delete from person_sharing",
            "insert into sharing_agreement (id, person_id, level, how) values (uuidv7(), %(p)s, 'everything', 'phone')",
            "insert into sharing_agreement (id, person_id, follows, level, how) select uuidv7(), %(p)s, id, "
            "'everything', 'best_interests' from sharing_agreement",
        ):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation)):
                c.execute(statement, {"p": person})


def test_every_desk_that_shows_something_of_the_person_is_told(centre_db: CentreDb, teams: dict[str, TeamId]) -> None:
    person, told = register(centre_db), Queue[Any]()
    feed = PgChangeFeed(lambda: centre_db.where("cole.coordinator"), password_of("cole.coordinator"))
    up = Queue[bool]()
    feed.start(told.put, up.put)
    try:
        assert up.get(timeout=30)
        tess = centre_db.sign_in("tess.lead").services.sharing
        tess.agree(person, SharingDraft("named_teams", (teams[REABLEMENT],), how="phone"), new_id(), seen=None)
        wanted, heard = {Change("people", str(person)), Change(SHARING, str(person))}, set[Change]()
        while not wanted <= heard:
            heard.add(told.get(timeout=30))
    finally:
        feed.stop()


def by_table(rows: list[PreviewRow]) -> dict[str, PreviewRow]:
    return {row.table: row for row in rows}


def test_what_a_team_would_see_is_what_it_sees_then(centre_db: CentreDb, teams: dict[str, TeamId]) -> None:
    person, cora = register(centre_db), centre_db.sign_in("cora.coordinator").services.sharing
    named = (teams[NURSES],)
    preview = by_table(cora.preview(person, teams[REABLEMENT], "team_lead", named))
    around, alerts = preview["person_around"], preview["person_alert"]
    assert (around.there, around.as_it_is, around.everything, around.summary, around.named_teams) == (
        1, "seen", "seen", "kept_back", "kept_back",
    )  # fmt: skip
    assert (alerts.there, alerts.summary, alerts.named_teams) == (0, "seen", "kept_back")  # a row that is not there yet
    nurses = by_table(cora.preview(person, teams[NURSES], "team_lead", named))
    assert {nurses["person_around"].at(level) for level in ("", "summary", "named_teams")} == {"seen"}
    admin = by_table(cora.preview(person, None, "administrator", named))
    assert {row.everything for row in admin.values() if row.table != "emergency_access"} == {"kept_back"}

    # Nothing of it was done: the login, the person and the trail are as before.
    with centre_db.owner.begin() as c:
        assert c.execute(text("select sharing_level from person")).scalar_one() == "everything"
        assert (
            c.execute(text("select role from user_account where user_name like 'cora%'")).scalar_one()
            == "care_coordinator"
        )
        roles = "select count(*) from pg_auth_members where member = to_regrole('\"cora.coordinator\"')"
        assert c.execute(text(roles)).scalar_one() == 1

    # And then it is so, for real logins of these teams and at each level.
    for level in ("summary", "named_teams"):
        latest = centre_db.sign_in("dina.lead").services.sharing.of(person).latest
        centre_db.sign_in("dina.lead").services.sharing.agree(
            person, SharingDraft(level, named, how="phone"), new_id(), seen=latest
        )
        for user, rows in (("tess.lead", preview), ("dina.lead", nurses)):
            with centre_db.psql(user) as c:
                for table in ("person", "person_around"):
                    count = c.execute(f"select count(*) from {table}").fetchone()[0]
                    assert (count > 0) == (rows[table].at(level) == "seen"), (user, level, table)


def test_the_preview_tells_no_more_than_its_reader_sees(centre_db: CentreDb, teams: dict[str, TeamId]) -> None:
    person = register(centre_db)
    tess = centre_db.sign_in("tess.lead").services.sharing
    tess.agree(person, SharingDraft("summary", (teams[REABLEMENT],), how="phone"), new_id(), seen=None)
    dina = by_table(centre_db.sign_in("dina.lead").services.sharing.preview(person, teams[NURSES], "team_lead"))
    assert (dina["person_around"].there, dina["person_around"].everything) == (None, "seen")
    stands = tess.of(person).latest
    tess.agree(person, SharingDraft("named_teams", (teams[REABLEMENT],), how="phone"), new_id(), seen=stands)
    with pytest.raises(NotAllowed):
        centre_db.sign_in("dina.lead").services.sharing.preview(person, teams[REABLEMENT], "team_lead")


def test_going_down_and_up_keeps_with_whom_they_share(centre_db: CentreDb, teams: dict[str, TeamId]) -> None:
    person, cora = register(centre_db), centre_db.sign_in("cora.coordinator").services
    narrow = SharingDraft("summary", (teams[NURSES],), how="phone")
    cora.sharing.agree(person, narrow, new_id(), seen=None)
    cora.emergency.open(new_id(), "other", "A reason with words", person=person)
    with centre_db.owner.begin() as connection:
        migrations.downgrade(connection, "0044")
        assert connection.execute(text("select sharing_level from person")).scalar_one() == "summary"
        hidden = "select pg_get_viewdef('hidden_detail_from_me'::regclass)"
        assert "emergency" not in connection.execute(text(hidden)).scalar_one()
        migrations.upgrade(connection)
    again = cora.sharing.of(person)
    assert (again.level, again.teams, again.history) == ("summary", (teams[NURSES],), ())
    assert cora.people.open_record(person).detail_hidden
