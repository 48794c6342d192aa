"""The shelf of forms on the real database: drafts, publishing, withdrawing, and what psql may not do."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text

from coordination.assessment.faults import FormFaults
from coordination.assessment.model import FormKey
from coordination.errors import BadValue, Conflict, IllegalMove, NotAllowed, NotFound, Refused
from coordination.values import new_id
from db.stores.forms import publish_forms
from tests.care_kit import add_person, answer_all, signed_conversation
from tests.database import CentreDb

FORM = """\
id = "walks"
version = 1
title = "Going out"

[[section]]
id = "talk"
title = "Talk"
kind = "conversation"

[[section.question]]
id = "walks_where"
type = "text"
text = "Where do you like to walk?"
required = true

[[section]]
id = "needs"
title = "Needs"

[[section.question]]
id = "walks_stick"
type = "yes_no"
text = "Do you use a stick?"
"""
WALKS = FormKey("walks", 1)


def version(number: int, **words: str) -> str:
    made = FORM.replace("version = 1", f"version = {number}")
    for was, becomes in words.items():
        made = made.replace(was, becomes)
    return made


def refused(db: CentreDb, user: str, statement: str, *values: object) -> str:
    """The rule that refuses a statement in psql."""
    connection = db.psql(user)
    try:
        with pytest.raises(psycopg.Error) as error:
            connection.execute(statement, values)
        return error.value.diag.constraint_name or error.value.sqlstate or ""
    finally:
        connection.close()


def test_a_form_goes_from_draft_to_live_to_withdrawn_and_back(centre_db: CentreDb) -> None:
    ada, asa = centre_db.sign_in("ada.admin"), centre_db.sign_in("asa.assessor")
    forms, person = ada.services.forms, add_person(centre_db)
    looked = forms.look(FORM, "walks.toml")
    assert looked.form is not None and looked.faults == () and looked.standing is None
    assert "walks" not in {f.key.id for f in forms.shelf()}

    draft = forms.keep_draft(FORM, "walks.toml")
    assert (draft.state, draft.imported_by, draft.published_at, draft.source) == ("draft", "Ada Example", None, FORM)
    assert "walks" not in {f.id for f in asa.services.assessment.forms()}
    with pytest.raises(NotFound):
        asa.services.assessment.start(person, "walks")
    again = forms.keep_draft(version(1, **{"to walk?": "to wander?"}), "walks.toml", draft.revision)
    assert forms.form(WALKS).questions()[0].text == "Where do you like to wander?"
    with pytest.raises(Conflict):
        forms.keep_draft(FORM, "walks.toml", draft.revision)
    with pytest.raises(IllegalMove):
        forms.withdraw(WALKS, "No", again.revision)

    live = forms.publish(WALKS, again.revision)
    assert (live.state, live.newest, live.published_by) == ("live", True, "Ada Example")
    sheet = asa.services.assessment.start(person, "walks")
    with pytest.raises(Refused) as published:
        forms.keep_draft(FORM, "walks.toml", live.revision)
    assert published.value.obstacles[0].fact("next") == 2

    two = forms.keep_draft(version(2, Where="When"), "walks.toml")
    forms.publish(two.key, two.revision)
    assert [f.newest for f in forms.shelf() if f.key.id == "walks"] == [True, False]
    assert asa.services.assessment.reread(sheet.assessment.id).form.questions()[0].text.startswith("Where")
    with pytest.raises(BadValue):
        forms.withdraw(two.key, "  ", two.revision + 1)
    gone = forms.withdraw(two.key, "The question of when is not ours", two.revision + 1)
    assert (gone.state, gone.withdrawn_by) == ("withdrawn", "Ada Example")
    assert asa.services.assessment.start(add_person(centre_db), "walks").form.version == 1
    back = forms.restore(two.key, gone.revision)
    assert (back.state, back.withdrawn_reason, back.withdrawn_at) == ("live", "", None)

    three = forms.keep_draft(version(3), "walks.toml")
    forms.discard(three.key, three.revision)
    assert 3 not in {f.key.version for f in forms.shelf()}


def test_a_form_that_others_come_after_is_not_withdrawn_alone(centre_db: CentreDb) -> None:
    forms = centre_db.sign_in("ada.admin").services.forms
    one, conversation = (
        next(f for f in forms.shelf() if f.key == ("strengths-conversation", version)) for version in (1, 2)
    )
    forms.withdraw(one.key, "Replaced", one.revision)
    with pytest.raises(Refused) as needed:
        forms.withdraw(conversation.key, "Tired of talking", conversation.revision)
    assert "Reablement start" in needed.value.obstacles[0].fact("titles")
    assert forms.shelf() == [f if f.key != conversation.key else conversation for f in forms.shelf()]


def test_faults_are_found_beside_the_live_forms(centre_db: CentreDb) -> None:
    forms = centre_db.sign_in("max.manager").services.forms
    text = FORM.replace('title = "Going out"', 'title = "Going out"\nafter = ["no-such"]')
    looked = forms.look(text, "walks.toml")
    assert [(f.file, f.line, f.code) for f in looked.faults] == [("walks.toml", 4, "after_unknown")]
    assert looked.form is not None
    with pytest.raises(FormFaults):
        forms.keep_draft(text, "walks.toml")
    assert [f.code for f in forms.look("id = ", "x.toml").faults] == ["not_toml"]
    with pytest.raises(NotAllowed):
        forms.keep_draft(FORM, "walks.toml")


def test_only_an_administrator_publishes_and_what_is_published_stays(centre_db: CentreDb) -> None:
    """As the administrator with psql, who knows the tables."""
    forms = centre_db.sign_in("ada.admin").services.forms
    draft = forms.keep_draft(FORM, "walks.toml")
    for user in ("max.manager", "asa.assessor"):
        assert refused(centre_db, user, "update form set state = 'live' where id = 'walks'") == "42501"
    insert = "insert into form (id, version, title, definition, state) select id, 9, title, definition"
    assert refused(centre_db, "ada.admin", f"{insert}, 'draft' from form where id = 'walks'") == "form_is_what_it_says"
    live = "insert into form (id, version, title, definition, state) values ('w', 1, 'W', %s, 'live')"
    assert refused(centre_db, "ada.admin", live, '{"id":"w","version":1}') == "form_begins_as_draft"
    forms.publish(WALKS, draft.revision)
    for change in (
        "update form set definition = jsonb_set(definition, '{title}', '\"Other\"') where id = 'walks'",
        "update form set title = 'Other' where id = 'walks'",
        "update form set source = '' where id = 'walks'",
        "delete from form where id = 'walks'",
        "update form set title = 'Other' where id = 'strengths-conversation'",
    ):
        assert refused(centre_db, "ada.admin", change) == "form_published_is_immutable"
    assert refused(centre_db, "ada.admin", "update form set state = 'draft' where id = 'walks'") == "form_state_follows"
    assert refused(centre_db, "ada.admin", "update form set version = 4 where id = 'walks'") == "42501"
    assert refused(centre_db, "ada.admin", "update form set published_by = 'max.manager' where id = 'walks'") == "42501"
    with centre_db.owner.begin() as connection, pytest.raises(Exception, match="published"):
        connection.execute(text("update form set title = 'Other' where id = 'walks'"))
    with centre_db.owner.connect() as connection:
        actors = connection.execute(text("select action, actor from audit.entry where record = 'walks' order by id"))
        assert [tuple(a) for a in actors] == [("insert", "ada.admin"), ("update", "ada.admin")]


def test_needs_before_a_conversation_are_not_published_by_hand(centre_db: CentreDb) -> None:
    """A2: the checker refuses the file; the database refuses whoever goes round it."""
    connection = centre_db.psql("ada.admin")
    section = '{"id":"n","title":"N","kind":"needs","question":[{"id":"q","type":"text","text":"?","required":true}]}'
    talk = section.replace("needs", "conversation").replace('"n"', '"t"').replace('"q"', '"p"')
    for key, sections, may in (
        ("a", section, False),
        ("b", f"{section},{talk}", False),
        ("c", f"{talk},{section}", True),
    ):
        definition = f'{{"id":"{key}","version":1,"title":"X","section":[{sections}]}}'
        connection.execute(
            "insert into form (id, version, title, definition, state) values (%s, 1, 'X', %s, 'draft')",
            (key, definition),
        )
        if may:
            connection.execute("update form set state = 'live' where id = %s", (key,))
        else:
            change = "update form set state = 'live' where id = %s"
            assert refused(centre_db, "ada.admin", change, key) == "form_talks_first"
    connection.close()


def test_nobody_assesses_with_a_draft_or_begins_with_what_is_withdrawn(centre_db: CentreDb) -> None:
    ada, asa = centre_db.sign_in("ada.admin"), centre_db.sign_in("asa.assessor")
    person = add_person(centre_db)
    draft = ada.services.forms.keep_draft(FORM, "walks.toml")
    begin = "insert into assessment (id, person_id, form_id, form_version) values (%s, %s, 'walks', 1)"
    assert refused(centre_db, "asa.assessor", begin, new_id(), person) == "assessment_form_is_live"
    live = ada.services.forms.publish(WALKS, draft.revision)
    sheet = asa.services.assessment.start(person, "walks")
    withdrawn = ada.services.forms.withdraw(WALKS, "Not needed", live.revision)
    assert refused(centre_db, "asa.assessor", begin, new_id(), person) == "assessment_form_is_live"
    # What was begun is finished with it, and corrected with it.
    signed = answer_all(asa.services, sheet)
    signed = asa.services.assessment.sign(sheet.assessment.id, signed.revision)
    assert asa.services.assessment.correct(signed.assessment.id, "A wrong place").form == signed.form
    assert ada.services.forms.restore(WALKS, withdrawn.revision).state == "live"


def test_a_signature_by_hand_waits_for_the_conversation(centre_db: CentreDb) -> None:
    """A2, A3: with psql and a recognised assessor's own password."""
    asa = centre_db.sign_in("asa.assessor")
    person = add_person(centre_db)
    sign = "update assessment set state = 'signed', signed_at = now(), signed_by = session_user where id = %s"
    start = asa.services.assessment.start(person, "reablement-start").assessment.id
    assert refused(centre_db, "asa.assessor", sign, start) == "assessment_conversation_first"
    talk = asa.services.assessment.start(person, "strengths-conversation").assessment.id
    assert refused(centre_db, "asa.assessor", sign, talk) == "assessment_conversation_missing"
    signed_conversation(asa.services, person)
    assert refused(centre_db, "asa.assessor", sign, start) == "assessment_conversation_missing"
    straight = (
        "insert into assessment (id, person_id, form_id, form_version, state, signed_at, signed_by)"
        " values (%s, %s, 'strengths-conversation', 1, 'signed', now(), session_user)"
    )
    assert refused(centre_db, "asa.assessor", straight, new_id(), person) == "assessment_conversation_missing"


def test_what_a_centre_published_itself_outlives_what_is_shipped(centre_db: CentreDb) -> None:
    forms = centre_db.sign_in("ada.admin").services.forms
    draft = forms.keep_draft(FORM, "walks.toml")
    forms.publish(WALKS, draft.revision)
    with centre_db.owner.begin() as connection:
        assert publish_forms(connection, {"walks.toml": version(1, Where="When")}) == []
    assert forms.form(WALKS).questions()[0].text.startswith("Where")
