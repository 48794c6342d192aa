"""C3: copies of a plan, as the person, a professional and another system get them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from coordination.careplan.copies import PlanCopy
from coordination.careplan.model import Plan
from coordination.careplan.rows import (
    ACTION_STATES,
    PARTIES,
    Agreement,
    Contingency,
    Need,
    Outcome,
    PlanAction,
    PlanEquipment,
    PlanTeam,
)
from coordination.careplan.version_model import PlanContent, VersionHead
from coordination.messages.fhir_plan import as_dict, bundle
from coordination.people import rules as people_rules
from coordination.people.model import Alert, Person, PersonDraft
from coordination.people.record import PersonRecord
from coordination.values import PersonId, PlanId, TeamId, UserName, new_id
from tests.care_kit import add_person, signed_conversation
from tests.database import CentreDb, SignedIn
from tests.ui.fakes import make_desk, wait_idle
from ui.careplan import PlanFrom, copy_person, copy_professional
from ui.careplan.copy_words import from_the_right, team_in_plain_words
from ui.careplan.page import PlanPage
from ui.desk import Desk
from ui.sheets.window import PaperWindow

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PLAN = PlanId(new_id())
NURSES = PlanTeam(TeamId(7), "North district nursing", leads=True)


def copy_of(language: str = "", *, content: dict[str, Any] | None = None, state: str = "active") -> PlanCopy:
    draft = PersonDraft(surname="Pankhurst", given="Emmeline", title="Mrs", nhs_number="9434765919",
                        birth_date="14/7/1945", language=language, phone="0161 496 0903")  # fmt: skip
    fields = people_rules.check(draft, NOON.date())
    person = Person(PersonId(new_id()), fields, None, None, None, "low", "everything", NOON, UserName("x"), 1)
    need, goal = Need(new_id(), PLAN, 1, "The stairs", 0), new_id()
    whole = {
        "lead_worker": UserName("nadia"), "lead_worker_name": "Nadia Hussain", "review_on": date(2027, 1, 14),
        "strengths": "Forty years a cook", "what_matters": "The garden", "carers_part": "", "self_care": "",
        "funding": "", "needs": (need,),
        "outcomes": (Outcome(goal, PLAN, 1, "Walk to the library", 0, need.id, 9),),
        "actions": (
            PlanAction(new_id(), PLAN, person.id, goal, 1, "Practise the stairs", "", NURSES.id, NURSES.name,
                       date(2026, 12, 3), "under_way", 0, 8),
            PlanAction(new_id(), PLAN, person.id, None, 2, "A key safe", "Handyperson", None, "", None, "to_do", 0),
        ),
        "contingencies": (Contingency(new_id(), PLAN, 1, "Dizzy", "Sit down", "111", 0),),
        "equipment": (PlanEquipment(new_id(), PLAN, 1, "Commode", "Store", "In place", 0),),
        "agreements": (Agreement(new_id(), PLAN, 1, "person", "", True, date(2026, 11, 4), "at home", "", 0),),
        "teams": (NURSES,),
    } | (content or {})  # fmt: skip
    plan = Plan(PLAN, person.id, None, state, UserName("nadia"), "Nadia Hussain", "", "", "", "", "", None, NOON,  # type: ignore[arg-type]
                UserName("nadia"), NOON, 1)  # fmt: skip
    version = VersionHead(new_id(), PLAN, 3, NOON, UserName("nadia"), "Nadia Hussain", "")
    return PlanCopy(plan, PersonRecord(person, NOON), PlanContent(**whole), version, False,
                    {NURSES.id: "0161 496 0120"}, NURSES.id, made_at=NOON, made_by_name="Nadia Hussain")  # fmt: skip


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return [" ".join(document[n].get_textpage().get_text_range().split()) for n in range(len(document))]
    finally:
        document.close()


def test_the_persons_copy_says_all_of_it_in_plain_words_and_nothing_that_a_stranger_should_read() -> None:
    said = " ".join(pages_of(copy_person.pdf(copy_of())))
    for words in (
        "Emmeline Pankhurst’s plan", "Nadia Hussain holds this plan together.", "Ring 0161 496 0120.",
        "Thursday 14 January 2027", "Walk to the library", "9 out of 10",
        "Who does it: North district nursing. We have begun. By Thursday 3 December 2026.",
        "If: Dizzy", "Then: Sit down", "Ring: 111", "ring 999", "Commode, from Store: In place",
        "I agreed to this plan on Wednesday 4 November 2026 (at home).", "Page 1 of 2",
    ):  # fmt: skip
        assert words in said, words
    assert not [hidden for hidden in ("943", "1945", "under_way", "14-Jan") if hidden in said]


def test_a_plan_that_is_not_agreed_or_has_ended_says_so_first() -> None:
    assert copy_person.DRAFT in pages_of(copy_person.pdf(copy_of(state="draft")))[0]
    assert copy_person.ENDED in pages_of(copy_person.pdf(copy_of(state="ended")))[0]
    assert "Draft, not agreed yet" in pages_of(copy_professional.pdf(copy_of(state="draft")))[0]


@pytest.mark.parametrize(
    ("language", "right"),
    [
        ("Arabic", True),
        ("urdu", True),
        ("Kurdish (Sorani)", True),
        ("Kurmanji Kurdish", False),
        ("Polish", False),
        ("", False),
    ],
)
def test_the_page_begins_where_the_language_begins(language: str, right: bool) -> None:
    assert from_the_right(language) is right
    document = pypdfium2.PdfDocument(io.BytesIO(copy_person.pdf(copy_of(language))))
    try:
        page = document[0].get_textpage()
        page.count_rects()
        left = page.get_rect(0)[0]  # of the title, which is over half a page wide
        assert (left > 150) is right
    finally:
        document.close()


def test_a_professional_gets_two_pages_whatever_stands_on_the_plan() -> None:
    first = copy_of()
    said = " ".join(pages_of(copy_professional.pdf(first)))
    for words in ("PANKHURST, Emmeline (Mrs)", "943 476 5919", "14-Jul-1945 (81y)", "Version 3", "matters 9 of 10",
                  "Practise the stairs", "8 of 10", "03-Dec-2026", "Handyperson", "Not yet"):  # fmt: skip
        assert words in said, words
    assert copy_professional.SHORTENED not in said
    needs = tuple(Need(new_id(), PLAN, n, f"Need {n} " + "and much to say about it " * 40, 0) for n in range(30))
    actions = tuple(
        replace(first.content.actions[0], id=new_id(), what=f"Action {n} " + "word " * 60) for n in range(60)
    )
    long = copy_of(content={"needs": needs, "actions": actions, "what_matters": "Tea. " * 2000})
    pages = pages_of(copy_professional.pdf(long))
    assert len(pages) == 2
    assert copy_professional.SHORTENED in pages[0]


def test_no_code_of_a_key_safe_is_on_paper_nor_where_a_key_lies() -> None:
    first = copy_of(
        content={"carers_part": "Christabel lets herself in, key safe code 4821", "self_care": "Tea at 16:30"}
    )
    alerts = tuple(
        Alert(new_id(), kind, words, NOON.date(), None, 1)
        for kind, words in (
            ("key_safe", "Behind the water butt, 7399"), ("safeguarding", "Money went missing"),
            ("access", "Code 5567 at the gate"), ("allergy", "Penicillin"),
        )
    )  # fmt: skip
    copy = replace(first, record=replace(first.record, alerts=alerts))
    for said in (" ".join(pages_of(made)) for made in (copy_person.pdf(copy), copy_professional.pdf(copy))):
        assert not [one for one in ("4821", "7399", "5567", "water butt", "Money") if one in said]
        assert "Christabel lets herself in" in said
        assert "16:30" in said
    assert "Penicillin" in said
    assert "Key safe: ring the centre" in said


WORDS = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60).filter(str.strip)
ROW = st.integers(0, 3)


@st.composite
def contents(draw: Any) -> dict[str, Any]:
    needs = tuple(Need(new_id(), PLAN, n, draw(WORDS), 0) for n in range(draw(ROW)))
    ids: list[UUID | None] = [None, new_id(), *(need.id for need in needs)]
    goals = tuple(
        Outcome(new_id(), PLAN, n, draw(WORDS), 0, draw(st.sampled_from(ids)), draw(st.none() | st.integers(1, 10)))
        for n in range(draw(ROW))
    )
    over = st.sampled_from([None, new_id(), *(goal.id for goal in goals)])
    actions = tuple(
        PlanAction(new_id(), PLAN, PersonId(new_id()), draw(over), n, draw(WORDS), draw(st.just("") | WORDS),
                   draw(st.sampled_from([None, NURSES.id, TeamId(99)])), "", draw(st.none() | st.dates()),
                   draw(st.sampled_from(ACTION_STATES)), 0, draw(st.none() | st.integers(1, 10)))
        for n in range(draw(ROW))
    )  # fmt: skip
    agreements = tuple(
        Agreement(new_id(), PLAN, n, draw(st.sampled_from(PARTIES)), draw(WORDS), draw(st.booleans()),
                  draw(st.none() | st.dates()), draw(WORDS), draw(WORDS), 0)
        for n in range(draw(ROW))
    )  # fmt: skip
    return {"needs": needs, "outcomes": goals, "actions": actions, "agreements": agreements,
            "what_matters": draw(st.just("") | WORDS), "lead_worker": draw(st.none() | st.just(UserName("nadia"))),
            "teams": draw(st.sampled_from([(), (NURSES,)]))}  # fmt: skip


@settings(deadline=None)
@given(contents(), st.sampled_from(["draft", "active", "ended"]))
def test_every_plan_is_valid_fhir_whose_references_lead_somewhere(content: dict[str, Any], state: str) -> None:
    copy = copy_of(content=content, state=state)
    read = json.loads(bundle(copy))
    Bundle.model_validate(read)
    resources = [entry["resource"] for entry in read["entry"]]
    there = {entry["fullUrl"] for entry in read["entry"]}
    assert len(there) == len(resources)
    assert set(_references(read)) <= there
    kinds = [one["resourceType"] for one in resources]
    assert (kinds.count("Goal"), kinds.count("Condition"), kinds.count("CarePlan"), kinds.count("CareTeam")) == (
        len(copy.content.outcomes), len(copy.content.needs), 1, 1,
    )  # fmt: skip
    assert [goal["description"]["text"] for goal in resources if goal["resourceType"] == "Goal"] == [
        goal.words for goal in copy.content.outcomes
    ]


def _references(found: Any) -> list[str]:
    if isinstance(found, dict):
        mine = [found["reference"]] if isinstance(found.get("reference"), str) else []
        return mine + [one for value in found.values() for one in _references(value)]
    return [one for value in found for one in _references(value)] if isinstance(found, list) else []


def test_nothing_is_lost_between_what_we_say_and_what_the_models_read() -> None:
    said, read = as_dict(copy_of()), json.loads(bundle(copy_of()))
    assert _keys(read) == _keys(said)


def _keys(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _keys(value) for name, value in found.items()}
    return [_keys(value) for value in found] if isinstance(found, list) else ""


# ---------------------------------------------------------------- on a real database


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, asa: SignedIn) -> Iterator[Desk]:
    made = make_desk(tmp_path, asa.services)
    yield made
    made.tasks.close()


def test_from_the_page_to_the_file_and_on_to_the_audit_trail(
    centre_db: CentreDb, asa: SignedIn, desk: Desk, qtbot: Any, tmp_path: Path, dressed: object
) -> None:
    person = add_person(centre_db, title="Mrs")
    assessed = signed_conversation(asa.services, person)
    desk.actor = asa.actor
    page = PlanPage(desk)
    qtbot.addWidget(page)
    desk.commands.add(page.commands(), page, "plan")
    page.show()
    page.open(PlanFrom(assessed.assessment.id))
    qtbot.waitUntil(lambda: page.sheet is not None, timeout=30_000)
    page.deeds.accept_all()
    wait_idle(qtbot, desk)
    qtbot.keyClick(page, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: any(w.ready for w in windows()), timeout=30_000)
    (window,) = windows()
    assert "Emmeline" not in window.windowTitle()
    window.save_to(tmp_path / "mine")
    wait_idle(qtbot, desk)
    said = " ".join(pages_of((tmp_path / "mine.pdf").read_bytes()))
    assert copy_person.DRAFT in said
    assert page.sheet is not None
    assert page.sheet.outcomes[0].words.split()[0] in said
    window.close()
    page.copying.save_fhir(tmp_path / "theirs")
    wait_idle(qtbot, desk)
    read = json.loads((tmp_path / "theirs.json").read_text(encoding="utf-8"))
    Bundle.model_validate(read)
    (answers,) = [e["resource"] for e in read["entry"] if e["resource"]["resourceType"] == "QuestionnaireResponse"]
    assert answers["questionnaire"].startswith("urn:coordination-centre:form:strengths-conversation|")
    assert sum(len(section["item"]) for section in answers["item"]) > 5
    with centre_db.owner.begin() as connection:
        query = text("select action from audit.entry where record = :plan and action in ('print', 'export')")
        noted = connection.execute(query, {"plan": str(page.sheet.plan.id)})
        assert list(noted.scalars()) == ["export", "export"]


def windows() -> list[PaperWindow]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, PaperWindow)]


def test_a_team_is_said_once_more_in_words_that_everybody_knows() -> None:
    assert team_in_plain_words("North reablement") == "North reablement (they help you to do things for yourself again)"
    assert team_in_plain_words("South District nursing") == "South District nursing (nurses who come to your home)"
    assert team_in_plain_words("Wythenshawe Good Neighbours") == "Wythenshawe Good Neighbours"
