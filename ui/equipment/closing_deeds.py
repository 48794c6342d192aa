"""A store is closed, with what is still in it said first, and opened again. The database lets administrators do it."""

from __future__ import annotations

from typing import Any

from coordination.equipment.stock_model import StoreHolds
from ui.equipment.store_list import in_the_way
from ui.widgets.basics import column, label, plane


class ClosingDeeds:
    """``deeds`` asks at the side and says what was done."""

    def __init__(self, deeds: Any, page: Any) -> None:
        self._deeds, self._page = deeds, page

    def table(self) -> dict[str, Any]:
        """By the name of the command: when it may be done, and how."""
        mine = self._page.desk.actor.role == "administrator"
        return {
            "close": (lambda x: mine and x.store.active, self.close),
            "open": (lambda x: mine and not x.store.active, self.open_again),
        }

    def close(self, one: StoreHolds) -> None:
        """What is in the way is read again first: the row may be of the morning."""
        service = self._page.desk.services.equipment

        def show(found: tuple[StoreHolds, ...]) -> None:
            now = next((each for each in found if each.store.code == one.store.code), one)
            said = [label(words, wrap=True) for words in in_the_way(now)]
            rest = label(
                "Nothing new is promised from it or taken in there. It can be opened again.", wrap=True, quiet=True
            )
            self._deeds.hold(f"Close {now.store.name}?", plane(column(*said, rest, None, gap=3)), "Close it", close)

        def close() -> None:
            self._deeds.leave()
            self._deeds.do(
                lambda: service.close_store(one.store.code), f"{one.store.name} is closed.",
                lambda _now: lambda: service.open_store(one.store.code),
            )  # fmt: skip

        self._page.run(service.holdings, show, latest="closing")

    def open_again(self, one: StoreHolds) -> None:
        service = self._page.desk.services.equipment
        self._deeds.do(
            lambda: service.open_store(one.store.code), f"{one.store.name} is open.",
            lambda _now: lambda: service.close_store(one.store.code),
        )  # fmt: skip
