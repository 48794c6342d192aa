"""Loading the training city: every promise of the database holds for it, and it goes into an empty database only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from coordination.errors import BadValue, NotAllowed, Refused, SignInFailed
from coordination.training.outcome import STEPS, LoadCancelled, Summary
from coordination.training.teams import TEAMS
from coordination.training.users import TRAINING_USERS, training_password
from db.engine import connect
from db.training import create_logins, load, loaded
from tests.database import CentreDb, Cluster
from tests.db.access_matrix import each_role_keeps_to_its_lines
from tests.db.plans_tell import plans_tell

PEOPLE = 700


def load_into(database: CentreDb, **options: Any) -> Summary:
    options = {"people": PEOPLE, "seed": 7, **options}
    return load(database.where("centre_owner"), database.owner_password, **options)


def ask(database: CentreDb, query: str) -> list[Any]:
    with database.owner.connect() as connection:
        return list(connection.execute(text(query)))


@pytest.fixture(scope="module")
def training_city(cluster: Cluster) -> Iterator[CentreDb]:
    """Loaded once for the tests that only look."""
    database = cluster.clone()
    load_into(database)
    yield database
    cluster.drop(database)


def test_every_reference_is_to_something_that_is_there(training_city: CentreDb) -> None:
    """The load passes over triggers, and with them over foreign keys: so all of them are checked here."""
    keys = ask(
        training_city,
        "select conrelid::regclass::text as child, confrelid::regclass::text as parent,"
        " array(select attname from unnest(conkey) with ordinality k(n, o) join pg_attribute on attrelid = conrelid"
        "       and attnum = n order by o) as here,"
        " array(select attname from unnest(confkey) with ordinality k(n, o) join pg_attribute on attrelid = confrelid"
        "       and attnum = n order by o) as there"
        " from pg_constraint where contype = 'f'",
    )
    assert len(keys) > 40
    for key in keys:
        joined = " and ".join(f"p.{there} = c.{here}" for here, there in zip(key.here, key.there, strict=True))
        whole = " and ".join(f"c.{here} is not null" for here in key.here)
        found = f"exists (select 1 from {key.parent} p where {joined})"
        lost = f"select count(*) from {key.child} c where {whole} and not {found}"
        assert ask(training_city, lost)[0][0] == 0, f"{key.child}({key.here}) -> {key.parent}"


def test_allocations_pass_the_guard_that_the_load_went_around(training_city: CentreDb) -> None:
    with training_city.owner.connect() as connection:
        checked = connection.execute(
            text(
                "update allocation set pinned = pinned where visit_id in (select id from visit where state = 'planned')"
            )
        )
        assert checked.rowcount > 100
        connection.rollback()


def test_stays_and_assessments_pass_their_guards(training_city: CentreDb) -> None:
    with training_city.owner.connect() as connection:
        assert connection.execute(text("update stay set reason = reason")).rowcount > 20
        connection.execute(text("update assessment set started_at = started_at where state = 'draft'"))
        connection.rollback()


def test_equipment_passes_its_guards_and_stock_is_what_orders_say(training_city: CentreDb) -> None:
    with training_city.owner.connect() as connection:
        assert connection.execute(text("update equipment_order set note = note")).rowcount > 100
        assert connection.execute(text("update equipment_collection set note = note")).rowcount > 3
        connection.execute(text("update equipment_loan set since = since"))
        connection.rollback()
    promised = "sum(quantity) filter (where o.state in ('reserved', 'slot_agreed') and promised_from is null)"
    assert not ask(
        training_city,
        f"select s.* from equipment_stock s left join (select store, model, {promised} as reserved"
        " from equipment_order o where item_id is null group by 1, 2) o using (store, model)"
        " where s.reserved <> coalesce(o.reserved, 0)",
    )
    places = ask(training_city, "select item_id from equipment_whereabouts where upper_inf(period)")
    assert len(places) == len({p[0] for p in places}) == ask(training_city, "select count(*) from equipment_item")[0][0]


def test_each_role_reads_and_writes_what_is_written_down(training_city: CentreDb) -> None:
    assert each_role_keeps_to_its_lines(training_city) == []


def test_each_row_is_marked_as_its_person_shares(training_city: CentreDb) -> None:
    assert ask(training_city, "select * from marks_wrong()") == []
    kept = "select count(*) filter (where kept), count(*) from"
    for table in ("person", "visit", "answer", "plan_action", "referral_event"):
        some, of_all = ask(training_city, f"{kept} {table}")[0]
        assert 0 < some < of_all, table


def test_no_plan_tells_what_stands_in_a_row_that_is_hidden(training_city: CentreDb) -> None:
    assert plans_tell(training_city) == []


def test_names_are_learnt_as_the_trigger_learns_them(training_city: CentreDb) -> None:
    lost = ask(
        training_city,
        "select count(*) from person p, lateral (values (surname_key), (given_key)) n(key)"
        " where key <> '' and not exists (select 1 from name_lexicon l where l.name_key = key)",
    )
    assert lost[0][0] == 0
    assert ask(training_city, "select count(*) from name_lexicon where trigrams <> trigrams(name_key)")[0][0] == 0


def test_the_load_is_one_entry_on_the_audit_trail(training_city: CentreDb) -> None:
    entries = ask(training_city, "select actor, area, record, person_id from audit.entry where action = 'load'")
    assert [tuple(e) for e in entries] == [("centre_owner", "training", f"{PEOPLE} people, seed 7", None)]
    assert ask(training_city, "select count(*) from audit.entry where area = 'person' and action <> 'view'")[0][0] == 0


def test_numbers_go_on_where_the_city_ends(training_city: CentreDb) -> None:
    with training_city.owner.connect() as connection:
        for table in ("worker", "scheme", "apartment"):
            following = connection.execute(
                text(f"select nextval(pg_get_serial_sequence('{table}', 'id')), (select max(id) from {table})")
            ).one()
            assert following[0] > following[1]
        connection.rollback()


def test_referrals_are_numbered_in_the_order_in_which_they_came(training_city: CentreDb) -> None:
    wrong = ask(
        training_city,
        "select count(*) from (select received_at, lag(received_at) over (order by number) as before from referral"
        " where person_id <> (select id from person where surname = 'Pankhurst' and given = 'Emmeline')) r"
        " where received_at < before",
    )
    assert wrong[0][0] == 0


def test_signed_assessments_are_whole(training_city: CentreDb) -> None:
    """Everything that the forms require has been answered, and the one who signed is recognised."""
    from coordination.assessment.rules import missing
    from coordination.values import AssessmentId
    from db.stores.assessment import PgAssessmentStore

    with training_city.owner.connect() as connection:
        signed = list(connection.execute(text("select id from assessment where state = 'signed' limit 200")).scalars())
        assert len(signed) > 50
        store = PgAssessmentStore(connection)
        for one in signed:
            assert missing(store.sheet(AssessmentId(one))) == []
        strangers = text(
            "select count(*) from assessment where state = 'signed' and signed_by not in"
            " (select user_name from recognised_assessor)"
        )
        assert connection.execute(strangers).scalar() == 0


def test_every_training_user_signs_in_by_the_published_rule(training_city: CentreDb) -> None:
    for user in TRAINING_USERS:
        with connect(training_city.where(user.user_name), training_password(user.user_name)) as connection:
            found = connection.execute("select my_role(), (select name from team where id = my_team())").fetchone()
        assert found == (user.role, user.team)
    with pytest.raises(SignInFailed):
        connect(training_city.where("nadia.coordinator"), "training-nadia")


def test_a_team_lead_sees_every_visit_of_the_board(training_city: CentreDb) -> None:
    """Whoever shares with named teams only is visited by such a team only."""
    count = "select count(*) from visit v join team t on t.id = v.team_id where t.name = 'North reablement'"
    with connect(training_city.where("moira.reablement"), training_password("moira.reablement")) as connection:
        seen = connection.execute(count).fetchone()
    assert seen is not None
    assert seen[0] == ask(training_city, count)[0][0] > 100


def test_statistics_are_there_from_the_start(training_city: CentreDb) -> None:
    assert ask(training_city, "select reltuples from pg_class where relname = 'person'")[0][0] == PEOPLE


def test_a_second_load_is_refused_and_says_what_is_there(training_city: CentreDb) -> None:
    with pytest.raises(Refused) as refused:
        load_into(training_city, seed=8)
    (obstacle,) = refused.value.obstacles
    assert (obstacle.code, obstacle.fact("people"), obstacle.fact("seed")) == ("already_loaded", PEOPLE, 7)


def test_logins_may_be_made_again(training_city: CentreDb) -> None:
    with training_city.owner.begin() as connection:
        create_logins(connection)
        assert _accounts(connection) == len(TRAINING_USERS)


def _accounts(connection: Connection) -> int:
    return int(connection.execute(text("select count(*) from user_account where training and active")).scalar_one())


# ---------------------------------------------------------------- with a database of their own


def test_a_replaced_city_is_another_one_and_leaves_the_audit_alone(centre_db: CentreDb) -> None:
    load_into(centre_db, people=200)
    before = ask(centre_db, "select id from person")
    entries = ask(centre_db, "select count(*) from audit.entry")[0][0]
    load_into(centre_db, people=150, seed=8, replace=True)
    after = ask(centre_db, "select id from person")
    assert len(after) == 150 and not set(after) & set(before)
    assert ask(centre_db, "select count(*) from practice where invented")[0][0] == 90
    assert ask(centre_db, "select max(id) from worker where active")[0][0] == sum(team.workers for team in TEAMS)
    assert ask(centre_db, "select count(*) from audit.entry")[0][0] > entries
    with centre_db.owner.connect() as connection:
        there = loaded(connection)
    assert there is not None and (there["people"], there["seed"]) == (150, 8)


def test_where_anybody_lives_already_the_city_does_not_go(centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as connection:
        connection.execute(text("insert into person (id, surname) values (uuidv7(), 'Real')"))
    for replace in (False, True):
        with pytest.raises(Refused) as refused:
            load_into(centre_db, people=100, replace=replace)
        assert [o.code for o in refused.value.obstacles] == ["holds_others"]
    assert ask(centre_db, "select surname from person") == [("Real",)]


def test_every_step_is_told_in_order_and_a_city_used_in_earnest_is_not_thrown_away(centre_db: CentreDb) -> None:
    seen: list[tuple[str, int, int]] = []
    summary = load_into(centre_db, people=100, progress=lambda *step: seen.append(step))
    assert tuple(dict.fromkeys(step for step, _, _ in seen)) == STEPS
    assert ("people", 100, 100) in seen
    assert summary.rows["person"] == 100
    with centre_db.psql("cora.coordinator") as connection:
        connection.execute("insert into person (id, surname) values (uuidv7(), 'Real')")
    with pytest.raises(Refused) as refused:
        load_into(centre_db, people=100, replace=True)
    assert [o.code for o in refused.value.obstacles] == ["holds_others"]
    assert ask(centre_db, "select count(*) from person")[0][0] == 101


def test_cancelled_it_leaves_nothing(centre_db: CentreDb) -> None:
    seen: list[str] = []
    with pytest.raises(LoadCancelled):
        load_into(
            centre_db, people=100, progress=lambda step, _d, _t: seen.append(step), cancelled=lambda: "queue" in seen
        )
    assert ask(centre_db, "select count(*) from person")[0][0] == 0
    assert ask(centre_db, "select count(*) from practice")[0][0] == 0
    assert ask(centre_db, "select count(*) from user_account where training and active")[0][0] == 0


def test_only_the_owner_may_load(centre_db: CentreDb) -> None:
    from tests.database import password_of

    with pytest.raises(NotAllowed):
        load(centre_db.where("ada.admin"), password_of("ada.admin"), people=100, seed=7)


@pytest.mark.parametrize("people", [0, 49, 3_000_000])
def test_an_impossible_number_of_people(centre_db: CentreDb, people: int) -> None:
    with pytest.raises(BadValue) as bad:
        load_into(centre_db, people=people)
    assert (bad.value.field, bad.value.reason) == ("people", "out_of_range")
