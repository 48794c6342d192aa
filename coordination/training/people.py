"""The people, household by household, in a stream: never more than one household is in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import log

from coordination.clock import local_date
from coordination.reference.standing import Neighbourhood, Standing
from coordination.training.addresses import Addresses, TrainingPostcode
from coordination.training.chance import Chance, Weighted
from coordination.training.names import Community, communities, known_as, mixture, plain
from coordination.training.nhs_numbers import numbers
from coordination.training.phones import landline, mobile
from coordination.training.practices import TrainingPractice
from coordination.training.risk import COUNTS, Tiers, score
from coordination.training.sources import source

_OUTSIDE = 0.092  # P2: about 54,000 of 590,000 who are registered here live elsewhere
_NO_PRACTICE_HERE = 0.044  # and about 25,000 residents are registered elsewhere or nowhere
_HEADS = Weighted(
    {(17, 29): 27.0, (30, 44): 29.0, (45, 64): 26.0, (65, 79): 12.0, (80, 103): 6.0}
)  # ages of the eldest
_HOUSEHOLD = Weighted({1: 34.0, 2: 30.0, 3: 16.0, 4: 12.0, 5: 5.0, 6: 3.0})
_SHARING = Weighted({"everything": 96.0, "summary": 3.0, "named_teams": 1.0})
_STATUS = Weighted({"verified": 95.0, "traced": 3.0, "not_traced": 2.0})

COLUMNS = (
    "id nhs_number nhs_status title surname given known_as birth_date gender deceased_on address postcode phone"
    " other_phone email language interpreter communication access_notes practice_code ward_code risk_score risk_tier"
    " sharing_level registered_at registered_by"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody belongs: for health by practice, for social care by residence (P2). None: not in the city."""

    health: Neighbourhood | None
    home: Neighbourhood | None

    @property
    def either(self) -> Neighbourhood:
        found = self.home or self.health
        assert found is not None
        return found


@dataclass(slots=True)
class Resident:
    """One person, as the rest of the city needs to know them. ``row`` is in the order of COLUMNS."""

    id: str
    title: str
    surname: str
    given: str
    gender: str
    age: int
    community: str
    tier: str
    sharing: str
    place: Place
    home: TrainingPostcode
    practice: TrainingPractice | None
    registered_at: datetime
    deceased: bool
    shares_with: list[int] = field(default_factory=list)
    carer: str = ""
    born: date | None = None
    number: str = ""  # NHS number

    @property
    def called(self) -> str:
        return self.given or self.surname


class People:
    """Makes residents; ``rows`` gives each with its row for the table."""

    def __init__(
        self,
        standing: Standing,
        homes: Addresses,
        practices: Sequence[TrainingPractice],
        registrars: Mapping[str, Sequence[str]],
        seed: int,
        now: datetime,
    ) -> None:
        """``registrars``: by locality, who may have registered somebody."""
        self._chance = Chance(seed, "people", now - timedelta(days=400))
        self._today, self._now = local_date(now), now
        self._homes, self._registrars = homes, registrars
        self._of_ward = standing.neighbourhood_of_ward()
        self._wards = _wards(standing)
        self._mixtures = {w.code: mixture(w.name) for w in standing.wards}
        self._city_mixture = mixture("")
        self._practices: dict[int, list[TrainingPractice]] = {}
        for practice in practices:
            self._practices.setdefault(practice.neighbourhood, []).append(practice)
        self._neighbourhoods = {n.id: n for n in standing.neighbourhoods}
        self._in_locality: dict[str, list[int]] = {}
        for n in standing.neighbourhoods:
            self._in_locality.setdefault(n.locality, []).append(n.id)
        self._numbers = numbers(seed)
        self._tiers = Tiers()
        self._words = {name: source("words")[name]["words"] for name in ("communication", "access_notes")}

    def rows(self, count: int) -> Iterator[tuple[Resident, tuple[object, ...]]]:
        """``count`` people."""
        made = 0
        while made < count:
            for resident in self._household(min(self._chance.pick(_HOUSEHOLD), count - made)):
                made += 1
                yield resident

    def _household(self, size: int) -> Iterator[tuple[Resident, tuple[object, ...]]]:
        chance = self._chance
        home, home_place = self._home()
        mixed = self._mixtures[home.ward] if home.ward else self._city_mixture
        community = communities()[chance.pick(mixed)]
        surname, address = community.surname(chance), home.address(chance)
        phone = landline(chance) if chance.happens(0.45) else ""
        health = self._health(home_place)
        practice = chance.one_of(self._practices[health.id]) if health else None
        place = Place(health, home_place)
        first_age = self._age(0, 0)
        if first_age >= 66 and size > 2 and chance.happens(0.8):
            size = chance.between(1, 2)
        for member in range(size):
            age = self._age(member, first_age) if member else first_age
            yield self._member(community, surname, age, address, home, phone, place, practice)

    def _home(self) -> tuple[TrainingPostcode, Neighbourhood | None]:
        chance = self._chance
        if chance.happens(_OUTSIDE):
            return chance.one_of(self._homes.outside[chance.pick(_LOCALITY)]), None
        ward = chance.pick(self._wards)
        return chance.one_of(self._homes.by_ward[ward]), self._of_ward[ward]

    def _health(self, home: Neighbourhood | None) -> Neighbourhood | None:
        """Most are registered near home; some stayed with the practice of a former address; some have none here."""
        chance = self._chance
        roll = chance.fraction()
        if home is None:
            return self._neighbourhoods[chance.between(1, len(self._neighbourhoods))]
        if roll < _NO_PRACTICE_HERE:
            return None
        if roll < 0.86:
            return home
        if roll < 0.95:
            return self._neighbourhoods[chance.one_of(self._in_locality[home.locality])]
        return self._neighbourhoods[chance.between(1, len(self._neighbourhoods))]

    def _age(self, member: int, first: int) -> int:
        chance = self._chance
        if member == 0:
            low, high = chance.pick(_HEADS)
            share = chance.fraction()
            if low == 80:  # few reach a hundred
                return min(low - int(log(1 - share) * 4.5), high)
            return low + int(share * (high - low + 1))
        if member == 1:
            return min(max(int(first + chance.around(0, 5)), 17), 102)
        if first >= 66:
            return max(first - chance.between(22, 38), 18)
        return max(min(chance.between(0, 30), first - 17), 0)

    def _member(
        self,
        community: Community,
        surname: str,
        age: int,
        address: str,
        home: TrainingPostcode,
        household_phone: str,
        place: Place,
        practice: TrainingPractice | None,
    ) -> tuple[Resident, tuple[object, ...]]:
        chance = self._chance
        gender = "female" if chance.happens(0.505 if age < 70 else 0.58) else "male"
        born = self._born(age)
        given = community.given_name(chance, gender, born.year)
        surname = community.form_of(surname, gender)
        if chance.happens(community.single):
            surname, given = given, ""
        title = _title(gender, age, chance)
        locality = place.health.locality if place.health else place.either.locality
        tier = self._tiers.next(locality, age, chance)
        language = community.languages.at(chance.fraction())
        died = self._died(age, tier)
        phone, other = self._phones(age, household_phone)
        sharing = chance.pick(_SHARING)
        registered_at = self._now - timedelta(minutes=chance.between(600, 1_500_000))
        registrar = chance.one_of(self._registrars[place.either.locality])
        person_id = chance.id()
        number, status = next(self._numbers), chance.pick(_STATUS)
        if chance.happens(0.018):
            number, status = "", "none_known"
        row = (
            person_id,
            number or None,
            status,
            title,
            surname,
            given,
            self._known_as(community, given),
            born,
            gender if chance.fraction() > 0.004 else "other",
            died,
            address,
            home.postcode,
            phone,
            other,
            f"{plain(given)}.{plain(surname)}@example.org" if age >= 16 and chance.happens(0.24) else "",
            language,
            bool(language) and chance.happens(community.interpreter),
            chance.one_of(self._words["communication"]) if chance.happens(0.012 + (age > 70) * 0.07) else "",
            chance.one_of(self._words["access_notes"]) if chance.happens(0.01 + (age > 70) * 0.06) else "",
            practice.code if practice else None,
            home.ward,
            score(tier, chance) if practice else None,
            tier,
            sharing,
            registered_at,
            registrar,
        )
        resident = Resident(
            person_id, title, surname, given, gender, age, community.code, tier, sharing, place, home, practice,
            registered_at, died is not None, born=born, number=number,
        )  # fmt: skip
        return resident, row

    def _born(self, age: int) -> date:
        try:
            birthday = self._today.replace(year=self._today.year - age)
        except ValueError:  # 29 February
            birthday = self._today.replace(year=self._today.year - age, day=28)
        return birthday - timedelta(days=self._chance.between(3, 364))

    def _died(self, age: int, tier: str) -> date | None:
        probability = 0.0004 + (age >= 75) * 0.02 + (tier == "very_high") * 0.03
        return self._today - timedelta(days=self._chance.between(2, 700)) if self._chance.happens(probability) else None

    def _phones(self, age: int, household: str) -> tuple[str, str]:
        if age < 12:
            return household, ""
        own = mobile(self._chance) if self._chance.happens(0.55 if age >= 75 else 0.9) else ""
        return (household, own) if household and age >= 60 else (own or household, household if own else "")

    def _known_as(self, community: Community, given: str) -> str:
        roll = self._chance.fraction()
        if roll < 0.3 and given in community.native:
            return community.native[given]
        return known_as(given) if roll < 0.4 else ""


def _wards(standing: Standing) -> Weighted[str]:
    """Wards by the people in them, each locality in its share of the city's registered people (K2)."""
    of_ward = standing.neighbourhood_of_ward()
    people = {w.code: source("city")["ward"][w.name]["people"] for w in standing.wards}
    sums = {locality: sum(p for w, p in people.items() if of_ward[w].locality == locality) for locality in COUNTS}
    return Weighted({w: p / sums[of_ward[w].locality] * COUNTS[of_ward[w].locality][3] for w, p in people.items()})


def _title(gender: str, age: int, chance: Chance) -> str:
    if age < 16:
        return ""
    roll = chance.fraction()
    if roll < 0.02:
        return "Dr"
    if roll < 0.022:
        return "Revd"
    if roll > 0.93:
        return ""
    if gender == "male":
        return "Mr"
    married = 0.02 if age < 24 else 0.25 + min(age, 90) / 180
    return "Mrs" if roll < married else "Miss" if roll > 0.72 else "Ms"


_LOCALITY = Weighted({locality: counts[3] for locality, counts in COUNTS.items()})
