"""Days on which an apartment is closed say why, on the board and in its tips (N4)."""

from __future__ import annotations

from datetime import date

from coordination.apartments.model import Stay
from coordination.values import ApartmentId, DateRange, PersonId, StayId, new_id
from ui.apartments import board_words

DAY = date(2026, 11, 26)


def stay(kind: str, reason: str, **more: object) -> Stay:
    days = DateRange.of(DAY, 20)
    return Stay(StayId(new_id()), ApartmentId(1), kind, days, "booked", reason=reason, **more)  # type: ignore[arg-type]


def test_why_stands_beside_what_and_of_people_nothing_more() -> None:
    closed = stay("offline", "Flood from above")
    assert board_words.caption(closed) == "Out of use: Flood from above"
    assert board_words.describe_stay(closed, DAY).startswith("Out of use: Flood from above\n26-Nov-2026 to")
    assert board_words.caption(stay("cleaning", "")) == "Cleaning"
    person = stay("stay", "Said in confidence", person_id=PersonId(new_id()), surname="Pankhurst", given="Emmeline")
    assert board_words.caption(person) == "PANKHURST, Emmeline"
