"""T2: four hours from the MOFT notice or a hospital's trusted assessment, whichever came first, in either order;
and so where the ward's two messages overtake each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from coordination.intake.model import Referral
from coordination.messages.prsb import Stay
from coordination.messages.prsb_write import written
from coordination.people.model import PersonDraft
from coordination.transfer.model import TransferDraft, TransferId
from coordination.values import PersonId, new_id
from tests.care_kit import signed_conversation
from tests.database import CentreDb
from tests.db.test_clocks import HOUR, running
from tests.db.test_intake import refer
from tests.domain import hospital_kit as ward


def test_the_notice_or_the_hospitals_assessment_whichever_is_first(centre_db: CentreDb) -> None:
    cora, asa = centre_db.sign_in("cora.coordinator"), centre_db.sign_in("asa.assessor").services

    def from_a_ward(surname: str) -> tuple[Referral, PersonId]:
        person = cora.services.people.register(PersonDraft(surname=surname), PersonId(new_id()))
        return refer(cora, urgency="72_hours", channel="ward", person_id=person.id), person.id

    # The assessment, then the notice; that they were optimised hours ago moves nothing.
    first, one = from_a_ward("Davies")
    signed_conversation(asa, one)
    by_assessment = running(cora, first.id)["assess_4h"]
    seen = cora.services.intake.referral(first.id)
    told = cora.services.intake.moft(first.id, seen.revision, first.received_at - 5 * HOUR).referral
    now = running(cora, first.id)["assess_4h"]
    assert (now.started_at, now.due_at) == (by_assessment.started_at, by_assessment.due_at)
    assert (told.due_kind, told.due_at) == ("assess_4h", by_assessment.due_at)

    # The notice, then the assessment: it goes on from the notice.
    second, other = from_a_ward("Evans")
    cora.services.intake.moft(second.id, second.revision, second.received_at - HOUR)
    by_notice = running(cora, second.id)["assess_4h"]
    signed_conversation(asa, other)
    now = running(cora, second.id)["assess_4h"]
    assert (now.started_at, now.due_at) == (by_notice.started_at, by_notice.due_at)
    assert now.due_at == now.started_at + 4 * HOUR

    # The notice was a mistake: the assessment is in place all the same, and the four hours run on, never later.
    seen = cora.services.intake.referral(second.id)
    cora.services.intake.moft(second.id, seen.revision, None)
    assert running(cora, second.id)["assess_4h"].due_at <= now.due_at


def test_a_discharge_notice_that_comes_before_the_assessment_notice(
    centre_db: CentreDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ward, "NOW", datetime.now(UTC).replace(microsecond=0))
    cora = centre_db.sign_in("cora.coordinator").services
    known = PersonDraft(surname="Ashworth", given="Edith", birth_date="9/3/1941", nhs_number="9990100004")
    cora.people.register(known, PersonId(new_id()))
    at = ward.NOW - timedelta(minutes=40)
    stay = Stay(person_informed="Y", carer_informed="NKC", moft_at=at)
    cora.messages.take_in("d.json", written(ward.discharge("NMGH-2b", 1, stay=stay)))
    cora.messages.take_in("a.json", written(ward.assessment()))
    (told,) = cora.transfer.worklist().told
    assert told.ready_at == at
    row = cora.transfer.begin(TransferId(new_id()), TransferDraft(told.person_id, "NMGH", at, "F5", told.referral_id))
    four, day = row.clocks
    assert (four.kind, day.kind) == ("assess_4h", "assess_24h") and four.due_at - four.started_at == 4 * HOUR
