"""Reablement that was begun by mistake is taken back, as long as nothing was built on it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from coordination.errors import BrokenRule, Conflict
from coordination.reablement.model import BarrierId
from coordination.values import new_id
from tests.database import CentreDb
from tests.db.reablement_kit import Ward

ROWS = "select count(*) from reablement_episode union all select count(*) from reablement_review"


def test_begun_by_mistake_is_gone_and_what_was_built_on_stays(centre_db: CentreDb) -> None:
    ward = Ward(centre_db)
    service = ward.tess.services.reablement
    person = ward.kit.person("Ash", "Ann")
    episode = service.start(ward.draft(person))
    with pytest.raises(BrokenRule) as refused:
        ward.asa.services.reablement.take_back(episode)
    assert refused.value.constraint == "reablement_begun_stays"
    service.take_back(episode)
    service.take_back(episode)  # sent twice
    assert ward.sql(ROWS) == [(0,), (0,)]
    kept = ward.sql("select count(*) from audit.entry where action = 'delete' and area like 'reablement%'")[0][0]
    assert kept > 0, "the audit trail has all of it"

    again = service.start(ward.draft(person))
    moved = service.set_lead(again.id, again.revision, None)
    with pytest.raises(Conflict):
        service.take_back(again)
    service.add_barrier(again.id, BarrierId(new_id()), "times", "Four times a day")
    with pytest.raises(BrokenRule) as refused:
        service.take_back(moved)
    assert refused.value.constraint == "reablement_is_built_on"
    with centre_db.owner.begin() as c:
        c.execute(text("set local session_replication_role = replica"))
        c.execute(text("delete from reablement_barrier"))
        c.execute(text("update reablement_episode set opened_at = now() - interval '2 hours'"))
    with pytest.raises(BrokenRule) as refused:
        service.take_back(moved)
    assert refused.value.constraint == "reablement_begun_stays"
