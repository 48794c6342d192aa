"""Rows of the assessment area to records and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Row,
    Select,
    Uuid,
    and_,
    column,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.dialects.postgresql import insert as pg_insert

from coordination.assessment import external
from coordination.assessment.forms import from_definition
from coordination.assessment.model import (
    Answer,
    AnswerValue,
    Assessment,
    AssessmentSheet,
    Earlier,
    Form,
    FormKey,
    KnownFact,
    Question,
    Source,
    Told,
)
from coordination.errors import NotFound, Obstacle, obstacle
from coordination.values import AssessmentId, PersonId, ReferralId, UserName
from db.stores.forms import newest_live, publish_forms
from db.stores.messages_hospital import said_by_wards
from db.tables.assessment import answer, assessment, form
from db.tables.governance import user_account
from db.tables.people import person as people

__all__ = ["PgAssessmentStore", "publish_forms"]

_ME = text("session_user")


class PgAssessmentStore:
    """Forms, assessments, answers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forms(self) -> list[Form]:
        return newest_live(self._connection)

    def form(self, form_id: str) -> Form:
        query = select(form.c.definition).where(form.c.id == form_id, form.c.state == "live")
        query = query.order_by(form.c.version.desc()).limit(1)
        definition = self._connection.execute(query).scalar_one_or_none()
        if definition is None:
            raise NotFound("form", form_id)
        return from_definition(definition)

    def sheet(self, assessment_id: AssessmentId, *, lock: bool = False) -> AssessmentSheet:
        if lock:
            self._lock(assessment_id, share=False)
        head, definition = self._head(assessment_id)
        return with_answers(self._connection, head, definition)

    def hold_question(self, assessment_id: AssessmentId, question: str) -> tuple[Assessment, Form, Answer | None]:
        self._lock(assessment_id, share=True)
        head, definition = self._head(assessment_id)
        return head, definition, self._one(assessment_id, definition.question(question), question)

    def history(self, person: PersonId) -> list[Assessment]:
        query = _heads().where(assessment.c.person_id == person).order_by(assessment.c.started_at.desc())
        return [_assessment(row) for row in self._connection.execute(query)]

    def hold_start(self, person: PersonId, form_id: str) -> AssessmentId | None:
        # By the person's own row: a lock by agreement could be held by anybody.
        self._connection.execute(select(people.c.id).where(people.c.id == person).with_for_update(key_share=True))
        query = select(assessment.c.id).where(
            assessment.c.person_id == person, assessment.c.form_id == form_id, assessment.c.state == "draft"
        )
        return self._connection.execute(query.order_by(assessment.c.started_at.desc()).limit(1)).scalar_one_or_none()

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
    ) -> None:
        self._connection.execute(
            insert(assessment).values(
                id=assessment_id,
                person_id=person,
                referral_id=referral,
                form_id=form_key.id,
                form_version=form_key.version,
                corrects=corrects,
                correction_reason=correction_reason,
                away_started_at=away_started_at,
            )
        )

    def add_answers(self, assessment_id: AssessmentId, answers: Iterable[Answer]) -> None:
        rows = [
            {
                "assessment_id": assessment_id,
                "question": a.question,
                "value": _stored(a.value),
                "source": a.source,
                "said_at": a.said_at,
                "said_by": a.said_by,
                "from_assessment": a.from_assessment,
                "said_role": a.said_role,
                "said_name": a.said_name,
                "from_kind": a.from_kind,
                "from_id": a.from_id,
                "away_at": a.away_at,
            }
            for a in answers
        ]
        if rows:
            self._connection.execute(insert(answer), rows)

    def copy_answers(self, source: AssessmentId, target: AssessmentId) -> None:
        kept = ["question", "value", "source", "said_at", "said_by", "said_role", "said_name", "from_kind", "from_id"]
        kept.append("away_at")
        copied = select(
            literal(target).label("assessment_id"),
            *(answer.c[name] for name in kept),
            literal(source).label("from_assessment"),
        ).where(answer.c.assessment_id == source)
        self._connection.execute(insert(answer).from_select(["assessment_id", *kept, "from_assessment"], copied))

    def put_answer(
        self, assessment_id: AssessmentId, question: Question, value: AnswerValue, source: Source, *, seen: int,
        told: Told | None = None, away_at: datetime | None = None,
    ) -> Answer | None:  # fmt: skip
        changed: dict[str, Any] = {"value": _stored(value), "source": source}
        if source == "asked":
            told = told or Told()
            changed |= {"said_at": func.now(), "said_by": _ME, "said_role": told.role, "said_name": told.name}
            changed["away_at"] = away_at
        if seen == 0:
            row = {"assessment_id": assessment_id, "question": question.id, **changed}
            added = pg_insert(answer).values(row).on_conflict_do_nothing().returning(answer.c.revision)
            done = self._connection.execute(added).scalar_one_or_none()
        else:
            same = and_(answer.c.assessment_id == assessment_id, answer.c.question == question.id)
            over = update(answer).where(same, answer.c.revision == seen)
            done = self._connection.execute(over.values(revision=answer.c.revision + 1, **changed)).rowcount
        return self._one(assessment_id, question, question.id) if done else None

    def sign(self, assessment_id: AssessmentId, away_at: datetime | None = None) -> None:
        signed = {"state": "signed", "signed_at": func.now(), "signed_by": _ME, "revision": assessment.c.revision + 1}
        signed["away_signed_at"] = away_at
        self._connection.execute(update(assessment).where(assessment.c.id == assessment_id).values(signed))

    def answers_to_carry(self, person: PersonId, questions: Iterable[Question]) -> dict[str, Answer]:
        wanted = {q.id: q for q in questions}
        latest = (
            _answers()
            .ext(distinct_on(answer.c.question))
            .join(assessment, assessment.c.id == answer.c.assessment_id)
            .where(assessment.c.person_id == person, assessment.c.state == "signed", answer.c.question.in_(wanted))
            .order_by(answer.c.question, assessment.c.signed_at.desc())
        )
        return {
            row.question: replace(
                _answer(row, wanted[row.question]),
                source="carried_in",
                from_assessment=row.assessment_id,
                revision=1,
            )
            for row in self._connection.execute(latest)
        }

    def facts(self, person: PersonId, referral_id: ReferralId | None) -> list[KnownFact]:
        known = func.known_facts(person, referral_id).table_valued(
            "place", column("value", JSONB), "said_role", "said_by", column("said_at", DateTime(timezone=True)),
            "from_kind", column("from_id", Uuid),
        )  # fmt: skip
        return [
            KnownFact(
                r.place, r.value, r.said_by, r.said_at.astimezone(UTC), r.said_role, r.from_kind, r.from_id
            )
            for r in self._connection.execute(select(known))
        ] + said_by_wards(self._connection, person)  # fmt: skip

    def recognition_gaps(self, user: UserName, form_id: str, day: date) -> list[Obstacle]:
        asked = text("select * from recognition_gaps(:user, :form, :day)")
        rows = self._connection.execute(asked, {"user": user, "form": form_id, "day": day})
        return [obstacle(r.code, agreement=r.agreement, subject=r.subject, since=r.since, ask=r.ask) for r in rows]

    def signed_forms(self, person: PersonId) -> set[str]:
        query = select(assessment.c.form_id).where(assessment.c.person_id == person, assessment.c.state == "signed")
        return set(self._connection.execute(query).scalars())

    def _lock(self, assessment_id: AssessmentId, *, share: bool) -> None:
        # Alone in its statement: what is read afterwards is what stands once the lock is had.
        query = select(assessment.c.id).where(assessment.c.id == assessment_id).with_for_update(read=share)
        if self._connection.execute(query).one_or_none() is None:
            raise NotFound("assessment", str(assessment_id))

    def _head(self, assessment_id: AssessmentId) -> tuple[Assessment, Form]:
        query = _heads().add_columns(form.c.definition).where(assessment.c.id == assessment_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("assessment", str(assessment_id))
        return _assessment(row), from_definition(row.definition)

    def _one(self, assessment_id: AssessmentId, question: Question | None, key: str) -> Answer | None:
        query = _answers().where(answer.c.assessment_id == assessment_id, answer.c.question == key)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _answer(row, question)


def with_answers(connection: Connection, head: Assessment, definition: Form) -> AssessmentSheet:
    """The sheet of a head: its answers, those of the version that it corrects, and those that its scores change from.
    One query."""
    versions: dict[Any, dict[str, Answer]] = {head.id: {}, head.corrects: {}}
    changed_from = {score.change_from for score in definition.scores if score.change_from}
    query, wanted = _answers(), [answer.c.assessment_id.in_([version for version in versions if version is not None])]
    if changed_from:
        of_form = assessment.c.form_id, assessment.c.signed_at.label("form_signed_at")
        query = query.add_columns(*of_form).join(assessment, assessment.c.id == answer.c.assessment_id)
        wanted.append(answer.c.assessment_id.in_(_last_before(head, changed_from)))
    earlier: dict[tuple[str, datetime], dict[str, AnswerValue]] = {}
    for row in connection.execute(query.where(or_(*wanted))):
        said = _answer(row, definition.question(row.question))
        if row.assessment_id in versions:
            versions[row.assessment_id][row.question] = said
        elif said.value is not None:
            earlier.setdefault((row.form_id, row.form_signed_at.astimezone(UTC)), {})[row.question] = said.value
    corrected = versions[head.corrects] if head.corrects is not None else {}
    before = {of: Earlier(signed_at, values) for (of, signed_at), values in earlier.items()}
    return AssessmentSheet(head, definition, versions[head.id], corrected, before)


def _last_before(head: Assessment, forms: set[str]) -> Select[Any]:
    """The person's last signed assessment of each of these forms before this one was signed."""
    last = assessment.alias("last")
    before = func.now() if head.signed_at is None else literal(head.signed_at)
    return (
        select(last.c.id)
        .ext(distinct_on(last.c.form_id))
        .where(last.c.person_id == head.person, last.c.state == "signed", last.c.form_id.in_(sorted(forms)))
        .where(last.c.signed_at < before, last.c.id != head.id)
        .order_by(last.c.form_id, last.c.signed_at.desc())
    )


def _heads() -> Select[Any]:
    starter, signer, later = user_account.alias(), user_account.alias(), assessment.alias()
    return (
        select(
            assessment,
            form.c.title,
            func.coalesce(starter.c.display_name, assessment.c.started_by).label("started_by_name"),
            func.coalesce(signer.c.display_name, assessment.c.signed_by, "").label("signed_by_name"),
            later.c.id.label("corrected_by"),
        )
        .join(form, and_(form.c.id == assessment.c.form_id, form.c.version == assessment.c.form_version))
        .outerjoin(starter, starter.c.user_name == assessment.c.started_by)
        .outerjoin(signer, signer.c.user_name == assessment.c.signed_by)
        .outerjoin(later, later.c.corrects == assessment.c.id)
    )


def _answers() -> Select[Any]:
    sayer = user_account.alias()
    name = func.coalesce(sayer.c.display_name, answer.c.said_by).label("said_by_name")
    return select(answer, name).outerjoin(sayer, sayer.c.user_name == answer.c.said_by)


def _assessment(row: Row[Any]) -> Assessment:
    return Assessment(
        row.id,
        row.person_id,
        row.referral_id,
        FormKey(row.form_id, row.form_version),
        row.title,
        row.state,
        row.started_at.astimezone(UTC),
        row.started_by,
        row.started_by_name,
        None if row.signed_at is None else row.signed_at.astimezone(UTC),
        row.signed_by,
        row.signed_by_name,
        row.corrects,
        row.corrected_by,
        row.correction_reason,
        row.revision,
        _utc(row.away_started_at),
        _utc(row.away_signed_at),
    )


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def _answer(row: Row[Any], question: Question | None) -> Answer:
    return Answer(
        row.question,
        _read(row.value, question),
        row.source,
        row.said_at.astimezone(UTC),
        row.said_by,
        row.said_by_name,
        row.from_assessment,
        row.revision,
        row.said_role,
        row.said_name,
        row.from_kind,
        row.from_id,
        _utc(row.away_at),
    )


def _stored(value: AnswerValue) -> Any:
    """As JSON holds it: a date as its ISO text, choices as a list, a tool's score as a table, no answer as null."""
    if isinstance(value, external.ExternalScore):
        return external.to_plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _read(raw: Any, question: Question | None) -> AnswerValue:
    if isinstance(raw, list):
        return tuple(raw)
    if isinstance(raw, dict):
        return external.from_plain(raw)
    if question is not None and question.type == "date" and isinstance(raw, str):
        try:
            return date.fromisoformat(raw)
        except ValueError:  # an answer carried from where it was words
            return raw
    value: AnswerValue = raw
    return value
