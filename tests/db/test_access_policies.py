"""Every table with personal data, view and function, held against the rule that role and person decide (R2)."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, text

from tests.database import CentreDb
from tests.db.access_kit import who_may
from tests.db.test_catalogue import IMPERSONAL

# Not about a person whom the centre cares for: the role decides, and team, locality or login where that is limited.
OF_COLLEAGUES = {
    "assessor_competency", "desk_break", "desk_correction", "desk_shift", "emergency_review", "handover", "inbox_item",
    "planner_weight", "professional", "published_day", "recognised_assessor", "rota", "rota_exception", "rota_spell",
    "saved_view", "shift", "trust_agreement", "user_account", "user_sign_in", "worker", "worker_rota", "worker_skill",
    "equipment_movement",
}  # fmt: skip
# Written down for the information-governance lead, who reviews what went past the sharing level (R3).
OF_REVIEWS = {"emergency_access", "emergency_lookup"}
# Views that run as the owner. Each asks for role or team itself, or holds ids alone that policies need.
OWNERS_VIEWS = {
    "hidden_from_me", "hidden_detail_from_me", "agreed_with_my_team", "my_emergency", "emergency_on_record",
    "lead_worker_standing", "equipment_stock_line", "worker_start", "absence_reason", "worker_person_reason",
    "inbox_found",
}  # fmt: skip
SHOWN = tuple(
    f"shown_{what}"
    for what in (
        "assessment", "assessment_receipt", "care_package", "care_plan", "contact", "detail", "equipment_collection",
        "equipment_loan", "equipment_order", "hospital_notice", "message", "no_access_case", "person", "person_around",
        "reablement_episode", "referral", "stay", "transfer", "visit", "visit_pattern",
    )
)  # fmt: skip
# Functions that run as the owner for everybody and ask for no role in their own text, with what makes up for it.
OWNERS_FUNCTIONS = {
    "acts_for_team": "about the login", "agreed_people": "ids, as the views", "answers_for_desk": "about the login",
    "delivery_teams": "teams",
    "equipment_pick": "things in a store", "hidden_people": "ids, as the views", "kept_person": "an id for an id",
    "is_merging": "yes or no about this transaction", "moves_with_merge": "yes or no about this transaction",
    "records_of": "ids for an id", "original_is_hidden": "yes or no, for a policy", "my_team": "about the login",
    "my_locality": "about the login", "is_recognised": "yes or no about a colleague", "my_workers": "by my_teams",
    "emergency_into": "by a view about the login", "emergency_setting": "a number of the settings",
    "equipment_start": "where a store is", "equipment_certain": "numbers of a store", "equipment_spare": "of a store",
    "equipment_pick_from": "things in a store", "equipment_ready_within": "a number of the settings",
    "sharing_preview": "owned by a role under row security, and asks for the person",
    "kept_back_by_rights": "by the views about the login",
    **dict.fromkeys(SHOWN, "yes or no about an id, for a policy"),
}  # fmt: skip
_ASKS = re.compile(r"my_role\(|works_with_records\(|session_user|cares_directly\(|my_teams\(|my_workers\(", re.I)
_DECIDES = re.compile(_ASKS.pattern + "|false", re.I)  # a policy may say no to everybody
_PERSON = re.compile(
    r"hidden_from_me|hidden_detail_from_me|agreed_with_my_team|from person p\b|\b(shown|sees)_\w+\(", re.I
)
_OTHER = re.compile(r"\bfrom \(*([a-z_]+)\b", re.I)
COMMANDS = {"r": "select", "a": "insert", "w": "update", "d": "delete"}


def ask(connection: Connection, query: str) -> list[Any]:
    return list(connection.execute(text(query)))


def personal_tables(connection: Connection) -> set[str]:
    """All there are but those that hold nothing about anybody."""
    found = ask(
        connection, "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    own = {"recognised_assessor", "worker_skill"}  # about colleagues, and with policies
    return {row.relname for row in found} - IMPERSONAL | own


def may_anybody(connection: Connection, table: str, command: str) -> bool:
    """Whether a role of the centre has a grant for it, on the table or a column."""
    whole = f"has_table_privilege(r.oid, '{table}', '{command}')"
    part = f" or has_any_column_privilege(r.oid, '{table}', '{command}')" if command != "delete" else ""
    roles = (
        "('centre_user', 'care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor', 'manager',"
        " 'ig_lead', 'administrator')"
    )
    return bool(ask(connection, f"select bool_or({whole}{part}) from pg_roles r where r.rolname in {roles}")[0][0])


def policies_of(connection: Connection) -> dict[tuple[str, str], list[tuple[bool, str]]]:
    """By table and command: whether restrictive, and the words of it."""
    rows = ask(
        connection,
        "select c.relname, o.polcmd, o.polpermissive, coalesce(pg_get_expr(o.polqual, o.polrelid), '') as using_,"
        " coalesce(pg_get_expr(o.polwithcheck, o.polrelid), '') as check_"
        " from pg_policy o join pg_class c on c.oid = o.polrelid where c.relnamespace = 'public'::regnamespace",
    )
    found: dict[tuple[str, str], list[tuple[bool, str]]] = {}
    for row in rows:
        command = row.polcmd.decode() if isinstance(row.polcmd, bytes) else row.polcmd
        for letter, name in COMMANDS.items():
            if command in (letter, "*"):
                found.setdefault((row.relname, name), []).append((not row.polpermissive, row.using_ + " " + row.check_))
    return found


def test_every_table_has_policies_that_ask_for_the_role_and_the_person(centre_db: CentreDb) -> None:
    with centre_db.owner.connect() as connection:
        tables = personal_tables(connection)
        policies = policies_of(connection)
        secured = {r.relname for r in ask(connection, "select relname from pg_class where relrowsecurity")}
        by_person = {t for t in tables if any(_PERSON.search(words) for _, words in policies.get((t, "select"), ()))}
        while more := {
            t for t in tables - by_person
            if any(set(_OTHER.findall(words)) & by_person for _, words in policies.get((t, "select"), ()))
        }:  # fmt: skip
            by_person |= more
        for table in sorted(tables):
            assert table in secured, f"{table} has no row security"
            for command in COMMANDS.values():
                if not may_anybody(connection, table, command):
                    continue
                there = policies.get((table, command), [])
                assert there, f"nothing decides who may {command} {table}"
                by_role = any(restrictive and _DECIDES.search(words) for restrictive, words in there)
                all_by_role = all(_DECIDES.search(words) for restrictive, words in there if not restrictive)
                assert by_role or all_by_role, f"the role does not decide who may {command} {table}"
        nobody_reads = {table for table in tables if not may_anybody(connection, table, "select")}
        assert tables - by_person - OF_COLLEAGUES - OF_REVIEWS - nobody_reads == set(), "the person does not decide"
        assert {t for t in tables if t not in who_may()} <= {
            *OF_REVIEWS,
            "emergency_review",
            "sharing_agreement",
            "user_sign_in",
        }


def test_views_ask_as_whoever_reads_them_or_are_known(centre_db: CentreDb) -> None:
    with centre_db.owner.connect() as connection:
        views = ask(
            connection,
            "select relname, coalesce(reloptions::text, '') as how from pg_class where relkind in ('v', 'm')"
            " and relnamespace in ('public'::regnamespace, 'audit'::regnamespace)",
        )
    assert {v.relname for v in views if "security_invoker=true" not in v.how} <= OWNERS_VIEWS


def test_functions_of_the_owner_ask_who_calls_them_or_are_known(centre_db: CentreDb) -> None:
    """A new one that asks for nobody is one through which anybody reads anything."""
    with centre_db.owner.connect() as connection:
        functions = ask(
            connection,
            "select p.proname, pg_get_functiondef(p.oid) as words from pg_proc p where p.prosecdef"
            " and p.pronamespace in ('public'::regnamespace, 'audit'::regnamespace)"
            " and exists (select 1 from pg_roles r where r.rolname in ('centre_user', 'care_coordinator',"
            " 'placement_coordinator', 'team_lead', 'trusted_assessor', 'manager', 'ig_lead', 'administrator')"
            " and has_function_privilege(r.oid, p.oid, 'execute')) and p.prorettype <> 'trigger'::regtype",
        )
        open_to_all = {
            f.proname
            for f in functions  # what a comment says of it decides nothing
            if not re.search(_ASKS.pattern + "|hidden_|may_merge", re.sub(r"--.*", "", f.words), re.I)
        }
        assert open_to_all - set(OWNERS_FUNCTIONS) == set()
        public = ask(
            connection,
            "select oid::regprocedure::text from pg_proc p where pronamespace in ('public'::regnamespace,"
            " 'audit'::regnamespace) and prosecdef and exists (select 1 from aclexplode(coalesce(proacl,"
            " acldefault('f', proowner))) a where a.grantee = 0)",
        )
        # whoever signs in is told how they stand before they have a role
        assert {row[0] for row in public} <= {"my_standing()"}, "nobody runs a function of the owner without a grant"
