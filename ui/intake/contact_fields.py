"""The middle of a contact: by which way it came, who calls, what is asked for, and what the channel adds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from coordination.clock import LONDON
from coordination.errors import BadValue, BadValues
from coordination.intake import rules
from ui.intake import words
from ui.widgets.basics import Choice, TextArea, column
from ui.widgets.dates import DateEdit, TimeEdit
from ui.widgets.fields import Form

AT_ONCE = frozenset({"telephone", "walk_in"})  # received while it is written down
_LONG = frozenset({"text"})


class ContactFields(QWidget):
    """``values()`` gives the facts of a ContactDraft; ``raw()`` and ``restore()`` all that is typed, for drafts."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._hospitals: list[tuple[str, str]] = []
        self.head = Form(columns=4)
        self.channel = Choice(list(words.CHANNELS.items()))
        relation = QLineEdit()
        completer = QCompleter(list(words.RELATIONS), relation)
        completer.setCaseSensitivity(completer.caseSensitivity().CaseInsensitive)
        relation.setCompleter(completer)
        self.head.add("channel", "It came by", self.channel)
        self.head.add("caller_name", "Who calls", QLineEdit())
        self.head.add("caller_relation", "Who they are", relation)
        self.head.add("caller_phone", "Their phone", QLineEdit())
        self.extra = Form(columns=4)
        self.need_form = Form()
        self.need = TextArea(4, 14, "In the caller's own words")
        self.need_form.add("need", "What is asked for", self.need, required=True)
        self._extra_values: dict[str, str] = {}
        self._layout = column(self.head, self.extra, self.need_form, gap=3)
        self.setLayout(self._layout)
        self.channel.chosen.connect(lambda _code: self._show_extra())
        for form in (self.head, self.need_form):
            form.edited.connect(lambda _name: self.edited.emit())
        self._show_extra()

    def set_hospitals(self, hospitals: list[tuple[str, str]]) -> None:
        self._hospitals = hospitals
        self._show_extra()

    # ---------------------------------------------------------------- what the channel adds

    def _show_extra(self) -> None:
        """Another channel: its own fields, with what was typed in fields of the same name."""
        self._extra_values |= _raw(self.extra)
        fresh = Form(columns=4)
        channel = str(self.channel.value)
        if channel not in AT_ONCE:
            day, at = DateEdit(), TimeEdit()
            day.setPlaceholderText("today")
            at.setPlaceholderText("now")
            fresh.add("received_day", "Received on", day)
            fresh.add("received_time", "at", at)
        for name in rules.detail_fields(channel):
            if name == "moft_at":
                fresh.add("moft_day", "Medically optimised since", DateEdit())
                fresh.add("moft_time", "at", TimeEdit())
            else:
                span = 4 if name in _LONG else 1
                fresh.add(name, words.DETAILS[name], self._editor(name), span=span)
        fresh.edited.connect(lambda _name: self.edited.emit())
        self._layout.replaceWidget(self.extra, fresh)
        self.extra.hide()
        self.extra.deleteLater()
        self.extra = fresh
        _restore(fresh, self._extra_values)
        fresh.setVisible(bool(fresh.fields))

    def _editor(self, name: str) -> QWidget:
        if name in _LONG:
            return TextArea(3, 8)
        if name == "site" and self._hospitals:
            made = Choice([("", "Choose"), *self._hospitals])
            made.setSizeAdjustPolicy(made.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            made.setMinimumContentsLength(8)
            return made
        return QLineEdit()

    # ---------------------------------------------------------------- values

    def values(self) -> dict[str, Any]:
        """channel, caller_…, need, details, received_at. Raises BadValues for a date or time that is none."""
        found = {**self.head.values(), **self.need_form.values()}
        extra = self.extra.values()
        found["received_at"] = _moment("received_at", extra.pop("received_day", None), extra.pop("received_time", None))
        moft = _moment("details.moft_at", extra.pop("moft_day", None), extra.pop("moft_time", None))
        details = {name: value for name, value in extra.items() if value}
        if moft is not None:
            details["moft_at"] = moft.isoformat()
        found["details"] = details
        return found

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
        return not any(typed.values())

    def raw(self) -> dict[str, str]:
        """Everything as it is typed, whether it can be read or not."""
        return {**self._extra_values, **_raw(self.extra), **_raw(self.head), **_raw(self.need_form)}

    def restore(self, raw: Mapping[str, str]) -> None:
        """Put back what ``raw`` gave; empty clears the form."""
        self.clear_problems()
        _restore(self.head, {"channel": "telephone", **raw})
        self._extra_values = dict(raw)
        _restore(self.extra, raw)
        _restore(self.need_form, raw)

    def set_problems(self, problems: list[BadValue]) -> list[BadValue]:
        """Mark the fields; gives back what is of none of them."""
        named = {"received_at": "received_time", "details.moft_at": "moft_time"}
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
