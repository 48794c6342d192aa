"""Visits and the care plan they were made from: an action becomes a pattern, and a change of the plan is proposed to
the visits that have not been. Decided in docs/decisions/visits-from-plan.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.deployment import patterns_steps as steps
from coordination.deployment.patterns import Change, Pattern, Rule, Slot
from coordination.deployment.patterns_changing import Changing, ended, many, together
from coordination.deployment.patterns_store import ActionAsked, FromPlan
from coordination.errors import BadValue, Conflict, NotFound
from coordination.values import PatternId, PersonId, TeamId, new_id

if TYPE_CHECKING:
    from coordination.work import Work

_LONGEST = 500


class FollowingPlans(Changing):
    """What the plan's actions and the visits made from them have to do with each other."""

    def from_action(self, action: UUID) -> tuple[Pattern, ActionAsked]:
        """A pattern to begin with, not written yet, and what is known of the person besides.

        Raises NotFound, and BadValue('team', 'missing') for an action that no team does.
        """
        with self._begin() as work:
            asked = work.visits.action(action)
            if asked is None:
                raise NotFound("action", str(action))
            if asked.team_id is None:
                raise BadValue("team", "missing")
            rule = Rule(steps.today(work) + timedelta(days=1))
        slot = Slot(1, time(8), time(10), 30, asked.words[:_LONGEST])
        pattern = Pattern(PatternId(new_id()), asked.person_id, asked.team_id, rule, (slot,), None, action, asked.words)
        return pattern, asked

    def of_plans(self, *, person: PersonId | None = None, team: TeamId | None = None) -> list[FromPlan]:
        """Patterns whose action was reworded, ended or taken off, or whose plan has ended."""
        with self._begin() as work:
            return work.visits.from_plans(person=person, team=team)

    def follow(self, asked: Sequence[FromPlan], *, rehearse: bool = False) -> Change:
        """Do as the plan says, for all of them at once: where there is no action any more no more visits from now on;
        where it has other words, these for every visit whose need was the action's. Raises Conflict."""

        def do(work: Work) -> Change:
            done = [self._follow(work, one) for one in sorted(asked, key=lambda one: one.pattern.id)]
            return together(done)

        return self._do(do, rehearse)

    def keep_as_is(self, asked: FromPlan) -> None:
        """The visits stay as they are although the plan says otherwise, and are not proposed again until it changes.

        For words only: visits without an action go on being proposed. Raises Conflict.
        """
        with self._begin() as work:
            pattern = self._held(work, asked)
            if asked.why == "reworded":
                work.visits.save_pattern(replace(pattern, action_words=asked.words, revision=pattern.revision + 1))

    def _follow(self, work: Work, asked: FromPlan) -> Change:
        pattern = self._held(work, asked)
        day = steps.today(work)
        if asked.why != "reworded":
            return many(work, pattern, ended(pattern, day), day, "following")
        words = asked.words[:_LONGEST]
        was = pattern.action_words[:_LONGEST]
        slots = tuple(replace(s, need=words) if s.need == was else s for s in pattern.slots)
        return many(work, pattern, replace(pattern, slots=slots, action_words=asked.words), day, "following")

    @staticmethod
    def _held(work: Work, asked: FromPlan) -> Pattern:
        found = work.visits.pattern(asked.pattern.id, hold=True)
        if found is None:
            raise NotFound("visit_pattern", str(asked.pattern.id))
        if found.revision != asked.pattern.revision:
            raise Conflict("visit_pattern", str(found.id), asked.pattern.revision, found)
        return found
