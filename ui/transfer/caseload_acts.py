"""What is done on the caseload page, each a call to the service, each with its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coordination.clock import local_date
from coordination.transfer.caseload import InRecovery, Start
from ui.side_acts import SideActs
from ui.transfer.messages import RECOVERY_WORDS
from ui.widgets.basics import Choice
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form


class CaseloadActs(SideActs):
    """The page's verbs."""

    @property
    def _service(self) -> Any:
        return self._page.desk.services.recovery

    def leave(self) -> None:
        super().leave()
        self._page.activated()

    def plan(self) -> None:
        """Which service, and until when."""
        chosen: InRecovery = self._page.people.current
        form = Form()
        kinds = Choice(list(RECOVERY_WORDS.items()))
        kinds.set_value(chosen.recovery)
        form.add("recovery", "Recovery with", kinds, required=True)
        until = DateEdit()
        until.set_value(chosen.until)
        hint = "The episode of reablement says it; change it there." if chosen.by_episode else ""
        form.add("until", "Planned end", until, required=True, help=hint)

        def call() -> Any:
            v = form.values()
            return self._service.plan(chosen.transfer_id, chosen.revision, v["recovery"], v["until"])

        self.ask(f"{chosen.who}: planned end", form, "Save", call, "Saved.", self._back(chosen))

    def end(self) -> None:
        """It has ended: somebody else has room."""
        chosen: InRecovery = self._page.people.current
        form = Form()
        day = DateEdit()
        day.set_value(local_date(self._page.desk.clock.now()))
        form.add("ended_on", "Ended on", day, required=True)

        def call() -> Any:
            v = form.values()
            return self._service.plan(chosen.transfer_id, chosen.revision, chosen.recovery, chosen.until, v["ended_on"])

        said = f"{chosen.who} has ended recovery."
        self.ask(said[:-1], form, "It has ended", call, said, self._back(chosen))

    def _back(self, was: InRecovery) -> Callable[[Any], Callable[[], object]]:
        return lambda _now: lambda: self._service.plan(was.transfer_id, was.revision + 1, was.recovery, was.until)

    def cost(self) -> None:
        """T4: what it costs to take whoever is chosen today."""
        chosen: Start = self._page.queue.current
        service = self._service
        self._page.run(
            lambda: service.one_more(chosen.waiting.transfer_id),
            lambda cost: self._page.show_cost(chosen.waiting.who, cost), latest="cost",
        )  # fmt: skip
