"""Transfer: who is in hospital and need not be, the row of lights on their way home, and why they wait (T1-T6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from coordination.clock import local_date
from coordination.transfer.caseload import TransferList
from coordination.transfer.model import LIGHTS, Light, Told, Transfer
from ui import wording
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.governance.following import follow
from ui.page import Page
from ui.style import theme, tokens
from ui.transfer import words
from ui.transfer.acts import TransferActs
from ui.transfer.commands import transfer_commands
from ui.transfer.messages import LIGHT_WORDS
from ui.transfer.putting_on import PutOn
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.mark_table import MarkTable
from ui.widgets.marks import marks_width
from ui.widgets.panels import PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

SIDE = {"seen_to": "Done", "not_needed": "Not needed", "go": "Open"}


class TransferPage(Page):
    """The morning call's list. Single keys act on the person and the light that are chosen."""

    id, title, icon = "transfer", "Transfer", "bed"
    areas: ClassVar[frozenset[str]] = frozenset(
        {"transfer", "intake", "careplan", "deployment", "apartments", "equipment"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: TransferList | None = None
        self.model = StableTableModel[Transfer](self._columns(), key=lambda t: t.id)
        self._empty = EmptyState(*words.EMPTY["all"], icon="bed")
        self.table = MarkTable(
            self.model, settings=desk.settings, name="transfer-list", title="Ready to go home", empty=self._empty
        )
        self.told_model = StableTableModel[Told](self._told_columns(), key=lambda t: t.referral_id)
        self.told = Table(
            self.told_model, settings=desk.settings, name="transfer-told", title="From wards",
            empty=EmptyState(*words.EMPTY["told"], icon="bed"),
        )  # fmt: skip
        self.lists = QStackedWidget()
        self.lists.addWidget(self.table)
        self.lists.addWidget(self.told)
        self.lights_model = StableTableModel[Light](_light_columns(), key=lambda light: light.kind)
        self.lights = Table(
            self.lights_model, settings=desk.settings, name="transfer-marks", title="Ready to go home", inset=2,
            empty=EmptyState("Nobody is chosen", "What is to be seen to stands here.", icon="lightbulb"),
        )  # fmt: skip
        self.lights.horizontalHeader().hide()
        self._about = label("", quiet=True, wrap=True)
        self._beside = plane(column(self.lights, plane(row(self._about, margins=(4, 2, 4, 2)), "", "above"), gap=0))
        self.view = SegmentedChoice(list(words.VIEWS.items()), "all", "Show")
        self.acts = TransferActs(self)
        self._commands = transfer_commands(self)
        self._by = {c.id.removeprefix("transfer."): c for c in self._commands}
        self._buttons = [
            command_button(self._by[name], words=said)
            for name, said in (("find", "Put on the list"), ("change", "Change"), ("why", "Delay"), ("left", "Left"))
        ]
        self.head = PageHead("Transfer", "", *self._buttons, self.table.menu_button())
        self.panel = AskingPanel("Ready to go home")
        others = [
            command_button(self._by[name], words=said)
            for name, said in (("morning", "Morning list"), ("caseload", "Caseload"), ("report", "Report"))
        ]
        bar = plane(row(self.view, None, *others, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        whole = column(
            self.head, bar,
            splitter(self.lists, self.panel, sizes=(818, 352), settings=desk.settings, name="transfer-list"), gap=0,
        )  # fmt: skip
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.show_side()
        self._connect()
        theme.hub().changed.connect(self._give_room)
        self._give_room()

    def _connect(self) -> None:
        self.table.about = lambda: [
            words.VIEWS[str(self.view.value)],
            f"Locality: {self.desk.locality.value or 'all'}",
            words.caseload_words(self._found.caseload) if self._found else "",
        ]
        self.view.changed.connect(lambda _view: self._show_view())
        self.table.current_changed.connect(lambda _row: self._moved())
        follow(self.desk, self.table, "transfer")
        self.told.current_changed.connect(lambda _row: ask_again(*self._buttons))
        self.table.opened.connect(lambda t: self.desk.go.to("person", t.person_id))
        self.told.opened.connect(lambda _told: self.acts.take())
        self.lights.opened.connect(lambda _light: self.acts.to_what_makes_it_green())
        self.lights.current_changed.connect(lambda _row: self._light_moved())
        self.table.mark_chosen.connect(lambda number: self.lights.select_key(LIGHTS[number]))
        self.table.mark_opened.connect(lambda _row, _number: self._open_light())
        Busy(self.lists, self.desk.tasks, owner=self)

    def _give_room(self) -> None:
        """All eight lights without scrolling; what is said of the clocks scrolls."""
        self.lights.setMinimumHeight(theme.px(tokens.measure("row")) * len(LIGHTS) + 2)

    def _open_light(self) -> None:
        if not self.acts.asking:  # what is being typed stays
            self.acts.to_what_makes_it_green()

    def _today(self) -> Any:
        return local_date(self.desk.clock.now())

    def _columns(self) -> list[Column[Transfer]]:
        now, today = self.desk.clock.now, self._today
        return [
            Column("ready", "Ready for", lambda t: words.ready_words(t, now()), sort=lambda t: t.ready_at,
                   value=lambda t: t.ready_at, badge=lambda t: words.ready_look(t, now()), width=90),
            Column("person", "Person", lambda t: t.who, strong=True, width=182, tip=lambda t: t.who),
            Column("where", "Where", lambda t: f"{t.hospital} {t.ward}".strip(), width=84,
                   tip=lambda t: f"{t.hospital_name} {t.ward}".strip()),
            Column("lights", "Lights", words.lights_words, marks=words.lights_marks, width=marks_width(len(LIGHTS)),
                   sort=lambda t: len(t.open_lights), tip=words.lights_in_full, help=words.LIGHTS_HELP),
            Column("assess", "Assess", lambda t: words.assess_words(t, now()), sort=lambda t: t.assess_due,
                   badge=lambda t: words.assess_look(t, now()), width=94,
                   tip=lambda t: "\n".join(words.clock_lines(t, now()))),
            Column("assessor", "Assessor", words.clock_owner_short, width=82, value=words.clock_owner,
                   badge=words.missing_look, tip=lambda t: "\n".join(words.clock_lines(t, now()))),
            Column("why", "Waits for", words.delay_short, width=70, stretch=True,
                   badge=lambda t: words.delay_look(t, today()), tip=lambda t: words.delay_words(t, today())),
            Column("expected", "Expected", lambda t: wording.day(t.expected_on) if t.expected_on else "",
                   sort=lambda t: t.expected_on, value=lambda t: t.expected_on, hidden=True, width=104),
            Column("pathway", "Where to", words.pathway_words, quiet=True, hidden=True, width=150),
            Column("owner", "Who sees to it", lambda t: t.owner_name or "Nobody yet", quiet=True, hidden=True,
                   width=120),
            Column("nights", "Nights without a reason", lambda t: str(t.nights_without_reason(today())), numeric=True,
                   sort=lambda t: t.nights_without_reason(today()), hidden=True, width=120),
        ]  # fmt: skip

    def _told_columns(self) -> list[Column[Told]]:
        return [
            Column("ready", "Ready since", lambda t: wording.near_time(t.ready_at, self.desk.clock.now()),
                   sort=lambda t: t.ready_at, value=lambda t: t.ready_at, width=140),
            Column("person", "Person", lambda t: t.who or "Nobody has said who", strong=True, width=190),
            Column("site", "Hospital", lambda t: t.site, width=220, stretch=True),
            Column("ward", "Ward", lambda t: t.ward, width=120),
            Column("number", "Referral", lambda t: f"No. {t.number}", quiet=True, width=90),
        ]  # fmt: skip

    # reading

    def refresh(self) -> None:
        service, locality = self.desk.services.transfer, self.desk.locality.value.lower() or None
        self.run(lambda: service.worklist(locality), self._show, latest="rows")

    def open(self, key: object) -> None:
        if isinstance(key, PutOn):
            self.key = None
            self.refresh()
            self.acts.put_on(key)
            return
        self.key = key
        self.refresh()

    def show_row(self, key: object) -> None:
        """Everybody, with this one chosen."""
        self.view.set_value("all")
        self.open(key)

    def _show(self, found: TransferList) -> None:
        self._found = found
        counts = {view: len(self._in(view)) for view in words.VIEWS if view != "told"} | {"told": len(found.told)}
        for view, many in counts.items():
            self.view.set_words(view, f"{words.VIEWS[view]} {many}" if many else words.VIEWS[view])
        self.head.say(words.caseload_short(found.caseload))
        self._show_view()
        if self.key is not None:
            self.table.select_key(self.key)
            self.key = None

    def _in(self, view: str) -> list[Transfer]:
        rows, today = (self._found.rows if self._found else ()), self._today()
        tests: dict[str, Callable[[Transfer], bool]] = {
            "go": lambda t: t.is_ready_to_go, "assess": lambda t: t.assess_due is not None,
            "delayed": lambda t: t.nights_without_reason(today) > 0,
        }  # fmt: skip
        test = tests.get(view)
        return [t for t in rows if test is None or test(t)]

    def _show_view(self) -> None:
        view = str(self.view.value)
        self._empty.say(*words.EMPTY[view])
        self.lists.setCurrentIndex(1 if view == "told" else 0)
        self.told_model.set_rows(list(self._found.told) if self._found else [])
        self.model.set_rows(self._in("all" if view == "told" else view))
        for table in (self.table, self.told):
            if table.current is None and table.model().rowCount():
                table.selectRow(0)
        self._moved()

    def _moved(self) -> None:
        chosen = self.table.current
        self.lights_model.set_rows(list(chosen.lights) if chosen else [])
        if self.lights.current is None and chosen:
            self.lights.selectRow(0)
        if not self.acts.asking:
            self.panel.set_title(chosen.who if chosen else "Ready to go home")
        ask_again(*self._buttons)
        self._light_moved()

    def _light_moved(self) -> None:
        light, chosen = self.lights.current, self.table.current
        if light is not None:
            self.table.choose_mark(LIGHTS.index(light.kind))
        said = words.light_mark(light).words if light is not None else ""
        if chosen is not None:
            clocks = "\n".join(words.clock_lines(chosen, self.desk.clock.now()))
            said = f"{said}\n{clocks}\n{words.pathway_words(chosen)}. {chosen.bed_reason}".strip()
            said = said.replace("\n\n", "\n")
        self._about.setText(said)
        ask_again(*self.panel.buttons)

    # the side

    def show_side(self) -> None:
        """The row of lights of whoever is chosen."""
        self.panel.stand(self._beside, *(command_button(self._by[name], words=said) for name, said in SIDE.items()))
        self._moved()

    def show_cost(self, who: str, lines: list[str]) -> None:
        """What one more costs, in the place of the lights until somebody goes back."""
        said = QWidget()
        said.setLayout(column(label(lines[0], strong=True, wrap=True),
                              *(label(line, wrap=True) for line in lines[1:]), None, gap=2, margins=4))  # fmt: skip
        self.acts.look()
        self.panel.ask(
            f"If {who} is taken today", said, "Caseload", lambda: self.desk.go.to("caseload", None), self.acts.leave
        )

    def activated(self) -> None:
        (self.told if self.lists.currentIndex() else self.table).setFocus()

    def commands(self) -> list[Command]:
        return self._commands


def _light_columns() -> list[Column[Light]]:
    return [
        Column("mark", "", words.light_words, marks=lambda light: (words.light_mark(light),), width=38),
        Column("what", "What", lambda light: LIGHT_WORDS[light.kind], strong=True, width=132),
        Column("note", "", words.light_says, quiet=True, stretch=True, width=60, tip=words.light_says),
    ]
