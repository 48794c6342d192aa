"""What the plan of a statement tells a login of rows that it may not see (docs/decisions/kept-back.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import psycopg
from sqlalchemy import text

from coordination.training.users import training_password
from db.engine import connect
from tests.database import CentreDb

OF_EACH_ROLE = (
    "select distinct on (role) user_name from user_account where active and training order by role, user_name"
)
# Views that run as the owner: the table behind each, and what of it stands in the view under the same name.
VIEWS = {
    "worker_start": ("worker", ("id",), ("lat", "lon")),
    "absence_reason": ("shift", ("id",), ("category",)),
    "worker_person_reason": ("worker_person", ("worker_id", "person_id"), ("relation", "reason")),
    "emergency_on_record": ("emergency_access", ("id",), ("by_user", "kind")),
    "inbox_found": ("inbox_item", ("id",), ("name",)),
}
SOME = 3  # columns of a table, others for each login: policies do not ask which
# These repeat what was asked, or say how long it took.
_ASKED = {"Filter", "TID Cond", "Index Cond", "Recheck Cond", "One-Time Filter"}
_TIMES = {"Planning", "Planning Time", "Execution Time", "Triggers"}
# Of these types a comparison can be made before any policy.
_COMPARED = {"text", "uuid", "date", "int4", "int8", "int2", "timestamptz", "float8", "name"}


def plans_tell(city: CentreDb) -> list[str]:
    """Of a row that a login of each role may not see, each column is guessed rightly and wrongly, by the row's place.
    Where the two plans differ in anything, who could tell what. Empty: nobody anything. For a city that is loaded."""
    secured = (
        "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname in ('public', 'audit') and c.relkind = 'r' and c.relrowsecurity order by 1"
    )
    with city.owner.connect() as owner:
        users = list(owner.execute(text(OF_EACH_ROLE)).scalars())
        tables = list(owner.execute(text(secured)).scalars())
    found = []
    with _one_in_ten_keeps_something_back(city):
        for user in users:
            with connect(city.where(user), training_password(user), autocommit=True) as login:
                login.execute("set enable_seqscan = off")  # by its place, and no other row looked at
                for table in tables:
                    found += [f"{user} {told}" for told in _of_table(city, login, table)]
                for view in VIEWS:
                    found += [f"{user} {told}" for told in _of_view(city, login, view)]
    return found


@contextmanager
def _one_in_ten_keeps_something_back(city: CentreDb) -> Iterator[None]:
    """For as long as it lasts, and nothing of it is noted."""
    change = "update person set sharing_level = :level where id = :id"
    with city.owner.begin() as owner:
        tenth = "limit (select count(*) / 10 from person)"
        some = f"select id, sharing_level as level from person order by md5(id::text) {tenth}"
        were = [dict(row) for row in owner.execute(text(some)).mappings()]
        owner.execute(text("set local session_replication_role = replica"))
        levels = ("named_teams", "summary")
        owner.execute(text(change), [{**row, "level": levels[n % 2]} for n, row in enumerate(were)])
        owner.execute(text("select mark_all()"))
    yield
    with city.owner.begin() as owner:
        owner.execute(text("set local session_replication_role = replica"))
        owner.execute(text(change), were)
        owner.execute(text("select mark_all()"))


def _of_table(city: CentreDb, login: Any, table: str) -> Iterator[str]:
    if not _may(login, table, "select"):
        return
    seen = [place for (place,) in login.execute(f"select ctid::text from {table}").fetchall()]
    unseen = f"select ctid::text as place, to_jsonb(t) from {table} t where not ctid::text = any (:seen) limit 1"
    kinds = (
        "select a.attname, t.typname, has_column_privilege(:user, a.attrelid, a.attnum, 'update') from pg_attribute a"
        " join pg_type t on t.oid = a.atttypid where a.attrelid = cast(:t as regclass) and a.attnum > 0"
        " and not a.attisdropped"
    )
    with city.owner.connect() as owner:
        row = owner.execute(text(unseen), {"seen": seen}).one_or_none()
        columns = owner.execute(text(kinds), {"t": table, "user": login.info.user}).fetchall()
    if row is None:
        return
    doing = {"select": f"select 1 from {table}"}
    if may_change := [name for name, _, may in columns if may]:
        doing["update"] = f"update {table} set {may_change[0]} = {may_change[0]}"
    if _may(login, table, "delete"):
        doing["delete"] = f"delete from {table}"
    guessed = [(name, kind) for name, kind, _ in columns if kind in _COMPARED and row[1][name] is not None]
    for n, (done, statement) in enumerate(doing.items()):
        for name, kind in _some(guessed, login.info.user)[: 1 if n else SOME]:
            if _differ(login, f"{statement} where ctid = '{row.place}' and {name}", row[1][name], kind):
                yield f"{table}.{name} by {done}"


def _some(columns: list[tuple[str, str]], user: str) -> list[tuple[str, str]]:
    """Beginning with others for each login."""
    return sorted(columns, key=lambda column: crc32(f"{user} {column[0]}".encode()))


def _of_view(city: CentreDb, login: Any, view: str) -> Iterator[str]:
    table, key, columns = VIEWS[view]
    if not _may(login, view, "select"):
        return
    keys = ", ".join(key)
    seen = [json.dumps(row, default=str) for row in login.execute(f"select {keys} from {view}").fetchall()]
    with city.owner.connect() as owner:
        rows = owner.execute(text(f"select {keys}, {', '.join(columns)} from {table}")).fetchall()
    for row in rows:
        if json.dumps(list(row[: len(key)]), default=str) in seen:
            continue
        by_key = " and ".join(f"{name} = {_literal(value)}" for name, value in zip(key, row, strict=False))
        for name, value in zip(columns, row[len(key) :], strict=True):
            kind = "float8" if isinstance(value, float) else "text"
            if value is not None and _differ(login, f"select 1 from {view} where {by_key} and {name}", value, kind):
                yield f"{view}.{name}"
        return


def _may(login: Any, table: str, doing: str) -> bool:
    return bool(login.execute("select has_table_privilege(%s, %s)", [table, doing]).fetchone()[0])


def _differ(login: Any, until: str, value: Any, kind: str) -> bool:
    """Whether the plan of a right guess and of a wrong one do; what is asked for the first time reads more."""
    guesses = [f"{until} {sign} {_literal(value)}{'' if kind == 'text' else '::' + kind}" for sign in ("=", "<>")]
    return all(_plan(login, guesses[0]) != _plan(login, guesses[1]) for _ in range(3))


def _literal(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _plan(login: Any, statement: str) -> str:
    try:
        told = login.execute(f"explain (analyze, format json, costs off, timing off, buffers) {statement}").fetchone()[
            0
        ]
    except psycopg.Error as error:
        return str(error.sqlstate)
    return json.dumps(_bare(told[0]), sort_keys=True)


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items() if key not in _ASKED | _TIMES}
    return [_bare(part) for part in node] if isinstance(node, list) else node
