"""Since when somebody has been in hospital (T6): as the ward's notice says it, or a person does; nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text

from coordination.apartments.referrals_model import WayBack
from coordination.clock import local_date
from coordination.errors import BadValues
from coordination.messages.prsb_write import written
from coordination.people.model import PersonDraft
from coordination.transfer.model import Transfer, TransferDraft, TransferId
from coordination.values import PersonId, new_id
from db import migrations
from tests.care_kit import add_person
from tests.database import CentreDb
from tests.db.test_apartment_referrals import referral
from tests.domain import hospital_kit as ward


def test_the_ward_says_it_or_a_person_and_never_after_they_were_ready(
    centre_db: CentreDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    monkeypatch.setattr(ward, "NOW", now)
    desk = centre_db.sign_in("cora.coordinator").services
    draft = PersonDraft(surname="Ashworth", given="Edith", birth_date="1941-03-09", nhs_number="9990100004")
    person = desk.people.register(draft, PersonId(new_id())).id
    for notice in (ward.assessment(), ward.discharge()):
        taken = desk.messages.take_in(f"{notice.head.message_id}.json", written(notice))
    assert taken.record is not None
    begun = desk.transfer.begin(TransferId(new_id()), TransferDraft(person, "NMGH", now))
    assert begun.referral_id == taken.record.referral_id
    assert begun.admitted_on == local_date(now - timedelta(days=6)), "as the notice of the ward says"

    nobody_says = desk.transfer.begin(TransferId(new_id()), TransferDraft(add_person(centre_db, "Rylands"), "MRI", now))
    assert nobody_says.admitted_on is None
    today = local_date(now)
    with pytest.raises(BadValues) as told:
        _change(desk, nobody_says, today + timedelta(days=1))
    assert [p.reason for p in told.value.problems] == ["after_they_were_ready"]
    changed = _change(desk, nobody_says, today - timedelta(days=20))
    assert changed.admitted_on == today - timedelta(days=20)
    same = desk.transfer.change(
        changed.id, changed.revision, ward="A1", expected_on=None, owner=None, pathway="", bed_reason=""
    )
    assert same.admitted_on == changed.admitted_on, "what is not said stays as it is"
    assert _change(desk, same, None).admitted_on is None
    early = replace(TransferDraft(add_person(centre_db, "Turing"), "MRI", now), admitted_on=today + timedelta(days=2))
    with pytest.raises(BadValues):
        desk.transfer.begin(TransferId(new_id()), early)
    with centre_db.psql("cora.coordinator") as c, pytest.raises(psycopg.errors.CheckViolation) as refused:
        c.execute("update transfer set admitted_on = current_date + 3")
    assert refused.value.diag.constraint_name == "transfer_admitted_before_ready"


def test_the_step_is_taken_back_with_data_in_place(centre_db: CentreDb) -> None:
    """What was declined and who was ready stay; codes and days of admission go with the step."""
    desk = centre_db.sign_in("pia.placement").services
    person = add_person(centre_db, "Pankhurst")
    key = referral(centre_db, person)
    desk.placements.decline(key, 1, WayBack("", "Ring them", local_date(datetime.now(UTC)), code="said_no"))
    draft = TransferDraft(person, "MRI", datetime.now(UTC), admitted_on=local_date(datetime.now(UTC)))
    begun = desk.transfer.begin(TransferId(new_id()), draft)
    with centre_db.owner.begin() as connection:
        migrations.downgrade(connection, "0047")
        migrations.upgrade(connection)
    with centre_db.owner.connect() as c:
        assert c.execute(text("select reason, next_step, code from apartment_decline")).all() == [
            ("They do not want it", "Ring them", None)
        ]
        assert c.execute(text("select id, admitted_on from transfer")).all() == [(begun.id, None)]


def _change(desk: object, one: Transfer, on: object) -> Transfer:
    return desk.transfer.change(  # type: ignore[attr-defined,no-any-return]
        one.id, one.revision, ward="", expected_on=None, owner=None, pathway="", bed_reason="", admitted_on=on
    )
