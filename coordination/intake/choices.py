"""What can be chosen in a contact: lists that hardly ever change, read together."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.governance.model import Account
from coordination.intake.model import ServiceKind
from coordination.people.model import Practice


@dataclass(frozen=True, slots=True)
class ContactChoices:
    """Services in the order of lists; code and name of each acute site; active practices and active colleagues by
    name."""

    services: tuple[ServiceKind, ...]
    hospitals: tuple[tuple[str, str], ...]
    practices: tuple[Practice, ...]
    colleagues: tuple[Account, ...]
