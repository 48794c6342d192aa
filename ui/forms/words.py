"""What the list of forms says of each version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from coordination.assessment.form_library import ShelvedForm
from ui import wording
from ui.style.tokens import State
from ui.widgets.table_model import Column

_ORDER = {"Draft": 0, "Live": 1, "Replaced": 2, "Withdrawn": 3}
_LOOKS = {
    "Draft": State("accent", "pencil-simple"),
    "Live": State("ok", "check-circle"),
    "Replaced": State("neutral", "clock-counter-clockwise"),
    "Withdrawn": State("neutral", "prohibit"),
}


def state_words(form: ShelvedForm) -> str:
    """``Draft``, ``Live``; ``Replaced`` when a newer version is the one that assessments begin with; ``Withdrawn``."""
    if form.state == "live":
        return "Live" if form.newest else "Replaced"
    return form.state.capitalize()


def state_look(form: ShelvedForm) -> State:
    return _LOOKS[state_words(form)]


def who_words(form: ShelvedForm, now: datetime) -> str:
    """``Published by Ada Example, 20-Nov-2026``; of a draft, who read it in."""
    if form.state == "draft":
        read_in = "" if form.imported_at is None else wording.near_time(form.imported_at, now)
        return f"Read in by {form.imported_by}, {read_in}"
    if not form.published_by or form.published_at is None:
        return "Came with the program"
    return f"Published by {form.published_by}, {wording.near_time(form.published_at, now)}"


def columns(now: Callable[[], datetime]) -> list[Column[ShelvedForm]]:
    return [
        Column("title", "Form", lambda f: f.title, width=290, strong=True, stretch=True),
        Column(
            "version", "Version", lambda f: str(f.key.version), sort=lambda f: f.key.version, width=76, numeric=True
        ),
        Column("state", "State", state_words, sort=lambda f: _ORDER[state_words(f)], badge=state_look, width=124),
        Column("who", "", lambda f: who_words(f, now()), width=250, quiet=True),
        Column("id", "Id", lambda f: f.key.id, width=180, quiet=True, hidden=True),
    ]
