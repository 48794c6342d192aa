"""Who has looked, and why could they: the page on a real database, the answer for the person, the seals (R4)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from coordination.governance.looked import ListArea
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from tests.database import CentreDb
from tests.ui.fakes import wait_idle
from tests.ui.page_kit import desk_of, opened, press
from ui.governance.looked_page import LookedPage
from ui.governance.seen import Seen
from ui.governance.whose import people_of
from ui.people.finder import PersonFinder


@pytest.fixture
def page(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: Any) -> Any:
    desk = desk_of(centre_db.sign_in("ida.governance"), tmp_path)
    yield opened(LookedPage, desk, qtbot)
    desk.tasks.close()


@pytest.fixture
def person(centre_db: CentreDb) -> PersonId:
    key = PersonId(new_id())
    services = centre_db.sign_in("cora.coordinator").services
    services.people.register(PersonDraft(surname="Example", given="Pat"), key)
    services.people.open_record(key)
    centre_db.sign_in("pia.placement").services.people.open_record(key)
    return key


def test_found_by_the_finder_filtered_and_followed_to_the_user(page: Any, person: PersonId, qtbot: Any) -> None:
    finder = page.panel.findChild(PersonFinder)
    finder.set_text("example")
    qtbot.waitUntil(lambda: finder.list.people.rowCount() == 1, timeout=30_000)
    finder.take_first()
    wait_idle(qtbot, page.desk)
    qtbot.waitUntil(lambda: page.people.found is not None, timeout=30_000)
    assert page.people.who.text() == "EXAMPLE, Pat"
    first = page.people.current
    assert (first.actor, first.reason) == ("pia.placement", "none")
    assert "no reason found for 1" in page.people.counts.text()
    page.people.chips.set_value({"changed"})
    assert [x.actor for x in page.people.shown] == ["cora.coordinator"]
    page.people.chips.set_value(set())
    page.people.table.selectRow(0)
    page.people.table.setFocus()
    press(page, qtbot, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: page.users.found is not None, timeout=30_000)
    assert [p.name for p in page.users.found.people] == ["EXAMPLE, Pat"]
    assert page.users.who.text().startswith("Pia Example, Placement co-ordinator")


def test_the_cursor_stands_where_a_name_is_typed_and_f_brings_it_back(page: Any, qtbot: Any) -> None:
    finder = page.panel.findChild(PersonFinder)
    page.people.table.setFocus()
    page.activated()  # as the rail does
    assert finder.field.hasFocus()
    page.people.table.setFocus()
    press(page, qtbot, Qt.Key.Key_F)
    assert finder.field.hasFocus()


def test_the_answer_for_the_person_names_nobody_unless_asked(page: Any, person: PersonId, qtbot: Any) -> None:
    import pypdfium2

    page.show_person(person)
    qtbot.waitUntil(lambda: page.people.found is not None, timeout=30_000)
    page.on_paper()
    qtbot.waitUntil(lambda: page.paper.ready, timeout=30_000)

    def words() -> str:
        from ui.governance.looked_paper import pdf

        found = page.people.found
        large, named = page.paper.size_of_print.value == "large", page.paper.names.value == "names"
        made = pdf(found, page.people.shown, (page.since, page.since), page.since, large=large, named=named)
        document = pypdfium2.PdfDocument(made)
        said = "\n".join(p.get_textpage().get_text_range() for p in document)
        document.close()
        return " ".join(said.split())

    said = words()
    assert "A placement co-ordinator of the North centre, at" in said or "between" in said
    assert "We have not found a reason" in said and "Pat Example" in said
    assert "Pia" not in said and "Cora" not in said
    page.paper.names.set_value("names")
    page.paper.size_of_print.set_value("large")
    qtbot.waitUntil(lambda: page.paper.ready, timeout=30_000)
    assert "Pia Example, placement co-ordinator of the North centre" in words()
    page.paper.close()


def test_the_seals_are_verified_in_the_background_and_the_latest_is_kept(
    page: Any, person: PersonId, qtbot: Any, tmp_path: Any
) -> None:
    page.mode.set_value("seals")
    kept = tmp_path / "seal.json"
    page.seals.export(kept)
    qtbot.waitUntil(
        lambda: kept.exists() and page.seals.state is not None and page.seals.state.seals == 1, timeout=30_000
    )
    assert json.loads(kept.read_text(encoding="utf-8"))["seal"] == 1
    page.seals.verify_against(kept)
    qtbot.waitUntil(lambda: page.seals.said.text().startswith("The trail is as it was sealed"), timeout=30_000)
    kept.write_text(json.dumps({"seal": 1, "digest": "00" * 32}), encoding="utf-8")
    page.seals.verify_against(kept)
    qtbot.waitUntil(lambda: page.seals.model.rowCount() == 1, timeout=30_000)
    assert page.seals.said.text().startswith("The trail was altered")
    page.seals.verify_against(tmp_path / "none")
    assert "not a seal" in page.desk.notices.said[-1][1]


def test_what_stands_on_the_screen_is_one_look(page: Any, person: PersonId, qtbot: Any, centre_db: CentreDb) -> None:
    seen = Seen(page.desk)
    seen._stood.setInterval(0)
    for _ in range(2):
        seen.saw("visit", "a visit", person)
        qtbot.waitUntil(lambda: not seen._stood.isActive(), timeout=30_000)
        wait_idle(qtbot, page.desk)
    seen.saw("visit", "a visit", None)
    with centre_db.owner.begin() as c:
        query = text("select actor, person_id, columns from audit.entry where area = 'visit' and action = 'view'")
        (found,) = c.execute(query).all()
    assert (found.actor, found.person_id) == ("ida.governance", person)
    assert "form:screen" in found.columns

    with centre_db.owner.begin() as c:
        team = c.execute(text("select min(id) from team")).scalar_one()
    seen._list_stood.setInterval(0)
    for worker in (None, None, 7):  # the board twice, and somebody's sheet
        area: ListArea = "board" if worker is None else "paper_lines"
        seen.saw_list(area, team, date(2026, 12, 1), worker)
        qtbot.waitUntil(lambda: not seen._list_stood.isActive(), timeout=30_000)
        wait_idle(qtbot, page.desk)
    seen.saw_list("paper_lines", None, None)
    with centre_db.owner.begin() as c:
        lists = c.execute(text("select record from audit.entry where area in ('board', 'paper_lines') order by id"))
        assert list(lists.scalars()) == [f"{team} 2026-12-01", f"{team} 2026-12-01 w7"]
    assert people_of(page.people.model._rows) == []
