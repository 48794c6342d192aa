"""Nobody who is hidden is found by halving: no index that a login may use holds what they are known by, and no estimate
comes from it (docs/decisions/who-sees-what.md). Whom they share with finds them all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from coordination.errors import AlreadyExists
from coordination.people.model import PersonDraft
from coordination.values import NhsNumber, PersonId, new_id
from db import migrations
from db.embedded import OWNER
from db.engine import connect
from db.errors import translate
from db.setup import prepare_database
from tests.database import CentreDb

KNOWN_BY = {
    "person": (
        "nhs_number", "surname_key", "given_key", "surname", "given", "birth_date", "postcode", "phone_key",
        "other_phone_key", "practice_code", "known_as", "phone", "email", "address",
    ),
    "person_former": (
        "nhs_number", "surname_key", "given_key", "birth_date", "postcode", "phone_key", "other_phone_key",
    ),
    "person_around": ("phone_key", "name"),
    "contact": ("caller_phone_key", "caller_name"),
    "contact_caller": ("phone_key", "name"),
}  # fmt: skip
HIDDEN, FREE = "9990000018", "9990000026"
PLANS = ("seqscan", "bitmapscan", "indexscan", "indexonlyscan", "sort", "hashjoin", "nestloop")
LOGINS = ("cora.coordinator", "max.manager", "ida.governance", "ada.admin")


@pytest.fixture
def hidden(centre_db: CentreDb) -> UUID:
    """Somebody who shares with the reablement team only, among two hundred others; with a record that was merged into
    theirs, somebody around them, and calls."""
    rows = """
      insert into practice (code, name) values ('P84001', 'One'), ('P84002', 'Other');
      insert into person (id, surname, given, birth_date, postcode, phone, other_phone, practice_code)
      select uuidv7(), 'Common' || chr(65 + n % 20), 'Giv' || n, date '1930-01-01' + 61 * n, 'M1 ' || n % 9 || 'AA',
             '0161 4' || lpad(n::text, 6, '0'), '0161 5' || lpad(n::text, 6, '0'), 'P84002'
      from generate_series(1, 200) n;
      insert into person (id, nhs_number, surname, given, known_as, birth_date, postcode, phone, other_phone,
                          practice_code, sharing_level)
      values ('{p}', '9990000018', 'Zyxquilland', 'Orsolya', 'Zyx', '1944-04-04', 'M44 4ZZ', '0161 999 4444',
              '0161 999 5555', 'P84001', 'named_teams');
      insert into person_sharing (person_id, team_id) select '{p}', id from team where service = 'reablement';
      insert into person_merge (id, kept_id, merged_id, reason, before) select '{m}', '{p}', id, 'x', '{{}}' from person
      where given = 'Giv7';
      insert into person_former (person_id, merge_id, nhs_number, surname, given, known_as, birth_date, postcode, phone,
                                 other_phone)
      values ('{p}', '{m}', '9990000034', 'Formerly', 'Olga', '', '1945-05-05', 'M45 5ZZ', '0161 888 4444', '');
      insert into person_around (id, person_id, name, phone) values (uuidv7(), '{p}', 'Daughterly', '0161 777 4444');
      insert into contact (id, channel, received_at, recorded_by, person_id, caller_name, caller_phone, need)
      values ('{c}', 'telephone', now(), 'cora.coordinator', '{p}', 'Callerly', '0161 666 4444', 'x'),
             ('{d}', 'telephone', now(), 'cora.coordinator', '{p}', '', '', 'x');
      insert into contact_caller (contact_id, caller_person_id, name, phone)
      values ('{d}', '{p}', 'Zyx', '0161 555 4444');
    """
    who = new_id()
    with centre_db.owner.begin() as owner:
        for row in rows.format(p=who, m=new_id(), c=new_id(), d=new_id()).split(";\n"):
            if row.strip():
                owner.execute(text(row))
        owner.execute(text("analyze"))
    return who


def plans(login: Any, statement: str) -> list[str]:
    """What is told of a statement, however it is gone about; the value that was asked for left out."""
    told = []
    for without in (
        (),
        *((one,) for one in PLANS),
        ("seqscan", "bitmapscan"),
        ("seqscan", "hashjoin", "nestloop", "sort"),
    ):
        login.execute("".join(f"set enable_{one} = off;" for one in without) + "select 1")
        lines = login.execute(f"explain (analyze, buffers off, timing off, summary off) {statement}").fetchall()
        login.execute("reset all")
        told.append(re.sub(r"'[^']*'", "''", "\n".join(line for (line,) in lines)))
    return told


def other(value: Any) -> Any:
    """A value that nobody has, beside it in any order."""
    return value + timedelta(days=1) if isinstance(value, date) else f"{value}0"


@pytest.mark.parametrize("user", LOGINS)
def test_by_no_column_and_no_plan_is_a_right_guess_told_from_a_wrong_one(
    centre_db: CentreDb, hidden: UUID, user: str
) -> None:
    with centre_db.owner.connect() as owner, centre_db.psql(user) as login:
        for table, columns in KNOWN_BY.items():
            query = text(f"select {', '.join(columns)} from {table} where kept and coalesce({columns[0]}, '') <> ''")
            row = owner.execute(query).first()
            assert row is not None, table
            for column, value in zip(columns, row, strict=True):
                if value in (None, ""):
                    continue
                kind, in_order = ("date", "") if isinstance(value, date) else ("text", ' collate "C"')
                for probe in (
                    f"select 1 from {table} where {column} = '%s'::{kind}",
                    f"select 1 from {table} where {column} >= '%s'::{kind} and {column} <= '%s'::{kind}",
                    f"select 1 from {table} where {column}{in_order} = '%s'::{kind}",
                    f"select 1 from {table} where kept and {column} = '%s'::{kind}",
                    f"select 1 from {table} where not kept and {column} = '%s'::{kind}",
                    f"select 1 from {table} t join (values ('%s'::{kind})) v(x) on t.{column} = v.x",
                ):
                    right, wrong = (plans(login, probe.replace("%s", str(one))) for one in (value, other(value)))
                    assert right == wrong, (table, column, probe)


def test_who_has_a_number_is_not_told_by_the_index_that_keeps_it_once(centre_db: CentreDb, hidden: UUID) -> None:
    with centre_db.psql("cora.coordinator") as login:
        for probe in (
            "select 1 from person where number_once(nhs_number) = '%s'",
            "select 1 from person where number_once(nhs_number) = number_once('%s')",
            "select 1 from person p join (values ('%s')) v(x) on number_once(p.nhs_number) = v.x",
        ):
            assert plans(login, probe.replace("%s", HIDDEN)) == plans(login, probe.replace("%s", FREE)), probe
        in_order = plans(login, "select 1 from person order by number_once(nhs_number) limit 3")
        assert not any(re.search(r"person_nhs_number\b", told) for told in in_order), "what is passed over is counted"
        with pytest.raises(psycopg.errors.ExclusionViolation) as taken:
            login.execute(f"insert into person (id, surname, nhs_number) values (uuidv7(), 'X', '{HIDDEN}')")
    assert isinstance(known := translate(taken.value), AlreadyExists) and known.constraint == "person_nhs_number"
    with centre_db.owner.connect() as owner:
        leakproof = "select proleakproof from pg_proc where proname = 'number_once'"
        assert owner.execute(text(leakproof)).scalar_one() is False


def test_every_index_of_what_somebody_is_known_by_leaves_the_hidden_out(centre_db: CentreDb) -> None:
    """A new one too. But for hashes of a function that is asked of nobody before the policies."""
    query = text(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i"
        " where i.indrelid = cast(:t as regclass) and exists (select 1 from generate_series(1, i.indnkeyatts) n"
        " where pg_get_indexdef(i.indexrelid, n, true) ~ ('\\m(' || :columns || ')\\M'))"
    )
    with centre_db.owner.connect() as owner:
        found = [
            (name, definition)
            for table, columns in KNOWN_BY.items()
            for name, definition in owner.execute(query, {"t": table, "columns": "|".join(columns)})
        ]
    assert len(found) > 15
    for name, definition in found:
        assert re.search(r"WHERE .*NOT kept", definition) or "USING hash (number_once(" in definition, name


# ---------------------------------------------------------------- estimates

# Who did it or when, which of a list, and what says nothing about anybody: not what identifies or describes somebody.
EXCUSED = """
answer.question answer_change.from_kind answer_change.question answer_change.said_role answer_change.source
apartment_decline.list apartment_decline.look_again_on apartment_request.list assessor_competency.evidence
assessor_competency.expires_on assessor_competency.gained_on care_package.starts_on care_plan.end_reason
care_plan.review_on clock_pause.by_user contact_advice.code emergency_access.by_role equality_answer.locality
equipment_loan.until_on equipment_movement.by_user equipment_order.promised_from equipment_order.until_on
equipment_reminder.by_user hospital_notice.expected_on hospital_said.place message.kind move_on_task.due_on
no_access_event.by_user no_access_event.step no_access_step.code no_access_step.hint original.media_type
person_alert.since person_alert.until person_around.until person_merge.by_user person_sharing.agreed_on
plan_action.due_on plan_action.review_on plan_agreement.agreed_on plan_equipment.state plan_review.due_on
plan_review.held_on plan_review.next_review_on professional.email professional.name professional.organisation
professional.phone professional.phone_key professional.role published_day.day reablement_barrier.resolved_on
reablement_episode.ended_on reablement_episode.planned_end reablement_episode.started_on reablement_event.by_user
reablement_event.planned_end reablement_review.due_on reablement_review.held_on receipt_point.due_on
receipt_point.question receipt_point.was_state recognised_assessor.end_reason recognised_assessor.forms
recognised_assessor.organisation referral.deadlines referral.due_kind referral.source referral_clock.holder
referral_event.by_user referral_event.from_holder referral_event.from_state referral_event.holder referral_event.kind
referral_event.to_state referral_suggestion.chosen_service referral_suggestion.chosen_urgency referral_suggestion.rule
referral_suggestion.service referral_suggestion.urgency referral_suggestion.version rota.first_monday rota.name
rota_exception.day safeguarding_event.by_user safeguarding_event.decision safeguarding_event.from_stage
safeguarding_event.owner safeguarding_event.to_stage sharing_agreement.agreed_on shift.category shift.rota_day
stay.away_since stay.hold_until stay.move_on stay_override.by_user transfer.admitted_on transfer.expected_on
transfer.recovery_ended_on transfer.recovery_until trust_agreement.assessing trust_agreement.competencies
trust_agreement.contact_words trust_agreement.end_reason trust_agreement.ends_on trust_agreement.forms
trust_agreement.if_flawed trust_agreement.name trust_agreement.needs trust_agreement.receiving
trust_agreement.review_on trust_agreement.services trust_agreement.starts_on user_account.display_name
user_account.user_name visit.day visit.pattern_day visit_outcome_former.outcome visit_pattern.ends
visit_pattern.rolled_until visit_pattern.starts worker.agency worker.base_name worker.grade worker.languages
worker.name worker_skill.expires_on
"""


def described(centre_db: CentreDb) -> Iterator[tuple[str, int]]:
    query = (
        "select c.relname || '.' || a.attname, coalesce(a.attstattarget, -1) from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid"
        " where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relrowsecurity and a.attnum > 0"
        " and not a.attisdropped and format_type(a.atttypid, null) in ('text', 'date', 'jsonb', 'bytea', 'text[]')"
        " and a.attname !~ '_by$' and not exists (select 1 from pg_constraint k where k.conrelid = c.oid"
        "  and (k.contype = 'f' and a.attnum = any (k.conkey) or k.contype = 'c' and k.conkey = array[a.attnum]"
        "       and pg_get_constraintdef(k.oid) ~ 'ANY \\(|= ''')) order by 1"
    )
    with centre_db.owner.connect() as owner:
        yield from ((name, target) for name, target in owner.execute(text(query)))


def test_nothing_that_says_who_somebody_is_or_how_they_fare_is_sampled(centre_db: CentreDb) -> None:
    sampled = {name for name, target in described(centre_db) if target != 0}
    assert sampled == set(EXCUSED.split())


def test_what_was_sampled_before_is_gone_and_is_not_sampled_again(centre_db: CentreDb, hidden: UUID) -> None:
    query = (
        "select count(*) from pg_statistic s join pg_attribute a on a.attrelid = s.starelid and a.attnum = s.staattnum"
        " where a.attstattarget = 0"
    )
    with centre_db.owner.connect() as owner:  # the fixture has analyzed
        assert owner.execute(text(query)).scalar_one() == 0
    with centre_db.psql("cora.coordinator") as login:
        for table, columns in KNOWN_BY.items():
            for column in columns:
                if column not in ("practice_code", "birth_date"):
                    some = [
                        json.dumps(
                            login.execute(
                                f"explain (format json) select 1 from {table} where {column} = '{x}'"
                            ).fetchone()[0][0]["Plan"]["Plan Rows"]
                        )
                        for x in ("CommonA", "Nobody", HIDDEN)
                    ]
                    assert len(set(some)) == 1, (table, column)


# ---------------------------------------------------------------- found by whom they share with


def test_whom_they_share_with_finds_them_by_whatever_they_are_known_by(centre_db: CentreDb, hidden: UUID) -> None:
    tess, cora = (centre_db.sign_in(user).services for user in ("tess.lead", "cora.coordinator"))
    for typed in (
        HIDDEN, "999 000 00", "zyxquilland", "orsolya zyx", "zyx orsolya", "zyxquiland orsolya", "4/4/1944", "1944 m44",
        "M44 4ZZ", "m44 4", "0161 999 4444", "0161 999 5555", "0161 999", "formerly olga", "formerly", "9990000034",
        "5/5/1945", "0161 888 4444", "0161 777 4444",
    ):  # fmt: skip
        assert hidden in [row.id for row in tess.people.find(typed)], typed
        assert hidden not in [row.id for row in cora.people.find(typed)], typed
    draft = PersonDraft(surname="Zyxquilland", given="Orsolya", birth_date="4/4/1944", phone="0161 999 4444")
    assert hidden in [one.row.id for one in tess.people.likely_duplicates(draft)]
    assert hidden not in [one.row.id for one in cora.people.likely_duplicates(draft)]
    for number in (
        "0161 999 4444",
        "0161 999 5555",
        "0161 888 4444",
        "0161 777 4444",
        "0161 666 4444",
        "0161 555 4444",
    ):
        assert hidden in [p.id for one in tess.callers.find(number) for p in one.about], number
        assert hidden not in [p.id for one in cora.callers.find(number) for p in one.about], number


def test_a_number_is_known_to_whom_they_share_with_and_to_the_others_taken(centre_db: CentreDb, hidden: UUID) -> None:
    for number in (HIDDEN, "9990000034"):
        with centre_db.sign_in("tess.lead").begin() as work:
            found = work.people.with_nhs_number(NhsNumber(number))
            assert found is not None and found.id == PersonId(hidden)
        with centre_db.sign_in("cora.coordinator").begin() as work:
            assert work.people.with_nhs_number(NhsNumber(number)) is None


def test_an_upgrade_leaves_no_old_version_of_them_in_an_index(centre_db: CentreDb, hidden: UUID) -> None:
    others = "insert into person (id, surname) select uuidv7(), 'Later' || n from generate_series(1, 300) n"
    with centre_db.owner.begin() as owner:
        owner.execute(text(others))
        migrations.downgrade(owner, "0057")
    with connect(centre_db.where(OWNER), centre_db.owner_password, autocommit=True) as packed:
        packed.execute("vacuum full person")  # no room beside a row: its next version has entries of its own
    prepare_database(centre_db.where(OWNER), centre_db.owner_password)
    with centre_db.psql(LOGINS[0]) as login:
        # the first look of another kind would take such an entry out
        login.execute("set enable_seqscan = off; set enable_indexscan = off; set enable_indexonlyscan = off")
        asked = (
            "explain (analyze, buffers off, timing off, summary off) select 1 from person where not kept and postcode ="
        )
        right, wrong = (
            [re.sub(r"'[^']*'", "", line) for (line,) in login.execute(f"{asked} '{one}'").fetchall()]
            for one in ("M44 4ZZ", "M44 4ZY")
        )
        assert right == wrong
