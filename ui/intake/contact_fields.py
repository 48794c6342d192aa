"""The middle of a contact: by which way it came, who calls, what is asked for, and what the channel adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from coordination.clock import LONDON
from coordination.errors import BadValue, BadValues
from coordination.intake.channels import is_sender
from coordination.intake.model import GivenAdvice
from coordination.people.model import Practice
from ui.intake import caller_link, channel_fields, given, words
from ui.intake.caller_link import CallerLink, Keep
from ui.intake.channel_fields import Lists
from ui.style import theme
from ui.widgets.basics import Choice, TextArea, column
from ui.widgets.fields import Form

_SHARED = frozenset({"received_day", "received_time"})  # the same question on every channel


class PhoneField(QLineEdit):
    """A telephone number; Enter takes who is found for it, Down goes to them."""

    taken = Signal()
    left_below = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif plain and event.key() == Qt.Key.Key_Down:
            self.left_below.emit()
        else:
            super().keyPressEvent(event)


class ContactFields(QWidget):
    """``values()`` gives the facts of a ContactDraft; ``raw()`` and ``restore()`` all that is typed, for drafts.

    ``link`` is who calls, where that is somebody known; ``keep`` a professional to be known from now on; ``advice``
    what was given. ``filled`` when a draft was taken up, and what hangs on it is to be shown anew.
    """

    edited = Signal()
    caller_changed = Signal()
    channel_changed = Signal()
    filled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lists = Lists()
        self.link: CallerLink | None = None
        self.keep: Keep | None = None
        self.advice: tuple[GivenAdvice, ...] = ()
        self.ticked: frozenset[str] = frozenset()  # questions of scripts that were asked
        self.head = Form(columns=4)
        self.channel = Choice(list(words.CHANNELS.items()))
        self.channel.setSizeAdjustPolicy(self.channel.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.channel.setMinimumContentsLength(8)
        self.channel.view().setMinimumWidth(theme.px(190))  # the list shows whole names, whatever the form has room for
        relation = QLineEdit()
        completer = QCompleter(list(words.RELATIONS), relation)
        completer.setCaseSensitivity(completer.caseSensitivity().CaseInsensitive)
        relation.setCompleter(completer)
        self.phone = PhoneField()
        self.head.add("channel", "It came by", self.channel)
        self.head.add("caller_name", "Who calls", QLineEdit())
        self.head.add("caller_relation", "Who they are", relation)
        self.head.add("caller_phone", "Their phone", self.phone)
        self.head.share(7, 7, 5, 7)
        self.extra = Form(columns=4)
        self.need_form = Form()
        self.need = TextArea(3, 14, "In the caller's own words")
        self.need_form.add("need", "What is asked for", self.need, required=True)
        self._shown = str(self.channel.value)
        self._extra_values: dict[str, str] = {}
        self._layout = column(self.head, self.extra, self.need_form, gap=3)
        self.setLayout(self._layout)
        self.channel.chosen.connect(lambda _code: self._switch())
        for form in (self.head, self.need_form):
            form.edited.connect(lambda _name: self.edited.emit())
        name = self.head.field("caller_name").editor
        assert isinstance(name, QLineEdit)
        self.name = name
        name.textChanged.connect(self._name_typed)
        self._show_extra()

    def set_hospitals(self, hospitals: list[tuple[str, str]]) -> None:
        self._lists.hospitals = hospitals
        self._renew()

    def set_practices(self, practices: Sequence[Practice]) -> None:
        self._lists.practices = {practice.name: practice.code for practice in practices}
        self._renew()

    def set_colleagues(self, names: Sequence[str]) -> None:
        self._lists.colleagues = list(names)
        self._renew()

    # ---------------------------------------------------------------- who calls

    def set_caller(self, link: CallerLink | None, keep: Keep | None = None) -> None:
        """Somebody known, somebody to be kept, or neither; the words in the fields are left alone."""
        if (link, keep) != (self.link, self.keep):
            self.link, self.keep = link, keep
            self.caller_changed.emit()
            self.edited.emit()

    def fill_caller(self, name: str, relation: str, phone: str) -> None:
        """Words into the fields, where there are any."""
        for field, said in (("caller_name", name), ("caller_relation", relation), ("caller_phone", phone)):
            if said:
                self.head.field(field).set_value(said)
                self.head.field(field).editor.setCursorPosition(0)  # type: ignore[attr-defined]

    def _name_typed(self) -> None:
        if self.link is not None and self.link.name and self.name.text().strip() != self.link.name:
            self.set_caller(None)  # another name is another caller
        else:
            self.caller_changed.emit()

    @property
    def practice_code(self) -> str:
        """Of the practice that is written down, if the register has it."""
        field = self.extra.fields.get("practice")
        return self._lists.practices.get(str(field.value), "") if field is not None else ""

    # ---------------------------------------------------------------- what the channel adds

    def _switch(self) -> None:
        """Another channel: its own fields, with what was typed in them before."""
        self._remember()
        self._shown = str(self.channel.value)
        self._show_extra()
        self.channel_changed.emit()

    def _renew(self) -> None:
        self._remember()
        focus = next((name for name, field in self.extra.fields.items() if field.editor.hasFocus()), None)
        self._show_extra()
        if focus in self.extra.fields:
            self.extra.field(str(focus)).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remember(self) -> None:
        self._extra_values |= {self._key(name): typed for name, typed in _raw(self.extra).items()}

    def _key(self, name: str) -> str:
        """A clinician at a practice is nobody in a department: each channel keeps its own."""
        return name if name in _SHARED else f"{self._shown}.{name}"

    def _show_extra(self) -> None:
        fresh = channel_fields.build(self._shown, self._lists)
        fresh.edited.connect(lambda _name: self.edited.emit())
        self._layout.replaceWidget(self.extra, fresh)
        self.extra.hide()
        self.extra.deleteLater()
        self.extra = fresh
        self._fill_extra()
        fresh.setVisible(bool(fresh.fields))

    def _fill_extra(self) -> None:
        _restore(self.extra, {name: self._extra_values.get(self._key(name), "") for name in self.extra.fields})

    # ---------------------------------------------------------------- values

    def values(self) -> dict[str, Any]:
        """channel, caller_…, need, details, received_at, advice. Raises BadValues for what cannot be read."""
        found = {**self.head.values(), **self.need_form.values()}
        extra = self.extra.values()
        found["received_at"] = _moment("received_at", extra.pop("received_day", None), extra.pop("received_time", None))
        moft = _moment("details.moft_at", extra.pop("moft_day", None), extra.pop("moft_time", None))
        details = {name: value for name, value in extra.items() if value}
        if moft is not None:
            details["moft_at"] = moft.isoformat()
        if details.get("sender") and not is_sender(details["sender"]):
            raise BadValues((BadValue("details.sender", "not_an_email"),))
        found["details"] = details
        return {**found, **self._caller_values(found), "advice": self.advice}

    def _caller_values(self, found: Mapping[str, Any]) -> dict[str, Any]:
        if self.link is not None:
            return self.link.ids()
        if self.keep is None:
            return {}
        email = str(found["details"].get("sender", "")) if found["channel"] == "email" else ""
        words_of = (found["caller_name"], found["caller_relation"], found["caller_phone"])
        return {"new_professional": self.keep.draft(*words_of, email, self.practice_code)}

    @property
    def received_at(self) -> datetime | None:
        """When it was received, as far as that can be read now."""
        day, at = self.extra.fields.get("received_day"), self.extra.fields.get("received_time")
        try:
            return _moment("received_at", day.value, at.value) if day and at else None
        except (BadValue, BadValues):
            return None

    @property
    def is_empty(self) -> bool:
        typed = {**_raw(self.head), **_raw(self.extra), **_raw(self.need_form)}
        typed.pop("channel")
        return not any(typed.values()) and self.link is None and not self.advice

    def raw(self) -> dict[str, str]:
        """Everything as it is typed, whether it can be read or not."""
        self._remember()
        beside = {
            "link": caller_link.as_text(self.link),
            "keep": caller_link.as_text(self.keep),
            "advice": given.as_text(self.advice),
            "ticked": " ".join(sorted(self.ticked)),
        }
        return {**self._extra_values, **_raw(self.head), **_raw(self.need_form), **beside}

    def restore(self, raw: Mapping[str, str]) -> None:
        """Put back what ``raw`` gave; empty clears the form."""
        self.clear_problems()
        self.link = self.keep = None
        _restore(self.head, {"channel": "telephone", **raw})
        self._shown = str(self.channel.value)
        self._extra_values = dict(raw)
        self._show_extra()
        _restore(self.need_form, raw)
        self.link = caller_link.link_of(raw.get("link", ""))
        self.keep = caller_link.keep_of(raw.get("keep", ""))
        self.advice = given.of_text(raw.get("advice", ""))
        self.ticked = frozenset(raw.get("ticked", "").split())
        self.caller_changed.emit()
        self.filled.emit()

    def set_problems(self, problems: list[BadValue]) -> list[BadValue]:
        """Mark the fields; gives back what is of none of them."""
        named = {"received_at": "received_time", "details.moft_at": "moft_time", "professional.name": "caller_name",
                 "professional.phone": "caller_phone", "professional.role": "caller_relation",
                 "professional.email": "sender", "professional.practice_code": "practice"}  # fmt: skip
        plain = tuple(
            BadValue(named.get(problem.field, problem.field.removeprefix("details.")), problem.reason)
            for problem in problems
        )
        for form in (self.need_form, self.extra, self.head):  # the first in reading order gets the focus last
            plain = tuple(form.set_problems(BadValues(plain))) if plain else ()
        return list(plain)

    def clear_problems(self) -> None:
        for form in (self.head, self.extra, self.need_form):
            form.clear_problems()


def _raw(form: Form) -> dict[str, str]:
    found = {}
    for name, field in form.fields.items():
        editor = field.editor
        if isinstance(editor, QLineEdit):
            found[name] = editor.text()
        elif isinstance(editor, TextArea):
            found[name] = editor.toPlainText()
        elif isinstance(editor, Choice):
            found[name] = str(editor.value or "")
    return found


def _restore(form: Form, raw: Mapping[str, str]) -> None:
    for name, field in form.fields.items():
        editor = field.editor
        if isinstance(editor, QLineEdit):
            editor.setText(raw.get(name, ""))
        else:
            field.set_value(raw.get(name, ""))


def _moment(field: str, day: Any, at: Any) -> datetime | None:
    """A day and a time as a moment; either one alone is not enough. Raises BadValues(field, 'missing')."""
    if day is None and at is None:
        return None
    if day is None or at is None:
        raise BadValues((BadValue(field, "missing"),))
    return datetime.combine(day, at, LONDON)
