"""A clock that stands still is not overdue: neither in the view and its count nor on the wall."""

from __future__ import annotations

from sqlalchemy import text

from coordination.intake.queue import QueueFilter
from tests.database import CentreDb, SignedIn
from tests.db.test_clocks import pause
from tests.db.test_intake import cora, refer

__all__ = ["cora"]


def test_paused_it_is_not_overdue(cora: SignedIn, centre_db: CentreDb) -> None:
    intake, late, still = cora.services.intake, refer(cora), refer(cora)
    moved = pause(cora, still)
    with centre_db.owner.begin() as connection:
        connection.exec_driver_sql("set session_replication_role = replica")
        connection.execute(
            text("update referral set received_at = now() - interval '2 days', due_at = now() - interval '1 hour'")
        )
    assert [row.id for row in intake.queue(QueueFilter(overdue=True)).rows] == [late.id]
    counts = {view.code: view.count for view in intake.views()}
    assert (counts["open"], counts["overdue"], counts["on_hold"]) == (2, 1, 1)
    assert sum(place.overdue for place in intake.wall().places) == 1
    with centre_db.owner.begin() as connection:
        connection.exec_driver_sql("set session_replication_role = replica")
        connection.execute(
            text("update referral set paused_until = now() - interval '1 minute' where id = :i"), {"i": still.id}
        )
    assert moved.referral.id in {row.id for row in intake.queue(QueueFilter(overdue=True)).rows}
