"""Who has looked at a person, and why could they (R4): what is noted, and how it reads."""

from __future__ import annotations

import platform
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from coordination.clock import local_date
from coordination.errors import BrokenRule, DatabaseAway, NotAllowed, NotFound, SignInFailed
from coordination.governance.looked_service import Asked
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from db import backup, migrations, sittings
from db.backup import restoring
from db.engine import connect
from tests.database import CentreDb, password_of
from ui.governance.looked_words import refusal

IDA, CORA, COLE, PIA, TESS = "ida.governance", "cora.coordinator", "cole.coordinator", "pia.placement", "tess.lead"
TODAY = local_date(datetime.now(UTC))


def trail(db: CentreDb, where: str = "true") -> list[Any]:
    query = f"select actor, action, area, record, person_id, columns from audit.entry where {where} order by id"
    with db.owner.begin() as c:
        return list(c.execute(text(query)))


def ask(db: CentreDb, person: UUID) -> Any:
    asked = Asked(person, TODAY - timedelta(days=2), TODAY + timedelta(days=1))
    return db.sign_in(IDA).services.looks.looked_at(asked)


def register(db: CentreDb, surname: str = "Example") -> PersonId:
    key = PersonId(new_id())
    db.sign_in(CORA).services.people.register(PersonDraft(surname=surname, given="Pat"), key)
    return key


def test_a_look_holds_what_let_them_in_and_one_without_reason_comes_first(centre_db: CentreDb) -> None:
    person = register(centre_db)
    centre_db.sign_in(CORA).services.people.open_record(person)
    centre_db.sign_in(PIA).services.people.open_record(person)
    found = ask(centre_db, person)
    assert [(x.actor, x.reason) for x in found.lookings] == [(PIA, "none"), (CORA, "known")]
    assert found.lookings[1].why == ("registered",)
    assert found.lookings[0].sharing == ("everything",)
    assert found.lookings[0].places == ("north",)
    assert found.colleagues[PIA].display_name == "Pia Example"
    again = ask(centre_db, person)
    assert [x.actor for x in again.lookings if x.did[0].area == "audit_trail"] == [IDA], "asking is noted too"


def test_each_connection_is_noted_by_the_database_itself_whatever_the_program(centre_db: CentreDb) -> None:
    with connect({**centre_db.where(CORA), "application_name": "psql; <script>"}, password_of(CORA)) as c:
        assert c.execute("select 1").fetchone() == (1,)
    found = trail(centre_db, "action = 'connect' and actor = 'cora.coordinator'")
    assert [(e.area, e.columns) for e in found] == [("connection", ["app:psqlscript"])]
    # Nor can it be switched off, or the note be refused, by whoever connects.
    for options in ("-c event_triggers=off", "-c default_transaction_read_only=on"):
        with pytest.raises((DatabaseAway, SignInFailed)):
            connect({**centre_db.where(CORA), "options": options}, password_of(CORA)).close()
    # A program of another revision hears that when it asks for something.
    with connect({**centre_db.where(CORA), "options": "-c centre.revision=0001"}, password_of(CORA)):
        pass


def test_a_backup_goes_in_without_what_only_a_superuser_may_make(centre_db: CentreDb, tmp_path: Path) -> None:
    file, phrase, where = tmp_path / "centre.backup", "correct horse battery staple", centre_db.where("centre_owner")
    backup.take(where, centre_db.owner_password, file, phrase)
    named: list[list[bytes]] = []
    for user, password in ((CORA, password_of(CORA)), ("centre_owner", centre_db.owner_password)):
        with (
            connect(centre_db.where(user), password) as c,
            restoring.what_to_restore(file, phrase, where, centre_db.owner_password, c) as arguments,
        ):
            if arguments:
                named.append(Path(arguments[0].partition("=")[2]).read_bytes().splitlines())
    whole = restoring.contents_of(file, phrase, where, centre_db.owner_password).splitlines()
    assert [set(whole) - set(lines) for lines in named] == [{line for line in whole if b"EVENT TRIGGER" in line}]
    assert len(whole) - len(named[0]) == 1


def test_what_was_refused_is_on_the_trail_although_it_was_rolled_back(centre_db: CentreDb) -> None:
    person = register(centre_db)
    services = centre_db.sign_in(PIA).services
    with centre_db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams'"))
    with pytest.raises(NotFound):
        services.people.open_record(person)
    with pytest.raises(NotFound):  # nobody: nothing to note
        services.people.open_record(PersonId(new_id()))
    setting = services.settings.all()[0]
    with pytest.raises(NotAllowed):
        services.settings.change(setting.name, setting.value, seen=setting.revision)
    with pytest.raises(BrokenRule):
        services.governance.note("view", "x" * 100, "y")
    found = trail(centre_db, "action = 'refused'")
    assert [(e.actor, e.area, e.record, e.person_id, e.columns) for e in found] == [
        (PIA, "person", "", person, ["how:not_there"]),
        (PIA, "setting", "", None, ["how:permission"]),
        (PIA, "note", "audit_action", None, ["how:rule"]),
    ]
    told = centre_db.sign_in(IDA).services.looks.refusals(TODAY - timedelta(days=1), TODAY + timedelta(days=1))
    assert [(r.kind, r.person) for r in told] == [("rule", None), ("permission", None), ("not_there", person)]


def test_who_came_and_went_and_who_looked_for_a_hidden_record_are_listed(centre_db: CentreDb) -> None:
    with centre_db.psql(CORA) as c:
        c.execute("select emergency_look(uuidv7(), null, 'Nobody', 'Nobody', '1950-01-01')")
        c.execute("select audit.note_sitting('sign_in', uuidv7(), array['system:Windows 11'])")
    looks = centre_db.sign_in(IDA).services.looks
    since, until = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    hidden = looks.refusals(since, until, of="hidden")
    assert [(h.actor, h.kind, h.person) for h in hidden] == [(CORA, "looked_for", None)]
    door = looks.refusals(since, until, of="in_and_out")
    hers = [d for d in door if d.actor == CORA]
    assert [d.kind for d in hers] == ["sign_in", "connect"], "the newest first"
    assert refusal(hers[0]) == "Signed in: Windows 11"
    assert refusal(hers[1]).startswith("Connected: ")
    assert refusal(hidden[0]) == "Looked for a hidden record: nobody, or several"
    with pytest.raises(NotAllowed):
        centre_db.sign_in(CORA).services.looks.refusals(since, until, of="in_and_out")


def test_a_sitting_begins_and_ends_and_names_no_computer(centre_db: CentreDb) -> None:
    desk, sitting = centre_db.sign_in(CORA), new_id()
    with desk.begin() as work:
        work.looked.note_sitting("sign_in", sitting, [f"system:{sittings.kind_of_computer()}"])
    sittings.end(desk.engine, sitting)
    found = trail(centre_db, "area = 'sitting'")
    assert [(e.actor, e.action, e.record) for e in found] == [
        (CORA, "sign_in", str(sitting)), (CORA, "sign_out", str(sitting)),
    ]  # fmt: skip
    assert platform.node() not in " ".join(found[0].columns) or not platform.node()
    with pytest.raises(BrokenRule), desk.begin() as work:
        work.looked.note_sitting("sign_in", sitting, ["host:the-name-of-a-computer"])


def test_what_leaves_the_house_is_noted_with_whose_it_is(centre_db: CentreDb) -> None:
    people = [register(centre_db, name) for name in ("One", "Two", "Three")]
    looks = centre_db.sign_in(PIA).services.looks
    looks.note_people("export", "table people", "3 rows", "xlsx", [*people, new_id()])
    looks.note_people("print", "care_plan", "a plan", "paper", people[:1])
    looks.note_people("export", "table teams", "9 rows", "csv", [])
    found = trail(centre_db, "actor = 'pia.placement' and action in ('print', 'export')")
    assert [(e.area, e.person_id in people) for e in found] == [
        ("table people", False), *[("table people", True)] * 3, ("care_plan", True), ("table teams", False),
    ]  # fmt: skip
    assert found[0].columns == ["form:xlsx", "people:3"]
    assert {"form:xlsx", "sharing:everything", "place:north"} <= set(found[1].columns)
    told = ask(centre_db, people[0]).lookings[0]
    assert (told.unexplained, told.kinds) == (True, {"taken"})
    with pytest.raises(BrokenRule):
        looks.note_people("view", "people", "x", "A sentence, perhaps.", people)


def test_only_the_governance_lead_reads_the_trail_and_finds_whom_nobody_is_shown(centre_db: CentreDb) -> None:
    person = register(centre_db, "Hiddenham")
    with centre_db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams'"))
    looks = centre_db.sign_in(IDA).services.looks
    assert [(row.id, row.surname) for row in looks.find("hidden")] == [(person, "Hiddenham")]
    assert looks.find("nobody") == []
    assert ask(centre_db, person).person.sharing == "named_teams"
    for user in (CORA, TESS, "max.manager", "ada.admin"):
        others = centre_db.sign_in(user).services.looks
        with pytest.raises((NotAllowed, NotFound)):
            others.looked_at(Asked(person, TODAY, TODAY))
        with pytest.raises((NotAllowed, NotFound)):
            others.looked_by(CORA, TODAY, TODAY)


def test_the_other_way_round_with_hints_and_no_verdict(centre_db: CentreDb) -> None:
    relative, colleague, other = (
        register(centre_db), register(centre_db), register(centre_db, "Somebody"),
    )  # fmt: skip
    with centre_db.owner.begin() as c:
        c.execute(text("update person set given = 'Cole' where id = :p"), {"p": colleague})
    desk = centre_db.sign_in(PIA).services
    for person in (relative, colleague, other):
        desk.people.open_record(person)
    found = centre_db.sign_in(IDA).services.looks.looked_by(PIA, TODAY - timedelta(days=3), TODAY)
    assert [(p.person, p.hints) for p in found.people] == [
        (colleague, ("same_surname", "colleague")), (relative, ("same_surname",)), (other, ()),
    ]  # fmt: skip
    assert [(d.day, d.people) for d in found.days] == [(TODAY, 3)]
    assert (found.usual, found.unusual(found.days[0])) == (None, False), "too little is known of others"


def test_down_and_up_with_entries_in_place(centre_db: CentreDb) -> None:
    person = register(centre_db)
    services = centre_db.sign_in(CORA).services
    services.people.open_record(person)
    services.governance.seal_up()
    before = len(trail(centre_db))
    with centre_db.owner.begin() as connection:
        migrations.downgrade(connection, "0045")
        migrations.upgrade(connection)
        connection.execute(text("select audit.watch_connections()"))
    assert len(trail(centre_db)) >= before
    verdict = centre_db.sign_in(IDA).services.governance.verify_audit()
    assert verdict.sound and verdict.seals == 1
    assert any(looking.actor == CORA for looking in ask(centre_db, person).lookings)
