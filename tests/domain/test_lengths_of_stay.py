"""Tables 3 and 5 of the national report (T6): length of stay, honest where it is not known, hidden where it is few."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clock import local_date
from coordination.reference import standing
from coordination.transfer.leaving import NO_REASON, leaving
from coordination.transfer.lengths import BED_DAYS, LONG, SNAPSHOT_WEEKDAY, week_of
from coordination.transfer.model import Transfer
from coordination.transfer.report import SiteReport, delayed_by, left_on, report, was_ready
from coordination.transfer.wordings import match_columns
from coordination.transfer.workbook import Place, read_book
from tests.domain.test_transfer import DESTINATIONS, FIRST, REASONS, SITES, moment, one, transfers
from tests.shared_data import shared
from ui.transfer.report_lines import lines, too_small_lengths
from ui.transfer.workbook_file import read_file, write_file

LAST = FIRST + timedelta(days=15)
TRUST = {"NMGH": ("R0A", "Manchester"), "MRI": ("R0A", "Manchester")}


@st.composite
def admitted(draw: st.DrawFn) -> list[Transfer]:
    """People with and without a day of admission."""
    found = draw(st.lists(transfers(), max_size=14))
    ages = draw(st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=len(found), max_size=len(found)))
    return [
        t if age is None else replace(t, admitted_on=local_date(t.ready_at) - timedelta(days=age))
        for t, age in zip(found, ages, strict=True)
    ]


def made(people: list[Transfer]) -> list[SiteReport]:
    return report(people, FIRST, LAST, SITES, REASONS, DESTINATIONS)


@settings(max_examples=60, deadline=None)
@given(admitted())
def test_what_is_counted_is_what_counting_by_hand_gives(people: list[Transfer]) -> None:
    words = {r.code: r.words for r in REASONS}
    days = [FIRST + timedelta(days=n) for n in range(16)]
    for site in made(people):
        assert site.lengths.snapshots == tuple(d for d in days if d.weekday() == SNAPSHOT_WEEKDAY)
        for day in site.lengths.snapshots:
            there = [t for t in people if t.hospital == site.hospital and was_ready(t, day) and not left_on(t, day)]
            for length in BED_DAYS:
                in_doubt = [t for t in there if t.admitted_on is None and (day - local_date(t.ready_at)).days < length]
                sure = [t for t in there if (day - (t.admitted_on or local_date(t.ready_at))).days >= length]
                added = sum((day - local_date(t.ready_at)).days for t in sure)
                assert site.lengths.bed_days[day, length] == (None if in_doubt else added)
                assert set(in_doubt) <= set(site.lengths.unknown)
            long = [t for t in there if (day - (t.admitted_on or day)).days >= LONG]
            if not site.lengths.unknown:
                for reason in (*words.values(), ""):
                    counted = [t for t in long if words.get(delayed_by(t, day), "") == reason]
                    assert site.lengths.long[day, reason] == len(counted)
                    assert set(counted) <= set(site.lengths.people[reason])


@settings(max_examples=40, deadline=None)
@given(admitted())
def test_no_few_people_leave_the_centre_by_their_bed_days(people: list[Transfer]) -> None:
    """O3: also not as the difference between two lengths of stay, or between the trust and a hospital."""
    sites = made(people)
    found = leaving(sites, TRUST)
    for org in found.orgs:
        for day in found.snapshots:
            cells = [(org, "bed_days", day, words) for words in BED_DAYS.values()]
            known = [k for k in cells if k in found.counts]
            assert all(found.counts[k] == 0 or found.counts[k] >= 5 for k in known if found.shown(*k) is not None)
            for outer, inner in pairwise(known):
                if found.shown(*outer) is not None and found.shown(*inner) is not None:
                    between = found.counts[outer] - found.counts[inner]
                    assert between == 0 or between >= 5
    for day in found.snapshots:
        for words in BED_DAYS.values():
            row = [(org, "bed_days", day, words) for org in found.orgs]
            if all(k in found.counts for k in row):
                assert sum(found.hides(*k) for k in row) != 1
    rows = lines(sites, "lengths")
    gone = too_small_lengths(rows, found, "R0A")
    for line in rows:  # what is copied or printed hides the same cells
        for code in line.numbers:
            if line.cell is not None:
                assert ((line.words, code) in gone) == found.hides(code, *line.cell)


def test_our_workbook_is_read_back_with_tables_3_and_5(tmp_path: Path) -> None:
    day = next(FIRST + timedelta(days=n) for n in range(7) if (FIRST + timedelta(days=n)).weekday() == SNAPSHOT_WEEKDAY)
    ready = moment(0)
    people = [replace(one(ready), admitted_on=FIRST - timedelta(days=20)) for _ in range(6)]
    waits = (day - FIRST).days
    path = tmp_path / "report.xlsx"
    write_file(path, leaving(report(people, FIRST, day, SITES, REASONS, DESTINATIONS), TRUST), "")
    lists = standing.read()
    found = read_book(read_file(path), lists.delay_reasons, lists.destinations)
    assert (found.collection, found.troubles) == ("acute", ())
    bed_days, reasons = found.table("bed_days"), found.table("reasons")
    assert bed_days is not None and reasons is not None and set(bed_days.columns) == set(BED_DAYS.values())
    week = f"w/c {week_of(day):%d/%m/%Y} (daily snapshot)"
    told = {words: bed_days.row("R0A").values[Place(week, words)] for words in BED_DAYS.values()}  # type: ignore[union-attr]
    assert told == dict.fromkeys(BED_DAYS.values(), 6.0 * waits)
    assert reasons.total("R0A", NO_REASON) == 6

    people[0] = replace(people[0], admitted_on=None)  # one of them: nobody says how many there were
    write_file(path, leaving(report(people, FIRST, day, SITES, REASONS, DESTINATIONS), TRUST), "")
    found = read_book(read_file(path), lists.delay_reasons, lists.destinations)
    bed_days = found.table("bed_days")
    assert bed_days is None or bed_days.total("R0A", BED_DAYS[7]) is None


@pytest.mark.parametrize(
    ("name", "same", "first"),
    [("acute_december2023.xlsx", 3, 125_915), ("community_october2023.xlsx", 2, None)],
)
def test_the_columns_of_table_3_are_those_of_the_real_workbooks(name: str, same: int, first: int | None) -> None:
    """The community collection asks from 14 days on."""
    lists = standing.read()
    table = read_book(read_file(shared(f"sitrep/{name}")), lists.delay_reasons, lists.destinations).table("bed_days")
    assert table is not None
    matched = match_columns(list(BED_DAYS.values()), table.columns)
    assert sum(m.match == "same" for m in matched) == same and all(m.match in ("same", "missing") for m in matched)
    week = {p.period for p in table.rows[0].values}
    assert all(isinstance(p, str) and p.startswith("w/c") for p in week) if name.startswith("acute") else week
    if first is not None:
        assert first in table.rows[0].values.values()


def test_how_long_is_known_without_the_day_of_admission() -> None:
    """Whoever has waited for three weeks has been there for three weeks."""
    waits = one(moment(0))
    assert waits.has_been_there(FIRST + timedelta(days=21), 21) is True
    assert waits.has_been_there(FIRST + timedelta(days=20), 21) is None
    assert replace(waits, admitted_on=date(2020, 1, 1)).has_been_there(FIRST, 21) is True
    assert replace(waits, admitted_on=FIRST).has_been_there(FIRST + timedelta(days=6), 7) is False
