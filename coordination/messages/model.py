"""What a message turns into: facts as they were sent, and what was found wrong with them.

Nothing here is a person's record yet. A :class:`ParsedMessage` says what the sender wrote;
whom it is about, and whether that is so, is decided by people (and by ``service.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from coordination.messages.prsb import Notice
from coordination.values import NhsNumber, Postcode


class Kind(StrEnum):
    """What a file turned out to be."""

    BARS_REFERRAL = "bars_referral"
    BARS_VALIDATION = "bars_validation"  # an ambulance service asks for a second look
    BARS_UPDATE = "bars_update"
    BARS_CANCEL = "bars_cancel"
    BARS_RESPONSE = "bars_response"
    BARS_BOOKING = "bars_booking"
    BARS_BOOKING_CANCEL = "bars_booking_cancel"
    FHIR_BUNDLE = "fhir_bundle"  # a request and a person, without the header of a message
    FHIR_RESOURCE = "fhir_resource"  # one resource by itself: no message
    EMAIL = "email"
    EMAIL_AUTOMATIC = "email_automatic"  # an answer that a machine sent by itself: out of office, received, read
    EMAIL_FAILURE = "email_failure"  # what was sent from the mailbox did not arrive
    EMAIL_LIST = "email_list"  # a circular or a mailing list
    ONLINE_FORM = "online_form"
    HOSPITAL_ASSESSMENT = "hospital_assessment"  # PRSB hospital referral for community care: T1
    HOSPITAL_DISCHARGE = "hospital_discharge"  # T2
    HOSPITAL_WITHDRAWAL = "hospital_withdrawal"
    HOSPITAL_RECEIPT = "hospital_receipt"
    UNKNOWN = "unknown"

    @property
    def asks_for_care(self) -> bool:
        """It starts something new, so it belongs in the queue."""
        return self in _ASKS_FOR_CARE

    @property
    def is_about_earlier(self) -> bool:
        """It speaks of something that was sent before."""
        return self in _IS_ABOUT_EARLIER

    @property
    def is_mail(self) -> bool:
        return self in _MAILS

    @property
    def needs_somebody(self) -> bool:
        """When it is refused, somebody must see to it. An answer that a machine sent by itself needs nobody."""
        return self not in _NEEDS_NOBODY


_ASKS_FOR_CARE = frozenset(
    {
        Kind.BARS_REFERRAL, Kind.BARS_VALIDATION, Kind.BARS_BOOKING, Kind.FHIR_BUNDLE, Kind.EMAIL, Kind.ONLINE_FORM,
        Kind.HOSPITAL_ASSESSMENT,
    }
)  # fmt: skip
# A circular needs somebody: a group that passes mails on to the centre writes the same headers.
_NEEDS_NOBODY = frozenset({Kind.EMAIL_AUTOMATIC})
_MAILS = frozenset({Kind.EMAIL, Kind.EMAIL_AUTOMATIC, Kind.EMAIL_FAILURE, Kind.EMAIL_LIST})
_IS_ABOUT_EARLIER = frozenset(
    {
        Kind.BARS_UPDATE, Kind.BARS_CANCEL, Kind.BARS_RESPONSE, Kind.BARS_BOOKING_CANCEL, Kind.HOSPITAL_DISCHARGE,
        Kind.HOSPITAL_WITHDRAWAL, Kind.HOSPITAL_RECEIPT,
    }
)  # fmt: skip


class Severity(StrEnum):
    """How much a finding matters, from least to most."""

    INFO = "info"
    WARNING = "warning"
    REFUSED_FIELD = "refused_field"  # this field is not used; the rest is
    FATAL = "fatal"  # the whole message is refused


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, at one field.

    ``path`` is the field in the sender's own terms (``Patient.birthDate``, ``person.postcode``, ``Subject``).
    ``code`` is known to the sentences of the screen, which are filled with ``facts``. Facts may hold what was
    sent, so findings are personal data: they are shown and stored beside the message, and never logged.
    """

    path: str
    severity: Severity
    code: str
    facts: tuple[tuple[str, Any], ...] = ()

    def fact(self, name: str) -> Any:
        return dict(self.facts)[name]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent it, as far as the message says."""

    organisation: str = ""
    organisation_code: str = ""  # ODS
    system: str = ""  # the software, with its version
    name: str = ""  # the person who wrote it
    role: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Phone:
    number: str  # as sent
    use: str = ""  # home, mobile, work, or nothing


@dataclass(frozen=True, slots=True)
class Around:
    """Somebody around the person: a carer, a relative, whom to call."""

    name: str
    relation: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the sender says about the person. A field that could not be believed is empty, with a finding."""

    nhs_number: NhsNumber | None = None
    nhs_number_sent: str = ""  # what stood there, also when it fails its check
    nhs_status: str = "not_traced"  # verified, traced, not_traced, none_known
    nhs_status_sent: str = ""  # the sender's code, 01 to 08 or its words
    title: str = ""
    surname: str = ""
    given: str = ""
    known_as: str = ""
    name_as_sent: str = ""  # when the name came as one line and cannot be taken apart safely
    birth_date: date | None = None
    gender: str = "not_known"  # female, male, other, not_known
    deceased: bool = False
    deceased_on: date | None = None
    address: str = ""  # lines, without the postcode
    postcode: Postcode | None = None
    phones: tuple[Phone, ...] = ()
    email: str = ""
    language: str = ""  # empty: English or not known
    interpreter: bool = False
    communication: tuple[str, ...] = ()
    practice_code: str = ""
    practice_name: str = ""
    around: tuple[Around, ...] = ()


@dataclass(frozen=True, slots=True)
class Urgency:
    """E3. ``level`` is two_hours, same_day, 24_hours, 72_hours or routine; ``reason`` quotes what it rests on."""

    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file. Its bytes stay inside the original; ``index`` finds them there again."""

    index: int
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a worker must know before going: the words of the sender, and our kind of alert."""

    kind: str  # safeguarding, do_not_visit_alone, infection, access, allergy, other
    words: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ConsentSent:
    """R2. What the sender says was agreed. It never changes the person's sharing level by itself."""

    agreed: bool | None  # None: the message does not say yes or no
    scope: str = ""  # direct care, sharing, to be contacted
    basis: str = ""  # implied, explicit
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A further part of the message, readable: medication, observations, answers, unknown fields."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something found in running text that *may* be a fact. Offered to the reader, never taken as identity.

    ``value`` is its normal form; ``start`` and ``end`` are its place in the need.
    """

    kind: str  # nhs_number, birth_date, postcode, phone
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """One file, read. ``taken_in`` is false when a fatal finding refuses the whole of it."""

    name: str
    sha256: str
    size: int
    media_type: str
    kind: Kind
    findings: tuple[Finding, ...] = ()
    message_key: str | None = None  # the sender's own id: the same one twice is the same message
    content_key: str = ""  # what it says, whatever the bytes (XML or JSON, another relay)
    concerns: tuple[str, ...] = ()  # keys under which the earlier message or request may be known
    known_as: tuple[str, ...] = ()  # keys under which a later message may speak of this one
    sender: Sender = Sender()
    person: PersonFacts | None = None
    channel: str = ""  # E1; empty when it cannot be told
    need: str = ""
    urgency: Urgency | None = None
    service_wanted: str = ""
    respond_by: datetime | None = None
    sent_at: datetime | None = None
    status: str = ""  # of the request, or of the appointment: active, revoked, booked, noshow, …
    use_case: str = ""  # in words
    use_case_code: str = ""  # BaRS
    safeguarding: tuple[str, ...] = ()
    adjustments: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    consent: ConsentSent | None = None
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[Note, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    notices: tuple[Notice, ...] = ()  # from a ward; the one that leads first
    details: tuple[tuple[str, str], ...] = ()  # what its channel adds, where the message says it outright

    @property
    def taken_in(self) -> bool:
        return not any(f.severity is Severity.FATAL for f in self.findings)

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """Why it is refused; empty when it is taken in."""
        return tuple(f for f in self.findings if f.severity is Severity.FATAL)
