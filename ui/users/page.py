"""Users and teams: who may sign in, as what, from where; first and reset passwords; the teams they belong to."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.governance.users import Scope, TeamLine, UserLine
from ui import wording
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.users import words
from ui.users.deeds import UserDeeds
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import FilterChips, FlowBox, SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Facts, PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

USERS, TEAMS = "users", "teams"
_SIDE = ("change", "role", "reset", "sign_out", "switch")
_GROUP = "Users and teams"


class UsersPage(Page):
    """For administrators. What is about oneself is another administrator's."""

    id, title, icon = "users", "Users and teams", "users-four"
    areas: ClassVar[frozenset[str]] = frozenset({"governance"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.scope = Scope((), ())
        self.users_model = StableTableModel[UserLine](self._user_columns(), key=lambda line: line.user_name)
        self.teams_model = StableTableModel[TeamLine](self._team_columns(), key=lambda line: line.id)
        settings = desk.settings
        self.tables = {
            USERS: Table(
                self.users_model, settings=settings, name="users", title="Users",
                empty=EmptyState("Nobody is like that", "Less of what you typed, or fewer marks, finds more."),
            ),
            TEAMS: Table(
                self.teams_model, settings=settings, name="teams", title="Teams",
                empty=EmptyState("There is no such team", "T adds one: its name, its service, its locality."),
            ),
        }  # fmt: skip
        self.acts = UserDeeds(self)
        self.shown = SegmentedChoice([(USERS, "Users"), (TEAMS, "Teams")], USERS, "Show")
        self.typed = QLineEdit()
        self.typed.setPlaceholderText("Name, role, team, locality")
        self.typed.setAccessibleName("Find among users or teams")
        self.typed.setClearButtonEnabled(True)
        self.chips = FilterChips([(state, said, words.LOOKS[state].mark) for state, said in words.SHORT.items()])
        self._commands = self._all_commands()
        by = {command.id.removeprefix("users."): command for command in self._commands}
        said = {"add": "New user", "add_team": "New team", "change": "Change", "role": "Role",
                "reset": "Reset password", "sign_out": "Sign out", "switch": "Switch off"}  # fmt: skip
        main = {"add", "add_team"}
        self._moves = {n: command_button(by[n], words=w, kind="main" if n in main else "") for n, w in said.items()}
        self._build()
        for table in self.tables.values():
            table.current_changed.connect(lambda _line: self._moved())
            table.opened.connect(lambda _line: by["change"]())
        self.typed.textChanged.connect(lambda _text: self._filter())
        self.typed.returnPressed.connect(lambda: self.table.setFocus())
        self.chips.changed.connect(lambda _chips: self._filter())
        self.shown.changed.connect(lambda _shown: self._show_view())
        self._show_view()

    def _build(self) -> None:
        self.menus = {name: table.menu_button() for name, table in self.tables.items()}
        self.head = PageHead(
            self.title, "", self.shown, self._moves["add"], self._moves["add_team"], *self.menus.values()
        )
        bar = plane(column(row(self.typed), self.chips, gap=1.5, margins=(6, 2, 4, 2)), "surface", "below")
        left = QWidget()
        lay = column(bar, *self.tables.values(), gap=0)
        left.setLayout(lay)
        self.panel = AskingPanel("User")
        self._facts = Facts()
        self._about_own = label("Another administrator changes what is yours. Your password you change in the menu of "
                                "your name.", quiet=True, wrap=True)  # fmt: skip
        self._beside = QWidget()
        deeds = FlowBox(*(self._moves[name] for name in _SIDE))
        self._beside.setLayout(column(self._facts, self._about_own, deeds, None, gap=4))
        split = splitter(left, self.panel, sizes=(830, 400), settings=self.desk.settings, name="users")
        whole = column(self.head, split, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        Busy(left, self.desk.tasks, owner=self)

    def _user_columns(self) -> list[Column[UserLine]]:
        now = self.desk.clock.now
        return [
            Column("state", "State", lambda li: words.STATES[li.state], width=130,
                   badge=lambda li: words.LOOKS[li.state], sort=lambda li: list(words.STATES).index(li.state)),
            Column("name", "Name", lambda li: li.display_name, strong=True, width=150, stretch=True,
                   tip=lambda li: li.user_name),
            Column("user", "User name", lambda li: li.user_name, width=168, hidden=True),
            Column("role", "Role", lambda li: wording.role(li.role), width=196),
            Column("place", "Locality", lambda li: words.place(li.locality), width=78, hidden=True),
            Column("team", "Team", lambda li: li.team, width=160, tip=lambda li: li.team),
            Column("last", "Signed in", lambda li: words.last(li, now()), width=110, quiet=True,
                   sort=lambda li: li.last_at, value=lambda li: li.last_at),
            Column("refused", "Refused before", lambda li: str(li.refused or ""), numeric=True, width=110, hidden=True,
                   sort=lambda li: li.refused, value=lambda li: li.refused),
        ]  # fmt: skip

    def _team_columns(self) -> list[Column[TeamLine]]:
        return [
            Column("name", "Team", lambda li: li.name, strong=True, width=220, stretch=True),
            Column("service", "Service", lambda li: li.service_name, width=200),
            Column("place", "Locality", lambda li: words.place(li.locality), width=90),
            Column("phone", "Phone", lambda li: li.phone, width=130),
            Column("users", "Sign in", lambda li: str(li.users), numeric=True, width=70, sort=lambda li: li.users,
                   value=lambda li: li.users),
        ]  # fmt: skip

    # ---------------------------------------------------------------- what is chosen

    @property
    def table(self) -> Table:
        return self.tables[str(self.shown.value)]

    @property
    def user(self) -> UserLine | None:
        found: UserLine | None = self.table.current if self.shown.value == USERS else None
        return found

    @property
    def team(self) -> TeamLine | None:
        found: TeamLine | None = self.table.current if self.shown.value == TEAMS else None
        return found

    @property
    def teams_known(self) -> tuple[TeamLine, ...]:
        return self.scope.teams

    @property
    def services_known(self) -> tuple[tuple[str, str], ...]:
        return self.scope.services

    # ---------------------------------------------------------------- reading

    def refresh(self) -> None:
        service = self.desk.services.users
        self.run(lambda: (service.all(), service.scope()), self._show, latest="rows")

    def _show(self, found: tuple[list[UserLine], Scope]) -> None:
        users, self.scope = found
        self.users_model.set_rows(users)
        self.teams_model.set_rows(list(self.scope.teams))
        self.chips.set_counts({state: sum(line.state == state for line in users) for state in words.STATES})
        self._choose_first()
        self._moved()

    def _filter(self) -> None:
        typed, states = self.typed.text(), self.chips.value
        self.users_model.set_filter(lambda li: words.found_by(li, typed) and (not states or li.state in states))
        self.teams_model.set_filter(lambda li: words.team_found_by(li, typed))
        self._choose_first()
        self._moved()

    def _choose_first(self) -> None:
        if self.table.current is None and self.table.model().rowCount():
            self.table.selectRow(0)

    def _show_view(self) -> None:
        if self.acts.asking:
            self.acts.leave()
        view = str(self.shown.value)
        for name, table in self.tables.items():
            table.setVisible(name == view)
            self.menus[name].setVisible(name == view)
        self.chips.setVisible(view == USERS)
        self._moves["add"].setVisible(view == USERS)
        self._moves["add_team"].setVisible(view == TEAMS)
        self._choose_first()
        self.show_side()

    def _moved(self) -> None:
        shown = self.users_model if self.shown.value == USERS else self.teams_model
        self.head.say(wording.count(shown.rowCount(), "login" if self.shown.value == USERS else "team"))
        if not self.acts.asking:
            self.show_side()
        ask_again(*self._moves.values())

    # ---------------------------------------------------------------- the side

    def show_side(self) -> None:
        """What is known of the one chosen, or the password that has just been given."""
        if self.acts.given is not None:
            self.acts.show_given()
            return
        user, team = self.user, self.team
        if user is not None:
            self.panel.set_title(user.display_name)
            self._facts.set(words.facts(user, self.desk.clock.now()))
        elif team is not None:
            self.panel.set_title(team.name)
            self._facts.set([("Service", team.service_name), ("Locality", words.place(team.locality)),
                             ("Phone", team.phone), ("May sign in", wording.count(team.users, "user"))])  # fmt: skip
        else:
            self.panel.set_title("User" if self.shown.value == USERS else "Team")
            self._facts.set([])
        self._about_own.setVisible(user is not None and self._is_own)
        for name in _SIDE:
            self._moves[name].setVisible(user is not None and not self._is_own)
        if team is not None:
            self._moves["change"].show()
        self._moves["switch"].setText("Let in again" if user is not None and not user.active else "Switch off")
        self.panel.stand(self._beside)

    @property
    def _is_own(self) -> bool:
        return self.user is not None and self.user.user_name == self.desk.actor.user_name

    def activated(self) -> None:
        self.table.setFocus()

    # ---------------------------------------------------------------- commands

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        acts = self.acts

        def idle(view: str) -> bool:
            return self.shown.value == view and not acts.asking

        def other() -> bool:
            return idle(USERS) and self.user is not None and not self._is_own

        def on_team() -> bool:
            return idle(TEAMS) and self.team is not None

        return [
            Command("users.add", "A new user", self._add_user, "N", lambda: not acts.asking, _GROUP, "user-plus",
                    also="login account create colleague"),
            Command("users.add_team", "A new team", self._add_team, "T", lambda: not acts.asking, _GROUP,
                    "users-three"),
            Command("users.change", "Change", self._change, "E", lambda: other() or on_team(), _GROUP, "pencil-simple",
                    also="name team locality rename phone service"),
            Command("users.role", "Change the role", acts.change_role, "R", other, _GROUP, "identification-badge"),
            Command("users.reset", "Reset the password", acts.reset, "P", other, _GROUP, "key",
                    also="forgotten one-time"),
            Command("users.sign_out", "Sign out everywhere", acts.sign_out, "O", other, _GROUP, "sign-out",
                    also="end sessions"),
            Command("users.switch", "Switch the login off, or let it in again", acts.switch, "X", other, _GROUP,
                    "prohibit", also="disable enable leave wipe"),
            Command("users.other", "Users or teams", self._other_view, "V", lambda: not acts.asking, _GROUP,
                    "arrows-left-right"),
            Command("users.find", "Find among them", self.typed.setFocus, "/", group=_GROUP, icon="magnifying-glass"),
            Command("users.save", "Save what is asked", acts.save, "Ctrl+Return", lambda: acts.asking, _GROUP,
                    "check"),
        ]  # fmt: skip

    def _other_view(self) -> None:
        self.shown.set_value(TEAMS if self.shown.value == USERS else USERS)
        self.table.setFocus()

    def _add_user(self) -> None:
        self.shown.set_value(USERS)
        self.acts.add()

    def _add_team(self) -> None:
        self.shown.set_value(TEAMS)
        self.acts.add_team()

    def _change(self) -> None:
        if self.shown.value == USERS:
            self.acts.change()
        else:
            self.acts.change_team()
