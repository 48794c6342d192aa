"""Rows and JSON of the careplan area to records. In JSON, days and moments are ISO text and ids are text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from coordination.assessment.forms import from_definition
from coordination.careplan.model import Assessed, Plan, Said, Source
from coordination.careplan.rows import (
    Agreement,
    Contingency,
    Item,
    ItemKind,
    Need,
    Outcome,
    PlanAction,
    PlanEquipment,
    PlanTeam,
)
from coordination.careplan.version_model import (
    Acknowledgement,
    LeadStanding,
    PlanContent,
    PlanReview,
    VersionHead,
)
from coordination.values import AssessmentId, PersonId, PlanId, TeamId, UserName


def day(said: Any) -> date | None:
    return date.fromisoformat(said) if isinstance(said, str) else said


def a_day(said: Any) -> date:
    found = day(said)
    assert found is not None
    return found


def moment(said: Any) -> datetime:
    found: datetime = datetime.fromisoformat(said) if isinstance(said, str) else said
    return found.astimezone(UTC)


def a_moment(said: Any) -> datetime | None:
    return None if said is None else moment(said)


def key(said: Any) -> UUID:
    return said if isinstance(said, UUID) else UUID(said)


def a_key(said: Any) -> UUID | None:
    return None if said is None else key(said)


def user(said: Any) -> UserName | None:
    return None if said is None else UserName(said)


def team_id(said: Any) -> TeamId | None:
    return None if said is None else TeamId(said)


def plan_of(r: Any) -> Plan:
    """From a row of the head, or JSON of it, with ``lead_worker_name`` and ``ended_by_name``."""
    return Plan(
        PlanId(key(r["id"])),
        PersonId(key(r["person_id"])),
        None if r["assessment_id"] is None else AssessmentId(key(r["assessment_id"])),
        r["state"],
        user(r["lead_worker"]),
        r["lead_worker_name"],
        r["what_matters"],
        r["strengths"],
        r["carers_part"],
        r["self_care"],
        r["funding"],
        day(r["review_on"]),
        moment(r["created_at"]),
        UserName(r["created_by"]),
        a_moment(r["activated_at"]),
        r["revision"],
        a_moment(r["ended_at"]),
        r["ended_by_name"],
        r["end_reason"],
    )


def item_of(kind: ItemKind, r: Any) -> Item:
    """From a row with ``added_by_name``, or JSON of it."""
    return _ITEMS[kind](r)


def _common(r: Any) -> tuple[UUID, PlanId, int]:
    return key(r["id"]), PlanId(key(r["plan_id"])), r["position"]


def _added(r: Any) -> tuple[int, str, datetime | None]:
    return r["revision"], r["added_by_name"], a_moment(r["added_at"])


def _need(r: Any) -> Need:
    return Need(*_common(r), r["words"], *_added(r))


def _outcome(r: Any) -> Outcome:
    revision, name, at = _added(r)
    return Outcome(*_common(r), r["words"], revision, a_key(r["need_id"]), r["importance"], name, at)


def _action(r: Any) -> PlanAction:
    revision, name, at = _added(r)
    return PlanAction(
        key(r["id"]), PlanId(key(r["plan_id"])), PersonId(key(r["person_id"])), a_key(r["outcome_id"]), r["position"],
        r["what"], r["who"], team_id(r["team_id"]), r["team_name"], day(r["due_on"]), r["state"], revision,
        r["confidence"], day(r["review_on"]), name, at,
    )  # fmt: skip


def _contingency(r: Any) -> Contingency:
    return Contingency(*_common(r), r["sign"], r["what_to_do"], r["whom_to_call"], *_added(r))


def _equipment(r: Any) -> PlanEquipment:
    return PlanEquipment(*_common(r), r["what"], r["from_whom"], r["state"], *_added(r))


def _agreement(r: Any) -> Agreement:
    return Agreement(
        *_common(r), r["party"], r["name"], r["agreed"], day(r["agreed_on"]), r["how"], r["why_not"], *_added(r)
    )


_ITEMS: Mapping[ItemKind, Callable[[Any], Item]] = {
    "need": _need,
    "outcome": _outcome,
    "action": _action,
    "contingency": _contingency,
    "equipment": _equipment,
    "agreement": _agreement,
}


def content_of(plan: PlanId, person: PersonId, c: Any) -> PlanContent:
    """A frozen version from its JSON (``plan_content`` in the database)."""

    def read(kind: ItemKind, part: str, **named: str) -> tuple[Any, ...]:
        made = []
        for row in c[part]:
            whole = {"plan_id": plan, "person_id": person, "revision": 0, "added_by_name": "", "added_at": None, **row}
            whole |= {column: row.get(name) for column, name in named.items()}
            made.append(item_of(kind, whole))
        return tuple(made)

    return PlanContent(
        user(c["lead_worker"]), c["lead_worker_name"], day(c["review_on"]), c["strengths"], c["what_matters"],
        c["carers_part"], c["self_care"], c["funding"], read("need", "needs"),
        read("outcome", "outcomes", need_id="need"),
        read("action", "actions", outcome_id="outcome", team_id="team"),
        read("contingency", "contingencies"), read("equipment", "equipment"), read("agreement", "agreements"),
        tuple(PlanTeam(TeamId(t["id"]), t["name"]) for t in c["teams"]),
    )  # fmt: skip


def source_of(r: Any) -> Source:
    return Source(
        key(r["id"]), r["place"], AssessmentId(key(r["assessment_id"])), r["form_title"], r["question"],
        r["said_by_name"], moment(r["said_at"]), r["taken_by_name"], moment(r["taken_at"]),
    )  # fmt: skip


def team_of(r: Any) -> PlanTeam:
    return PlanTeam(TeamId(r["team_id"]), r["name"], r["by_hand"], r["leads"])


def acknowledgement_of(r: Any) -> Acknowledgement:
    return Acknowledgement(
        key(r["version_id"]), TeamId(r["team_id"]), r["team_name"], UserName(r["by_user"]), r["by_name"],
        moment(r["at"]),
    )  # fmt: skip


def version_of(r: Any, acknowledged: tuple[Acknowledgement, ...]) -> VersionHead:
    mine = tuple(a for a in acknowledged if a.version == key(r["id"]))
    return VersionHead(
        key(r["id"]), PlanId(key(r["plan_id"])), r["number"], moment(r["issued_at"]), UserName(r["issued_by"]),
        r["issued_by_name"], r["note"], mine,
    )  # fmt: skip


def review_of(r: Any) -> PlanReview:
    return PlanReview(
        key(r["id"]), PlanId(key(r["plan_id"])), a_day(r["held_on"]), r["with_whom"], r["came_of_it"],
        a_day(r["next_review_on"]), day(r["due_on"]), UserName(r["recorded_by"]), r["recorded_by_name"],
        moment(r["recorded_at"]),
    )  # fmt: skip


def standing_of(r: Any) -> LeadStanding:
    return LeadStanding(
        UserName(r["user_name"]), r["display_name"], r["role"], r["locality"], team_id(r["team_id"]), r["active"],
        r["away_kind"], a_moment(r["away_until"]), r["plans"], r["most"],
    )  # fmt: skip


def assessed_of(r: Any) -> Assessed:
    answers = {
        a["question"]: Said(
            tuple(a["value"]) if isinstance(a["value"], list) else a["value"], a["said_by_name"], moment(a["said_at"])
        )
        for a in r["answers"]
    }
    return Assessed(AssessmentId(key(r["id"])), from_definition(r["definition"]), answers)
