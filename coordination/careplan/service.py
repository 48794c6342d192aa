"""Use cases of the care plan, one method each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from coordination.careplan import rules
from coordination.careplan.model import (
    ActionChanges,
    ActionDetails,
    Outcome,
    Plan,
    PlanAction,
    PlanChanges,
    PlanSheet,
    Suggestion,
    TeamChoice,
)
from coordination.clock import local_date
from coordination.errors import BadValue, BrokenRule, Conflict, IllegalMove, NotFound, Refused
from coordination.values import AssessmentId, PersonId, PlanId, UserName, new_id

if TYPE_CHECKING:
    from typing import Unpack

    from coordination.work import Begin, Work


class CarePlans:
    """Care plans: one a person."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def current(self, person: PersonId) -> PlanSheet | None:
        """The person's draft or active plan, whole; None when there is none."""
        with self._begin() as work:
            plan = work.careplan.current(person)
            return None if plan is None else _sheet(work, plan)

    def head(self, person: PersonId) -> Plan | None:
        """Only the head of it: lead worker, state, review date."""
        with self._begin() as work:
            return work.careplan.current(person)

    def open(self, plan: PlanId) -> PlanSheet:
        """One plan, whole, and a view on the audit trail (R4). Raises NotFound."""
        with self._begin() as work:
            sheet = _sheet(work, work.careplan.plan(plan))
            work.governance.note("view", "care_plan", str(plan), sheet.plan.person)
            return sheet

    def reread(self, plan: PlanId) -> PlanSheet:
        """The same again for somebody who has it open already. Raises NotFound."""
        with self._begin() as work:
            return _sheet(work, work.careplan.plan(plan))

    def start(self, person: PersonId, *, key: PlanId | None = None) -> PlanSheet:
        """The person's plan; an empty draft when there is none yet (C1: never a second one)."""
        with self._begin() as work:
            return _sheet(work, _plan_of(work, person, None, key))

    def draft_from(self, assessment: AssessmentId, *, key: PlanId | None = None) -> PlanSheet:
        """The person's plan, with what this assessment suggests. Raises NotFound, IllegalMove when it is not signed."""
        with self._begin() as work:
            head = work.assessment.sheet(assessment).assessment
            if head.state != "signed":
                raise IllegalMove("assessment", head.state, "planned")
            plan = _plan_of(work, head.person, assessment, key)
            if plan.assessment != assessment:
                work.careplan.follow(plan.id, assessment)
                plan = work.careplan.plan(plan.id)
            return _sheet(work, plan)

    def accept(self, plan: PlanId, suggestion: UUID, *, outcome: UUID | None = None) -> PlanSheet:
        """Put one suggestion on the plan as it was said; an action goes under ``outcome``. Accepting twice adds once.

        Raises NotFound when the assessment no longer suggests it and it is not on the plan either.
        """
        with self._begin() as work:
            head = _editable(work, plan)
            sheet = _sheet(work, head)
            if suggestion not in {o.id for o in sheet.outcomes} | {a.id for a in sheet.actions}:
                offered = {s.key: s for s in sheet.suggestions}
                if suggestion not in offered:
                    raise NotFound("suggestion", str(suggestion))
                _accept(work, head, offered[suggestion], outcome)
            return _sheet(work, work.careplan.plan(plan))

    def update(self, plan: PlanId, seen: int, **changes: Unpack[PlanChanges]) -> Plan:
        """Change the head. Raises BadValue(field, …), Conflict with the present Plan, IllegalMove when it has ended."""
        clean = rules.clean_plan(changes)
        try:
            with self._begin() as work:
                head = _editable(work, plan)
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

    def add_outcome(self, plan: PlanId, words: str, *, key: UUID | None = None) -> Outcome:
        """One more outcome, in the person's words. Raises BadValue('words', …)."""
        clean = rules.clean_words("words", words)
        with self._begin() as work:
            _editable(work, plan)
            return work.careplan.add_outcome(key or new_id(), plan, clean)

    def update_outcome(self, outcome: UUID, words: str, seen: int) -> Outcome:
        """Raises BadValue('words', …), NotFound, Conflict with the present Outcome."""
        clean = rules.clean_words("words", words)
        with self._begin() as work:
            _editable(work, work.careplan.outcome(outcome).plan)
            present = work.careplan.outcome(outcome)
            if not work.careplan.change_outcome(outcome, clean, seen=seen):
                _conflict("outcome", present, seen)
            return work.careplan.outcome(outcome)

    def remove_outcome(self, outcome: UUID, seen: int) -> None:
        """Take it off. Its actions stay on the plan. Raises NotFound, Conflict."""
        with self._begin() as work:
            _editable(work, work.careplan.outcome(outcome).plan)
            present = work.careplan.outcome(outcome)
            if not work.careplan.remove_outcome(outcome, seen=seen):
                _conflict("outcome", present, seen)

    def add_action(
        self, plan: PlanId, what: str, *, key: UUID | None = None, **details: Unpack[ActionDetails]
    ) -> PlanAction:
        """One more action. Raises BadValue('what', …)."""
        clean, more = rules.clean_words("what", what), rules.clean_details(details)
        with self._begin() as work:
            _editable(work, plan)
            return work.careplan.add_action(key or new_id(), plan, clean, more)

    def update_action(self, action: UUID, seen: int, **changes: Unpack[ActionChanges]) -> PlanAction:
        """Raises BadValue(field, …), NotFound, Conflict with the present PlanAction."""
        clean = rules.clean_action(changes)
        with self._begin() as work:
            _editable(work, work.careplan.action(action).plan)
            present = work.careplan.action(action)
            if not work.careplan.change_action(action, clean, seen=seen):
                _conflict("action", present, seen)
            return work.careplan.action(action)

    def remove_action(self, action: UUID, seen: int) -> None:
        """Take it off. Visits that came from it stay. Raises NotFound, Conflict."""
        with self._begin() as work:
            _editable(work, work.careplan.action(action).plan)
            present = work.careplan.action(action)
            if not work.careplan.remove_action(action, seen=seen):
                _conflict("action", present, seen)

    def activate(self, plan: PlanId, seen: int) -> Plan:
        """From now on this is the plan everyone works by.

        Raises Refused with every obstacle (no lead worker, no review date, nothing on it), Conflict, IllegalMove.
        """
        with self._begin() as work:
            head = work.careplan.plan(plan, lock=True)
            if head.state != "draft":
                raise IllegalMove("plan", head.state, "active")
            if head.revision != seen:
                raise Conflict("plan", str(plan), seen, head)
            outcomes, actions = work.careplan.outcomes(plan), work.careplan.actions(plan)
            obstacles = rules.obstacles_to_activation(head, outcomes, actions, local_date(work.now))
            if obstacles:
                raise Refused("activate_plan", tuple(obstacles))
            work.careplan.move(plan, "active", seen=seen)
            return work.careplan.plan(plan)

    def end(self, plan: PlanId, seen: int) -> Plan:
        """Over. The person can have another one then. Raises Conflict, IllegalMove."""
        with self._begin() as work:
            head = work.careplan.plan(plan, lock=True)
            if head.state == "ended":
                raise IllegalMove("plan", head.state, "ended")
            if not work.careplan.move(plan, "ended", seen=seen):
                raise Conflict("plan", str(plan), seen, head)
            return work.careplan.plan(plan)

    def teams(self) -> list[TeamChoice]:
        """Teams that an action can be given to, in order of name."""
        with self._begin() as work:
            return work.careplan.teams()


def _sheet(work: Work, plan: Plan) -> PlanSheet:
    outcomes, actions = tuple(work.careplan.outcomes(plan.id)), tuple(work.careplan.actions(plan.id))
    offered: tuple[Suggestion, ...] = ()
    if plan.assessment is not None and plan.state != "ended":
        assessed = work.assessment.sheet(plan.assessment)
        offered = tuple(rules.suggestions(plan, outcomes, actions, assessed))
    return PlanSheet(plan, outcomes, actions, offered)


def _plan_of(work: Work, person: PersonId, assessment: AssessmentId | None, key: PlanId | None) -> Plan:
    plan = work.careplan.current(person)
    if plan is not None:
        return plan
    work.careplan.add(key or PlanId(new_id()), person, assessment)
    plan = work.careplan.current(person)
    if plan is None:  # the key belongs to a plan that has ended
        raise IllegalMove("plan", "ended", "draft")
    return plan


def _editable(work: Work, plan: PlanId) -> Plan:
    """The head, held, so that nothing is added to a plan that is ending."""
    head = work.careplan.plan(plan, lock=True)
    if head.state == "ended":
        raise IllegalMove("plan", "ended", "changed")
    return head


def _accept(work: Work, plan: Plan, suggestion: Suggestion, outcome: UUID | None) -> None:
    if suggestion.kind == "outcome":
        work.careplan.add_outcome(suggestion.key, plan.id, suggestion.words)
    elif suggestion.kind == "action":
        team = work.careplan.team_for(plan.person, suggestion.service) if suggestion.service else None
        work.careplan.add_action(suggestion.key, plan.id, suggestion.words, {"outcome": outcome, "team": team})
    else:
        assert suggestion.place is not None
        words = rules.joined(getattr(plan, suggestion.place), suggestion.words)
        work.careplan.change(plan.id, rules.text_change(suggestion.place, words), seen=plan.revision)


def _conflict(area: str, present: Any, seen: int) -> NoReturn:
    raise Conflict(area, str(present.id), seen, present)
