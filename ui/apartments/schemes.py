"""Schemes and their apartments: whom they take, what they have, for how long they are leased (N1, N2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from coordination.apartments.schemes_model import Flat, Scheme
from coordination.clock import local_date
from ui import wording
from ui.apartments.messages import SCHEME_WORDS
from ui.apartments.scheme_messages import CARE_NEEDS, CONNECTION_WORDS
from ui.apartments.schemes_acts import SchemeActs, accepting_words
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.style.tokens import State
from ui.widgets.basics import ask_again, column, command_button
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Facts, PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

EDITORS = frozenset({"placement_coordinator", "manager", "administrator"})
SIDE = {"add_flat": "Add", "change_flat": "Change", "lease": "Lease"}
SOON = timedelta(days=90)


class SchemesPage(Page):
    """Schemes in a list, the apartments of the chosen one beside it."""

    id, title, icon = "schemes", "Schemes", "house-line"
    areas: ClassVar[frozenset[str]] = frozenset({"apartments"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.neighbourhoods: list[tuple[int, str, str]] = []
        self.model = StableTableModel[Scheme](self._columns(), key=lambda s: s.id)
        self.table = Table(
            self.model, settings=desk.settings, name="schemes", title="Schemes",
            empty=EmptyState("There is no scheme yet", "Add the buildings whose apartments are leased (N), then their "
                             "apartments (A).", icon="house-line"),
        )  # fmt: skip
        self.flats_model = StableTableModel[Flat](self._flat_columns(), key=lambda f: f.id)
        self.flats = Table(
            self.flats_model, settings=desk.settings, name="scheme-flats", title="Apartments", inset=2,
            empty=EmptyState("No apartment yet", "Add the first with A.", icon="door"),
        )  # fmt: skip
        self._facts = Facts()
        self._beside = QWidget()
        self._beside.setLayout(column(self._facts, self.flats, gap=3))
        self.acts = SchemeActs(self)
        self._commands = self._make_commands()
        self._by = {c.id.removeprefix("schemes."): c for c in self._commands}
        self._buttons = [
            command_button(self._by[name], words=said, kind=kind)
            for name, said, kind in (
                ("needs", "What it can meet", ""), ("pause", "Take nobody in", ""), ("accept", "Take in again", ""),
                ("change", "Change", ""), ("add", "Add a scheme", "main"),
            )
        ]  # fmt: skip
        self.head = PageHead("Schemes", "", *self._buttons, self.table.menu_button())
        self.panel = AskingPanel("Scheme")
        whole = column(
            self.head,
            splitter(self.table, self.panel, sizes=(690, 490), settings=desk.settings, name="schemes"), gap=0,
        )  # fmt: skip
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.show_side()
        self.table.about = lambda: [f"Locality: {self.desk.locality.value or 'all'}"]
        self.table.current_changed.connect(lambda _row: self._moved())
        self.table.opened.connect(lambda _row: self.acts.change() if self._may else None)
        self.flats.opened.connect(lambda _row: self.acts.change_flat() if self._may else None)
        self.flats.current_changed.connect(lambda _row: ask_again(*self.panel.buttons))
        Busy(self.table, desk.tasks, owner=self)

    @property
    def _may(self) -> bool:
        return self.desk.actor.role in EDITORS

    @property
    def _sees_stays(self) -> bool:
        """Administrators keep the stock, and know nothing of who is in it."""
        return self.desk.actor.role != "administrator"

    def _today(self) -> date:
        return local_date(self.desk.clock.now())

    def _columns(self) -> list[Column[Scheme]]:
        today = self._today

        def look(s: Scheme) -> State | None:
            free, leased = s.accepting(today()), s.leased(today())
            if len(free) == len(leased):
                return None
            return State("amber", "warning") if free else State("red", "prohibit")

        def free(s: Scheme) -> int:
            return sum(not flat.taken for flat in s.accepting(today()))

        return [
            Column("name", "Scheme", lambda s: s.name, strong=True, stretch=True, width=150),
            Column("kind", "Type", lambda s: SCHEME_WORDS[s.kind], width=92),
            Column("locality", "Locality", lambda s: s.locality.capitalize(), width=76),
            Column("age", "Age from", lambda s: str(s.least_age or "Any"), sort=lambda s: s.least_age or 0,
                   value=lambda s: s.least_age, numeric=True, width=76),
            Column("staff", "Staff", lambda s: (s.staff_hours or "On site") if s.staff_on_site else "None on site",
                   hidden=True, width=120, tip=lambda s: s.staff_hours),
            Column("flats", "Leased", lambda s: str(len(s.leased(today()))), sort=lambda s: len(s.leased(today())),
                   numeric=True, width=64),
            Column("free", "Free", lambda s: str(free(s)) if self._sees_stays else "", sort=free,
                   value=free, numeric=True, width=52),
            Column("accepting", "Accepting", lambda s: accepting_words(s, today()), badge=look, width=124,
                   tip=lambda s: accepting_words(s, today())),
            Column("neighbourhood", "Neighbourhood", lambda s: s.neighbourhood or "Not known", quiet=True, hidden=True,
                   width=150),
            Column("address", "Address", lambda s: f"{s.address} {s.postcode}".strip(), quiet=True, hidden=True,
                   width=180),
            Column("connection", "For whom", lambda s: CONNECTION_WORDS[s.local_connection], quiet=True, hidden=True,
                   width=150),
        ]  # fmt: skip

    def _flat_columns(self) -> list[Column[Flat]]:
        today = self._today

        def now(f: Flat) -> str:
            if not f.is_leased(today()):
                return "Not leased"
            if not self._sees_stays:
                return "Leased"
            return "Taken" if f.taken else "Takes nobody" if f.paused else "Free"

        def look(f: Flat) -> State | None:
            if now(f) == "Free":
                return State("ok", "check")
            return State("amber", "prohibit") if f.paused and not f.taken else None

        def lease(f: Flat) -> State | None:
            return State("amber", "timer") if f.lease_end is not None and f.lease_end <= today() + SOON else None

        return [
            Column("name", "Apartment", lambda f: f.name, strong=True, width=96),
            Column("now", "Now", now, badge=look, tip=lambda f: f.paused, width=112),
            Column("has", "Has", has_words, stretch=True, width=110,
                   tip=lambda f: f"{has_words(f)}. {f.notes}".strip()),
            Column("lease", "Leased until", lambda f: wording.day(f.lease_end - timedelta(days=1)) if f.lease_end
                   else "No end", sort=lambda f: f.lease_end or date.max, badge=lease, width=98,
                   tip=lambda f: f"Leased from {wording.day(f.lease_start)}"),
        ]  # fmt: skip

    # reading

    def refresh(self) -> None:
        service = self.desk.services.schemes
        self.run(lambda: (service.all(), service.neighbourhoods()), self._show, latest="rows")

    def open(self, key: object) -> None:
        """``key``: a scheme's id."""
        self.key = key
        self.refresh()

    def _show(self, found: tuple[list[Scheme], list[tuple[int, str, str]]]) -> None:
        schemes, self.neighbourhoods = found
        locality, today = self.desk.locality.value.lower(), self._today()
        shown = [s for s in schemes if not locality or s.locality == locality]
        self.model.set_rows(shown)
        many = sum(len(s.leased(today)) for s in shown)
        self.head.say(f"{wording.count(many, 'apartment')} leased" if shown else "")
        if self.key is not None:
            self.table.select_key(self.key)
            self.key = None
        if self.table.current is None and shown:
            self.table.selectRow(0)
        self._moved()

    def _moved(self) -> None:
        chosen: Scheme | None = self.table.current
        self.flats_model.set_rows(list(chosen.flats) if chosen else [])
        self._facts.set(scheme_facts(chosen) if chosen else [])
        if self.flats.current is None and chosen and chosen.flats:
            self.flats.selectRow(0)
        if not self.acts.asking:
            self.panel.set_title(chosen.name if chosen else "Scheme")
        ask_again(*self._buttons, *self.panel.buttons)

    # the side

    def show_side(self) -> None:
        """The chosen scheme and its apartments."""
        self.panel.stand(self._beside, *(command_button(self._by[name], words=said) for name, said in SIDE.items()))
        self._moved()

    def activated(self) -> None:
        self.table.setFocus()

    # commands

    def _make_commands(self) -> list[Command]:
        acts = self.acts

        def idle() -> bool:
            return self._may and not acts.asking

        def on_scheme() -> bool:
            return idle() and self.table.current is not None

        def on_flat() -> bool:
            return on_scheme() and self.flats.current is not None

        def places() -> bool:
            return on_scheme() and self.desk.actor.role == "placement_coordinator"

        def free() -> bool:
            return bool(self.table.current.accepting(self._today()))

        def paused() -> bool:
            return any(flat.paused for flat in self.table.current.flats)

        def make(name: str, title: str, run: Any, key: str, when: Any, icon: str = "") -> Command:
            return Command(f"schemes.{name}", title, run, key, when, "Schemes", icon)

        return [
            make("add", "Add a scheme", acts.add, "N", idle, "plus"),
            make("change", "Change the scheme", acts.change, "E", on_scheme, "pencil-simple"),
            make("needs", "What the scheme can and cannot meet", acts.needs, "C", on_scheme, "list-bullets"),
            make("pause", "The scheme takes nobody in", acts.pause, "P", lambda: places() and free(), "prohibit"),
            make("accept", "The scheme takes people in", acts.accept, "T", lambda: places() and paused(), "check"),
            make("add_flat", "Add an apartment", acts.add_flat, "A", on_scheme, "plus"),
            make("change_flat", "Change the apartment", acts.change_flat, "F", on_flat, "pencil-simple"),
            make("lease", "Change or end the lease", acts.end_lease, "L", on_flat, "calendar-x"),
            make("save", "Save what is typed", acts.save, "Ctrl+Return", lambda: acts.asking),
            *self.table.commands("schemes"),
        ]

    def commands(self) -> list[Command]:
        return self._commands


def has_words(flat: Flat) -> str:
    """``2 bed, step-free, hoist``."""
    rooms = f"{flat.bedrooms} bed" if flat.bedrooms else "studio"
    found = [rooms] + [w for name, w in (("step_free", "step-free"), ("hoist", "hoist"), ("pets", "pets"))
                       if getattr(flat, name)]  # fmt: skip
    return ", ".join(found if flat.furnished else [*found, "not furnished"])


def scheme_facts(scheme: Scheme) -> list[tuple[str, object | None]]:
    """Everything of a scheme that is not in the list of its apartments."""

    def said(can: bool) -> str:
        words = [
            CARE_NEEDS.get(n.need, n.need).lower() + (f" ({n.note})" if n.note else "")
            for n in scheme.needs if n.can == can
        ]  # fmt: skip
        return wording.listing(words)

    staff = (scheme.staff_hours or "On site, hours not known") if scheme.staff_on_site else "None on site"
    found: list[tuple[str, object | None]] = [
        ("Address", f"{scheme.address} {scheme.postcode}".strip() or None),
        ("Neighbourhood", scheme.neighbourhood or None),
        ("Staff", staff),
        ("For", CONNECTION_WORDS[scheme.local_connection]),
        ("Age from", scheme.least_age or "Any age"),
        ("Can meet", said(True) or "Nothing said yet"),
        ("Cannot meet", said(False) or "Nothing said yet"),
    ]
    return found + ([("Notes", scheme.notes)] if scheme.notes else [])
