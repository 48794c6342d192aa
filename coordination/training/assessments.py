"""Signed trusted assessments, and a few under way (A1-A3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from coordination.assessment.model import AnswerValue, Form, Question
from coordination.assessment.rules import asked_questions
from coordination.clock import local_date
from coordination.training.batches import Batch, Pile, as_json, later
from coordination.training.chance import Chance
from coordination.training.people import Resident
from coordination.training.sources import source
from coordination.training.users import users_of

Answers = Mapping[str, Sequence[Any]]  # by question


class Assessments:
    """Fills in whatever published forms there are answers for."""

    def __init__(self, forms: Sequence[Form], chance: Chance, now: datetime) -> None:
        self._chance, self._now = chance, now
        self._forms = {f.id: f for f in forms}
        self._told: dict[Any, dict[str, Any]] = {}  # by person and question: what was signed is not asked again
        self._heads = Pile(
            "assessment",
            "id person_id referral_id form_id form_version state started_at started_by signed_at signed_by",
        )
        self._answers = Pile(
            "answer", "assessment_id question value source said_at said_by from_assessment said_role said_name"
        )

    def signed(self, resident: Resident, form_id: str, at: datetime, said: Answers | None = None) -> str | None:
        """A signed assessment begun then; its id, or None where no such form is published.

        ``said``: what to choose the answers from, instead of what everybody says."""
        return self._fill(resident, form_id, at, later(at, self._chance.between(35, 75)), said)

    def draft(self, resident: Resident, form_id: str) -> str | None:
        """One that was begun within the last hours and is half done."""
        return self._fill(resident, form_id, later(self._now, -self._chance.between(20, 400)), None, None)

    def batches(self) -> Iterator[Batch]:
        yield self._heads.take()
        yield self._answers.take()

    def _fill(
        self, resident: Resident, form_id: str, at: datetime, signed: datetime | None, said: Answers | None
    ) -> str | None:
        form, said = self._forms.get(form_id), said or source("answers").get(form_id)
        if form is None or said is None:
            return None
        chance = self._chance
        assessor = chance.one_of(users_of("trusted_assessor", resident.place.either.locality)).user_name
        assessment_id = chance.id()
        self._heads.add(
            assessment_id, resident.id, None, form.id, form.version, "signed" if signed else "draft", at, assessor,
            signed, assessor if signed else None,
        )  # fmt: skip
        values = self._values(form, said, resident, at)
        questions = [q for q in asked_questions(form, values) if q.id in values]
        if not signed:
            questions = questions[: len(questions) // 2]
        for place, question in enumerate(questions):
            moment = min(later(at, place), signed or self._now)
            value = as_json(values[question.id])
            before = self._told.get(resident.id, {}).get(question.id) if question.carry else None
            if before is not None:  # A1: confirmed, it is still as it was said
                self._answers.add(assessment_id, question.id, value, "confirmed", *before[1:])
                continue
            told = ("carer", resident.carer) if resident.carer and chance.happens(0.12) else ("person", "")
            self._answers.add(assessment_id, question.id, value, "asked", moment, assessor, None, *told)
            if signed:
                said_before = (values[question.id], moment, assessor, assessment_id, *told)
                self._told.setdefault(resident.id, {})[question.id] = said_before
        return assessment_id

    def _values(self, form: Form, said: Answers, resident: Resident, at: datetime) -> dict[str, AnswerValue]:
        values: dict[str, AnswerValue] = {}
        known = self._told.get(resident.id, {})
        for question in form.questions():
            if question.carry and question.id in known:
                values[question.id] = known[question.id][0]
                continue
            if question.id not in said or not (question.required or self._chance.happens(0.7)):
                continue
            values[question.id] = self._said(question, self._chance.one_of(said[question.id]), resident, at)
        if "has_carer" in values:
            values["has_carer"] = bool(resident.carer)
        if values.get("home_suits") == ["nothing"]:
            values.pop("home_more", None)
        return values

    def _said(self, question: Question, value: Any, resident: Resident, at: datetime) -> Any:
        if question.type == "date":
            return (local_date(at) + timedelta(days=int(value.split()[1]))).isoformat()
        if isinstance(value, str) and "{" in value:
            return filled(value, resident)
        return value


def filled(words: str, resident: Resident) -> str:
    """Words with the person's and the carer's name in them."""
    text = words.format(given=resident.called, carer=resident.carer or "a neighbour")
    return text[:1].upper() + text[1:]
