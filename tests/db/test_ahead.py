"""What is ahead, on a real database: demand hour by hour against a plain sum, what waits in the queue, settings."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from psycopg import errors as pg

from coordination.clock import at_local
from coordination.errors import BadValues, Conflict, NotAllowed, NotFound
from coordination.settings.model import KINDS
from coordination.values import new_id
from tests.database import CentreDb
from tests.db.reablement_kit import Ward

HOUR = timedelta(hours=1)


def test_demand_is_the_plain_sum_of_its_visits(centre_db: CentreDb) -> None:
    """Long visits, two workers, one of the two given, the night before, midnight: minute by minute."""
    ward, chance = Ward(centre_db), random.Random(5)
    home = ward.sql("select code from ward order by code limit 1")[0][0]
    people = [ward.kit.person(f"P{n}", ward_code=home if n else None) for n in range(3)]
    mary, minutes = ward.kit.worker("Mary", hours=()), [5, 45, 60, 61, 119, 120, 121, 200, 480]
    wanted: dict[tuple[bool, datetime, str], int] = defaultdict(int)
    rows: list[dict[str, Any]] = []
    given: list[dict[str, Any]] = []
    for n in range(44):
        day, length, both = 1 + n % 3, minutes[n % len(minutes)], chance.choice([1, 1, 2])
        opens = at_local(ward.day(day), chance.randrange(24), chance.choice([0, 7, 30, 59]))
        state, person = chance.choice(["planned", "planned", "done", "cancelled"]), people[n % 3]
        visit = new_id()
        rows.append({"i": visit, "p": person, "d": ward.day(day), "a": opens, "m": length, "w": both, "s": state})
        for slot in range(1, both + 1):
            starts, kind = opens, "unplaced"
            if chance.random() < 0.5:
                starts, kind = at_local(ward.day(day), chance.randrange(24), chance.choice([0, 30, 50])), "placed"
                period = (starts, starts + timedelta(minutes=length))
                given.append({"i": new_id(), "v": visit, "w": mary, "s": slot, "a": period[0], "b": period[1]})
            if state == "cancelled":
                continue
            if slot == 1:
                wanted[person != people[0], _hour(starts), "visits"] += 1
            for minute in range(length):
                wanted[person != people[0], _hour(starts + timedelta(minutes=minute)), kind] += 1
    with ward.db.owner.begin() as connection:
        connection.exec_driver_sql("set local session_replication_role = replica")
        connection.exec_driver_sql("alter table allocation drop constraint allocation_worker_free")
        connection.exec_driver_sql("alter table allocation drop constraint allocation_two_different_workers")
        for row in rows:
            connection.exec_driver_sql(
                "insert into visit (id, person_id, team_id, day, arrive, minutes, workers_needed, need, state) values"
                " (%(i)s, %(p)s, %(t)s, %(d)s, tstzrange(%(a)s, %(a)s + interval '1 hour'), %(m)s, %(w)s, 'x', %(s)s)",
                {**row, "t": ward.team},
            )
        for one in given:
            connection.exec_driver_sql(
                "insert into allocation (id, visit_id, worker_id, slot, period) values"
                " (%(i)s, %(v)s, %(w)s, %(s)s, tstzrange(%(a)s, %(b)s))",
                one,
            )
    read = ward.tess.begin
    with read() as work:
        found = work.forecast.read("reablement", "north", ward.day(1), 4).demand
    summed = {
        (d.neighbourhood is not None, d.hour, kind): getattr(d, kind)
        for d in found
        for kind in ("placed", "unplaced", "visits")
        if getattr(d, kind)
    }
    assert summed == dict(wanted)
    assert len(summed) > 90


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def test_what_waits_is_shown_by_neighbourhood_and_apart(centre_db: CentreDb) -> None:
    ward = Ward(centre_db)
    code, here = ward.sql("select code, neighbourhood_id from ward order by code limit 1")[0]
    hers, secret = (
        ward.kit.person("Ash", ward_code=code),
        ward.kit.person("S", ward_code=code, sharing_level="named_teams"),
    )
    away = ward.kit.person("Away")
    for person, service, locality in (
        (hers, "reablement", "north"), (secret, "reablement", "north"), (away, "reablement", "north"),
        (hers, "reablement", "south"), (hers, "district_nursing", "north"),
    ):  # fmt: skip
        contact = new_id()
        ward.sql(
            "insert into contact (id, person_id, channel, received_at, need) values (:c, :p, 'telephone', now(), 'x')",
            c=contact, p=person,
        )  # fmt: skip
        ward.sql(
            "insert into referral (id, contact_id, person_id, service, locality, urgency, urgency_reason, need, source,"
            " received_at, due_at, state) values (:i, :c, :p, :s, :l, 'routine', 'x', 'x', 'gp', now(), now(),"
            " 'waiting')",
            i=new_id(), c=contact, p=person, s=service, l=locality,
        )  # fmt: skip
    look = ward.tess.services.forecast.look("reablement", "north")
    assert [(w.neighbourhood, w.referrals, w.minutes) for w in look.waiting] == [(here, 2, 840), (None, 1, 420)]
    assert (look.all_waiting.referrals, look.all_waiting.minutes) == (3, 1260)
    assert look.whole_day(ward.day(1)).demand == 0, "it is in no number"
    assert here in look.neighbourhoods and None in look.neighbourhoods
    everywhere = ward.tess.services.forecast.look("reablement")
    assert everywhere.all_waiting.referrals == 4
    assert ward.db.sign_in("ada.admin").services.forecast.look("reablement").waiting == ()


def test_settings_have_limits_a_revision_and_an_undo(centre_db: CentreDb) -> None:
    ada, max_ = centre_db.sign_in("ada.admin"), centre_db.sign_in("max.manager")
    settings = ada.services.settings
    there = settings.all()
    assert [s.name for s in there] == [kind.name for kind in KINDS], "each is in the database"
    assert all(s.changed_at is None and s.changed_by_name == "" for s in there)
    reask = next(s for s in there if s.name == "reask_days")
    done = settings.change("reask_days", 14, seen=reask.revision)
    assert (done.before.value, done.after.value, done.after.changed_by_name) == (28, 14, "Ada Example")
    assert done.after.changed_at is not None
    with pytest.raises(Conflict) as stale:
        settings.change("reask_days", 15, seen=reask.revision)
    assert stale.value.current == done.after
    assert settings.undo(done).after.value == 28
    with pytest.raises(Conflict):
        settings.undo(done)
    travel = next(s for s in there if s.name == "forecast.travel")
    with pytest.raises(BadValues) as bad:
        settings.change("forecast.travel", {"car": 81, "bicycle": 0, "bus": 10}, seen=travel.revision)
    assert [(p.field, p.reason) for p in bad.value.problems] == [("foot", "missing"), ("car", "setting_beyond")]
    with pytest.raises(NotFound):
        settings.change("training_city", 1, seen=1)
    with pytest.raises(NotAllowed):
        max_.services.settings.change("reask_days", 14, seen=3)
    assert len(max_.services.settings.all()) == len(KINDS)
    entry = "select action, area, record from audit.entry where area = 'setting' order by id"
    with centre_db.owner.connect() as connection:
        assert [tuple(r) for r in connection.exec_driver_sql(entry)] == [
            ("update", "setting", "reask_days"),
            ("update", "setting", "reask_days"),
            ("refused", "setting", ""),
        ]


def test_the_limits_are_the_same_on_both_floors(centre_db: CentreDb) -> None:
    """Each limit is taken, and one beyond it refused, whoever writes it."""

    def allowed(name: str, value: str) -> bool:
        try:
            connection.execute("update setting set value = %s::jsonb where name = %s", (value, name))
        except pg.CheckViolation as error:
            assert (error.diag.constraint_name or "").endswith("_limits")
            return False
        return True

    def written(kind: Any, number: object) -> str:
        if not kind.parts:
            return str(number)
        return "{" + ", ".join(f'"{part}": {number}' for part in kind.parts) + "}"

    with centre_db.psql("ada.admin") as connection:
        for kind in KINDS:
            for number in (kind.least, kind.most):
                assert allowed(kind.name, written(kind, number)), kind.name
            for number in (kind.least - 1, kind.most + 1, "1.5", "null", '"7"', "true", "99999999999"):
                assert not allowed(kind.name, written(kind, number)), (kind.name, number)
            if kind.parts:
                assert not allowed(kind.name, "{}") and not allowed(kind.name, "7")
                assert not allowed(kind.name, written(kind, kind.least)[:-1] + ', "other": 1}')
    with centre_db.psql("cora.coordinator") as connection, pytest.raises(pg.InsufficientPrivilege):
        connection.execute("update setting set value = '1' where name = 'reask_days'")
