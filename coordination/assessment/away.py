"""Assessing away from the line: what is taken along, what was answered there, and what becomes of it on the way back.

Everything that is given carries what was seen when it was given, so that sending it again makes nothing twice and
nobody's answer is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from coordination.assessment.model import (
    Answer,
    AnswerValue,
    Assessment,
    AssessmentSheet,
    Form,
    FormKey,
    Told,
)
from coordination.errors import BadValue, Obstacle
from coordination.people.record import PersonRecord
from coordination.values import AssessmentId, PersonId, ReferralId, UserName

THE_PERSON = Told()
KEPT_FOR = timedelta(days=14)
"""What was taken along and not used is wiped from the computer after that time."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given, until the database has it.

    ``seen``: the revision that it was given over (0: there was none), ``saw``: what that said. ``confirmed``: what was
    carried in still holds; ``value`` is then what was confirmed. ``at`` by this computer's clock.
    """

    question: str
    value: AnswerValue = field(repr=False)
    seen: int
    at: datetime
    told: Told = THE_PERSON
    confirmed: bool = False
    saw: AnswerValue = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """An assessment that was begun on this computer: of whom, with which form, when by this computer's clock."""

    person: PersonId
    form: FormKey
    referral: ReferralId | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SignedHere:
    """A signature that waits for the database. ``seen``: the revision of every answer that was signed."""

    at: datetime
    seen: Mapping[str, int]


@dataclass(frozen=True)
class TakenAlong:
    """An assessment on this computer: the form with what is answered and known, whose it is, why this login may not
    sign it, and which forms must be signed ``first`` (A2). ``begun`` when the database does not know of it yet;
    ``blank`` until somebody begins it."""

    sheet: AssessmentSheet
    record: PersonRecord = field(repr=False)
    obstacles: tuple[Obstacle, ...]
    first: tuple[str, ...]
    taken_at: datetime
    begun: Begun | None = None
    blank: bool = False

    @property
    def id(self) -> AssessmentId:
        return self.sheet.assessment.id


@dataclass(frozen=True, slots=True)
class Returning:
    """What goes back to the database, in one transaction."""

    assessment: AssessmentId
    answers: tuple[Given, ...]
    begun: Begun | None = None
    signed: SignedHere | None = None


@dataclass(frozen=True)
class Returned:
    """What became of it. ``sheet`` as it stands now.

    ``differing``: answers that somebody else gave meanwhile (None: taken back), which were not overwritten.
    ``refused``: answers that the database would not have. ``changed``: what was signed and is another now.
    ``in_the_way``: why the signature did not hold. All of these stay with whoever gave them.
    """

    sheet: AssessmentSheet
    saved: tuple[str, ...] = ()
    differing: Mapping[str, Answer | None] = field(default_factory=dict)
    refused: tuple[BadValue, ...] = ()
    changed: tuple[str, ...] = ()
    missing: tuple[BadValue, ...] = ()
    in_the_way: tuple[Obstacle, ...] = ()

    @property
    def is_signed(self) -> bool:
        return self.sheet.assessment.state == "signed"


def lean(record: PersonRecord) -> PersonRecord:
    """Of a person's record what the banner says, and no more: it leaves the building."""
    return replace(
        record, referrals=(), contacts=(), visits=(), stay=None, assessments=(), merges=(),
        plan=replace(record.plan, outcomes=0, actions_open=0) if record.plan is not None else None,
        around=tuple(one for one in record.around if one.is_carer),
    )  # fmt: skip


def blank_sheet(
    key: AssessmentId, person: PersonId, form: Form, referral: ReferralId | None, known: Iterable[Answer],
    who: tuple[UserName, str], at: datetime,
) -> AssessmentSheet:  # fmt: skip
    """An assessment as it would be begun, with what is known carried in."""
    head = Assessment(
        key, person, referral, form.key, form.title, "draft", at, who[0], who[1], None, None, "", None, None, "", 1
    )
    return AssessmentSheet(head, form, {answer.question: answer for answer in known}, {})


def begin_here(along: TakenAlong, key: AssessmentId, at: datetime) -> TakenAlong:
    """A form that was taken along, begun on this computer under an id of its own."""
    head = replace(along.sheet.assessment, id=key, started_at=at, away_started_at=at)
    begun = Begun(head.person, head.form, head.referral, at)
    return replace(along, sheet=replace(along.sheet, assessment=head), begun=begun, blank=False)


def signed_of(sheet: AssessmentSheet, given: Iterable[Given], at: datetime) -> SignedHere:
    """The signature of what is on the screen: what is saved, with what was given over it."""
    seen = {question: answer.revision for question, answer in sheet.answers.items()}
    for one in given:
        seen.setdefault(one.question, 0)
    return SignedHere(at, seen)


def still_as_given(present: Answer | None, given: Given) -> bool:
    """Whether what stands is what was given: then it came in before, and only the answer was lost."""
    if present is None:
        return given.value is None
    if given.confirmed:
        return present.value == given.value and present.source != "carried_in"
    told = (present.said_role or "person", present.said_name) == (given.told.role or "person", given.told.name)
    return present.value == given.value and present.source == "asked" and told


def may_be_put(present: Answer | None, given: Given, *, begun: bool) -> bool:
    """Whether nobody answered meanwhile. Of an assessment begun here, revisions mean nothing: there it is what was
    carried in on the way back that must still be what was seen."""
    if begun:
        return present is None or (present.source == "carried_in" and present.value == given.saw)
    return given.seen == (0 if present is None else present.revision)
