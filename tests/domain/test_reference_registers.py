"""Registers as they are published: read row by row, and wrong files told from right ones."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.reference.changes import (
    StoredOutline,
    StoredPostcode,
    StoredPractice,
    outline_changes,
    postcode_changes,
    practice_changes,
)
from coordination.reference.files import read_register
from coordination.reference.grid import to_degrees
from coordination.reference.model import PostcodePoint, Practice, Register, WrongFile
from coordination.reference.outlines import Locator, inside
from tests.shared_data import shared

TODAY = date(2026, 11, 24)
SQUARE = {"type": "Polygon", "coordinates": [[[-2.3, 53.4], [-2.1, 53.4], [-2.1, 53.6], [-2.3, 53.6], [-2.3, 53.4]]]}


def practice_line(code: str = "P84999", *, name: str = "NEW PRACTICE", status: str = "A", setting: str = "4") -> str:
    cells = [code, name, "Y62", "Q83", "1 HIGH STREET", "", "", "MANCHESTER", "", "M9 4PA", "19740401", "", status, "B"]
    cells += ["14L", "20170401", "", "0161 4960000", "", "", "", "0", "", "14L", "", setting, ""]
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().strip()


def raw_line(postcode: str = "M9 4PA", easting: int = 385000, northing: int = 402000, ward: str = "E05000704") -> str:
    """As in Code-Point Open: no header, quoted, padded to seven."""
    outward, inward = postcode.split(" ")
    return (
        f'"{outward:4}{inward}",10,{easting},{northing},"E92000001","E19000001","E18000004","","E08000003","{ward}"'
        if len(outward) < 4
        else f'"{outward}{inward}",10,{easting},{northing},"E92000001","","","","E08000003","{ward}"'
    )


def feature(code: str = "E05000704", geometry: Any = SQUARE, year: str = "13") -> dict[str, Any]:
    properties = {f"WD{year}CD": code, f"WD{year}NM": "Harpurhey"}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def outlines(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def lines(*rows: str) -> bytes:
    return "\r\n".join(rows).encode()


# ---------------------------------------------------------------- practices


def test_the_practice_file_of_139_lines_has_88_active_practices() -> None:
    register = read_register(shared("geography/manchester_ccg_14L_epraccur_all.csv").read_bytes())
    practices = [e for e in register.entries if isinstance(e, Practice)]
    assert register.kind == "practices"
    assert sum(p.active for p in practices) == 88
    assert len(practices) + register.passed_over == 139
    assert register.refused == 0
    five_oaks = next(p for p in practices if p.code == "P84004")
    assert five_oaks.postcode == "M11 3BB"
    assert five_oaks.opened_on == date(1974, 4, 1)
    assert five_oaks.address.startswith("FIVE OAKS FAMILY PRACTICE, 47 GRAHAM STREET")


def test_the_published_layout_without_a_header_is_read_the_same() -> None:
    content = shared("geography/manchester_ccg_14L_epraccur_all.csv").read_bytes()
    with_header = read_register(content)
    without = read_register(content.split(b"\n", 1)[1])
    assert without.entries == with_header.entries


def test_rows_are_refused_one_by_one_with_their_line() -> None:
    register = read_register(
        lines(
            practice_line("P84001"),
            practice_line("P84002", status="X"),
            "P84003,TOO SHORT",
            practice_line("P84001", name="AGAIN"),
            practice_line("P84005", name=""),
            practice_line("p84006"),
            practice_line("P84007", setting="1"),
            practice_line("P84008"),
            practice_line("P84009"),
            practice_line("P84010"),
            practice_line("P84011"),
        )
    )
    assert [(f.row, f.code) for f in register.findings] == [
        (2, "unknown_status"),
        (3, "wrong_number_of_columns"),
        (4, "twice_in_the_file"),
        (5, "no_name"),
        (6, "not_a_practice_code"),
    ]
    assert (register.refused, register.passed_over, len(register.entries)) == (5, 1, 5)


# ---------------------------------------------------------------- postcodes


def test_degrees_agree_with_the_shared_file_to_a_few_centimetres() -> None:
    path = shared("geography/manchester_postcodes_codepoint_open_2014-08.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in list(csv.DictReader(file))[::37]:
            lat, lon = to_degrees(float(row["easting"]), float(row["northing"]))
            assert lat == pytest.approx(float(row["lat"]), abs=1e-6)
            assert lon == pytest.approx(float(row["lon"]), abs=1e-6)


def test_degrees_of_the_ordnance_surveys_own_example() -> None:
    """Caister water tower, from "A guide to coordinate systems in Great Britain": 651409.903, 313177.270."""
    lat, lon = to_degrees(651_409.903, 313_177.270)
    assert lat == pytest.approx(52.657977, abs=0.0001)
    assert lon == pytest.approx(1.716038, abs=0.0001)


def test_both_layouts_of_postcodes_give_the_same_points() -> None:
    shared_layout = shared("geography/manchester_postcodes_codepoint_open_2014-08.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(shared_layout)))[:300]
    raw = lines(*(raw_line(r["postcode"], int(r["easting"]), int(r["northing"]), r["ward_code_2014"]) for r in rows))
    points = [e for e in read_register(raw).entries if isinstance(e, PostcodePoint)]
    assert len(points) == 300
    for point, row in zip(points, rows, strict=True):
        assert (point.postcode, point.ward) == (row["postcode"], row["ward_code_2014"])
        assert point.lat == pytest.approx(float(row["lat"]), abs=2e-6)
        assert point.lon == pytest.approx(float(row["lon"]), abs=2e-6)


def test_the_whole_shared_file_is_read() -> None:
    register = read_register(shared("geography/manchester_postcodes_codepoint_open_2014-08.csv").read_bytes())
    assert (register.kind, len(register.entries), register.findings) == ("postcodes", 14_040, ())


def test_postcodes_without_a_position_are_refused() -> None:
    register = read_register(
        lines(
            raw_line("M9 4PA"),
            raw_line("M9 4PB").replace(",10,", ",90,"),
            raw_line("M9 4PD", 0, 0),
            raw_line("M9 4PE", 9_999_999, 0),
            raw_line("M9 4PA"),
            raw_line("M9 4PF"),
            raw_line("M9 4PG"),
            raw_line("M9 4PH"),
        )
    )
    assert [(f.row, f.code) for f in register.findings] == [
        (2, "no_position"),
        (3, "no_position"),
        (4, "not_a_position"),
        (5, "twice_in_the_file"),
    ]


# ---------------------------------------------------------------- outlines


@pytest.mark.parametrize("year", ["13", "17", "22"])
def test_outlines_of_any_years_property_names(year: str) -> None:
    register = read_register(outlines(feature(year=year)))
    assert register.kind == "ward_outlines"
    assert [e.code for e in register.entries if not isinstance(e, Practice | PostcodePoint)] == ["E05000704"]


def test_the_thirty_two_outlines_find_the_ward_of_every_postcode() -> None:
    register = read_register(shared("geography/manchester_wards_2013_32wards.geojson").read_bytes())
    locator = Locator({e.code: e.geometry for e in register.entries if hasattr(e, "geometry")})
    postcodes = read_register(shared("geography/manchester_postcodes_codepoint_open_2014-08.csv").read_bytes()).entries
    points = [p for p in postcodes if isinstance(p, PostcodePoint)][::20]
    right = sum(locator.ward_at(p.lat, p.lon) == p.ward for p in points)
    assert right / len(points) > 0.98  # the outlines are simplified


def test_a_hole_is_outside() -> None:
    hole = [[-2.25, 53.45], [-2.15, 53.45], [-2.15, 53.55], [-2.25, 53.55], [-2.25, 53.45]]
    ring = {"type": "MultiPolygon", "coordinates": [[*SQUARE["coordinates"], hole]]}
    assert inside(ring, 53.42, -2.28)
    assert not inside(ring, 53.5, -2.2)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (feature(code="Harpurhey"), "not_a_ward_code"),
        (feature(geometry=None), "not_an_area"),
        (feature(geometry={"type": "Point", "coordinates": [-2.2, 53.5]}), "not_an_area"),
        (feature(geometry={"type": "Polygon", "coordinates": [[[385000, 402000]] * 4]}), "not_in_degrees"),
        (feature(geometry={"type": "Polygon", "coordinates": [[["x", 53]] * 4]}), "not_a_position"),
        (feature(geometry={"type": "Polygon", "coordinates": 7}), "not_an_area"),
        ("nonsense", "not_a_feature"),
    ],
)
def test_features_are_refused_one_by_one(bad: Any, code: str) -> None:
    register = read_register(outlines(feature("E05000705"), bad))
    assert [(f.row, f.code) for f in register.findings] == [(2, code)]


# ---------------------------------------------------------------- wrong files


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_text"),
        (b'{"type": "FeatureCollection", "features": [', "broken_json"),
        (b'{"type": "Topology"}', "not_recognised"),
        (b"[" * 100_000, "broken_json"),
        (b'{"features": []}', "empty"),
        (b'{"features": [{"properties": {"name": "x"}}]}', "not_recognised"),
        (b"name,address\nX,1 High Street", "not_recognised"),
        (b"<html><body>Not found</body></html>", "not_recognised"),
        (b"organisation_code,name,prescribing_setting\nP84001,X,4", "not_recognised"),
        (lines(practice_line(setting="1")), "nothing_for_us"),
        (lines(practice_line(), *["P84001,short"] * 3), "mostly_refused"),
    ],
)
def test_wrong_files_say_so(content: bytes, reason: str) -> None:
    with pytest.raises(WrongFile) as wrong:
        read_register(content)
    assert wrong.value.reason == reason


@pytest.mark.parametrize("name", ["assets_dentists.csv", "assets_libraries.csv", "manchester_lsoa11_to_ward17.csv"])
def test_other_tables_with_postcodes_or_wards_are_not_registers(name: str) -> None:
    with pytest.raises(WrongFile):
        read_register(shared(f"geography/{name}").read_bytes())


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        register = read_register(content)
    except WrongFile:
        return
    assert register.entries


@given(st.data())
def test_a_spoilt_register_is_read_or_refused(data: st.DataObject) -> None:
    sound = data.draw(
        st.sampled_from(
            [
                lines(practice_line("P84001"), practice_line("P84002")),
                lines(raw_line(), raw_line("M8 4PA")),
                outlines(feature()),
            ]
        )
    )
    place = data.draw(st.integers(0, len(sound) - 1))
    spoilt = sound[:place] + data.draw(st.binary(max_size=6)) + sound[place + data.draw(st.integers(0, 4)) :]
    try:
        register = read_register(spoilt)
    except WrongFile:
        return
    assert register.entries


# ---------------------------------------------------------------- what an import changes


def stored_practice(code: str, **changes: Any) -> StoredPractice:
    fields = {"name": "NEW PRACTICE", "neighbourhood": 2, "active": True, "closed_on": None, **changes}
    return StoredPractice(
        code, fields["name"], "1 HIGH STREET, MANCHESTER", "M9 4PA", "0161 4960000", fields["neighbourhood"],
        fields["active"], date(1974, 4, 1), fields["closed_on"],
    )  # fmt: skip


def test_practices_are_added_changed_retired_and_left() -> None:
    register = read_register(lines(*(practice_line(f"P8400{n}") for n in (1, 2, 3))))
    stored = {
        "P84001": stored_practice("P84001"),
        "P84002": stored_practice("P84002", name="OLD NAME"),
        "P84009": stored_practice("P84009"),
        "M85001": stored_practice("M85001", neighbourhood=None),  # another city's: a cut of one city says nothing of it
    }
    changes = practice_changes(register, stored, {"M9 4PA": 2}, TODAY)
    assert [p.code for p in changes.added if isinstance(p, StoredPractice)] == ["P84003"]
    assert [p.code for p in changes.changed if isinstance(p, StoredPractice)] == ["P84002"]
    assert changes.retired == (stored_practice("P84009", active=False, closed_on=TODAY),)
    assert changes.unchanged == 1
    assert practice_changes(register, stored, {"M9 4PA": 2}, TODAY, part=True).retired == ()


def test_a_practice_whose_postcode_is_not_known_keeps_its_place_or_says_so() -> None:
    register = read_register(lines(practice_line("P84001"), practice_line("P84002")))
    changes = practice_changes(register, {"P84001": stored_practice("P84001", neighbourhood=5)}, {}, TODAY)
    assert changes.unchanged == 1
    assert [(f.row, f.code, f.refused) for f in changes.findings] == [(2, "practice_not_placed", False)]


def points(*codes: str, ward: str = "E05000704") -> Register:
    return read_register(lines(*(raw_line(code, ward=ward) for code in codes)))


def test_a_ward_code_of_another_year_is_found_by_position() -> None:
    register = points("M9 4PA", ward="E05011367")
    wards = frozenset({"E05000704"})
    placed = postcode_changes(register, {}, wards, Locator({"E05000704": SQUARE}), TODAY)
    assert [p.ward for p in placed.added if isinstance(p, StoredPostcode)] == ["E05000704"]
    lost = postcode_changes(register, {}, wards, Locator({}), TODAY)
    assert [p.ward for p in lost.added if isinstance(p, StoredPostcode)] == [None]
    assert [f.code for f in lost.findings] == ["ward_not_known"]


def test_postcodes_retire_only_in_the_areas_of_the_file_and_come_back() -> None:
    register = points("M9 4PA", "M9 4PB")
    lat, lon = round(to_degrees(385_000, 402_000)[0], 6), round(to_degrees(385_000, 402_000)[1], 6)
    stored = {
        code: StoredPostcode(code, "E05000704", lat, lon, gone)
        for code, gone in (("M9 4PA", TODAY), ("M9 4PX", None), ("M23 1AA", None))
    }
    changes = postcode_changes(register, stored, frozenset({"E05000704"}), Locator({}), TODAY)
    assert [p.postcode for p in changes.retired if isinstance(p, StoredPostcode)] == ["M9 4PX"]
    assert [(p.postcode, p.retired_on) for p in changes.changed if isinstance(p, StoredPostcode)] == [("M9 4PA", None)]
    assert [p.postcode for p in changes.added if isinstance(p, StoredPostcode)] == ["M9 4PB"]


def test_a_file_that_was_cut_off_is_refused_unless_it_is_said_to_be_a_part() -> None:
    register = points("M9 4PA")
    codes = [f"M9 4{a}{b}" for a in "ABDEFGHJLN" for b in "ABDEFGHJLN"]
    stored = {code: StoredPostcode(code, "E05000704", 53.5, -2.2) for code in codes}
    with pytest.raises(WrongFile) as wrong:
        postcode_changes(register, stored, frozenset({"E05000704"}), Locator({}), TODAY)
    assert wrong.value.reason == "looks_partial"
    part = postcode_changes(register, stored, frozenset({"E05000704"}), Locator({}), TODAY, part=True)
    assert (len(part.added), len(part.retired)) == (1, 0)


def test_only_the_citys_wards_get_an_outline() -> None:
    register = read_register(outlines(feature("E05000704"), feature("E05009999")))
    changes = outline_changes(register, {"E05000704": StoredOutline("E05000704", None)})
    assert (len(changes.changed), changes.passed_over) == (1, 1)
    with pytest.raises(WrongFile) as wrong:
        outline_changes(register, {"E05000001": StoredOutline("E05000001", None)})
    assert wrong.value.reason == "no_ward_of_the_city"
