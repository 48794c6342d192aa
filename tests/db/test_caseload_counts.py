"""The caseload counts everybody (T4): numbers of those whom a desk may not see, and nothing else of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from coordination.clock import local_date
from coordination.transfer.model import TransferDraft, TransferId
from coordination.values import PersonId, new_id
from tests.care_kit import add_person, add_referral
from tests.database import CentreDb
from tests.db.test_people import statements
from tests.db.test_transfer import HOME

NOW = datetime.now(UTC)
TODAY = local_date(NOW)


def test_two_desks_count_the_same_and_one_learns_no_more_than_numbers(centre_db: CentreDb) -> None:
    desk = centre_db.sign_in("cora.coordinator")
    cora = desk.services
    people = [add_person(centre_db, name) for name in ("Pankhurst", "Rylands", "Turing", "Gaskell")]
    for person, days, recovery, until in (
        (people[0], 3, "reablement", 9), (people[1], 4, "intermediate_care", 5), (people[2], 2, "", 0),
    ):  # fmt: skip
        key = TransferId(new_id())
        row = cora.transfer.begin(key, TransferDraft(person, "NMGH", NOW - timedelta(days=days)))
        if recovery:
            gone = NOW - timedelta(days=1)
            cora.transfer.left(key, row.revision, gone, HOME, recovery=recovery, until=TODAY + timedelta(days=until))
    told = add_referral(centre_db, people[3], "Home")
    with centre_db.owner.begin() as c:
        c.execute(text("update referral set moft_at = now(), moft_told_at = now() where id = :r"), {"r": told})
    before = cora.recovery.look()
    with statements(desk.engine) as asked:
        found = cora.transfer.worklist()
    assert len(found.rows) == 1 and len(asked) <= 3, asked  # a screen asks at most three things when it is opened
    assert (before.now, len(before.waiting), before.told, before.unseen) == (2, 1, 1, ())

    _hide(centre_db, people)
    after = cora.recovery.look()
    assert after.in_recovery == () and after.waiting == () and after.told == 0
    assert [(d.all, d.reablement, len(d.starting), len(d.ending)) for d in after.forecast] == [
        (d.all, d.reablement, len(d.starting), len(d.ending)) for d in before.forecast
    ]
    assert (after.now, after.queued, after.of("reablement")) == (before.now, before.queued, before.of("reablement"))
    with centre_db.psql("cora.coordinator") as c:
        counted = c.execute("select * from caseload_unseen()").fetchall()
        assert sorted((r[0], r[3]) for r in counted) == [("inside", 1), ("inside", 1), ("told", 1), ("waiting", 1)]
        assert c.execute("select count(*) from transfer").fetchone() == (0,)
    for nobody in ("ada.admin",):
        with centre_db.psql(nobody) as c:
            assert c.execute("select count(*) from caseload_unseen()").fetchone() == (0,)


def _hide(db: CentreDb, people: list[PersonId]) -> None:
    with db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams' where id = any(:p)"), {"p": people})
