"""0019 goes down and up with forms in every state in place."""

from __future__ import annotations

from sqlalchemy import text

from db import migrations
from tests.care_kit import add_person, signed_conversation
from tests.database import CentreDb
from tests.db.test_form_library import FORM, WALKS, version


def test_the_step_goes_down_and_up_with_data_in_place(centre_db: CentreDb) -> None:
    ada, asa = centre_db.sign_in("ada.admin"), centre_db.sign_in("asa.assessor")
    forms = ada.services.forms
    live = forms.publish(WALKS, forms.keep_draft(FORM, "walks.toml").revision)
    forms.withdraw(WALKS, "Nobody walks", live.revision)
    forms.keep_draft(version(2), "walks.toml")
    signed = signed_conversation(asa.services, add_person(centre_db))
    for desk in (ada, asa):
        desk.engine.dispose()
    with centre_db.owner.begin() as connection:
        migrations.downgrade(connection, "0018")
        there = connection.execute(text("select version, published_at is not null from form where id = 'walks'"))
        assert [tuple(row) for row in there] == [(1, True)]
        columns = "select column_name from information_schema.columns where table_name = 'form'"
        assert set(connection.execute(text(columns)).scalars()) == {
            "id", "version", "title", "definition", "published_at",
        }  # fmt: skip
    with centre_db.owner.begin() as connection:
        migrations.upgrade(connection)
    assert {f.state for f in forms.shelf() if f.key.id == "walks"} == {"live"}
    assert asa.services.assessment.reread(signed.assessment.id).form.key == signed.form.key
