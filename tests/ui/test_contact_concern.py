"""E3: a concern in a contact that ends without a referral; whatever end is chosen, it is not left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from coordination.safeguarding.model import ConcernFilter
from tests.database import CentreDb
from tests.ui.test_intake_contact import Call, shown_words


@pytest.fixture
def call(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Call]:
    made = Call(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def f8(call: Call) -> None:
    call.qtbot.keyClick(call.page, Qt.Key.Key_F8)


def test_advice_carries_a_concern_and_its_path_is_opened(call: Call) -> None:
    page, ending = call.page, call.page.ending
    call.find("pankhurst")
    page.fields.need.setPlainText("She says her son hits her and takes her money")
    ending.kind.set_value("advice")
    ending.advice.field("advice").set_value("Whom to ring at night")
    ending.suggest()
    assert "May be a safeguarding concern" in shown_words(ending.concern), "said whatever end is chosen"
    f8(call)
    assert ending.kind.value == "advice" and ending.concern.fields.danger.hasFocus()
    ending.concern.fields.danger.set_value("yes")
    ending.concern.fields.form.field("made_safe").set_value("Her sister is with her")
    page.put_aside()
    page.resume(page.aside[0])
    assert page.typed().ending["concern"]["on"] and ending.kind.value == "advice"
    call.end()
    (row,) = call.signed_in.services.safeguarding.concerns(ConcernFilter(person_id=call.person.id))
    assert (row.danger, row.owner, row.seen_or_said) == ("yes", "cora.coordinator", call.stored()[0].need)
    kind, said = call.said[-1]
    assert kind == "say" and said == f"Contact ended: advice. Safeguarding concern no. {row.number} is yours."
    call.desk.notices.do()  # type: ignore[attr-defined]
    assert call.desk.go.went[-1] == ("safeguarding", row.id)  # type: ignore[attr-defined]
    assert page.is_empty and page.ending.concern_facts is None


def test_the_concern_goes_along_when_another_end_is_chosen(call: Call) -> None:
    ending = call.page.ending
    f8(call)
    block = ending.blocks[0]
    assert block.safeguarding.isChecked()
    block.concern.danger.set_value("yes")
    ending.kind.set_value("advice")
    assert ending.concern_facts is not None and ending.concern_facts.danger == "yes"
    assert not block.safeguarding.isChecked()
    ending.kind.set_value("no_action")
    assert ending.concern_facts is not None
    ending.concern.fields.form.field("consent").set_value("Wants no police")
    ending.kind.set_value("referral")
    assert ending.concern_facts is None and block.safeguarding.isChecked()
    assert block.concern.facts().danger == "yes" and block.concern.facts().consent == "Wants no police"


def test_no_action_with_a_concern_wants_to_know_what_was_said(call: Call) -> None:
    page = call.page
    page.ending.kind.set_value("no_action")
    page.ending.no_action.field("reason_list").set_value("Call was cut off")
    f8(call)
    call.end()
    assert page.fields.need_form.field("need").problem and call.stored() == []
