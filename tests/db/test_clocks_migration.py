"""Referrals that were there before there were clocks get theirs, and lose them again when the step is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from coordination.values import new_id
from db import migrations
from db.setup import owner_engine
from tests.database import Cluster
from tests.db.catalogue import catalogue


@pytest.fixture
def before(cluster: Cluster) -> Iterator[Engine]:
    """An empty database at the step before."""
    name = "test_before_clocks"
    cluster.admin(f"create database {name} strategy file_copy")
    engine = owner_engine({**cluster.server.dsn("centre_owner"), "dbname": name}, cluster.password)
    with engine.begin() as connection:
        migrations.upgrade(connection, "0010")
        connection.execute(text("insert into service values ('reablement', 'Reablement', 'social_care', 1)"))
        connection.execute(
            text("insert into user_account (user_name, display_name, role) values ('a.b', 'A', 'manager')")
        )
    yield engine
    engine.dispose()
    cluster.admin(f"drop database {name} with (force)")


def put(connection: Connection, channel: str, state: str, details: str = "{}") -> Any:
    contact, referral = new_id(), new_id()
    held = "'a.b', now() - interval '1 hour'" if state in ("claimed", "accepted") else "null, null"
    ended = "now(), 'done'" if state in ("closed", "declined") else "null, ''"
    connection.execute(
        text(
            "insert into contact (id, channel, received_at, details) values (:c, :ch, now() - interval '2 hours', :d)"
        ),
        {"c": contact, "ch": channel, "d": details},
    )
    connection.execute(
        text(
            "insert into referral (id, contact_id, service, urgency, urgency_reason, need, source, received_at, due_at,"
            " state, claimed_by, claimed_at, closed_at, state_reason)"
            " values (:r, :c, 'reablement', '72_hours', 'x', 'x', :ch, now() - interval '2 hours',"
            f" now() + interval '70 hours', :s, {held}, {ended})"
        ),
        {"r": referral, "c": contact, "ch": channel, "s": state},
    )
    return referral


def clocks(connection: Connection, referral: Any) -> dict[str, Any]:
    query = text("select kind, due_at, started_at, stopped_at from referral_clock where referral_id = :r")
    return {r.kind: r for r in connection.execute(query, {"r": referral})}


def test_every_referral_gets_its_clocks_and_keeps_what_was_promised(before: Engine) -> None:
    with before.begin() as connection:
        made = {
            "waiting": put(connection, "gp", "waiting"),
            "ward": put(connection, "ward", "claimed", '{"moft_at": "2026-11-20T10:00:00+00:00"}'),
            "accepted": put(connection, "ward", "accepted"),
            "closed": put(connection, "gp", "closed"),
        }
        events = connection.execute(text("select count(*) from referral_event")).scalar_one()
        stood = catalogue(connection)
        migrations.upgrade(connection, "0011")
        assert connection.execute(text("select count(*) from referral_event")).scalar_one() == events
        found = {name: clocks(connection, referral) for name, referral in made.items()}
        assert {name: set(kinds) for name, kinds in found.items()} == {
            "waiting": {"response", "claim"},
            "ward": {"response", "assess_24h", "assess_4h", "accept"},
            "accepted": {"response", "assess_24h", "begin"},
            "closed": {"response"},
        }
        assert found["closed"]["response"].stopped_at is not None
        rows = {r.id: r for r in connection.execute(text("select * from referral"))}
        assert rows[made["waiting"]].due_at == rows[made["waiting"]].received_at + timedelta(hours=72)
        ward = rows[made["ward"]]
        assert (ward.due_kind, ward.due_at) == ("assess_4h", ward.received_at + timedelta(hours=4))
        assert ward.stage_due_at == ward.claimed_at + timedelta(minutes=30)
        assert all(r.revision == 1 for r in rows.values())
        free = "update referral set state = 'waiting', claimed_by = null, claimed_at = null, state_reason = 'x'"
        connection.execute(text(f"{free} where state = 'claimed'"))
        migrations.downgrade(connection, "0010")
        assert catalogue(connection) == stood
        close = "update referral set state = 'closed', closed_at = now(), state_reason = 'y'"
        connection.execute(text(f"{close} where state = 'waiting'"))
        migrations.upgrade(connection, "0011")
        assert {name: set(clocks(connection, referral)) for name, referral in made.items()} == {
            "waiting": {"response"},
            "ward": {"response"},
            "accepted": {"response", "assess_24h", "begin"},
            "closed": {"response"},
        }
