"""A small reablement team for tests: people, workers with shifts and skills, visits. Rows go in as the owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from coordination.clock import SystemClock, at_local, local_date
from coordination.deployment.model import VisitDraft
from coordination.values import PersonId, TeamId, VisitId, Window, WorkerId, new_id
from tests.database import CentreDb

REABLEMENT, NURSING = "North reablement test team", "North district nursing test team"


def _tuesday_to_come(today: date) -> date:
    """At least three days ahead: a board of the past takes nothing more, and clocks change on Sundays."""
    soon = today + timedelta(days=3)
    return soon + timedelta(days=(1 - soon.weekday()) % 7)


DAY = _tuesday_to_come(local_date(SystemClock().now()))


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return at_local(day, hour, minute)


@dataclass
class Kit:
    database: CentreDb

    def team(self, name: str = REABLEMENT) -> TeamId:
        with self.database.owner.begin() as c:
            return TeamId(c.execute(text("select id from team where name = :n"), {"n": name}).scalar_one())

    def skill(self, *codes: str) -> None:
        with self.database.owner.begin() as c:
            for code in codes:
                c.execute(
                    text("insert into skill values (:c, :n) on conflict do nothing"), {"c": code, "n": code.title()}
                )

    def person(self, surname: str = "Pankhurst", given: str = "Emmeline", **more: object) -> PersonId:
        row = {"id": new_id(), "surname": surname, "given": given, **more}
        with self.database.owner.begin() as c:
            names = ", ".join(row)
            values = ", ".join(f":{n}" for n in row)
            c.execute(text(f"insert into person ({names}) values ({values})"), row)
        return PersonId(row["id"])  # type: ignore[arg-type]

    def alert(self, person: PersonId, kind: str, words: str = "") -> None:
        with self.database.owner.begin() as c:
            c.execute(
                text("insert into person_alert (id, person_id, kind, words) values (:i, :p, :k, :w)"),
                {"i": new_id(), "p": person, "k": kind, "w": words},
            )

    def worker(
        self,
        name: str,
        hours: Sequence[tuple[int, int]] = ((7, 15),),
        skills: Sequence[str] = (),
        gender: str = "female",
        team: TeamId | None = None,
    ) -> WorkerId:
        with self.database.owner.begin() as c:
            made = c.execute(
                text(
                    "insert into worker (team_id, name, gender, grade, lat, lon)"
                    " values (:t, :n, :g, 'Reablement officer', 53.52, -2.22) returning id"
                ),
                {"t": team or self.team(), "n": name, "g": gender},
            ).scalar_one()
            for code in skills:
                c.execute(text("insert into worker_skill values (:w, :s, null)"), {"w": made, "s": code})
        for start, end in hours:
            self.shift(WorkerId(made), "work", at(start), at(end))
        return WorkerId(made)

    def shift(self, worker: WorkerId, kind: str, start: datetime, end: datetime) -> None:
        with self.database.owner.begin() as c:
            c.execute(
                text("insert into shift (worker_id, kind, period) values (:w, :k, tstzrange(:a, :b))"),
                {"w": worker, "k": kind, "a": start, "b": end},
            )

    def draft(
        self,
        person: PersonId,
        start: datetime | None = None,
        minutes: int = 45,
        *,
        window: int = 60,
        team: TeamId | None = None,
        as_id: UUID | None = None,
        **more: object,
    ) -> VisitDraft:
        begin = start or at(9)
        arrive = Window(begin, begin + timedelta(minutes=window))
        day = local_date(begin)
        return VisitDraft(
            VisitId(as_id or new_id()),
            person,
            team or self.team(),
            day,
            arrive,
            minutes,
            **{"need": "Washing and dressing", **more},  # type: ignore[arg-type]
        )

    def set_revision(self, visit: VisitId, revision: int) -> None:
        with self.database.owner.begin() as c:
            c.execute(text("update visit set revision = :r where id = :v"), {"r": revision, "v": visit})

    def today(self) -> date:
        """The centre's day, by the server."""
        with self.database.owner.begin() as c:
            found = c.execute(text("select (now() at time zone 'Europe/London')::date")).scalar_one()
        assert isinstance(found, date)
        return found
