"""From a plan that moves too many visits to one that moves few: what made others move is left out again, and they go
back to where they are held.

Each visit that was put in pushed others away, and those further ones. The one that gives most of them back for what
leaving it out costs goes first, until no more have moved than may.
"""

from __future__ import annotations

from coordination.deployment.planner.days import EPS, Days
from coordination.deployment.planner.problem import Placing, Plan, Problem


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


class _Homing(Days):
    def __init__(self, problem: Problem, plan: Plan) -> None:
        super().__init__(problem, plan)
        self.away = moved(problem, plan)

    def go_home(self) -> list[tuple[int, Placing | None]]:
        """Sends back whoever has room where they are held, until nobody has. Who went, and from where."""
        gone: list[tuple[int, Placing | None]] = []
        going = True
        while going:
            going = False
            for number in list(self.away):
                home = self.problem.jobs[number].held or ()
                was = self.take(number)
                if self.fits(number, home):
                    self.put(number, home)
                    self.away.remove(number)
                    gone.append((number, was))
                    going = True
                else:
                    self.put(number, was)
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
        self.take(best)
        self.go_home()
        return True

    def _without(self, number: int) -> int:
        """How many could go home if this one were left out; all stays as it is."""
        was, away = self.plan[number], list(self.away)
        self.take(number)
        gone = self.go_home()
        for other, place in reversed(gone):
            self.take(other)
            self.put(other, place)
        self.put(number, was)
        self.away = away
        return len(gone)
