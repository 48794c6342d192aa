"""A worker's day as a calendar file, read back by the library that calendars use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from coordination.clock import LONDON, at_local
from coordination.deployment.calendars import calendar_of, initials
from coordination.deployment.sheets import sheets
from coordination.values import Window
from tests.domain.deployment_boards import alert, at, board, person, visit, worker
from tests.domain.test_published import given_to, published

AMINA, BOLA = worker(1, "Amina"), worker(2, "Bola")


def read(content: bytes) -> dict[str, object]:
    """Events by UID, of a file that is a valid calendar."""
    made = Calendar.from_ical(content)
    assert not made.errors
    for event in made.walk("VEVENT"):
        assert not event.errors
    return {str(e["uid"]): e for e in made.walk("VEVENT")}


def the_file(before, after, worker_=AMINA):  # type: ignore[no-untyped-def]
    data = sheets(after, at(6), "Tess", published=published(before))
    return calendar_of(data, next(w for w in data.workers if w.worker_id == worker_.id))


def test_an_event_says_when_and_where_and_nothing_more() -> None:
    who = person(
        "Pankhurst", "Emmeline", title="Mrs", address="62 Nelson Street", postcode="M13 9WP", access_notes="Side door",
        alerts=(alert("infection", "MRSA"),), language="Urdu",
    )  # fmt: skip
    day = board([AMINA, BOLA], [visit(who=who, to=[(AMINA, (9, 0)), (BOLA, (9, 0))], workers_needed=2)])
    content = the_file(day, day)
    (event,) = read(content).values()
    assert str(event["summary"]) == "Visit E.P." and str(event["location"]) == "62 Nelson Street, M13 9WP"
    assert str(event["class"]) == "PRIVATE" and event["dtstart"].dt == at(9) and event["dtend"].dt == at(9, 45)
    assert "TZID=Europe/London" in content.decode() and "BEGIN:VTIMEZONE" in content.decode()
    assert "Two workers" in str(event["description"]) and "0161 496 0101" in str(event["description"])
    for private in (
        "Pankhurst",
        "PANKHURST",
        "Emmeline",
        "Bola",
        "Amina",
        "Washing",
        "Side",
        "MRSA",
        "Urdu",
        "Infection",
    ):
        assert private not in content.decode()


def test_a_later_file_updates_the_same_events_and_takes_one_off() -> None:
    stays, goes = visit("A"), visit("B", start=(11, 0))
    before = board([AMINA, BOLA], [given_to(stays, (AMINA, (9, 0))), given_to(goes, (AMINA, (11, 0)))])
    later = board(
        [AMINA, BOLA],
        [replace(given_to(stays, (AMINA, (9, 30))), revision=2), replace(given_to(goes, (BOLA, (11, 0))), revision=2)],
    )
    one, two = read(the_file(before, before)), read(the_file(before, later))
    assert one.keys() == two.keys() and len(one) == 2
    for uid, event in two.items():
        assert event["sequence"] > one[uid]["sequence"]
    assert sorted(str(e["status"]) for e in two.values()) == ["CANCELLED", "CONFIRMED"]
    off = next(e for e in two.values() if str(e["status"]) == "CANCELLED")
    assert "location" not in off
    assert read(the_file(before, later, BOLA)).keys().isdisjoint(one), "another worker's is another event"


def test_a_draft_makes_no_calendar() -> None:
    data = sheets(board([AMINA], [visit(to=[(AMINA, (9, 0))])]), at(6), "Tess")
    with pytest.raises(ValueError, match="never published"):
        calendar_of(data, data.workers[0])


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_both_changes_of_the_clock_come_out_at_the_right_moment(day: date) -> None:
    visits = [visit(f"V{h}", to=[(AMINA, (9, 0))]) for h in (0, 1, 2, 3, 9)]
    moments = [at_local(day, 0) + timedelta(minutes=30 + 60 * n) for n in range(5)]
    night = [
        replace(v, allocations=(replace(v.allocations[0], window=Window.of(m, 45)),))
        for v, m in zip(visits, moments, strict=True)
    ]
    plan = replace(board([AMINA], night), day=day)
    found = sorted(e["dtstart"].dt.astimezone(LONDON).replace(fold=0) for e in read(the_file(plan, plan)).values())
    assert len(found) == 5
    wanted = sorted(m.astimezone(LONDON).replace(fold=0) for m in moments)
    assert found == wanted


def test_the_rules_of_the_clock_in_the_file_are_those_of_the_city() -> None:
    """A calendar that does not know Europe/London by name goes by these: each change at 01:00 UTC."""
    day = board([AMINA], [visit(to=[(AMINA, (9, 0))])])
    (zone,) = Calendar.from_ical(the_file(day, day)).walk("VTIMEZONE")
    for year in (2026, 2027, 2030):
        for part in zone.subcomponents:
            rule = rrulestr(part["rrule"].to_ical().decode(), dtstart=part["dtstart"].dt)
            (onset,) = rule.between(datetime(year, 1, 1), datetime(year, 12, 31))  # noqa: DTZ001
            moment = (onset - part["tzoffsetfrom"].td).replace(tzinfo=UTC)
            before, after = moment - timedelta(seconds=1), moment
            assert before.astimezone(LONDON).utcoffset() == part["tzoffsetfrom"].td
            assert after.astimezone(LONDON).utcoffset() == part["tzoffsetto"].td


_TEXT = st.text(max_size=120)


@settings(max_examples=40, deadline=None)
@given(_TEXT, _TEXT, _TEXT, st.text(max_size=60))
def test_whatever_was_typed_the_file_reads_back(surname: str, given_: str, address: str, title: str) -> None:
    who = person(surname, given_, title=title, address=address)
    day = board([AMINA], [visit(who=who, to=[(AMINA, (9, 0))])])
    (event,) = read(the_file(day, day)).values()
    assert event["dtstart"].dt == at(9) and str(event["class"]) == "PRIVATE"
    assert len(str(event["summary"])) < 200 and "\n" not in str(event["location"])


def test_initials() -> None:
    assert initials("PANKHURST, Emmeline (Mrs)") == "E.P."
    assert initials("O'BRIEN, Mary Ann") == "M.A.O." and initials("خان, محمد") == "م.خ." and initials("") == ""
