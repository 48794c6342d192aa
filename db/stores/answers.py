"""Answers beyond their saving: opening at once, where each one comes from, going away with them and coming back."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, date
from typing import Any

from sqlalchemy import Row, Select, Text, and_, case, cast, func, null, select, text

from coordination.assessment.forms import from_definition
from coordination.assessment.model import AnswerChange, Assessment, AssessmentSheet, Form, FormKey
from coordination.errors import NotFound, Obstacle, obstacle
from coordination.values import AssessmentId
from db.stores import assessment as rows
from db.stores.assessment import PgAssessmentStore
from db.tables.assessment import answer_change, assessment, form
from db.tables.governance import user_account

_KEPT_FORMS = 64
_forms: OrderedDict[str, Form] = OrderedDict()
"""By the fingerprint of the definition: a published version never changes, and reading one takes milliseconds."""

_GAPS = text("""(
  select json_agg(g) from recognition_gaps(
    session_user::text, assessment.form_id, (now() at time zone 'Europe/London')::date) g) as gaps""")
_CHAIN = text("""
  with recursive chain(id) as (
    select cast(:assessment as uuid)
    union
    select a.from_assessment from answer a join chain c on a.assessment_id = c.id
    where a.question = :question and a.from_assessment is not null)
  select id from chain""")


class PgAnsweringStore(PgAssessmentStore):
    """The assessment store, with what a desk away from the line needs of it."""

    def opened(self, assessment_id: AssessmentId) -> tuple[AssessmentSheet, tuple[Obstacle, ...], set[str]]:
        """The sheet, what stops this login from signing it today, and the ids of the forms of which the person has a
        signed one; noted as a view of assessment and person: two statements. Raises NotFound('assessment', …)."""
        forms = _Forms()
        earlier = assessment.alias("earlier")
        signed = (
            select(func.array_agg(earlier.c.form_id))
            .where(earlier.c.person_id == assessment.c.person_id, earlier.c.state == "signed")
            .scalar_subquery()
        )
        notes = [
            func.audit.note("view", area, cast(record, Text), assessment.c.person_id).label(f"noted_{area}")
            for area, record in (("assessment", assessment.c.id), ("person", assessment.c.person_id))
        ]
        query = forms.in_(rows._heads()).add_columns(_GAPS, signed.label("signed_forms"), *notes)
        row = self._connection.execute(query.where(assessment.c.id == assessment_id)).one_or_none()
        if row is None:
            raise NotFound("assessment", str(assessment_id))
        head, definition = rows._assessment(row), forms.of(row)
        sheet = rows.with_answers(self._connection, head, definition)
        return sheet, tuple(map(_gap, row.gaps or ())), set(row.signed_forms or ())

    def is_there(self, assessment_id: AssessmentId) -> bool:
        """Whether the database knows of it."""
        query = select(assessment.c.id).where(assessment.c.id == assessment_id)
        return self._connection.execute(query).one_or_none() is not None

    def published(self, key: FormKey) -> Form:
        """One version of a form, the newest or not. Raises NotFound('form', …)."""
        query = select(form.c.definition).where(form.c.id == key.id, form.c.version == key.version)
        definition = self._connection.execute(query).scalar_one_or_none()
        if definition is None:
            raise NotFound("form", key.id)
        return from_definition(definition)

    def changes(self, assessment_id: AssessmentId, question: str) -> list[AnswerChange]:
        """Every step of an answer, the first known first, those in the assessments that it was carried from too."""
        chain = _CHAIN.bindparams(assessment=assessment_id, question=question).columns(assessment.c.id).subquery()
        doer, sayer = user_account.alias(), user_account.alias()
        forms = _Forms()
        query = (
            forms.in_(select(answer_change, form.c.title))
            .add_columns(
                func.coalesce(doer.c.display_name, answer_change.c.changed_by).label("by_name"),
                func.coalesce(sayer.c.display_name, answer_change.c.said_by).label("said_by_name"),
            )
            .join(chain, chain.c.id == answer_change.c.assessment_id)
            .join(assessment, assessment.c.id == answer_change.c.assessment_id)
            .join(form, and_(form.c.id == assessment.c.form_id, form.c.version == assessment.c.form_version))
            .outerjoin(doer, doer.c.user_name == answer_change.c.changed_by)
            .outerjoin(sayer, sayer.c.user_name == answer_change.c.said_by)
            .where(answer_change.c.question == question)
            .order_by(answer_change.c.changed_at, answer_change.c.id)
        )
        return [_change(row, forms.of(row)) for row in self._connection.execute(query)]

    def _head(self, assessment_id: AssessmentId) -> tuple[Assessment, Form]:
        forms = _Forms()
        query = forms.in_(rows._heads()).where(assessment.c.id == assessment_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("assessment", str(assessment_id))
        return rows._assessment(row), forms.of(row)


class _Forms:
    """The definition of a form in a query, unless this program has read it before; one for each query, so that what is
    let go meanwhile is still here."""

    def __init__(self) -> None:
        self._known = dict(_forms)

    def in_(self, query: Select[Any]) -> Select[Any]:
        """The query with the columns that :meth:`of` reads."""
        print_ = func.md5(cast(form.c.definition, Text))
        unread = case((print_.in_(list(self._known)), null()), else_=form.c.definition)
        definition = unread if self._known else form.c.definition
        return query.add_columns(print_.label("fingerprint"), definition.label("definition"))

    def of(self, row: Row[Any]) -> Form:
        if row.fingerprint not in self._known:
            self._known[row.fingerprint] = _forms[row.fingerprint] = from_definition(row.definition)
            while len(_forms) > _KEPT_FORMS:
                _forms.popitem(last=False)
        return self._known[row.fingerprint]


def _gap(gap: dict[str, Any]) -> Obstacle:
    since = date.fromisoformat(gap["since"]) if gap["since"] else None
    return obstacle(gap["code"], agreement=gap["agreement"], subject=gap["subject"], since=since, ask=gap["ask"])


def _change(row: Row[Any], definition: Form) -> AnswerChange:
    question = definition.question(row.question)
    return AnswerChange(
        row.assessment_id, row.title, row.question, row.step, row.changed_by, row.by_name,
        row.changed_at.astimezone(UTC), rows._read(row.was, question), rows._read(row.is_now, question), row.said_role,
        row.said_name, row.said_by, row.said_by_name, row.said_at.astimezone(UTC), row.from_kind, row.from_id,
        rows._utc(row.away_at),
    )  # fmt: skip
