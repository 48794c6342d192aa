"""The lines of the situation report on screen, part by part: who is behind each, and what does not leave (O3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from coordination.transfer.disclosure import hidden
from coordination.transfer.leaving import NO_REASON, Leaving
from coordination.transfer.lengths import BED_DAYS, LONG
from coordination.transfer.model import Transfer, TransferId
from coordination.transfer.report import DAILY, SiteReport, counted_in
from ui import wording


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: its words, the number of each site by its code (None: not known), and who is behind it.
    ``cell``: table, day and column of the national workbook, where it is one of tables 3 and 5. ``nights``: of each of
    them, where nights are counted."""

    words: str
    numbers: Mapping[str, int | None]
    people: tuple[Transfer, ...] = field(repr=False, default=())
    day: date | None = None
    cell: tuple[str, date | str, str] | None = None
    nights: Mapping[TransferId, int] = field(repr=False, default_factory=dict)

    @property
    def all(self) -> int | None:
        """None where one site's is not known."""
        known = [n for n in self.numbers.values() if n is not None]
        return sum(known) if len(known) == len(self.numbers) else None


def lines(found: list[SiteReport], part: str) -> list[Line]:
    """``daily``: the three columns of each day; ``reasons``: DTOC days; ``destinations``: people."""
    if not found:
        return []
    if part == "daily":
        return [
            Line(
                f"{wording.day(day)}  {column_}", {site.hospital: site.daily[day][column_] for site in found},
                tuple(p for site in found for p in site.people.get(column_, ()) if counted_in(p, column_, day)), day,
            )
            for day in found[0].daily for column_ in DAILY
        ]  # fmt: skip
    if part == "lengths":
        return _length_lines(found)
    by_site = {site.hospital: site.nights if part == "reasons" else site.destinations for site in found}
    made = [
        Line(
            words,
            {code: numbers[words] for code, numbers in by_site.items()},
            _behind(found, words),
            nights=_nights(found, words) if part == "reasons" else {},
        )
        for words in next(iter(by_site.values()))
    ]
    if part == "reasons":
        none = {site.hospital: site.unreasoned for site in found}
        made.append(Line(NO_REASON, none, _behind(found, "unreasoned"), nights=_nights(found, "unreasoned")))
    return made


def _length_lines(found: list[SiteReport]) -> list[Line]:
    """Tables 3 and 5, and whose day of admission is wanted for them."""
    made = [
        Line(
            f"{wording.day(day)}  Further bed days, {length} days or more in hospital",
            {s.hospital: s.lengths.bed_days[day, length] for s in found},
            _of_length(found, (day, length)), day, ("bed_days", day, words),
        )
        for day in found[0].lengths.snapshots for length, words in BED_DAYS.items()
    ]  # fmt: skip
    if found[0].lengths.snapshots:
        made += [
            Line(f"{LONG}+ days: {words or NO_REASON}", {s.hospital: s.lengths.reason(words) for s in found},
                 _of_length(found, words), None, ("reasons", "", words or NO_REASON))
            for words in (*found[0].nights, "")
        ]  # fmt: skip
    unknown = tuple(p for s in found for p in s.lengths.unknown)
    if unknown:
        made.append(Line("Day of admission not known", {s.hospital: len(s.lengths.unknown) for s in found}, unknown))
    return made


def _of_length(found: list[SiteReport], key: object) -> tuple[Transfer, ...]:
    return tuple(person for site in found for person in site.lengths.people.get(key, ()))


def too_small_lengths(rows: list[Line], found: Leaving, trust: str) -> frozenset[object]:
    """O3: the same cells as in the workbook that leaves the centre; ``all`` is the trust."""
    gone: set[object] = set()
    for line in rows:
        for code, many in line.numbers.items():
            small = found.hides(code, *line.cell) if line.cell is not None else 0 < (many or 0) < 5
            gone |= {(line.words, code)} if small else set()
        if line.cell is None or found.hides(trust, *line.cell):
            gone.add((line.words, "all"))
    return frozenset(gone)


def too_small(rows: list[Line], least: int) -> frozenset[object]:
    """O3: cells that do not leave the centre; a row's sum, and a day's three columns, give none of them away."""
    counts: dict[object, int] = {}
    sums: list[list[object]] = []
    days: dict[date, list[Line]] = {}
    for line in rows:
        counts.update({(line.words, code): many or 0 for code, many in line.numbers.items()})
        counts[line.words, "all"] = line.all or 0
        sums.append([(line.words, "all"), *((line.words, code) for code in line.numbers)])
        if line.day is not None:
            days.setdefault(line.day, []).append(line)
    for same in days.values():
        sums += [[(line.words, code) for line in same] for code in (*same[0].numbers, "all")]
    return hidden(counts, sums, least)


def _behind(found: list[SiteReport], words: str) -> tuple[Transfer, ...]:
    return tuple(person for site in found for person in site.people.get(words, ()))


def _nights(found: list[SiteReport], words: str) -> dict[TransferId, int]:
    return {person: many for site in found for (of, person), many in site.nights_of.items() if of == words}
