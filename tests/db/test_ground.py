"""The wards that maps are drawn on, from the database."""

from __future__ import annotations

import json

from sqlalchemy import text

from coordination.deployment.maps import nearest_ward
from coordination.deployment.model import Place
from tests.database import CentreDb
from tests.shared_data import shared


def test_wards_come_with_their_outlines_where_there_are_any(centre_db: CentreDb) -> None:
    maps = centre_db.sign_in("tess.lead").services.maps
    bare = maps.wards()
    assert len(bare) == 32 and not any(w.rings for w in bare)
    assert [w.name for w in bare] == sorted(w.name for w in bare)
    content = json.loads(shared("geography/manchester_wards_2013_32wards.geojson").read_text(encoding="utf-8"))
    with centre_db.owner.begin() as c:
        for feature in content["features"]:
            code = next(v for k, v in feature["properties"].items() if k.upper().endswith("CD"))
            c.execute(
                text("update ward set outline = cast(:o as jsonb) where code = :c"),
                {"o": json.dumps(feature["geometry"]), "c": code},
            )
    wards = maps.wards()
    assert sum(bool(w.rings) for w in wards) == 32
    for ward in wards:  # latitude first, and each ring closed
        for ring in ward.rings:
            assert ring[0] == ring[-1] and all(53.3 < lat < 53.6 and -2.4 < lon < -2.1 for lat, lon in ring)
    assert nearest_ward(wards, Place(53.4790, -2.2452)) == "City Centre"
