"""Every number of the situation report is what it opens to: people of that day, or their nights (T6, O2)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.transfer.model import Transfer
from coordination.transfer.report import report
from tests.domain.test_transfer import DESTINATIONS, FIRST, REASONS, SITES, transfers
from ui.transfer.report_lines import lines


@settings(max_examples=60)
@given(st.lists(transfers(), max_size=8), st.integers(0, 20))
def test_a_line_opens_to_as_many_as_it_says(people: list[Transfer], length: int) -> None:
    found = report(people, FIRST, FIRST + timedelta(days=length), SITES, REASONS, DESTINATIONS)
    for part in ("daily", "destinations"):
        for line in lines(found, part):
            for site, number in line.numbers.items():
                assert number == len([p for p in line.people if p.hospital == site]), line.words
    for line in lines(found, "reasons"):
        for site, number in line.numbers.items():
            assert number == sum(line.nights[p.id] for p in line.people if p.hospital == site), line.words
