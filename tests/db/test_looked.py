"""Who has looked at a person, and why could they (R4): what is noted, and how it reads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from coordination.errors import NotFound
from coordination.governance.looked_service import Asked
from coordination.intake.model import ContactDraft
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from tests.database import CentreDb

IDA, CORA, COLE, PIA, TESS = "ida.governance", "cora.coordinator", "cole.coordinator", "pia.placement", "tess.lead"
TODAY = date.today()


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
