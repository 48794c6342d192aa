"""Who has looked at a person, and why could they (R4): what is noted, and how it reads."""

from __future__ import annotations

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
from db import backup
from db.backup import restoring
from db.engine import connect
from tests.database import CentreDb, password_of

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
