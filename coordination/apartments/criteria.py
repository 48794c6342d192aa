"""Whom a scheme and an apartment take. Pure; the database holds the same rule: ``unmet_criteria`` in 0039_schemes.

What is not known (a date of birth, where somebody lives) is no obstacle: it is said, and nobody is refused for it.
"""

from __future__ import annotations

from datetime import date

from coordination.apartments.referrals_model import Home, RequestDraft
from coordination.apartments.schemes_model import Flat, Scheme
from coordination.errors import Obstacle, obstacle
from coordination.reference import standing

FEATURES = ("step_free", "hoist", "pets")
CRITERIA = "stay_meets_criteria"
"""The constraint of the database that says so."""


def unmet(
    scheme: Scheme, flat: Flat, birth_date: date | None, home: Home, request: RequestDraft | None, first_day: date
) -> tuple[str, ...]:
    """Codes of what is not met: age, local_connection, step_free, hoist, pets, bedrooms, need:…; each needs an override
    with a reason when somebody books all the same."""
    found: list[str] = []
    if scheme.least_age is not None and birth_date is not None and age_on(birth_date, first_day) < scheme.least_age:
        found.append("age")
    if has_connection(scheme, home) is False:
        found.append("local_connection")
    if request is not None:
        found += [f for f in FEATURES if getattr(request, f) and not getattr(flat, f)]
        if request.bedrooms > flat.bedrooms:
            found.append("bedrooms")
        found += [f"need:{need}" for need in sorted(request.needs & scheme.cannot)]
    return tuple(found)


def has_connection(scheme: Scheme, home: Home) -> bool | None:
    """Whether the person lives where the scheme is for; None where it is for anybody, or nobody knows."""
    if scheme.local_connection == "locality":
        return None if home.locality is None else home.locality == scheme.locality
    if scheme.local_connection == "neighbourhood":
        return None if home.neighbourhood_id is None else home.neighbourhood_id == scheme.neighbourhood_id
    return None


def age_on(birth_date: date, day: date) -> int:
    """Whole years; who was born on 29 February is a year older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def not_taken(detail: str) -> tuple[Obstacle, ...]:
    """What the database found unmet, as it tells it: codes between commas."""
    codes = [code for code in detail.split(",") if code]
    words = {f"need:{each.code}": each.words for each in standing.read().care_needs}
    found = [
        obstacle("not_taken_need", need=code.removeprefix("need:"), words=words[code])
        if code in words
        else obstacle(f"not_taken_{code}")
        for code in codes
    ]
    return (*found, obstacle("not_taken_how"))


def overridable(reasons: tuple[Obstacle, ...]) -> tuple[str, ...]:
    """What of a refusal an override with a reason would answer; empty when something else is in the way too."""
    codes = [o.code for o in reasons]
    if not codes or not all(code.startswith("not_taken_") for code in codes):
        return ()
    return tuple(
        f"need:{o.fact('need')}" if o.code == "not_taken_need" else o.code.removeprefix("not_taken_")
        for o in reasons
        if o.code != "not_taken_how"
    )
