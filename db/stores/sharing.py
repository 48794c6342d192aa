"""Sharing: rows <-> records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, insert

from coordination.people.sharing import Agreement, PreviewRow, Sharing, SharingDraft, TeamName
from coordination.values import PersonId, TeamId, UserName
from db.stores.people_rows import moment
from db.tables.glass import sharing_agreement

_SHARING = text("""
select p.id, p.sharing_level,
       array(select s.team_id from person_sharing s where s.person_id = p.id order by s.team_id) as teams,
       (select coalesce(jsonb_agg(to_jsonb(a) || jsonb_build_object('by_name', coalesce(u.display_name, a.recorded_by))
                                  order by a.recorded_at desc, a.id desc), '[]')
        from sharing_agreement a left join user_account u on u.user_name = a.recorded_by
        where a.person_id = p.id) as history,
       (select jsonb_agg(jsonb_build_array(t.id, t.name, coalesce(t.locality, '')) order by t.name)
        from team t) as all_teams
from person p where p.id = kept_person(:person)
""")
_PREVIEW = text("select * from sharing_preview(kept_person(:person), :team, :role, :named)").bindparams(
    bindparam("named", type_=ARRAY(Integer))
)


class PgSharingStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sharing(self, person: PersonId) -> Sharing | None:
        row: Any = self._connection.execute(_SHARING, {"person": person}).one_or_none()
        if row is None:
            return None
        teams = tuple(TeamName(TeamId(key), name, locality) for key, name, locality in row.all_teams or ())
        history = tuple(_agreement(found) for found in row.history)
        return Sharing(PersonId(row.id), row.sharing_level, _teams(row.teams), history, teams)

    def agree(self, agreement: UUID, person: PersonId, follows: UUID | None, draft: SharingDraft) -> bool:
        return self._put(
            agreement, person, follows, level=draft.level, teams=list(draft.teams), agreed_on=draft.agreed_on,
            how=draft.how, authority=draft.authority, representative=draft.representative, reason=draft.reason,
        )  # fmt: skip

    def take_back(self, agreement: UUID, person: PersonId, which: UUID) -> None:
        # The level that comes back is the database's to say.
        self._put(agreement, person, which, level="everything", how="taken_back", takes_back=which)

    def _put(self, agreement: UUID, person: PersonId, follows: UUID | None, **values: Any) -> bool:
        row = {"id": agreement, "person_id": person, "follows": follows, **values}
        if self._is_there(agreement):
            return False
        return self._connection.execute(insert(sharing_agreement).values(row)).rowcount == 1

    def _is_there(self, agreement: UUID) -> bool:
        query = text("select exists (select 1 from sharing_agreement where id = :id)")
        return bool(self._connection.execute(query, {"id": agreement}).scalar_one())

    def preview(self, person: PersonId, team: TeamId | None, role: str, named: Sequence[TeamId]) -> list[PreviewRow]:
        rows = self._connection.execute(
            _PREVIEW, {"person": person, "team": team, "role": role, "named": list(named)}
        )  # fmt: skip
        return [PreviewRow(r.tab, r.there, r.as_it_is, r.everything, r.summary, r.named_teams) for r in rows]


def _teams(found: Sequence[int] | None) -> tuple[TeamId, ...]:
    return tuple(TeamId(team) for team in found or ())


def _agreement(a: dict[str, Any]) -> Agreement:
    return Agreement(
        UUID(a["id"]), a["level"], _teams(a["teams"]), a["was_level"], _teams(a["was_teams"]),
        date.fromisoformat(a["agreed_on"]), a["how"], a["authority"], a["representative"], a["reason"],
        UUID(a["takes_back"]) if a["takes_back"] else None, a["gained"], moment(a["recorded_at"]),
        UserName(a["recorded_by"]), a["by_name"],
    )  # fmt: skip
