"""Ways that lead to reablement from elsewhere."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ui.pages import PAGES
from ui.reablement.board import reablement_addition
from ui.reablement.opening import OfPerson


def board(page_id: str, went: list[Any]) -> Any:
    person = SimpleNamespace(id="ann", listed="ASH, Ann")
    go = SimpleNamespace(to=lambda page, key: went.append((page, key)))
    return SimpleNamespace(
        id=page_id, title="Board", day="a day", desk=SimpleNamespace(go=go),
        board=SimpleNamespace(visit=SimpleNamespace(person=person)),
    )  # fmt: skip


@pytest.mark.parametrize(("page", "service"), [("reablement", "reablement"), ("nursing", "district_nursing")])
def test_from_a_board_one_key_leads_to_the_episode_and_one_to_the_forecast(page: str, service: str) -> None:
    went: list[Any] = []
    made = {c.id: c for c in reablement_addition(board(page, went)).commands}
    made[f"{page}.forecast"]()
    assert went == [("forecast", (service, "a day"))]
    assert (f"{page}.episode" in made) is (page == "reablement")
    if page == "reablement":
        made["reablement.episode"]()
        assert went[1] == ("episode", OfPerson("ann", "ASH, Ann"))  # type: ignore[arg-type]


def test_the_three_places_are_told_apart_by_name() -> None:
    titles = {spec.id: spec.title for spec in PAGES if spec.id in ("reablement", "episodes", "forecast", "episode")}
    assert titles == {
        "reablement": "Reablement", "episodes": "In reablement", "forecast": "Forecast",
        "episode": "Reablement episode",
    }  # fmt: skip
