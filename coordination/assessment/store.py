"""What the assessment service needs of a store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from coordination.assessment.model import (
    Answer,
    AnswerChange,
    AnswerValue,
    Assessment,
    AssessmentSheet,
    Form,
    FormKey,
    KnownFact,
    Question,
    Source,
    Told,
)
from coordination.errors import Obstacle
from coordination.values import AssessmentId, PersonId, ReferralId, UserName


class AssessmentStore(Protocol):
    """Forms, assessments, answers."""

    def forms(self) -> list[Form]:
        """The newest version of every form, in order of title."""
        ...

    def form(self, form_id: str) -> Form:
        """The newest version. Raises NotFound('form', …)."""
        ...

    def sheet(self, assessment_id: AssessmentId, *, lock: bool = False) -> AssessmentSheet:
        """One assessment with its form and answers, two queries. ``lock``: hold it until the transaction ends.

        Raises NotFound('assessment', …).
        """
        ...

    def hold_question(self, assessment_id: AssessmentId, question: str) -> tuple[Assessment, Form, Answer | None]:
        """The head, form and one answer, with the head locked against a signature meanwhile. Raises NotFound."""
        ...

    def history(self, person: PersonId) -> list[Assessment]:
        """All of a person's, the newest first."""
        ...

    def hold_start(self, person: PersonId, form_id: str) -> AssessmentId | None:
        """The person's open draft of that form, if any; nobody else starts one before this transaction ends."""
        ...

    def add(
        self,
        assessment_id: AssessmentId,
        person: PersonId,
        form_key: FormKey,
        *,
        referral: ReferralId | None = None,
        corrects: AssessmentId | None = None,
        correction_reason: str = "",
        away_started_at: datetime | None = None,
    ) -> None: ...

    def add_answers(self, assessment_id: AssessmentId, answers: Iterable[Answer]) -> None:
        """Put these in as they stand, provenance and all."""
        ...

    def copy_answers(self, source: AssessmentId, target: AssessmentId) -> None:
        """All answers of one version into the next, each saying where it comes from."""
        ...

    def put_answer(
        self, assessment_id: AssessmentId, question: Question, value: AnswerValue, source: Source, *, seen: int,
        told: Told | None = None, away_at: datetime | None = None,
    ) -> Answer | None:  # fmt: skip
        """Save over revision ``seen`` (0: there was none). None when another revision stands.

        An answer that was asked is written down by this login, now, in the words of ``told`` (the person's); a
        confirmed one keeps who said it and when.
        """
        ...

    def sign(self, assessment_id: AssessmentId, away_at: datetime | None = None) -> None:
        """Signed by this login, now; ``away_at``: when it signed, on a computer without a connection."""
        ...

    def answers_to_carry(self, person: PersonId, questions: Iterable[Question]) -> dict[str, Answer]:
        """The latest signed answer to each of these questions; ``from_assessment`` says which one holds it."""
        ...

    def facts(self, person: PersonId, referral_id: ReferralId | None) -> list[KnownFact]:
        """What is known besides earlier assessments."""
        ...

    def recognition_gaps(self, user: UserName, form: str, day: date) -> list[Obstacle]:
        """A3: what keeps a user from signing that form: what is missing, since when, whom to ask. Empty: nothing.

        Facts: agreement, subject (a form or a competency), since, ask."""
        ...

    def signed_forms(self, person: PersonId) -> set[str]:
        """Ids of the forms of which the person has a signed assessment."""
        ...

    def opened(self, assessment_id: AssessmentId) -> tuple[AssessmentSheet, tuple[Obstacle, ...], set[str]]:
        """The sheet, what stops this login from signing it today, and the ids of the forms of which the person has a
        signed one; noted as a view: two statements. Raises NotFound('assessment', …)."""
        ...

    def is_there(self, assessment_id: AssessmentId) -> bool: ...

    def published(self, key: FormKey) -> Form:
        """One version of a form, the newest or not. Raises NotFound('form', …)."""
        ...

    def changes(self, assessment_id: AssessmentId, question: str) -> list[AnswerChange]:
        """Every step of an answer, the first known first, those in the assessments that it was carried from too."""
        ...
