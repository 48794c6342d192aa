"""Registers into the database: practices, postcodes, ward outlines. An administrator's rights suffice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, TypeVar

from psycopg import Connection

from coordination.reference.changes import (
    Changes,
    StoredOutline,
    StoredPostcode,
    StoredPractice,
    outline_changes,
    postcode_changes,
    practice_changes,
)
from coordination.reference.model import ImportSummary, Register
from coordination.reference.outlines import Locator
from db.errors import domain_errors

# Two imports at once would each take the other's rows for missing.
_LOCK = 0x52454749
T = TypeVar("T")


def apply_import(
    connection: Connection[Any], register: Register, file_name: str, content: bytes, *, part: bool = False
) -> ImportSummary:
    """Write what the register changes, and note the import. The caller commits: all of it or nothing.

    ``part``: the file is a part of the register, so that what it lacks has not gone. Raises WrongFile when the file
    does not fit what is stored, NotAllowed without the rights of an administrator.
    """
    with domain_errors():
        connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        changes = _APPLY[register.kind](connection, register, part)
        summary = ImportSummary(
            register.kind,
            len(changes.added),
            len(changes.changed),
            len(changes.retired),
            changes.unchanged,
            register.refused,
            changes.passed_over,
            (*register.findings, *changes.findings),
        )
        connection.execute(
            "insert into reference_import (kind, file_name, sha256, added, changed, retired, unchanged, refused)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                summary.kind, file_name[-200:], hashlib.sha256(content).digest(), summary.added, summary.changed,
                summary.retired, summary.unchanged, summary.refused,
            ),
        )  # fmt: skip
    return summary


def _practices(connection: Connection[Any], register: Register, part: bool) -> Changes:
    stored = {
        row[0]: StoredPractice(*row)
        for row in connection.execute(
            "select code, name, address, postcode, phone, neighbourhood_id, active, opened_on, closed_on"
            " from practice where not invented"
        )
    }
    places = dict(
        connection.execute(
            "select postcode, neighbourhood_id from postcode join ward on ward.code = ward_code"
        ).fetchall()
    )
    changes = practice_changes(register, stored, places, _today(connection), part=part)
    rows = [
        (p.code, p.name, p.address, p.postcode, p.phone, p.neighbourhood, p.active, p.opened_on, p.closed_on)
        for p in _written(changes, StoredPractice)
    ]
    _write(
        connection,
        "insert into practice (code, name, address, postcode, phone, neighbourhood_id, active, opened_on, closed_on)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (code) do update set"
        " (name, address, postcode, phone, neighbourhood_id, active, opened_on, closed_on, invented) = (excluded.name,"
        " excluded.address, excluded.postcode, excluded.phone, excluded.neighbourhood_id, excluded.active,"
        " excluded.opened_on, excluded.closed_on, false)",
        rows,
    )
    return changes


def _postcodes(connection: Connection[Any], register: Register, part: bool) -> Changes:
    stored = {
        row[0]: StoredPostcode(*row)
        for row in connection.execute(
            "select postcode, ward_code, lat, lon, retired_on from postcode where not invented"
        )
    }
    outlines = dict(connection.execute("select code, outline from ward").fetchall())
    locator = Locator({code: outline for code, outline in outlines.items() if outline is not None})
    changes = postcode_changes(register, stored, frozenset(outlines), locator, _today(connection), part=part)
    rows = [(p.postcode, p.ward, p.lat, p.lon, p.retired_on) for p in _written(changes, StoredPostcode)]
    _write(
        connection,
        "insert into postcode (postcode, ward_code, lat, lon, retired_on) values (%s, %s, %s, %s, %s)"
        " on conflict (postcode) do update set (ward_code, lat, lon, retired_on, invented) ="
        " (excluded.ward_code, excluded.lat, excluded.lon, excluded.retired_on, false)",
        rows,
    )
    return changes


def _outlines(connection: Connection[Any], register: Register, _part: bool) -> Changes:
    stored = {row[0]: StoredOutline(*row) for row in connection.execute("select code, outline from ward")}
    changes = outline_changes(register, stored)
    _write(
        connection,
        "update ward set outline = %s::jsonb where code = %s",
        [(json.dumps(o.geometry), o.code) for o in _written(changes, StoredOutline)],
    )
    return changes


_APPLY = {"practices": _practices, "postcodes": _postcodes, "ward_outlines": _outlines}


def _written(changes: Changes, kind: type[T]) -> list[T]:
    return [row for row in (*changes.added, *changes.changed, *changes.retired) if isinstance(row, kind)]


def _write(connection: Connection[Any], statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """In one pipeline; a whole register of postcodes takes a few seconds."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _today(connection: Connection[Any]) -> Any:
    row = connection.execute("select (now() at time zone 'Europe/London')::date").fetchone()
    assert row is not None
    return row[0]
