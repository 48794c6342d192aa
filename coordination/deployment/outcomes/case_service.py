"""Use cases of a case of nobody found (D5): never silently closed, each step with one who does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from coordination.deployment.outcomes import rules
from coordination.deployment.outcomes.model import Case, CaseDetail, CaseId, CaseStep
from coordination.errors import BrokenRule, Conflict, NotFound, Obstacle, Refused, obstacle
from coordination.values import PersonId, TeamId, UserName, VisitId

if TYPE_CHECKING:
    from coordination.work import Begin, Work

ENDED_SHOWN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Done:
    """What one move did to a case: how it stood and how it stands."""

    before: Case
    after: Case


class NoAccess:
    """Cases of nobody found, from the first knock to the ending.

    What changes a case takes it as the screen ``seen`` it. All raise Conflict with the Case, Refused, NotFound.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ------------------------------------------------------------------ reading

    def cases(self, team: TeamId | None = None, locality: str = "") -> list[Case]:
        """Open ones, what presses most first: of a team, of a locality's teams, or of all. Two queries."""
        with self._begin() as work:
            return rules.in_order(work.outcomes.cases(team, locality))

    def ended(self, team: TeamId | None = None, locality: str = "") -> list[Case]:
        """Those that ended in the last two days, the newest first."""
        with self._begin() as work:
            found = work.outcomes.cases(team, locality, ended_since=work.now - ENDED_SHOWN)
            return sorted(found, key=lambda c: c.ended_at or c.since, reverse=True)

    def open_case(self, case: CaseId) -> CaseDetail:
        """R4. One case with what is known of the person, noted on the audit trail as a view."""
        with self._begin() as work:
            found = _case(work, case)
            work.governance.note("view", "no_access_case", str(case), found.person.id)
            return work.outcomes.detail(found, work.now)

    def of_visit(self, visit: VisitId) -> Case | None:
        """The case of a visit: the open one, or the newest."""
        with self._begin() as work:
            return work.outcomes.case_of_visit(visit)

    def of_person(self, person: PersonId) -> CaseId | None:
        """The open case of a person."""
        with self._begin() as work:
            return work.outcomes.case_of_person(person)

    # ------------------------------------------------------------------ whose it is

    def take(self, seen: Case) -> Done:
        """The case is mine; from a colleague too, who sees it."""
        return self._on_case(seen, lambda work: _own(work, seen, work.actor.user_name))

    def leave(self, seen: Case) -> Done:
        """Nobody's again: every lead of the team is asked."""
        return self._on_case(seen, lambda work: _own(work, seen, None))

    def take_step(self, seen: Case, code: str, *, from_colleague: bool = False) -> Done:
        """I am doing this step. Refused('no_access', step_taken) while a colleague is, unless it is taken over."""
        return self._on_step(seen, code, lambda work, step: _take(work, seen, step, from_colleague=from_colleague))

    def leave_step(self, seen: Case, code: str) -> Done:
        """I am not doing it after all."""
        return self._on_step(
            seen, code, lambda work, step: work.outcomes.own_step(seen.id, code, None, seen=step.revision)
        )

    # ------------------------------------------------------------------ steps and the ending

    def do_step(self, seen: Case, code: str, words: str, done_at: datetime | None = None) -> Done:
        """A step is done, with what came of it; ``done_at`` None: now. Raises BadValues (came_of_it, done_at) too."""

        def finish(work: Work, step: CaseStep) -> bool:
            said = rules.check_step(words, done_at, work.now)
            if step.owner is not None and step.owner != work.actor.user_name:
                raise Refused("no_access", (_taken(step),))
            return work.outcomes.do_step(seen.id, code, done_at or work.now, said, seen=step.revision)

        return self._on_step(seen, code, finish)

    def undo_step(self, seen: Case, code: str) -> Done:
        """It was not done after all; what was said stays in the case's path."""
        return self._on_step(
            seen, code, lambda work, step: work.outcomes.do_step(seen.id, code, None, "", seen=step.revision)
        )

    def end(self, seen: Case, ending: str, words: str = "") -> Done:
        """The only way in which a case goes from the list. Raises BadValues (ending, came_of_it) too."""

        def finish(work: Work) -> bool:
            said = rules.check_ending(work.outcomes.choices().ending(ending), words, _case(work, seen.id))
            return work.outcomes.end_case(seen.id, ending, said, seen=seen.revision)

        return self._on_case(seen, finish)

    def reopen(self, seen: Case) -> Done:
        """An ending by mistake: the case is open again, with its steps as they were."""
        return self._on_case(seen, lambda work: work.outcomes.end_case(seen.id, None, "", seen=seen.revision))

    # ------------------------------------------------------------------ inside

    def _on_case(self, seen: Case, change: Callable[[Work], bool]) -> Done:
        try:
            with self._begin() as work:
                before = _case(work, seen.id)
                if before.revision != seen.revision or not change(work):
                    raise Conflict("no_access", str(seen.id), seen.revision, _case(work, seen.id))
                return Done(before, _case(work, seen.id))
        except BrokenRule as error:
            raise _explained(error) from error

    def _on_step(self, seen: Case, code: str, change: Callable[[Work, CaseStep], bool]) -> Done:
        as_seen = seen.step(code)
        if as_seen is None:
            raise NotFound("no_access_step", code)
        try:
            with self._begin() as work:
                before = _case(work, seen.id)
                step = before.step(code)
                if step is None:
                    raise NotFound("no_access_step", code)
                if step.revision != as_seen.revision or not change(work, as_seen):
                    raise _overtaken(work, before, as_seen, step)
                return Done(before, _case(work, seen.id))
        except BrokenRule as error:
            raise _explained(error) from error


def _case(work: Work, case: CaseId) -> Case:
    found = work.outcomes.case(case)
    if found is None:
        raise NotFound("no_access", str(case))
    return found


def _own(work: Work, seen: Case, owner: UserName | None) -> bool:
    return work.outcomes.own_case(seen.id, owner, seen=seen.revision)


def _take(work: Work, seen: Case, step: CaseStep, *, from_colleague: bool) -> bool:
    me = work.actor.user_name
    if step.owner not in (None, me) and not from_colleague:
        raise Refused("no_access", (_taken(step),))
    return work.outcomes.own_step(seen.id, step.code, me, seen=step.revision)


def _taken(step: CaseStep) -> Obstacle:
    return obstacle("step_taken", step=step.name, name=step.owner_name, since=step.owner_since)


def _overtaken(work: Work, case: Case, seen: CaseStep, now: CaseStep) -> Exception:
    """Somebody else was first: said by name when they are doing it, or have done it."""
    now = (work.outcomes.case(case.id) or case).step(now.code) or now
    if now.done_at is not None and seen.done_at is None:
        return Refused("no_access", (obstacle("step_done", step=now.name, name=now.done_by, at=now.done_at),))
    if now.owner not in (None, seen.owner, work.actor.user_name):
        return Refused("no_access", (_taken(now),))
    return Conflict("no_access", str(case.id), seen.revision, case)


_BY_CONSTRAINT = {
    "no_access_case_is_open": "case_is_ended",
    "no_access_steps_are_done": "steps_are_open",
    "no_access_step_is_anothers": "step_taken_unseen",
    "no_access_is_not_taken_back": "not_taken_back",
}


def _explained(error: BrokenRule) -> Exception:
    code = _BY_CONSTRAINT.get(error.constraint)
    return Refused("no_access", (obstacle(code),)) if code else error
