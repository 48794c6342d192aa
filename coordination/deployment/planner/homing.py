"""From a plan that moves too many visits to one that moves few: what made others move is left out again, and they go
back to where they are held.

Each visit that was put in pushed others away, and those further ones. The one that gives most of them back for what
leaving it out costs goes first, until no more have moved than may.
"""

from __future__ import annotations

from bisect import insort

from coordination.deployment.planner.problem import Placing, Plan, Problem

EPS = 1e-6
_Row = list[tuple[float, float, int, int]]  # start, end, place, job


def moved(problem: Problem, plan: Plan) -> list[int]:
    """Jobs that are held, and are not where they are held."""
    return [n for n, placing in enumerate(plan) if _is_away(problem, n, placing)]


def within(problem: Problem, plan: Plan, most: int) -> Plan:
    """``plan`` with at most ``most`` jobs moved, as far as leaving out jobs that nobody held brings that about. What
    can go back without harm goes back in any case."""
    found = _Homing(problem, plan)
    found.go_home()
    while len(found.away) > most and found.leave_out_one():
        pass
    return tuple(found.plan)


def _is_away(problem: Problem, number: int, placing: Placing | None) -> bool:
    job = problem.jobs[number]
    if job.fixed is not None or job.held is None:
        return False
    if placing is None:
        return True
    return any(p.crew != h.crew or abs(p.start - h.start) > EPS for p, h in zip(placing, job.held, strict=True))


class _Homing:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, list(plan)
        self.rows: list[_Row] = [[] for _ in problem.crews]
        for number, placing in enumerate(plan):
            self._put(number, placing)
        self.away = moved(problem, plan)
        self.linked = {link.first: link for link in problem.links} | {link.second: link for link in problem.links}

    def go_home(self) -> list[tuple[int, Placing | None]]:
        """Sends back whoever has room where they are held, until nobody has. Who went, and from where."""
        gone: list[tuple[int, Placing | None]] = []
        going = True
        while going:
            going = False
            for number in list(self.away):
                was = self.plan[number]
                self._take(number)
                if self._has_room(number):
                    self._set(number, self.problem.jobs[number].held)
                    self.away.remove(number)
                    gone.append((number, was))
                    going = True
                else:
                    self._set(number, was)
        return gone

    def leave_out_one(self) -> bool:
        """The job that gives back most for what it costs; False where none is left."""
        best, least = None, 0.0
        for number, (job, placing) in enumerate(zip(self.problem.jobs, self.plan, strict=True)):
            if placing is None or job.held is not None or job.fixed is not None:
                continue
            back = self._without(number)
            worth = (back + 0.01) / max(1.0, job.unplaced)
            if worth > least:
                best, least = number, worth
        if best is None:
            return False
        self._take(best)
        self.go_home()
        return True

    def _without(self, number: int) -> int:
        """How many could go home if this one were left out; all stays as it is."""
        was, away = self.plan[number], list(self.away)
        self._take(number)
        gone = self.go_home()
        for other, place in reversed(gone):
            self._take(other)
            self._set(other, place)
        self._set(number, was)
        self.away = away
        return len(gone)

    # ------------------------------------------------------------------ rows

    def _put(self, number: int, placing: Placing | None) -> None:
        job = self.problem.jobs[number]
        for service, placed in zip(job.services, placing or (), strict=False):
            insort(self.rows[placed.crew], (placed.start, placed.start + service.minutes, job.place, number))

    def _take(self, number: int) -> None:
        for placed in self.plan[number] or ():
            self.rows[placed.crew] = [entry for entry in self.rows[placed.crew] if entry[3] != number]
        self.plan[number] = None

    def _set(self, number: int, placing: Placing | None) -> None:
        self.plan[number] = placing
        self._put(number, placing)

    def _has_room(self, number: int) -> bool:
        """Whether the job fits where it is held, beside all that stands there now."""
        job = self.problem.jobs[number]
        for service, home in zip(job.services, job.held or (), strict=True):
            crew = self.problem.crews[home.crew]
            way = self.problem.travel[crew.mode]
            start, end = home.start, home.start + service.minutes
            row = self.rows[home.crew]
            if not any(s.start - EPS <= start and end <= s.end + crew.most_overtime + EPS for s in crew.spans):
                return False
            if sum(e - s for s, e, _, _ in row) + service.minutes > crew.most_contact + EPS:
                return False
            before = [entry for entry in row if entry[0] < start]
            after = [entry for entry in row if entry[0] >= start]
            if before and before[-1][1] + way[before[-1][2]][job.place] > start + EPS:
                return False
            if after and end + way[job.place][after[0][2]] > after[0][0] + EPS:
                return False
        return self._keeps_gap(number)

    def _keeps_gap(self, number: int) -> bool:
        link, held = self.linked.get(number), self.problem.jobs[number].held
        if link is None or held is None:
            return True
        other = self.plan[link.second if link.first == number else link.first]
        if other is None:
            return True
        apart = other[0].start - held[0].start
        return link.least - EPS <= (apart if link.first == number else -apart) <= link.most + EPS
