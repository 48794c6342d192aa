"""How the criteria-to-reside list says things, on screen and on paper."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache

from coordination.clock import local_date
from coordination.reference import standing
from coordination.transfer.reside import RESIDE_LIST, Line, SiteList
from ui import wording
from ui.sheets.morning import PaperLine, PaperList, PaperPart
from ui.style.tokens import State
from ui.transfer.messages import LIGHT_WORDS

VERDICTS = {"no_longer": "No longer", "meets": "Meets", "": "Not said yet", "gone": "Gone"}
PAPER_LIGHTS = {
    "plan": "plan", "first_visit": "visit", "equipment": "equip.", "medicines": "meds", "keys": "keys",
    "transport": "transport", "carer": "carer", "apartment": "flat",
}  # fmt: skip
LOOKS = {
    "no_longer": State("amber", "bed"),
    "meets": State("neutral", "first-aid-kit"),
    "": State("neutral", "question"),
}
PAPER_ROOM = 22
"""characters of what is still open, on one line of the paper"""
EMPTY = (
    "Nobody of ours is in this hospital",
    "Whoever need not be there, and whoever a ward asked us to assess, appears here. N says it of somebody.",
)


@cache
def criteria() -> dict[str, str]:
    """Code to the national code and words, of the list in force."""
    return {r.code: f"{r.national} {r.words}" for r in standing.read().reside_reasons if r.list == RESIDE_LIST}


@cache
def _words() -> dict[tuple[str, str], tuple[str, str]]:
    lists = standing.read()
    found = {(r.list, r.code): (r.words, r.short or r.words) for r in lists.delay_reasons}
    return found | {(r.list, r.code): (f"{r.national} {r.words}", r.short or r.words) for r in lists.reside_reasons}


def why(line: Line) -> str:
    """In the national words: what still needs the hospital, or what they wait for."""
    if line.verdict == "":
        return ""
    if not line.reason:
        return "No reason yet" if line.nights else ""
    return _words().get((line.reason_list, line.reason), (line.reason, ""))[0]


def why_short(line: Line) -> str:
    if not line.reason:
        return "no reason yet" if line.verdict == "no_longer" and line.nights else ""
    return _words().get((line.reason_list, line.reason), ("", line.reason))[1]


def waits(line: Line, now: datetime) -> str:
    """``3 nights``; ``since 09:10`` on the first day; empty for whoever meets the criteria."""
    if line.since is None:
        return ""
    return wording.count(line.nights, "night") if line.nights else f"since {wording.clock_time(line.since)}"


def still(line: Line) -> str:
    """What is to be seen to before they can go."""
    if line.transfer is None:
        return ""
    left = [LIGHT_WORDS[light.kind].casefold() for light in line.transfer.open_lights]
    return ", ".join(left) if left else "everything is seen to"


def said(line: Line, now: datetime) -> str:
    """``Sister Khan to C. Example, 08:55``; of an earlier day with its date."""
    if line.said_at is None:
        return ""
    who = f"{line.told_by} to {line.said_by_name}" if line.told_by else line.said_by_name
    return ", ".join(part for part in (who, wording.near_time(line.said_at, now)) if part)


def said_look(line: Line) -> State | None:
    return State("amber", "clock-counter-clockwise") if line.carried else None


def about(found: SiteList) -> str:
    """``14 no longer meet them, 3 meet them, 2 not said; 1 not said again today``."""
    parts = [
        f"{len(found.of('no_longer'))} no longer meet them",
        f"{len(found.of('meets'))} meet them",
        *([f"{len(found.of(''))} not said"] if found.of("") else []),
    ]
    stale = sum(1 for line in found.lines if line.carried)
    return ", ".join(parts) + (f"; {stale} not said again today" if stale else "")


# -------------------------------------------------------------------- on paper


def paper(found: SiteList) -> PaperList:
    """What the morning call needs, and no more: no number, no address, no diagnosis."""
    day = wording.weekday(found.day)
    under = f"Criteria to reside, {day} {wording.clock_time(found.as_of)}: {about(found)}."
    parts = (
        PaperPart("No longer meet the criteria to reside", tuple(_paper_line(x) for x in found.of("no_longer"))),
        PaperPart("Asked for an assessment, criteria not said yet", tuple(_paper_line(x) for x in found.of(""))),
        PaperPart("Still meet the criteria to reside", tuple(_paper_line(x) for x in found.of("meets"))),
    )
    return PaperList(found.name, under, parts, "Nobody of ours is in this hospital.")


def _paper_line(line: Line) -> PaperLine:
    nights = wording.count(line.nights, "night") if line.nights else ("today" if line.since is not None else "")
    said_on = ""
    if line.said_at is not None:
        said_on = wording.day(local_date(line.said_at))[:6] if line.carried else wording.clock_time(line.said_at)
    return PaperLine(
        line.ward,
        name_on_paper(line),
        nights,
        why_short(line),
        _still_short(line),
        said_on,
        line.verdict == "no_longer",
    )


def name_on_paper(line: Line) -> str:
    """Without a title: there is little room, and it is not needed."""
    return re.sub(r" \([A-Z][a-z]+\.?\)", "", line.who)


def _still_short(line: Line) -> str:
    """The first that fit on a line, and how many more."""
    if line.transfer is None:
        return ""
    left = [PAPER_LIGHTS[light.kind] for light in line.transfer.open_lights]
    if not left:
        return "nothing: can go"
    for many in range(len(left), 0, -1):
        more = f" +{len(left) - many}" if many < len(left) else ""
        said_so = ", ".join(left[:many]) + more
        if len(said_so) <= PAPER_ROOM:
            return said_so
    return left[0]


def file_name(found: SiteList | None, day: date) -> str:
    return f"{day.isoformat()} Criteria to reside{f', {found.name}' if found else ''}"
