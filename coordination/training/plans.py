"""Shared care plans (C1): most active, some still drafts, some ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from coordination.clock import local_date
from coordination.training.assessments import filled
from coordination.training.batches import Batch, Pile
from coordination.training.chance import Chance
from coordination.training.people import Resident
from coordination.training.sources import source
from coordination.training.users import users_of


class Plans:
    """Makes one plan a person."""

    def __init__(self, chance: Chance, now: datetime) -> None:
        self._chance, self._now, self._today = chance, now, local_date(now)
        self._words = source("words")["plan"]
        self._plans = Pile(
            "care_plan",
            "id person_id assessment_id state lead_worker what_matters if_things_go_wrong carers_part self_care"
            " review_on created_at created_by activated_at",
        )
        self._outcomes = Pile("plan_outcome", "id plan_id position words")
        self._actions = Pile("plan_action", "id plan_id outcome_id position what who team_id due_on state")

    def plan(
        self,
        resident: Resident,
        state: str,
        began: datetime,
        *,
        assessment: str | None = None,
        work: Sequence[tuple[str, int, str]] = (),
        lead_worker: str | None = None,
        outcomes: Sequence[str] = (),
    ) -> list[str]:
        """Writes a plan. ``work``: what which team does (its id and name): an action each, whose ids come back."""
        chance = self._chance
        plan_id = chance.id()
        locality = resident.place.either.locality
        lead = lead_worker or chance.one_of(_leaders(locality))
        author = chance.one_of(users_of("trusted_assessor", locality)).user_name
        active = state != "draft"
        review = self._today + timedelta(days=chance.between(-4, 35)) if state == "active" else None
        if state == "ended":
            review = local_date(began) + timedelta(days=28)
        texts = [filled(chance.one_of(self._words[part]), resident) for part in _PARTS]
        if not resident.carer:
            texts[2] = ""
        self._plans.add(
            plan_id, resident.id, assessment, state, lead if active else None, *texts, review, began, author,
            began + timedelta(hours=2) if active else None,
        )  # fmt: skip
        wanted = list(outcomes) or chance.some(self._words["outcome"], chance.between(1, 3))
        kept = []
        for position, words in enumerate(wanted, start=1):
            outcome_id = chance.id()
            kept.append(outcome_id)
            self._outcomes.add(outcome_id, plan_id, position, words)
        return self._write_actions(resident, plan_id, state, kept, work)

    def batches(self) -> Iterator[Batch]:
        yield self._plans.take()
        yield self._outcomes.take()
        yield self._actions.take()

    def _write_actions(
        self,
        resident: Resident,
        plan_id: str,
        state: str,
        outcomes: Sequence[str],
        work: Sequence[tuple[str, int, str]],
    ) -> list[str]:
        chance = self._chance
        made = []
        for position, (what, team, team_name) in enumerate(work, start=1):
            action_id = chance.id()
            made.append(action_id)
            done = "done" if state == "ended" else "under_way"
            self._actions.add(action_id, plan_id, chance.one_of(outcomes), position, what, team_name, team, None, done)
        for position, what in enumerate(chance.some(self._words["action"], chance.between(1, 3)), start=len(made) + 1):
            due = self._today + timedelta(days=chance.between(-3, 30))
            todo = "done" if state == "ended" else chance.one_of(("to_do", "to_do", "under_way", "done"))
            who = filled(chance.one_of(self._words["who"]), resident)
            outcome = chance.one_of((*outcomes, None))
            self._actions.add(chance.id(), plan_id, outcome, position, what, who, None, due, todo)
        return made


_PARTS = ("what_matters", "if_things_go_wrong", "carers_part", "self_care")


def _leaders(locality: str) -> list[str]:
    return [u.user_name for role in ("care_coordinator", "team_lead") for u in users_of(role, locality)]
