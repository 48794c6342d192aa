"""The situation report as it leaves the centre: by trust and hospital, small numbers hidden (O3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from coordination.transfer.disclosure import hidden
from coordination.transfer.report import DAILY, DISCHARGED, READY, REMAINING, SiteReport

NO_REASON = "No reason was recorded"
Key = tuple[str, str, date | str, str]
"""organisation, table (``daily``, ``destinations``, ``reasons``), day or empty, words of the column"""


@dataclass(frozen=True)
class Leaving:
    """``orgs``: code to name, each trust before its hospitals. ``reasons`` are nights in all ``days``. What is in
    ``gone`` is not shown."""

    orgs: Mapping[str, str]
    days: tuple[date, ...]
    destinations: tuple[str, ...]
    reasons: tuple[str, ...]
    counts: Mapping[Key, int] = field(repr=False)
    gone: frozenset[object] = field(repr=False)

    def shown(self, org: str, table: str, when: date | str, words: str) -> int | None:
        """None: too small to be shown, or it would give one away that is."""
        key = org, table, when, words
        return None if key in self.gone else self.counts[key]


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
    counts: dict[Key, int] = {}
    for site in reports:
        counts |= {(site.hospital, "daily", day, words): site.daily[day][words] for day in days for words in DAILY}
        counts |= {(site.hospital, "destinations", "", words): site.destinations[words] for words in destinations}
        counts |= {(site.hospital, "reasons", "", words): many for words, many in site.nights.items()}
        counts[site.hospital, "reasons", "", NO_REASON] = site.unreasoned
    sums: list[list[Key]] = []
    columns: list[tuple[str, date | str, str]] = [
        *(("daily", day, words) for day in days for words in DAILY),
        *(("destinations", "", words) for words in destinations),
        *(("reasons", "", words) for words in reasons),
    ]
    for code, sites in members.items():
        for table, when, words in columns:
            parts: list[Key] = [(site.hospital, table, when, words) for site in sites]
            counts[code, table, when, words] = sum(counts[part] for part in parts)
            sums.append([(code, table, when, words), *parts])
    for org in orgs:
        sums += [[(org, "daily", day, words) for words in (READY, DISCHARGED, REMAINING)] for day in days]
        # Who left in these days went somewhere; who remained had a reason, or none.
        sums.append([*((org, "daily", day, DISCHARGED) for day in days),
                     *((org, "destinations", "", words) for words in destinations)])  # fmt: skip
        sums.append([*((org, "daily", day, REMAINING) for day in days),
                     *((org, "reasons", "", words) for words in reasons)])  # fmt: skip
    return Leaving(orgs, days, destinations, reasons, counts, hidden(counts, sums, least))  # type: ignore[arg-type]
