"""Forms as they are kept: read in as a draft, looked at, published, withdrawn. Records and what a store must do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from coordination.assessment.faults import Fault
from coordination.assessment.model import Form, FormKey

FormState = Literal["draft", "live", "withdrawn"]


@dataclass(frozen=True, slots=True)
class ShelvedForm:
    """One version of one form. Names are for showing; empty ones: it came with the program, or has not happened.

    ``newest``: of the live versions the one that assessments begin with. ``source``: the file as it was read in.
    """

    key: FormKey
    title: str
    state: FormState
    newest: bool
    imported_at: datetime | None
    imported_by: str
    published_at: datetime | None
    published_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str
    revision: int
    source: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a file: the form, if it is one; its faults; and what stands under its id and version."""

    file: str
    text: str = field(repr=False)
    form: Form | None
    faults: tuple[Fault, ...]
    standing: ShelvedForm | None


class FormStore(Protocol):
    """Every version of every form."""

    def shelf(self) -> list[ShelvedForm]:
        """All of them, in order of title, the newest version first."""
        ...

    def find(self, key: FormKey) -> ShelvedForm | None: ...

    def definition(self, key: FormKey) -> Mapping[str, Any]:
        """Raises NotFound('form', …)."""
        ...

    def live_forms(self) -> list[Form]:
        """The newest live version of every form."""
        ...

    def add_draft(self, key: FormKey, title: str, definition: Mapping[str, Any], source: str) -> bool:
        """False when something stands under that key."""
        ...

    def replace_draft(self, key: FormKey, title: str, definition: Mapping[str, Any], source: str, seen: int) -> bool:
        """False when another revision stands."""
        ...

    def set_state(self, key: FormKey, state: FormState, seen: int, reason: str = "") -> bool:
        """False when another revision stands."""
        ...

    def drop_draft(self, key: FormKey, seen: int) -> bool:
        """False when another revision stands."""
        ...
