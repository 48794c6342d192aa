"""The queue at scale: orders by key, what changed by key, saved views, the wall; and that all of it stays cheap."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from coordination.errors import BadValues, Conflict
from coordination.intake.model import MOVES, Referral
from coordination.intake.queue import OwnView, QueueFilter, QueueOrder
from coordination.intake.views import PAST, VIEWS, as_data, fitting, from_data
from coordination.people.model import PersonDraft
from coordination.values import PersonId, UserName, new_id
from tests.database import CentreDb, SignedIn
from tests.db.test_intake import refer
from tests.db.test_people import statements
from tests.db.test_presence import hidden_person
from tests.db.test_presence import refer as refer_person


@pytest.fixture
def cora(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


@pytest.fixture
def cole(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cole.coordinator")


URGENCIES = ("routine", "two_hours", "72_hours", "24_hours", "same_day", "two_hours", "routine")


def all_pages(desk: SignedIn, asked: QueueFilter) -> list[Any]:
    found, page = [], desk.services.intake.queue(replace(asked, limit=2))
    found += page.rows
    while page.more is not None:
        page = desk.services.intake.queue(replace(asked, limit=2, after=page.more))
        found += page.rows
    return found


@pytest.mark.parametrize("order", ["due", "received", "urgency"])
def test_every_order_is_paged_by_key_and_misses_nothing(cora: SignedIn, order: QueueOrder) -> None:
    made = [refer(cora, urgency=urgency) for urgency in URGENCIES]
    rows = all_pages(cora, QueueFilter(order=order))
    assert {row.id for row in rows} == {each.id for each in made}
    assert len(rows) == len(made)
    rank = ("two_hours", "same_day", "24_hours", "72_hours", "routine")
    key = {
        "due": lambda r: (r.due_at, r.id),
        "received": lambda r: (r.received_at, r.id),
        "urgency": lambda r: (rank.index(r.urgency), r.due_at, r.id),
    }[order]
    assert rows == sorted(rows, key=key)  # type: ignore[no-untyped-call]


def test_the_past_comes_last_closed_first_and_by_day(cora: SignedIn, centre_db: CentreDb) -> None:
    made = [refer(cora) for _ in range(5)]
    for each in made:
        cora.services.intake.close(each.id, each.revision, "Done")
    with centre_db.owner.begin() as c:
        for days, each in enumerate(made):
            c.execute(
                text("update referral set closed_at = now() - make_interval(days => :d) where id = :i"),
                {"d": days, "i": each.id},
            )
    rows = all_pages(cora, VIEWS["past"])
    assert [row.id for row in rows] == [each.id for each in made]
    as_of = cora.services.intake.queue().as_of
    until = replace(VIEWS["past"], closed_by=as_of - timedelta(days=2, hours=12))
    assert [row.id for row in all_pages(cora, until)] == [each.id for each in made[3:]]


def test_found_by_number_and_by_people_whatever_became_of_it(cora: SignedIn) -> None:
    person = cora.services.people.register(PersonDraft(surname="Okonkwo"), PersonId(new_id()))
    first, second = refer_person(cora, person.id), refer(cora)
    cora.services.intake.close(first.id, first.revision, "Done")
    everything = QueueFilter(states=frozenset(MOVES))
    by_number = replace(everything, number=first.number)
    assert [row.id for row in cora.services.intake.queue(by_number).rows] == [first.id]
    by_person = replace(everything, people=frozenset({person.id}))
    assert [row.id for row in cora.services.intake.queue(by_person).rows] == [first.id]
    assert second.id not in {row.id for row in cora.services.intake.queue(by_person).rows}


def test_what_changed_is_one_query_and_says_what_still_belongs(cora: SignedIn, cole: SignedIn) -> None:
    stays, goes, other = refer(cora), refer(cora), refer(cora, urgency="two_hours")
    asked = VIEWS["unclaimed"]
    cole.services.intake.claim(goes.id, goes.revision)
    ids = frozenset({stays.id, goes.id, other.id, new_id()})
    with statements(cora.engine) as seen:
        now = cora.services.intake.rows_now(ids, asked)  # type: ignore[arg-type]
    assert len(seen) == 1
    assert {row.id for row in now.rows} == {stays.id, goes.id, other.id}
    assert now.belong == {stays.id, other.id}
    assert next(row for row in now.rows if row.id == goes.id).holder_name == "Cole Example"
    first = cora.services.intake.queue(replace(asked, limit=1))
    assert first.more is not None
    within = cora.services.intake.rows_now(ids, asked, first.more)  # type: ignore[arg-type]
    assert within.belong == {other.id}  # the other lies behind "show more"


def test_a_hidden_persons_referral_is_gone_from_what_changed(centre_db: CentreDb, cora: SignedIn) -> None:
    tess = centre_db.sign_in("tess.lead")
    person_id = hidden_person(centre_db, tess, "North reablement test team")
    referral = refer_person(tess, person_id)
    ids = frozenset({referral.id})
    assert cora.services.intake.rows_now(ids, QueueFilter()).rows == ()
    assert len(tess.services.intake.rows_now(ids, QueueFilter()).rows) == 1
    assert {view.code: view.count for view in cora.services.intake.views()}["open"] == 0
    assert [place.open for place in cora.services.intake.wall().places] == [0, 0, 0]


# ---------------------------------------------------------------- views


def view(name: str, **of: Any) -> OwnView:
    return OwnView(new_id(), name, QueueFilter(urgencies=frozenset({"routine"}), **of), {"columns": ["person"]}, 0)


def own(desk: SignedIn) -> list[OwnView]:
    return list(desk.services.intake.choices().own)


def test_views_are_ones_own_and_follow_the_login(centre_db: CentreDb, cora: SignedIn, cole: SignedIn) -> None:
    kept = cora.services.intake.save_view(view("Routine ones"))
    cora.services.intake.save_view(kept)  # sent twice
    again = centre_db.sign_in("cora.coordinator")
    assert own(again) == [kept]
    assert own(cole) == []
    cole.services.intake.save_view(view("Routine ones"))  # another's name is free
    with centre_db.psql("cole.coordinator") as c:
        assert c.execute("update saved_view set name = 'x' where owner = 'cora.coordinator'").rowcount == 0
        c.execute(
            "insert into saved_view (id, owner, name, shows) values (%s, 'cora.coordinator', 'y', '{}')", (new_id(),)
        )
    assert [each.name for each in own(cora)] == ["Routine ones"]  # the login says whose it is
    counts = {each.code: each.count for each in cora.services.intake.views(own={"mine too": kept.filter})}
    refer(cora, urgency="routine")
    assert counts["mine too"] == 0
    with statements(cora.engine) as seen:
        counts = {each.code: each.count for each in cora.services.intake.views(own={"mine too": kept.filter})}
    assert (counts["mine too"], len(seen)) == (1, 1)


def test_a_view_is_renamed_ordered_forgotten_and_brought_back(cora: SignedIn) -> None:
    intake = cora.services.intake
    first, second = intake.save_view(view("First")), intake.save_view(replace(view("Second"), position=1))
    renamed = intake.change_view(replace(first, name="Foremost"))
    assert [each.name for each in own(cora)] == ["Foremost", "Second"]
    with pytest.raises(Conflict):
        intake.change_view(replace(first, name="Late"))
    intake.order_views([second.id, first.id])
    assert [each.name for each in own(cora)] == ["Second", "Foremost"]
    before = next(each for each in own(cora) if each.id == renamed.id)
    intake.forget_view(before)
    assert [each.name for each in own(cora)] == ["Second"]
    intake.save_view(before)
    assert [each.name for each in own(cora)] == ["Second", "Foremost"]


@pytest.mark.parametrize(("name", "reason"), [("  ", "missing"), ("second", "taken"), ("x" * 41, "too_long")])
def test_a_name_that_cannot_be_is_refused_at_the_field(cora: SignedIn, name: str, reason: str) -> None:
    cora.services.intake.save_view(view("Second"))
    with pytest.raises(BadValues) as told:
        cora.services.intake.save_view(view(name))
    assert [(p.field, p.reason) for p in told.value.problems] == [("view_name", reason)]


filters = st.builds(
    QueueFilter,
    states=st.frozensets(st.sampled_from(sorted(MOVES)), min_size=1),
    holder=st.sampled_from(["anyone", "me", "nobody"]),
    overdue=st.booleans(),
    due_within=st.none() | st.integers(1, 366 * 86400).map(lambda s: timedelta(seconds=s)),
    safeguarding=st.booleans(),
    on_hold=st.booleans(),
    urgencies=st.frozensets(st.sampled_from(["two_hours", "routine"])),
    services=st.frozensets(st.text(max_size=10)),
    holders=st.frozensets(st.text(max_size=10).map(UserName)),
    neighbourhoods=st.frozensets(st.integers(1, 12)),
    sources=st.frozensets(st.sampled_from(["gp", "ward"])),
    order=st.sampled_from(["due", "received", "urgency", "closed"]),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(filters)
def test_a_filter_comes_back_as_it_was_kept(asked: QueueFilter) -> None:
    asked = fitting(asked)
    assert from_data(as_data(asked)) == asked


@given(st.dictionaries(st.sampled_from(sorted(as_data(QueueFilter()))) | st.text(), anything) | anything)
def test_whatever_was_kept_is_read_as_some_filter(kept: Any) -> None:
    found = from_data(kept)
    assert found.states <= frozenset(MOVES)
    assert (found.order == "closed") == (found.states <= PAST and found.holder == "anyone")


def test_who_is_looked_for_is_not_kept() -> None:
    asked = QueueFilter(people=frozenset({PersonId(new_id())}), number=7, person_id=PersonId(new_id()))
    assert from_data(as_data(asked)) == QueueFilter()


# ---------------------------------------------------------------- the wall


def test_the_wall_names_nobody(cora: SignedIn, centre_db: CentreDb) -> None:
    person = cora.services.people.register(PersonDraft(surname="Ójibwe", given="ann"), PersonId(new_id()))
    late: Referral = refer_person(cora, person.id)
    refer(cora, urgency="routine", locality="south")
    with centre_db.owner.begin() as c:
        c.execute(text("update referral set locality = 'north', received_at = now() - interval '2 days',"
                       " due_at = now() - interval '1 hour' where id = :i"), {"i": late.id})  # fmt: skip
    with statements(cora.engine) as seen:
        wall = cora.services.intake.wall()
    assert len(seen) <= 3
    assert [place.locality for place in wall.places] == ["north", "central", "south"]
    north, central, south = wall.places
    assert (north.open, north.unclaimed, north.overdue, central.open, south.open) == (1, 1, 1, 0, 1)
    assert [row.initials for row in north.rows] == ["AÓ"]
    assert [row.initials for row in south.rows] == [""]
    assert "jibwe" not in repr(wall).casefold()
    assert not {"number", "surname", "nhs_number", "person_id"} & set(type(north.rows[0]).__dataclass_fields__)
    assert [place.locality for place in cora.services.intake.wall(frozenset({"south"})).places] == ["south"]


# ---------------------------------------------------------------- plans


def test_row_security_is_asked_once_a_query_and_pages_come_from_an_index(centre_db: CentreDb, cora: SignedIn) -> None:
    """No function of row security is called for each row, and nobody who is hidden is listed."""
    refer(cora)
    with statements(cora.engine) as seen:
        cora.services.intake.queue()
        cora.services.intake.views()
    with centre_db.psql("cora.coordinator") as c:
        c.execute("set enable_seqscan = off")
        c.execute("set enable_bitmapscan = off")
        plan = "\n".join(row[0] for row in c.execute(
            "explain select id from referral where state in ('waiting', 'claimed', 'accepted')"
            " order by due_at, id limit 301"))  # fmt: skip
    assert len(seen) == 2
    assert "referral_open" in plan
    assert "hidden_people" not in plan
    assert "Filter: ((my_role" not in plan
