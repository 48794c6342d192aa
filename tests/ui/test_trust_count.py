"""What waits stands as a number at its place in the rail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from coordination.changes import Change
from coordination.clock import FixedClock
from tests.care_kit import add_person, add_referral
from tests.database import CentreDb
from tests.trust_kit import signed_and_received
from tests.ui.fakes import make_desk, wait_idle
from ui.trust.count import RelianceCount


def test_what_waits_is_counted_when_it_changes(qtbot: Any, tmp_path: Any, centre_db: CentreDb, dressed: Any) -> None:
    asa, tess = centre_db.sign_in("asa.assessor"), centre_db.sign_in("tess.lead")
    person = add_person(centre_db)
    referral = add_referral(centre_db, person, "Washing")
    with centre_db.owner.begin() as connection:
        connection.execute(text("update referral set locality = 'north' where id = :i"), {"i": referral})
    desk = make_desk(tmp_path, tess.services)
    desk.actor, desk.clock = tess.actor, FixedClock(datetime.now(UTC))
    count = RelianceCount(desk)
    wait_idle(qtbot, desk)
    assert desk.foot.counts.get("reliance", (0, ""))[0] == 0
    _, sent = signed_and_received(asa, person)
    desk.changes.deliver(Change("trust", str(sent.assessment)))
    qtbot.waitUntil(lambda: desk.foot.counts.get("reliance", (0, ""))[0] == 1, timeout=30_000)
    assert desk.foot.counts["reliance"] == (1, "to decide or answer")
    desk.tasks.close()
    del count
