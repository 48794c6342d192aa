"""An open desk seals what was done; whoever looks finds it sealed."""

from __future__ import annotations

from typing import Any

from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from tests.database import CentreDb
from tests.ui.fakes import make_desk
from ui.governance.seal_watch import SealWatch


def test_an_open_desk_seals_by_itself(centre_db: CentreDb, qtbot: Any, tmp_path: Any) -> None:
    signed_in = centre_db.sign_in("cora.coordinator")
    desk = make_desk(tmp_path, signed_in.services)
    desk.services.people.register(PersonDraft(surname="Example"), PersonId(new_id()))
    trail = centre_db.sign_in("ida.governance").services.governance
    watch = SealWatch(desk, beat_ms=10)
    qtbot.waitUntil(lambda: trail.latest_seal() is not None, timeout=30_000)
    watch.deleteLater()
    qtbot.waitUntil(lambda: not desk.tasks.busy, timeout=30_000)
    assert trail.verify_audit().sound
    assert not desk.notices.said
    desk.tasks.close()
