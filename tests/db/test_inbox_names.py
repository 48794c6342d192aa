"""The name of a file in a watched folder: for those who must see to it, until its message has it (0055)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.errors import BrokenRule
from coordination.values import new_id
from db import migrations
from db.engine import connect
from tests.database import USERS, CentreDb, SignedIn, password_of
from tests.db.catalogue import catalogue
from tests.domain.messages_support import referral
from tests.inbox_kit import folder_reader, row, watched

CORA, TESS, PIA = "cora.coordinator", "tess.lead", "pia.placement"
WHO = "Smith Mary"
BROKEN = b"<Bundle xmlns='http://hl7.org/fhir'><entry>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "post box"
    made.mkdir()
    return made


@pytest.fixture
def cora(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in(CORA)


def hide(db: CentreDb) -> None:
    """Whoever a message was filed with is shared with district nursing alone."""
    with db.owner.begin() as owner:
        owner.execute(text("set local session_replication_role = replica"))
        owner.execute(text("update message set person_id = contact.person_id from contact where contact.id = contact_id"
                           " and message.person_id is null"))  # fmt: skip
        people = "(select person_id from message union select person_id from contact)"
        owner.execute(text(f"update person set sharing_level = 'named_teams' where id in {people}"))
        owner.execute(
            text(
                "insert into person_sharing (person_id, team_id) select p.id, t.id from person p, team t"
                f" where p.id in {people} and t.service = 'district_nursing'"
            )
        )
        owner.execute(text("select mark_all()"))


def registered(desk: SignedIn, db: CentreDb) -> None:
    """Each message's contact has a person: the first one there is, if nobody was found."""
    with db.owner.begin() as owner:
        person = owner.execute(text("select id from person limit 1")).scalar_one_or_none()
        if person is None:
            person = new_id()
            owner.execute(text("insert into person (id, surname) values (:i, 'Smith')"), {"i": person})
        owner.execute(text("set local session_replication_role = replica"))
        for table in ("contact", "referral"):
            owner.execute(text(f"update {table} set person_id = :i where person_id is null"), {"i": person})


def filed(db: CentreDb, desk: SignedIn, folder: Path, source: Any = None) -> Any:
    """One file that became a message about somebody who is hidden from all but district nursing."""
    (folder / f"{WHO} discharge.json").write_text(json.dumps(referral()))
    source = source or watched(db, folder)
    assert folder_reader(desk, source).once().new == 1
    registered(desk, db)
    hide(db)
    return source


WAYS = (
    "select * from inbox_item",
    "table inbox_item",
    "select i from inbox_item i",
    "select to_jsonb(i) from inbox_item i",
    "select key from inbox_item",
    "select name from inbox_item",
    "select count(*) from inbox_item where key like 'Smith%'",
    "select count(*) from inbox_item where starts_with(key, 'S')",
    "select 1 from inbox_item where (key || 'x')::int = 1",
    "select 1 from inbox_item where (inbox_item::text || 'x')::int = 1",
    "select id from inbox_item order by key",
    "explain select 1 from inbox_item where key > 'S'",
    "explain analyze select 1 from inbox_item where key between 'S' and 'T'",
    "update inbox_item set facts = jsonb_build_object('k', key)",
    "update inbox_item set problem = left(key, 60)",
    "update inbox_item set name = 'x' returning key",
    "update inbox_item set key = 'Smith Mary discharge.json|1|1'",
    "update inbox_item set message_id = null",
    "update inbox_item set state = 'waiting', retry_at = now()",
    "update inbox_item set state = 'reading'",
    "insert into inbox_item (source_id, key, state) select source_id, 'Smith Mary discharge.json|1|1', 'reading'"
    " from inbox_item on conflict on constraint inbox_item_once do update set tries = 1 returning *",
    "merge into inbox_item i using (select 'S' as s) x on starts_with(i.key, x.s) when matched then do nothing",
    "select * from inbox_found",
    "select * from inbox_found where (name || key || 'x')::int = 1",
    "select f.* from inbox_item i left join inbox_found f on f.id = i.id",
)


def said(connection: Any, statement: str) -> str:
    """All that came of it, answer or refusal."""
    try:
        answer = connection.execute(statement)
        return f"{answer.rowcount} {answer.fetchall() if answer.description else ''}"
    except psycopg.Error as error:
        return f"{error} {vars(error.diag) if hasattr(error.diag, '__dict__') else ''} {error.diag.message_detail}"


def test_nobody_reads_the_name_of_a_file_that_was_filed_with_somebody_hidden(centre_db, cora, folder) -> None:
    filed(centre_db, cora, folder)
    with centre_db.owner.connect() as owner:
        assert owner.execute(text("select key from inbox_item")).scalar_one().startswith(WHO)
    for user in USERS:
        with centre_db.psql(user) as c:
            for way in WAYS:
                came = said(c, way).replace("Smith Mary discharge.json|1|1", "")
                assert "Mary" not in came, (user, way)
                if way.startswith(("select count", "explain")):  # nor a number of them, nor an estimate
                    assert "denied" in came, (user, way)
            for way in ("copy inbox_item to stdout", "copy inbox_item (key) to stdout"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), c.cursor().copy(way) as copied:
                    copied.read()
    # those who may read the message as it came know what it is called
    dina = centre_db.sign_in("dina.lead")
    assert [m.name for m in dina.services.messages.recent()] == [f"{WHO} discharge.json"]
    assert centre_db.sign_in(TESS).services.messages.recent() == []


def test_it_is_known_to_the_reader_of_those_from_whom_it_is_hidden(centre_db, cora, folder) -> None:
    source = filed(centre_db, cora, folder)
    for user in (TESS, PIA, "asa.assessor"):
        result = folder_reader(centre_db.sign_in(user), source).once()
        assert (result.taken, result.refused, result.waiting) == (0, 0, 0)


def test_what_is_no_message_yet_is_named_to_all_who_must_see_to_it(centre_db, cora, folder) -> None:
    (folder / "photo.png").write_bytes(b"\x89PNG....")
    with (folder / f"{WHO} scan.json").open("wb") as file:
        os.truncate(file.fileno(), 200 * 1024 * 1024)
    source = watched(centre_db, folder)
    assert folder_reader(cora, source).once().refused == 2
    named = {"photo.png", f"{WHO} scan.json"}
    for user in (CORA, "cole.coordinator", TESS, PIA, "asa.assessor", "max.manager"):
        assert {i.name for i in centre_db.sign_in(user).services.inbox.to_settle()} == named, user
    for user in ("ida.governance", "ada.admin"):
        with centre_db.psql(user) as c:
            assert c.execute("select * from inbox_found").fetchall() == [], user


def test_a_kept_message_that_was_not_taken_in_is_named_by_its_original(centre_db, cora, folder) -> None:
    (folder / f"{WHO}.xml").write_bytes(BROKEN)
    source = watched(centre_db, folder)
    assert folder_reader(cora, source).once().refused == 1
    tess = centre_db.sign_in(TESS)
    assert [i.name for i in cora.services.inbox.to_settle()] == [f"{WHO}.xml"]
    [item] = tess.services.inbox.to_settle()
    assert item.name == "" and item.message_id is not None
    # tried again by somebody who may not read it as it came: their reader finds it where it lies, and learns no more
    item = tess.services.inbox.try_again(item.id, item.revision)
    with centre_db.psql(TESS) as c, centre_db.psql(CORA) as of_cora:
        assert c.execute("select * from inbox_found").fetchall() == []
        assert len(of_cora.execute("select key from inbox_found where key like 'Smith%'").fetchall()) == 1
        # and says of no other message that it is this one's
        c.execute("update inbox_item set message_id = null")
        assert c.execute("select message_id from inbox_item").fetchone() == (item.message_id,)
    assert folder_reader(tess, source).once().refused == 1
    assert cora.services.inbox.to_settle()[0].message_id == item.message_id
    # gone meanwhile, it is for somebody who may
    item = cora.services.inbox.try_again(item.id, cora.services.inbox.to_settle()[0].revision)
    (folder / f"{WHO}.xml").unlink()
    assert folder_reader(tess, source).once().refused == 0
    assert folder_reader(cora, source).once().refused == 1
    [item] = cora.services.inbox.to_settle()
    assert (item.problem, item.name) == ("file_gone", f"{WHO}.xml"), "what was kept of it stays with it"


def too_large(folder: Path) -> None:
    with (folder / f"{WHO} discharge.json").open("wb") as file:
        os.truncate(file.fileno(), 200 * 1024 * 1024)


def unnamed(db: CentreDb) -> None:
    """No login gets at the name, whatever it makes of the item."""
    for user in (CORA, TESS, PIA, "max.manager"):
        with db.psql(user) as c:
            for way in (
                "select 1",
                "update inbox_item set state = 'refused', problem = 'x', settled_how = null where state = 'settled'",
                "update inbox_item set state = 'waiting', retry_at = now() where state = 'refused'",
                "update inbox_item set state = 'reading', retry_at = null where state = 'waiting'",
            ):
                said(c, way)
                assert "Smith" not in said(c, "select * from inbox_found"), (user, way)
        desk = db.sign_in(user).services.inbox
        assert not any("Smith" in i.name for i in (*desk.to_settle(), *desk.settled())), user


def test_an_older_version_loses_its_name_with_the_one_that_was_filed(centre_db, cora, folder) -> None:
    too_large(folder)
    source = watched(centre_db, folder)
    assert folder_reader(cora, source).once().refused == 1
    filed(centre_db, cora, folder, source)
    [older] = cora.services.inbox.settled()
    assert older.settled_how == "newer_version"
    with pytest.raises(BrokenRule, match="inbox_item_stays"):
        cora.services.inbox.reopen(older.id, older.revision)
    unnamed(centre_db)


def test_so_does_one_that_was_set_aside_before(centre_db, cora, folder) -> None:
    too_large(folder)
    source = watched(centre_db, folder)
    folder_reader(cora, source).once()
    [item] = cora.services.inbox.to_settle()
    cora.services.inbox.settle(item.id, item.revision, "set_aside", "It comes again")
    assert [i.name for i in cora.services.inbox.settled()] == [f"{WHO} discharge.json"]
    filed(centre_db, cora, folder, source)
    [older] = cora.services.inbox.settled()
    assert (older.settled_how, older.settled_reason, older.name) == ("set_aside", "It comes again", "")
    unnamed(centre_db)


def test_and_one_whose_newer_version_was_filed_where_the_reader_sees_nothing(centre_db, cora, folder) -> None:
    filed(centre_db, cora, folder)
    other = folder.with_name("other")
    other.mkdir()
    too_large(other)
    pia = centre_db.sign_in(PIA)
    source = watched(centre_db, other, "Other")
    assert folder_reader(pia, source).once().refused == 1
    (other / f"{WHO} discharge.json").write_text(json.dumps(referral()))
    assert folder_reader(pia, source).once().again == 1
    assert row(pia, source).state.refused == 0
    unnamed(centre_db)


def test_a_message_of_somebody_hidden_and_none_at_all_are_answered_alike(centre_db, cora, folder) -> None:
    source = filed(centre_db, cora, folder)
    (folder / "photo.png").write_bytes(b"\x89PNG....")
    assert folder_reader(cora, source).once().refused == 1
    with centre_db.owner.connect() as owner:
        hidden = owner.execute(text("select id from message where outcome = 'taken_in'")).scalar_one()
    with centre_db.psql(TESS) as c:
        for one in (hidden, new_id()):
            with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
                c.execute("update inbox_item set message_id = %s where state = 'refused'", [one])
            assert refused.value.diag.constraint_name == "links_to_what_i_see"


def test_readers_alone_ask_for_keys(centre_db, cora, folder) -> None:
    source = filed(centre_db, cora, folder)
    with centre_db.owner.connect() as owner:
        key, item = owner.execute(text("select key, id from inbox_item")).one()
    for user in ("max.manager", "ida.governance", "ada.admin"):
        with centre_db.psql(user) as c:
            assert c.execute("select * from inbox_known(%s, %s)", [source.id, [key]]).fetchall() == []
            for ask in ("select inbox_begin(%s, 'x', 'x')", "select inbox_supersede(%s)"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    c.execute(ask, [source.id if "begin" in ask else item])


def test_down_and_up_again_with_what_was_read(centre_db, cora, folder) -> None:
    too_large(folder)
    source = watched(centre_db, folder)
    folder_reader(cora, source).once()
    [item] = cora.services.inbox.to_settle()
    cora.services.inbox.settle(item.id, item.revision, "set_aside", "It comes again")
    filed(centre_db, cora, folder, source)
    (folder / "photo.png").write_bytes(b"\x89PNG....")
    folder_reader(cora, source).once()
    items = text("select id, key, name, state, tries, message_id, settled_how, revision from inbox_item order by id")
    with centre_db.owner.begin() as connection:
        before, rows = catalogue(connection), connection.execute(items).all()
        migrations.downgrade(connection, "0054")
        assert connection.execute(items).all() == rows
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text("update inbox_item set message_id = null where state = 'settled'"))  # as it was before
    with connect(centre_db.where(PIA), password_of(PIA), autocommit=True) as c:
        assert len(c.execute("select key, name from inbox_item").fetchall()) == 3
    with centre_db.owner.begin() as connection:
        migrations.upgrade(connection, "head")
        assert catalogue(connection) == before
        assert connection.execute(items).all() == rows
    unnamed(centre_db)
    assert folder_reader(centre_db.sign_in(TESS), source).once().new == 0
