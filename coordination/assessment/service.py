"""Use cases of the assessment area, one method each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from coordination.assessment import rules
from coordination.assessment.known import known_answers
from coordination.assessment.model import (
    Answer,
    AnswerValue,
    Assessment,
    AssessmentSheet,
    Form,
    Question,
    Source,
    Told,
)
from coordination.clock import local_date
from coordination.errors import (
    BadValue,
    BadValues,
    BrokenRule,
    Conflict,
    IllegalMove,
    NotFound,
    Obstacle,
    Refused,
    obstacle,
)
from coordination.values import AssessmentId, PersonId, ReferralId, new_id

if TYPE_CHECKING:
    from coordination.work import Begin, Work


class Assessments:
    """Forms, assessments, answers."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def forms(self) -> list[Form]:
        """The newest version of every form, in order of title."""
        with self._begin() as work:
            return work.assessment.forms()

    def start(
        self, person: PersonId, form: str, referral: ReferralId | None = None, *, key: AssessmentId | None = None
    ) -> AssessmentSheet:
        """Begin an assessment with everything known carried in (A1), or go on with the person's open draft.

        Sending it again with the same ``key`` is safe. Raises NotFound('form', …), NotAllowed.
        """
        with self._begin() as work:
            draft = work.assessment.hold_start(person, form)
            if draft is not None:
                return work.assessment.sheet(draft)
            definition = work.assessment.form(form)
            started = key or AssessmentId(new_id())
            work.assessment.add(started, person, definition.key, referral=referral)
            work.assessment.add_answers(started, known_answers(work, definition, person, referral))
            return work.assessment.sheet(started)

    def open(self, assessment: AssessmentId) -> AssessmentSheet:
        """One assessment, whole, and a view on the audit trail (R4): three queries. Raises NotFound."""
        with self._begin() as work:
            sheet = work.assessment.sheet(assessment)
            work.governance.note("view", "assessment", str(assessment), sheet.assessment.person)
            return sheet

    def reread(self, assessment: AssessmentId) -> AssessmentSheet:
        """The same again for somebody who has it open already. Raises NotFound."""
        with self._begin() as work:
            return work.assessment.sheet(assessment)

    def history(self, person: PersonId) -> list[Assessment]:
        """All of a person's assessments, the newest first."""
        with self._begin() as work:
            return work.assessment.history(person)

    def answer(
        self, assessment: AssessmentId, question: str, value: AnswerValue, seen: int, told: Told | None = None
    ) -> Answer:
        """Save one answer over the revision that was seen (0: none). None as value takes the answer back.

        ``told``: whose words it is, if not the person's. Saving what already stands changes nothing.
        Raises BadValue(question, …), Conflict with the present Answer, Refused when it is signed by now.
        """
        with self._begin() as work:
            head, asked, present = _hold(work, assessment, question)
            kept = rules.checked(asked, value, local_date(work.now))
            if present is not None and rules.stands(present, kept, told):
                return present
            if present is None and kept is None:
                raise BadValue(question, "nothing_to_take_back")
            return _put(work, head, asked, kept, "asked", seen, rules.told_checked(question, told))

    def confirm(self, assessment: AssessmentId, question: str, seen: int) -> Answer:
        """A1: what was carried in still holds. Keeps who said it and when. Raises as :meth:`answer`."""
        with self._begin() as work:
            head, asked, present = _hold(work, assessment, question)
            if present is None or present.value is None:
                raise BadValue(question, "required")
            if present.source != "carried_in":
                return present
            return _put(work, head, asked, present.value, "confirmed", seen)

    def sign(self, assessment: AssessmentId, seen: int) -> AssessmentSheet:
        """A3: sign what was seen (``AssessmentSheet.revision``), for good.

        Raises BadValues (question ids; ``required``, ``not_confirmed``), Refused (not recognised, out of date, the
        strengths-based conversation is not there: A2), Conflict with the present AssessmentSheet, IllegalMove when it
        is signed already.
        """
        try:
            with self._begin() as work:
                _check_signable(work, work.assessment.sheet(assessment, lock=True), seen)
                work.assessment.sign(assessment)
                return work.assessment.sheet(assessment)
        except BrokenRule as error:  # the database looks for itself
            raise Refused("sign_assessment", (obstacle(error.constraint),)) from error

    def may_sign(self, form: str) -> tuple[Obstacle, ...]:
        """What stops this login from signing that form today. Empty: nothing (A3)."""
        with self._begin() as work:
            return tuple(_recognition_obstacles(work, form))

    def correct(self, assessment: AssessmentId, reason: str, *, key: AssessmentId | None = None) -> AssessmentSheet:
        """A3: a new version with all answers, to change and sign. Once begun, it is returned again.

        Raises BadValue('reason', 'required'), IllegalMove when the assessment is not signed.
        """
        if not reason.strip():
            raise BadValue("reason", "required")
        with self._begin() as work:
            old = work.assessment.sheet(assessment, lock=True).assessment
            if old.state != "signed":
                raise IllegalMove("assessment", old.state, "corrected")
            if old.corrected_by is not None:
                return work.assessment.sheet(old.corrected_by)
            new = key or AssessmentId(new_id())
            work.assessment.add(
                new, old.person, old.form, referral=old.referral, corrects=old.id, correction_reason=reason.strip()
            )
            work.assessment.copy_answers(old.id, new)
            return work.assessment.sheet(new)


def _hold(work: Work, assessment: AssessmentId, question: str) -> tuple[Assessment, Question, Answer | None]:
    head, form, present = work.assessment.hold_question(assessment, question)
    if head.state == "signed":
        _refuse_signed(head)
    asked = form.question(question)
    if asked is None:
        raise NotFound("question", question)
    return head, asked, present


def _refuse_signed(head: Assessment) -> NoReturn:
    raise Refused("answer", (obstacle("assessment_signed", by=head.signed_by_name, at=head.signed_at),))


def _put(
    work: Work, head: Assessment, question: Question, value: AnswerValue, source: Source, seen: int,
    told: Told | None = None,
) -> Answer:  # fmt: skip
    saved = work.assessment.put_answer(head.id, question, value, source, seen=seen, told=told)
    if saved is None:
        _, _, present = work.assessment.hold_question(head.id, question.id)
        raise Conflict("answer", f"{head.id}/{question.id}", seen, present)
    return saved


def _check_signable(work: Work, sheet: AssessmentSheet, seen: int) -> None:
    if sheet.assessment.state == "signed":
        raise IllegalMove("assessment", "signed", "signed")
    if sheet.revision != seen:
        raise Conflict("assessment", str(sheet.assessment.id), seen, sheet)
    obstacles = _obstacles(work, sheet)
    if obstacles:
        raise Refused("sign_assessment", tuple(obstacles))
    problems = rules.missing(sheet)
    if problems:
        raise BadValues(tuple(problems))


def _obstacles(work: Work, sheet: AssessmentSheet) -> list[Obstacle]:
    obstacles = _recognition_obstacles(work, sheet.form.id)
    there = work.assessment.signed_forms(sheet.assessment.person)
    obstacles += [obstacle("conversation_first", form=earlier) for earlier in sheet.form.after if earlier not in there]
    return obstacles


def _recognition_obstacles(work: Work, form: str) -> list[Obstacle]:
    return work.assessment.recognition_gaps(work.actor.user_name, form, local_date(work.now))
