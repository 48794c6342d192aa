"""What can be done on the transfer page: declared once, for menu, palette, keys and buttons."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from coordination.transfer.model import LIGHTS, LOOKED_UP
from ui.commands import Command
from ui.transfer.messages import LIGHT_WORDS

LOOK = frozenset({"care_coordinator", "placement_coordinator", "team_lead", "trusted_assessor", "manager"})
"""who has the pages of reports"""


def transfer_commands(page: Any) -> list[Command]:
    """``page``: the TransferPage."""
    acts = page.acts

    def in_list() -> bool:
        return page.lists.currentIndex() == 0 and page.table.current is not None and not acts.asking

    def on_light() -> bool:
        return in_list() and page.lights.current is not None

    def ticked() -> bool:
        return on_light() and page.lights.current.kind not in LOOKED_UP and not page.lights.current.found

    def told() -> bool:
        return page.lists.currentIndex() == 1 and page.told.current is not None and not acts.asking

    def looks() -> bool:
        return page.desk.actor.role in LOOK

    def make(name: str, title: str, run: Callable[[], object], key: str, when: Any, icon: str = "") -> Command:
        return Command(f"transfer.{name}", title, run, key, when, "Transfer", icon)

    return [
        make("seen_to", "This is seen to", acts.seen_to, "D", ticked, "check"),
        make("not_needed", "This is not needed", acts.not_needed, "X", on_light, "minus"),
        make("go", "Go to what makes it green", acts.to_what_makes_it_green, "G", on_light, "arrow-right"),
        make("why", "Why they are still here", acts.delayed, "Y", in_list, "question"),
        make("change", "Ward, day, pathway, who sees to it", acts.change, "E", in_list, "pencil-simple"),
        make("left", "They have left", acts.left, "L", in_list, "sign-out"),
        make("not_ready", "Not ready after all", acts.not_ready, "Del", in_list, "x"),
        make("take", "Put on the list", acts.take, "C", told, "plus"),
        make("find", "Put somebody on the list", acts.find, "N", lambda: not acts.asking, "user-plus"),
        make("cost", "What one more costs", acts.cost, "O", in_list, "scales"),
        make("caseload", "Caseload and its two weeks", lambda: page.desk.go.to("caseload", None), "K", looks,
             "chart-bar"),
        make("morning", "Criteria to reside, for the morning call", lambda: page.desk.go.to("morning", None), "M",
             looks, "list-bullets"),
        *(
            make(f"light_{kind}", f"{LIGHT_WORDS[kind]}: what makes it green", partial(acts.light, kind), str(number),
                 in_list)
            for number, kind in enumerate(LIGHTS, start=1)
        ),
        make("report", "Situation report", lambda: page.desk.go.to("sitrep", None), "S", looks, "table"),
        make("views", "Go to the views", page.view.setFocus, "F8", lambda: True),
        make("save", "Save what is typed", acts.save, "Ctrl+Return", lambda: acts.asking),
        *page.table.commands("transfer"),
    ]  # fmt: skip
