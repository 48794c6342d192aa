"""What the rules of triage say beside a referral: each line a service, how soon and why, with a key to take it.

It decides nothing: what a human has chosen stays, and where the two differ that is said, and both are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from ui.intake.suggesting import Route, differs_words, route_words
from ui.widgets.basics import button, column, label, row

MOST = 3
KEY = "F2"


class SuggestionList(QWidget):
    """``take(route)`` is called by a button; the key is the page's (see ``next_to_take``)."""

    def __init__(self, names: Mapping[str, str], take: Callable[[Route], object], *, always: bool = False) -> None:
        super().__init__()
        self._names, self._take = names, take
        self._always = always  # on offer also where something is chosen, which may be what is to be changed
        self.routes: list[Route] = []
        self._chosen = ("", "")
        self._lines = column(gap=1)
        self.setLayout(self._lines)
        self.hide()

    def set_names(self, names: Mapping[str, str]) -> None:
        """What services are called."""
        self._names = names

    def show_routes(self, routes: Sequence[Route], service: str, urgency: str) -> None:
        """Those on offer, beside what is chosen now. Nothing is drawn anew where nothing has changed."""
        if (list(routes), (service, urgency)) == (self.routes, self._chosen):
            return
        self.routes, self._chosen = list(routes), (service, urgency)
        while self._lines.count():
            item = self._lines.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for line in self._made():
            self._lines.addWidget(line)
        self.setVisible(bool(self._lines.count()))

    def _made(self) -> list[QWidget]:
        service, urgency = self._chosen
        if service and not self._always:
            said = differs_words(self.routes[0], self._names, service, urgency) if self.routes and urgency else ""
            return [label(said, quiet=True, size="small", wrap=True)] if said else []
        first = self.next_to_take()
        return [self._line(route, first=route is first) for route in self.routes[:MOST]]

    def _line(self, route: Route, *, first: bool) -> QWidget:
        made = QWidget()
        lead = "Suggested: " if first else "Or: "
        if (route.first.service, route.first.urgency) == self._chosen:
            lead = "Suggested, as it stands: "
        said = label(lead + route_words(route, self._names), tone="accent" if first else "", quiet=not first, wrap=True)
        take = button(f"Take  {KEY}" if first else "Take", lambda: self._take(route), kind="quiet")
        take.setAccessibleName(f"Take: {route_words(route, self._names)}")
        line = row(said, take, gap=2)
        line.setStretch(0, 1)
        made.setLayout(line)
        return made

    def next_to_take(self) -> Route | None:
        """What the key takes: the first, and after the one that is chosen the next; round and round."""
        places = [(route.first.service, route.first.urgency) for route in self.routes]
        if not places:
            return None
        at = places.index(self._chosen) + 1 if self._chosen in places else 0
        return self.routes[at % len(places)]

    @property
    def words(self) -> str:
        """The lines as one text, for tests and screen readers."""
        return "\n".join(route_words(route, self._names) for route in self.routes[:MOST])
