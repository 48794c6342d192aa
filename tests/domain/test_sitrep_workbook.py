"""Published workbooks of the situation report, read by their words, whatever their month or order (T6); O3."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import BadValue
from coordination.reference import standing
from coordination.transfer.disclosure import hidden
from coordination.transfer.report import DAILY
from coordination.transfer.wordings import match_columns, plain
from coordination.transfer.workbook import Cell, Published, Rows, read_book
from tests.shared_data import shared
from ui.transfer.workbook_file import read_file

LISTS = standing.read()
REASONS = [r.words for r in LISTS.delay_reasons if r.list == "acute-2024-01"]
DESTINATIONS = [d.words for d in LISTS.destinations if d.list == "acute-2024-01"]
TITLES = {
    "daily": "Table 2: Number of patients who no longer meet criteria to reside and number of patients discharged",
    "destinations": "Table 4: Month total number of patients discharged by their intended discharge destination",
    "reasons": "Table 5: Average number of people per day broken down by the reasons why they continued to reside",
}


def read(sheets: dict[str, Rows]) -> Published:
    return read_book(sheets, LISTS.delay_reasons, LISTS.destinations)


@pytest.mark.parametrize(
    ("name", "collection", "ready", "transport", "own_words"),
    [("acute_december2023.xlsx", "acute", 14641, 0.5, 18), ("community_october2023.xlsx", "community", 587, None, 20)],
)
def test_the_real_workbooks(name: str, collection: str, ready: int, transport: float | None, own_words: int) -> None:
    found = read(read_file(shared(f"sitrep/{name}")))
    assert (found.collection, found.troubles) == (collection, ())
    assert {t.kind for t in found.tables} == {"daily", "bed_days", "destinations", "reasons"}
    daily, reasons = found.table("daily"), found.table("reasons")
    assert daily is not None and reasons is not None and set(daily.columns) == set(DAILY)
    assert daily.total("R0A", DAILY[0]) == ready
    days = {p.period for p in daily.rows[0].values}
    assert len(days) == 31 and all(type(day) is date for day in days)
    for day in days:  # what remains is what was ready and did not leave
        told = [daily.on("R0A", day, words) for words in DAILY]  # type: ignore[arg-type]
        assert None in told or told[0] == told[1] + told[2]  # type: ignore[operator]
    ours = [r.words for r in LISTS.delay_reasons if r.list == f"{collection}-2024-01"]
    assert sum(1 for m in match_columns(ours, reasons.columns) if m.match == "same") == own_words


@st.composite
def books(draw: st.DrawFn) -> tuple[dict[str, Rows], dict[str, dict[str, int]], list[str]]:
    """A workbook with everything moved about: columns, rows above, sheets, order of labels; and what it says of R0A."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    first = date(2025, dice.randint(1, 12), 1)
    added = [f"Something asked anew {n}" for n in range(draw(st.integers(0, 3)))]
    sheets: dict[str, Rows] = {"Cover": [(None, "Title:", "Daily Discharge Situation Report")]}
    said: dict[str, dict[str, int]] = {}
    kinds: list[tuple[str, list[str]]] = [
        ("daily", list(DAILY)), ("destinations", DESTINATIONS + added), ("reasons", REASONS + added),
    ]  # fmt: skip
    dice.shuffle(kinds)
    for kind, columns in kinds:
        columns = columns.copy()
        dice.shuffle(columns)
        labels = ["Region", "Org Code", "Org Name"]
        dice.shuffle(labels)
        days = [first + timedelta(days=n) for n in range(2)] if kind == "daily" else [None]
        rows: list[list[Cell]] = [[None] * dice.randint(0, 3) for _ in range(dice.randint(0, 3))]
        rows.append([None, TITLES[kind]])
        left: list[Cell] = ["Notes: 1. Due to disclosure risks, some are left out.", None, None]
        if kind == "daily":
            tops: list[Cell] = [None, None, None]
            for day in days:
                assert day is not None
                tops += [datetime.combine(day, time())] + [None] * (len(columns) - 1)
            rows.append(tops)
        wordy = [dice.choice([c, c.replace(" - ", " – "), f"{c}  ", c.replace(" ", "\n", 1)]) for c in columns]
        rows.append([*left, *(wordy * len(days))])
        rows.append([*_placed(labels, "ENGLAND", "", ""), *([9999] * len(columns) * len(days))])
        rows.append([])
        rows.append(list(labels))
        for code in dice.sample(["R0A", "RW6", "RM3"], 3):
            numbers = [dice.randint(0, 400) for _ in range(len(columns) * len(days))]
            if code == "R0A":
                totals: dict[str, int] = {}
                for column, number in zip(columns * len(days), numbers, strict=True):
                    totals[column] = totals.get(column, 0) + number
                said[kind] = totals
            cells = [dice.choice([n, f"{n:,}"]) if n > 999 else n for n in numbers]
            rows.append([*_placed(labels, f"TRUST {code}", code, "NORTH WEST"), *cells])
        rows.append([*_placed(labels, "SILENT TRUST", "RXX", "NORTH WEST"), *(["-"] * len(columns) * len(days))])
        sheets[f"Sheet {len(sheets)}"] = rows
    return sheets, said, added


def _placed(labels: list[str], name: str, code: str, region: str) -> list[Cell]:
    own: dict[str, Cell] = {"Org Name": name, "Org Code": code or None, "Region": region or None}
    return [own[label] for label in labels]


@settings(max_examples=40, deadline=None)
@given(books())
def test_any_order_of_columns_labels_and_sheets(
    made: tuple[dict[str, Rows], dict[str, dict[str, int]], list[str]],
) -> None:
    sheets, said, added = made
    found = read(sheets)
    assert found.troubles == () and found.others == ("Cover",) and found.collection == "acute"
    for kind, totals in said.items():
        table = found.table(kind)  # type: ignore[arg-type]
        assert table is not None
        theirs = {plain(words): words for words in table.columns}
        assert {plain(words) for words in totals} == theirs.keys()
        for words, total in totals.items():
            assert table.total("R0A", theirs[plain(words)]) == total
            assert table.total("RXX", theirs[plain(words)]) is None
    reasons = found.table("reasons")
    assert reasons is not None
    matched = match_columns(REASONS, reasons.columns)
    assert [m.match for m in matched] == ["same"] * len(REASONS) + ["added"] * len(added)


def test_what_is_worded_anew_is_told_and_pathways_are_never_mixed_up() -> None:
    anew = REASONS[1].replace("Awaiting community equipment", "Awaiting the community equipment")
    theirs = [anew, *[r for r in REASONS if r not in (REASONS[1], REASONS[5])]]
    matched = {m.ours: m for m in match_columns(REASONS, theirs)}
    assert (matched[REASONS[1]].match, matched[REASONS[1]].theirs) == ("reworded", anew)
    assert matched[REASONS[5]].match == "missing"
    two, three = "Pathway 2: awaiting availability of a bed", "Pathway 3: awaiting availability of a bed"
    assert [m.match for m in match_columns([two], [three])] == ["missing", "added"]


def test_what_is_not_understood_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    head: list[Cell] = ["Region", "Org Code", "Org Name"]
    rows: list[list[Cell]] = [
        [None, TITLES["reasons"]], [None, None, None, *REASONS[:3], REASONS[0]], head,
        ["NORTH WEST", "R0A", "MANCHESTER", 3, "about ten", 2, 1], ["NORTH WEST", "R0A", "AGAIN", 3, 1, 2, 1],
    ]  # fmt: skip
    found = read({"T5": rows, "Also T5": rows, "T4": [[None, TITLES["destinations"]], head]})
    assert {t.code for t in found.troubles} == {
        "table_twice", "no_numbers", "table_missing", "column_twice", "not_a_number", "row_twice",
    }  # fmt: skip
    table = found.table("reasons")
    assert table is not None and (table.total("r0a", REASONS[2]), table.total("R0A", REASONS[1])) == (2, None)
    assert [t.code for t in read({"A": [["Shopping"], ["Eggs", 6]]}).troubles] == ["nothing_known"]
    assert [t.code for t in read({"A": [[TITLES["daily"]], [1, 2]]}).troubles][:1] == ["no_organisations"]
    for content, reason in ((b"not a workbook", "not_a_workbook"), (None, "book_not_readable")):
        path = tmp_path / f"{reason}.xlsx"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(BadValue) as told:
            read_file(path)
        assert told.value.reason == reason


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=6))
def test_small_numbers_can_neither_be_read_nor_worked_out_of_one_sum(rows: list[list[int]]) -> None:
    counts: dict[object, int] = {}
    sums: list[list[object]] = []
    for number, row in enumerate(rows):
        counts |= {(number, n): many for n, many in enumerate(row)} | {(number, "all"): sum(row)}
        sums.append([(number, "all"), *((number, n) for n in range(3))])
    for n in (0, 1, 2, "all"):
        counts["foot", n] = sum(counts[r, n] for r in range(len(rows)))
        sums.append([("foot", n), *((r, n) for r in range(len(rows)))])
    gone = hidden(counts, sums)
    assert {key for key, many in counts.items() if 0 < many < 5} <= gone
    assert all(sum(1 for key in each if key in gone) != 1 for each in sums)
    if all(many == 0 or many >= 5 for many in counts.values()):
        assert not gone
