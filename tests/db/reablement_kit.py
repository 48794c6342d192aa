"""Reablement for tests: people with an episode, signed scores, providers. What no service writes goes in as owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from coordination.reablement.model import (
    Episode,
    EpisodeDraft,
    EpisodeId,
    OfferId,
    PackageDraft,
    PackageId,
    ProviderId,
)
from coordination.reablement.rules import latest_standard_end
from coordination.values import AssessmentId, PersonId, TeamId, new_id
from tests.care_kit import answer_all, signed_conversation
from tests.database import CentreDb, SignedIn
from tests.db.deployment_kit import Kit

PACKAGE = "Wash and dress, breakfast, medication from a blister pack"


@dataclass
class Ward:
    """A lead (tess) at her desk, an assessor, and people."""

    db: CentreDb

    def __post_init__(self) -> None:
        self.kit = Kit(self.db)
        self.tess, self.asa = self.db.sign_in("tess.lead"), self.db.sign_in("asa.assessor")
        self.team = self.kit.team()
        self.today = self.sql("select (now() at time zone 'Europe/London')::date")[0][0]

    def sql(self, statement: str, **values: Any) -> Any:
        with self.db.owner.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.all() if result.returns_rows else None

    def day(self, number: int) -> date:
        return self.today + timedelta(days=number)

    def complex_team(self) -> TeamId:
        found = self.sql(
            "insert into team (name, service) values ('City complex test team', 'complex_reablement')"
            " on conflict (name) do update set service = excluded.service returning id"
        )
        return TeamId(found[0][0])

    def draft(self, person: PersonId, began: int = -3, **more: Any) -> EpisodeDraft:
        start = self.day(began)
        wanted = {"team_id": self.team, "planned_end": latest_standard_end(start), **more}
        return EpisodeDraft(EpisodeId(new_id()), person, started_on=start, **wanted)

    def begin(
        self, person: PersonId | None = None, began: int = -3, desk: SignedIn | None = None, **more: Any
    ) -> Episode:
        who = person or self.kit.person()
        return (desk or self.tess).services.reablement.start(self.draft(who, began, **more))

    def provider(self, name: str = "Harbour Home Care") -> ProviderId:
        found = self.sql("insert into care_provider (name, invented) values (:n, true) returning id", n=name)
        return ProviderId(found[0][0])

    def sign(self, person: PersonId, form: str, **wanted: Any) -> AssessmentId:
        services = self.asa.services
        if form == "reablement-start":
            signed_conversation(services, person)
        sheet = answer_all(services, services.assessment.start(person, form), **wanted)
        return services.assessment.sign(sheet.assessment.id, sheet.revision).assessment.id

    def signed(self, person: PersonId, form: str) -> AssessmentId:
        """A signed assessment without answers, put there past its triggers and linked to the episode that is open."""
        made, side = AssessmentId(new_id()), "end" if form.endswith("end") else "start"
        with self.db.owner.begin() as connection:
            connection.execute(text("set local session_replication_role = replica"))
            connection.execute(
                text(
                    "insert into assessment (id, person_id, form_id, form_version, state, signed_at, signed_by)"
                    " select :i, :p, :f, max(version), 'signed', now(), 'asa.assessor' from form where id = :f"
                ),
                {"i": made, "p": person, "f": form},
            )
        self.sql(
            f"update reablement_episode set {side}_assessment_id = :i, revision = revision + 1"
            " where person_id = :p and ended_on is null",
            i=made, p=person,
        )  # fmt: skip
        return made

    def package(self, episode: Episode, **more: Any) -> PackageDraft:
        draft = PackageDraft(PackageId(new_id()), **{"minutes_a_week": 840, "calls_a_day": 3, "tasks": PACKAGE, **more})
        self.tess.services.reablement.put_package(episode.id, draft)
        return draft

    def offer(self, episode: Episode, package: PackageDraft, provider: ProviderId) -> OfferId:
        offer = OfferId(new_id())
        self.tess.services.reablement.offer(episode.id, offer, package.id, provider)
        return offer

    def visits(self, person: PersonId, first: date, days: int, minutes: int = 30) -> None:
        self.sql(
            "insert into visit (id, person_id, team_id, day, arrive, minutes, need, state)"
            " select uuidv7(), :p, :t, d, tstzrange((d + time '08:00') at time zone 'Europe/London',"
            " (d + time '09:00') at time zone 'Europe/London'), :m, 'Help to wash', 'planned'"
            " from generate_series(cast(:f as date), cast(:f as date) + :n - 1, interval '1 day') g(s),"
            " lateral (select g.s::date as d) x",
            p=person, t=self.team, m=minutes, f=first, n=days,
        )  # fmt: skip
