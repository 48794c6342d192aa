"""Shared care plans (C1, C2): most active, some still drafts, some ended; with reviews, and alarms on a few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from coordination.clock import local_date
from coordination.training.assessments import filled
from coordination.training.batches import Batch, Pile
from coordination.training.chance import Chance
from coordination.training.people import Resident
from coordination.training.sources import source
from coordination.training.users import users_of

GONE = "olive.coordinator"
"""A co-ordinator who has left; a few plans still name her."""
_GONE_SHARE = 0.03
_BUSY, _BUSY_SHARE = "north", 0.2  # of its plans, besides their own share, are with its first co-ordinator


class Plans:
    """Makes one plan a person."""

    def __init__(self, chance: Chance, now: datetime) -> None:
        self._chance, self._now, self._today = chance, now, local_date(now)
        self._words = source("words")["plan"]
        self._whole = source("plans")
        self._plans = Pile(
            "care_plan",
            "id person_id assessment_id state lead_worker what_matters strengths carers_part self_care funding"
            " review_on created_at created_by activated_at ended_at ended_by end_reason",
        )
        added = "added_by added_at"
        self._needs = Pile("plan_need", f"id plan_id position words {added}")
        self._outcomes = Pile("plan_outcome", f"id plan_id position words need_id importance {added}")
        self._actions = Pile(
            "plan_action",
            f"id plan_id outcome_id position what who team_id due_on state confidence review_on {added}",
        )
        self._contingencies = Pile("plan_contingency", f"id plan_id position sign what_to_do whom_to_call {added}")
        self._equipment = Pile("plan_equipment", f"id plan_id position what from_whom state {added}")
        self._agreements = Pile(
            "plan_agreement", f"id plan_id position party name agreed agreed_on how why_not {added}"
        )
        self._reviews = Pile(
            "plan_review",
            "id plan_id held_on with_whom came_of_it next_review_on due_on recorded_by recorded_at",
        )

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
        lead = lead_worker or self._leader(locality)
        author = chance.one_of(users_of("trusted_assessor", locality)).user_name
        active = state != "draft"
        review = self._review_date(state, began)
        what_matters, carers_part, self_care = (filled(chance.one_of(self._words[p]), resident) for p in _PARTS)
        strengths, funding = (filled(chance.one_of(self._whole[p]), resident) for p in ("strengths", "funding"))
        ended = state == "ended"
        self._plans.add(
            plan_id, resident.id, assessment, state, lead if active else None, what_matters, strengths,
            carers_part if resident.carer else "", self_care, funding, review, began, author,
            began + timedelta(hours=2) if active else None, began + timedelta(days=30) if ended else None,
            lead if ended else None, "Goals reached." if ended else "",
        )  # fmt: skip
        by = (author, began)
        needs = self._write_needs(resident, plan_id, by)
        wanted = list(outcomes) or chance.some(self._words["outcome"], chance.between(1, 3))
        kept = []
        for position, words in enumerate(wanted, start=1):
            outcome_id = chance.id()
            kept.append(outcome_id)
            need = chance.one_of((*needs, None))
            self._outcomes.add(outcome_id, plan_id, position, words, need, chance.between(5, 10), *by)
        self._write_what_if(resident, plan_id, by)
        self._write_agreement(resident, plan_id, state, began, by)
        if state == "active" and review is not None and chance.happens(0.35):
            self._write_review(resident, plan_id, lead, began, review)
        return self._write_actions(resident, plan_id, state, kept, work, by)

    def batches(self) -> Iterator[Batch]:
        for pile in (
            self._plans, self._needs, self._outcomes, self._actions, self._contingencies, self._equipment,
            self._agreements, self._reviews,
        ):  # fmt: skip
            yield pile.take()

    def _review_date(self, state: str, began: datetime) -> date | None:
        if state == "ended":
            return local_date(began) + timedelta(days=28)
        return self._today + timedelta(days=self._chance.between(-4, 35)) if state == "active" else None

    def _leader(self, locality: str) -> str:
        chance = self._chance
        if chance.happens(_GONE_SHARE):
            return GONE
        if locality == _BUSY and chance.happens(_BUSY_SHARE):
            return users_of("care_coordinator", locality)[0].user_name
        return chance.one_of([u.user_name for r in ("care_coordinator", "team_lead") for u in users_of(r, locality)])

    def _write_needs(self, resident: Resident, plan_id: str, by: tuple[str, datetime]) -> list[str]:
        chance, made = self._chance, []
        for position, words in enumerate(chance.some(self._whole["need"], chance.between(1, 3)), start=1):
            made.append(chance.id())
            self._needs.add(made[-1], plan_id, position, filled(words, resident), *by)
        return made

    def _write_what_if(self, resident: Resident, plan_id: str, by: tuple[str, datetime]) -> None:
        chance = self._chance
        for position, row in enumerate(chance.some(self._whole["contingency"], chance.between(1, 3)), start=1):
            self._contingencies.add(chance.id(), plan_id, position, *(filled(w, resident) for w in row), *by)
        for position, row in enumerate(chance.some(self._whole["equipment"], chance.between(0, 2)), start=1):
            self._equipment.add(chance.id(), plan_id, position, *row, *by)

    def _write_agreement(
        self, resident: Resident, plan_id: str, state: str, began: datetime, by: tuple[str, datetime]
    ) -> None:
        chance, on = self._chance, local_date(began)
        if state == "draft" or chance.happens(0.12):
            return
        if chance.happens(0.06):
            why = chance.one_of(self._whole["why_not"])
            self._agreements.add(chance.id(), plan_id, 1, "person", "", False, None, "", why, *by)
            return
        how = chance.one_of(self._whole["how"])
        self._agreements.add(chance.id(), plan_id, 1, "person", "", True, on, how, "", *by)
        if resident.carer and chance.happens(0.5):
            self._agreements.add(chance.id(), plan_id, 2, "carer", resident.carer, True, on, how, "", *by)

    def _write_review(self, resident: Resident, plan_id: str, lead: str, began: datetime, next_on: date) -> None:
        chance = self._chance
        held = min(next_on - timedelta(days=28), self._today - timedelta(days=1))
        if held <= local_date(began):
            return
        at = self._now - timedelta(days=(self._today - held).days)
        with_whom, came = (filled(chance.one_of(self._whole[p]), resident) for p in ("with_whom", "came_of_it"))
        due = held + timedelta(days=chance.between(-2, 3))
        self._reviews.add(chance.id(), plan_id, held, with_whom, came, next_on, due, lead, at)

    def _write_actions(
        self,
        resident: Resident,
        plan_id: str,
        state: str,
        outcomes: Sequence[str],
        work: Sequence[tuple[str, int, str]],
        by: tuple[str, datetime],
    ) -> list[str]:
        chance = self._chance
        made = []
        for position, (what, team, team_name) in enumerate(work, start=1):
            action_id = chance.id()
            made.append(action_id)
            done = "done" if state == "ended" else "under_way"
            self._actions.add(
                action_id,
                plan_id,
                chance.one_of(outcomes),
                position,
                what,
                team_name,
                team,
                None,
                done,
                chance.between(5, 10),
                None,
                *by,
            )
        for position, what in enumerate(chance.some(self._words["action"], chance.between(1, 3)), start=len(made) + 1):
            due = self._today + timedelta(days=chance.between(-3, 30))
            todo = "done" if state == "ended" else chance.one_of(("to_do", "to_do", "under_way", "done"))
            who = filled(chance.one_of(self._words["who"]), resident)
            outcome = chance.one_of((*outcomes, None))
            sure = chance.one_of((None, 4, 6, 7, 8, 9))
            self._actions.add(
                chance.id(), plan_id, outcome, position, what, who, None, due, todo, sure, due, *by
            )  # fmt: skip
        return made


_PARTS = ("what_matters", "carers_part", "self_care")
