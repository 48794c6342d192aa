"""A number of the apartments' figures is what it opens to, whichever it is (N5, O2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from coordination.apartments.measures import StayFact, measures
from coordination.values import DateRange
from tests.domain.test_apartment_measures import START, a_flat, fact
from ui.apartments.figures import days_of
from ui.apartments.figures_columns import COLUMNS, FIGURES, OPENS

IN_DAYS = {"stay_days", "discharge_days", *FIGURES["void"]}  # the other columns count stays
WORDS = {"instead_of": "hospital_bed", "went_to": "own_home", "counts_as": "home", "state": "ended"}


@given(st.lists(a_flat(), min_size=1, max_size=3), st.integers(1, 120), st.booleans())
def test_every_number_is_the_sum_of_what_it_opens_to(flats: list[list[StayFact]], length: int, ended: bool) -> None:
    more = WORDS if ended else {"instead_of": "hospital_bed"}
    facts = [
        replace(one, apartment=f"Flat {number}", **(more if one.kind == "stay" else {}))
        for number, flat in enumerate(flats)
        for one in flat
    ]
    days = DateRange.of(START, length)
    (found,) = measures(facts, days)
    for part, columns in COLUMNS.items():
        for column in columns[1:]:
            name = OPENS.get(column.id, column.id)
            assert name in FIGURES[part], column.id  # it opens
            behind = found.of.get(name, ())
            number = column.value(found) if column.value is not None else None
            if column.id == "full":
                assert number == sum(days_of(f, days) for f in behind) / found.leased_days
            elif (part, column.id) == ("use", "ended"):
                assert number == (median(days_of(f, days) for f in behind) if behind else None)
            else:
                assert number == (sum(days_of(f, days) for f in behind) if name in IN_DAYS else len(behind)), column.id


def test_days_held_for_hospital_are_not_among_the_days_of_stays() -> None:
    held = fact("Flat 1", 0, 20, away_since=START + timedelta(days=10), hold_until=START + timedelta(days=14))
    days = DateRange.of(START, 30)
    (found,) = measures([held], days)
    assert found.stay_days == 15 == sum(days_of(f, days) for f in found.of["stay_days"])
    assert found.void_days["held"] == 5 == sum(days_of(f, days) for f in found.of["held"])
