"""Why apartments could not be offered, counted by the code of the reason (N4, N5). Pure; every count keeps the
referrals that it is made of (O2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from coordination.names import listed
from coordination.reference.standing import DeclineReason
from coordination.values import PersonId, ReferralId

LOCALITIES = ("north", "central", "south")


@dataclass(frozen=True, slots=True)
class DeclineFact:
    """A referral for an apartment was declined on a day. ``code`` empty: nobody has said one. ``again_on``: it was
    opened again that day."""

    referral_id: ReferralId
    person_id: PersonId
    surname: str = field(repr=False)
    given: str = field(repr=False)
    locality: str | None
    code: str
    declined_on: date
    again_on: date | None

    @property
    def who(self) -> str:
        return listed(self.surname, self.given)


@dataclass(frozen=True)
class DeclineFigures:
    """Of one code; ``code`` empty: where none was said. ``of``: ``all``, each locality, ``again``."""

    code: str
    words: str
    of: dict[str, tuple[DeclineFact, ...]] = field(repr=False)


def decline_figures(facts: Iterable[DeclineFact], reasons: Sequence[DeclineReason]) -> list[DeclineFigures]:
    """One record a code in the order of the list; codes that nobody used are left out, but none that was."""
    by_code: dict[str, list[DeclineFact]] = {}
    for fact in facts:
        by_code.setdefault(fact.code, []).append(fact)
    known = {r.code: r.words for r in sorted(reasons, key=lambda r: r.position)}
    order = [*(code for code in known if code in by_code), *sorted(c for c in by_code if c not in known)]
    return [_figures(code, known.get(code, code), by_code[code]) for code in order]


def _figures(code: str, words: str, facts: Sequence[DeclineFact]) -> DeclineFigures:
    of = {"all": tuple(facts), "again": tuple(f for f in facts if f.again_on is not None)}
    of |= {place: tuple(f for f in facts if f.locality == place) for place in LOCALITIES}
    return DeclineFigures(code, words, of)
