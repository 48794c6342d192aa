"""The person's own copy of their plan: large print, plain words, nothing in it that they would have to look up (C3).

No NHS number, no date of birth, no codes: it lies on a kitchen table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportlab.platypus import CondPageBreak, Flowable, HRFlowable, KeepTogether, Spacer

from coordination.careplan.copies import PlanCopy
from coordination.clock import local_date
from ui.careplan.copy_words import (
    for_paper,
    from_the_right,
    my_action,
    my_agreement,
    plain_day,
    team_in_plain_words,
)
from ui.sheets.leaflet import Leaflet, build
from ui.sheets.parts import Hand

SIZE = 16.0  # points: large print begins here
BIG, BIGGER = 20.0, 28.0
NO_BREAK = "\N{NO-BREAK SPACE}"  # a telephone number stays on one line
DRAFT = "This plan is not finished yet. It may still change."
ACTIVE = "This is what we agreed. Everybody who helps works by it."
ENDED = "This plan has ended. It is kept to look things up."


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it: lines, each with whether it is strong."""

    heading: str
    lines: tuple[tuple[str, bool], ...]


def title(copy: PlanCopy) -> str:
    """Whose it is, as one would say it."""
    fields = copy.record.person.fields
    return f"{' '.join(n for n in (fields.known_as or fields.given, fields.surname) if n)}’s plan".strip()


def parts(copy: PlanCopy) -> list[Part]:
    """The whole copy in words. What is empty is left out."""
    whole = (
        Part(part.heading, tuple((for_paper(line), strong) for line, strong in part.lines)) for part in _parts(copy)
    )
    return [part for part in whole if part.lines]


def _parts(copy: PlanCopy) -> Iterator[Part]:
    content = copy.content
    yield Part("Who to ask about this plan", tuple(_who_to_ask(copy)))
    yield _text("What matters to me", content.what_matters)
    yield _text("What I do well", content.strengths)
    yield Part("What I find hard", tuple((f"• {need.words}", False) for need in content.needs))
    yield Part("What I want, and how we will get there", tuple(_goals(copy)))
    yield _text("What I do for myself", content.self_care)
    yield _text("What my family and carers do", content.carers_part)
    yield Part("If things go wrong", tuple(_if_things_go_wrong(copy)))
    yield Part("Things that help me", tuple((f"• {_thing(copy, n)}", False) for n in range(len(content.equipment))))
    yield _text("How it is paid for", content.funding)
    yield Part("Who agreed", tuple((my_agreement(found), False) for found in content.agreements))


def _text(heading: str, words: str) -> Part:
    return Part(heading, tuple((line.strip(), False) for line in words.splitlines() if line.strip()))


def _who_to_ask(copy: PlanCopy) -> Iterator[tuple[str, bool]]:
    content = copy.content
    if content.lead_worker_name:
        yield f"{content.lead_worker_name} holds this plan together.", True
    if copy.phone:
        yield f"Ring {copy.phone.replace(' ', NO_BREAK)}.", True
    for team in content.teams:
        number = copy.phones.get(team.id, "").replace(" ", NO_BREAK)
        if team.id != copy.lead_team or not number:
            yield f"• {team_in_plain_words(team.name)}{f': {number}' if number else ''}", False
    if content.review_on is not None and copy.plan.state != "ended":
        yield f"We will look at this plan again together on {plain_day(content.review_on)}.", False


def _goals(copy: PlanCopy) -> Iterator[tuple[str, bool]]:
    content = copy.content
    for goal in content.outcomes:
        yield goal.words, True
        if goal.importance is not None:
            yield f"How much this matters to me: {goal.importance} out of 10.", False
        for action in content.actions:
            if action.outcome == goal.id:
                yield f"• {my_action(action)}", False
    known = {goal.id for goal in content.outcomes}
    rest = [action for action in content.actions if action.outcome not in known]
    if rest and content.outcomes:
        yield "Besides", True
    yield from ((f"• {my_action(action)}", False) for action in rest)


def _if_things_go_wrong(copy: PlanCopy) -> Iterator[tuple[str, bool]]:
    for found in copy.content.contingencies:
        yield f"If: {found.sign}", True
        if found.what_to_do:
            yield f"Then: {found.what_to_do}", False
        if found.whom_to_call:
            yield f"Ring: {found.whom_to_call}", False
    yield "If somebody is in danger: ring 999.", True


def _thing(copy: PlanCopy, number: int) -> str:
    thing = copy.content.equipment[number]
    said = [thing.what.rstrip(".")]
    if thing.from_whom:
        said.append(f"from {thing.from_whom}")
    return ", ".join(said) + (f": {thing.state}" if thing.state else "")


def pdf(copy: PlanCopy) -> bytes:
    """A4, 16 points and up, beginning at the side where the person's language begins."""
    whole, name, right = parts(copy), title(copy), from_the_right(copy.record.person.fields.language)
    made = plain_day(local_date(copy.made_at))
    leaflet = Leaflet(name, name, f"Copy of {made}. You can have a new copy whenever you want.", SIZE, 20, right)
    head = _head(copy)
    texts = [name, made, *head, "•", *(w for part in whole for w in (part.heading, *(line for line, _ in part.lines)))]

    def story(hand: Hand) -> list[Flowable]:
        def words(text: str, size: float = SIZE, *, strong: bool = False) -> Flowable:
            hanging = SIZE * 0.68 if text.startswith("•") and not right else 0
            return hand.words(text, leaflet.width, bold=strong, size=size, right=right, hanging=hanging)

        made: list[Flowable] = [words(name, BIGGER, strong=True), Spacer(1, 6)]
        made += [words(line) for line in head]
        for part in whole:
            made += [Spacer(1, 18), CondPageBreak(110)]
            first, *rest = [words(line, strong=strong) for line, strong in part.lines]
            rule = HRFlowable(width="100%", thickness=1.2, color="black", spaceBefore=2, spaceAfter=6)
            made.append(KeepTogether([words(part.heading, BIG, strong=True), rule, first]))
            for line, (_, strong) in zip(rest, part.lines[1:], strict=True):
                made += [Spacer(1, 14), CondPageBreak(70)] if strong else [Spacer(1, 6)]
                made.append(line)
        return made

    return build(leaflet, texts, story)[0]


def _head(copy: PlanCopy) -> list[str]:
    said = [
        {"draft": DRAFT, "ended": ENDED}.get(
            copy.plan.state, "This is what we agreed. Everybody who helps works by it."
        )
    ]
    if copy.plan.state == "active" and copy.changed:
        said.append("Some of it is being changed at the moment. We will give you a new copy.")
    return said
