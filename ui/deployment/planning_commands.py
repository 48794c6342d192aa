"""What planning adds to a board: commands, declared once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.commands import Command
from ui.deployment.addition import Addition, BoardPage
from ui.deployment.planning import PlanningDeeds
from ui.deployment.planning_day import DayDeeds
from ui.deployment.planning_opinions import WeightDeeds
from ui.deployment.planning_ready import make_ready_soon
from ui.deployment.planning_why import WhyDeeds


def planning(page: BoardPage) -> Addition:
    """Plan the rest, why not, make room, what matters; somebody ill or late, a visit now."""
    deeds = PlanningDeeds(page)
    day, weights, why = DayDeeds(page, deeds), WeightDeeds(page, deeds), WhyDeeds(page, deeds)
    if page.may_change and isinstance(page, QWidget):
        make_ready_soon(page)

    def one(
        name: str, title: str, run: Callable[[], object], keys: str, when: Callable[[], bool], icon: str, also: str = ""
    ) -> Command:
        return Command(f"{page.id}.{name}", title, run, keys, when, page.title, icon, also)

    def room() -> bool:
        return deeds.may_plan() and deeds.chosen_open()

    def again() -> bool:
        return deeds.may_plan() and page.board.visit is not None

    def board() -> bool:
        return deeds.board is not None and page.board.proposed is None

    commands = (
        one(
            "plan", "Plan the rest", deeds.plan_rest, "L", deeds.may_plan, "magic-wand", "planner optimise allocate all"
        ),
        one(
            "proposed",
            "The board as proposed, or as it stands",
            deeds.preview.toggle,
            "B",
            deeds.preview.can,
            "eye",
            "preview plan whole",
        ),
        one("why_not", "Why is nobody going?", why.ask_why, "W", deeds.chosen_open, "question", "why not reason"),
        one("make_room", "Make room for it", deeds.make_room, "O", room, "wrench", "place urgent now"),
        one("ill", "Somebody is ill", day.ask_ill, "S", deeds.may_plan, "thermometer", "sick sickness absent repair"),
        one("late", "Somebody runs late", day.ask_late, "Shift+L", deeds.may_plan, "clock-countdown", "delay behind"),
        one("again", "A visit now, to this person", day.ask_again, "A", again, "lightning", "urgent second try again"),
        one(
            "weights", "What matters in a plan", weights.show, "Shift+W", board, "sliders-horizontal", "weights effect"
        ),
    )
    return Addition(
        commands=commands,
        in_menu=("why_not", "make_room", "again", "ill", "late"),
        in_head=("plan",),
        in_more=("weights", "ill", "late"),
    )
