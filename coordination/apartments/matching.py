"""Which apartments suit a referral, with what speaks for each and what against (N4). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from coordination.apartments.criteria import FEATURES, has_connection, unmet
from coordination.apartments.model import Apartment, ApartmentBoard
from coordination.apartments.referrals_model import NO_HOME, Home, RequestDraft
from coordination.apartments.rules import first_free
from coordination.apartments.schemes_model import Flat, Scheme
from coordination.distance import straight_km
from coordination.errors import Obstacle, obstacle
from coordination.values import DateRange

NEAR_KM = 3.0
FAR_KM = 6.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom an apartment is sought for. ``request`` None: nothing is recorded, only age and place are known."""

    birth_date: date | None = None
    home: Home = NO_HOME
    request: RequestDraft | None = None
    locality: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How well an apartment suits. ``pros`` and ``cons`` are codes with facts, for the sentences of the screen;
    ``unmet`` are criteria that need an override; ``km`` from home as the crow flies, None: not known."""

    apartment: Apartment
    free_from: date | None
    unmet: tuple[str, ...] = ()
    km: float | None = None
    pros: tuple[Obstacle, ...] = field(default=(), repr=False)
    cons: tuple[Obstacle, ...] = field(default=(), repr=False)

    @property
    def possible(self) -> bool:
        """Free, and nothing needs an override."""
        return self.free_from is not None and not self.unmet


def matches(board: ApartmentBoard, schemes: Iterable[Scheme], asked: Asked, days: int, not_before: date) -> list[Match]:
    """Every apartment of the board, best first: what is possible before what needs an override before what is not free;
    then what is wished for, when it is free, and how near it is."""
    homes = {flat.id: (scheme, flat) for scheme in schemes for flat in scheme.flats}
    found = [
        _match(board, apartment, *homes[apartment.id], asked, days, not_before)
        for apartment in board.apartments
        if apartment.id in homes
    ]
    return sorted(found, key=lambda match: _rank(match, not_before))


def _rank(match: Match, not_before: date) -> tuple[bool, int, int, int, float, str]:
    wait = 9999 if match.free_from is None else (match.free_from - not_before).days
    wish = sum(each.code in ("other_scheme", "other_locality") for each in match.cons)
    # A week sooner counts as much as five kilometres nearer.
    far = match.km if match.km is not None else FAR_KM
    return match.free_from is None, len(match.unmet), wish, wait // 7, far + 5 * (wait % 7) / 7, match.apartment.label


def _match(
    board: ApartmentBoard, apartment: Apartment, scheme: Scheme, flat: Flat, asked: Asked, days: int, not_before: date
) -> Match:
    free = first_free(board, apartment, days, not_before)
    lacking = unmet(scheme, flat, asked.birth_date, asked.home, asked.request, free or not_before)
    km = None
    if scheme.place is not None and asked.home.place is not None:
        km = straight_km(scheme.place, asked.home.place)
    pros: list[Obstacle] = []
    cons: list[Obstacle] = [_lacks(code, scheme, flat) for code in lacking]
    _features(scheme, flat, asked, lacking, pros)
    _site(scheme, asked, pros, cons)
    _distance(km, pros, cons)
    _when(board, apartment, flat, free, days, not_before, pros, cons)
    return Match(apartment, free, lacking, km, tuple(pros), tuple(cons))


def _lacks(code: str, scheme: Scheme, flat: Flat) -> Obstacle:
    if code == "age":
        return obstacle("lacks_age", age=scheme.least_age)
    if code == "local_connection":
        return obstacle("lacks_local_connection", place=scheme.neighbourhood or scheme.locality)
    if code == "bedrooms":
        return obstacle("lacks_bedrooms", bedrooms=flat.bedrooms)
    if code.startswith("need:"):
        need = code.removeprefix("need:")
        note = next((n.note for n in scheme.needs if n.need == need), "")
        return obstacle("lacks_need", need=need, note=note)
    return obstacle(f"lacks_{code}")


def _features(scheme: Scheme, flat: Flat, asked: Asked, lacking: tuple[str, ...], pros: list[Obstacle]) -> None:
    request = asked.request
    if request is not None:
        pros += [obstacle(f"has_{f}") for f in FEATURES if getattr(request, f) and f not in lacking]
        if request.bedrooms and "bedrooms" not in lacking:
            pros.append(obstacle("has_bedrooms", bedrooms=flat.bedrooms))
        pros += [obstacle("meets_need", need=need) for need in sorted(request.needs & scheme.can)]
    if has_connection(scheme, asked.home):
        pros.append(obstacle("has_local_connection"))


def _site(scheme: Scheme, asked: Asked, pros: list[Obstacle], cons: list[Obstacle]) -> None:
    """Needs that nobody has spoken of, and where they wish to be."""
    request = asked.request
    if request is not None:
        cons += [obstacle("need_not_said", need=n) for n in sorted(request.needs - scheme.can - scheme.cannot)]
    if request is not None and request.wanted_scheme is not None:
        wished = request.wanted_scheme == scheme.id
        (pros if wished else cons).append(obstacle("wished_scheme" if wished else "other_scheme"))
        return
    wanted = (request.wanted_locality if request is not None else None) or asked.locality
    if wanted is not None:
        here = scheme.locality == wanted
        (pros if here else cons).append(
            obstacle("own_locality" if here else "other_locality", locality=scheme.locality)
        )


def _distance(km: float | None, pros: list[Obstacle], cons: list[Obstacle]) -> None:
    if km is None:
        cons.append(obstacle("distance_not_known"))
    elif km <= NEAR_KM:
        pros.append(obstacle("near", km=km))
    elif km >= FAR_KM:
        cons.append(obstacle("far", km=km))
    else:
        pros.append(obstacle("at_a_distance", km=km))


def _when(
    board: ApartmentBoard, apartment: Apartment, flat: Flat, free: date | None, days: int, not_before: date,
    pros: list[Obstacle], cons: list[Obstacle],
) -> None:  # fmt: skip
    """From when it is free; not accepting; how long it is leased."""
    pause = board.pause_on(apartment.id, not_before)
    if pause is not None:
        cons.append(obstacle("takes_nobody", reason=pause.reason, last=pause.last))
    if flat.lease_end is not None:
        left = DateRange(not_before, flat.lease_end).days if flat.lease_end > not_before else 0
        if free is None or flat.lease_end < free + timedelta(days=2 * days):
            cons.append(obstacle("lease_ends", last=flat.lease_end - timedelta(days=1), days=left))
    if free is None:
        cons.append(obstacle("no_free_days"))
    elif free == not_before:
        pros.append(obstacle("free_at_once"))
    else:
        cons.append(obstacle("free_later", start=free))
    if not flat.furnished:
        cons.append(obstacle("not_furnished"))
