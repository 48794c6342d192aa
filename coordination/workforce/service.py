"""Use cases about workers: who they are, what they can do, whom they know (D1, D2, B3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from coordination.clock import at_local
from coordination.errors import BadValue, BrokenRule, Conflict, NotFound
from coordination.values import PersonId, Postcode, TeamId, Window, WorkerId
from coordination.workforce import rules
from coordination.workforce.model import (
    Given,
    HeadChanges,
    HeldSkill,
    PersonSaid,
    Relation,
    WorkerDraft,
    WorkerHead,
    WorkerRow,
    WorkerSheet,
)

if TYPE_CHECKING:
    from coordination.deployment.model import Place
    from coordination.work import Begin, Work

AHEAD = 14  # days that a worker's sheet shows
READS_REASONS = frozenset({"team_lead", "manager"})  # the database says the same


class Workforce:
    """Workers. Whatever changes one takes the ``revision`` that the screen saw, and raises Conflict with the record as
    it stands, BadValue(s) by field, NotAllowed for whoever is no team lead."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ------------------------------------------------------------------ reading

    def workers(self, team: TeamId | None, day: date, *, inactive: bool = False) -> list[WorkerRow]:
        """Workers of a team, or of all, as they are on ``day``. One query."""
        with self._begin() as work:
            return work.workforce.rows(team, Window(at_local(day, 0), at_local(day, 24)), inactive=inactive)

    def worker(self, worker: WorkerId, first: date) -> WorkerSheet:
        """Everything about one, with shifts of two weeks from ``first``. Three queries. Raises NotFound."""
        with self._begin() as work:
            reach = Window(at_local(first, 0), at_local(first + timedelta(days=AHEAD), 0))
            return work.workforce.sheet(worker, reach, reasons=_reads_reasons(work))

    def place_of(self, postcode: str) -> Place:
        """Where a postcode is. Raises BadValue('postcode', …) for one that cannot be, or that is not known here."""
        text = str(Postcode(postcode))
        with self._begin() as work:
            found = work.workforce.place_of(text)
        if found is None:
            raise BadValue("postcode", "not_in_register")
        return found

    def stranded(self, worker: WorkerId) -> tuple[Given, ...]:
        """Visits still to be that the worker could not be given any more, each with why."""
        with self._begin() as work:
            return stranded(work, worker)

    # ------------------------------------------------------------------ a worker

    def add(self, draft: WorkerDraft) -> WorkerId:
        """Sending the same draft again makes nobody twice. Raises NotFound for a team that is not there."""
        clean = rules.check_draft(draft)
        try:
            with self._begin() as work:
                return work.workforce.add(clean)
        except BrokenRule as error:
            raise (NotFound("team", str(draft.team_id)) if "team_id" in error.constraint else error) from error

    def change(self, worker: WorkerId, changes: HeadChanges, *, seen: int) -> WorkerHead:
        """Fields of :class:`WorkerHead` by name."""
        clean = rules.check_head(changes)
        with self._begin() as work:
            if not work.workforce.change(worker, clean, seen=seen):
                raise Conflict("worker", str(worker), seen, work.workforce.head(worker))
            return work.workforce.head(worker)

    # ------------------------------------------------------------------ skills

    def set_skill(self, worker: WorkerId, code: str, expires_on: date | None, *, seen: int | None) -> tuple[Given, ...]:
        """A skill that the worker has, until when; ``seen`` None for a new one. Gives back the visits that they can be
        sent to no longer: one that runs out in the middle of what is planned is said at once.

        Raises BadValue('skill', …), Conflict('worker_skill', …) with the HeldSkill or None.
        """
        if not code:
            raise BadValue("skill", "missing")
        try:
            with self._begin() as work:
                work.rotas.hold(workers=[worker])
                if not work.workforce.put_skill(worker, code, expires_on, seen=seen):
                    raise _skill_conflict(work, worker, code, seen)
                return stranded(work, worker)
        except BrokenRule as error:
            raise (BadValue("skill", "not_known") if "skill_fkey" in error.constraint else error) from error

    def remove_skill(self, worker: WorkerId, code: str, *, seen: int) -> tuple[Given, ...]:
        with self._begin() as work:
            work.rotas.hold(workers=[worker])
            if not work.workforce.drop_skill(worker, code, seen=seen):
                raise _skill_conflict(work, worker, code, seen)
            return stranded(work, worker)

    # ------------------------------------------------------------------ people

    def say(
        self, worker: WorkerId, person: PersonId, relation: Relation, reason: str = "", *, seen: int | None
    ) -> tuple[Given, ...]:
        """That a worker knows a person, or is not to visit them: then with a reason, which only leads read. One takes
        the place of the other. Gives back the visits that they can be sent to no longer.

        Raises BadValue('reason' or 'person', …), Conflict('worker_person', …) with the PersonSaid or None.
        """
        words = rules.check_person(relation, reason)
        try:
            with self._begin() as work:
                work.rotas.hold(workers=[worker])
                there = work.workforce.person(worker, person, reasons=_reads_reasons(work))
                if (there.revision if there else None) != seen:
                    raise Conflict("worker_person", f"{worker}/{person}", seen or 0, there)
                if there is not None and there.relation != relation:
                    work.workforce.drop_person(worker, person, there.relation, seen=there.revision)
                    seen = None
                if not work.workforce.put_person(worker, person, relation, words, seen=seen):
                    raise Conflict("worker_person", f"{worker}/{person}", seen or 0, there)
                return stranded(work, worker)
        except BrokenRule as error:
            raise (BadValue("person", "not_known") if "person_id" in error.constraint else error) from error

    def unsay(self, worker: WorkerId, said: PersonSaid) -> None:
        """Neither any more. Saying it again is the undo."""
        with self._begin() as work:
            if not work.workforce.drop_person(worker, said.person_id, said.relation, seen=said.revision):
                now = work.workforce.person(worker, said.person_id, reasons=_reads_reasons(work))
                raise Conflict("worker_person", f"{worker}/{said.person_id}", said.revision, now)


def stranded(work: Work, *workers: WorkerId) -> tuple[Given, ...]:
    """What they have been given and could not be given now."""
    return tuple(g for g in work.workforce.given(workers, work.now) if g.why)


def _reads_reasons(work: Work) -> bool:
    return work.actor.role in READS_REASONS


def _skill_conflict(work: Work, worker: WorkerId, code: str, seen: int | None) -> Conflict:
    now: HeldSkill | None = work.workforce.skill(worker, code)
    return Conflict("worker_skill", f"{worker}/{code}", seen or 0, now)
