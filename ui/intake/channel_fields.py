"""The editors of what a channel adds: a choice, a list that narrows as one types, a day and time, a text kept whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from coordination.intake import rules
from coordination.intake.channels import LONG
from ui.intake import channel_words, words
from ui.style import fonts, theme
from ui.widgets.basics import Choice, TextArea
from ui.widgets.dates import DateEdit, TimeEdit
from ui.widgets.fields import Form

AT_ONCE = frozenset({"telephone", "walk_in"})  # received while it is written down
_MOST_SHOWN = 12


class OfferField(QLineEdit):
    """A line that offers names as one types any part of them; anything else may be typed too."""

    def __init__(self, offers: Sequence[str]) -> None:
        super().__init__()
        completer = QCompleter(QStringListModel(list(offers), self), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(_MOST_SHOWN)
        fonts.dress(completer.popup())
        self.setCompleter(completer)


class Lists:
    """What the lists of the channels hold, as far as it has been read: hospitals, practices, colleagues."""

    def __init__(self) -> None:
        self.hospitals: list[tuple[str, str]] = []
        self.practices: dict[str, str] = {}  # name to code
        self.colleagues: list[str] = []


def build(channel: str, lists: Lists) -> Form:
    """The form of a channel. Fields: ``received_day`` and ``received_time`` where it was not at once, then its own;
    ``moft_at`` is the two fields ``moft_day`` and ``moft_time``."""
    form = Form(columns=4)
    if channel not in AT_ONCE:
        day, at = DateEdit(), TimeEdit()
        day.setPlaceholderText("today")
        at.setPlaceholderText("now")
        form.add("received_day", "Received on", day)
        form.add("received_time", "at", at)
    for name in rules.detail_fields(channel):
        if name == "moft_at":
            form.add("moft_day", words.DETAILS["moft_at"], DateEdit())
            form.add("moft_time", "at", TimeEdit())
        else:
            make = _EDITORS.get(name)
            editor = make(lists) if make else TextArea(3, 8) if name in LONG else QLineEdit()
            form.add(name, channel_words.label(channel, name), editor, span=_SPANS.get(name, 1))
    return form


def _sites(lists: Lists) -> QWidget:
    return _narrow(Choice([("", "Choose"), *lists.hospitals])) if lists.hospitals else QLineEdit()


def _conveyed(_lists: Lists) -> QWidget:
    return _narrow(Choice([("", "Not known"), *channel_words.CONVEYED.items()]))


def _centres(_lists: Lists) -> QWidget:
    return _narrow(Choice([("", "Choose"), *words.LOCALITIES.items()]))


def _narrow(choice: Choice) -> Choice:
    """A long name must not make the whole form wide."""
    choice.setSizeAdjustPolicy(choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(8)
    choice.view().setMinimumWidth(theme.px(260))
    return choice


_EDITORS: dict[str, Callable[[Lists], QWidget]] = {
    "site": _sites,
    "conveyed": _conveyed,
    "centre": _centres,
    "practice": lambda lists: OfferField(list(lists.practices)),
    "colleague": lambda lists: OfferField(lists.colleagues),
}
_SPANS = {"text": 4, "subject": 4, "link": 4, "account": 2, "practice": 2, "sender": 2}
