"""Contacts with every end, and referrals in every state, urgency and channel (E1-E5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from coordination.intake.rules import due_at
from coordination.reference.standing import Neighbourhood, Standing
from coordination.training.batches import Batch, Pile, as_json, later
from coordination.training.chance import Chance, Weighted
from coordination.training.contacts import Contacts
from coordination.training.holds import Holds
from coordination.training.people import Resident
from coordination.training.sources import source
from coordination.training.users import users_of

_HOSPITAL = Weighted({"ward": 74.0, "emergency_department": 26.0})
_PEOPLE = Weighted({"telephone": 70.0, "online_form": 13.0, "email": 9.0, "walk_in": 5.0, "social_media": 3.0})
_PROFESSIONAL = Weighted(
    {
        "gp": 42.0,
        "ambulance": 18.0,
        "community_clinic": 16.0,
        "gp_out_of_hours": 10.0,
        "telephone": 8.0,
        "other_centre": 6.0,
    }
)
_CHANNELS = {
    "hospital": (_HOSPITAL,),
    "people": (_PEOPLE,),
    "professional": (_PROFESSIONAL,),
    "any": (_PEOPLE, _PROFESSIONAL),
}
_SERVICES = Weighted(
    {
        "reablement": 20.0,
        "district_nursing": 20.0,
        "urgent_community_response": 9.0,
        "social_work": 8.0,
        "equipment": 8.0,
        "therapy": 6.0,
        "neighbourhood_apartment": 5.0,
        "home_from_hospital": 4.0,
        "community_links": 4.0,
        "early_help": 3.0,
        "carers": 3.0,
        "falls": 3.0,
        "crisis_response": 2.0,
        "complex_reablement": 2.0,
        "int": 2.0,
        "high_impact_primary_care": 1.0,
        "end_of_life": 2.0,
        "carers_sitting": 1.0,
        "mental_health": 2.0,
        "housing": 1.0,
    }
)
_HOURS = {"two_hours": 2, "24_hours": 24, "72_hours": 72}


@dataclass(slots=True)
class TrainingReferral:
    """One referral before it is written. ``number`` comes with the order of ``received``."""

    id: str
    contact: str
    resident: Resident
    service: str
    urgency: str
    need: str
    channel: str
    received: datetime
    due: datetime
    state: str
    holder: str | None
    claimed: datetime | None
    safeguarding: bool
    recorder: str
    place: Neighbourhood | None
    closed: datetime | None = None
    state_reason: str = ""
    responded: datetime | None = None
    assessed: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)  # what its channel added


@dataclass(frozen=True, slots=True)
class _Case:
    """What is asked for, how soon, and how it came."""

    service: str
    urgency: str
    channel: str
    need: str


class Queue:
    """Makes contacts and what comes of them."""

    def __init__(self, standing: Standing, chance: Chance, now: datetime) -> None:
        self._chance, self._now = chance, now
        self._sides = {s.code: s.side for s in standing.services}
        self._words = source("words")
        self._hospitals = [h.name for h in standing.hospitals]
        self._contacts = Contacts(chance, now, self._hospitals)
        self._referrals = Pile(
            "referral",
            "id contact_id person_id service urgency urgency_reason need source locality neighbourhood_id received_at"
            " due_at state state_reason claimed_by claimed_at safeguarding closed_at responded_at assessed_at",
        )
        self._events = Pile(
            "referral_event",
            "id referral_id at by_user from_state to_state holder reason kind from_holder details",
        )
        self._holds = Holds(chance, now)
        self._made: list[TrainingReferral] = []

    # ---------------------------------------------------------------- what is asked for

    def open(self, resident: Resident) -> TrainingReferral:
        """A referral that is in the queue now."""
        case = self._case()
        received, fresh = self._received(case.urgency)
        referral = self._referral(resident, case, received)
        if not fresh:
            self._hold(referral)
        return referral

    def past(self, resident: Resident) -> None:
        """A contact of the last four months, ended one way or another."""
        chance = self._chance
        roll = chance.fraction()
        received = self._working_time(self._now - timedelta(minutes=chance.between(1_500, 172_000)))
        if roll < 0.48:
            self._close(self._referral(resident, self._case(), received))
        elif roll < 0.86:
            self._advice(resident, received)
        else:
            self._no_action(resident if chance.happens(0.4) else None, received)

    def linked(self, referral: TrainingReferral) -> None:
        """Somebody rings again about an open referral."""
        received = referral.received + (self._now - referral.received) * self._chance.fraction() * 0.9
        need, words = (self._chance.one_of(self._words["linked"][part]) for part in ("need", "words"))
        self._contacts.add(referral.resident, "telephone", received, need, "linked", words, referral.id)

    def waiting_mail(self, resident: Resident | None, index: int) -> None:
        """A message that nobody has looked at yet: a contact without an end."""
        channel = ("email", "email", "online_form")[index % 3]
        need = self._words["open"]["need"][index % len(self._words["open"]["need"])]
        self._contacts.add(resident, channel, later(self._now, -self._chance.between(4, 70)), need, None, "")

    @property
    def made(self) -> tuple[TrainingReferral, ...]:
        """Every referral so far."""
        return tuple(self._made)

    def batches(self) -> Iterator[Batch]:
        """Everything, referrals in the order in which they came."""
        for referral in sorted(self._made, key=lambda r: (r.received, r.id)):
            self._write(referral)
        yield self._contacts.batch()
        yield self._referrals.take()
        yield self._events.take()
        yield from self._holds.batches()

    # ---------------------------------------------------------------- how it is made up

    def _received(self, urgency: str) -> tuple[datetime, bool]:
        """When it came, and whether just now. Some are overdue, some due within a quarter of an hour."""
        chance = self._chance
        roll = chance.fraction()
        if roll < 0.09:
            return later(self._now, -chance.between(1, 12)), True
        hours = _HOURS.get(urgency)
        if hours is not None:
            if roll < 0.17:
                left = -chance.between(3, 40 * hours)
            elif roll < 0.26:
                left = chance.between(2, 14)
            elif roll < 0.42:
                left = chance.between(16, 119)
            else:
                left = chance.between(20, hours * 60 - 15)
            return later(self._now, left - hours * 60), False
        days = 7 if urgency == "routine" else 0
        if roll < 0.14:
            days += 1 + days // 3  # a late one
        back = chance.between(20, 24 * 60 * days) if days else chance.between(20, 300)
        return later(self._now, -back), False

    def _working_time(self, moment: datetime) -> datetime:
        """Most contacts come by day."""
        return moment.replace(hour=self._chance.between(8, 20)) if moment.hour < 7 else moment

    def _case(self) -> _Case:
        chance = self._chance
        service = chance.pick(_SERVICES)
        urgencies, channels, need = chance.one_of(self._words["referral"][service])
        channel = chance.pick(chance.one_of(_CHANNELS[channels]))
        return _Case(service, chance.one_of(urgencies.split()), channel, need)

    def _referral(self, resident: Resident, case: _Case, received: datetime) -> TrainingReferral:
        chance = self._chance
        need = self._fill(case.need, resident)
        referral = TrainingReferral(
            id=chance.id(),
            contact="",
            resident=resident,
            service=case.service,
            urgency=case.urgency,
            need=need,
            channel=case.channel,
            received=received,
            due=due_at(case.urgency, received),
            state="waiting",
            holder=None,
            claimed=None,
            safeguarding=chance.happens(0.03),
            recorder="",
            place=self._place(resident, self._sides[case.service]),
        )
        referral.contact, referral.recorder = self._contacts.add(resident, case.channel, received, need, "referral", "")
        referral.details = self._contacts.details
        self._made.append(referral)
        return referral

    def _place(self, resident: Resident, side: str) -> Neighbourhood | None:
        """P2, as coordination.people.rules.responsible_for has it: what both run goes by residence first."""
        health, home = resident.place.health, resident.place.home
        if side == "health":
            return health or home
        return home if side == "social_care" else home or health

    def _hold(self, referral: TrainingReferral) -> None:
        """Some are claimed, some accepted; of each, some long ago."""
        chance = self._chance
        roll = chance.fraction()
        if roll < 0.45:
            return
        locality = referral.place.locality if referral.place else None
        leads = [
            u for u in users_of("team_lead", locality) if u.team and _TEAM_WORD.get(referral.service, "-") in u.team
        ]
        if roll > 0.72 and leads:
            holder = leads[0].user_name
        elif referral.service == "neighbourhood_apartment":
            holder = chance.one_of(users_of("placement_coordinator", locality)).user_name
        else:
            holder = chance.one_of(users_of("care_coordinator", locality)).user_name
        referral.state = "accepted" if roll > 0.72 else "claimed"
        referral.holder = holder
        age = (self._now - referral.received).total_seconds() / 60
        referral.claimed = later(referral.received, int(3 + (age - 6) * chance.fraction() ** 2)) if age > 8 else None
        if referral.claimed is None:
            referral.state, referral.holder = "waiting", None

    def _close(self, referral: TrainingReferral) -> None:
        chance = self._chance
        # A decline waits for its next owner to settle it: only lately declined ones still do.
        declined = self._now - referral.received < timedelta(days=10) and chance.happens(0.3)
        locality = referral.place.locality if referral.place else None
        referral.state = "declined" if declined else "closed"
        referral.state_reason = chance.one_of(self._words["state_reason"][referral.state])
        claimant = chance.one_of(users_of("care_coordinator", locality)).user_name
        referral.holder = referral.recorder if declined else claimant
        referral.claimed = later(referral.received, chance.between(2, 200))
        closed = later(referral.claimed, chance.between(30, 9_000))
        referral.closed = min(closed, later(self._now, -chance.between(5, 600)))
        if referral.closed <= referral.claimed:
            referral.claimed = later(referral.received, 1)
            referral.closed = later(referral.received, 5)

    def _advice(self, resident: Resident, received: datetime) -> None:
        words = self._words["advice"]
        need, reason = self._chance.one_of(words["need"]), self._chance.one_of(words["words"])
        self._contacts.add(resident, self._chance.one_of(("telephone", "telephone", "email", "online_form", "walk_in")),
                      received, need, "advice", reason)  # fmt: skip

    def _no_action(self, resident: Resident | None, received: datetime) -> None:
        words = self._words["no_action"]
        index = self._chance.between(0, len(words["need"]) - 1)
        channel = "online_form" if "form" in words["need"][index] else "telephone"
        self._contacts.add(resident, channel, received, words["need"][index], "no_action", words["words"][index])

    def _fill(self, words: str, resident: Resident) -> str:
        return words.format(given=resident.called, carer=resident.carer, hospital=self._chance.one_of(self._hospitals))

    def _write(self, r: TrainingReferral) -> None:
        chance = self._chance
        hospital = r.channel in ("ward", "emergency_department")
        reason = chance.one_of(self._words["hospital_reason" if hospital else "reason"][r.urgency])
        locality = r.place.locality if r.place else None
        self._referrals.add(
            r.id, r.contact, r.resident.id, r.service, r.urgency, reason, r.need, r.channel, locality,
            r.place.id if r.place else None, r.received, r.due, r.state, r.state_reason, r.holder, r.claimed,
            r.safeguarding, r.closed, *self._begun(r, hospital),
        )  # fmt: skip
        self._event(r, later(r.received, 1), r.recorder, None, "waiting", None, reason, "referred")
        if r.claimed is not None and r.holder is not None:
            self._event(r, r.claimed, r.holder, "waiting", "claimed", r.holder, "", "claimed")
            if r.state == "accepted":
                accepted = min(later(r.claimed, chance.between(2, 40)), self._now)
                self._event(r, accepted, r.holder, "claimed", "accepted", r.holder, "", "accepted")
                if r.responded is not None:
                    self._event(r, r.responded, r.holder, "accepted", "accepted", r.holder, "", "responded")
            elif r.closed is not None:
                self._event(r, r.closed, r.holder, "claimed", r.state, r.holder, r.state_reason, r.state)
        held = self._holds.consider(r.id, r.urgency, r.state, r.claimed or r.received, r.holder or r.recorder)
        if held is not None:
            self._event(r, held.at, held.by, r.state, r.state, r.holder, held.words, held.kind, as_json(held.details))

    def _begun(self, r: TrainingReferral, hospital: bool) -> tuple[datetime | None, datetime | None]:
        """Of what is accepted, most has begun, and who came from a hospital has mostly been assessed."""
        chance = self._chance
        if r.state == "accepted" and r.claimed is not None and chance.happens(0.8):
            begun = later(r.claimed, chance.between(45, 240))
            r.responded = begun if begun < self._now else None
        if hospital and r.responded is not None and chance.happens(0.8):
            r.assessed = r.responded
        return r.responded, r.assessed

    def _event(
        self, r: TrainingReferral, at: datetime, by: str, before: str | None, after: str, holder: str | None, why: str,
        kind: str, details: str = "{}",
    ) -> None:  # fmt: skip
        came_from = holder if before not in (None, "waiting") else None
        self._events.add(
            self._chance.id(), r.id, min(at, self._now), by, before, after, holder, why, kind, came_from, details
        )


_TEAM_WORD = {
    "reablement": " reablement",
    "complex_reablement": "complex",
    "district_nursing": "nursing",
    "urgent_community_response": "nursing",
    "end_of_life": "nursing",
}
