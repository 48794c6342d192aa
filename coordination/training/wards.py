"""Notices from wards for some of the referrals that came from one: the messages themselves, and what became of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from coordination.clock import local_date
from coordination.messages import prsb_places, prsb_said
from coordination.messages.prsb import (
    AssessmentNotice,
    Authority,
    DischargeNotice,
    Head,
    Notice,
    Referrer,
    Said,
    Stay,
    WardPerson,
    WithdrawalNotice,
)
from coordination.messages.prsb_fields import head_as_plain
from coordination.messages.prsb_read import MESSAGE_KINDS
from coordination.messages.prsb_write import written
from coordination.training.batches import Batch, Pile, as_json, later
from coordination.training.chance import Chance
from coordination.training.queue import TrainingReferral

_MOST = 12
_ALLERGY = Said(
    ("Allergies and adverse reactions", "Allergies and adverse reactions record entry", 0, "Causative agent",
     "Coded value"), "No known allergies",
)  # fmt: skip
_MATTERS = (
    "Sleeping in my own bed.",
    "My dog, who is with the neighbour.",
    "Church on Sundays.",
    "Not being a bother.",
)
_HOME = ("Lives alone.", "Lives with a daughter.", "Lives with a partner who is not well either.")
_HOUSEHOLD = ("Social context", "Household composition", "Household composition", "Free text")
_COUNCIL = Authority(("306",), "Manchester City Council", ("Hospital social work",), "Duty desk", "0161 496 0999")


class Wards:
    """The same seed gives the same notices."""

    def __init__(self, chance: Chance, now: datetime) -> None:
        self._chance, self._now = chance, now
        self._originals = Pile("original", "id sha256 name media_type size content received_at received_by")
        self._messages = Pile(
            "message",
            "id original_id kind message_key outcome person_id contact_id referral_id findings read_at read_by keys"
            " content_key",
        )
        self._notices = Pile(
            "hospital_notice",
            "id message_id kind ward_keys sender_message issued_at received_at received_by referral_id head site ward"
            " person_consulted carer_consulted consent expected_on discharge_at withdrawal_type withdrawal_reason"
            " state admitted_at",
        )
        self._said = Pile("hospital_said", "notice_id place words")
        self._receipts = Pile(
            "hospital_receipt", "id notice_id response made_at made_by state how file_name sha256 settled_at settled_by"
        )

    def notices(self, made: Sequence[TrainingReferral]) -> Iterator[Batch]:
        """For the open referrals that a ward sent; one that is worked on is withdrawn, and waits for its holder."""
        came = [r for r in made if r.channel == "ward" and r.state in ("waiting", "claimed", "accepted")]
        held = 0
        for number, referral in enumerate(self._chance.some(came, _MOST)):
            self._of(referral, f"{number + 1:04d}")
            if referral.state != "waiting" and referral.holder and held < 1:
                held += 1
                self._withdraw(referral, f"{number + 1:04d}")
        for pile in (self._originals, self._messages, self._notices, self._said, self._receipts):
            yield pile.take()

    def _head(self, r: TrainingReferral, number: str, step: int, sent: datetime) -> Head:
        who, site = r.resident, str(r.details.get("site", ""))
        person = WardPerson(
            surname=who.surname, given=(who.given,) if who.given else (), title=who.title, birth_date=who.born,
            gender={"female": "2", "male": "1"}.get(who.gender, ""), nhs_number=who.number, nhs_status="01",
            address=(who.home.street,), postcode=who.home.postcode,
            practice_code=who.practice.code if who.practice else "V81999",  # national code: not known
            practice_name=who.practice.name if who.practice else "Not known",
        )  # fmt: skip
        referrer = Referrer(
            name="Ward clerk", role="Discharge co-ordinator", team=f"Ward {r.details.get('ward', '')}",
            organisation_code="R0A", organisation=site, contact="0161 496 0123",
        )  # fmt: skip
        return Head(f"W{number}-{step}", f"W{number}", sent, person, referrer, _COUNCIL)

    def _stay(self, r: TrainingReferral) -> Stay:
        details = {name: str(value) for name, value in r.details.items()}
        return Stay(
            site=details.get("site", ""), ward=f"Ward {details.get('ward', '')}",
            consultant=details.get("consultant", ""),
            admitted_at=r.received - timedelta(days=self._chance.between(2, 12)),
            expected=(local_date(r.received + timedelta(days=self._chance.between(1, 4))),),
            person_informed="Y", carer_informed=self._chance.one_of(("Y", "NKC")),
        )  # fmt: skip

    def _of(self, r: TrainingReferral, number: str) -> None:
        chance = self._chance
        said = (
            Said(("About me", "About me", "What is most important to me"), chance.one_of(_MATTERS)),
            Said(
                ("Social context", "Household composition", "Household composition", "Free text"), chance.one_of(_HOME)
            ),
            _ALLERGY,
        )
        notice = AssessmentNotice(
            self._head(r, number, 1, r.received), issued_at=later(r.received, -5), person_consulted="Y",
            carer_consulted=chance.one_of(("Y", "NKC")), consent="Y", stay=self._stay(r), reason=r.need,
            care_needs=r.need, chc_considered="N", said=said,
        )  # fmt: skip
        self._keep(notice, r, r.received, "applied", r.contact)
        if chance.happens(0.4) and self._now - r.received > timedelta(hours=1):
            at = later(r.received, 40)
            ready = DischargeNotice(self._head(r, number, 2, at), issued_at=at, stay=notice.stay,
                                    discharge_at=later(at, 60 * 26))  # fmt: skip
            self._keep(ready, r, at, "applied", r.contact)

    def _withdraw(self, r: TrainingReferral, number: str) -> None:
        at = max(later(r.received, 2), later(self._now, -25))
        gone = WithdrawalNotice(self._head(r, number, 3, at), later(at, -3), "1", "07")
        self._keep(gone, r, at, "asked", r.contact)

    def _keep(self, notice: Notice, r: TrainingReferral, at: datetime, state: str, contact: str) -> None:
        chance, content = self._chance, written(notice)
        original, message, kept = chance.id(), chance.id(), chance.id()
        digest = hashlib.sha256(content)
        head, stay = notice.head, prsb_said.stay_of(notice)
        keys = list(prsb_said.request_keys(head))
        name = f"{head.message_id}.json"
        self._originals.add(original, digest.digest(), name, "application/json", len(content), content, at, r.recorder)
        self._messages.add(
            message, original, MESSAGE_KINDS[notice.kind].value, f"training:{head.message_id}", "taken_in",
            r.resident.id, contact, r.id, "[]", at, r.recorder, keys, digest.hexdigest(),
        )  # fmt: skip
        withdrawn = notice if isinstance(notice, WithdrawalNotice) else None
        asked = notice if isinstance(notice, AssessmentNotice) else AssessmentNotice(head)
        self._notices.add(
            kept, message, notice.kind, keys, head.message_id, notice.issued_at, at, r.recorder, r.id,
            as_json(head_as_plain(head)), stay.site or head.referrer.organisation, stay.ward or head.referrer.team,
            asked.person_consulted, asked.carer_consulted, asked.consent, max(stay.expected, default=None),
            notice.discharge_at if isinstance(notice, DischargeNotice) else None,
            int(withdrawn.type) if withdrawn else None, withdrawn.reason if withdrawn else None, state,
            stay.admitted_at,
        )  # fmt: skip
        for place, words in prsb_places.known(notice):
            self._said.add(kept, place, words)
        if r.state == "accepted" and r.claimed is not None and notice.kind != "withdrawal":
            receipt, sent = chance.id(), min(later(max(r.claimed, at), 1), self._now)
            self._receipts.add(
                receipt, kept, "1", sent, r.holder, "sent", "folder", f"receipt-{receipt}.json",
                hashlib.sha256(receipt.encode()).digest(), sent, r.holder,
            )  # fmt: skip
