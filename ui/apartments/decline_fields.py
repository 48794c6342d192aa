"""What is asked when a referral for an apartment is declined, wherever that is done (N4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.apartments.referrals_model import WayBack
from coordination.apartments.referrals_rules import declines_in_force
from coordination.errors import BadValue, BadValues
from coordination.reference import standing
from coordination.values import UserName
from ui.widgets.basics import Choice, TextArea, narrow
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

LOOK_AGAIN = timedelta(days=7)
SERVICE = "neighbourhood_apartment"


def ask_why_and_what_next(form: Form, today: date, colleagues: Sequence[tuple[str, str]] = ()) -> None:
    """A reason of the list, words, whose it is next, what they do, and when somebody looks again."""
    form.add("code", "Why can it not be offered?", narrow(reasons()), required=True)
    form.add("reason", "Anything to add", TextArea(2), help="Needed where nothing of the list fits.")
    form.add("next_owner", "Whose it is next", Choice(list(colleagues), prompt="Whoever took the contact"))
    form.add("next_step", "What do they do next?", QLineEdit(), required=True)
    form.add("look_again_on", "Look at it again on", day_of(today + LOOK_AGAIN), required=True)


def way_back(values: Mapping[str, Any]) -> WayBack:
    """Of what was typed. Raises BadValues without a day."""
    owner = UserName(values["next_owner"]) if values["next_owner"] else None
    return WayBack(
        values["reason"] or "", values["next_step"] or "", needed(values["look_again_on"] or None), owner,
        values["code"] or "",
    )  # fmt: skip


def reasons() -> Choice:
    return Choice([(r.code, r.words) for r in declines_in_force(standing.read())], prompt="Choose")


def day_of(value: date) -> DateEdit:
    editor = DateEdit()
    editor.set_value(value)
    return editor


def needed(value: date | None) -> date:
    if value is None:
        raise BadValues((BadValue("look_again_on", "required"),))
    return value
