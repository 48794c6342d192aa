"""Places on a map: the order of a day, who could take a visit, and the plane in metres."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.deployment.maps import Plane, WardShape, day_scene, extent, nearest_ward, visit_scene
from coordination.deployment.model import Place
from coordination.deployment.suggest import who_could_take
from coordination.deployment.travel import DETOUR, kilometres
from tests.domain.deployment_boards import board, person, visit, worker

HOME, NORTH, SOUTH = Place(53.45, -2.23), Place(53.48, -2.23), Place(53.42, -2.23)
AMINA, BOLA = worker(1, "Amina", place=HOME), worker(2, "Bola", place=NORTH)


def test_a_day_goes_from_base_to_base_in_order_of_time() -> None:
    visits = [
        visit("Late", start=(11, 0), to=[(AMINA, (11, 0))], who=person("Late", place=SOUTH)),
        visit("Early", to=[(AMINA, (8, 0)), (BOLA, (8, 0))], workers_needed=2, who=person("Early", place=NORTH)),
        visit("Lost", start=(9, 0), to=[(AMINA, (9, 0))], who=person("Lost")),
        replace(visit("Off", start=(10, 0), to=[(AMINA, (10, 0))]), state="cancelled"),
    ]
    scene = day_scene(board([AMINA, BOLA], visits), AMINA)
    assert [(p.kind, p.number, p.title.split(",")[0]) for p in scene.points] == [
        ("base", 0, "Amina"), ("stop", 1, "EARLY"), ("stop", 2, "LOST"), ("stop", 3, "LATE"),
    ]  # fmt: skip
    assert scene.route == (0, 1, 3, 0) and scene.nowhere == 1
    assert scene.points[1].with_whom == ("Bola",)
    # the way to the last is from the last place that is known
    assert scene.points[2].km is None and scene.points[3].km == pytest.approx(kilometres(NORTH, SOUTH))
    assert scene.minutes == sum(p.way_minutes or 0 for p in scene.points) > 0


def test_a_worker_without_a_base_and_a_day_without_visits_are_drawn_all_the_same() -> None:
    nowhere = replace(worker(3, "Cem"), place=None)
    scene = day_scene(board([nowhere], [visit(to=[(nowhere, (9, 0))], who=person(place=NORTH))]), nowhere)
    assert scene.route == (1,) and scene.points[1].way_minutes is None
    empty = day_scene(board([AMINA]), AMINA)
    assert [p.kind for p in empty.points] == ["base"] and empty.route == (0,)


def test_candidates_are_ranked_as_in_the_list_and_who_cannot_has_no_rank() -> None:
    off = worker(3, "Off", hours=[], place=SOUTH)
    asked = visit(who=person(place=NORTH))
    at_hand = board([AMINA, BOLA, off], [asked])
    scene = visit_scene(at_hand, asked, who_could_take(at_hand, asked))
    assert [(p.title.split(",")[0], p.number, p.can) for p in scene.points] == [
        ("PANKHURST", 0, True), ("Bola", 1, True), ("Amina", 2, True), ("Off", 0, False),
    ]  # fmt: skip
    assert scene.points[3].said and scene.points[1].km == 0 and scene.points[2].window is not None


_PLACES = st.builds(Place, st.floats(53.3, 53.6), st.floats(-2.4, -2.1))


@given(_PLACES, _PLACES)
def test_the_plane_is_as_far_as_the_globe(one: Place, other: Place) -> None:
    plane = Plane(Place(53.47, -2.235))
    (x1, y1), (x2, y2) = plane.metres(one), plane.metres(other)
    straight = kilometres(one, other) / DETOUR * 1000
    assert ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 == pytest.approx(straight, rel=0.01, abs=2)


@given(st.lists(_PLACES, max_size=6))
def test_what_is_to_be_seen_holds_every_place_and_is_never_a_point(places: list[Place]) -> None:
    plane = Plane(Place(53.47, -2.235))
    west, south, east, north = extent(places, plane)
    assert east - west >= 1_499 and north - south >= 1_499
    for x, y in map(plane.metres, places):
        assert west - 1e-6 <= x <= east + 1e-6 and south - 1e-6 <= y <= north + 1e-6


def test_the_ward_of_a_place_is_told_by_outline_or_by_the_nearest_middle() -> None:
    square = ((53.40, -2.30), (53.40, -2.20), (53.50, -2.20), (53.50, -2.30), (53.40, -2.30))
    outlined = WardShape("E1", "Square", Place(53.0, -2.0), (square,))
    bare = WardShape("E2", "Bare", HOME)
    assert nearest_ward([bare, outlined], HOME) == "Square"
    assert nearest_ward([bare, outlined], Place(53.55, -2.23)) == "Bare"
    assert nearest_ward([], HOME) == nearest_ward([bare], None) == ""
