"""The situation report as it leaves the centre: by trust and hospital, small numbers hidden (O3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from coordination.transfer.disclosure import hidden
from coordination.transfer.lengths import BED_DAYS
from coordination.transfer.report import DAILY, DISCHARGED, READY, REMAINING, SiteReport

NO_REASON = "No reason was recorded"
Key = tuple[str, str, date | str, str]
"""organisation, table (``daily``, ``bed_days``, ``destinations``, ``reasons``), day or empty, words of the column"""
_BETWEEN = "between"
"""people of a length of stay between two columns of table 3: never shown, and not to be worked out either"""


@dataclass(frozen=True)
class Leaving:
    """``orgs``: code to name, each trust before its hospitals. ``snapshots``: days of tables 3 and 5, whose ``reasons``
    are people over all of them. ``bed_days`` are shown where so many people are behind them (``counts``). What is in
    ``gone`` is too small to be shown; None is not known."""

    orgs: Mapping[str, str]
    days: tuple[date, ...]
    snapshots: tuple[date, ...]
    destinations: tuple[str, ...]
    reasons: tuple[str, ...]
    counts: Mapping[Key, int] = field(repr=False)
    bed_days: Mapping[Key, int] = field(repr=False)
    gone: frozenset[object] = field(repr=False)

    def hides(self, org: str, table: str, when: date | str, words: str) -> bool:
        """Too small to be shown, or it would give one away that is."""
        return (org, table, when, words) in self.gone

    def shown(self, org: str, table: str, when: date | str, words: str) -> int | None:
        """None: hidden, or not known."""
        key = org, table, when, words
        return None if key in self.gone else (self.bed_days if table == "bed_days" else self.counts).get(key)


def leaving(reports: Sequence[SiteReport], trusts: Mapping[str, tuple[str, str]], least: int = 5) -> Leaving:
    """``trusts``: hospital code to code and name of its trust."""
    orgs: dict[str, str] = {}
    for site in reports:
        code, name = trusts.get(site.hospital, ("", ""))
        if code:
            orgs.setdefault(code, name)
    members = {code: [s for s in reports if trusts.get(s.hospital, ("", ""))[0] == code] for code in orgs}
    orgs |= {site.hospital: site.name for site in reports}
    days = tuple(reports[0].daily) if reports else ()
    destinations = tuple(reports[0].destinations) if reports else ()
    reasons = (*reports[0].nights, NO_REASON) if reports else ()
    weeks = reports[0].lengths.snapshots if reports else ()
    counts: dict[Key, int] = {}
    bed_days: dict[Key, int] = {}
    for site in reports:
        counts |= {(site.hospital, "daily", day, words): site.daily[day][words] for day in days for words in DAILY}
        counts |= {(site.hospital, "destinations", "", words): site.destinations[words] for words in destinations}
        for words in reasons:
            many = site.lengths.reason("" if words == NO_REASON else words)
            if many is not None:
                counts[site.hospital, "reasons", "", words] = many
        for (day, length), added in site.lengths.bed_days.items():
            if added is not None:
                key = (site.hospital, "bed_days", day, BED_DAYS[length])
                bed_days[key], counts[key] = added, site.lengths.behind[day, length]
    sums: list[list[Key]] = []
    columns: list[tuple[str, date | str, str]] = [
        *(("daily", day, words) for day in days for words in DAILY),
        *(("bed_days", day, words) for day in weeks for words in BED_DAYS.values()),
        *(("destinations", "", words) for words in destinations),
        *(("reasons", "", words) for words in reasons),
    ]
    for code, sites in members.items():
        for table, when, words in columns:
            parts: list[Key] = [(site.hospital, table, when, words) for site in sites]
            whole = (code, table, when, words)
            if all(part in counts for part in parts):  # of what one hospital does not know, the trust does not either
                counts[whole] = sum(counts[part] for part in parts)
                sums.append([whole, *parts])
                if table == "bed_days":
                    bed_days[whole] = sum(bed_days[part] for part in parts)
    for org in orgs:
        sums += [[(org, "daily", day, words) for words in (READY, DISCHARGED, REMAINING)] for day in days]
        # Who left in these days went somewhere.
        sums.append([*((org, "daily", day, DISCHARGED) for day in days),
                     *((org, "destinations", "", words) for words in destinations)])  # fmt: skip
        for day in weeks:  # each length of stay is part of the shorter one
            for shorter, longer in pairwise(BED_DAYS.values()):
                inner, outer = (org, "bed_days", day, longer), (org, "bed_days", day, shorter)
                if inner in counts and outer in counts:
                    between = (org, _BETWEEN, day, shorter)
                    counts[between] = counts[outer] - counts[inner]
                    sums.append([outer, inner, between])
    gone = hidden(counts, sums, least)  # type: ignore[arg-type]
    return Leaving(orgs, days, weeks, destinations, reasons, counts, bed_days, gone)
