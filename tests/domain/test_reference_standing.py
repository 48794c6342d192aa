"""The reference files that are shipped say what the papers say, and a mistake in one is named."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from coordination.reference import standing
from coordination.reference.outlines import inside
from coordination.reference.standing import BadReferenceFile, Ward, _rows
from tests.shared_data import shared


def test_one_city_three_localities_twelve_neighbourhoods_thirty_two_wards() -> None:
    found = standing.read()
    assert [x.code for x in found.localities] == ["north", "central", "south"]
    assert [n.id for n in found.neighbourhoods] == list(range(1, 13))
    assert Counter(n.locality for n in found.neighbourhoods) == {"north": 4, "central": 4, "south": 4}
    assert len({w.code for w in found.wards}) == len({w.name for w in found.wards}) == 32
    assert {w.neighbourhood for w in found.wards} == set(range(1, 13))


@pytest.mark.parametrize(
    ("ward", "locality", "with_ward"),
    [
        ("City Centre", "north", "Moston"),
        ("Miles Platting and Newton Heath", "north", "Moston"),
        ("Fallowfield", "central", "Whalley Range"),
        ("Old Moat", "south", "Withington"),
        ("Chorlton Park", "south", "Burnage"),
        ("Chorlton", "central", "Fallowfield"),
        ("Brooklands", "south", "Northenden"),
        ("Gorton South", "central", "Levenshulme"),
    ],
)
def test_wards_go_where_one_team_puts_them(ward: str, locality: str, with_ward: str) -> None:
    found = standing.read()
    of_ward = found.neighbourhood_of_ward()
    code = {w.name: w.code for w in found.wards}
    assert of_ward[code[ward]].locality == locality
    assert of_ward[code[ward]] == of_ward[code[with_ward]]


def test_every_ward_is_the_real_one_and_its_point_lies_inside() -> None:
    path: Path = shared("geography/manchester_wards_2013_32wards.geojson")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    real = {f["properties"]["WD13CD"]: f for f in features}
    for ward in standing.read().wards:
        assert real[ward.code]["properties"]["WD13NM"] == ward.name
        assert inside(real[ward.code]["geometry"], ward.lat, ward.lon)
    assert len(real) == 32


def test_services_have_a_side_and_skills_a_name() -> None:
    found = standing.read()
    assert {s.side for s in found.services} == {"health", "social_care", "both"}
    positions = [s.position for s in found.services]
    assert positions == sorted(set(positions))
    assert len({s.name for s in found.skills}) == len(found.skills)
    assert [h.code for h in found.hospitals] == ["NMGH", "MRI", "WYTH"]


@pytest.mark.parametrize(
    "row",
    [
        {"code": "E1", "name": "X", "neighbourhood": 1, "lat": 53.0},
        {"code": "E1", "name": "X", "neighbourhood": 1, "lat": 53.0, "lon": -2.0, "postcode": "M9"},
    ],
)
def test_a_row_with_a_field_too_few_or_too_many_is_named(row: dict[str, Any]) -> None:
    with pytest.raises(BadReferenceFile) as bad:
        _rows({"ward": [row]}, "places.toml", "ward", Ward)
    assert (bad.value.file, bad.value.table, bad.value.row) == ("places.toml", "ward", 1)
