"""What the database promises stands in its catalogue: held against a manifest, and against a few plain rules."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import db.tables.apartments
import db.tables.assessment
import db.tables.callers
import db.tables.careplan
import db.tables.deliveries
import db.tables.deployment
import db.tables.duty
import db.tables.equipment
import db.tables.glass
import db.tables.governance
import db.tables.hospital
import db.tables.inbox
import db.tables.intake
import db.tables.intake_clocks
import db.tables.messages
import db.tables.outcomes
import db.tables.people
import db.tables.planning
import db.tables.presence
import db.tables.published
import db.tables.reablement
import db.tables.reference
import db.tables.safeguarding
import db.tables.schemes
import db.tables.transfer
import db.tables.trust
import db.tables.visits
import db.tables.workforce  # noqa: F401
from db import migrations
from db.tables import METADATA
from tests.database import CentreDb
from tests.db.catalogue import MANIFEST, catalogue

# Tables that hold nothing about a person. Any other table needs row security and the audit trigger.
IMPERSONAL = {
    "ahead_turn", "alembic_version", "apartment", "apartment_decline_reason", "apartment_pause", "apartment_question",
    "apartment_reason", "calendar_turn", "care_need",
    "care_provider", "clock_kind", "competency", "delay_reason", "discharge_destination", "equipment_item",
    "equipment_model", "equipment_service", "equipment_stock", "equipment_store", "equipment_substitute",
    "equipment_whereabouts", "form", "hospital",
    "inbox_source", "inbox_state", "locality", "made_ahead", "move_on_step", "name_lexicon", "neighbourhood",
    "no_access_ending",
    "no_access_protocol", "outcome_reason", "pause_reason", "postcode", "practice", "recognised_assessor",
    "reference_import", "reside_reason", "round_turn", "safeguarding_decision", "scheme", "scheme_need",
    "service", "setting",
    "skill", "team", "urgency_band", "ward", "went_to", "withdrawal_reason",
}  # fmt: skip
# Written by triggers of tables that are watched themselves, or beside such a row in the same transaction.
WATCHED_ELSEWHERE = {
    "answer_change",
    "no_access_event",
    "published_visit",
    "reablement_event",
    "referral_clock",
    "referral_event",
    "safeguarding_event",
    "visit_outcome_former",
    "visit_pattern_skill",
    "visit_pattern_slot",
    "visit_skill",
}
# Who has something in front of them this minute: no record of viewing, which is the audit note of each view.
FLEETING = {"presence"}


def test_catalogue_is_as_the_manifest_says(centre_db: CentreDb, request: pytest.FixtureRequest) -> None:
    with centre_db.owner.connect() as connection:
        found = catalogue(connection)
    if request.config.getoption("--write-catalogue"):
        MANIFEST.write_text(found, encoding="utf-8")
        pytest.skip("manifest written")
    assert found.splitlines() == MANIFEST.read_text(encoding="utf-8").splitlines()


def test_every_table_about_people_has_row_security_and_the_audit_trigger(centre_db: CentreDb) -> None:
    with centre_db.owner.connect() as connection:
        tables = connection.execute(
            text(
                "select c.relname, c.relrowsecurity,"
                " exists (select 1 from pg_policy p where p.polrelid = c.oid) as has_policy,"
                " exists (select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'watch') as watched"
                " from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace"
            )
        ).all()
    assert {t.relname for t in tables} >= IMPERSONAL
    for table in tables:
        if table.relname in IMPERSONAL:
            continue
        assert table.relrowsecurity and table.has_policy, f"{table.relname} has no row security"
        assert table.watched or table.relname in WATCHED_ELSEWHERE | FLEETING, f"{table.relname} is not audited"


def test_tables_in_python_are_the_tables_in_the_database(centre_db: CentreDb) -> None:
    with centre_db.owner.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_schemas": True, "compare_type": True, "include_object": _columns_only}
        )
        differences = compare_metadata(context, METADATA)
    assert differences == []


def _columns_only(_thing: object, _name: str, kind: str, _reflected: bool, _other: object) -> bool:
    """Constraints and indexes are the manifest's business; whether a row is ``kept``, the database's own."""
    return kind in ("table", "column") and _name not in ("alembic_version", "kept")


def test_every_step_goes_down_and_up_again(centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as connection:
        before = catalogue(connection)
        migrations.downgrade(connection, "base")
        left = connection.execute(
            text("select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")
        ).scalar_one()
        assert left == 1  # alembic's own
        migrations.upgrade(connection)
        assert catalogue(connection) == before


def test_the_last_step_is_the_head(centre_db: CentreDb) -> None:
    script = ScriptDirectory(str(migrations.HERE))
    assert script.get_current_head() == migrations.head()
    with centre_db.owner.connect() as connection:
        assert migrations.current(connection) == migrations.head()


def test_a_function_that_runs_as_owner_fixes_its_search_path(centre_db: CentreDb) -> None:
    with centre_db.owner.connect() as connection:
        loose = connection.execute(
            text(
                "select oid::regprocedure::text from pg_proc where prosecdef"
                " and pronamespace in ('public'::regnamespace, 'audit'::regnamespace)"
                " and not coalesce(proconfig::text, '') like '%search_path%'"
            )
        ).all()
    assert loose == []
