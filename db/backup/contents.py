"""What a database holds, in figures that can be held against those of another one, and who may sign in to it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from coordination.errors import NotFound

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Login:
    """One who may sign in. The verifier (SCRAM) tells no password; empty where it could not be read."""

    name: str
    verifier: str
    active: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableFigures:
    """Rows, and a digest of them whatever their order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands before the data in a backup. ``tables`` by schema and name, views and sequences left out."""

    schema: str
    taken_at: datetime
    logins: tuple[Login, ...]
    tables: dict[str, TableFigures]

    def as_json(self) -> bytes:
        content = {"format": FORMAT, **asdict(self), "taken_at": self.taken_at.isoformat()}
        return json.dumps(content).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Raises ValueError, KeyError or TypeError for anything else."""
        try:
            read: dict[str, Any] = json.loads(text)
        except RecursionError:
            raise ValueError("another format") from None
        if read["format"] != FORMAT or not isinstance(read["tables"], dict):
            raise ValueError("another format")
        logins = tuple(Login(e["name"], e["verifier"], e["active"], tuple(e["roles"])) for e in read["logins"])
        tables = {name: TableFigures(**figures) for name, figures in read["tables"].items()}
        return cls(read["schema"], datetime.fromisoformat(read["taken_at"]), logins, tables)


@dataclass(frozen=True, slots=True)
class Difference:
    """A table that is not as the backup says. Rows: None where the table is not there."""

    table: str
    expected: int
    found: int | None


def manifest(connection: psycopg.Connection[Any]) -> Manifest:
    """Of the snapshot that ``connection`` has. Reads every row. Raises NotFound for a database without our schema."""
    row = connection.execute("select version_num, now() from alembic_version").fetchone()
    if row is None:
        raise NotFound("alembic_version", "")
    return Manifest(row[0], row[1], _logins(connection), figures(connection))


def figures(connection: psycopg.Connection[Any]) -> dict[str, TableFigures]:
    """Of every table, with one pass over each."""
    names = connection.execute(
        "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname in ('public', 'audit') order by 1, 2"
    ).fetchall()
    found = {}
    for schema, name in names:
        # Sums of two halves of a digest: the order of rows, which a restore does not keep, makes no difference.
        query = sql.SQL(
            "select count(*), coalesce(sum(('x' || left(d, 15))::bit(60)::bigint), 0),"
            " coalesce(sum(('x' || substr(d, 17, 15))::bit(60)::bigint), 0)"
            " from (select md5(t::text) as d from {} t) x"
        ).format(sql.Identifier(schema, name))
        rows, left, right = connection.execute(query).fetchone() or (0, 0, 0)
        found[f"{schema}.{name}"] = TableFigures(rows, f"{int(left):x}-{int(right):x}")
    return found


def differences(expected: Manifest, found: dict[str, TableFigures]) -> tuple[Difference, ...]:
    """Tables whose rows are not those of the backup."""
    return tuple(
        Difference(name, figures.rows, found[name].rows if name in found else None)
        for name, figures in expected.tables.items()
        if found.get(name) != figures
    )


def _logins(connection: psycopg.Connection[Any]) -> tuple[Login, ...]:
    """Verifiers are empty where the owner is no superuser and may not read them."""
    may = (connection.execute("select has_table_privilege('pg_authid', 'select')").fetchone() or (False,))[0]
    where, verifier = ("pg_authid", "coalesce(a.rolpassword, '')") if may else ("pg_roles", "''")
    rows = connection.execute(
        sql.SQL(
            "select a.rolname, {}, a.rolcanlogin,"
            " coalesce((select array_agg(g.rolname order by g.rolname) from pg_auth_members m"
            "           join pg_roles g on g.oid = m.roleid where m.member = a.oid), '{{}}')"
            " from {} a join user_account u on u.user_name = a.rolname order by 1"
        ).format(sql.SQL(verifier), sql.SQL(where))
    )
    return tuple(Login(name, verifier, active, tuple(roles)) for name, verifier, active, roles in rows)
