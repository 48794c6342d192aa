"""What goes with a person's record: alerts, the people around them, and the teams they share with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from coordination.training.batches import Batch, Pile
from coordination.training.chance import Chance, Weighted
from coordination.training.names import communities
from coordination.training.people import Resident
from coordination.training.phones import CARERS, landline, mobile, of_carer
from coordination.training.sources import source

_KINDS = Weighted(
    {
        "key_safe": 34.0,
        "access": 22.0,
        "allergy": 20.0,
        "do_not_visit_alone": 6.0,
        "infection": 6.0,
        "safeguarding": 5.0,
        "other": 7.0,
    }
)
# How many in a hundred have an alert, and somebody around them, by tier of risk.
_ALERTS = {"very_high": 0.75, "high": 0.55, "moderate": 0.3, "low": 0.012}
_SOMEBODY = {"very_high": 0.85, "high": 0.8, "moderate": 0.65, "low": 0.06}


class Around:
    """Gathers the rows that belong to residents, as they come by."""

    def __init__(self, teams: Mapping[str, int], chance: Chance, today: date) -> None:
        self._teams, self._chance, self._today = teams, chance, today
        self._carers = 0
        self._relations = Weighted[str](source("words")["around"]["relation"])
        self._alerts = Pile("person_alert", "id person_id kind words since until recorded_by")
        self._people = Pile("person_around", "id person_id name relation phone is_carer")
        self._sharing = Pile("person_sharing", "person_id team_id agreed_on recorded_by")

    def meet(self, resident: Resident, registrar: str) -> None:
        """Make up what goes with this person. Notes on the resident who the carer is and whom they share with."""
        chance = self._chance
        # Alerts go up with age too: an old person of low risk may well have a key safe.
        if chance.happens(_ALERTS[resident.tier] + (resident.age >= 75) * 0.15):
            self._alert(resident, registrar)
            if chance.happens(0.25):
                self._alert(resident, registrar)
        if chance.happens(_SOMEBODY[resident.tier] + (resident.age >= 75) * 0.3):
            self._somebody(resident, first=True)
            if chance.happens(0.3):
                self._somebody(resident, first=False)
        if resident.sharing == "named_teams":
            self._share(resident, registrar)

    def batches(self) -> Iterator[Batch]:
        """What has gathered since the last time."""
        yield self._alerts.take()
        yield self._people.take()
        yield self._sharing.take()

    def _alert(self, resident: Resident, registrar: str) -> None:
        chance = self._chance
        kind = chance.pick(_KINDS)
        since = self._today - timedelta(days=chance.between(1, 900))
        lapsed = kind == "infection" and chance.happens(0.5)
        until = self._today + timedelta(days=chance.between(-20, 40)) if lapsed else None
        until = max(until, since) if until else None
        words = chance.one_of(source("words")["alert"][kind])
        self._alerts.add(chance.id(), resident.id, kind, words, since, until, registrar)

    def _somebody(self, resident: Resident, *, first: bool) -> None:
        chance = self._chance
        relation = (
            chance.pick(self._relations) if resident.age >= 45 else chance.one_of(("mother", "partner", "friend"))
        )
        gender = "female" if relation in _WOMEN else "male" if relation in _MEN else chance.one_of(("female", "male"))
        community = communities()[resident.community]
        born = self._today.year - max(resident.age + _YEARS_YOUNGER.get(relation, 0), 18)
        given = community.given_name(chance, gender, born)
        surname = community.form_of(resident.surname, gender) if relation in _FAMILY else community.surname(chance)
        name = f"{given} {surname}"
        carer = first and relation != "neighbour" and chance.happens(0.55)
        if carer:
            resident.carer = f"{relation} {given}"
        phone = mobile(chance) if chance.happens(0.8) else landline(chance)
        if carer and self._carers < CARERS:
            phone = of_carer(self._carers)
            self._carers += 1
        self._people.add(chance.id(), resident.id, name, relation, phone, carer)

    def _share(self, resident: Resident, registrar: str) -> None:
        """With the reablement or the nursing team of the locality, or both."""
        chance = self._chance
        kinds = chance.one_of((("reablement",), ("district nursing",), ("reablement", "district nursing")))
        for kind in kinds:
            team = self._teams[f"{resident.place.either.locality.capitalize()} {kind}"]
            resident.shares_with.append(team)
            agreed = self._today - timedelta(days=chance.between(1, 400))
            self._sharing.add(resident.id, team, agreed, registrar)


_WOMEN = {"daughter", "wife", "sister", "mother", "granddaughter"}
_MEN = {"son", "husband", "brother"}
_FAMILY = _WOMEN | _MEN
_YEARS_YOUNGER = {"daughter": -28, "son": -28, "granddaughter": -52, "mother": 26}
