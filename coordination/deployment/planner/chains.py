"""Room for what a repair found none for: another visit gives its place up and goes where there is room, or takes the
place of a third that does. Nothing else moves, not even by a minute, so that few people see a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coordination.deployment.planner.days import Days
from coordination.deployment.planner.problem import Able, Placed, Plan, Problem

DEEPEST = 3  # visits that move on for one that is placed
TRIES = 40_000  # crews that are asked for room, for each visit: a bound that does not depend on the clock
_Step = tuple[int, Placed]


def placed_by_chains(problem: Problem, plan: Plan, wanted: Iterable[int], most: int) -> Plan:
    """``plan`` with those ``wanted`` jobs placed that can be, the dearest first, while at most ``most`` others move.

    Only jobs of one service and without a link move or are placed, always within their windows; whoever stands away
    from where it is held has moved already and moves on for nothing."""
    found = _Chains(problem, plan)
    for number in sorted(wanted, key=lambda n: -problem.jobs[n].unplaced):
        for depth in range(DEEPEST + 1):
            if found.plan[number] is None and found.is_plain(number):
                found.place(number, depth, most)
    return tuple(found.plan)


class _Chains(Days):
    def __init__(self, problem: Problem, plan: Plan) -> None:
        super().__init__(problem, plan)
        self._tries = 0

    def is_plain(self, number: int) -> bool:
        job = self.problem.jobs[number]
        return len(job.services) == 1 and job.fixed is None and number not in self.linked

    def place(self, number: int, depth: int, most: int) -> None:
        self._tries = TRIES
        steps = self._chain(number, depth, frozenset({number}))
        if steps is None:
            return
        was = {n: self.plan[n] for n, _ in steps}
        self._go(steps)
        if sum(map(self._is_away, range(len(self.plan)))) > most:
            for n in was:
                self.take(n)
            for n, placing in was.items():
                self.put(n, placing)

    def _go(self, steps: list[_Step]) -> None:
        for n, _ in steps:
            self.take(n)
        for n, placed in steps:
            self.put(n, (placed,))

    def _is_away(self, number: int) -> bool:
        job, placing = self.problem.jobs[number], self.plan[number]
        return job.fixed is None and job.held is not None and placing != job.held

    def _chain(self, number: int, depth: int, passed: frozenset[int]) -> list[_Step] | None:
        """Where a job that stands nowhere goes, and where those go that make room for it."""
        if depth == 0:
            found = min(self._free(number), key=lambda place: place[0], default=None)
            return [(number, found[1])] if found is not None else None
        for able in self._able(number):
            for other in self._in_the_way(number, able, passed):
                steps = self._instead(number, able, other, depth, passed)
                if steps is not None:
                    return steps
                if self._tries <= 0:
                    return None
        return None

    def _instead(self, number: int, able: Able, other: int, depth: int, passed: frozenset[int]) -> list[_Step] | None:
        """A job takes the time of another, which goes elsewhere."""
        stood = self.take(other)
        job = self.problem.jobs[number]
        found = min(self.gaps(job, job.services[0], able), key=lambda place: place[1], default=None)
        steps = None
        if found is not None:
            self.put(number, (found[0],))
            further = self._chain(other, depth - 1, passed | {other})
            self.take(number)
            steps = [(number, found[0]), *further] if further is not None else None
        self.put(other, stood)
        return steps

    def _able(self, number: int) -> list[Able]:
        """Those who please most first."""
        return sorted(self.problem.jobs[number].services[0].able, key=lambda able: able.cost)

    def _free(self, number: int) -> Iterator[tuple[float, Placed]]:
        job, weights = self.problem.jobs[number], self.problem.weights
        self._tries -= len(job.services[0].able)
        for able in job.services[0].able:
            for placed, longer in self.gaps(job, job.services[0], able):
                yield able.cost * weights.preference + longer * weights.travel, placed

    def _in_the_way(self, number: int, able: Able, passed: frozenset[int]) -> list[int]:
        """What stands in the time that a job may take, and can move: first what has moved already."""
        job = self.problem.jobs[number]
        opens, closes = job.windows[0].start, job.windows[-1].end + job.services[0].minutes
        self._tries -= 1
        near = [n for s, e, _, n in self.rows[able.crew] if e > opens - 30 and s < closes + 30]
        return sorted((n for n in near if n not in passed and self.is_plain(n)), key=lambda n: not self._is_away(n))
