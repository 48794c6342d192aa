"""What is added to a record, corrected or parted, in the panel beside it; each with its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from coordination.people.merging import Rows
from coordination.people.model import ALERT_KINDS, Alert, AlertDraft, Around, AroundDraft, Person
from coordination.people.record import Merge, PersonRecord, TimelineItem
from coordination.values import new_id
from ui import wording
from ui.page import OnDesk
from ui.people import words
from ui.people.correct import CorrectPerson
from ui.people.finder import PersonFinder
from ui.people.register import draft_from
from ui.widgets.basics import Choice, TextArea, button, column, label
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

Put = Callable[..., None]


class RecordActs:
    """``put(title, content, *buttons)`` shows something in the panel, ``leave()`` closes it."""

    def __init__(self, page: OnDesk, put: Put, leave: Callable[[], None]) -> None:
        self._page, self._put, self._leave = page, put, leave
        self._people = page.desk.services.people
        self._say = page.desk.notices.say

    def act(self, record: PersonRecord, what: str) -> None:
        """``alert``, ``around``, or ``end:``, ``gone:``, ``back:``, each with id and revision."""
        match what.split(":"):
            case ["alert"]:
                self.add_alert(record)
            case ["around"]:
                self.add_around(record)
            case ["end", key, seen]:
                self.end_alert(record, UUID(key), int(seen))
            case ["gone" | "back" as which, key, seen]:
                self.change_around(record, UUID(key), int(seen), again=which == "back")

    # ---------------------------------------------------------------- correcting

    def correct(self, record: PersonRecord) -> None:
        """The person's own facts, to correct. Undo puts the old ones back, unless somebody changed them since."""
        form = CorrectPerson(self._page.desk, record.person)
        form.saved.connect(lambda after: self._corrected(record.person, after))
        self._put("Correct this record", form, button("Save", form.save, kind="main"), self._leave_button())

    def _corrected(self, before: Person, after: Person) -> None:
        def undo() -> None:
            draft = draft_from(before)
            self._page.run(
                lambda: self._people.update(after.id, after.revision, draft),
                lambda _person: self._done("The correction was taken back."),
            )

        self._done("Corrected.", undo)

    # ---------------------------------------------------------------- alerts

    def end_alert(self, record: PersonRecord, alert_id: UUID, seen: int) -> None:
        person_id = record.person.id
        ended = next((found for found in record.alerts if found.id == alert_id), None)

        def again() -> None:
            if ended is not None:
                draft = AlertDraft(ended.kind, ended.words, ended.since, ended.until)
                self._page.run(
                    lambda: self._people.add_alert(person_id, draft, new_id()), lambda _a: self._page.refresh()
                )

        undo = again if ended is not None else None
        self._page.run(
            lambda: self._people.end_alert(person_id, alert_id, seen),
            lambda _nothing: self._done("The alert is no longer in force.", undo),
        )

    def add_alert(self, record: PersonRecord) -> None:
        form = Form()
        form.add("kind", "What kind", Choice([(kind, words.ALERTS[kind]) for kind in ALERT_KINDS]), required=True)
        form.add("words", "In words", QLineEdit(), help="What a worker must know. Never a key-safe code.")
        form.add("until", "Until", DateEdit(), help="Empty: until somebody says otherwise")
        person_id = record.person.id

        def undo(made: Alert) -> None:
            self._page.run(
                lambda: self._people.end_alert(person_id, made.id, made.revision),
                lambda _nothing: self._done("The alert was taken back."),
            )

        add = self._people.add_alert
        self._add_with(form, "Add an alert", lambda v, new: add(person_id, AlertDraft(**v), new), undo)

    # ---------------------------------------------------------------- people around

    def add_around(self, record: PersonRecord) -> None:
        form = Form()
        form.add("name", "Name", QLineEdit(), required=True)
        form.add("relation", "Who they are", QLineEdit())
        form.add("phone", "Phone", QLineEdit())
        form.add("is_carer", "Carer", QCheckBox("Cares for this person"))
        person_id, add = record.person.id, self._people.add_around

        def undo(made: Around) -> None:
            self.change_around(record, made.id, made.revision, again=False, said="Taken back.")

        self._add_with(form, "Add somebody", lambda v, new: add(person_id, AroundDraft(**v), new), undo)

    def change_around(self, record: PersonRecord, around_id: UUID, seen: int, *, again: bool, said: str = "") -> None:
        """Around the person no longer, or again; undo is the other."""
        person_id = record.person.id

        def done(after: Around) -> None:
            words_ = said or ("Around them again." if again else "No longer around them.")
            undo = lambda: self.change_around(record, after.id, after.revision, again=not again)  # noqa: E731
            self._done(words_, None if said else undo)

        self._page.run(lambda: self._people.end_around(person_id, around_id, seen, again=again), done)

    # ---------------------------------------------------------------- merging and parting

    def find_other(self, record: PersonRecord, chosen: Callable[[Any], object]) -> None:
        """Find the other record of the same person."""
        finder = PersonFinder(self._page.desk)
        finder.chosen.connect(lambda row: chosen(row.id))
        finder.setMinimumHeight(360)
        name = record.person.fields.surname
        self._put("Which other record?", finder, self._leave_button())
        finder.set_text(name)
        finder.field.setFocus()
        finder.field.selectAll()

    def merged(self, merge_id: UUID, kept: Person) -> None:
        """Said, with an undo that parts them again."""

        def undo() -> None:
            self._page.run(
                lambda: self._people.part(merge_id, "Undone at once"), lambda _n: self._done("Two records again.")
            )

        self._done(f"Merged: one record of {wording.name(kept.fields.surname, kept.fields.given)}.", undo)

    def part(self, merge: Merge) -> None:
        """Part two records, after saying what was made since and where it goes."""
        people, merge_id, kept = self._people, merge.id, merge.kept_id

        def read() -> tuple[Rows, tuple[TimelineItem, ...]]:
            since = people.made_since(merge_id)
            return since, people.timeline(kept, limit=500).items if since else ()

        self._page.run(read, lambda found: self._offer_parting(merge, *found), latest="part")

    def _offer_parting(self, merge: Merge, since: Rows, items: tuple[TimelineItem, ...]) -> None:
        form = Form()
        form.add("reason", "Why they are two people", TextArea(2, 5), required=True)
        boxes: list[tuple[QCheckBox, str, tuple[Any, ...]]] = []
        parts: list[QWidget] = [label(words.merge(merge), strong=True, wrap=True)]
        moved = words.moved(merge.moved)
        parts.append(
            label(f"Goes back to it: {moved}." if moved else "Nothing else goes back to it.", quiet=True, wrap=True)
        )
        if since:
            said = "Made since they were merged. It stays with this record, unless you choose it for the other."
            parts.append(label(said, wrap=True))
        for place, keys in since.items():
            for key in keys:
                box = QCheckBox(words.beginning(_made(place, key, items), 90))
                boxes.append((box, place, key))
                parts.append(box)

        def save() -> None:
            form.clear_problems()
            also: dict[str, list[tuple[Any, ...]]] = {}
            for box, place, key in boxes:
                if box.isChecked():
                    also.setdefault(place, []).append(key)
            reason, chosen = str(form.value("reason")), {place: tuple(keys) for place, keys in also.items()}
            self._page.run(
                lambda: self._people.part(merge.id, reason, chosen),
                lambda _nothing: self._done("Two records again."),
                lambda error: isinstance(error, BadValue | BadValues) and not form.set_problems(error),
            )

        content = QWidget()
        content.setLayout(column(*parts, form, gap=3))
        self._put("Part two records", content, button("Part them", save, kind="main"), self._leave_button())
        form.field("reason").editor.setFocus()

    # ---------------------------------------------------------------- shared

    def _done(self, said: str, undo: Callable[[], object] | None = None) -> None:
        self._leave()
        self._say(said, undo=undo)
        self._page.refresh()

    def _add_with(
        self, form: Form, title: str, call: Callable[[dict[str, Any], UUID], Any], undo: Callable[[Any], None]
    ) -> None:
        made_id = new_id()

        def save() -> None:
            form.clear_problems()
            try:
                values = form.values()
            except BadValues as bad:
                form.set_problems(bad)
                return
            self._page.run(lambda: call(values, made_id), lambda made: self._done("Added.", lambda: undo(made)), failed)

        def failed(error: Exception) -> bool:
            return isinstance(error, BadValue | BadValues) and not form.set_problems(error)

        self._put(title, form, button("Add", save, kind="main"), self._leave_button())
        next(iter(form.fields.values())).editor.setFocus()

    def _leave_button(self) -> QWidget:
        return button("Leave it", self._leave, kind="quiet")


def _made(place: str, key: tuple[Any, ...], items: tuple[TimelineItem, ...]) -> str:
    """What was made since, as the timeline tells it; else what kind of thing it is."""
    item = next((i for i in reversed(items) if str(i.key) in map(str, key)), None)  # how it began
    if item is not None:
        return f"{wording.day(local_date(item.at))} {words.happened(item)}: {item.words}".rstrip(": ")
    one, _many = words.TABLES.get(place.partition(".")[0], (wording.words(place), ""))
    return one[:1].upper() + one[1:]
