"""Who has looked at my record? The answer for the person, in plain words (R4): roles and organisations, when and why.

Staff are named only where whoever answers says so: a person has a right to know who has had their data by role, and
staff have one not to be named without need. No NHS number, no codes: the sheet lies on a kitchen table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from reportlab.platypus import CondPageBreak, Flowable, HRFlowable, KeepTogether, Spacer

from coordination.clock import LONDON
from coordination.governance.looked import Looking
from coordination.governance.looked_service import LookedAt
from ui import wording
from ui.careplan.copy_words import plain_day
from ui.governance import looked_words as words
from ui.sheets.leaflet import Leaflet, build
from ui.sheets.parts import Hand

TITLE = "Who has looked at my record"
SIZES = {"plain": 12.0, "large": 16.0}
_WHAT = (
    "You asked who has looked at the record that the co-ordination centres keep about you. This is the answer. It says "
    "who looked by their job and their team, when, and why they could."
)
_NAMES = "Names of staff are left out. You can ask for them; we will tell you, or say why we cannot."
_RIGHTS = (
    "If you do not understand something here, or think that somebody should not have looked, tell us. We will look "
    "into it and write to you. You can also complain to the Information Commissioner’s Office: ring 0303 123 1113."
)


@dataclass(frozen=True)
class LookLine:
    """One user on one day, in the words of the sheet."""

    who: str
    when: str
    did: str
    why: str


@dataclass(frozen=True)
class LookDay:
    day: str
    lines: tuple[LookLine, ...]


def days_of(found: LookedAt, lookings: Sequence[Looking], *, named: bool) -> list[LookDay]:
    """The newest day first. Two of one role and team on one day who did the same for the same reason are one line."""
    by_day = sorted(lookings, key=lambda x: (x.day, x.first_at), reverse=True)
    made = []
    for day, of in groupby(by_day, lambda x: x.day):
        lines: list[LookLine] = []
        for looking in sorted(of, key=lambda x: x.first_at):
            line = _line(found, looking, named=named)
            if all((line.who, line.did, line.why) != (other.who, other.did, other.why) for other in lines):
                lines.append(line)
        made.append(LookDay(plain_day(day), tuple(lines)))
    return made


def _line(found: LookedAt, looking: Looking, *, named: bool) -> LookLine:
    if looking.role is None:
        who = "The computer system"
    else:
        team = words.team(looking, found.teams, found.colleagues)
        place = words.centre(looking, found.colleagues)
        role = f"{_article(words.role(looking))} {words.role(looking).lower()}"
        who = role + (f" of {team}" if team else f" of the {place} centre" if place else " of the city’s centres")
        if named:
            who = f"{words.who(looking, found.colleagues)}, {role.partition(' ')[2]}" + who.removeprefix(role)
    first = f"{looking.first_at.astimezone(LONDON):%H:%M}"
    last = f"{looking.last_at.astimezone(LONDON):%H:%M}"
    when = f"at {first}" if first == last else f"between {first} and {last}"
    did = words.told_did(looking)
    return LookLine(who[0].upper() + who[1:], when, did[0].upper() + did[1:] + ".", words.told_why(looking))


def _article(role: str) -> str:
    return "an" if role[:1].lower() in "aeiou" else "a"


def pdf(
    found: LookedAt, lookings: Sequence[Looking], period: tuple[date, date], made: date, *, large: bool, named: bool
) -> bytes:
    """A4 upright; ``large``: 16 points. What it says comes in the order in which it is read aloud."""
    size = SIZES["large" if large else "plain"]
    person = found.person
    whose = " ".join(part for part in (person.title, person.given, person.surname) if part)
    shown = days_of(found, lookings, named=named)
    span = f"From {plain_day(period[0])} to {plain_day(period[1])}."
    counted = sum(len(day.lines) for day in shown)
    said = (
        f"{wording.count(counted, 'entry', 'entries')} on {wording.count(len(shown), 'day')}."
        if shown else "Nobody looked at your record in that time."
    )  # fmt: skip
    first = [_WHAT, span, said, *([] if named else [_NAMES])]
    leaflet = Leaflet(TITLE, f"{TITLE}: {whose}", f"Confidential. Made on {plain_day(made)} for {whose}.", size, 20)
    texts = [
        whose,
        *first,
        _RIGHTS,
        "•",
        *(t for d in shown for t in (d.day, *(x for n in d.lines for x in _texts(n)))),
    ]

    def story(hand: Hand) -> list[Flowable]:
        def say(text: str, points: float = size, *, strong: bool = False) -> Flowable:
            return hand.words(text, leaflet.width, bold=strong, size=points)

        gap = Spacer(1, size * 0.5)
        made_: list[Flowable] = [say(TITLE, size * 1.7, strong=True), Spacer(1, 4), say(whose, size * 1.25), gap]
        for line in first:
            made_ += [say(line), gap]
        for day in shown:
            made_ += [Spacer(1, size * 0.6), CondPageBreak(size * 8)]
            rule = HRFlowable(width="100%", thickness=1, color="black", spaceBefore=2, spaceAfter=size * 0.35)
            head, *rest = [_entry(say, line, size) for line in day.lines]
            made_.append(KeepTogether([say(day.day, size * 1.2, strong=True), rule, *head]))
            made_ += [KeepTogether(each) for each in rest]
        made_ += [
            Spacer(1, size),
            KeepTogether([say("If you want to ask", size * 1.2, strong=True), gap, say(_RIGHTS)]),
        ]
        return made_

    return build(leaflet, texts, story)[0]


def _entry(say: Callable[..., Flowable], line: LookLine, size: float) -> list[Flowable]:
    who, did, why = _texts(line)
    return [say(who, strong=True), say(did), say(why), Spacer(1, size * 0.7)]


def _texts(line: LookLine) -> tuple[str, ...]:
    return (f"{line.who}, {line.when}", line.did, f"Why: {line.why}")
