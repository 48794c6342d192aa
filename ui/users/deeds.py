"""What administrators do with users and teams, by forms at the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from coordination.governance.model import ROLES
from coordination.governance.passwords import one_time
from coordination.governance.users import TeamDraft, TeamLine, UserChange, UserDraft, UserLine
from ui import wording
from ui.clipboard import copy_secret
from ui.side_acts import SideActs
from ui.users import words
from ui.users.given import Given, GivenPassword
from ui.widgets.basics import Choice, column, label
from ui.widgets.fields import Form


class UserDeeds(SideActs):
    """The page's verbs. ``given`` while a password is shown."""

    given: Given | None = None

    @property
    def _service(self) -> Any:
        return self._page.desk.services.users

    @property
    def _user(self) -> UserLine:
        chosen = self._page.user
        assert chosen is not None
        return chosen  # type: ignore[no-any-return]

    @property
    def _team(self) -> TeamLine:
        chosen = self._page.team
        assert chosen is not None
        return chosen  # type: ignore[no-any-return]

    # ---------------------------------------------------------------- users

    def add(self) -> None:
        """A login, its first password made here and shown once."""
        form = Form(columns=2)
        form.add("display_name", "Name", QLineEdit(), required=True, span=2)
        form.add("user_name", "User name", QLineEdit(), required=True, span=2, help="Such as nadia.hussain")
        form.add("role", "Role", _choice([(role, wording.role(role)) for role in ROLES], "Choose one"), required=True,
                 span=2)  # fmt: skip
        self._add_place(form, None, None)
        password = one_time()

        def call() -> UserLine:
            v = form.values()
            draft = UserDraft(v["user_name"], v["display_name"], v["role"] or "", v["locality"], v["team_id"], password)
            made: UserLine = self._service.add(draft)
            self.given = Given(made.display_name, made.user_name, password)
            return made

        form.fields["display_name"].editor.editingFinished.connect(lambda: _suggest(form))  # type: ignore[attr-defined]
        self.ask("A new user", form, "Add", call, "The login is made.", None)

    def change(self) -> None:
        line, service = self._user, self._service
        form = Form(columns=2)
        form.add("display_name", "Name", QLineEdit(), required=True, span=2)
        self._add_place(form, line.locality, line.team_id)
        form.set_values({"display_name": line.display_name})

        def call() -> Any:
            v = form.values()
            change = UserChange(v["display_name"], v["locality"], v["team_id"])
            return service.change(line.user_name, change, seen=line.revision)

        self.ask(line.display_name, form, "Save", call, "Changed.", lambda done: lambda: service.undo_change(done))

    def change_role(self) -> None:
        line, service = self._user, self._service
        form = Form()
        roles = _choice([(role, wording.role(role)) for role in ROLES])
        told = "One role a login. Their open windows are signed out, and come back with the other role."
        form.add("role", "Role", roles, required=True, help=told)
        form.set_values({"role": line.role})
        self.ask(
            f"Role of {line.display_name}", form, "Change the role",
            lambda: service.change_role(line.user_name, form.value("role") or "", seen=line.revision),
            "The role is changed.",
            lambda now: lambda: service.change_role(now.user_name, line.role, seen=now.revision),
        )  # fmt: skip

    def switch(self) -> None:
        """Off at once, with what it means said before; on again without a question."""
        line, service = self._user, self._service

        def call() -> UserLine:
            now: UserLine = service.set_active(line.user_name, not line.active, seen=line.revision)
            return now

        def back(now: UserLine) -> Callable[[], object]:
            return lambda: service.set_active(now.user_name, line.active, seen=now.revision)

        if not line.active:
            self.do(call, f"{line.display_name} may sign in again.", back)
            return
        self.confirm(
            f"Switch off {line.display_name}?",
            "They have no rights from this moment on, and their open windows are closed. What they had typed and not "
            "sent is done away with on each computer as soon as it next reaches the database; switching the login on "
            "again does not bring that back.",
            "Switch off", call, f"{line.display_name} is switched off.", back,
        )  # fmt: skip

    def reset(self) -> None:
        """Another password, made here and shown once."""
        line, service = self._user, self._service

        def call() -> None:
            password = service.reset_password(line.user_name)
            self.given = Given(line.display_name, line.user_name, password)

        self.confirm(
            f"A new password for {line.display_name}?",
            "Their open windows are signed out. You are shown a password to tell them, which must be changed when it "
            "is first used. Drafts that they kept under the old password open with that one only, so reset it when "
            "they have forgotten it, or when somebody else may know it.",
            "Reset the password", call, "The password is reset.", None,
        )  # fmt: skip

    def sign_out(self) -> None:
        """Every window of theirs."""
        line, service = self._user, self._service
        self.confirm(
            f"Sign {line.display_name} out everywhere?",
            "Every window of theirs is closed. What they typed is kept, encrypted, on each computer. Whoever has the "
            "password can sign in again: to keep somebody out, reset the password or switch the login off.",
            "Sign out", lambda: service.sign_out_everywhere(line.user_name), "Signed out everywhere.", None,
        )  # fmt: skip

    # ---------------------------------------------------------------- teams

    def add_team(self) -> None:
        form, service = self._team_form(TeamDraft("", "", None)), self._service
        self.ask("A new team", form, "Add", lambda: service.add_team(_draft(form)), "The team is added.",
                 lambda made: lambda: service.drop_team(made))  # fmt: skip

    def change_team(self) -> None:
        line, service = self._team, self._service
        form = self._team_form(TeamDraft(line.name, line.service, line.locality, line.phone))
        self.ask(line.name, form, "Save", lambda: service.change_team(line.id, _draft(form), seen=line.revision),
                 "Changed.", lambda done: lambda: service.undo_team(done))  # fmt: skip

    # ---------------------------------------------------------------- how it is asked

    def confirm(
        self, title: str, said: str, verb: str, call: Callable[[], Any], done: str,
        undo: Callable[[Any], Callable[[], object]] | None,
    ) -> None:  # fmt: skip
        """Say what it means, then do it."""
        holder = QWidget()
        holder.setLayout(column(label(said, wrap=True), None))

        def save() -> None:
            self.leave()
            self.do(call, done, undo)

        self._save = save
        self._page.panel.ask(title, holder, verb, save, self.leave)
        next(each for each in self._page.panel.findChildren(QPushButton) if each.text() == verb).setFocus()

    def show_given(self) -> None:
        """The password, until somebody says that they have it."""
        given = self.given
        if given is None:
            return

        def dismiss() -> None:
            self.given = None
            self.leave()

        self._save = dismiss
        self._page.panel.ask("One-time password", GivenPassword(given, copy_secret), "Done", dismiss, dismiss)

    def _add_place(self, form: Form, locality: str | None, team: Any) -> None:
        teams = [(None, "None"), *((each.id, each.name) for each in self._page.teams_known)]
        form.add("locality", "Locality", Choice(words.PLACES))
        form.add("team_id", "Team", Choice(teams))
        form.set_values({"locality": locality, "team_id": team})

    def _team_form(self, draft: TeamDraft) -> Form:
        form = Form()
        form.add("name", "Name", QLineEdit(), required=True)
        form.add("service", "Service", _choice(self._page.services_known, "Choose one"), required=True)
        form.add("locality", "Locality", Choice(words.PLACES))
        form.add("phone", "Phone", QLineEdit())
        form.set_values({"name": draft.name, "locality": draft.locality, "phone": draft.phone})
        if draft.service:
            form.set_values({"service": draft.service})
        return form


def _choice(items: Any, prompt: str = "") -> Choice:
    made = Choice(items, prompt=prompt)
    made.setEditable(False)
    return made


def _draft(form: Form) -> TeamDraft:
    v = form.values()
    return TeamDraft(v["name"], v["service"] or "", v["locality"], v["phone"])


def _suggest(form: Form) -> None:
    """A user name from the name, while none is typed."""
    if not form.value("user_name"):
        import unicodedata

        plain = unicodedata.normalize("NFKD", str(form.value("display_name"))).lower()
        parts = ["".join(c for c in part if c.isascii() and c.isalnum()) for part in plain.split()]
        parts = [part for part in parts if part]
        if parts and parts[0][0].isalpha():
            form.set_values({"user_name": ".".join(dict.fromkeys((parts[0], parts[-1])))})
