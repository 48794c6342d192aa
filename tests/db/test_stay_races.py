"""Two desks at the calendar in the same moment, with real commits (N4): no overlap, no half swap, every refusal says
what is in the way, and what is taken back is exactly what was.

``STAY_RACES_SECONDS=300`` goes on for as long.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from threading import Barrier, BrokenBarrierError
from time import monotonic
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import text

from coordination.apartments.calendar_service import Calendar, Steps
from coordination.apartments.model import ApartmentBoard, Stay, StayDraft
from coordination.errors import BadValues, Conflict, IllegalMove, Refused
from coordination.values import ApartmentId, DateRange, PersonId, StayId, new_id
from tests.database import CentreDb
from ui.apartments.messages import SENTENCES

DAY = date(2026, 11, 2)
SPAN = DateRange.of(DAY - timedelta(days=60), 240)
FLATS, PEOPLE, OPERATIONS, EXAMPLES = 3, 7, 14, 5
SECONDS = float(os.environ.get("STAY_RACES_SECONDS", "0"))

Deed = tuple[str, int, int, int, int]
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "move", "resize", "resize", "swap", "split", "cancel", "undo", "arrive"]),
        st.integers(0, 60), st.integers(0, 60), st.integers(0, FLATS - 1), st.integers(-6, 20),
    ),
    min_size=OPERATIONS, max_size=OPERATIONS,
)  # fmt: skip


@dataclass
class Told:
    """What one desk was told: the steps of everything that was done, and what was refused."""

    steps: list[Steps] = field(default_factory=list)
    done: list[Steps] = field(default_factory=list)
    refused: list[Exception] = field(default_factory=list)


class Desk:
    """Somebody who acts on what they saw a moment ago."""

    def __init__(self, db: CentreDb, user: str, people: list[PersonId]) -> None:
        services = db.sign_in(user).services
        self.calendar: Calendar = services.calendar
        self._apartments, self._people = services.apartments, people
        self.told = Told()

    def act(self, deeds: list[Deed], gate: Barrier) -> None:
        try:
            self._act(deeds, gate)
        except BaseException:
            gate.abort()  # the other desk need not wait for one that is gone
            raise

    def _act(self, deeds: list[Deed], gate: Barrier) -> None:
        for number, deed in enumerate(deeds):
            if number % 4 == 0:
                board = self._apartments.board(SPAN)
            gate.wait(60)
            try:
                steps = self._do(board, *deed)
            except (Refused, Conflict, BadValues, IllegalMove) as error:
                self.told.refused.append(error)
                continue
            self.told.steps.append(steps)
            if deed[0] == "undo":
                continue
            self.told.done.append(steps)

    def _do(self, board: ApartmentBoard, deed: str, one: int, two: int, flat: int, days: int) -> Steps:
        stays = [s for s in board.stays if s.kind == "stay"]
        chosen, there = (stays[one % len(stays)] if stays else None), ApartmentId(flat + 1)
        if deed == "undo":
            return self._undo()
        if deed == "book" or chosen is None:
            period = DateRange.of(DAY + timedelta(days=one), abs(days) + 1)
            person = self._people[two % len(self._people)]
            return self.calendar.book(StayId(new_id()), StayDraft(there, period, person_id=person))
        if deed == "move":
            moved = DateRange.of(chosen.period.start + timedelta(days=days), chosen.period.days)
            return self.calendar.move(chosen.id, chosen.revision, there, moved)
        if deed == "resize":
            period = DateRange(chosen.period.start, max(chosen.period.end + timedelta(days=days), chosen.period.start + timedelta(days=1)))  # fmt: skip  # noqa: E501
            return self.calendar.resize(chosen.id, chosen.revision, period, "no ramp yet" if days > 10 else "")
        if deed == "swap":
            other = stays[two % len(stays)]
            day = chosen.period.start + timedelta(days=days) if days > 0 else None
            return self.calendar.swap((chosen.id, chosen.revision), (other.id, other.revision), day)
        if deed == "split":
            day = chosen.period.start + timedelta(days=abs(days))
            return self.calendar.split(chosen.id, chosen.revision, day, there)
        if deed == "arrive":
            return self.calendar.arrive(chosen.id, chosen.revision)
        return self.calendar.cancel(chosen.id, chosen.revision, "went home")

    def _undo(self) -> Steps:
        """The latest of one's own; what comes back is as it was."""
        if not self.told.done:
            return ()
        steps = self.told.done.pop()
        back = self.calendar.take_back(steps)
        now = {step.after.id: step.after for step in back}
        for step in steps:
            assert as_seen(now[step.after.id]) == as_seen(step.before)
        return back


def as_seen(stay: Stay) -> Stay:
    """A row but for what may be different after an undo: how often it was written, and words of what is cancelled."""
    words = stay.reason if stay.state != "cancelled" else ""
    return replace(stay, revision=0, began=None, reason=words, booked_by="")


@pytest.fixture
def people(centre_db: CentreDb) -> list[PersonId]:
    found = [PersonId(new_id()) for _ in range(PEOPLE)]
    with centre_db.owner.begin() as c:
        c.execute(text("insert into scheme (id, name, kind, locality) overriding system value"
                       " values (1, 'Test Court', 'sheltered', 'north')"))  # fmt: skip
        c.execute(text("insert into apartment (id, scheme_id, name) overriding system value"
                       " select n, 1, 'Flat ' || n from generate_series(1, :n) n"), {"n": FLATS})  # fmt: skip
        for number, key in enumerate(found):
            c.execute(text("insert into person (id, surname, given) values (:i, :s, 'Test')"),
                      {"i": key, "s": f"Person{number}"})  # fmt: skip
    return found


def test_two_desks_at_random(centre_db: CentreDb, people: list[PersonId]) -> None:
    until, counts = monotonic() + SECONDS, {"done": 0, "refused": 0}

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(DEEDS, DEEDS)
    def race(ones: list[Deed], others: list[Deed]) -> None:
        clear(centre_db)
        for desk in desks:
            desk.told = Told()
        gate = Barrier(2, timeout=60)
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(desk.act, deeds, gate) for desk, deeds in zip(desks, (ones, others), strict=True)]
            errors = [found.exception() for found in both]
        for error in sorted(filter(None, errors), key=lambda e: isinstance(e, BrokenBarrierError)):
            raise error
        check_database(centre_db)
        told = [desk.told for desk in desks]
        check_told(centre_db, [steps for each in told for steps in each.steps])
        for error in (error for each in told for error in each.refused):
            check_explained(error)
        counts["done"] += sum(len(each.steps) for each in told)
        counts["refused"] += sum(len(each.refused) for each in told)

    desks = [Desk(centre_db, user, people) for user in ("pia.placement", "pip.placement")]
    race()
    round_ = 1
    while monotonic() < until:
        seed(round_)(race)()
        round_ += 1
    assert counts["done"] > EXAMPLES and counts["refused"] > EXAMPLES


def clear(db: CentreDb) -> None:
    with db.owner.begin() as c:
        c.execute(text("truncate stay, apartment_pause cascade"))


def rows(db: CentreDb, query: str) -> list[Any]:
    with db.owner.connect() as c:
        return list(c.execute(text(query)))


def check_database(db: CentreDb) -> None:
    """Counted in plain SQL over every pair of rows, not by the constraints."""
    overlaps = (
        "select a.id from stay a join stay b on a.id < b.id and a.period && b.period and a.state <> 'cancelled'"
        " and b.state <> 'cancelled' and "
    )
    assert rows(db, overlaps + "a.apartment_id = b.apartment_id") == []
    assert rows(db, overlaps + "a.person_id = b.person_id") == []
    inside = "select apartment_id from stay where kind = 'stay' and state = 'in_stay' group by 1 having count(*) > 1"
    assert rows(db, inside) == []
    astray = (
        "select f.id from stay f join stay s on s.id = f.follows"
        " where f.state <> 'cancelled' and s.state <> 'cancelled'"
        " and (f.apartment_id <> s.apartment_id or lower(f.period) < upper(s.period))"
    )
    assert rows(db, astray) == [], "cleaning and inspection stand after their stay, in its apartment"


def check_told(db: CentreDb, told: list[Steps]) -> None:
    """Everything that happened is a step somebody was told of, in unbroken order: nothing was done by half."""
    steps: dict[StayId, dict[int, Stay]] = {}
    for step in (step for each in told for step in each):
        known = steps.setdefault(step.after.id, {})
        assert step.after.revision not in known, "one revision, one writer"
        known[step.after.revision] = step.after
    kept = {r.id: r for r in rows(db, "select *, lower(period) as first_day, upper(period) as end_day from stay")}
    assert kept.keys() == steps.keys()
    for key, known in steps.items():
        row, last = kept[key], known[max(known)]
        assert sorted(known) == list(range(1, row.revision + 1))
        assert (row.apartment_id, row.first_day, row.end_day, row.state) == (
            last.apartment_id, last.period.start, last.period.end, last.state,
        )  # fmt: skip


def check_explained(error: Exception) -> None:
    if isinstance(error, Refused):
        assert f"refused.{error.action}" in SENTENCES
        first = error.obstacles[0]
        assert first.code in SENTENCES and first.facts, first
    elif isinstance(error, Conflict):
        assert isinstance(error.current, Stay) and error.current.revision != error.seen
    elif isinstance(error, BadValues):
        assert {p.reason for p in error.problems} == {"past_six_weeks_needs_reason"}
    else:
        assert isinstance(error, IllegalMove)


def test_what_changed_nothing_is_taken_back_too(centre_db: CentreDb) -> None:
    calendar = centre_db.sign_in("pia.placement").services.calendar
    assert calendar.take_back(()) == ()
