"""The JSON of the lists on the record of a person, as records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from coordination.people.model import Alert, Around
from coordination.people.record import (
    RecordAssessment,
    RecordConcern,
    RecordContact,
    RecordNotFound,
    RecordPlan,
    RecordReferral,
    RecordStay,
    RecordVisit,
)
from coordination.values import (
    ApartmentId,
    AssessmentId,
    ContactId,
    PlanId,
    ReferralId,
    StayId,
    UserName,
    VisitId,
    Window,
)
from db.stores.people_rows import moment

T = TypeVar("T")


def every_one(rows: Sequence[Any], read_one: Callable[[Any], T]) -> tuple[T, ...]:
    return tuple(map(read_one, rows))


def day(said: Any) -> date | None:
    return date.fromisoformat(said) if isinstance(said, str) else said


def id_of(said: Any) -> UUID:
    return said if isinstance(said, UUID) else UUID(said)


def alert(r: Any) -> Alert:
    since = day(r["since"])
    assert since is not None
    return Alert(id_of(r["id"]), r["kind"], r["words"], since, day(r["until"]), r["revision"])


def person_around(r: Any) -> Around:
    return Around(id_of(r["id"]), r["name"], r["relation"], r["phone"], r["is_carer"], r["revision"], day(r["until"]))


def referral(r: Any) -> RecordReferral:
    return RecordReferral(
        ReferralId(id_of(r["id"])), r["number"], r["service"], r["service_name"], r["urgency"], r["state"], r["need"],
        moment(r["received_at"]), moment(r["due_at"]), r["display_name"],
    )  # fmt: skip


def contact(r: Any) -> RecordContact:
    return RecordContact(
        ContactId(id_of(r["id"])), r["channel"], moment(r["received_at"]), r["caller_name"], r["caller_relation"],
        r["need"], r["ending"], r["ending_reason"],
    )  # fmt: skip


def concern(r: Any) -> RecordConcern:
    owner = r["display_name"] or r["owner"]
    return RecordConcern(id_of(r["id"]), r["number"], owner, moment(r["owner_since"]))


def case(r: Any) -> RecordNotFound:
    return RecordNotFound(id_of(r["id"]), moment(r["since"]), r["name"], r["display_name"] or r["owner"] or "")


def visit(r: Any) -> RecordVisit:
    arrive = Window(moment(r["start"]), moment(r["end"]))
    return RecordVisit(
        VisitId(id_of(r["id"])), arrive, r["minutes"], r["name"], r["need"], r["state"], tuple(r["who"] or ())
    )


def stay(r: Any) -> RecordStay:
    start, end = day(r["start"]), day(r["end"])
    assert start is not None and end is not None
    key, place = StayId(id_of(r["id"])), ApartmentId(r["apartment_id"])
    return RecordStay(key, place, r["name"], r["scheme"], start, end, r["state"])


def plan_of(r: Any) -> RecordPlan:
    lead = UserName(r["lead_worker"]) if r["lead_worker"] else None
    review = day(r["review_on"])
    return RecordPlan(PlanId(id_of(r["id"])), r["state"], lead, r["display_name"], review, r["outcomes"], r["actions"])


def assessment(r: Any) -> RecordAssessment:
    signed = moment(r["signed_at"]) if r["signed_at"] else None
    starter = r["starter"] or r["started_by"]
    return RecordAssessment(
        AssessmentId(id_of(r["id"])), r["title"], r["state"], moment(r["started_at"]), starter, signed, r["signer"]
    )
