"""What reablement adds to the boards: the episode of whoever is chosen, and the forecast of the day."""

from __future__ import annotations

from coordination.deployment.model import Visit
from ui.commands import Command
from ui.deployment.addition import Addition, BoardPage
from ui.reablement.opening import OfPerson


def reablement_addition(page: BoardPage) -> Addition:
    """The forecast on the boards of care; the episode where reablement is."""
    if page.id == "deliveries":
        return Addition()
    desk, nursing = page.desk, page.id == "nursing"

    def chosen() -> Visit | None:
        return page.board.visit

    def episode() -> None:
        visit = chosen()
        if visit is not None:
            desk.go.to("episode", OfPerson(visit.person.id, visit.person.listed))

    def forecast() -> None:
        desk.go.to("forecast", ("district_nursing" if nursing else "reablement", page.day))

    commands = [
        Command(
            f"{page.id}.forecast", "Demand against capacity", forecast, "F7", group=page.title, icon="chart-bar",
            also="forecast hours short two weeks",
        ),
    ]  # fmt: skip
    if nursing:
        return Addition(commands=commands, in_more=("forecast",))
    commands.append(
        Command(
            f"{page.id}.episode", "Open the reablement of this person", episode, "Ctrl+Shift+B",
            lambda: chosen() is not None, page.title, "users-three", also="episode six weeks review scores",
        )
    )  # fmt: skip
    return Addition(commands=commands, in_menu=("episode",), in_more=("forecast",))
