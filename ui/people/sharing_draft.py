"""An agreement about sharing that is being written down, kept on this computer until the database has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coordination.errors import BadValue, BadValues
from coordination.values import PersonId
from ui.desk import Desk

if TYPE_CHECKING:
    from ui.people.sharing_panel import SharingForm

KIND = "sharing_agreement"
PAGE = "person"


class AgreementDraft:
    """One a person. A form that nobody touched leaves none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def there_is(self, person: PersonId) -> bool:
        return self._desk.drafts.take(KIND, str(person)) is not None

    def follow(self, form: SharingForm, person: PersonId, name: str) -> bool:
        """Put back what was typed of it before, and keep what is typed from now on. True: something was put back."""
        kept = self._desk.drafts.take(KIND, str(person))
        if kept is not None:
            self._desk.drafts.claim(KIND, str(person))
            form.restore(kept)
        form.form.edited.connect(lambda _name: self._keep(form, person, name))
        return kept is not None

    def _keep(self, form: SharingForm, person: PersonId, name: str) -> None:
        kept = {field: value for field in form.form.fields if (value := _value(form, field)) is not None}
        self._desk.drafts.keep(KIND, str(person), {**kept, "open": person}, title=f"Sharing of {name}", page=PAGE)

    def drop(self, person: PersonId) -> dict[str, Any] | None:
        """It is written down, or not wanted; gives what there was."""
        kept = self._desk.drafts.take(KIND, str(person))
        self._desk.drafts.drop(KIND, str(person))
        return kept

    def put_back(self, person: PersonId, kept: dict[str, Any], name: str) -> None:
        self._desk.drafts.keep(KIND, str(person), kept, title=f"Sharing of {name}", page=PAGE)


def _value(form: SharingForm, field: str) -> Any:
    try:
        return list(form.teams.value) if field == "teams" else form.form.value(field)
    except (BadValue, BadValues, ValueError):  # a date that is half typed: the rest as it is
        return None
