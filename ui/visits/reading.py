"""From what is to be shown of visits to the records for it. Runs on a worker thread; no widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from coordination.deployment.model import Team, Visit
from coordination.deployment.patterns import Pattern
from coordination.deployment.patterns_store import ActionAsked, FromPlan, PatternRow, VisitRow
from coordination.people.record import PersonRecord
from coordination.services import Services
from coordination.values import PatternId, PersonId, VisitId
from ui import wording
from ui.visits import words
from ui.visits.form import About

VISITING = ("reablement", "complex_reablement", "district_nursing", "equipment")


@dataclass(frozen=True)
class PersonVisits:
    """One person's visits, four weeks back and six ahead; what they recur by; where the plan says otherwise."""

    record: PersonRecord
    rows: list[VisitRow]
    patterns: list[PatternRow]
    proposals: list[FromPlan]


@dataclass(frozen=True)
class Beginning:
    """What a form needs to open."""

    about: About
    teams: list[Team]
    skills: dict[str, str]


def load(services: Services, person: PersonId) -> PersonVisits:
    record = services.people.open_record(person)
    found = record.person.id
    visits = services.visits
    return PersonVisits(record, visits.rows_of(found), visits.patterns_of(found), visits.of_plans(person=found))


def choices(services: Services) -> tuple[list[Team], dict[str, str]]:
    """Teams that visit, and skills by code."""
    teams = [t for t in services.deployment.teams() if t.service in VISITING]
    return teams, services.deployment.skills()


def of_visit(services: Services, key: VisitId) -> Beginning:
    visit = services.deployment.visit(key)
    return Beginning(about_visit(visit), *choices(services))


def about_visit(visit: Visit) -> About:
    said = [f"To {visit.person.listed}."]
    if visit.modified:
        said.append("Changed by hand since it was planned.")
    return About(
        "visit", visit.person.id, visit.person.listed, visit.team_id, visit.day, visit, fresh=False,
        said=" ".join([*said, *_door(visit.person.access_notes, visit.person.communication)]),
    )  # fmt: skip


def of_pattern(services: Services, key: PatternId, name: str) -> Beginning:
    pattern = services.visits.pattern(key)
    several = len({(s.need, s.skills, s.workers_needed) for s in pattern.slots}) > 1
    said = f"At its times: {words.needs(pattern)}. What is changed here is changed at all of them." if several else ""
    about = About("pattern", pattern.person_id, name, pattern.team_id, pattern=pattern, fresh=False, said=said)
    return Beginning(about, *choices(services))


def of_action(services: Services, found: tuple[Pattern, ActionAsked], name: str) -> Beginning:
    """A pattern to begin with from an action: its words, its team, and what is known of the person."""
    pattern, asked = found
    said = ["From the care plan.", *_door(asked.access_notes, asked.communication)]
    if asked.known_workers:
        said.append(f"Known there: {wording.listing(list(asked.known_workers))}.")
    about = About("pattern", asked.person_id, name, pattern.team_id, pattern=pattern, said=" ".join(said))
    return Beginning(about, *choices(services))


def fresh(services: Services, blank: About, record: PersonRecord | None, *, tomorrow: bool) -> Beginning:
    """A new one; a pattern begins tomorrow, a visit today."""
    day = blank.day
    if tomorrow and day is not None:
        day += timedelta(days=1)
    said = ""
    if record is not None:
        fields = record.person.fields
        said = " ".join(_door(fields.access_notes, fields.communication))
    return Beginning(replace(blank, day=day, said=said), *choices(services))


def _door(access: str, communication: str) -> list[str]:
    said = [f"Access, by the record: {access.rstrip('.')}."] if access else []
    return said + ([f"Communication: {communication.rstrip('.')}."] if communication else [])
