"""What the visits of the boards recur by: a pattern for each person and rhythm, some with a gap or a fixed time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from coordination.deployment.patterns import AHEAD as WITHOUT_END
from coordination.training.batches import Batch, Pile
from coordination.training.chance import Chance
from coordination.training.rounds import Call, Recurring

AHEAD = 14  # days of visits after today's that have been made; of patterns without an end six weeks, as on any morning
GAP = 120  # minutes between the visits of a day, where there is a gap
_BEGAN = 21  # days ago, the earliest


class Patterns:
    """Makes the patterns of one team after another, and tells each call which one it belongs to."""

    def __init__(self, chance: Chance, now: datetime, today: date) -> None:
        self.chance, self._now, self._today = chance, now, today
        self._patterns = Pile(
            "visit_pattern",
            "id person_id team_id plan_action_id starts ends unit every weekdays gap_least rolled_until made_by"
            " made_at",
        )
        self._slots = Pile(
            "visit_pattern_slot",
            "pattern_id slot opens closes minutes workers_needed need time_critical gender_asked priority",
        )
        self._skills = Pile("visit_pattern_skill", "pattern_id slot skill")
        self.pairs = Pile("visit_pair", "first_id second_id gap_least")

    def of(self, calls: Sequence[Call], team_id: int, lead: str) -> list[Recurring]:
        """Patterns for these calls, written: one for each thing that is done, or for some people one for the day."""
        groups: dict[tuple[str, int, int], list[Call]] = defaultdict(list)
        for call in calls:
            groups[call.resident.id, call.every, call.phase].append(call)
        made = []
        for group in groups.values():
            together = len(group) > 1 and self._keeps_gap(group) and self.chance.happens(0.35)
            made += [self._one(part, team_id, lead) for part in ([group] if together else [[c] for c in group])]
        return made

    def _one(self, group: list[Call], team_id: int, lead: str) -> Recurring:
        chance, first = self.chance, group[0]
        made = Recurring(chance.id(), sorted(group, key=lambda c: c.start), self._starts(first), self._ends(first))
        together = len(group) > 1
        made.gap = GAP if together and chance.happens(0.6) else None
        for slot, call in enumerate(made.calls, start=1):
            call.pattern, call.slot = made, slot
            call.fixed = call.time_critical and "Insulin" in call.kind.need and chance.happens(0.3)
            closes = None if call.fixed else _clock(call.start + call.window)
            self._slots.add(
                made.id, slot, _clock(call.start), closes, call.minutes, call.kind.workers, call.kind.need,
                call.time_critical, call.gender_asked, call.priority,
            )  # fmt: skip
            for skill in call.kind.skills:
                self._skills.add(made.id, slot, skill)
        weekly = first.every == 7
        until = self._today + (WITHOUT_END if made.ends is None else timedelta(days=AHEAD))
        self._patterns.add(
            made.id, first.resident.id, team_id, None if together else first.action, made.starts, made.ends,
            "week" if weekly else "day",
            1 if weekly else first.every, f"{{{made.starts.weekday()}}}" if weekly else "{}", made.gap,
            min(until, made.ends or until), lead, self._now - timedelta(days=(self._today - made.starts).days, hours=1),
        )  # fmt: skip
        return made

    def _starts(self, call: Call) -> date:
        first = self._today - timedelta(days=_BEGAN)
        return first + timedelta(days=-(first.toordinal() + call.phase) % call.every)

    def _ends(self, call: Call) -> date | None:
        """Most go on for the two weeks that can be seen, some end before, some have no end."""
        kind = self.chance.fraction()
        if call.keep or kind < 0.1:
            return None
        return self._today + timedelta(days=AHEAD if kind < 0.85 else self.chance.between(4, AHEAD - 1))

    @staticmethod
    def _keeps_gap(calls: Sequence[Call]) -> bool:
        row = sorted(calls, key=lambda c: c.start)
        return all(b.start >= a.start + a.minutes + GAP for a, b in pairwise(row))

    def batches(self) -> Iterator[Batch]:
        for pile in (self._patterns, self._slots, self._skills):
            yield pile.take()


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
