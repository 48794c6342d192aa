"""Reference data into the database: what stands in resources/reference, and registers that are imported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.reference import standing
from db.reference_import import apply_import
from db.tables import deployment as d
from db.tables import reference as r
from db.tables.apartments import move_on_step, went_to
from db.tables.equipment import equipment_model, equipment_store, equipment_substitute
from db.tables.outcomes import no_access_ending, no_access_protocol, outcome_reason
from db.tables.safeguarding import safeguarding_decision
from db.tables.schemes import apartment_decline_reason, apartment_question, apartment_reason, care_need
from db.tables.transfer import delay_reason, discharge_destination, reside_reason
from db.tables.trust import competency

__all__ = ["apply_import", "seed"]

Row = Mapping[str, Any]
_SEEDED = "seeded_reference"


def seed(connection: Connection) -> None:
    """Put what stands in ``resources/reference`` into a migrated database. Run by the owner at every start.

    New rows are added. A row whose file entry was edited is updated, unless somebody changed it in the database since:
    what was seeded last is remembered in ``setting``, and only a row that still says so is touched. Nothing is deleted.
    """
    rows = _standing_rows()
    wanted = {name: [dict(row) for row in table_rows] for name, (_, _, table_rows) in rows.items()}
    before: dict[str, Any] = (
        connection.execute(select(r.setting.c.value).where(r.setting.c.name == _SEEDED)).scalar_one_or_none() or {}
    )
    mark = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    if before.get("mark") == mark:
        return
    for name, (table, key, table_rows) in rows.items():
        seeded = {str(row[key]): row for row in before.get("rows", {}).get(name, ())}
        _take_up(connection, table, key, table_rows, seeded)
    value = {"mark": mark, "rows": wanted}
    connection.execute(
        upsert(r.setting)
        .values(name=_SEEDED, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )


def _standing_rows() -> dict[str, tuple[Table, str, Sequence[Row]]]:
    s = standing.read()
    wards = [
        {"code": w.code, "name": w.name, "neighbourhood_id": w.neighbourhood, "lat": w.lat, "lon": w.lon}
        for w in s.wards
    ]
    return {
        "locality": (r.locality, "code", [asdict(x) for x in s.localities]),
        "neighbourhood": (r.neighbourhood, "id", [asdict(x) for x in s.neighbourhoods]),
        "ward": (r.ward, "code", wards),
        "service": (r.service, "code", [asdict(x) for x in s.services]),
        "skill": (d.skill, "code", [asdict(x) for x in s.skills]),
        "hospital": (r.hospital, "code", [asdict(x) for x in s.hospitals]),
        "safeguarding_decision": (safeguarding_decision, "code", [asdict(x) for x in s.decisions]),
        "competency": (competency, "code", [asdict(x) for x in s.competencies]),
        "outcome_reason": (outcome_reason, "code", [asdict(x) for x in s.outcome_reasons]),
        "no_access_protocol": (no_access_protocol, "code", [asdict(x) for x in s.no_access_steps]),
        "no_access_ending": (no_access_ending, "code", [asdict(x) for x in s.no_access_endings]),
        "move_on_step": (move_on_step, "code", [asdict(x) for x in s.move_on_steps]),
        "went_to": (went_to, "code", [asdict(x) for x in s.went_to]),
        "apartment_question": (apartment_question, "code", [asdict(x) for x in s.apartment_questions]),
        "apartment_reason": (
            apartment_reason,
            "code",
            [asdict(x) | {"asks": list(x.asks)} for x in s.apartment_reasons],
        ),
        "apartment_decline_reason": (apartment_decline_reason, "code", [asdict(x) for x in s.decline_reasons]),
        "care_need": (care_need, "code", [asdict(x) for x in s.care_needs]),
        "delay_reason": (delay_reason, "code", [asdict(x) for x in s.delay_reasons]),
        "discharge_destination": (discharge_destination, "code", [asdict(x) for x in s.destinations]),
        "reside_reason": (reside_reason, "code", [asdict(x) for x in s.reside_reasons]),
        "equipment_model": (equipment_model, "code", [asdict(x) for x in s.equipment_models]),
        "equipment_substitute": (equipment_substitute, "code", [asdict(x) for x in s.equipment_substitutes]),
        "equipment_store": (equipment_store, "code", [asdict(x) for x in s.equipment_stores]),
    }


def _take_up(connection: Connection, table: Table, key: str, rows: Sequence[Row], seeded: Mapping[str, Row]) -> None:
    there = {row._mapping[key]: row._mapping for row in connection.execute(select(table))}
    new = [row for row in rows if row[key] not in there]
    if new:
        connection.execute(insert(table), [dict(row) for row in new])
    for row in rows:
        current, last = there.get(row[key]), seeded.get(str(row[key]))
        if current is None or last is None or row == last:
            continue
        if all(current[column] == value for column, value in last.items() if column in current):
            connection.execute(update(table).where(table.c[key] == row[key]).values(**row))
