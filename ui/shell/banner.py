"""The person's banner: on top of every page about one person, and the same everywhere.

NHS Common User Interface guidance: ``PANKHURST, Emmeline (Mrs)``, ``Born 14-Jul-1945 (81y)``; labels without colons and
lighter than values; unknown reads "Not known"; someone who has died looks different.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from coordination.values import NhsNumber
from ui import wording
from ui.style import theme
from ui.widgets.badge import Badge
from ui.widgets.basics import column, label, restyle
from ui.widgets.chips import FlowBox

SHARING = {
    "everything": ("Shares everything", "neutral", "eye"),
    "summary": ("Shares a summary only", "plum", "eye-slash"),
    "teams": ("Shares with named teams only", "plum", "lock-key"),
}
ALERT_MARKS = {
    "safeguarding": "shield-warning",
    "do_not_visit_alone": "users",
    "infection": "face-mask",
    "access": "door",
    "key_safe": "key",
    "break_glass": "lock-key-open",
    "allergy": "first-aid",
    "animal": "dog",
}
STRONG_ALERTS = frozenset({"safeguarding", "do_not_visit_alone"})


@dataclass(frozen=True, slots=True)
class BannerAlert:
    """One alert: its code (see ALERT_MARKS; others get a plain mark) and its words, such as "Two to visit"."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class BannerFacts:
    """What the banner says of one person. None or "" is not known.

    ``sharing`` is everything, summary or teams. ``health`` and ``social_care`` name who is responsible, and are shown
    when they differ (P2)."""

    surname: str = ""
    given: str = ""
    title: str = ""
    preferred_name: str = ""
    birth_date: date | None = None
    deceased_on: date | None = None
    gender: str = ""
    nhs_number: NhsNumber | None = None
    alerts: tuple[BannerAlert, ...] = ()
    sharing: str = ""
    communication: tuple[str, ...] = ()
    interpreter: str = ""
    lead_worker: str = ""
    carer: str = ""
    locality: str = ""
    neighbourhood: str = ""
    health: str = ""
    social_care: str = ""
    address: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        return wording.name(self.surname, self.given, self.title)

    @property
    def place(self) -> str:
        """``Ancoats and Clayton, North``."""
        return ", ".join(part for part in (self.neighbourhood, self.locality) if part)


def identity_lines(facts: BannerFacts, today: date) -> list[tuple[str, str]]:
    """Label and value of the first line, after the name."""
    lines = [("Born", wording.born(facts.birth_date, today, facts.deceased_on))]
    if facts.deceased_on:
        lines.append(("Died", wording.died(facts.deceased_on, facts.birth_date)))
    lines.append(("Gender", wording.known(facts.gender)))
    lines.append(("NHS No.", wording.known(facts.nhs_number)))
    return lines


def fact_lines(facts: BannerFacts) -> list[tuple[str, str]]:
    """Label and value of the lines beneath."""
    lines = []
    if facts.preferred_name:
        lines.append(("Likes to be called", facts.preferred_name))
    if facts.address:
        lines.append(("Address", facts.address))
    lines.append(("Phone", wording.known(facts.phone)))
    if facts.communication:
        lines.append(("Communication", wording.listing(list(facts.communication))))
    if facts.interpreter:
        lines.append(("Interpreter", facts.interpreter))
    lines.append(("Lead worker", wording.known(facts.lead_worker)))
    lines.append(("Carer", wording.known(facts.carer)))
    if facts.health and facts.social_care and facts.health != facts.social_care:
        lines += [("Health", facts.health), ("Social care", facts.social_care)]
    else:
        lines.append(("Neighbourhood", wording.known(facts.place)))
    return lines


def spoken(facts: BannerFacts, today: date) -> str:
    """The banner as one text, for a screen reader."""
    parts = [facts.name]
    parts += [f"{name} {value}" for name, value in identity_lines(facts, today)]
    parts += [alert.words for alert in facts.alerts]
    parts += [f"{name} {value}" for name, value in fact_lines(facts)]
    return ". ".join(parts)


def _pair(name: str, value: str, *, strong: bool = False) -> QWidget:
    """A lighter label and its value, read together."""
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, theme.space(3), 0)
    line.setSpacing(theme.space(1.5))
    shown = label(value, strong=strong, selectable=True)
    shown.setAccessibleName(f"{name} {value}")
    line.addWidget(label(name, quiet=True))
    line.addWidget(shown)
    return made


class PersonBanner(QFrame):
    """``banner.show_facts(facts, today)``; hidden until then. Buttons of a page go in by :meth:`add_action`."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: BannerFacts | None = None
        self._actions = QHBoxLayout()
        self._actions.setSpacing(theme.space(2))
        self._content: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("rule", "below")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(theme.space(6), theme.space(2.5), theme.space(6), theme.space(2.5))
        self._line.setSpacing(theme.space(4))
        self._line.addLayout(self._actions)
        self.hide()

    def add_action(self, widget: QWidget) -> None:
        """A button at the right end of the banner."""
        self._actions.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)

    def show_facts(self, facts: BannerFacts | None, today: date) -> None:
        """Show a person; None hides the banner."""
        self.facts = facts
        if self._content is not None:
            self._line.removeWidget(self._content)
            self._content.deleteLater()
            self._content = None
        self.setVisible(facts is not None)
        if facts is None:
            return
        self._content = self._build(facts, today)
        self._line.insertWidget(0, self._content, 1)
        self.setProperty("plane", "sunken" if facts.deceased_on else "surface")
        restyle(self)
        self.setAccessibleName(spoken(facts, today))

    def _build(self, facts: BannerFacts, today: date) -> QWidget:
        name = label(facts.name, size="title", strong=True, selectable=True)
        name.setContentsMargins(0, 0, theme.space(4), 0)
        identity = [_pair(caption, value, strong=True) for caption, value in identity_lines(facts, today)]
        rows = [FlowBox(name, *identity)]
        badges = self._badges(facts)
        if badges:
            rows.append(FlowBox(*badges))
        rows.append(FlowBox(*(_pair(caption, value) for caption, value in fact_lines(facts))))
        content = QWidget()
        content.setLayout(column(*rows, gap=1.5))
        return content

    @staticmethod
    def _badges(facts: BannerFacts) -> list[QWidget]:
        made: list[QWidget] = []
        if facts.deceased_on:
            made.append(Badge("Deceased", "neutral", solid=True))
        for alert in facts.alerts:
            mark = ALERT_MARKS.get(alert.code, "warning-circle")
            made.append(Badge(alert.words, "plum", mark, solid=alert.code in STRONG_ALERTS))
        if facts.sharing in SHARING:
            made.append(Badge(*SHARING[facts.sharing]))
        return made
