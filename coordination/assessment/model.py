"""Forms, assessments and answers as the centre speaks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from coordination.assessment.conditions import Condition
from coordination.assessment.external import ExternalScore
from coordination.values import AssessmentId, PersonId, ReferralId, UserName

QuestionType = Literal["text", "long_text", "choice", "choices", "yes_no", "number", "date", "score", "external_score"]
ScoreKind = Literal["sum", "gas"]
SectionKind = Literal["conversation", "needs", "scores", "closing"]
Source = Literal["asked", "carried_in", "confirmed"]
State = Literal["draft", "signed"]
# Whose words an answer is. '': from before roles were kept, or nobody knows.
SaidRole = Literal["", "person", "carer", "professional", "record"]
# Where something known comes from, besides earlier assessments.
FromKind = Literal["", "person", "contact", "referral", "message"]
Step = Literal["carried_in", "copied", "asked", "confirmed", "changed", "attributed", "taken_back", "removed"]
# Where an answer goes on the care plan ('' for nowhere).
PlanPlace = Literal[
    "", "what_matters", "strengths", "need", "outcome", "action", "if_things_go_wrong", "carers_part", "self_care",
    "equipment", "funding",
]  # fmt: skip

# text, choice, score: str; choices: tuple of str; yes_no: bool; number: int or float; date: date;
# external_score: ExternalScore. None: no answer.
AnswerValue = str | tuple[str, ...] | bool | int | float | date | ExternalScore | None


class FormKey(NamedTuple):
    """A published version. It never changes; another content is another version."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from. ``action`` is what the plan would say when it is chosen.

    ``alone``: chosen with no other one ("none of these").
    """

    value: str
    label: str
    points: int | None = None
    action: str = ""
    service: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``when`` None: always asked (if its section is).

    ``tools``: of an external score, the tools to choose from (none: all). ``beside``: the questions whose answers are
    shown next to this one, to be seen while deciding.
    """

    id: str
    type: QuestionType
    text: str
    help: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    when: Condition | None = None
    carry: bool = False
    known: str = ""
    plan: PlanPlace = ""
    service: str = ""
    tools: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def option(self, value: str) -> Option | None:
        return next((o for o in self.options if o.value == value), None)


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    kind: SectionKind
    questions: tuple[Question, ...]
    help: str = ""
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """What a total from ``low`` to ``high``, both in, is commonly read as."""

    low: int
    high: int
    label: str


@dataclass(frozen=True, slots=True)
class Goal:
    """The questions of one goal: its words, the level reached (-2 to +2), and its weight, if goals are weighted."""

    words: str
    level: str
    importance: str = ""
    difficulty: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Kind ``sum``: the points of its ``items``, out of ``out_of``. Kind ``gas``: the T of its ``goals``.

    ``change_from``: the form whose last signed assessment holds the earlier total (the same questions). A change of
    more than ``real_change`` is probably genuine. What is worked out, and when there is no total: scores.py.
    """

    id: str
    title: str
    items: tuple[str, ...] = ()
    out_of: int = 0
    help: str = ""
    kind: ScoreKind = "sum"
    goals: tuple[Goal, ...] = ()
    ranges: tuple[ScoreRange, ...] = ()
    change_from: str = ""
    real_change: float | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        """Every question that it is worked out from, in the order in which the definition names them."""
        of_goals = (part for g in self.goals for part in (g.words, g.importance, g.difficulty, g.level) if part)
        return (*self.items, *of_goals)


@dataclass(frozen=True)
class Form:
    """A form definition. ``after``: forms of which a signed one must be there before this one is signed (A2).

    ``credit``: whose headings or instruments it uses.
    """

    id: str
    version: int
    title: str
    sections: tuple[Section, ...]
    intro: str = ""
    after: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    credit: str = ""

    @property
    def key(self) -> FormKey:
        return FormKey(self.id, self.version)

    def questions(self) -> tuple[Question, ...]:
        """All of them, in the order of the form."""
        return tuple(q for section in self.sections for q in section.questions)

    def question(self, wanted: str) -> Question | None:
        return next((q for q in self.questions() if q.id == wanted), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with who said it, when, and where it came from (A1).

    ``said_by`` is who wrote it down: a user name, or the words of whoever told us when that was no user;
    ``said_by_name`` is for showing. ``said_role`` and ``said_name`` say whose words it is. ``from_kind``, ``from_id``
    name the record, call, referral or message that it was carried in from; ``away_at`` is when it was given on a
    computer without a connection, by that computer's clock. ``revision`` counts this answer's changes.
    """

    question: str
    value: AnswerValue = field(repr=False)
    source: Source
    said_at: datetime
    said_by: str
    said_by_name: str = field(repr=False)
    from_assessment: AssessmentId | None
    revision: int
    said_role: SaidRole = ""
    said_name: str = field(default="", repr=False)
    from_kind: FromKind = ""
    from_id: UUID | None = None
    away_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Whose words an answer is. ``name``: which carer, which professional; empty for the person."""

    role: SaidRole = "person"
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One step of an answer's history, kept by the database. ``was`` None: there was no answer.

    ``by`` did it at ``at``; ``said_…`` and ``from_…`` as the answer said after it. ``form_title``: of the assessment in
    which it happened, which may be an earlier one.
    """

    assessment: AssessmentId
    form_title: str
    question: str
    step: Step
    by: UserName
    by_name: str = field(repr=False)
    at: datetime
    was: AnswerValue = field(repr=False)
    is_now: AnswerValue = field(repr=False)
    said_role: SaidRole
    said_name: str = field(repr=False)
    said_by: str
    said_by_name: str = field(repr=False)
    said_at: datetime
    from_kind: FromKind
    from_id: UUID | None
    away_at: datetime | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The head of one assessment. Signed, nothing of it changes (A3).

    ``away_started_at`` and ``away_signed_at``: by the clock of a computer without a connection; the times without
    ``away`` are the server's, of when it came in.
    """

    id: AssessmentId
    person: PersonId
    referral: ReferralId | None
    form: FormKey
    form_title: str
    state: State
    started_at: datetime
    started_by: UserName
    started_by_name: str = field(repr=False)
    signed_at: datetime | None
    signed_by: UserName | None
    signed_by_name: str = field(repr=False)
    corrects: AssessmentId | None
    corrected_by: AssessmentId | None
    correction_reason: str = field(repr=False)
    revision: int
    away_started_at: datetime | None = None
    away_signed_at: datetime | None = None


@dataclass(frozen=True)
class Earlier:
    """What was answered in the person's last assessment of a form that was signed before this one: what scores change
    from."""

    signed_at: datetime
    values: Mapping[str, AnswerValue] = field(repr=False)


@dataclass(frozen=True)
class AssessmentSheet:
    """An opened assessment: its form, its answers by question id, and those of the version that it corrects.

    ``earlier``: by form id, for the forms that its scores change from.
    """

    assessment: Assessment
    form: Form
    answers: Mapping[str, Answer]
    corrected_answers: Mapping[str, Answer]
    earlier: Mapping[str, Earlier] = field(default_factory=dict)

    @property
    def revision(self) -> int:
        """What a signature saw: every saved answer adds one, so equal numbers mean equal contents."""
        return self.assessment.revision + sum(a.revision for a in self.answers.values())

    @property
    def values(self) -> dict[str, AnswerValue]:
        """The answers alone, for the rules."""
        return {q: a.value for q, a in self.answers.items() if a.value is not None}


@dataclass(frozen=True, slots=True)
class KnownFact:
    """Something the centre knows already, with who said it and when: ``place`` is such as ``referral.need``."""

    place: str
    value: str | bool = field(repr=False)
    said_by: str
    said_at: datetime
    said_role: SaidRole = ""
    from_kind: FromKind = ""
    from_id: UUID | None = None
