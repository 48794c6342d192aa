"""Who is hidden from whom, said once more in plain words, and held beside what the database says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

from psycopg import sql
from sqlalchemy import text

from coordination.values import new_id
from tests.database import TEAMS, USERS, CentreDb

LEVELS = ("everything", "summary", "named_teams")
NONE_OR_BOTH = ((), tuple(TEAMS))
IN_FORCE = frozenset({"cora.coordinator", "tess.lead", "max.manager"})


@dataclass
class Somebody:
    level: str
    agreed: tuple[str, ...]  # names of teams
    opened: frozenset[str] = frozenset()  # users with emergency access in force
    kept: Somebody | None = None  # the record that this one was merged into
    id: UUID = field(default_factory=new_id)
    alert: UUID = field(default_factory=new_id)

    def kept_from(self, user: str) -> bool:
        """Neither is anything agreed with the team of this user, nor has the user emergency access."""
        return USERS[user][3] not in self.agreed and user not in self.opened

    def named_from(self, user: str) -> bool:
        return self.level == "named_teams" and self.kept_from(user)

    def hidden_from(self, user: str) -> bool:
        """A record that was merged is hidden with the one that was kept."""
        return self.named_from(user) or (self.kept is not None and self.kept.named_from(user))

    def detail_hidden_from(self, user: str) -> bool:
        return self.level != "everything" and self.kept_from(user)

    def found_by(self, user: str) -> bool:
        return self.kept is None and not self.named_from(user) and USERS[user][1] != "administrator"

    def followed_by(self, user: str) -> bool:
        """Whether the user reads what hangs on this person."""
        return not self.hidden_from(user) and USERS[user][1] not in ("administrator", "ig_lead")


def everybody() -> list[Somebody]:
    """Each level, with no team agreed, one, both; with emergency access and without; and merged into each of them."""
    agreed = (*NONE_OR_BOTH, *((name,) for name in TEAMS))
    people = [Somebody(*how) for how in product(LEVELS, agreed, (frozenset(), IN_FORCE))]
    return people + [Somebody(level, also, kept=kept) for level in LEVELS for also in NONE_OR_BOTH for kept in people]


def put_in(db: CentreDb, people: list[Somebody]) -> None:
    now = datetime.now(UTC)
    with db.owner.begin() as owner:
        owner.execute(text("set local session_replication_role = replica"))
        teams: dict[str, int] = {row.name: row.id for row in owner.execute(text("select id, name from team"))}

        def add(table: str, rows: list[dict[str, Any]]) -> None:
            owner.execute(text(f"insert into {table} ({', '.join(rows[0])}) values (:{', :'.join(rows[0])})"), rows)

        merged = [{"id": p.id, "level": p.level, "into": p.kept and p.kept.id} for p in people]
        person = "insert into person (id, surname, sharing_level, merged_into) values (:id, 'Example', :level, :into)"
        owner.execute(text(person), merged)
        add("person_sharing", [{"person_id": p.id, "team_id": teams[team]} for p in people for team in p.agreed])
        add("person_alert", [{"id": p.alert, "person_id": p.id, "kind": "allergy"} for p in people])
        how = {
            "shut": "record",
            "kind": "life_at_risk",
            "words": "Nobody opens the door.",
            "began_at": now,
            "ends_at": now + timedelta(hours=1),
        }
        add(
            "emergency_access",
            [
                {"id": new_id(), "person_id": p.id, "by_user": user, "by_role": USERS[user][1], **how}
                for p in people
                for user in p.opened
            ],
        )


def test_who_is_hidden_is_the_rule_all_at_once_and_one_by_one(centre_db: CentreDb) -> None:
    people = everybody()
    put_in(centre_db, people)
    for user in USERS:
        rule = {
            "hidden_from_me": {p.id for p in people if p.hidden_from(user)},
            "hidden_detail_from_me": {p.id for p in people if p.detail_hidden_from(user)},
            "person": {p.id for p in people if p.found_by(user)},
            "person_alert": {p.alert for p in people if p.followed_by(user)},
        }
        with centre_db.psql(user) as connection:
            for table, there in rule.items():
                of_table = sql.Identifier(table)
                ids = connection.execute(sql.SQL("select id from {}").format(of_table)).fetchall()
                assert {row[0] for row in ids} == there, (user, table)
                if user not in IN_FORCE:
                    continue
                by_id = sql.SQL("select exists (select 1 from {} t where t.id = %s)").format(of_table)
                for key in {p.alert if table == "person_alert" else p.id for p in people}:
                    assert connection.execute(by_id, [key]).fetchone() == (key in there,), (user, table)
