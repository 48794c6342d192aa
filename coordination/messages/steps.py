"""Taking one message in, inside a transaction that is already open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from coordination.intake import steps as intake
from coordination.intake.model import Link, Refer, Referral
from coordination.messages import prsb_settle, taking
from coordination.messages.model import Finding, Kind, ParsedMessage, Severity
from coordination.messages.record import MessageRecord, Taken
from coordination.messages.store import NewMessage
from coordination.people import steps as people
from coordination.values import ContactId, OriginalId, PersonId, ReferralId, new_id

if TYPE_CHECKING:
    from coordination.work import Work

CANDIDATES = 8
REPLY = "reply_to_open_referral"


def settle(work: Work, message: ParsedMessage, data: bytes) -> Taken:
    """See ``Messages.take_in``. Nothing is kept of what is here already."""
    work.messages.queue_up(key for key in (message.sha256, message.message_key) if key)
    before = work.messages.of_bytes(message.sha256)
    if before is not None and (before.outcome == "taken_in" or not message.taken_in):
        return _again(message, before)
    if not message.taken_in:
        return Taken(message, "refused", _Settling(work, message, data).store(None, None, None))
    same = work.messages.of_key(message.message_key) if message.message_key else None
    if same is None:
        return _Settling(work, message, data).take()
    if same.content_key == message.content_key:
        return _again(message, same)
    # The sender's id stands on something else already: nothing may be lost, and it may not make a second referral.
    key = f"{message.message_key}:{message.content_key[:16]}"
    again = work.messages.of_key(key)
    if again is not None:
        return _again(message, again)
    renamed = taking.with_findings(replace(message, message_key=key), taking.about_earlier("same_id_other_content"))
    return _Settling(work, renamed, data).take(same)


def _again(message: ParsedMessage, before: MessageRecord) -> Taken:
    """The answer for what has been read already: the first one, with what was found then."""
    outcome: Literal["again", "refused"] = "again" if before.outcome == "taken_in" else "refused"
    return Taken(replace(message, findings=before.findings), outcome, before)


@dataclass(slots=True)
class _Settling:
    """One message on its way from read to recorded. ``message`` gains findings on the way."""

    work: Work
    message: ParsedMessage
    data: bytes

    def take(self, earlier: MessageRecord | None = None) -> Taken:
        """``earlier``: the message that it belongs to, when that is known."""
        self.say(*self._postcode(), *taking.late(self.message, self.work.now))
        person_id = self._whose()
        if self.message.notices:
            return prsb_settle.take(self, person_id)
        spoken_of = earlier or self._spoken_of()
        referral = self._referral_of(spoken_of, person_id) if spoken_of else None
        if referral is None:
            return self._fresh(person_id)
        if self.message.kind.is_mail and earlier is None:
            return self._suggested(referral)
        return self._linked(referral)

    def say(self, *findings: Finding) -> None:
        self.message = taking.with_findings(self.message, *findings)

    def _whose(self) -> PersonId | None:
        likely = people.likely_duplicates(self.work, taking.person_draft(self.message), CANDIDATES)
        person_id, findings = taking.whose(self.message, likely)
        self.say(*findings)
        return person_id

    def _spoken_of(self) -> MessageRecord | None:
        found = self.work.messages.spoken_of(self.message.concerns) if self.message.concerns else None
        if found is None and self.message.kind.is_about_earlier:
            self.say(taking.about_earlier("earlier_not_found"))
        if self.message.kind.asks_for_care and self._was_cancelled():
            self.say(taking.about_earlier("cancelled_before_it_came"))
        return found

    def _was_cancelled(self) -> bool:
        """Messages overtake each other: the cancel may have been here first."""
        keys = [key for key in self.message.known_as if key.startswith("request:")]
        return bool(keys) and self.work.messages.spoken_of(keys, Kind.BARS_CANCEL) is not None

    def _referral_of(self, earlier: MessageRecord, person_id: PersonId | None) -> Referral | None:
        """The open referral to link to, or nothing and a finding that says why not."""
        referral = self.work.intake.referral(earlier.referral_id) if earlier.referral_id else None
        if referral is None:
            self.say(taking.about_earlier("earlier_without_referral"))
        elif not referral.is_open:
            self.say(taking.about_earlier("earlier_closed", number=referral.number))
        elif person_id and referral.person_id and person_id != referral.person_id:
            self.say(taking.about_earlier("earlier_of_another", number=referral.number))
        else:
            return referral
        return None

    def _linked(self, referral: Referral) -> Taken:
        contact_id = self.contact(referral.person_id)
        intake.end_contact(self.work, contact_id, 1, Link(referral.id))
        record = self.store(referral.person_id, contact_id, referral.id)
        return Taken(self.message, "linked", record)

    def _suggested(self, referral: Referral) -> Taken:
        """A mail in the thread of an open referral: anybody can write such a header, and whoever holds the referral
        looks for no news in it. Its contact stays open until somebody has read it and said where it belongs."""
        facts = {"number": referral.number, "referral": str(referral.id)}
        self.say(Finding("", Severity.WARNING, REPLY, tuple(facts.items())))
        return Taken(self.message, "new", self.store(None, self.contact(None), None))

    def _fresh(self, person_id: PersonId | None) -> Taken:
        """A contact of its own, and a referral when it asks for care. News of what we never had stays open."""
        contact_id = self.contact(person_id)
        referral_id = None
        if self.message.kind.asks_for_care or self.message.kind is Kind.BARS_UPDATE:
            referral_id = ReferralId(new_id())
            ending = Refer((taking.referral_draft(self.message, referral_id),))
            intake.end_contact(self.work, contact_id, 1, ending)
        else:
            self.say(Finding("", Severity.WARNING, "contact_left_open"))
        return Taken(self.message, "new", self.store(person_id, contact_id, referral_id))

    def contact(self, person_id: PersonId | None) -> ContactId:
        draft = taking.contact_draft(self.message, person_id)
        return intake.record_contact(self.work, draft, ContactId(new_id())).id

    def store(
        self, person_id: PersonId | None, contact_id: ContactId | None, referral_id: ReferralId | None
    ) -> MessageRecord:
        message, message_id = self.message, new_id()
        original_id = self.work.messages.keep_original(
            OriginalId(new_id()), message.name, message.media_type, message.sha256, self.data
        )
        taken_in = contact_id is not None
        self.work.messages.insert(
            NewMessage(
                message_id,
                original_id,
                message.kind,
                message.message_key if taken_in else None,
                message.content_key,
                message.known_as,
                "taken_in" if taken_in else "refused",
                person_id,
                contact_id,
                referral_id,
                message.findings,
            )
        )
        record = self.work.messages.get(message_id)
        assert record is not None
        return record

    def _postcode(self) -> tuple[Finding, ...]:
        """Unknown is a warning: the table is as old as its last import."""
        postcode = self.message.person.postcode if self.message.person else None
        if postcode is None or self.work.messages.knows_postcode(postcode) is not False:
            return ()
        path = "person.postcode" if self.message.kind is Kind.ONLINE_FORM else "Patient.address.postalCode"
        path = "Person demographics > Person's address > Postcode" if self.message.notices else path
        return (Finding(path, Severity.WARNING, "postcode_unknown", (("value", postcode.text),)),)
