"""Use cases: who has looked at a person and why could they; what goes on the trail that no trigger sees (R4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, TypedDict
from uuid import UUID

from coordination.clock import local_date
from coordination.errors import NotFound
from coordination.governance.looked import Colleague, Emergency, ListArea, Looking, Whose, lookings, page_of
from coordination.governance.looked_by import UserLooks, user_looks
from coordination.governance.trail_notes import DoorList, Refusal
from coordination.people.model import PersonRow
from coordination.people.search import parse
from coordination.values import NhsNumber, PersonId, Postcode
from coordination.work import Begin

MOST = 3_000
"""Rows read at once about a person: some hundred days of a record that much is done with."""
MOST_OF_USER = 20_000
USUAL_OF = timedelta(days=29)
"""Before the last day of a period: the days of others by which it is said what is usual."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``since`` and ``until`` are days, both included; ``actor``: only this user; ``before``: older than this day."""

    person: UUID
    since: date
    until: date
    actor: str | None = None
    before: date | None = None


class _Narrowed(TypedDict):
    actor: str | None
    before: date | None
    limit: int


@dataclass(frozen=True)
class LookedAt:
    """Who has looked at one person. ``emergencies``: those of the period. ``more``: the day to go on
    before; None when all there is in the period has been read."""

    person: Whose = field(repr=False)
    lookings: tuple[Looking, ...]
    colleagues: dict[str, Colleague]
    teams: dict[int, str]
    emergencies: tuple[Emergency, ...] = field(repr=False, default=())
    more: date | None = None


class Looks:
    """For the information-governance lead, who alone may read the trail; noting is for everybody."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def find(self, text: str, limit: int = 30) -> list[PersonRow]:
        """People as the finder finds them; by name, date of birth or NHS number also those who share with named teams
        only. Who they are, and nothing of their care."""
        with self._begin() as work:
            query = parse(text, local_date(work.now))
            if query.is_empty:
                return []
            seen = work.people.find(query, limit)
            there = {row.id for row in seen}
            unseen = [id_ for id_ in work.looked.find_unseen(query) if id_ not in there]
            whose = work.looked.whose(unseen)
            return [*(_row(whose[id_]) for id_ in unseen if id_ in whose), *seen][:limit]

    def looked_at(self, asked: Asked) -> LookedAt:
        """R4. Asking is itself noted on the person's trail. Raises NotFound."""
        with self._begin() as work:
            store = work.looked
            person = store.whose([asked.person]).get(asked.person)
            if person is None:
                raise NotFound("people", str(asked.person))
            of = ((person.id, *person.same), asked.since, asked.until)
            narrowed: _Narrowed = {"actor": asked.actor, "before": asked.before, "limit": MOST + 1}
            found = [*store.about(*of, **narrowed), *store.lists_with(*of, **narrowed)]
            kept, more = page_of(sorted(found, key=lambda row: row.day, reverse=True), MOST)
            emergencies = tuple(store.emergency_reasons(person.id, asked.since, asked.until))
            if asked.before is None:
                work.governance.note("view", "audit_trail", str(person.id), person.id)
            return LookedAt(
                person, tuple(lookings(kept)), dict(store.colleagues()), dict(store.teams()), emergencies, more
            )

    def looked_by(self, user: str, since: date, until: date) -> UserLooks:
        """The other way round: at whom a user looked. Noted as a view of that user's trail. Raises NotFound."""
        with self._begin() as work:
            store = work.looked
            colleagues = store.colleagues()
            if user not in colleagues:
                raise NotFound("governance", user)
            rows = store.of_user(user, since, until, MOST_OF_USER + 1)
            whose = store.whose({row.person for row in rows if row.person is not None})
            others = store.people_a_day(colleagues[user].role, max(since, until - USUAL_OF), until)
            work.governance.note("view", "audit_user", user, None)
            return user_looks(
                colleagues[user], rows[:MOST_OF_USER], whose, colleagues.values(), others,
                more=len(rows) > MOST_OF_USER,
            )  # fmt: skip

    def colleagues(self) -> list[Colleague]:
        """Everybody who has an account, switched off ones too, in order of name."""
        with self._begin() as work:
            return sorted(work.looked.colleagues().values(), key=lambda c: (c.display_name, c.user_name))

    def refusals(self, since: date, until: date, limit: int = 500, of: DoorList = "refused") -> list[Refusal]:
        """What was refused, or who came and went, or looked for a hidden record: the newest first."""
        with self._begin() as work:
            return work.looked.refusals(since, until, limit, of)

    def note_people(
        self, what: Literal["view", "print", "export"], area: str, record: str, form: str, people: Collection[UUID]
    ) -> None:
        """R4: records seen, printed or exported, and whose they were. ``form``: ``paper pdf xlsx csv ics screen`` …"""
        with self._begin() as work:
            work.looked.note_people(what, area, record, form, people)

    def note_visits(
        self, what: Literal["print", "export"], area: str, record: str, form: str, visits: Collection[UUID]
    ) -> None:
        """R4: sheets, maps or calendars of visits taken out, and whose visits they were."""
        with self._begin() as work:
            work.looked.note_people(what, area, record, form, work.looked.people_of_visits(visits))

    def note_list(self, area: ListArea, team: int, day: date, worker: int | None = None) -> None:
        """R4: a list of a team's visits was in front of somebody: a ``board``, or a worker's ``paper_lines``
        (0: of nobody). One entry; whose visits stood on it is asked when it is read."""
        with self._begin() as work:
            work.looked.note_list(area, team, day, worker)

    def signed_out(self, sitting: UUID, how: str = "left") -> None:
        """The end of a sitting."""
        with self._begin() as work:
            work.looked.note_sitting("sign_out", sitting, [f"how:{how}"])


def _row(whose: Whose) -> PersonRow:
    return PersonRow(
        PersonId(whose.id), whose.title, whose.surname, whose.given, "", whose.birth_date, None, "not_known",
        NhsNumber(whose.nhs_number) if whose.nhs_number else None, whose.address,
        Postcode(whose.postcode) if whose.postcode else None, "", "", None, None,
    )  # fmt: skip
