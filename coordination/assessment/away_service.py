"""Use cases of assessing away from the line: opening, taking along, bringing back (docs/decisions/away.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from coordination.assessment import rules
from coordination.assessment.away import (
    Begun,
    Given,
    Returned,
    Returning,
    SignedHere,
    TakenAlong,
    blank_sheet,
    lean,
    may_be_put,
    still_as_given,
)
from coordination.assessment.known import known_answers
from coordination.assessment.model import Answer, AnswerChange, AssessmentSheet, Form, Source
from coordination.clock import local_date
from coordination.errors import BadValue, BrokenRule, NotFound, Obstacle, obstacle
from coordination.values import AssessmentId, PersonId, ReferralId, new_id

if TYPE_CHECKING:
    from coordination.work import Begin, Work


class AwayAssessments:
    """What a computer needs to go on without a line, and how it comes back."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def open(self, assessment: AssessmentId) -> TakenAlong:
        """One assessment with whose it is and what stops this login from signing it, noted as a view of both (R4):
        three queries. It is what is taken along, too. Raises NotFound."""
        with self._begin() as work:
            sheet, gaps, signed = work.assessment.opened(assessment)
            record = work.people.record(sheet.assessment.person)
            if record is None:
                raise NotFound("people", str(sheet.assessment.person))
            return TakenAlong(sheet, lean(record), gaps, _first(sheet, signed), record.as_of)

    def changes(self, assessment: AssessmentId, question: str) -> list[AnswerChange]:
        """How we know this: every step of an answer, the first known first, from the assessments it came from too."""
        with self._begin() as work:
            return work.assessment.changes(assessment, question)

    def take_along(self, person: PersonId, referral: ReferralId | None = None) -> list[TakenAlong]:
        """Everything to go on and to begin with away from the line: the person's open drafts, and each other form with
        what is known. Noted as a view of the person (R4). Raises NotFound."""
        with self._begin() as work:
            record = work.people.record(person)
            if record is None:
                raise NotFound("people", str(person))
            work.governance.note("view", "person", str(person), person)
            drafts = [a for a in work.assessment.history(person) if a.state == "draft"]
            begun = {a.form.id for a in drafts}
            blank = [form for form in work.assessment.forms() if form.id not in begun]
            sheets = [work.assessment.sheet(a.id) for a in drafts]
            sheets += [_blank(work, form, person, referral) for form in blank]
            signed, lean_record = work.assessment.signed_forms(person), lean(record)
            return [
                TakenAlong(
                    sheet, lean_record, tuple(_gaps(work, sheet.form.id)), _first(sheet, signed), work.now,
                    blank=sheet.form.id not in begun,
                )
                for sheet in sheets
            ]  # fmt: skip

    def bring_back(self, returning: Returning) -> Returned:
        """All that was given away from the line, checked anew, in one transaction; sent again it changes nothing.

        What nobody answered meanwhile is saved. The signature holds when nothing differs, nothing that was signed is
        another now, nothing is missing, and this login is recognised today and was when it signed (A3). Raises
        NotFound, NotAllowed; then nothing is saved.
        """
        try:
            with self._begin() as work:
                return _bring_back(work, returning, returning.signed)
        except BrokenRule as error:
            if returning.signed is None:
                raise
            # The database looks for itself, and would not have the signature: the answers still go in.
            with self._begin() as work:
                done = _bring_back(work, returning, None)
            return replace(done, in_the_way=(*done.in_the_way, obstacle(error.constraint, detail=error.detail)))


def _blank(work: Work, form: Form, person: PersonId, referral: ReferralId | None) -> AssessmentSheet:
    who = (work.actor.user_name, work.actor.display_name)
    known = known_answers(work, form, person, referral)
    return blank_sheet(AssessmentId(new_id()), person, form, referral, known, who, work.now)


def _gaps(work: Work, form: str, day: date | None = None) -> list[Obstacle]:
    return work.assessment.recognition_gaps(work.actor.user_name, form, day or local_date(work.now))


def _first(sheet: AssessmentSheet, signed: set[str]) -> tuple[str, ...]:
    return tuple(form for form in sheet.form.after if form not in signed)


def _bring_back(work: Work, returning: Returning, signed: SignedHere | None) -> Returned:
    key, joined = _there(work, returning)
    sheet = work.assessment.sheet(key, lock=True)
    if sheet.assessment.state == "signed":
        return _after_signature(work, sheet, returning)
    put = _Putting(work, sheet, begun=returning.begun is not None or joined)
    for given in returning.answers:
        put.give(given)
    sheet = work.assessment.sheet(key) if put.saved else sheet
    done = Returned(sheet, tuple(put.saved), put.differing, tuple(put.refused))
    return done if signed is None else _sign(work, done, signed, {g.question for g in returning.answers}, put.begun)


def _there(work: Work, returning: Returning) -> tuple[AssessmentId, bool]:
    """The assessment that it goes to, begun now if it was begun away; an open draft of that form goes before."""
    begun: Begun | None = returning.begun
    if begun is None or work.assessment.is_there(returning.assessment):
        return returning.assessment, False
    draft = work.assessment.hold_start(begun.person, begun.form.id)
    if draft is not None:
        return draft, True
    form = work.assessment.published(begun.form)
    work.assessment.add(returning.assessment, begun.person, form.key, referral=begun.referral, away_started_at=begun.at)
    work.assessment.add_answers(returning.assessment, known_answers(work, form, begun.person, begun.referral))
    return returning.assessment, False


def _after_signature(work: Work, sheet: AssessmentSheet, returning: Returning) -> Returned:
    """Somebody signed meanwhile, or we did and the answer was lost: then all that was given is in it."""
    late = [g for g in returning.answers if not still_as_given(sheet.answers.get(g.question), g)]
    head = sheet.assessment
    if not late and (returning.signed is None or head.signed_by == work.actor.user_name):
        return Returned(sheet, tuple(g.question for g in returning.answers))
    way = (obstacle("assessment_signed", by=head.signed_by_name, at=head.signed_at),)
    differing = {g.question: sheet.answers.get(g.question) for g in late}
    return Returned(sheet, differing=differing, in_the_way=way)


class _Putting:
    """Puts answers in one by one; what cannot be is kept apart."""

    def __init__(self, work: Work, sheet: AssessmentSheet, *, begun: bool) -> None:
        self._work, self._sheet, self.begun = work, sheet, begun
        self._today = local_date(work.now)
        self.saved: list[str] = []
        self.differing: dict[str, Answer | None] = {}
        self.refused: list[BadValue] = []

    def give(self, given: Given) -> None:
        """Save it, unless it is there, or somebody answered meanwhile, or it cannot be an answer."""
        present = self._sheet.answers.get(given.question)
        question = self._sheet.form.question(given.question)
        if question is None:
            self.refused.append(BadValue(given.question, "not_in_form"))
            return
        try:
            value = rules.checked(question, given.value, self._today)
            told = rules.told_checked(given.question, given.told)
        except BadValue as bad:
            self.refused.append(bad)
            return
        given = replace(given, value=value, told=told)
        if still_as_given(present, given):
            self.saved.append(given.question)
        elif not may_be_put(present, given, begun=self.begun) or (given.confirmed and present is None):
            self.differing[given.question] = present
        else:
            source: Source = "confirmed" if given.confirmed else "asked"
            seen = 0 if present is None else present.revision
            done = self._work.assessment.put_answer(
                self._sheet.assessment.id, question, value, source, seen=seen, told=told, away_at=given.at
            )
            assert done is not None  # the assessment is locked
            self.saved.append(given.question)


def _sign(work: Work, done: Returned, signed: SignedHere, given: set[str], begun: bool) -> Returned:
    sheet = done.sheet
    changed = () if begun else tuple(_changed(sheet, signed, given))
    missing = tuple(rules.missing(sheet))
    way = tuple(_obstacles(work, sheet, min(signed.at, work.now)))  # a clock may run ahead, over midnight too
    if done.differing or done.refused or changed or missing or way:
        return replace(done, changed=changed, missing=missing, in_the_way=way)
    work.assessment.sign(sheet.assessment.id, away_at=signed.at)
    return replace(done, sheet=work.assessment.sheet(sheet.assessment.id))


def _changed(sheet: AssessmentSheet, signed: SignedHere, given: set[str]) -> Sequence[str]:
    """What was signed unseen: other answers than those that were on the screen."""
    questions = (set(sheet.answers) | set(signed.seen)) - given
    return [
        q.id for q in sheet.form.questions()
        if q.id in questions
        and signed.seen.get(q.id, 0) != (sheet.answers[q.id].revision if q.id in sheet.answers else 0)
    ]  # fmt: skip


def _obstacles(work: Work, sheet: AssessmentSheet, at: datetime) -> list[Obstacle]:
    """A2, A3: recognised today and on the day of signing, and the conversation is there."""
    found = _gaps(work, sheet.form.id)
    if not found and local_date(at) != local_date(work.now) and _gaps(work, sheet.form.id, local_date(at)):
        found = [obstacle("not_recognised_when_signed", on=local_date(at))]
    first = _first(sheet, work.assessment.signed_forms(sheet.assessment.person))
    return found + [obstacle("conversation_first", form=form) for form in first]
