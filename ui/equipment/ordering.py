"""The way from elsewhere to the order form: what is known of for whom, and from what, it is ordered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from coordination.careplan.rows import PlanEquipment
from coordination.equipment.model import OrderSource
from coordination.values import PersonId, ReferralId, StayId
from ui import wording
from ui.commands import Command
from ui.desk import Desk


@dataclass(frozen=True, slots=True)
class OrderFor:
    """A key for the page ``equipment``: open the order form for this person. ``wish``: the row of the plan, and its
    ``words``."""

    person_id: PersonId
    who: str
    words: str = ""
    wish: UUID | None = None
    source: OrderSource = "by_hand"
    transfer_id: UUID | None = None
    stay_id: StayId | None = None
    referral_id: ReferralId | None = None


@dataclass(frozen=True, slots=True)
class EquipmentOf:
    """A key for the page ``equipment``: what was ordered for one person and what they have. ``transfer_id``: what is
    ordered from there is for that transfer; ``order``: the one to go to."""

    person_id: PersonId
    who: str
    transfer_id: UUID | None = None
    order: UUID | None = None


def order_for(desk: Desk, wanted: OrderFor) -> None:
    """Go to the order form."""
    desk.go.to("equipment", wanted)


def order_command(page: str, desk: Desk, wanted: Callable[[], OrderFor | None], shortcut: str = "") -> Command:
    """``Order equipment`` as a command of another page; it sleeps while ``wanted`` gives None."""

    def run() -> None:
        found = wanted()
        if found is not None:
            order_for(desk, found)

    return Command(
        f"{page}.order_equipment", "Order equipment", run, shortcut, lambda: wanted() is not None, "Equipment",
        "package", also="loan aid commode bed hoist rail",
    )  # fmt: skip


def plan_order_command(page: Any) -> Command:
    """On the page of a care plan: order what the line that has the cursor asks for."""

    def wanted() -> OrderFor | None:
        sheet, row, facts = page.sheet, page.listing.item(page.listing.current), page.banner.facts
        if sheet is None or not isinstance(row, PlanEquipment) or facts is None:
            return None
        who = wording.name(facts.surname, facts.given, facts.title)
        return OrderFor(sheet.plan.person, who, row.what, row.id, "plan")

    return order_command("plan", page.desk, wanted, "Shift+Q")
