"""Two records of one person become one and are parted again, on a real database with real commits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from coordination.errors import BadValues, Conflict, CoordinationError, NotAllowed, NotFound, Refused
from coordination.intake.model import Advice, ContactDraft, Refer, ReferralDraft
from coordination.people.merging import SPARE_PHONE
from coordination.people.model import AlertDraft, AroundDraft, Match, Person, PersonDraft
from coordination.values import ContactId, NhsNumber, PersonId, ReferralId, new_id
from db import migrations
from tests.care_kit import add_referral, signed_conversation
from tests.database import CentreDb, SignedIn

EMMELINE = PersonDraft(surname="Pankhurst", given="Emmeline", birth_date="14/7/1945", nhs_number="9434765919",
                       phone="0161 496 0000")  # fmt: skip
EMILY = PersonDraft(surname="Pankhurst", given="Emily", known_as="Emmie", birth_date="14/7/1945",
                    phone="0161 496 0077", address="62 Nelson Street", postcode="M13 9WP")  # fmt: skip

# Whatever may be there but once a person, and what merging does about it. A new one must be thought of here.
ONCE = {
    "care_plan.care_plan_one_a_person",  # refused: both_have_a_plan
    "worker_person.worker_person_pkey",  # the same of the same worker stands there already
    "transfer.transfer_one_at_a_time",  # refused: both_have_transfer
    "reablement_episode.reablement_one_open",  # refused: both_have_reablement
    "person_sharing.person_sharing_pkey",  # the stricter agreement
}


class Desk:
    def __init__(self, db: CentreDb, user: str = "cora.coordinator") -> None:
        self.db, self.signed_in = db, db.sign_in(user)
        self.people = self.signed_in.services.people

    def person(self, draft: PersonDraft) -> Person:
        return self.people.register(draft, PersonId(new_id()))

    def merge(self, kept: Person, merged: Person, taken: frozenset[str] = frozenset()) -> Any:
        merge_id = new_id()
        self.people.merge(merge_id, kept, merged, "The same woman", taken)
        return merge_id


@pytest.fixture
def desk(centre_db: CentreDb) -> Desk:
    return Desk(centre_db)


def sql(db: CentreDb, statement: str, **values: Any) -> Any:
    with db.owner.begin() as connection:
        result = connection.execute(text(statement), values)
        return result.all() if result.returns_rows else None


def fill(desk: Desk, person: Person) -> ReferralId:
    """A contact with a referral, an alert, somebody around, a visit and a stay."""
    referral = add_referral(desk.db, person.id, "Cannot manage the stairs")
    desk.people.add_alert(person.id, AlertDraft("allergy", "Penicillin"), new_id())
    desk.people.add_around(person.id, AroundDraft("Sylvia", "daughter", "0161 496 0099"), new_id())
    sql(
        desk.db,
        "insert into visit (id, person_id, team_id, day, arrive, minutes, need) values (:id, :p,"
        " (select min(id) from team), '2026-11-23', '[2026-11-23 09:00Z, 2026-11-23 10:00Z)', 30, 'Help to wash')",
        id=new_id(),
        p=person.id,
    )
    return referral


def everything(db: CentreDb, *people: PersonId) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that refers to these people, and their own; without what counts the changes."""
    found: dict[str, list[dict[str, Any]]] = {}
    with db.owner.connect() as connection:
        refs = connection.execute(text("select tab::text, col from person_references()")).all()
        for table, column in [("person", "id"), *refs]:
            query = text(f"select to_jsonb(t) - 'revision' as row from {table} t where {column} = any(:ids)")
            rows = connection.execute(query, {"ids": list(people)}).scalars()
            found[f"{table}.{column}"] = sorted(rows, key=str)
    return found


# -------------------------------------------------------------------- nothing is forgotten


def test_every_reference_to_a_person_is_moved_and_followed(centre_db: CentreDb) -> None:
    """Of a new table with a person: call follow_merges() in its migration."""
    with centre_db.owner.connect() as connection:
        keys = connection.execute(
            text(
                "select c.conrelid::regclass::text as tab, cardinality(c.conkey) as columns, a.attname as col"
                " from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
                " where c.contype = 'f' and c.confrelid = 'person'::regclass"
            )
        ).all()
        moved = {(r.tab, r.col): r.keys for r in connection.execute(
            text("select tab::text as tab, col, keys from person_references()"))}  # fmt: skip
        follow = connection.execute(
            text("select tgrelid::regclass::text || '.' || tgname from pg_trigger where tgname like 'follow_merge_%'")
        ).scalars().all()  # fmt: skip
        once = connection.execute(
            text(
                "select r.tab::text || '.' || c.relname"
                " from person_references() r join pg_index i on i.indrelid = r.tab"
                " join pg_class c on c.oid = i.indexrelid"
                " join pg_attribute a on a.attrelid = r.tab and a.attname = r.col"
                " where (i.indisunique or i.indisexclusion) and a.attnum = any (i.indkey::int2[])"
            )
        ).scalars().all()  # fmt: skip
    assert {k.columns for k in keys} == {1}
    history = {("person_merge", "kept_id"), ("person_merge", "merged_id")}
    assert {(k.tab, k.col) for k in keys} == set(moved) | history
    assert all(moved.values()), "a table without a key of its own cannot be parted again"
    wanted = {f"{tab}.follow_merge_{col}" for tab, col in moved if tab != "person"}
    assert wanted == set(follow)
    assert {found for found in once if found not in ONCE} == set()


# -------------------------------------------------------------------- merging


def test_everything_goes_to_the_kept_record(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    referral = fill(desk, merged)
    asa = desk.db.sign_in("asa.assessor").services
    sheet = signed_conversation(asa, merged.id)
    trail = "select action, area, record, columns from audit.entry where person_id = :p order by id"
    before = sql(desk.db, trail, p=merged.id)
    compared = desk.people.compare(kept.id, merged.id)
    assert dict(compared.moves) == {
        "contact": 1, "referral": 1, "person_alert": 1, "person_around": 1, "visit": 1, "assessment": 1,
    }  # fmt: skip
    assert compared.differing == ("given", "known_as", "nhs_number", "address", "phone")
    assert compared.taken == {"known_as", "address", SPARE_PHONE}
    assert compared.obstacles == ()
    after = desk.people.merge(new_id(), kept, merged, "The same woman", compared.taken)
    assert (after.id, after.fields.given, after.fields.known_as) == (kept.id, "Emmeline", "Emmie")
    assert (after.fields.phone, after.fields.other_phone) == ("0161 496 0000", "0161 496 0077")
    assert after.fields.nhs_number == NhsNumber("9434765919")
    record = desk.people.open_record(merged.id)
    assert record.person == after
    assert [r.id for r in record.referrals] == [referral]
    assert [a.id for a in record.assessments] == [sheet.assessment.id]
    assert (len(record.alerts), len(record.around), len(record.contacts)) == (1, 1, 1)
    assert everything(desk.db, merged.id)["person.id"][0]["merged_into"] == str(kept.id)
    assert not any(rows for place, rows in everything(desk.db, merged.id).items() if place != "person.id")
    # The trail of then says what it said; it only grows.
    assert sql(desk.db, trail, p=merged.id)[: len(before)] == before


def test_the_old_number_telephone_and_name_still_find_the_person(desk: Desk) -> None:
    kept = desk.person(replace(EMMELINE, nhs_number=""))
    merged = desk.person(replace(EMILY, surname="Goulden", nhs_number="9434765919", birth_date="1/2/1950"))
    desk.merge(kept, merged)
    for asked in (
        "goulden emily",
        "goul",
        "9434765919",
        "0161 496 0077",
        "M13 9WP",
        "goulden 1/2/1950",
        "gouldne emily",
    ):
        found = desk.people.find(asked)
        assert [row.id for row in found] == [kept.id], asked
        assert found[0].surname == "Pankhurst"
    assert Match("merged_record", "exact") in desk.people.find("goulden")[0].matched
    assert Match("merged_record", "exact") not in desk.people.find("pankhurst")[0].matched
    # A number that only the merged record had belongs to the person all the same.
    assert desk.people.get(kept.id).fields.nhs_number == NhsNumber("9434765919")
    with pytest.raises(Refused):
        desk.person(replace(EMILY, surname="Somebody", nhs_number="9434765919"))


def test_an_overruled_number_is_not_given_to_somebody_else(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(replace(EMILY, nhs_number="9449305552"))
    desk.merge(kept, merged)
    assert desk.people.get(kept.id).fields.nhs_number == NhsNumber("9434765919")
    assert [row.id for row in desk.people.find("944 930 5552")] == [kept.id]
    with pytest.raises(Refused) as refused:
        desk.person(PersonDraft(surname="Else", nhs_number="9449305552"))
    assert refused.value.obstacles[0].fact("who").id == kept.id


def test_shells_are_found_nowhere(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    desk.merge(kept, merged)
    assert [row.id for row in desk.people.find("pankhurst")] == [kept.id]
    assert [d.row.id for d in desk.people.likely_duplicates(EMILY)] == [kept.id]
    assert desk.people.duplicates_of(desk.people.open_record(kept.id)) == []
    with desk.signed_in.engine.connect() as connection:
        assert connection.execute(text("select count(*) from person")).scalar_one() == 1
        changed = connection.execute(text("update person set surname = 'X' where id = :id"), {"id": merged.id})
        assert changed.rowcount == 0


def test_what_is_written_about_the_merged_record_goes_to_the_kept_one(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    desk.merge(kept, merged)
    intake = desk.signed_in.services.intake
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "Weak")
    ended = intake.take_contact(ContactDraft(person_id=merged.id, need="Help"), ContactId(new_id()), Refer((draft,)))
    assert ended.contact.person_id == ended.referrals[0].person_id == kept.id
    assert desk.people.add_alert(merged.id, AlertDraft("allergy", "Nuts"), new_id()).words == "Nuts"
    assert len(desk.people.open_record(kept.id).alerts) == 1
    with pytest.raises(Refused) as refused:
        desk.people.update(merged.id, 2, EMILY)
    assert refused.value.obstacles[0].code == "merged_meanwhile"


def test_merged_onwards_the_first_id_still_leads_there(desk: Desk) -> None:
    a, b, c = (desk.person(replace(EMILY, given=name)) for name in ("A", "B", "C"))
    fill(desk, a)
    first = desk.merge(b, a)
    second = desk.merge(c, desk.people.get(b.id))
    assert desk.people.get(a.id).id == c.id
    assert [m.id for m in desk.people.merges(c.id)] == [second, first]
    with pytest.raises(Refused) as refused:
        desk.people.part(first, "Not yet")
    assert refused.value.obstacles[0].code == "merged_further"
    desk.people.part(second, "Another woman")
    assert desk.people.get(a.id).id == b.id
    desk.people.part(first, "Another woman too")
    assert len(desk.people.open_record(a.id).contacts) == 1


# -------------------------------------------------------------------- what is refused


def test_roles_and_reason(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    with pytest.raises(BadValues):
        desk.people.merge(new_id(), kept, merged, " ", ())
    for user in ("asa.assessor", "pia.placement", "max.manager"):
        people = desk.db.sign_in(user).services.people
        with pytest.raises(NotAllowed):
            people.merge(new_id(), kept, merged, "I would like to", ())
        with pytest.raises(NotAllowed):
            people.compare(kept.id, merged.id)
    with pytest.raises(NotFound):
        desk.db.sign_in("ada.admin").services.people.merge(new_id(), kept, merged, "I would like to", ())
    with pytest.raises(NotFound):
        desk.people.compare(kept.id, PersonId(new_id()))
    with desk.db.psql("asa.assessor") as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute("select part_people(%s, 'x', '{}')", (new_id(),))


def test_no_client_makes_a_shell_or_a_merge_by_itself(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    with desk.db.psql("cora.coordinator") as connection:
        with pytest.raises(Exception, match="only a merge"):
            connection.execute("update person set merged_into = %s where id = %s", (kept.id, merged.id))
        with pytest.raises(Exception, match="only a merge"):
            connection.execute(
                "insert into person (id, surname, merged_into) values (%s, 'X', %s)", (new_id(), kept.id)
            )
        for statement in (
            "insert into person_merge (id, kept_id, merged_id, reason, before) values (%s, %s, %s, 'x', '{}')",
        ):
            with pytest.raises(Exception, match="permission denied"):
                connection.execute(statement, (new_id(), kept.id, merged.id))
        for call in ("move_rows(%s, %s, null)", "lock_people(%s, %s)"):
            with pytest.raises(Exception, match="permission denied"):
                connection.execute(f"select {call}", (kept.id, merged.id))


def test_two_verified_numbers_are_two_people(desk: Desk) -> None:
    kept = desk.person(replace(EMMELINE, nhs_status="verified"))
    merged = desk.person(replace(EMILY, nhs_number="9449305552", nhs_status="verified"))
    assert desk.people.compare(kept.id, merged.id).obstacles == ("nhs_numbers_differ",)
    with pytest.raises(Refused) as refused:
        desk.merge(kept, merged)
    assert [o.code for o in refused.value.obstacles] == ["nhs_numbers_differ"]


def test_two_plans_and_two_stays_at_once_are_explained(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    plans = desk.signed_in.services.careplan
    plans.start(kept.id)
    other = plans.start(merged.id)
    with pytest.raises(Refused) as refused:
        desk.merge(kept, merged)
    assert refused.value.obstacles[0].code == "both_have_a_plan"
    sql(desk.db, "update care_plan set state = 'ended' where id = :id", id=other.plan.id)
    sql(desk.db, "insert into scheme (name, kind, locality) values ('Hall Lane', 'sheltered', 'north')")
    sql(desk.db, "insert into apartment (scheme_id, name) select id, n from scheme, unnest(array['1', '2']) n")
    for number, person in (("1", kept), ("2", merged)):
        sql(
            desk.db,
            "insert into stay (id, apartment_id, person_id, period) select :id, a.id, :p, '[2026-11-20, 2026-12-01)'"
            " from apartment a where a.name = :n",
            id=new_id(), p=person.id, n=number,
        )  # fmt: skip
    with pytest.raises(Refused) as refused:
        desk.merge(kept, merged)
    assert refused.value.obstacles[0].code == "stays_overlap"
    sql(desk.db, "update stay set state = 'cancelled', reason = 'twice' where person_id = :p", p=merged.id)
    merge_id = desk.merge(kept, merged)
    assert len(everything(desk.db, kept.id)["care_plan.person_id"]) == 2
    desk.people.part(merge_id, "Two women")
    assert len(everything(desk.db, kept.id)["stay.person_id"]) == 1


def test_a_record_changed_since_it_was_compared_is_shown_again(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    changed = desk.people.update(merged.id, 1, replace(EMILY, phone="0161 496 0078"))
    with pytest.raises(Conflict) as conflict:
        desk.merge(kept, merged)
    assert conflict.value.current == changed


def test_sent_twice_it_is_one_merging(desk: Desk) -> None:
    kept, merged, merge_id = desk.person(EMMELINE), desk.person(EMILY), new_id()
    for _ in range(2):
        desk.people.merge(merge_id, kept, merged, "The same woman", ())
    assert len(desk.people.merges(kept.id)) == 1


# -------------------------------------------------------------------- who may see it (R2)


def share(db: CentreDb, person: Person, level: str, *teams: str) -> None:
    sql(db, "update person set sharing_level = :l where id = :p", l=level, p=person.id)
    for team in teams:
        sql(
            db,
            "insert into person_sharing (person_id, team_id, agreed_on, recorded_by)"
            " select :p, id, '2026-01-01', 'cora.coordinator' from team where name like :t",
            p=person.id,
            t=f"%{team}%",
        )


LEVELS = st.sampled_from(["everything", "summary", "named_teams"])
TEAM_SETS = st.sets(st.sampled_from(["North reablement", "North district nursing"]))


@settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(LEVELS, TEAM_SETS, LEVELS, TEAM_SETS)
def test_merging_and_parting_show_nothing_to_anybody_who_did_not_see_both(
    centre_db: CentreDb, one_level: str, one_teams: set[str], other_level: str, other_teams: set[str]
) -> None:
    tess = _kept_desk(centre_db, "tess.lead")
    kept, merged = tess.person(PersonDraft("A", "B")), tess.person(PersonDraft("C", "D"))
    share(centre_db, kept, one_level, *one_teams)
    share(centre_db, merged, other_level, *other_teams)
    users = ("tess.lead", "dina.lead", "cora.coordinator", "max.manager")

    def hidden(level: str) -> dict[str, set[Any]]:
        seen = {}
        for user in users:
            with centre_db.psql(user) as connection:
                seen[user] = set(connection.execute("select unnest(hidden_people(%s))", (level,)).fetchall())
        return seen

    before = {level: hidden(level) for level in ("record", "detail")}
    rows = everything(centre_db, kept.id, merged.id)
    merge_id = new_id()
    try:
        tess.people.merge(merge_id, kept, merged, "One person", ())
    except (NotAllowed, NotFound):
        assert {(kept.id,), (merged.id,)} & before["detail"]["tess.lead"]
        assert everything(centre_db, kept.id, merged.id) == rows
        return
    for level in ("record", "detail"):
        for user, was in before[level].items():
            if was & {(kept.id,), (merged.id,)}:
                assert {(kept.id,), (merged.id,)} <= hidden(level)[user]
    assert (kept.id,) not in hidden("detail")["tess.lead"]
    tess.people.part(merge_id, "Two people")
    assert {level: hidden(level) for level in ("record", "detail")} == before
    assert everything(centre_db, kept.id, merged.id) == rows


def test_an_agreement_made_since_the_merge_is_not_loosened_by_parting(desk: Desk) -> None:
    tess = Desk(desk.db, "tess.lead")
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    merge_id = desk.merge(kept, merged)
    share(desk.db, kept, "named_teams", "reablement")
    tess.people.part(merge_id, "Two people")
    for person in (kept, merged):
        with pytest.raises(NotFound):
            desk.people.get(person.id)
        assert tess.people.get(person.id).sharing_level == "named_teams"


def test_the_merge_is_told_to_those_who_see_both(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    merge_id = desk.merge(kept, merged)
    desk.people.part(merge_id, "Two people")
    share(desk.db, merged, "named_teams")
    assert desk.people.merges(kept.id) == []


# -------------------------------------------------------------------- at the same moment


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gave or raised; all begin together."""
    ready, results = threading.Barrier(len(calls), timeout=60), [object()] * len(calls)

    def run(number: int) -> None:
        ready.wait()
        try:
            results[number] = calls[number]()
        except CoordinationError as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("_round", range(5))
def test_opposite_merges_at_once_leave_one_done_and_the_other_told(centre_db: CentreDb, _round: int) -> None:
    cora, cole = Desk(centre_db), Desk(centre_db, "cole.coordinator")
    a, b = cora.person(EMMELINE), cora.person(EMILY)
    fill(cora, a)
    fill(cora, b)
    results = at_once(
        lambda: cora.people.merge(new_id(), a, b, "One", ()), lambda: cole.people.merge(new_id(), b, a, "One", ())
    )
    done = [r for r in results if isinstance(r, Person)]
    told = [r for r in results if isinstance(r, Refused)]
    assert (len(done), len(told)) == (1, 1), results
    assert told[0].obstacles[0].code == "merged_already"
    assert told[0].obstacles[0].fact("kept") == done[0].id
    assert told[0].obstacles[0].fact("by") in ("Cora Example", "Cole Example")
    record = cora.people.open_record(a.id)
    assert record.person.id == done[0].id
    assert (len(record.referrals), len(record.alerts)) == (2, 2)
    assert len(cora.people.find("pankhurst")) == 1


@pytest.mark.parametrize("_round", range(5))
def test_a_call_at_that_very_moment_is_not_lost(centre_db: CentreDb, _round: int) -> None:
    cora, cole = Desk(centre_db), Desk(centre_db, "cole.coordinator")
    kept, merged = cora.person(EMMELINE), cora.person(EMILY)
    intake = cole.signed_in.services.intake

    def call() -> object:
        draft = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "Weak")
        return intake.take_contact(ContactDraft(person_id=merged.id, need="Help"), ContactId(new_id()), Refer((draft,)))

    results = at_once(lambda: cora.people.merge(new_id(), kept, merged, "One", ()), call, call)
    assert not [r for r in results if isinstance(r, Exception)], results
    record = cora.people.open_record(kept.id)
    assert (len(record.contacts), len(record.referrals)) == (2, 2)
    assert not everything(centre_db, merged.id)["referral.person_id"]


# -------------------------------------------------------------------- parting


def test_parting_puts_back_what_is_still_there_and_lists_what_was_made_since(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    fill(desk, kept)
    referral = fill(desk, merged)
    merge_id = desk.merge(kept, merged, frozenset({"given", "address"}))
    # Further changes: a fact is corrected, a contact and two alerts are added, one row goes elsewhere.
    now = desk.people.get(kept.id)
    desk.people.update(kept.id, now.revision, replace(EMMELINE, given="Em", phone="0161 496 0055"))
    intake = desk.signed_in.services.intake
    stays = intake.take_contact(ContactDraft(person_id=kept.id, need="Advice"), ContactId(new_id()), Advice("Told"))
    alert, goes = (desk.people.add_alert(kept.id, AlertDraft("allergy", said), new_id()) for said in ("Nuts", "Bees"))
    else_ = desk.person(PersonDraft(surname="Else"))
    sql(
        desk.db,
        "update person_around set person_id = :e where person_id = :k"
        " and id = (select min(id::text)::uuid from person_around where person_id = :k)",
        e=else_.id,
        k=kept.id,
    )
    since = desk.people.made_since(merge_id)
    assert since == {
        "contact.person_id": ((str(stays.contact.id),),),
        "person_alert.person_id": tuple(sorted(((str(alert.id),), (str(goes.id),)))),
    }
    desk.people.part(merge_id, "Two women", {"person_alert.person_id": ((str(goes.id),),)})
    one, other = desk.people.open_record(kept.id), desk.people.open_record(merged.id)
    assert (one.person.fields.given, one.person.fields.phone) == ("Em", "0161 496 0055")
    assert one.person.fields.address == ""
    assert other.person.fields.given == "Emily"
    assert [r.id for r in other.referrals] == [referral]
    assert {a.words for a in one.alerts} == {"Penicillin", "Nuts"}
    assert {a.words for a in other.alerts} == {"Penicillin", "Bees"}
    assert (len(one.contacts), len(other.contacts)) == (2, 1)
    assert len(one.around) + len(other.around) == 1
    (merge,) = desk.people.merges(merged.id)
    assert (merge.stands, merge.undone_reason, merge.undone_by_name) == (False, "Two women", "Cora Example")
    with pytest.raises(Refused) as refused:
        desk.people.part(merge_id, "Again")
    assert refused.value.obstacles[0].code == "parted_already"
    # And together once more.
    desk.merge(desk.people.get(kept.id), desk.people.get(merged.id))
    assert len(desk.people.open_record(kept.id).alerts) == 4
    assert len(desk.people.merges(kept.id)) == 2


def test_a_number_that_was_carried_goes_back(desk: Desk) -> None:
    kept, merged = desk.person(replace(EMMELINE, nhs_number="")), desk.person(replace(EMILY, nhs_number="9434765919"))
    merge_id = desk.merge(kept, merged)
    assert desk.people.get(kept.id).fields.nhs_number == NhsNumber("9434765919")
    desk.people.part(merge_id, "Two women")
    assert desk.people.get(kept.id).fields.nhs_number is None
    assert desk.people.get(merged.id).fields.nhs_number == NhsNumber("9434765919")
    assert [row.id for row in desk.people.find("9434765919")] == [merged.id]


DRAFTS = st.builds(
    PersonDraft,
    surname=st.sampled_from(["Begum", "Begüm", "O'Neil"]),
    given=st.sampled_from(["", "Amina", "Tom"]),
    birth_date=st.sampled_from([None, "3/4/1950"]),
    phone=st.sampled_from(["", "0161 496 0001", "0161 496 0002"]),
    address=st.sampled_from(["", "1 High Street"]),
    deceased_on=st.sampled_from([None, "1/1/2020"]),
    gender=st.sampled_from(["female", "not_known"]),
)
PARTS = st.lists(st.sampled_from(["contact", "alert", "around", "visit", "plan", "signed"]), max_size=5)


@settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(DRAFTS, DRAFTS, PARTS, PARTS, st.sets(st.sampled_from(["", "9434765919", "9449305552"]), min_size=2, max_size=2),
       st.booleans())  # fmt: skip
def test_parting_a_merge_leaves_everything_as_it_was(
    centre_db: CentreDb, one: PersonDraft, other: PersonDraft, ones: list[str], others: list[str], numbers: set[str],
    all_taken: bool,
) -> None:  # fmt: skip
    desk, asa = _kept_desk(centre_db), _kept_desk(centre_db, "asa.assessor").signed_in
    sql(centre_db, "update person set nhs_number = null")
    first, second = sorted(numbers)
    kept, merged = desk.person(replace(one, nhs_number=first)), desk.person(replace(other, nhs_number=second))
    for person, parts in ((kept, ones), (merged, [p for p in others if p != "plan" or "plan" not in ones])):
        for part in dict.fromkeys(parts):
            _add(desk, asa, person, part)
    before = everything(centre_db, kept.id, merged.id)
    compared = desk.people.compare(kept.id, merged.id)
    merge_id = new_id()
    desk.people.merge(
        merge_id, compared.kept, compared.merged, "One", compared.differing if all_taken else compared.taken
    )
    assert everything(centre_db, kept.id, merged.id) != before
    desk.people.part(merge_id, "Two")
    after = everything(centre_db, kept.id, merged.id)
    changed = {
        (place, name): (row[name], now[name])
        for place, rows in before.items()
        for row, now in zip(rows, after[place], strict=True)
        for name in row
        if row[name] != now[name]
    }
    assert changed == {}
    assert after == before


_desks: dict[str, Desk] = {}


def _kept_desk(db: CentreDb, user: str = "cora.coordinator") -> Desk:
    """One sign-in for all examples of a test."""
    if user not in _desks:
        _desks[user] = Desk(db, user)
    return _desks[user]


def _add(desk: Desk, asa: SignedIn, person: Person, part: str) -> None:
    match part:
        case "contact":
            add_referral(desk.db, person.id, "Help")
        case "alert":
            desk.people.add_alert(person.id, AlertDraft("allergy", "Nuts"), new_id())
        case "around":
            desk.people.add_around(person.id, AroundDraft("Sylvia"), new_id())
        case "visit":
            fill(desk, person)
        case "plan":
            desk.signed_in.services.careplan.start(person.id)
        case "signed":
            signed_conversation(asa.services, person.id)


# -------------------------------------------------------------------- taken back


def test_going_down_with_data_in_place_parts_what_was_merged(desk: Desk) -> None:
    kept, merged = desk.person(EMMELINE), desk.person(EMILY)
    fill(desk, merged)
    before = sql(desk.db, "select id, person_id from referral")
    desk.merge(kept, merged)
    with desk.db.owner.begin() as connection:
        _down_and_up(connection)
    assert sql(desk.db, "select id, person_id from referral") == before
    assert {row.id for row in desk.people.find("pankhurst")} == {kept.id, merged.id}


def _down_and_up(connection: Connection) -> None:
    migrations.downgrade(connection, "0013")
    migrations.upgrade(connection)


@pytest.fixture(autouse=True)
def _forget_desks() -> Iterator[None]:
    yield
    _desks.clear()
