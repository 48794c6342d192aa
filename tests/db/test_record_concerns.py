"""E3. An open concern is seen with the record, by those whom the policies of the concern let see it."""

from __future__ import annotations

import pytest

from coordination.people.model import PersonDraft
from coordination.safeguarding.model import ConcernDraft, ConcernFacts, ConcernId, ToldDraft
from coordination.values import PersonId, new_id
from tests.database import CentreDb
from tests.db.test_people import statements


@pytest.fixture
def with_concern(centre_db: CentreDb) -> PersonId:
    cora = centre_db.sign_in("cora.coordinator")
    who = cora.services.people.register(PersonDraft(surname="Okafor", given="Grace"), PersonId(new_id())).id
    facts = ConcernFacts("Bruises on both arms")
    cora.services.safeguarding.raise_concern(ConcernDraft(ConcernId(new_id()), facts, person_id=who))
    return who


def test_it_comes_with_the_record_and_costs_no_query(centre_db: CentreDb, with_concern: PersonId) -> None:
    dina = centre_db.sign_in("dina.lead")
    with statements(dina.engine) as seen:
        record = dina.services.people.open_record(with_concern)
    assert len(seen) == 1
    (found,) = record.concerns
    cora = centre_db.sign_in("cora.coordinator")
    (there,) = cora.services.safeguarding.concerns()
    assert (found.id, found.number, found.owner_name) == (there.id, there.number, cora.actor.display_name)
    assert found.owner_since <= record.as_of


def test_decided_it_is_no_longer_open(centre_db: CentreDb, with_concern: PersonId) -> None:
    mine = centre_db.sign_in("cora.coordinator").services.safeguarding
    (there,) = mine.concerns()
    mine.tell(there.id, ToldDraft(new_id(), "Ms Duty", "Adult social care"))
    mine.decide(there.id, there.revision, "section_42", "Referred on")
    assert centre_db.sign_in("dina.lead").services.people.open_record(with_concern).concerns == ()


def test_whoever_may_not_see_the_concern_does_not(centre_db: CentreDb, with_concern: PersonId) -> None:
    assert centre_db.sign_in("tess.lead").services.people.open_record(with_concern).concerns != ()
    pia = centre_db.sign_in("pia.placement")
    assert pia.services.people.open_record(with_concern).concerns == ()
