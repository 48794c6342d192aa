"""With whom a person shares: how it stands, how it came about, another agreement, and what a team sees (R2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Conflict
from coordination.names import listed
from coordination.people.model import SHARING_LEVELS
from coordination.people.record import PersonRecord
from coordination.people.sharing import AUTHORITIES, HOWS, MAY_CHANGE, Sharing, SharingDraft
from coordination.values import PersonId, TeamId, new_id
from ui import wording
from ui.commands import Command
from ui.page import OnDesk
from ui.people import glass_words as words
from ui.people.sharing_draft import AgreementDraft
from ui.people.sharing_preview import LEVELS, PreviewPane
from ui.people.words import soft
from ui.style import theme
from ui.widgets.basics import Choice, TextArea, button, column, label
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form
from ui.widgets.panels import Section

_MOST_SHOWN = 12


class TeamList(QListWidget):
    """Teams to tick; blank ticks with the space bar, letters go to a name."""

    changed = Signal()

    def __init__(self, sharing: Sharing) -> None:
        super().__init__()
        self.setAccessibleName("Teams")
        for team in sharing.all_teams:
            item = QListWidgetItem(team.name)
            item.setData(Qt.ItemDataRole.UserRole, team.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setFixedHeight(theme.px(150))
        self.itemChanged.connect(lambda _item: self.changed.emit())

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(150))

    @property
    def value(self) -> tuple[TeamId, ...]:
        items = [self.item(n) for n in range(self.count())]
        return tuple(
            item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked
        )

    def set_value(self, teams: tuple[TeamId, ...]) -> None:
        for number in range(self.count()):
            item = self.item(number)
            ticked = item.data(Qt.ItemDataRole.UserRole) in teams
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)


class SharingForm(QWidget):
    """What was agreed. Fields that a way of agreeing does not need are not there."""

    def __init__(self, page: OnDesk, sharing: Sharing) -> None:
        super().__init__()
        self._own = page.desk.actor.team_id
        self.form = Form()
        levels = [(code, words.LEVELS[code]) for code in SHARING_LEVELS]
        self.form.add("level", "They share", Choice(levels), required=True).set_value(sharing.level)
        self.teams = TeamList(sharing)
        self.teams.set_value(sharing.teams)
        self._teams = self.form.add("teams", "Teams that see everything", self.teams)
        self.form.add("agreed_on", "Agreed on", DateEdit(), required=True)
        self.form.field("agreed_on").set_value(local_date(page.desk.clock.now()))
        self.form.add(
            "how", "How they agreed", Choice([(how, words.HOWS[how]) for how in HOWS], prompt="Choose"), required=True
        )
        self._authority = self.form.add(
            "authority", "With which authority",
            Choice([(code, words.AUTHORITIES[code]) for code in AUTHORITIES], prompt="Choose"),
            required=True,
        )  # fmt: skip
        self._representative = self.form.add("representative", "Who decided for them", QLineEdit(), required=True)
        self._reason = self.form.add("reason", "Why it is in their best interests", TextArea(2, 6), required=True)
        self._closes = label("", tone="amber", wrap=True)
        self.setLayout(column(self.form, self._closes, gap=3))
        self.form.edited.connect(lambda _name: self._fit())
        self._fit()

    def _fit(self) -> None:
        how, level = self.form.value("how"), self.form.value("level")
        self._teams.setVisible(level != "everything")
        self._authority.setVisible(how == "representative")
        self._representative.setVisible(how == "representative")
        self._reason.setVisible(how == "best_interests")
        out = level == "named_teams" and (self._own is None or self._own not in self.teams.value)
        self._closes.setText("Your own team is not named: the record closes on your desk too." if out else "")
        self._closes.setVisible(out)

    def restore(self, kept: dict[str, Any]) -> None:
        """What was typed of it before."""
        self.form.set_values({name: tuple(value) if name == "teams" else value for name, value in kept.items()})
        self._fit()

    @property
    def draft(self) -> SharingDraft:
        """Raises BadValues for a day that is none."""
        v = self.form.values()
        teams = self.teams.value if v["level"] != "everything" else ()
        return SharingDraft(
            v["level"] or "", teams, v["agreed_on"], v["how"] or "", v["authority"] or "", v["representative"],
            v["reason"],
        )  # fmt: skip


class SharingActs:
    """The verbs at a record. ``put(title, content, *buttons)`` shows something in the panel, ``leave()`` closes it."""

    def __init__(self, page: OnDesk, put: Callable[..., None], leave: Callable[[], None]) -> None:
        self._page, self._put, self._leave = page, put, leave
        self.record: PersonRecord | None = None
        self.form: SharingForm | None = None
        self.preview: PreviewPane | None = None
        self.drafts = AgreementDraft(page.desk)

    def show_record(self, record: PersonRecord | None) -> None:
        """Another record, or the same anew. An agreement that was begun about that person is gone on with."""
        before, self.record = self.record, record
        another = record is not None and (before is None or before.person.id != record.person.id)
        if another and record is not None and self.drafts.there_is(record.person.id) and self._may():
            self.open()

    def _may(self) -> bool:
        return self._page.desk.actor.role in MAY_CHANGE

    @property
    def _service(self) -> Any:
        return self._page.desk.services.sharing

    def commands(self) -> list[Command]:
        def known() -> bool:
            return self.record is not None

        def may() -> bool:
            return known() and self._may()

        return [
            Command("person.sharing", "Sharing: what was agreed, and another agreement", self.open, "Ctrl+Shift+X", may,
                    "Person", "eye", also="consent everything summary named teams level"),
            Command("person.preview", "What a team sees of this record", self.look, "Ctrl+Shift+T", known, "Person",
                    "eye-slash", also="preview sharing role"),
        ]  # fmt: skip

    # ---------------------------------------------------------------- how it stands, and another

    def open(self) -> None:
        self._read(self._offer)

    def look(self) -> None:
        self._read(self._offer_look)

    def _read(self, then: Callable[[Sharing], None]) -> None:
        record = self.record
        if record is not None:
            self._page.run(lambda: self._service.of(record.person.id), then, latest="sharing")

    def _offer(self, sharing: Sharing) -> None:
        form = self.form = SharingForm(self._page, sharing)
        preview = self.preview = PreviewPane(self._page, sharing, LEVELS[:1])
        seen, agreement = sharing.latest, new_id()

        def moved(_name: str) -> None:
            level = str(form.form.value("level"))
            named = form.teams.value
            preview.set_levels([("", "Now"), (level, "Then")])
            preview.set_named(named)

        form.form.edited.connect(moved)
        name = _name(self.record)
        begun = self.drafts.follow(form, sharing.person_id, name)
        moved("level")
        seeing = Section("What a team sees", content=preview)
        content = QWidget()
        content.setLayout(column(_present(sharing), form, seeing, _history(sharing), None, gap=5))
        save = button("Write it down", lambda: self._save(form, sharing.person_id, seen, agreement), kind="main")
        leave = button("Leave it", lambda: self._give_up(sharing.person_id, name), kind="quiet")
        self._put("Sharing", content, save, leave)
        form.form.field("level").editor.setFocus()
        if begun:
            self._page.desk.notices.say("What you had begun to write down is here again.")

    def _offer_look(self, sharing: Sharing) -> None:
        preview = self.preview = PreviewPane(self._page, sharing)
        content = QWidget()
        content.setLayout(column(_present(sharing, brief=True), preview, None, gap=4))
        self._put("What a team sees", content, self._leave_button())
        preview.team.setFocus()

    def _save(self, form: SharingForm, person: PersonId, seen: UUID | None, agreement: UUID) -> None:
        form.form.clear_problems()
        try:
            draft = form.draft
        except BadValues as bad:
            form.form.set_problems(bad)
            return

        def failed(error: Exception) -> bool:
            if isinstance(error, Conflict):
                self._offer(error.current)
                self._page.desk.notices.warn(
                    "Somebody wrote down another agreement meanwhile: it stands here now, with what you typed below it."
                )
                return True
            return isinstance(error, BadValue | BadValues) and not form.form.set_problems(error)

        self._page.run(
            lambda: self._service.agree(person, draft, agreement, seen=seen),
            lambda now: self._saved(person, agreement, now), failed,
        )  # fmt: skip

    def _give_up(self, person: PersonId, name: str) -> None:
        kept = self.drafts.drop(person)
        self._leave()
        if kept is not None:
            self._page.desk.notices.say(
                "Left. Nothing was written down.", undo=lambda: self._take_up(person, kept, name)
            )

    def _take_up(self, person: PersonId, kept: dict[str, Any], name: str) -> None:
        self.drafts.put_back(person, kept, name)
        if self.record is not None and self.record.person.id == person:
            self.open()

    def _saved(self, person: PersonId, agreement: UUID, now: Sharing | None) -> None:
        self.drafts.drop(person)

        def undo() -> None:
            self._page.run(
                lambda: self._service.take_back(person, agreement, new_id()),
                lambda _nothing: self._done("As it was before. Both stay in the history."),
            )

        self._done("Written down; it is in force on every desk." if now is not None else
                   "Written down. The record is not shared with your team any more.", undo)  # fmt: skip

    def _done(self, said: str, undo: Callable[[], object] | None = None) -> None:
        self._leave()
        self._page.desk.notices.say(said, undo=undo)
        self._page.refresh()

    def _leave_button(self) -> QWidget:
        return button("Leave it", self._leave, kind="quiet")


def _name(record: PersonRecord | None) -> str:
    who = record.person.fields if record is not None else None
    return listed(who.surname, who.given, who.title) if who is not None else ""


def _present(sharing: Sharing, *, brief: bool = False) -> QWidget:
    names = {team.id: team for team in sharing.all_teams}
    made = QWidget()
    said = words.level(sharing.level, sharing.teams, names)
    parts = [label(said, strong=True, wrap=True)]
    parts += [] if brief else [label(words.LEVELS_SAID[sharing.level], quiet=True, wrap=True)]
    if sharing.stands_otherwise:
        parts.append(label("It stands like this since two records were merged or parted.", tone="amber", wrap=True))
    made.setLayout(column(*parts, gap=0.5))
    return made


def _history(sharing: Sharing) -> Section:
    names = {team.id: team for team in sharing.all_teams}
    section = Section("How it came about")
    for found in sharing.history[:_MOST_SHOWN]:
        line = QWidget()
        said = words.level(found.level, found.teams, names)
        who = f"Written down {wording.day_time(found.recorded_at)} by {found.recorded_by_name}"
        parts = [label(soft(said), wrap=True, strong=True), label(soft(words.agreed(found)), wrap=True)]
        if found.reason:
            parts.append(label(soft(found.reason), wrap=True, selectable=True))
        parts.append(label(who, quiet=True, wrap=True))
        line.setLayout(column(*parts, gap=0))
        section.add(line)
    more = len(sharing.history) - _MOST_SHOWN
    if more > 0:
        section.add(label(f"and {wording.count(more, 'earlier one')}", quiet=True))
    if not sharing.history:
        section.add(label("Nothing is written down. Until it is, what is set above holds.", quiet=True, wrap=True))
    return section
