"""Use cases of trust (A3): agreements, assessors and their competencies. Managers write, the database sees to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from coordination.assessment import trust
from coordination.assessment.trust import (
    Agreement,
    AgreementDraft,
    AgreementId,
    Assessor,
    Held,
    HeldDraft,
    HeldId,
    RecognitionDraft,
    RecognitionId,
    TrustScope,
)
from coordination.clock import local_date
from coordination.errors import BrokenRule, Conflict, Refused, obstacle

if TYPE_CHECKING:
    from coordination.work import Begin

R = TypeVar("R", Agreement, Assessor, Held)


class Trust:
    """Who assesses for whom. Each change can be undone by the one that its docstring names."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def scope(self) -> TrustScope:
        """What to choose from: forms, services, competencies, and who may be recognised."""
        with self._begin() as work:
            return work.trust.scope()

    def agreements(self) -> list[Agreement]:
        """All of them, those in force first. One query."""
        with self._begin() as work:
            return work.trust.agreements()

    def assessors(self) -> list[Assessor]:
        """Every recognition, what ends soon on top. One query. Competencies only as far as this login may see them."""
        with self._begin() as work:
            today = local_date(work.now)
            return sorted(work.trust.assessors(), key=lambda a: _urgency(a, today))

    # agreements

    def agree(self, agreement: AgreementId, draft: AgreementDraft) -> Agreement:
        """A new agreement; the id comes from the client, so that sending it again is safe. Undo: drop_agreement.

        Raises BadValues (name, assessing, receiving, services, forms, starts_on, review_on, if_flawed, contact),
        AlreadyExists(trust_agreement_name), NotAllowed.
        """
        kept = _clean(draft)
        trust.check_agreement(kept)
        with self._begin() as work:
            work.trust.add_agreement(agreement, kept)
            return work.trust.agreement(agreement)

    def change_agreement(self, agreement: AgreementId, seen: int, draft: AgreementDraft) -> Agreement:
        """Write it anew, a later review date for one. Undo: again, with what it said.

        Raises as :meth:`agree`, Conflict."""
        kept = _clean(draft)
        trust.check_agreement(kept)
        with self._begin() as work:
            done = work.trust.change_agreement(agreement, seen, kept)
            return _changed(done, seen, "trust_agreement", str(agreement), lambda: work.trust.agreement(agreement))

    def end_agreement(self, agreement: AgreementId, seen: int, last: date | None, reason: str) -> Agreement:
        """In force until that day; from the next on nobody signs under it. Undo: :meth:`resume_agreement`.

        Raises BadValues (last, reason), Conflict."""
        with self._begin() as work:
            trust.check_end(last, reason, work.trust.agreement(agreement).starts_on)
            done = work.trust.end_agreement(agreement, seen, last, reason.strip())
            return _changed(done, seen, "trust_agreement", str(agreement), lambda: work.trust.agreement(agreement))

    def resume_agreement(self, agreement: AgreementId, seen: int) -> Agreement:
        """Take its end back. Raises Conflict."""
        with self._begin() as work:
            done = work.trust.end_agreement(agreement, seen, None, "")
            return _changed(done, seen, "trust_agreement", str(agreement), lambda: work.trust.agreement(agreement))

    def drop_agreement(self, agreement: AgreementId, seen: int) -> None:
        """Take a new one back. Raises Refused (relied_on) when somebody is recognised under it, Conflict."""
        self._drop("trust_agreement", str(agreement), lambda work: work.trust.drop_agreement(agreement, seen))

    # assessors

    def recognise(self, recognition: RecognitionId, draft: RecognitionDraft) -> Assessor:
        """Somebody is recognised under an agreement. Undo: :meth:`drop_recognition`.

        Raises BadValues (user, organisation, forms, first, last), NotFound, NotAllowed."""
        kept = replace(draft, organisation=draft.organisation.strip())
        trust.check_recognition(kept)
        with self._begin() as work:
            work.trust.agreement(kept.agreement)
            work.trust.recognise(recognition, kept)
            return work.trust.assessor(recognition)

    def set_recognition(
        self, before: Assessor, first: date | None, last: date | None, reason: str = "",
        forms: tuple[str, ...] | None = None,
    ) -> Assessor:  # fmt: skip
        """Renew it, end it (with a reason), or change its scope, as it was seen in ``before``. Undo: again, with what
        it said. Raises BadValues (first, last, forms), Conflict."""
        wanted = before.forms if forms is None else forms
        draft = RecognitionDraft(before.agreement, before.user, before.organisation, wanted, first, last)
        if not reason:
            trust.check_recognition(draft)
        with self._begin() as work:
            done = work.trust.set_recognition(before.id, before.revision, first, last, reason.strip(), wanted)
            return _changed(
                done, before.revision, "recognition", str(before.id), lambda: work.trust.assessor(before.id)
            )

    def end_recognition(self, before: Assessor, last: date | None, reason: str) -> Assessor:
        """Recognised until that day. Undo: :meth:`set_recognition`. Raises BadValues (last, reason)."""
        first = None if last is None or before.first is None else min(before.first, last)
        trust.check_end(last, reason, before.first)
        return self.set_recognition(before, first, last, reason)

    def drop_recognition(self, recognition: RecognitionId, seen: int) -> None:
        """Take a new one back. Raises Refused (relied_on) when something was signed under it, Conflict."""
        self._drop("recognition", str(recognition), lambda work: work.trust.drop_recognition(recognition, seen))

    # competencies

    def add_competency(self, held: HeldId, draft: HeldDraft) -> Held:
        """Gained, or gained again: each stands by itself, so that it can be seen what held when. Undo:
        :meth:`drop_competency`. Raises BadValues (competency, gained_on, last, evidence), NotAllowed."""
        with self._begin() as work:
            trust.check_held(draft, local_date(work.now))
            work.trust.add_held(held, replace(draft, evidence=draft.evidence.strip()))
            return work.trust.held(held)

    def set_competency_end(self, before: Held, last: date | None) -> Held:
        """It holds until that day. Undo: again, with the day that it was. Raises BadValues (last), Conflict."""
        trust.check_end(last or before.gained_on, "-", before.gained_on)
        with self._begin() as work:
            done = work.trust.set_held(before.id, before.revision, last)
            return _changed(done, before.revision, "competency", str(before.id), lambda: work.trust.held(before.id))

    def drop_competency(self, held: HeldId, seen: int) -> None:
        """Take a new one back. Raises Refused (relied_on) when its holder has signed since, Conflict."""
        self._drop("competency", str(held), lambda work: work.trust.drop_held(held, seen))

    def _drop(self, area: str, key: str, drop: Callable[..., bool]) -> None:
        try:
            with self._begin() as work:
                if not drop(work):
                    raise Conflict(area, key, 0, None)
        except BrokenRule as error:
            raise Refused("take_back", (obstacle("relied_on"),)) from error


def _changed(done: bool, seen: int, area: str, key: str, read: Callable[[], R]) -> R:
    now = read()
    if not done:
        raise Conflict(area, key, seen, now)
    return now


def _clean(draft: AgreementDraft) -> AgreementDraft:
    words = ("name", "assessing", "receiving", "needs", "if_flawed", "contact_words")
    return replace(draft, **{name: getattr(draft, name).strip() for name in words})


def _urgency(a: Assessor, today: date) -> tuple[int, date, str, str]:
    """What must be seen to comes first, the nearest end on top; what has ended comes last."""
    group = 0 if a.soon(today) else 2 if a.validity(today) == "expired" or not a.active else 1
    return group, a.next_end(today) or date.max, a.name, str(a.id)
