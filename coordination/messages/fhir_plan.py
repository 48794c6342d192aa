"""A care plan as FHIR R4: Patient, CareTeam, needs as Conditions, Goals, CarePlan, QuestionnaireResponses in a Bundle.

``bundle(copy)`` gives JSON that the models of ``fhir.resources`` have read (R4B, which has these resources unchanged
from R4) before anybody gets it. What is said is what a copy of the plan says (C3); ids are the record's own, so that a
second export names the same things.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from coordination.assessment.external import ExternalScore
from coordination.assessment.model import Answer, AssessmentSheet, Question
from coordination.assessment.rules import asked
from coordination.careplan.copies import PlanCopy
from coordination.careplan.rows import Agreement, Contingency, Outcome, PlanAction, PlanEquipment
from coordination.clock import local_date

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
OURS = "urn:coordination-centre"
_NAMES = UUID("5d0c7c0e-6f0a-4f2e-9a53-5d1f1c1b8a11")
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
_ACHIEVEMENT = "http://terminology.hl7.org/CodeSystem/goal-achievement"
_GENDERS = {"female": "female", "male": "male", "other": "other", "not_known": "unknown"}
_PLAN = {"draft": "draft", "active": "active", "ended": "completed"}
_TEAM = {"draft": "proposed", "active": "active", "ended": "inactive"}
_GOAL = {"draft": "proposed", "active": "active", "ended": "completed"}
_ACTIVITY = {"to_do": "not-started", "under_way": "in-progress", "done": "completed", "dropped": "cancelled"}

Resource = dict[str, Any]


def bundle(copy: PlanCopy) -> str:
    """JSON of the Bundle. Raises pydantic's ValidationError when it is not valid FHIR, which is our mistake."""
    from fhir.resources.R4B.bundle import Bundle

    return str(Bundle.model_validate(as_dict(copy)).model_dump_json(indent=2))


def as_dict(copy: PlanCopy) -> Resource:
    """The same before it is checked."""
    resources = [_patient(copy), *_practitioners(copy), *_organizations(copy), _care_team(copy), *_conditions(copy),
                 *_goals(copy), *(_response(copy, sheet) for sheet in copy.assessments), _care_plan(copy)]  # fmt: skip
    return {
        "resourceType": "Bundle",
        "id": str(uuid5(_NAMES, f"bundle {copy.plan.id} {copy.made_at.isoformat()}")),
        "type": "collection",
        "timestamp": _instant(copy.made_at),
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
    }


# who


def _patient(copy: PlanCopy) -> Resource:
    fields = copy.record.person.fields
    given = fields.given.split()
    telecom = [{"system": "phone", "value": number} for number in (fields.phone, fields.other_phone) if number]
    found: Resource = {
        "resourceType": "Patient",
        "id": str(copy.record.person.id),
        "identifier": [{"system": NHS_NUMBER, "value": fields.nhs_number.digits}] if fields.nhs_number else None,
        "name": [_bare(use="official", family=fields.surname, given=given, prefix=_some(fields.title))],
        "telecom": telecom,
        "gender": _GENDERS[fields.gender],
        "birthDate": fields.birth_date.isoformat() if fields.birth_date else None,
        "deceasedDateTime": fields.deceased_on.isoformat() if fields.deceased_on else None,
        "communication": [{"language": {"text": fields.language}}] if fields.language else None,
    }
    place = _bare(
        line=[line for line in fields.address.splitlines() if line.strip()], postalCode=_text(fields.postcode)
    )
    return _bare(**found, address=[place] if place else None)


def _practitioners(copy: PlanCopy) -> Iterator[Resource]:
    names: dict[str, str] = {}
    if copy.content.lead_worker is not None:
        names[copy.content.lead_worker] = copy.content.lead_worker_name
    for sheet in copy.assessments:
        if sheet.assessment.signed_by is not None:
            names[sheet.assessment.signed_by] = sheet.assessment.signed_by_name
    for user, name in names.items():
        yield {"resourceType": "Practitioner", "id": _id("practitioner", user), "name": [{"text": name or user}]}


def _organizations(copy: PlanCopy) -> Iterator[Resource]:
    for team in copy.content.teams:
        phone = copy.phones.get(team.id)
        yield _bare(
            resourceType="Organization",
            id=_id("team", str(team.id)),
            name=team.name,
            telecom=[{"system": "phone", "value": phone}] if phone else None,
        )


def _care_team(copy: PlanCopy) -> Resource:
    members: list[Resource] = [{"member": _to(_id("team", str(team.id)))} for team in copy.content.teams]
    if copy.content.lead_worker is not None:
        lead = _to(_id("practitioner", copy.content.lead_worker))
        members = [{"role": [{"text": "Lead worker"}], "member": lead}, *members]
    return _bare(
        resourceType="CareTeam",
        id=_id("care team", str(copy.plan.id)),
        status=_TEAM[copy.plan.state],
        name="Everybody on the plan",
        subject=_person(copy),
        participant=members,
    )


# what


def _conditions(copy: PlanCopy) -> Iterator[Resource]:
    for need in copy.content.needs:
        yield {
            "resourceType": "Condition",
            "id": str(need.id),
            "clinicalStatus": {"coding": [{"system": _CLINICAL, "code": "active"}]},
            "category": [{"coding": [{"system": _CATEGORY, "code": "problem-list-item"}]}],
            "code": {"text": need.words},
            "subject": _person(copy),
        }


def _goals(copy: PlanCopy) -> Iterator[Resource]:
    for goal in copy.content.outcomes:
        yield _bare(
            resourceType="Goal",
            id=str(goal.id),
            lifecycleStatus=_GOAL[copy.plan.state],
            achievementStatus={"coding": [{"system": _ACHIEVEMENT, "code": "in-progress"}]},
            priority={"text": f"Importance to the person: {goal.importance} of 10"} if goal.importance else None,
            description={"text": goal.words},
            subject=_person(copy),
            addresses=[_to(str(goal.need))] if _has_need(copy, goal) else None,
        )


def _has_need(copy: PlanCopy, goal: Outcome) -> bool:
    return goal.need in {need.id for need in copy.content.needs}


def _care_plan(copy: PlanCopy) -> Resource:
    plan, content = copy.plan, copy.content
    begun = plan.activated_at or plan.created_at
    period = _bare(start=local_date(begun).isoformat(), end=_day(local_date(plan.ended_at) if plan.ended_at else None))
    return _bare(
        resourceType="CarePlan",
        id=str(plan.id),
        meta={"versionId": str(copy.version.number)} if copy.version else None,
        identifier=[{"system": f"{OURS}:care-plan", "value": str(plan.id)}],
        status=_PLAN[plan.state],
        intent="plan",
        title="Personalised care and support plan",
        description=_some_text(content.what_matters),
        subject=_person(copy),
        period=period,
        created=_instant(plan.created_at),
        author=_to(_id("practitioner", content.lead_worker)) if content.lead_worker is not None else None,
        careTeam=[_to(_id("care team", str(plan.id)))],
        addresses=[_to(str(need.id)) for need in content.needs],
        supportingInfo=[_to(str(sheet.assessment.id)) for sheet in copy.assessments],
        goal=[_to(str(goal.id)) for goal in content.outcomes],
        activity=[_activity(copy, action) for action in content.actions],
        note=[{"text": text} for text in _notes(copy)],
    )


def _activity(copy: PlanCopy, action: PlanAction) -> Resource:
    on_plan = {team.id for team in copy.content.teams}
    performer: Resource | None = None
    if action.team is not None and action.team in on_plan:
        performer = _bare(**_to(_id("team", str(action.team))), display=_some_text(action.who))
    elif action.who:
        performer = {"display": action.who}
    known = {goal.id for goal in copy.content.outcomes}
    detail = _bare(
        status=_ACTIVITY[action.state],
        description=action.what,
        goal=[_to(str(action.outcome))] if action.outcome in known else None,
        performer=[performer] if performer else None,
        scheduledPeriod={"end": action.due_on.isoformat()} if action.due_on else None,
    )
    said = [
        f"The person's confidence that it will come about: {action.confidence} of 10" if action.confidence else "",
        f"To be looked at again on {action.review_on.isoformat()}" if action.review_on else "",
    ]
    return _bare(detail=detail, progress=[{"text": words} for words in said if words])


def _notes(copy: PlanCopy) -> Iterator[str]:
    """What a CarePlan has no place for, each with its heading."""
    content = copy.content
    for heading, words in (
        ("Strengths", content.strengths),
        ("Carers' part", content.carers_part),
        ("Self-care", content.self_care),
        ("Funding", content.funding),
        ("Planned review", content.review_on.isoformat() if content.review_on else ""),
    ):
        if words.strip():
            yield f"{heading}: {words}"
    yield from (_contingency(one) for one in content.contingencies)
    yield from (_equipment(one) for one in content.equipment)
    yield from (_agreement(one) for one in content.agreements)


def _contingency(one: Contingency) -> str:
    return " ".join(
        part
        for part in (
            f"If things go wrong: {one.sign}",
            f"To do: {one.what_to_do}" if one.what_to_do else "",
            f"To call: {one.whom_to_call}" if one.whom_to_call else "",
        )
        if part
    )


def _equipment(one: PlanEquipment) -> str:
    return ", ".join(part for part in (f"Equipment: {one.what}", one.from_whom, one.state) if part)


def _agreement(one: Agreement) -> str:
    who = " ".join(part for part in (one.party, one.name) if part)
    if not one.agreed:
        return f"Not agreed ({who}): {one.why_not}"
    return ", ".join(part for part in (f"Agreed ({who})", _day(one.agreed_on) or "", one.how) if part)


# what was said


def _response(copy: PlanCopy, sheet: AssessmentSheet) -> Resource:
    """The answers of a signed assessment, section by section, those alone that were asked."""
    head = sheet.assessment
    items = []
    for part in asked(sheet.form, sheet.values):
        answered = [_item(q, sheet.answers[q.id]) for q in part.questions if q.id in sheet.values]
        if answered:
            items.append({"linkId": part.section.id, "text": part.section.title, "item": answered})
    return _bare(
        resourceType="QuestionnaireResponse",
        id=str(head.id),
        questionnaire=f"{OURS}:form:{head.form.id}|{head.form.version}",
        status="amended" if head.corrects is not None else "completed",
        subject=_person(copy),
        authored=_instant(head.signed_at) if head.signed_at else None,
        author=_to(_id("practitioner", head.signed_by)) if head.signed_by is not None else None,
        item=items,
    )


def _item(question: Question, answer: Answer) -> Resource:
    return {"linkId": question.id, "text": question.text, "answer": list(_values(question, answer))}


def _values(question: Question, answer: Answer) -> Iterator[Resource]:
    match answer.value:
        case bool() as said:
            yield {"valueBoolean": said}
        case int() as number:
            yield {"valueInteger": number}
        case float() as number:
            yield {"valueDecimal": number}
        case date() as day:
            yield {"valueDate": day.isoformat()}
        case tuple() as chosen:
            yield from (_coding(question, value) for value in chosen)
        case ExternalScore() as score:
            yield {"valueString": _score(score)}
        case str() as text if question.options:
            yield _coding(question, text)
        case str() as text:
            yield {"valueString": text}


def _coding(question: Question, value: str) -> Resource:
    option = question.option(value)
    return {"valueCoding": {"code": value, "display": option.label if option else value}}


def _score(score: ExternalScore) -> str:
    parts = (
        f"{name.replace('_', ' ')}: {value}"
        for name in score.__slots__
        if (value := getattr(score, name)) not in (None, "")
    )
    return "; ".join(parts)


# small things


def _person(copy: PlanCopy) -> Resource:
    return _to(str(copy.record.person.id))


def _to(resource: str) -> Resource:
    return {"reference": f"urn:uuid:{resource}"}


def _id(kind: str, key: str) -> str:
    """Of what has no UUID of its own on the record: the same each time."""
    return str(uuid5(_NAMES, f"{kind} {key}"))


def _bare(**parts: Any) -> Resource:
    """Without what is empty: FHIR has no empty elements."""
    return {name: value for name, value in parts.items() if value not in (None, "", [], {})}


def _some(text: str) -> list[str] | None:
    return [text] if text.strip() else None


def _some_text(text: str) -> str | None:
    return text if text.strip() else None


def _text(value: object) -> str | None:
    return str(value) if value else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
