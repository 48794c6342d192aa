"""T1 and T2 on the database: from a ward's notice to the transfer row, over nights, weekends and both clock changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from coordination.clock import at_local
from coordination.intake.clocks import PauseId, RequestId
from coordination.messages.prsb import Stay
from coordination.messages.prsb_write import written
from coordination.people.model import PersonDraft
from coordination.transfer.model import TransferDraft, TransferId
from coordination.values import PersonId, new_id
from tests.database import CentreDb
from tests.domain import hospital_kit as ward

HOUR = timedelta(hours=1)
# Over nights on which the clocks change, a weekend, a new year.
NIGHTS = [
    at_local(day, hour, minute)
    for day in (datetime(2026, 3, 28, tzinfo=UTC).date(), datetime(2026, 10, 24, tzinfo=UTC).date(),
                datetime(2026, 11, 20, tzinfo=UTC).date(), datetime(2026, 12, 31, tzinfo=UTC).date())
    for hour in (8, 16, 20, 22, 23, 24, 25, 26, 27, 30) for minute in (0, 30)
]  # fmt: skip


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ward, "NOW", datetime.now(UTC).replace(microsecond=0))


def test_hours_are_hours_and_whichever_came_first_starts_them(centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as c:
        c.execute(text("set local timezone = 'Europe/London'"))  # whatever the session thinks
        query = text(
            "select k.code, m, clock_due(k, 'routine', m) from clock_kind k, unnest(cast(:ms as timestamptz[])) m"
            " where k.code in ('assess_24h', 'assess_4h')"
        )
        for kind, moment, due in c.execute(query, {"ms": NIGHTS}):
            assert due.astimezone(UTC) - moment.astimezone(UTC) == (4 if kind == "assess_4h" else 24) * HOUR, (
                kind,
                moment,
            )
        every = text(  # all through a year, at every minute of the hour
            "select count(*) from clock_kind k,"
            " generate_series(timestamptz '2026-01-01 00:00Z', '2027-01-01 00:00Z', interval '29 minutes') m"
            " where k.code in ('assess_24h', 'assess_4h') and extract(epoch from clock_due(k, 'routine', m) - m)"
            " <> case k.code when 'assess_4h' then 4 else 24 end * 3600"
        )
        assert c.execute(every).scalar_one() == 0
        start = text(
            "select clock_start(k, jsonb_populate_record(null::referral, cast(:r as jsonb)), 'ward')"
            " from clock_kind k where k.code = 'assess_4h'"
        )
        for came in NIGHTS[::7]:
            for moft, told, trusted, wanted in (
                (came - 9 * HOUR, came + HOUR, None, came + HOUR),  # from the notice, not from when they were
                (came - 9 * HOUR, came + 3 * HOUR, came + 2 * HOUR, came + 2 * HOUR),
                (came, came + HOUR, came + 2 * HOUR, came + HOUR),
                (None, None, came + 2 * HOUR, came + 2 * HOUR),
                (came + 6 * HOUR, came + HOUR, None, came + 6 * HOUR),  # announced for later
                (None, None, came - 5 * HOUR, came),  # in place before they were referred
                (None, None, None, None),
            ):
                row = {
                    "state": "waiting",
                    "received_at": came,
                    "moft_at": moft,
                    "moft_told_at": told,
                    "trusted_at": trusted,
                }
                said = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
                found = c.execute(start, {"r": json.dumps(said)}).scalar()
                assert (found and found.astimezone(UTC)) == wanted


def test_from_the_wards_notice_to_the_row_with_owner_pause_and_what_is_missing(centre_db: CentreDb) -> None:
    cora = centre_db.sign_in("cora.coordinator").services

    def take(notice: object, name: str) -> object:
        return cora.messages.take_in(name, written(notice))  # type: ignore[arg-type]

    known = PersonDraft(surname="Ashworth", given="Edith", birth_date="9/3/1941", nhs_number="9990100004")
    cora.people.register(known, PersonId(new_id()))
    taken = take(ward.assessment(), "a.json")
    key = taken.record.referral_id  # type: ignore[attr-defined]
    nmgh = next(site for site in cora.reside.lists() if site.hospital == "NMGH")
    assert cora.transfer.worklist().told == () and [line.verdict for line in nmgh.lines] == [""]  # asked, not said yet
    told_at = ward.NOW - timedelta(minutes=40)
    stay = Stay(person_informed="Y", carer_informed="NKC", moft_at=told_at)
    take(ward.discharge("NMGH-2b", 1, stay=stay), "d.json")
    (told,) = cora.transfer.worklist().told
    assert told.referral_id == key and told.ready_at == told_at
    row = cora.transfer.begin(TransferId(new_id()), TransferDraft(told.person_id, "NMGH", told_at, "F5", key))
    four, day = row.clocks
    assert (four.kind, day.kind, four.holder_name) == ("assess_4h", "assess_24h", "")
    assert four.due_at - four.started_at == 4 * HOUR and four.started_at > told_at

    intake = cora.intake
    mine = intake.claim(key, intake.open_referral(key).referral.revision).referral
    until = datetime.now(UTC) + 2 * HOUR
    paused = intake.pause(key, mine.revision, PauseId(new_id()), "not_well_enough", "Fever", until).referral
    (now,) = cora.transfer.worklist().rows
    clock = now.clocks[0]
    assert (clock.holder_name, clock.paused_reason) == ("Cora Example", "not_well_enough")
    assert clock.stands_still(datetime.now(UTC)) and clock.due_at > four.due_at + HOUR
    running = intake.resume(key, paused.revision).referral
    asked = intake.ask(key, running.revision, RequestId(new_id()), "sender", "", "Which dose of warfarin?", until)
    assert cora.transfer.open(row.id).clocks[0].missing == "Which dose of warfarin?"
    intake.answer(key, asked.referral.revision, "Three milligrams")
    assert cora.transfer.open(row.id).clocks[0].missing == ""
    take(ward.withdrawal(), "w.json")  # it is held, so its holder decides; the row stays until then
    assert cora.transfer.open(row.id).state == "in_hospital"
