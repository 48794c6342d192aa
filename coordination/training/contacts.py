"""Contacts: who rang, wrote or came, and how it ended (E1, E2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from coordination.clock import LONDON
from coordination.training.batches import Batch, Pile, as_json, later
from coordination.training.chance import Chance
from coordination.training.names import communities
from coordination.training.people import Resident
from coordination.training.phones import landline, mobile
from coordination.training.users import users_of


class Contacts:
    """Makes one contact after another."""

    def __init__(self, chance: Chance, now: datetime, hospitals: Sequence[str]) -> None:
        self._chance, self._now, self._hospitals = chance, now, hospitals
        self.details: dict[str, Any] = {}  # of the last one: what its channel added
        self._rows = Pile(
            "contact",
            "id channel received_at recorded_at recorded_by locality person_id caller_name caller_relation caller_phone"
            " need details ending ending_reason linked_referral_id ended_at",
        )

    def batch(self) -> Batch:
        return self._rows.take()

    def add(
        self,
        resident: Resident | None,
        channel: str,
        received: datetime,
        need: str,
        ending: str | None,
        reason: str,
        linked: str | None = None,
    ) -> tuple[str, str]:
        """Its id, and who recorded it."""
        chance = self._chance
        contact_id = chance.id()
        locality = resident.place.either.locality if resident else chance.one_of(("north", "central", "south"))
        desk = locality if chance.happens(0.8) else None
        recorder = chance.one_of(users_of("care_coordinator", desk))
        name, relation, phone = self._caller(resident, channel)
        recorded = later(received, chance.between(0, 3))
        ended = min(later(recorded, chance.between(1, 9)), self._now) if ending else None
        self.details = self._details(channel, resident, need)
        self._rows.add(
            contact_id, channel, received, min(recorded, self._now), recorder.user_name, recorder.locality,
            resident.id if resident else None, name, relation, phone, need,
            as_json(self.details), ending, reason, linked, ended,
        )  # fmt: skip
        return contact_id, recorder.user_name

    def _caller(self, resident: Resident | None, channel: str) -> tuple[str, str, str]:
        chance = self._chance
        if channel not in ("telephone", "walk_in", "online_form", "email", "social_media"):
            return self._clinician(), _PROFESSION[channel], landline(chance)
        if resident is None:
            return "", "", ""
        if resident.carer and chance.happens(0.6):
            relation, _, name = resident.carer.partition(" ")
            return f"{name} {resident.surname}", relation, mobile(chance)
        return f"{resident.given} {resident.surname}".strip(), "self", mobile(chance)

    def _clinician(self) -> str:
        community = communities()[self._chance.one_of(_CLINICIANS)]
        gender = self._chance.one_of(("female", "male"))
        surname = community.form_of(community.surname(self._chance), gender)
        return f"{community.given_name(self._chance, gender, 1985)} {surname}"

    def _details(self, channel: str, resident: Resident | None, need: str) -> dict[str, Any]:
        """What the channel adds (coordination.intake.model.CHANNEL_DETAILS)."""
        chance = self._chance
        match channel:
            case "ward":
                moft = later(self._now, -chance.between(30, 2_000))
                consultant = f"Dr {self._clinician().split(' ')[-1]}"
                ward = chance.one_of(("J3", "F5", "A8", "C4", "12", "31", "AMU", "Frailty unit"))
                site, at = chance.one_of(self._hospitals), moft.astimezone(LONDON).strftime("%d-%b-%Y %H:%M")
                return {"site": site, "ward": ward, "consultant": consultant, "moft_at": at}
            case "emergency_department":
                return {"site": chance.one_of(self._hospitals), "clinician": self._clinician()}
            case "gp":
                practice = resident.practice.name if resident and resident.practice else "out of area"
                return {"practice": practice, "clinician": self._clinician()}
            case "community_clinic":
                clinic = chance.one_of(("Heart failure", "Podiatry", "Memory", "Continence"))
                return {"clinic": clinic, "clinician": self._clinician()}
            case "ambulance":
                return {"incident": f"N{chance.between(10_000_000, 99_999_999)}", "crew": f"{chance.between(100, 999)}"}
            case "gp_out_of_hours":
                return {"clinician": self._clinician(), "reference": f"OOH-{chance.between(1000, 9999)}"}
            case "email":
                sender = "family" if resident is None else f"family.{resident.id[-4:]}"
                return {"sender": f"{sender}@example.org", "subject": "Help at home", "text": need}
            case "online_form":
                return {"form": "self-referral", "reference": f"W{chance.between(100_000, 999_999)}"}
            case "other_centre":
                return {"centre": chance.one_of(("north", "central", "south")), "colleague": self._clinician()}
            case _:
                return {}


_CLINICIANS = ("english", "english", "indian", "pakistani", "irish", "yoruba", "polish", "arabic", "chinese_cantonese")
_PROFESSION = {
    "gp": "GP",
    "community_clinic": "nurse",
    "ward": "ward staff",
    "emergency_department": "nurse in charge",
    "ambulance": "paramedic",
    "gp_out_of_hours": "GP out of hours",
    "other_centre": "colleague",
}
