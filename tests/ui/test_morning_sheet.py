"""The criteria-to-reside list on paper: one page, black on white, no more than the call needs (T6)."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest

from coordination.clock import at_local
from coordination.transfer.reside import Expected, Said, SaidId, site_lists
from coordination.values import PersonId, ReferralId, new_id
from tests.domain.test_transfer import REASONS, moment, one
from ui.sheets.morning import morning_list
from ui.transfer import morning_words as words

SITES = {"NMGH": "North Manchester General Hospital", "MRI": "Manchester Royal Infirmary"}
NOW = at_local(date(2026, 10, 26), 8, 40)  # the day after the night that has an hour more


def said(surname: str, given: str, year: int | None, hours: int = 1) -> Said:
    at = at_local(date(2026, 10, 26), 8 - hours) if hours < 9 else at_local(date(2026, 10, 25), 9)
    return Said(SaidId(new_id()), PersonId(new_id()), surname, given, year, "NMGH", "AMU", "meets", "reside-2024-07",
                "r24_news", "", "Sister Khan", "Cora Example", at)  # fmt: skip


def pages(lists: list[words.PaperList]) -> list[str]:
    content, many = morning_list(lists, "Printed 26-Oct-2026 08:40 by Cora Example")
    document = pypdfium2.PdfDocument(content)
    assert len(document) == many
    return [page.get_textpage().get_text_bounded() for page in document]


def test_forty_people_stand_on_one_page_and_each_once() -> None:
    ready = [one(moment(day % 6)) for day in range(30)]
    meeting = [
        said("Tran", "Bích Ngọc", 1950),
        said("Tran", "Bích Ngọc", 1988),
        said("Ó Dálaigh", "Cearbhall", None, 30),
    ]
    asked = [
        Expected(ReferralId(new_id()), PersonId(new_id()), f"Waiting{n}", "Ann", 1940, "NMGH", "F5", NOW, None)
        for n in range(7)
    ]
    nmgh, mri = site_lists(ready, meeting, [*asked, asked[0]], SITES, NOW)
    assert (len(nmgh.lines), len(mri.lines)) == (40, 0)
    assert [len(nmgh.of(verdict)) for verdict in ("no_longer", "", "meets")] == [30, 7, 3]
    names = [line.who for line in nmgh.of("meets")]  # told apart by no more than the year
    assert {"TRAN, Bích Ngọc (born 1950)", "TRAN, Bích Ngọc (born 1988)"} < set(names)
    assert [line.carried for line in nmgh.of("meets") if line.who.startswith("Ó D")] == [True]
    (page,) = pages([words.paper(nmgh)])
    assert page.count("EXAMPLE") == 30 and page.count("WAITING") == 7 and "25-Oct" in page
    assert "Page 1 of 1" in page and "Confidential" in page
    both = pages([words.paper(nmgh), words.paper(mri)])
    assert len(both) == 2 and "Nobody of ours is in this hospital" in both[1]


@pytest.mark.parametrize(("many", "on_pages"), [(60, 1), (90, 2)])
def test_sixty_people_stand_on_one_page_too_in_smaller_letters(many: int, on_pages: int) -> None:
    ready = [one(moment(day % 6)) for day in range(many - 6)]
    asked = [
        Expected(ReferralId(new_id()), PersonId(new_id()), f"Waiting{n}", "Ann", 1940, "NMGH", "F5", NOW, None)
        for n in range(6)
    ]
    nmgh, mri = site_lists(ready, [], asked, SITES, NOW)
    assert len(nmgh.lines) == many
    found = pages([words.paper(nmgh), words.paper(mri)])
    assert len(found) == on_pages + 1 and "Nobody of ours" in found[-1]
    assert sum(page.count("EXAMPLE") for page in found) == many - 6
    assert sum(page.count("WAITING") for page in found) == 6


def test_what_is_too_long_is_cut_and_whoever_says_so_is_on_it() -> None:
    long = one(moment(1), hospital="NMGH")
    (site,) = site_lists([long], [], [], {"NMGH": "NMGH"}, NOW)
    line = words.paper(site).parts[0].lines[0]
    assert (line.waits, line.why, line.still) == ("5 nights", "no reason yet", "nothing: can go")
    assert REASONS[0].short in {words.why_short(words_line) for words_line in _with_reason()}


def _with_reason() -> list[words.Line]:
    from coordination.transfer.model import Delay

    ready = moment(1)
    delayed = one(ready, delays=(Delay(new_id(), REASONS[0].code, date(2026, 10, 21), None),))
    (site,) = site_lists([delayed], [], [], {"NMGH": "NMGH"}, NOW)
    return list(site.lines)
