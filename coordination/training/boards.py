"""The boards: visits of each day, and who goes where. What is placed obeys D2 and leaves time to travel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from coordination.clock import at_local
from coordination.deployment.model import Travel
from coordination.deployment.patterns import AHEAD as WITHOUT_END
from coordination.deployment.travel import minutes_between
from coordination.training.batches import Batch, Pile, later, period
from coordination.training.chance import Chance, Weighted
from coordination.training.patterns import AHEAD, Patterns
from coordination.training.rounds import Call
from coordination.training.sources import source
from coordination.training.staff import TrainingWorker

PAST = 7  # days of visits behind today
_UNPLACED = (8, 15)  # visits of a board that nobody has yet
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OUTCOMES = Weighted({"done": 94.0, "no_access": 2.0, "declined": 2.0, "cancelled": 2.0})


@dataclass(slots=True)
class _Visit:
    call: Call
    opens: datetime
    closes: datetime
    workers: list[TrainingWorker] = field(default_factory=list)
    start: datetime | None = None
    id: str = ""


@dataclass(slots=True)
class _Row:
    """A worker's day so far: where they are last, and until when."""

    worker: TrainingWorker
    free: int  # minutes since 1970
    ends: int
    last: Call | None = None
    visits: int = 0


@dataclass(frozen=True, slots=True)
class _Offer:
    """The lower the cost, the better it suits."""

    cost: float
    start: int
    row: _Row


class Boards:
    """Makes the visits of one team after another."""

    def __init__(self, chance: Chance, patterns: Patterns, now: datetime, today: date) -> None:
        self._chance, self._patterns, self._now, self._today = chance, patterns, now, today
        self._visits = Pile(
            "visit",
            "id person_id team_id plan_action_id referral_id day arrive minutes workers_needed need time_critical"
            " gender_asked priority state state_reason fixed_at pattern_id pattern_slot pattern_day",
        )
        self._skills = Pile("visit_skill", "visit_id skill")
        self._allocations = Pile("allocation", "id visit_id worker_id slot period pinned allocated_by allocated_at")
        self._usual: dict[int, TrainingWorker] = {}  # who went last to a call
        self._ways: dict[tuple[int, int, Travel], int] = {}
        self._times: Counter[int] = Counter()  # how often somebody had time for a call
        self._reasons = source("words")["visit_reason"]

    def team(
        self, team_id: int, lead: str, workers: Sequence[TrainingWorker], calls: Sequence[Call]
    ) -> Iterator[Batch]:
        """Past days as they went, today mostly placed, tomorrow about a third; then the days that nobody planned,
        from the third week on the visits of patterns without an end."""
        self._ways.clear()
        self._patterns.of(calls, team_id, lead)
        yield from self._patterns.batches()
        for offset in range(-PAST, WITHOUT_END.days + 1):
            day = self._today + timedelta(days=offset)
            if offset == 2:
                calls = self._placeable(calls)
            if offset == AHEAD + 1:
                calls = [c for c in calls if c.pattern is not None and c.pattern.ends is None]
            visits = self._of_day(calls, day)
            if offset < 2:
                self._place(visits, workers, day)
                self._leave_unplaced(visits, offset)
            for visit in visits:
                if visit.workers or offset >= 0:
                    self._write(visit, team_id, lead, day)
            self._pair(visits)
        yield self._visits.take()
        yield self._skills.take()
        yield self._allocations.take()
        yield self._patterns.pairs.take()

    def _placeable(self, calls: Sequence[Call]) -> list[Call]:
        """Calls that somebody had time for on most of the days before: what a team can bear is what it has taken on."""
        days = range(-PAST, 2)
        first = self._today.toordinal()
        due = {id(c): sum((first + n + c.phase) % c.every == 0 for n in days) for c in calls}
        return [c for c in calls if c.keep or self._times[id(c)] * 4 > due[id(c)] * 3]

    def _pair(self, visits: Sequence[_Visit]) -> None:
        """A gap between the visits of a day where their pattern has one, and where those who go keep it."""
        rows: dict[str, list[_Visit]] = {}
        for visit in visits:
            pattern = visit.call.pattern
            if visit.id and pattern is not None and pattern.gap is not None:
                rows.setdefault(pattern.id, []).append(visit)
        for row in rows.values():
            for first, second in pairwise(row):
                assert first.call.pattern is not None and first.call.pattern.gap is not None
                gap = first.call.pattern.gap
                both = first.start is not None and second.start is not None
                if not both or second.start >= later(first.start, first.call.minutes + gap):  # type: ignore[operator,arg-type]
                    self._patterns.pairs.add(first.id, second.id, gap)

    def _of_day(self, calls: Sequence[Call], day: date) -> list[_Visit]:
        found = []
        for call in calls:
            ends = call.pattern.ends if call.pattern is not None else None
            if (day.toordinal() + call.phase) % call.every == 0 and (ends is None or day <= ends):
                opens = at_local(day, call.start // 60, call.start % 60)
                found.append(_Visit(call, opens, later(opens, 1 if call.fixed else call.window)))
        return sorted(found, key=lambda v: (v.opens, v.call.resident.id))

    def _place(self, visits: Sequence[_Visit], workers: Sequence[TrainingWorker], day: date) -> None:
        """From morning to evening, each visit to whoever can begin it soonest, the usual worker first."""
        rows = [
            _Row(w, _minute(w.shifts[day][0]), _minute(w.shifts[day][1]))
            for w in workers
            if day in w.shifts and day not in w.away
        ]
        able: dict[tuple[Any, ...], list[_Row]] = {}
        for visit in visits:
            call = visit.call
            asked = tuple(call.kind.skills), call.gender_asked
            if asked not in able:
                able[asked] = [row for row in rows if _able(row.worker, call, day)]
            opens, closes = _minute(visit.opens), _minute(visit.closes)
            offers = [self._offer(row, call, opens, closes) for row in able[asked] if row.free <= closes]
            best = sorted((o for o in offers if o is not None), key=lambda o: (o.cost, o.row.worker.id))
            wanted = call.kind.workers
            if len(best) < wanted:
                continue
            chosen = [offer.row for offer in best[:wanted]]
            start = max(offer.start for offer in best[:wanted])
            end = start + call.minutes
            if any(end > row.ends for row in chosen):
                continue
            visit.start, visit.workers = later(_EPOCH, start), [row.worker for row in chosen]
            for row in chosen:
                row.free, row.last, row.visits = end, call, row.visits + 1
            self._usual[id(call)] = chosen[0].worker
            self._times[id(call)] += 1

    def _offer(self, row: _Row, call: Call, opens: int, closes: int) -> _Offer | None:
        """When this worker could begin, on the five minutes, and what it costs; None when that is too late."""
        way = self._way(row.last, call, row.worker.travel) if row.last else 0
        start = (max(row.free + way, opens) + 4) // 5 * 5
        if start > closes or start + call.minutes > row.ends:
            return None
        idle = start - row.free if row.last else 0
        usual = -25 if self._usual.get(id(call)) is row.worker else 0
        return _Offer(start - opens + idle * 0.4 + row.visits * 2 + usual, start, row)

    def _way(self, here: Call, there: Call, travel: Travel) -> int:
        """Minutes on the way: the same ways are gone day after day."""
        key = id(here), id(there), travel
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = minutes_between(here.place, there.place, travel)
        return found

    def _leave_unplaced(self, visits: list[_Visit], offset: int) -> None:
        """Today a handful stay without a worker, tomorrow two thirds; what did not fit at all is left out."""
        if offset < 0:
            return
        chance = self._chance
        placed, left = [v for v in visits if v.workers], [v for v in visits if not v.workers]
        wanted = min(chance.between(*_UNPLACED), len(visits) // 4)
        spare = [v for v in left if not v.call.keep]
        surplus = {id(v) for v in chance.some(spare, max(len(left) - wanted, 0))}
        visits[:] = [v for v in visits if id(v) not in surplus]
        if offset == 0:
            # Better a visit of later today than one whose time has gone.
            loose = [v for v in placed if not v.call.keep and len(v.workers) == 1]
            ahead = [v for v in loose if v.opens > self._now]
            undone = chance.some(ahead if len(ahead) >= wanted else loose, wanted - min(len(left), wanted))
        else:
            undone = chance.some(placed, len(placed) * 2 // 3)
        for visit in undone:
            visit.workers, visit.start = [], None

    def _write(self, visit: _Visit, team_id: int, lead: str, day: date) -> None:
        chance, call = self._chance, visit.call
        state, reason = self._outcome(visit)
        visit_id = visit.id = chance.id()
        pattern = call.pattern
        self._visits.add(
            visit_id, call.resident.id, team_id, call.action, call.referral, day, period(visit.opens, visit.closes),
            call.minutes, call.kind.workers, call.kind.need, call.time_critical, call.gender_asked, call.priority,
            state, reason, visit.opens if call.fixed else None, pattern and pattern.id, call.slot if pattern else None,
            day if pattern else None,
        )  # fmt: skip
        for skill in call.kind.skills:
            self._skills.add(visit_id, skill)
        made = min(at_local(day - timedelta(days=1), 15, 20), self._now)
        for slot, worker in enumerate(visit.workers, start=1):
            assert visit.start is not None
            when = period(visit.start, later(visit.start, call.minutes))
            pinned = state == "planned" and chance.happens(0.03)
            self._allocations.add(chance.id(), visit_id, worker.id, slot, when, pinned, lead, made)

    def _outcome(self, visit: _Visit) -> tuple[str, str]:
        """Over by now: how it ended (D5)."""
        if visit.start is None or later(visit.start, visit.call.minutes) > self._now:
            return "planned", ""
        outcome = self._chance.pick(_OUTCOMES)
        return outcome, self._chance.one_of(self._reasons[outcome]) if outcome != "done" else ""


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _able(worker: TrainingWorker, call: Call, day: date) -> bool:
    if call.gender_asked and worker.gender != call.gender_asked:
        return False
    return worker.may_do(call.kind.skills, day)
