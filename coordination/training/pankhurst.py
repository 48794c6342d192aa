"""Mrs Emmeline Pankhurst, the papers' own example, who lives through every screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from coordination.clock import LONDON, local_date
from coordination.deployment.model import Place as Spot
from coordination.intake.rules import due_at
from coordination.reference.standing import Standing
from coordination.training import nhs_numbers, phones
from coordination.training.addresses import PANKHURST_POSTCODE, TrainingPostcode
from coordination.training.batches import Batch, Pile, as_json, later
from coordination.training.chance import Chance
from coordination.training.people import COLUMNS, Place, Resident
from coordination.training.practices import TrainingPractice
from coordination.training.rounds import Call, visit_kinds
from coordination.training.users import users_of

_BORN = date(1945, 7, 14)
_WARD = "Harpurhey"
OUTCOMES = (
    "Walk to the library and back on my own.",
    "Sleep upstairs in my own bed.",
    "Go to the women's group on Thursdays.",
)


class Pankhurst:
    """Her record, and what the makers of the rest need to put her everywhere."""

    def __init__(
        self, standing: Standing, practices: Sequence[TrainingPractice], chance: Chance, now: datetime
    ) -> None:
        self._chance, self._now = chance, now
        ward = next(w for w in standing.wards if w.name == _WARD)
        neighbourhood = standing.neighbourhood_of_ward()[ward.code]
        self.home = TrainingPostcode(
            PANKHURST_POSTCODE, ward.code, ward.lat, ward.lon, "Hollinfold Terrace", "Manchester"
        )
        self.lead_worker = users_of("care_coordinator", neighbourhood.locality)[0].user_name
        today = local_date(now)
        age = today.year - _BORN.year - ((today.month, today.day) < (_BORN.month, _BORN.day))
        practice = next(p for p in practices if p.neighbourhood == neighbourhood.id)
        self.resident = Resident(
            chance.id(), "Mrs", "Pankhurst", "Emmeline", "female", age, "english", "high", "everything",
            Place(neighbourhood, neighbourhood), self.home, practice, now - timedelta(days=60), False,
            carer="daughter Christabel",
        )  # fmt: skip

    def row(self) -> dict[str, Any]:
        """Her row of person, by column; every column that is left out is empty."""
        r = self.resident
        assert r.practice is not None
        return dict.fromkeys(COLUMNS.split(), "") | {
            "id": r.id,
            "nhs_number": nhs_numbers.PANKHURST,
            "nhs_status": "verified",
            "title": r.title,
            "surname": r.surname,
            "given": r.given,
            "birth_date": _BORN,
            "gender": r.gender,
            "deceased_on": None,
            "address": f"3 {self.home.street}, Manchester",
            "postcode": self.home.postcode,
            "phone": phones.PANKHURST,
            "email": "emmeline.pankhurst@example.org",
            "interpreter": False,
            "communication": "Hearing aid, left ear. Speak up, do not shout.",
            "access_notes": "Steep path; ring twice and give her time.",
            "practice_code": r.practice.code,
            "ward_code": self.home.ward,
            "risk_score": 62,
            "risk_tier": r.tier,
            "sharing_level": r.sharing,
            "registered_at": r.registered_at,
            "registered_by": self.lead_worker,
        }

    def around(self) -> Iterator[Batch]:
        """Alerts, and the people around her."""
        r, chance, today = self.resident, self._chance, local_date(self._now)
        alerts = Pile("person_alert", "id person_id kind words since until recorded_by")
        for kind, words, days in (
            ("key_safe", "Key safe behind the water butt, left of the door.", 40),
            ("allergy", "Penicillin: rash and swelling, 1978.", 60),
            ("access", "Back step is broken; use the front door only.", 35),
        ):
            alerts.add(chance.id(), r.id, kind, words, today - timedelta(days=days), None, self.lead_worker)
        yield alerts.take()
        people = Pile("person_around", "id person_id name relation phone is_carer")
        people.add(chance.id(), r.id, "Christabel Pankhurst", "daughter", "07700 900914", True)
        people.add(chance.id(), r.id, "Adela Pankhurst", "daughter", "07700 900918", False)
        people.add(chance.id(), r.id, "Annie Kenney", "neighbour", "0161 496 0905", False)
        yield people.take()

    def referral(self) -> Iterator[Batch]:
        """From the ward this morning: medically optimised, nobody has claimed it yet (T1)."""
        r, chance = self.resident, self._chance
        # Received so that it is due in three hours: first page of the queue, but not red.
        received = later(self._now, 190 - 24 * 60)
        contact_id, referral_id = chance.id(), chance.id()
        moft = later(self._now, -150).astimezone(LONDON).strftime("%d-%b-%Y %H:%M")
        need = (
            "Came in on Saturday night with a chest infection on top of the hip fracture of October. Antibiotics by "
            "mouth, walking with a frame. Medically optimised for transfer. Goes home today; please restart reablement "
            "at tea and bedtime. Bathroom and stairs are a problem: apartment from the day after tomorrow while the "
            "rail and the bath board are fitted."
        )
        details = {
            "site": "North Manchester General Hospital",
            "ward": "J3",
            "consultant": "Dr Anand",
            "moft_at": moft,
        }
        contacts = Pile(
            "contact",
            "id channel received_at recorded_at recorded_by locality person_id caller_name caller_relation caller_phone"
            " need details ending ending_reason linked_referral_id ended_at",
        )
        contacts.add(
            contact_id, "ward", received, later(received, 1), self.lead_worker, "north", r.id, "Mary Leigh",
            "ward sister", "0161 496 0906", need, as_json(details), "referral", "", None, later(received, 6),
        )  # fmt: skip
        yield contacts.take()
        referrals = Pile(
            "referral",
            "id contact_id person_id service urgency urgency_reason need source locality neighbourhood_id received_at"
            " due_at state state_reason claimed_by claimed_at safeguarding closed_at",
        )
        reason = "Referred from hospital: assess within 24 hours. Goes home today."
        assert r.place.home is not None
        referrals.add(
            referral_id, contact_id, r.id, "reablement", "24_hours", reason, need, "ward", r.place.home.locality,
            r.place.home.id, received, due_at("24_hours", received), "waiting", "", None, None, False, None,
        )  # fmt: skip
        yield referrals.take()
        events = Pile("referral_event", "id referral_id at by_user from_state to_state holder reason")
        events.add(chance.id(), referral_id, later(received, 6), self.lead_worker, None, "waiting", None, reason)
        yield events.take()

    def calls(self, service: str) -> list[Call]:
        """What she is visited for by reablement, or by the district nurses."""
        kinds = {kind.need: kind for kind in visit_kinds(service)}
        wanted = _VISITS.get(service, ())
        spot = Spot(self.home.lat, self.home.lon)
        return [
            Call(self.resident, kinds[need], start, window, minutes, 1, 0, False, None, 2, spot, keep=True)
            for need, start, window, minutes in wanted
        ]


# Need, minutes after midnight, how long the window is, how long the visit takes.
_VISITS = {
    "reablement": (
        ("Wash, dress and breakfast", 8 * 60 + 30, 120, 40),
        ("Tea and medication", 16 * 60 + 15, 90, 25),
        ("Settle for the night", 19 * 60 + 45, 90, 25),
    ),
    "district_nursing": (("Wound dressing", 13 * 60, 180, 30),),
}
