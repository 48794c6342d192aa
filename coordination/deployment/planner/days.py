"""The rows of a plan while it is changed by hand, visit by visit: what stands where, and where there is room."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from math import inf

from coordination.deployment.planner.problem import Able, Crew, Job, Placed, Placing, Plan, Problem, Service

EPS = 1e-6
Entry = tuple[float, float, int, int]  # start, end, place, job


class Days:
    """``plan`` as it stands now; ``rows``: for each crew what it does, in order of time."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, list(plan)
        self.rows: list[list[Entry]] = [[] for _ in problem.crews]
        self.linked = {link.first: link for link in problem.links} | {link.second: link for link in problem.links}
        for number, placing in enumerate(plan):
            self._enter(number, placing)

    # ------------------------------------------------------------------ changing

    def put(self, number: int, placing: Placing | None) -> None:
        """A job that stands nowhere."""
        self.plan[number] = placing
        self._enter(number, placing)

    def take(self, number: int) -> Placing | None:
        """Out of the plan; where it stood."""
        was = self.plan[number]
        for placed in was or ():
            self.rows[placed.crew] = [entry for entry in self.rows[placed.crew] if entry[3] != number]
        self.plan[number] = None
        return was

    def _enter(self, number: int, placing: Placing | None) -> None:
        job = self.problem.jobs[number]
        for service, placed in zip(job.services, placing or (), strict=False):
            insort(self.rows[placed.crew], (placed.start, placed.start + service.minutes, job.place, number))

    # ------------------------------------------------------------------ asking

    def fits(self, number: int, placing: Placing) -> bool:
        """Whether a job that stands nowhere has room just there, beside all that stands."""
        job = self.problem.jobs[number]
        return all(
            self._has_room(job, service, placed) for service, placed in zip(job.services, placing, strict=True)
        ) and self._keeps_gap(number, placing)

    def gaps(self, job: Job, service: Service, able: Able) -> Iterator[tuple[Placed, float]]:
        """Wherever one crew has room for a service while its windows are open, in time and as early as can be: the
        place, and how many minutes longer the way is for it."""
        crew, row = self.problem.crews[able.crew], self.rows[able.crew]
        way = self.problem.travel[crew.mode]
        if not self._has_contact(crew, row, service):
            return
        for window in job.windows:
            closes = window.end - service.late_before
            at = max(0, bisect_left(row, (window.start,)) - 1)
            while at <= len(row):
                before = row[at - 1] if at else None
                after = row[at] if at < len(row) else None
                at += 1
                start = window.start if before is None else max(window.start, before[1] + way[before[2]][job.place])
                if before is not None and before[0] > closes:
                    break
                end = inf if after is None else after[0] - way[job.place][after[2]]
                found = _within(crew, start, min(closes, end - service.minutes), service.minutes)
                if found is not None:
                    yield Placed(able.crew, found), self._longer(crew, before, job.place, after)

    def _longer(self, crew: Crew, before: Entry | None, place: int, after: Entry | None) -> float:
        way = self.problem.travel[crew.mode]
        here = crew.start_place if before is None else before[2]
        there = crew.end_place if after is None else after[2]
        longer = (way[here][place] if here is not None else 0.0) + (way[place][there] if there is not None else 0.0)
        return longer - (way[here][there] if here is not None and there is not None else 0.0)

    def _has_room(self, job: Job, service: Service, placed: Placed) -> bool:
        crew, row = self.problem.crews[placed.crew], self.rows[placed.crew]
        way = self.problem.travel[crew.mode]
        start, end = placed.start, placed.start + service.minutes
        if _within(crew, start, start, service.minutes) is None or not self._has_contact(crew, row, service):
            return False
        at = bisect_left(row, (start,))
        if at and row[at - 1][1] + way[row[at - 1][2]][job.place] > start + EPS:
            return False
        return at == len(row) or end + way[job.place][row[at][2]] <= row[at][0] + EPS

    def _has_contact(self, crew: Crew, row: list[Entry], service: Service) -> bool:
        return crew.most_contact == inf or sum(e - s for s, e, _, _ in row) + service.minutes <= crew.most_contact + EPS

    def _keeps_gap(self, number: int, placing: Placing) -> bool:
        link = self.linked.get(number)
        if link is None:
            return True
        other = self.plan[link.second if link.first == number else link.first]
        if other is None:
            return True
        apart = other[0].start - placing[0].start
        return link.least - EPS <= (apart if link.first == number else -apart) <= link.most + EPS


def _within(crew: Crew, earliest: float, latest: float, minutes: float) -> float | None:
    """The first moment from ``earliest`` to ``latest`` at which so many minutes lie within one span."""
    for number, span in enumerate(crew.spans):
        over = crew.most_overtime if number == len(crew.spans) - 1 else 0.0
        start = max(earliest, span.start)
        if start <= latest + EPS and start + minutes <= span.end + over + EPS:
            return start
    return None
