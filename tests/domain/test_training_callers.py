"""Whoever calls in the training city is found by the number: professionals, and carers with a number of their own."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from coordination.reference import standing
from coordination.training.city import City
from coordination.training.teams import TEAMS
from coordination.values import phone_key


def test_professionals_and_the_first_carers_have_numbers_that_are_nobody_elses() -> None:
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    city = City(standing.read(), 400, 7, now, {team.name: n for n, team in enumerate(TEAMS, start=1)})
    rows: dict[str, list[dict[str, object]]] = {}
    for chunk in city.chunks():
        for batch in chunk.batches:
            rows.setdefault(batch.table, []).extend(dict(zip(batch.columns, row, strict=True)) for row in batch.rows)
        if chunk.step == "queue":
            break
    known = rows["professional"]
    assert len(known) > 25 and {row["organisation"] for row in known} >= {"Manchester Royal Infirmary"}
    codes = {row["code"] for row in rows["practice"]}
    assert all(row["practice_code"] in {None, *codes} for row in known)
    everybody = [*known, *rows["person_around"], *rows["person"], *rows["practice"]]
    uses = Counter(phone_key(str(row["phone"] or "")) for row in everybody)
    assert {uses[phone_key(str(row["phone"]))] for row in known} == {1}
    carers = [row for row in rows["person_around"] if row["is_carer"]]
    assert sum(uses[phone_key(str(row["phone"]))] == 1 for row in carers) >= min(30, len(carers) // 2)
