"""Use cases of the care plan, one method each. Rows stand in ``items``, versions and reviews in ``versions``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.careplan import item_rules, rules
from coordination.careplan.copies import PlanCopies
from coordination.careplan.items import PlanItems, editable
from coordination.careplan.model import (
    Assessed,
    Plan,
    PlanChanges,
    PlanChoices,
    PlanSheet,
    Suggestion,
    TeamChoice,
)
from coordination.careplan.opened import OpenedPlan
from coordination.careplan.versions import PlanRounds
from coordination.clock import local_date
from coordination.errors import AlreadyExists, BadValue, BrokenRule, Conflict, IllegalMove, NotFound, Refused, obstacle
from coordination.values import AssessmentId, PersonId, PlanId, UserName, new_id

if TYPE_CHECKING:
    from typing import Unpack

    from coordination.work import Begin, Work


class CarePlans(PlanItems, PlanRounds, PlanCopies):
    """Care plans: one a person."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def current(self, person: PersonId) -> PlanSheet | None:
        """The person's draft or active plan, whole; None when there is none."""
        with self._begin() as work:
            plan = work.careplan.current(person)
            return None if plan is None else _sheet(work, plan.id)

    def head(self, person: PersonId) -> Plan | None:
        """Only the head of it: lead worker, state, review date."""
        with self._begin() as work:
            return work.careplan.current(person)

    def past(self, person: PersonId) -> list[Plan]:
        """Plans that have ended, the latest first: they can be opened and read."""
        with self._begin() as work:
            return work.careplan.past(person)

    def open(self, plan: PlanId) -> PlanSheet:
        """One plan, whole, and a view on the audit trail (R4). Raises NotFound."""
        with self._begin() as work:
            sheet = _sheet(work, plan)
            work.governance.note("view", "care_plan", str(sheet.plan.id), sheet.plan.person)
            return sheet

    def open_page(self, key: UUID) -> OpenedPlan:
        """What the page of a plan shows, in three queries, one of them the view on the audit trail (R4).

        ``key``: of the plan, or of the person whose present plan it is. Raises NotFound.
        """
        with self._begin() as work:
            sheet, assessed, choices = work.careplan.sheet(key, choices=True)
            record = work.people.record(sheet.plan.person)
            if record is None or choices is None:
                raise NotFound("plan", str(key))
            work.governance.note("view", "care_plan", str(sheet.plan.id), sheet.plan.person)
            return OpenedPlan(_suggesting(sheet, assessed), record, choices)

    def reread(self, plan: PlanId) -> PlanSheet:
        """The same again for somebody who has it open already: one query. Raises NotFound."""
        with self._begin() as work:
            return _sheet(work, plan)

    def choices(self) -> PlanChoices:
        """Teams, and colleagues with how many plans they hold."""
        with self._begin() as work:
            return work.careplan.choices()

    def start(self, person: PersonId, *, key: PlanId | None = None) -> PlanSheet:
        """The person's plan; an empty draft when there is none yet (C1: never a second one)."""
        with self._begin() as work:
            return _sheet(work, _plan_of(work, person, None, key).id)

    def draft_from(self, assessment: AssessmentId, *, key: PlanId | None = None) -> PlanSheet:
        """The person's plan, with what this assessment suggests. Raises NotFound, IllegalMove when it is not signed."""
        with self._begin() as work:
            head = work.assessment.sheet(assessment).assessment
            if head.state == "draft":
                raise IllegalMove("assessment", head.state, "planned")
            plan = _plan_of(work, head.person, assessment, key)
            if plan.assessment != assessment:
                work.careplan.follow(plan.id, assessment)
            return _sheet(work, plan.id)

    def accept(self, plan: PlanId, suggestion: UUID, *, outcome: UUID | None = None) -> PlanSheet:
        """Put one suggestion on the plan as it was said; an action goes under ``outcome``. Accepting twice adds once.

        Raises NotFound when the assessment no longer suggests it and it is not on the plan either.
        """
        return self.accept_all(plan, [suggestion], outcome=outcome)

    def accept_all(self, plan: PlanId, wanted: list[UUID], *, outcome: UUID | None = None) -> PlanSheet:
        """The same for several at once, in their order; all of them or none."""
        with self._begin() as work:
            editable(work, plan)
            sheet, assessed, _ = work.careplan.sheet(plan)
            there = {item.id for item in sheet.items()}
            offered = {s.key: s for s in _suggesting(sheet, assessed).suggestions}
            for key in wanted:
                if key in there:
                    continue
                if key not in offered or assessed is None:
                    raise NotFound("suggestion", str(key))
                _accept(work, work.careplan.plan(plan), offered[key], assessed.id, outcome)
            return _sheet(work, plan)

    def update(self, plan: PlanId, seen: int, **changes: Unpack[PlanChanges]) -> Plan:
        """Change the head. Raises BadValue(field, …), Conflict with the present Plan, IllegalMove when it has ended."""
        clean = rules.clean_plan(changes)
        try:
            with self._begin() as work:
                head = editable(work, plan)
                rules.check_still_active(head, clean)
                if not work.careplan.change(plan, clean, seen=seen):
                    raise Conflict("plan", str(plan), seen, head)
                return work.careplan.plan(plan)
        except BrokenRule as error:
            if error.constraint != "care_plan_lead_worker_fkey":
                raise
            raise BadValue("lead_worker", "not_a_colleague") from error

    def set_lead_worker(self, plan: PlanId, user: UserName | None, seen: int) -> Plan:
        """C1: the one colleague who holds it together."""
        return self.update(plan, seen, lead_worker=user)

    def activate(self, plan: PlanId, seen: int) -> Plan:
        """From now on this is the plan everyone works by, and what stands on it is its version 1.

        Raises Refused with every obstacle (no lead worker, no review date, nothing on it), Conflict, IllegalMove.
        """
        with self._begin() as work:
            head = work.careplan.plan(plan, lock=True)
            if head.state != "draft":
                raise IllegalMove("plan", head.state, "active")
            if head.revision != seen:
                raise Conflict("plan", str(plan), seen, head)
            sheet, _, _ = work.careplan.sheet(plan)
            obstacles = rules.obstacles_to_activation(head, sheet.outcomes, sheet.actions, local_date(work.now))
            if obstacles:
                raise Refused("activate_plan", tuple(obstacles))
            work.careplan.move(plan, "active", seen=seen)
            return work.careplan.plan(plan)

    def end(self, plan: PlanId, seen: int, reason: str = "") -> Plan:
        """Over; it can be read from now on, and the person can have another. Raises Conflict, IllegalMove, BadValue."""
        clean = item_rules.clean_text("reason", reason, item_rules.LONGEST_NOTE)
        with self._begin() as work:
            head = work.careplan.plan(plan, lock=True)
            if head.state == "ended":
                raise IllegalMove("plan", head.state, "ended")
            if not work.careplan.move(plan, "ended", seen=seen, reason=clean):
                raise Conflict("plan", str(plan), seen, head)
            return work.careplan.plan(plan)

    def reopen(self, plan: PlanId, seen: int) -> Plan:
        """Undo of ending an active plan, within the hour.

        Raises Refused('reopen_plan') with ``plan_another`` when the person has a new one, Conflict, IllegalMove.
        """
        try:
            with self._begin() as work:
                head = work.careplan.plan(plan, lock=True)
                if head.state != "ended":
                    raise IllegalMove("plan", head.state, "active")
                if not work.careplan.move(plan, "active", seen=seen):
                    raise Conflict("plan", str(plan), seen, head)
                return work.careplan.plan(plan)
        except AlreadyExists as error:
            raise Refused("reopen_plan", (obstacle("plan_another"),)) from error
        except BrokenRule as error:
            raise IllegalMove("plan", "ended", "active") from error

    def teams(self) -> list[TeamChoice]:
        """Teams that an action can be given to, in order of name."""
        with self._begin() as work:
            return work.careplan.teams()


def _sheet(work: Work, plan: PlanId) -> PlanSheet:
    sheet, assessed, _ = work.careplan.sheet(plan)
    return _suggesting(sheet, assessed)


def _suggesting(sheet: PlanSheet, assessed: Assessed | None) -> PlanSheet:
    if assessed is None or sheet.plan.state == "ended":
        return sheet
    there = {item.id for item in sheet.items()}
    return replace(sheet, suggestions=tuple(rules.suggestions(sheet.plan, there, assessed)))


def _plan_of(work: Work, person: PersonId, assessment: AssessmentId | None, key: PlanId | None) -> Plan:
    plan = work.careplan.current(person)
    if plan is not None:
        return plan
    work.careplan.add(key or PlanId(new_id()), person, assessment)
    plan = work.careplan.current(person)
    if plan is None:  # the key belongs to a plan that has ended
        raise IllegalMove("plan", "ended", "draft")
    return plan


_WORDS = {"need": "words", "outcome": "words", "action": "what", "contingency": "what_to_do", "equipment": "what"}


def _accept(work: Work, plan: Plan, said: Suggestion, assessment: AssessmentId, outcome: UUID | None) -> None:
    store = work.careplan
    if said.kind == "text":
        assert said.place is not None
        words = rules.joined(getattr(plan, said.place), said.words)
        store.change(plan.id, rules.text_change(said.place, words), seen=plan.revision)
    else:
        values: dict[str, object] = {_WORDS[said.kind]: said.words}
        if said.kind == "action":
            values["outcome"] = outcome
            values["team"] = store.team_for(plan.person, said.service) if said.service else None
        store.add_item(said.kind, said.key, plan.id, values)
    store.add_source(said.key, plan.id, rules.source_place(said), assessment, said.question)
