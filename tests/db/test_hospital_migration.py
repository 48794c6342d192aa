"""The step of ward notices can be taken back with notices there, and taken again; its reasons are those of the file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from coordination.messages.prsb_write import written
from coordination.reference.hospital_headings import codes
from db import migrations
from tests.database import CentreDb
from tests.db.catalogue import catalogue
from tests.domain import hospital_kit as ward


def test_down_and_up_again_with_notices(centre_db: CentreDb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ward, "NOW", datetime.now(UTC).replace(microsecond=0))
    desk = centre_db.sign_in("cora.coordinator")
    taken = desk.services.messages.take_in("a.json", written(ward.assessment()))
    desk.services.intake.accept(taken.record.referral_id, 1)
    with centre_db.owner.begin() as connection:
        reasons = connection.execute(text("select code, name from withdrawal_reason order by position")).all()
        assert {r.code: r.name for r in reasons} == dict(codes("withdrawal_reason"))
        before = catalogue(connection)
        migrations.downgrade(connection, "0021")
        kept = connection.execute(text("select kind, outcome from message")).one()
        assert tuple(kept) == ("unknown", "taken_in")
        assert not any(name in catalogue(connection) for name in ("hospital_notice", "hospital_receipt", "owe_"))
        connection.execute(text("update referral set state = 'waiting', claimed_by = null, claimed_at = null"))
        migrations.upgrade(connection, "head")
        assert catalogue(connection) == before
