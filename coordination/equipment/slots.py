"""When an equipment team can still come (D6): its free time, less what it has been asked for already. Pure.

Visits that nobody has yet are put, in thought, to whoever could take them, before anything is offered: what is offered
can be kept besides them. Where even that fails, nothing more is offered at their time.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from coordination.clock import at_local, local_date
from coordination.deployment.model import Elsewhere, Place, Visit, Worker
from coordination.deployment.suggest import free_time
from coordination.deployment.travel import minutes_between
from coordination.equipment.deliveries import Asked, FreeSlot, Rules
from coordination.values import PersonId, TeamId, Window

_STEP = timedelta(minutes=15)
_Stop = tuple[datetime, datetime, Place | None]


@dataclass(frozen=True)
class TeamDays:
    """An equipment team over some days: workers with the shifts of those days, their visits of every state, and what
    they do for other teams."""

    team_id: TeamId
    name: str
    locality: str | None
    workers: tuple[Worker, ...]
    visits: tuple[Visit, ...]
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(slots=True)
class _Row:
    """One worker's day, in thought."""

    worker: Worker
    free: tuple[Window, ...]
    stops: list[_Stop] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(int((end - start).total_seconds() // 60) for start, end, _ in self.stops)

    def able(self, skills: Sequence[str], person: PersonId, minutes: int, day: date) -> bool:
        """D2: the skills, in date; not kept away from the person; within the day's most minutes."""
        has = {s.code for s in self.worker.skills if s.expires_on is None or s.expires_on >= day}
        most = self.worker.most_minutes
        within = most is None or self.minutes + minutes <= most
        return has.issuperset(skills) and person not in self.worker.not_to and within

    def has_room(self, start: datetime, minutes: int, place: Place | None) -> bool:
        """At work, with nobody else, and with time for the way there and on."""
        end = start + timedelta(minutes=minutes)
        if not any(f.start <= start and end <= f.end for f in self.free):
            return False
        for begins, ends, where in self.stops:
            way = timedelta(minutes=minutes_between(where, place, self.worker.travel))
            if start < ends + way and begins < end + way:
                return False
        return True


def free_slots(
    team: TeamDays, asked: Asked, place: Place | None, rules: Rules, now: datetime, first: date | None = None
) -> tuple[FreeSlot, ...]:
    """The windows in which the visit can still begin, from the lead time on, the soonest first. ``first``: from that
    day on, not from today."""
    today = max(local_date(now), first or date.min)
    soonest = now + timedelta(minutes=rules.lead_minutes)
    found: list[FreeSlot] = []
    for day in (today + timedelta(days=n) for n in range(rules.days)):
        rows = list(_rows(team, day))
        full = _put_waiting(team, rows, day, now)
        for window in _windows(rules, day):
            if window.start < soonest or any(window.overlaps(f) for f in full):
                continue
            if _begin(rows, asked.skills, asked.person_id, asked.minutes, asked.workers, place, window):
                found.append(FreeSlot(team.team_id, team.name, window))
    return tuple(found)


def still_free(team: TeamDays, asked: Asked, place: Place | None, rules: Rules, now: datetime, window: Window) -> bool:
    """Whether this one window can be promised. It need not be one of those that are offered."""
    if window.start < now:
        return False
    day = local_date(window.start)
    rows = list(_rows(team, day))
    full = _put_waiting(team, rows, day, now)
    if any(window.overlaps(f) for f in full):
        return False
    return bool(_begin(rows, asked.skills, asked.person_id, asked.minutes, asked.workers, place, window))


def _windows(rules: Rules, day: date) -> Iterator[Window]:
    for first, last in rules.windows:
        yield Window(at_local(day, first), at_local(day, last))


def _rows(team: TeamDays, day: date) -> Iterator[_Row]:
    whole = Window(at_local(day, 0), at_local(day, 24))
    for worker in team.workers:
        work = [w for w in worker.at_work if w.overlaps(whole)]
        if work and worker.active:
            row = _Row(worker, tuple(free_time(work, (a.window for a in worker.away))))
            for visit in team.visits:
                held = visit.of_worker(worker.id)
                if held is not None and held.window.overlaps(whole) and visit.state not in ("cancelled", "moved"):
                    insort(row.stops, (held.window.start, held.window.end, visit.person.place), key=lambda s: s[:2])
            for stay in team.elsewhere:
                if stay.worker_id == worker.id and stay.window.overlaps(whole):
                    insort(row.stops, (stay.window.start, stay.window.end, None), key=lambda s: s[:2])
            yield row


def _put_waiting(team: TeamDays, rows: Sequence[_Row], day: date, now: datetime) -> list[Window]:
    """Give each visit that waits for a worker to somebody, the most pressing first. When those should have begun that
    nobody can take."""
    waiting = [
        v for v in team.visits if v.day == day and v.state == "planned" and not v.is_placed and v.arrive.end > now
    ]
    full = []
    for visit in sorted(waiting, key=lambda v: (v.arrive.end, -v.minutes, v.id)):
        needed = len(visit.free_slots)
        going = {a.worker_id for a in visit.allocations}
        others = [r for r in rows if r.worker.id not in going]
        at = visit.starts
        window = Window.of(at, 1) if at is not None else visit.arrive
        person = visit.person
        taken = _begin(others, visit.skills, person.id, visit.minutes, needed, person.place, window)
        if not taken:
            full.append(visit.arrive)
        for row, start in taken:
            end = start + timedelta(minutes=visit.minutes)
            insort(row.stops, (start, end, person.place), key=lambda s: s[:2])
    return full


def _begin(
    rows: Sequence[_Row], skills: Sequence[str], person: PersonId, minutes: int, workers: int, place: Place | None,
    window: Window,
) -> list[tuple[_Row, datetime]]:  # fmt: skip
    """Who could begin it together, at the first moment of the window at which there are enough; empty: never."""
    day = local_date(window.start)
    able = [row for row in rows if row.able(skills, person, minutes, day)]
    # Whoever has fewer skills goes first, so that the fitters are left for what has to be fitted.
    able.sort(key=lambda row: (len(row.worker.skills), row.minutes, row.worker.id))
    start = window.start
    while start < window.end:
        there = [row for row in able if row.has_room(start, minutes, place)]
        if len(there) >= workers:
            return [(row, start) for row in there[:workers]]
        start += _STEP
    return []
