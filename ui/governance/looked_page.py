"""Who has looked at this person, and why could they? And the other way round; what was refused; the seals (R4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from coordination.changes import Change
from coordination.clock import local_date
from coordination.governance.looked import Colleague
from coordination.governance.looked_service import Asked, LookedAt
from coordination.people.model import PersonRow
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.governance import looked_words as words
from ui.governance.looked_person import PersonTrail, beside
from ui.governance.looked_refused import RefusedList
from ui.governance.looked_user import UserPicker, UserTrail
from ui.governance.seals_view import SealsView
from ui.page import Page
from ui.people.finder import PersonFinder
from ui.widgets.basics import Choice, ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.panels import Facts, PageHead, splitter

MODES = (("person", "A person"), ("user", "A user"), ("refused", "At the door"), ("seals", "Seals"))


class LookedPage(Page):
    """``open`` takes a person's id, or ``("user", user_name)``."""

    id, title, icon = "looked", "Who has looked", "eye"
    areas: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.person: UUID | None = None
        self.user: str | None = None
        self._asking = False
        self._field: QWidget = self
        self.people, self.users = PersonTrail(desk), UserTrail(desk)
        self.refused, self.seals = RefusedList(desk), SealsView(self)
        self.mode = SegmentedChoice(MODES, "person", "Show")
        self.period = Choice(list(words.PERIODS))
        self.period.setAccessibleName("Period")
        self.period.set_value("91")
        self._views: dict[str, Any] = {
            "person": self.people, "user": self.users, "refused": self.refused, "seals": self.seals,
        }  # fmt: skip
        self._stack = QStackedWidget()
        for view in self._views.values():
            self._stack.addWidget(view)
        self._commands = self._all_commands()
        by = {c.id.removeprefix("looked."): c for c in self._commands}
        named = (
            ("find", "Find"),
            ("paper", "Print for the person"),
            ("verify", "Verify now"),
            ("keep", "Keep the seal"),
        )
        self._buttons = [command_button(by[name], words=said) for name, said in named]
        self._menus = [view.table.menu_button() for view in self._views.values()]
        self.head = PageHead(self.title, "", *self._buttons, *self._menus)
        bar = plane(row(self.mode, None, label("Period", quiet=True), self.period, margins=(6, 1.5, 4, 1.5)), "surface",
                    "below")  # fmt: skip
        self.panel = AskingPanel("Who has looked")
        self._known = QWidget()
        self._known.setLayout(column(margins=0))
        parts = splitter(self._stack, self.panel, sizes=(900, 330), settings=desk.settings, name="looked")
        whole = column(self.head, bar, parts, gap=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self._connect()
        self._show_mode()

    def _connect(self) -> None:
        self.mode.changed.connect(lambda _mode: self._mode_chosen())
        self.period.chosen.connect(lambda _period: self.refresh())
        self.people.moved.connect(self._moved)
        self.people.more_asked.connect(self.read_older)
        self.users.moved.connect(self._moved)
        self.people.table.opened.connect(lambda looking: self.show_user(looking.actor))
        self.users.table.opened.connect(lambda looked: self.show_person(looked.person))
        self.refused.shown.changed.connect(lambda _of: self.refresh())
        self.refused.table.opened.connect(lambda refusal: self.show_user(refusal.actor))
        Busy(self._stack, self.desk.tasks, owner=self)

    # ---------------------------------------------------------------- what can be done

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        def at(*modes: str) -> Any:
            return lambda: not self._asking and self.mode.value in modes

        group = self.title
        return [
            Command("looked.find", "Choose whose trail", self.choose, "F",
                    lambda: self.mode.value in ("person", "user"), group, "magnifying-glass"),
            Command("looked.user", "What else has this user looked at?", self._user_of_row, "U",
                    lambda: self.mode.value == "person" and self.people.current is not None, group, "users"),
            Command("looked.person", "Who else has looked at this person?", self._person_of_row, "W",
                    lambda: self.mode.value == "user" and self.users.current is not None, group, "user"),
            Command("looked.paper", "Print for the person…", self.on_paper, "P",
                    lambda: self.mode.value == "person" and self.people.found is not None, group, "printer",
                    also="subject access request plain words large print pdf"),
            Command("looked.older", "Read further back", self.read_older, "O",
                    lambda: self.mode.value == "person" and self.people.found is not None
                    and self.people.found.more is not None, group, "caret-right"),
            Command("looked.door", "Next list: refused, signed in and out, looks for hidden records",
                    self.refused.show_next, "L", at("refused"), group, ""),
            Command("looked.verify", "Verify the audit trail now", self.seals.verify, "V", at("seals"), group,
                    "circle-wavy-check", also="seals sealed tamper"),
            Command("looked.against", "Hold the trail against a kept seal…", self.seals.ask_kept, "", at("seals"),
                    group, "circle-wavy-question"),
            Command("looked.keep", "Keep the latest seal…", self.seals.ask_export, "K", at("seals"), group,
                    "floppy-disk", also="export save"),
        ]  # fmt: skip

    # ---------------------------------------------------------------- what is shown

    def open(self, key: object) -> None:
        if isinstance(key, UUID):
            self.show_person(key)
        elif isinstance(key, tuple) and len(key) == 2 and key[0] == "user":
            self.show_user(str(key[1]))
        else:
            self.refresh()

    def show_person(self, person: UUID) -> None:
        """Who has looked at this person."""
        self.person = person
        self._turn_to("person")

    def show_user(self, user: str) -> None:
        """At whom this user has looked."""
        self.user = user
        self._turn_to("user")

    def _turn_to(self, mode: str) -> None:
        self._stop_asking()
        if self.mode.value == mode:
            self.refresh()
        else:
            self.mode.set_value(mode)

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        """Never: each reading is noted on the trail, so it is read when somebody asks."""
        return False

    @property
    def since(self) -> date:
        return self._today - timedelta(days=int(self.period.value) - 1)

    @property
    def _today(self) -> date:
        return local_date(self.desk.clock.now())

    def refresh(self) -> None:
        looks, since, until = self.desk.services.looks, self.since, self._today
        mode, person, user = self.mode.value, self.person, self.user
        if mode == "person" and person is not None:
            self.run(lambda: looks.looked_at(Asked(person, since, until)), self._show_person, latest="person")
        elif mode == "user" and user is not None:
            self.run(lambda: looks.looked_by(user, since, until), self.users.show_found, latest="user")
        elif mode == "refused":
            of = self.refused.of
            self.run(lambda: (looks.refusals(since, until, of=of), looks.colleagues()), self.refused.show_found,
                     latest="no")  # fmt: skip
        elif mode == "seals":
            self.seals.refresh()
        self._moved()

    def _show_person(self, found: LookedAt) -> None:
        self.people.show_found(found)

    def read_older(self) -> None:
        """Further back in the period, under what is shown."""
        found, since, until = self.people.found, self.since, self._today
        if found is not None and found.more is not None:
            asked = Asked(found.person.id, since, until, before=found.more)
            looks = self.desk.services.looks
            self.run(lambda: looks.looked_at(asked), lambda older: self.people.show_found(older, further=True),
                     latest="person")  # fmt: skip

    def _mode_chosen(self) -> None:
        self._show_mode()
        self.refresh()

    def _show_mode(self) -> None:
        mode = str(self.mode.value)
        self._stop_asking()
        self._stack.setCurrentWidget(self._views[mode])
        for menu, of in zip(self._menus, self._views, strict=True):
            menu.setVisible(of == mode)
        shown = {"find": mode in ("person", "user"), "paper": mode == "person", "verify": mode == "seals",
                 "keep": mode == "seals"}  # fmt: skip
        for each, name in zip(self._buttons, shown, strict=True):
            each.setVisible(shown[name])
        self.panel.setVisible(mode in ("person", "user"))
        self.period.setEnabled(mode != "seals")
        if (mode == "person" and self.person is None) or (mode == "user" and self.user is None):
            self.choose()
        self._moved()

    def _moved(self) -> None:
        """What stands beside: what is known of the row."""
        if not self._asking:
            self._stand()
        ask_again(*self._buttons)

    def _stand(self) -> None:
        mode, found = self.mode.value, self.people.found
        by = {c.id.removeprefix("looked."): c for c in self._commands}
        if mode == "user":
            self.panel.set_title("Beside others in the role")
            self.panel.stand(self.users.beside, command_button(by["person"], words="Who else?"))
            return
        looking = self.people.current
        if found is not None and looking is not None:
            self.panel.set_title(words.who(looking, found.colleagues))
            content = QWidget()
            content.setLayout(column(beside(found, looking), None, margins=4))
            self.panel.stand(content, command_button(by["user"], words="What else?"))
        else:
            self.panel.set_title("Who has looked")
            self.panel.stand(plane(column(Facts([]), None, margins=4), "", ""))

    # ---------------------------------------------------------------- choosing

    def choose(self) -> None:
        """A finder at the side: of a person, or of a user. The cursor goes there, also when it stands there already."""
        if self._asking:
            self._field.setFocus()
        elif self.mode.value == "user":
            picker = UserPicker(self.desk)
            picker.chosen.connect(self._user_chosen)
            self.run(self.desk.services.looks.colleagues, picker.show_users, latest="users")
            self._ask("Whose looks?", picker, picker.field)
        else:
            finder = PersonFinder(self.desk, self.desk.services.looks.find)
            finder.chosen.connect(self._person_chosen)
            self._ask("Whose trail?", plane(column(finder, margins=3), "", ""), finder.field)

    def _ask(self, title: str, content: QWidget, field: QWidget) -> None:
        self._asking, self._field = True, field
        self.panel.ask(title, content, "", lambda: None, self._left)
        field.setFocus()
        ask_again(*self._buttons)

    def _left(self) -> None:
        self._stop_asking()
        self._moved()
        self.activated()

    def _stop_asking(self) -> None:
        self._asking = False

    def _person_chosen(self, found: PersonRow) -> None:
        self.show_person(found.id)
        self.activated()

    def _user_chosen(self, found: Colleague) -> None:
        self.show_user(found.user_name)
        self.activated()

    def _user_of_row(self) -> None:
        if self.people.current is not None:
            self.show_user(self.people.current.actor)

    def _person_of_row(self) -> None:
        if self.users.current is not None:
            self.show_person(self.users.current.person)

    def activated(self) -> None:
        (self._field if self._asking else self._views[str(self.mode.value)].table).setFocus()

    # ---------------------------------------------------------------- paper

    def on_paper(self) -> None:
        """For the person: what is shown, filtered as it is, in plain words."""
        found = self.people.found
        if found is not None:
            from ui.governance.looked_window import LookedPaper

            self.paper = LookedPaper(self, self.desk, found, self.people.shown, (self.since, self._today))
            self.paper.show()
