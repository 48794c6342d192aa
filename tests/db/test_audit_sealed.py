"""Whoever alters the audit trail breaks a seal, the database's superuser too (R4)."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.governance import sealing
from coordination.governance.sealing import Fault, KeptSeal, Verdict
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from db.engine import connect
from db.stores.governance import PgGovernanceStore
from tests.database import CentreDb
from ui.cli.audit import in_words
from ui.cli.main import parser

IDA, CORA = "ida.governance", "cora.coordinator"


def verify(db: CentreDb, kept: KeptSeal | None = None) -> Verdict:
    return db.sign_in(IDA).services.governance.verify_audit(kept)


def seal_up(db: CentreDb, user: str = CORA) -> int:
    return db.sign_in(user).services.governance.seal_up()


def superuser(db: CentreDb, *statements: str) -> None:
    """As somebody who has every right on the server and lifts what stands in the way."""
    with connect({**db.where("centre_owner")}, db.owner_password, autocommit=True) as c:
        for table in ("entry", "seal"):
            c.execute(f"alter table audit.{table} disable trigger user")  # type: ignore[call-overload]
        for statement in statements:
            c.execute(statement)  # type: ignore[call-overload]


def work(db: CentreDb, times: int) -> None:
    services = db.sign_in(CORA).services
    for n in range(times):
        services.people.register(PersonDraft(surname=f"Éxample-{n}"), PersonId(new_id()))


def test_the_trail_as_it_was_sealed_is_sound_and_says_what_is_not_sealed_yet(centre_db: CentreDb) -> None:
    assert verify(centre_db).latest is None
    work(centre_db, 3)
    assert seal_up(centre_db) == 1
    work(centre_db, 2)
    verdict = verify(centre_db)
    assert (verdict.sound, verdict.seals) == (True, 1)
    assert verdict.entries >= 3
    assert verdict.unsealed >= 2
    desk = centre_db.sign_in(CORA).services.governance
    assert desk.seal_up() == 1
    assert desk.seal_up() == 0, "nothing came since"
    assert verify(centre_db, verdict.latest).sound


def test_what_a_superuser_alters_takes_out_or_puts_in_is_named(centre_db: CentreDb) -> None:
    work(centre_db, 6)
    with centre_db.owner.begin() as c:  # an id that nobody used: the place for a forged row
        c.execute(text("select nextval(pg_get_serial_sequence('audit.entry', 'id'))"))
    work(centre_db, 6)
    seal_up(centre_db)
    with centre_db.owner.begin() as c:
        ids = [row.id for row in c.execute(text("select id from audit.entry order by id"))]
    free = next(i for i in range(ids[0], ids[-1]) if i not in ids)
    superuser(
        centre_db,
        f"update audit.entry set actor = 'cole.coordinator' where id = {ids[1]}",
        f"update audit.entry set at = at + interval '1 microsecond' where id = {ids[2]}",
        f"delete from audit.entry where id = {ids[3]}",
        "insert into audit.entry (id, action, area, record) overriding system value"
        f" values ({free}, 'view', 'people', 'x')",
    )
    assert verify(centre_db).faults == tuple(
        sorted(
            [Fault("altered", 1, ids[1]), Fault("altered", 1, ids[2]), Fault("missing", 1, ids[3]),
             Fault("inserted", 1, free)],
            key=lambda fault: fault.entry or 0,
        )
    )  # fmt: skip


def test_a_chain_that_was_made_anew_is_not_the_one_that_was_kept(centre_db: CentreDb) -> None:
    work(centre_db, 2)
    seal_up(centre_db)
    kept = verify(centre_db).latest
    assert kept is not None
    superuser(centre_db, "delete from audit.seal", "update audit.entry set actor = 'nobody'")
    seal_up(centre_db)
    assert verify(centre_db).sound, "in itself it is sound"
    assert verify(centre_db, KeptSeal.from_json(kept.as_json())).faults == (Fault("not_the_kept_one", kept.number),)


def test_a_function_that_was_altered_does_not_hide_anything(centre_db: CentreDb) -> None:
    work(centre_db, 2)
    superuser(
        centre_db,
        "create or replace function audit.entry_text(e audit.entry) returns text language sql stable"
        " return 'all is well'",
    )
    seal_up(centre_db)
    verdict = verify(centre_db)
    assert {fault.kind for fault in verdict.faults} == {"altered"}
    assert len(verdict.faults) == verdict.entries


def test_a_seal_that_was_altered_or_taken_out_is_named(centre_db: CentreDb) -> None:
    for _ in range(3):
        work(centre_db, 1)
        seal_up(centre_db)
    superuser(centre_db, "delete from audit.seal where number = 2")
    assert verify(centre_db).faults == (Fault("seal_missing", 2),)
    superuser(centre_db, "update audit.seal set sealed_by = 'nobody' where number = 3")
    assert verify(centre_db).faults == (Fault("seal_missing", 2), Fault("seal_altered", 3))


SEALED_ANEW = """
do $$
declare s audit.seal; last bytea := decode(repeat('00', 32), 'hex'); n int := 0;
begin
  for s in select * from audit.seal order by number loop
    n := n + 1;
    delete from audit.seal where number = s.number;
    s.number := n;
    s.before := last;
    s.digests := (select string_agg(sha256(convert_to(audit.entry_text(e), 'UTF8')), '' order by e.id)
                  from audit.entry e where e.id = any (s.ids));
    s.digest := sha256(convert_to(audit.seal_text(s), 'UTF8'));
    last := s.digest;
    insert into audit.seal select s.*;
  end loop;
end $$"""
_OF = "delete from audit.entry where id = any ((select ids from audit.seal where number = {})::bigint[])"


def _without(*numbers: int) -> list[str]:
    """Batches with all that lay under them."""
    gone = [_OF.format(number) for number in numbers]
    return [*gone, f"delete from audit.seal where number in ({', '.join(map(str, numbers))})"]


def test_whatever_a_superuser_does_to_entries_batches_or_the_clock_is_named(centre_db: CentreDb) -> None:
    """Each way by itself, taken back afterwards: what is found without the kept seal, and with it."""
    for _ in range(4):
        work(centre_db, 2)
        seal_up(centre_db)
    kept = verify(centre_db).latest
    assert kept is not None
    with centre_db.owner.connect() as c:
        by_seal = {r.number: list(r.ids) for r in c.execute(text("select number, ids from audit.seal"))}
    a, b = by_seal[2][0], by_seal[2][1]
    not_kept = {Fault(kind, kept.number) for kind in ("not_the_kept_one", "ends_before_kept")}
    ways: list[tuple[str, list[str], list[Fault], bool]] = [
        (
            "two entries changed places",
            [f"update audit.entry set id = -1 where id = {a}", f"update audit.entry set id = {a} where id = {b}",
             f"update audit.entry set id = {b} where id = -1"],
            [Fault("altered", 2, a), Fault("altered", 2, b)], True,
        ),
        ("an entry before the first", [
            "insert into audit.entry (id, at, action, area, record)"
            " select -7, min(at), 'view', 'people', 'x' from audit.entry"
        ], [Fault("inserted", 1, -7)], True),
        ("the order in a seal", ["update audit.seal set ids = array_reverse(ids) where number = 2"],
         [Fault("seal_altered", 2)], True),
        *(
            (f"an entry of {when}", [f"update audit.entry set at = '{when}' where id = {a}"],
             [Fault("altered", 2, a)], True)
            for when in ("infinity", "-infinity", "12000-01-01", "0044-03-15 BC")  # none that Python could hold
        ),
        ("a seal of never", ["update audit.seal set sealed_at = 'infinity' where number = 2"],
         [Fault("seal_altered", 2)], True),
        ("the first batch", _without(1), [Fault("seal_missing", 1)], True),
        ("one in the middle", _without(2), [Fault("seal_missing", 2)], True),
        ("the entries of one in the middle", [_OF.format(3)], [Fault("missing", 3, i) for i in by_seal[3]], True),
        ("the last", _without(4), [], False),
        ("all after the second", _without(3, 4), [], False),
        ("one in the middle, and all sealed anew", [*_without(2), SEALED_ANEW], [], False),
        ("one entry, and all sealed anew", [
            f"update audit.entry set actor = 'nobody' where id = {a}", SEALED_ANEW], [], False),
    ]  # fmt: skip
    for name, statements, expected, still_there in ways:
        with centre_db.owner.connect() as c, c.begin() as taken_back:
            for table in ("entry", "seal"):
                c.exec_driver_sql(f"alter table audit.{table} disable trigger user")
            c.exec_driver_sql("alter table audit.entry alter column id set generated by default")
            for statement in statements:
                c.exec_driver_sql(statement)
            alone = sealing.verify(PgGovernanceStore(c))
            with_kept = sealing.verify(PgGovernanceStore(c), kept)
            taken_back.rollback()
        found = [fault for fault in alone.faults if fault.kind != "altered" or fault in expected]
        assert found == expected if name != "the order in a seal" else expected[0] in alone.faults, name
        assert bool(not_kept & set(with_kept.faults)) != still_there, name
        assert not with_kept.sound, name
        assert not alone.set_back or name.startswith("an entry of"), name
    # the clock goes back by three hours: what is written then says so, and is no fault by itself
    last = by_seal[4][0]
    with centre_db.owner.connect() as c, c.begin() as taken_back:
        for table in ("entry", "seal"):
            c.exec_driver_sql(f"alter table audit.{table} disable trigger user")
        c.exec_driver_sql(f"update audit.entry set at = at - interval '3 hours' where id >= {last}")
        c.exec_driver_sql(SEALED_ANEW)
        verdict = sealing.verify(PgGovernanceStore(c))
        taken_back.rollback()
    assert verdict.sound and [(b.seal, b.entry) for b in verdict.set_back] == [(4, last)]
    assert any("2 hours before" in line or "3 hours before" in line for line in in_words(verdict))


def test_desks_that_write_and_seal_at_once_lose_no_entry(centre_db: CentreDb) -> None:
    """Real commits: every entry comes under exactly one seal, and nothing looks forged that is not."""
    stop = threading.Event()

    def sealing() -> None:
        while not stop.is_set():
            seal_up(centre_db)

    sealer = threading.Thread(target=sealing)
    writers = [threading.Thread(target=work, args=(centre_db, 12)) for _ in range(3)]
    for thread in (sealer, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    sealer.join()
    seal_up(centre_db)
    verdict = verify(centre_db)
    with centre_db.owner.begin() as c:
        sealed = "select count(*) from audit.entry where id <= (select ids[cardinality(ids)] from audit.seal"
        found = c.execute(text(f"{sealed} order by number desc limit 1)")).scalar_one()
    assert (verdict.sound, verdict.entries) == (True, found)
    assert verdict.seals > 1


def test_nobody_writes_a_seal_by_hand_and_only_some_read_them(centre_db: CentreDb) -> None:
    work(centre_db, 1)
    seal_up(centre_db)
    statements: list[Any] = [
        "select * from audit.seal",
        "insert into audit.seal (number, ids, digests, before, digest) values (2, '{1}', '', '', '')",
        "delete from audit.seal",
    ]
    with centre_db.psql(CORA) as c:
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                c.execute(statement)
    with centre_db.psql("ada.admin") as c:
        assert c.execute("select count(*) from audit.seal").fetchone()[0] == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute(statements[1])
    with centre_db.psql(IDA) as c, pytest.raises(psycopg.errors.InsufficientPrivilege):
        c.execute(statements[2])


def test_by_command_a_seal_is_kept_and_the_trail_held_against_it(
    centre_db: CentreDb, tmp_path: Path, capsys: Any
) -> None:
    opened = SimpleNamespace(sign_in=lambda _role: centre_db.sign_in(IDA))

    def run(*words: str) -> int:
        options = parser().parse_args(["admin", *words])
        done: int = options.run(options, opened)
        return done

    work(centre_db, 2)
    kept = tmp_path / "seal.json"
    assert run("seal-audit", "--out", str(kept)) == 0
    assert run("verify-audit", "--seal", str(kept)) == 0
    assert "The trail is as it was sealed." in capsys.readouterr().out
    superuser(centre_db, "delete from audit.entry where id = (select min(id) from audit.entry)")
    assert run("verify-audit") == 1
    assert "of seal 1 is no longer there." in capsys.readouterr().out
    kept.write_text("{}", encoding="utf-8")
    assert run("verify-audit", "--seal", str(kept)) == 2
