"""Every kind of row × every role, tried for real in a training city (who_may.txt)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.database import CentreDb
from tests.db.access_kit import NOTHING_HERE, ROLES, become, prober, row_of_each, tried, who_may


def each_role_keeps_to_its_lines(city: CentreDb) -> list[str]:
    """What is otherwise than written down, in words. Empty: nothing. Called where a city is loaded anyway."""
    wrong: list[str] = []
    with prober(city) as connection:
        rows = row_of_each(city)
        for letter, role in ROLES.items():
            become(city, role)
            problems = [*_reading(connection, letter, rows), *_writing(connection, letter, rows)]
            wrong += [f"{role} {problem}" for problem in problems]
    return wrong


def _reading(connection: Any, letter: str, rows: dict[str, Any]) -> Iterator[str]:
    may = {table: doing["reads"] for table, doing in who_may().items() if doing["reads"] != "-"}
    seen = " union all ".join(f"select '{t}', exists (select 1 from {t})" for t in may)
    for table, any_ in connection.execute(seen).fetchall():
        if any_ and letter not in may[table]:
            yield f"reads {table}"
        if not any_ and letter in may[table] and table in rows and (table, letter) not in NOTHING_HERE:
            yield f"reads nothing of {table}"


def _writing(connection: Any, letter: str, rows: dict[str, Any]) -> Iterator[str]:
    """Who may not is stopped by a policy or a missing grant; who may is not stopped by the policy of roles."""
    asked = []
    for table, doing in who_may().items():
        row, columns = rows.get(table, ({}, ()))
        if letter not in doing["removes"]:
            asked.append({"name": f"{table}.removes", "try": f"delete from {table}"})
        if columns and letter not in doing["changes"]:
            asked.append({"name": f"{table}.changes", "try": f"update {table} set {columns[0]} = {columns[0]}"})
        if columns:
            names = ", ".join(columns)
            put = f"insert into {table} ({names}) overriding system value select {names}"
            put += f" from jsonb_populate_record(null::{table}, $1)"
            asked.append({"name": f"{table}.adds", "try": put, "row": row})
    for name, came in tried(connection, asked).items():
        table, doing = name.split(".")
        allowed = letter in who_may()[table][doing]
        if doing == "adds" and not allowed and came in ("rows", "no rows", "failed"):
            yield f"{doing} to {table}: {came}"
        if doing != "adds" and came == "rows":
            yield f"{doing} {table}"
        if allowed and came == "role_adds":
            yield f"may not add to {table}"
