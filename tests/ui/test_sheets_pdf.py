"""Sheets on paper: read back what was printed."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from reportlab.pdfbase import pdfmetrics

from coordination.deployment.sheets import SheetData, sheets
from tests.domain.deployment_boards import alert, at, board, person, visit, worker
from ui.sheets import pdf
from ui.sheets.fonts import fonts_for, script_of
from ui.sheets.markup import legible, markup, words_of


def pages(content: bytes) -> list[str]:
    """The text of each page, as a reader would search it: composed, one space between words."""
    document = PdfDocument(content)
    texts = [unicodedata.normalize("NFKC", page.get_textpage().get_text_range()) for page in document]
    document.close()
    return [" ".join(text.split()) for text in texts]


def a_day(visits_each: int = 9, workers: int = 3) -> SheetData:
    staff = [worker(n, f"Worker {n}", hours=[(7, 22)]) for n in range(1, workers + 1)]
    made = []
    for w in staff:
        for n in range(visits_each):
            who = person(
                f"Resident{w.id}x{n}", "Ann", address=f"{n} Nelson Street", postcode="M13 9WP",
                access_notes="Side gate, key safe 1945", alerts=(alert("infection", "MRSA"),),
            )  # fmt: skip
            made.append(visit(who=who, start=(7 + n, 0), minutes=30, to=[(w, (7 + n, 0))], need=f"Need {w.id}x{n}"))
    made.append(visit(who=person("Nobodys", "Ann"), start=(12, 0)))
    return sheets(board(staff, made), at(6, 12), "Tess Example")


def test_every_visit_is_on_its_workers_sheet_once_and_whole() -> None:
    data = a_day()
    found = pages(pdf.worker_sheets(data))
    for sheet in data.workers:
        own = [p for p in found if p.startswith(sheet.name)]
        for n, line in enumerate(sheet.lines):
            on = [p for p in own if line.name in p]
            assert len(on) == 1 and sum(p.count(line.name) for p in found) == 1
            # name, address and need stand on one page: the visit is not split
            assert f"{n} Nelson Street" in on[0] and line.need in on[0]


def test_each_worker_begins_a_page_and_pages_are_numbered_by_worker() -> None:
    data = a_day(visits_each=9)
    found = pages(pdf.worker_sheets(data))
    assert len(found) == 6
    for number, text in enumerate(found):
        assert text.startswith(f"Worker {number // 2 + 1} ")
        assert f"Page {number % 2 + 1} of 2" in text
        assert "0161 496 0101" in text and "Printed 23-Nov-2026 06:12 by Tess Example" in text
        assert "Name and address" in text  # the head is repeated


def test_nothing_is_printed_that_the_visit_does_not_need() -> None:
    data = a_day()
    for content in (pdf.worker_sheets(data), pdf.team_sheet(data), pdf.whole_team(data)):
        text = " ".join(pages(content))
        assert "1945" not in text and "MRSA" not in text
        assert not re.search(r"\b9\d{2} ?\d{3} ?\d{4}\b", text)
        assert "Infection precautions" in text


def test_the_team_has_everybody_on_one_list_and_what_nobody_has() -> None:
    data = a_day()
    found = pages(pdf.team_sheet(data))
    text = " ".join(found)
    assert all(line.name in text for sheet in data.workers for line in sheet.lines)
    assert "Not placed: 1" in text and "NOBODYS, Ann" in text
    assert all("Time Name Address" in p for p in found)
    assert f"Page {len(found)} of {len(found)}" in found[-1]
    # whose visits they are is said on every page that they go on to
    for page in found:
        if re.search(r"RESIDENT2x", page, re.I):
            assert "Worker 2:" in page
    whole = pages(pdf.whole_team(data))
    assert whole[: len(found)] == found and len(whole) == len(found) + 6


def test_pages_are_a4_and_text_is_eleven_points_and_up() -> None:
    document = PdfDocument(pdf.whole_team(a_day(2, 2)))
    for page in document:
        assert [round(side) for side in page.get_size()] == [842, 595]
        text = page.get_textpage()
        assert min(text_sizes(text)) >= 11
    document.close()


def text_sizes(textpage: object) -> list[float]:
    from pypdfium2.raw import FPDFText_GetFontSize

    count = textpage.count_chars()  # type: ignore[attr-defined]
    return [s for n in range(count) if (s := FPDFText_GetFontSize(textpage, n)) > 1]


def test_a_day_without_anybody_says_so() -> None:
    empty = sheets(board([], []), at(6), "Tess")
    assert "Nobody works that day." in pages(pdf.worker_sheets(empty))[0]
    assert "No visits." in pages(pdf.team_sheet(empty))[0]


def test_a_worker_who_falls_ill_keeps_a_sheet_that_says_it() -> None:
    ill = worker(1, "Amina", away=[("sickness", 7, 15)])
    data = sheets(board([ill], [visit(to=[(ill, (9, 0))])]), at(6), "Tess")
    (text,) = pages(pdf.worker_sheets(data))
    assert "sick" in text and "PANKHURST, Emmeline" in text


def test_a_double_up_names_the_other_and_one_that_lacks_them_says_so() -> None:
    amina, bola = worker(1, "Amina"), worker(2, "Bola")
    both = visit(to=[(amina, (9, 0)), (bola, (9, 0))], workers_needed=2)
    half = visit("Davies", start=(11, 0), to=[(amina, (11, 0))], workers_needed=2)
    found = pages(pdf.worker_sheets(sheets(board([amina, bola], [both, half]), at(6), "Tess")))
    assert "With Bola" in found[0] and "Second worker not found yet" in found[0] and "With Amina" in found[1]


# ---------------------------------------------------------------- letters


@pytest.mark.parametrize(
    "name", ["Łukasz Wiśniewski", "Nguyễn Thị Hồng", "O'Brien-Žižek", "José Ñáñez", "Αθηνά", "Ольга"]
)
def test_letters_of_european_names_are_all_there(name: str) -> None:
    amina = worker(1)
    data = sheets(board([amina], [visit(who=person("Smith", name), to=[(amina, (9, 0))])]), at(6), "Tess")
    assert f"SMITH, {name}" in pages(pdf.worker_sheets(data))[0]


def test_what_no_font_has_is_named_and_not_lost() -> None:
    assert legible("Smith 👋🏽") == "Smith [waving hand sign]"
    assert legible("王小明") == "[3 Chinese characters]"
    assert legible("Ann\u200b\u200e\ufeff") == "Ann"
    assert legible("a\x00b\ud800c") == "a b c"
    assert script_of("م") == "arabic" and script_of("ש") == "hebrew" and script_of("क") == "devanagari"


def test_words_from_right_to_left_come_in_their_visual_order() -> None:
    text = "Ask محمد علی رضا at 12"
    with fonts_for([text]) as fonts:
        made = markup(text, fonts)
        assert made.shaped
        said = re.sub(r"<font[^>]*>|</font>", "", made.text)
        assert said == "Ask<br/>رضا علی محمد<br/>at 12"
        # in a narrow column each line is filled in reading order
        narrow = markup("محمد علی رضا", fonts, room=10, width=lambda word, _name: 5.0 * len(word.split()[0]) / 3)
        assert re.sub(r"<[^b][^>]*>|</font>", "", narrow.text).split("<br/>")[0].split()[-1] == "محمد"


def test_one_word_from_right_to_left_stays_in_its_line() -> None:
    with fonts_for(["Khan محمد (Mr)"]) as fonts:
        assert "<br/>" not in markup("Khan محمد (Mr)", fonts).text
        assert not markup("Khan", fonts).shaped


def test_a_word_of_two_scripts_is_two_words_each_of_one_font() -> None:
    assert [(w.text, w.script, w.joined) for w in words_of("علی,x")] == [
        ("علی", "arabic", False),
        (",x", "plain", True),
    ]


def test_arabic_and_hebrew_are_joined_and_drawn() -> None:
    amina = worker(1)
    people = [person("خان", "محمد"), person("כהן", "שרה"), person("शर्मा", "प्रिया")]
    made = [visit(who=p, start=(9 + n, 0), minutes=30, to=[(amina, (9 + n, 0))]) for n, p in enumerate(people)]
    text = pages(pdf.worker_sheets(sheets(board([amina], made), at(6), "Tess")))[0]
    letters = [c for c in text if unicodedata.bidirectional(c) in ("R", "AL")]
    assert {"م", "ح", "د"} <= set(letters) and {"כ", "ה", "ש"} <= set(letters)


def test_fonts_are_gone_when_the_document_is_made() -> None:
    before = set(pdfmetrics.getRegisteredFontNames())
    pdf.team_sheet(a_day(1, 1))
    assert set(pdfmetrics.getRegisteredFontNames()) == before


_ANYTHING = st.text(max_size=500) | st.text(alphabet="W\n ", min_size=300, max_size=500) | st.just("m" * 500)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_ANYTHING, _ANYTHING, _ANYTHING, st.lists(_ANYTHING, max_size=3))
def test_whatever_was_typed_a_visit_fits_on_a_page(name: str, notes: str, need: str, alerts: list[str]) -> None:
    amina = worker(1)
    about = person(
        (name or "x")[:200], name[:200], address=notes, access_notes=notes, known_as=name[:80],
        alerts=tuple(alert(k, w) for k, w in zip(("other", "access", "allergy"), alerts, strict=False)),
    )  # fmt: skip
    made = visit(who=about, to=[(amina, (9, 0))], need=need or "x")
    data = sheets(board([amina], [made, visit(who=about)]), at(6), name or "x")
    assert len(pages(pdf.worker_sheets(data))) == 1
    assert pages(pdf.team_sheet(data))
