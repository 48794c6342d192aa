"""Transfer to recovery: nights and their reasons, the situation report in the national columns (T4, T6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.clock import at_local, local_date
from coordination.reference import standing
from coordination.transfer.model import LIGHTS, LIST, Delay, Light, Transfer, TransferId
from coordination.transfer.report import DAILY, DISCHARGED, READY, REMAINING, report
from coordination.values import PersonId, new_id
from tests.shared_data import shared

SITES = {"NMGH": "North Manchester General Hospital", "MRI": "Manchester Royal Infirmary"}
REASONS = [r for r in standing.read().delay_reasons if r.list == LIST]
DESTINATIONS = [d for d in standing.read().destinations if d.list == LIST]
FIRST = date(2026, 10, 20)  # over the night in October that has an hour more


def moment(day: int, hour: int = 9) -> datetime:
    return at_local(FIRST + timedelta(days=day), hour)


def one(ready: datetime, left: datetime | None = None, hospital: str = "NMGH", **more: object) -> Transfer:
    facts = {"destination": DESTINATIONS[2].code if left else "", "delays": (), "lights": (), **more}
    return Transfer(
        TransferId(new_id()), PersonId(new_id()), "Example", "Test", "", None, hospital, SITES[hospital], "A1", LIST,
        ready, None, "", "", "left" if left else "in_hospital", left, facts.pop("destination"), None, "", (), "",
        facts.pop("lights"), facts.pop("delays"), 1,
    )  # fmt: skip


@st.composite
def transfers(draw: st.DrawFn) -> Transfer:
    ready_day = draw(st.integers(-10, 14))
    ready = moment(ready_day, draw(st.integers(0, 23)))
    left = None
    if draw(st.booleans()):
        left = ready + timedelta(hours=draw(st.integers(0, 300)))
    end = local_date(left) if left else None
    delays, since = [], local_date(ready)
    for _ in range(draw(st.integers(0, 3))):
        since += timedelta(days=draw(st.integers(0, 4)))
        until = since + timedelta(days=draw(st.integers(1, 5)))
        if end is not None and since >= end:
            break
        delays.append(Delay(new_id(), draw(st.sampled_from(REASONS)).code, since, min(until, end) if end else until))
        since = until
    return one(ready, left, draw(st.sampled_from(sorted(SITES))), delays=tuple(delays))


@given(st.lists(transfers(), max_size=8), st.integers(0, 20))
def test_every_bed_of_every_day_is_counted_once_with_its_reason(people: list[Transfer], length: int) -> None:
    found = report(people, FIRST, FIRST + timedelta(days=length), SITES, REASONS, DESTINATIONS)
    assert [site.hospital for site in found] == list(SITES)
    for site in found:
        for day, columns in site.daily.items():
            assert tuple(columns) == DAILY
            assert columns[READY] == columns[DISCHARGED] + columns[REMAINING]
            assert sum(site.reasons[day].values()) <= columns[REMAINING]
        nights = sum(site.nights.values()) + site.unreasoned
        assert nights == sum(columns[REMAINING] for columns in site.daily.values())
        assert sum(site.destinations.values()) == sum(columns[DISCHARGED] for columns in site.daily.values())
        assert len(site.people.get(READY, ())) == len({t.id for t in site.people.get(READY, ())})


def test_nights_that_have_no_reason_are_told() -> None:
    today = FIRST + timedelta(days=9)
    first = Delay(new_id(), REASONS[0].code, FIRST + timedelta(days=2), FIRST + timedelta(days=5))
    waits = one(moment(0), delays=(first, Delay(new_id(), REASONS[1].code, FIRST + timedelta(days=5), None)))
    assert (waits.nights_waited(today), waits.nights_without_reason(today)) == (9, 2)
    assert waits.delay is not None and waits.delay.nights(today) == 4
    gone = one(moment(0), moment(0, 20))
    assert gone.nights_waited(today) == 0
    green = one(moment(0), lights=tuple(Light(kind, "done") for kind in LIGHTS))
    assert green.is_ready_to_go and not one(moment(0), lights=(Light("keys", "to_do"),)).is_ready_to_go


@pytest.mark.parametrize(("collection", "month"), [("acute", "2024-01"), ("community", "2024-01")])
def test_the_columns_are_those_of_the_national_report_word_for_word(collection: str, month: str) -> None:
    import csv

    with shared("sitrep/sitrep_columns_2024-01.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["collection"] == collection and r["month"] == month]
    of = {
        table: [" ".join(r["column"].split()) for r in rows if r["table"] == table]
        for table in ("Table 2", "Table 4", "Table 5")
    }
    read = standing.read()
    wanted = f"{collection}-{month}"
    assert list(DAILY) == of["Table 2"]
    assert [r.words for r in read.delay_reasons if r.list == wanted] == of["Table 5"]
    assert [d.words for d in read.destinations if d.list == wanted] == of["Table 4"]
